package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// duringLook is what a colleague who has a second look open may still ask for. All else is closed to
// them, whatever it is about: the first finding stands on too many pages, and in too many exports, to
// keep it out of each.
var duringLook = map[string]bool{
	"/quality/next":                true,
	"/quality/looks/{token}":       true,
	"/quality/looks/{token}/leave": true,
	"/keys":                        true,
	"/account":                     true,
	"/account/password":            true,
}

// blindfold refuses what a colleague must not see while they look a second time.
func (s *Server) blindfold(rt route, r *http.Request) error {
	if duringLook[rt.path] || !rt.who.signsIn() || !me(r).Role.Acts() {
		return nil
	}
	token, err := s.db.PendingLook(r.Context(), me(r).ID)
	switch {
	case errors.Is(err, review.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	visitOf(r.Context()).event = "blindfold"
	return &told{err: review.ErrForbidden, head: "You have a second look open",
		text: "Until you answer it or hand it back, every other page is closed to you: what a colleague found must not reach you before you have judged for yourself. Nothing was changed.",
		acts: []views.Go{{Href: lookHref(token), Words: "Go on with the second look"}}}
}

// signsIn says that a route is only for who is signed in.
func (w who) signsIn() bool { return w != anyone && w != visitor && w != machine }

func lookHref(token review.LookToken) string { return "/quality/looks/" + string(token) }

// nextLook leads to the second look that waits for the reader's answer, or to where one is taken.
func (s *Server) nextLook(w http.ResponseWriter, r *http.Request) error {
	token, err := s.db.PendingLook(r.Context(), me(r).ID)
	switch {
	case errors.Is(err, review.ErrNotFound):
		seeOther(w, "/quality")
		return nil
	case err != nil:
		return err
	}
	seeOther(w, lookHref(token))
	return nil
}

// takeLook gives the reader a second look.
func (s *Server) takeLook(w http.ResponseWriter, r *http.Request) error {
	token, err := s.db.TakeLook(r.Context(), me(r).ID)
	switch {
	case errors.Is(err, review.ErrNotFound):
		seeOther(w, "/quality?done=nothing")
		return nil
	case err != nil:
		return err
	}
	seeOther(w, lookHref(token))
	return nil
}

// showLook is what the second person judges.
func (s *Server) showLook(w http.ResponseWriter, r *http.Request) error {
	l, err := s.db.SecondLook(r.Context(), lookToken(r), me(r).ID)
	if err != nil {
		return s.lookOver(w, r, err)
	}
	return s.renderLook(w, r, http.StatusOK, l, nil, nil)
}

func lookToken(r *http.Request) review.LookToken { return review.LookToken(r.PathValue("token")) }

// lookOver answers for a second look that cannot be shown: one that is over leads to where another is
// taken, and one whose evidence was erased can only be handed back.
func (s *Server) lookOver(w http.ResponseWriter, r *http.Request, err error) error {
	var gone *store.DigestError
	switch {
	case errors.Is(err, review.ErrConflict):
		seeOther(w, "/quality")
		return nil
	case errors.Is(err, store.ErrErased), errors.As(err, &gone):
		return s.render(w, r, http.StatusGone, views.SecondLookPage{Shell: s.shell(r, "Second look", views.PlaceQuality), Fallback: "Erased",
			Asks: "There is nothing left to look at", Head: "What this second look was about has been erased since", Leave: lookHref(lookToken(r)) + "/leave"})
	}
	return err
}

// renderLook sends the page of a second look, with what was typed.
func (s *Server) renderLook(w http.ResponseWriter, r *http.Request, status int, l review.SecondLook, form *review.ExamineForm, problems []review.Problem) error {
	rules, err := s.rules(r.Context())
	if err != nil {
		return err
	}
	page, err := lookPage(l, rules, form, problems, s.now())
	if err != nil {
		return err
	}
	page.Shell = s.shell(r, "Second look", views.PlaceQuality)
	page.Problem = len(problems) > 0
	return s.render(w, r, status, page)
}

// lookPage is a pure function of what the second person may know.
func lookPage(l review.SecondLook, rules rules, form *review.ExamineForm, problems []review.Problem, now time.Time) (views.SecondLookPage, error) {
	parties, err := lookParties(l, now)
	if err != nil {
		return views.SecondLookPage{}, err
	}
	action := lookHref(l.Token)
	p := views.SecondLookPage{
		Name: str(l.Dossier.Subject.FullName()), Facts: subjectFacts(l.Dossier), Until: views.At(l.Until, now), Leave: action + "/leave",
		Asks: "Is this listed party our subject?", Head: views.Plural(len(parties), "listed party", "listed parties"),
		Problems: views.Problems{List: problemList(problems)},
	}
	if p.Name.Text == "" {
		p.Fallback = noName(l.Dossier)
	}
	for i := range parties {
		p.Parties = append(p.Parties, blindParty(parties[i], i+1))
	}
	if form == nil {
		form = &review.ExamineForm{}
	}
	if l.Kind == review.SampleDecision {
		p.Asks = "What was found on the lists"
		p.Outcome = &views.OutcomeForm{Action: action, Reasons: rules.book.Now().Decisions, Outcome: form.Outcome, Reason: form.Reason, Note: form.Note,
			Problems: problemList(problems)}
		return p, nil
	}
	f := &views.FindingForm{Number: 1, Action: action, For: "on this listed party", Blind: true, Reasons: rules.chief,
		Business: parties[0].Kind == review.PartyBusiness || l.Dossier.Subject.Kind == review.PartyBusiness,
		Premises: ticked(parties[0].premises, form.Premises), Missing: ticked(parties[0].missing, texts(form.Missing)),
		Finding: form.Finding, Reason: form.Reason, Note: form.Note, Problems: problemList(problems)}
	p.Problems.At = "-1"
	p.Parties[0].Form = f
	return p, nil
}

// lookParties reads the parties that a second look is at, by the rules that the first compared by.
// What a match says beside the comparison of how it was dealt with is left out.
func lookParties(l review.SecondLook, now time.Time) ([]partyRead, error) {
	by, err := review.ComparatorOf(l.Comparator)
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(readPartiesBy(l.Dossier, by, now), func(p partyRead) bool {
		return !slices.ContainsFunc(p.Matches, func(m review.Match) bool { return slices.Contains(l.Matches, m.Key) })
	})
	if l.Kind == review.SampleFinding && len(all) == 0 {
		return nil, review.ErrNotFound
	}
	return all, nil
}

// blindParty is a party as the evidence alone shows it.
func blindParty(r partyRead, number int) views.Party {
	p := r.view
	p.Number = number
	p.Matches = slices.Clone(p.Matches)
	for i := range p.Matches {
		p.Matches[i].Status = views.Tag{}
	}
	p.Status, p.Lead, p.Page, p.Precedent = views.Tag{}, "", "", nil
	return p
}

// examine records the answer of a second look.
func (s *Server) examine(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	form, err := f.examined()
	if err != nil {
		return err
	}
	err = s.db.Examine(r.Context(), lookToken(r), me(r).ID, form)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		l, err := s.db.SecondLook(r.Context(), lookToken(r), me(r).ID)
		if err != nil {
			return s.lookOver(w, r, err)
		}
		return s.renderLook(w, r, http.StatusUnprocessableEntity, l, &form, invalid.Problems)
	case errors.Is(err, review.ErrConflict):
		return &told{err: err, head: "This second look is over",
			text: "It was answered or handed back already, or its day ran out. Nothing was recorded now.", acts: []views.Go{{Href: "/quality", Words: "To quality"}}}
	case err != nil:
		return s.lookOver(w, r, err)
	}
	seeOther(w, "/quality?done=answered")
	return nil
}

// leaveLook hands a second look back.
func (s *Server) leaveLook(w http.ResponseWriter, r *http.Request) error {
	if err := s.db.LeaveLook(r.Context(), lookToken(r), me(r).ID); err != nil {
		return err
	}
	seeOther(w, "/quality?done=left")
	return nil
}

// examined reads the answer of a second look.
func (f form) examined() (review.ExamineForm, error) {
	d, err := f.disposition()
	var outcome string
	err = errors.Join(err, f.single("outcome", &outcome))
	return review.ExamineForm{Finding: d.Finding, Outcome: review.Outcome(outcome), Reason: d.Reason, Note: d.Note, Premises: d.Premises, Missing: d.Missing}, err
}
