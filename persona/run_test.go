package persona_test

import (
	"fmt"
	"testing"
	"time"

	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func day(d int) time.Time { return time.Date(2026, 1, d, 0, 0, 5, 0, time.UTC) }

// chain is a monitored report: run 1 clean, run 2 with a match, dismissed, run 3 with a new
// match while the old one stays ignored; then the same again without news.
var chain = []string{
	watch("2026-01-01T00:00:06Z", `"status":"ready","created-at":"2026-01-01T00:00:00Z","completed-at":"2026-01-01T00:00:05Z","has-match":false,"is-recurring":true,"is-continuous":false,"matched-lists":[],"ignore-list":[]`),
	watch("2026-01-02T00:00:06Z", `"status":"ready","created-at":"2026-01-01T00:00:00Z","completed-at":"2026-01-02T00:00:05Z","has-match":true,"is-recurring":true,"is-continuous":true,"matched-lists":[`+list("x", entity("primary_name", "Oran Veld"))+`],"ignore-list":[]`),
	watch("2026-01-03T00:00:06Z", `"status":"ready","created-at":"2026-01-01T00:00:00Z","completed-at":"2026-01-02T00:00:05Z","has-match":true,"is-recurring":true,"is-continuous":true,"matched-lists":[`+list("x", entity("primary_name", "Oran Veld"))+`],"ignore-list":[{"ignored-at":"2026-01-03T00:00:00Z","match":`+list("x", entity("primary_name", "Oran Veld"))+`,"user":"Jane Reviewer","ignore-reason":"no"}]`),
	watch("2026-01-04T00:00:06Z", `"status":"ready","created-at":"2026-01-01T00:00:00Z","completed-at":"2026-01-04T00:00:05Z","has-match":true,"is-recurring":true,"is-continuous":true,"matched-lists":[`+list("x", entity("primary_name", "Oran Veld"))+`,`+list("y", entity("primary_name", "Oran Veldt"))+`],"ignore-list":[{"ignored-at":"2026-01-03T00:00:00Z","match":`+list("x", entity("primary_name", "Oran Veld"))+`,"user":"Jane Reviewer","ignore-reason":"no"}]`),
}

func TestAMonitoredReportTellsItsRunsAndItsHalt(t *testing.T) {
	t.Parallel()
	states := []review.Monitoring{
		{State: review.MonitoringRunning}, {State: review.MonitoringHalted, Since: day(2)},
		{State: review.MonitoringRunning}, {State: review.MonitoringHalted, Since: day(4)},
	}
	for i, want := range states {
		d := hydrate(t, chain[:i+1]...)
		assert.Equal(t, want, d.Reports[0].Monitoring, "after state %d", i+1)
	}
	r := hydrate(t, chain...).Reports[0]
	assert.Equal(t, []review.Run{
		{CompletedAt: day(1), Matches: 0, Source: review.RunObserved},
		{CompletedAt: day(2), Matches: 1, Source: review.RunObserved},
		{CompletedAt: day(4), Matches: 1, Source: review.RunObserved},
	}, r.Runs)
	require.Len(t, r.Matches, 2)
	assert.Equal(t, day(2), r.Matches[0].FirstSeen)
	assert.True(t, r.Matches[0].Dismissed)
	assert.Equal(t, day(4), r.Matches[1].FirstSeen)
	assert.True(t, r.Matches[1].Open())
	assert.Equal(t, review.Absent, r.RunState)
}

func TestMatchesThatStandSinceAnEarlierRunHaltSinceThen(t *testing.T) {
	t.Parallel()
	r := hydrate(t, chain[0], chain[1],
		watch("2026-01-05T00:00:06Z", `"status":"ready","completed-at":"2026-01-05T00:00:05Z","has-match":true,"is-recurring":true,"matched-lists":[`+list("x", entity("primary_name", "Oran Veld"))+`]`),
		watch("2026-01-06T00:00:06Z", `"status":"ready","completed-at":"2026-01-06T00:00:05Z","has-match":true,"is-recurring":true`)).Reports[0]
	assert.Equal(t, review.Monitoring{State: review.MonitoringHalted, Since: day(2)}, r.Monitoring)
	assert.Equal(t, day(5), r.DetailsAt)
	assert.Equal(t, -1, r.Runs[3].Matches)
}

func TestMonitoringStates(t *testing.T) {
	t.Parallel()
	for attributes, want := range map[string]review.MonitoringState{
		`"is-recurring":true,"is-continuous":false,"matched-lists":[]`:  review.MonitoringRunning,
		`"is-recurring":false,"is-continuous":false,"matched-lists":[]`: review.MonitoringOff,
		`"is-recurring":false,"is-continuous":true,"matched-lists":[]`:  review.MonitoringOff,
		`"is-recurring":false,"is-continuous":false,` + veld:            review.MonitoringOff,
		`"is-recurring":false,"is-continuous":true,` + veld:             review.MonitoringHalted,
		`"is-continuous":true,"matched-lists":[]`:                       review.MonitoringRunning,
		`"is-continuous":false,"matched-lists":[]`:                      review.MonitoringUnknown,
		`"matched-lists":[]`:                                      review.MonitoringUnknown,
		`"is-recurring":true,"has-match":true`:                    review.MonitoringHalted,
		`"is-recurring":true,"has-match":true,"matched-lists":[]`: review.MonitoringHalted,
		`"is-recurring":true,"has-match":true,"matched-lists":[],"ignore-list":[{"match":{"slug":"x"}}]`: review.MonitoringRunning,
		`"run-history":[{"scheduled-at":"2030-01-01T00:00:00Z","completed-at":null,"type":"scheduled"}]`: review.MonitoringRunning,
	} {
		r := screened(t, review.KindWatchlist, `"status":"ready","completed-at":"2026-01-01T00:00:05Z",`+attributes)
		assert.Equal(t, want, r.Monitoring.State, attributes)
		assert.Equal(t, want == review.MonitoringHalted, !r.Monitoring.Since.IsZero(), attributes)
	}
	enrichment := screened(t, "email-address", `"status":"ready","has-match":true,"is-recurring":true`)
	assert.Equal(t, review.MonitoringRunning, enrichment.Monitoring.State, "data found is no match")
}

func TestRunHistoryOfEveryShape(t *testing.T) {
	t.Parallel()
	for attribute, want := range map[string]review.Presence{``: review.Absent, `"run-history":null,`: review.Null, `"run-history":[],`: review.Empty,
		`"run-history":[{"scheduled-at":"2026-01-01T00:00:05.000Z","completed-at":"2026-01-01T00:00:05.000Z","type":"scheduled","report-template-version-id":14930}],`: review.Present} {
		r := screened(t, review.KindWatchlist, attribute+`"status":"ready","completed-at":"2026-01-01T00:00:05.000Z","has-match":false,"matched-lists":[]`)
		assert.Equal(t, want, r.RunState, attribute)
		require.Len(t, r.Runs, 1, "the state that reached us is a run in any case")
		assert.Equal(t, 0, r.Runs[0].Matches)
		if want == review.Present {
			assert.Equal(t, review.Run{Type: "scheduled", ScheduledAt: day(1), CompletedAt: day(1), Source: review.RunFromReport}, r.Runs[0])
		}
	}
}

func TestRunsFromAllSourcesAreOneTimeline(t *testing.T) {
	t.Parallel()
	history := `{"data":[
		{"type":"run","id":"rpr_3","run-type":"scheduled","scheduled-date":"2030-02-01","completed-at":null,"matches":null},
		{"type":"resume","id":"ract_3","created-at":"2026-01-07T00:00:00.000+00:00","creator-name":"Jane Reviewer"},
		{"type":"pause","id":"ract_2","created-at":"2026-01-06T00:00:00.000+00:00","creator-name":"Jane Reviewer"},
		{"type":"dismiss","id":"ract_1","created-at":"2026-01-03T00:00:00.000+00:00","creator-name":"Jane Reviewer"},
		{"type":"run","id":"rpr_1","run-type":"manual","scheduled-date":"2026-01-01","completed-at":"2026-01-01T00:00:05.000+00:00","matches":7}],
		"links":{"next":"/api/v1/reports/rep_1/history?page%5Bafter%5D=x","prev":null}}`
	report := watch("2026-01-08T00:00:00Z", `"status":"ready","completed-at":"2026-01-02T00:00:05.000Z","has-match":false,"is-recurring":true,"matched-lists":[],"run-history":[
		{"scheduled-at":"2030-02-01T04:00:00Z","completed-at":null,"type":"scheduled"},
		{"scheduled-at":"2026-01-01T00:00:00Z","completed-at":"2026-01-01T00:00:05.000Z","type":"scheduled"},
		{"scheduled-at":"2026-01-01T00:00:00Z","completed-at":null,"type":"scheduled"}]`)
	r := hydrate(t, report, history).Reports[0]
	assert.Equal(t, []review.Run{
		{ID: "rpr_1", Type: "manual", ScheduledAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), ScheduledDate: "2026-01-01", CompletedAt: day(1), Matches: 7, Source: review.RunFromHistory},
		{CompletedAt: day(2), Matches: 0, Source: review.RunObserved},
		{ID: "rpr_3", Type: "scheduled", ScheduledAt: time.Date(2030, 2, 1, 4, 0, 0, 0, time.UTC), ScheduledDate: "2030-02-01", Matches: -1, Source: review.RunFromHistory},
	}, r.Runs)
	assert.Equal(t, []string{"dismiss", "pause", "resume"}, []string{r.Acts[0].Type, r.Acts[1].Type, r.Acts[2].Type})
	assert.Equal(t, review.Monitoring{State: review.MonitoringRunning, Next: time.Date(2030, 2, 1, 4, 0, 0, 0, time.UTC)}, r.Monitoring)

	paused := hydrate(t, report, `{"data":[{"type":"pause","id":"ract_9","created-at":"2026-01-09T00:00:00.000+00:00","creator-name":"Jane Reviewer"}],"links":{"prev":"/api/v1/reports/rep_1/history?x"}}`, history).Reports[0]
	assert.Equal(t, review.MonitoringPaused, paused.Monitoring.State)
	assert.Equal(t, time.Date(2026, 1, 9, 0, 0, 0, 0, time.UTC), paused.Monitoring.Since)
}

func TestAHistoryWithoutItsReportIsShownAsWhatItIs(t *testing.T) {
	t.Parallel()
	d := hydrate(t, response(resource("transaction", "txn_1", `"status":"x"`, `"related-objects":{"data":[{"type":"report/watchlist","id":"rep_1"}]}`)),
		`{"data":[{"type":"run","id":"rpr_1","completed-at":null}],"links":{"next":"/api/v1/reports/rep_1/history"}}`)
	require.Len(t, d.Reports, 1)
	assert.Equal(t, review.CaptureAbsent, d.Reports[0].Capture)
}

func TestCaptureSaysHowMuchIsHeld(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind       review.ReportKind
		attributes string
		want       review.Capture
	}{
		{review.KindWatchlist, `"status":"pending","matched-lists":null`, review.CapturePending},
		{review.KindWatchlist, `"status":"errored"`, review.CaptureErrored},
		{review.KindWatchlist, `"status":"ready","matched-lists":null`, review.CaptureFull},
		{review.KindWatchlist, `"status":"ready","has-match":true,"term":"x"`, review.CaptureThin},
		{review.KindPEP, `"status":"ready","has-match":true,"result":[]`, review.CaptureFull},
		{"email-address", `"status":"ready","created-at":"2026-01-01T00:00:00Z","completed-at":null,"has-match":true`, review.CaptureThin},
		{"email-address", `"status":"ready","email-reputation":"low"`, review.CaptureFull},
		{"business-enforcement-action", `"status":"ready","result":{"x":1}`, review.CaptureFull},
	} {
		assert.Equal(t, c.want, screened(t, c.kind, c.attributes).Capture, fmt.Sprint(c))
	}
}
