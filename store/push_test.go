package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// told is what the tests tell Persona after a decision: a field, then the status.
func told(_ review.Telling, r review.Review, d review.Decision, dossier review.Dossier, _ []review.Disposition) []review.Push {
	txn := review.Ref{Type: "transaction", ID: string(r.Transaction)}
	value := map[review.Outcome]string{review.Approve: "approved", review.Decline: "declined"}[d.Outcome]
	return []review.Push{
		{Act: review.PushFields, Target: txn, Fields: []review.PushField{{Key: "reason", Value: "secret words"}}},
		{Act: review.PushStatus, Target: txn, Value: value, Before: dossier.Transaction.Status.Value, Note: "a note", Key: "a key of its own"},
	}
}

// desk is a store that tells, with one decided review.
type desk struct {
	*store.DB
	clock  *storetest.Clock
	path   string
	anna   review.ColleagueID
	lead   review.ColleagueID
	review review.ReviewID
	made   review.Decision
}

func newDesk(t *testing.T, edits ...func(*store.Options)) *desk {
	t.Helper()
	d := &desk{clock: storetest.NewClock(), path: filepath.Join(t.TempDir(), "docket.db")}
	d.DB = storetest.OpenFile(t, d.path, storetest.WithClock(d.clock), func(o *store.Options) {
		o.Pushes = told
		for _, edit := range edits {
			edit(o)
		}
	})
	d.anna = storetest.Colleague(t, d.DB, review.RoleReviewer, "anna")
	d.lead = storetest.Colleague(t, d.DB, review.RoleLead)
	d.review = storetest.Review(t, d.DB)
	d.clock.Advance(time.Minute)
	d.made = decided(t, d.DB, d.review, d.anna, review.Approve)
	return d
}

func (d *desk) pushes(t *testing.T) []review.Push {
	t.Helper()
	p, err := d.PushesOf(t.Context(), d.review)
	require.NoError(t, err)
	return p
}

func (d *desk) states(t *testing.T) (states []review.PushState) {
	t.Helper()
	for _, p := range d.pushes(t) {
		states = append(states, p.State)
	}
	return states
}

func (d *desk) due(t *testing.T) (ids []review.PushID) {
	t.Helper()
	due, err := d.DuePushes(t.Context(), 10)
	require.NoError(t, err)
	for _, p := range due {
		ids = append(ids, p.ID)
	}
	return ids
}

func (d *desk) correct(t *testing.T, outcome review.Outcome) {
	t.Helper()
	_, err := d.Correct(t.Context(), d.review, d.lead, review.DecisionForm{Outcome: outcome, Reason: review.ReasonOther, Note: "Looked again.",
		Evidence: storetest.Digest(t, d.DB, d.review)})
	require.NoError(t, err)
	storetest.Agreed(t, d.DB, d.review)
}

func (d *desk) tried(t *testing.T, id review.PushID, try review.PushTry) {
	t.Helper()
	require.NoError(t, d.PushTried(t.Context(), id, try))
}

// says takes in a status of the transaction as Persona dates it.
func (d *desk) says(t *testing.T, status string, at time.Time) {
	t.Helper()
	storetest.Import(t, d.DB, storetest.Payload(storetest.Transaction("txn_1", status, at)))
}

// trail gives what the trail says of some acts, oldest first.
func (d *desk) trail(t *testing.T, acts ...review.Act) (lines []string) {
	t.Helper()
	for _, e := range mustFile(t, d.DB, d.review).Entries {
		for _, a := range acts {
			if e.Act == a {
				lines = append([]string{string(a) + ": " + e.Status}, lines...)
			}
		}
	}
	return lines
}

func TestWhatFollowsFromADecisionIsWrittenWithIt(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.pushes(t)
	require.Len(t, p, 2)
	require.NotEmpty(t, p[0].Key)
	txn := review.Ref{Type: "transaction", ID: "txn_1"}
	now := storetest.Start.Add(time.Minute)
	assert.Equal(t, []review.Push{
		{ID: 1, Review: d.review, Decision: d.made.Entry, Root: txn, Act: review.PushFields, Target: txn,
			Fields: []review.PushField{{Key: "reason", Value: "secret words"}}, Key: p[0].Key, State: review.PushWaiting, At: now, NextAt: now},
		{ID: 2, Review: d.review, Decision: d.made.Entry, Root: txn, Act: review.PushStatus, Target: txn, Value: "approved", Before: "needs_review",
			Note: "a note", Key: "a key of its own", State: review.PushWaiting, At: now, NextAt: now},
	}, p)

	_, err := raw(t, d.path).Exec(`DELETE FROM push`)
	require.Error(t, err, "a push stays")

	mute := storetest.Open(t)
	anna := storetest.Colleague(t, mute, review.RoleReviewer, "anna")
	id := storetest.Review(t, mute)
	decided(t, mute, id, anna, review.Approve)
	none, err := mute.PushesOf(t.Context(), id)
	require.NoError(t, err)
	assert.Empty(t, none, "nothing is told where nothing can be")
}

func TestPushesGoInTheOrderOfTheirReview(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	next := func() time.Time {
		at, err := d.NextPush(t.Context())
		require.NoError(t, err)
		return at
	}
	assert.Equal(t, []review.PushID{1}, d.due(t))
	later := d.clock.Now().Add(time.Minute)
	d.tried(t, 1, review.PushTry{Problem: "Persona is slow", Next: later, Request: "req_1", Key: "a new key"})
	assert.Empty(t, d.due(t), "one that waits holds back those behind it")
	assert.Equal(t, later, next())
	p := d.pushes(t)[0]
	assert.Equal(t, 1, p.Tries)
	assert.Equal(t, "Persona is slow", p.Problem)
	assert.Equal(t, "req_1", p.Request)
	assert.Equal(t, "a new key", p.Key)

	d.clock.Advance(time.Minute)
	assert.Equal(t, []review.PushID{1}, d.due(t))
	d.tried(t, 1, review.PushTry{Refused: true, Problem: "no such field"})
	assert.Empty(t, d.due(t), "one that was refused holds back those behind it")
	assert.Zero(t, next())
	refused, _, err := d.Pushes(t.Context(), []review.PushState{review.PushRefused}, "", 10)
	require.NoError(t, err)
	require.Len(t, refused, 1)
	assert.Equal(t, "no such field", refused[0].Problem)
	assert.Equal(t, d.clock.Now(), refused[0].SettledAt)
	in := intake(t, d.DB)
	assert.Equal(t, review.PushCounts{Waiting: 1, Refused: 1}, in.Pushes)

	// Another review's line goes on.
	other := storetest.Review(t, d.DB, func(c *storetest.Case) { c.ID = "txn_2" })
	decided(t, d.DB, other, d.anna, review.Decline)
	assert.Equal(t, []review.PushID{3}, d.due(t))
	d.tried(t, 3, review.PushTry{Sent: true, Settled: true})
	assert.Equal(t, []review.PushID{4}, d.due(t))

	require.ErrorIs(t, d.RetryPush(t.Context(), 1, d.anna), review.ErrForbidden)
	require.NoError(t, d.RetryPush(t.Context(), 1, d.lead))
	assert.NotEqual(t, "a new key", d.pushes(t)[0].Key, "an idempotency key that was answered would be answered the same")
	assert.ElementsMatch(t, []review.PushID{4, 1}, d.due(t))
	d.tried(t, 1, review.PushTry{Sent: true})
	assert.ElementsMatch(t, []review.PushID{4, 2}, d.due(t), "what is sent holds nothing back")
	d.tried(t, 2, review.PushTry{Sent: true})
	assert.Equal(t, []review.PushState{review.PushSent, review.PushSent}, d.states(t))

	assert.Equal(t, []string{"pushed: fields reason: not taken yet: Persona is slow", "pushed: fields reason: refused: no such field",
		"pushed: fields reason: to be told again", "pushed: fields reason: taken", "pushed: status approved: taken"}, d.trail(t, review.ActPushed))
	require.ErrorIs(t, d.PushTried(t.Context(), 99, review.PushTry{}), review.ErrNotFound)
}

func TestALeadGivesAPushUp(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.tried(t, 1, review.PushTry{Refused: true, Problem: "no such field"})
	require.ErrorIs(t, d.DropPush(t.Context(), 1, d.anna), review.ErrForbidden)
	require.NoError(t, d.DropPush(t.Context(), 1, d.lead))
	assert.Equal(t, []review.PushID{2}, d.due(t))
	require.ErrorIs(t, d.DropPush(t.Context(), 1, d.lead), review.ErrConflict)
	require.ErrorIs(t, d.RetryPush(t.Context(), 1, d.lead), review.ErrConflict)
	d.tried(t, 2, review.PushTry{Sent: true, Settled: true})
	require.ErrorIs(t, d.DropPush(t.Context(), 2, d.lead), review.ErrConflict)
	require.ErrorIs(t, d.DropPush(t.Context(), 9, d.lead), review.ErrNotFound)
	entries := mustFile(t, d.DB, d.review).Entries
	assert.Equal(t, "status approved: taken and confirmed", entries[0].Status)
	assert.Equal(t, "fields reason: given up", entries[1].Status)
	assert.Equal(t, d.lead, entries[1].By)
	assert.Equal(t, review.PushCounts{Settled: 2}, intake(t, d.DB).Pushes)
}

func TestACorrectionOvertakesWhatWasNotToldYet(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.tried(t, 1, review.PushTry{Refused: true})
	d.correct(t, review.Decline)
	p := d.pushes(t)
	require.Len(t, p, 4)
	assert.Equal(t, []review.PushState{review.PushDropped, review.PushDropped, review.PushWaiting, review.PushWaiting}, d.states(t))
	assert.Equal(t, "overtaken by a later decision", p[1].Problem)
	assert.Equal(t, "declined", p[3].Value)
	assert.Equal(t, []review.PushID{3}, d.due(t))

	// The earlier status was under way when it was overtaken, and Persona took it.
	d.tried(t, 2, review.PushTry{Problem: "time-out"})
	assert.Equal(t, review.PushDropped, d.pushes(t)[1].State)
	d.tried(t, 2, review.PushTry{Sent: true})
	assert.Equal(t, review.PushSent, d.pushes(t)[1].State, "what was taken is told as taken")
	approved := d.clock.Now()
	d.clock.Advance(time.Second)
	d.tried(t, 3, review.PushTry{Sent: true, Settled: true})
	d.tried(t, 4, review.PushTry{Sent: true})
	d.says(t, "approved", approved)
	assert.Equal(t, review.PushSent, d.pushes(t)[3].State, "the echo of the earlier one is not about this one")
	d.says(t, "declined", d.clock.Now())
	assert.Equal(t, review.PushAcknowledged, d.pushes(t)[3].State)
	assert.Empty(t, d.trail(t, review.ActDiverged))
}

func TestALaterReviewOvertakesTheEarlierOnesOfItsTransaction(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	storetest.Import(t, d.DB, storetest.Payload(storetest.Report("rep_txn_1", d.clock.Now(), "a", "b")))
	f, err := d.TransactionFile(t.Context(), "txn_1")
	require.NoError(t, err)
	require.Len(t, f.Reviews, 2, "a match that the decision never saw")
	decided(t, d.DB, f.Reviews[0].ID, d.anna, review.Decline)
	assert.Equal(t, []review.PushState{review.PushDropped, review.PushDropped}, d.states(t))
	assert.Equal(t, []review.PushID{3}, d.due(t))
}

func TestOurOwnEchoIsRecognisedOnceAndOpensNoReview(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.tried(t, 1, review.PushTry{Sent: true, Settled: true})
	d.tried(t, 2, review.PushTry{Sent: true})
	d.says(t, "needs_review", d.clock.Now().Add(time.Second)) // the news of the field
	assert.Equal(t, review.PushSent, d.pushes(t)[1].State)
	d.clock.Advance(time.Minute)
	echo := storetest.Payload(storetest.Transaction("txn_1", "Approved", d.clock.Now()))
	storetest.Import(t, d.DB, echo)
	storetest.Import(t, d.DB, echo)
	d.says(t, "approved", d.clock.Now().Add(time.Second))
	p := d.pushes(t)[1]
	assert.Equal(t, review.PushAcknowledged, p.State)
	assert.Equal(t, d.clock.Now(), p.SettledAt)
	assert.Equal(t, []string{"echoed: approved"}, d.trail(t, review.ActEchoed, review.ActDiverged))
	f, err := d.TransactionFile(t.Context(), "txn_1")
	require.NoError(t, err)
	require.Len(t, f.Reviews, 1)
	assert.Equal(t, review.ClosingDecided, f.Reviews[0].Closing)
	page, err := d.Queue(t.Context(), review.QueueQuery{})
	require.NoError(t, err)
	assert.Empty(t, page.Rows)
	problems, err := d.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func TestAnEchoThatIsFasterThanTheAnswerStays(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.tried(t, 1, review.PushTry{Sent: true, Settled: true})
	d.says(t, "approved", d.clock.Now())
	assert.Equal(t, review.PushAcknowledged, d.pushes(t)[1].State)
	assert.Empty(t, d.due(t))
	d.tried(t, 2, review.PushTry{Sent: true, Request: "req_2"})
	p := d.pushes(t)[1]
	assert.Equal(t, review.PushAcknowledged, p.State)
	assert.Equal(t, d.clock.Now(), p.SentAt)
	assert.Equal(t, []string{"pushed: fields reason: taken and confirmed", "echoed: approved", "pushed: status approved: taken"},
		d.trail(t, review.ActPushed, review.ActEchoed))
}

func TestAnotherStatusThanTheOneToldIsShown(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.tried(t, 1, review.PushTry{Sent: true, Settled: true})
	d.tried(t, 2, review.PushTry{Sent: true})
	for i, status := range []string{"Declined", "declined", "approved", "declined", "approved"} {
		d.says(t, status, d.clock.Now().Add(time.Duration(i+1)*time.Second))
		p := d.pushes(t)[1]
		if status == "approved" {
			assert.Equal(t, review.PushAcknowledged, p.State)
			assert.Empty(t, p.Problem)
		} else {
			assert.Equal(t, review.PushDiverged, p.State)
			assert.Equal(t, "Persona says "+status, p.Problem)
		}
	}
	assert.Equal(t, []string{"diverged: Declined", "diverged: declined", "echoed: approved"}, d.trail(t, review.ActEchoed, review.ActDiverged),
		"once per value")
	d.says(t, "expired", d.clock.Now().Add(time.Hour))
	assert.Equal(t, review.PushCounts{Diverged: 1, Settled: 1}, intake(t, d.DB).Pushes)
	require.NoError(t, d.RetryPush(t.Context(), 2, d.lead))
	assert.Equal(t, []review.PushID{2}, d.due(t))
}

func TestARebuildLeavesWhatWasToldAlone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.tried(t, 1, review.PushTry{Sent: true, Settled: true})
	d.tried(t, 2, review.PushTry{Sent: true})
	d.says(t, "declined", d.clock.Now().Add(time.Second))
	deliver(t, d.DB, receipt("evt_1", "not JSON"))
	_, err := d.Absorb(t.Context(), []review.Reading{storetest.Read([]byte("not JSON"))})
	require.NoError(t, err)
	_, err = d.Want(t.Context(), []review.Errand{errand("rep_1", "a")})
	require.NoError(t, err)
	require.NoError(t, d.KeepFile(t.Context(), review.HeldFile{Ref: ref("document", "doc_1"), Link: "l", Media: "image/png"}, []byte("png")))
	before, entries := kept(t, d.path), mustFile(t, d.DB, d.review).Entries
	require.NoError(t, d.Rebuild(t.Context(), storetest.Read, nil))
	assert.Equal(t, before, kept(t, d.path))
	assert.Equal(t, entries, mustFile(t, d.DB, d.review).Entries)
	problems, err := d.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

// What arrives while the projections are made again is compared with what was told at the end.
func TestAnEchoDuringARebuildIsRecognisedAtItsEnd(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.tried(t, 1, review.PushTry{Sent: true, Settled: true})
	d.tried(t, 2, review.PushTry{Sent: true})
	once := false
	require.NoError(t, d.Rebuild(t.Context(), storetest.Read, func(int, int) {
		if !once {
			once = true
			d.says(t, "approved", d.clock.Now().Add(time.Second))
			assert.Equal(t, review.PushSent, d.pushes(t)[1].State)
		}
	}))
	assert.True(t, once)
	assert.Equal(t, review.PushAcknowledged, d.pushes(t)[1].State)
	assert.Equal(t, []string{"echoed: approved"}, d.trail(t, review.ActEchoed))
}

func TestAPushIsUnderWayOnceAndOnlyWhileItIsDue(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	begin := func(id review.PushID) error { return d.BeginPush(t.Context(), id, time.Minute) }
	require.ErrorIs(t, begin(2), review.ErrConflict, "the one before it is not settled")
	require.ErrorIs(t, begin(9), review.ErrNotFound)
	require.NoError(t, begin(1))
	assert.Equal(t, d.clock.Now(), d.pushes(t)[0].BegunAt)
	require.ErrorIs(t, begin(1), review.ErrConflict, "another docket tells it right now")
	assert.Empty(t, d.due(t))
	require.ErrorIs(t, d.RetryPush(t.Context(), 1, d.lead), review.ErrConflict, "a new key would have it done twice")
	d.tried(t, 1, review.PushTry{Problem: "slow", Next: d.clock.Now().Add(time.Second)})
	assert.Zero(t, d.pushes(t)[0].BegunAt)
	require.ErrorIs(t, begin(1), review.ErrConflict, "not before its time")
	d.clock.Advance(time.Second)
	require.NoError(t, begin(1))
	d.clock.Advance(time.Minute) // whoever began it is gone
	assert.Equal(t, []review.PushID{1}, d.due(t))
	assert.NotZero(t, d.pushes(t)[0].BegunAt, "nobody knows whether it arrived")
	require.NoError(t, begin(1))
	d.tried(t, 1, review.PushTry{Sent: true, Settled: true})
	require.ErrorIs(t, begin(1), review.ErrConflict)

	// A decision that comes between the reading of the line and the sending.
	assert.Equal(t, []review.PushID{2}, d.due(t))
	d.correct(t, review.Decline)
	require.ErrorIs(t, begin(2), review.ErrConflict)
}

func TestWhatALaterDecisionOvertookIsNeverToldAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.tried(t, 1, review.PushTry{Sent: true, Settled: true})
	d.tried(t, 2, review.PushTry{Sent: true})
	d.says(t, "expired", d.clock.Now().Add(time.Second))
	require.Equal(t, review.PushDiverged, d.pushes(t)[1].State)
	d.correct(t, review.Decline)
	assert.Equal(t, review.PushDropped, d.pushes(t)[1].State, "the later decision was made knowing what Persona says")
	require.ErrorIs(t, d.RetryPush(t.Context(), 2, d.lead), review.ErrConflict)
	assert.Equal(t, []review.PushID{3}, d.due(t))

	// One that was under way and diverged only afterwards is not told again either.
	d.tried(t, 3, review.PushTry{Sent: true, Settled: true})
	d.tried(t, 4, review.PushTry{Sent: true})
	d.correct(t, review.Approve)
	d.says(t, "on_hold", d.clock.Now().Add(time.Minute))
	for _, p := range d.pushes(t) {
		if p.Decision != d.pushes(t)[5].Decision {
			require.ErrorIs(t, d.RetryPush(t.Context(), p.ID, d.lead), review.ErrConflict)
		}
	}
}

// telling as persona.Pushes does: no status where Persona says it already.
func TestADecisionThatGoesBackIsToldWhenTheOneBetweenMayHaveArrived(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(o *store.Options) {
		o.Pushes = func(t review.Telling, r review.Review, dec review.Decision, dossier review.Dossier, found []review.Disposition) []review.Push {
			all := told(t, r, dec, dossier, found)
			if all[1].Value == dossier.Transaction.Status.Value {
				return all[:1]
			}
			return all
		}
	})
	d.tried(t, 1, review.PushTry{Sent: true, Settled: true})
	d.tried(t, 2, review.PushTry{Sent: true})
	d.says(t, "approved", d.clock.Now().Add(time.Second))
	d.clock.Advance(time.Minute)
	d.correct(t, review.Decline)
	d.tried(t, 3, review.PushTry{Sent: true, Settled: true})
	require.NoError(t, d.BeginPush(t.Context(), 4, time.Minute)) // under way
	d.clock.Advance(time.Second)
	d.correct(t, review.Approve)
	p := d.pushes(t)
	require.Len(t, p, 6)
	assert.Equal(t, review.PushStatus, p[5].Act)
	assert.Equal(t, "approved", p[5].Value)
	d.tried(t, 4, review.PushTry{Sent: true}) // it did arrive
	d.says(t, "declined", d.clock.Now())
	assert.Equal(t, review.PushWaiting, d.pushes(t)[5].State, "Persona has to be told")
	d.tried(t, 5, review.PushTry{Sent: true, Settled: true})
	assert.Equal(t, []review.PushID{6}, d.due(t))

	// Nothing was under way: Persona says it already.
	d.tried(t, 6, review.PushTry{Sent: true})
	d.says(t, "approved", d.clock.Now().Add(time.Second))
	d.clock.Advance(time.Minute)
	d.correct(t, review.Decline)
	d.correct(t, review.Approve)
	assert.Len(t, d.pushes(t), 9, "fields and status, then fields")
}
