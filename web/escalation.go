package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"docket/review"
	"docket/views"
)

// escalate hands a review to a lead.
func (s *Server) escalate(w http.ResponseWriter, r *http.Request) error {
	id, f, err := reviewForm(r)
	if err != nil {
		return err
	}
	var to, note string
	if err := errors.Join(f.single("to", &to), f.single("note", &note)); err != nil {
		return err
	}
	form := review.EscalationForm{To: review.ColleagueID(to), Note: note}
	made, err := s.db.Escalate(r.Context(), id, me(r).ID, form)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		b, err := s.builder(r, id)
		if err != nil {
			return err
		}
		b.typed = typed{escalation: &form, problems: named(invalid.Problems, "escalate-note")}
		return s.renderReview(w, r, http.StatusUnprocessableEntity, b)
	case err != nil:
		return s.inTheWay(r, id, err)
	}
	seeOther(w, recordedHref(id, made.Entry, ""))
	return nil
}

// escalateForm hands the review over; nil when the reader cannot.
func (b *reviewBuilder) escalateForm() *views.EscalateForm {
	r := b.file.Review
	if r.State != review.StateOpen || b.stood != nil || review.CanActOn(r, b.me, b.now) != nil {
		return nil
	}
	f := &views.EscalateForm{Action: b.href() + "/escalate", To: []views.Option{{Words: "Any lead"}}}
	for _, l := range b.leads {
		if l.ID != b.me.ID {
			f.To = append(f.To, views.Option{Value: string(l.ID), Words: str(l.Name).Text})
		}
	}
	if t := b.typed.escalation; t != nil {
		f.Note, f.Open, f.Problems = t.Note, true, fieldsOf(b.typed.problems, "escalate-note")
		for i := range f.To {
			f.To[i].Chosen = f.To[i].Value == string(t.To)
		}
	}
	return f
}

// escalationNotice says to whom the review was handed and why, until it is closed.
func (b *reviewBuilder) escalationNotice() []views.Notice {
	x := b.file.Escalation
	if x == nil || b.stood != nil || b.file.Review.State == review.StateClosed {
		return nil
	}
	to := "a lead"
	if x.To != "" {
		to = whoInLine(x.To, x.ToName, b.me.ID)
	}
	return []views.Notice{{Tone: views.ToneAttention, Strong: "Escalated to " + to + " by " + whoInLine(x.By, x.ByName, b.me.ID) + " on " + instant(x.At, b.now) + ".",
		Text: "“" + prose(x.Note).Text + "”"}}
}

// leads are to whom a review can be handed.
func (s *Server) leads(ctx context.Context) ([]review.Colleague, error) {
	all, err := s.db.Colleagues(ctx)
	return slices.DeleteFunc(all, func(c review.Colleague) bool { return c.Disabled || !leads.admits(c.Role) }), err
}
