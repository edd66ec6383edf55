package strictyaml

import (
	"regexp"
	"testing"

	"gotest.tools/v3/assert"
	"pgregory.net/rapid"
)

func TestIsSecret_knowsTheEnd(t *testing.T) {
	t.Parallel()
	for name, secret := range map[string]bool{
		"shared_secret": true, "private_token": true, "Job-Tokens": true, "PASSWORD": true, "secrets": true,
		"to\u212aen": true, "pas\u017fword": true, "s": false, "": false, "token_name": false, "sha": false,
		"\xfftoken":                true,
		"external_status_check_id": false, "tokenss": false,
		"api_key": true, "privateKey": true, "SSH-KEYS": true, "key": false, "Keys": false, "ey": false,
		"key_id": false, "$keys": false,
	} {
		assert.Equal(t, IsSecret(name), secret, name)
	}
}

func TestIsSecret_isThatOfAnExpression(t *testing.T) {
	t.Parallel()
	expression := regexp.MustCompile(`(?i)((token|secret|password)s?|[\pL\p{Nd}_-]keys?)$`)
	name := rapid.StringMatching(`[a-z_$]{0,3}(?i:token|secret|password|key|s|en)?(?i:s?)[a-z]{0,1}`)
	rapid.Check(t, func(t *rapid.T) {
		n := name.Draw(t, "name")
		if got := IsSecret(n); got != expression.MatchString(n) {
			t.Fatalf("%q: %t", n, got)
		}
	})
}

func TestWithoutTokens(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"glpat-hush":                    "…",
		"/api/v4/projects/glpat-hush/x": "/api/v4/projects/…/x",
		"/projects/a%2Fglpat-hush":      "/projects/a%2F…",
		"/projects/a%2fglpat%2Dhush":    "/projects/a%2f…",
		"/projects/a%252Fglpat-hush":    "/projects/a%252F…",
		"token_glptt-hush, 'gldt-a.b'":  "token_…, '…'",
		"/projects/team%2Fglobal-app":   "/projects/team%2Fglobal-app",
		"glass-house, glide-a":          "glass-house, glide-a",
		"glnew-0123456789abcdefghij":    "…",
		"spaceglpat-x, gl-x, gl":        "spaceglpat-x, gl-x, gl",
	} {
		assert.Equal(t, WithoutTokens(text), want)
	}
}
