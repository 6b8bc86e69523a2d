package web

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// shownColumns are those of the list when its address chooses none.
var shownColumns = []string{"decided_at", "subject", "findings", "reason", "decided_by", "second", "policy_version", "entry", "outcome"}

// pageColumns are the columns of the list: the chosen ones, and always the review and its subject, which
// are one.
func pageColumns(chosen []string) []string {
	if len(chosen) == 0 {
		return shownColumns
	}
	names := slices.DeleteFunc(slices.Clone(chosen), func(name string) bool { return name == "review" })
	if !slices.Contains(names, "subject") {
		names = slices.Insert(names, 0, "subject")
	}
	return names
}

// numeric are the columns whose values are set to the right.
var numeric = []string{"matches", "false_positives", "true_matches", "cannot_tell", "policy_version", "entry"}

// decisionsBuilder makes the list: a pure function of its fields.
type decisionsBuilder struct {
	values  url.Values
	query   store.DecisionQuery
	columns []string
	book    review.PolicyBook
	me      review.Colleague
	now     time.Time
}

// fill puts the list on the page; effect is how many of its decisions an export gives.
func (b *decisionsBuilder) fill(page *views.DecisionsPage, rows []store.DecisionRow, next string, total, effect review.Count) {
	page.Lead = countWords(total) + " on the record, newest first. None is ever changed; a correction adds one."
	if total.N == 0 {
		page.Lead = ""
		page.Empty = &views.Empty{Head: "No decision yet", Acts: []views.Go{{Href: "/reviews", Words: "To the queue"}}}
		if page.Clear != "" {
			page.Empty = &views.Empty{Head: "No decision fits these filters", Acts: []views.Go{{Href: "/decisions", Words: "Show all decisions"}}}
		}
		return
	}
	of := countWords(effect)
	if effect != total {
		of += " in effect"
	}
	if effect.N > 0 {
		page.Exports = []views.Go{
			{Href: decisionsHref("/decisions.csv", b.values, ""), Words: "Export " + of + " as CSV"},
			{Href: decisionsHref("/decisions.ndjson", b.values, ""), Words: "as NDJSON"},
			{Href: decisionsHref("/decisions.xlsx", b.values, ""), Words: "as XLSX"},
		}
		if overseers.admits(b.me.Role) {
			page.Pack = views.Go{Href: "/decisions/evidence", Words: "Evidence pack of a period"}
		}
	}
	page.Showing = "Showing " + views.Number(len(rows)) + " of " + countWords(total)
	after := b.query.After
	if after == "" && next == "" {
		page.Showing = "Showing all " + views.Number(len(rows))
	}
	if after != "" {
		page.First = views.Go{Href: decisionsHref("/decisions", b.values, ""), Words: "Back to the first page"}
	}
	if next != "" {
		page.Next = views.Go{Href: decisionsHref("/decisions", b.values, next), Words: "Next page"}
	}
	page.Caption = "Decisions, newest first"
	for _, name := range b.columns {
		page.Columns = append(page.Columns, views.DecisionColumn{Name: name, Words: views.ColumnWords(name), Num: slices.Contains(numeric, name)})
	}
	columns := columnsOf(b.columns)
	for _, d := range rows {
		row := b.row(d)
		for i, c := range page.Columns {
			row.Cells = append(row.Cells, views.DecisionCell{DecisionColumn: c, Text: b.cell(columns[i], d), At: b.instant(columns[i].name, d)})
		}
		page.Rows = append(page.Rows, row)
	}
}

// cell is a value as the list words it, where it is not drawn in a way of its own.
func (b *decisionsBuilder) cell(c column[store.DecisionRow], d store.DecisionRow) views.Str {
	switch c.name {
	case "approved_by":
		return whoWords(agreed(d).By, agreed(d).ByName, b.me.ID)
	case "decided_by_role":
		return views.S(views.RoleWords(d.ByRole))
	case "note":
		return prose(d.Note)
	case "report_kinds":
		words := ""
		for i, k := range d.Kinds {
			if i > 0 {
				words += ", "
			}
			words += views.KindWords(review.ReportKind(k))
		}
		return str(words)
	}
	v := c.of(d)
	if v.is == cellNumber {
		return views.S(views.Number(int(v.number)))
	}
	return str(v.text)
}

// instant is the value of a column of times, zero of any other and where it says nothing.
func (b *decisionsBuilder) instant(name string, d store.DecisionRow) views.Time {
	var at time.Time
	switch name {
	case "opened_at":
		at = d.OpenedAt
	case "approved_at":
		at = agreed(d).At
	}
	if at.IsZero() {
		return views.Time{}
	}
	return views.At(at, b.now)
}

func (b *decisionsBuilder) row(d store.DecisionRow) views.DecisionRow {
	row := views.DecisionRow{
		Review: d.Review.String()[2:], Entry: strconv.FormatInt(int64(d.Entry), 10), AsSeen: asSeenHref(d.Review, d.Entry), Number: views.Number(int(d.Entry)),
		Outcome: d.Outcome, Href: reviewHref(d.Review), Name: d.Review.String(), Subject: str(d.Subject),
		At: views.At(d.At, b.now), Tally: tallyWords(d.Tally), True: d.Tally.TrueMatches > 0, Reason: b.book.DecisionReason(d.Policy, d.Reason),
		By: whoWords(d.By, d.ByName, b.me.ID), Role: d.ByRole, Past: d.Corrected, Second: d.State(), Late: d.Late,
		Answered: whoWords(d.Approval.By, d.Approval.ByName, b.me.ID),
	}
	if d.Awaits() {
		row.Waited = views.Age(b.now.Sub(d.At))
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

// filterBuilder makes the form above the list: a pure function of its fields.
type filterBuilder struct {
	values   url.Values
	query    store.DecisionQuery
	columns  []string
	me       review.Colleague
	people   []review.Colleague
	book     review.PolicyBook
	reasons  []string
	kinds    []string
	lists    []string
	policies []review.PolicyVersion
	saved    []review.SavedView
}

func (b *filterBuilder) build(sh views.Shell) views.DecisionsPage {
	q := b.query
	p := views.DecisionsPage{
		Shell: sh, Search: q.Search, From: clip(str(b.values.Get("from")).Text, 20), To: clip(str(b.values.Get("to")).Text, 20),
		Party: clip(str(b.values.Get("party")).Text, 200),
	}
	any := func(words string) []views.Option { return []views.Option{{Words: words}} }
	add := func(to *[]views.Option, value, words, chosen string) {
		*to = append(*to, views.Option{Value: value, Words: words, Chosen: value == chosen})
	}
	p.Outcomes, p.People, p.Reasons, p.Kinds, p.Lists, p.Policies = any("Any"), any("Anyone"), any("Any"), any("Any"), any("Any"), any("Any")
	for _, o := range review.Outcomes() {
		add(&p.Outcomes, string(o), views.OutcomeTag(o).Words, string(q.Outcome))
	}
	for _, c := range b.people {
		add(&p.People, string(c.ID), str(c.Name).Text, string(q.By))
	}
	for _, v := range b.reasons {
		add(&p.Reasons, v, b.book.DecisionReason(0, review.Reason(v)), string(q.Reason))
	}
	for _, v := range b.kinds {
		add(&p.Kinds, v, views.KindWords(review.ReportKind(v)), string(q.Kind))
	}
	for _, v := range b.lists {
		add(&p.Lists, v, str(v).Text, q.List)
	}
	for _, v := range b.policies {
		n := strconv.FormatInt(int64(v), 10)
		add(&p.Policies, n, n, b.values.Get("policy"))
	}
	p.Reasons, p.Kinds, p.Lists = keep(p.Reasons, string(q.Reason)), keep(p.Kinds, string(q.Kind)), keep(p.Lists, q.List)
	second := b.values.Get("second")
	for _, o := range []views.Option{{Words: "Any"}, {Value: secondInEffect, Words: "In effect"}, {Value: string(review.SecondNotNeeded), Words: "Not needed"},
		{Value: string(review.SecondWaiting), Words: "Awaited"}, {Value: string(review.SecondAgreed), Words: "Agreed"},
		{Value: string(review.SecondReturned), Words: "Returned"}, {Value: string(review.SecondMoved), Words: "Evidence moved"}} {
		add(&p.Seconds, o.Value, o.Words, second)
	}
	for _, o := range []views.Option{{Words: "Any"}, {Value: string(store.CorrectedYes), Words: "Corrected since"}, {Value: string(store.CorrectedNo), Words: "Not corrected"},
		{Value: string(store.Correction), Words: "Correct another"}} {
		add(&p.Correcteds, o.Value, o.Words, string(q.Corrected))
	}
	for _, o := range []views.Option{{Words: "Any"}, {Value: string(store.LateYes), Words: "Over target"}, {Value: string(store.LateNo), Words: "In time"}} {
		add(&p.Lates, o.Value, o.Words, string(q.Late))
	}
	shown := pageColumns(b.columns)
	p.Chosen = len(b.columns) > 0
	for _, name := range shown {
		p.Choices = append(p.Choices, views.ColumnChoice{Name: name, Words: views.ColumnWords(name), Ticked: p.Chosen})
	}
	for _, c := range decisionColumns {
		if !slices.Contains(shown, c.name) && c.name != "review" {
			p.Choices = append(p.Choices, views.ColumnChoice{Name: c.name, Words: views.ColumnWords(c.name)})
		}
	}
	for _, name := range []string{"reason", "kind", "list", "party", "policy", "corrected", "overdue"} {
		p.Further = p.Further || b.values.Get(name) != ""
	}
	if decisionsHref("", b.values, "") != "" {
		p.Clear = "/decisions"
	}
	p.Saved = b.views()
	return p
}

// views are the views that have a name, and the form that names one.
func (b *filterBuilder) views() views.SavedViews {
	here := viewQuery(b.values).Encode()
	s := views.SavedViews{Keep: b.me.Role.Acts(), Query: here, Searched: b.query.Search != ""}
	for _, v := range b.saved {
		values, err := url.ParseQuery(v.Query)
		if err != nil {
			continue
		}
		row := views.SavedView{Name: str(v.Name), Href: decisionsHref("/decisions", values, ""), Shared: v.Shared, Current: v.Query == here && !s.Searched}
		switch {
		case v.Owner != b.me.ID:
			row.Whose = "shared by " + str(v.ByName).Text
		case v.Shared:
			row.ID, row.Whose = strconv.FormatInt(v.ID, 10), "yours, shared"
		default:
			row.ID, row.Whose = strconv.FormatInt(v.ID, 10), "yours"
		}
		if !s.Keep {
			row.ID = ""
		}
		s.Views = append(s.Views, row)
	}
	return s
}
