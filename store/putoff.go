package store

import (
	"context"
	"errors"
)

// A bulk import puts off what touches pages all over the file, where each commit would log these pages anew:
// the fingerprints of new payloads and resources, and the facets of new reviews. They are written many at a time,
// and at the end of the import; put_off says behind which row there are none yet.
//
// Who looks for a name looks among the rows behind that one too. By a facet, and its counter, a review is found
// once it is written. Whoever is no import and adds a name, or moves a row of the queue, writes
// first what was put off: one that was killed leaves nothing undone for long.

// delayed is what can be put off, as put_off numbers it.
type delayed int64

const (
	delayedPayloads  = delayed(ofPayload)  // fingerprints
	delayedResources = delayed(ofResource) // the same
	delayedReviews   = delayed(3)          // facets of their rows in the queue; 2 would be fingerprints of kept roots
	delayedFallbacks = delayed(4)          // the same of transactions, which are resources, in the fallback tab
)

// putOffAtMost is how many rows of a kind are put off, and may be some more.
type putOffAtMost [5]int64

var mostPutOff = putOffAtMost{delayedPayloads: halfTail, delayedResources: halfTail, delayedReviews: 1 << 12, delayedFallbacks: halfTail}

// putOffBehind gives the row behind which what is delayed is not written, if any was put off.
func (a *act) putOffBehind(what delayed) (after int64, some bool, err error) {
	if !a.lateKnown {
		err := a.each(`SELECT kind, after FROM put_off`, nil, func(scan func(...any) error) error {
			var what delayed
			var after int64
			err := scan(&what, &after)
			a.delay(what, after)
			return err
		})
		if err != nil {
			return 0, false, err
		}
		a.lateKnown = true
	}
	after, some = a.late[what]
	return after, some, nil
}

func (a *act) delay(what delayed, after int64) {
	if a.late == nil {
		a.late = map[delayed]int64{}
	}
	a.late[what] = after
}

// putOff has what is delayed of the rows behind one be written later.
func (a *act) putOff(what delayed, after int64) error {
	a.delay(what, after)
	_, err := a.exec(`INSERT INTO put_off (kind, after) VALUES (?, ?)`, what, after)
	return err
}

// caughtUp says that nothing of it is put off.
func (a *act) caughtUp(what delayed) error {
	delete(a.late, what)
	_, err := a.exec(`DELETE FROM put_off WHERE kind = ?`, what)
	return err
}

// addPrints adds the fingerprints of new rows, which are numbered from first on, or puts them off.
func (a *act) addPrints(kind printKind, first int64, prints []int64) error {
	if len(prints) == 0 {
		return nil
	}
	a.db.tails[kind].extend(first, prints)
	if err := a.extendSieve(kind, first, prints); err != nil {
		return err
	}
	after, some, err := a.putOffBehind(delayed(kind))
	if err != nil {
		return err
	}
	if !some {
		after = first - 1
	}
	last := first - 1 + int64(len(prints))
	bulk := a.db.options.Bulk
	switch {
	case !some && !bulk:
		return a.print(kind, after, last, numbered(first, len(prints)), prints)
	case !bulk || last-after > a.db.putOff[kind]:
		return a.printLate(kind, after, last)
	case !some:
		return a.putOff(delayed(kind), after)
	}
	return nil
}

func numbered(first int64, n int) []int64 {
	rows := make([]int64, n)
	for i := range rows {
		rows[i] = first + int64(i)
	}
	return rows
}

// printLate adds the fingerprints that were put off, of all rows after one and up to the last.
func (a *act) printLate(kind printKind, after, last int64) error {
	var rows, prints []int64
	err := a.withTail(kind, after, last, func(t *tail) { rows, prints = t.between(after, last) })
	if err != nil {
		return err
	}
	if err := a.print(kind, after, last, rows, prints); err != nil {
		return err
	}
	return a.caughtUp(delayed(kind))
}

// added is the first and the last number of the rows that an act added to a table; 0 none.
type added struct{ first, last int64 }

func (x *added) add(first, last int64) {
	if x.first == 0 {
		x.first = first
	}
	x.last = last
}

// lateRows are the rows of the queue whose facets are put off: those of reviews behind one, and of transactions
// in the fallback tab behind one.
type lateRows struct{ review, fallback int64 }

func (l lateRows) has(id int64) bool { return id > l.review || id < -l.fallback }

func (a *act) lateRows() (l lateRows, some bool, err error) {
	l.review, some, err = a.putOffBehind(delayedReviews)
	if err == nil && some {
		l.fallback, _, err = a.putOffBehind(delayedFallbacks)
	}
	return l, some, err
}

// delayFacets takes out of what an act moved the facets that are put off, and puts in those that no
// longer are.
func (a *act) delayFacets() error {
	if len(a.moved.counters) == 0 {
		return nil
	}
	late, some, err := a.lateRows()
	if err != nil {
		return err
	}
	bulk, opened, named := a.db.options.Bulk, a.opened, a.named
	if !some {
		if !bulk || opened.first == 0 || named.first == 0 {
			return nil
		}
		late = lateRows{opened.first - 1, named.first - 1}
		if err := errors.Join(a.putOff(delayedReviews, late.review), a.putOff(delayedFallbacks, late.fallback)); err != nil {
			return err
		}
	}
	for k, s := range a.moved.counters {
		if k.facet != "" {
			s.without(late)
		}
	}
	most := &a.db.putOff
	if bulk && opened.last-late.review <= most[delayedReviews] && named.last-late.fallback <= most[delayedFallbacks] {
		return nil
	}
	return a.moveLate(late)
}

const lateInQueue = `
	SELECT id, state, opened_at, facets FROM queue WHERE id > ?1 UNION ALL
	SELECT id, state, opened_at, facets FROM queue WHERE id < -?2`

// moveLate puts the facets that are put off among what the act moves.
func (a *act) moveLate(late lateRows) error {
	err := a.each(lateInQueue, []any{late.review, late.fallback}, func(scan func(...any) error) error {
		var id int64
		var p facetPlace
		err := scan(&id, &p.state, &p.openedAt, listColumn[facet]{&p.facets})
		a.shiftFacets(id, &p, 1)
		return err
	})
	return errors.Join(err, a.caughtUp(delayedReviews), a.caughtUp(delayedFallbacks))
}

// CatchUp writes what a bulk import has put off.
func (db *DB) CatchUp(ctx context.Context) error {
	some := false
	err := db.read(ctx, "catch up", func(a *act) error {
		return a.one(`SELECT EXISTS (SELECT 1 FROM put_off)`, nil, &some)
	})
	if err != nil || !some {
		return err
	}
	return db.write(ctx, "catch up", func(a *act) error {
		for _, kind := range []printKind{ofPayload, ofResource} {
			after, some, err := a.putOffBehind(delayed(kind))
			if err != nil {
				return err
			}
			if !some {
				continue
			}
			last, err := a.lastRow(kind)
			if err != nil {
				return err
			}
			if err := a.printLate(kind, after, last); err != nil {
				return err
			}
		}
		late, some, err := a.lateRows()
		if err != nil || !some {
			return err
		}
		return a.moveLate(late)
	})
}
