package bare

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

func TestFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	assert.NilError(t, WriteFile(folder, "0", []byte(`{"a":1}`), http.Header{"X-More": {"1"}, "Date": {"never"}}))
	handler, err := Files(folder)
	assert.NilError(t, err)
	for _, test := range []struct {
		path, sent string
		status     int
		body, more string
	}{
		{"/0/200", "", http.StatusOK, `{"a":1}`, ""},
		{"/0/200/headers", "", http.StatusOK, `{"a":1}`, "1"},
		{"/0/201", `{"b":2}`, http.StatusCreated, `{"a":1}`, ""},
		{"/0/201", "{", http.StatusBadRequest, "not JSON\n", ""},
		{"/0/304", "", http.StatusNotModified, "", ""},
		{"/0/304/headers", "", http.StatusNotModified, "", "1"},
		{"/1/200", "", http.StatusNotFound, "404 page not found\n", ""},
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, test.path, strings.NewReader(test.sent)))
		assert.Equal(t, w.Code, test.status, test.path)
		assert.Equal(t, w.Body.String(), test.body, test.path)
		assert.Equal(t, w.Header().Get("X-More"), test.more, test.path)
		assert.Equal(t, w.Header().Get("Date"), "", test.path)
	}
	_, err = Files(filepath.Join(folder, "none"))
	assert.ErrorContains(t, err, "no such file")
}
