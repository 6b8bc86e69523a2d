package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/views/viewtest"
	"docket/web"
)

const password = "a lantern in the north"

var passwordHash = sync.OnceValue(func() string { return web.HashDemoPassword(password) })

// start is the instant at which every house begins.
var start = time.Date(2026, 6, 18, 9, 41, 7, 0, time.UTC)

// clock is a clock that only tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// house is a served store with a colleague of each role.
type house struct {
	t      *testing.T
	db     *store.DB
	clock  *clock
	server *web.Server
	url    string
	path   string
	log    *lockedBuffer

	planted string // a hostile string that stands on every page
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newHouse opens a house; edits change the server's options.
func newHouse(t *testing.T, edits ...func(*web.Options)) *house {
	t.Helper()
	h := emptyHouse(t, edits...)
	for _, role := range review.Roles() {
		h.colleague(string(role), role)
	}
	return h
}

// emptyHouse is a house without colleagues.
func emptyHouse(t *testing.T, edits ...func(*web.Options)) *house {
	t.Helper()
	return houseOver(t, nil, edits...)
}

// houseOver is an empty house whose store counts other statuses; nil: those of a new database.
func houseOver(t *testing.T, statuses *review.Statuses, edits ...func(*web.Options)) *house {
	t.Helper()
	h := &house{t: t, clock: &clock{now: start}, log: new(lockedBuffer), path: filepath.Join(t.TempDir(), "docket.db")}
	var err error
	h.db, err = store.Open(t.Context(), h.path, store.Options{Hydrate: persona.Hydrate, Pushes: persona.Pushes, Reduce: persona.Reduce, Read: persona.Read, Clock: h.clock.Now, Statuses: statuses, LedgerKey: ledgerKey})
	require.NoError(t, err)
	t.Cleanup(func() { _ = h.db.Close() })
	o := web.Options{DB: h.db, Clock: h.clock.Now, Log: slog.New(slog.NewJSONHandler(h.log, nil)), Version: "1.2.3-test"}
	for _, edit := range edits {
		edit(&o)
	}
	h.server = web.New(o)
	s := httptest.NewServer(h.server)
	t.Cleanup(s.Close)
	h.url = s.URL
	return h
}

func (h *house) colleague(id string, role review.Role) {
	h.t.Helper()
	names := map[string]string{"reviewer": "Noor Haddad", "lead": "Tomasz Lindqvist", "auditor": "Ilse Marchetti", "admin": "Sefa Tuilagi"}
	name := names[id]
	if name == "" {
		name = "Colleague " + id
	}
	require.NoError(h.t, h.db.AddColleague(h.t.Context(), review.Colleague{ID: review.ColleagueID(id), Name: name, Role: role, Keys: true},
		passwordHash(), ""))
}

// take keeps and reads payloads, as an import does.
func (h *house) take(payloads ...[]byte) {
	h.t.Helper()
	ctx := h.t.Context()
	var arrivals []review.Arrival
	for _, p := range payloads {
		arrivals = append(arrivals, review.Arrival{Bytes: p, Source: "import", About: "test.json"})
	}
	kept, err := h.db.Keep(ctx, arrivals)
	require.NoError(h.t, err)
	var readings []review.Reading
	for i, p := range payloads {
		r := persona.Read(p)
		r.Hash = kept[i].Hash
		readings = append(readings, r)
	}
	_, err = h.db.Absorb(ctx, readings)
	require.NoError(h.t, err)
}

// opened is the only open review, or the newest of several.
func (h *house) opened() review.ReviewID {
	h.t.Helper()
	page, err := h.db.Queue(h.t.Context(), review.QueueQuery{Sort: review.SortNewest})
	require.NoError(h.t, err)
	require.NotEmpty(h.t, page.Rows, "no review is open")
	return page.Rows[0].Review
}

// person is a transaction with one watchlist report.
type person struct {
	id, status, reference string
	first, last, birth    string
	country               string
	at                    time.Time // of the status
	listed                []listed
	report                string // its id; "" made from the transaction's
	completed             time.Time
	created               time.Time // zero: a while before the status
	tags                  []string
}

// listed is one match: a party on a list.
type listed struct{ name, year, list string }

func ekene() person {
	return person{id: "txn_ekene", status: "needs_review", reference: "cust-48213", first: "Ekene", last: "Falade",
		birth: "1986-03-14", country: "NG", at: start.Add(-30 * time.Hour), tags: []string{"priority"},
		listed: []listed{{"FALADE, Ekene", "1979", "US - OFAC - SDN"}, {"Ekene Oyelaran Falade", "1986", "UK - OFSI - Consolidated"}}}
}

func (p person) payload() []byte {
	report := p.report
	if report == "" {
		report = "rep_" + strings.TrimPrefix(p.id, "txn_")
	}
	completed := p.completed
	if completed.IsZero() {
		completed = p.at.Add(-time.Minute)
	}
	created, reported := p.at.Add(-time.Hour), p.at.Add(-2*time.Minute)
	if !p.created.IsZero() {
		created, reported = p.created, p.created
	}
	lists := make([]any, 0, len(p.listed))
	for _, l := range p.listed {
		lists = append(lists, map[string]any{
			"name": l.list, "url": "https://lists.example.org/" + url.PathEscape(l.list), "list-type": "sanction",
			"list-types": []string{"sanction"}, "slug": strings.ToLower(strings.ReplaceAll(l.list, " ", "")), "flag-code": "US",
			"entities": []any{map[string]any{"name": l.name, "alias-type": "primary_name",
				"birthdates": []any{map[string]any{"year": l.year, "granularity": "year"}}}},
		})
	}
	ref := func(kind, id string) any {
		return map[string]any{"data": map[string]any{"type": kind, "id": id}}
	}
	tags := p.tags
	if tags == nil {
		tags = []string{}
	}
	txn := map[string]any{"type": "transaction", "id": p.id,
		"attributes": map[string]any{"status": p.status, "reference-id": p.reference, "tags": tags,
			"created-at": stampOf(created), "updated-at": stampOf(p.at),
			"fields": map[string]any{
				"name_first":           map[string]any{"type": "string", "value": p.first},
				"name_last":            map[string]any{"type": "string", "value": p.last},
				"birthdate":            map[string]any{"type": "date", "value": p.birth},
				"address_country_code": map[string]any{"type": "string", "value": p.country}}},
		"relationships": map[string]any{"related-objects": map[string]any{"data": []any{
			map[string]any{"type": "report/watchlist", "id": report}}}}}
	rep := map[string]any{"type": "report/watchlist", "id": report,
		"attributes": map[string]any{"status": "ready", "created-at": stampOf(reported),
			"completed-at": stampOf(completed), "redacted-at": nil, "report-template-version-name": "v1",
			"has-match": len(lists) > 0, "is-continuous": false, "is-recurring": true, "tags": []string{},
			"name-first": p.first, "name-middle": nil, "name-last": p.last, "term": p.first + " " + p.last,
			"birthdate": p.birth, "country-code": p.country, "matched-lists": lists, "ignore-list": []any{}},
		"relationships": map[string]any{"transaction": ref("transaction", p.id)}}
	event := map[string]any{"data": map[string]any{"type": "event", "id": "evt_" + p.id + stampOf(p.at) + stampOf(completed),
		"attributes": map[string]any{"name": "transaction.status-updated", "created-at": stampOf(p.at),
			"payload": map[string]any{"data": txn, "included": []any{rep}}}}}
	b, err := json.Marshal(event)
	if err != nil {
		panic(err)
	}
	return b
}

func stampOf(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// client is a colleague's browser: cookies kept, redirects followed only when asked.
type client struct {
	h    *house
	http *http.Client
	name string
}

// visitor is a browser that nobody has signed in with.
func (h *house) visitor() *client {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(h.t, err)
	return &client{h: h, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}}
}

// as is a browser that a colleague has signed in with, without the cost of a password.
func (h *house) as(id string) *client {
	h.t.Helper()
	c := h.visitor()
	c.name = id
	hash, err := h.db.PasswordHash(h.t.Context(), review.ColleagueID(id))
	require.NoError(h.t, err)
	session, err := h.db.BeginSession(h.t.Context(), nil, review.ColleagueID(id), hash, "test")
	require.NoError(h.t, err)
	name, value, _ := strings.Cut(web.SessionCookie(session), "=")
	at, err := url.Parse(h.url)
	require.NoError(h.t, err)
	c.http.Jar.SetCookies(at, []*http.Cookie{{Name: name, Value: value, Path: "/", Secure: true}})
	return c
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

func (c *client) do(r *http.Request) answer {
	c.h.t.Helper()
	res, err := c.http.Do(r)
	require.NoError(c.h.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(c.h.t, err)
	a := answer{t: c.h.t, status: res.StatusCode, header: res.Header, body: string(body)}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") && r.Method != http.MethodHead && res.StatusCode/100 != 3 {
		for _, p := range viewtest.Problems(a.body) {
			// A planted string may look like a call that was not rendered; nothing else may.
			if c.h.planted == "" || !strings.HasPrefix(p, "looks unrendered") {
				assert.Fail(c.h.t, "the page lint: "+p, r.URL.Path)
			}
		}
	}
	return a
}

func (c *client) get(path string) answer {
	c.h.t.Helper()
	r, err := http.NewRequestWithContext(c.h.t.Context(), http.MethodGet, c.h.url+path, nil)
	require.NoError(c.h.t, err)
	return c.do(r)
}

// post sends a form as our own pages do.
func (c *client) head(path string) answer {
	c.h.t.Helper()
	r, err := http.NewRequestWithContext(c.h.t.Context(), http.MethodHead, c.h.url+path, nil)
	require.NoError(c.h.t, err)
	return c.do(r)
}

func (c *client) post(path string, form url.Values) answer {
	c.h.t.Helper()
	r, err := http.NewRequestWithContext(c.h.t.Context(), http.MethodPost, c.h.url+path, strings.NewReader(form.Encode()))
	require.NoError(c.h.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", c.h.url)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return c.do(r)
}

func (a answer) page() *goquery.Document {
	a.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	require.NoError(a.t, err)
	return doc
}

// text is the words of what a selector finds, spaces made one.
func (a answer) text(selector string) string {
	a.t.Helper()
	return strings.Join(strings.Fields(a.page().Find(selector).Text()), " ")
}

func (a answer) is(status int) answer {
	a.t.Helper()
	require.Equal(a.t, status, a.status, "%s", excerpt(a.body))
	return a
}

// to is where a 303 leads.
func (a answer) to() string {
	a.t.Helper()
	a.is(http.StatusSeeOther)
	return a.header.Get("Location")
}

var tagsAndSpace = regexp.MustCompile(`(?s)<style.*?</style>|<[^>]*>|\s+`)

func excerpt(body string) string {
	s := strings.TrimSpace(tagsAndSpace.ReplaceAllString(body, " "))
	return s[:min(len(s), 600)]
}

// finding is the form of a party as it stands on the page of a review, with an answer put in, and
// the first box ticked that this answer asks for.
func (a answer) finding(party int, finding, reason, note string) url.Values {
	a.t.Helper()
	form := a.page().Find(fmt.Sprintf("#party-%d form:has(textarea)[action$='/dispositions']", party))
	require.Equal(a.t, 1, form.Length(), "party %d has no finding form", party)
	v := url.Values{"finding": {finding}, "reason": {reason}, "note": {note}}
	form.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) {
		v.Add(s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	if asks := map[string]string{"false_positive": "premise", "cannot_tell": "missing"}[finding]; asks != "" {
		box := form.Find("input[name="+asks+"]").First().AttrOr("value", "")
		require.NotEmpty(a.t, box, "party %d has no box to tick", party)
		v.Set(asks, box)
		if box == "other" && note == "" {
			v.Set("note", "Compared by eye.")
		}
	}
	return v
}

// evidence is the digest that a page shows.
func (a answer) evidence() string { return a.page().Find("main").AttrOr("data-evidence", "") }

// claimed is a review that a colleague holds.
func (h *house) claimed(id review.ReviewID, by string) {
	h.t.Helper()
	_, err := h.db.Claim(context.WithoutCancel(h.t.Context()), id, review.ColleagueID(by), false)
	require.NoError(h.t, err)
}
