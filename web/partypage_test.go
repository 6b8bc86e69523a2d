package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// alike is the i-th subject on whom the same listed person is found, born in some year.
func alike(i int, birth string) person {
	p := ekene()
	p.id, p.reference, p.birth = fmt.Sprintf("txn_alike%d", i), fmt.Sprintf("cust-%d", i), birth
	p.at = start.Add(time.Duration(i-100) * time.Hour)
	p.listed = []listed{{"FALADE, Ekene", "1979", "US - OFAC - SDN"}}
	return p
}

// reviewed is the review of a transaction.
func (h *house) reviewed(txn string) review.ReviewID {
	h.t.Helper()
	f, err := h.db.TransactionFile(h.t.Context(), review.TransactionID(txn))
	require.NoError(h.t, err)
	require.NotEmpty(h.t, f.Reviews)
	return f.Reviews[0].ID
}

func (h *house) at(txn string) string { return "/reviews/" + h.reviewed(txn).String()[2:] }

// finds records a finding of the reviewer on the first party of a review.
func (h *house) finds(txn, finding, reason string) {
	h.t.Helper()
	h.claimed(h.reviewed(txn), "reviewer")
	c := h.as("reviewer")
	c.post(h.at(txn)+"/dispositions", c.get(h.at(txn)).is(200).finding(1, finding, reason, "Compared by eye.")).is(http.StatusSeeOther)
}

// partyPage is where the first party of a review leads.
func (c *client) partyPage(at string) string {
	c.h.t.Helper()
	href := c.get(at).is(200).page().Find("#party-1 a[href^='/parties/']").First().AttrOr("href", "")
	require.NotEmpty(c.h.t, href)
	return href
}

func TestPrecedentIsFoldedAndSaysWhichReasonCarriesOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	unborn := alike(4, "1986-03-14")
	unborn.birth = ""
	h.take(alike(1, "1986-03-14").payload(), alike(2, "1991-05-02").payload(), alike(3, "1995-01-01").payload(), unborn.payload(), alike(5, "1979-08-08").payload())
	c := h.as("lead")
	assert.Zero(t, c.get(h.at("txn_alike3")).page().Find(".precedent").Length(), "nobody has judged yet")
	h.finds("txn_alike1", "false_positive", "birthdate")
	assert.Zero(t, c.get(h.at("txn_alike1")).page().Find(".precedent").Length(), "its own finding is none")
	assert.Contains(t, c.get(h.at("txn_alike3")).text(".precedent > summary"), "Judged once before, for another subject")
	h.finds("txn_alike2", "false_positive", "birthdate")

	for txn, want := range map[string]string{
		"txn_alike3": "Each time because the birth year conflicted. It conflicts here too, so that reason carries over.",
		"txn_alike4": "Each time because the birth year conflicted. Here we have no birth date of our subject, so that reason does not carry over.",
		"txn_alike5": "Each time because the birth year conflicted. That is not so here, so that reason does not carry over.",
	} {
		a := c.get(h.at(txn)).is(200)
		fold := a.page().Find("#party-1 details.precedent")
		require.Equal(t, 1, fold.Length(), txn)
		_, open := fold.Attr("open")
		assert.False(t, open, "it is folded")
		assert.Equal(t, "Judged 2 times before, for other subjects", strings.Join(strings.Fields(fold.Find("summary").Text()), " "))
		assert.Equal(t, "False positive in 2 of 2.", fold.Find("p").First().Text())
		assert.Equal(t, want, fold.Find("li[data-premise=birth-years-apart]").Text(), txn)
		assert.Zero(t, a.page().Find("#party-1 details.precedent ~ article").Length(), "it stands after the comparison")
		whole := a.page().Find("#party-1")
		whole.Find("details.precedent > div").Remove()
		assert.NotContains(t, strings.ToLower(whole.Find(".party-head, .party-more").Text()), "false positive in", "no outcome outside of the fold")
	}
	first := c.get(h.at("txn_alike3")).page().Find("#party-1 details.precedent, #party-1 article, #party-1 .party-more")
	assert.True(t, first.First().Is("article"), "the comparison comes first")
}

func TestAClosedReviewShowsNoPrecedent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(alike(1, "1986-03-14").payload(), alike(2, "1991-05-02").payload())
	h.finds("txn_alike1", "false_positive", "birthdate")
	id := h.reviewed("txn_alike2")
	h.claimed(id, "reviewer")
	c := h.as("reviewer")
	require.Equal(t, 1, c.get(h.at("txn_alike2")).page().Find(".precedent").Length())
	c.closes(h.at("txn_alike2"))
	assert.Zero(t, c.get(h.at("txn_alike2")).is(200).page().Find(".precedent").Length())
}

func TestPartyPageShowsEveryMatchAcrossSubjects(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(alike(1, "1986-03-14").payload(), alike(2, "1991-05-02").payload(), alike(3, "1979-01-01").payload())
	c := h.as("auditor")
	page := c.partyPage(h.at("txn_alike1"))
	a := c.get(page).is(200)
	assert.Equal(t, "FALADE, Ekene", a.text("h1"))
	assert.Contains(t, a.text(".page-head"), "Found on 3 subjects; never judged.")
	assert.Contains(t, a.text("main"), "On 1 list: US - OFAC - SDN.")

	h.finds("txn_alike1", "false_positive", "birthdate")
	h.finds("txn_alike3", "cannot_tell", "other")
	a = c.get(page).is(200)
	assert.Contains(t, a.text(".page-head"), "Found on 3 subjects; judged 2 times: false positive 1, cannot tell 1.")
	var order []string
	a.page().Find("tr[data-match]").Each(func(_ int, s *goquery.Selection) { order = append(order, s.AttrOr("data-review", "")) })
	assert.Equal(t, []string{h.at("txn_alike3")[9:], h.at("txn_alike2")[9:], h.at("txn_alike1")[9:]}, order, "newest first")
	row := a.page().Find("tr[data-finding=false_positive]")
	require.Equal(t, 1, row.Length())
	words := strings.Join(strings.Fields(row.Text()), " ")
	for _, want := range []string{"Ekene Falade", "Watchlist", "False positive", "Birth year differs by 7", "Main reason: Birth date", "Noor Haddad", "open"} {
		assert.Contains(t, words, want)
	}
	assert.Equal(t, h.at("txn_alike1"), row.Find("th a").AttrOr("href", ""))
	assert.Equal(t, 1, a.page().Find("tr[data-finding='']").Length())

	only := c.get(page + "?finding=cannot_tell").is(200)
	assert.Equal(t, 1, only.page().Find("tr[data-match]").Length())
	assert.Equal(t, "Cannot tell", only.text(".tabs [aria-current]"))
	none := c.get(page + "?finding=true_match").is(200)
	assert.Contains(t, none.text("main"), "No match with this finding")
	assert.Equal(t, 3, c.get(page+"?finding=nonsense").is(200).page().Find("tr[data-match]").Length())
}

func TestAnUnknownPartyIsNotFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(alike(1, "1986-03-14").payload())
	c := h.as("reviewer")
	page := c.partyPage(h.at("txn_alike1"))
	for _, path := range []string{"/parties/", "/parties/p-", "/parties/7c1e", "/parties/p-00000000000000000000", "/parties/" + strings.ToUpper(page[9:]),
		"/parties/p-%00", "/parties/p-" + strings.Repeat("a", 4000), page + "/x", page + "?after=x"} {
		c.get(path).is(http.StatusNotFound)
	}
	a := c.get(page + "?after=" + url.QueryEscape("1.<b>.2")).is(200)
	assert.Contains(t, a.text("main"), "No further match")
}

func TestAMergeIsShownWithItsReasonAndReviews(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := alike(1, "1986-03-14")
	p.listed = append(p.listed, listed{"FALADE, Ekene", "1979-1980", "EU - Consolidated"})
	h.take(p.payload(), alike(2, "1991-05-02").payload())
	both := strings.Replace(string(alike(3, "1986-03-14").payload()), `"birthdates":[{"granularity":"year","year":"1979"}]`, `"birthdates":[]`, 1)
	require.Contains(t, both, `"birthdates":[]`)
	h.take([]byte(both)) // another fingerprint, standing alone
	apart := alike(4, "1986-03-14")
	apart.listed = append(apart.listed, listed{"Falade Ekene", "", "UN - Consolidated"})
	body := strings.Replace(string(apart.payload()), `"birthdates":[{"granularity":"year","year":""}]`, `"birthdates":[]`, 1)
	require.Contains(t, body, `"birthdates":[]`)
	h.take([]byte(body)) // ties the two

	c := h.as("reviewer")
	first := c.partyPage(h.at("txn_alike2"))
	other := c.partyPage(h.at("txn_alike3"))
	require.NotEqual(t, first, other, "each has a key of its own")
	for _, path := range []string{first, other} {
		a := c.get(path).is(200)
		merged := a.page().Find("section[aria-labelledby=merged]")
		require.Equal(t, 1, merged.Length(), path)
		words := strings.Join(strings.Fields(merged.Text()), " ")
		assert.Contains(t, words, "keys are taken for one party")
		assert.Contains(t, words, "same name, nothing sets them apart")
		assert.Contains(t, words, first[len("/parties/"):])
		assert.Contains(t, words, other[len("/parties/"):])
		assert.Equal(t, 1, merged.Find("a[href='"+h.at("txn_alike4")+"']").Length(), "the review in which they stood together")
		subjects := map[string]bool{}
		a.page().Find("tr[data-match]").Each(func(_ int, s *goquery.Selection) { subjects[s.AttrOr("data-review", "")] = true })
		assert.Len(t, subjects, 4)
	}
}

func TestKeysThatCannotBeOnePersonAreSaidToBe(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	// One name without a birth date stood once with someone born in 1979, once with someone of 1951.
	tie := func(i int, year string) []byte {
		p := alike(i, "1986-03-14")
		p.listed = []listed{{"FALADE, Ekene", year, "US - OFAC - SDN"}, {"Ekene Falade", "", "UN - Consolidated"}}
		return []byte(strings.Replace(string(p.payload()), `"birthdates":[{"granularity":"year","year":""}]`, `"birthdates":[]`, 1))
	}
	h.take(tie(1, "1979"), tie(2, "1951"))
	c := h.as("reviewer")
	a := c.get(c.partyPage(h.at("txn_alike1"))).is(200)
	assert.Contains(t, a.text("section[aria-labelledby=merged]"), "These may be different people.")
	assert.Contains(t, a.text("section[aria-labelledby=merged]"), "1951")
}
