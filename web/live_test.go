package web_test

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/web"
)

// fakeLive stands in for the connection to Persona: it does what a test says and notes what it
// was asked.
type fakeLive struct {
	mu      sync.Mutex
	state   persona.LiveState
	screens []review.ScreeningForm
	screen  func(review.ScreeningForm) (review.TransactionID, error)
	link    string
	until   time.Time
	err     error
	asked   []string
	synced  chan struct{}
	wakes   atomic.Int64
}

// sandboxed is a connection that does well.
func sandboxed() *fakeLive {
	return &fakeLive{state: persona.LiveState{Connected: true, Environment: persona.Sandbox, CanScreen: true,
		Client: persona.ClientState{Limit: 300, Remaining: 284, LastOK: start}}, synced: make(chan struct{}, 9)}
}

// with lets a house use it.
func (f *fakeLive) with(o *web.Options) { o.Live = f }

func (f *fakeLive) Wake() { f.wakes.Add(1) }

func (f *fakeLive) State() persona.LiveState {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state
}

func (f *fakeLive) set(change func(*persona.LiveState)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.state)
}

func (f *fakeLive) note(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, what)
}

func (f *fakeLive) Screen(_ context.Context, form review.ScreeningForm, by string) (review.TransactionID, error) {
	f.note("screen by " + by)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.screens = append(f.screens, form)
	return f.screen(form)
}

func (f *fakeLive) InquiryLink(inquiry string) string {
	return "https://inquiry.withpersona.com/verify?inquiry-id=" + url.QueryEscape(inquiry)
}

func (f *fakeLive) OneTimeLink(_ context.Context, inquiry string, by review.ColleagueID) (string, time.Time, error) {
	f.note("one-time " + inquiry + " by " + string(by))
	return f.link, f.until, f.err
}

func (f *fakeLive) Resume(_ context.Context, inquiry string, by review.ColleagueID) (string, error) {
	f.note("resume " + inquiry + " by " + string(by))
	return f.link, f.err
}

func (f *fakeLive) FetchAgain(_ context.Context, ref review.Ref, by review.ColleagueID) error {
	f.note("fetch " + ref.String() + " by " + string(by))
	return f.err
}

func (f *fakeLive) Sync(context.Context, time.Time) (review.Synced, error) {
	f.note("sync")
	f.synced <- struct{}{}
	return review.Synced{}, f.err
}

func TestEveryPageSaysAtWhichEnvironment(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	h := newHouse(t, live.with)
	h.take(ekene().payload())
	id := h.opened()
	c := h.as("admin")
	for words, change := range map[string]func(*persona.LiveState){
		"Sandbox":             func(s *persona.LiveState) { s.Environment = persona.Sandbox },
		"Production":          func(s *persona.LiveState) { s.Environment = persona.Production },
		"Environment unknown": func(s *persona.LiveState) { s.Environment = persona.UnknownEnvironment },
		"Not connected":       func(s *persona.LiveState) { s.Connected = false },
	} {
		live.set(func(s *persona.LiveState) { s.Connected = true; change(s) })
		for _, path := range []string{"/reviews", "/reviews/" + id.String()[2:], "/transactions/txn_ekene", "/decisions", "/screen", "/intake", "/admin/telling", "/nothing"} {
			a := c.get(path)
			assert.Contains(t, a.text("header"), words, path)
			assert.Contains(t, a.text("footer"), "Persona:", path)
		}
	}
	assert.Contains(t, newHouse(t).as("reviewer").get("/reviews").text("header"), "Not connected")
}

func TestWhatEverybodyAtWorkMustKnowIsOnEveryPage(t *testing.T) {
	t.Parallel()
	live := sandboxed()
	h := newHouse(t, live.with, hooked)
	for i := range 30 { // an ordinary day: something every twenty minutes
		p := ekene()
		p.id, p.at = "txn_"+string(rune('a'+i%26))+string(rune('a'+i/26)), start.Add(time.Duration(i)*time.Second)
		body := p.payload()
		h.deliver(body, "Persona-Signature", signed(hookSecret, h.clock.Now(), body)).is(200)
		h.clock.Pass(20 * time.Minute)
	}
	lead := h.as("lead")
	assert.NotContains(t, lead.get("/decisions").text("header"), "Nothing has come")
	h.clock.Pass(9 * time.Hour)
	lead = h.as("lead")
	assert.Contains(t, lead.get("/decisions").text("header"), "Nothing has come from Persona for 9 h 20 min.")
	assert.Contains(t, h.as("auditor").get("/reviews").text("header"), "Nothing has come")
	assert.NotContains(t, h.as("reviewer").get("/decisions").text("header"), "Nothing has come", "who can do nothing about it is not alarmed")
	live.set(func(s *persona.LiveState) {
		s.Client.LastFailed, s.Client.Problem = h.clock.Now(), "Persona answered 503"
	})
	assert.Contains(t, lead.get("/decisions").text("header"), "Persona has not answered since 18 June, 09:41 UTC. Persona answered 503. Nothing is lost")
	body := []byte(`{"data":{"type":"event","id":"evt_late"}}`)
	h.deliver(body, "Persona-Signature", signed(hookSecret, h.clock.Now(), body)).is(200)
	h.clock.Pass(time.Minute)
	assert.NotContains(t, lead.get("/decisions").text("header"), "Nothing has come")
}

func TestWithoutAConnectionNothingIsAsked(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	c := h.as("admin")
	assert.Contains(t, c.get("/screen").is(200).text("main"), "no API key is set up")
	assert.Zero(t, c.get("/screen").page().Find("main form").Length())
	form := url.Values{"name_last": {"Falade"}, "key": {"0123456789abcdef"}}
	for path, form := range map[string]url.Values{"/screen": form, "/transactions/txn_ekene/link": {"make": {"one-time"}}, "/resources/report/watchlist/rep_ekene/fetch": {}, "/intake/sync": {}} {
		a := c.post(path, form).is(http.StatusConflict)
		assert.Contains(t, a.text("h1"), "Not connected to Persona", path)
	}
	require.Contains(t, c.get("/intake").is(200).text("main"), "none: no API key is set up")
}
