package store

import (
	"context"
	"fmt"
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
