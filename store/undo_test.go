package store_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store/storetest"
)

func (d *judging) undo(by review.ColleagueID, entry review.EntryID) (review.EntryID, error) {
	return d.db.Undo(d.t.Context(), d.id, by, entry, d.file().Review.Evidence.String())
}

func TestWhatIsTakenBackLetsTheFindingBeforeItHold(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	first := d.dispose(storetest.Finding(review.TrueMatch, d.file().Review.Evidence.String(), d.key("a")))[0]
	second := d.dispose(d.apart(d.key("a")))[0]
	entry, err := d.undo(d.anna, second.Entry)
	require.NoError(t, err)
	f := d.file()
	assert.Equal(t, []review.Disposition{first}, f.Found)
	e := f.Entries[0]
	assert.Equal(t, review.Entry{ID: entry, Review: d.id, At: d.clock.Now(), Act: review.ActUndone, By: d.anna, ByName: "Colleague anna",
		Matches: []review.MatchKey{second.Match}, Evidence: f.Review.Evidence, Undoes: second.Entry, Comparator: review.ComparatorVersion, Policy: 1}, e)
	assert.Equal(t, 1, d.answered())

	_, err = d.undo(d.anna, first.Entry)
	require.NoError(t, err)
	assert.Empty(t, d.file().Found)
	assert.Zero(t, d.answered())
	_, err = d.db.Decide(t.Context(), d.id, d.anna, approve(d.file().Review.Evidence.String()))
	var inv *review.Invalid
	require.ErrorAs(t, err, &inv, "what was taken back is no finding")

	third := d.dispose(d.apart(d.key("a")))[0]
	assert.Equal(t, []review.Disposition{third}, d.file().Found, "and can be found anew")
}

func TestOnlyTheNewestFindingOfOnesOwnIsTakenBack(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	ben := storetest.Colleague(t, d.db, review.RoleReviewer, "ben")
	lead := storetest.Colleague(t, d.db, review.RoleLead)
	evidence := d.file().Review.Evidence.String()
	first := d.dispose(d.apart(d.key("a")))[0]
	second := d.dispose(d.apart(d.key("a")))[0]
	other := d.dispose(storetest.Finding(review.TrueMatch, evidence, d.key("b")))[0]
	entries := len(d.file().Entries)

	for name, try := range map[string]struct {
		by    review.ColleagueID
		entry review.EntryID
		want  error
	}{
		"an older one":                {d.anna, first.Entry, review.ErrConflict},
		"who does not hold":           {ben, second.Entry, review.ErrConflict},
		"an entry that is no finding": {d.anna, 1, review.ErrNotFound},
		"no entry at all":             {d.anna, 999, review.ErrNotFound},
	} {
		_, err := d.undo(try.by, try.entry)
		require.ErrorIs(t, err, try.want, name)
	}
	_, err := d.db.Undo(t.Context(), d.id, d.anna, second.Entry, review.Hash{1}.String())
	require.ErrorIs(t, err, review.ErrStale)
	assert.Len(t, d.file().Entries, entries, "nothing was recorded")

	_, err = d.db.Claim(t.Context(), d.id, lead, true)
	require.NoError(t, err)
	_, err = d.undo(lead, other.Entry)
	require.ErrorIs(t, err, review.ErrConflict, "someone else's finding is answered by another, not taken back")
	_, err = d.db.Claim(t.Context(), d.id, d.anna, false)
	require.ErrorIs(t, err, review.ErrConflict)
	require.NoError(t, d.db.Release(t.Context(), d.id, lead))
	storetest.Claimed(t, d.db, d.id, d.anna)
	_, err = d.undo(d.anna, second.Entry)
	require.NoError(t, err)
	_, err = d.undo(d.anna, second.Entry)
	require.ErrorIs(t, err, review.ErrConflict, "once")
	_, err = d.undo(d.anna, first.Entry)
	require.NoError(t, err, "now it is the newest")

	d.dispose(storetest.Finding(review.FalsePositive, evidence, d.key("a"), d.key("c")))
	_, err = d.db.Decide(t.Context(), d.id, d.anna, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonTrueMatch, Evidence: evidence})
	require.NoError(t, err)
	_, err = d.undo(d.anna, other.Entry)
	require.ErrorIs(t, err, review.ErrConflict, "the review is decided")
}

func TestOfManyWhoTakeBackOneWins(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	made := d.dispose(d.apart(d.key("a")))[0]
	evidence := d.file().Review.Evidence.String()
	var won, lost atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			switch _, err := d.db.Undo(t.Context(), d.id, d.anna, made.Entry, evidence); {
			case err == nil:
				won.Add(1)
			case errors.Is(err, review.ErrConflict):
				lost.Add(1)
			}
		})
	}
	wg.Wait()
	assert.Equal(t, int32(1), won.Load())
	assert.Equal(t, int32(19), lost.Load())
	assert.Empty(t, d.file().Found)
}
