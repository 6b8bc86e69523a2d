package store

import (
	"slices"

	"docket/review"
)

// What one colleague holds, and what was handed to them and nobody holds.
const ofAssignee = `
	SELECT c.review, q.state, q.opened_at FROM claim c CROSS JOIN queue q ON q.id = c.review WHERE c.by_ = ?1 AND c.until > ?2
	UNION
	SELECT q.id, q.state, q.opened_at FROM escalation x CROSS JOIN queue q ON q.id = x.review
	WHERE x.to_ = ?1 AND q.state <> 'closed' AND x.entry = (SELECT max(y.entry) FROM escalation y WHERE y.review = x.review)
	AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.review = x.review AND c.until > ?2)`

// What was handed to any lead and is not closed.
const ofLeads = `SELECT DISTINCT q.id, q.state, q.opened_at FROM escalation x CROSS JOIN queue q ON q.id = x.review WHERE q.state <> 'closed'`

// pageOfAssignee finds the rows that one colleague holds or was handed, or all that were handed to leads.
func (l *listing) pageOfAssignee() ([]place, error) {
	var ids, seats []int64
	query, args := ofAssignee, []any{l.assignee, l.now.UnixMilli()}
	if l.handed {
		query, args = ofLeads, nil
	}
	err := l.each(query, args, func(scan func(...any) error) error {
		var id, openedAt int64
		var state string
		err := scan(&id, &state, &openedAt)
		ids, seats = append(ids, id), append(seats, seat(state, openedAt, id))
		return err
	})
	if err != nil {
		return nil, err
	}
	if l.search != "" {
		match := matchQuery(l.search, facet{})
		if match == "" {
			return nil, nil
		}
		found := ids[:0]
		for i, id := range ids {
			var n int
			if err := l.one(`SELECT count(*) FROM search WHERE search MATCH ? AND rowid = ?`, []any{match, seats[i]}, &n); err != nil {
				return nil, err
			}
			if n > 0 {
				found = append(found, id)
			}
		}
		ids = found
	}
	return l.pageOfSet(ids)
}

// pageOfSet filters and sorts the few rows that someone holds.
func (l *listing) pageOfSet(ids []int64) ([]place, error) {
	var found []place
	err := l.each(`
		SELECT q.id, q.opened_at, q.calm, q.subject_fold, q.state, q.facets
		FROM json_each(?1) j CROSS JOIN queue q ON q.id = j.value`, []any{numbers(ids)},
		func(scan func(...any) error) error {
			var p place
			var state string
			var facets []facet
			if err := scan(&p.id, &p.openedAt, &p.calm, &p.fold, &state, listColumn[facet]{&facets}); err != nil {
				return err
			}
			if slices.Contains(l.states, state) &&
				!slices.ContainsFunc(l.filters, func(f facet) bool { return !slices.Contains(facets, f) }) {
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
