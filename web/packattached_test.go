package web_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/views/viewtest"
	"docket/web"
)

// What a colleague attached lies in the pack under its digest, byte for byte, and the page of the review
// leads to it by the name that its sender gave it. Once erased, the pack says so, and what another review
// was given stays in that one's.
func TestAPackHoldsWhatWasAttachedUntilItIsErased(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.colleague("second", review.RoleLead)
	var ids []review.ReviewID
	for _, who := range []person{zorvane(), ekene()} {
		h.take(who.payload())
		ids = append(ids, h.opened())
		h.claimed(ids[len(ids)-1], "reviewer")
	}
	c := h.as("reviewer")
	shared, own := []byte("%PDF-1.4\none letter about two\n"), []byte("%PDF-1.4\nabout one alone\n")
	c.upload(reviewPath(ids[0])+"/attachments", "../../zq-letter.pdf", shared).is(303)
	c.upload(reviewPath(ids[0])+"/attachments", strings.Repeat("זקוריאן ", 20)+".pdf", own).is(303)
	c.upload(reviewPath(ids[1])+"/attachments", `"><b>their copy.pdf`, shared).is(303)
	for _, id := range ids {
		h.decided(id, review.Approve)
	}
	file := func(body []byte) string { return "attachments/" + review.Sum(body).String() + ".pdf" }

	u := h.evidencePack(web.EvidenceAsk{Review: ids[0], By: "auditor", Via: "web"})
	assert.Equal(t, 2, u.report.Attachments)
	assert.Equal(t, shared, u.files[file(shared)])
	assert.Equal(t, own, u.files[file(own)])
	rows := u.pages(t)["reviews/"+ids[0].String()+".html"].Find("[aria-labelledby=attached] tbody tr")
	require.Equal(t, 2, rows.Length())
	link := rows.First().Find("th a")
	assert.Equal(t, "zq-letter.pdf", strings.TrimSpace(link.Text()), "a name, and no path")
	assert.Equal(t, "../"+file(shared), link.AttrOr("href", ""))
	assert.Contains(t, viewtest.Text(rows.First()), "application/pdf")

	u = h.evidencePack(web.EvidenceAsk{Sample: 2, Seed: "1", By: "auditor", Via: "web"})
	assert.Equal(t, 2, u.report.Attachments, "the same bytes lie there once")

	lead, second := h.as("lead"), h.as("second")
	request, _, _ := strings.Cut(lead.post("/retention/erasures", url.Values{"other": {ids[0].String()}, "ground": {"order"}, "words": {"A court"}}).to(), "?")
	list := second.get(request).page().Find("[name=list]").AttrOr("value", "")
	require.Equal(t, http.StatusSeeOther, second.post(request+"/agree", url.Values{"list": {list}, "password": {password}}).status)
	_, err := h.db.Erase(t.Context())
	require.NoError(t, err)

	u = h.evidencePack(web.EvidenceAsk{Review: ids[0], By: "auditor", Via: "web"})
	assert.Zero(t, u.report.Attachments, "neither what went nor what another review holds still")
	page := u.pages(t)["reviews/"+ids[0].String()+".html"].Find("[aria-labelledby=attached]")
	assert.Equal(t, 2, strings.Count(viewtest.Text(page), "erased: its bytes and its name are gone"))
	assert.Zero(t, page.Find("a").Length())
	assert.False(t, bytes.Contains(u.raw, []byte("zq-letter")), "its name went too")
	var told review.PackedReview
	require.NoError(t, json.Unmarshal(u.files["reviews/"+ids[0].String()+".json"], &told))
	require.Len(t, told.Attachments, 2)
	assert.Empty(t, told.Attachments[0].File)

	u = h.evidencePack(web.EvidenceAsk{Sample: 2, Seed: "1", By: "auditor", Via: "web"})
	assert.Equal(t, 1, u.report.Attachments)
	assert.Equal(t, shared, u.files[file(shared)], "the other review keeps its own")
	gone := c.get(reviewPath(ids[0])).page().Find("[aria-labelledby=attachments]")
	assert.Zero(t, gone.Find("tbody a").Length(), "what is erased is not offered on the page either")
}
