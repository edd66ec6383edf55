package mockserver_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// grow adds files to a world, with contents that are text or no text at all.
func grow(s *mockserver.Server, round, files int, content func() byte) {
	var actions []string
	for i := range files {
		text := make([]byte, 1<<20)
		for j := range text {
			text[j] = content()
		}
		actions = append(actions, fmt.Sprintf(`{"action":"create","file_path":"large-%d-%d","encoding":"base64",`+
			`"content":%q}`, round, i, base64.StdEncoding.EncodeToString(text)))
	}
	blow(s, "POST", apiPrefix+"/projects/6/repository/commits", `{"branch":"main","commit_message":"large","actions":[`+
		strings.Join(actions, ",")+`]}`)
}

// An export that would be larger than what can be read is packed, and comes back whole. One that is too large even so
// is refused.
func TestExport_large(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	letters := 0
	for round := range 3 {
		grow(h.server, round, 3, func() byte { letters++; return "abcdefghijklmnop qrstuvwxyz\n"[letters%27] })
	}
	text := h.raw("GET", "/-/mock/seed", "").want(http.StatusOK).body
	assert.Assert(t, strings.HasPrefix(string(text), `rows: "packed:`), "%.60s", text)
	assert.Assert(t, len(text) < 1<<20, len(text))
	into := newUnjudged(t)
	into.raw("POST", "/-/mock/seed", string(text)).want(http.StatusOK)
	same := bytes.Equal(mockserver.EncodeJSON(allRows(t, into.server)), mockserver.EncodeJSON(allRows(t, h.server)))
	assert.Assert(t, same, "other rows have come back")

	_, err := seed.Parse("export", []byte(`rows: "packed:AAAA"`))
	assert.ErrorContains(t, err, "export:1:7: the packed rows cannot be read: they are not in gzip's format; "+
		"export them again")
	chance := rand.New(rand.NewPCG(1, 2))
	for round := range 4 {
		grow(h.server, 3+round, 4, func() byte { return byte(chance.Uint32()) })
	}
	h.raw("GET", "/-/mock/seed", "").want(http.StatusInsufficientStorage)
}
