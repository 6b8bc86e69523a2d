package web

import (
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// queueBuilder makes the page of what the store answered: a pure function of its fields.
type queueBuilder struct {
	query    review.QueueQuery
	page     review.QueuePage
	filters  review.QueueFilters
	me       review.Colleague
	handOver func(*review.QueueRow) *views.Fallback // nil: never
	now      time.Time
	rules
}

func (b *queueBuilder) title() string {
	if b.query.Tab == review.TabOpen {
		return "Queue, " + views.Number(b.page.Tabs[review.TabOpen]) + " open"
	}
	return "Queue, " + strings.ToLower(views.TabWords(b.query.Tab))
}

func (b *queueBuilder) build() views.QueuePage {
	q := b.query
	p := views.QueuePage{
		Lead:     b.lead(),
		TakeNext: b.me.Role.Acts() && q.Tab == review.TabOpen && b.page.Tabs[review.TabOpen] > 0,
		Tab:      q.Tab,
		Filters:  b.filterForm(),
		Showing:  b.showing(),
		Caption:  b.caption(),
	}
	if q.Tab == review.TabClosed {
		p.When = "Closed"
	}
	switch q.Tab {
	case review.TabApproval:
		p.Because, p.When = "Asked for", "Decided"
	case review.TabWaiting:
		p.Because, p.When = "Asked the customer for", "Parked"
	}
	for _, t := range review.Tabs() {
		p.Tabs = append(p.Tabs, views.QueueTab{Tab: t, Href: queueHref(review.QueueQuery{Tab: t, Sort: review.SortOldest}),
			Count: views.Number(b.page.Tabs[t]), Current: t == q.Tab})
	}
	if len(b.page.Rows) == 0 {
		p.Empty = b.empty()
		return p
	}
	p.Bands = b.bands()
	if q.After != "" {
		first := q
		first.After = ""
		p.First = views.Go{Href: queueHref(first), Words: "Back to the first page"}
	}
	if b.page.Next != "" {
		next := q
		next.After = b.page.Next
		p.Next = views.Go{Href: queueHref(next), Words: "Next page"}
	}
	return p
}

// lead answers "how bad is it" in one sentence or two.
func (b *queueBuilder) lead() string {
	n := b.page.Tabs[review.TabOpen]
	if n == 0 {
		return "No review is open."
	}
	s := views.Plural(n, "open review", "open reviews") + "."
	over, soon := b.page.Bands.Over, b.page.Bands.Soon
	switch {
	case over > 0:
		s += " " + views.Number(over) + isAre(over) + "over the " + daysWords(b.target) + " target"
		if oldest := b.page.Bands.Oldest; !oldest.IsZero() {
			s += ", the oldest by " + views.Age(b.now.Sub(oldest)-b.target)
		}
		s += "."
	case soon > 0:
		s += " None is over the " + daysWords(b.target) + " target; " + views.Number(soon) + isAre(soon) + "due within " + views.Age(b.target-b.warn) + "."
	default:
		s += " None is over the " + daysWords(b.target) + " target."
	}
	return s
}

func isAre(n int) string {
	if n == 1 {
		return " is "
	}
	return " are "
}

// daysWords writes a target as an adjective: "5-day".
func daysWords(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return views.Number(int(d/(24*time.Hour))) + "-day"
	}
	return views.Age(d)
}

func (b *queueBuilder) order() string {
	switch b.query.Sort {
	case review.SortNewest:
		return "newest first"
	case review.SortMatches:
		return "most matches first"
	case review.SortSubject:
		return "by subject, A to Z"
	}
	return "oldest first"
}

func countWords(c review.Count) string {
	if c.More {
		return "more than " + views.Number(c.N)
	}
	return views.Number(c.N)
}

func (b *queueBuilder) showing() string {
	n := len(b.page.Rows)
	if n == 0 {
		return ""
	}
	if b.query.After == "" && b.page.Next == "" {
		return "Showing all " + views.Number(n) + ", " + b.order()
	}
	where := "Showing the first " + views.Number(n)
	if b.query.After != "" {
		where = "Showing " + views.Number(n) + " more"
	}
	return where + " of " + countWords(b.page.Total) + ", " + b.order()
}

func (b *queueBuilder) caption() string {
	what := "Reviews"
	switch b.query.Tab {
	case review.TabOpen:
		what = "Open reviews"
	case review.TabClosed:
		what = "Closed reviews"
	case review.TabFallback:
		what = "Transactions that wait for a fallback inquiry"
	case review.TabApproval:
		what = "Reviews that wait for a second person"
	case review.TabWaiting:
		what = "Reviews that wait for the customer"
	}
	what += ", " + b.order()
	if b.banded() {
		what += ", in bands of waiting time"
	}
	return what
}

// empty says why there is nothing, and the way on.
func (b *queueBuilder) empty() *views.Empty {
	q := b.query
	if b.filtered() {
		e := &views.Empty{Head: "Nothing fits these filters",
			Acts: []views.Go{{Href: queueHref(review.QueueQuery{Tab: q.Tab, Sort: q.Sort}), Words: "Show the list without them"}}}
		if b.onlySearched() {
			e.Head = "Nothing is found by “" + clip(str(q.Search).Text, longestID) + "”"
			e.Text = "Names are found in the scripts in which Persona sent them; accents and capitals do not matter."
			e.Acts[0].Words = "Show the list without it"
		}
		if q.Search != "" && q.Tab != review.TabAll {
			all := q
			all.Tab, all.After = review.TabAll, ""
			e.Acts = append([]views.Go{{Href: queueHref(all), Words: "Look in all reviews"}}, e.Acts...)
		}
		return e
	}
	if first := b.firstDay(); first != nil && (q.Tab == review.TabOpen || q.Tab == review.TabAll) {
		return first
	}
	switch q.Tab {
	case review.TabOpen:
		return &views.Empty{Head: "Nothing waits for a review", Text: "A review opens here when Persona moves a transaction to a review status.",
			Acts: []views.Go{{Href: "/decisions", Words: "See the decisions"}}}
	case review.TabFallback:
		return &views.Empty{Head: "Nobody has a fallback inquiry to finish"}
	case review.TabClosed:
		return &views.Empty{Head: "No review is closed yet"}
	case review.TabApproval:
		return &views.Empty{Head: "Nothing waits for a second person"}
	case review.TabWaiting:
		return &views.Empty{Head: "Nothing waits for a customer"}
	}
	return &views.Empty{Head: "No review yet", Text: "Import payloads, or wait for Persona to send them."}
}

// firstDay is the way on from a docket that has no review at all, for who can do something about it;
// nil for others, and once there is one.
func (b *queueBuilder) firstDay() *views.Empty {
	if b.page.Tabs[review.TabAll] > 0 || b.me.Role != review.RoleAdmin {
		return nil
	}
	return &views.Empty{Head: "No review yet", Text: "A review opens here when Persona moves a transaction to a review status. Intake says whether Persona is connected and what arrived; payloads from files come in by “docket import”.",
		Acts: []views.Go{{Href: "/intake", Words: "See what arrives"}, {Href: "/admin/colleagues", Words: "Add colleagues"}, {Href: "/admin/policy", Words: "Read the policy"}}}
}

// onlySearched says that the list is narrowed by a search and nothing else.
func (b *queueBuilder) onlySearched() bool {
	q := b.query
	q.Search = ""
	return b.query.Search != "" && !filtered(q)
}

func (b *queueBuilder) filtered() bool { return filtered(b.query) }

func filtered(q review.QueueQuery) bool {
	return q.Search != "" || q.Kind != "" || q.Assignee != "" || q.Country != "" || q.Tag != ""
}
