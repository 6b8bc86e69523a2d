package web

import (
	"errors"
	"net/http"

	"docket/review"
	"docket/views"
)

// showAccount is the signed-in colleague's own page.
func (s *Server) showAccount(w http.ResponseWriter, r *http.Request) error {
	page := s.accountPage(r)
	if r.URL.Query().Has("changed") {
		page.Notices = []views.Notice{{Tone: views.ToneGood, News: true, Strong: "Password changed.",
			Text: "Every other session of yours has ended."}}
	}
	return s.render(w, r, http.StatusOK, page)
}

func (s *Server) accountPage(r *http.Request) views.AccountPage {
	v := visitOf(r.Context())
	c := v.session.Colleague
	keys := "off"
	if c.Keys {
		keys = "on"
	}
	return views.AccountPage{
		Shell:  s.shell(r, "Your account", views.PlaceNone),
		Action: "/account/password",
		Facts: []views.Fact{
			{Term: "Name", Value: views.Value{State: review.Present, Str: str(c.Name)}},
			{Term: "Signs in as", Value: views.Value{State: review.Present, Str: views.S(string(c.ID)), Mono: true}},
			{Term: "Role", Value: views.V(views.RoleWords(c.Role))},
			{Term: "This session began", Value: views.Value{State: review.Present, Time: views.At(v.session.BeganAt, s.now())}},
			{Term: "Single-key shortcuts", Value: views.V(keys)},
		},
	}
}

// changePassword sets a new password for oneself, with the old one as proof. It ends every
// session of the colleague and begins a new one here.
func (s *Server) changePassword(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var current, password string
	if err := errors.Join(f.single("current", &current), f.single("password", &password)); err != nil {
		return err
	}
	c := me(r)
	page := s.accountPage(r)
	refuse := func(problems ...review.Problem) error {
		page.Problem, page.Problems = true, views.Problems{Head: "Your password was not changed", List: problemList(problems)}
		return s.render(w, r, http.StatusUnprocessableEntity, page)
	}
	var invalid *review.Invalid
	if err := CheckPassword(password, c); errors.As(err, &invalid) {
		return refuse(invalid.Problems...)
	}
	// The same limits as at sign-in: a stolen session must not be a way to guess.
	wait, err := s.db.SignInAttempt(r.Context(), string(c.ID), s.address(r))
	if err != nil {
		return err
	}
	if wait > 0 {
		return &tooMany{wait}
	}
	met, err := s.passwordFits(r, c.ID, current)
	if err != nil {
		return err
	}
	if err := s.db.SignInResult(r.Context(), string(c.ID), s.address(r), met.fits()); err != nil {
		return err
	}
	if met.fits() {
		var hash string
		if hash, err = s.hash(r, password); err != nil {
			return err
		}
		if err = s.db.ReplacePassword(r.Context(), c.ID, met.hash, hash); err == nil {
			err = s.sessions.signIn(w, r, c.ID, hash)
		}
	}
	if !met.fits() || errors.Is(err, review.ErrConflict) { // an admin set another meanwhile
		visitOf(r.Context()).event = "password-change-failed"
		return refuse(review.Problem{Field: "current", Text: "Type the password that you sign in with now"})
	}
	if err != nil {
		return err
	}
	visitOf(r.Context()).event = "password-changed"
	seeOther(w, "/account?changed")
	return nil
}

// setKeys turns single-key shortcuts on or off for the signed-in colleague.
func (s *Server) setKeys(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var keys, next string
	if err := errors.Join(f.single("keys", &keys), f.single("next", &next)); err != nil {
		return err
	}
	if keys != "on" && keys != "off" {
		return errMalformed
	}
	if err := s.db.SetKeys(r.Context(), me(r).ID, keys == "on", me(r).ID); err != nil {
		return err
	}
	seeOther(w, localPath(next))
	return nil
}

// problemList is what a person can put right, as a page shows it.
func problemList(problems []review.Problem) []views.Problem {
	out := make([]views.Problem, len(problems))
	for i, p := range problems {
		out[i] = views.Problem{Field: p.Field, Text: p.Text}
	}
	return out
}
