package web_test

import (
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

// manyListed is a subject with four listed parties: three born in other years, one in the same.
func manyListed() person {
	p := ekene()
	p.listed = []listed{{"FALADE, Ekene", "1979", "US - OFAC - SDN"}, {"Ekene Oyelaran Falade", "1986", "UK - OFSI - Consolidated"},
		{"Falade Ekene Adisa", "1951", "EU - Consolidated"}, {"Ekene Bamidele Falade", "1940", "AU - DFAT"}}
	return p
}

// hidden is what a form sends without anybody's doing.
func hidden(form *goquery.Selection) url.Values {
	v := url.Values{}
	form.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) { v.Add(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	return v
}

func TestManyPartiesAreJudgedOnOnePageEachForItself(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(manyListed().payload())
	c, at := h.claimedReview()
	way := c.get(at).page().Find("main a[href*='/bulk?']")
	require.Equal(t, 1, way.Length())
	assert.Equal(t, "The birth year conflicts on 3 parties: judge them on one page", way.Text())
	page := c.get(way.AttrOr("href", "")).is(http.StatusOK)
	assert.Equal(t, "The birth year conflicts on 3 parties", page.text("h2#parties"))
	rows := page.page().Find("tbody tr")
	require.Equal(t, 3, rows.Length())
	assert.Contains(t, page.text("tbody tr:first-child"), "14 March 1986")
	assert.Contains(t, page.text("tbody tr:first-child"), "1979 Birth year differs by 7")
	assert.Contains(t, page.text("tbody tr:first-child"), "Born conflict")
	assert.Zero(t, page.page().Find("main [checked], main option[selected]").Length(), "no box is ticked beforehand")

	boxes := page.page().Find("tbody input[type=checkbox][name=match]")
	require.Equal(t, 3, boxes.Length())
	key := func(i int) string { return boxes.Eq(i).AttrOr("value", "") }
	form := hidden(page.page().Find("form:has(tbody)"))
	assert.Equal(t, []string{"birth-years-apart"}, form["premise"])
	form.Set("finding", "false_positive")
	form.Set("note", "Passport copy read.")
	refused := c.post(at+"/dispositions", form).is(http.StatusUnprocessableEntity)
	assert.NotEmpty(t, refused.text("#match-problem"))
	form["match"] = []string{key(0), key(2)}
	refused = c.post(at+"/dispositions", form).is(http.StatusUnprocessableEntity)
	assert.NotEmpty(t, refused.text("#reason-problem"))
	assert.Equal(t, 1, refused.page().Find("[role=alert] a[href='#reason']").Length())
	assert.Equal(t, "Passport copy read.", refused.text("#note"))
	kept := refused.page().Find("tbody input[checked]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") })
	assert.Equal(t, form["match"], kept)

	form.Set("reason", "birthdate")
	to := c.post(at+"/dispositions", form).to()
	assert.Regexp(t, `\?recorded=\d+-\d+#party-2$`, to)
	after := c.get(to).is(http.StatusOK)
	assert.Contains(t, after.text("[role=status]"), "Recorded: false positive on 2 matches. 2 parties, each for itself.")
	assert.Contains(t, after.text("aside p"), "2 of 4 matches to go")
	file, err := h.db.ReviewFile(t.Context(), h.opened())
	require.NoError(t, err)
	require.Len(t, file.Found, 2)
	assert.NotEqual(t, file.Found[0].Entry, file.Found[1].Entry, "one entry per party")
	amounts := map[int]bool{}
	for _, d := range file.Found {
		require.Len(t, d.Premises, 1)
		amounts[d.Premises[0].Amount] = true
		assert.Equal(t, "Passport copy read.", d.Note)
	}
	assert.Equal(t, map[int]bool{7: true, 46: true}, amounts, "each with its own values")
	assert.Zero(t, after.page().Find("main a[href*='/bulk?']").Length(), "one party alone is judged where it stands")
	assert.Equal(t, 1, c.get(way.AttrOr("href", "")).page().Find("tbody tr").Length())
}

func TestManyPartiesThatWereClearedBeforeAreLookedAtOnOnePage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := manyListed()
	first.listed = append(first.listed[:1:1], first.listed[2:]...)
	h.take(first.payload())
	c, at := h.claimedReview()
	c.closes(at)
	h.clock.Pass(24 * time.Hour)
	h.take(first.again(func(*person) {}).payload())
	c, at = h.claimedReview()
	page := c.get(at + "/bulk?carry=held").is(http.StatusOK)
	assert.Equal(t, 1, c.get(at).page().Find("main a[href$='/bulk?carry=held']").Length())
	require.Equal(t, 3, page.page().Find("tbody tr").Length())
	assert.Contains(t, page.text("tbody tr:first-child"), "Cleared 18 June by you.")
	assert.Equal(t, 3, page.page().Find("tbody li[data-standing=holds]").Length())
	assert.Zero(t, page.page().Find("main [checked]").Length())
	form := hidden(page.page().Find("form:has(tbody)"))
	require.NotEmpty(t, form["carry"])
	form.Set("finding", "false_positive")
	form["match"] = page.page().Find("tbody [name=match]").Slice(0, 2).Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") })
	assert.Contains(t, c.get(c.post(at+"/dispositions", form).to()).text("[role=status]"), "2 parties, each for itself")
	file, err := h.db.ReviewFile(t.Context(), h.opened())
	require.NoError(t, err)
	require.Len(t, file.Found, 2)
	for _, d := range file.Found {
		assert.NotZero(t, d.Carries)
		assert.Equal(t, review.ReasonBirthdate, d.Reason)
	}
	assert.Equal(t, 1, c.get(at+"/bulk?carry=held").page().Find("tbody tr").Length())
}

func TestAPageOfManyIsOnlyForWhatThereIs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(manyListed().payload())
	c, at := h.claimedReview()
	for _, q := range []string{"", "?premise=", "?premise=other", "?premise=held", "?premise=no-such", "?carry=", "?carry=birth-years-apart", "?premise=birth-years-apart%3A7"} {
		c.get(at + "/bulk" + q).is(http.StatusNotFound)
	}
	assert.Contains(t, c.get(at+"/bulk?premise=sex-apart").is(http.StatusOK).text("main"), "No party is left to judge together")
	reads := h.as("auditor").get(at + "/bulk?premise=birth-years-apart").is(http.StatusOK)
	assert.Equal(t, 3, reads.page().Find("tbody tr").Length())
	assert.Zero(t, reads.page().Find("main form").Length())
	c.closesAll(at)
	assert.Equal(t, at, c.get(at+"/bulk?premise=birth-years-apart").to())
}

// closesAll declines a review of which nothing can be told.
func (c *client) closesAll(at string) {
	c.h.t.Helper()
	for n := range c.get(at).page().Find("main section[id^='party-']").Length() {
		c.post(at+"/dispositions", c.get(at).finding(n+1, "cannot_tell", "other", "No papers.")).is(http.StatusSeeOther)
	}
	c.post(at+"/decision", url.Values{"outcome": {"decline"}, "reason": {"cannot_tell"}, "evidence": {c.get(at).evidence()}}).is(http.StatusSeeOther)
	id, err := review.ParseReviewID(strings.TrimPrefix(at, "/reviews/"))
	require.NoError(c.h.t, err)
	c.h.agreed(id)
}

func TestEvidenceThatMovedRefusesManyPartiesAndKeepsTheWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := manyListed()
	h.take(p.payload())
	c, at := h.claimedReview()
	page := c.get(at + "/bulk?premise=birth-years-apart")
	form := hidden(page.page().Find("form:has(tbody)"))
	form.Set("finding", "false_positive")
	form.Set("reason", "birthdate")
	form.Set("note", "Passport copy read.")
	form["match"] = page.page().Find("tbody [name=match]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") })
	p.at, p.completed = start.Add(-time.Minute), start.Add(-time.Minute)
	p.listed = append(p.listed, listed{"Ekene T. Falade", "1955", "EU - Consolidated"})
	h.take(p.payload())
	stale := c.post(at+"/dispositions", form).is(http.StatusConflict)
	assert.Contains(t, stale.text("main"), "birth years differ")
	again := c.post(at+"/dispositions", hidden(stale.page().Find("form[action$='/dispositions']"))).is(http.StatusOK)
	assert.Equal(t, 4, again.page().Find("tbody tr").Length())
	assert.Zero(t, again.page().Find("main [checked]").Length(), "what was ticked on other evidence is asked again")
	assert.Equal(t, "Passport copy read.", again.text("#note"))
	file, err := h.db.ReviewFile(t.Context(), h.opened())
	require.NoError(t, err)
	assert.Empty(t, file.Found)
}
