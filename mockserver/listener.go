package mockserver

import (
	"net"
	"sync"
	"time"
)

// Listener is a net.Listener that can stop listening for a time, for Options.StopListening. It is safe for concurrent
// use.
type Listener struct {
	mu     sync.Mutex
	inner  net.Listener
	down   time.Duration // for how long nothing listens; 0 while it listens
	closed chan struct{}
	once   sync.Once
}

// NewListener makes a Listener of one that is open.
func NewListener(open net.Listener) *Listener {
	return &Listener{inner: open, closed: make(chan struct{})}
}

// Addr is the address, also while nothing listens there.
func (l *Listener) Addr() net.Addr { return l.current().Addr() }

func (l *Listener) current() net.Listener {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inner
}

// Close ends listening for good.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.current().Close()
}

// StopListening closes the address for a time, in real time. It does nothing while it is closed already. Accept opens
// it again.
func (l *Listener) StopListening(length time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down > 0 || length <= 0 {
		return
	}
	l.down = length
	_ = l.inner.Close() // which only fails where it is closed already
}

// Accept waits for a connection.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		connection, err := l.current().Accept()
		if err == nil {
			return connection, nil
		}
		if !l.reopen() {
			return nil, err
		}
	}
}

// reopenEvery is how long it waits to open an address again that is taken.
const reopenEvery = 20 * time.Millisecond

// reopen listens again when the time is over. It reports false if listening has ended for another reason.
func (l *Listener) reopen() bool {
	l.mu.Lock()
	length, address := l.down, l.inner.Addr()
	l.mu.Unlock()
	if length == 0 {
		return false
	}
	for l.rest(length) {
		opened, err := net.Listen(address.Network(), address.String())
		if err != nil {
			length = reopenEvery
			continue
		}
		l.mu.Lock()
		l.inner, l.down = opened, 0
		l.mu.Unlock()
		select {
		case <-l.closed: // meanwhile
			_ = opened.Close()
			return false
		default:
			return true
		}
	}
	return false
}

// rest waits in real time. It reports false if the listener is closed.
func (l *Listener) rest(length time.Duration) bool {
	t := time.NewTimer(length)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-l.closed:
		return false
	}
}
