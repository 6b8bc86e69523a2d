package persona_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/assert"
)

func TestMissingIsWhatAPageLacks(t *testing.T) {
	t.Parallel()
	full := review.Resource{Ref: review.Ref{Type: "transaction", ID: "txn_1"}, Capture: review.CaptureFull,
		Relations: []review.Relation{{Name: "related-objects", State: review.Empty}}}
	txn := review.Transaction{ID: "txn_1", Resource: full, Status: review.Text{State: review.Present, Value: "needs_review"}}
	rep := func(c review.Capture, edits ...func(*review.Report)) review.Report {
		r := review.Report{Ref: review.Ref{Type: "report/watchlist", ID: "rep_1"}, Kind: review.KindWatchlist, Capture: c, CompletedAt: storeStart}
		for _, edit := range edits {
			edit(&r)
		}
		return r
	}
	record := func(kind, id string, c review.Capture) review.Resource {
		return review.Resource{Ref: review.Ref{Type: kind, ID: id}, Capture: c, Relations: []review.Relation{{Name: "x"}}}
	}
	yes := review.Flag{State: review.Present, Value: true}
	match := func(r *review.Report) { r.HasMatch, r.Matches = yes, []review.Match{{Key: "a"}} }
	ran := func(r *review.Report) {
		match(r)
		r.Runs = []review.Run{{CompletedAt: storeStart, Source: review.RunFromHistory}}
	}
	for name, c := range map[string]struct {
		dossier review.Dossier
		want    []string
	}{
		"nothing":                     {review.Dossier{Transaction: txn}, nil},
		"the transaction itself":      {review.Dossier{Transaction: review.Transaction{ID: "txn_1", Resource: review.Resource{Capture: review.CaptureAbsent}}}, []string{"resource transaction/txn_1 absent"}},
		"what it is tied to":          {review.Dossier{Transaction: review.Transaction{ID: "txn_1", Resource: review.Resource{Capture: review.CaptureFull}}}, []string{"resource transaction/txn_1 relations"}},
		"the inquiry that it fell to": {review.Dossier{Transaction: review.Transaction{ID: "txn_1", Resource: full, Status: review.Text{Value: "Pending Fallback Inquiry"}}}, []string{"resource transaction/txn_1 fallback"}},
		"a report":                    {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureAbsent)}}, []string{"resource report/watchlist/rep_1 absent"}},
		"a report that runs still":    {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CapturePending)}}, nil},
		"a report that was erased":    {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureRedacted, match)}}, nil},
		"a report without details":    {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureThin)}}, []string{"resource report/watchlist/rep_1 thin"}},
		"a match that was never sent": {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureFull, ran, func(r *review.Report) { r.Matches = nil })}}, []string{"resource report/watchlist/rep_1 thin"}},
		"the runs of a match":         {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureFull, match)}}, []string{"history report/watchlist/rep_1 runs"}},
		"no runs of a clean one-off":  {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureFull)}}, nil},
		"runs that are known":         {review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureFull, ran)}}, nil},
		"an account":                  {review.Dossier{Transaction: txn, Records: []review.Resource{record("account", "act_1", review.CaptureAbsent)}}, []string{"resource account/act_1 absent"}},
		"a selfie has no address":     {review.Dossier{Transaction: txn, Records: []review.Resource{record("selfie/center-only", "self_1", review.CaptureAbsent)}}, nil},
		"several are asked for at once": {review.Dossier{Transaction: txn, Records: []review.Resource{record("account", "act_1", review.CaptureAbsent), record("inquiry", "inq_1", review.CaptureAbsent)}},
			[]string{"resource transaction/txn_1 objects", "resource account/act_1 absent", "resource inquiry/inq_1 absent"}},
		"a case without its ties": {review.Dossier{Transaction: txn, Records: []review.Resource{{Ref: review.Ref{Type: "case", ID: "case_1"}, Capture: review.CaptureFull}}},
			[]string{"resource case/case_1 relations"}},
	} {
		var got []string
		for _, e := range persona.Missing(c.dossier) {
			cause, _, _ := strings.Cut(e.Cause, " ")
			got = append(got, fmt.Sprintf("%s %s %s", e.Kind, e.Ref, cause))
		}
		assert.Equal(t, c.want, got, name)
		assert.Equal(t, persona.Missing(c.dossier), persona.Missing(c.dossier), name)
	}
	later := review.Dossier{Transaction: txn, Reports: []review.Report{rep(review.CaptureThin)}}
	now := persona.Missing(later)[0].Cause
	later.Reports[0].CompletedAt = storeStart.Add(time.Hour)
	assert.NotEqual(t, now, persona.Missing(later)[0].Cause, "another run is another errand")
	many := review.Dossier{Transaction: txn}
	for i := range 500 {
		many.Records = append(many.Records, record("verification/database", fmt.Sprint("ver_", i), review.CaptureAbsent))
	}
	assert.Len(t, persona.Missing(many), 100)
}
