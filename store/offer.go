package store

import (
	"context"
	"fmt"
	"sync"

	"docket/review"
)

// maxOptions bounds the values that one filter offers.
const maxOptions = 100

// offers keeps what the tabs offered at one version of the database: every page of the queue
// asks, and the answer changes only with a commit.
type offers struct {
	mu      sync.Mutex
	version int64
	of      map[review.Tab]review.QueueFilters
}

// version is a number that changes with every commit of any connection or process, as SQLite
// counts them for a connection that never writes (PRAGMA data_version).
func (db *DB) version(ctx context.Context) (int64, error) {
	var n int64
	err := db.watcher.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&n)
	return n, err
}

// QueueFilters gives the values that a tab can be filtered by now, the most frequent first.
// Labels are the values themselves, or a colleague's name.
func (db *DB) QueueFilters(ctx context.Context, tab review.Tab) (review.QueueFilters, error) {
	version, err := db.version(ctx)
	if err != nil {
		return review.QueueFilters{}, fmt.Errorf("queue filters: %w", classify(err))
	}
	db.offers.mu.Lock()
	f, known := db.offers.of[tab]
	known = known && db.offers.version == version
	db.offers.mu.Unlock()
	if !known {
		f = review.QueueFilters{}
	}
	err = db.read(ctx, "queue filters", func(a *act) error {
		states, err := list(statesOf(tab))
		if err != nil {
			return err
		}
		if !known {
			if err := a.facetsOffered(states, &f); err != nil {
				return err
			}
		}
		f.Assignees = nil // a claim can end without a commit
		return a.each(`
			SELECT c.by_, p.name, count(*) FROM claim c CROSS JOIN colleague p ON p.id = c.by_ CROSS JOIN queue q ON q.id = c.review
			WHERE c.until > ? AND q.state IN (SELECT value FROM json_each(?)) GROUP BY c.by_ ORDER BY p.name`,
			[]any{a.now.UnixMilli(), states}, options(&f.Assignees))
	})
	if err != nil {
		return review.QueueFilters{}, err
	}
	if !known {
		db.offers.keep(version, tab, f)
	}
	return f, nil
}

func (o *offers) keep(version int64, tab review.Tab, f review.QueueFilters) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.version != version || o.of == nil {
		o.version, o.of = version, map[review.Tab]review.QueueFilters{}
	}
	o.of[tab] = f
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
