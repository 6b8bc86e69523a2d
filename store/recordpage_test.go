package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func TestTheRecordOfASubjectIsItsReviewsEntriesAndOpenings(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	other := storetest.Review(t, d.db, func(c *storetest.Case) { c.ID = "txn_2" })
	open := func(what review.AccessKind, object string, of review.ReviewID) {
		d.clock.Advance(time.Second)
		require.NoError(t, d.db.Opened(t.Context(), d.anna, what, object, of))
	}
	number := d.id.String()[2:]
	open(review.AccessReview, number, d.id)
	open(review.AccessTransaction, "txn_1", 0)
	open(review.AccessResource, "report/rep_txn_1", 0)
	open(review.AccessReview, other.String()[2:], other)
	open(review.AccessQueue, "", 0)
	d.clock.Advance(time.Second)
	_, err := d.db.Exported(t.Context(), store.Export{What: "decisions", Format: "csv", Rows: 3, Via: "web", By: d.anna})
	require.NoError(t, err)

	for what, q := range map[string]store.RecordQuery{
		"review": {Review: d.id}, "transaction": {Transaction: "txn_1"},
	} {
		p, err := d.db.Record(t.Context(), q)
		require.NoError(t, err, what)
		require.Len(t, p.Reviews, 1, what)
		assert.Equal(t, d.id, p.Reviews[0].ID, what)
		var objects []string
		for i, r := range p.Rows {
			if i > 0 {
				assert.False(t, r.At.After(p.Rows[i-1].At), "the newest first")
			}
			if r.Access != nil {
				objects = append(objects, r.Access.Object)
			} else {
				assert.Equal(t, d.id, r.Entry.Review, what)
			}
		}
		assert.Equal(t, []string{"report/rep_txn_1", "txn_1", number}, objects, what)
		require.Len(t, p.Left, 1, what)
		assert.Equal(t, "3", p.Left[0].Detail["rows"])
	}
	_, err = d.db.Record(t.Context(), store.RecordQuery{Review: 99})
	require.ErrorIs(t, err, review.ErrNotFound)
	_, err = d.db.Record(t.Context(), store.RecordQuery{Reference: "nobody"})
	require.ErrorIs(t, err, review.ErrNotFound)
	_, err = d.db.Record(t.Context(), store.RecordQuery{After: "1.2"})
	require.ErrorIs(t, err, review.ErrNotFound)
}

func TestTheRecordOfAColleagueIsPagedWithoutGaps(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	bella := storetest.Colleague(t, d.db, review.RoleLead, "bella")
	for i := range 12 {
		d.clock.Advance(time.Minute)
		require.NoError(t, d.db.Opened(t.Context(), d.anna, review.AccessPages, "/page/"+string(rune('a'+i)), 0))
		if i%3 == 0 {
			_, err := d.db.AddNote(t.Context(), d.id, d.anna, "a note")
			require.NoError(t, err)
		}
		require.NoError(t, d.db.Opened(t.Context(), bella, review.AccessQueue, "", 0))
	}
	var whole []store.RecordRow
	require.NoError(t, d.db.EachRecord(t.Context(), store.RecordQuery{By: d.anna}, func(r store.RecordRow) error {
		whole = append(whole, r)
		return nil
	}))
	entries := 0
	for _, r := range whole {
		if r.Entry != nil {
			entries++
			assert.Equal(t, d.anna, r.Entry.By)
		} else {
			assert.Equal(t, d.anna, r.Access.By)
		}
	}
	assert.Equal(t, 12, len(whole)-entries)
	assert.GreaterOrEqual(t, entries, 4)
	for _, limit := range []int{1, 2, 5} {
		var paged []store.RecordRow
		for q := (store.RecordQuery{By: d.anna, Limit: limit}); ; {
			p, err := d.db.Record(t.Context(), q)
			require.NoError(t, err)
			assert.LessOrEqual(t, len(p.Rows), limit)
			paged = append(paged, p.Rows...)
			if q.After = p.Next; p.Next == "" {
				break
			}
		}
		assert.Equal(t, whole, paged, "by pages of %d", limit)
	}
	span := store.Span{From: storetest.Start.Add(3 * time.Minute), To: storetest.Start.Add(5 * time.Minute)}
	p, err := d.db.Record(t.Context(), store.RecordQuery{By: d.anna, Span: span, Limit: 500})
	require.NoError(t, err)
	n := 0
	for _, r := range whole {
		if !r.At.Before(span.From) && r.At.Before(span.To) {
			n++
		}
	}
	assert.Len(t, p.Rows, n)
	assert.NotZero(t, n)
	for show, want := range map[store.RecordShow]int{store.RecordEntries: entries, store.RecordAccesses: 12} {
		p, err := d.db.Record(t.Context(), store.RecordQuery{By: d.anna, Show: show, Limit: 500})
		require.NoError(t, err)
		assert.Len(t, p.Rows, want, show)
	}
}
