package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"docket/review"
	"docket/store"
)

const (
	checkpointTick = 5 * time.Second  // how often the ledger is looked at
	checkpointGrow = 1_000            // entries after which it is signed before its time
	keepAgain      = 15 * time.Second // before the first repeat, doubled from then on
	keepAgainMost  = 15 * time.Minute
	wholeEvery     = 24 * time.Hour // the whole ledger is verified anew
)

// watch signs the ledger as it grows, brings checkpoints to their keepers, and verifies what was
// added.
type watch struct {
	db      *store.DB
	keepers []keeper
	every   time.Duration
	now     func() time.Time
	log     *slog.Logger

	waits map[string]wait // by the keeper's name
	whole time.Time       // when all of it was verified last
}

// wait is when a keeper that failed is tried again.
type wait struct {
	until time.Time
	next  time.Duration
}

func newWatch(db *store.DB, keepers []keeper, every time.Duration, now func() time.Time, log *slog.Logger) *watch {
	return &watch{db: db, keepers: keepers, every: every, now: now, log: log, waits: map[string]wait{}}
}

// run works until the context ends, then signs once more.
func (w *watch) run(ctx context.Context) {
	tick := time.NewTicker(checkpointTick)
	defer tick.Stop()
	for {
		if err := w.step(ctx); err != nil && ctx.Err() == nil {
			w.log.Error("ledger", "err", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			if err := w.sign(last, review.CheckpointStopped); err != nil {
				w.log.Error("ledger", "err", err)
			}
			return
		}
	}
}

// step looks once.
func (w *watch) step(ctx context.Context) error {
	_, _, before := w.db.LedgerWhole()
	if err := w.verify(ctx); err != nil {
		return err
	}
	if _, _, broken := w.db.LedgerWhole(); broken != nil {
		if before == nil {
			w.log.Error("the ledger does not prove", "entry", int64(broken.Entry))
		}
		return nil // what does not prove is not signed
	}
	why, err := w.due(ctx)
	if err != nil {
		return err
	}
	return w.sign(ctx, why)
}

func (w *watch) verify(ctx context.Context) error {
	if w.now().Sub(w.whole) < wholeEvery {
		return w.db.VerifyTail(ctx, w.db.LedgerPublic())
	}
	w.whole = w.now()
	_, err := w.db.VerifyLedger(ctx, store.LedgerCheck{Key: w.db.LedgerPublic()})
	return err
}

// due says why the ledger is to be signed now, "" when it is not.
func (w *watch) due(ctx context.Context) (review.CheckpointWhy, error) {
	size, err := w.db.LedgerSize(ctx)
	if err != nil {
		return "", err
	}
	newest, err := w.db.NewestCheckpoint(ctx)
	switch {
	case errors.Is(err, review.ErrNotFound):
		return review.CheckpointStarted, nil
	case err != nil, size <= newest.Size:
		return "", err
	case size-newest.Size >= checkpointGrow:
		return review.CheckpointGrown, nil
	case w.now().Sub(newest.At) >= w.every:
		return review.CheckpointTime, nil
	}
	return "", nil
}

// sign signs, when there is a why, and brings the newest checkpoint to every keeper that lacks it.
func (w *watch) sign(ctx context.Context, why review.CheckpointWhy) error {
	if _, _, broken := w.db.LedgerWhole(); why != "" && broken == nil {
		if _, err := w.db.Checkpoint(ctx, why); err != nil {
			return err
		}
	}
	newest, err := w.db.NewestCheckpoint(ctx)
	if errors.Is(err, review.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, k := range w.keepers {
		if has(newest, k) || w.now().Before(w.waits[k.String()].until) && why != review.CheckpointStopped {
			continue
		}
		if err := w.bring(ctx, newest, k); err != nil {
			return err
		}
	}
	return nil
}

func has(c review.SignedCheckpoint, k keeper) bool {
	for _, kept := range c.Kept {
		if kept.Keeper == k.String() && kept.Problem == "" {
			return true
		}
	}
	return false
}

// bring hands a checkpoint to one keeper and notes how it went.
func (w *watch) bring(ctx context.Context, c review.SignedCheckpoint, k keeper) error {
	problem := ""
	if err := k.keep(ctx, c.Note); err != nil {
		problem = oneLine(err.Error())
		next := max(w.waits[k.String()].next, keepAgain)
		w.waits[k.String()] = wait{w.now().Add(next), min(2*next, keepAgainMost)}
		w.log.Warn("checkpoint did not leave", "keeper", k.String(), "err", problem)
	} else {
		delete(w.waits, k.String())
	}
	return w.db.KeepCheckpoint(ctx, c.ID, k.String(), problem)
}
