package store

import "docket/review"

// The queries that find places. Parameters 1 to 4 are the same everywhere: state, the number of the
// facet's counter (0 when no facet is wanted), now when only free reviews are wanted (else 0), limit.
// Each names the index that gives its order.
const (
	walkFree   = ` AND (?3 = 0 OR NOT EXISTS (SELECT 1 FROM claim c WHERE c.review = q.id AND c.until > ?3)) `
	walkWanted = `
		  AND (?2 = 0 OR EXISTS (SELECT 1 FROM facet f WHERE f.place = ?2 AND f.opened_at = q.opened_at AND f.id = q.id))` + walkFree

	// queue_by_age
	walkOldest = `SELECT q.id, q.opened_at, 0, '' FROM queue q WHERE q.state = ?1 AND (q.opened_at, q.id) > (?5, ?6)` + walkFree +
		`ORDER BY q.opened_at, q.id LIMIT ?4`
	walkNewest = `SELECT q.id, q.opened_at, 0, '' FROM queue q WHERE q.state = ?1 AND (q.opened_at, q.id) < (?5, ?6)` + walkFree +
		`ORDER BY q.opened_at DESC, q.id DESC LIMIT ?4`
	// queue_by_matches
	walkMatches = `SELECT q.id, q.opened_at, q.calm, '' FROM queue q WHERE q.state = ?1 AND (q.calm, q.opened_at, q.id) > (?7, ?5, ?6)` + walkWanted +
		`ORDER BY q.calm, q.opened_at, q.id LIMIT ?4`
	// queue_by_subject
	walkSubject = `SELECT q.id, q.opened_at, 0, q.subject_fold FROM queue q WHERE q.state = ?1 AND (q.subject_fold, q.opened_at, q.id) > (?7, ?5, ?6)` + walkWanted +
		`ORDER BY q.subject_fold, q.opened_at, q.id LIMIT ?4`
	// the key of facet
	walkFacetOldest = `SELECT q.id, q.opened_at, 0, '' FROM facet q WHERE q.place = ?2 AND (q.opened_at, q.id) > (?5, ?6)` + walkFree +
		`ORDER BY q.opened_at, q.id LIMIT ?4`
	walkFacetNewest = `SELECT q.id, q.opened_at, 0, '' FROM facet q WHERE q.place = ?2 AND (q.opened_at, q.id) < (?5, ?6)` + walkFree +
		`ORDER BY q.opened_at DESC, q.id DESC LIMIT ?4`
	// the key of facet, for few rows: each is looked up and the first of them are kept
	walkFew = ` FROM facet q CROSS JOIN queue r ON r.id = q.id
		WHERE q.place = ?2` + walkFree
	walkFewMatches = `SELECT q.id, q.opened_at, r.calm, ''` + walkFew +
		`AND (r.calm, q.opened_at, q.id) > (?7, ?5, ?6) ORDER BY r.calm, q.opened_at, q.id LIMIT ?4`
	walkFewSubject = `SELECT q.id, q.opened_at, 0, r.subject_fold` + walkFew +
		`AND (r.subject_fold, q.opened_at, q.id) > (?7, ?5, ?6) ORDER BY r.subject_fold, q.opened_at, q.id LIMIT ?4`

	// CROSS JOIN keeps the order: claims are few, rows of the queue are not.
	walkTaken = `SELECT count(*) FROM claim c CROSS JOIN queue q ON q.id = c.review
		WHERE q.state = ?1 AND c.until > ?3 AND (?2 = 0 OR EXISTS (
		  SELECT 1 FROM facet f WHERE f.place = ?2 AND f.opened_at = q.opened_at AND f.id = q.id))`
)

// held is what fits the filters of a listing in one state, whoever holds it.
type held struct {
	state string
	place int64 // the number of the facet's counter, 0 without a facet
	n     int
}

// wanted gives the parameters that the queries share.
func (l *listing) wanted(h held) []any {
	free := int64(0)
	if l.free {
		free = l.now.UnixMilli()
	}
	return []any{h.state, h.place, free, l.limit + 1}
}

// held finds what fits the filters in one state.
func (l *listing) held(state string) (held, error) {
	if l.facet == (facet{}) {
		return held{state: state, n: l.tabs[review.Tab(state)]}, nil
	}
	place, n, err := l.counter(state, l.facet)
	return held{state, place, n}, err
}

// countState counts what fits the listing of what it holds in one state.
func (l *listing) countState(h held) (int, error) {
	if !l.free || h.n == 0 {
		return h.n, nil
	}
	taken := 0
	err := l.one(walkTaken, l.wanted(h)[:3], &taken)
	return h.n - taken, err
}

// walk finds the places of one state, behind the cursor; n rows fit the listing.
func (l *listing) walk(h held, n int) ([]place, error) {
	args := append(l.wanted(h), l.after.openedAt, l.after.id)
	faceted := l.facet != (facet{})
	switch {
	case l.sort == review.SortOldest && faceted:
		return l.places(walkFacetOldest, args...)
	case l.sort == review.SortOldest:
		return l.places(walkOldest, args...)
	case l.sort == review.SortNewest && faceted:
		return l.places(walkFacetNewest, args...)
	case l.sort == review.SortNewest:
		return l.places(walkNewest, args...)
	case l.sort == review.SortMatches && faceted && n <= exactTo:
		return l.places(walkFewMatches, append(args, l.after.calm)...)
	case faceted && n <= exactTo:
		return l.places(walkFewSubject, append(args, l.after.fold)...)
	case l.sort == review.SortMatches:
		return l.places(walkMatches, append(args, l.after.calm)...)
	}
	return l.places(walkSubject, append(args, l.after.fold)...)
}

func (l *listing) places(query string, args ...any) ([]place, error) {
	var found []place
	err := l.each(query, args, func(scan func(...any) error) error {
		var p place
		err := scan(&p.id, &p.openedAt, &p.calm, &p.fold)
		found = append(found, p)
		return err
	})
	return found, err
}
