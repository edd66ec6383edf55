package conformance_test

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"
)

func compared(t *testing.T, a, b setup) (*conformance.Comparison, string) {
	t.Helper()
	a.RunID = "mwr1a62u"
	comparison, err := conformance.Compare(t.Context(), a.Target, b.Target, a.RunOptions)
	assert.NilError(t, err)
	var text strings.Builder
	assert.NilError(t, comparison.WriteText(&text, conformance.TextOptions{}))
	return comparison, text.String()
}

// TestCompare_noNoise holds that two servers that behave alike do not differ, however unlike their ids, addresses and
// speeds are. One of them is called at another address than that which it has for itself.
func TestCompare_noNoise(t *testing.T) {
	t.Parallel()
	repeats(t)
	inBubble(t, func(t *testing.T) {
		a := mock(t, nil)
		b := mock(t, func(m *mockserver.Options) {
			m.BaseURL, m.Lag = "https://gitlab.example.com/deep/down", mockserver.Lag{
				Min: 20 * time.Millisecond,
				Max: 200 * time.Millisecond,
			}
		})
		b.URL = "http://builtin.invalid"
		earlier := b
		earlier.Only, earlier.RunID = []string{"masking"}, "early"
		_, err := conformance.Run(t.Context(), earlier.Target, earlier.RunOptions) // so that ids differ
		assert.NilError(t, err)
		comparison, text := compared(t, a, b)
		assert.Equal(t, len(comparison.Differences), 0, text)
		assert.Assert(t, comparison.Same > 300, text)
	})
}

// rewriter changes answers on their way.
type rewriter struct {
	http.RoundTripper
	change func(r *http.Request, status int, body []byte) (int, []byte)
}

func (w rewriter) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := w.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.StatusCode, body = w.change(r, response.StatusCode, body)
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	response.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return response, nil
}

// TestCompare tells outcomes that differ from answers that differ under the same outcome.
func TestCompare(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		a, b := mock(t, nil), mock(t, nil)
		b.Transport = rewriter{b.Transport, func(r *http.Request, status int, body []byte) (int, []byte) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/external_status_checks") &&
				status == 201 {
				body = bytes.Replace(body, []byte(`"hmac":`), []byte(`"extra":"glpat-admin","hmac":`), 1)
			}
			if strings.HasSuffix(r.URL.Path, "/status_check_responses") && status == 409 {
				status = 400
			}
			return status, body
		}}
		a.Only = []string{"checks.create.minimal", "respond.stale-sha", "respond.merged"}
		b.Only = a.Only
		comparison, text := compared(t, a, b)
		assert.Equal(t, comparison.ExitCode(), conformance.ExitNotConformant)
		assert.Equal(t, len(comparison.Differences), 2, text)
		assert.Equal(t, comparison.Same, 1, text)
		for _, want := range []string{
			"≠ checks.create.minimal  ", "\n            +   \"extra\": \"$TOKEN\",\n",
			"≠ respond.stale-sha  ", "  A         passed\n", "  B         failed: status: want 409, got 400\n",
			"2 scenarios differ, 1 do not, 0 could not be compared\n",
		} {
			assert.Assert(t, strings.Contains(text, want), "%q is not in\n%s", want, text)
		}
		assert.Assert(t, !strings.Contains(text, "glpat-admin"), text)
	})
}

// TestCompare_releases holds that what one release has and the other has not is not taken for a difference, and that
// what both have and do differently is.
func TestCompare_releases(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		a := mock(t, func(m *mockserver.Options) { m.Version = release.Of(19, 4) })
		b := mock(t, func(m *mockserver.Options) { m.Version = release.Of(15, 0) })
		version, err := conformance.ReadVersion(t.Context(), b.Target, b.RunOptions)
		assert.NilError(t, err)
		assert.Equal(t, version.String(), "15.0")
		a.Only = []string{"respond", "checks"}
		b.Only = a.Only
		comparison, text := compared(t, a, b)
		assert.Assert(t, strings.Contains(text, "not compared, B: since GitLab 19.4, the target is 15.0"), text)
		assert.Assert(t, len(comparison.Differences) > 0, text)
		for _, d := range comparison.Differences {
			bothPassed := d.A.Outcome == conformance.Passed && d.B.Outcome == conformance.Passed
			assert.Assert(t, bothPassed, "%s: %s and %s\n%s",
				d.A.ID, d.A.Outcome, d.B.Outcome, text)
		}
	})
}

func TestCompare_trouble(t *testing.T) {
	t.Parallel()
	a, b := mock(t, nil), mock(t, nil)
	a.Only, b.Only = []string{"http"}, []string{"http"}
	b.Token = "glpat-wrong-token"
	_, err := conformance.Compare(t.Context(), a.Target, b.Target, a.RunOptions)
	assert.ErrorContains(t, err, "B: http://builtin.invalid does not take the token")
	assert.Equal(t, conformance.ExitCode(err), conformance.ExitNotJudged)
	b.Token, b.Only, a.Only = a.Token, []string{"htpt"}, []string{"htpt"}
	_, err = conformance.Compare(t.Context(), a.Target, b.Target, a.RunOptions)
	assert.ErrorContains(t, err, `no scenario fits "htpt"`)
	assert.Equal(t, conformance.ExitCode(err), conformance.ExitUsage)
}
