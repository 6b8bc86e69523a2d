package web_test

import (
	"encoding/csv"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// caseHouse is a house where cases and inquiries are reviewed, with one case of a company and its
// two owners.
func caseHouse(t *testing.T, reviewed bool) *house {
	t.Helper()
	var statuses *review.Statuses
	if reviewed {
		s := review.DefaultStatuses()
		s.Inquiry, s.Case = []string{"needs_review"}, []string{"open"}
		statuses = &s
	}
	h := houseOver(t, statuses)
	for _, role := range review.Roles() {
		h.colleague(string(role), role)
	}
	raw, err := os.ReadFile(filepath.Join("..", "persona", "testdata", "cases", "case-business-and-two-people.json"))
	require.NoError(t, err)
	h.take(raw)
	return h
}

const firmCase = "/resources/case/case_firm"

func TestTheCasePageShowsEachPartyWithWhatIsTheirs(t *testing.T) {
	t.Parallel()
	h := caseHouse(t, false)
	page := h.as("reviewer").get(firmCase).is(200)
	assert.Equal(t, "Case MRR-3", page.text("h1"))
	main := page.page().Find("main")
	assert.Equal(t, "case/case_firm", main.AttrOr("data-root", ""))
	assert.Equal(t, "case/case_firm", main.AttrOr("data-resource", ""))
	assert.Contains(t, page.text("main"), "cases are not reviewed here")
	bar := page.text(".identity")
	for _, want := range []string{"Open", "otavio@bank.example", "KYB second line", "25 November"} {
		assert.Contains(t, bar, want)
	}
	ids := func(of *goquery.Selection, hook string) []string {
		var out []string
		for _, n := range of.Find("[" + hook + "]").EachIter() {
			out = append(out, n.AttrOr(hook, ""))
		}
		return out
	}
	parties := page.page().Find("section[data-examined]")
	require.Equal(t, 3, parties.Length())
	assert.Equal(t, []string{"act_firm", "act_mara", "act_rui"}, ids(page.page().Find("main"), "data-examined"), "the business first")
	for account, want := range map[string]struct {
		name             string
		reports, records []string
	}{
		"act_firm": {"Tern & Tide Fisheries Lda.", []string{"rep_firm", "rep_people"}, []string{"account/act_firm"}},
		"act_mara": {"Mara Quintela", []string{"rep_mara"}, []string{"account/act_mara", "inquiry/inq_mara", "verification/government-id/ver_mara"}},
		"act_rui":  {"Rui Valadares", []string{"rep_rui"}, []string{"account/act_rui", "inquiry/inq_rui", "verification/government-id/ver_rui"}},
	} {
		one := page.page().Find("section[data-examined=" + account + "]")
		assert.Contains(t, one.Find("h2").Text(), want.name)
		assert.ElementsMatch(t, want.reports, ids(one, "data-report"), account)
		assert.ElementsMatch(t, want.records, ids(one, "data-resource"), account)
	}
	txns := page.page().Find("tr[data-transaction]")
	require.Equal(t, 2, txns.Length())
	assert.Equal(t, "/transactions/txn_firm", txns.First().Find("a").AttrOr("href", ""))
	assert.Contains(t, txns.Last().Text(), "Mara Quintela")
	assert.Contains(t, page.text("[data-comment]"), "Waiting for the register's extract.")
	assert.Contains(t, page.text("main"), "articles-of-association.pdf")
	assert.NotContains(t, page.body, "access_token", "the link's secret was never kept")

	// Without cases under review, only the transaction waits.
	rows := h.as("reviewer").get("/reviews").is(200).page().Find("tr[data-review]")
	require.Equal(t, 1, rows.Length())
	assert.Equal(t, "txn_firm", rows.AttrOr("data-transaction", ""))
}

func TestACaseIsReviewedFromPayloadToDecision(t *testing.T) {
	t.Parallel()
	h := caseHouse(t, true)
	require.NoError(t, h.db.SetTelling(t.Context(), review.Telling{Case: true, CaseApproved: "Approved", CaseDeclined: "Declined"}, "admin"))
	c := h.as("reviewer")
	queue := c.get("/reviews").is(200)
	row := queue.page().Find("tr[data-root='case/case_firm']")
	require.Equal(t, 1, row.Length())
	assert.Empty(t, row.AttrOr("data-transaction", "none"))
	assert.Contains(t, row.Text(), "Tern & Tide Fisheries Lda.")
	assert.Contains(t, row.Text(), "MRR-3")
	assert.Equal(t, 1, queue.page().Find("tr[data-root='inquiry/inq_rui']").Length())
	assert.Equal(t, 1, queue.page().Find("tr[data-transaction=txn_firm]").Length())
	assert.Equal(t, 0, queue.page().Find("tr[data-root='inquiry/inq_mara']").Length(), "completed asks nobody")
	assert.Equal(t, 1, c.get("/reviews?q=MRR-3&state=open").is(200).page().Find("tr[data-root='case/case_firm']").Length(), "found by what people call it")

	at := row.Find("th a").AttrOr("href", "")
	c.post(at+"/claim", nil).is(303)
	page := c.get(at).is(200)
	main := page.page().Find("main")
	assert.Empty(t, main.AttrOr("data-transaction", "none"))
	assert.Equal(t, "case/case_firm", main.AttrOr("data-root", ""))
	assert.Equal(t, firmCase, page.page().Find(".identity dd a[href='"+firmCase+"']").AttrOr("href", ""))
	assert.Contains(t, page.text(".identity"), "MRR-3")

	// Each match is set beside whom its report is about, never the company beside a person.
	beside := map[string]string{}
	for _, p := range page.page().Find("[id^=party-] table caption").EachIter() {
		who, whom, _ := strings.Cut(p.Text(), " compared with ")
		beside[strings.Split(whom, ",")[0]] = who
	}
	assert.Equal(t, map[string]string{"TERN AND TIDE FISHERIES": "Tern & Tide Fisheries Lda.", "VALADARES": "Rui Valadares", "Mara Quintela": "Mara Quintela"}, beside)
	assert.Equal(t, 0, page.page().Find("[data-attribute=kind]").Length())
	assert.Contains(t, page.text("main"), "who was screened in the same case.")

	for n := range 3 {
		c.post(at+"/dispositions", page.finding(n+1, "false_positive", "name", "another one")).is(303)
		page = c.get(at).is(200)
	}
	check := c.get(at + "/decision").is(200)
	assert.Contains(t, check.text("main"), "The case may go on")
	done := c.post(at+"/decision", url.Values{"outcome": {"approve"}, "reason": {"all_false_positive"}, "note": {"looked at each"}, "evidence": {check.evidence()}}).to()
	closed := c.get(done).is(200)
	assert.Equal(t, "closed", closed.page().Find("main").AttrOr("data-state", ""))

	id, err := review.ParseReviewID(strings.TrimPrefix(at, "/reviews/"))
	require.NoError(t, err)
	pushes, err := h.db.PushesOf(t.Context(), id)
	require.NoError(t, err)
	require.Len(t, pushes, 2)
	assert.Equal(t, []review.PushAct{review.PushComment, review.PushCase}, []review.PushAct{pushes[0].Act, pushes[1].Act})
	assert.Equal(t, review.Ref{Type: "case", ID: "case_firm"}, pushes[1].Root)

	// Its own page knows the review; the list and the export lead back to it.
	assert.Equal(t, 1, c.get(firmCase).is(200).page().Find("tr[data-review='"+at[len("/reviews/"):]+"']").Length())
	list := h.as("auditor").get("/decisions").is(200)
	assert.Equal(t, 1, list.page().Find("tr[data-outcome=approve] a[href='"+firmCase+"']").Length())
	cells, err := csv.NewReader(strings.NewReader(h.as("auditor").get("/decisions.csv").is(200).body)).ReadAll()
	require.NoError(t, err)
	require.Len(t, cells, 2)
	assert.Equal(t, []string{"", "case/case_firm", "Tern & Tide Fisheries Lda."}, cells[1][1:4])
}

func TestAnInquiryIsReviewedUnderItsOwnName(t *testing.T) {
	t.Parallel()
	h := caseHouse(t, true)
	c := h.as("reviewer")
	row := c.get("/reviews").is(200).page().Find("tr[data-root='inquiry/inq_rui']")
	at := row.Find("th a").AttrOr("href", "")
	page := c.get(at).is(200)
	assert.Equal(t, "Rui Valadares", page.text("h1"))
	assert.Contains(t, page.text(".identity"), "Inquiry")
	assert.Equal(t, 1, page.page().Find(".identity a[href='/resources/inquiry/inq_rui']").Length())
	assert.Contains(t, page.text("main"), "No screening report was captured for this inquiry")
	own := c.get("/resources/inquiry/inq_rui").is(200)
	assert.Equal(t, at, own.page().Find("tr[data-review] a").AttrOr("href", ""), "its own page knows the review")
	assert.Equal(t, 0, c.get("/resources/inquiry/inq_mara").is(200).page().Find("tr[data-review]").Length())
}
