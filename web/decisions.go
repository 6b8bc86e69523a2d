package web

import (
	"net/http"
	"strconv"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// showDecisions is the audit list.
func (s *Server) showDecisions(w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	q, _, problems := decisionsQuery(values)
	people, err := s.db.Colleagues(r.Context())
	if err != nil {
		return err
	}
	page := views.DecisionsPage{
		Shell:    s.shell(r, "Decisions", views.PlaceDecisions),
		Search:   q.Search,
		From:     clip(str(values.Get("from")).Text, 20),
		To:       clip(str(values.Get("to")).Text, 20),
		Outcomes: []views.Option{{Words: "Any"}},
		People:   []views.Option{{Words: "Anyone"}},
		Caption:  "Decisions, newest first",
	}
	for _, o := range review.Outcomes() {
		page.Outcomes = append(page.Outcomes, views.Option{Value: string(o), Words: views.OutcomeTag(o).Words, Chosen: q.Outcome == o})
	}
	for _, c := range people {
		page.People = append(page.People, views.Option{Value: string(c.ID), Words: str(c.Name).Text, Chosen: q.By == c.ID})
	}
	if decisionsHref("", values, "") != "" {
		page.Clear = "/decisions"
	}
	if len(problems) > 0 {
		page.Problem, page.Problems = true, views.Problems{Head: "The list cannot be made", List: problems}
		return s.render(w, r, http.StatusUnprocessableEntity, page)
	}
	rows, next, total, err := s.db.Decisions(r.Context(), q)
	if err != nil {
		return err
	}
	book, err := s.db.PolicyBook(r.Context())
	if err != nil {
		return err
	}
	s.fillDecisions(&page, r, book, rows, next, total)
	return s.render(w, r, http.StatusOK, page)
}

func (s *Server) fillDecisions(page *views.DecisionsPage, r *http.Request, book review.PolicyBook, rows []store.DecisionRow, next string, total review.Count) {
	values := r.URL.Query()
	page.Lead = countWords(total) + " on the record, newest first. None is ever changed; a correction adds one."
	if total.N == 0 {
		page.Lead = ""
		page.Empty = &views.Empty{Head: "No decision yet", Acts: []views.Go{{Href: "/reviews", Words: "To the queue"}}}
		if page.Clear != "" {
			page.Empty = &views.Empty{Head: "No decision fits these filters", Acts: []views.Go{{Href: "/decisions", Words: "Show all decisions"}}}
		}
		return
	}
	page.Exports = []views.Go{
		{Href: decisionsHref("/decisions.csv", values, ""), Words: "Export " + countWords(total) + " as CSV"},
		{Href: decisionsHref("/decisions.ndjson", values, ""), Words: "as NDJSON"},
	}
	page.Showing = "Showing " + views.Number(len(rows)) + " of " + countWords(total)
	after := values.Get("after")
	if after == "" && next == "" {
		page.Showing = "Showing all " + views.Number(len(rows))
	}
	if after != "" {
		page.First = views.Go{Href: decisionsHref("/decisions", values, ""), Words: "Back to the first page"}
	}
	if next != "" {
		page.Next = views.Go{Href: decisionsHref("/decisions", values, next), Words: "Next page"}
	}
	for _, row := range rows {
		page.Rows = append(page.Rows, decisionRow(row, book, me(r).ID, s.now()))
	}
}

func decisionRow(d store.DecisionRow, book review.PolicyBook, reader review.ColleagueID, now time.Time) views.DecisionRow {
	row := views.DecisionRow{
		Review: d.Review.String()[2:], Entry: strconv.FormatInt(int64(d.Entry), 10), AsSeen: asSeenHref(d.Review, d.Entry), Number: views.Number(int(d.Entry)),
		Outcome: d.Outcome, Href: reviewHref(d.Review), Name: d.Review.String(), Subject: str(d.Subject),
		At: views.At(d.At, now), Tally: tallyWords(d.Tally), True: d.Tally.TrueMatches > 0, Reason: book.DecisionReason(d.Policy, d.Reason),
		By: whoWords(d.By, d.ByName, reader), Role: d.ByRole, Past: d.Corrected,
	}
	if d.Transaction == "" {
		row.About = views.Go{Href: refHref(d.Root), Words: typeWords(d.Root.Type) + " " + str(d.Root.ID).Text}
	}
	if row.Subject.Text == "" {
		row.Subject = views.S("No name captured")
	}
	if d.Corrects != 0 {
		row.Corrects = "corrects " + views.Number(int(d.Corrects))
	}
	return row
}
