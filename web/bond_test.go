package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// An admin who makes a second one is told, with that one, from when on the two are two people.
func TestAnAdminWhoMakesASecondOneWaitsADay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("admin")
	c.post("/admin/colleagues", url.Values{"username": {"twin"}, "name": {"Tove Winther-Ness"}, "role": {"admin"}, "password": {password}}).is(303)
	assert.Contains(t, c.get("/admin/colleagues?done=added").is(200).text("main"), "count as one person")
	p, err := h.db.Policy(t.Context())
	require.NoError(t, err)
	p.Times.Claim = 60
	_, err = h.db.ProposePolicy(t.Context(), "admin", p, "why")
	require.NoError(t, err)

	digest := url.Values{"digest": {p.Digest().String()}}
	twin := h.as("twin")
	page := twin.get("/admin/policy/2").is(200)
	assert.Zero(t, page.page().Find("form[action$='/enact']").Length())
	assert.Contains(t, page.text("main"), "You cannot be the second person before")
	refused := twin.post("/admin/policy/2/enact", digest).is(http.StatusForbidden)
	assert.Contains(t, refused.text("h1"), "somebody else, or a day")
	assert.Contains(t, refused.text("main"), "Nothing was recorded")
	assert.Contains(t, c.get("/admin/policy/2").is(200).text("main"), "Another admin puts it in force")

	h.clock.Pass(review.BondLasts - time.Minute)
	h.as("twin").post("/admin/policy/2/enact", digest).is(http.StatusForbidden)
	h.clock.Pass(time.Minute)
	late := h.as("twin")
	late.post("/admin/policy/2/enact", late.get("/admin/policy/2").is(200).filled(`form[action$="/enact"]`, nil)).is(303)
}

// Whoever resets the maker's password could be the maker; but a team that one admin lets in can begin at once.
func TestAnAdminWhoLetTheMakerInDoesNotApproveWhatTheyMade(t *testing.T) {
	t.Parallel()
	h, _, at := awaits(t)
	require.NoError(t, h.db.SetPassword(t.Context(), "reviewer", passwordHash(), "admin"))
	require.NoError(t, h.db.SetRole(t.Context(), "lead", review.RoleLead, "admin"))
	admin := h.as("admin")
	page := admin.get(at).is(200)
	assert.Contains(t, page.text("main"), "You cannot be the second person before")
	assert.Zero(t, admin.get(at+"/decision").page().Find("form[action$='/approval']").Length())
	form := url.Values{"answer": {"approve"}, "evidence": {page.evidence()}}
	assert.Contains(t, admin.post(at+"/approval", form).is(http.StatusForbidden).text("h1"), "somebody else, or a day")
	lead := h.as("lead")
	assert.NotZero(t, lead.get(at+"/decision").page().Find("form[action$='/approval']").Length())
	lead.post(at+"/approval", form).is(303)
}

func TestWhoWasLetInByWhoeverAsksForAnErasureCannotAgreeToIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	moved := ekene()
	moved.status, moved.at = "approved", start.Add(time.Minute)
	h.take(moved.payload())
	require.NoError(t, h.db.SetRole(t.Context(), "lead", review.RoleLead, "admin"))
	subject, err := h.db.FindSubject(t.Context(), id.String())
	require.NoError(t, err)
	_, err = h.db.AskErasure(t.Context(), "admin", review.ErasureForm{Subjects: []review.SubjectID{subject}, Ground: review.GroundOrder, Words: "A court"})
	require.NoError(t, err)
	requests, err := h.db.ErasureRequests(t.Context(), 1)
	require.NoError(t, err)
	request := "/retention/erasures/" + strconv.FormatInt(int64(requests[0].Entry), 10)
	lead := h.as("lead")
	page := lead.get(request).is(200)
	assert.Contains(t, page.text("main"), "You cannot be the second person before")
	assert.Zero(t, page.page().Find(`form[action$="/agree"]`).Length())
	refused := lead.post(request+"/agree", url.Values{"list": {requests[0].List.String()}, "password": {password}}).is(http.StatusForbidden)
	assert.Contains(t, refused.text("h1"), "somebody else, or a day")
	h.clock.Pass(review.BondLasts)
	assert.NotZero(t, h.as("lead").get(request).page().Find(`form[action$="/agree"]`).Length())
}
