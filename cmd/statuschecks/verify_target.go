package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// aim points a run at its target: the built-in mock or the server at a URL. The function it returns ends what it began.
func (o *verifyOptions) aim(ctx context.Context, sys system, server *conformance.Target) (func(), error) {
	if err := o.aimed(); err != nil {
		return nil, err
	}
	if o.builtin {
		return o.aimAtMock(ctx, sys, server)
	}
	return o.aimAtServer(sys, server)
}

// aimed tells what is wrong with what the flags say about where to go.
func (o *verifyOptions) aimed() error {
	switch {
	case o.project != "" && o.namespace != "":
		return wrongUsage("--namespace says where to make projects, and with --project none is made; give one or " +
			"the other")
	case o.project == "" && o.otherProject != "":
		return wrongUsage("--other-project stands beside --project; give the project to work in, too")
	case o.builtin && (o.url != "" || o.token != ""):
		return wrongUsage("--builtin judges the built-in mock, so --url and --token do not go with it; give one or " +
			"the other")
	case o.builtin && (o.keep || o.ledger != ""):
		return wrongUsage("--builtin judges the built-in mock, which ends with the run, so --keep and --ledger do " +
			"not go with it; start a mock with serve and give its address with --url to keep what a run makes")
	case o.builtin:
	case o.version.String() != "" || o.lag.Max > 0 || len(o.features) > 0:
		return wrongUsage("--gitlab-version, --feature and --lag are about the built-in mock; a server says itself " +
			"which version it is, so leave them out or add --builtin")
	case o.url == "":
		return wrongUsage("nothing to judge: give the server with --url and --token or with --target, or --builtin " +
			"for the built-in mock")
	case o.token == "":
		return wrongUsage("a token is needed: set STATUSCHECKS_TOKEN, or give --token, to one with the scope api of " +
			"someone who may create projects")
	}
	return nil
}

// The names of the built-in mock and of the receiver of its deliveries. Nothing is ever looked up under them.
const (
	builtinURL  = "http://builtin.invalid"
	receiverURL = "http://receiver.invalid"
)

// aimAtMock makes a mock in this process; no socket is opened.
func (o *verifyOptions) aimAtMock(ctx context.Context, sys system, server *conformance.Target) (func(), error) {
	receiver := conformance.NewReceiver(receiverURL)
	world := seed.Default()
	mock, err := mockserver.New(mockserver.Options{
		Version: o.version.version, Features: o.features, BaseURL: builtinURL, Now: sys.now, Lag: o.lag.Lag,
		Seed: &world, Transport: conformance.InProcess(receiver), JournalSize: -1, // nobody could read it
	})
	if err != nil {
		return nil, wrongUsage("%w", err)
	}
	for _, t := range world.Tokens() {
		if t.Role == "admin" {
			server.Token = t.Secret
			break
		}
	}
	server.URL, server.Receiver, server.Transport = builtinURL, receiver, conformance.InProcess(mock)
	server.EndsAfter = true
	// outlives an interruption, so that the suite can clean up
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	var ended sync.WaitGroup
	ended.Go(func() { _ = mock.Run(running) }) // it fails only if it runs already
	return func() { stop(); ended.Wait() }, nil
}

func (o *verifyOptions) aimAtServer(sys system, server *conformance.Target) (func(), error) {
	transport, err := o.transport()
	if err != nil {
		return nil, err
	}
	server.Transport = transport
	receiver, err := o.receiver()
	if err != nil || receiver == nil {
		return func() {}, err
	}
	server.Receiver = receiver
	return func() {
		if err := receiver.Close(); err != nil {
			fmt.Fprintf(sys.errs, "statuschecks: end the receiver: %v\n", err)
		}
	}, nil
}

// transport reaches the server, through the proxy of the environment and trusting the authority given.
func (o *verifyOptions) transport() (http.RoundTripper, error) {
	transport, err := trusting(o.caFile)
	if err != nil {
		return nil, err
	}
	transport.MaxIdleConnsPerHost = o.jobs + 2
	return transport, nil
}

// trusting is a transport that trusts the authority in a file, if one is named, instead of those of the machine.
func trusting(caFile string) (*http.Transport, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if caFile == "" {
		return transport, nil
	}
	text, err := fileOfFlag(caFile, "certificate", "tls-ca")
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, wrongUsage("%s holds no certificate in PEM form; check --tls-ca", caFile)
	}
	transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	return transport, nil
}

// receiver listens for deliveries: where it was told to or, for a server on this machine, at a free port.
func (o *verifyOptions) receiver() (*conformance.Receiver, error) {
	listen := o.receiverListen
	if listen == "" {
		if o.receiverURL != "" {
			return nil, wrongUsage("--receiver-url says how the server reaches the receiver; --receiver-listen must " +
				"say where it listens, such as 0.0.0.0:9000")
		}
		if !isLocal(o.url) {
			return nil, nil
		}
		listen = "127.0.0.1:0"
	}
	receiver, err := conformance.ListenReceiver(listen, o.receiverURL)
	if err != nil {
		return nil, wrongUsage("%w; check --receiver-listen", err)
	}
	return receiver, nil
}

// isLocal tells whether an address is on this machine.
func isLocal(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
