package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// savedViews are the names of the views on the list, with whose they are.
func (c *client) savedViews() (views []string) {
	c.h.t.Helper()
	c.get("/decisions").is(200).page().Find("main details li").Each(func(_ int, li *goquery.Selection) {
		views = append(views, strings.TrimSpace(li.ChildrenFiltered("a").Text())+": "+strings.TrimSpace(li.ChildrenFiltered("span").Text()))
	})
	return views
}

// keeps presses "Keep this view" on a page.
func (c *client) keeps(address, name, shared string) answer {
	c.h.t.Helper()
	page := c.get(address).is(200)
	return c.post("/decisions/views", page.filled("form[action='/decisions/views']", url.Values{"name": {name}, "shared": {shared}}))
}

func viewForm(name, shared string) url.Values {
	return url.Values{"name": {name}, "shared": {shared}, "query": {""}}
}

func TestAViewIsKeptSharedRenamedReplacedAndRemovedByWhoseItIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	h.decided(h.opened(), review.Approve)
	mine, lead, auditor := h.as("reviewer"), h.as("lead"), h.as("auditor")

	to := mine.keeps("/decisions?columns=entry,outcome&outcome=decline&q=falade&after=&nonsense=1", "  What  I \t decline ", "").to()
	assert.Equal(t, "/decisions?columns=entry%2Coutcome&outcome=decline", to, "neither a name that was searched for nor what means nothing")
	mine.get(to).is(200)
	assert.Equal(t, []string{"What I decline: yours"}, mine.savedViews())
	assert.Empty(t, lead.savedViews(), "nobody else sees it")
	assert.Empty(t, auditor.savedViews())
	for _, dump := range h.dump()["saved_view"] {
		assert.NotContains(t, strings.ToLower(dump), "falade")
	}

	mine.keeps("/decisions?outcome=approve", "What I decline", "yes").is(303)
	assert.Equal(t, []string{"What I decline: yours, shared"}, mine.savedViews(), "the same name is the same view, looked at anew")
	assert.Equal(t, []string{"What I decline: shared by Noor Haddad"}, lead.savedViews())
	assert.Equal(t, []string{"What I decline: shared by Noor Haddad"}, auditor.savedViews())
	shared := auditor.get("/decisions").is(200).page().Find("main details li > a")
	assert.Equal(t, "/decisions?outcome=approve", shared.AttrOr("href", ""))
	auditor.get(shared.AttrOr("href", "")).is(200)

	id := savedID(t, mine, "What I decline")
	for _, stranger := range []*client{lead, h.as("admin")} {
		assert.Zero(t, stranger.get("/decisions").page().Find("form[action^='/decisions/views/']").Length())
		stranger.post("/decisions/views/"+id, viewForm("Mine now", "")).is(http.StatusNotFound)
		stranger.post("/decisions/views/"+id+"/remove", viewForm("", "")).is(http.StatusNotFound)
	}
	assert.Zero(t, auditor.get("/decisions").page().Find("main form[method=post]").Length(), "who only reads shares addresses")
	auditor.post("/decisions/views", viewForm("An auditor’s", "yes")).is(http.StatusForbidden)
	auditor.post("/decisions/views/"+id, viewForm("An auditor’s", "yes")).is(http.StatusForbidden)
	auditor.post("/decisions/views/"+id+"/remove", viewForm("", "")).is(http.StatusForbidden)
	lead.keeps("/decisions?by=lead", "What I decline", "").is(303) // a name is one's own
	assert.Equal(t, []string{"What I decline: yours", "What I decline: shared by Noor Haddad"}, lead.savedViews())

	mine.keeps("/decisions?overdue=yes", "Late", "").is(303)
	taken := mine.post("/decisions/views/"+id, viewForm("Late", "")).is(http.StatusUnprocessableEntity)
	assert.Equal(t, "Late", taken.page().Find("#name-"+id).AttrOr("value", ""))
	assert.NotEmpty(t, taken.text("#name-"+id+"-problem"))
	assert.Empty(t, taken.text("#name-problem"))
	assert.Contains(t, taken.text("[role=alert]"), "Another view of yours has this name")
	mine.post("/decisions/views/"+id, viewForm("Approved", "")).is(303)
	assert.Equal(t, []string{"Approved: yours", "Late: yours"}, mine.savedViews())
	assert.Equal(t, []string{"What I decline: yours"}, lead.savedViews(), "and shared no more")
	mine.post("/decisions/views/"+id+"/remove", viewForm("", "")).is(303)
	assert.Equal(t, []string{"Late: yours"}, mine.savedViews())
	mine.post("/decisions/views/"+id+"/remove", viewForm("", "")).is(http.StatusNotFound)
	for _, none := range []string{"0", "-1", "x", "9223372036854775808"} {
		mine.post("/decisions/views/"+none, viewForm("Name", "")).is(http.StatusNotFound)
	}
}

func savedID(t *testing.T, c *client, name string) string {
	t.Helper()
	li := c.get("/decisions").is(200).page().Find("main li").FilterFunction(func(_ int, li *goquery.Selection) bool {
		return strings.TrimSpace(li.ChildrenFiltered("a").Text()) == name
	})
	id := strings.TrimPrefix(li.Find("form[action^='/decisions/views/']").First().AttrOr("action", ""), "/decisions/views/")
	require.NotEmpty(t, id)
	return id
}

func TestANameOfAViewIsAText(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("reviewer")
	for name, said := range map[string]string{"": "Give the view a name", " \t\n ": "Give the view a name",
		strings.Repeat("é", 61): "up to 60", strings.Repeat("x", 10_000): "up to 60"} {
		wrong := c.post("/decisions/views", viewForm(name, "")).is(http.StatusUnprocessableEntity)
		assert.Contains(t, wrong.text("[role=alert]"), said)
		assert.Equal(t, strings.TrimSpace(name), strings.TrimSpace(wrong.page().Find("#name").AttrOr("value", "")), "what was typed stays")
		assert.NotEmpty(t, wrong.text("#name-problem"), "the problem stands at its field")
	}
	for _, name := range []string{strings.Repeat("é", 60), "<script>alert(1)</script>", "'; DROP TABLE saved_view; --", "\u202eevil", "=1+1", "../../x"} {
		c.post("/decisions/views", viewForm(name, "yes")).is(303)
		page := h.as("lead").get("/decisions").is(200)
		assert.Zero(t, page.page().Find("main script").Length())
	}
	assert.Len(t, h.as("lead").savedViews(), 6)
	for _, query := range []string{"outcome=perhaps", "columns=password", "from=yesterday", "%zz", strings.Repeat("a", 5_000)} {
		form := viewForm("Name", "")
		form.Set("query", query)
		c.post("/decisions/views", form).is(http.StatusBadRequest)
	}
}

func TestNobodyKeepsViewsWithoutEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("reviewer")
	for i := range review.MaxSavedViews {
		_, err := h.db.SaveView(t.Context(), review.SavedView{Owner: "reviewer", Name: fmt.Sprint("View ", i), Query: "outcome=decline"})
		require.NoError(t, err)
	}
	full := c.post("/decisions/views", viewForm("One more", "")).is(http.StatusUnprocessableEntity)
	assert.Contains(t, full.text("[role=alert]"), "remove one first")
	c.post("/decisions/views", viewForm("View 7", "yes")).is(303) // the same view anew
	assert.Len(t, c.savedViews(), review.MaxSavedViews)
	require.NoError(t, h.db.SetRole(t.Context(), "reviewer", review.RoleAuditor, "admin"))
	assert.Zero(t, c.get("/decisions").is(200).page().Find("main form[method=post]").Length())
	c.post("/decisions/views", viewForm("View 7", "")).is(http.StatusForbidden)
}
