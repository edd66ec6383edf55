package postgres

import (
	"sync"

	"github.com/statuschecks/statuschecks/mockserver"
)

// hearing passes on what happens to worlds: for each world one thing after the other, for several worlds at once, so
// that a world that takes long to be handed over holds no other one up.
type hearing struct {
	hear    func(mockserver.StoreEvent)
	working sync.WaitGroup

	mu     sync.Mutex
	queues map[string][]mockserver.StoreEvent // by the world; one that is there is worked on
}

// take passes an event on, and does not wait for that.
func (h *hearing) take(e mockserver.StoreEvent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	waiting, worked := h.queues[e.World]
	h.queues[e.World] = append(waiting, e)
	if !worked {
		h.working.Go(func() { h.work(e.World) })
	}
}

// work passes on what there is of a world.
func (h *hearing) work(world string) {
	for {
		e, more := h.next(world)
		if !more {
			return
		}
		h.hear(e)
	}
}

func (h *hearing) next(world string) (e mockserver.StoreEvent, more bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	queue := h.queues[world]
	if len(queue) == 0 {
		delete(h.queues, world)
		return e, false
	}
	h.queues[world] = queue[1:]
	return queue[0], true
}
