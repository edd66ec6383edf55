package mockserver_test

import (
	"net/http"
	"testing"

	"github.com/statuschecks/statuschecks/release"
)

// TestControl_shaRequirement steers what merging must name, in the instance and in a namespace, and sees it in what
// merging answers.
func TestControl_shaRequirement(t *testing.T) {
	t.Parallel()
	h := newHarness(t, asRelease(release.Newest))
	set := func(body string, status int, want string) {
		t.Helper()
		h.raw("PUT", "/-/mock/sha_requirement", body).wantBody(status, want+"\n")
	}
	merge := func(body any, want int) {
		t.Helper()
		h.do("reporter", "PUT", mergeRequestPath+"/merge", body).want(want)
	}
	merge(nil, http.StatusUnauthorized)
	set(`{"required":true}`, 200, `{"required":true,"locked":false,"namespaces":[]}`)
	merge(nil, http.StatusBadRequest)
	merge(map[string]any{"sha": " "}, http.StatusBadRequest)
	merge(map[string]any{"sha": headSHA}, http.StatusUnauthorized)
	set(`{"required":false,"locked":true,"namespace":"flightjs"}`, 200,
		`{"required":true,"locked":false,"namespaces":[{"id":9,"full_path":"flightjs",`+
			`"required":false,"locked":true}]}`)
	merge(nil, http.StatusUnauthorized)
	set(`{"required":null,"namespace":9}`, 200, `{"required":true,"locked":false,"namespaces":[]}`)
	merge(nil, http.StatusBadRequest)
	for _, unknown := range []string{`404`, `"404"`, `"no/such"`} {
		h.raw("PUT", "/-/mock/sha_requirement", `{"required":true,"namespace":`+unknown+`}`).want(http.StatusNotFound)
	}
}
