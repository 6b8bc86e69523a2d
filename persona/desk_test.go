package persona_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
	"docket/store/storetest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const deskKey = "persona_sandbox_desk"

// stand is a stand-in for Persona behind a real connection, with a clock that only tests move.
type stand struct {
	*sandbox.StandIn
	t      *testing.T
	clock  *storetest.Clock
	server *httptest.Server
	hook   func(body []byte) int // what takes webhooks; nil: nobody, they are lost
	sent   [][]byte              // bodies that were delivered, in order
}

// standOptions change what a stand-in does; wrap stands between it and the wire.
type standOptions struct {
	sandbox.StandInOptions
	wrap func(http.Handler) http.Handler
}

func newStand(t *testing.T, edits ...func(*standOptions)) *stand {
	t.Helper()
	s := &stand{t: t, clock: storetest.NewClock()}
	var serve http.Handler
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve.ServeHTTP(w, r) }))
	o := standOptions{StandInOptions: sandbox.StandInOptions{Key: deskKey, Now: s.clock.Now, Seed: 11, Step: true, Rate: 1 << 20,
		Files: s.server.URL + "/files/", Hook: func(r *http.Request) int {
			body, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			s.sent = append(s.sent, body)
			if s.hook == nil {
				return 0
			}
			return s.hook(body)
		}}, wrap: func(h http.Handler) http.Handler { return h }}
	for _, edit := range edits {
		edit(&o)
	}
	s.StandIn = sandbox.NewStandIn(o.StandInOptions)
	serve = o.wrap(s.StandIn)
	t.Cleanup(func() {
		s.StandIn.Close() // first: it lets hanging requests go
		s.server.Close()
	})
	return s
}

// settle lets time go by at Persona and here.
func (s *stand) settle(d time.Duration) {
	s.t.Helper()
	require.NoError(s.t, s.Settle(s.t.Context(), d))
	s.clock.Advance(d)
}

// asked counts the requests that reached the stand-in, by method and start of the path.
func (s *stand) asked(method, prefix string) int {
	n := 0
	for _, r := range s.Requests() {
		if (method == "" || r.Method == method) && strings.HasPrefix(r.Path, prefix) {
			n++
		}
	}
	return n
}

// desk is a docket of its own, connected to a stand-in.
type desk struct {
	*persona.Live
	t      *testing.T
	stand  *stand
	db     *store.DB
	client *persona.Client
}

func newDesk(t *testing.T, s *stand, edits ...func(*persona.LiveOptions)) *desk {
	t.Helper()
	d := &desk{t: t, stand: s}
	d.db = storetest.Open(t, storetest.WithClock(s.clock), func(o *store.Options) {
		o.Hydrate, o.Pushes, o.Reduce, o.Read = persona.Hydrate, persona.Pushes, persona.Reduce, persona.Read
	})
	d.client = newDeskClient(t, s)
	o := persona.LiveOptions{DB: d.db, Client: d.client, Clock: s.clock.Now, Everything: true, TransactionType: sandbox.TypePerson}
	for _, edit := range edits {
		edit(&o)
	}
	d.Live = persona.NewLive(o)
	d.Waits(s.clock.Advance)
	return d
}

// newDeskOn is what a docket is that starts again on the store of another.
func newDeskOn(t *testing.T, old *desk) *desk {
	d := &desk{t: t, stand: old.stand, db: old.db, client: newDeskClient(t, old.stand)}
	d.Live = persona.NewLive(persona.LiveOptions{DB: d.db, Client: d.client, Clock: old.stand.clock.Now, Everything: true, TransactionType: sandbox.TypePerson})
	return d
}

func newDeskClient(t *testing.T, s *stand) *persona.Client {
	c, err := persona.NewClient(persona.ClientOptions{Key: deskKey, BaseURL: s.server.URL + "/api/v1", Clock: s.clock.Now, Rate: 1 << 20,
		Loopback: true, FileHosts: []string{strings.TrimPrefix(s.server.URL, "http://")}})
	require.NoError(t, err)
	c.Hurry()
	t.Cleanup(c.Close)
	return c
}

// take is the webhook of the desk.
func (d *desk) take(body []byte) int {
	_, err := d.db.Deliver(d.t.Context(), review.Receipt{Bytes: body, Event: persona.EventID(body), Secret: "0badcafe", Attempt: 1})
	if !assert.NoError(d.t, err) {
		return 503
	}
	return 200
}

func (d *desk) drain() {
	d.t.Helper()
	require.NoError(d.t, d.Drain(d.t.Context()))
}

// screen has somebody screened from the desk.
func (d *desk) screen(whole string, edits ...func(*review.ScreeningForm)) review.TransactionID {
	d.t.Helper()
	first, last, _ := strings.Cut(whole, " ")
	f := review.ScreeningForm{ReferenceID: "ref-" + last, NameFirst: first, NameLast: last, Key: "form-" + whole}
	for _, edit := range edits {
		edit(&f)
	}
	id, err := d.Screen(d.t.Context(), f, "")
	require.NoError(d.t, err)
	return id
}

// work lets Persona and the desk go on for a while.
func (d *desk) work(rounds int) {
	d.t.Helper()
	for range rounds {
		d.stand.settle(2 * time.Second)
		d.drain()
	}
}

// file is what is known of a transaction.
func (d *desk) file(id review.TransactionID) store.TransactionFile {
	d.t.Helper()
	f, err := d.db.TransactionFile(d.t.Context(), id)
	require.NoError(d.t, err)
	return f
}

// page is a dossier as text, for comparing.
func (d *desk) page(id review.TransactionID) string {
	d.t.Helper()
	b, err := json.MarshalIndent(d.file(id).Dossier, "", " ")
	require.NoError(d.t, err)
	return string(b)
}

// waiting are the errands that are not settled.
func (d *desk) errands(state review.ErrandState) []review.Errand {
	d.t.Helper()
	es, _, err := d.db.Errands(d.t.Context(), []review.ErrandState{state}, "", 500)
	require.NoError(d.t, err)
	return es
}

// decide has the newest review of a transaction judged and decided, every match with one finding.
func (d *desk) decide(id review.TransactionID, finding review.Finding, form review.DecisionForm) review.ReviewID {
	d.t.Helper()
	f := d.file(id)
	require.NotEmpty(d.t, f.Reviews)
	r := f.Reviews[0].ID
	by := review.ColleagueID("ada")
	if _, err := d.db.Colleague(d.t.Context(), by); err != nil {
		storetest.Colleague(d.t, d.db, review.RoleLead, "ada")
	}
	storetest.Claimed(d.t, d.db, r, by)
	if len(f.Dossier.OpenMatches()) > 0 {
		storetest.Disposed(d.t, d.db, r, by, finding)
	}
	form.Evidence = storetest.Digest(d.t, d.db, r)
	_, err := d.db.Decide(d.t.Context(), r, by, form)
	require.NoError(d.t, err)
	storetest.Agreed(d.t, d.db, r)
	return r
}

func (d *desk) pushes(id review.ReviewID) []review.Push {
	d.t.Helper()
	ps, err := d.db.PushesOf(d.t.Context(), id)
	require.NoError(d.t, err)
	return ps
}

// telling switches on what Persona is told.
func (d *desk) telling(t review.Telling) {
	d.t.Helper()
	require.NoError(d.t, d.db.SetTelling(d.t.Context(), t, ""))
}

// everything tells all that can be told, as the stand-in spells it.
var everything = review.Telling{Status: true, Fields: true, Matches: true, Inquiry: true, Case: true,
	Types: []review.TypeTelling{{Approved: "approved", Declined: "declined", ReasonField: "review_reason", NoteField: "review_note",
		ByField: "reviewed_by"}},
	CaseApproved: "Approved", CaseDeclined: "Declined"}

// says is a status as Persona has it.
func (s *stand) says(id review.TransactionID) string {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.server.URL+"/api/v1/transactions/"+string(id), nil)
	require.NoError(s.t, err)
	req.Header.Set("Authorization", "Bearer "+deskKey)
	res, err := http.DefaultClient.Do(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	var doc struct {
		Data struct {
			Attributes struct{ Status string }
		}
	}
	require.NoError(s.t, json.NewDecoder(res.Body).Decode(&doc))
	return doc.Data.Attributes.Status
}

// events are those that Persona lists about a resource, newest first.
func (s *stand) events(id string) []persona.Item {
	s.t.Helper()
	page, err := newDeskClient(s.t, s).Events(s.t.Context(), persona.EventQuery{Objects: []string{id}})
	require.NoError(s.t, err)
	return page.Items
}

// moves counts how often a transaction was moved to a status.
func (s *stand) moves(id review.TransactionID, status string) int {
	s.t.Helper()
	n := 0
	for _, e := range s.events(string(id)) {
		if e.Event == "transaction.status-updated" && strings.Contains(string(e.Raw), `"status":"`+status+`"`) {
			n++
		}
	}
	return n
}

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}
