package store

import "docket/review"

// counterKey is what a counter counts: the rows of a state, in all (facet "") or with a value.
type counterKey struct{ state, facet, value string }

// moved is by how much the counters of the queue move in the running act.
type moved struct {
	counters map[counterKey]int64
	hours    map[int64]int64 // open reviews by the hour of their opening
}

const millisPerHour = 3_600_000

// countRow notes that a queue row came to a place (1) or left it (-1).
func (a *act) countRow(p *facetPlace, by int64) {
	if a.moved.counters == nil {
		a.moved = moved{counters: make(map[counterKey]int64, 256), hours: map[int64]int64{}}
	}
	a.moved.counters[counterKey{state: p.state}] += by
	if p.state == string(review.StateOpen) {
		a.moved.hours[p.openedAt/millisPerHour] += by
	}
}

// countFacet notes the same of one facet of a row.
func (a *act) countFacet(state string, f facet, by int64) {
	a.moved.counters[counterKey{state, f.Name, f.Value}] += by
}

// writeCounters moves the counters, each once however many rows an act moved.
func (a *act) writeCounters() error {
	counters := newBulk(a, `INSERT OR FAIL INTO counter (state, facet, value, n) VALUES `, `(?, ?, ?, ?)`, ` ON CONFLICT DO UPDATE SET n = n + excluded.n`)
	for k, by := range a.moved.counters {
		if by == 0 {
			continue
		}
		if err := counters.add(k.state, k.facet, k.value, by); err != nil {
			return err
		}
	}
	hours := newBulk(a, `INSERT OR FAIL INTO age (hour, n) VALUES `, `(?, ?)`, ` ON CONFLICT DO UPDATE SET n = n + excluded.n`)
	for hour, by := range a.moved.hours {
		if by == 0 {
			continue
		}
		if err := hours.add(hour, by); err != nil {
			return err
		}
	}
	if err := counters.flush(); err != nil {
		return err
	}
	if err := hours.flush(); err != nil {
		return err
	}
	for k, by := range a.moved.counters {
		if by >= 0 {
			continue
		}
		if _, err := a.exec(`DELETE FROM counter WHERE state = ? AND facet = ? AND value = ? AND n = 0`, k.state, k.facet, k.value); err != nil {
			return err
		}
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
