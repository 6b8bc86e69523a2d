package store_test

import (
	"path/filepath"
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

// judging is a review that a colleague holds, of a subject born 1970 with matches born 1961 (a), 1970
// (b) and nobody knows when (c).
type judging struct {
	t     *testing.T
	db    *store.DB
	path  string
	clock *storetest.Clock
	anna  review.ColleagueID
	id    review.ReviewID
}

func newJudging(t *testing.T, edits ...storetest.Edit) *judging {
	t.Helper()
	d := &judging{t: t, path: filepath.Join(t.TempDir(), "docket.db"), clock: storetest.NewClock()}
	d.db = storetest.OpenFile(t, d.path, storetest.WithClock(d.clock))
	d.anna = storetest.Colleague(t, d.db, review.RoleReviewer, "anna")
	d.id = storetest.Review(t, d.db, append([]storetest.Edit{storetest.WithMatches(3),
		storetest.WithBirths("1970-01-31", map[string]string{"a": "1961-05-06", "b": "1970-01-31"})}, edits...)...)
	storetest.Claimed(t, d.db, d.id, d.anna)
	return d
}

func (d *judging) file() store.ReviewFile {
	d.t.Helper()
	return mustFile(d.t, d.db, d.id)
}

// key is the key of one of the review's matches.
func (d *judging) key(match string) review.MatchKey { return storetest.Key("rep_txn_1", match) }

// apart clears matches because the years of birth differ, by nine here.
func (d *judging) apart(matches ...review.MatchKey) review.DispositionForm {
	return review.DispositionForm{Matches: matches, Finding: review.FalsePositive, Reason: review.ReasonBirthdate,
		Premises: []string{"birth-years-apart:9"}, Evidence: d.file().Review.Evidence.String()}
}

func (d *judging) dispose(form review.DispositionForm) []review.Disposition {
	d.t.Helper()
	made, err := d.db.Dispose(d.t.Context(), d.id, d.anna, form)
	require.NoError(d.t, err)
	return made
}

// births moves the birth dates of the subject or of the matches; "" leaves the subject's.
func (d *judging) births(subject string, matches map[string]string) {
	d.t.Helper()
	d.clock.Advance(time.Hour)
	states := []storetest.State{storetest.Report("rep_txn_1", d.clock.Now(), "a", "b", "c").Fact("births", matches)}
	if subject != "" {
		states = append(states, storetest.Transaction("txn_1", "needs_review", d.clock.Now()).Fact("born", subject))
	}
	storetest.Import(d.t, d.db, storetest.Payload(states...))
	if d.file().Review.State == review.StateOpen {
		storetest.Claimed(d.t, d.db, d.id, d.anna) // the hour has ended the claim
	}
}

func (d *judging) answered() int {
	d.t.Helper()
	page, err := d.db.UnkeptQueue(d.t.Context(), review.QueueQuery{Tab: "all"})
	require.NoError(d.t, err)
	for _, r := range page.Rows {
		if r.Review == d.id {
			return r.Answered
		}
	}
	d.t.Fatal("the review is in no queue")
	return 0
}

func (d *judging) stands() (stands []review.Disposition, lapsed []review.Lapsed) {
	f := d.file()
	return review.StillStanding(f.Dossier, review.Parties(f.Dossier), f.Found)
}

func TestAFindingKeepsWhatItRestsOn(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	made := d.dispose(d.apart(d.key("a")))
	require.Len(t, made, 1)
	f := d.file()
	require.Equal(t, made, f.Found, "what is given back is what is on the record")
	got := f.Found[0]
	require.Len(t, got.Premises, 1)
	p := got.Premises[0]
	assert.Equal(t, review.PremiseYearsApart, p.Kind)
	assert.Equal(t, review.AttributeBirthdate, p.Attribute)
	assert.Equal(t, 9, p.Amount)
	assert.Equal(t, []string{"1970-01-31"}, p.Subject)
	assert.Equal(t, []string{"1961-05-06"}, p.Match)
	assert.NotEmpty(t, p.Rule)
	assert.Equal(t, review.ComparatorVersion, p.Comparator)
	assert.Equal(t, review.ComparatorVersion, got.Comparator)
	assert.Equal(t, review.KindWatchlist, got.Kind)
	assert.Equal(t, "a", got.Identity)
	assert.NotEmpty(t, got.Whose)
	assert.NotEmpty(t, got.Party)
	assert.False(t, got.Seen.IsZero())

	cannot := d.dispose(review.DispositionForm{Matches: []review.MatchKey{d.key("c")}, Finding: review.CannotTell, Reason: review.ReasonBirthdate,
		Missing: []review.Fact{review.FactBirthdateMatch}, Premises: []string{"birth-years-apart:9"}, Evidence: f.Review.Evidence.String()})
	assert.Equal(t, []review.Fact{review.FactBirthdateMatch}, cannot[0].Missing)
	assert.Empty(t, cannot[0].Premises, "a hidden part of the form counts for nothing")
	f = d.file()
	require.Len(t, f.Found, 2)
	assert.Contains(t, f.Found, cannot[0])
}

func TestEachPartyIsRecordedForItself(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	before := len(d.file().Entries)
	made := d.dispose(storetest.Finding(review.FalsePositive, d.file().Review.Evidence.String(), d.key("a"), d.key("b"), d.key("c")))
	require.Len(t, made, 3)
	f := d.file()
	require.Len(t, f.Entries, before+3)
	for _, e := range f.Entries[:3] {
		assert.Equal(t, review.ActDisposed, e.Act)
		assert.Len(t, e.Matches, 1)
		assert.Equal(t, f.Review.Evidence, e.Evidence)
		assert.Equal(t, review.ComparatorVersion, e.Comparator)
	}
	assert.Equal(t, 3, d.answered())
}

func TestAFindingWithoutGroundsIsNotRecorded(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	evidence := d.file().Review.Evidence.String()
	for field, form := range map[string]review.DispositionForm{
		"premise": {Matches: []review.MatchKey{d.key("a")}, Finding: review.FalsePositive, Reason: review.ReasonBirthdate},
		"missing": {Matches: []review.MatchKey{d.key("a")}, Finding: review.CannotTell, Reason: review.ReasonBirthdate},
		"carry":   {Matches: []review.MatchKey{d.key("a")}, Finding: review.FalsePositive, Carry: []review.EntryID{1}},
		"match":   {Matches: []review.MatchKey{"wl-none"}, Finding: review.TrueMatch, Reason: review.ReasonName},
	} {
		form.Evidence = evidence
		_, err := d.db.Dispose(t.Context(), d.id, d.anna, form)
		var inv *review.Invalid
		require.ErrorAs(t, err, &inv, field)
		assert.Equal(t, field, inv.Problems[0].Field)
	}
	// One of two has the premise: neither is recorded.
	_, err := d.db.Dispose(t.Context(), d.id, d.anna, d.apart(d.key("a"), d.key("b")))
	require.Error(t, err)
	f := d.file()
	assert.Empty(t, f.Found)
	assert.Len(t, f.Entries, 2, "opened and claimed, no more")
}

func TestAFindingLapsesWhenItsPremiseBreaks(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	d.dispose(d.apart(d.key("a")))
	d.dispose(storetest.Finding(review.TrueMatch, d.file().Review.Evidence.String(), d.key("b")))
	require.Equal(t, 2, d.answered())

	d.births("", map[string]string{"a": "1950-05-06", "b": "1970-01-31"}) // twenty years are nine and more
	assert.Equal(t, 2, d.answered(), "the premise holds")
	d.births("", map[string]string{"a": "1970-05-06", "b": "1970-01-31"})
	assert.Equal(t, 1, d.answered(), "the years agree by now; what was found true stands")
	stands, lapsed := d.stands()
	require.Len(t, lapsed, 1)
	require.Len(t, stands, 1)
	assert.Equal(t, review.Broken, lapsed[0].Retest.Premises[0].Standing)

	evidence := d.file().Review.Evidence.String()
	d.dispose(storetest.Finding(review.FalsePositive, evidence, d.key("c")))
	_, err := d.db.Decide(t.Context(), d.id, d.anna, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonTrueMatch, Evidence: evidence})
	var inv *review.Invalid
	require.ErrorAs(t, err, &inv)
	assert.Equal(t, "match", inv.Problems[0].Field, "the lapsed finding is none")

	d.births("", map[string]string{"a": "1961-05-06", "b": "1970-01-31"})
	assert.Equal(t, 3, d.answered(), "what comes back counts again; what is said in words rests on the party as it stood")
}

func TestACorrectionDeclinesOnWhatWasFoundAndApprovesOnWhatStands(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	lead := storetest.Colleague(t, d.db, review.RoleLead)
	evidence := d.file().Review.Evidence.String()
	d.dispose(d.apart(d.key("a")))
	d.dispose(storetest.Finding(review.FalsePositive, evidence, d.key("b"), d.key("c")))
	first, err := d.db.Decide(t.Context(), d.id, d.anna, approve(evidence))
	require.NoError(t, err)
	d.births("", map[string]string{"a": "1970-01-31", "b": "1970-01-31"})
	form := review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonOther, Note: "Again.", Evidence: d.file().Review.Evidence.String()}
	_, err = d.db.Correct(t.Context(), d.id, lead, form)
	var inv *review.Invalid
	require.ErrorAs(t, err, &inv, "one of the findings does not stand any more")
	form.Outcome = review.Decline
	second, err := d.db.Correct(t.Context(), d.id, lead, form)
	require.NoError(t, err)
	assert.Equal(t, first.Entry, second.Corrects)
	assert.Equal(t, first.Tally, second.Tally)
}

func TestAFindingIsCarriedFromAnotherTransactionOfTheSubject(t *testing.T) {
	t.Parallel()
	for name, same := range map[string]storetest.Edit{
		"account":   func(c *storetest.Case) { c.Account, c.Reference = "act_1", "" },
		"reference": func(c *storetest.Case) { c.Reference = "person-7" },
	} {
		d := newJudging(t, same)
		earlier := d.dispose(d.apart(d.key("a")))[0]
		birthdays := storetest.WithBirths("1970-01-31", map[string]string{"a": "1961-05-06"})
		second := storetest.Review(t, d.db, func(c *storetest.Case) { c.ID = "txn_2" }, birthdays, same)
		stranger := storetest.Review(t, d.db, func(c *storetest.Case) { c.ID, c.Reference = "txn_3", "person-8" }, birthdays)
		assert.Empty(t, mustFile(t, d.db, stranger).Judged, name)
		f := mustFile(t, d.db, second)
		require.Equal(t, []review.Disposition{earlier}, f.Judged, name)
		retest := review.Retests(f.Dossier, review.Parties(f.Dossier), f.Judged)[storetest.Key("rep_txn_2", "a")]
		require.True(t, retest.Held(), name)
		assert.Zero(t, queued(t, d.db, second).Answered, "it never counts by itself")

		form := review.DispositionForm{Matches: []review.MatchKey{storetest.Key("rep_txn_2", "a")}, Finding: review.FalsePositive,
			Carry: []review.EntryID{earlier.Entry}, Evidence: f.Review.Evidence.String()}
		storetest.Claimed(t, d.db, second, d.anna)
		made, err := d.db.Dispose(t.Context(), second, d.anna, form)
		require.NoError(t, err, name)
		assert.Equal(t, earlier.Entry, made[0].Carries)
		assert.Equal(t, earlier.Reason, made[0].Reason)
		assert.Equal(t, earlier.Premises, made[0].Premises)
		assert.Equal(t, made, mustFile(t, d.db, second).Found)
		assert.Equal(t, 1, queued(t, d.db, second).Answered)

		storetest.Claimed(t, d.db, stranger, d.anna)
		form.Matches = []review.MatchKey{storetest.Key("rep_txn_3", "a")}
		form.Evidence = storetest.Digest(t, d.db, stranger)
		_, err = d.db.Dispose(t.Context(), stranger, d.anna, form)
		var inv *review.Invalid
		require.ErrorAs(t, err, &inv, name)
		assert.Equal(t, "carry", inv.Problems[0].Field)

		_, err = d.db.Undo(t.Context(), d.id, d.anna, earlier.Entry, storetest.Digest(t, d.db, d.id))
		require.NoError(t, err)
		judged := mustFile(t, d.db, second).Judged
		assert.Empty(t, judged, "what was taken back is no precedent")
	}
}

func queued(t *testing.T, db *store.DB, id review.ReviewID) review.QueueRow {
	t.Helper()
	page, err := db.UnkeptQueue(t.Context(), review.QueueQuery{Tab: "all"})
	require.NoError(t, err)
	for _, r := range page.Rows {
		if r.Review == id {
			return r
		}
	}
	t.Fatalf("%s is in no queue", id)
	return review.QueueRow{}
}

func TestTheNewestFindingOfOtherReviewsIsTheOneJudged(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	lead := storetest.Colleague(t, d.db, review.RoleLead)
	d.dispose(storetest.Finding(review.TrueMatch, d.file().Review.Evidence.String(), d.key("a"), d.key("b"), d.key("c")))
	last := d.dispose(d.apart(d.key("a")))[0]
	_, err := d.db.Decide(t.Context(), d.id, d.anna, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonTrueMatch,
		Evidence: d.file().Review.Evidence.String()})
	require.NoError(t, err)
	d.clock.Advance(time.Hour)
	storetest.Import(t, d.db, storetest.Payload(storetest.Transaction("txn_1", "declined", d.clock.Now())),
		storetest.Payload(storetest.Transaction("txn_1", "needs_review", d.clock.Now().Add(time.Minute))))
	second := reviewsOf(t, d.db, "txn_1")[1].ID
	require.NotEqual(t, d.id, second)
	f := mustFile(t, d.db, second)
	require.Len(t, f.Judged, 3, "one per match")
	assert.Equal(t, last, f.Judged[0], "the newest first")
	assert.Empty(t, f.Found)
	assert.Empty(t, mustFile(t, d.db, d.id).Judged, "nothing was found anywhere else")
	storetest.Claimed(t, d.db, second, lead)
	_, err = d.db.Undo(t.Context(), second, lead, last.Entry, f.Review.Evidence.String())
	require.ErrorIs(t, err, review.ErrNotFound, "it is no finding of that review")
}

func TestOfManyFindingsAtOnceEachIsOnTheRecordAndOneHolds(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	form := d.apart(d.key("a"))
	var wg sync.WaitGroup
	var failed atomic.Int32
	for range 12 {
		wg.Go(func() {
			if _, err := d.db.Dispose(t.Context(), d.id, d.anna, form); err != nil {
				failed.Add(1)
			}
		})
	}
	wg.Wait()
	assert.Zero(t, failed.Load())
	f := d.file()
	require.Len(t, f.Found, 1)
	assert.Equal(t, f.Entries[0].ID, f.Found[0].Entry, "the last one")
	assert.Len(t, f.Entries, 2+12)
	assert.Equal(t, 1, d.answered())
}
