package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// showDecision is check-your-answer: every finding, what the decision rests on, the two ways.
func (s *Server) showDecision(w http.ResponseWriter, r *http.Request) error {
	id, err := reviewID(r)
	if err != nil {
		return err
	}
	b, err := s.builder(r, id)
	if err != nil {
		return err
	}
	if b.file.Review.State == review.StateClosed {
		seeOther(w, reviewHref(id))
		return nil
	}
	return s.renderDecision(w, r, http.StatusOK, b)
}

func (s *Server) renderDecision(w http.ResponseWriter, r *http.Request, status int, b *reviewBuilder) error {
	page := b.decisionPage()
	page.Shell = s.shell(r, "Decide "+b.title(), views.PlaceQueue)
	page.Problem = len(b.typed.problems) > 0
	return s.render(w, r, status, page)
}

// decide records the decision. Sent back by the page that said the evidence moved, it only
// shows the form again with what was typed.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) error {
	id, f, err := reviewForm(r)
	if err != nil {
		return err
	}
	form, err := f.decision()
	if err != nil {
		return err
	}
	var again string
	if err := f.single("again", &again); err != nil {
		return err
	}
	if again != "" {
		b, err := s.builder(r, id)
		if err != nil {
			return err
		}
		if b.file.Review.State == review.StateClosed {
			return s.inTheWay(r, id, review.ErrConflict)
		}
		b.typed = typed{decision: &form}
		return s.renderDecision(w, r, http.StatusOK, b)
	}
	made, err := s.db.Decide(r.Context(), id, me(r).ID, form)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		b, err := s.builder(r, id)
		if err != nil {
			return err
		}
		b.typed = typed{decision: &form, problems: invalid.Problems}
		return s.renderDecision(w, r, http.StatusUnprocessableEntity, b)
	case errors.Is(err, review.ErrStale):
		return s.renderStale(w, r, id, stale{decision: &form, shown: form.Evidence})
	case err != nil:
		return s.inTheWay(r, id, err)
	}
	s.wake() // there may be something to tell Persona
	seeOther(w, recordedHref(id, made.Entry, ""))
	return nil
}

// correct adds a later decision to a review that a decision closed. It overwrites nothing.
func (s *Server) correct(w http.ResponseWriter, r *http.Request) error {
	id, f, err := reviewForm(r)
	if err != nil {
		return err
	}
	form, err := f.decision()
	if err != nil {
		return err
	}
	made, err := s.db.Correct(r.Context(), id, me(r).ID, form)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		b, err := s.builder(r, id)
		if err != nil {
			return err
		}
		b.typed = typed{decision: &form, problems: invalid.Problems}
		return s.renderReview(w, r, http.StatusUnprocessableEntity, b)
	case errors.Is(err, review.ErrStale):
		return s.renderStale(w, r, id, stale{decision: &form, shown: form.Evidence, corrects: true})
	case errors.Is(err, review.ErrConflict):
		return s.notCorrectable(r, id, err)
	case err != nil:
		return err
	}
	s.wake() // there may be something to tell Persona
	seeOther(w, recordedHref(id, made.Entry, ""))
	return nil
}

func (s *Server) notCorrectable(r *http.Request, id review.ReviewID, err error) error {
	file, e := s.db.ReviewFile(r.Context(), id)
	if e != nil {
		return errors.Join(err, e)
	}
	if len(file.Decisions) > 0 {
		return s.inTheWay(r, id, err)
	}
	return &told{err: err, head: id.String() + " has no decision to correct",
		text: "Only a review that a decision closed can be corrected. Nothing was recorded.",
		acts: []views.Go{{Href: reviewHref(id), Words: "Open " + id.String()}}}
}

func (b *reviewBuilder) decisionPage() views.DecisionPage {
	b.prepare()
	open, left := b.toGo()
	id := b.identity()
	id.Path = []views.Go{{Href: "/reviews", Words: "Queue"}, {Href: b.href(), Words: b.file.Review.ID.String()}, {Words: "Decision"}}
	id.Prefix, id.Place, id.Previous, id.Next, id.Claim = "Decide:", "", "", "", views.Claim{}
	p := views.DecisionPage{
		Main:     b.main(),
		Identity: id,
		Notices:  b.notices(),
		Lead:     views.Number(open-left) + " of " + views.Plural(open, "match has", "matches have") + " one",
		Rests:    b.rests(),
		Seal:     groups(b.file.Review.Evidence),
		SealIs:   "sha-256 of what was shown at " + b.now.UTC().Format("15:04:05") + " UTC",
		WillTell: b.willTell(),
		Back:     views.Go{Href: b.href(), Words: "Go back to the review"},
	}
	if open == 0 {
		p.Lead, p.None = "", noOpenMatch(b.file.Dossier)
	}
	for _, g := range b.groups {
		if !g.dismissed() {
			p.Findings = append(p.Findings, b.findingLine(g))
		}
	}
	if b.seconds() {
		p.Identity.Prefix, p.Second = "Second person:", b.secondForm()
		p.Notices = slices.DeleteFunc(p.Notices, func(n views.Notice) bool { return n.To.Href == b.href()+"/decision" }) // it leads here
		if p.WillTell != nil {
			p.WillTell.Once = p.Second.Outcome
		}
		p.Problems = views.Problems{List: p.Second.Problems}
		return p
	}
	if hold := b.decisionHold(); hold != nil {
		p.Hold = hold
		return p
	}
	p.Form = &views.DecisionForm{
		Action:   b.href() + "/decision",
		Evidence: b.file.Review.Evidence.String(),
		Reasons:  b.book.Now().Fitting(review.TallyOf(b.file.Dossier.OpenMatches(), b.standing()), b.file.Dossier.Untold()),
		Approve:  b.consequence(review.Approve, open),
		Decline:  b.consequence(review.Decline, open),
		Checks:   b.checklist(b.file.Dossier.OpenMatches()),
		Back:     p.Back,
	}
	if left > 0 {
		p.Notices = append([]views.Notice{{Tone: views.ToneAttention,
			Strong: views.Plural(left, "match has", "matches have") + " no finding yet.", Text: "A decision is refused until each open match has one."}}, p.Notices...)
		p.Notices = p.Notices[:min(len(p.Notices), mostNotices)]
	}
	p.Asks = b.whoElse(p.Form)
	b.refill(p.Form)
	p.Problems = views.Problems{List: p.Form.Problems}
	return p
}

// refill puts back what was typed. The outcome is pressed, never kept.
func (b *reviewBuilder) refill(f *views.DecisionForm) {
	if t := b.typed.decision; t != nil {
		f.Reason, f.Note, f.Problems = t.Reason, t.Note, problemList(b.typed.problems)
		for i := range f.Checks {
			f.Checks[i].Ticked = slices.Contains(t.Checked, f.Checks[i].Code)
		}
	}
}

// checklist is what the policy wants done before a review with these open matches closes.
func (b *reviewBuilder) checklist(open []review.Match) []views.ChecklistLine {
	var out []views.ChecklistLine
	for _, c := range b.book.Now().ChecklistFor(open) {
		line := views.ChecklistLine{Code: c.Code, Words: str(c.Text).Text}
		switch c.Outcome {
		case review.Approve:
			line.When = "Asked for to approve"
		case review.Decline:
			line.When = "Asked for to decline"
		}
		out = append(out, line)
	}
	return out
}

// decisionHold says why the reader cannot decide; nil when they can.
func (b *reviewBuilder) decisionHold() *views.Hold {
	if b.judges() {
		return nil
	}
	r := b.file.Review
	switch {
	case r.State == review.StateApproval:
		text := "A decision waits for a second person: any lead but who made it."
		if p := proposed(b.file.Proposed); p != nil && p.By == b.me.ID {
			text = "Your decision waits for a second person: any lead but you."
		}
		return &views.Hold{Text: text}
	case !b.me.Role.Acts():
		return &views.Hold{Text: "Auditors read everything and record nothing."}
	case r.State == review.StateWaiting:
		return &views.Hold{Text: "This review waits for the customer. Take it up again to decide it."}
	case r.Claim.Active(b.now) && r.Claim.By != b.me.ID:
		return &views.Hold{Text: str(r.Claim.Name).Text + " has this review. It is decided by whoever holds it."}
	}
	return &views.Hold{Text: "Claim this review to decide it.", Claim: b.href() + "/claim"}
}

func (b *reviewBuilder) findingLine(g partyGroup) views.FindingLine {
	line := views.FindingLine{Number: views.Number(g.number), Name: views.S(g.calledBy()), Matches: views.Number(len(g.open))}
	if n := str(g.Name); n.Text != "" {
		line.Name = n
	}
	if b.judges() {
		line.Change = b.href() + partyAnchor(g.number)
	}
	if len(g.found) == 0 {
		line.Waits = g.state()
		return line
	}
	last := g.newest()
	line.By, line.At = whoWords(last.By, last.ByName, b.me.ID), views.At(last.At, b.now)
	switch {
	case g.mixed() || !g.answered():
		line.Mixed = tallyWords(review.TallyOf(g.open, g.found))
		if n := len(g.open) - len(g.found); n > 0 {
			line.Mixed = join(", ", line.Mixed, views.Number(n)+" without a finding")
		}
	default:
		line.Finding, line.Reason, line.Note = last.Finding, b.book.FindingReason(last.Policy, last.Reason), prose(last.Note)
		line.Rests, line.Folded = capital(restsOn(last)), !line.Note.IsZero() && b.seconds()
	}
	return line
}

// tallyWords counts findings: "4 false positive, 1 cannot tell".
func tallyWords(t review.FindingTally) string {
	count := func(n int, one, many string) string {
		if n == 0 {
			return ""
		}
		return views.Plural(n, one, many)
	}
	s := join(", ", count(t.TrueMatches, "true match", "true matches"), count(t.FalsePositives, "false positive", "false positives"),
		count(t.CannotTell, "cannot tell", "cannot tell"))
	if s == "" && t.Matches == 0 {
		return "no open match"
	}
	return s
}

// rests says what a decision now would rest on, and what it would lack.
func (b *reviewBuilder) rests() []views.Fact {
	d := b.file.Dossier
	var facts []views.Fact
	add := func(term, value string) {
		if value != "" {
			facts = append(facts, views.Fact{Term: term, Value: views.V(value)})
		}
	}
	var last time.Time
	for _, r := range d.Reports {
		if r.Kind.Screens() && r.CompletedAt.After(last) {
			last = r.CompletedAt
		}
	}
	if !last.IsZero() {
		facts = append(facts, views.Fact{Term: "Last run", Value: timeValue(last, b.now)})
	}
	var whole, lacking []string
	for _, r := range d.Reports {
		if !r.Kind.Screens() {
			continue
		}
		name := lowerFirst(str(views.KindWords(r.Kind)).Text)
		switch {
		case r.Untold():
			lacking = append(lacking, name+": match reported, details not captured")
		case !finished(r):
			lacking = append(lacking, name+": "+lowerFirst(views.CaptureTag(r.Capture).Words))
		default:
			whole = append(whole, name)
		}
	}
	add("Screened by", strings.Join(whole, ", "))
	add("Missing", strings.Join(append(lacking, b.missingFacts()...), "; "))
	add("Payloads", views.Number(len(b.file.Payloads))+", kept as received")
	add("Compared by", "version "+review.ComparatorVersion+" of docket’s comparison")
	return facts
}

// missingFacts names what neither the subject nor the parties give.
func (b *reviewBuilder) missingFacts() []string {
	var out []string
	for _, g := range b.groups {
		for i, m := range g.Matches {
			if !m.Open() {
				continue
			}
			for _, c := range g.rows[i] {
				what := lowerFirst(views.AttributeWords(c.Attribute))
				if c.Attribute == review.AttributeBirthdate {
					what = "birth date"
				}
				line := ""
				switch c.Verdict {
				case review.MissingSubject:
					line = what + " of the subject"
				case review.MissingMatch:
					line = what + " of party " + views.Number(g.number)
				}
				if line != "" && !slices.Contains(out, line) && len(out) < 12 {
					out = append(out, line)
				}
			}
		}
	}
	return out
}

// consequence says, before the press, what an outcome does.
func (b *reviewBuilder) consequence(o review.Outcome, open int) string {
	then := "It is recorded with your name, the findings above and the evidence as shown. The review closes. " + b.thenTold(o) + " A lead can correct the decision; both stay in the trail."
	if rules, _ := b.asks(o); len(rules) > 0 {
		then = "It waits for a second person: any lead, not you. Until that person agrees, nothing is sent to Persona and the review stays open to them alone. If they do, it closes. " + b.thenTold(o)
	}
	about := rootWord(b.file.Review.Root)
	switch {
	case o == review.Approve && open > 0:
		return "The " + about + " may go on. " + then
	case o == review.Approve:
		return "The " + about + " may go on, with no open match. " + then
	}
	return "The " + about + " may not go on. " + then
}

// correction is the form for correcting a decision, nil when the reader may not.
func (b *reviewBuilder) correction() *views.DecisionForm {
	r := b.file.Review
	if r.State != review.StateClosed || r.Closing != review.ClosingDecided || len(b.file.Decisions) == 0 || !leads.admits(b.me.Role) {
		return nil
	}
	f := &views.DecisionForm{
		Action:   b.href() + "/corrections",
		Evidence: r.Evidence.String(),
		Correct:  true,
		Corrects: strconv.FormatInt(int64(b.file.Decisions[0].Entry), 10),
		Reasons:  b.book.Now().Fitting(b.file.Decisions[0].Tally, b.file.Dossier.Untold()),
		Approve:  "A later decision is added; the earlier one stays in the trail. The " + rootWord(r.Root) + " may go on.",
		Decline:  "A later decision is added; the earlier one stays in the trail. The " + rootWord(r.Root) + " may not go on.",
		Checks:   b.checklist(b.file.Dossier.Judged(b.file.Decisions[0].Matches)),
		Back:     views.Go{Href: b.href(), Words: "Leave it as it is"},
	}
	for _, o := range review.Outcomes() {
		rules, _ := b.asks(o)
		if len(rules) == 0 {
			continue
		}
		const waits = " It waits for a second person; until they agree, the earlier decision stays in effect."
		if o == review.Approve {
			f.ApproveAsks, f.Approve = true, f.Approve+waits
		} else {
			f.DeclineAsks, f.Decline = true, f.Decline+waits
		}
	}
	b.refill(f)
	return f
}

// decisionCards shows the decisions of a review, newest first.
func decisionCards(list []review.Decision, book review.PolicyBook, reader review.ColleagueID, now time.Time) []views.DecisionCard {
	out := make([]views.DecisionCard, 0, len(list))
	for i, d := range list {
		card := views.DecisionCard{
			Entry: views.Number(int(d.Entry)), Outcome: d.Outcome, Reason: book.DecisionReason(d.Policy, d.Reason), Note: prose(d.Note),
			By: whoWords(d.By, d.ByName, reader), Role: d.ByRole, At: views.At(d.At, now),
			Tally: tallyWords(d.Tally), Evidence: shortHash(d.Evidence),
			Past: i > 0,
		}
		if a := d.Approval; a.Answer != "" && a.By != "" {
			verb := " agreed"
			if a.Answer == review.AnswerReturn {
				verb = " returned it"
			}
			card.Answered, card.AnswerAt, card.AnswerIs = views.S(whoWords(a.By, a.ByName, reader).Text+verb), views.At(a.At, now), prose(a.Note)
		}
		if d.Corrects != 0 {
			card.Corrects = "Corrects entry " + views.Number(int(d.Corrects))
		}
		out = append(out, card)
	}
	return out
}
