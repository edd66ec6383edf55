package mockserver

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// guard refuses requests that a foreign web page may have sent. A page can reach everything that the browser reaches,
// also loopback addresses. So guard refuses requests from another origin, and requests to a loopback address under a
// foreign name, because anybody can make a name point to that address.
func (s *Server) guard(r *http.Request) error {
	if origin := r.Header.Get("Origin"); origin != "" && !s.ownOrigin(origin, r) {
		return refused(http.StatusForbidden, "this is not for web pages of another origin, and %q is one; open it "+
			"directly, or call it from a program",
			origin)
	}
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return refused(http.StatusForbidden, "this is not for web pages of another site; open it directly, or call "+
			"it from a program")
	}
	if s.ForeignName(r) {
		return refused(http.StatusForbidden, "on a loopback address this answers to localhost, to the address, to "+
			"the name listened at and to that of "+
			"--base-url, not to %q; use one of these, or start the mock with that name in --base-url", r.Host)
	}
	return nil
}

// ownOrigin reports whether a page belongs to the server itself.
func (s *Server) ownOrigin(origin string, r *http.Request) bool {
	if strings.EqualFold(origin, originOf(r)) {
		return true
	}
	base, err := url.Parse(s.opts.BaseURL)
	return err == nil && base.Host != "" && strings.EqualFold(origin, base.Scheme+"://"+base.Host)
}

// ForeignName reports whether a request came to a loopback address under a name that is none of the server's. A web
// page sends such requests if somebody has made the name of its site point to the machine of who looks at it.
func (s *Server) ForeignName(r *http.Request) bool { return onLoopback(r) && !s.ownName(r.Host) }

// onLoopback reports whether a request came to a loopback address.
func onLoopback(r *http.Request) bool {
	at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && at.IP.IsLoopback()
}

// ownName reports whether a host, with or without a port, is a name of a server on a loopback address.
func (s *Server) ownName(host string) bool {
	name := hostOnly(host)
	if address, err := netip.ParseAddr(name); err == nil && address.Unmap().IsLoopback() {
		return true
	}
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	names := s.opts.Hosts
	if base, err := url.Parse(s.opts.BaseURL); err == nil && base.Host != "" {
		names = append(slices.Clip(names), base.Host)
	}
	return name != "" && slices.ContainsFunc(names, func(own string) bool { return hostOnly(own) == name })
}

// hostOnly returns a host without its port, in a form that can be compared.
func hostOnly(host string) string {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	return strings.TrimSuffix(strings.ToLower(name), ".")
}
