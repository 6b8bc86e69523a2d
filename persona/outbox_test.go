package persona_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store/storetest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var allFalse = review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive, Note: "Born elsewhere"}

// decided is a desk on which a transaction was decided and nothing was told yet.
func decided(t *testing.T, name string, finding review.Finding, form review.DecisionForm, telling review.Telling) (*stand, *desk, review.TransactionID, review.ReviewID) {
	s := newStand(t)
	d := newDesk(t, s)
	s.hook = d.take
	d.telling(telling)
	id := d.screen(name)
	d.work(3)
	return s, d, id, d.decide(id, finding, form)
}

// acts are the trail's lines of one act, oldest first.
func (d *desk) acts(r review.ReviewID, act review.Act) []string {
	d.t.Helper()
	f, err := d.db.ReviewFile(d.t.Context(), r)
	require.NoError(d.t, err)
	var out []string
	for _, e := range f.Entries {
		if e.Act == act {
			out = append([]string{e.Status}, out...)
		}
	}
	return out
}

func TestADecisionIsToldInOrderAndItsEchoIsKnown(t *testing.T) {
	t.Parallel()
	s, d, id, r := decided(t, "Lazar Vintermoor", review.FalsePositive, allFalse, everything)
	told := len(s.Requests())
	d.drain()
	var calls []string
	for _, q := range s.Requests()[told:] {
		method, _, _ := strings.Cut(q.Path, "?")
		if parts := strings.Split(method, "/"); q.Method != "GET" || strings.HasPrefix(method, "/transactions") {
			calls = append(calls, strings.Join(append([]string{q.Method, parts[1]}, parts[3:]...), " "))
		}
	}
	assert.Equal(t, []string{"POST reports dismiss", "POST reports dismiss", "POST reports dismiss", "PATCH transactions", "GET transactions",
		"PATCH transactions"}, calls, "fields are looked at before the status is told")
	assert.Equal(t, "approved", s.says(id))
	for _, p := range d.pushes(r) {
		assert.Equal(t, review.PushAcknowledged, p.State, "%s: %s", p.Act, p.Problem)
		assert.NotEmpty(t, p.Request)
	}
	assert.Len(t, d.acts(r, review.ActPushed), len(d.pushes(r)), "every attempt is on the trail")
	assert.Len(t, d.acts(r, review.ActEchoed), 1)

	d.work(3) // the webhook's echo
	assert.Len(t, d.acts(r, review.ActEchoed), 1)
	f := d.file(id)
	assert.Len(t, f.Reviews, 1)
	assert.Empty(t, f.Dossier.OpenMatches(), "Persona watches again")
	fields := map[string]string{}
	for _, field := range f.Dossier.Transaction.Resource.Fields {
		fields[field.Key] = field.Text
	}
	assert.Equal(t, "all_false_positive", fields["review_reason"])
	assert.Equal(t, "Born elsewhere", fields["review_note"])
	assert.Equal(t, "Colleague ada", fields["reviewed_by"])
}

func TestScreeningRecordsAreToldOneByOne(t *testing.T) {
	t.Parallel()
	_, d, id, r := decided(t, "Marisol Thornquist", review.TrueMatch,
		review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonTrueMatch}, everything)
	d.drain()
	d.work(2)
	records := 0
	for _, p := range d.pushes(r) {
		assert.Equal(t, review.PushAcknowledged, p.State, "%s: %s", p.Act, p.Problem)
		if p.Act == review.PushMatches {
			records++
			assert.Equal(t, "true_positive", p.Value)
		}
	}
	assert.Equal(t, 2, records)
	for _, m := range d.file(id).Dossier.Matches() {
		assert.Equal(t, "true_positive", m.ReviewStatus)
	}
}

func TestWhatPersonaRefusesHoldsBackTheRest(t *testing.T) {
	t.Parallel()
	telling := everything
	telling.Types = []review.TypeTelling{{Approved: "approved", ReasonField: "no_such_field"}}
	s, d, id, r := decided(t, "Boris Johnson", review.FalsePositive, allFalse, telling)
	for range 5 {
		d.work(10)
	}
	var fields review.Push
	for _, p := range d.pushes(r) {
		switch p.Act {
		case review.PushMatches:
			assert.Equal(t, review.PushAcknowledged, p.State)
		case review.PushFields:
			fields = p
			assert.Equal(t, review.PushRefused, p.State)
			assert.Equal(t, 1, p.Tries, "no is no")
			assert.Contains(t, p.Problem, "no_such_field")
		case review.PushStatus:
			assert.Equal(t, review.PushWaiting, p.State)
			assert.Zero(t, p.Tries)
		}
	}
	assert.Equal(t, "needs_review", s.says(id))
	require.NoError(t, d.db.DropPush(t.Context(), fields.ID, "ada"))
	d.drain()
	assert.Equal(t, "approved", s.says(id))
}

func TestAnActThatArrivedBeforeACrashIsNotDoneTwice(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s, func(o *persona.LiveOptions) { o.TransactionType = sandbox.TypeBusiness })
	s.hook = d.take
	d.telling(everything)
	id := d.screen("", func(f *review.ScreeningForm) {
		f.NameLast = "Globovision"
		f.Fields = []review.PushField{{Key: "business_name", Value: "Globovision"}}
	})
	d.work(4)
	r := d.decide(id, review.FalsePositive, allFalse)
	kinds := map[review.PushAct]bool{}
	for range 50 {
		due, err := d.db.DuePushes(t.Context(), 1)
		require.NoError(t, err)
		if len(due) == 0 {
			break
		}
		kinds[due[0].Act] = true
		_, err = d.client.Push(t.Context(), due[0]) // sent, and the process ends before it writes that down
		require.NoError(t, err)
		again := newDeskOn(t, d)
		again.drain()
		for _, p := range d.pushes(r) {
			if p.ID == due[0].ID {
				assert.Equal(t, review.PushAcknowledged, p.State, "%s: %s", p.Act, p.Problem)
			}
		}
	}
	assert.True(t, kinds[review.PushMatches])
	d.work(2)
	for _, p := range d.pushes(r) {
		assert.Equal(t, review.PushAcknowledged, p.State, "%s: %s", p.Act, p.Problem)
	}
	assert.Equal(t, 1, s.moves(id, "approved"))
}

func TestAnotherStatusThatComesBackIsADivergence(t *testing.T) {
	t.Parallel()
	s, d, id, r := decided(t, "Boris Johnson", review.FalsePositive, allFalse, everything)
	d.drain()
	d.work(1)
	require.True(t, s.Change(string(id), "declined"))
	d.work(2)
	pushes := d.pushes(r)
	last := pushes[len(pushes)-1]
	assert.Equal(t, review.PushStatus, last.Act)
	assert.Equal(t, review.PushDiverged, last.State)
	assert.Contains(t, last.Problem, "declined")
	assert.Len(t, d.acts(r, review.ActDiverged), 1)
}

func TestWhatIsSwitchedOffIsNotTold(t *testing.T) {
	t.Parallel()
	s, d, _, r := decided(t, "Boris Johnson", review.FalsePositive, allFalse, review.Telling{})
	d.drain()
	assert.Empty(t, d.pushes(r))
	assert.Zero(t, s.asked("PATCH", "/"))
	assert.Equal(t, 1, s.asked("POST", "/"), "only the screening itself")
}

// pushed are the pushes of a decision, in a short form.
func pushed(ps []review.Push) []string {
	var out []string
	for _, p := range ps {
		line := string(p.Act) + " " + p.Target.String()
		for _, s := range []string{p.Part, p.Value} {
			if s != "" {
				line += " " + s
			}
		}
		for _, f := range p.Fields {
			line += " " + f.Key + "=" + f.Value
		}
		out = append(out, line)
	}
	return out
}

func TestAnActThatWasDoneAndAnsweredWithAFaultIsNotDoneTwice(t *testing.T) {
	t.Parallel()
	answered := map[string]bool{}
	s := newStand(t, func(o *standOptions) {
		o.wrap = func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet || answered[r.Method+r.URL.Path] || r.URL.Path == "/api/v1/transactions" {
					h.ServeHTTP(w, r)
					return
				}
				answered[r.Method+r.URL.Path] = true // done, and yet 500
				h.ServeHTTP(httptest.NewRecorder(), r)
				w.WriteHeader(http.StatusInternalServerError)
			})
		}
	})
	d := newDesk(t, s, func(o *persona.LiveOptions) { o.TransactionType = sandbox.TypeBusiness })
	s.hook = d.take
	d.telling(everything)
	id := d.screen("", func(f *review.ScreeningForm) {
		f.NameLast = "Globovision"
		f.Fields = []review.PushField{{Key: "business_name", Value: "Globovision"}}
	})
	d.work(4)
	r := d.decide(id, review.FalsePositive, allFalse)
	d.work(60)
	acts := map[review.PushAct]int{}
	for _, p := range d.pushes(r) {
		acts[p.Act]++
		assert.Equal(t, review.PushAcknowledged, p.State, "%s: %s", p.Act, p.Problem)
	}
	assert.Equal(t, map[review.PushAct]int{review.PushMatches: 2, review.PushFields: 1, review.PushStatus: 1, review.PushComment: 1, review.PushCase: 1}, acts)
	assert.Equal(t, 1, s.moves(id, "approved"))
	for path := range answered {
		// What was done is known by its value and not said again; fields and status share a path.
		assert.Equal(t, 1+strings.Count(path, "PATCH"), s.said(path), path)
	}
}

// said counts the requests that change something at one path, written as METHOD/api/v1/….
func (s *stand) said(path string) int {
	n := 0
	for _, r := range s.Requests() {
		if r.Method+"/api/v1"+r.Path == path {
			n++
		}
	}
	return n
}

// A line of the outbox takes minutes while Persona is slow: decisions are corrected meanwhile.
func TestADecisionThatIsCorrectedWhileOthersAreToldIsNotTold(t *testing.T) {
	t.Parallel()
	var correct func()
	s := newStand(t, func(o *standOptions) {
		o.wrap = func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPatch && correct != nil {
					now := correct
					correct = nil
					now()
				}
				h.ServeHTTP(w, r)
			})
		}
	})
	d := newDesk(t, s)
	s.hook = d.take
	d.telling(review.Telling{Status: true, Types: everything.Types})
	first, second := d.screen("Boris Johnson"), d.screen("Lazar Vintermoor")
	d.work(3)
	d.decide(first, review.FalsePositive, allFalse)
	r := d.decide(second, review.FalsePositive, allFalse)
	correct = func() {
		_, err := d.db.Correct(t.Context(), r, "ada", review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: "Looked again.",
			Evidence: storetest.Digest(t, d.db, r)})
		require.NoError(t, err)
		storetest.Agreed(t, d.db, r)
	}
	d.drain()
	d.work(2)
	assert.Equal(t, "approved", s.says(first))
	assert.Equal(t, "declined", s.says(second))
	assert.Zero(t, s.moves(second, "approved"), "what was corrected before it was told is never told")
}

// Two processes on one database: docket serve, and docket sync beside it.
func TestTwoDocketsOnOneDatabaseTellADecisionOnce(t *testing.T) {
	t.Parallel()
	var other *desk
	var once sync.Once
	s := newStand(t, func(o *standOptions) {
		o.wrap = func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPatch {
					once.Do(func() { other.drain() })
				}
				h.ServeHTTP(w, r)
			})
		}
	})
	d := newDesk(t, s)
	other = newDeskOn(t, d)
	s.hook = d.take
	d.telling(review.Telling{Status: true, Types: everything.Types})
	id := d.screen("Boris Johnson")
	d.work(3)
	r := d.decide(id, review.FalsePositive, allFalse)
	d.drain()
	assert.Equal(t, 1, s.asked("PATCH", "/transactions/"))
	assert.Len(t, d.acts(r, review.ActPushed), 1)
	assert.Equal(t, review.PushAcknowledged, d.pushes(r)[0].State)
}

// What Persona repeats of what was sent may name a person; the trail stays for ever.
func TestTheTrailDoesNotRepeatWhatPersonaSaysOfWhatWasSent(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(o *standOptions) {
		o.wrap = func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPatch {
					w.WriteHeader(http.StatusUnprocessableEntity)
					_, _ = w.Write([]byte(`{"errors":[{"title":"Invalid","details":"Lazar's passport C01X is too long"}]}`))
					return
				}
				h.ServeHTTP(w, r)
			})
		}
	})
	d := newDesk(t, s)
	s.hook = d.take
	d.telling(review.Telling{Status: true, Types: everything.Types})
	id := d.screen("Boris Johnson")
	d.work(3)
	r := d.decide(id, review.FalsePositive, allFalse)
	d.drain()
	assert.Contains(t, d.pushes(r)[0].Problem, "C01X", "the page says what Persona says")
	lines := d.acts(r, review.ActPushed)
	require.Len(t, lines, 1)
	assert.Contains(t, lines[0], "status approved: refused: Persona does not take this for transaction")
	assert.NotContains(t, lines[0], "C01X")
}

func TestAnAttemptThatNobodySawTheEndOfIsLookedAtFirst(t *testing.T) {
	t.Parallel()
	s, d, id, r := decided(t, "Boris Johnson", review.FalsePositive, allFalse, review.Telling{Status: true, Types: everything.Types})
	p := d.pushes(r)[0]
	require.NoError(t, d.db.BeginPush(t.Context(), p.ID, time.Minute))
	_, err := d.client.Push(t.Context(), p) // and the process ends
	require.NoError(t, err)
	again := newDeskOn(t, d)
	again.drain()
	assert.Equal(t, 1, s.asked("PATCH", "/transactions/"), "whoever began it may still be at it")
	s.clock.Advance(time.Minute)
	again.drain()
	assert.Equal(t, 1, s.asked("PATCH", "/transactions/"))
	assert.Equal(t, review.PushAcknowledged, d.pushes(r)[0].State)
	assert.Equal(t, "approved", s.says(id))
}
