package persona_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
	"docket/store/storetest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// faults are the ways in which the API fails, each for as long as it is not healed.
var faults = []sandbox.FaultKind{sandbox.FaultLimit, sandbox.FaultMute, sandbox.FaultError, sandbox.FaultHang, sandbox.FaultReset,
	sandbox.FaultLost, sandbox.FaultBroken, sandbox.FaultDenied}

func TestAnOutageOfTheAPILosesNothingAndIsNotKnockedAt(t *testing.T) {
	t.Parallel()
	for _, kind := range faults {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			d := newDesk(t, s)
			s.hook = d.take
			id := d.screen("Lazar Vintermoor")
			s.Fail(sandbox.Fault{Kind: kind})
			before := len(s.Requests())
			for range 36 { // three minutes
				s.settle(5 * time.Second)
				d.drain()
			}
			tried := len(s.Requests()) - before
			assert.Positive(t, tried)
			assert.LessOrEqual(t, tried, 40, "requests in three minutes without a usable answer")
			assert.NotEmpty(t, d.errands(review.ErrandWaiting), "what is missing is still wanted")
			assert.NotEmpty(t, d.State().Client.Problem, "the page says what is going on")
			assert.Equal(t, "needs_review", d.file(id).Dossier.Transaction.Status.Value, "webhooks are taken in all the same")

			s.Heal()
			for range 120 { // at most an hour until the last errand is tried again
				s.settle(time.Minute)
				d.drain()
			}
			assert.Empty(t, d.errands(review.ErrandWaiting))
			assert.Empty(t, d.errands(review.ErrandFailed))
			assert.Empty(t, d.State().Client.Problem)
			assert.Equal(t, calm(t, s, id), d.page(id))
		})
	}
}

func TestNothingIsFetchedWhileTheDiskIsNearlyFull(t *testing.T) {
	t.Parallel()
	var short atomic.Bool
	s := newStand(t)
	full := storetest.Open(t, storetest.WithClock(s.clock), func(o *store.Options) {
		o.Hydrate, o.Read = persona.Hydrate, persona.Read
		o.Room = func() error {
			if short.Load() {
				return errors.New("1 byte is free")
			}
			return nil
		}
	})
	d := newDeskOn(t, &desk{t: t, stand: s, db: full})
	d.screen("Lazar Vintermoor")
	short.Store(true)
	s.settle(5 * time.Second)
	before := len(s.Requests())
	require.ErrorIs(t, d.Drain(t.Context()), store.ErrFull)
	assert.Len(t, s.Requests(), before)
	assert.NotEmpty(t, d.errands(review.ErrandWaiting))
	short.Store(false)
	d.drain()
	assert.Greater(t, len(s.Requests()), before)
}

// calm is the page of a transaction as a desk has it that met no trouble.
func calm(t *testing.T, s *stand, id review.TransactionID) string {
	other := newDesk(t, s)
	for _, body := range s.sent {
		require.Equal(t, 200, other.take(body))
	}
	other.drain()
	return other.page(id)
}

func TestAnOutageOfTheAPIHoldsDecisionsBackAndTellsThemOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range faults {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := newStand(t)
			d := newDesk(t, s)
			s.hook = d.take
			d.telling(everything)
			id := d.screen("Lazar Vintermoor")
			d.work(3)
			r := d.decide(id, review.FalsePositive, review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive, Note: "Born elsewhere"})
			require.NotEmpty(t, d.pushes(r))

			s.Fail(sandbox.Fault{Kind: kind})
			before := len(s.Requests())
			for range 36 {
				s.settle(5 * time.Second)
				d.drain()
			}
			assert.LessOrEqual(t, len(s.Requests())-before, 40)
			waiting := d.pushes(r)[0]
			if kind == sandbox.FaultDenied {
				assert.Equal(t, review.PushRefused, waiting.State, "a person has to look")
				assert.Contains(t, waiting.Problem, "report.write")
				for _, p := range d.pushes(r)[1:] {
					assert.Zero(t, p.Tries, "a refused push holds back those behind it")
				}
				s.Heal()
				require.NoError(t, d.db.RetryPush(t.Context(), waiting.ID, "ada"))
			} else {
				assert.Contains(t, []review.PushState{review.PushWaiting, review.PushAcknowledged}, waiting.State)
			}
			s.Heal()
			for range 60 {
				s.settle(time.Minute)
				d.drain()
			}
			for _, p := range d.pushes(r) {
				assert.Equal(t, review.PushAcknowledged, p.State, "%s %s: %s", p.Act, p.Target, p.Problem)
			}
			assert.Equal(t, "approved", s.says(id))
			assert.Equal(t, 1, s.moves(id, "approved"), "Persona was told once")
			assert.Len(t, d.file(id).Reviews, 1, "our own echo opens nothing")
		})
	}
}

func TestTheOutcomeOfALostScreeningIsFoundOutByTheSameForm(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	s.hook = d.take
	form := review.ScreeningForm{NameLast: "Okafor", Key: "form-1"}
	s.Fail(sandbox.Fault{Kind: sandbox.FaultLost, Method: "POST"})
	_, err := d.Screen(t.Context(), form, "")
	require.ErrorIs(t, err, persona.ErrUnavailable)
	s.Heal()
	s.clock.Advance(time.Minute)
	id, err := d.Screen(t.Context(), form, "")
	require.NoError(t, err)
	again, err := d.Screen(t.Context(), form, "")
	require.NoError(t, err)
	assert.Equal(t, id, again)
	d.work(3)
	page, err := d.client.Transactions(t.Context(), "", "")
	require.NoError(t, err)
	assert.Len(t, page.Items, 1, "the same form screens once")
	assert.Equal(t, "approved", d.file(id).Dossier.Transaction.Status.Value)
}

// The browser's way back shows the same form again, with the same key in it.
func TestAFormThatWasChangedScreensWhoeverItNowNames(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	form := review.ScreeningForm{NameFirst: "Ada", NameLast: "Okafor", Key: "form-1"}
	first, err := d.Screen(t.Context(), form, "")
	require.NoError(t, err)
	ids := map[review.TransactionID]bool{first: true}
	for _, change := range []func(*review.ScreeningForm){
		func(f *review.ScreeningForm) { f.NameFirst = "Bea" },
		func(f *review.ScreeningForm) { f.NameFirst, f.NameMiddle = "", "Ada" },
		func(f *review.ScreeningForm) { f.Birthdate = "1980-05-31" },
		func(f *review.ScreeningForm) { f.Country = "DE" },
		func(f *review.ScreeningForm) { f.ReferenceID = "r" },
	} {
		other := form
		change(&other)
		id, err := d.Screen(t.Context(), other, "")
		require.NoError(t, err)
		assert.False(t, ids[id], "somebody else is somebody else: %s", id)
		ids[id] = true
	}
	again, err := d.Screen(t.Context(), form, "")
	require.NoError(t, err)
	assert.Equal(t, first, again)
}

func TestScreeningIsFollowedWithoutWebhooks(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	id := d.screen("Kim Jong Un")
	d.work(10)
	assert.Equal(t, "needs_review", d.file(id).Dossier.Transaction.Status.Value)
	assert.NotEmpty(t, d.file(id).Dossier.OpenMatches())
	before := len(s.Requests())
	d.work(30)
	assert.Equal(t, before, len(s.Requests()), "what settled is asked after no more")
}

// A workflow that never ends, for many at once, must not use up what Persona allows.
func TestWhatNeverSettlesIsAskedForEverMoreSeldom(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(o *standOptions) {
		o.wrap = func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if id, ok := strings.CutPrefix(r.URL.Path, "/api/v1/transactions/"); ok {
					h.ServeHTTP(httptest.NewRecorder(), r) // so that it counts
					_, _ = fmt.Fprintf(w, `{"data":{"type":"transaction","id":%q,"attributes":{"status":"created","created-at":"2026-06-18T08:00:00Z"},
						"relationships":{"related-objects":{"data":[]}}}}`, id)
					return
				}
				h.ServeHTTP(w, r)
			})
		}
	})
	d := newDesk(t, s)
	id := d.screen("Kim Jong Un")
	for range 6 * 60 {
		s.clock.Advance(time.Minute)
		d.drain()
	}
	n := s.askedExactly("GET", "/transactions/"+string(id))
	assert.Greater(t, n, 20)
	assert.Less(t, n, 50, "in six hours")
}

func TestScreeningSaysWhatCannotBeSent(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	_, err := d.Screen(t.Context(), review.ScreeningForm{Key: "k"}, "")
	var invalid *review.Invalid
	require.ErrorAs(t, err, &invalid)
	assert.Empty(t, s.Requests())

	_, err = d.Screen(t.Context(), review.ScreeningForm{Key: "k2", NameLast: "Okafor", Country: "ZX"}, "")
	var refused *persona.Refused
	require.ErrorAs(t, err, &refused)
	require.ErrorAs(t, refused.Invalid(), &invalid)

	off := persona.NewLive(persona.LiveOptions{DB: d.db, Clock: s.clock.Now})
	_, err = off.Screen(t.Context(), review.ScreeningForm{Key: "k3", NameLast: "Okafor"}, "")
	assert.ErrorIs(t, err, persona.ErrUnavailable)
	assert.ErrorIs(t, off.FetchAgain(t.Context(), review.Ref{Type: "account", ID: "act_1"}, ""), persona.ErrUnavailable)
	_, err = off.Sync(t.Context(), time.Time{})
	assert.ErrorIs(t, err, persona.ErrUnavailable)
	require.NoError(t, off.Drain(t.Context()))
	assert.False(t, off.State().Connected)
}

func TestSyncFindsWhatAnOutageOfWebhooksLost(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	s.hook = d.take
	early := d.screen("Boris Johnson")
	d.work(3)
	_, err := d.Sync(t.Context(), time.Time{})
	require.NoError(t, err)

	s.Mute(true)
	other := newDeskClient(t, s)
	var ids []review.TransactionID
	for i := range 40 {
		_, id, err := other.Screen(t.Context(), review.ScreeningForm{NameFirst: "Lazar", NameLast: "Vintermoor", Key: fmt.Sprint("k", i)}, sandbox.TypePerson)
		require.NoError(t, err)
		ids = append(ids, id)
		s.settle(10 * time.Minute)
	}
	s.Change(string(early), "declined")
	d.drain()
	for _, id := range ids {
		_, err := d.db.TransactionFile(t.Context(), id)
		require.ErrorIs(t, err, review.ErrNotFound)
	}
	s.Mute(false)

	s.Fail(sandbox.Fault{Kind: sandbox.FaultError, Prefix: "/events", Times: 4}) // the first call, tries and all, and one more
	synced, err := d.Sync(t.Context(), time.Time{})
	require.NoError(t, err)
	assert.Empty(t, synced.Problem)
	assert.Greater(t, synced.Missed, 100)
	assert.GreaterOrEqual(t, synced.Events, synced.Missed)
	d.drain()
	for _, id := range ids {
		f := d.file(id)
		require.Equal(t, "needs_review", f.Dossier.Transaction.Status.Value)
		require.Len(t, f.Reviews, 1)
		require.NotEmpty(t, f.Dossier.OpenMatches())
	}
	assert.Equal(t, "declined", d.file(early).Dossier.Transaction.Status.Value)
	assert.Equal(t, review.StateClosed, d.file(early).Reviews[0].State)

	again, err := d.Sync(t.Context(), time.Time{})
	require.NoError(t, err)
	assert.Zero(t, again.Missed, "what was found once is known")
	assert.Zero(t, again.Transactions)
	pages := map[review.TransactionID]string{early: d.page(early), ids[0]: d.page(ids[0])}
	for _, body := range s.sent { // and all of it comes late, after all
		require.Equal(t, 200, d.take(body))
	}
	d.drain()
	for id, page := range pages {
		assert.Equal(t, page, d.page(id))
	}
}

func TestASyncThatIsCutShortIsDoneAgainFromWhereItBegan(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	d.screen("Boris Johnson")
	s.settle(10 * time.Second)
	_, err := d.Sync(t.Context(), time.Time{})
	require.NoError(t, err)
	in, err := d.db.Intake(t.Context())
	require.NoError(t, err)
	ended := in.Synced.At

	for _, kind := range faults {
		s.Fail(sandbox.Fault{Kind: kind})
		s.clock.Advance(10 * time.Minute)
		before, began := len(s.Requests()), s.clock.Now()
		synced, err := d.Sync(t.Context(), time.Time{})
		require.Error(t, err, kind)
		assert.True(t, errors.Is(err, persona.ErrUnavailable) || errors.Is(err, persona.ErrUnauthorized), kind)
		assert.NotEmpty(t, synced.Problem, kind)
		assert.Equal(t, ended, synced.At, "the next one looks back as far")
		assert.LessOrEqual(t, len(s.Requests())-before, 20, kind)
		assert.Less(t, s.clock.Now().Sub(began), 15*time.Minute)
		s.Heal()
	}
	s.clock.Advance(10 * time.Minute)
	synced, err := d.Sync(t.Context(), time.Time{})
	require.NoError(t, err)
	assert.Empty(t, synced.Problem)
	assert.True(t, synced.At.After(ended))
}
