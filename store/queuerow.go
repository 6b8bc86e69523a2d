package store

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"docket/review"
)

// stateFallback is the state of queue rows that are no reviews: transactions that wait for
// their subject to finish an inquiry.
const stateFallback = string(review.TabFallback)

// queueRow is one line of the queue as it is written.
type queueRow struct {
	*summary
	id          int64
	txn         int64
	transaction review.TransactionID
	state       string
	opening     review.Opening
	openedAt    time.Time
	closedAt    time.Time
	closing     review.Closing
	status      string
	answered    int
	why         review.Why
	outcome     review.Outcome
	inquiry     string // of a row without review
}

// facet is one value that a row can be filtered by.
type facet struct{ Name, Value string }

// The names of the facets.
const (
	facetKind    = "kind"
	facetCountry = "country"
	facetTag     = "tag"
)

func facetNames() []string { return []string{facetKind, facetCountry, facetTag} }

func facetsOf(s *summary) []facet {
	var fs []facet
	for _, k := range s.tally {
		fs = append(fs, facet{facetKind, string(k.Kind)})
	}
	if s.country != "" {
		fs = append(fs, facet{facetCountry, s.country})
	}
	for _, t := range s.tags {
		fs = append(fs, facet{facetTag, t})
	}
	slices.SortFunc(fs, func(x, y facet) int { return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Value, y.Value)) })
	fs = slices.Compact(fs)
	return fs[:min(len(fs), maxFacets)]
}

// MarshalJSON writes a pair.
func (f facet) MarshalJSON() ([]byte, error) { return json.Marshal([2]string{f.Name, f.Value}) }

// UnmarshalJSON reads a pair.
func (f *facet) UnmarshalJSON(b []byte) error {
	var p [2]string
	err := json.Unmarshal(b, &p)
	f.Name, f.Value = p[0], p[1]
	return err
}

// facetPlace is where a row stands in the facet table and in the search index.
type facetPlace struct {
	state    string
	openedAt int64
	facets   []facet
	words    review.Hash
}

// putQueueRow writes a row. What it can be found by is written by findable, once for all rows:
// each write of another table between two of the search index would make the index write its
// memory out. With known, the row may be there.
func (b *absorption) putQueueRow(r queueRow, known bool) error {
	var had *facetPlace
	if known {
		p, err := b.facetPlace(r.id)
		switch {
		case err == nil:
			had = &p
		case !errors.Is(err, review.ErrNotFound):
			return err
		}
	}
	text, scope := r.words, scopeText(r.state, r.facets)
	now := facetPlace{r.state, millis(r.openedAt), r.facets, review.Sum([]byte(text + "\x00" + scope))}
	if err := b.writeQueueRow(r, now, had != nil); err != nil {
		return err
	}
	if had == nil || had.state != now.state || had.openedAt != now.openedAt || !slices.Equal(had.facets, now.facets) {
		if had != nil {
			if err := b.moveFacets(r.id, had, nil); err != nil {
				return err
			}
		}
		for _, f := range now.facets {
			if err := b.facets.add(now.state, f.Name, f.Value, now.openedAt, r.id); err != nil {
				return err
			}
		}
	}
	if had == nil || had.words != now.words {
		if had != nil {
			b.unsearch = append(b.unsearch, r.id)
		}
		b.search = append(b.search, r.id, text, scope)
	}
	return nil
}

// findable writes what the rows that were put can be found by.
func (b *absorption) findable() error {
	if err := b.facets.flush(); err != nil {
		return err
	}
	for _, id := range b.unsearch {
		if _, err := b.exec(`DELETE FROM search WHERE rowid = ?`, id); err != nil {
			return err
		}
	}
	rows := newBulk(b.act, `INSERT INTO search (rowid, text, scope) VALUES `, `(?, ?, ?)`, ``)
	if err := rows.add(b.search...); err != nil {
		return err
	}
	b.unsearch, b.search = nil, nil
	return rows.flush()
}

func (a *act) facetPlace(id int64) (facetPlace, error) {
	var p facetPlace
	err := a.one(`SELECT state, opened_at, facets, words FROM queue WHERE id = ?`, []any{id},
		&p.state, &p.openedAt, listColumn[facet]{&p.facets}, hashColumn{&p.words})
	return p, err
}

func (a *act) writeQueueRow(r queueRow, p facetPlace, known bool) error {
	tags, err := list(r.tags)
	if err != nil {
		return err
	}
	tally, err := list(r.tally)
	if err != nil {
		return err
	}
	facets, err := list(r.facets)
	if err != nil {
		return err
	}
	args := []any{r.txn, string(r.transaction), r.state, r.opening, p.openedAt, nullMillis(r.closedAt), r.closing, r.status,
		r.subject, r.kind, review.Fold(r.subject), r.reference, r.country, tags, tally, len(r.open), r.answered,
		nullMillis(r.halted), r.why, r.outcome, r.inquiry, r.evidence[:], facets, p.words[:], r.id}
	if known {
		_, err = a.exec(`
			UPDATE queue SET txn = ?, transaction_ = ?, state = ?, opening = ?, opened_at = ?, closed_at = ?, closing = ?, status = ?,
			  subject = ?, subject_kind = ?, subject_fold = ?, reference = ?, country = ?, tags = ?, tally = ?, matches = ?, answered = ?,
			  halted_since = ?, why = ?, outcome = ?, inquiry = ?, evidence = ?, facets = ?, words = ?
			WHERE id = ?`, args...)
		return err
	}
	_, err = a.exec(`
		INSERT INTO queue (txn, transaction_, state, opening, opened_at, closed_at, closing, status,
		  subject, subject_kind, subject_fold, reference, country, tags, tally, matches, answered,
		  halted_since, why, outcome, inquiry, evidence, facets, words, id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, args...)
	return err
}

// moveFacets takes a row's facets from one place to another; nil is no place.
func (a *act) moveFacets(id int64, from, to *facetPlace) error {
	if from != nil {
		for _, f := range from.facets {
			if _, err := a.exec(`DELETE FROM facet WHERE state = ? AND facet = ? AND value = ? AND opened_at = ? AND id = ?`,
				from.state, f.Name, f.Value, from.openedAt, id); err != nil {
				return err
			}
		}
	}
	if to != nil {
		for _, f := range to.facets {
			if _, err := a.exec(`INSERT INTO facet (state, facet, value, opened_at, id) VALUES (?, ?, ?, ?, ?)`,
				to.state, f.Name, f.Value, to.openedAt, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropQueueRow takes a row out of the queue, if it is there.
func (b *absorption) dropQueueRow(id int64) error {
	p, err := b.facetPlace(id)
	if errors.Is(err, review.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	if err := b.moveFacets(id, &p, nil); err != nil {
		return err
	}
	b.unsearch = append(b.unsearch, id)
	_, err = b.exec(`DELETE FROM queue WHERE id = ?`, id)
	return err
}
