package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"docket/review"
)

// ErrLedger says that the ledger does not end where the trail ends: somebody else wrote to the file.
// Nothing is written on top of that.
var ErrLedger = errors.New("the ledger does not fit the trail")

// sealBatch bounds how many entries are sealed in one go.
const sealBatch = 2_000

// seal makes leaves of the entries that this act added. It is the last thing that an act does to its
// facts: what hangs on an entry must be there.
func (a *act) seal() error {
	if a.entries == 0 {
		if len(a.unsealed) > 0 {
			return errors.New("salts went, and no entry says so")
		}
		return nil
	}
	edge, last, err := a.edge()
	if err != nil {
		return err
	}
	if last != edge.size+a.entries {
		return fmt.Errorf("%w: %d leaves, %d entries, %d of them new; docket verify says more", ErrLedger, edge.size, last, a.entries)
	}
	if err := a.sealUntil(&edge, last); err != nil {
		return err
	}
	a.sealed = &edge
	return nil
}

// edge is the right edge of the ledger, and the last entry of the trail. What is remembered of the edge
// counts only while the newest leaf is the one that it ends with: another process may have written.
func (a *act) edge() (edge frontier, last int64, err error) {
	var size int64
	var hashes []byte
	err = a.one(`
		SELECT (SELECT ifnull(max(id), 0) FROM entry), (SELECT ifnull(max(entry), 0) FROM leaf), (SELECT hashes FROM leaf ORDER BY entry DESC LIMIT 1)`,
		nil, &last, &size, &hashes)
	switch {
	case err != nil:
		return frontier{}, 0, err
	case size == 0:
		return frontier{}, last, nil
	}
	if f := a.db.edge; f.size == size && len(hashes) >= 32 && f.roots[len(f.roots)-1] == review.Hash(hashes[len(hashes)-32:]) {
		return f.clone(), last, nil
	}
	edge, err = a.frontierAt(size)
	return edge, last, err
}

// sealUntil makes the leaves behind an edge, up to an entry.
func (a *act) sealUntil(edge *frontier, last int64) error {
	for edge.size < last {
		if err := a.sealSome(edge, min(last, edge.size+sealBatch)); err != nil {
			return err
		}
	}
	return nil
}

func (a *act) sealSome(edge *frontier, last int64) error {
	type leaf struct {
		entry                 int64
		record, salts, hashes []byte
	}
	made := make([]leaf, 0, last-edge.size)
	var fields []review.LedgerField
	var room []byte
	var completed []review.Hash
	err := eachLeaf(a.rows, review.EntryID(edge.size+1), review.EntryID(last), func(l *leafRow) error {
		e := &l.entry
		if int64(e.ID) != edge.size+1 || l.sealed {
			return fmt.Errorf("%w at entry %d", ErrLedger, edge.size+1)
		}
		if l.odd {
			return fmt.Errorf("entry %d: a word with a sign in it that no word has", e.ID)
		}
		var err error
		if fields, room, err = e.Fields(fields[:0], room[:0]); err != nil {
			return fmt.Errorf("entry %d: %w", e.ID, err)
		}
		salts := make([]byte, len(fields)*review.SaltSize)
		_, _ = rand.Read(salts) // it never fails
		for i := range fields {
			fields[i].Sum = review.Seal(fields[i].Name, saltAt(salts, i), fields[i].Value)
		}
		record, err := e.Append(make([]byte, 0, 640), fields)
		if err != nil {
			return fmt.Errorf("entry %d: %w", e.ID, err)
		}
		if review.Act(e.Act) == review.ActErased && len(a.unsealed) > 0 {
			if err := a.explains(record); err != nil {
				return err
			}
		}
		completed = edge.add(completed[:0], review.LeafHash(record))
		hashes := make([]byte, 0, len(completed)*32)
		for _, h := range completed {
			hashes = append(hashes, h[:]...)
		}
		made = append(made, leaf{int64(e.ID), record, salts, hashes})
		return nil
	})
	switch {
	case err != nil:
		return err
	case edge.size != last:
		return fmt.Errorf("%w at entry %d", ErrLedger, edge.size+1)
	case len(a.unsealed) > 0:
		return fmt.Errorf("the salts of entries %s went, and no entry says so", review.EntrySpans(a.unsealed))
	}
	leaves := newBulk(a, `INSERT INTO leaf (entry, record, salts, hashes) VALUES `, `(?, ?, ?, ?)`, ``)
	for _, l := range made {
		if err := leaves.add(l.entry, l.record, l.salts, l.hashes); err != nil {
			return err
		}
	}
	return leaves.flush()
}

func saltAt(salts []byte, i int) review.Salt {
	return review.Salt(salts[i*review.SaltSize : (i+1)*review.SaltSize])
}

// explains strikes the entries that an `erased` entry names off those whose salts went in this act.
func (a *act) explains(record []byte) error {
	r, err := review.ParseRecord(record)
	if err != nil {
		return err
	}
	spans, err := review.ParseEntrySpans(r.Detail[review.DetailEntries])
	if err != nil {
		return err
	}
	a.unsealed = slices.DeleteFunc(a.unsealed, func(id review.EntryID) bool { return named(spans, id) })
	return nil
}

// named says that spans name an entry.
func named(spans []review.EntrySpan, id review.EntryID) bool {
	return slices.ContainsFunc(spans, func(s review.EntrySpan) bool { return s.First <= id && id <= s.Last })
}

// unseal turns the salts of those sealed fields of some entries to zeros whose values are no longer
// in the rows, and gives the entries where it did. Whoever erases values calls it after, in the same
// act, and then records an `erased` entry that names what it gave under review.DetailEntries
// (review.EntrySpans): without one the act fails.
func (a *act) unseal(ids []review.EntryID) ([]review.EntryID, error) {
	var gone []review.EntryID
	for _, id := range ids {
		var salts []byte
		err := eachLeaf(a.rows, id, id, func(l *leafRow) error {
			if !l.sealed {
				return nil // of this act: it is sealed as it is at the end
			}
			r, err := review.ParseRecord(l.record)
			if err != nil {
				return fmt.Errorf("entry %d: %w", id, err)
			}
			fields, _, err := l.entry.Fields(nil, nil)
			if err != nil {
				return fmt.Errorf("entry %d: %w", id, err)
			}
			names := r.SealedNames()
			if len(l.salts) != len(names)*review.SaltSize {
				return fmt.Errorf("%w: entry %d has other salts than sealed fields", ErrLedger, id)
			}
			for i, n := range names {
				held := slices.ContainsFunc(fields, func(f review.LedgerField) bool { return f.Name == n })
				if held || saltAt(l.salts, i).IsZero() {
					continue
				}
				if salts == nil {
					salts = slices.Clone(l.salts)
				}
				clear(salts[i*review.SaltSize : (i+1)*review.SaltSize])
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if salts == nil {
			continue
		}
		if _, err := a.exec(`UPDATE leaf SET salts = ? WHERE entry = ?`, salts, id); err != nil {
			return nil, err
		}
		gone = append(gone, id)
	}
	a.unsealed = append(a.unsealed, gone...)
	return gone, nil
}

// settingLedger is the origin of this database's ledger. It is there once every entry has its leaf.
const settingLedger = "ledger"

// startLedger settles the origin. A trail that began before there was a ledger is sealed first, as
// it stands.
func (db *DB) startLedger(ctx context.Context) error {
	for done := false; !done; {
		err := db.write(ctx, "ledger", func(a *act) (err error) {
			db.origin, err = a.setting(settingLedger)
			if done = err == nil; done || !errors.Is(err, review.ErrNotFound) {
				return err
			}
			edge, last, err := a.edge()
			if err != nil {
				return err
			}
			until := min(last, edge.size+sealBatch)
			if err := a.sealUntil(&edge, until); err != nil {
				return err
			}
			a.sealed = &edge
			if until < last {
				return nil
			}
			var name [16]byte
			_, _ = rand.Read(name[:])
			return a.set(settingLedger, "docket/"+hex.EncodeToString(name[:]))
		})
		if err != nil {
			return err
		}
	}
	return nil
}
