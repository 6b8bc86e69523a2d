package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// proofLasts is how long a typed password speaks for acts that reach far: whoever finds a browser left
// open cannot put a policy in force or carry every decision off.
const proofLasts = 15 * time.Minute

// provePath is where the password is typed again.
const provePath = "/account/prove"

// mustProve says that the password was typed too long ago.
func (s *Server) mustProve(r *http.Request) bool {
	return s.now().Sub(visitOf(r.Context()).session.ProvedAt) > proofLasts
}

// prove checks the password of the signed-in colleague, within the limits of signing in: a stolen
// session must not be a way to guess.
func (s *Server) prove(r *http.Request, password string) (passwordMet, error) {
	id := me(r).ID
	wait, err := s.db.SignInAttempt(r.Context(), string(id), s.address(r))
	if err != nil {
		return passwordMet{}, err
	}
	if wait > 0 {
		return passwordMet{}, &tooMany{wait}
	}
	met, err := s.passwordFits(r, id, password)
	if err != nil {
		return passwordMet{}, err
	}
	if !met.fits() {
		visitOf(r.Context()).event = "proof-failed"
	}
	return met, s.db.SignInResult(r.Context(), string(id), s.address(r), met.fits())
}

// proven is a handler for whoever typed their password lately. The others type it again and come back.
func (s *Server) proven(handle handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if s.mustProve(r) {
			visitOf(r.Context()).event = "proof-asked"
			seeOther(w, proveHref(localPath(r.URL.RequestURI())))
			return nil
		}
		return handle(w, r)
	}
}

func proveHref(next string) string { return provePath + "?next=" + url.QueryEscape(next) }

// showProve asks for the password, or, when it was typed lately, leads on.
func (s *Server) showProve(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, s.provePage(r, localPath(r.URL.Query().Get("next"))))
}

func (s *Server) provePage(r *http.Request, next string) views.ProvePage {
	page := views.ProvePage{Shell: s.shell(r, "Type your password again", views.PlaceNone), Action: provePath, Next: next,
		Name: string(me(r).ID), Back: beforeProof(next)}
	if !s.mustProve(r) {
		page.Title = "Your password was checked"
		page.On = views.Go{Href: next, Words: "Go on"}
		if page.Back.Href != next {
			page.On.Words = "Take the file now"
		}
	}
	return page
}

// beforeProof is the page on which a file is asked for, with what was chosen there; for another
// address it is that.
func beforeProof(next string) views.Go {
	path, query, _ := strings.Cut(next, "?")
	page := path
	switch {
	case path == "/decisions/evidence.zip":
		page = "/decisions/evidence"
	case strings.HasPrefix(path, "/decisions."):
		page = "/decisions"
	case strings.HasPrefix(path, "/record."):
		page = "/record"
	}
	if query != "" {
		page += "?" + query
	}
	return views.Go{Href: page, Words: "Go back without it"}
}

// proveAgain checks the password and leads on. The session goes on under a new id, so that one
// which somebody else may hold is not the one that was proven.
func (s *Server) proveAgain(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var password, next string
	if err := errors.Join(f.single("password", &password), f.single("next", &next)); err != nil {
		return err
	}
	next = localPath(next)
	met, err := s.prove(r, password)
	if err == nil && met.fits() {
		err = s.sessions.signIn(w, r, me(r).ID, met.hash)
	}
	if err != nil && !errors.Is(err, review.ErrConflict) {
		return err
	}
	if !met.fits() || err != nil {
		page := s.provePage(r, next)
		page.On = views.Go{}
		page.Problem, page.Problems = true, views.Problems{Head: "This is not your password",
			List: []views.Problem{{Field: "password", Text: "Type the password that you sign in with"}}}
		return s.render(w, r, http.StatusUnprocessableEntity, page)
	}
	visitOf(r.Context()).event = "proved-again"
	seeOther(w, proveHref(next))
	return nil
}
