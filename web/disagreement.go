package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

func disagreementID(r *http.Request) (review.DisagreementID, error) {
	id := r.PathValue("id")
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != id {
		return 0, review.ErrNotFound
	}
	return review.DisagreementID(n), nil
}

// showDisagreement is what two say of one thing, side by side.
func (s *Server) showDisagreement(w http.ResponseWriter, r *http.Request) error {
	id, err := disagreementID(r)
	if err != nil {
		return err
	}
	return s.renderDisagreement(w, r, http.StatusOK, id, review.ResolveForm{}, nil)
}

// resolve settles a disagreement.
func (s *Server) resolve(w http.ResponseWriter, r *http.Request) error {
	id, err := disagreementID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var upheld, finding, note string
	if err := errors.Join(f.single("upheld", &upheld), f.single("finding", &finding), f.single("note", &note)); err != nil {
		return err
	}
	form := review.ResolveForm{Upheld: review.Upheld(upheld), Finding: review.Finding(finding), Note: note}
	err = s.db.Resolve(r.Context(), id, me(r).ID, form)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		return s.renderDisagreement(w, r, http.StatusUnprocessableEntity, id, form, invalid.Problems)
	case errors.Is(err, review.ErrConflict):
		return &told{err: err, head: "This is settled already", text: "Another lead was first. Nothing of yours was recorded.",
			acts: []views.Go{{Href: disagreementHref(id), Words: "See how"}}}
	case err != nil:
		return err
	}
	seeOther(w, disagreementHref(id))
	return nil
}

func (s *Server) renderDisagreement(w http.ResponseWriter, r *http.Request, status int, id review.DisagreementID, form review.ResolveForm, problems []review.Problem) error {
	d, l, err := s.db.Disagreement(r.Context(), id)
	var gone *store.DigestError
	erased := errors.Is(err, store.ErrErased) || errors.As(err, &gone)
	if err != nil && !erased {
		return err
	}
	rules, err := s.rules(r.Context())
	if err != nil {
		return err
	}
	now, who := s.now(), me(r)
	page := views.DisagreementPage{Shell: s.shell(r, "Disagreement", views.PlaceQuality), Name: str(d.Subject), Fallback: "No name captured",
		Problems: views.Problems{List: problemList(problems)}}
	page.Problem = len(problems) > 0
	about := "A finding on one listed party"
	if d.Sample.Kind == review.SampleDecision {
		about = "A decision"
	}
	page.Facts = []views.Fact{{Term: "About", Value: views.V(about)},
		{Term: "Review", Value: views.Value{State: review.Present, To: views.Go{Href: reviewHref(d.Sample.Review), Words: d.Sample.Review.String()}}},
		{Term: "As the first saw it", Value: views.Value{State: review.Present, To: views.Go{Href: asSeenHref(d.Sample.Review, d.First.Entry), Words: "entry " + views.Number(int(d.First.Entry))}}}}
	for i, a := range []review.Argument{d.First, d.Second} {
		side := views.ArgumentSide{Head: []string{"First", "Second, blind"}[i], By: whoWords(a.By, a.ByName, who.ID), At: views.At(a.At, now),
			Finding: a.Finding, Outcome: a.Outcome, Reason: rules.book.FindingReason(a.Policy, a.Reason), Rests: capital(argumentRests(a)), Note: prose(a.Note)}
		if a.Outcome != "" {
			side.Reason = rules.book.DecisionReason(a.Policy, a.Reason)
		}
		page.Sides = append(page.Sides, side)
	}
	if erased {
		page.Gone = "It was erased since; what the two said of it stays."
	} else {
		parties, err := lookParties(l, now)
		if err != nil {
			return err
		}
		for i := range parties {
			page.Parties = append(page.Parties, blindParty(parties[i], i+1))
		}
	}
	switch can := d.CanResolve(who); {
	case d.Resolution.Entry != 0:
		page.Resolution = resolutionCard(d, who, now)
	case can == nil:
		page.Form = &views.ResolveForm{Action: disagreementHref(id), Upheld: form.Upheld, Finding: form.Finding, Note: form.Note}
		if d.Sample.Kind == review.SampleFinding {
			page.Form.Third = slices.DeleteFunc(review.Findings(), func(f review.Finding) bool { return f == d.First.Finding || f == d.Second.Finding })
		}
	default:
		page.Hold = "A lead or an admin who is neither of the two settles it."
	}
	return s.render(w, r, status, page)
}

// argumentRests says what an argument rests on, "" when it names nothing but its main reason.
func argumentRests(a review.Argument) string {
	var words []string
	for _, k := range a.Premises {
		if k == review.PremiseOther {
			words = append(words, "what the note says")
		} else {
			words = append(words, lowerFirst(views.PremiseSubject(k)))
		}
	}
	switch {
	case len(words) > 0:
		return strings.Join(words, "; ") + "."
	case len(a.Missing) > 0:
		return "missing: " + factWords(a.Missing) + "."
	}
	return ""
}

func resolutionCard(d review.Disagreement, who review.Colleague, now time.Time) *views.ResolutionCard {
	res := d.Resolution
	card := &views.ResolutionCard{Words: views.UpheldWords(res.Upheld), Finding: res.Finding, Outcome: res.Outcome, By: whoWords(res.By, res.ByName, who.ID),
		At: views.At(res.At, now), Entry: views.Number(int(res.Entry)), Note: prose(res.Note)}
	if res.Upheld != review.UpheldFirst {
		card.Correct = views.Go{Href: reviewHref(d.Sample.Review) + "#correct", Words: "Correct the decision"}
	}
	if d.Sample.Kind == review.SampleFinding && leads.admits(who.Role) {
		card.Keep = &views.KeepKnown{Entry: strconv.FormatInt(int64(d.First.Entry), 10), Answer: res.Finding, Note: res.Note}
	}
	return card
}
