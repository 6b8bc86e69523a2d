package store_test

import (
	"database/sql"
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

// second is a desk whose review is declined by anna and waits for a lead.
type second struct {
	*desk
	id      review.ReviewID
	pending review.Decision
}

func newSecond(t *testing.T) *second {
	t.Helper()
	s := &second{desk: newDesk(t)}
	storetest.Import(t, s.DB, storetest.Case{ID: "txn_2", At: storetest.Start, Status: "needs_review", Name: "Person B", Matches: []string{"a"}}.Payload())
	s.id = reviewsOf(t, s.DB, "txn_2")[0].ID
	s.decline(t)
	return s
}

func (s *second) decline(t *testing.T) {
	t.Helper()
	storetest.Claimed(t, s.DB, s.id, s.anna)
	if len(mustFile(t, s.DB, s.id).Found) == 0 {
		storetest.Disposed(t, s.DB, s.id, s.anna, review.TrueMatch)
	}
	var err error
	s.pending, err = s.Decide(t.Context(), s.id, s.anna, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonTrueMatch, Note: "It is them.",
		Evidence: storetest.Digest(t, s.DB, s.id)})
	require.NoError(t, err)
	require.True(t, s.pending.Awaits())
}

func (s *second) answer(t *testing.T, by review.ColleagueID, answer review.Answer, edits ...func(*review.ApprovalForm)) (review.Approval, error) {
	t.Helper()
	form := review.ApprovalForm{Answer: answer, Note: "Looked myself.", Evidence: s.pending.Evidence.String()}
	for _, edit := range edits {
		edit(&form)
	}
	return s.Approve(t.Context(), s.id, by, form)
}

func (s *second) file(t *testing.T) store.ReviewFile {
	t.Helper()
	return mustFile(t, s.DB, s.id)
}

func TestADeclineWaitsForASecondPerson(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	f := s.file(t)
	assert.Equal(t, review.StateApproval, f.Review.State)
	assert.Empty(t, f.Review.Claim.By, "the claim ended")
	assert.Empty(t, f.Decisions, "it does not count yet")
	require.Len(t, f.Proposed, 1)
	assert.Equal(t, []review.SecondRule{review.SecondDecline}, f.Proposed[0].Asks)
	assert.Equal(t, map[string]string{review.DetailSecond: "decline"}, f.Entries[0].Detail)
	pushes, err := s.PushesOf(t.Context(), s.id)
	require.NoError(t, err)
	assert.Empty(t, pushes, "nothing is told")
	rows, _, total, err := s.Decisions(t.Context(), store.DecisionQuery{})
	require.NoError(t, err)
	assert.Equal(t, 1, total.N, "only the other review's")
	assert.Equal(t, s.review, rows[0].Review)
	page, err := s.Queue(t.Context(), review.QueueQuery{Tab: review.TabApproval})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	assert.Empty(t, page.Rows[0].Outcome)

	s.clock.Advance(time.Hour)
	_, err = s.answer(t, s.lead, review.AnswerApprove)
	require.NoError(t, err)
	f = s.file(t)
	assert.Equal(t, review.StateClosed, f.Review.State)
	assert.Equal(t, s.clock.Now(), f.Review.ClosedAt, "when it took effect")
	require.Len(t, f.Decisions, 1)
	assert.Empty(t, f.Proposed)
	d := f.Decisions[0]
	assert.Equal(t, s.lead, d.Approval.By)
	assert.Equal(t, "Colleague lead", d.Approval.ByName)
	assert.Equal(t, "Looked myself.", d.Approval.Note)
	assert.Equal(t, s.clock.Now(), d.Since())
	assert.Equal(t, s.anna, d.By)
	assert.Equal(t, d.Entry, f.Entries[0].Answers)
	pushes, err = s.PushesOf(t.Context(), s.id)
	require.NoError(t, err)
	assert.Len(t, pushes, 2, "now it is told")
	rows, _, _, err = s.Decisions(t.Context(), store.DecisionQuery{})
	require.NoError(t, err)
	require.Len(t, rows, 2)
	assert.Equal(t, "Colleague lead", rows[0].Approval.ByName)
}

func TestOfManySecondPersonsExactlyOneWins(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	var won, lost atomic.Int32
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			answer := review.AnswerApprove
			if i%2 == 0 {
				answer = review.AnswerReturn
			}
			_, err := s.answer(t, s.lead, answer)
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
}

func TestNobodyIsTheirOwnSecondPerson(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	_, err := s.answer(t, s.anna, review.AnswerApprove)
	require.ErrorIs(t, err, review.ErrForbidden, "a reviewer")
	require.NoError(t, s.SetRole(t.Context(), s.anna, review.RoleLead, ""))
	for _, answer := range []review.Answer{review.AnswerApprove, review.AnswerReturn} {
		_, err = s.answer(t, s.anna, answer)
		require.ErrorIs(t, err, review.ErrForbidden, "promoted since, but it is their own")
	}
	assert.Equal(t, review.StateApproval, s.file(t).Review.State)
}

func TestASecondPersonIsALeadAtTheMomentOfTheAnswer(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	storetest.Colleague(t, s.DB, review.RoleAdmin)
	auditor := storetest.Colleague(t, s.DB, review.RoleAuditor)
	gone := storetest.Colleague(t, s.DB, review.RoleLead, "gone")
	require.NoError(t, s.SetRole(t.Context(), s.lead, review.RoleReviewer, ""))
	_, err := s.answer(t, s.lead, review.AnswerApprove)
	require.ErrorIs(t, err, review.ErrForbidden, "demoted between")
	require.NoError(t, s.SetDisabled(t.Context(), gone, true, ""))
	_, err = s.answer(t, gone, review.AnswerApprove)
	require.ErrorIs(t, err, review.ErrForbidden, "disabled between")
	_, err = s.answer(t, auditor, review.AnswerApprove)
	require.ErrorIs(t, err, review.ErrForbidden)
	_, err = s.answer(t, "nobody", review.AnswerApprove)
	require.ErrorIs(t, err, review.ErrForbidden)
	_, err = s.answer(t, "admin", review.AnswerApprove)
	require.NoError(t, err, "an admin may")
	_, err = s.answer(t, "admin", review.AnswerApprove)
	require.ErrorIs(t, err, review.ErrConflict, "twice")
}

func TestAReturnNeedsANoteAndGivesTheReviewBack(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	_, err := s.answer(t, s.lead, review.AnswerReturn, func(f *review.ApprovalForm) { f.Note = " " })
	var inv *review.Invalid
	require.ErrorAs(t, err, &inv)
	assert.Equal(t, "note", inv.Problems[0].Field)
	_, err = s.answer(t, s.lead, "moved")
	require.ErrorAs(t, err, &inv, "that is no answer of a person")

	_, err = s.answer(t, s.lead, review.AnswerReturn)
	require.NoError(t, err)
	f := s.file(t)
	assert.Equal(t, review.StateOpen, f.Review.State)
	assert.Equal(t, s.anna, f.Review.Claim.By, "hers again")
	assert.Len(t, f.Found, 1, "findings stay")
	require.Len(t, f.Proposed, 1)
	assert.Equal(t, review.AnswerReturn, f.Proposed[0].Approval.Answer)
	assert.Equal(t, review.ActReturned, f.Entries[1].Act)
	assert.Equal(t, review.ActClaimed, f.Entries[0].Act)

	first := s.pending.Entry
	s.decline(t)
	_, err = s.answer(t, s.lead, review.AnswerApprove, func(f *review.ApprovalForm) { f.Decision = first })
	require.ErrorIs(t, err, review.ErrConflict, "the page showed another decision")
	_, err = s.answer(t, s.lead, review.AnswerApprove, func(f *review.ApprovalForm) { f.Decision = s.pending.Entry })
	require.NoError(t, err)
}

func TestAReturnToSomebodyWhoLeftLeavesTheReviewFree(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	require.NoError(t, s.SetDisabled(t.Context(), s.anna, true, ""))
	_, err := s.answer(t, s.lead, review.AnswerReturn)
	require.NoError(t, err)
	f := s.file(t)
	assert.Equal(t, review.StateOpen, f.Review.State)
	assert.Empty(t, f.Review.Claim.By)
}

func TestADecisionThatWaitsFallsBackWhenItsEvidenceMoves(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	storetest.Import(t, s.DB, storetest.Payload(storetest.Report("rep_txn_2", storetest.Start.Add(time.Hour), "a", "b")))
	f := s.file(t)
	assert.Equal(t, review.StateOpen, f.Review.State)
	require.Len(t, f.Proposed, 1)
	assert.Equal(t, review.AnswerMoved, f.Proposed[0].Approval.Answer)
	assert.Empty(t, f.Proposed[0].Approval.By)
	e := f.Entries[0]
	assert.Equal(t, review.ActFellBack, e.Act)
	assert.Equal(t, s.pending.Entry, e.Answers)
	assert.Equal(t, f.Review.Evidence, e.Evidence, "what moved it")
	was, err := s.AsSeen(t.Context(), s.pending.Evidence)
	require.NoError(t, err, "and what it rested on")
	assert.Len(t, was.OpenMatches(), 1)
	_, err = s.answer(t, s.lead, review.AnswerApprove)
	require.ErrorIs(t, err, review.ErrConflict)
	require.NoError(t, s.Rebuild(t.Context(), storetest.Read, nil))
	assert.Equal(t, f.Entries, s.file(t).Entries, "a rebuild tells nothing anew")
}

func TestADecisionThatWaitsSurvivesARebuild(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	before := s.file(t)
	require.NoError(t, s.Rebuild(t.Context(), storetest.Read, nil))
	after := s.file(t)
	assert.Equal(t, before.Review, after.Review)
	assert.Equal(t, before.Entries, after.Entries)
	_, err := s.answer(t, s.lead, review.AnswerApprove)
	require.NoError(t, err)
}

func TestPersonaMovingOnEndsTheWaitForASecondPerson(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	storetest.Import(t, s.DB, storetest.Payload(storetest.Transaction("txn_2", "approved", storetest.Start.Add(time.Hour))))
	f := s.file(t)
	assert.Equal(t, review.StateClosed, f.Review.State)
	assert.Equal(t, review.ClosingPersona, f.Review.Closing)
	assert.Equal(t, review.ActReviewClosed, f.Entries[0].Act)
	assert.Equal(t, review.ActFellBack, f.Entries[1].Act)
	_, err := s.answer(t, s.lead, review.AnswerApprove)
	require.ErrorIs(t, err, review.ErrConflict)
}

func TestACorrectionThatWaitsLeavesTheEarlierDecisionInEffect(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	other := storetest.Colleague(t, s.DB, review.RoleLead, "other")
	correct := func() review.Decision {
		d, err := s.Correct(t.Context(), s.review, s.lead, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: "Looked again.",
			Evidence: storetest.Digest(t, s.DB, s.review)})
		require.NoError(t, err)
		return d
	}
	closed := mustFile(t, s.DB, s.review).Review
	answers := map[review.Answer]review.State{review.AnswerReturn: review.StateClosed, review.AnswerApprove: review.StateClosed}
	for _, answer := range []review.Answer{review.AnswerReturn, review.AnswerApprove} {
		d := correct()
		f := mustFile(t, s.DB, s.review)
		assert.Equal(t, review.StateApproval, f.Review.State)
		require.NotEmpty(t, f.Decisions)
		assert.Equal(t, review.Approve, f.Decisions[0].Outcome, "still")
		_, err := s.Correct(t.Context(), s.review, other, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: "Me too.",
			Evidence: d.Evidence.String()})
		require.ErrorIs(t, err, review.ErrConflict, "one waits")
		_, err = s.Approve(t.Context(), s.review, s.lead, review.ApprovalForm{Answer: answer, Note: "No.", Evidence: d.Evidence.String()})
		require.ErrorIs(t, err, review.ErrForbidden)
		_, err = s.Approve(t.Context(), s.review, other, review.ApprovalForm{Answer: answer, Note: "So.", Evidence: d.Evidence.String()})
		require.NoError(t, err)
		f = mustFile(t, s.DB, s.review)
		assert.Equal(t, answers[answer], f.Review.State)
		assert.Equal(t, closed.ClosedAt, f.Review.ClosedAt, "closed when it was first")
	}
	f := mustFile(t, s.DB, s.review)
	assert.Equal(t, review.Decline, f.Decisions[0].Outcome)
	assert.Len(t, f.Decisions, 2)

	d := correct() // to be overtaken
	require.True(t, d.Awaits())
	storetest.Import(t, s.DB, storetest.Payload(storetest.Report("rep_txn_1", storetest.Start.Add(time.Hour))))
	f = mustFile(t, s.DB, s.review)
	assert.Equal(t, closed.ClosedAt, f.Review.ClosedAt)
	assert.Equal(t, review.StateClosed, f.Review.State)
	assert.Equal(t, review.AnswerMoved, f.Proposed[0].Approval.Answer)
}

func TestAReviewStandsInItsTrailAsItStood(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	states := func() (all []review.State) {
		for _, e := range s.file(t).Entries {
			f, err := s.AsSeenAt(t.Context(), s.id, e.ID)
			require.NoError(t, err)
			all = append([]review.State{f.Review.State}, all...)
		}
		return all
	}
	_, err := s.answer(t, s.lead, review.AnswerReturn)
	require.NoError(t, err)
	s.decline(t)
	_, err = s.answer(t, s.lead, review.AnswerApprove)
	require.NoError(t, err)
	const open, approval, closed = review.StateOpen, review.StateApproval, review.StateClosed
	// opened, claimed, found, decided, returned, claimed, decided, approved
	assert.Equal(t, []review.State{open, open, open, approval, open, open, approval, closed}, states())
	decided := s.file(t).Entries[1]
	then, err := s.AsSeenAt(t.Context(), s.id, decided.ID)
	require.NoError(t, err)
	assert.Empty(t, then.Decisions)
	require.Len(t, then.Proposed, 2)
	assert.Empty(t, then.Proposed[0].Approval.Answer, "not answered then")
}

// No reconciling moved the decision back here: the store looks for itself.
func TestAnAnswerOnEvidenceThatIsNotTheDecisionsIsRefused(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	_, err := s.answer(t, s.lead, review.AnswerApprove, func(f *review.ApprovalForm) { f.Evidence = review.Hash{1}.String() })
	require.ErrorIs(t, err, review.ErrStale, "an old page")
	assert.Equal(t, review.StateApproval, s.file(t).Review.State, "the decision still rests on what holds")
	assert.Equal(t, review.ActRefused, s.file(t).Entries[0].Act)

	raw, err := sql.Open("sqlite", "file:"+s.path+"?_busy_timeout=5000")
	require.NoError(t, err)
	moved := review.Hash{2}
	_, err = raw.Exec(`UPDATE queue SET evidence = ? WHERE id = ?`, moved[:], s.id)
	require.NoError(t, err)
	require.NoError(t, raw.Close())
	_, err = s.answer(t, s.lead, review.AnswerApprove, func(f *review.ApprovalForm) { f.Evidence = moved.String() })
	require.ErrorIs(t, err, review.ErrStale)
	found, err := s.Queue(t.Context(), review.QueueQuery{Assignee: string(s.anna)})
	require.NoError(t, err)
	require.Len(t, found.Rows, 1, "back with who decided")
	assert.Equal(t, s.id, found.Rows[0].Review)
}

// What the store would never do is refused by the database as well.
func TestTheDatabaseItselfRefusesAWrongSecondPerson(t *testing.T) {
	t.Parallel()
	s := newSecond(t)
	raw, err := sql.Open("sqlite", "file:"+s.path+"?_busy_timeout=5000")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, raw.Close()) })
	f := s.file(t)
	for _, c := range []struct{ by, act, answer, evidence, setUp, want string }{
		{"anna", "approved", "approve", "", ``, "a second person is a lead or an admin"},
		{"anna", "approved", "approve", "", `UPDATE colleague SET role = 'lead' WHERE id = 'anna'`, "nobody is their own second person"},
		{"lead", "approved", "approve", "", `UPDATE colleague SET role = 'reviewer' WHERE id = 'lead'`, "a second person is a lead or an admin"},
		{"lead", "approved", "approve", "", `UPDATE colleague SET disabled = 1 WHERE id = 'lead'`, "a second person is a lead or an admin"},
		{"lead", "approved", "approve", "00", ``, "the evidence moved"},
		{"lead", "returned", "approve", "", ``, "an approval is what its entry says"},
		{"lead", "approved", "approve", "", `INSERT INTO approval SELECT max(id), answers, 'approve', by_, at FROM entry WHERE act = 'approved'`, "UNIQUE"},
	} {
		tx, err := raw.Begin()
		require.NoError(t, err)
		evidence := s.pending.Evidence
		if c.evidence != "" {
			evidence[0]++
		}
		_, err = tx.Exec(`
			INSERT INTO entry (review, at, act, by_, by_name, by_role, finding, outcome, reason, note, matches, status, evidence, answers, detail, comparator, policy)
			VALUES (?, 1, ?, ?, '', '', '', 'decline', '', '', '[]', '', ?, ?, '{}', 'x', 1)`, s.id, c.act, c.by, evidence[:], s.pending.Entry)
		require.NoError(t, err)
		if c.setUp != "" {
			_, err = tx.Exec(c.setUp)
			require.NoError(t, err)
		}
		_, err = tx.Exec(`INSERT INTO approval SELECT max(id), answers, ?, by_, at FROM entry`, c.answer)
		require.ErrorContains(t, err, c.want, "%+v", c)
		require.NoError(t, tx.Rollback())
	}
	for _, q := range []string{
		`INSERT INTO decision SELECT (SELECT max(entry.id) FROM entry), review, at, by_, outcome, matches, false_positives, true_matches, cannot_tell, comparator, policy, 0, corrects FROM decision WHERE second = 1`,
		`UPDATE decision SET second = 0`,
		`DELETE FROM decision`,
	} {
		_, err = raw.Exec(q)
		require.Error(t, err, q)
	}
	assert.Equal(t, f, s.file(t))
}
