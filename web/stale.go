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

// stale is a form that was sent on evidence that has moved since.
type stale struct {
	finding  *review.DispositionForm
	decision *review.DecisionForm
	corrects bool
	approval *review.ApprovalForm
	undo     bool   // a finding was to be taken back
	bulk     string // the finding was for many parties at once: the name of the page, see bulk
	shown    string // the digest on the form, as sent
}

// renderStale answers 409: nothing was recorded, what changed, what was typed.
func (s *Server) renderStale(w http.ResponseWriter, r *http.Request, id review.ReviewID, st stale) error {
	visitOf(r.Context()).event = "stale"
	b, err := s.builder(r, id)
	if err != nil {
		return err
	}
	b.prepare()
	hash, err := review.ParseHash(st.shown)
	if err != nil && !errors.Is(err, review.ErrNotFound) {
		return err
	}
	var then *review.Dossier
	switch d, err := s.db.AsSeen(r.Context(), hash); {
	case err == nil && d.Root().Ref == b.file.Review.Root && review.Evidence(d) == hash: // of what was erased, nothing is shown
		then = &d
	case err != nil && !errors.Is(err, review.ErrNotFound):
		return err
	}
	page := b.stalePage(st, hash, then)
	page.Shell = s.shell(r, "Not recorded: the evidence of "+id.String()+" moved", views.PlaceQueue)
	return s.render(w, r, http.StatusConflict, page)
}

// stalePage says what moved between a page and now. then is nil when the page's evidence can
// no longer be told from its digest.
func (b *reviewBuilder) stalePage(st stale, hash review.Hash, then *review.Dossier) views.StalePage {
	id := b.identity()
	id.Path = []views.Go{{Href: "/reviews", Words: "Queue"}, {Href: b.href(), Words: b.file.Review.ID.String()}, {Words: "Not recorded"}}
	id.Place, id.Previous, id.Next, id.Claim = "", "", "", views.Claim{}
	p := views.StalePage{
		Main:     b.main(),
		Identity: id,
		Strong:   "Your finding was not recorded",
		Text:     "The evidence moved after the page was shown to you. What you record must rest on what you saw, so it was refused.",
		Now:      groups(b.file.Review.Evidence),
		Then:     groups(hash),
	}
	id.Prefix = "The evidence moved:"
	p.Identity.Prefix = id.Prefix
	if st.decision != nil {
		p.Strong = "Your decision was not recorded"
		if words := outcomeVerb(st.decision.Outcome); words != "" {
			p.Text = "You pressed “" + words + "” on a page that the evidence has moved past. A decision must rest on what its maker saw, so it was refused."
		}
		b.refusal(&p)
	}
	if st.approval != nil {
		p.Strong = "Your answer was not recorded"
		p.Text = "The evidence moved after the page was shown to you. A second person agrees to what was judged, so the decision went back to who made it."
		b.refusal(&p)
	}
	if st.undo {
		p.Strong, p.Text = "Your finding was not taken back", "The evidence moved after the page was shown to you. Look at what changed; the finding is as it was."
	}
	b.changes(&p, then)
	b.keep(&p, st)
	p.Acts = append(p.Acts, views.Go{Href: b.href(), Words: "Open the review as it stands now"})
	return p
}

// refusal names the entry that the trail has of it.
func (b *reviewBuilder) refusal(p *views.StalePage) {
	for _, e := range b.file.Entries {
		if e.Act == review.ActRefused && e.By == b.me.ID && e.Review == b.file.Review.ID {
			p.Entry = views.Number(int(e.ID))
			return
		}
	}
}

// changes sets then beside now, and says what that does to each finding.
func (b *reviewBuilder) changes(p *views.StalePage, then *review.Dossier) {
	if then == nil {
		p.Unknown = "docket does not hold what stood on your page, only its digest. Read the review again as it stands now: " +
			b.matchesLead() + "."
		return
	}
	moved := deltaOf(*then, b.file.Dossier, b.read.all(), b.now)
	if moved.empty() {
		p.Unknown = "The evidence reads the same as on your page. Read the review again as it stands now: " + b.matchesLead() + "."
		return
	}
	p.Changes = moved.table("What the page showed and what holds now", "Your page", "Now")
	p.Lead, p.Left = moved.lead(), moved.leftWords()
	p.Effects = b.effects(moved)
	if again := b.lookAgain(moved); again.Href != "" {
		p.Acts = append(p.Acts, again)
	}
}

// keep carries what was typed back to where it is asked for. The answer itself is not kept: it
// was given on other evidence.
func (b *reviewBuilder) keep(p *views.StalePage, st stale) {
	fact := func(term string, v views.Value) { p.Kept = append(p.Kept, views.Fact{Term: term, Value: v}) }
	note := func(s string) {
		if s != "" {
			fact("Note", views.Value{State: review.Present, Str: prose(s)})
		}
	}
	switch {
	case st.approval != nil:
		note(st.approval.Note)
	case st.corrects:
		fact("Reason", views.V(lowerFirst(b.book.DecisionReason(b.book.Now().Version, st.decision.Reason))))
		note(st.decision.Note)
	case st.decision != nil:
		if st.decision.Reason != "" {
			fact("Reason", views.V(lowerFirst(b.book.DecisionReason(b.book.Now().Version, st.decision.Reason))))
		}
		note(st.decision.Note)
		p.Return = &views.KeptForm{Action: b.href() + "/decision", Words: "Go on with what you typed",
			Hidden: []views.Hidden{{Name: "again", Value: "yes"}, {Name: "reason", Value: string(st.decision.Reason)}, {Name: "note", Value: st.decision.Note}}}
	case st.finding != nil:
		fact("Your answer", views.V(lowerFirst(views.FindingTag(st.finding.Finding).Words)))
		if st.finding.Reason != "" {
			fact("Main reason", views.V(lowerFirst(b.book.FindingReason(b.book.Now().Version, st.finding.Reason))))
		}
		if ticked := tickedWords(*st.finding); ticked != "" {
			fact("You had ticked", views.V(ticked))
		}
		note(st.finding.Note)
		hidden := []views.Hidden{{Name: "again", Value: "yes"}, {Name: "reason", Value: string(st.finding.Reason)}, {Name: "note", Value: st.finding.Note}}
		for _, k := range st.finding.Matches {
			hidden = append(hidden, views.Hidden{Name: "match", Value: string(k)})
		}
		if st.bulk != "" {
			hidden = append(hidden, views.Hidden{Name: "bulk", Value: st.bulk})
		}
		p.Return = &views.KeptForm{Action: b.href() + "/dispositions", Words: "Go on with what you typed", Hidden: hidden}
	}
}

// tickedWords are the reasons, or the missing facts, that a form was sent with. They are shown and
// not ticked again: they were checked on other evidence.
func tickedWords(f review.DispositionForm) string {
	var words []string
	switch f.Finding {
	case review.FalsePositive:
		for _, key := range f.Premises {
			kind, amount, _ := strings.Cut(key, ":")
			p := review.Premise{Kind: review.PremiseKind(kind)}
			if !slices.Contains(review.PremiseKinds(), p.Kind) {
				continue
			}
			if n, err := strconv.Atoi(amount); err == nil && n > 0 {
				p.Amount = n
			}
			words = append(words, inLine(views.PremiseWords(p)))
		}
	case review.CannotTell:
		for _, m := range f.Missing {
			if slices.Contains(review.Facts(), m) {
				words = append(words, inLine(views.FactWords(m)))
			}
		}
	}
	return strings.Join(words, "; ")
}
