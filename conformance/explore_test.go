package conformance_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
)

// TestExplore_mockAgainstMock walks two mocks, one of them late with everything, and finds no difference.
func TestExplore_mockAgainstMock(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{0, 300 * time.Millisecond} {
		for seed := range uint64(4) {
			t.Run(fmt.Sprintf("lag %s seed %d", lag, seed), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T) {
					target, reference := mock(t, func(m *mockserver.Options) { m.Lag = mockserver.Lag{Min: lag, Max: lag} }), mock(t, nil)
					e, err := conformance.Explore(t.Context(), target, reference, conformance.ExploreOptions{Seed: seed, Steps: 120})
					assert.NilError(t, err)
					text := explored(t, e)
					assert.Equal(t, e.ExitCode(), conformance.ExitConformant, text)
					assert.Equal(t, e.Steps, 120)
					assert.Equal(t, len(e.Left), 0, text)
				})
			})
		}
	}
}

// TestExplore_findsWhatIsWrong walks servers that are wrong in one way each, and holds that the difference is found, that
// the list of steps is short, and that the scenario written of it fails there and passes where nothing is wrong.
func TestExplore_findsWhatIsWrong(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		broken func(http.RoundTripper) http.RoundTripper
		steps  int    // at most, to show it
		says   string // in the scenario
	}{
		{name: "retries what has not failed", steps: 1, says: "call: retryStatusCheck", broken: func(sound http.RoundTripper) http.RoundTripper {
			return rewrite{RoundTripper: sound, method: "POST", suffix: "/retry", change: swap(422, 202)}
		}},
		{name: "takes any former head", steps: 2, says: "sha: \"${mr.previous_sha}\"", broken: func(sound http.RoundTripper) http.RoundTripper {
			return &oldHeads{RoundTripper: sound}
		}},
		{name: "deletes nothing", steps: 2, says: "call: deleteExternalStatusCheck", broken: func(sound http.RoundTripper) http.RoundTripper {
			return rewrite{RoundTripper: sound, method: "DELETE", suffix: "*", instead: func(r *http.Request) *http.Response {
				if r.Method == http.MethodDelete && strings.Contains(r.URL.Path, "/external_status_checks/") {
					return noContent(r)
				}
				return nil
			}}
		}},
		{name: "shows reporters where checks are", steps: 1, says: "as: reporter", broken: func(sound http.RoundTripper) http.RoundTripper {
			return rewrite{RoundTripper: sound, method: "GET", suffix: "/status_checks", change: replace(`"external_url":""`, `"external_url":"https://status-checks.invalid/qa"`)}
		}},
		{name: "counts pages from nought", steps: 1, says: "page: ", broken: func(sound http.RoundTripper) http.RoundTripper {
			return rewrite{RoundTripper: sound, method: "GET", suffix: "status_checks", instead: func(r *http.Request) *http.Response {
				query := r.URL.Query()
				if page, err := strconv.Atoi(query.Get("page")); err == nil && page > 1 {
					query.Set("page", strconv.Itoa(page+1))
					r.URL.RawQuery = query.Encode()
				}
				return nil
			}}
		}},
		{name: "keeps what was passed after a push", steps: 3, says: "push: {}", broken: func(sound http.RoundTripper) http.RoundTripper {
			return &longMemory{RoundTripper: sound}
		}},
		{name: "never times out", steps: 2, says: `pass: "2m1s"`, broken: func(sound http.RoundTripper) http.RoundTripper {
			return rewrite{RoundTripper: sound, method: "POST", suffix: "/advance", instead: noContent}
		}},
		{name: "merges although checks must pass", steps: 3, says: "call: mergeMergeRequest", broken: func(sound http.RoundTripper) http.RoundTripper {
			return rewrite{RoundTripper: sound, method: "PUT", suffix: "/merge", change: swap(405, 200)}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				target, reference := mock(t, nil), mock(t, nil)
				target.Transport = test.broken(target.Transport)
				e, err := conformance.Explore(t.Context(), target, reference, conformance.ExploreOptions{Seed: 1, Steps: 1000})
				assert.NilError(t, err)
				text := explored(t, e)
				assert.Equal(t, e.ExitCode(), conformance.ExitNotConformant, text)
				assert.Assert(t, len(e.Divergence.Scenario.Steps) <= test.steps, text)
				assert.Assert(t, e.Divergence.Replays <= 100)
				assert.Equal(t, len(e.Left), 0, text)
				file := e.Divergence.File()
				assert.Assert(t, strings.Contains(string(file), test.says), "%s", text)
				holds(t, target, file, conformance.NotConformant)
				holds(t, mock(t, nil), file, conformance.Conformant)
			})
		})
	}
}

// explored is the text about an exploration, in which no secret stands.
func explored(t *testing.T, e *conformance.Exploration) string {
	t.Helper()
	var text strings.Builder
	assert.NilError(t, e.WriteText(&text, conformance.TextOptions{}, ""))
	for _, secret := range []string{"glpat-", "s3cret-run"} {
		assert.Assert(t, !strings.Contains(text.String(), secret), text.String())
	}
	return text.String()
}

// holds runs a scenario file on a server and holds the verdict.
func holds(t *testing.T, o conformance.Options, file []byte, want conformance.Verdict) {
	t.Helper()
	o.RunID, o.Scenarios = "again", fstest.MapFS{"found/one.yaml": {Data: file}}
	_, err := conformance.Lint([]conformance.SourceFile{{Name: "found/one.yaml", Data: file}}, "", nil)
	assert.NilError(t, err, "%s", file)
	report, err := conformance.Run(t.Context(), o)
	assert.NilError(t, err, "%s", file)
	var text strings.Builder
	assert.NilError(t, report.WriteText(&text, conformance.TextOptions{}))
	assert.Equal(t, report.Verdict, want, "%s\n%s", file, text.String())
}

// oldHeads is a server that takes a response for any commit that was once a head.
type oldHeads struct {
	http.RoundTripper
	heads map[string]bool
	mu    sync.Mutex
}

// RoundTrip puts the head in place of a former one.
func (b *oldHeads) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPost || r.Body == nil {
		return b.RoundTripper.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	response, text, err := b.send(r, body)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if made := regexp.MustCompile(`^\{"id":"([0-9a-f]{40})"`).FindStringSubmatch(text); made != nil {
		if b.heads == nil {
			b.heads = map[string]bool{}
		}
		b.heads[made[1]] = true
	}
	asked := regexp.MustCompile(`[0-9a-f]{40}`).Find(body)
	if response.StatusCode == http.StatusConflict && b.heads[string(asked)] {
		response, _, err = b.send(r, bytes.ReplaceAll(body, asked, regexp.MustCompile(`[0-9a-f]{40}`).Find([]byte(text))))
	}
	return response, err
}

func (b *oldHeads) send(r *http.Request, body []byte) (*http.Response, string, error) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	response, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, "", err
	}
	text, err := io.ReadAll(response.Body)
	response.Body = io.NopCloser(bytes.NewReader(text))
	return response, string(text), err
}

// longMemory is a server that goes on showing a check as passed, whatever is pushed.
type longMemory struct {
	http.RoundTripper
	passed sync.Map
}

// RoundTrip remembers by path and check what was shown as passed.
func (b *longMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	respond := r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/status_check_responses")
	list := r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/status_checks")
	sent := []byte(r.URL.RawQuery)
	if respond && r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		sent, r.Body = append(sent, body...), io.NopCloser(bytes.NewReader(body))
	}
	response, err := b.RoundTripper.RoundTrip(r)
	if err != nil || !respond && !list {
		return response, err
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	path := r.URL.Path[:strings.LastIndex(r.URL.Path, "/")]
	if id := regexp.MustCompile(`"external_status_check":\{"id":(\d+)`).FindSubmatch(text); respond && response.StatusCode == http.StatusCreated && id != nil {
		if bytes.Contains(sent, []byte("passed")) {
			b.passed.Store(path+string(id[1]), true)
		} else {
			b.passed.Delete(path + string(id[1]))
		}
	}
	if list {
		text = regexp.MustCompile(`"id":(\d+),[^}]*"status":"pending"`).ReplaceAllFunc(text, func(item []byte) []byte {
			id := regexp.MustCompile(`\d+`).Find(item)
			if _, was := b.passed.Load(path + string(id)); !was {
				return item
			}
			return bytes.Replace(item, []byte("pending"), []byte("passed"), 1)
		})
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return response, nil
}
