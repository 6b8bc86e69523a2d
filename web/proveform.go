package web

import (
	"errors"
	"net/http"

	"docket/review"
	"docket/views"
)

// unproven is a form that reaches far, posted by whoever typed their password too long ago: what is to be
// sent again with it.
type unproven struct {
	lead   string // what is about to be done
	kept   []views.Kept
	secret string // label of the password that the form sets: what was typed of it never goes back
	back   views.Go
}

// proveForm says that a form may be acted on: the password was typed lately, or comes with it. If not, the
// answer is out: it asks for the password, with everything that was typed. A session in which it
// was typed goes on under a new id, as after proveAgain.
func (s *Server) proveForm(w http.ResponseWriter, r *http.Request, f form, u unproven) (bool, error) {
	if !s.mustProve(r) {
		return true, nil
	}
	page := views.ProveFormPage{Shell: s.shell(r, "Type your password again", views.PlaceColleagues), Action: r.URL.EscapedPath(), Lead: u.lead,
		Kept: u.kept, Secret: u.secret, Name: string(me(r).ID), Back: u.back}
	var proof string
	if err := f.single("proof", &proof); err != nil {
		return false, err
	}
	if _, sent := f.values["proof"]; sent {
		met, err := s.prove(r, proof)
		if err == nil && met.fits() {
			if err = s.sessions.signIn(w, r, me(r).ID, met.hash); err == nil {
				visitOf(r.Context()).event = "proved-again"
				return true, nil
			}
		}
		if err != nil && !errors.Is(err, review.ErrConflict) {
			return false, err
		}
		page.Problem, page.Problems = true, views.Problems{Head: "This is not your password",
			List: []views.Problem{{Field: "proof", Text: "Type the password that you sign in with"}}}
	} else {
		visitOf(r.Context()).event = "proof-asked"
	}
	return false, s.render(w, r, http.StatusUnprocessableEntity, page)
}
