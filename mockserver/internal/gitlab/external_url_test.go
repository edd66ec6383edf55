package gitlab

import (
	"strings"
	"testing"
	"unicode/utf8"

	"gotest.tools/v3/assert"
	"pgregory.net/rapid"
)

// GitLab's messages about an external_url.
const (
	urlOK       = ""
	urlBlank    = "must be a valid URL"
	urlInvalid  = "is blocked: URI is invalid"
	urlScheme   = "is blocked: Only allowed schemes are http, https"
	urlHostname = "is blocked: Hostname or IP address invalid"
	urlDenied   = "is blocked: Requests to hosts and IP addresses not on the Allow List are denied"
)

// urlProblems was made by running the library Addressable, which GitLab uses for parsing, and GitLab's documented
// checks on the parsed URL. Only the case of a scheme without a host comes from GitLab's own specs.
var urlProblems = []struct{ want, urls string }{
	{urlOK, `http://x https://x http:// https:// http:/ http:/// http:///x http:x http:////x http://x//y http://x. ` +
		`http://x? http://x?q#f http://x#f`},
	{urlOK, `http://localhost http://127.0.0.1 http://10.0.0.1:8080/a http://1.2.3.4.5 http://0 http://0x7f.1 ` +
		`http://2130706433 http://192.168.1.1`},
	{urlOK, `http://[::1] http://[::1]:80 http://[::ffff:1.2.3.4] http://[1.2.3.4] http://[fe80::1] http://[x] ` +
		`http://[] http://[v1.x] http://x] http://x[y] http://x[`},
	{urlOK, `http://user:pass@x http://@x http://x@y@z http://a@b:c@d http://a:b@c:1 http://x/@y http://x:80:90`},
	{urlOK, `http://x: http://x:?q http://x:0 http://x:65535 http://x:65536 http://x:99999 http://x:123456 ` +
		`http://x:00080`},
	{urlOK, `http://bücher.example http://例え.jp http://١x http://Ⅰx`},
	{urlOK, `http://a%20b http://a%zz http://x/%zz http://x?%zz http://x%0ay http://x/%0a http://x/a|b http://x|y ` +
		`http://x^y http://x` + "`" + `y`},
	{urlInvalid, `http://[fe80::1%25eth0] http://[fe80::1%eth0] http://[%] http://[a]@b http://::ffff:1.2.3.4`},
	{urlInvalid, `http://:80 http://@ http://u@ http://:pass@ http://:x`},
	{urlInvalid, `http://x:-1 http://x:abc http://x:80abc http://a:b:c http://x:١`},
	{urlInvalid, `http://<x> http://x<y http://x{y} http://x"y http://x\y`},
	{urlInvalid, `1http://x ://x :x ftp://x/%0a ftp://x/%0D`},
	{urlScheme, `foo foo.bar //x /x ftp://x ftp://x/+ ftp:// HTTP://x Http://x http+x://x mailto:x@y ` +
		`javascript:alert(1) data:text/plain,x http https file:///etc/passwd`},
	{urlHostname, `http://-x http://_x http://u@-x http://-x:80 http://. http://.x http://.. http://* http://*.x ` +
		`http://$x http://%41 http://[::1 http://::1 http://[::1]x http://]x`},
	{urlHostname, `http://☃.net http://²x http://(x) http://~x http://!x http://&x http://+x http://,x http://;x ` +
		`http://=x`},
}

func TestExternalURL(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.see(func(tx *Tx) {
		for _, row := range urlProblems {
			for url := range strings.FieldsSeq(row.urls) {
				assert.Check(t, tx.externalURLProblem(url) == row.want, "%s: got %q, want %q", url,
					tx.externalURLProblem(url), row.want)
			}
		}
	})
}

func TestExternalURL_blanksAndControls(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.see(func(tx *Tx) {
		checkURLs(t, tx, map[string]string{
			"":                urlBlank,
			" \t\n":           urlBlank,
			"\u3000":          urlBlank,
			" http://a \t\n":  urlOK,
			"\x00http://a":    urlOK,
			"http://a\nb":     urlInvalid,
			"http://a\rb":     urlInvalid,
			"http://a/\nb":    urlInvalid,
			"http://a#f\nb":   urlInvalid,
			"http://a b":      urlInvalid,
			"http:// a":       urlInvalid,
			"http://a\tb":     urlInvalid,
			"http://a\vb":     urlInvalid,
			"http://a\u00a0":  urlInvalid,
			"http://\u2028a":  urlInvalid,
			"http://a:8 0/":   urlInvalid,
			"h ttp://a":       urlInvalid,
			"http ://a":       urlInvalid,
			"\u3000http://a":  urlInvalid,
			"http://a/b c":    urlOK,
			"http://a/\u3000": urlOK,
			"http://a\x07":    urlOK,
			"http://a\x7f":    urlOK,
			"http://\u0301a":  urlHostname,
			"http://\u200ba":  urlHostname,
			"http://\u0903a":  urlOK,
			"http://\x00a":    urlHostname,
		})
	})
}

// checkURLs compares what is said about URLs.
func checkURLs(t *testing.T, tx *Tx, said map[string]string) {
	t.Helper()
	for url, want := range said {
		got := tx.externalURLProblem(url)
		assert.Check(t, got == want, "%q: got %q, want %q", url, got, want)
	}
}

func TestExternalURL_ofThisGitLabAndWithoutOutboundRequests(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{BaseURL: "https://gitlab.example.com"})
	s.do(func(tx *Tx) {
		settings := tx.Settings()
		settings.DenyOutbound = true
		tx.SetSettings(settings)
	})
	s.see(func(tx *Tx) {
		checkURLs(t, tx, map[string]string{
			"https://gitlab.example.com/hook":      urlOK,
			"https://gitlab.example.com:443/hook":  urlOK,
			"https://gitlab.example.com:0443/hook": urlOK,
			"https://user@gitlab.example.com/hook": urlOK,
			"https://gitlab.example.com:8443/hook": urlDenied,
			"http://gitlab.example.com/hook":       urlDenied,
			"https://elsewhere.example.com":        urlDenied,
			"http://":                              urlDenied,
			"http://127.0.0.1":                     urlDenied,
			"http://-x":                            urlHostname,
			"ftp://gitlab.example.com":             urlScheme,
		})
	})
}

func TestExternalURL_anyText(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.see(func(tx *Tx) {
		rapid.Check(t, func(r *rapid.T) {
			url := rapid.StringOf(rapid.RuneFrom([]rune("htps:/?#[]@%-._~a1 \n\t\x00é☃\u3000"))).Draw(r, "url")
			problem := tx.externalURLProblem(url)
			if problem == urlOK && !strings.HasPrefix(strings.Trim(url, rubyBlanks), "http") {
				r.Fatalf("%q passes and does not begin with http", url)
			}
			if again := tx.externalURLProblem(" " + url + "\t"); again != problem && utf8.ValidString(url) {
				r.Fatalf("blanks around %q change %q to %q", url, problem, again)
			}
		})
	})
}
