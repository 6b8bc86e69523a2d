package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// world is a small house with a history that a test draws.
type world struct {
	t     *rapid.T
	ctx   context.Context
	db    *store.DB
	clock *storetest.Clock
	soon  bool // what Persona did arrives at once; else up to 15 days late

	erased int // subjects
}

func newWorld(t *rapid.T, tb *testing.T, path string) *world {
	w := &world{t: t, ctx: tb.Context(), clock: storetest.NewClock()}
	db, err := store.Open(w.ctx, path, store.Options{Clock: w.clock.Now, Hydrate: storetest.Hydrate, Reduce: storetest.Reduce, Read: storetest.Read})
	require.NoError(t, err)
	w.db = db
	for _, id := range []review.ColleagueID{"anna", "lena", "luis"} {
		role := review.RoleLead
		if id == "anna" {
			role = review.RoleReviewer
		}
		require.NoError(t, db.AddColleague(w.ctx, review.Colleague{ID: id, Name: "Colleague " + string(id), Role: role}, "no password", ""))
	}
	return w
}

func (w *world) take(p []byte) {
	kept, err := w.db.Keep(w.ctx, []review.Arrival{{Bytes: p, Source: "import", About: "test"}})
	require.NoError(w.t, err)
	reading := storetest.Read(p)
	reading.Hash = kept[0].Hash
	_, err = w.db.Absorb(w.ctx, []review.Reading{reading})
	require.NoError(w.t, err)
}

// arrive imports a transaction that waits for a person, or a later state of one that is here.
func (w *world) arrive() {
	id := fmt.Sprintf("txn_%d", rapid.IntRange(1, 5).Draw(w.t, "transaction"))
	status := rapid.SampledFrom([]string{"needs_review", "needs_review", "needs_review", "approved"}).Draw(w.t, "status")
	at := w.clock.Now().Add(-time.Duration(rapid.IntRange(0, 15*24).Draw(w.t, "hours ago")) * time.Hour)
	if w.soon {
		at = w.clock.Now()
	}
	states := []storetest.State{storetest.Transaction(id, status, at).Fact("subject", "Somebody").Fact("reference", "ref-"+id)}
	for _, kind := range []string{"watchlist", "politically-exposed-person"} {
		names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 3, rapid.ID).Draw(w.t, kind)
		if len(names) == 0 {
			continue
		}
		lists := map[string]any{}
		for _, n := range names {
			lists[n] = rapid.SliceOfN(rapid.SampledFrom([]string{"First list", "Second list", "Liste à part"}), 0, 3).Draw(w.t, "lists")
		}
		r := storetest.Resource("report/"+kind, "rep_"+kind[:2]+id, at).Fact("status", "ready").Fact("matches", names).Fact("lists", lists)
		if rapid.Bool().Draw(w.t, "halted") {
			r = r.Fact("halted", at.Add(-time.Hour).Format(time.RFC3339))
		}
		states[0] = states[0].Link("related-objects", review.Ref{Type: r.Type, ID: r.ID})
		if rapid.IntRange(0, 19).Draw(w.t, "erased") == 0 {
			r = storetest.Resource(r.Type, r.ID, at).Fact("status", "ready").Erased()
		}
		states = append(states, r)
	}
	w.take(storetest.Payload(states...))
	w.gone()
}

// gone erases what is to be erased, as it does by itself.
func (w *world) gone() {
	_, err := w.db.Erase(w.ctx)
	require.NoError(w.t, err)
}

// erase has Persona move a review's transaction on, and two people agree that its subject goes.
func (w *world) erase(of review.Review) bool {
	w.take(storetest.Payload(storetest.Transaction(of.Root.ID, "approved", w.clock.Now()).Fact("subject", "Somebody").Fact("reference", "ref-"+of.Root.ID)))
	subject, _, _, err := w.db.RetentionOf(w.ctx, of.ID)
	w.refused(err)
	request, err := w.db.AskErasure(w.ctx, "lena", review.ErasureForm{Subjects: []review.SubjectID{subject}, Ground: review.GroundOrder, Words: "A court."})
	w.refused(err)
	if err != nil {
		return false
	}
	r, _, _, err := w.db.ErasureRequest(w.ctx, request)
	require.NoError(w.t, err)
	require.NoError(w.t, w.db.AnswerErasure(w.ctx, request, "luis", review.ErasureAgree, r.List.String(), ""))
	w.gone()
	return true
}

// any draws one of the reviews, with its page.
func (w *world) any() (store.ReviewFile, bool) {
	page, err := w.db.Queue(w.ctx, review.QueueQuery{Tab: review.TabAll, Limit: 100})
	require.NoError(w.t, err)
	if len(page.Rows) == 0 {
		return store.ReviewFile{}, false
	}
	f, err := w.db.ReviewFile(w.ctx, rapid.SampledFrom(page.Rows).Draw(w.t, "review").Review)
	require.NoError(w.t, err)
	return f, true
}

// act does one thing to one of the reviews; what the rules of the house refuse is not done.
func (w *world) act() {
	f, ok := w.any()
	if !ok {
		return
	}
	id, digest := f.Review.ID, f.Review.Evidence.String()
	_, err := w.db.Claim(w.ctx, id, "anna", false)
	w.refused(err)
	switch rapid.IntRange(0, 8).Draw(w.t, "act") {
	case 0, 1, 2:
		form := storetest.Finding(rapid.SampledFrom(review.Findings()).Draw(w.t, "finding"), digest)
		form.Missing = nil
		if form.Finding == review.CannotTell {
			form.Missing = append(form.Missing, rapid.SliceOfNDistinct(rapid.SampledFrom(review.Facts()), 1, 3, rapid.ID).Draw(w.t, "missing")...)
		}
		for _, m := range f.Dossier.OpenMatches() {
			if rapid.IntRange(0, 3).Draw(w.t, "this one") > 0 {
				form.Matches = append(form.Matches, m.Key)
			}
		}
		_, err = w.db.Dispose(w.ctx, id, "anna", form)
	case 3:
		var findings []review.EntryID
		for _, e := range f.Entries {
			if e.Act == review.ActDisposed {
				findings = append(findings, e.ID)
			}
		}
		if len(findings) > 0 {
			_, err = w.db.Undo(w.ctx, id, "anna", rapid.SampledFrom(findings).Draw(w.t, "undo"), digest)
		}
	case 4:
		if form := storetest.Finding(review.FalsePositive, digest); len(f.Dossier.OpenMatches()) > len(f.Found) && rapid.Bool().Draw(w.t, "clears first") {
			for _, m := range f.Dossier.OpenMatches() {
				form.Matches = append(form.Matches, m.Key)
			}
			_, err = w.db.Dispose(w.ctx, id, "anna", form)
			w.refused(err)
		}
		_, err = w.db.Decide(w.ctx, id, "anna", review.DecisionForm{Evidence: digest, Outcome: rapid.SampledFrom(review.Outcomes()).Draw(w.t, "outcome"),
			Reason: rapid.SampledFrom([]review.Reason{review.ReasonOther, review.ReasonOther, review.ReasonCannotTell}).Draw(w.t, "reason"), Note: "Said by hand."})
	case 5:
		_, err = w.db.Correct(w.ctx, id, "lena", review.DecisionForm{Evidence: digest, Outcome: review.Decline, Reason: review.ReasonOther, Note: "Said by hand."})
	case 6, 7:
		_, err = w.db.Approve(w.ctx, id, "luis", review.ApprovalForm{Evidence: digest, Note: "Looked at by hand.",
			Answer: rapid.SampledFrom([]review.Answer{review.AnswerApprove, review.AnswerApprove, review.AnswerReturn}).Draw(w.t, "answer")})
	case 8:
		if w.erase(f.Review) {
			w.erased++
		}
	}
	w.refused(err)
}

// refused lets pass what a rule forbids: histories are drawn without knowing the rules.
func (w *world) refused(err error) {
	var invalid *review.Invalid
	for _, rule := range []error{review.ErrConflict, review.ErrForbidden, review.ErrStale, review.ErrNotFound} {
		if errors.Is(err, rule) {
			return
		}
	}
	if err != nil && !errors.As(err, &invalid) {
		require.NoError(w.t, err)
	}
}

// Every figure is what a slow and obvious recount of what docket exports gives, whatever happened.
func TestTheInsightsAreWhatTheExportsAddUpTo(t *testing.T) {
	t.Parallel()
	dir, n := t.TempDir(), 0
	var met review.RecordOf
	left, late, erased := 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		w := newWorld(rt, t, filepath.Join(dir, fmt.Sprintf("%d.db", n)))
		defer func() { require.NoError(rt, w.db.Close()) }()
		w.arrive()
		for range rapid.IntRange(0, 18).Draw(rt, "steps") {
			w.clock.Advance(time.Duration(rapid.IntRange(0, 30).Draw(rt, "hours")) * time.Hour)
			if rapid.IntRange(0, 3).Draw(rt, "arrives") == 0 {
				w.arrive()
			} else {
				w.act()
			}
			if rapid.IntRange(0, 9).Draw(rt, "look") == 0 {
				w.same(review.DaySpan{From: 0, To: review.DayOf(w.clock.Now()) + 1}) // so that an answer is kept, and must be let go
			}
		}
		today := review.DayOf(w.clock.Now())
		all := w.same(review.DaySpan{From: today - 60, To: today + 1})
		met.First, met.Corrections, met.Waiting = met.First+all.Record.First, met.Corrections+all.Record.Corrections, met.Waiting+all.Record.Waiting
		met.Returned, met.Moved, left, late = met.Returned+all.Record.Returned, met.Moved+all.Record.Moved, left+all.Left, late+all.Took[0].Over.N
		erased += w.erased
		from := today - review.Day(rapid.IntRange(0, 40).Draw(rt, "from"))
		w.same(review.DaySpan{From: from, To: from + review.Day(rapid.IntRange(1, 20).Draw(rt, "days"))})
		w.waits()
		problems, err := w.db.Check(w.ctx)
		require.NoError(rt, err)
		assert.Empty(rt, problems)
	})
	t.Logf("%+v, %d left, %d late, %d erased", met, left, late, erased)
	assert.Positive(t, erased)
}

func (w *world) same(days review.DaySpan) review.Insights {
	got, _, err := w.db.Insights(w.ctx, days)
	require.NoError(w.t, err)
	want, err := storetest.Recount(w.ctx, w.db, days)
	require.NoError(w.t, err)
	assert.Equal(w.t, want, got)
	return got
}

// waits counts what waits now row by row, and compares it with the queue's own lead.
func (w *world) waits() {
	_, got, err := w.db.Insights(w.ctx, review.DaySpan{From: 0, To: 1})
	require.NoError(w.t, err)
	page, err := w.db.Queue(w.ctx, review.QueueQuery{Tab: review.TabOpen, Limit: 100})
	require.NoError(w.t, err)
	assert.Equal(w.t, page.Tabs[review.TabOpen], got.Open)
	assert.Equal(w.t, page.Bands, review.Bands{Over: got.Over, Soon: got.Soon, InTime: got.Open - got.Over - got.Soon, Oldest: got.Oldest})
	bands, kinds := review.AgeBands(got.Target, got.Warning), map[review.ReportKind]*review.KindAge{}
	halted := map[string]time.Time{}
	for _, r := range page.Rows {
		age := got.At.Sub(r.OpenedAt)
		for i := range bands {
			b := &bands[i]
			switch {
			case b.Over && age > got.Target, !b.Over && age >= b.From && age < b.To, b.To == got.Target && age == b.To:
				b.N++
			}
		}
		of := []review.ReportKind{""}
		if len(r.Tally) > 0 {
			of = nil
			for _, k := range r.Tally {
				of = append(of, k.Kind)
			}
		}
		for _, k := range of {
			if kinds[k] == nil {
				kinds[k] = &review.KindAge{Kind: k, Oldest: r.OpenedAt}
			}
			kinds[k].N++
			if age > got.Target {
				kinds[k].Over++
			} else if age >= got.Warning {
				kinds[k].Soon++
			}
			if r.OpenedAt.Before(kinds[k].Oldest) {
				kinds[k].Oldest = r.OpenedAt
			}
		}
	}
	all, err := w.db.Queue(w.ctx, review.QueueQuery{Tab: review.TabAll, Limit: 100})
	require.NoError(w.t, err)
	for _, r := range all.Rows {
		since := r.HaltedSince
		if r.State != review.StateClosed && !since.IsZero() && (halted[r.Reference].IsZero() || since.Before(halted[r.Reference])) {
			halted[r.Reference] = since // the reference is the subject
		}
	}
	assert.Equal(w.t, bands, got.Bands)
	require.Len(w.t, got.Kinds, len(kinds))
	for _, k := range got.Kinds {
		assert.Equal(w.t, *kinds[k.Kind], k)
	}
	var since []time.Time
	for _, t := range halted {
		since = append(since, t)
	}
	assert.Equal(w.t, review.HaltedOf(since, got.At), got.Halted)
}

func TestAWrongCounterIsFound(t *testing.T) {
	t.Parallel()
	for _, harm := range []string{
		`UPDATE day_counter SET n = n + 1 WHERE what = 'found'`,
		`DELETE FROM day_counter WHERE what = 'opened'`,
		`INSERT INTO day_counter VALUES ('made', 5, 'first', 'effect', 1)`,
		`UPDATE counted SET holds = 0`,
		`DELETE FROM counted`,
		`INSERT INTO decided VALUES (77, 1, 1, 1, 1, '[]')`,
	} {
		d := newJudging(t)
		d.dispose(d.apart(d.key("a")))
		_, err := raw(t, d.path).Exec(harm)
		require.NoError(t, err)
		problems, err := d.db.Check(t.Context())
		require.NoError(t, err)
		assert.Contains(t, strings.Join(problems, "\n"), "insights: ", harm)
	}
}

// However many reviews and findings there are, the figures read counters and walk indexes.
func TestTheInsightsScanNoTable(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	for name, query := range store.InsightQueries() {
		plan, err := db.Plan(t.Context(), query)
		require.NoError(t, err, name)
		for step := range strings.SplitSeq(plan, "\n") {
			scan := strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "COVERING INDEX queue_halted")
			assert.False(t, scan, "%s: %s", name, plan)
		}
	}
	plan, err := db.Plan(t.Context(), store.InsightQueries()["decided"])
	require.NoError(t, err)
	assert.Contains(t, plan, "COVERING INDEX decided_by_time", "nothing but the index is read")
}
