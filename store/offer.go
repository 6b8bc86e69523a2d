package store

import (
	"context"

	"docket/review"
)

// maxOptions bounds the values that one filter offers.
const maxOptions = 100

// QueueFilters gives the values that a tab can be filtered by now, the most frequent first.
// Labels are the values themselves, or a colleague's name. The lists are shared: callers read
// them only.
func (db *DB) QueueFilters(ctx context.Context, tab review.Tab) (review.QueueFilters, error) {
	return db.filters.of(ctx, db, tab, func() (review.QueueFilters, error) {
		var f review.QueueFilters
		err := db.read(ctx, "queue filters", func(a *act) error {
			states, err := list(statesOf(tab))
			if err != nil {
				return err
			}
			if err := a.facetsOffered(states, &f); err != nil {
				return err
			}
			return a.each(`
				SELECT p.id, p.name, count(*) FROM (
				  SELECT c.by_ AS who, c.review FROM claim c WHERE c.until > ?1
				  UNION
				  SELECT x.to_, x.review FROM escalation x WHERE x.to_ IS NOT NULL AND x.entry = (SELECT max(y.entry) FROM escalation y WHERE y.review = x.review)
				  AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.review = x.review AND c.until > ?1)
				) h CROSS JOIN colleague p ON p.id = h.who CROSS JOIN queue q ON q.id = h.review
				WHERE q.state IN (SELECT value FROM json_each(?2)) AND (q.state <> 'closed' OR EXISTS (SELECT 1 FROM claim c WHERE c.review = q.id AND c.until > ?1))
				GROUP BY p.id ORDER BY p.name`,
				[]any{a.now.UnixMilli(), states}, options(&f.Assignees))
		})
		return f, err
	})
}

// facetsOffered reads the values of the facets, the most frequent first.
func (a *act) facetsOffered(states string, f *review.QueueFilters) error {
	for _, part := range []struct {
		name string
		to   *[]review.FilterOption
	}{{facetKind, &f.Kinds}, {facetCountry, &f.Countries}, {facetTag, &f.Tags}} {
		err := a.each(`
			SELECT c.value, c.value, sum(c.n) FROM json_each(?) j JOIN counter c ON c.state = j.value AND c.facet = ?
			GROUP BY c.value ORDER BY 3 DESC, 1 LIMIT ?`, []any{states, part.name, maxOptions}, options(part.to))
		if err != nil {
			return err
		}
	}
	return nil
}

func options(to *[]review.FilterOption) func(func(...any) error) error {
	return func(scan func(...any) error) error {
		var o review.FilterOption
		err := scan(&o.Value, &o.Label, &o.N)
		*to = append(*to, o)
		return err
	}
}
