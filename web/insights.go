package web

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"docket/review"
	"docket/views"
)

// maxInsightDays bounds own dates: 53 weeks.
const maxInsightDays = 53 * 7

// insightsPeriod is what the address asks for.
type insightsPeriod struct {
	Name     string // "4", "12", "year", "own"
	Days     review.DaySpan
	From, To string // as typed
}

// query is what the addresses of the same period hold.
func (p insightsPeriod) query() url.Values {
	v := url.Values{"period": {p.Name}}
	if p.Name == "own" {
		v.Set("from", p.From)
		v.Set("to", p.To)
	}
	return v
}

// readPeriod reads the period from the address: without one, this week and the eleven before it.
func readPeriod(q url.Values, now time.Time) (insightsPeriod, []views.Problem) {
	today := review.DayOf(now)
	p := insightsPeriod{Name: q.Get("period"), From: clip(str(q.Get("from")).Text, 20), To: clip(str(q.Get("to")).Text, 20)}
	switch p.Name {
	case "own":
		return p.own(today)
	case "4":
		p.Days = review.DaySpan{From: today.Monday() - 3*7, To: today + 1}
	case "year":
		p.Days = review.DaySpan{From: review.DayOf(time.Date(now.UTC().Year(), 1, 1, 0, 0, 0, 0, time.UTC)), To: today + 1}
	default:
		p.Name, p.Days = "12", review.DaySpan{From: today.Monday() - 11*7, To: today + 1}
	}
	p.From, p.To = p.Days.From.Start().Format(time.DateOnly), (p.Days.To - 1).Start().Format(time.DateOnly)
	return p, nil
}

func (p insightsPeriod) own(today review.Day) (insightsPeriod, []views.Problem) {
	var problems []views.Problem
	day := func(field, typed string) review.Day {
		t, err := time.Parse(time.DateOnly, typed)
		if err != nil {
			problems = append(problems, views.Problem{Field: field, Text: "Write the day as year-month-day, such as 2026-06-18"})
		}
		return review.DayOf(t)
	}
	p.Days.From, p.Days.To = day("from", p.From), day("to", p.To)+1
	switch {
	case len(problems) > 0:
	case p.Days.To > today+1:
		problems = append(problems, views.Problem{Field: "to", Text: "Choose a last day that is not in the future"})
	case p.Days.From >= p.Days.To:
		problems = append(problems, views.Problem{Field: "to", Text: "Choose a last day that is not before the first"})
	case p.Days.To-p.Days.From > maxInsightDays:
		problems = append(problems, views.Problem{Field: "from", Text: "Choose at most 53 weeks at a time"})
	}
	return p, problems
}

// showInsights is how the work of all goes.
func (s *Server) showInsights(w http.ResponseWriter, r *http.Request) error {
	now := s.now()
	p, problems := readPeriod(r.URL.Query(), now)
	page := views.InsightsPage{Shell: s.shell(r, "Insights", views.PlaceInsights), Periods: periodOptions(p.Name, now), From: p.From, To: p.To}
	if len(problems) > 0 {
		page.Problem, page.Problems = true, views.Problems{Head: "Nothing was counted yet", List: problems}
		return s.render(w, r, http.StatusUnprocessableEntity, page)
	}
	b, err := s.insights(r, p, now)
	if err != nil {
		return err
	}
	b.fill(&page)
	return s.render(w, r, http.StatusOK, page)
}

// insights asks the store for what a page of the period tells.
func (s *Server) insights(r *http.Request, p insightsPeriod, now time.Time) (insightsBuilder, error) {
	rules, err := s.rules(r.Context())
	if err != nil {
		return insightsBuilder{}, err
	}
	b := insightsBuilder{period: p, now: now, book: rules.book}
	if b.past, b.waits, err = s.db.Insights(r.Context(), p.Days); err != nil {
		return b, err
	}
	b.second, err = s.db.Agreement(r.Context(), p.Days)
	return b, err
}

func periodOptions(chosen string, now time.Time) []views.Option {
	options := []views.Option{{Value: "4", Words: "Last 4 weeks"}, {Value: "12", Words: "Last 12 weeks"},
		{Value: "year", Words: strconv.Itoa(now.UTC().Year()) + " so far"}, {Value: "own", Words: "Own dates"}}
	for i := range options {
		options[i].Chosen = options[i].Value == chosen
	}
	return options
}

// exportInsights gives the numbers of one chart as CSV. They are nobody's personal data, so that
// taking them along leaves no mark on the trail.
func (s *Server) exportInsights(w http.ResponseWriter, r *http.Request) error {
	now := s.now()
	p, problems := readPeriod(r.URL.Query(), now)
	if len(problems) > 0 {
		return errMalformed
	}
	b, err := s.insights(r, p, now)
	if err != nil {
		return err
	}
	b.whole = true
	for _, c := range b.charts() {
		if c.ID != r.URL.Query().Get("chart") || len(c.Table.Rows) == 0 {
			continue
		}
		body, err := chartCSV(c.Table)
		if err != nil {
			return err
		}
		h := w.Header()
		h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
		h.Set("Content-Disposition", `attachment; filename="insights-`+c.ID+"-"+p.From+"-"+p.To+`.csv"`)
		h.Set("Content-Security-Policy", filePolicy)
		_, _ = w.Write(body) // whoever stopped reading is gone
		return nil
	}
	return review.ErrNotFound
}

func chartCSV(t views.ChartTable) ([]byte, error) {
	var b bytes.Buffer
	cw := csv.NewWriter(&b)
	cw.UseCRLF = true
	if err := cw.Write(t.Head); err != nil {
		return nil, err
	}
	for _, row := range t.Rows {
		cells := []string{defuse(row.Name.Text)} // a list may be called anything
		for _, c := range row.Cells {
			cells = append(cells, c.Bare) // our own numbers, some of them below nothing
		}
		if err := cw.Write(cells); err != nil {
			return nil, err
		}
	}
	cw.Flush()
	return b.Bytes(), cw.Error()
}
