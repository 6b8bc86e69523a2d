package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/web"
)

func TestWhatShapesTheQueueIsInItsAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"/reviews", "/reviews?state=closed", "/reviews?assignee=free&country=KZ&kind=watchlist&q=ann&sort=matches&state=all&tag=vip",
		"/reviews?after=x%3Ay%2Fz",
	} {
		u, err := url.Parse(address)
		require.NoError(t, err)
		assert.Equal(t, address, web.QueueHref(web.QueueQuery(u.Query())))
	}
	for _, odd := range []string{"state=zebra&sort=cheapest&kind=nothing", "state=&q=%20%20", "state=open&sort=oldest"} {
		v, err := url.ParseQuery(odd)
		require.NoError(t, err)
		assert.Equal(t, "/reviews", web.QueueHref(web.QueueQuery(v)), odd)
	}
	v, err := url.ParseQuery("q=" + strings.Repeat("%e4%b8%ad", 500) + "&country=KAZ&assignee=" + strings.Repeat("a", 900))
	require.NoError(t, err)
	q := web.QueueQuery(v)
	assert.LessOrEqual(t, len(q.Search), 200)
	assert.True(t, strings.Trim(q.Search, "中") == "", "cut at a character")
	assert.LessOrEqual(t, len(q.Assignee), 64)
}

// crowd is several people who wait for so many hours each.
func crowd(hours ...int) [][]byte {
	var all [][]byte
	for i, n := range hours {
		p := ekene()
		p.id, p.reference, p.last = fmt.Sprintf("txn_%03d", i), fmt.Sprintf("cust-%03d", i), fmt.Sprintf("Falade-%c", 'A'+i%26)
		p.at = start.Add(-time.Duration(n) * time.Hour)
		p.tags = []string{[]string{"vip", "edd"}[i%2]}
		p.country = []string{"NG", "KZ", "CI"}[i%3]
		all = append(all, p.payload())
	}
	return all
}

func TestTheQueueStandsInBandsOfWaitingTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(crowd(200, 130, 119, 100, 50, 2)...)
	a := h.as("reviewer").get("/reviews").is(200)
	assert.Equal(t, "6 open reviews. 2 are over the 5-day target, the oldest by 3 days 8 h.", a.text(".page-head p"))
	var bands []string
	for _, b := range a.page().Find("th[scope=rowgroup]").EachIter() {
		bands = append(bands, strings.Join(strings.Fields(b.Text()), " "))
	}
	require.Len(t, bands, 3)
	assert.Contains(t, bands[0], "Over target")
	assert.Contains(t, bands[0], "2 reviews")
	assert.Contains(t, bands[1], "Due within a day")
	assert.Contains(t, bands[1], "2 reviews")
	assert.Contains(t, bands[2], "In time")
	var ages []string
	for _, n := range a.page().Find("tr[data-review] time").EachIter() {
		ages = append(ages, n.Text())
	}
	assert.Equal(t, []string{"8 days 8 h", "5 days 10 h", "4 days 23 h", "4 days 4 h", "2 days 2 h", "2 h"}, ages)
	newest := h.as("reviewer").get("/reviews?sort=newest").is(200)
	assert.Empty(t, newest.page().Find("th[scope=rowgroup]").Nodes, "another order has no bands")
	assert.Equal(t, "cust-005", newest.page().Find("tr[data-review] .queue-reference").First().Text())
}

func TestTheQueueIsNarrowedByFiltersAndSearch(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(crowd(10, 9, 8, 7, 6, 5)...)
	c := h.as("reviewer")
	count := func(path string) int {
		t.Helper()
		return c.get(path).is(200).page().Find("tr[data-review]").Length()
	}
	assert.Equal(t, 6, count("/reviews"))
	assert.Equal(t, 3, count("/reviews?tag=vip"))
	assert.Equal(t, 2, count("/reviews?country=KZ"))
	assert.Equal(t, 1, count("/reviews?country=KZ&tag=vip"))
	assert.Equal(t, 6, count("/reviews?kind=watchlist"))
	assert.Equal(t, 0, count("/reviews?kind=adverse-media"))
	assert.Equal(t, 6, count("/reviews?assignee=free"))
	assert.Equal(t, 6, count("/reviews?q=falade"))
	assert.Equal(t, 1, count("/reviews?q=F%C3%A0lade-C"), "accents do not matter")
	assert.Equal(t, 0, count("/reviews?q=nobody"))
	c.post("/reviews/next", nil).is(303)
	assert.Equal(t, 5, count("/reviews?assignee=free"))
	mine := c.get("/reviews?assignee=reviewer").is(200)
	assert.Equal(t, 1, mine.page().Find("tr[data-review]").Length())
	assert.Equal(t, "You (1)", mine.text("select[name=assignee] option[selected]"))
	assert.Contains(t, mine.text("main"), "you")

	none := c.get("/reviews?q=nobody").is(200)
	assert.Contains(t, none.text("main"), "Nothing is found by “nobody”")
	assert.Contains(t, c.get("/reviews?q=nobody&tag=vip").is(200).text("main"), "Nothing fits these filters")
	assert.Equal(t, "nobody", none.page().Find("main input[name=q]").AttrOr("value", ""))
	assert.NotEmpty(t, none.page().Find("a[href='/reviews?q=nobody&state=all']").Nodes, "a way on")
}

func TestAnExactIdOpensWhatItNames(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	c := h.as("reviewer")
	for q, want := range map[string]string{
		id.String(): "/reviews/" + id.String()[2:],
		"txn_ekene": "/transactions/txn_ekene",
		"rep_ekene": "/resources/report/watchlist/rep_ekene",
	} {
		assert.Equal(t, want, c.get("/reviews?state=all&q="+q).to(), q)
	}
	assert.Equal(t, "/reviews/"+id.String()[2:], c.get("/reviews/"+id.String()).to(), "as people quote it")
}

func TestALongQueueComesInPages(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var hours []int
	for i := range 60 {
		hours = append(hours, 90-i)
	}
	h.take(crowd(hours...)...)
	c := h.as("auditor")
	for _, sort := range []string{"oldest", "newest", "matches", "subject"} {
		seen := map[string]bool{}
		path, pages := "/reviews?sort="+sort, 0
		for path != "" && pages < 10 {
			a := c.get(path).is(200)
			pages++
			for _, row := range a.page().Find("tr[data-review]").EachIter() {
				id := row.AttrOr("data-review", "")
				assert.False(t, seen[id], "%s stands on two pages", id)
				seen[id] = true
			}
			path = a.page().Find("a[href*='after=']").Last().AttrOr("href", "")
		}
		assert.Equal(t, 3, pages, sort)
		assert.Len(t, seen, 60, sort)
	}
	assert.Contains(t, c.get("/reviews").text("main"), "Showing the first 25 of 60")
	bad := c.get("/reviews?after=nonsense")
	assert.Less(t, bad.status, 500, "an old or broken cursor is no error of ours")
}

func TestAWaitingInquiryIsARowOfItsOwnTab(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := mirela()
	p.status = "pending_fallback_inquiry"
	h.take(p.payload())
	a := h.as("reviewer").get("/reviews?state=fallback").is(200)
	row := a.page().Find("tr[data-transaction='txn_mirela']")
	require.Equal(t, 1, row.Length())
	assert.Equal(t, "fallback", row.AttrOr("data-state", ""))
	assert.Equal(t, "customer", row.Find(".queue-with").Text(), "nobody here can take it")
	_, has := row.Attr("data-review")
	assert.False(t, has)
	assert.Equal(t, "/transactions/txn_mirela", row.Find("th a").AttrOr("href", ""))
	txn := h.as("reviewer").get("/transactions/txn_mirela").is(200)
	assert.Contains(t, txn.text("main"), "No review")
}

func TestEmptyTabsSayWhatWouldBeThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("reviewer")
	for _, tab := range review.Tabs() {
		a := c.get("/reviews?state=" + string(tab)).is(http.StatusOK)
		assert.NotEmpty(t, a.text(".empty"), tab)
		assert.Equal(t, 0, a.page().Find("table").Length(), tab)
	}
}

func TestAnAdminsFirstDayHasAWayOn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	page := h.as("admin").get("/reviews").is(200)
	assert.Equal(t, "No review yet", page.text("main h2"))
	for _, to := range []string{"/intake", "/admin/colleagues"} {
		assert.Equal(t, 1, page.page().Find("main a[href='"+to+"']").Length(), to)
	}
	assert.Zero(t, page.page().Find("form[action='/reviews/next']").Length(), "there is none to take")
	other := h.as("reviewer").get("/reviews").is(200)
	assert.Equal(t, "Nothing waits for a review", other.text("main h2"))
	assert.Zero(t, other.page().Find("main a[href='/admin/colleagues']").Length())
	assert.Regexp(t, `^Changed the policy`, h.as("auditor").get("/record?show=entries").is(200).page().Find("tr[data-record] th").Last().Text(), "what nobody did begins the sentence")
}
