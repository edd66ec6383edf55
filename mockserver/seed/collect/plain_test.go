package collect

import (
	"testing"

	"gotest.tools/v3/assert"
)

// Only what may be a secret is taken out of a URL.
func TestPlainURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"http://":                                 "http://",
		"https://h.example/é?b=2&a=1":             "https://h.example/é?b=2&a=1",
		"https://h.example/?a;b=1&flag&c=%zz#f":   "https://h.example/?a;b=1&flag&c=%zz#f",
		"https://h.example/?z=1&token=aaa&flag":   "https://h.example/?z=1&token=hidden&flag",
		"https://h.example/?%74oken=a&x;token=b":  "https://h.example/?%74oken=hidden&x;token=hidden",
		"https://h.example/?a[token]=1&token[]=2": "https://h.example/?a[token]=hidden&token[]=hidden",
		"https://ada:sesame@h.example/x?a;b":      "https://h.example/x?a;b",
		"https://h.example/glpat-0123456789":      "https://h.example/hidden",
		"https://h.example/%zz?token=sesame":      "https://unknown.example.com/",
	} {
		assert.Check(t, plainURL(text) == want, "%s\n%s\n%s", text, plainURL(text), want)
	}
}
