// Package bare is what the mock is compared with: a handler of net/http that does nothing but read the request's JSON,
// and always answers the same.
package bare

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
)

// Handler answers each request with a status and a body, or without one if the status is 304. A request whose body is
// not JSON gets a 400.
func Handler(status int, answer []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > 0 {
			var got map[string]any
			text, err := io.ReadAll(r.Body)
			if err != nil || json.Unmarshal(text, &got) != nil {
				http.Error(w, "not JSON", http.StatusBadRequest)
				return
			}
		}
		if status == http.StatusNotModified {
			w.WriteHeader(status)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		w.WriteHeader(status)
		_, _ = w.Write(answer) // a client that went away is seen by its own error
	})
}

// Files is a handler of the answers in a folder: below /NAME/STATUS stands what the file has.
func Files(folder string) (http.Handler, error) {
	mux := http.NewServeMux()
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		answer, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			return nil, err
		}
		for _, status := range []int{http.StatusOK, http.StatusNotModified, http.StatusCreated} {
			mux.Handle(fmt.Sprintf("/%s/%d", f.Name(), status), Handler(status, answer))
		}
	}
	return mux, nil
}
