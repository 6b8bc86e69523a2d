package persona_test

import (
	"strings"
	"testing"

	"docket/review"
	"docket/store"
	"docket/store/storetest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// judge clears the open matches of a transaction, because the years of birth differ or as they were
// cleared before, and gives the newest entry.
func (d *eraseDesk) judge(txn review.TransactionID, by review.ColleagueID, carry ...review.EntryID) (review.ReviewID, review.Disposition) {
	d.t.Helper()
	file, err := d.db.TransactionFile(d.t.Context(), txn)
	require.NoError(d.t, err)
	id := file.Reviews[0].ID
	storetest.Claimed(d.t, d.db, id, by)
	f, err := d.db.ReviewFile(d.t.Context(), id)
	require.NoError(d.t, err)
	require.NoError(d.t, d.db.Look(d.t.Context(), id, by, f.Review.Evidence))
	form := review.DispositionForm{Finding: review.FalsePositive, Reason: review.ReasonBirthdate, Evidence: f.Review.Evidence.String(), Carry: carry}
	if len(carry) == 0 {
		form.Premises = []string{string(review.PremiseYearsApart)}
	}
	for _, m := range f.Dossier.OpenMatches() {
		form.Matches = append(form.Matches, m.Key)
	}
	made, err := d.db.Dispose(d.t.Context(), id, by, form)
	require.NoError(d.t, err)
	require.Len(d.t, made, 1)
	return id, made[0]
}

// What a finding rests on is personal too: it goes with the person, also where another review took it
// over; that they were born so many years apart stays.
func TestWhatAFindingRestsOnGoesWithThePerson(t *testing.T) {
	t.Parallel()
	d := newEraseDesk(t)
	by := storetest.Colleague(t, d.db, review.RoleReviewer)
	listed := func(payloads []string, born string) []string {
		out := make([]string, len(payloads))
		for i, p := range payloads {
			out[i] = strings.NewReplacer(`"matched-individuals"`, `"entities"`,
				`"birthdates":["1971-03-09"],"match-types"`, `"group-id":"grp_1","birthdates":["`+born+`"],"match-types"`).Replace(p)
		}
		return out
	}
	// The same person twice, under one account.
	again := person("zr", "Zorvane", "Quibblewick", "1971-03-09", "Brambleford", "order-zr-78", "Zorwane Quibelwick")
	for i := range again {
		again[i] = strings.ReplaceAll(again[i], "act_zr", "act_zq")
	}
	d.take(listed(zq, "1953-07-21")...)
	d.take(listed(again, "1950-08-22")...)
	first, made := d.judge("txn_zq", by)
	second, taken := d.judge("txn_zr", by, made.Entry)
	require.Equal(t, made.Premises, taken.Premises)
	require.Equal(t, []string{"1953-07-21"}, d.found([]string{"1953-07-21"}))

	d.take(strings.ReplaceAll(txnRedacted, "tag-zq", "tag"))
	require.Positive(t, d.erase())
	assert.Empty(t, d.found([]string{"1953-07-21"}), "what only the first transaction said is gone wherever it was taken to")
	assert.Equal(t, []string{"1950-08-22"}, d.found([]string{"1950-08-22"}))
	d.clean()

	left := func(id review.ReviewID) review.Disposition {
		f, err := d.db.ReviewFile(t.Context(), id)
		require.NoError(t, err)
		require.Len(t, f.Found, 1)
		assert.Len(t, f.Looks, 1, "who looked, and when, stays")
		return f.Found[0]
	}
	was := made
	was.Identity, was.Whose, was.Seen = "", "", review.Hash{}
	was.Premises = []review.Premise{made.Premises[0]}
	was.Premises[0].Subject, was.Premises[0].Match = nil, nil
	assert.Equal(t, was, left(first))
	assert.Equal(t, 18, was.Premises[0].Amount)
	taken.Premises = was.Premises
	assert.Equal(t, taken, left(second), "the other transaction is not erased: it stays known what it was about")

	seen, err := d.db.AsSeenAt(t.Context(), first, made.Entry)
	require.ErrorIs(t, err, store.ErrErased)
	assert.Equal(t, made.Entry, seen.Entry.ID)
	assert.Equal(t, review.CaptureRedacted, seen.Dossier.Transaction.Resource.Capture, "what is left is shown")
	_, err = d.db.AsSeenAt(t.Context(), second, taken.Entry)
	require.NoError(t, err)
	f, err := d.db.ReviewFile(t.Context(), first)
	require.NoError(t, err)
	for _, e := range f.Entries {
		_, err = d.db.AsSeenAt(t.Context(), first, e.ID)
		if e.ID <= made.Entry {
			require.ErrorIs(t, err, store.ErrErased, e.Act)
		} else {
			require.NoError(t, err, "%s: it rests on what is left", e.Act)
		}
	}

	d.take(actRedacted, strings.NewReplacer("txn_zq", "txn_zr", "evt_zqgone", "evt_zrgone").Replace(txnRedacted))
	require.Positive(t, d.erase())
	assert.Empty(t, d.found([]string{"1953-07-21", "1950-08-22", "1971-03-09", "Quibblewick"}))
	assert.Empty(t, left(second).Identity)
	d.clean()
	_, err = d.db.AsSeenAt(t.Context(), second, taken.Entry)
	require.ErrorIs(t, err, store.ErrErased)
}
