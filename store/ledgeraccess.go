package store

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"docket/review"
)

// spanEntry is an entry that seals a span of the access log.
type spanEntry struct {
	entry review.EntryID
	span  review.AccessSpan
}

// expiryEntry is an entry that says that the rows of some spans went.
type expiryEntry struct {
	entry  review.EntryID
	at     time.Time
	policy review.PolicyVersion
	before time.Time
	seals  []review.EntrySpan
}

// ofAccesses says that a detail is about the access log.
func ofAccesses(detail map[string]string) bool {
	return detail[review.DetailWhat] == review.WhatAccesses
}

// accessEntries are the entries about the access log, in their order.
type accessEntries struct {
	spans    []spanEntry
	expiries []expiryEntry
}

// add adds an entry, if it is one of them.
func (x *accessEntries) add(entry review.EntryID, act review.Act, at time.Time, policy review.PolicyVersion, detail map[string]string) error {
	switch {
	case !ofAccesses(detail):
	case act == review.ActSeen:
		s, err := review.ParseAccessSpan(detail)
		if err != nil {
			return err
		}
		x.spans = append(x.spans, spanEntry{entry, s})
	case act == review.ActErased:
		e := expiryEntry{entry: entry, at: at, policy: policy}
		var err error
		if e.before, err = review.ParseLedgerInstant(detail[review.DetailBefore]); err != nil {
			return err
		}
		if e.seals, err = review.ParseEntrySpans(detail[review.DetailSeals]); err != nil {
			return err
		}
		x.expiries = append(x.expiries, e)
	}
	return nil
}

// checkSpan holds the rows of a span against what its entry says; why says what does not fit. held is
// false when they were removed: then that is to be explained.
func checkSpan(rows rower, entry review.EntryID, span review.AccessSpan) (why string, held bool, err error) {
	var first, last int64
	var salt, hints []byte
	there := false
	err = rows(`SELECT first, last, salt, hints FROM access_seal WHERE entry = ?`, 4, func(v []driver.Value) error {
		c := columns{v: v}
		first, last, salt, hints = c.number(), c.number(), slices.Clone(c.bytes()), slices.Clone(c.bytes())
		there = true
		return nil
	}, int64(entry))
	switch {
	case err != nil:
		return "", false, err
	case !there || first != span.First || last != span.Last:
		return fmt.Sprintf("the seal of accesses %d to %d is not the one that was recorded", span.First, span.Last), false, nil
	case salt == nil:
		return "", false, nil
	case len(salt) != review.SaltSize:
		return fmt.Sprintf("the seal of accesses %d to %d has another salt than it was made with", span.First, span.Last), true, nil
	}
	sealer := review.NewAccessSealer(review.Salt(salt))
	n := int64(0)
	if err := eachAccess(rows, span, func(x *review.Access) error {
		n++
		sealer.Add(x)
		return nil
	}); err != nil {
		return "", false, err
	}
	if n == span.Rows && sealer.Sum() == span.Digest {
		return "", true, nil
	}
	why, err = namedAccess(rows, span, review.Salt(salt), hints)
	return why, true, err
}

// eachAccess reads the rows of a span.
func eachAccess(rows rower, span review.AccessSpan, fn func(*review.Access) error) error {
	var x review.Access
	return rows(`SELECT id, colleague, what, object, review, first_at, last_at, n FROM access WHERE id BETWEEN ? AND ? ORDER BY id`, 8, func(v []driver.Value) error {
		c := columns{v: v}
		x = review.Access{ID: c.number(), By: review.ColleagueID(c.text()), What: review.AccessKind(c.text()), Object: c.text(),
			Review: review.ReviewID(c.number()), FirstAt: instant(c.number()), LastAt: instant(c.number()), N: int(c.number())}
		return fn(&x)
	}, span.First, span.Last)
}

// namedAccess says which row of a span that does not hold is not as it was, as far as the hints tell.
func namedAccess(rows rower, span review.AccessSpan, salt review.Salt, hints []byte) (string, error) {
	why := ""
	says := func(id int64, what string) error {
		why = fmt.Sprintf("access %d %s", id, what)
		return errEnough
	}
	if int64(len(hints)) != 16*span.Rows {
		return fmt.Sprintf("accesses %d to %d are not those that were sealed", span.First, span.Last), nil
	}
	sealer := review.NewAccessSealer(salt)
	err := eachAccess(rows, span, func(x *review.Access) error {
		sealer.Add(x)
		hint := sealer.Hint()
		switch id := hinted(hints); {
		case id < x.ID && id != 0:
			return says(id, "is gone")
		case id != x.ID:
			return says(x.ID, "was put in")
		case string(hints[8:16]) != string(hint[:]):
			return says(id, "is not what it was when it was sealed")
		}
		hints = hints[16:]
		return nil
	})
	if err != nil && why == "" {
		return "", err
	}
	switch id := hinted(hints); {
	case why != "":
	case id != 0:
		why = fmt.Sprintf("access %d is gone", id)
	default:
		why = fmt.Sprintf("accesses %d to %d are not those that were sealed", span.First, span.Last)
	}
	return why, nil
}

// hinted is the row that the next hint is of, 0 none.
func hinted(hints []byte) int64 {
	if len(hints) < 16 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(hints)) //nolint:gosec // what it cannot be fits no row
}

// accesses holds the rows of the access log against the entries that seal them. When all of the trail was
// read and is whole, no row may be where none was sealed, and none may have gone before its time.
func (v *ledgerVerifier) accesses(ctx context.Context, size int64, all bool) (*review.LedgerBreak, error) {
	var told accessEntries
	for i := range v.chunks {
		told.spans = append(told.spans, v.chunks[i].accesses.spans...)
		told.expiries = append(told.expiries, v.chunks[i].accesses.expiries...)
	}
	if len(told.spans)+len(told.expiries) == 0 && !all {
		return nil, nil
	}
	var first *review.LedgerBreak
	breaks := func(entry review.EntryID, format string, args ...any) {
		if first == nil || entry < first.Entry {
			first = &review.LedgerBreak{Entry: entry, Why: fmt.Sprintf(format, args...)}
		}
	}
	var gone []spanEntry
	last := int64(0)
	for _, s := range told.spans {
		if s.span.First <= last {
			breaks(s.entry, "it seals accesses that an entry before it sealed")
		}
		last = s.span.Last
		err := v.db.rawRead(ctx, func(rows rower) error {
			why, held, err := checkSpan(rows, s.entry, s.span)
			if why != "" {
				breaks(s.entry, "%s", why)
			} else if !held {
				gone = append(gone, s)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if err := v.removed(ctx, size, &told, gone, breaks); err != nil {
		return nil, err
	}
	if all && first == nil {
		return v.strays(ctx, size, told.spans)
	}
	return first, nil
}

// removed looks for rows that went without an entry that says so, and for such entries that say so before
// its time.
func (v *ledgerVerifier) removed(ctx context.Context, size int64, told *accessEntries, gone []spanEntry, breaks func(review.EntryID, string, ...any)) error {
	err := v.db.read(ctx, "ledger", func(a *act) error { // written while the rest was read
		return a.each(`SELECT id, act, at, policy, detail FROM entry WHERE id > ? AND review IS NULL AND act IN (?, ?) ORDER BY id`,
			[]any{size, review.ActErased, review.ActSeen}, func(scan func(...any) error) error {
				var entry review.EntryID
				var act review.Act
				var at time.Time
				var policy review.PolicyVersion
				var detail map[string]string
				if err := scan(&entry, &act, timeColumn{&at}, &policy, detailColumn{&detail}); err != nil {
					return err
				}
				return told.add(entry, act, at, policy, detail)
			})
	})
	if err != nil {
		return err
	}
	for _, s := range gone {
		if !slices.ContainsFunc(told.expiries, func(e expiryEntry) bool { return e.entry > s.entry && named(e.seals, s.entry) }) {
			breaks(s.entry, "accesses %d to %d are gone, and no later entry says so", s.span.First, s.span.Last)
		}
	}
	for _, e := range told.expiries {
		p, err := v.db.PolicyAt(ctx, e.policy)
		if err != nil {
			breaks(e.entry, "the policy that it went by cannot be read")
			continue
		}
		keep := p.Keeps(review.RetainAccess)
		if keep == 0 || e.before.After(e.at.Add(-keep)) {
			breaks(e.entry, "it removed accesses before their time")
		}
		for _, s := range told.spans {
			if named(e.seals, s.entry) && s.span.To.After(e.before) {
				breaks(e.entry, "it removed accesses that were younger than it says: %d to %d", s.span.First, s.span.Last)
			}
		}
	}
	return nil
}

// strays looks for rows, and seals, that no entry speaks for.
func (v *ledgerVerifier) strays(ctx context.Context, size int64, spans []spanEntry) (*review.LedgerBreak, error) {
	var broken *review.LedgerBreak
	err := v.db.readWithin(ctx, checkFor, "ledger", func(a *act) error {
		type seal struct {
			entry       review.EntryID
			first, last int64
			held        bool
		}
		var seals []seal
		err := a.each(`SELECT entry, first, last, salt IS NOT NULL FROM access_seal ORDER BY last`, nil, func(scan func(...any) error) error {
			var s seal
			err := scan(&s.entry, &s.first, &s.last, &s.held)
			seals = append(seals, s)
			return err
		})
		if err != nil || len(seals) == 0 {
			return err
		}
		told := make(map[review.EntryID]bool, len(spans))
		for _, s := range spans {
			told[s.entry] = true
		}
		for _, s := range seals {
			if !told[s.entry] && int64(s.entry) <= size { // a later one was made while the rest was read
				broken = &review.LedgerBreak{Entry: s.entry, Why: fmt.Sprintf("it sealed no accesses, and there is a seal of %d to %d", s.first, s.last)}
				return nil
			}
		}
		err = a.each(`SELECT id FROM access WHERE id <= ? ORDER BY id`, []any{seals[len(seals)-1].last}, func(scan func(...any) error) error {
			var id int64
			if err := scan(&id); err != nil {
				return err
			}
			for seals[0].last < id {
				seals = seals[1:]
			}
			if s := seals[0]; id < s.first || !s.held {
				broken = &review.LedgerBreak{Entry: s.entry, Why: fmt.Sprintf("access %d was put in: none was there when this was sealed, or it went", id)}
				return errEnough
			}
			return nil
		})
		if broken != nil {
			return nil
		}
		return err
	})
	return broken, err
}
