package store

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
)

// Queue reads one page of the queue with its counts, of one moment. A cursor that is none is
// review.ErrNotFound. The rows are shared: callers read them only.
func (db *DB) Queue(ctx context.Context, q review.QueueQuery) (review.QueuePage, error) {
	return db.pages.of(ctx, db, q, func() (review.QueuePage, error) { return db.queue(ctx, q) })
}

func (db *DB) queue(ctx context.Context, q review.QueueQuery) (review.QueuePage, error) {
	l := newListing(q)
	var page review.QueuePage
	err := db.read(ctx, "queue", func(a *act) error {
		l.act = a
		if err := a.whole(); err != nil {
			return err
		}
		if err := l.readCursor(q.After); err != nil {
			return err
		}
		var err error
		if page.Tabs, err = a.tabs(); err != nil {
			return err
		}
		l.tabs = page.Tabs
		ids, err := l.page()
		if err != nil {
			return err
		}
		if len(ids) > l.limit {
			ids = ids[:l.limit]
			page.Next = ids[l.limit-1].cursor()
		}
		if page.Rows, err = a.queueRows(ids); err != nil {
			return err
		}
		page.Total = l.total
		page.Bands, err = a.bands(page.Tabs[review.TabOpen])
		return err
	})
	if err != nil {
		return review.QueuePage{}, err
	}
	return page, nil
}

// place is where a row stands in any of the orders.
type place struct {
	id       int64
	openedAt int64
	calm     int64  // minus its matches
	fold     string // its subject
	state    int64  // the number of its state, in a list that goes state by state; else 0
}

// The cursor of a page is the place of its last row without the subject's name, which must not
// stand in an address: that one is looked up.
func (p place) cursor() string {
	id := p.id
	if p.state > 0 {
		id = p.state<<ageBit | max(id, -id)
	}
	return strconv.FormatInt(id, 10) + "." + strconv.FormatInt(p.openedAt, 10) + "." + strconv.FormatInt(p.calm, 10)
}

// listing is one page of the queue being found.
type listing struct {
	*act
	states   []string
	sort     review.Sort
	filters  []facet // wanted, each of one value
	facet    facet   // … all of them together; the zero facet is any
	free     bool
	handed   bool // to a lead
	assignee review.ColleagueID
	search   string
	limit    int
	after    place // the page starts behind it
	started  bool  // after is the end of an earlier page
	tabs     map[review.Tab]int
	total    review.Count
}

const maxPage = 100

func newListing(q review.QueueQuery) *listing {
	l := &listing{sort: cmp.Or(q.Sort, review.SortOldest), search: strings.TrimSpace(q.Search),
		limit: min(cmp.Or(max(q.Limit, 0), 25), maxPage)}
	if !slices.Contains(review.Sorts(), l.sort) {
		l.sort = review.SortOldest
	}
	switch q.Assignee {
	case "":
	case "free":
		l.free = true
	case "escalated":
		l.handed = true
	default:
		l.assignee = review.ColleagueID(q.Assignee)
	}
	for _, f := range []facet{{facetKind, string(q.Kind)}, {facetCountry, q.Country}, {facetTag, clip(q.Tag)}} {
		if f.Value != "" {
			l.filters = append(l.filters, f)
		}
	}
	if len(l.filters) > 0 {
		l.facet = together(l.filters...)
	}
	l.states = statesOf(q.Tab)
	return l
}

// statesOf gives the states of the rows on a tab.
func statesOf(tab review.Tab) []string {
	switch tab {
	case "", review.TabOpen:
		return []string{string(review.StateOpen)}
	case review.TabAll:
		return seatedStates()
	}
	return []string{string(tab)} // a tab is named as its state; an unknown one is empty
}

// readCursor finds where the page starts.
func (l *listing) readCursor(after string) error {
	if after == "" {
		l.after = l.beginning()
		return nil
	}
	parts := strings.Split(after, ".")
	if len(parts) != 3 {
		return review.ErrNotFound
	}
	var p [3]int64
	for i, s := range parts {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return review.ErrNotFound
		}
		p[i] = n
	}
	l.after, l.started = place{id: p[0], openedAt: p[1], calm: p[2]}, true
	if p[0] > rowMask {
		l.after.state = min(p[0]>>ageBit, 5)
		l.after.id = idOf(l.after.state<<stateBit | p[0]&rowMask)
	}
	if l.sort == review.SortSubject {
		return l.one(`SELECT subject_fold FROM queue WHERE id = ?`, []any{l.after.id}, &l.after.fold)
	}
	return nil
}

// beginning is before every place, in the listing's order.
func (l *listing) beginning() place {
	if l.sort == review.SortNewest {
		return place{id: math.MaxInt64, openedAt: math.MaxInt64}
	}
	return place{id: math.MinInt64, openedAt: math.MinInt64, calm: math.MinInt64}
}

// compare orders places as the listing does.
func (l *listing) compare(x, y place) int {
	age := cmp.Or(cmp.Compare(x.openedAt, y.openedAt), cmp.Compare(x.id, y.id))
	switch l.sort {
	case review.SortNewest:
		return -age
	case review.SortMatches:
		return cmp.Or(cmp.Compare(x.calm, y.calm), age)
	case review.SortSubject:
		return cmp.Or(cmp.Compare(x.fold, y.fold), age)
	}
	return age
}

// page finds the places of one page and one more, and the total.
func (l *listing) page() ([]place, error) {
	switch {
	case l.assignee != "", l.handed:
		return l.pageOfAssignee()
	case l.search != "":
		return l.pageOfSearch()
	}
	var found []place
	for _, state := range l.states {
		h, err := l.held(state)
		if err != nil {
			return nil, err
		}
		n, err := l.countState(h)
		if err != nil {
			return nil, err
		}
		l.total.N += n
		if n == 0 {
			continue
		}
		more, err := l.walk(h, n)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	slices.SortFunc(found, l.compare)
	return found[:min(len(found), l.limit+1)], nil
}

// queueRows reads the rows of a page, in its order.
func (a *act) queueRows(places []place) ([]review.QueueRow, error) {
	ids := make([]int64, len(places))
	at := make(map[int64]int, len(places))
	for i, p := range places {
		ids[i], at[p.id] = p.id, i
	}
	rows := make([]review.QueueRow, len(places))
	if len(places) == 0 {
		return rows, nil
	}
	err := a.each(`
		SELECT q.id, q.root_type, q.root_id, q.state, q.opening, q.opened_at, ifnull(q.closed_at, 0), q.closing, q.status,
		       q.subject, q.subject_kind, q.reference, q.country, q.tags, q.tally, q.matches, q.answered,
		       ifnull(q.halted_since, 0), q.why, q.outcome, q.inquiry,
		       ifnull(c.by_, ''), ifnull(p.name, ''), ifnull(c.at, 0), ifnull(c.until, 0)
		FROM json_each(?) j JOIN queue q ON q.id = j.value
		LEFT JOIN claim c ON c.review = q.id LEFT JOIN colleague p ON p.id = c.by_`, []any{numbers(ids)},
		func(scan func(...any) error) error {
			var id, opened, closed, halted, claimed, until int64
			var r review.QueueRow
			err := scan(&id, &r.Root.Type, &r.Root.ID, &r.State, &r.Opening, &opened, &closed, &r.Closing, &r.Status,
				&r.Subject, &r.SubjectKind, &r.Reference, &r.Country, listColumn[string]{&r.Tags}, listColumn[review.KindCount]{&r.Tally},
				&r.Matches, &r.Answered, &halted, &r.Why, &r.Outcome, &r.Inquiry, &r.Claim.By, &r.Claim.Name, &claimed, &until)
			r.Transaction = r.Root.Transaction()
			if id > 0 {
				r.Review = review.ReviewID(id)
			}
			r.OpenedAt, r.ClosedAt, r.HaltedSince = instant(opened), instant(closed), instant(halted)
			r.Claim.At, r.Claim.Until = instant(claimed), instant(until)
			if !r.Claim.Active(a.now) {
				r.Claim = review.Claim{}
			}
			rows[at[id]] = r
			return err
		})
	if err != nil {
		return nil, err
	}
	return rows, a.furnish(rows)
}

// tabs counts the rows of every tab.
func (a *act) tabs() (map[review.Tab]int, error) {
	tabs := make(map[review.Tab]int, 6)
	for _, t := range review.Tabs() {
		tabs[t] = 0
	}
	err := a.each(`SELECT state, n FROM counter WHERE facet = '' AND value = '' AND state IN ('open','approval','waiting','closed','fallback')`, nil,
		func(scan func(...any) error) error {
			var state string
			var n int
			err := scan(&state, &n)
			tabs[review.Tab(state)] = n
			tabs[review.TabAll] += n
			return err
		})
	return tabs, err
}

const counterOf = `SELECT id, n FROM counter WHERE state = ?1 AND facet = ?2 AND value = ?3`

// counter is the number of a counter and how many rows of the state have the facet; the zero facet
// counts them all. Without rows there is no counter: both are 0.
func (a *act) counter(state string, f facet) (id int64, n int, err error) {
	err = a.one(counterOf, []any{state, f.Name, f.Value}, &id, &n)
	if errors.Is(err, review.ErrNotFound) {
		return 0, 0, nil
	}
	return id, n, err
}

// openSince counts the open reviews that were opened at an instant or later: whole hours from
// their counters, the broken one by its rows.
func (a *act) openSince(at int64) (int, error) {
	const hour = int64(time.Hour / time.Millisecond)
	var n int
	err := a.one(`
		SELECT (SELECT ifnull(sum(n), 0) FROM age WHERE hour > ?1)
		     + (SELECT count(*) FROM queue WHERE state = 'open' AND opened_at >= ?2 AND opened_at < ?3)`,
		[]any{at / hour, at, (at/hour + 1) * hour}, &n)
	return n, err
}

// bands counts the open reviews by how long they have waited.
func (a *act) bands(open int) (review.Bands, error) {
	if open == 0 {
		return review.Bands{}, nil
	}
	over, due, err := a.targets()
	if err != nil {
		return review.Bands{}, err
	}
	target, warning := a.now.Add(-over).UnixMilli(), a.now.Add(-due).UnixMilli()+1
	var b review.Bands
	var within int
	err = a.one(`
		SELECT (SELECT ifnull(sum(n), 0) FROM age WHERE hour > ?1 / 3600000) + (
		         SELECT count(*) FROM queue WHERE state = 'open' AND opened_at >= ?1 AND opened_at < (?1 / 3600000 + 1) * 3600000),
		       (SELECT ifnull(sum(n), 0) FROM age WHERE hour > ?2 / 3600000) + (
		         SELECT count(*) FROM queue WHERE state = 'open' AND opened_at >= ?2 AND opened_at < (?2 / 3600000 + 1) * 3600000),
		       (SELECT opened_at FROM queue WHERE state = 'open' ORDER BY opened_at, id LIMIT 1)`,
		[]any{target, warning}, &within, &b.InTime, timeColumn{&b.Oldest})
	b.Over, b.Soon = open-within, within-b.InTime
	return b, err
}
