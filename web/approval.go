package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"docket/review"
	"docket/views"
)

// approval reads the answer of a second person.
func (f form) approval() (review.ApprovalForm, error) {
	var answer, note, evidence, decision string
	err := errors.Join(f.single("answer", &answer), f.single("note", &note), f.single("evidence", &evidence), f.single("decision", &decision))
	form := review.ApprovalForm{Answer: review.Answer(answer), Note: note, Evidence: evidence}
	if decision != "" {
		var bad error
		form.Decision, bad = entryID(decision)
		err = errors.Join(err, bad)
	}
	return form, err
}

// approve records the answer of the second person to a decision that waits for one.
func (s *Server) approve(w http.ResponseWriter, r *http.Request) error {
	id, f, err := reviewForm(r)
	if err != nil {
		return err
	}
	form, err := f.approval()
	if err != nil {
		return err
	}
	made, err := s.db.Approve(r.Context(), id, me(r).ID, form)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		b, err := s.builder(r, id)
		if err != nil {
			return err
		}
		b.typed = typed{approval: &form, problems: invalid.Problems}
		return s.renderDecision(w, r, http.StatusUnprocessableEntity, b)
	case errors.Is(err, review.ErrStale):
		return s.renderStale(w, r, id, stale{approval: &form, shown: form.Evidence})
	case errors.Is(err, review.ErrForbidden):
		if said := s.notTwo(err, views.Go{Href: reviewHref(id), Words: "Open " + id.String()}); said != nil {
			return said
		}
		return s.notSecond(r, id, err)
	case errors.Is(err, review.ErrConflict):
		return s.notAwaited(r, id, err)
	case err != nil:
		return err
	}
	s.wake() // there may be something to tell Persona
	seeOther(w, recordedHref(id, made.Entry, ""))
	return nil
}

// notSecond says why somebody is not the second person: they decided it themselves.
func (s *Server) notSecond(r *http.Request, id review.ReviewID, err error) error {
	file, e := s.db.ReviewFile(r.Context(), id)
	if e != nil {
		return errors.Join(err, e)
	}
	if p := proposed(file.Proposed); p != nil && p.By == me(r).ID {
		return &told{err: err, head: "You decided this yourself", text: "A second person is somebody else: any lead but you. Nothing was recorded.",
			acts: []views.Go{{Href: reviewHref(id), Words: "Open " + id.String()}}}
	}
	return err
}

// notAwaited says what became of the decision that the page showed: another one waits, or none does.
func (s *Server) notAwaited(r *http.Request, id review.ReviewID, err error) error {
	file, e := s.db.ReviewFile(r.Context(), id)
	if e != nil {
		return errors.Join(err, e)
	}
	said := &told{err: err, head: "Nothing waits for a second person on " + id.String(), text: "Nothing of yours was recorded.",
		acts: []views.Go{{Href: reviewHref(id), Words: "Open " + id.String()}, {Href: queueHref(review.QueueQuery{Tab: review.TabApproval}), Words: "To what waits for a second person"}}}
	d := givenBack(file.Proposed, file.Decisions)
	switch {
	case proposed(file.Proposed) != nil:
		said.head = "Another decision waits on " + id.String()
		said.text = "It was decided anew since your page was shown. Look at it again; nothing of yours was recorded."
	case d != nil && d.Approval.By == "":
		said.text = "The decision fell back on " + instant(d.Approval.At, s.now()) + ", as the evidence moved. " + said.text
	case d != nil:
		said.text = capital(whoInLine(d.Approval.By, d.Approval.ByName, me(r).ID)) + " returned it on " + instant(d.Approval.At, s.now()) + ". " + said.text
	default:
		return s.inTheWay(r, id, err)
	}
	return said
}

// proposed is the decision that waits for a second person, nil when none does.
func proposed(list []review.Decision) *review.Decision {
	if len(list) > 0 && list[0].Awaits() {
		return &list[0]
	}
	return nil
}

// givenBack is the newest decision of a review when it was given back to who made it and nothing was
// decided since; nil otherwise.
func givenBack(proposed, decisions []review.Decision) *review.Decision {
	if len(proposed) == 0 || proposed[0].Awaits() || len(decisions) > 0 && decisions[0].Entry > proposed[0].Entry {
		return nil
	}
	return &proposed[0]
}

// seconds says that the reader may be the second person now.
func (b *reviewBuilder) seconds() bool {
	p := proposed(b.file.Proposed)
	return b.stood == nil && p != nil && b.bound.IsZero() && review.CanApprove(b.file.Review, *p, b.me) == nil
}

// facts is what a decision with an outcome and a reason would be asked by.
func (b *reviewBuilder) facts(o review.Outcome, reason review.Reason) review.DecisionFacts {
	f := review.DecisionFacts{Outcome: o, Reason: reason, Untold: b.file.Dossier.Untold(), Escalated: b.file.Escalation != nil}
	for _, g := range b.groups {
		f.Reopened = f.Reopened || len(g.open) > 0 && g.reopened()
	}
	f.Tally = review.TallyOf(b.file.Dossier.OpenMatches(), b.standing())
	if len(b.file.Decisions) > 0 {
		f.Corrects, f.Tally = true, b.file.Decisions[0].Tally
	}
	return f
}

// asks are the rules by which an outcome needs a second person, whatever the reason; other says that
// the reason which is said in the note alone would ask for one besides.
func (b *reviewBuilder) asks(o review.Outcome) (rules []review.SecondRule, other bool) {
	p := b.book.Now()
	rules = p.Asks(b.facts(o, ""))
	return rules, len(rules) == 0 && len(p.Asks(b.facts(o, review.ReasonOther))) > 0
}

// rulesWords names rules in one sentence.
func rulesWords(rules []review.SecondRule) string {
	words := make([]string, len(rules))
	for i, r := range rules {
		words[i] = views.SecondRuleWords(r)
	}
	return strings.Join(words, ", ")
}

// whoElse says, before the press, who else must agree and why.
func (b *reviewBuilder) whoElse(f *views.DecisionForm) []views.Notice {
	approve, other := b.asks(review.Approve)
	decline, _ := b.asks(review.Decline)
	f.ApproveAsks, f.DeclineAsks = len(approve) > 0, len(decline) > 0
	version := "policy " + strconv.FormatInt(int64(b.book.Now().Version), 10)
	var out []views.Notice
	switch {
	case f.ApproveAsks && f.DeclineAsks:
		both := slices.Clone(approve)
		for _, r := range decline {
			if !slices.Contains(both, r) {
				both = append(both, r)
			}
		}
		out = append(out, views.Notice{Tone: views.ToneAttention, Strong: "Either takes two people.",
			Text: capital(version) + " asks a lead to agree: " + rulesWords(both) + ". That lead cannot be you."})
	case f.ApproveAsks:
		out = append(out, views.Notice{Tone: views.ToneAttention, Strong: "Approving takes two people.",
			Text: capital(version) + " asks a lead to agree: " + rulesWords(approve) + ". That lead cannot be you."})
	case f.DeclineAsks:
		out = append(out, views.Notice{Tone: views.ToneAttention, Strong: "Declining takes two people.",
			Text: capital(version) + " asks a lead to agree: " + rulesWords(decline) + ". That lead cannot be you."})
	}
	if other {
		out = append(out, views.Notice{Strong: "With a reason that is said in the note alone, approving takes two people too.", Text: "Any lead but you can agree."})
	}
	return out
}

// secondForm is the answer that is asked of the reader.
func (b *reviewBuilder) secondForm() *views.SecondForm {
	d := proposed(b.file.Proposed)
	about := rootWord(b.file.Review.Root)
	name := str(d.ByName).Text
	f := &views.SecondForm{
		Action:   b.href() + "/approval",
		Evidence: b.file.Review.Evidence.String(),
		Decision: strconv.FormatInt(int64(d.Entry), 10),
		Asks:     name + " asks " + toOutcome(*d) + ", " + instant(d.At, b.now) + ".",
		Because:  "Policy " + strconv.FormatInt(int64(d.Policy), 10) + " wants two people: " + rulesWords(d.Asks) + ".",
		Reason:   b.book.DecisionReason(d.Policy, d.Reason),
		Said:     prose(d.Note),
		Outcome:  d.Outcome,
		Agree:    "Takes effect at once, with your name beside " + name + "’s. " + b.thenTold(d.Outcome) + " The " + about + " " + mayGoOn(d.Outcome) + ".",
		Return:   "Goes back to " + name + " with your note. Nothing is told to Persona. The findings stay and can be changed.",
		Back:     views.Go{Href: b.href(), Words: "Go back to the review"},
	}
	if d.Corrects != 0 {
		f.Return = "Goes back to " + name + " with your note, and the earlier decision stays in effect. Nothing is told to Persona."
	}
	if t := b.typed.approval; t != nil {
		f.Note, f.Problems = t.Note, problemList(b.typed.problems)
	}
	return f
}

func toOutcome(d review.Decision) string {
	words := "to approve"
	if d.Outcome == review.Decline {
		words = "to decline"
	}
	if d.Corrects != 0 {
		return "to correct the decision " + words
	}
	return words
}

func mayGoOn(o review.Outcome) string {
	if o == review.Decline {
		return "may not go on"
	}
	return "may go on"
}

// secondNotice says what became of the newest decision, where it is not in effect.
func (b *reviewBuilder) secondNotice() []views.Notice {
	if b.stood != nil {
		return nil
	}
	if p := proposed(b.file.Proposed); p != nil {
		n := views.Notice{Tone: views.ToneAttention, Strong: "A second person must agree.",
			Text: whoWords(p.By, p.ByName, b.me.ID).Text + " asked " + toOutcome(*p) + " on " + instant(p.At, b.now) + ": " + rulesWords(p.Asks) +
				". Any lead who is somebody else can agree. Until then nothing is told to Persona."}
		if b.seconds() {
			n.Text = whoWords(p.By, p.ByName, b.me.ID).Text + " asks " + toOutcome(*p) + ", " + instant(p.At, b.now) + ". Look for yourself first; the reason and the notes open where you answer."
			n.To = views.Go{Href: b.href() + "/decision", Words: "Answer as the second person"}
		}
		if !b.bound.IsZero() {
			return []views.Notice{n, boundNotice(p.ByName, b.bound, b.now)}
		}
		return []views.Notice{n}
	}
	d := givenBack(b.file.Proposed, b.file.Decisions)
	if d == nil {
		return nil
	}
	a := d.Approval
	whose := str(d.ByName).Text + "’s decision " + toOutcome(*d)
	if d.By == b.me.ID {
		whose = "Your decision " + toOutcome(*d)
	}
	switch a.Answer {
	case review.AnswerReturn:
		return []views.Notice{{Tone: views.ToneDiffer, Strong: "Returned by " + whoInLine(a.By, a.ByName, b.me.ID) + " on " + instant(a.At, b.now) + ".",
			Text: whose + " is open again: “" + prose(a.Note).Text + "”"}}
	case review.AnswerMoved:
		if b.file.Review.State == review.StateClosed && b.file.Review.Closing == review.ClosingPersona {
			return nil // the notice of that says more
		}
		return []views.Notice{{Tone: views.ToneDiffer, Strong: "Fell back on " + instant(a.At, b.now) + ": the evidence moved.",
			Text: whose + " waited for a second person, and does not count. Nothing was told to Persona. Decide again on what holds now.",
			To:   views.Go{Href: b.href() + "#changes", Words: "See what changed"}}}
	}
	return nil
}

// whoInLine names somebody within a sentence.
func whoInLine(by review.ColleagueID, name string, reader review.ColleagueID) string {
	if by == reader {
		return "you"
	}
	return str(name).Text
}

// proposedCards shows the newest decision of a review where it is not in effect; of the one that waits,
// the words are folded for who may be the second person.
func (b *reviewBuilder) proposedCards() []views.DecisionCard {
	d := proposed(b.file.Proposed)
	if d == nil {
		d = givenBack(b.file.Proposed, b.file.Decisions)
	}
	if d == nil {
		return nil
	}
	cards := decisionCards([]review.Decision{*d}, b.book, b.me.ID, b.now)
	cards[0].Second = &views.SecondCard{Tag: views.AnswerTag(d.Approval.Answer), Fold: b.seconds()}
	return cards
}
