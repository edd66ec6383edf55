package bare

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

func TestFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	assert.NilError(t, os.WriteFile(filepath.Join(folder, "0"), []byte(`{"a":1}`), 0o600))
	handler, err := Files(folder)
	assert.NilError(t, err)
	for _, test := range []struct {
		path, sent string
		status     int
		body       string
	}{
		{"/0/200", "", http.StatusOK, `{"a":1}`},
		{"/0/201", `{"b":2}`, http.StatusCreated, `{"a":1}`},
		{"/0/201", "{", http.StatusBadRequest, "not JSON\n"},
		{"/0/304", "", http.StatusNotModified, ""},
		{"/1/200", "", http.StatusNotFound, "404 page not found\n"},
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, test.path, strings.NewReader(test.sent)))
		assert.Equal(t, w.Code, test.status, test.path)
		assert.Equal(t, w.Body.String(), test.body, test.path)
	}
	_, err = Files(filepath.Join(folder, "none"))
	assert.ErrorContains(t, err, "no such file")
}
