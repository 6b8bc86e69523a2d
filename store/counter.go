package store

import (
	"cmp"
	"fmt"
	"slices"

	"docket/review"
)

// counterKey is what a counter counts: the rows of a state, in all (facet "") or with a value.
type counterKey struct{ state, facet, value string }

// moved is how the counters of the queue move in the running act, and which rows move with them.
type moved struct {
	counters map[counterKey]*shift
	hours    map[int64]int64 // open reviews by the hour of their opening
}

// shift is how one counter moves.
type shift struct {
	counterKey
	by    int64
	place int64 // the counter's number, once the counter was written
	rows  []shiftedRow
}

// shiftedRow is a row that comes to a facet (1) or leaves it (-1).
type shiftedRow struct{ openedAt, id, by int64 }

const millisPerHour = 3_600_000

// countRow notes that a queue row came to a place (1) or left it (-1).
func (a *act) countRow(id int64, p *facetPlace, by int64) {
	a.shift(counterKey{state: p.state}).by += by
	if p.state == string(review.StateOpen) {
		a.moved.hours[p.openedAt/millisPerHour] += by
	}
	a.shiftFacets(id, p, by)
}

func (a *act) shiftFacets(id int64, p *facetPlace, by int64) {
	for _, f := range choices(p.facets) {
		s := a.shift(counterKey{p.state, f.Name, f.Value})
		s.by += by
		s.rows = append(s.rows, shiftedRow{p.openedAt, id, by})
	}
}

func (a *act) shift(k counterKey) *shift {
	if a.moved.counters == nil {
		a.moved = moved{counters: make(map[counterKey]*shift, 256), hours: map[int64]int64{}}
	}
	s, ok := a.moved.counters[k]
	if !ok {
		s = &shift{counterKey: k}
		a.moved.counters[k] = s
	}
	return s
}

// settle puts the rows in the order of age, and leaves out those that came and left.
func (s *shift) settle() {
	slices.SortFunc(s.rows, func(x, y shiftedRow) int { return cmp.Or(cmp.Compare(x.openedAt, y.openedAt), cmp.Compare(x.id, y.id)) })
	rows := s.rows[:0]
	for _, r := range s.rows {
		if n := len(rows); n > 0 && rows[n-1].openedAt == r.openedAt && rows[n-1].id == r.id {
			rows[n-1].by += r.by
		} else {
			rows = append(rows, r)
		}
	}
	s.rows = slices.DeleteFunc(rows, func(r shiftedRow) bool { return r.by == 0 })
}

// without leaves out what is put off.
func (s *shift) without(late lateRows) {
	s.rows = slices.DeleteFunc(s.rows, func(r shiftedRow) bool {
		if !late.has(r.id) {
			return false
		}
		s.by -= r.by
		return true
	})
}

// writeCounters moves the counters and facets, each counter once however many rows an act moved.
func (a *act) writeCounters() error {
	if err := a.delayFacets(); err != nil {
		return err
	}
	shifts := make([]*shift, 0, len(a.moved.counters))
	for _, s := range a.moved.counters {
		if s.settle(); s.by != 0 || len(s.rows) > 0 {
			shifts = append(shifts, s)
		}
	}
	slices.SortFunc(shifts, func(x, y *shift) int { // new numbers in an order that is always the same
		return cmp.Or(cmp.Compare(x.state, y.state), cmp.Compare(x.facet, y.facet), cmp.Compare(x.value, y.value))
	})
	for _, write := range []func([]*shift) error{a.placeCounters, a.writeFacets, a.dropCounters} {
		if err := write(shifts); err != nil {
			return err
		}
	}
	return a.writeHours()
}

// placeCounters moves counters and gives them their numbers, those that were not there a new one.
func (a *act) placeCounters(shifts []*shift) error {
	counters := newBulk(a, `INSERT OR FAIL INTO counter (state, facet, value, n) VALUES `, `(?, ?, ?, ?)`,
		` ON CONFLICT DO UPDATE SET n = n + excluded.n RETURNING id, state, facet, value`)
	counters.returned = func(scan func(...any) error) error {
		var id int64
		var k counterKey
		if err := scan(&id, &k.state, &k.facet, &k.value); err != nil {
			return err
		}
		s, ok := a.moved.counters[k]
		if !ok {
			return fmt.Errorf("counter %d is not one that was written", id)
		}
		s.place = id
		return nil
	}
	for _, s := range shifts {
		if err := counters.add(s.state, s.facet, s.value, s.by); err != nil {
			return err
		}
	}
	return counters.flush()
}

// writeFacets writes the rows that moved, in the order of the table: what lies on one page is written
// together.
func (a *act) writeFacets(shifts []*shift) error {
	slices.SortFunc(shifts, func(x, y *shift) int { return cmp.Compare(x.place, y.place) })
	come := newBulk(a, `INSERT OR FAIL INTO facet (place, opened_at, id) VALUES `, `(?, ?, ?)`, ``)
	for _, s := range shifts {
		for _, r := range s.rows {
			if r.by < 0 {
				if _, err := a.exec(`DELETE FROM facet WHERE place = ? AND opened_at = ? AND id = ?`, s.place, r.openedAt, r.id); err != nil {
					return err
				}
			}
			for range r.by { // to come twice is an error, as the row can be there once
				if err := come.add(s.place, r.openedAt, r.id); err != nil {
					return err
				}
			}
		}
	}
	return come.flush()
}

// dropCounters forgets counters without rows: the value may be a person's, and goes with its last row.
func (a *act) dropCounters(shifts []*shift) error {
	for _, s := range shifts {
		if s.by >= 0 {
			continue
		}
		if _, err := a.exec(`DELETE FROM counter WHERE id = ? AND n = 0`, s.place); err != nil {
			return err
		}
	}
	return nil
}

// writeHours moves the ages.
func (a *act) writeHours() error {
	hours := newBulk(a, `INSERT OR FAIL INTO age (hour, n) VALUES `, `(?, ?)`, ` ON CONFLICT DO UPDATE SET n = n + excluded.n`)
	for hour, by := range a.moved.hours {
		if by == 0 {
			continue
		}
		if err := hours.add(hour, by); err != nil {
			return err
		}
	}
	if err := hours.flush(); err != nil {
		return err
	}
	for hour, by := range a.moved.hours {
		if by >= 0 {
			continue
		}
		if _, err := a.exec(`DELETE FROM age WHERE hour = ? AND n = 0`, hour); err != nil {
			return err
		}
	}
	return nil
}
