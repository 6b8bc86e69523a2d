package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
)

// A backfill copies what a bulk import has logged into the file, beside the one who writes: copying takes
// a sixth of an import's time, and the log is written meanwhile. Whoever commits copies what is left only
// once the log is long (wal_autocheckpoint), and then begins it anew.
type backfill struct {
	pool    *sql.DB
	due     chan struct{}
	done    chan struct{}
	commits int
	failed  atomic.Pointer[error] // the first that copying met
}

// backfillEvery is how many commits of an import are copied at a time: a page that each of them changed is
// copied once.
const backfillEvery = 16

func newBackfill(path string) (*backfill, error) {
	pool, err := newPool(dsn(path, backfillKeys), 1, readerPragmas, nil)
	if err != nil {
		return nil, err
	}
	b := &backfill{pool: pool, due: make(chan struct{}, 1), done: make(chan struct{})}
	go func() {
		defer close(b.done)
		for range b.due {
			b.copy()
		}
	}()
	return b, nil
}

// copy copies what it may. Whoever commits would pass over an error of its own copying, as SQLite does: this
// one is told.
func (b *backfill) copy() {
	_, err := b.pool.ExecContext(context.Background(), `PRAGMA wal_checkpoint(PASSIVE)`)
	if err = classify(err); err == nil || errors.Is(err, ErrBusy) { // another is at it
		return
	}
	err = fmt.Errorf("what was written is in the log, and cannot be copied into the file: %w; keep both files", err)
	b.failed.CompareAndSwap(nil, &err)
}

// failure is what ended the copying: the disk fails, or is full.
func (b *backfill) failure() error {
	if b == nil {
		return nil
	}
	if err := b.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// committed notes a commit, in the turn to write.
func (b *backfill) committed() {
	if b == nil {
		return
	}
	if b.commits++; b.commits%backfillEvery == 0 {
		select {
		case b.due <- struct{}{}:
		default: // it is at it
		}
	}
}

// close copies the rest, and gives what copying met.
func (b *backfill) close() error {
	if b == nil {
		return nil
	}
	close(b.due)
	<-b.done
	if b.commits > 0 {
		b.copy()
	}
	return errors.Join(b.failure(), b.pool.Close())
}
