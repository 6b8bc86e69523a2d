package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"docket/review"
)

// FillLedger writes many entries about made-up reviews of the last resource, one act in thousand, as a
// busy desk would: of ten, two opened, two claimed, one noted, two findings with premises, one decision,
// one left from outside, one seen.
func (db *DB) FillLedger(ctx context.Context, entries int) error {
	const each = 1_000
	var evidence review.Hash
	for i := range evidence {
		evidence[i] = byte(i)
	}
	for from := 0; from < entries; from += each {
		err := db.write(ctx, "fill", func(a *act) error {
			r := rand.New(rand.NewPCG(1, uint64(from))) //nolint:gosec // nothing secret
			var last, of int64
			if err := a.one(`SELECT ifnull(max(id), 0) FROM entry`, nil, &last); err != nil {
				return err
			}
			trail := newBulk(a, entryInsert, entryValues, ``)
			reviews := newBulk(a, `INSERT INTO review (id, root, opening, opened_at, state, closed_at, closing, left_status) VALUES `, `(?, ?, 'status', 0, 'open', NULL, '', '')`, ``)
			found := newBulk(a, `INSERT INTO disposition (review, match, entry, finding, kind, identity, whose, party, seen, carries, missing) VALUES `,
				`(?, ?, ?, 'false_positive', 'watchlist', ?, ?, ?, ?, NULL, '[]')`, ``)
			premises := newBulk(a, `INSERT INTO premise (entry, place, kind, attribute, amount, out_of, subject, listed, rule, comparator) VALUES `,
				`(?, 0, 'birth-years-apart', 'birthdate', 12, 0, '["1980-01-02"]', '["1968-03-04"]', 'birth-years', '3')`, ``)
			made := newBulk(a, `INSERT INTO decision (entry, review, at, by_, outcome, matches, false_positives, true_matches, cannot_tell, comparator, policy, second, corrects) VALUES `,
				`(?, ?, ?, 'anna', 'approve', 2, 2, 0, 0, '3', 1, 0, NULL)`, ``)
			if err := a.one(`SELECT ifnull(max(id), 0) FROM review`, nil, &of); err != nil {
				return err
			}
			var root int64
			if err := a.one(`SELECT max(resource) FROM root`, nil, &root); err != nil {
				return err
			}
			for i := range each {
				id := last + int64(i) + 1
				e := review.Entry{Act: review.ActClaimed, By: "anna", Evidence: evidence, Comparator: "3"}
				key := review.MatchKey(fmt.Sprintf("m_%016x", r.Uint64()))
				switch i % 10 {
				case 0, 5:
					of++
					if err := reviews.add(of, root); err != nil {
						return err
					}
					e.Act, e.By, e.Status = review.ActReviewOpened, "", "needs_review"
					e.Detail = map[string]string{"root": "transaction/txn_1", "opening": "status", "opened_at": "2026-11-22T06:00:00.123Z"}
				case 2:
					e.Act, e.Note = review.ActNoted, "Asked the customer team for the passport that was read at sign-up."
				case 3, 7:
					e.Act, e.Finding, e.Reason, e.Matches = review.ActDisposed, review.FalsePositive, review.ReasonBirthdate, []review.MatchKey{key}
					if err := found.add(of, key, id, "identity of it", "whose it is", "p_0123456789abcdef", evidence[:]); err != nil {
						return err
					}
					if err := premises.add(id); err != nil {
						return err
					}
				case 4:
					e.Act, e.Outcome, e.Reason, e.Matches = review.ActDecided, review.Approve, review.ReasonAllFalsePositive, []review.MatchKey{key}
					if err := made.add(id, of, a.now.UnixMilli()); err != nil {
						return err
					}
				case 8:
					e.Act, e.By, e.Status = review.ActReviewClosed, "", "approved"
				case 9:
					e.Act = review.ActSeen
				}
				e.Review = review.ReviewID(of)
				if err := reviews.flush(); err != nil {
					return err
				}
				row, err := a.entryRow(e)
				if err != nil {
					return err
				}
				if err := trail.add(row...); err != nil {
					return err
				}
				if i%10 < 9 {
					continue
				}
				for _, b := range []*bulk{trail, found, premises, made} { // what hangs on an entry comes after it
					if err := b.flush(); err != nil {
						return err
					}
				}
			}
			// All reviews are of one root, and every act would count them all again.
			_, err := a.exec(`DELETE FROM kept_stale`)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// FloorOfLedger hashes as many bytes as the records have, and reads nothing but them: nothing that
// verifies can be quicker.
func (db *DB) FloorOfLedger(ctx context.Context) (n int, err error) {
	err = db.readWithin(ctx, checkFor, "floor", func(a *act) error {
		return a.each(`SELECT record FROM leaf ORDER BY entry`, nil, func(scan func(...any) error) error {
			var record []byte
			err := scan(&record)
			if review.LeafHash(record) != (review.Hash{}) {
				n++
			}
			return err
		})
	})
	return n, err
}

// SealOne adds one entry in an act of its own, and says how long it took to make its leaf and how long
// the whole act.
func (db *DB) SealOne(ctx context.Context) (seal, all time.Duration, err error) {
	began := time.Now()
	err = db.write(ctx, "seal one", func(a *act) error {
		if _, err := a.record(review.Entry{Act: review.ActExported, By: "anna", Detail: map[string]string{"what": "decisions"}}); err != nil {
			return err
		}
		began := time.Now()
		err := a.seal()
		seal = time.Since(began)
		a.entries = 0
		return err
	})
	return seal, time.Since(began), err
}

// LeavesRead are the entries of a range in words, by the way in which they were read, and how many of
// them were read in packs and from pages.
type LeavesRead struct {
	InPacks, FromPages, ByColumn []string
	Packed, Paged                int
	Strange                      bool // something about the pages was
}

// ReadFileEveryWay is ReadEveryWay of a file, without the looks that Open takes at it.
func ReadFileEveryWay(ctx context.Context, path string, first, last review.EntryID) (all LeavesRead, err error) {
	pool, err := newPool(dsn(path, readerKeys), 1, readerPragmas, nil)
	if err != nil {
		return all, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	return (&DB{reader: pool}).ReadEveryWay(ctx, first, last)
}

// ReadEveryWay reads the entries of a range in packs, from pages and column by column.
func (db *DB) ReadEveryWay(ctx context.Context, first, last review.EntryID) (all LeavesRead, err error) {
	err = db.rawRead(ctx, func(rows rower) error {
		into := func(to *[]string) func(*leafRow) error {
			return func(l *leafRow) error {
				*to = append(*to, fmt.Sprintf("%+v", *l))
				return nil
			}
		}
		for from := first; from <= last; from += packSize {
			var r leafReader
			if err := rows(packQuery, 6, func(v []driver.Value) error {
				if r.packed(v) {
					all.Packed += len(r.leaves)
				}
				return nil
			}, from, min(last, from+packSize-1)); err != nil {
				return err
			}
		}
		p := pageReader{rows: rows}
		err := p.open()
		if err == nil {
			err = p.give(first, last, func(*leafRow) error {
				all.Paged++
				return nil
			})
		}
		if all.Strange = errors.Is(err, errStrange); err != nil && !all.Strange {
			return err
		}
		return errors.Join(eachLeaf(rows, first, last, into(&all.InPacks)), eachPagedLeaf(rows, first, last, into(&all.FromPages)),
			unpacked(rows, first, last, into(&all.ByColumn)))
	})
	return all, err
}

// VerifyInPacks is VerifyLedger, but that it reads in packs alone.
func (db *DB) VerifyInPacks(ctx context.Context, o LedgerCheck) (review.LedgerReport, error) {
	v := &ledgerVerifier{db: db, LedgerCheck: o, workers: 2, short: math.MaxInt64}
	return v.verify(ctx, frontier{})
}

// ReadPage reads everything in a page of a table, whatever bytes it is, and says how many rows it has.
func ReadPage(page []byte) (rows int, err error) {
	p, err := openPage(page)
	if err != nil {
		return 0, err
	}
	if p.kind == insidePage {
		all, err := p.inside(branch{1, math.MinInt64, math.MaxInt64}, math.MinInt64, math.MaxInt64, nil)
		return len(all), err
	}
	for ; rows < p.cells; rows++ {
		row, err := p.row(rows)
		if err != nil {
			return rows, err
		}
		r := openRecord(row.local)
		r.texts = string(r.values)
		for len(r.kinds) > 0 && !r.odd {
			same := r
			_, _, _ = same.number(), r.text(), r.bytes()
		}
	}
	return rows, nil
}

// EraseNote empties the note of an entry and records it, as an erasure does.
func (db *DB) EraseNote(ctx context.Context, id review.EntryID) error {
	return db.write(ctx, "erase note", func(a *act) error {
		for _, s := range []string{`DROP TRIGGER entry_holds`, `UPDATE entry SET note = '' WHERE id = ` + fmt.Sprint(id)} {
			if _, err := a.exec(s); err != nil {
				return err
			}
		}
		gone, err := a.unseal([]review.EntryID{id})
		if err != nil {
			return err
		}
		_, err = a.record(review.Entry{Act: review.ActErased, By: "anna", Detail: map[string]string{review.DetailEntries: review.EntrySpans(gone)}})
		return err
	})
}

// VerifyOneByOne verifies the ledger a chunk after the other, and calls between behind each.
func (db *DB) VerifyOneByOne(ctx context.Context, between func()) (review.LedgerReport, error) {
	v := &ledgerVerifier{db: db, workers: 1, LedgerCheck: LedgerCheck{Progress: func(int64, int64) { between() }}}
	return v.verify(ctx, frontier{})
}

// PlanOfPack is how SQLite goes about reading a pack.
func (db *DB) PlanOfPack(ctx context.Context) (plan []string, err error) {
	err = db.read(ctx, "plan", func(a *act) error {
		return a.each(`EXPLAIN QUERY PLAN `+packQuery, []any{1, packSize}, func(scan func(...any) error) error {
			var id, parent, unused int
			var step string
			err := scan(&id, &parent, &unused, &step)
			plan = append(plan, step)
			return err
		})
	})
	return plan, err
}
