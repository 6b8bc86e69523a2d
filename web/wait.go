package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// wait reads how a review is to be parked. What is no date is a problem, said where it was typed.
func (f form) wait() (form review.WaitForm, until string, err error) {
	var note string
	err = errors.Join(f.single("note", &note), f.single("until", &until))
	form.Note = note
	for _, m := range f.values["missing"] {
		form.Missing = append(form.Missing, review.Fact(m))
	}
	if until != "" && err == nil {
		if form.Until, err = time.ParseInLocation(time.DateOnly, until, time.UTC); err != nil {
			err = &review.Invalid{Problems: []review.Problem{{Field: "until", Text: "Choose a day"}}}
		}
	}
	return form, until, err
}

// waitFor parks a review until the customer answers, or takes it up again.
func (s *Server) waitFor(w http.ResponseWriter, r *http.Request) error {
	id, f, err := reviewForm(r)
	if err != nil {
		return err
	}
	var wake string
	if err := f.single("wake", &wake); err != nil {
		return err
	}
	if wake != "" {
		if err := s.db.Wake(r.Context(), id, me(r).ID); err != nil {
			return s.inTheWay(r, id, err)
		}
		seeOther(w, reviewHref(id))
		return nil
	}
	form, until, err := f.wait()
	var made review.Wait
	if err == nil {
		made, err = s.db.Wait(r.Context(), id, me(r).ID, form)
	}
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		b, err := s.builder(r, id)
		if err != nil {
			return err
		}
		b.typed = typed{wait: &form, until: until, problems: named(invalid.Problems, "wait-note")}
		return s.renderReview(w, r, http.StatusUnprocessableEntity, b)
	case err != nil:
		return s.inTheWay(r, id, err)
	}
	seeOther(w, recordedHref(id, made.Entry, ""))
	return nil
}

// named gives problems with a note the name of the field that this form has on its page.
func named(problems []review.Problem, note string) []review.Problem {
	out := make([]review.Problem, len(problems))
	for i, p := range problems {
		if p.Field == "note" {
			p.Field = note
		}
		out[i] = p
	}
	return out
}

// fieldsOf are problems by the names that a form has them under.
func fieldsOf(problems []review.Problem, note string) []views.Problem {
	list := problemList(problems)
	for i := range list {
		if list[i].Field == note {
			list[i].Field = "note"
		}
	}
	return list
}

// waitForm parks the review; nil when the reader cannot.
func (b *reviewBuilder) waitForm() *views.WaitForm {
	if !b.judges() {
		return nil
	}
	f := &views.WaitForm{Action: b.href() + "/wait", First: b.now.UTC().AddDate(0, 0, 1).Format(time.DateOnly),
		Last: b.now.UTC().Add(review.MaxWait).Format(time.DateOnly), Until: b.now.UTC().Add(b.book.Now().Times.Remind.Duration()).Format(time.DateOnly)}
	for _, m := range review.Facts() {
		if m.Ours() || m == review.FactOther {
			f.Missing = append(f.Missing, views.Tick{Value: string(m), Words: views.FactWords(m)})
		}
	}
	if t := b.typed.wait; t != nil {
		f.Note, f.Until, f.Open, f.Problems = t.Note, b.typed.until, true, fieldsOf(b.typed.problems, "wait-note")
		f.Missing = ticked(f.Missing, texts(t.Missing))
	}
	return f
}

// wakeForm says what a review waits for, and takes it up; nil when it does not wait.
func (b *reviewBuilder) wakeForm() *views.WakeForm {
	w := b.file.Wait
	if b.file.Review.State != review.StateWaiting || w == nil {
		return nil
	}
	f := &views.WakeForm{Words: []string{
		"Asked for: " + missingWords(w.Missing) + ".",
		capital(whoInLine(w.By, w.ByName, b.me.ID)) + " parked it on " + instant(w.At, b.now) + ".",
		"It opens again on " + views.Day(w.Until, b.now).Words + ", or when something new arrives.",
	}}
	if b.me.Role.Acts() {
		f.Action = b.href() + "/wait"
	}
	return f
}

// missingWords names what the customer was asked for.
func missingWords(facts []review.Fact) string {
	words := make([]string, len(facts))
	for i, f := range facts {
		words[i] = lowerFirst(views.FactWords(f))
	}
	return strings.Join(words, ", ")
}

// waitNotice says that the customer is to be reminded: the day came, and nothing was done since.
func (b *reviewBuilder) waitNotice() []views.Notice {
	w := b.file.Wait
	if w == nil || b.stood != nil || b.file.Review.State != review.StateOpen || b.file.Review.Claim.Active(b.now) {
		return nil
	}
	switch w.Woken {
	case review.WokenDay:
		return []views.Notice{{Tone: views.ToneAttention, Strong: "Reminder due since " + views.Day(w.WokenAt, b.now).Words + ".",
			Text: "The customer was asked on " + views.Day(w.At, b.now).Words + " for: " + missingWords(w.Missing) + "."}}
	case review.WokenEvidence:
		return []views.Notice{{Strong: "Something new arrived on " + instant(w.WokenAt, b.now) + ".",
			Text: "It waited for: " + missingWords(w.Missing) + "."}}
	}
	return nil
}
