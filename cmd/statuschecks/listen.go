package main

import (
	"context"
	"crypto/tls"
	"errors"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// unixPrefix begins an address that is a path of a socket.
const unixPrefix = "unix:"

// listen opens host:port or unix:PATH; the flag is named in what goes wrong.
func listen(ctx context.Context, flag, address string) (net.Listener, error) {
	if path, ok := strings.CutPrefix(address, unixPrefix); ok {
		return listenUnix(ctx, flag, path)
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, wrongUsage("--%s cannot be %q: write host:port, such as 127.0.0.1:8929, with port 0 for a free "+
			"one, or unix:PATH for a socket", flag, address)
	}
	if number, err := strconv.Atoi(port); err != nil || number < 0 || number > 65535 {
		return nil, wrongUsage("--%s cannot be %q: the port is a number from 0 to 65535", flag, address)
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, cannotServe("port %s is in use: another program listens at %s, perhaps another statuschecks "+
			"serve; stop it, or take a free port with --%s %s",
			port, address, flag, net.JoinHostPort(host, "0"))
	case errors.Is(err, fs.ErrPermission):
		return nil, cannotServe("port %s may not be opened by this user; choose one above 1023 with --%s", port, flag)
	case err != nil:
		return nil, cannotServe("cannot listen at %s: %s; give an address of this machine with --%s, such as "+
			"127.0.0.1:0", address, plainCause(err), flag)
	}
	return listener, nil
}

// listenUnix opens a socket, in the place of one that nobody listens to any more.
func listenUnix(ctx context.Context, flag, path string) (net.Listener, error) {
	if path == "" {
		return nil, wrongUsage("--%s lacks the path of the socket: write unix:/path/to/socket", flag)
	}
	if info, err := os.Lstat(path); err == nil {
		if info.Mode()&fs.ModeSocket == 0 {
			return nil, cannotServe("%s is there and is no socket; name another path with --%s, or remove it", path,
				flag)
		}
		if answered(ctx, path) {
			return nil, cannotServe("the socket %s is in use: another program listens there; stop it, or name "+
				"another path with --%s", path, flag)
		}
		if err := os.Remove(path); err != nil {
			return nil, cannotServe("the socket %s is left from an earlier run and cannot be removed: %w", path, err)
		}
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "unix", path)
	if err != nil {
		return nil, cannotServe("cannot make the socket %s: %s; its folder must exist and the path be short", path,
			plainCause(err))
	}
	return listener, nil
}

func answered(ctx context.Context, path string) bool {
	dialer := net.Dialer{Timeout: time.Second}
	connection, err := dialer.DialContext(ctx, "unix", path)
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}

// rootURL is the address of what listens, without a slash at its end.
func rootURL(listener net.Listener, secure bool) string {
	scheme := "http://"
	if secure {
		scheme = "https://"
	}
	at, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return scheme + "localhost"
	}
	host := at.IP.String()
	if at.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + net.JoinHostPort(host, strconv.Itoa(at.Port))
}

// everywhere tells whether a listener takes connections to any address of the machine.
func everywhere(listener net.Listener) bool {
	at, ok := listener.Addr().(*net.TCPAddr)
	return ok && at.IP.IsUnspecified()
}

// private tells whether only this machine reaches a listener.
func private(listener net.Listener) bool {
	at, ok := listener.Addr().(*net.TCPAddr)
	return !ok || at.IP.IsLoopback()
}

// security is how a server proves who it is; the zero value is plain HTTP.
type security struct {
	config  *tls.Config
	ca      string // file with the authority to trust, of a certificate made for this run
	discard func()
}

func (s security) close() {
	if s.discard != nil {
		s.discard()
	}
}
