package openapitest

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/openapi/crosscheck"
)

// Conform fails the test for every response that differs from the contract. It also fails for every exchange with a
// success status that matches no operation of doc.
func Conform(t testing.TB, doc *openapi.Document, exchanges []Exchange) {
	t.Helper()
	for _, e := range exchanges {
		operation := doc.Operation(e.Operation)
		if operation == nil {
			if e.Status < 300 && e.Request.Method != http.MethodOptions {
				t.Errorf("%s %s answered %d, but the contract has no such operation",
					e.Request.Method, e.Request.URL.EscapedPath(), e.Status)
			}
			continue
		}
		if e.Request.Method == http.MethodHead {
			continue // there is no body to check
		}
		for _, v := range operation.CheckResponse(e.Status, e.Header, e.Body) {
			t.Errorf("%s answered %d against the contract: %s\n%s", e.Operation, e.Status, v, e.Body)
		}
	}
}

// Agree checks all exchanges with both validators. It compares what only one of them refuses with the lines of
// allowFile. A disagreement that is not listed fails the test, and so does a line without a disagreement. Empty lines
// and lines that start with # are comments. If the environment variable UPDATE_AGREEMENT is set, the test rewrites the
// other lines.
func Agree(t testing.TB, doc *openapi.Document, exchanges []Exchange, allowFile string) {
	t.Helper()
	second := crosscheck.New(doc, crosscheck.Options{})
	found := map[string]bool{}
	for _, e := range exchanges {
		if operation := doc.Operation(e.Operation); operation != nil {
			for _, line := range compare(operation, second, e) {
				found[line] = true
			}
		}
	}
	if os.Getenv("UPDATE_AGREEMENT") != "" {
		rewrite(t, allowFile, found)
		return
	}
	text, err := os.ReadFile(allowFile)
	if err != nil {
		t.Fatalf("read the list of known disagreements: %v", err)
	}
	allowed := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			allowed[line] = true
		}
	}
	for _, line := range slices.Sorted(maps.Keys(found)) {
		if !allowed[line] {
			t.Errorf("the validators disagree, and %s does not say so: %s", allowFile, line)
		}
	}
	for _, line := range slices.Sorted(maps.Keys(allowed)) {
		if !found[line] {
			t.Errorf("%s lists a disagreement that is gone: %s", allowFile, line)
		}
	}
}

// compare lists what one validator refuses and the other accepts.
func compare(operation *openapi.Operation, second *crosscheck.Validator, e Exchange) []string {
	var lines []string
	add := func(side string, first, other []openapi.Violation) {
		switch {
		case len(first) > 0 && len(other) == 0:
			lines = append(lines, fmt.Sprintf("%s %s: only kin: %s", operation.ID, side, codes(first)))
		case len(first) == 0 && len(other) > 0:
			lines = append(lines, fmt.Sprintf("%s %s: only libopenapi: %s", operation.ID, side, codes(other)))
		}
	}
	add("request", operation.CheckRequest(e.Request, e.RequestBody),
		second.CheckRequest(operation.ID, e.Request, e.RequestBody))
	if e.Request.Method != http.MethodHead {
		add(fmt.Sprintf("response %d", e.Status), operation.CheckResponse(e.Status, e.Header, e.Body),
			second.CheckResponse(operation.ID, e.Request, e.Status, e.Header, e.Body))
	}
	return lines
}

func codes(violations []openapi.Violation) string {
	var all []string
	for _, v := range violations {
		place := v.Pointer
		if place == "" {
			place = v.Parameter
		}
		all = append(all, strings.TrimSpace(v.Code+" "+place))
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}

func rewrite(t testing.TB, allowFile string, found map[string]bool) {
	t.Helper()
	var kept []string
	if text, err := os.ReadFile(allowFile); err == nil {
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "#") {
				kept = append(kept, strings.TrimSpace(line))
			}
		}
	}
	kept = append(kept, slices.Sorted(maps.Keys(found))...)
	if err := os.WriteFile(allowFile, []byte(strings.Join(kept, "\n")+"\n"), 0o644); err != nil {
		t.Fatalf("rewrite the list of known disagreements: %v", err)
	}
}
