package web_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// echoed is a house with a review that was approved, with Persona being told the status, and the
// person that it is about, as Persona has them after the decision.
func echoed(t *testing.T) (*house, person, review.ReviewID) {
	h := newHouse(t)
	require.NoError(t, h.db.SetTelling(t.Context(), review.Telling{Status: true, Types: []review.TypeTelling{{Approved: "Approved", Declined: "Declined"}}}, "admin"))
	who := ekene()
	who.created, who.completed = who.at.Add(-time.Hour), who.at.Add(-time.Minute)
	h.take(who.payload())
	id := h.opened()
	h.decided(id, review.Approve)
	who.at, who.status = start.Add(time.Minute), "approved"
	return h, who, id
}

// taken has Persona take what it is told next.
func (h *house) taken() {
	h.t.Helper()
	due, err := h.db.DuePushes(h.t.Context(), 9)
	require.NoError(h.t, err)
	require.Len(h.t, due, 1)
	require.NoError(h.t, h.db.PushTried(h.t.Context(), due[0].ID, review.PushTry{Sent: true, Request: "req_1"}))
}

const (
	onlyTold  = "Matches, reports and records as they stood at the decision, 18 June, 09:41 UTC. Only what docket told Persona has changed since: the status is now Approved."
	hasMoved  = "They have changed at Persona since."
	stoodThen = "Matches, reports and records as they stood at the decision, 18 June, 09:41 UTC."
)

func TestAClosedReviewSaysWhenOnlyWhatWasToldHasChanged(t *testing.T) {
	t.Parallel()
	h, who, id := echoed(t)
	assert.NotContains(t, h.reviewPage(id, "reviewer").text("main"), "as they stood", "nothing changed yet")
	h.taken()
	h.take(who.payload())
	page := h.reviewPage(id, "reviewer")
	assert.Equal(t, onlyTold+" See today’s state", page.text(".notice"))
	assert.Equal(t, "", page.page().Find(".notice").AttrOr("data-tone", "none"))
	assert.Zero(t, page.page().Find(".notice strong").Length(), "nothing calls for attention")
	assert.Zero(t, page.page().Find("#changes").Length())

	// The same again, from what was kept of the comparison.
	assert.Contains(t, h.reviewPage(id, "auditor").text(".notice"), onlyTold)
}

func TestAClosedReviewShowsWhatElseChangedThanWasTold(t *testing.T) {
	t.Parallel()
	h, who, id := echoed(t)
	h.taken()
	who.tags = []string{"priority", "reseller"}
	h.take(who.payload())
	page := h.reviewPage(id, "reviewer")
	assert.Contains(t, page.text(".notice"), hasMoved)
	assert.Equal(t, stoodThen, page.text(".notice strong"))
	assert.Equal(t, "What else changed since today, 09:41 UTC", page.text("#changes"))
	section := page.text("section[aria-labelledby=changes]")
	assert.Contains(t, section, "Compared with what the decision rests on. Not counted is what docket told Persona: the status is now Approved.")
	fold := page.page().Find("section[aria-labelledby=changes] details:not([open])")
	assert.Equal(t, "1 change", fold.Find("summary").Text())
	assert.Equal(t, []string{"Tags | priority | changed | priority, reseller", "Parties 1 and 2 | 2 comparisons | same | unchanged",
		"Query | 6 values | same | the same 6 values"}, rows(fold), "the status is not among them")
	assert.Contains(t, page.text("nav, aside"), "What else changed since", "the panel leads there")
}

func TestAStatusThatDocketDidNotTellIsShownAsChanged(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*house, *person){
		"another one came back":          func(h *house, p *person) { h.taken(); p.status = "declined" },
		"it was so before it was told":   func(*house, *person) {},
		"it was given up before":         func(h *house, _ *person) { h.dropped() },
		"Persona refused it before":      func(h *house, _ *person) { h.refused() },
		"the matches went away with it":  func(h *house, p *person) { h.taken(); p.listed = nil },
		"who is examined is called else": func(h *house, p *person) { h.taken(); p.last = "Falade-Oyelaran" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, who, id := echoed(t)
			edit(h, &who)
			h.take(who.payload())
			page := h.reviewPage(id, "reviewer")
			assert.Contains(t, page.text(".notice"), stoodThen+" "+hasMoved)
			assert.NotContains(t, page.text("main"), "Only what docket told")
			assert.Equal(t, 1, page.page().Find("section[aria-labelledby=changes] table").Length(), "and what")
		})
	}
}

func TestAllThatWasToldIsNamedOnAClosedReview(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	require.NoError(t, h.db.SetTelling(t.Context(), review.Telling{Status: true, Fields: true, Matches: true,
		Types: []review.TypeTelling{{Approved: "approved", Declined: "declined", ReasonField: "why", ByField: "by"}}}, "admin"))
	who := ekene()
	who.created, who.completed = who.at.Add(-time.Hour), who.at.Add(-time.Minute)
	h.take(who.payload())
	id := h.opened()
	h.decided(id, review.Approve)
	for range 3 {
		h.taken()
	}
	who.at, who.status, who.listed = start.Add(time.Minute), "approved", nil
	written := func(why string) []byte {
		return bytes.Replace(who.payload(), []byte(`"fields":{`), []byte(`"fields":{"by":{"type":"string","value":"Noor Haddad"},"why":{"type":"string","value":"`+why+`"},`), 1)
	}
	h.take(written("other"))
	assert.Contains(t, h.reviewPage(id, "reviewer").text(".notice"),
		"since: the status is now approved, 2 matches are dismissed, and the fields by and why are written.")

	who.at = start.Add(2 * time.Minute)
	h.take(written("all_false_positive"))
	page := h.reviewPage(id, "reviewer")
	assert.Contains(t, page.text(".notice"), hasMoved)
	assert.Contains(t, page.text("section[aria-labelledby=changes]"), "the status is now approved, 2 matches are dismissed, and the field by is written.")
	assert.Contains(t, page.text("section[aria-labelledby=changes] table"), "all_false_positive", "somebody else wrote that")
}

// refused has Persona refuse what it is told next.
func (h *house) refused() {
	h.t.Helper()
	due, err := h.db.DuePushes(h.t.Context(), 9)
	require.NoError(h.t, err)
	require.NoError(h.t, h.db.PushTried(h.t.Context(), due[0].ID, review.PushTry{Refused: true, Problem: "no such status"}))
}

// dropped has a lead give up what Persona is told next.
func (h *house) dropped() {
	h.t.Helper()
	due, err := h.db.DuePushes(h.t.Context(), 9)
	require.NoError(h.t, err)
	require.NoError(h.t, h.db.DropPush(h.t.Context(), due[0].ID, "lead"))
}

func TestAnEchoCountsAsToldOncePersonasAnswerIsThere(t *testing.T) {
	t.Parallel()
	h, who, id := echoed(t)
	// The echo is faster than the answer: until that is there, nobody knows whose doing the status is.
	h.take(who.payload())
	assert.Contains(t, h.reviewPage(id, "lead").text(".notice"), hasMoved)
	pushes, err := h.db.PushesOf(t.Context(), id)
	require.NoError(t, err)
	require.Len(t, pushes, 1)
	require.NoError(t, h.db.PushTried(t.Context(), pushes[0].ID, review.PushTry{Sent: true, Request: "req_1"}))
	assert.Contains(t, h.reviewPage(id, "lead").text(".notice"), onlyTold)
}
