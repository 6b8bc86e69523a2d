package main

import (
	"context"
	"log/slog"
	"time"

	"docket/store"
)

// wakeEvery is how often it is looked for reviews whose day has come. Days begin at midnight UTC, so
// that nothing waits for its turn longer than this.
const wakeEvery = time.Minute

// wakeDue opens reviews that wait for a customer when their day comes, until ctx ends.
func wakeDue(ctx context.Context, db *store.DB, log *slog.Logger) {
	tick := time.NewTicker(wakeEvery)
	defer tick.Stop()
	for {
		n, err := db.WakeDue(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Error("wake", "error", err)
		case n > 0:
			continue // there may be more
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
