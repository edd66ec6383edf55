package mockserver

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// errBlocked means that GitLab refuses to call an address: its settings forbid it, or the host can be none. GitLab
// drops the delivery without a word; before 17.3 it tried again.
var errBlocked = errors.New("blocked by the rules for outbound requests")

// outbound is what one attempt has to know of the world.
type outbound struct {
	settings     gitlab.Settings
	asJSON       bool // the body is called JSON, not a form
	dropsBlocked bool // a delivery that may not be sent is dropped in silence
}

// outbound looks once at the world as it is now.
func (d *deliverer) outbound() (o outbound) {
	_ = d.world.state.View(d.world.clock.now(), func(tx *gitlab.Tx) error {
		o = outbound{tx.Settings(), tx.Has(gitlab.DeliversAsJSON), tx.Has(gitlab.DropsBlockedDeliveries)}
		return nil
	})
	return o
}

// allow refuses what need not be resolved to be refused.
func (o outbound) allow(u *url.URL) error {
	if o.settings.DenyOutbound || !gitlab.ValidHostname(u.Hostname()) { // a redirect leads where no external URL may
		return errBlocked
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	address, err := netip.ParseAddr(host)
	if o.settings.BlockLocalRequests && (host == "localhost" || strings.HasSuffix(host, ".localhost") ||
		(err == nil && local(address))) {
		return errBlocked
	}
	return nil
}

// guard refuses an address that is about to be called. It looks at the world anew: resolving the name can take long.
func (d *deliverer) guard(_, address string) error {
	if !d.outbound().settings.BlockLocalRequests {
		return nil
	}
	where, err := netip.ParseAddrPort(address)
	if err != nil || local(where.Addr()) || ownAddress(where.Addr()) {
		return errBlocked
	}
	return nil
}

func controlWith(guard func(network, address string) error) func(string, string, syscall.RawConn) error {
	return func(network, address string, _ syscall.RawConn) error { return guard(network, address) }
}

var sharedAddresses = netip.MustParsePrefix("100.64.0.0/10")

// local says whether an address is one that GitLab counts as local: loopback, private, link-local, shared, or that of
// no host.
//
// Source: gems/gitlab-http/lib/gitlab/http_v2/url_blocker.rb.
func local(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsLinkLocalMulticast() || a.IsUnspecified() ||
		sharedAddresses.Contains(a) || a == netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// ownAddress says whether an address is one of this machine.
func ownAddress(a netip.Addr) bool {
	own, err := net.InterfaceAddrs()
	if err != nil {
		return true // when in doubt it is blocked
	}
	for _, o := range own {
		if prefix, err := netip.ParsePrefix(o.String()); err == nil && prefix.Addr().WithZone("") == a.Unmap().
			WithZone("") {
			return true
		}
	}
	return false
}
