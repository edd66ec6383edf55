package gitlab

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rubyBlanks is what GitLab strips from both ends of a URL.
const rubyBlanks = "\x00\t\n\v\f\r "

// externalURL holds the parts of a URL that the rules look at.
type externalURL struct {
	scheme, authority, userinfo, host, port, path string
	hasAuthority                                  bool
}

// splitURL splits a URL as appendix B of RFC 3986 does. It reads the text once, because a URL can be as long as a
// request body.
func splitURL(text string) (u externalURL) {
	if i := strings.IndexAny(text, ":/?#"); i > 0 && text[i] == ':' {
		u.scheme, text = text[:i], text[i+1:]
	}
	if after, ok := strings.CutPrefix(text, "//"); ok {
		u.hasAuthority = true
		end := indexOrEnd(after, "/?#")
		u.authority, text = after[:end], after[end:]
	}
	u.path = text[:indexOrEnd(text, "?#")]
	before := u.authority[:indexOrEnd(u.authority, "[]")]
	u.userinfo = before[:strings.LastIndexByte(before, '@')+1]
	u.host = u.authority[len(u.userinfo):]
	if i := strings.LastIndexAny(u.host, ":@[]"); i >= 0 && u.host[i] == ':' {
		u.host, u.port = u.host[:i], u.host[i+1:]
	}
	return u
}

// indexOrEnd is the index of the first of some characters, or the length of the text if it has none of them.
func indexOrEnd(text, characters string) int {
	if i := strings.IndexAny(text, characters); i >= 0 {
		return i
	}
	return len(text)
}

const (
	uriDigits  = "0123456789"
	uriLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	uriScheme  = uriLetters + uriDigits + ".+-"
	uriLiteral = uriLetters + uriDigits + "._~!$&'()*+,;=:-" // within the brackets of an address
)

// consistsOf reports whether a text has only these characters.
func consistsOf(text, characters string) bool { return strings.Trim(text, characters) == "" }

// hostname is the host without the brackets of an IPv6 address.
func (u externalURL) hostname() string {
	if inner, ok := u.bracketed(); ok {
		return inner
	}
	return u.host
}

func (u externalURL) bracketed() (string, bool) {
	if len(u.host) >= 2 && u.host[0] == '[' && u.host[len(u.host)-1] == ']' {
		return u.host[1 : len(u.host)-1], true
	}
	return "", false
}

// externalURLProblem says why a URL cannot be the URL of a check. It is empty for a good URL. Blanks around the URL are
// ignored.
//
// Source: app/validators/addressable_url_validator.rb, gems/gitlab-http/lib/gitlab/http_v2/url_blocker.rb. GitLab
// parses with the Ruby library Addressable, which accepts much that Go's net/url refuses. What it refuses was found by
// running it.
func (tx *Tx) externalURLProblem(text string) string {
	if blank(text) {
		return "must be a valid URL"
	}
	text = strings.Trim(text, rubyBlanks)
	u := splitURL(text)
	switch {
	case strings.ContainsAny(text, "\r\n") || u.malformed():
		return "is blocked: URI is invalid"
	case tx.isOwnURL(u):
		return ""
	case u.scheme != "http" && u.scheme != "https":
		return u.schemeProblem(text)
	case !ValidHostname(u.hostname()):
		return "is blocked: Hostname or IP address invalid"
	case tx.Settings().DenyOutbound:
		return "is blocked: Requests to hosts and IP addresses not on the Allow List are denied"
	}
	return ""
}

// malformed reports whether the Ruby library cannot parse the URL.
func (u externalURL) malformed() bool {
	inner, bracketed := u.bracketed()
	first, _, _ := strings.Cut(u.path, "/")
	switch {
	case u.scheme != "" && (!consistsOf(u.scheme, uriScheme) || !strings.Contains(uriLetters, u.scheme[:1])):
		return true
	case !consistsOf(u.port, uriDigits):
		return true
	case u.scheme == "" && !u.hasAuthority && strings.Contains(first, ":"):
		return true
	case u.host == "" && u.path == "" && (u.userinfo != "" || u.port != ""): // a scheme alone is accepted
		return true
	case bracketed && !consistsOf(inner, uriLiteral):
		return true
	}
	return strings.ContainsFunc(u.host, forbiddenInHost)
}

func forbiddenInHost(r rune) bool {
	switch r {
	case '<', '>', '{', '}', '/', '\\', '?', '#', '@', '"':
		return true
	}
	return unicode.IsSpace(r)
}

func (u externalURL) schemeProblem(text string) string {
	decoded, err := url.QueryUnescape(text)
	web := strings.EqualFold(u.scheme, "http") || strings.EqualFold(u.scheme, "https")
	if err == nil && !web && strings.ContainsAny(decoded, "\r\n") {
		return "is blocked: URI is invalid"
	}
	return "is blocked: Only allowed schemes are http, https"
}

// longestAddress is longer than any IP address with a zone, in bytes. A longer text is treated as a name.
const longestAddress = 255

// ValidHostname reports whether a host, without brackets, is blank, is an IP address, or begins with a letter or digit
// of any script. GitLab checks this when a URL is saved and before each connection.
//
// Source: gems/gitlab-http/lib/gitlab/http_v2/url_blocker.rb, new_connection_adapter.rb.
func ValidHostname(host string) bool {
	if host == "" {
		return true
	}
	if len(host) <= longestAddress {
		if _, err := netip.ParseAddr(host); err == nil {
			return true
		}
	}
	first, _ := utf8.DecodeRuneInString(host)
	return unicode.IsLetter(first) || unicode.In(first, unicode.Nd, unicode.Nl, unicode.Other_Alphabetic)
}

var sharedAddresses = netip.MustParsePrefix("100.64.0.0/10")

// LocalAddress reports whether GitLab treats an address as local: loopback, private, link-local, shared, or
// unspecified.
//
// Source: gems/gitlab-http/lib/gitlab/http_v2/url_blocker.rb.
func LocalAddress(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsLinkLocalMulticast() || a.IsUnspecified() ||
		sharedAddresses.Contains(a) || a == netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// LocalHost reports whether a host, without brackets, is known to be local without resolving its name.
func LocalHost(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && LocalAddress(address)
}

// isOwnURL reports whether a URL belongs to this GitLab itself. No rule refuses such a URL.
func (tx *Tx) isOwnURL(u externalURL) bool {
	own := splitURL(tx.BaseURL())
	return u.host != "" && own.scheme == u.scheme && own.hostname() == u.hostname() &&
		own.effectivePort() == u.effectivePort()
}

func (u externalURL) effectivePort() string {
	port := strings.TrimLeft(u.port, "0")
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.scheme]
	}
	return port
}

// blank reports whether a text has only white space, as Rails' blank? does.
func blank(text string) bool { return strings.TrimSpace(text) == "" }
