package main

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"docket/review"
	"docket/store"
)

const (
	keepAgain     = 15 * time.Second // before the first repeat, doubled from then on
	keepAgainMost = 15 * time.Minute
	mostBehind    = 100 // checkpoints that a keeper which was away for long is still given one by one
)

// feeder brings checkpoints to one keeper. One goroutine at a time uses it, but for nudge.
type feeder struct {
	db     *store.DB
	keeper keeper
	now    func() time.Time
	log    *slog.Logger
	due    chan struct{} // there may be something to bring

	until time.Time // after a failure: not before
	next  time.Duration
}

func feed(db *store.DB, keepers []keeper, now func() time.Time, log *slog.Logger) []*feeder {
	all := make([]*feeder, len(keepers))
	for i, k := range keepers {
		all[i] = &feeder{db: db, keeper: k, now: now, log: log, due: make(chan struct{}, 1)}
	}
	return all
}

// nudge says that there may be something to bring.
func (f *feeder) nudge() {
	select {
	case f.due <- struct{}{}:
	default: // it was told already
	}
}

// run brings what there is until the context ends.
func (f *feeder) run(ctx context.Context) {
	for {
		select {
		case <-f.due:
		case <-ctx.Done():
			return
		}
		if f.now().Before(f.until) {
			continue
		}
		if err := f.bring(ctx); err != nil && ctx.Err() == nil {
			f.log.Error("ledger", "err", err)
		}
	}
}

// bringAll brings to every keeper what it lacks, whether or not it failed just before.
func bringAll(ctx context.Context, all []*feeder) {
	var wait sync.WaitGroup
	for _, f := range all {
		wait.Go(func() {
			if err := f.bring(ctx); err != nil {
				f.log.Error("ledger", "err", err)
			}
		})
	}
	wait.Wait()
}

// bring hands the keeper the checkpoints that it lacks, oldest first, up to the first that it does not
// take, and notes how each went.
func (f *feeder) bring(ctx context.Context) error {
	lacking, err := f.lacking(ctx)
	for _, c := range lacking {
		failed := f.keeper.keep(ctx, c.Note)
		problem := ""
		if failed != nil {
			if ctx.Err() != nil {
				return ctx.Err() // that docket ends is no failure of the keeper's
			}
			problem = oneLine(failed.Error())
			f.next = min(max(2*f.next, keepAgain), keepAgainMost)
			f.until = f.now().Add(f.next)
			f.log.Warn("checkpoint did not leave", "keeper", f.keeper.String(), "err", problem)
		} else {
			f.until, f.next = time.Time{}, 0
		}
		if err := f.db.KeepCheckpoint(ctx, c.ID, f.keeper.String(), problem); err != nil || failed != nil {
			return err
		}
	}
	return err
}

// lacking gives the checkpoints since the last that the keeper has: an evidence pack was taken under one
// of them, and whoever holds the pack looks for that one. A keeper that is new gets the newest.
func (f *feeder) lacking(ctx context.Context) ([]review.SignedCheckpoint, error) {
	all, err := f.db.Checkpoints(ctx, mostBehind)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	n := slices.IndexFunc(all, func(c review.SignedCheckpoint) bool { return has(c, f.keeper) })
	if n < 0 {
		n = 1
	}
	all = all[:n]
	slices.Reverse(all)
	return all, nil
}

func has(c review.SignedCheckpoint, k keeper) bool {
	return slices.ContainsFunc(c.Kept, func(kept review.Keeping) bool { return kept.Keeper == k.String() && kept.Problem == "" })
}
