package conformance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

// TestExchange_noText holds that what is no text, or too long, is not shown as if it had been sent so.
func TestExchange_noText(t *testing.T) {
	t.Parallel()
	for body, shown := range map[string]string{
		"text":                            "--data-raw 'text'",
		"\xc0":                            "--data-binary '@body'",
		strings.Repeat("x", maxShown+100): "--data-binary '@body'",
	} {
		header := http.Header{"X-Odd": {"a\xc0b"}}
		r := &request{method: "POST", url: "http://a.test/", header: header, body: []byte(body), hasBody: true}
		e := newSecrets().record(r, nil, fmt.Errorf("none"))
		assert.Equal(t, e.shown(newSecrets()).Curl, "curl -i -X POST -H 'X-Odd: a\uFFFDb' "+shown+" 'http://a.test/'")
	}
}
