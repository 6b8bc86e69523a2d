package store

import (
	"math"
	"slices"

	"docket/review"
)

// The rows of the search index are numbered by state first, so that a search in one state walks
// nothing of the others, then by age, so that it finds them in the order of the queue, and by the
// number of the review or transaction last: 3 bits, 28 bits of 16.384 seconds each, 32 bits.
const (
	stateBit = 60
	ageBit   = 32
	ageUnit  = 14 // 2^14 milliseconds
	maxAge   = 1<<(stateBit-ageBit) - 1
	rowMask  = 1<<ageBit - 1

	// Where the rows begin that are no reviews; they are the last.
	fallbackSeats = 5 << stateBit
)

// seatedStates gives states in the order of their seats.
func seatedStates() []string {
	return []string{string(review.StateOpen), string(review.StateApproval), string(review.StateWaiting), string(review.StateClosed), stateFallback}
}

// seat is the number of a queue row in the search index.
func seat(state string, openedAt, id int64) int64 {
	return seatOfAge(state, openedAt) | max(id, -id)
}

// seatOfAge is where the rows of a state begin that were opened with the given instant or, by
// less than a unit, before it.
func seatOfAge(state string, openedAt int64) int64 {
	return int64(slices.Index(seatedStates(), state)+1)<<stateBit | min(max(openedAt>>ageUnit, 0), maxAge)<<ageBit
}

// idOf is the queue row of a seat.
func idOf(seat int64) int64 {
	if seat >= fallbackSeats {
		return -(seat & rowMask)
	}
	return seat & rowMask
}

// ageOf is the part of a seat that orders it among those of its state.
func ageOf(seat int64) int64 { return seat >> ageBit & maxAge }

// seatsOf gives the first and the last seat of states, one or all of them.
func seatsOf(states []string) (first, last int64) {
	return seatOfAge(states[0], 0), seatOfAge(states[len(states)-1], math.MaxInt64) | rowMask
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
	for _, s := range taken {
		if _, err := a.exec(`INSERT INTO search (rowid, text, scope) VALUES (?, ?, ?)`, s, by[s].text, by[s].scope); err != nil {
			return err
		}
	}
	return nil
}
