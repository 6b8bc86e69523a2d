package store

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"docket/review"
)

// Origin names this database's ledger: "docket/" and 32 hex digits.
func (db *DB) Origin() string { return db.origin }

// LedgerSize is how many entries the ledger has.
func (db *DB) LedgerSize(ctx context.Context) (int64, error) {
	var n int64
	err := db.read(ctx, "ledger size", func(a *act) (err error) {
		n, err = a.ledgerSize()
		return err
	})
	return n, err
}

func (a *act) ledgerSize() (int64, error) {
	var n int64
	err := a.one(`SELECT ifnull(max(entry), 0) FROM leaf`, nil, &n)
	return n, err
}

// LedgerProof proves that an entry is in the ledger as it was with so many entries; 0 is as it is
// now. An entry that is not in it is review.ErrNotFound.
func (db *DB) LedgerProof(ctx context.Context, entry review.EntryID, size int64) (review.LedgerProof, error) {
	p := review.LedgerProof{Entry: entry, Size: size}
	err := db.read(ctx, "ledger proof", func(a *act) error {
		have, err := a.ledgerSize()
		if err != nil {
			return err
		}
		if p.Size == 0 {
			p.Size = have
		}
		if entry < 1 || int64(entry) > p.Size || p.Size > have {
			return fmt.Errorf("entry %d: %w", entry, review.ErrNotFound)
		}
		if err := a.one(`SELECT record FROM leaf WHERE entry = ?`, []any{entry}, (*[]byte)(&p.Record)); err != nil {
			return err
		}
		path, err := tlog.ProveRecord(p.Size, int64(entry)-1, a)
		if err != nil {
			return err
		}
		p.Path = hashesIn(path)
		root, err := tlog.TreeHash(p.Size, a)
		p.Root = review.Hash(root)
		return err
	})
	return p, err
}

// LedgerConsistency proves that the ledger of a newer size begins with that of an older one, as
// review.CheckConsistency reads it. Sizes that the ledger never had are review.ErrNotFound.
func (db *DB) LedgerConsistency(ctx context.Context, older, newer int64) ([]review.Hash, error) {
	var path []review.Hash
	err := db.read(ctx, "ledger consistency", func(a *act) error {
		have, err := a.ledgerSize()
		if err != nil {
			return err
		}
		if older < 0 || older > newer || newer > have {
			return fmt.Errorf("ledger sizes %d and %d: %w", older, newer, review.ErrNotFound)
		}
		if older == 0 {
			return nil
		}
		proof, err := tlog.ProveTree(newer, older, a)
		path = hashesIn(proof)
		return err
	})
	return path, err
}

func hashesIn(path []tlog.Hash) []review.Hash {
	out := make([]review.Hash, len(path))
	for i, h := range path {
		out[i] = review.Hash(h)
	}
	return out
}

// LedgerLeaves gives the leaves of some entries in ascending order, with the values that their
// records seal. It opens personal data.
func (db *DB) LedgerLeaves(ctx context.Context, entries []review.EntryID) ([]review.LedgerLeaf, error) {
	entries = slices.Clone(entries)
	slices.Sort(entries)
	entries = slices.Compact(entries)
	leaves := make([]review.LedgerLeaf, 0, len(entries))
	err := db.read(ctx, "ledger leaves", func(a *act) error {
		for len(entries) > 0 {
			run := 1
			for run < len(entries) && run < sealBatch && entries[run] == entries[run-1]+1 {
				run++
			}
			next := entries[0]
			err := eachLeaf(a.rows, next, entries[run-1], func(l *leafRow) error {
				leaf, err := l.disclose()
				if err != nil || l.entry.ID != next {
					return fmt.Errorf("%w: entry %d", ErrLedger, next)
				}
				leaves = append(leaves, leaf)
				next++
				return nil
			})
			if err != nil {
				return err
			}
			if next != entries[run-1]+1 {
				return fmt.Errorf("entry %d: %w", next, review.ErrNotFound)
			}
			entries = entries[run:]
		}
		return nil
	})
	return leaves, err
}

// disclose opens the sealed fields of a leaf as far as they are still there.
func (l *leafRow) disclose() (review.LedgerLeaf, error) {
	leaf := review.LedgerLeaf{Entry: l.entry.ID, Record: slices.Clone(l.record)}
	r, err := review.ParseRecord(l.record)
	if err != nil {
		return leaf, err
	}
	fields, _, err := l.entry.Fields(nil, nil)
	if err != nil {
		return leaf, err
	}
	names := r.SealedNames()
	if len(l.salts) != len(names)*review.SaltSize {
		return leaf, ErrLedger
	}
	for i, n := range names {
		salt := saltAt(l.salts, i)
		at := slices.IndexFunc(fields, func(f review.LedgerField) bool { return f.Name == n })
		if at < 0 || salt.IsZero() {
			leaf.Erased = append(leaf.Erased, n)
			continue
		}
		leaf.Open = append(leaf.Open, review.Disclosure{Field: n, Salt: salt, Value: fields[at].Value})
	}
	return leaf, nil
}
