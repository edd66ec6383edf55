package crosscheck

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// A response that was sound once counts as sound again, and nothing that differs from it in anything does.
func TestCheckResponse_again(t *testing.T) {
	t.Parallel()
	const op = "getVersion"
	const body = `{"version":"18.9.0-ee","revision":"statuschecks",` +
		`"kas":{"enabled":false,"externalUrl":null,"externalK8sProxyUrl":null,"version":null},"enterprise":true}`
	v := New(openapi.GitLab().At(release.Reference), Options{})
	check := func(method string, status int, kind, body string) []string {
		r := httptest.NewRequest(method, "/api/v4/version", nil)
		return places(v.CheckResponse(op, r, status, http.Header{"Content-Type": {kind}}, []byte(body)))
	}
	const asJSON = "application/json"
	for range 2 {
		assert.DeepEqual(t, check("GET", 200, asJSON, body), []string{})
		assert.DeepEqual(t, check("GET", 200, asJSON, body+"}"), []string{"invalid-json"})
		assert.DeepEqual(t, check("GET", 200, asJSON, `{"version":1}`), []string{
			"required /enterprise", "required /kas", "required /revision", "type /version",
		})
		assert.DeepEqual(t, check("GET", 200, "text/plain", body), []string{"content-type Content-Type"})
		assert.DeepEqual(t, check("GET", 299, asJSON, body), []string{"undocumented-status"})
		assert.DeepEqual(t, check("HEAD", 200, asJSON, ""), []string{})
		assert.DeepEqual(t, check("GET", 200, asJSON, ""), []string{"invalid-json"})
	}
	judge, _ := v.find(op)
	declared := http.Header{"Content-Type": {asJSON}}
	assert.Assert(t, judge.sound.has(sumOf("GET", 200, declared, []byte(body))))
	assert.Assert(t, !judge.sound.has(sumOf("GET", 200, declared, []byte(`{"version":1}`))))
}

func TestSoundAnswers_areBounded(t *testing.T) {
	t.Parallel()
	var sound soundAnswers
	sum := func(n int) [32]byte { return sumOf("GET", 200, nil, fmt.Append(nil, n)) }
	for n := range mostSound {
		sound.add(sum(n))
	}
	assert.Assert(t, sound.has(sum(0)))
	sound.add(sum(mostSound))
	assert.Assert(t, !sound.has(sum(0)) && sound.has(sum(mostSound)) && len(sound.sums) == 1)
}
