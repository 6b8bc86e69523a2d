package store

import (
	"context"
	"errors"
	"fmt"

	"docket/review"
)

const (
	scrubPages = 500    // of the search index in one write
	scrubMost  = 20_000 // writes
)

// Scrub cleans up behind Erase: the search index is written anew without the words that no row
// has any more, and the log, which still holds the pages as they were, is emptied. Pages that
// were given up hold zeros since they were (secure_delete). It does nothing when nothing was
// erased since. ErrBusy: someone reads from the log; what is left is done by the next call.
func (db *DB) Scrub(ctx context.Context) error {
	err := db.read(ctx, "scrub", func(a *act) error {
		_, err := a.setting(settingScrub)
		return err
	})
	if errors.Is(err, review.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	pages := -scrubPages // the first call makes one part of all, the others go on with it
	for range scrubMost {
		var moved int
		err := db.write(ctx, "scrub", func(a *act) error {
			var before, after int
			if err := a.one(`SELECT total_changes()`, nil, &before); err != nil {
				return err
			}
			if _, err := a.exec(`INSERT INTO search (search, rank) VALUES ('merge', ?)`, pages); err != nil {
				return err
			}
			err := a.one(`SELECT total_changes()`, nil, &after)
			moved = after - before
			return err
		})
		if err != nil {
			return err
		}
		if moved < 2 {
			break
		}
		pages = scrubPages
	}
	err = db.write(ctx, "scrub", func(a *act) error {
		_, err := a.exec(`DELETE FROM setting WHERE name = ?`, settingScrub)
		return err
	})
	if err == nil {
		err = db.emptyLog(ctx)
	}
	if err != nil {
		return errors.Join(err, db.write(ctx, "scrub", func(a *act) error { return a.set(settingScrub, "1") }))
	}
	return nil
}

// emptyLog writes the log into the file and cuts it to nothing.
func (db *DB) emptyLog(ctx context.Context) error {
	select {
	case db.turn <- struct{}{}:
		defer func() { <-db.turn }()
	case <-ctx.Done():
		return fmt.Errorf("scrub: %w", ctx.Err())
	}
	var busy, pages, done int
	if err := db.writer.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &done); err != nil {
		return fmt.Errorf("scrub: %w", classify(err))
	}
	if busy != 0 {
		return fmt.Errorf("scrub: the log is being read: %w", ErrBusy)
	}
	return nil
}
