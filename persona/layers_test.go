package persona_test

import (
	"slices"
	"testing"
	"time"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const veld = `"matched-lists":[{"slug":"x","name":"X","entities":[{"name":"Oran Veld","alias-type":"primary_name"}]}]`

// watch is a watchlist report of the transaction in an event.
func watch(at, attributes string) string {
	return event("report/watchlist.ready", at, resource("report/watchlist", "rep_1", attributes, to("transaction", "transaction", "txn_1")))
}

func TestAThinCopyNeverWipesAFullOne(t *testing.T) {
	t.Parallel()
	full := watch("2026-01-01T00:00:06Z", `"status":"ready","created-at":"2026-01-01T00:00:00Z","completed-at":"2026-01-01T00:00:05Z","has-match":true,"name-first":"Oran",`+veld)
	thin := event("transaction.status-updated", "2026-01-03T00:00:00Z", resource("transaction", "txn_1", `"status":"needs_review"`),
		resource("report/watchlist", "rep_1", `"status":"ready","created-at":"2026-01-01T00:00:00Z","completed-at":"2026-01-01T00:00:05Z","has-match":true`))
	for _, order := range [][]string{{full, thin}, {thin, full}} {
		r := hydrate(t, order...).Reports[0]
		assert.Equal(t, review.CaptureFull, r.Capture)
		assert.Len(t, r.Matches, 1)
		assert.Zero(t, r.DetailsAt, "both are of one run")
	}
	onlyThin := hydrate(t, thin).Reports[0]
	assert.Equal(t, review.CaptureThin, onlyThin.Capture)
	assert.Equal(t, review.Absent, onlyThin.MatchState)

	laterThin := watch("2026-01-09T00:00:06Z", `"status":"ready","completed-at":"2026-01-09T00:00:05Z","has-match":true`)
	r := hydrate(t, full, laterThin).Reports[0]
	assert.Equal(t, review.CaptureThin, r.Capture, "what the newest run found is not known")
	assert.Equal(t, time.Date(2026, 1, 1, 0, 0, 5, 0, time.UTC), r.DetailsAt)
	assert.Equal(t, time.Date(2026, 1, 9, 0, 0, 5, 0, time.UTC), r.CompletedAt)
	assert.Len(t, r.Matches, 1)
}

func TestAnOlderStateThatArrivesLateChangesNothing(t *testing.T) {
	t.Parallel()
	older := event("transaction.created", "2026-01-01T00:00:01Z", resource("transaction", "txn_1", `"status":"created","updated-at":"2026-01-01T00:00:00Z","tags":["old"]`))
	newer := event("transaction.status-updated", "2026-01-02T00:00:01Z", resource("transaction", "txn_1", `"status":"needs_review","updated-at":"2026-01-02T00:00:00Z","tags":[]`))
	late := hydrate(t, newer, older)
	assert.Equal(t, hydrate(t, older, newer), late)
	assert.Equal(t, hydrate(t, older, newer, newer, older, older), late, "duplicates change nothing")
	assert.Equal(t, review.Text{State: review.Present, Value: "needs_review"}, late.Transaction.Status)
	assert.Empty(t, late.Transaction.Tags)
}

func TestReportsJoinFromEitherSide(t *testing.T) {
	t.Parallel()
	txn := response(resource("transaction", "txn_1", `"status":"needs_review"`))
	naming := response(resource("transaction", "txn_1", `"status":"needs_review"`, `"related-objects":{"data":[{"type":"report/watchlist","id":"rep_1"}]}`))
	alone := response(resource("report/watchlist", "rep_1", done+veld, `"transaction":{"data":null}`, `"inquiry":{"data":null}`, `"account":{}`))
	tied := response(resource("report/watchlist", "rep_1", done+veld, to("transaction", "transaction", "txn_1")))
	through := []string{response(resource("inquiry", "inq_1", `"status":"completed"`, to("transaction", "transaction", "txn_1"), `"reports":{"data":[{"type":"report/watchlist","id":"rep_1"}]}`)), alone}
	kase := []string{response(resource("case", "case_1", `"status":"Open"`, `"txns":{"data":[{"type":"transaction","id":"txn_1"}]}`, `"reports":{"data":[{"type":"report/watchlist","id":"rep_1"}]}`)), alone}
	for name, payloads := range map[string][]string{
		"the transaction names it": {naming, alone}, "it names the transaction": {txn, tied}, "it came first": {tied, txn},
		"through an inquiry": append([]string{txn}, through...), "through a case": append([]string{txn}, kase...),
	} {
		d := hydrate(t, payloads...)
		require.Len(t, d.Reports, 1, name)
		assert.Len(t, d.Reports[0].Matches, 1, name)
	}
	missing := hydrate(t, naming).Reports[0]
	assert.Equal(t, review.CaptureAbsent, missing.Capture)
	assert.Equal(t, review.KindWatchlist, missing.Kind)
	alone1 := hydrate(t, tied)
	assert.Equal(t, review.TransactionID("txn_1"), alone1.Transaction.ID)
	assert.Equal(t, review.CaptureAbsent, alone1.Transaction.Resource.Capture)
	assert.Equal(t, review.Absent, alone1.Transaction.Status.State)
}

func TestRedactionHidesWhatOlderCopiesTold(t *testing.T) {
	t.Parallel()
	full := watch("2026-01-01T00:00:06Z", `"status":"ready","created-at":"2026-01-01T00:00:00Z","completed-at":"2026-01-01T00:00:05Z","redacted-at":null,"has-match":true,"name-first":"Oran",`+veld)
	for _, redacted := range []string{
		watch("2026-02-01T00:00:01Z", `"status":"ready","redacted-at":"2026-02-01T00:00:00Z"`),
		watch("2026-02-01T00:00:01Z", `"status":"ready","redacted-at":"2026-02-01T00:00:00Z","name-first":null,"matched-lists":null`),
	} {
		r := hydrate(t, redacted, full).Reports[0]
		assert.Equal(t, review.CaptureRedacted, r.Capture)
		assert.Empty(t, r.Matches)
		assert.Empty(t, r.Subject.FullName())
		assert.True(t, r.HasMatch.Is())
		assert.Equal(t, time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), r.RedactedAt)
		assert.Equal(t, time.Date(2026, 1, 1, 0, 0, 5, 0, time.UTC), r.CompletedAt)
	}
	txn := hydrate(t,
		response(resource("transaction", "txn_1", `"status":"approved","created-at":"2026-01-01T00:00:00Z","fields":{"name_first":{"type":"string","value":"Oran"}}`)),
		response(resource("transaction", "txn_1", `"status":"approved","redacted-at":"2026-02-01T00:00:00Z"`)))
	assert.Empty(t, txn.Transaction.Resource.Fields)
	assert.Empty(t, txn.Subject.FullName())
}

func TestFieldsMergeKeyByKeyInAnySpelling(t *testing.T) {
	t.Parallel()
	d := hydrate(t,
		response(resource("transaction", "txn_1", `"updated-at":"2026-01-01T00:00:00Z","fields":{"name-first":{"type":"string","value":"Old"},"note":{"type":"string","value":"kept"}}`)),
		response(resource("transaction", "txn_1", `"updated-at":"2026-01-02T00:00:00Z","fields":{"name_first":{"type":"string","value":"New"},"nameFirst":"twin"}`)))
	keys := []string{}
	for _, f := range d.Transaction.Resource.Fields {
		keys = append(keys, f.Key+"="+f.Text)
	}
	assert.Equal(t, []string{"nameFirst=twin", "name_first=New", "note=kept"}, keys)
	assert.Equal(t, "New", d.Subject.First, "the exact spelling wins")
}

func TestNothingIsLostOrInventedByUnreadableLayers(t *testing.T) {
	t.Parallel()
	ref := review.Ref{Type: "report/watchlist", ID: "rep_1"}
	bodies := []string{"", "{", "null", "[]", `"x"`, `{"attributes":[]}`, `{"attributes":{"matched-lists":7,"ignore-list":"x","run-history":{"a":1},"query":[1]},"relationships":[]}`, "\xff"}
	c := review.Captured{Ref: ref}
	for i, b := range bodies {
		c.Layers = append(c.Layers, review.Layer{Order: review.Order{At: int64(i)}, Body: []byte(b)})
	}
	assert.NotPanics(t, func() {
		d := persona.Hydrate(review.Bundle{Root: review.Ref{Type: "transaction", ID: "t"}, Resources: []review.Captured{c}})
		assert.Len(t, d.Reports, 1)
		persona.Resource(c)
		persona.Resource(review.Captured{Ref: ref})
	})
	assert.Equal(t, review.CaptureAbsent, persona.Resource(review.Captured{Ref: ref}).Capture)
}

func TestTheOrderWithinABundleDoesNotCount(t *testing.T) {
	t.Parallel()
	s := newShelf(t, chain...)
	b := s.bundle(review.Ref{Type: "transaction", ID: "txn_1"})
	want := persona.Hydrate(b)
	b.Resources = slices.Clone(b.Resources)
	slices.Reverse(b.Resources)
	for i := range b.Resources {
		b.Resources[i].Layers = slices.Clone(b.Resources[i].Layers)
		slices.Reverse(b.Resources[i].Layers)
		slices.Reverse(b.Resources[i].History)
	}
	slices.Reverse(b.Links)
	slices.Reverse(b.Named)
	assert.Equal(t, want, persona.Hydrate(b))
}

func TestAReportNamedWithoutItsKindIsTheOneThatIsHere(t *testing.T) {
	t.Parallel()
	s := newShelf(t, chain[0])
	b := s.bundle(review.Ref{Type: "transaction", ID: "txn_1"})
	b.Named = []review.Ref{{Type: "report", ID: "rep_1"}, {Type: "report", ID: "rep_2"}}
	d := persona.Hydrate(b)
	require.Len(t, d.Reports, 2)
	assert.Equal(t, "report/watchlist", d.Reports[0].Ref.Type)
	assert.Equal(t, review.Report{Ref: review.Ref{Type: "report", ID: "rep_2"}, Capture: review.CaptureAbsent,
		Monitoring: review.Monitoring{State: review.MonitoringUnknown}, Rest: review.Resource{Ref: review.Ref{Type: "report", ID: "rep_2"}, Capture: review.CaptureAbsent}}, d.Reports[1])
}
