package store_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// sampling is a store in which everything is drawn, with reviews that anna cleared and approved.
type sampling struct {
	t                 *testing.T
	db                *store.DB
	path              string
	clock             *storetest.Clock
	anna, bo, cy, dot review.ColleagueID // two reviewers, two leads
	ids               []review.ReviewID
}

func newSampling(t *testing.T, rates review.Sampling, reviews int) *sampling {
	t.Helper()
	s := &sampling{t: t, path: filepath.Join(t.TempDir(), "docket.db"), clock: storetest.NewClock()}
	s.db = storetest.OpenFile(t, s.path, storetest.WithClock(s.clock))
	s.anna, s.bo = storetest.Colleague(t, s.db, review.RoleReviewer, "anna"), storetest.Colleague(t, s.db, review.RoleReviewer, "bo")
	s.cy, s.dot = storetest.Colleague(t, s.db, review.RoleLead, "cy"), storetest.Colleague(t, s.db, review.RoleLead, "dot")
	storetest.Sampling(t, s.db, rates)
	for i := range reviews {
		s.decided("txn_"+strconv.Itoa(i+1), review.FalsePositive, review.Approve)
	}
	return s
}

// decided has anna judge and decide a review.
func (s *sampling) decided(txn string, finding review.Finding, outcome review.Outcome) review.ReviewID {
	s.t.Helper()
	id := storetest.Review(s.t, s.db, func(c *storetest.Case) { c.ID = txn })
	storetest.Claimed(s.t, s.db, id, s.anna)
	storetest.Disposed(s.t, s.db, id, s.anna, finding)
	reason := review.ReasonAllFalsePositive
	if finding != review.FalsePositive {
		reason = review.ReasonTrueMatch
	}
	_, err := s.db.Decide(s.t.Context(), id, s.anna, review.DecisionForm{Outcome: outcome, Reason: reason, Evidence: storetest.Digest(s.t, s.db, id)})
	require.NoError(s.t, err)
	s.ids = append(s.ids, id)
	return id
}

func (s *sampling) take(by review.ColleagueID) review.LookToken {
	s.t.Helper()
	token, err := s.db.TakeLook(s.t.Context(), by)
	require.NoError(s.t, err)
	return token
}

func (s *sampling) none(by review.ColleagueID) {
	s.t.Helper()
	_, err := s.db.TakeLook(s.t.Context(), by)
	require.ErrorIs(s.t, err, review.ErrNotFound)
}

func cleared() review.ExamineForm {
	return review.ExamineForm{Finding: review.FalsePositive, Reason: review.ReasonOther, Note: "Read the passport.", Premises: []string{string(review.PremiseOther)}}
}

func untold() review.ExamineForm {
	return review.ExamineForm{Finding: review.CannotTell, Reason: review.ReasonOther, Note: "Nothing tells.", Missing: []review.Fact{review.FactOther}}
}

// raw runs a statement around the store.
func (s *sampling) raw(query string, args ...any) error {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+s.path)
	require.NoError(s.t, err)
	defer db.Close()
	_, err = db.Exec(query, args...)
	return err
}

func (s *sampling) days() review.DaySpan {
	today := review.DayOf(s.clock.Now())
	return review.DaySpan{From: today - 30, To: today + 1}
}

func TestEveryDecisionLeavesOneDrawThatSaysNothingToItsReview(t *testing.T) {
	t.Parallel()
	for _, rates := range []review.Sampling{{Findings: 1, Decisions: 1, Known: 20}, {Findings: 1_000, Decisions: 1_000, Known: 20}} {
		s := newSampling(t, rates, 3)
		for _, id := range s.ids {
			f := mustFile(t, s.db, id)
			for _, e := range f.Entries {
				assert.NotContains(t, []review.Act{review.ActSampled, review.ActExamined, review.ActResolved}, e.Act)
			}
		}
		draws, err := s.db.Draws(t.Context())
		require.NoError(t, err)
		require.Len(t, draws, 1)
		assert.Equal(t, 3, draws[0].Decisions, "whatever is drawn, so that no gap tells")
		assert.Equal(t, 3, draws[0].Cleared)
		assert.Zero(t, draws[0].Wrong)
		assert.Nil(t, draws[0].Seed, "secret while it is in use")
		a, err := s.db.Agreement(t.Context(), s.days())
		require.NoError(t, err)
		assert.Equal(t, draws[0].Findings+draws[0].Decided, a.Drawn)
		assert.Equal(t, a.Drawn, a.Waiting)
	}
}

func TestASeedIsShownOnceItIsReplaced(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 2, Decisions: 2, Known: 20}, 4)
	storetest.Sampling(t, s.db, review.Sampling{Findings: 3, Decisions: 3, Known: 20})
	s.decided("txn_late", review.FalsePositive, review.Approve)
	draws, err := s.db.Draws(t.Context())
	require.NoError(t, err)
	require.Len(t, draws, 2)
	assert.Nil(t, draws[0].Seed)
	require.NotNil(t, draws[1].Seed)
	assert.Equal(t, draws[1].Commitment, draws[1].Seed.Commitment())
	assert.NotEqual(t, draws[0].Commitment, draws[1].Commitment)
	assert.Zero(t, draws[0].Wrong+draws[1].Wrong)
}

func TestAChosenDrawIsFoundOut(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 1, Decisions: 1, Known: 20}, 2)
	require.Error(t, s.raw(`UPDATE draw_seed SET seed = zeroblob(32)`), "a seed is never changed")
	require.Error(t, s.raw(`DELETE FROM sample`))
	require.NoError(t, s.raw(`DROP TRIGGER draw_seed_holds`))
	require.NoError(t, s.raw(`UPDATE draw_seed SET seed = zeroblob(32)`))
	draws, err := s.db.Draws(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 2, draws[0].Wrong)
}

func TestNobodyLooksASecondTimeAtTheirOwnWork(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 1, Decisions: 1, Known: 20}, 1)
	s.none(s.anna)
	err := s.raw(`PRAGMA foreign_keys = on; INSERT INTO second_look (token, sample, by_, taken_at, until) SELECT 'x', id, 'anna', 0, 1 FROM sample LIMIT 1`)
	require.ErrorContains(t, err, "own work")
	assert.NotEmpty(t, s.take(s.bo))
}

func TestWhoTouchedASubjectsReviewsOrHadThemOpenIsNotBlind(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 1, Decisions: 0, Known: 20}, 0)
	id := storetest.Review(t, s.db)
	f := mustFile(t, s.db, id)
	require.NoError(t, s.db.Look(t.Context(), id, s.bo, f.Review.Evidence))
	storetest.Claimed(t, s.db, id, s.cy)
	require.NoError(t, s.db.Release(t.Context(), id, s.cy))
	s.decided("txn_1", review.FalsePositive, review.Approve)
	s.none(s.bo)
	s.none(s.cy)
	assert.NotEmpty(t, s.take(s.dot))
}

func TestWhoOpenedAReviewAfterItsDecisionIsNotBlind(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 1, Decisions: 0, Known: 20}, 1)
	require.NoError(t, s.db.Opened(t.Context(), s.bo, review.AccessReview, "1", s.ids[0]))
	s.none(s.bo)
	assert.NotEmpty(t, s.take(s.cy))
}

func TestTheSecondPersonOfADecisionIsNotTheSecondToLook(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 1, Decisions: 1, Known: 20}, 0)
	id := s.decided("txn_1", review.TrueMatch, review.Decline)
	s.none(s.bo) // nothing is drawn of a decision that has no effect yet
	_, err := s.db.Approve(t.Context(), id, s.cy, review.ApprovalForm{Answer: review.AnswerApprove, Evidence: storetest.Digest(t, s.db, id)})
	require.NoError(t, err)
	s.none(s.cy)
	err = s.raw(`INSERT INTO second_look (token, sample, by_, taken_at, until) SELECT 'x', id, 'cy', 0, 1 FROM sample LIMIT 1`)
	require.ErrorContains(t, err, "own work")
	look, err := s.db.SecondLook(t.Context(), s.take(s.bo), s.bo)
	require.NoError(t, err)
	assert.Equal(t, review.SampleDecision, look.Kind, "a true match is no cleared one")
}

func TestAuditorsAndTheDisabledLookAtNothing(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 1, Decisions: 1, Known: 20}, 2)
	auditor := storetest.Colleague(t, s.db, review.RoleAuditor, "ilse")
	_, err := s.db.TakeLook(t.Context(), auditor)
	require.ErrorIs(t, err, review.ErrForbidden)
	require.ErrorContains(t, s.raw(`INSERT INTO second_look (token, sample, by_, taken_at, until) SELECT 'x', id, 'ilse', 0, 1 FROM sample LIMIT 1`), "a reviewer's")
	require.ErrorIs(t, s.db.MarkKnown(t.Context(), 1, auditor, review.FalsePositive, "x"), review.ErrForbidden)
	require.ErrorIs(t, s.db.MarkKnown(t.Context(), 1, s.bo, review.FalsePositive, "x"), review.ErrForbidden)

	token := s.take(s.bo)
	require.NoError(t, s.db.SetDisabled(t.Context(), s.bo, true, "policy-one"))
	require.ErrorIs(t, s.db.Examine(t.Context(), token, s.bo, cleared()), review.ErrForbidden)
	require.ErrorIs(t, s.db.LeaveLook(t.Context(), token, s.bo), review.ErrForbidden)
	_, err = s.db.TakeLook(t.Context(), s.bo)
	require.ErrorIs(t, err, review.ErrForbidden)
	require.NoError(t, s.db.SetDisabled(t.Context(), s.bo, false, "policy-one"))
	require.NoError(t, s.db.SetRole(t.Context(), s.bo, review.RoleAuditor, "policy-one"))
	require.ErrorIs(t, s.db.Examine(t.Context(), token, s.bo, cleared()), review.ErrForbidden)
}

func TestASecondLookIsAnsweredOnceByWhoTookIt(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 1, Decisions: 0, Known: 20}, 1)
	token := s.take(s.bo)
	assert.Equal(t, token, s.take(s.bo), "one at a time")
	_, err := s.db.SecondLook(t.Context(), token, s.cy)
	require.ErrorIs(t, err, review.ErrNotFound)
	require.ErrorIs(t, s.db.Examine(t.Context(), token, s.cy, cleared()), review.ErrNotFound)
	s.none(s.cy) // bo is at it

	var invalid *review.Invalid
	require.ErrorAs(t, s.db.Examine(t.Context(), token, s.bo, review.ExamineForm{}), &invalid)
	require.NoError(t, s.db.Examine(t.Context(), token, s.bo, cleared()))
	require.ErrorIs(t, s.db.Examine(t.Context(), token, s.bo, untold()), review.ErrConflict)
	require.ErrorIs(t, s.db.LeaveLook(t.Context(), token, s.bo), review.ErrNotFound)
	require.Error(t, s.raw(`UPDATE second_look SET differs = 1`))
	_, err = s.db.PendingLook(t.Context(), s.bo)
	require.ErrorIs(t, err, review.ErrNotFound)
	s.none(s.cy)
	a, err := s.db.Agreement(t.Context(), s.days())
	require.NoError(t, err)
	assert.Equal(t, review.Share{N: 1, Of: 1}, a.Findings.Same())
	assert.Equal(t, 1, a.Answered)
	assert.Zero(t, a.Waiting)
}

func TestASecondLookShowsWhatTheFirstSawAndNothingOfTheFirst(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 1, Decisions: 0, Known: 20}, 1)
	then := mustFile(t, s.db, s.ids[0])
	s.clock.Advance(time.Hour)
	storetest.Import(t, s.db, storetest.Payload(storetest.Transaction("txn_1", "approved", s.clock.Now()).Fact("subject", "Another Name")))
	look, err := s.db.SecondLook(t.Context(), s.take(s.bo), s.bo)
	require.NoError(t, err)
	assert.Equal(t, "Ines Okafor", look.Dossier.Subject.FullName())
	assert.Equal(t, then.Review.Evidence, review.Evidence(look.Dossier))
	assert.Len(t, look.Matches, 1)
}

func TestALookThatIsLeftOrLapsesGoesToAnother(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 1, Decisions: 0, Known: 20}, 1)
	token := s.take(s.bo)
	require.NoError(t, s.db.LeaveLook(t.Context(), token, s.bo))
	s.none(s.bo) // who saw it once may have asked since
	late := s.take(s.cy)
	s.clock.Advance(review.LookHolds)
	require.ErrorIs(t, s.db.Examine(t.Context(), late, s.cy, cleared()), review.ErrConflict)
	s.none(s.cy)
	require.NoError(t, s.db.Examine(t.Context(), s.take(s.dot), s.dot, cleared()))
}

func TestManyWhoTakeAtOnceGetDifferentItems(t *testing.T) {
	t.Parallel()
	const people = 6
	s := newSampling(t, review.Sampling{Findings: 1, Decisions: 0, Known: 20}, people)
	var takers []review.ColleagueID
	for i := range people {
		takers = append(takers, storetest.Colleague(t, s.db, review.RoleReviewer, "taker-"+strconv.Itoa(i)))
	}
	var wg sync.WaitGroup
	errs := make([]error, people)
	for i, by := range takers {
		wg.Go(func() { _, errs[i] = s.db.TakeLook(t.Context(), by) })
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	db, err := sql.Open("sqlite", "file:"+s.path)
	require.NoError(t, err)
	defer db.Close()
	var samples int
	require.NoError(t, db.QueryRow(`SELECT count(DISTINCT sample) FROM second_look`).Scan(&samples))
	assert.Equal(t, people, samples)
}

func TestKnownAnswersAreMixedInAndMeasured(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 1, Decisions: 0, Known: 1}, 2)
	finding := func(id review.ReviewID) review.EntryID { return mustFile(t, s.db, id).Found[0].Entry }
	var invalid *review.Invalid
	require.ErrorAs(t, s.db.MarkKnown(t.Context(), 1, s.cy, review.TrueMatch, "Court file."), &invalid, "that entry is no finding")
	require.ErrorAs(t, s.db.MarkKnown(t.Context(), finding(s.ids[0]), s.cy, "", ""), &invalid)
	require.NoError(t, s.db.MarkKnown(t.Context(), finding(s.ids[0]), s.cy, review.TrueMatch, "Court file."))
	require.ErrorIs(t, s.db.MarkKnown(t.Context(), finding(s.ids[0]), s.dot, review.TrueMatch, "Court file."), review.ErrConflict)
	known, err := s.db.KnownItems(t.Context(), s.cy)
	require.NoError(t, err)
	assert.Equal(t, store.KnownItems{Items: 1, Mine: 1}, known)

	require.NoError(t, s.db.Examine(t.Context(), s.take(s.bo), s.bo, cleared()))  // the known one, wrong
	require.NoError(t, s.db.Examine(t.Context(), s.take(s.dot), s.dot, untold())) // the same, wrong
	look := s.take(s.cy)                                                          // who marked it gets a drawn one
	require.NoError(t, s.db.Examine(t.Context(), look, s.cy, cleared()))
	a, err := s.db.Agreement(t.Context(), s.days())
	require.NoError(t, err)
	assert.Equal(t, review.Share{N: 0, Of: 2}, a.Known)
	assert.Equal(t, 1, a.Findings.Total(), "a known one is no part of the agreement")
	assert.Zero(t, a.Differ)
	differ, err := s.db.Disagreements(t.Context())
	require.NoError(t, err)
	assert.Empty(t, differ, "nor a disagreement")
	own, err := s.db.OwnQuality(t.Context(), s.bo, s.days())
	require.NoError(t, err)
	assert.Equal(t, review.Share{N: 0, Of: 1}, own.Known)
	assert.Equal(t, 1, own.Answered)

	// The answer was not known after all.
	require.ErrorIs(t, s.db.UnmarkKnown(t.Context(), finding(s.ids[0]), s.bo, "A mistake."), review.ErrForbidden)
	require.ErrorAs(t, s.db.UnmarkKnown(t.Context(), finding(s.ids[1]), s.dot, "A mistake."), &invalid, "that one is not marked")
	require.ErrorAs(t, s.db.UnmarkKnown(t.Context(), finding(s.ids[0]), s.dot, " "), &invalid)
	require.NoError(t, s.db.UnmarkKnown(t.Context(), finding(s.ids[0]), s.dot, "A mistake."))
	require.ErrorAs(t, s.db.UnmarkKnown(t.Context(), finding(s.ids[0]), s.dot, "A mistake."), &invalid)
	var told int
	require.NoError(t, raw(t, s.path).QueryRow(`SELECT count(*) FROM entry WHERE act = 'sampled' AND by_ = ? AND answers = ? AND detail = '{"known":"withdrawn"}' AND note = 'A mistake.'`,
		s.dot, finding(s.ids[0])).Scan(&told))
	assert.Equal(t, 1, told)
	known, err = s.db.KnownItems(t.Context(), s.cy)
	require.NoError(t, err)
	assert.Zero(t, known)
	a, err = s.db.Agreement(t.Context(), s.days())
	require.NoError(t, err)
	assert.Zero(t, a.Known, "what was answered at it counts no more")
	assert.Equal(t, 1, a.Findings.Total())
	_, err = raw(t, s.path).Exec(`UPDATE sample SET withdrawn = NULL WHERE withdrawn IS NOT NULL`)
	require.ErrorContains(t, err, "taken back once")
	require.NoError(t, s.db.MarkKnown(t.Context(), finding(s.ids[0]), s.cy, review.FalsePositive, "Court file, read again."))
}

func TestADisagreementGoesToALeadWhoIsNeither(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 1, Decisions: 0, Known: 20}, 1)
	require.NoError(t, s.db.Examine(t.Context(), s.take(s.cy), s.cy, untold()))
	all, err := s.db.Disagreements(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	d, look, err := s.db.Disagreement(t.Context(), all[0].ID)
	require.NoError(t, err)
	assert.Equal(t, "Ines Okafor", look.Dossier.Subject.FullName())
	assert.Equal(t, review.FalsePositive, d.First.Finding)
	assert.Equal(t, []review.PremiseKind{review.PremiseOther}, d.First.Premises)
	assert.Equal(t, "Compared by hand.", d.First.Note)
	assert.Equal(t, review.CannotTell, d.Second.Finding)
	assert.Equal(t, []review.Fact{review.FactOther}, d.Second.Missing)
	assert.Equal(t, "Nothing tells.", d.Second.Note)

	right := review.ResolveForm{Upheld: review.UpheldSecond, Note: "The second is right."}
	for _, by := range []review.ColleagueID{s.anna, s.bo, s.cy} { // the first, a reviewer, the second
		require.ErrorIs(t, s.db.Resolve(t.Context(), d.ID, by, right), review.ErrForbidden, by)
	}
	before := mustFile(t, s.db, s.ids[0])
	require.NoError(t, s.db.Resolve(t.Context(), d.ID, s.dot, right))
	require.ErrorIs(t, s.db.Resolve(t.Context(), d.ID, s.dot, right), review.ErrConflict)
	after := mustFile(t, s.db, s.ids[0])
	assert.Equal(t, before.Decisions, after.Decisions, "it changes no decision")
	assert.Equal(t, before.Found, after.Found, "nor a finding")
	d, _, err = s.db.Disagreement(t.Context(), d.ID)
	require.NoError(t, err)
	assert.Equal(t, review.UpheldSecond, d.Resolution.Upheld)
	assert.Equal(t, review.CannotTell, d.Resolution.Finding)
	a, err := s.db.Agreement(t.Context(), s.days())
	require.NoError(t, err)
	assert.Equal(t, 1, a.Differ)
	assert.Equal(t, 1, a.Second)
	assert.Zero(t, a.Unresolved)
}

func TestADecisionIsExaminedWhole(t *testing.T) {
	t.Parallel()
	s := newSampling(t, review.Sampling{Findings: 0, Decisions: 1, Known: 20}, 2)
	var invalid *review.Invalid
	token := s.take(s.bo)
	require.ErrorAs(t, s.db.Examine(t.Context(), token, s.bo, cleared()), &invalid, "a finding is no outcome")
	require.NoError(t, s.db.Examine(t.Context(), token, s.bo, review.ExamineForm{Outcome: review.Decline, Reason: review.ReasonTrueMatch}))
	require.NoError(t, s.db.Examine(t.Context(), s.take(s.bo), s.bo, review.ExamineForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive}))
	a, err := s.db.Agreement(t.Context(), s.days())
	require.NoError(t, err)
	assert.Equal(t, review.Share{N: 1, Of: 2}, a.Decisions.Same())
	assert.Equal(t, 1, a.Unresolved)
}
