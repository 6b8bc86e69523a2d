package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"docket/review"
	"docket/store"
)

const (
	checkpointTick = 5 * time.Second  // how often the ledger is looked at
	checkpointGrow = 1_000            // entries after which it is signed before its time
	wholeEvery     = 24 * time.Hour   // the whole ledger is verified anew
	lastWords      = 10 * time.Second // for the last checkpoint to leave, at the end
)

// watch signs the ledger as it grows, has checkpoints brought to their keepers, verifies what was added, and
// has the ledger speak for the access log.
type watch struct {
	db      *store.DB
	feeders []*feeder
	every   time.Duration
	tick    time.Duration
	now     func() time.Time
	log     *slog.Logger

	whole time.Time // when all of it was verified last
}

func newWatch(db *store.DB, keepers []keeper, every time.Duration, now func() time.Time, log *slog.Logger) *watch {
	return &watch{db: db, feeders: feed(db, keepers, now, log), every: every, tick: checkpointTick, now: now, log: log}
}

// run works until the context ends, then signs once more. A checkpoint leaves as soon as it is signed,
// whoever asked for it, also while the ledger is being verified and while another keeper keeps one waiting.
func (w *watch) run(ctx context.Context) {
	var feeding sync.WaitGroup
	for _, f := range w.feeders {
		feeding.Go(func() { f.run(ctx) })
	}
	feeding.Go(func() {
		for {
			select {
			case <-w.db.CheckpointSigned():
				w.nudge()
			case <-ctx.Done():
				return
			}
		}
	})
	tick := time.NewTicker(w.tick)
	defer tick.Stop()
	for {
		if err := w.step(ctx); err != nil && ctx.Err() == nil {
			w.log.Error("ledger", "err", err)
		}
		w.nudge() // a keeper that failed may be due again
		select {
		case <-tick.C:
		case <-ctx.Done():
			feeding.Wait()
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
			defer cancel()
			if err := w.sign(last, review.CheckpointStopped); err != nil {
				w.log.Error("ledger", "err", err)
			}
			bringAll(last, w.feeders)
			return
		}
	}
}

func (w *watch) nudge() {
	for _, f := range w.feeders {
		f.nudge()
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
	_, unsealed := w.db.SealAccesses(ctx, false)
	why, err := w.due(ctx)
	if err != nil {
		return errors.Join(unsealed, err)
	}
	return errors.Join(unsealed, w.sign(ctx, why))
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

// sign signs when there is a why. What does not prove is not signed.
func (w *watch) sign(ctx context.Context, why review.CheckpointWhy) error {
	if why == "" {
		return nil
	}
	_, err := w.db.Checkpoint(ctx, why)
	if errors.Is(err, review.ErrLedgerBroken) {
		return nil
	}
	return err
}
