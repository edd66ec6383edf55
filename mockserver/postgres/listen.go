package postgres

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/lib/pq"

	"github.com/statuschecks/statuschecks/mockserver"
)

// Listen calls hear with what other processes do, until ctx ends or the connection breaks; the error says why. It
// begins with all worlds that are other processes'. It calls hear for several worlds at once, but for one world in the
// order in which things happened, and returns when all calls have ended.
func (s *Store) Listen(ctx context.Context, hear func(mockserver.StoreEvent)) error {
	return s.plain(s.listen(ctx, hear))
}

func (s *Store) listen(ctx context.Context, hear func(mockserver.StoreEvent)) error {
	told := make(chan *pq.Notification)
	own, err := pq.NewListenerConn(s.url, told)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = own.Close() })
	defer func() {
		stop()
		_ = own.Close()
		for range told { // until the library has ended
		}
	}()
	early, err := attend(own, told, "select pg_advisory_lock(hashtextextended("+pq.QuoteLiteral(s.owner)+", 0))",
		"listen "+channel)
	if err == nil {
		err = s.others(ctx, hear)
	}
	if err != nil {
		return err
	}
	heard := &hearing{hear: hear, queues: map[string][]mockserver.StoreEvent{}}
	defer heard.working.Wait()
	for _, n := range early {
		s.hear(n, heard.take)
	}
	for n := range told {
		s.hear(n, heard.take)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return own.Err()
}

// attend runs statements on the connection that listens, and returns what was told meanwhile. The lock, which ends with
// the connection, tells others that this process lives.
func attend(own *pq.ListenerConn, told <-chan *pq.Notification, statements ...string) ([]*pq.Notification, error) {
	done := make(chan error, 1)
	var running sync.WaitGroup
	defer running.Wait()
	running.Go(func() { done <- each(own, statements) })
	var early []*pq.Notification
	for {
		select {
		case n, open := <-told:
			if !open {
				return nil, <-done
			}
			early = append(early, n)
		case err := <-done:
			return early, err
		}
	}
}

// each runs one statement after the other.
func each(own *pq.ListenerConn, statements []string) error {
	for _, statement := range statements {
		if _, err := own.ExecSimpleQuery(statement); err != nil {
			return err
		}
	}
	return nil
}

// others tells of the worlds that are other processes'.
func (s *Store) others(ctx context.Context, hear func(mockserver.StoreEvent)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	rows, err := s.pool.QueryContext(ctx, "select name, owner, revision from statuschecks_worlds where owner <> $1",
		s.owner)
	if err != nil {
		return err
	}
	return eachRow(rows, func() error {
		e := mockserver.StoreEvent{Kind: mockserver.StoreTaken}
		err := rows.Scan(&e.World, &e.By, &e.Revision)
		if err == nil {
			hear(e)
		}
		return err
	})
}

func (s *Store) hear(n *pq.Notification, hear func(mockserver.StoreEvent)) {
	var e mockserver.StoreEvent
	if json.Unmarshal([]byte(n.Extra), &e) == nil && e.By != s.owner {
		hear(e)
	}
}
