package web

import (
	"errors"
	"net/http"
	"strings"

	"docket/review"
	"docket/views"
)

// showLogin is the way in. Who is signed in goes on.
func (s *Server) showLogin(w http.ResponseWriter, r *http.Request) error {
	next := localPath(r.URL.Query().Get("next"))
	if visitOf(r.Context()).signedIn() {
		seeOther(w, next)
		return nil
	}
	page := views.LoginPage{Shell: s.shell(r, "Sign in", views.PlaceNone), Next: asked(next)}
	if r.URL.Query().Has("out") {
		page.Note = "You are signed out."
	}
	return s.render(w, r, http.StatusOK, page)
}

// asked is where a person wanted to go, "" when nowhere in particular.
func asked(next string) string {
	if next == afterSignIn {
		return ""
	}
	return next
}

// login checks name and password. Whatever does not fit, the answer is one and the same, and
// costs the same time.
func (s *Server) login(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var username, password, next string
	if err := errors.Join(f.single("username", &username), f.single("password", &password), f.single("next", &next)); err != nil {
		return err
	}
	next = localPath(next)
	page := views.LoginPage{Shell: s.shell(r, "Sign in", views.PlaceNone), Next: asked(next), Username: clip(username, 64)}
	page.Problem = true

	// Names are lower case; people's keyboards are not.
	id, err := review.ParseColleagueID(strings.ToLower(strings.TrimSpace(username)))
	account := string(id)
	if err != nil {
		account = "" // counted as one, so that nonsense cannot fill the table
	}
	wait, err := s.db.SignInAttempt(r.Context(), account, s.address(r))
	if err != nil {
		return err
	}
	if wait > 0 {
		visitOf(r.Context()).event = "sign-in-held-back"
		return s.loginLater(w, r, page, &tooMany{wait})
	}
	met, err := s.passwordFits(r, id, password)
	if errors.Is(err, errBusy) {
		return s.loginLater(w, r, page, err)
	}
	if err != nil {
		return err
	}
	if err := s.db.SignInResult(r.Context(), account, s.address(r), met.fits()); err != nil {
		return err
	}
	if met.fits() {
		err = s.enter(w, r, id, password, met)
	}
	if !met.fits() || errors.Is(err, review.ErrConflict) { // it fitted when it was looked at, and is another by now
		visitOf(r.Context()).event = "sign-in-failed"
		page.Head, page.Text = "Name and password do not fit together", "Check both and try again. After several tries the name rests for a while."
		return s.render(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	visitOf(r.Context()).event = "signed-in"
	seeOther(w, next)
	return nil
}

// enter begins a session for who typed a password that fits.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, id review.ColleagueID, password string, met passwordMet) error {
	hash := met.hash
	if met.outdated {
		// Made at an older cost. Setting it again ends the colleague's other sessions, which is
		// rare enough and errs on the safe side.
		var err error
		if hash, err = s.hash(r, password); err != nil {
			return err
		}
		if err := s.db.ReplacePassword(r.Context(), id, met.hash, hash); err != nil {
			return err
		}
	}
	return s.sessions.signIn(w, r, id, hash)
}

// loginLater is the sign-in page with the reason to wait.
func (s *Server) loginLater(w http.ResponseWriter, r *http.Request, page views.LoginPage, err error) error {
	page.Head, page.Text = "Too many tries", "Wait a little and try again. Nobody is locked out: the wait ends by itself."
	if errors.Is(err, errBusy) {
		page.Head, page.Text = "Many people are signing in just now", "Nothing was tried. Send it again in a few seconds."
	}
	retryAfter(w, err)
	return s.render(w, r, statusOf(err), page)
}

// passwordMet is what came of checking a password.
type passwordMet struct {
	hash     string // the stored one that it fits, "" when it fits none: acts that rest on it name it to the store
	outdated bool   // made at another cost than today's
}

func (m passwordMet) fits() bool { return m.hash != "" }

// passwordFits checks a password against the colleague's hash, or against a stand-in when
// there is no such colleague or they may not sign in.
func (s *Server) passwordFits(r *http.Request, id review.ColleagueID, password string) (passwordMet, error) {
	hash, known := dummyHash(), false
	if id != "" {
		h, err := s.db.PasswordHash(r.Context(), id)
		switch {
		case err == nil:
			hash, known = h, true
		case !errors.Is(err, review.ErrNotFound) && !errors.Is(err, review.ErrForbidden):
			return passwordMet{}, err
		}
	}
	if len(password) > MaxPassword {
		password, known = "", false
	}
	var fits, outdated bool
	var verr error
	if err := s.hasher.do(r.Context(), func() { fits, outdated, verr = VerifyPassword(password, hash) }); err != nil {
		return passwordMet{}, err
	}
	if verr != nil || !fits || !known {
		return passwordMet{}, verr
	}
	return passwordMet{hash, outdated}, nil
}

// logout ends the session and asks the browser to forget what it kept.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) error {
	if err := s.sessions.signOut(w, r); err != nil {
		return err
	}
	visitOf(r.Context()).event = "signed-out"
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	seeOther(w, "/login?out")
	return nil
}

// showSetUp is where the first admin comes in by a link that works once. With a colleague
// there is nothing here.
func (s *Server) showSetUp(w http.ResponseWriter, r *http.Request) error {
	if err := s.noColleagues(r); err != nil {
		return err
	}
	token := r.URL.Query().Get("token")
	if err := s.db.CheckSetUpToken(r.Context(), token); err != nil {
		return deadLink(r, err)
	}
	page := views.SetUpPage{Shell: s.shell(r, "Set up docket", views.PlaceNone), Token: token}
	return s.render(w, r, http.StatusOK, page)
}

func (s *Server) noColleagues(r *http.Request) error {
	all, err := s.db.Colleagues(r.Context())
	if err != nil {
		return err
	}
	if len(all) > 0 {
		return &told{err: review.ErrNotFound, head: "docket is set up already",
			text: "Sign in, or ask an admin to add you.", acts: []views.Go{{Href: "/login", Words: "Sign in"}}}
	}
	return nil
}

// setUp makes the first admin.
func (s *Server) setUp(w http.ResponseWriter, r *http.Request) error {
	if err := s.noColleagues(r); err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var token, username, name, password string
	if err := errors.Join(f.single("token", &token), f.single("username", &username), f.single("name", &name),
		f.single("password", &password)); err != nil {
		return err
	}
	page := views.SetUpPage{Shell: s.shell(r, "Set up docket", views.PlaceNone), Token: token,
		Username: username, Name: name}
	c, problems := newColleague(username, name, string(review.RoleAdmin), password)
	if len(problems) > 0 {
		page.Problem, page.Problems = true, views.Problems{List: problems}
		return s.render(w, r, http.StatusUnprocessableEntity, page)
	}
	hash, err := s.hash(r, password)
	if err != nil {
		return err
	}
	if err := s.db.FirstAdmin(r.Context(), token, c, hash); err != nil {
		return deadLink(r, err)
	}
	visitOf(r.Context()).event = "set-up"
	if err := s.sessions.signIn(w, r, c.ID, hash); err != nil {
		return err
	}
	seeOther(w, afterSignIn)
	return nil
}

// deadLink gives a set-up link that lets nobody in its words.
func deadLink(r *http.Request, err error) error {
	if !errors.Is(err, review.ErrNotFound) {
		return err
	}
	visitOf(r.Context()).event = "set-up-refused"
	return &told{err: err, head: "This link no longer works",
		text: "It works once, for 30 minutes. Start docket again: it prints a new one as long as there is no colleague.",
		acts: []views.Go{{Href: "/login", Words: "Sign in"}}}
}

// hash makes a hash when there is room for it.
func (s *Server) hash(r *http.Request, password string) (hash string, err error) {
	err = s.hasher.do(r.Context(), func() { hash = hashPassword(password) })
	return hash, err
}
