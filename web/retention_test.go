package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func TestNoGroundOfAnErasureIsChosenBeforehand(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.decided(id, review.Decline)
	lead := h.as("lead")
	const chosen = "[name=ground][checked]"
	page := lead.get("/retention").is(200)
	require.NotZero(t, page.page().Find("[name=ground]").Length())
	assert.Zero(t, page.page().Find(chosen).Length())
	entries, err := h.db.LedgerSize(t.Context())
	require.NoError(t, err)
	for _, form := range []url.Values{
		{"words": {"They <wrote> to us."}},
		{"words": {"They <wrote> to us."}, "ground": {""}},
		{"words": {"They <wrote> to us."}, "ground": {"why not"}},
	} {
		form.Set("other", id.String())
		got := lead.post("/retention/erasures", form).is(http.StatusUnprocessableEntity)
		assert.NotEmpty(t, got.text("#ground-problem"))
		assert.Zero(t, got.page().Find(chosen).Length())
		assert.Equal(t, "They <wrote> to us.", got.text("#words"))
		assert.Equal(t, form.Get("other"), got.page().Find("#other").AttrOr("value", ""))
	}
	for _, bad := range []answer{lead.post("/retention/holds", url.Values{"object": {""}}), lead.post("/retention/erasures", url.Values{"batch": {"due"}})} {
		assert.Zero(t, bad.is(http.StatusUnprocessableEntity).page().Find(chosen).Length())
	}
	now, err := h.db.LedgerSize(t.Context())
	require.NoError(t, err)
	assert.Equal(t, entries, now, "nothing was recorded")
}

func TestTwoPeopleEraseASubjectOnTheirPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.colleague("second", review.RoleLead)
	h.take(ekene().payload())
	id := h.opened()
	lead, second, auditor := h.as("lead"), h.as("second"), h.as("auditor")

	// An open review is nobody's to erase.
	got := lead.post("/retention/erasures", url.Values{"other": {id.String()}, "ground": {"order"}, "words": {"A court said so"}})
	assert.Equal(t, http.StatusUnprocessableEntity, got.status)
	assert.Contains(t, got.text("[role=alert]"), "is not closed yet")

	require.Equal(t, http.StatusSeeOther, lead.post("/retention/holds", url.Values{"object": {id.String()}, "why": {"A court asked"}}).status)
	assert.Contains(t, h.as("reviewer").get("/reviews/"+id.String()[2:]).text(".notice"), "Legal hold since")
	page := auditor.get("/retention")
	assert.Equal(t, http.StatusOK, page.status)
	assert.Contains(t, page.text("main"), "A court asked")
	assert.Zero(t, page.page().Find("main form").Length(), "an auditor changes nothing")
	holds, err := h.db.Holds(t.Context(), false, 10)
	require.NoError(t, err)
	require.Len(t, holds, 1)
	lift := "/retention/holds/" + strconv.FormatInt(int64(holds[0].Entry), 10) + "/lift"
	assert.Equal(t, http.StatusUnprocessableEntity, lead.post(lift, url.Values{"words": {" "}}).status)
	require.Equal(t, http.StatusSeeOther, lead.post(lift, url.Values{"words": {"It is over"}}).status)
	assert.Equal(t, http.StatusConflict, lead.post(lift, url.Values{"words": {"Again"}}).status)

	moved := ekene()
	moved.status, moved.at = "approved", start.Add(time.Minute)
	h.take(moved.payload())
	got = lead.post("/retention/erasures", url.Values{"other": {id.String()}, "ground": {"order"}, "words": {"A court said so"}})
	require.Equal(t, http.StatusSeeOther, got.status, got.text("main"))
	request, _, _ := strings.Cut(got.header.Get("Location"), "?")
	page = lead.get(request)
	assert.Contains(t, page.text("main"), "You asked for this yourself")
	assert.Contains(t, lead.get(got.header.Get("Location")).text("[role=status]"), "Asked for.")
	assert.NotContains(t, page.text("main"), "Asked for. It", "news is said once, to whom it happened")
	assert.Zero(t, page.page().Find(`form[action$="/agree"]`).Length())
	list := second.get(request).page().Find("[name=list]").AttrOr("value", "")
	require.Len(t, list, 64)
	assert.Equal(t, http.StatusUnprocessableEntity, second.post(request+"/agree", url.Values{"list": {list}, "password": {"not it"}}).status, "the password again")
	assert.Equal(t, http.StatusForbidden, lead.post(request+"/agree", url.Values{"list": {list}, "password": {password}}).status)
	assert.Equal(t, http.StatusConflict, second.post(request+"/agree", url.Values{"list": {strings.Repeat("0", 64)}, "password": {password}}).status)
	assert.NotContains(t, second.get(request+"?done=agreed").text("main"), "You agreed", "not before it is so")
	agreed := second.post(request+"/agree", url.Values{"list": {list}, "password": {password}})
	require.Equal(t, http.StatusSeeOther, agreed.status)
	assert.Contains(t, second.get(agreed.to()).text("[role=status]"), "You agreed")
	assert.Equal(t, http.StatusConflict, second.post(request+"/refuse", url.Values{"words": {"Too late"}}).status)
	assert.Contains(t, auditor.get(request).text("main"), "Agreed by")
}

// What would go is listed row by row, to whoever oversees, before anybody asks for it.
func TestWhatWouldGoIsListed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	subject, err := h.db.FindSubject(t.Context(), id.String())
	require.NoError(t, err)
	at := "/retention/subjects/" + subject.String()
	page := h.as("auditor").get(at).is(200)
	assert.Contains(t, page.text(".notice"), "All of it stays for now: "+id.String()+" is not closed yet")
	assert.Contains(t, page.text("tbody"), review.Sum(ekene().payload()).String())
	assert.NotContains(t, page.text("main"), ekene().last, "the list itself names nobody")
	h.as("auditor").get("/retention/subjects/0000000000000001").is(404)
	h.as("auditor").get("/retention/subjects/1").is(404)
	h.as("auditor").get(at + "?after=99-1").is(404)
	assert.Empty(t, h.as("auditor").get(at+"?after=10-9999999").is(200).page().Find("tbody").Nodes)
}

func TestAllThatMayGoIsAskedForPartByPart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const more = 3 // than one request takes
	var payloads [][]byte
	for i := range review.MaxErasure + more {
		p := ekene()
		n := strconv.Itoa(i)
		p.id, p.reference, p.status, p.listed = "txn_due"+n, "cust-due-"+n, "approved", nil
		payloads = append(payloads, p.payload())
	}
	h.take(payloads...)
	h.clock.Pass(20 * 365 * 24 * time.Hour)
	lead, form := h.as("lead"), url.Values{"batch": {"due"}, "ground": {string(review.GroundRetention)}, "words": {"Their time is over"}}
	lead.post("/retention/erasures", form).is(http.StatusSeeOther)
	lead.post("/retention/erasures", form).is(http.StatusSeeOther)
	asked, err := h.db.ErasureRequests(t.Context(), 9)
	require.NoError(t, err)
	require.Len(t, asked, 2)
	assert.Equal(t, []int{more, review.MaxErasure}, []int{asked[0].Subjects, asked[1].Subjects}, "the second asks for the rest")
	assert.Equal(t, http.StatusUnprocessableEntity, lead.post("/retention/erasures", form).status, "then there is nobody left to ask for")
}
