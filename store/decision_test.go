package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func approve(evidence string) review.DecisionForm {
	return review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive, Evidence: evidence}
}

func TestADecisionNeedsAFindingOnEveryOpenMatch(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db, storetest.WithMatches(2))
	storetest.Claimed(t, db, id, anna)
	digest := storetest.Digest(t, db, id)
	_, err := db.Dispose(t.Context(), id, anna, storetest.Finding(review.FalsePositive, digest, storetest.Key("rep_txn_1", "a")))
	require.NoError(t, err)
	_, err = db.Decide(t.Context(), id, anna, approve(digest))
	var invalid *review.Invalid
	require.ErrorAs(t, err, &invalid)
	assert.Equal(t, "match", invalid.Problems[0].Field)
	f := mustFile(t, db, id)
	assert.Equal(t, review.StateOpen, f.Review.State)
	assert.Empty(t, f.Decisions)
}

func TestAFormThatDoesNotSayWhatItsPageShowedIsAskedTo(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db)
	storetest.Claimed(t, db, id, anna)
	storetest.Disposed(t, db, id, anna, review.FalsePositive)
	entries := len(mustFile(t, db, id).Entries)
	for _, shown := range []string{"", "nothing of the kind"} {
		_, err := db.Decide(t.Context(), id, anna, approve(shown))
		var inv *review.Invalid
		require.ErrorAs(t, err, &inv)
		assert.Equal(t, "evidence", inv.Problems[0].Field)
		_, err = db.Dispose(t.Context(), id, anna, review.DispositionForm{Evidence: shown})
		require.ErrorAs(t, err, &inv)
	}
	assert.Len(t, mustFile(t, db, id).Entries, entries, "nothing was recorded")
}

func TestADecisionOnEvidenceThatMovedIsRefusedAndTold(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db)
	storetest.Claimed(t, db, id, anna)
	storetest.Disposed(t, db, id, anna, review.FalsePositive)
	old := storetest.Digest(t, db, id)
	shown := mustFile(t, db, id).Dossier
	storetest.Import(t, db, storetest.Payload(storetest.Report("rep_txn_1", storetest.Start, "a", "b")))
	require.NotEqual(t, old, storetest.Digest(t, db, id))

	_, err := db.Decide(t.Context(), id, anna, approve(old))
	require.ErrorIs(t, err, review.ErrStale)
	f := mustFile(t, db, id)
	assert.Equal(t, review.StateOpen, f.Review.State)
	assert.Empty(t, f.Decisions)
	assert.Equal(t, review.ActRefused, f.Entries[0].Act)
	assert.Equal(t, old, f.Entries[0].Evidence.String())
	assert.Equal(t, review.Approve, f.Entries[0].Outcome)
	_, err = db.Dispose(t.Context(), id, anna, review.DispositionForm{Matches: []review.MatchKey{storetest.Key("rep_txn_1", "b")},
		Finding: review.FalsePositive, Reason: review.ReasonName, Evidence: old})
	require.ErrorIs(t, err, review.ErrStale)

	before, err := db.AsSeen(t.Context(), f.Entries[0].Evidence)
	require.NoError(t, err)
	assert.Equal(t, shown, before, "what was on the page can be shown again")
	now, err := db.AsSeen(t.Context(), f.Review.Evidence)
	require.NoError(t, err, "a claimed review keeps each of its digests")
	assert.Equal(t, f.Dossier, now)
	_, err = db.AsSeen(t.Context(), review.Hash{1})
	require.ErrorIs(t, err, review.ErrNotFound)
}

func TestOfManyDecisionsExactlyOneWins(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db)
	storetest.Claimed(t, db, id, anna)
	storetest.Disposed(t, db, id, anna, review.FalsePositive)
	digest := storetest.Digest(t, db, id)
	var won, lost atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			_, err := db.Decide(t.Context(), id, anna, approve(digest))
			switch {
			case err == nil:
				won.Add(1)
			case assert.ErrorIs(t, err, review.ErrConflict):
				lost.Add(1)
			}
		})
	}
	wg.Wait()
	assert.Equal(t, int32(1), won.Load())
	assert.Equal(t, int32(49), lost.Load())
	assert.Len(t, mustFile(t, db, id).Decisions, 1)
}

func TestOnlyWhoHoldsAReviewDecidesIt(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	ben := storetest.Colleague(t, db, review.RoleReviewer, "ben")
	auditor := storetest.Colleague(t, db, review.RoleAuditor)
	id := storetest.Review(t, db)
	digest := storetest.Digest(t, db, id)
	decide := func(by review.ColleagueID) error {
		_, err := db.Decide(t.Context(), id, by, approve(digest))
		return err
	}
	require.ErrorIs(t, decide(anna), review.ErrConflict, "nobody holds it")
	storetest.Claimed(t, db, id, anna)
	storetest.Disposed(t, db, id, anna, review.FalsePositive)
	require.ErrorIs(t, decide(ben), review.ErrConflict)
	require.ErrorIs(t, decide(auditor), review.ErrForbidden)
	require.ErrorIs(t, decide("nobody"), review.ErrForbidden)
	clock.Advance(30 * time.Minute)
	require.ErrorIs(t, decide(anna), review.ErrConflict, "the claim ran out")
	storetest.Claimed(t, db, id, anna)
	require.NoError(t, db.SetRole(t.Context(), anna, review.RoleAuditor, ""))
	require.ErrorIs(t, decide(anna), review.ErrForbidden, "the role is that of this moment")
}

func TestACorrectionAddsAndNeverOverwrites(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	lead := storetest.Colleague(t, db, review.RoleLead)
	id := storetest.Review(t, db)
	form := review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: "The passport came.", Evidence: storetest.Digest(t, db, id)}
	_, err := db.Correct(t.Context(), id, lead, form)
	require.ErrorIs(t, err, review.ErrConflict, "there is nothing to correct")
	first := decided(t, db, id, anna, review.Approve)
	clock.Advance(time.Hour)
	_, err = db.Correct(t.Context(), id, anna, form)
	require.ErrorIs(t, err, review.ErrForbidden)
	_, err = db.Correct(t.Context(), id, lead, review.DecisionForm{Outcome: review.Decline, Evidence: form.Evidence})
	var invalid *review.Invalid
	require.ErrorAs(t, err, &invalid)
	form.Corrects = first.Entry
	second, err := db.Correct(t.Context(), id, lead, form)
	require.NoError(t, err)
	assert.Equal(t, first.Entry, second.Corrects)
	storetest.Agreed(t, db, id)
	_, err = db.Correct(t.Context(), id, lead, form)
	require.ErrorIs(t, err, review.ErrConflict, "its page showed a decision that no longer holds")
	f := mustFile(t, db, id)
	require.Len(t, f.Decisions, 2)
	second.Approval = f.Decisions[0].Approval
	assert.Equal(t, []review.Decision{second, first}, f.Decisions)
	assert.Equal(t, review.ActCorrected, f.Entries[1].Act)
	assert.Equal(t, review.ActApproved, f.Entries[0].Act)
	page, err := db.Queue(t.Context(), review.QueueQuery{Tab: review.TabClosed})
	require.NoError(t, err)
	assert.Equal(t, review.Decline, page.Rows[0].Outcome)

	rows, _, total, err := db.Decisions(t.Context(), store.DecisionQuery{})
	require.NoError(t, err)
	assert.Equal(t, review.Count{N: 2}, total)
	assert.False(t, rows[0].Corrected)
	assert.True(t, rows[1].Corrected)
}

func TestACorrectionRestsOnTheMatchesOfItsDecision(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	lead := storetest.Colleague(t, db, review.RoleLead)
	id := storetest.Review(t, db, storetest.WithMatches(1))
	first := decided(t, db, id, anna, review.Approve)
	storetest.Import(t, db, storetest.Payload(storetest.Report("rep_txn_1", storetest.Start.Add(time.Hour), "a", "b")))
	require.Len(t, mustFile(t, db, id).Dossier.OpenMatches(), 2)

	second, err := db.Correct(t.Context(), id, lead, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther,
		Note: "The passport came.", Evidence: storetest.Digest(t, db, id)})
	require.NoError(t, err, "the later match belongs to the later review")
	storetest.Agreed(t, db, id)
	assert.Equal(t, first.Matches, second.Matches)

	// Persona was told, and dismissed what it was about.
	storetest.Import(t, db, storetest.Payload(storetest.Report("rep_txn_1", storetest.Start.Add(2*time.Hour))))
	require.Empty(t, mustFile(t, db, id).Dossier.OpenMatches())
	third, err := db.Correct(t.Context(), id, lead, review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive,
		Evidence: storetest.Digest(t, db, id)})
	require.NoError(t, err)
	assert.Equal(t, first.Matches, third.Matches)
	assert.Equal(t, first.Tally, third.Tally)
}

func TestWhoMayNoLongerActHoldsNothing(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*store.DB, review.ColleagueID) error{
		"made an auditor": func(db *store.DB, id review.ColleagueID) error {
			return db.SetRole(t.Context(), id, review.RoleAuditor, "")
		},
		"disabled": func(db *store.DB, id review.ColleagueID) error { return db.SetDisabled(t.Context(), id, true, "") },
	} {
		db := storetest.Open(t)
		anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
		ben := storetest.Colleague(t, db, review.RoleReviewer, "ben")
		id := storetest.Review(t, db)
		storetest.Claimed(t, db, id, anna)
		require.NoError(t, end(db, anna), name)
		assert.Zero(t, mustFile(t, db, id).Review.Claim, name)
		_, err := db.Claim(t.Context(), id, ben, false)
		assert.NoError(t, err, name)
	}
}

func TestDecisionsAreListedByFilterAndPage(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	ben := storetest.Colleague(t, db, review.RoleReviewer, "ben")
	for i := range 7 {
		c := storetest.Case{ID: "txn_" + string(rune('a'+i)), At: at(i), Status: "needs_review", Name: "Person " + string(rune('A'+i)), Reference: "order-" + string(rune('0'+i))}
		storetest.Import(t, db, c.Payload())
		id := reviewsOf(t, db, review.TransactionID(c.ID))[0].ID
		by, outcome := anna, review.Approve
		if i%3 == 0 {
			by, outcome = ben, review.Decline
		}
		decided(t, db, id, by, outcome)
		clock.Advance(time.Hour)
	}
	all := func(q store.DecisionQuery) (subjects []string) {
		for {
			rows, next, total, err := db.Decisions(t.Context(), q)
			require.NoError(t, err)
			for _, r := range rows {
				subjects = append(subjects, r.Subject)
			}
			if next == "" {
				assert.Equal(t, len(subjects), total.N)
				return subjects
			}
			assert.Len(t, rows, q.Limit)
			q.After = next
		}
	}
	assert.Equal(t, []string{"Person G", "Person F", "Person E", "Person D", "Person C", "Person B", "Person A"}, all(store.DecisionQuery{Limit: 2}))
	assert.Equal(t, []string{"Person G", "Person D", "Person A"}, all(store.DecisionQuery{Limit: 2, By: ben}))
	assert.Equal(t, []string{"Person G", "Person D", "Person A"}, all(store.DecisionQuery{Outcome: review.Decline}))
	assert.Equal(t, []string{"Person C", "Person B"}, all(store.DecisionQuery{From: storetest.Start.Add(time.Hour), To: storetest.Start.Add(3 * time.Hour)}))
	assert.Equal(t, []string{"Person E"}, all(store.DecisionQuery{Search: "order-4"}))
	assert.Empty(t, all(store.DecisionQuery{Search: "--"}))
	_, _, _, err := db.Decisions(t.Context(), store.DecisionQuery{After: "x"})
	require.ErrorIs(t, err, review.ErrNotFound)

	var told []string
	require.NoError(t, db.EachDecision(t.Context(), store.DecisionQuery{By: anna}, func(r store.DecisionRow) error {
		told = append(told, r.Subject)
		return nil
	}))
	assert.Equal(t, []string{"Person B", "Person C", "Person E", "Person F"}, told)
	require.ErrorIs(t, db.EachDecision(t.Context(), store.DecisionQuery{}, func(store.DecisionRow) error { return errStop }), errStop)
}

func TestAFindingHoldsUntilTheNextOne(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db, storetest.WithMatches(3))
	storetest.Claimed(t, db, id, anna)
	storetest.Disposed(t, db, id, anna, review.FalsePositive)
	made, err := db.Dispose(t.Context(), id, anna, review.DispositionForm{Matches: []review.MatchKey{storetest.Key("rep_txn_1", "b")},
		Finding: review.TrueMatch, Reason: review.ReasonOther, Note: "It is he.", Evidence: storetest.Digest(t, db, id)})
	require.NoError(t, err)
	f := mustFile(t, db, id)
	require.Len(t, f.Found, 3)
	for _, d := range f.Found {
		if d.Match == made[0].Match {
			assert.Equal(t, made[0], d)
		} else {
			assert.Equal(t, review.FalsePositive, d.Finding)
		}
	}
	page, err := db.Queue(t.Context(), review.QueueQuery{})
	require.NoError(t, err)
	assert.Equal(t, 3, page.Rows[0].Answered)
	_, err = db.Dispose(t.Context(), id, anna, review.DispositionForm{Matches: []review.MatchKey{"wl-none"}, Finding: review.TrueMatch,
		Reason: review.ReasonName, Evidence: storetest.Digest(t, db, id)})
	var invalid *review.Invalid
	require.ErrorAs(t, err, &invalid)
}
