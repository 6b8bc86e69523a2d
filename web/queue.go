package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// rowsPerPage is the length of a page of a list.
const rowsPerPage = 25

// maxSearch bounds what is searched for, in bytes.
const maxSearch = 200

// queueQuery reads what shapes the list. What it does not know is as if it were not there:
// an old link must not become a dead end.
func queueQuery(q url.Values) review.QueueQuery {
	query := review.QueueQuery{
		Tab:      review.TabOpen,
		Search:   clip(strings.ToValidUTF8(strings.TrimSpace(q.Get("q")), ""), maxSearch),
		Assignee: clip(q.Get("assignee"), 64),
		Country:  clip(q.Get("country"), 2),
		Tag:      clip(q.Get("tag"), 200),
		Sort:     review.SortOldest,
		After:    clip(q.Get("after"), 500),
		Limit:    rowsPerPage,
	}
	for _, t := range review.Tabs() {
		if q.Get("state") == string(t) {
			query.Tab = t
		}
	}
	for _, o := range review.Sorts() {
		if q.Get("sort") == string(o) {
			query.Sort = o
		}
	}
	for _, k := range review.ScreeningKinds() {
		if q.Get("kind") == string(k) {
			query.Kind = k
		}
	}
	return query
}

// queueHref is the address of a list. Defaults are left out of it.
func queueHref(q review.QueueQuery) string {
	v := url.Values{}
	set := func(name, value, def string) {
		if value != def {
			v.Set(name, value)
		}
	}
	set("state", string(q.Tab), string(review.TabOpen))
	set("q", q.Search, "")
	set("kind", string(q.Kind), "")
	set("assignee", q.Assignee, "")
	set("country", q.Country, "")
	set("tag", q.Tag, "")
	set("sort", string(q.Sort), string(review.SortOldest))
	set("after", q.After, "")
	if len(v) == 0 {
		return "/reviews"
	}
	return "/reviews?" + v.Encode()
}

// showQueue is the ordered list of reviews. What was searched for and is exactly one thing's
// id opens that thing.
func (s *Server) showQueue(w http.ResponseWriter, r *http.Request) error {
	q := queueQuery(r.URL.Query())
	if q.Search != "" && q.After == "" {
		to, err := s.find(r, q.Search)
		if err != nil {
			return err
		}
		if to != "" {
			seeOther(w, to)
			return nil
		}
	}
	page, err := s.db.Queue(r.Context(), q)
	if err != nil {
		return err
	}
	filters, err := s.db.QueueFilters(r.Context(), q.Tab)
	if err != nil {
		return err
	}
	b := queueBuilder{query: q, page: page, filters: filters, me: me(r), now: s.now(), target: s.target, warn: s.warn}
	out := b.build()
	out.Shell = s.shell(r, b.title(), views.PlaceQueue)
	out.Find = q.Search
	if n, ok := queueNotices[r.URL.Query().Get("done")]; ok {
		out.Notices = append(out.Notices, n)
	}
	return s.render(w, r, http.StatusOK, out)
}

var queueNotices = map[string]views.Notice{
	"none-free": {Strong: "No review is free.", Text: "Each open one is with somebody. A claim ends 30 minutes after the last act.", News: true},
	"released":  {Strong: "Released.", Text: "Anyone can take it now.", Tone: views.ToneGood, News: true},
}

// find says where an exact id leads, "" when it is none.
func (s *Server) find(r *http.Request, search string) (string, error) {
	kind, ref, id, err := s.db.Find(r.Context(), search)
	if err != nil {
		return "", err
	}
	switch kind {
	case "review":
		return reviewHref(id), nil
	case "transaction":
		return transactionHref(review.TransactionID(ref.ID)), nil
	case "resource":
		return resourceHref(ref), nil
	}
	return "", nil
}

// takeNext claims the oldest free review and opens it.
func (s *Server) takeNext(w http.ResponseWriter, r *http.Request) error {
	id, err := s.db.Next(r.Context(), me(r).ID)
	if statusOf(err) == http.StatusNotFound && err != nil {
		seeOther(w, "/reviews?done=none-free")
		return nil
	}
	if err != nil {
		return err
	}
	seeOther(w, reviewHref(id))
	return nil
}

// queueBuilder makes the page of what the store answered: a pure function of its fields.
type queueBuilder struct {
	query        review.QueueQuery
	page         review.QueuePage
	filters      review.QueueFilters
	me           review.Colleague
	now          time.Time
	target, warn time.Duration
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
		TakeNext: b.me.Role.Acts() && q.Tab == review.TabOpen,
		Tab:      q.Tab,
		Filters:  b.filterForm(),
		Showing:  b.showing(),
		Caption:  b.caption(),
	}
	if q.Tab == review.TabClosed {
		p.When = "Closed"
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

// banded says that the list is drawn in bands of waiting time: only where waiting orders it.
func (b *queueBuilder) banded() bool {
	return b.query.Tab == review.TabOpen && b.query.Sort == review.SortOldest
}

func (b *queueBuilder) bands() []views.QueueBand {
	if !b.banded() {
		rows := make([]views.QueueRow, len(b.page.Rows))
		for i := range b.page.Rows {
			rows[i] = b.row(&b.page.Rows[i])
			rows[i].WaitTone = b.tone(&b.page.Rows[i])
		}
		return []views.QueueBand{{Rows: rows}}
	}
	target, warn := strings.TrimSuffix(daysWords(b.target), "-day")+" days", strings.TrimSuffix(daysWords(b.warn), "-day")
	bands := []views.QueueBand{
		{Tone: views.ToneDanger, Words: "Over target", More: "waiting more than " + target},
		{Tone: views.ToneAttention, Words: "Due within a day", More: "waiting " + warn + " to " + target},
		{Words: "In time", More: "waiting less than " + warn + " days"},
	}
	if b.target-b.warn != 24*time.Hour {
		bands[1].Words = "Due soon"
	}
	if !b.filtered() { // the counts are of the whole tab
		for i, n := range []int{b.page.Bands.Over, b.page.Bands.Soon, b.page.Bands.InTime} {
			bands[i].More += " · " + views.Plural(n, "review", "reviews")
		}
	}
	for i := range b.page.Rows {
		at := 2
		switch b.tone(&b.page.Rows[i]) {
		case views.ToneDanger:
			at = 0
		case views.ToneAttention:
			at = 1
		}
		bands[at].Rows = append(bands[at].Rows, b.row(&b.page.Rows[i]))
	}
	out := bands[:0]
	for _, band := range bands {
		if len(band.Rows) > 0 {
			out = append(out, band)
		}
	}
	return out
}

// tone says whether a row is late: over target, within the warning, or neither.
func (b *queueBuilder) tone(row *review.QueueRow) views.Tone {
	if row.State == review.StateClosed || row.Review == 0 {
		return views.ToneNone
	}
	switch waited := b.now.Sub(row.OpenedAt); {
	case waited > b.target:
		return views.ToneDanger
	case waited >= b.warn:
		return views.ToneAttention
	}
	return views.ToneNone
}

func (b *queueBuilder) row(row *review.QueueRow) views.QueueRow {
	out := views.QueueRow{
		Transaction: raw(string(row.Transaction)),
		State:       string(row.State),
		Subject:     str(row.Subject),
		Reference:   str(row.Reference),
		Country:     countryName(row.Country),
	}
	if out.Subject.Text == "" {
		out.Subject = views.S("No name captured")
	}
	for _, k := range row.Tally {
		out.Tally = append(out.Tally, views.QueueTally{Kind: views.KindShort(k.Kind), N: views.Number(k.Open)})
	}
	for _, t := range row.Tags {
		out.Tags = append(out.Tags, str(t).Text)
	}
	if row.Review == 0 { // a transaction that waits for its subject, without a review
		out.State = string(review.TabFallback)
		out.Href = transactionHref(row.Transaction)
		out.Waiting = views.Since(row.OpenedAt, b.now)
		out.Status = views.Tag{Words: openSet(row.Status)}
		out.WhyMore = "Waits for the customer"
		if row.Inquiry != "" {
			out.WhyMore += ", inquiry " + str(row.Inquiry).Text
		}
		return out
	}
	out.Review = row.Review.String()[2:]
	out.Href = reviewHref(row.Review)
	out.Why, out.WhyMore = b.why(row)
	b.standing(row, &out)
	return out
}

// why is the short fact that explains a row.
func (b *queueBuilder) why(row *review.QueueRow) (views.Tag, string) {
	words := views.WhyWords(row.Why)
	if !row.HaltedSince.IsZero() && row.State != review.StateClosed {
		halted := b.now.Sub(row.HaltedSince)
		tag := views.Tag{Words: "Monitoring halted " + wholeDays(halted), Tone: views.ToneAttention}
		if row.Why == review.WhyFirst {
			return tag, ""
		}
		return tag, words
	}
	switch row.Why {
	case review.WhyNewMatch, review.WhyAgain:
		return views.Tag{Words: words, Tone: views.ToneDiffer}, ""
	case review.WhyErrored, review.WhyNoDetails, review.WhyNothing:
		return views.Tag{Words: words, Tone: views.ToneAttention}, ""
	case review.WhyFailed:
		return views.Tag{Words: words, Tone: views.ToneDanger}, ""
	}
	return views.Tag{}, words
}

// wholeDays writes an age in days once there is one.
func wholeDays(d time.Duration) string {
	if n := int(d / (24 * time.Hour)); n > 0 {
		return views.Plural(n, "day", "days")
	}
	return views.Age(d)
}

// standing fills who has a row and where it stands.
func (b *queueBuilder) standing(row *review.QueueRow, out *views.QueueRow) {
	if row.State == review.StateClosed {
		out.Waiting = views.Day(row.ClosedAt, b.now)
		switch {
		case row.Outcome != "":
			out.Status = views.OutcomeTag(row.Outcome)
		default:
			out.Status = views.Tag{Words: views.ClosingWords(row.Closing)}
		}
		return
	}
	out.Waiting = views.Since(row.OpenedAt, b.now)
	claimed := row.Claim.Active(b.now)
	out.Status = views.StateTag(row.State, claimed)
	if claimed {
		out.With, out.You = str(row.Claim.Name), row.Claim.By == b.me.ID
		if row.Matches > 0 && row.Answered > 0 {
			out.Status.Words += ", " + views.Number(row.Answered) + " of " + views.Number(row.Matches)
		}
	} else if b.me.Role.Acts() && row.State == review.StateOpen {
		out.Claim = reviewHref(row.Review) + "/claim"
	}
}

func (b *queueBuilder) filtered() bool {
	q := b.query
	return q.Search != "" || q.Kind != "" || q.Assignee != "" || q.Country != "" || q.Tag != ""
}

func (b *queueBuilder) filterForm() views.QueueFilters {
	q := b.query
	f := views.QueueFilters{State: string(q.Tab), Search: q.Search}
	if b.filtered() {
		f.Clear = queueHref(review.QueueQuery{Tab: q.Tab, Sort: q.Sort})
	}
	f.Kinds = []views.Option{{Words: "Any"}}
	kinds := b.filters.Kinds
	if len(kinds) == 0 {
		for _, k := range review.ScreeningKinds() {
			kinds = append(kinds, review.FilterOption{Value: string(k)})
		}
	}
	for _, o := range kinds {
		f.Kinds = append(f.Kinds, option(o, views.KindWords(review.ReportKind(o.Value)), string(q.Kind)))
	}
	f.Countries = []views.Option{{Words: "Any"}}
	for _, o := range b.filters.Countries {
		f.Countries = append(f.Countries, option(o, countryName(o.Value), q.Country))
	}
	slices.SortStableFunc(f.Countries[1:], func(a, c views.Option) int { return strings.Compare(a.Words, c.Words) })
	f.Tags = []views.Option{{Words: "Any"}}
	for _, o := range b.filters.Tags {
		f.Tags = append(f.Tags, option(o, str(o.Value).Text, q.Tag))
	}
	f.Assignees = []views.Option{{Words: "Anyone"}, {Value: "free", Words: "Free", Chosen: q.Assignee == "free"}}
	for _, o := range b.filters.Assignees {
		words := str(o.Label).Text
		switch o.Value {
		case "free":
			continue
		case string(b.me.ID):
			words = "You"
		}
		f.Assignees = append(f.Assignees, option(o, words, q.Assignee))
	}
	for _, o := range review.Sorts() {
		f.Sorts = append(f.Sorts, views.Option{Value: string(o), Words: views.SortWords(o), Chosen: o == q.Sort})
	}
	f.Kinds, f.Countries = keep(f.Kinds, string(q.Kind)), keep(f.Countries, q.Country)
	f.Tags, f.Assignees = keep(f.Tags, q.Tag), keep(f.Assignees, q.Assignee)
	f.Set = b.set()
	return f
}

// set says in words what is filtered by now.
func (b *queueBuilder) set() []views.Fact {
	var set []views.Fact
	add := func(term string, v string) {
		if v != "" {
			set = append(set, views.Fact{Term: term, Value: views.Value{State: review.Present, Str: str(v)}})
		}
	}
	q := b.query
	add("found by", q.Search)
	if q.Kind != "" {
		add("report", views.KindWords(q.Kind))
	}
	switch q.Assignee {
	case string(b.me.ID):
		add("with", "you")
	case "free":
		add("with", "nobody")
	default:
		name := q.Assignee
		for _, o := range b.filters.Assignees {
			if o.Value == q.Assignee {
				name = o.Label
			}
		}
		add("with", name)
	}
	if q.Country != "" {
		add("country", countryName(q.Country))
	}
	add("tag", q.Tag)
	return set
}

func option(o review.FilterOption, words, chosen string) views.Option {
	if o.N > 0 {
		words += " (" + views.Number(o.N) + ")"
	}
	return views.Option{Value: o.Value, Words: words, Chosen: o.Value == chosen && chosen != ""}
}

// keep makes sure that what is set stays in the form, also when no row has it any more.
func keep(options []views.Option, chosen string) []views.Option {
	if chosen == "" {
		return options
	}
	for _, o := range options {
		if o.Chosen {
			return options
		}
	}
	return append(options, views.Option{Value: chosen, Words: str(chosen).Text, Chosen: true})
}

// empty says why there is nothing, and the way on.
func (b *queueBuilder) empty() *views.Empty {
	q := b.query
	if b.filtered() {
		e := &views.Empty{Head: "Nothing fits these filters",
			Acts: []views.Go{{Href: queueHref(review.QueueQuery{Tab: q.Tab, Sort: q.Sort}), Words: "Show the list without them"}}}
		if q.Search != "" && q.Tab != review.TabAll {
			all := q
			all.Tab, all.After = review.TabAll, ""
			e.Acts = append([]views.Go{{Href: queueHref(all), Words: "Look in all reviews"}}, e.Acts...)
		}
		return e
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
