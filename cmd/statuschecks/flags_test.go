package main

import (
	"testing"
	"time"

	"gotest.tools/v3/assert"
	is "gotest.tools/v3/assert/cmp"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

func TestLag_readsOneTimeOrTwo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0": "0s", "0s": "0s", "300ms": "300ms", "0s-2s": "0s-2s", "0-2s": "0s-2s", "100ms-100ms": "100ms",
		"1m-1m30s": "1m0s-1m30s",
	} {
		var l lag
		assert.NilError(t, l.Set(text))
		assert.Equal(t, l.String(), want)
	}
	var l lag
	assert.NilError(t, l.Set("100ms-2s"))
	assert.Equal(t, l.Min, 100*time.Millisecond)
	assert.Equal(t, l.Max, 2*time.Second)
}

func TestLag_saysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "is not a duration", "soon": "is not a duration; write a number with a unit",
		"5":   "is not a duration",
		"-1s": "negative", "2s-1s": "ends before it begins", "1s-": "is not a duration",
		"1s-2s-3s": "is not a duration",
	} {
		var l lag
		assert.Check(t, is.ErrorContains(l.Set(text), want), "%q", text)
	}
}

func TestRelease_isOneOfTheContract(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"18.9": "18.9", "v16.11.2-ee": "16.11", "14.0": "14.0", "19.4": "19.4"} {
		var r releaseFlag
		assert.NilError(t, r.Set(text))
		assert.Equal(t, r.String(), want)
	}
	for text, want := range map[string]string{
		"13.12": "14.0 to 19.4", "19.5": "14.0 to 19.4",
		"newest": "not a GitLab version",
	} {
		var r releaseFlag
		assert.Check(t, is.ErrorContains(r.Set(text), want), "%q", text)
	}
}

func TestDidYouMean_namesTheNearest(t *testing.T) {
	t.Parallel()
	commands := []string{"serve", "verify", "cleanup", "contract", "version"}
	for word, want := range map[string]string{
		"srve": "serve", "verfy": "verify", "clean-up": "cleanup", "contracts": "contract", "vresion": "version",
		"frobnicate": "", "": "",
	} {
		if want != "" {
			want = " (did you mean " + want + "?)"
		}
		assert.Check(t, is.Equal(strictyaml.DidYouMean(word, commands), want), "%q", word)
	}
}

func TestFeatures_areSwitchedByName(t *testing.T) {
	t.Parallel()
	f := features{}
	assert.NilError(t, f.Set("timeout_status_check_responses=off"))
	assert.NilError(t, f.Set("pending_status_check_responses=on, timeout_status_check_responses=on"))
	assert.Equal(t, f.String(), "pending_status_check_responses=on,timeout_status_check_responses=on")
	for text, want := range map[string]string{
		"":                                 "there is no feature flag",
		"pending_status_check_response=on": "did you mean pending_status_check_responses?",
		"pending_status_check_responses":   "=on or", "pending_status_check_responses=true": "=on or",
	} {
		assert.Check(t, is.ErrorContains(features{}.Set(text), want), "%q", text)
	}
}

// TestPatched_keepsThePatch holds that a release is shown as it was given.
func TestPatched_keepsThePatch(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"18.6": "18.6", "v18.6.6-ee": "18.6.6", "18.7.0": "18.7.0",
		"18.9.0-pre": "18.9",
	} {
		var p patchedRelease
		assert.NilError(t, p.Set(text))
		assert.Equal(t, p.String(), want)
	}
	assert.ErrorContains(t, (&patchedRelease{}).Set("20.0.1"), "nearest is 19.4")
}
