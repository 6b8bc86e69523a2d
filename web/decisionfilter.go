package web

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"docket/review"
	"docket/store"
	"docket/views"
)

// decisionFilters are the names of what narrows the list of decisions, in its address.
var decisionFilters = []string{"q", "from", "to", "outcome", "by", "reason", "kind", "list", "party", "policy", "second", "corrected", "overdue"}

// Filters of the second person that are no state.
const secondInEffect = "effect"

// decisionsQuery reads what shapes the list, and says what of it cannot be read. To is a day
// on the page and the instant after it in the query. Without a word on the second person it is the
// decisions in effect.
func decisionsQuery(q url.Values) (query store.DecisionQuery, columns []string, problems []views.Problem) {
	problem := func(field, text string) { problems = append(problems, views.Problem{Field: field, Text: text}) }
	day := func(name string) time.Time {
		v := q.Get(name)
		if v == "" {
			return time.Time{}
		}
		t, err := time.Parse(time.DateOnly, v)
		if err != nil {
			problem(name, "Write the day as year-month-day, such as 2026-06-18")
		}
		return t
	}
	one := func(name string, known ...string) string {
		v := q.Get(name)
		if v == "" || slices.Contains(known, v) {
			return v
		}
		problem(name, "Choose one of the list")
		return ""
	}
	short := func(name string) string {
		v := q.Get(name)
		if len(v) > maxSearch*4 || !utf8.ValidString(v) {
			problem(name, "Use a shorter text")
			return ""
		}
		return v
	}
	query = store.DecisionQuery{
		From:      day("from"),
		To:        day("to"),
		Outcome:   review.Outcome(one("outcome", texts(review.Outcomes())...)),
		Reason:    review.Reason(short("reason")),
		Kind:      review.ReportKind(short("kind")),
		List:      short("list"),
		Second:    store.SecondFilter(one("second", append(texts(review.SecondStates()), secondInEffect, string(store.AnySecond))...)),
		Corrected: store.CorrectedFilter(one("corrected", string(store.CorrectedYes), string(store.CorrectedNo), string(store.Correction))),
		Late:      store.LateFilter(one("overdue", string(store.LateYes), string(store.LateNo))),
		Search:    clip(strings.ToValidUTF8(strings.TrimSpace(q.Get("q")), ""), maxSearch),
		After:     clip(q.Get("after"), 500),
		Limit:     rowsPerPage,
	}
	if query.Second == secondInEffect {
		query.Second = ""
	}
	if !query.To.IsZero() {
		query.To = query.To.AddDate(0, 0, 1)
	}
	if v := strings.TrimSpace(q.Get("party")); v != "" {
		key, err := review.ParsePartyKey(v)
		if err != nil {
			problem("party", "Give the key of a listed party, from the address of its page")
		}
		query.Party = key
	}
	if v := q.Get("by"); v != "" {
		id, err := review.ParseColleagueID(v)
		if err != nil {
			problem("by", "Choose one of the list")
		}
		query.By = id
	}
	if v := q.Get("policy"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 1 {
			problem("policy", "Write the number of a version, such as 7")
		}
		query.Policy = review.PolicyVersion(n)
	}
	columns, ok := columnNames(q["columns"])
	if !ok {
		problem("columns", "Choose columns of the list")
	}
	query.Wide = isWide(columns)
	return query, columns, problems
}

// decisionsAddress is the one written form of what shapes a list: filters that are set, and columns.
func decisionsAddress(q url.Values) url.Values {
	v := url.Values{}
	for _, name := range decisionFilters {
		if s := q.Get(name); s != "" && utf8.ValidString(s) && len(s) <= 4*maxSearch {
			v.Set(name, s)
		}
	}
	if columns, ok := columnNames(q["columns"]); ok && len(columns) > 0 {
		v.Set("columns", strings.Join(columns, ","))
	}
	return v
}

func decisionsHref(path string, q url.Values, after string) string {
	v := decisionsAddress(q)
	if after != "" {
		v.Set("after", after)
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// filterWords is the written form of what an export was narrowed by, fit for the trail, which is public
// and for good. A text that somebody typed may be a name, whatever field of the address it stands in: of
// what is none of the values that decisions have, only that there was something is said.
func (s *Server) filterWords(ctx context.Context, q url.Values) (string, error) {
	v := decisionsAddress(q)
	if v.Has("q") {
		v.Set("q", someText)
	}
	for name, values := range map[string]func(context.Context) ([]string, error){
		"reason": s.db.DecisionReasons, "kind": s.db.DecisionKinds, "list": s.db.DecisionLists} {
		if !v.Has(name) {
			continue
		}
		known, err := values(ctx)
		if err != nil {
			return "", err
		}
		if !slices.Contains(known, v.Get(name)) {
			v.Set(name, someText)
		}
	}
	return v.Encode(), nil
}

// someText stands on the trail and in the access log for what somebody typed.
const someText = "(a text)"
