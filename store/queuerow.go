package store

import (
	"cmp"
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
	id       int64
	root     int64
	ref      review.Ref // of the root
	state    string
	opening  review.Opening
	openedAt time.Time
	closedAt time.Time
	closing  review.Closing
	status   string
	answered int
	why      review.Why
	outcome  review.Outcome
	inquiry  string // of a row without review
}

// facetPlace is where a row stands among the facets, the counters and in the search index.
type facetPlace struct {
	state    string
	openedAt int64
	facets   []facet
	words    review.Hash
}

// putQueueRow writes a row; a new one is written by findable, once for all. With known, the row may be
// there.
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
	text, scope := r.words, scopeText(r.facets)
	now := facetPlace{r.state, millis(r.openedAt), r.facets, review.Sum([]byte(text + "\x00" + scope))}
	if err := b.writeQueueRow(r, now, had != nil); err != nil {
		return err
	}
	if had == nil || had.state != now.state || had.openedAt != now.openedAt || !slices.Equal(had.facets, now.facets) {
		b.moveFacets(r.id, had, &now)
	}
	if had == nil || had.state != now.state || had.openedAt != now.openedAt || had.words != now.words {
		from := int64(0)
		if had != nil {
			from = seat(had.state, had.openedAt, r.id)
		}
		b.index(r.id, entryOfIndex{from: from, to: seat(now.state, now.openedAt, r.id), text: text, scope: scope})
	}
	return nil
}

// findable writes the new ones of the rows that were put, and the listed matches behind them.
func (b *absorption) findable() error {
	return cmp.Or(b.queued.flush(), b.listed.flush())
}

func (a *act) facetPlace(id int64) (facetPlace, error) {
	var p facetPlace
	err := a.one(`SELECT state, opened_at, facets, words FROM queue WHERE id = ?`, []any{id},
		&p.state, &p.openedAt, listColumn[facet]{&p.facets}, hashColumn{&p.words})
	return p, err
}

func (b *absorption) writeQueueRow(r queueRow, p facetPlace, known bool) error {
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
	args := []any{r.root, r.ref.Type, r.ref.ID, r.state, r.opening, p.openedAt, nullMillis(r.closedAt), r.closing, r.status,
		r.subject, r.kind, review.Fold(r.subject), r.reference, r.country, tags, tally, len(r.open), r.answered,
		nullMillis(r.halted), r.why, r.outcome, r.inquiry, r.evidence[:], facets, p.words[:], r.id}
	if known {
		_, err = b.exec(`
			UPDATE queue SET root = ?, root_type = ?, root_id = ?, state = ?, opening = ?, opened_at = ?, closed_at = ?, closing = ?, status = ?,
			  subject = ?, subject_kind = ?, subject_fold = ?, reference = ?, country = ?, tags = ?, tally = ?, matches = ?, answered = ?,
			  halted_since = ?, why = ?, outcome = ?, inquiry = ?, evidence = ?, facets = ?, words = ?
			WHERE id = ?`, args...)
		return err
	}
	return b.queued.add(args...)
}

// dropQueueRow takes a row out of the queue, if it is there.
func (b *absorption) dropQueueRow(id int64) error {
	p, err := b.facetPlace(id)
	if errors.Is(err, review.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	b.moveFacets(id, &p, nil)
	b.index(id, entryOfIndex{from: seat(p.state, p.openedAt, id)})
	_, err = b.exec(`DELETE FROM queue WHERE id = ?`, id)
	return err
}
