package web

import (
	"net/http"
	"net/url"
	"strings"

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
	inquiries, err := s.inquiries(r.Context(), page.Rows)
	if err != nil {
		return err
	}
	rules, err := s.rules(r.Context())
	if err != nil {
		return err
	}
	b := queueBuilder{query: q, page: page, filters: filters, me: me(r), handOver: s.handOver(r, inquiries), now: s.now(), rules: rules}
	out := b.build()
	out.Shell = s.shell(r, b.title(), views.PlaceQueue)
	out.Find = q.Search
	if n, ok := queueNotices[r.URL.Query().Get("done")]; ok {
		out.Notices = append(out.Notices, n)
	}
	return s.render(w, r, http.StatusOK, out)
}

var queueNotices = map[string]views.Notice{
	"none-free": {Strong: "No review is free.", Text: "Each open one is with somebody. A claim ends by itself some time after the last act.", News: true},
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
