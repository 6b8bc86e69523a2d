package store

import (
	"encoding/json"
	"slices"

	"docket/review"
)

const (
	// How many rows fit what was typed, and which: one line, because each line that leaves
	// SQLite costs more than finding it.
	searchSeats = `
		SELECT count(*), '[' || ifnull(group_concat(rowid), '') || ']' FROM (
		  SELECT rowid FROM search WHERE search MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid LIMIT ?4)`
	searchSeatsBack = `
		SELECT count(*), '[' || ifnull(group_concat(rowid), '') || ']' FROM (
		  SELECT rowid FROM search WHERE search MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC LIMIT ?4)`

	searchPlaces = `SELECT q.id, q.opened_at, q.calm, q.subject_fold FROM json_each(?1) j CROSS JOIN queue q ON q.id = j.value`
)

// pageOfSearch finds rows by what was typed. A thousand or fewer are sorted as asked; more than
// that by state and age, whatever was asked.
func (l *listing) pageOfSearch() ([]place, error) {
	match := matchQuery(l.search, l.facet)
	if match == "" {
		return nil, nil
	}
	states := l.states[:0:0] // those with any row that fits the filters
	for _, state := range l.states {
		h, err := l.held(state)
		if err != nil {
			return nil, err
		}
		if h.n > 0 {
			states = append(states, state)
		}
	}
	if len(states) == 0 {
		return nil, nil
	}
	taken, err := l.taken()
	if err != nil {
		return nil, err
	}
	first, last := seatsOf(states)
	seats, err := l.seats(searchSeats, match, first, last, exactTo+1)
	if err != nil {
		return nil, err
	}
	if len(seats) <= exactTo {
		seats = slices.DeleteFunc(seats, func(s int64) bool { return taken[idOf(s)] })
		l.total = review.Count{N: len(seats)}
		return l.pageOfSeats(seats)
	}
	l.total = review.Count{N: exactTo, More: true}
	if l.sort != review.SortNewest {
		asked := l.sort
		l.sort = review.SortOldest
		defer func() { l.sort = asked }()
	}
	return l.pageOfMany(match, states, seats, taken)
}

// pageOfMany gives state after state, each by age, so that mostly one walk is a page. The
// seats are the first that were found.
func (l *listing) pageOfMany(match string, states []string, seats []int64, taken map[int64]bool) ([]place, error) {
	cursor := l.after
	reached := ""
	if l.started {
		if err := l.one(`SELECT state FROM queue WHERE id = ?`, []any{cursor.id}, &reached); err != nil {
			return nil, err
		}
		if cursor.state > 0 {
			reached = seatedStates()[min(cursor.state, int64(len(seatedStates())))-1]
		}
	}
	var found []place
	for _, state := range states {
		if reached != "" && state != reached {
			continue
		}
		l.after = l.beginning()
		if reached != "" {
			l.after, reached = cursor, ""
		}
		more, err := l.walkSearch(match, state, seats, taken)
		if err != nil {
			return nil, err
		}
		for i := range more {
			more[i].state = seatOfAge(state, 0) >> stateBit
		}
		if found = append(found, more...); len(found) > l.limit {
			break
		}
	}
	l.after = cursor
	return found[:min(len(found), l.limit+1)], nil
}

// taken gives the reviews that someone holds, when only free ones are wanted.
func (l *listing) taken() (map[int64]bool, error) {
	if !l.free {
		return nil, nil
	}
	taken := make(map[int64]bool)
	err := l.each(`SELECT review FROM claim WHERE until > ?`, []any{l.now.UnixMilli()}, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		taken[id] = true
		return err
	})
	return taken, err
}

// seats finds up to so many seats from first to last.
func (l *listing) seats(query, match string, first, last int64, limit int) ([]int64, error) {
	var n int
	var text []byte
	if err := l.one(query, []any{match, first, last, limit}, &n, &text); err != nil {
		return nil, err
	}
	seats := make([]int64, 0, n)
	return seats, json.Unmarshal(text, &seats)
}

// pageOfSeats sorts all rows that were found. By age, the seats tell which may be on the page.
func (l *listing) pageOfSeats(seats []int64) ([]place, error) {
	if l.sort == review.SortOldest || l.sort == review.SortNewest {
		sign := int64(1)
		if l.sort == review.SortNewest {
			sign = -1
		}
		from := sign * ageOf(seatOfAge("", l.after.openedAt))
		seats = slices.DeleteFunc(seats, func(s int64) bool { return sign*ageOf(s) < from })
		slices.SortFunc(seats, func(x, y int64) int { return int(sign * (ageOf(x) - ageOf(y))) })
		for n := l.limit + 1; ; n += n {
			found, err := l.behind(seats[:sameAge(seats, n)])
			if err != nil || len(found) > l.limit || n >= len(seats) {
				return found, err
			}
		}
	}
	return l.behind(seats)
}

// sameAge widens n seats by those that follow and have the age of the last.
func sameAge(seats []int64, n int) int {
	for n = min(n, len(seats)); n > 0 && n < len(seats) && ageOf(seats[n]) == ageOf(seats[n-1]); {
		n++
	}
	return n
}

// behind reads where rows stand and gives those behind the cursor in order, as many as a page
// needs.
func (l *listing) behind(seats []int64) ([]place, error) {
	ids := make([]int64, len(seats))
	for i, s := range seats {
		ids[i] = idOf(s)
	}
	found, err := l.places(searchPlaces, numbers(ids))
	found = slices.DeleteFunc(found, func(p place) bool { return l.compare(p, l.after) <= 0 })
	slices.SortFunc(found, l.compare)
	return found[:min(len(found), l.limit+1)], err
}

// walkSearch finds the places of one state behind the cursor, by age, among more rows than are
// counted.
func (l *listing) walkSearch(match, state string, known []int64, taken map[int64]bool) ([]place, error) {
	first, last := seatsOf([]string{state})
	query := searchSeats
	if l.sort == review.SortNewest {
		query, last = searchSeatsBack, seatOfAge(state, l.after.openedAt)|rowMask
	} else {
		first = seatOfAge(state, l.after.openedAt)
	}
	for n := l.limit + 8; ; n += n {
		var seats []int64
		if l.sort == review.SortOldest && n < len(known) && known[0] >= first && known[n] <= last {
			seats = slices.Clone(known[:n]) // what the index would give again
		} else {
			var err error
			if seats, err = l.seats(query, match, first, last, n); err != nil {
				return nil, err
			}
		}
		whole := len(seats) < n
		if !whole { // of the last age there may be more
			age := ageOf(seats[n-1])
			seats = slices.DeleteFunc(seats, func(s int64) bool { return ageOf(s) == age })
		}
		found, err := l.behind(slices.DeleteFunc(seats, func(s int64) bool { return taken[idOf(s)] }))
		if err != nil || whole || len(found) > l.limit {
			return found, err
		}
	}
}
