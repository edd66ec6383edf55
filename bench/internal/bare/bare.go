// Package bare is what the mock is compared with: a handler of net/http that does nothing but read the request's JSON,
// and always answers the same.
package bare

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Handler answers each request with a status, a body, or none if the status is 304, and perhaps more headers than it
// needs. A request whose body is not JSON gets a 400.
func Handler(status int, answer []byte, more http.Header) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > 0 {
			var got map[string]any
			text, err := io.ReadAll(r.Body)
			if err != nil || json.Unmarshal(text, &got) != nil {
				http.Error(w, "not JSON", http.StatusBadRequest)
				return
			}
		}
		for name, values := range more {
			w.Header()[name] = values
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

// headersOf is the end of the names of files with headers for an answer, as JSON.
const headersOf = ".headers.json"

// WriteFile writes an answer, and the headers that go with it, into a folder for Files.
func WriteFile(folder, name string, answer []byte, headers http.Header) error {
	headers = headers.Clone()
	for _, own := range []string{"Content-Type", "Content-Length", "Date"} {
		headers.Del(own)
	}
	text, err := json.Marshal(headers)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, name)
	return errors.Join(os.WriteFile(path, answer, 0o600), os.WriteFile(path+headersOf, text, 0o600))
}

// Files is a handler of the answers in a folder: at /NAME/STATUS stands what the file has, and at /NAME/STATUS/headers
// the same with all of its headers.
func Files(folder string) (http.Handler, error) {
	mux := http.NewServeMux()
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), headersOf) {
			continue
		}
		answer, headers, err := readFile(filepath.Join(folder, f.Name()))
		if err != nil {
			return nil, err
		}
		for _, status := range []int{http.StatusOK, http.StatusNotModified, http.StatusCreated} {
			path := fmt.Sprintf("/%s/%d", f.Name(), status)
			mux.Handle(path, Handler(status, answer, nil))
			mux.Handle(path+"/headers", Handler(status, answer, headers))
		}
	}
	return mux, nil
}

func readFile(path string) (answer []byte, headers http.Header, err error) {
	if answer, err = os.ReadFile(path); err != nil {
		return nil, nil, err
	}
	text, err := os.ReadFile(path + headersOf)
	if err != nil {
		return nil, nil, err
	}
	return answer, headers, json.Unmarshal(text, &headers)
}
