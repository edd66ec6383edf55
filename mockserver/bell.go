package mockserver

import "sync"

// bell notifies those who wait for a change. The zero value is ready to use.
type bell struct {
	mu   sync.Mutex
	next chan struct{} // closed when the bell rings; nil while nobody waits
}

// listen returns a channel that is closed when the bell rings the next time.
func (b *bell) listen() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.next
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}
