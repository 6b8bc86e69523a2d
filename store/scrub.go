package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"docket/review"
)

const (
	scrubPages = 500    // of the search index in one write
	scrubMost  = 20_000 // writes

	// What settingScrub asks for.
	scrubTraces = "1"     // the search index and the log
	scrubWhole  = "whole" // the file is written anew as well
)

// scrubPragmas are those of a connection that writes the whole file anew: what it sets aside meanwhile
// is as large as the file, and lies in a file that has no name.
var scrubPragmas = []string{`PRAGMA secure_delete = ON`, `PRAGMA temp_store = FILE`, `PRAGMA cache_size = -65536`}

// mustScrub asks for a Scrub, as thorough as it says or as was asked for before.
func (a *act) mustScrub(how string) error {
	_, err := a.exec(`
		INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> ?3`, settingScrub, how, scrubWhole)
	return err
}

// Scrub cleans up behind Erase: the search index is written anew without the words that no row
// has any more, and the log, which still holds the pages as they were, is emptied. Pages that
// were given up hold zeros since they were (secure_delete). Behind an erasure by two people the whole
// file is written anew besides (VACUUM), for a page that was only rearranged may keep what it held:
// that takes as long, and as much room for as long, as the file is large, and nobody writes meanwhile.
// It does nothing when nothing was erased since. ErrBusy: someone reads from the log; what is left is
// done by the next call.
func (db *DB) Scrub(ctx context.Context) error {
	how := ""
	err := db.read(ctx, "scrub", func(a *act) (err error) {
		how, err = a.setting(settingScrub)
		return err
	})
	if errors.Is(err, review.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := db.mergeSearch(ctx); err != nil {
		return err
	}
	err = db.write(ctx, "scrub", func(a *act) error {
		_, err := a.exec(`DELETE FROM setting WHERE name = ?`, settingScrub)
		return err
	})
	if err == nil && how == scrubWhole {
		err = db.vacuum(ctx)
	}
	if err == nil {
		err = db.emptyLog(ctx)
	}
	if err != nil {
		return errors.Join(err, db.write(ctx, "scrub", func(a *act) error { return a.mustScrub(how) }))
	}
	return nil
}

// Scrubbing says that traces of what was erased may still lie in the file, and whether two people asked
// for it, so that the whole file is to be written anew.
func (db *DB) Scrubbing(ctx context.Context) (some, whole bool, err error) {
	err = db.read(ctx, "scrubbing", func(a *act) error {
		how, err := a.setting(settingScrub)
		some, whole = err == nil, how == scrubWhole
		if errors.Is(err, review.ErrNotFound) {
			return nil
		}
		return err
	})
	return some, whole, err
}

// mergeSearch makes one part of the search index.
func (db *DB) mergeSearch(ctx context.Context) error {
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
	return nil
}

// vacuum writes the file anew, by a connection of its own: the writer's would set everything aside in
// memory.
func (db *DB) vacuum(ctx context.Context) (err error) {
	if err := db.Room(); err != nil {
		return fmt.Errorf("scrub: %w", err)
	}
	if err := db.myTurn(ctx); err != nil {
		return err
	}
	defer func() { <-db.turn }()
	pool, err := newPool(dsn(db.path, writerKeys), 1, scrubPragmas, nil)
	if err != nil {
		return fmt.Errorf("scrub: %w", err)
	}
	defer func() { err = cmp.Or(err, pool.Close()) }()
	if _, err := pool.ExecContext(ctx, `VACUUM`); err != nil {
		return fmt.Errorf("scrub: %w", classify(err))
	}
	return nil
}

// emptyLog writes the log into the file and cuts it to nothing.
func (db *DB) emptyLog(ctx context.Context) error {
	if err := db.myTurn(ctx); err != nil {
		return err
	}
	defer func() { <-db.turn }()
	var busy, pages, done int
	if err := db.writer.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &done); err != nil {
		return fmt.Errorf("scrub: %w", classify(err))
	}
	if busy != 0 {
		return fmt.Errorf("scrub: the log is being read: %w", ErrBusy)
	}
	return nil
}

// myTurn waits until nobody writes; whoever had their turn gives it back.
func (db *DB) myTurn(ctx context.Context) error {
	select {
	case db.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("scrub: %w", ctx.Err())
	}
}
