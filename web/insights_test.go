package web_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/views/viewtest"
)

func TestInsightsSayWhatTheQueueAndTheDecisionsSay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	other := mirela()
	h.take(other.payload())
	h.clock.Pass(6 * 24 * time.Hour)
	c := h.as("lead")
	page := c.get("/insights").is(http.StatusOK)
	assert.Equal(t, "How long open reviews have waited", page.text("#ageing"))
	assert.Contains(t, page.text("[data-chart=ageing]"), "2 of 2 are over the 5-day target.")
	assert.Contains(t, c.get("/reviews").is(http.StatusOK).text("main"), "2 open reviews. 2 are over the 5-day target")
	assert.Contains(t, page.text("main"), "No decision was made in these days.")
	link := page.page().Find(`main a[href^="/decisions"]`).AttrOr("href", "")
	assert.Contains(t, c.get(link).is(http.StatusOK).text("main"), "No decision")
	page.page().Find("svg[role=img]").Each(func(_ int, s *goquery.Selection) {
		assert.NotEmpty(t, viewtest.Text(s.Find("title")), "a picture says in words what it shows")
	})
	for _, who := range []string{"Noor Haddad", "Sefa Tuilagi", "Ilse Marchetti"} {
		assert.NotContains(t, page.text("main"), who, "nobody is ranked")
	}
}

func TestANewDatabaseHasNothingToCount(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	assert.Contains(t, h.as("auditor").get("/insights").is(http.StatusOK).text("main"), "There is nothing to count yet")
}

func TestOwnDatesAreChecked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	c := h.as("admin")
	for _, q := range []struct{ from, to, want string }{
		{"", "2026-06-18", "Write the day as year-month-day"},
		{"2026-06-18", "tomorrow", "Write the day as year-month-day"},
		{"2026-06-18", "2026-06-17", "not before the first"},
		{"2026-06-18", "2026-06-19", "not in the future"},
		{"2025-01-01", "2026-06-18", "at most 53 weeks"},
	} {
		v := url.Values{"period": {"own"}, "from": {q.from}, "to": {q.to}}
		assert.Contains(t, c.get("/insights?"+v.Encode()).is(http.StatusUnprocessableEntity).text("main"), q.want, "%+v", q)
		c.get("/insights.csv?chart=ageing&" + v.Encode()).is(http.StatusBadRequest)
	}
	c.get("/insights?period=own&from=2026-06-18&to=2026-06-18").is(http.StatusOK)
	c.get("/insights?period=year").is(http.StatusOK)
	c.get("/insights?period=nonsense").is(http.StatusOK)
}

func TestTheNumbersOfAChartLeaveAsTheyStand(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	c := h.as("auditor")
	page := c.get("/insights").is(http.StatusOK).page()
	n := 0
	page.Find("[data-chart] a[download]").Each(func(_ int, a *goquery.Selection) {
		n++
		answer := c.get(a.AttrOr("href", "")).is(http.StatusOK)
		rows, err := csv.NewReader(strings.NewReader(answer.body)).ReadAll()
		require.NoError(t, err)
		table := a.Closest("[data-chart]").Find("tbody tr")
		require.Len(t, rows, table.Length()+1)
		table.Each(func(i int, tr *goquery.Selection) {
			assert.Equal(t, viewtest.Text(tr.Find("th")), rows[i+1][0])
		})
		assert.Contains(t, answer.header.Get("Content-Disposition"), "attachment")
	})
	assert.Positive(t, n)
	c.get("/insights.csv?chart=none").is(http.StatusNotFound)
	c.get("/insights.csv").is(http.StatusNotFound)
}
