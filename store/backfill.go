package store

import (
	"context"
	"database/sql"
)

// A backfill copies what a bulk import has logged into the file, beside the one who writes: copying takes
// a sixth of an import's time, and the log is written meanwhile. Whoever commits copies what is left only
// once the log is long (wal_autocheckpoint), and then begins it anew.
type backfill struct {
	pool    *sql.DB
	due     chan struct{}
	done    chan struct{}
	commits int
}

// backfillEvery is how many commits of an import are copied at a time: a page that each of them changed is
// copied once.
const backfillEvery = 8

func newBackfill(path string) (*backfill, error) {
	pool, err := newPool(dsn(path, backfillKeys), 1, readerPragmas, nil)
	if err != nil {
		return nil, err
	}
	b := &backfill{pool: pool, due: make(chan struct{}, 1), done: make(chan struct{})}
	go func() {
		defer close(b.done)
		for range b.due {
			// Best effort: what fails here, or is being done by another, is left to whoever commits.
			_, _ = pool.ExecContext(context.Background(), `PRAGMA wal_checkpoint(PASSIVE)`)
		}
	}()
	return b, nil
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

func (b *backfill) close() error {
	if b == nil {
		return nil
	}
	close(b.due)
	<-b.done
	return b.pool.Close()
}
