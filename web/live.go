package web

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"docket/persona"
	"docket/review"
	"docket/views"
)

// Live is docket's connection to Persona, as far as pages need it: *persona.Live.
type Live interface {
	// Wake says that something was stored that it should look at. It returns at once.
	Wake()
	// State says how the connection does. It is cheap.
	State() persona.LiveState
	// Screen asks Persona to screen somebody, once per form.
	Screen(ctx context.Context, f review.ScreeningForm, by string) (review.TransactionID, error)
	// InquiryLink is the link with which anybody who holds it begins a new inquiry.
	InquiryLink(inquiry string) string
	// OneTimeLink makes a link that opens an inquiry once.
	OneTimeLink(ctx context.Context, inquiry string, by review.ColleagueID) (link string, until time.Time, err error)
	// Resume opens an inquiry again and gives the link into it.
	Resume(ctx context.Context, inquiry string, by review.ColleagueID) (link string, err error)
	// FetchAgain wants a resource and its files asked for anew, soon.
	FetchAgain(ctx context.Context, ref review.Ref, by review.ColleagueID) error
	// Sync finds what webhooks missed since a moment; zero: since the last one that ended.
	Sync(ctx context.Context, since time.Time) (review.Synced, error)
}

var _ Live = (*persona.Live)(nil)

// connection is how docket stands with Persona, for a page.
type connection struct {
	persona.LiveState
	now time.Time
}

func (s *Server) connection() connection {
	c := connection{now: s.now()}
	if s.live != nil {
		c.LiveState = s.live.State()
	}
	return c
}

// failing says that Persona gave no usable answer the last time that it was asked.
func (c connection) failing() bool {
	return c.Connected && c.Client.Problem != "" && c.Client.LastFailed.After(c.Client.LastOK)
}

// environment words which of Persona's worlds docket is at.
func (c connection) environment() (badge string, tone views.Tone) {
	switch {
	case !c.Connected:
		return "Not connected", views.ToneNone
	case c.Environment == persona.Production:
		return "Production", views.ToneDanger
	case c.Environment == persona.Sandbox:
		return "Sandbox", views.ToneAttention
	}
	return "Environment unknown", views.ToneDanger // it may be the one with real people
}

// unreachable words that Persona does not answer, and what becomes of what waits.
func (c connection) unreachable() views.Notice {
	n := views.Notice{Tone: views.ToneAttention, Strong: "Persona does not answer.", Text: str(c.Client.Problem).Text}
	if !c.Client.LastOK.IsZero() {
		n.Strong = "Persona has not answered since " + instant(c.Client.LastOK, c.now) + "."
	}
	n.Text = sentence(n.Text) + " Nothing is lost: what waits is tried again by itself."
	return n
}

// sentence ends a text as one.
func sentence(s string) string {
	if s == "" || s[len(s)-1] == '.' || s[len(s)-1] == '!' || s[len(s)-1] == '?' {
		return s
	}
	return s + "."
}

// frame puts on a page which environment it is about and what everybody at work must know.
func (s *Server) frame(r *http.Request, sh *views.Shell) {
	c := s.connection()
	sh.Environment, sh.EnvTone = c.environment()
	sh.EnvIs = "Persona: " + lowerFirst(sh.Environment)
	if s.demo {
		sh.EnvIs = "Demo, invented people"
		if !c.Connected {
			sh.Environment = "Demo"
		}
	}
	if v := visitOf(r.Context()); !v.signedIn() || !overseers.admits(v.session.Colleague.Role) {
		return
	}
	if c.failing() {
		sh.Banners = append(sh.Banners, c.unreachable())
	}
	if in, ok := s.lately.intake(r.Context(), s); ok && in.IsLate() && s.signatures != nil {
		n := lateNotice(in)
		if sh.Place != views.PlaceIntake {
			n.To = views.Go{Href: "/intake", Words: "See the intake"}
		}
		sh.Banners = append(sh.Banners, n)
	}
}

func lateNotice(in review.Intake) views.Notice {
	return views.Notice{Tone: views.ToneAttention, Strong: "Nothing has come from Persona for " + views.Age(in.Quiet) + ".",
		Text: "On an ordinary day it is quiet for " + views.Age(in.Usual) + " at most. If nothing is wrong at Persona, look at the webhook there."}
}

// lately keeps what the banner needs for a moment, so that not every page asks for it.
type lately struct {
	mu   sync.Mutex
	busy bool // somebody asks right now; others take what there is
	at   time.Time
	in   review.Intake
	ok   bool
}

const latelyFor = 15 * time.Second

// intake is the sum of what arrived, some seconds old at most. A store that cannot say leaves
// the banner away: the page is about something else.
func (l *lately) intake(ctx context.Context, s *Server) (review.Intake, bool) {
	now := s.now()
	if l.isDue(now) {
		defer l.rest()
		in, err := s.db.Intake(context.WithoutCancel(ctx)) // for all, not for whoever came first
		l.mu.Lock()
		l.in, l.ok, l.at = in, err == nil, now
		l.mu.Unlock()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.in, l.ok
}

// isDue says that it is the caller's turn to ask.
func (l *lately) isDue(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if age := now.Sub(l.at); l.busy || !l.at.IsZero() && age >= 0 && age < latelyFor {
		return false
	}
	l.busy = true
	return true
}

func (l *lately) rest() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = false
}

// errNotConnected: there is no key, so nothing can be asked.
var errNotConnected = errors.New("docket is not connected to Persona")

const notConnectedWords = "docket is not connected to Persona: no API key is set up. Whoever looks after docket can set one."

// connected refuses what needs Persona while there is no connection.
func (s *Server) connected() error {
	if s.live == nil || !s.live.State().Connected {
		return &told{err: errNotConnected, head: "Not connected to Persona", text: notConnectedWords + " Nothing was done."}
	}
	return nil
}

// answered gives what Persona, or the way to it, made of an act words for a person. what is what
// did not happen: "No link was made".
func answered(err error, what string, back views.Go) error {
	var no *persona.Refused
	switch {
	case errors.As(err, &no):
		return &told{err: err, head: "Persona says no", text: sentence(str(no.Sentence()).Text) + " " + what + ".", acts: []views.Go{back}}
	case errors.Is(err, persona.ErrUnavailable):
		return &told{err: err, head: "Persona does not answer", text: "Try again in a moment. " + what + ".", acts: []views.Go{back}}
	}
	return err
}

// capital begins a sentence.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
