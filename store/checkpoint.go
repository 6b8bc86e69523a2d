package store

import (
	"context"
	"errors"
	"fmt"

	"docket/review"
)

// ErrOtherLedgerKey says that the ledger was signed before, and with a key that is not given. It has one
// key for its life: signed with a second one it would not prove to whoever holds the first.
var ErrOtherLedgerKey = errors.New("the ledger was signed with another key")

// loadLedgerKey asks for the key that signs this ledger.
func (db *DB) loadLedgerKey(ctx context.Context) error {
	if db.options.LedgerKey == nil {
		return nil
	}
	key, err := db.options.LedgerKey(db.origin)
	if err != nil {
		return err
	}
	newest, err := db.Checkpoints(ctx, 1)
	if err != nil {
		return err
	}
	switch {
	case key == nil && db.options.NewLedgerKey == nil:
		return nil
	case key == nil && len(newest) > 0:
		return ErrOtherLedgerKey
	case key == nil:
		if key, err = db.options.NewLedgerKey(db.origin); err != nil {
			return err
		}
	}
	if key.Origin() != db.origin {
		return fmt.Errorf("the ledger key is for %s, the ledger of this database is %s", key.Origin(), db.origin)
	}
	if len(newest) > 0 {
		if _, err := key.Public().Open(newest[0].Note); err != nil {
			return ErrOtherLedgerKey
		}
	}
	db.key = key
	return nil
}

// LedgerPublic is the public half of the key that signs here, "" without one.
func (db *DB) LedgerPublic() review.LedgerPublic {
	if db.key == nil {
		return ""
	}
	return db.key.Public()
}

// Checkpoint signs what the ledger is now and keeps it. When nothing was added since the newest
// checkpoint that this key signed, it gives that one. Without a key it is review.ErrNoLedgerKey; of a
// ledger that was found not to prove, review.ErrLedgerBroken. It
// records no entry: a checkpoint changes nothing that anyone decides on.
func (db *DB) Checkpoint(ctx context.Context, why review.CheckpointWhy) (review.SignedCheckpoint, error) {
	if db.key == nil {
		return review.SignedCheckpoint{}, fmt.Errorf("checkpoint: %w", review.ErrNoLedgerKey)
	}
	if _, _, broken := db.LedgerWhole(); broken != nil {
		return review.SignedCheckpoint{}, fmt.Errorf("checkpoint: %w", review.ErrLedgerBroken)
	}
	var made review.SignedCheckpoint
	err := db.write(ctx, "checkpoint", func(a *act) error {
		edge, _, err := a.edge()
		if err != nil {
			return err
		}
		c := review.Checkpoint{Origin: db.origin, Size: edge.size, Root: edge.root()}
		newest, err := a.checkpoints(1)
		if err != nil {
			return err
		}
		if len(newest) == 1 && newest[0].Checkpoint == c {
			if _, err := db.key.Public().Open(newest[0].Note); err == nil {
				made = newest[0]
				return nil
			}
		}
		signed, err := db.key.Sign(c)
		if err != nil {
			return err
		}
		made = review.SignedCheckpoint{Checkpoint: c, Note: signed, At: a.now, Why: why, Fresh: true}
		made.ID, err = a.insert(`INSERT INTO checkpoint (size, root, note, at, why) VALUES (?, ?, ?, ?, ?)`,
			c.Size, c.Root[:], signed, a.now.UnixMilli(), why)
		return err
	})
	if err == nil && made.Fresh {
		select {
		case db.signed <- struct{}{}:
		default: // whoever listens was told of the one before and did not look yet
		}
	}
	return made, err
}

// CheckpointSigned gives a value when one or several checkpoints were signed here since the last value,
// so that they can leave at once. It is for one listener.
func (db *DB) CheckpointSigned() <-chan struct{} { return db.signed }

// Checkpoints gives the newest checkpoints, newest first, with where they are kept.
func (db *DB) Checkpoints(ctx context.Context, limit int) ([]review.SignedCheckpoint, error) {
	var all []review.SignedCheckpoint
	err := db.read(ctx, "checkpoints", func(a *act) (err error) {
		all, err = a.checkpoints(limit)
		return err
	})
	return all, err
}

func (a *act) checkpoints(limit int) ([]review.SignedCheckpoint, error) {
	var all []review.SignedCheckpoint
	err := a.each(`SELECT id, size, root, note, at, why FROM checkpoint ORDER BY id DESC LIMIT ?`, []any{limit}, func(scan func(...any) error) error {
		c := review.SignedCheckpoint{Checkpoint: review.Checkpoint{Origin: a.db.origin}}
		err := scan(&c.ID, &c.Size, hashColumn{&c.Root}, &c.Note, timeColumn{&c.At}, &c.Why)
		all = append(all, c)
		return err
	})
	if err != nil || len(all) == 0 {
		return all, err
	}
	err = a.each(`SELECT checkpoint, keeper, tries, at, problem FROM keeping WHERE checkpoint BETWEEN ? AND ? ORDER BY checkpoint DESC, keeper`,
		[]any{all[len(all)-1].ID, all[0].ID}, func(scan func(...any) error) error {
			var id int64
			var k review.Keeping
			err := scan(&id, &k.Keeper, &k.Tries, timeColumn{&k.At}, &k.Problem)
			for i := range all {
				if all[i].ID == id {
					all[i].Kept = append(all[i].Kept, k)
				}
			}
			return err
		})
	return all, err
}

// KeepCheckpoint notes that a checkpoint went to a keeper, or was to and did not (problem, in words
// without secrets).
func (db *DB) KeepCheckpoint(ctx context.Context, id int64, keeper, problem string) error {
	return db.write(ctx, "keep checkpoint", func(a *act) error {
		_, err := a.exec(`
			INSERT INTO keeping (checkpoint, keeper, tries, at, problem) VALUES (?, ?, 1, ?, ?)
			ON CONFLICT DO UPDATE SET tries = tries + 1, at = excluded.at, problem = excluded.problem`, id, keeper, a.now.UnixMilli(), problem)
		return err
	})
}

// newestShown is how many checkpoints the page of the ledger shows.
const newestShown = 20

// Ledger gives what pages say of the ledger.
func (db *DB) Ledger(ctx context.Context) (review.LedgerState, error) {
	s := review.LedgerState{Origin: db.origin, Public: db.LedgerPublic()}
	s.Verified, s.At, s.Break = db.LedgerWhole()
	err := db.read(ctx, "ledger", func(a *act) (err error) {
		if s.Size, err = a.ledgerSize(); err != nil {
			return err
		}
		s.Newest, err = a.checkpoints(newestShown)
		return err
	})
	return s, err
}

// NewestCheckpoint is the newest one that was signed, whether it left or not; review.ErrNotFound
// without any.
func (db *DB) NewestCheckpoint(ctx context.Context) (review.SignedCheckpoint, error) {
	all, err := db.Checkpoints(ctx, 1)
	switch {
	case err != nil:
		return review.SignedCheckpoint{}, err
	case len(all) == 0:
		return review.SignedCheckpoint{}, fmt.Errorf("checkpoint: %w", review.ErrNotFound)
	}
	return all[0], nil
}
