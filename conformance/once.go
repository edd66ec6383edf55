package conformance

import (
	"context"
	"sync"
)

// once makes a value when it is first asked for. Who asks meanwhile waits, for as long as its own context lasts.
type once[T any] struct {
	mu    sync.Mutex
	done  chan struct{} // closed when the value is there; nil before anybody asked
	value T
	err   error
}

func (o *once[T]) get(ctx context.Context, build func(context.Context) (T, error)) (T, error) {
	o.mu.Lock()
	first := o.done == nil
	if first {
		o.done = make(chan struct{})
	}
	o.mu.Unlock()
	if first {
		defer close(o.done)
		o.value, o.err = build(ctx)
		return o.value, o.err
	}
	select {
	case <-o.done:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}
