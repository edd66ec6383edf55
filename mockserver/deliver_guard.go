package mockserver

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"syscall"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// errBlocked means that GitLab refuses to call an address, because its settings forbid it or the host is not valid.
// GitLab then drops the delivery without reporting it. Before 17.3 it retried the delivery.
var errBlocked = errors.New("blocked by the rules for outbound requests")

// outbound is what one attempt needs to know about the world.
type outbound struct {
	settings     gitlab.Settings
	asJSON       bool // the media type of the body is JSON, not a form
	dropsBlocked bool // a blocked delivery is dropped without a report
	forges       bool // what proves who sent it is wrong, as a fault plan says
	hook         hookOutbound
}

// outbound reads the settings of the world as they are now.
func (d *deliverer) outbound() (o outbound) {
	_ = d.world.state.View(d.world.clock.now(), func(tx *gitlab.Tx) error {
		o = outbound{
			settings: tx.Settings(), asJSON: tx.Has(gitlab.DeliversAsJSON),
			dropsBlocked: tx.Has(gitlab.DropsBlockedDeliveries),
		}
		return nil
	})
	return o
}

// allow refuses a URL that can be refused without resolving its host name.
func (o outbound) allow(u *url.URL) error {
	if o.settings.DenyOutbound || !gitlab.ValidHostname(u.Hostname()) { // a redirect can lead to any URL
		return errBlocked
	}
	if o.settings.BlockLocalRequests && gitlab.LocalHost(u.Hostname()) {
		return errBlocked
	}
	return nil
}

// guard refuses an address just before it is called. It reads the settings again, because resolving the name can take
// long.
func (d *deliverer) guard(_, address string) error {
	if !d.outbound().settings.BlockLocalRequests {
		return nil
	}
	where, err := netip.ParseAddrPort(address)
	if err != nil || gitlab.LocalAddress(where.Addr()) || ownAddress(where.Addr()) {
		return errBlocked
	}
	return nil
}

func controlWith(guard func(network, address string) error) func(string, string, syscall.RawConn) error {
	return func(network, address string, _ syscall.RawConn) error { return guard(network, address) }
}

// ownAddress reports whether an address belongs to this machine.
func ownAddress(a netip.Addr) bool {
	own, err := net.InterfaceAddrs()
	if err != nil {
		return true // if in doubt, it is blocked
	}
	for _, o := range own {
		if prefix, err := netip.ParsePrefix(o.String()); err == nil && prefix.Addr().WithZone("") == a.Unmap().
			WithZone("") {
			return true
		}
	}
	return false
}
