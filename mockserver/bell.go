package mockserver

import "sync"

// bell tells those who wait that something has changed. The zero value is ready.
type bell struct {
	mu   sync.Mutex
	next chan struct{} // closed when it rings; nil while nobody waits
}

// listen is closed when the bell rings the next time.
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
