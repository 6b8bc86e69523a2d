package web

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/gorilla/sessions"

	"docket/review"
	"docket/store"
)

// The cookie holds 256 random bits and nothing else; what it stands for is a row in the
// store, so that signing out, a lead or a disabled account ends it at once. The prefix makes
// browsers refuse it unless it is Secure, for this host alone and for every path.
const (
	cookieName  = "__Host-docket"
	cookieBytes = 32
)

// cookieOptions has no MaxAge: the server decides how long a session lives. A cookie is
// deleted with the same attributes, or browsers refuse to delete it.
var cookieOptions = sessions.Options{Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}

// sessionKey is the one key of sessions.Session.Values; its value is a store.Session.
type sessionKey struct{}

// sessionStore is gorilla's sessions.Store over the rows of our own store. Only its sign-in
// and sign-out write cookies: a visitor who is not signed in has neither row nor cookie.
type sessionStore struct{ db *store.DB }

// Get gives the session of a request, looked up once per request.
func (st *sessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(st, name)
}

// New looks a session up. It returns a usable session with every error, because the registry
// writes to it without looking. Only a failing database is an error: refusing is right then,
// taking the visitor for signed out is not.
func (st *sessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	s := sessions.NewSession(st, name)
	o := cookieOptions
	s.Options, s.IsNew = &o, true
	c, err := r.Cookie(name)
	if err != nil {
		return s, nil
	}
	id, err := cookieID(c.Value)
	if err != nil {
		return s, nil // not ours: as if absent
	}
	held, err := st.db.Session(r.Context(), id)
	switch {
	case errors.Is(err, review.ErrNotFound):
		return s, nil
	case err != nil:
		return s, err
	}
	s.ID, s.IsNew = c.Value, false
	s.Values[sessionKey{}] = held
	return s, nil
}

// Save writes the cookie of a session that signIn or signOut changed. It is never called for
// the others, so reading a page sets no cookie.
func (st *sessionStore) Save(_ *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	http.SetCookie(w, sessions.NewCookie(s.Name(), s.ID, s.Options))
	return nil
}

// SessionCookie is the Cookie header of a session with this id, for programs that hold the
// store: benchmarks and checks.
func SessionCookie(id []byte) string {
	return cookieName + "=" + base64.RawURLEncoding.EncodeToString(id)
}

// cookieID reads the 43 characters of a cookie. Strict, because the last one has two spare
// bits: without it four cookies would mean one session.
func cookieID(value string) ([]byte, error) {
	id, err := base64.RawURLEncoding.Strict().DecodeString(value)
	if err != nil {
		return nil, err
	}
	if len(id) != cookieBytes {
		return nil, errors.New("not the length of a session id")
	}
	return id, nil
}

// signIn begins a session under a new id and ends the one that the browser held before. An id
// that came from outside is never adopted. review.ErrConflict: the stored hash that the password
// fitted is the colleague's no more.
func (st *sessionStore) signIn(w http.ResponseWriter, r *http.Request, by review.ColleagueID, fitted string) error {
	s, err := st.Get(r, cookieName)
	if err != nil {
		return err
	}
	var old []byte
	if !s.IsNew {
		if old, err = cookieID(s.ID); err != nil {
			return err
		}
	}
	id, err := st.db.BeginSession(r.Context(), old, by, fitted, clip(r.UserAgent(), 200))
	if err != nil {
		return err
	}
	s.ID, s.IsNew = base64.RawURLEncoding.EncodeToString(id), false
	return s.Save(r, w)
}

// signOut ends the session of a request and deletes its cookie, if there is one.
func (st *sessionStore) signOut(w http.ResponseWriter, r *http.Request) error {
	s, err := st.Get(r, cookieName)
	if err != nil {
		return err
	}
	if s.IsNew {
		return nil
	}
	id, err := cookieID(s.ID)
	if err != nil {
		return err
	}
	if err := st.db.EndSession(r.Context(), id, store.EndedSignedOut); err != nil && !errors.Is(err, review.ErrNotFound) {
		return err
	}
	s.ID, s.Options.MaxAge = "", -1
	delete(s.Values, sessionKey{})
	return s.Save(r, w)
}

// touchEvery is how old a stored time of last use may get before a request writes it again.
// The idle limit is exact to this, on the safe side.
const touchEvery = time.Minute

// visit is what one request is known by: the only value that this package puts in a context.
type visit struct {
	id      string        // of the request, also on the problem page
	session store.Session // zero: not signed in
	route   string        // the pattern that answered
	event   string        // what to look for in the log, when it is out of the ordinary
	err     error         // why the handler could not
}

// signedIn says that a colleague is behind the request.
func (v *visit) signedIn() bool { return v.session.Colleague.ID != "" }

type visitKey struct{}

// visitOf gives what a request is known by. It is set by the outermost middleware.
func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{}
}

// identify looks the session of a request up and notes it in the visit.
func (s *Server) identify(r *http.Request) error {
	session, err := s.sessions.Get(r, cookieName)
	if err != nil {
		return err
	}
	held, ok := session.Values[sessionKey{}].(store.Session)
	if !ok {
		return nil
	}
	if s.now().Sub(held.SeenAt) >= touchEvery {
		id, err := cookieID(session.ID)
		if err != nil {
			return err
		}
		err = s.db.TouchSession(r.Context(), id)
		switch {
		case errors.Is(err, review.ErrNotFound):
			return nil // it ended this very moment
		case errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrFull):
			// Reading goes on where nothing can be written; the session only ends the earlier.
		case err != nil:
			return err
		}
	}
	visitOf(r.Context()).session = held
	return nil
}

// me is the signed-in colleague; zero on a public page.
func me(r *http.Request) review.Colleague { return visitOf(r.Context()).session.Colleague }
