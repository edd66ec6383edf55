package mockserver_test

import (
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

func TestDeliver_blocked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		url     string
		mutate  func(*mockserver.Options)
		blocked bool
	}{
		"loopback, as a mock lets it": {"http://127.0.0.1:1", func(*mockserver.Options) {}, false},
		"loopback":                    {"http://127.0.0.1:1", blockLocal, true},
		"loopback by name":            {"http://localhost:1", blockLocal, true},
		"loopback by name with a dot": {"http://LocalHost.:1", blockLocal, true},
		"private":                     {"http://10.1.2.3", blockLocal, true},
		"link-local":                  {"http://[fe80::1]", blockLocal, true},
		"shared":                      {"http://100.64.0.1", blockLocal, true},
		"loopback in another writing": {"http://[::ffff:127.0.0.1]:1", blockLocal, true},
		"everything":                  {"http://service.example", denyOutbound, true},
		"a public address, not blocked": {"http://service.example", func(o *mockserver.Options) {
			blockLocal(o)
			o.Transport = roundTrip(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })
		}, false},
		"an answer that redirects to a private address": {"http://service.example", func(o *mockserver.Options) {
			blockLocal(o)
			o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
				answer := answerWith(http.StatusFound, "")
				answer.Header.Set("Location", "http://192.168.0.1/")
				return answer, nil
			})
		}, true},
		"an answer that redirects to what can be no host": {"http://service.example", func(o *mockserver.Options) {
			o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
				answer := answerWith(http.StatusFound, "")
				answer.Header.Set("Location", "http://-x/")
				return answer, nil
			})
		}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, onlyCheck(test.url), test.mutate)
			h.retitle("Blocked?")
			h.deliver()
			d := h.soleDelivery()
			assert.Equal(t, len(d.Attempts), 1)
			if !test.blocked {
				assert.Equal(t, d.State, gitlab.Queued)
				return
			}
			assert.Equal(t, d.State, gitlab.Blocked)
			assert.Equal(t, d.Attempts[0].Error, mockserver.ErrBlocked.Error())
			assert.NilError(t, h.server.Advance(t.Context(), time.Hour))
			assert.Equal(t, len(h.soleDelivery().Attempts), 1, "what is blocked is not tried again")
		})
	}
}

func blockLocal(o *mockserver.Options) { o.BlockLocalRequests = true }

func denyOutbound(o *mockserver.Options) { o.Seed.Settings.DenyOutbound = true }

// A host name is checked by the address that it resolves to.
func TestDeliver_blockedAfterTheNameIsResolved(t *testing.T) {
	t.Parallel()
	h := newHarness(t, onlyCheck("http://service.example"), blockLocal)
	transport := h.server.DeliveryTransport().(*http.Transport)
	r := newReceiver(t, nil)
	_, err := transport.DialContext(t.Context(), "tcp", r.Listener.Addr().String())
	assert.ErrorIs(t, err, mockserver.ErrBlocked)
	assert.Equal(t, len(r.all()), 0)
}

func TestLocal(t *testing.T) {
	t.Parallel()
	guarded := newHarness(t, blockLocal).server
	for address, blocked := range map[string]bool{
		"127.0.0.1:80": true, "127.9.9.9:80": true, "[::1]:80": true, "0.0.0.0:80": true, "[::]:80": true,
		"10.0.0.1:80": true, "172.16.0.1:80": true,
		"172.32.0.1:80": false, "192.168.1.1:80": true, "169.254.169.254:80": true, "[fe80::1%eth0]:80": true,
		"[fc00::1]:80":  true,
		"100.64.0.1:80": true, "100.127.255.255:80": true, "100.128.0.1:80": false, "255.255.255.255:80": true,
		"224.0.0.1:80":         true,
		"[::ffff:10.0.0.1]:80": true, "93.184.216.34:443": false, "[2606:2800:220:1::1]:443": false,
		"not an address": true,
	} {
		assert.Equal(t, guarded.GuardDial("tcp", address) != nil, blocked, address)
	}
	own, err := net.InterfaceAddrs()
	assert.NilError(t, err)
	for _, o := range own {
		ip, _, err := net.ParseCIDR(o.String())
		assert.NilError(t, err)
		assert.ErrorIs(t, guarded.GuardDial("tcp", net.JoinHostPort(ip.String(), "80")), mockserver.ErrBlocked)
	}
	free := newHarness(t).server
	assert.NilError(t, free.GuardDial("tcp", "127.0.0.1:80"))
}

func TestLeadsNowhere(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"checks.example": true, "STATUS-checks.Invalid.": true, "example": false, "example.com": false,
		"invalid.org": false, "localhost": false, "checks.test": false,
	} {
		assert.Equal(t, mockserver.LeadsNowhere(host), want, host)
	}
}
