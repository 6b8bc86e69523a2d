package persona_test

import (
	"testing"
	"time"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func actsOf(pushes []review.Push) []review.PushAct {
	var acts []review.PushAct
	for _, p := range pushes {
		acts = append(acts, p.Act)
	}
	return acts
}

// restOf are the paths of what nobody here told.
func restOf(e persona.Echoes) []string {
	out := []string{}
	for _, c := range e.Rest {
		out = append(out, c.Path.String())
	}
	return out
}

func TestWhatPersonaEchoesOfADecisionIsAllThatChanged(t *testing.T) {
	t.Parallel()
	_, d, id, r := decided(t, "Boris Johnson", review.FalsePositive, allFalse, everything)
	then := d.file(id).Dossier
	d.drain()
	d.work(2)
	now, pushes := d.file(id).Dossier, d.pushes(r)
	e := persona.EchoesOf(pushes, then, now)
	assert.Empty(t, restOf(e))
	assert.Len(t, e.Told, len(review.Diff(then, now)))
	assert.Equal(t, []review.PushAct{review.PushMatches, review.PushFields, review.PushStatus}, actsOf(e.Pushes))

	for i := range pushes {
		pushes[i].SentAt = time.Time{}
	}
	e = persona.EchoesOf(pushes, then, now)
	assert.Contains(t, restOf(e), "transaction.status", "somebody else set it before docket could")
	assert.Empty(t, e.Pushes)
}

func TestFindingsOnScreeningRecordsAreNotTraced(t *testing.T) {
	t.Parallel()
	_, d, id, r := decided(t, "Marisol Thornquist", review.TrueMatch,
		review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonTrueMatch}, everything)
	then := d.file(id).Dossier
	d.drain()
	d.work(2)
	e := persona.EchoesOf(d.pushes(r), then, d.file(id).Dossier)
	assert.Equal(t, []review.PushAct{review.PushFields, review.PushStatus}, actsOf(e.Pushes))
	require.NotEmpty(t, e.Rest)
	for _, path := range restOf(e) {
		assert.Contains(t, path, "reports[report/screening/")
	}
}

// echoWorld is a decided transaction before and after Persona was told.
type echoWorld struct {
	pushes    []review.Push
	then, now review.Dossier
}

var echoAt = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func newEchoWorld() *echoWorld {
	text := func(s string) review.Text { return review.Text{State: review.Present, Value: s} }
	field := func(key, value string) review.Field {
		return review.Field{Key: key, Type: "string", State: review.Present, Text: value}
	}
	txn, inq, rep := review.Ref{Type: "transaction", ID: "txn_1"}, review.Ref{Type: "inquiry", ID: "inq_1"}, review.Ref{Type: "report/watchlist", ID: "rep_1"}
	ran := echoAt.Add(-time.Hour)
	dossier := func(status string, fields ...review.Field) review.Dossier {
		return review.Dossier{Transaction: review.Transaction{ID: "txn_1", Status: text(status),
			Resource: review.Resource{Ref: txn, Status: text(status), Fields: append([]review.Field{field("product", "loan")}, fields...)}}}
	}
	w := &echoWorld{then: dossier("needs_review"), now: dossier("Approved", field("why", "all_false_positive"))}
	w.then.Reports = []review.Report{{Ref: rep, Kind: review.KindWatchlist, HasMatch: review.Flag{State: review.Present, Value: true}, MatchState: review.Present,
		Matches:    []review.Match{{Key: "wl-1", Report: rep, Kind: review.KindWatchlist}, {Key: "wl-2", Report: rep, Kind: review.KindWatchlist}},
		Monitoring: review.Monitoring{State: review.MonitoringHalted, Since: ran},
		Runs:       []review.Run{{CompletedAt: ran, Matches: 2, Source: review.RunObserved}}}}
	w.now.Reports = []review.Report{{Ref: rep, Kind: review.KindWatchlist, HasMatch: review.Flag{State: review.Present}, MatchState: review.Empty,
		Matches: []review.Match{}, Ignored: []review.Ignored{{At: echoAt, By: "API", Reason: "False positive [R-1, Noor]"}},
		RunState: review.Present, Runs: []review.Run{{ID: "rpr_1", CompletedAt: ran, Matches: 2, Source: review.RunFromHistory}},
		Monitoring: review.Monitoring{State: review.MonitoringRunning},
		Acts:       []review.RunAct{{Type: "dismiss", At: echoAt.Add(time.Second), By: "API"}}}}
	none := review.Field{Key: "decisioned-at", Type: "null", State: review.Null}
	w.then.Records = []review.Resource{{Ref: inq, Status: text("completed"), Attributes: []review.Field{none}}}
	w.now.Records = []review.Resource{{Ref: inq, Status: text("approved"), Attributes: []review.Field{
		field("decisioned-at", echoAt.Add(time.Second).Format(time.RFC3339)), field("reviewer-comment", "Approved [R-1, Noor]")}}}
	for i, p := range []review.Push{
		{Act: review.PushMatches, Target: rep, Value: "dismiss", Note: "False positive [R-1, Noor]"},
		{Act: review.PushFields, Target: txn, Fields: []review.PushField{{Key: "why", Value: "all_false_positive"}}},
		{Act: review.PushStatus, Target: txn, Value: "approved", Before: "needs_review"},
		{Act: review.PushInquiry, Target: inq, Value: "approve", Before: "completed", Note: "Approved [R-1, Noor]"},
	} {
		p.ID, p.Review, p.State, p.At, p.SentAt = review.PushID(i+1), 1, review.PushAcknowledged, echoAt, echoAt.Add(time.Second)
		w.pushes = append(w.pushes, p)
	}
	return w
}

func TestNothingCountsAsToldThatDocketDidNotTell(t *testing.T) {
	t.Parallel()
	w := newEchoWorld()
	e := persona.EchoesOf(w.pushes, w.then, w.now)
	require.Empty(t, restOf(e))
	require.Len(t, e.Pushes, 4)

	report := "reports[report/watchlist/rep_1]."
	inquiry := "records[inquiry/inq_1]."
	for name, c := range map[string]struct {
		edit func(*echoWorld)
		rest []string
	}{
		"another status": {func(w *echoWorld) { w.now.Transaction.Status.Value = "declined" }, []string{"transaction.status"}},
		"a status that was only to be told": {func(w *echoWorld) { w.pushes[2].State, w.pushes[2].SentAt = review.PushWaiting, time.Time{} },
			[]string{"transaction.status", "transaction.resource.status"}},
		"a status that Persona had before it was told": {func(w *echoWorld) { w.pushes[2].SentAt = time.Time{} },
			[]string{"transaction.status", "transaction.resource.status"}},
		"a status that a later decision took back in vain": {func(w *echoWorld) {
			again := w.pushes[2]
			again.Value, again.State = "declined", review.PushDiverged
			w.pushes = append(w.pushes, again)
		}, []string{"transaction.status", "transaction.resource.status"}},
		"a status of something else": {func(w *echoWorld) { w.pushes[2].Target.ID = "txn_2" }, []string{"transaction.status", "transaction.resource.status"}},
		"a field that was not told":  {func(w *echoWorld) { w.now.Transaction.Resource.Fields[0].Text = "card" }, []string{"transaction.resource.fields[product].text"}},
		"a field with another value": {func(w *echoWorld) { w.now.Transaction.Resource.Fields[1].Text = "fine" }, []string{"transaction.resource.fields[why]"}},
		"a field with more than the value": {func(w *echoWorld) { w.now.Transaction.Resource.Fields[1].Items = []review.Field{{Text: "x"}} },
			[]string{"transaction.resource.fields[why]"}},
		"a tag":           {func(w *echoWorld) { w.now.Transaction.Tags = []string{"vip"} }, []string{"transaction.tags"}},
		"another subject": {func(w *echoWorld) { w.now.Subject.First = "Noor" }, []string{"subject"}},
		"a new report": {func(w *echoWorld) {
			w.now.Reports = append(w.now.Reports, review.Report{Ref: review.Ref{Type: "report/pep", ID: "2"}})
		}, []string{"reports[report/pep/2]"}},
		"a record that came": {func(w *echoWorld) {
			w.now.Records = append(w.now.Records, review.Resource{Ref: review.Ref{Type: "document", ID: "d"}})
		}, []string{"records[document/d]"}},
		"a new match": {func(w *echoWorld) {
			r := &w.now.Reports[0]
			r.Matches, r.MatchState, r.HasMatch.Value = []review.Match{{Key: "wl-3", Kind: review.KindWatchlist}}, review.Present, true
			r.Monitoring = w.then.Reports[0].Monitoring
		}, []string{report + "matches[wl-3]"}},
		"matches that went without being dismissed": {func(w *echoWorld) { w.pushes = w.pushes[1:] }, []string{report + "has_match", report + "match_state",
			report + "matches[wl-1]", report + "matches[wl-2]", report + "matches", report + "ignored", report + "acts", report + "monitoring.state", report + "monitoring.since"}},
		"monitoring that was switched off": {func(w *echoWorld) { w.now.Reports[0].Monitoring.State = review.MonitoringOff },
			[]string{report + "monitoring.state", report + "monitoring.since"}},
		"a match of another party than was dismissed": {func(w *echoWorld) {
			w.pushes[0].Part = "Q1"
			w.then.Reports[0].Matches[0].EntityID = "Q1"
		}, []string{report + "has_match", report + "match_state", report + "matches[wl-2]", report + "matches", report + "monitoring.state", report + "monitoring.since"}},
		"a match that says something else by now": {func(w *echoWorld) {
			r := &w.now.Reports[0]
			r.Matches, r.MatchState = []review.Match{{Key: "wl-1", Kind: review.KindWatchlist, Dismissed: true, Report: r.Ref, Identity: "x"}}, review.Present
		}, []string{report + "matches[wl-1].identity"}},
		"a dismissal in somebody else’s words": {func(w *echoWorld) { w.now.Reports[0].Ignored[0].Reason = "no" }, []string{report + "ignored"}},
		"a second dismissal": {func(w *echoWorld) {
			r := &w.now.Reports[0]
			r.Acts = append(r.Acts, review.RunAct{Type: "dismiss", At: echoAt.Add(time.Hour), By: "Jo"})
		}, []string{report + "acts"}},
		"a dismissal from before":     {func(w *echoWorld) { w.now.Reports[0].Acts[0].At = echoAt.Add(-time.Hour) }, []string{report + "acts"}},
		"monitoring that was stopped": {func(w *echoWorld) { w.now.Reports[0].Acts[0].Type = "pause" }, []string{report + "acts"}},
		"another run": {func(w *echoWorld) {
			r := &w.now.Reports[0]
			r.Runs = append(r.Runs, review.Run{ID: "rpr_2", CompletedAt: echoAt.Add(time.Hour), Source: review.RunFromHistory})
		}, []string{report + "run_state", report + "runs[" + echoAt.Add(-time.Hour).Format(time.RFC3339) + "]", report + "runs[rpr_1]", report + "runs[rpr_2]"}},
		"an inquiry with another comment": {func(w *echoWorld) { w.now.Records[0].Attributes[1].Text = "Fine by me" }, []string{inquiry + "attributes[reviewer-comment]"}},
		"an inquiry decided long before": {func(w *echoWorld) { w.now.Records[0].Attributes[0].Text = "2026-01-01T00:00:00Z" },
			[]string{inquiry + "attributes[decisioned-at].type", inquiry + "attributes[decisioned-at].state", inquiry + "attributes[decisioned-at].text"}},
		"an inquiry that was declined": {func(w *echoWorld) { w.now.Records[0].Status.Value = "declined" },
			[]string{inquiry + "status", inquiry + "attributes[decisioned-at].type", inquiry + "attributes[decisioned-at].state",
				inquiry + "attributes[decisioned-at].text", inquiry + "attributes[reviewer-comment]"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newEchoWorld()
			c.edit(w)
			e := persona.EchoesOf(w.pushes, w.then, w.now)
			assert.ElementsMatch(t, c.rest, restOf(e))
			assert.Len(t, e.Told, len(review.Diff(w.then, w.now))-len(c.rest))
			then, err := e.Told.Apply(w.then)
			require.NoError(t, err)
			assert.Equal(t, len(c.rest), len(review.Diff(then, w.now)), "taken away, what is left is the rest")
		})
	}
}
