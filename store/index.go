package store

import (
	"slices"

	"docket/review"
)

// The rows of the search index are numbered by state first, so that a search in one state walks
// nothing of the others, and by the number of the review or transaction second.
const (
	seatBits = 40
	seatMask = 1<<seatBits - 1
)

// seatedStates gives states in the order of their seats.
func seatedStates() []string {
	return []string{string(review.StateOpen), string(review.StateApproval), string(review.StateWaiting), string(review.StateClosed), stateFallback}
}

// seat is the number of a queue row in the search index.
func seat(state string, id int64) int64 {
	return int64(slices.Index(seatedStates(), state)+1)<<seatBits | max(id, -id)
}

// idOf is the queue row of a seat.
func idOf(seat int64) int64 {
	if seat >= fallbackSeats {
		return -(seat & seatMask)
	}
	return seat & seatMask
}

// fallbackSeats is where the rows begin that are no reviews; they are the last.
const fallbackSeats = 5 << seatBits

// seatsOf gives the seats that some states have, all or one.
func seatsOf(states []string) (first, last int64) {
	return seat(states[0], 0), seat(states[len(states)-1], seatMask)
}

// entryOfIndex is what becomes of one queue row in the search index: it leaves a seat (0: none)
// and takes another (0: none).
type entryOfIndex struct {
	from, to    int64
	text, scope string
}

// index notes what a row is found by from the end of the act on.
func (a *act) index(id int64, e entryOfIndex) {
	if a.indexed == nil {
		a.indexed = make(map[int64]entryOfIndex)
	}
	if earlier, ok := a.indexed[id]; ok {
		e.from = earlier.from
	}
	a.indexed[id] = e
}

// writeIndex writes what index noted, at once and in the order of the seats: the index sets down
// what it holds in memory whenever another table is written between, or when it meets a smaller
// number than the last.
func (a *act) writeIndex() error {
	if len(a.indexed) == 0 {
		return nil
	}
	var left, taken []int64
	by := make(map[int64]entryOfIndex, len(a.indexed))
	for _, e := range a.indexed {
		if e.from != 0 {
			left = append(left, e.from)
		}
		if e.to != 0 {
			taken = append(taken, e.to)
			by[e.to] = e
		}
	}
	slices.Sort(left)
	for _, s := range left {
		if _, err := a.exec(`DELETE FROM search WHERE rowid = ?`, s); err != nil {
			return err
		}
	}
	slices.Sort(taken)
	rows := newBulk(a, `INSERT INTO search (rowid, text, scope) VALUES `, `(?, ?, ?)`, ``)
	for _, s := range taken {
		if err := rows.add(s, by[s].text, by[s].scope); err != nil {
			return err
		}
	}
	return rows.flush()
}
