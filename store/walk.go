package store

import (
	"slices"

	"docket/review"
)

// The queries that find places. Parameters 1 to 6 are the same everywhere: state, kind, country,
// tag ("" any), now when only free reviews are wanted (else 0), limit. Each names the index that
// gives its order.
const (
	walkWanted = `
		  AND (?2 = '' OR EXISTS (SELECT 1 FROM facet f WHERE f.state = ?1 AND f.facet = 'kind' AND f.value = ?2 AND f.opened_at = q.opened_at AND f.id = q.id))
		  AND (?3 = '' OR EXISTS (SELECT 1 FROM facet f WHERE f.state = ?1 AND f.facet = 'country' AND f.value = ?3 AND f.opened_at = q.opened_at AND f.id = q.id))
		  AND (?4 = '' OR EXISTS (SELECT 1 FROM facet f WHERE f.state = ?1 AND f.facet = 'tag' AND f.value = ?4 AND f.opened_at = q.opened_at AND f.id = q.id))
		  AND (?5 = 0 OR NOT EXISTS (SELECT 1 FROM claim c WHERE c.review = q.id AND c.until > ?5)) `

	// queue_by_age
	walkOldest = `SELECT q.id, q.opened_at, 0, '' FROM queue q WHERE q.state = ?1 AND (q.opened_at, q.id) > (?7, ?8)` + walkWanted +
		`ORDER BY q.opened_at, q.id LIMIT ?6`
	walkNewest = `SELECT q.id, q.opened_at, 0, '' FROM queue q WHERE q.state = ?1 AND (q.opened_at, q.id) < (?7, ?8)` + walkWanted +
		`ORDER BY q.opened_at DESC, q.id DESC LIMIT ?6`
	// queue_by_matches
	walkMatches = `SELECT q.id, q.opened_at, q.calm, '' FROM queue q WHERE q.state = ?1 AND (q.calm, q.opened_at, q.id) > (?7, ?8, ?9)` + walkWanted +
		`ORDER BY q.calm, q.opened_at, q.id LIMIT ?6`
	// queue_by_subject
	walkSubject = `SELECT q.id, q.opened_at, 0, q.subject_fold FROM queue q WHERE q.state = ?1 AND (q.subject_fold, q.opened_at, q.id) > (?7, ?8, ?9)` + walkWanted +
		`ORDER BY q.subject_fold, q.opened_at, q.id LIMIT ?6`
	// the key of facet
	walkFacetOldest = `SELECT q.id, q.opened_at, 0, '' FROM facet q WHERE q.state = ?1 AND q.facet = ?9 AND q.value = ?10 AND (q.opened_at, q.id) > (?7, ?8)` + walkWanted +
		`ORDER BY q.opened_at, q.id LIMIT ?6`
	walkFacetNewest = `SELECT q.id, q.opened_at, 0, '' FROM facet q WHERE q.state = ?1 AND q.facet = ?9 AND q.value = ?10 AND (q.opened_at, q.id) < (?7, ?8)` + walkWanted +
		`ORDER BY q.opened_at DESC, q.id DESC LIMIT ?6`
	walkFew = `SELECT q.id, q.opened_at, r.calm, r.subject_fold FROM facet q JOIN queue r ON r.id = q.id
		WHERE q.state = ?1 AND q.facet = ?7 AND q.value = ?8 AND ?6 > 0` + walkWanted

	walkCount = `SELECT count(*) FROM (SELECT 1 FROM facet q WHERE q.state = ?1 AND q.facet = ?7 AND q.value = ?8` + walkWanted + `LIMIT ?6)`
	// CROSS JOIN keeps the order: claims are few, rows of the queue are not.
	walkTaken = `SELECT count(*) FROM claim c CROSS JOIN queue q ON q.id = c.review WHERE c.until > ?1 AND q.state = ?2`
)

// wanted gives the parameters 1 to 6. The facet that drives the query is not asked for again.
func (l *listing) wanted(state string, drive facet, limit int) []any {
	value := func(f facet) string {
		if f == drive {
			return ""
		}
		return f.Value
	}
	free := int64(0)
	if l.free {
		free = l.now.UnixMilli()
	}
	return []any{state, value(facet{facetKind, l.kind}), value(facet{facetCountry, l.country}), value(facet{facetTag, l.tag}), free, limit}
}

// countAll counts what fits the listing: by the counters where they tell, else row by row up
// to a bound.
func (l *listing) countAll() (review.Count, error) {
	var total review.Count
	for _, state := range l.states {
		n, err := l.countState(state)
		if err != nil {
			return total, err
		}
		total.N += n.N
		total.More = total.More || n.More
	}
	return total, nil
}

func (l *listing) countState(state string) (review.Count, error) {
	if len(l.facets) <= 1 && !l.free {
		if len(l.facets) == 0 {
			return review.Count{N: l.tabs[review.Tab(state)]}, nil
		}
		n, err := l.count(state, l.facets[0])
		return review.Count{N: n}, err
	}
	if len(l.facets) == 0 {
		var taken int
		err := l.one(walkTaken, []any{l.now.UnixMilli(), state}, &taken)
		return review.Count{N: l.tabs[review.Tab(state)] - taken}, err
	}
	drive, n, err := l.rarest(state)
	if err != nil || n == 0 {
		return review.Count{}, err
	}
	var c review.Count
	err = l.one(walkCount, append(l.wanted(state, drive, exactTo+1), drive.Name, drive.Value), &c.N)
	c.More = c.N > exactTo
	c.N = min(c.N, exactTo)
	return c, err
}

// pageOfAssignee finds the rows that one colleague holds.
func (l *listing) pageOfAssignee() ([]place, error) {
	var ids []int64
	err := l.each(`SELECT review FROM claim WHERE by_ = ? AND until > ?`, []any{l.assignee, l.now.UnixMilli()},
		func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			ids = append(ids, id)
			return err
		})
	if err != nil {
		return nil, err
	}
	if l.search != "" {
		match := matchQuery(l.search, "", nil)
		if match == "" {
			return nil, nil
		}
		hit := ids[:0]
		for _, id := range ids {
			var n int
			if err := l.one(`SELECT count(*) FROM search WHERE search MATCH ? AND rowid = ?`, []any{match, id}, &n); err != nil {
				return nil, err
			}
			if n > 0 {
				hit = append(hit, id)
			}
		}
		ids = hit
	}
	return l.pageOfSet(ids)
}

// pageOfSet filters and sorts a small set of rows.
func (l *listing) pageOfSet(ids []int64) ([]place, error) {
	var found []place
	err := l.each(`
		SELECT q.id, q.opened_at, q.calm, q.subject_fold, q.state, iif(?3, q.facets, '[]'),
		       ?4 AND EXISTS (SELECT 1 FROM claim c WHERE c.review = q.id AND c.until > ?2)
		FROM json_each(?1) j JOIN queue q ON q.id = j.value`, []any{numbers(ids), l.now.UnixMilli(), len(l.facets) > 0, l.free},
		func(scan func(...any) error) error {
			var p place
			var state string
			var taken bool
			var facets []facet
			if err := scan(&p.id, &p.openedAt, &p.calm, &p.fold, &state, listColumn[facet]{&facets}, &taken); err != nil {
				return err
			}
			if slices.Contains(l.states, state) && (!l.free || !taken) &&
				!slices.ContainsFunc(l.facets, func(f facet) bool { return !slices.Contains(facets, f) }) {
				found = append(found, p)
			}
			return nil
		})
	if err != nil {
		return nil, err
	}
	l.total = review.Count{N: len(found)}
	slices.SortFunc(found, l.compare)
	found = slices.DeleteFunc(found, func(p place) bool { return l.compare(p, l.after) <= 0 })
	return found[:min(len(found), l.limit+1)], nil
}

// pageOfSearch finds rows by what was typed. A thousand or fewer are sorted as asked; more than
// that are given in the order of their numbers, which is that of their age but for reviews
// that were opened by one import.
func (l *listing) pageOfSearch() ([]place, error) {
	state := ""
	if len(l.states) == 1 {
		state = l.states[0]
	}
	match := matchQuery(l.search, state, l.facets)
	if match == "" {
		return nil, nil
	}
	ids, err := l.found(`SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid LIMIT ?`, match, exactTo+1)
	if err != nil {
		return nil, err
	}
	if len(ids) <= exactTo {
		return l.pageOfSet(ids)
	}
	l.total = review.Count{N: exactTo, More: true}
	return l.pageOfMany(match)
}

// pageOfMany walks the search index itself.
func (l *listing) pageOfMany(match string) ([]place, error) {
	taken := 0
	if l.free {
		if err := l.one(`SELECT count(*) FROM claim WHERE until > ?`, []any{l.now.UnixMilli()}, &taken); err != nil {
			return nil, err
		}
	}
	query := `SELECT rowid FROM search WHERE search MATCH ?1 AND rowid > ?2 ORDER BY rowid LIMIT ?3`
	if l.sort == review.SortNewest {
		query = `SELECT rowid FROM search WHERE search MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3`
	}
	ids, err := l.found(query, match, l.after.id, l.limit+1+taken)
	if err != nil {
		return nil, err
	}
	total, after, sort := l.total, l.after, l.sort
	defer func() { l.total, l.after, l.sort = total, after, sort }()
	l.after = l.beginning()
	found, err := l.pageOfSet(ids)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(x, y place) int {
		if l.sort == review.SortNewest {
			x, y = y, x
		}
		return int(x.id - y.id)
	})
	return found, nil
}

func (l *listing) found(query string, args ...any) ([]int64, error) {
	var ids []int64
	err := l.each(query, args, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}
