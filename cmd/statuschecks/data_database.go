package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/postgres"
)

const (
	// listenAgain is how long after its connection broke the mock asks again what other processes do.
	listenAgain = time.Second
	// sweepInterval is how often worlds are looked for that have expired, and whose process has died.
	sweepInterval = time.Minute
)

// fileOrDatabase says what is wrong with a value of --data. It shows no password.
func fileOrDatabase(text string) error {
	if postgres.IsURL(text) {
		return postgres.CheckURL(text)
	}
	return writable(text)
}

// openStore opens the database of --data; nil if there is none.
func (o *serveOptions) openStore(ctx context.Context) (*postgres.Store, error) {
	if !postgres.IsURL(o.data) {
		return nil, nil
	}
	store, err := postgres.Open(ctx, o.data, ownName())
	if err != nil {
		return nil, cannotServe("the database of --data cannot be used: %w", err)
	}
	return store, nil
}

// ownName is what this process is called among those that share a database.
func ownName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "a machine without a name"
	}
	return fmt.Sprintf("process %d on %s, started %s", os.Getpid(), host,
		time.Now().UTC().Format("2006-01-02T15:04:05.000000Z"))
}

// openDatabase fills the mock with what a database holds of its root. Worlds come when somebody asks for them.
func openDatabase(store *postgres.Store, mock *mockserver.Server, log *slog.Logger) (
	*keeper, mockserver.Data, error,
) {
	found, err := mock.ReadStore(context.Background())
	where := slog.String("database", store.String())
	switch {
	case errors.Is(err, mockserver.ErrDataDamaged), errors.Is(err, mockserver.ErrDataFormat):
		return nil, found, wrongUsage("what the database %s holds cannot be used: %w; nothing was changed: take "+
			"another database to begin anew", store, err)
	case err != nil:
		return nil, found, cannotServe("the database %s cannot be used: %w", store, err)
	case found.SavedAt.IsZero():
		log.Info("there are no data yet; they will be kept in this database", where)
	default:
		log.Info("found data, and go on with them; --seed and --gitlab-version are not used", where, "saved_at",
			found.SavedAt, "worlds", found.Worlds)
	}
	k := &keeper{save: mock.Keep, where: where, mock: mock, log: log}
	k.beside = []func(context.Context){
		func(ctx context.Context) { k.listen(ctx, store) }, func(ctx context.Context) { k.sweep(ctx, store) },
	}
	return k, found, nil
}

// listen tells the mock what other processes do.
func (k *keeper) listen(ctx context.Context, store *postgres.Store) {
	var said time.Time
	for {
		err := store.Listen(ctx, k.mock.Heard)
		if ctx.Err() != nil {
			return
		}
		if now := time.Now(); now.Sub(said) > sweepInterval {
			said = now
			k.log.Warn("does not hear which worlds other processes take over; it is tried again", k.where, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(listenAgain):
		}
	}
}

// sweep forgets worlds that have expired and belong to nobody any more.
func (k *keeper) sweep(ctx context.Context, store *postgres.Store) {
	for {
		if n, err := store.Sweep(ctx, time.Now()); err == nil && n > 0 {
			k.log.Info("forgot worlds that were not used for as long as they live", k.where, "worlds", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(sweepInterval):
		}
	}
}
