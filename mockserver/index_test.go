package mockserver_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
	is "gotest.tools/v3/assert/cmp"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/pages"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

const browserAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"

// visit requests an address as a browser or a program does.
func visit(h http.Handler, method, path, accept string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8929"+path, nil)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func readIndex(t *testing.T, w *httptest.ResponseRecorder) pages.Index {
	t.Helper()
	assert.Equal(t, w.Code, http.StatusOK)
	assert.Equal(t, w.Header().Get("Content-Type"), "application/json")
	var got pages.Index
	assert.NilError(t, json.Unmarshal(w.Body.Bytes(), &got))
	return got
}

func TestIndex_listsAllOperations(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{})
	assert.NilError(t, err)
	for _, path := range []string{"/", "/api/v4", "/api/v4/"} {
		got := readIndex(t, visit(server, "GET", path, "*/*"))
		assert.Equal(t, got.API, "http://127.0.0.1:8929/api/v4")
		assert.Equal(t, got.Control, "http://127.0.0.1:8929/-/mock")
		assert.Equal(t, len(got.Sections), 2)
		lists(t, got.Sections[0], openapi.GitLab().At(release.Reference))
		lists(t, got.Sections[1], openapi.Control())
	}
	for _, path := range []string{"/-/mock", "/-/mock/"} {
		got := readIndex(t, visit(server, "GET", path, ""))
		assert.Equal(t, len(got.Sections), 1)
		lists(t, got.Sections[0], openapi.Control())
	}
}

func lists(t *testing.T, section pages.IndexSection, d *openapi.Document) {
	t.Helper()
	listed := map[string]pages.IndexOperation{}
	for _, o := range section.Operations {
		listed[o.ID] = o
	}
	assert.Equal(t, len(listed), len(d.Operations()))
	for _, o := range d.Operations() {
		assert.Check(t, is.Equal(listed[o.ID].Method+" "+listed[o.ID].Path, o.Method+" "+o.Root()+o.Path))
	}
}

var (
	outside = regexp.MustCompile(`(?i)(src|href|action)="?(https?:|//)|@import|url\(`)
	inline  = regexp.MustCompile(`(?i)<style|<script>|style=| on[a-z]+=`)
	hrefs   = regexp.MustCompile(`href="(/[^"]*)"`)
)

func TestIndex_isAPageForBrowsers(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{})
	assert.NilError(t, err)
	for _, path := range []string{"/", "/api/v4", "/-/mock", "/-/mock/"} {
		w := visit(server, "GET", path, browserAccept)
		page := w.Body.String()
		assert.Equal(t, w.Code, http.StatusOK)
		assert.Equal(t, w.Header().Get("Content-Type"), "text/html; charset=utf-8")
		assert.Check(t, !outside.MatchString(page), "%s asks for something from outside", path)
		assert.Check(t, !inline.MatchString(page), "%s has a script or a style in it", path)
		policy := w.Header().Get("Content-Security-Policy")
		assert.Check(t, is.Contains(policy, "default-src 'none'; script-src 'self'; style-src 'self';"))
		links := hrefs.FindAllStringSubmatch(page, -1)
		assert.Check(t, len(links) > 5)
		for _, link := range links {
			assert.Check(t, is.Equal(visit(server, "GET", link[1], "").Code, http.StatusOK), link[1])
		}
		head := visit(server, "HEAD", path, browserAccept)
		assert.Check(t, is.Equal(head.Header().Get("Content-Length"), w.Header().Get("Content-Length")))
		assert.Check(t, is.Len(head.Body.String(), 0))
	}
}

func TestIndex_isThereOnlyToBeRead(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{NoControl: true})
	assert.NilError(t, err)
	got := readIndex(t, visit(server, "GET", "/", ""))
	assert.Equal(t, got.Control, "")
	assert.Equal(t, len(got.Sections), 1)
	assert.Equal(t, visit(server, "GET", "/-/mock", browserAccept).Code, http.StatusNotFound)
	assert.Equal(t, visit(server, "POST", "/", "").Code, http.StatusNotFound)
	assert.Equal(t, visit(server, "GET", "/index.html", browserAccept).Code, http.StatusNotFound)
}

func TestIndex_ofAControlSurfaceApart(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{ControlApart: true, ControlToken: "sesame"})
	assert.NilError(t, err)
	for _, path := range []string{"/", "/-/mock", "/-/mock/"} {
		got := readIndex(t, visit(server.Control(), "GET", path, ""))
		assert.Equal(t, got.API, "")
		assert.Check(t, got.Guarded)
		page := visit(server.Control(), "GET", path, browserAccept).Body.String()
		assert.Check(t, !strings.Contains(page, "<a href=\"/-/mock"), "links that need a token lead nowhere")
		assert.Check(t, !strings.Contains(page, "sesame"))
	}
}

func TestIndex_ofTheControlSurfaceIsGuarded(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{})
	assert.NilError(t, err)
	r := httptest.NewRequest("GET", "http://127.0.0.1:8929/-/mock", nil)
	r.Header.Set("Origin", "https://elsewhere.example")
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	assert.Equal(t, w.Code, http.StatusForbidden)
}

func TestWantsPage(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		browserAccept: true, "text/html": true, "text/html;q=0.5, application/json;q=0.4": true,
		"application/xhtml+xml": true,
		"":                      false, "*/*": false, "application/json": false, "text/html;q=0": false,
		"text/html;q=0.4, application/json": false, "text/html;q=x": false, ";;": false,
	} {
		assert.Check(t, is.Equal(mockserver.WantsPage([]string{accept}), want), "%q", accept)
	}
}
