package review_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func TestOnlyTheClaimantOfAnOpenReviewDecides(t *testing.T) {
	t.Parallel()
	now := at(1)
	me := review.Colleague{ID: "noor", Role: review.RoleReviewer}
	mine := review.Review{State: review.StateOpen, Claim: review.Claim{By: "noor", Until: now.Add(time.Minute)}}
	assert.NoError(t, review.CanDecide(mine, me, now))

	lapsed := mine
	lapsed.Claim.Until = now
	assert.ErrorIs(t, review.CanDecide(lapsed, me, now), review.ErrConflict)
	assert.NoError(t, review.CanActOn(lapsed, me, now))

	theirs := mine
	theirs.Claim.By = "sefa"
	assert.ErrorIs(t, review.CanActOn(theirs, me, now), review.ErrConflict)

	closed := mine
	closed.State = review.StateClosed
	assert.ErrorIs(t, review.CanDecide(closed, me, now), review.ErrConflict)

	auditor := me
	auditor.Role = review.RoleAuditor
	assert.ErrorIs(t, review.CanDecide(mine, auditor, now), review.ErrForbidden)
}

func TestReviewIDIsReadInBothForms(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"1042", "R-1042", "r-1042"} {
		id, err := review.ParseReviewID(s)
		require.NoError(t, err)
		assert.Equal(t, "R-1042", id.String())
	}
	for _, s := range []string{"", "0", "-1", "01042", "1042x", "R-", "٣", "99999999999999999999"} {
		_, err := review.ParseReviewID(s)
		assert.ErrorIs(t, err, review.ErrNotFound, s)
	}
}

func TestHashIsReadInOneFormOnly(t *testing.T) {
	t.Parallel()
	h := review.Sum([]byte("x"))
	got, err := review.ParseHash(h.String())
	require.NoError(t, err)
	assert.Equal(t, h, got)
	for _, s := range []string{"", h.String()[1:], h.String() + "0", "X" + h.String()[1:], "ZZ" + h.String()[2:]} {
		_, err := review.ParseHash(s)
		assert.ErrorIs(t, err, review.ErrNotFound, s)
	}
}

func TestColleagueNamesAreTame(t *testing.T) {
	t.Parallel()
	_, err := review.ParseColleagueID("noor.haddad-2")
	assert.NoError(t, err)
	for _, s := range []string{"", "Noor", "a b", "../x", "é", "-x", "a\n"} {
		_, err := review.ParseColleagueID(s)
		assert.Error(t, err, s)
	}
}

func TestNewerStatesCoverWhatTheyMention(t *testing.T) {
	t.Parallel()
	assert.True(t, review.Covers([]string{"a", "b", "c"}, []string{"a", "c"}))
	assert.False(t, review.Covers([]string{"a", "b"}, []string{"a", "c"}))
	assert.True(t, review.Covers(nil, nil))
}

func TestOrderIsTotal(t *testing.T) {
	t.Parallel()
	a := review.Order{At: 1, Event: 9}
	b := review.Order{At: 2, Event: 1}
	c := review.Order{At: 2, Event: 1, Snapshot: review.Hash{1}}
	assert.Negative(t, a.Compare(b))
	assert.Negative(t, b.Compare(c))
	assert.Positive(t, c.Compare(a))
	assert.Zero(t, c.Compare(c))
}

func TestAReportedMatchThatWasNeverSentIsNotNoMatch(t *testing.T) {
	t.Parallel()
	has := review.Flag{State: review.Present, Value: true}
	r := review.Report{Kind: review.KindPEP, HasMatch: has, MatchState: review.Empty}
	assert.True(t, r.Untold())
	r.Ignored = []review.Ignored{{By: "Jane"}}
	assert.False(t, r.Untold(), "it was told, and dismissed")
	assert.False(t, review.Report{Kind: "email-address", HasMatch: has}.Untold(), "data found is no match")
	assert.False(t, review.Report{Kind: review.KindPEP, HasMatch: has, Matches: []review.Match{{}}}.Untold())
	assert.False(t, review.Report{Kind: review.KindPEP}.Untold())
}
