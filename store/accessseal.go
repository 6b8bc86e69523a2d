package store

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"time"

	"docket/review"
)

const (
	// sealAccessesEvery and sealAccessesOf are how old the oldest row of the access log that is not yet
	// sealed becomes, or how many there are, before they are.
	sealAccessesEvery = 24 * time.Hour
	sealAccessesOf    = 1_000
	// accessSettled is how old a row is that nobody counts in any more.
	accessSettled = review.AccessEvery + review.AccessLag
	// maxSpan bounds the rows of one span, and with sealAccessesEvery what waits to go until all of it may.
	maxSpan = 5_000
)

// SealAccesses has entries of the trail speak for the access log: for the rows that are counted no more,
// once many came or the oldest has waited for a day; now: in any case. It gives the number of entries. It
// is cheap when nothing is due, and no page waits for it.
func (db *DB) SealAccesses(ctx context.Context, now bool) (int, error) {
	if !now {
		due := false
		err := db.read(ctx, "seal accesses", func(a *act) (err error) {
			due, err = a.accessesWait()
			return err
		})
		if err != nil || !due {
			return 0, err
		}
	}
	if err := db.settleAccesses(ctx); err != nil {
		return 0, fmt.Errorf("seal accesses: %w", err)
	}
	for made := 0; ; made++ {
		some := false
		err := db.write(ctx, "seal accesses", func(a *act) (err error) {
			some, err = a.sealSpan()
			return err
		})
		if err != nil || !some {
			return made, err
		}
	}
}

// accessesWait says that rows should be sealed.
func (a *act) accessesWait() (bool, error) {
	last, err := a.accessSealed()
	if err != nil {
		return false, err
	}
	var oldest time.Time
	var n int
	err = a.one(`SELECT first_at, (SELECT count(*) FROM (SELECT 1 FROM access WHERE id > ?1 LIMIT ?2)) FROM access WHERE id > ?1 ORDER BY id LIMIT 1`,
		[]any{last, sealAccessesOf}, timeColumn{&oldest}, &n)
	if errors.Is(err, review.ErrNotFound) {
		return false, nil
	}
	return n >= sealAccessesOf || a.now.Sub(oldest) >= sealAccessesEvery, err
}

// accessSealed is the last row of the access log that is sealed, 0 none.
func (a *act) accessSealed() (last int64, err error) {
	err = a.one(accessSealed, nil, &last)
	return last, err
}

// settleAccesses writes what was only counted of rows that are counted no more.
func (db *DB) settleAccesses(ctx context.Context) error {
	q, now := &db.accesses, db.now()
	var waits []chan error
	q.mu.Lock()
	for key, r := range q.recent {
		if now.Sub(r.first) < review.AccessEvery && !now.Before(r.first) {
			continue
		}
		if r.n > 0 {
			r.done = make(chan error, 1)
			waits = append(waits, r.done)
			q.count(r)
		}
		delete(q.recent, key)
	}
	if len(waits) > 0 {
		q.run(db.writeAccesses)
	}
	q.mu.Unlock()
	for _, done := range waits {
		select {
		case err := <-done:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// sealSpan seals the next span; false: there is none.
func (a *act) sealSpan() (bool, error) {
	last, err := a.accessSealed()
	if err != nil {
		return false, err
	}
	var salt review.Salt
	_, _ = rand.Read(salt[:]) // it never fails
	sealer := review.NewAccessSealer(salt)
	var span review.AccessSpan
	var hints []byte
	// A row is settled once it is old; one of the future, made by a clock that went wrong, is counted in no more either.
	err = a.each(`
		SELECT id, colleague, what, object, ifnull(review, 0), first_at, last_at, n FROM access
		WHERE id > ?1 AND id < ifnull((SELECT min(id) FROM access WHERE first_at > ?2 AND first_at <= ?3 AND +id > ?1), 9223372036854775807) ORDER BY id LIMIT ?4`,
		[]any{last, a.now.Add(-accessSettled).UnixMilli(), a.now.UnixMilli(), maxSpan},
		func(scan func(...any) error) error {
			var x review.Access
			if err := scan(&x.ID, &x.By, &x.What, &x.Object, &x.Review, timeColumn{&x.FirstAt}, timeColumn{&x.LastAt}, &x.N); err != nil {
				return err
			}
			if span.Rows > 0 && x.FirstAt.Sub(span.From) >= sealAccessesEvery {
				return errEnough
			}
			if span.Rows == 0 {
				span.First, span.From, span.To = x.ID, x.FirstAt, x.LastAt
			}
			if x.FirstAt.Before(span.From) {
				span.From = x.FirstAt
			}
			if x.LastAt.After(span.To) {
				span.To = x.LastAt
			}
			span.Last, span.Rows = x.ID, span.Rows+1
			sealer.Add(&x)
			hint := sealer.Hint()
			hints = append(binary.BigEndian.AppendUint64(hints, uint64(x.ID)), hint[:]...) //nolint:gosec // numbers of rows are positive
			return nil
		})
	if err != nil && !errors.Is(err, errEnough) || span.Rows == 0 {
		return false, err
	}
	span.Digest = sealer.Sum()
	entry, err := a.record(review.Entry{Act: review.ActSeen, Detail: span.Detail()})
	if err != nil {
		return false, err
	}
	_, err = a.exec(`INSERT INTO access_seal (entry, first, last, until, salt, hints) VALUES (?, ?, ?, ?, ?, ?)`,
		entry, span.First, span.Last, span.To.UnixMilli(), salt[:], hints)
	return true, err
}

// expireBatch is how many spans of the access log go in one write.
const expireBatch = 10

// ExpireAccess removes the rows of the access log that are older than the policy in force keeps them, span
// by span: no row before all of its span may go. What went is an entry of the trail. A span that is not as
// it was sealed stays, for whoever has to find out why. It says how many rows went.
func (db *DB) ExpireAccess(ctx context.Context) (int, error) {
	if _, err := db.SealAccesses(ctx, false); err != nil {
		return 0, err
	}
	all := 0
	for after := (spanPlace{until: -1 << 62}); ; {
		n, more := int64(0), false
		err := db.write(ctx, "expire access", func(a *act) error {
			policy, err := a.policy()
			keep := policy.Keeps(review.RetainAccess)
			if err != nil || keep == 0 {
				return err
			}
			n, more, err = a.expireSpans(a.now.Add(-keep), &after)
			return err
		})
		all += int(n)
		if err != nil || !more {
			return all, err
		}
	}
}

// spanPlace is where a look at spans that are due goes on.
type spanPlace struct {
	until int64
	entry review.EntryID
}

func (a *act) expireSpans(before time.Time, after *spanPlace) (rows int64, more bool, err error) {
	due := map[review.EntryID]map[string]string{} // detail of the entry that sealed it
	err = a.each(`
		SELECT s.entry, s.until, e.detail FROM access_seal s JOIN entry e ON e.id = s.entry
		WHERE s.salt IS NOT NULL AND s.until <= ? AND (s.until, s.entry) > (?, ?) ORDER BY s.until, s.entry LIMIT ?`,
		[]any{before.UnixMilli(), after.until, after.entry, expireBatch}, func(scan func(...any) error) error {
			var detail map[string]string
			err := scan(&after.entry, &after.until, detailColumn{&detail})
			due[after.entry] = detail
			return err
		})
	if err != nil {
		return 0, false, err
	}
	var gone []review.EntryID
	for entry, detail := range due {
		span, err := review.ParseAccessSpan(detail)
		if err != nil {
			continue // not what docket writes: it stays
		}
		why, held, err := checkSpan(a.rows, entry, span)
		switch {
		case err != nil:
			return 0, false, err
		case why != "" || !held:
			continue
		}
		if _, err := a.exec(`UPDATE access_seal SET salt = NULL, hints = NULL WHERE entry = ?`, entry); err != nil {
			return 0, false, err
		}
		n, err := a.changes(`DELETE FROM access WHERE id BETWEEN ? AND ?`, span.First, span.Last)
		if err != nil {
			return 0, false, err
		}
		gone, rows = append(gone, entry), rows+n
	}
	if len(gone) > 0 {
		_, err = a.record(review.Entry{Act: review.ActErased, Detail: map[string]string{review.DetailWhat: review.WhatAccesses,
			review.DetailSeals: review.EntrySpans(gone), review.DetailBefore: review.LedgerInstant(before), "rows": strconv.FormatInt(rows, 10),
			review.DetailGround: string(review.GroundRetention)}})
	}
	return rows, len(due) == expireBatch, err
}
