package web

import (
	"slices"
	"strconv"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// typed is what a person sent and must get back, with what was wrong with it.
type typed struct {
	finding    *review.DispositionForm // nil: no finding was sent
	decision   *review.DecisionForm    // nil: neither a decision nor a correction was sent
	note       string                  // of the note form
	noted      bool                    // the note form was sent
	approval   *review.ApprovalForm    // nil: no answer of a second person was sent
	wait       *review.WaitForm        // nil: it was not to be parked
	until      string                  // … until when, as typed
	escalation *review.EscalationForm  // nil: it was not to be handed over
	attached   bool                    // a file was sent
	problems   []review.Problem
}

// reviewBuilder makes the pages of one review: a pure function of its fields.
type reviewBuilder struct {
	file store.ReviewFile
	me   review.Colleague
	now  time.Time
	rules
	typed  typed
	news   []views.Notice
	leads  []review.Colleague // to whom it can be handed
	beyond beyond
	stood  *stood    // nil: the page shows today’s evidence
	blind  bool      // what was found for others is not shown
	bound  time.Time // until then the reader is no second person for the decision that waits; zero: they are two

	moved    []sinceWords // since earlier looks: the reader's own, then before this review
	seenLast time.Time    // when the reader saw today's evidence last, zero never

	read   *reading // shared with other requests
	groups []partyGroup

	precedents []*views.Precedent // by the place of the party in read
}

func (b *reviewBuilder) prepare() {
	if b.file.Review.State == review.StateClosed { // its findings are history
		b.groups = partyGroups(b.read.parties, b.file.Found)
		return
	}
	b.groups = testedGroups(b.file.Dossier, b.read, b.file.Found, b.file.Judged)
}

// standing are the findings that stand on the open matches.
func (b *reviewBuilder) standing() []review.Disposition {
	var all []review.Disposition
	for _, g := range b.groups {
		all = append(all, g.found...)
	}
	return all
}

func (b *reviewBuilder) id() string { return b.file.Review.ID.String()[2:] }

func (b *reviewBuilder) href() string { return reviewHref(b.file.Review.ID) }

// mine says that the reader holds the claim.
func (b *reviewBuilder) mine() bool {
	c := b.file.Review.Claim
	return c.Active(b.now) && c.By == b.me.ID
}

// judges says that the reader may record findings and decide now.
func (b *reviewBuilder) judges() bool {
	return review.CanDecide(b.file.Review, b.me, b.now) == nil && b.mine()
}

// toGo counts open matches, and those of them without a finding.
func (b *reviewBuilder) toGo() (open, left int) {
	for _, g := range b.groups {
		open += len(g.open)
		left += len(g.open) - len(g.found)
	}
	return open, left
}

// nextOpen is the first party after one that still asks for a finding; nil when none does.
func (b *reviewBuilder) nextOpen(after int) *partyGroup {
	for _, from := range []int{after + 1, 1} {
		for i := range b.groups {
			if g := &b.groups[i]; g.number >= from && g.asks() {
				return g
			}
		}
	}
	return nil
}

func partyAnchor(number int) string { return "#party-" + strconv.Itoa(number) }

func (b *reviewBuilder) page() views.ReviewPage {
	b.prepare()
	f := b.file
	open, left := b.toGo()
	shown := f.Dossier.Reports
	if b.stood != nil {
		shown = reportsThen(shown)
	}
	p := views.ReviewPage{
		Main:      b.main(),
		Identity:  b.identity(),
		Printed:   b.printed(),
		Notices:   b.notices(),
		Lead:      b.matchesLead(),
		Hold:      b.hold(),
		Bulk:      b.bulkWays(),
		Reports:   reports(shown, b.now),
		ReportsIs: reportsWords(f.Dossier.Reports),
		RecordsIs: recordsWords(f.Dossier.Records, " beside the "+rootWord(f.Review.Root)+" itself"),
		Trail:     b.trail(),
		Payloads:  payloads(f.Payloads, b.now),
		Pack:      b.packTake(),
	}
	away := 0
	for _, g := range b.groups {
		party := b.party(g)
		if g.dismissed() {
			away += len(g.Matches)
			p.Dismissed = append(p.Dismissed, party)
			continue
		}
		p.Parties = append(p.Parties, party)
	}
	if len(p.Parties) == 0 {
		p.None = noOpenMatch(f.Dossier)
	}
	if away > 0 {
		p.Away = views.Plural(away, "match", "matches") + " dismissed at Persona"
	}
	p.Changes = b.changed()
	p.Records = b.read.records
	for i := range p.Reports {
		p.Reports[i].Keep = b.read.reports[i]
		if !b.blind {
			p.Reports[i].Parties, p.Reports[i].Further = listedParties(shown[i])
		}
	}
	p.Decisions = decisionCards(f.Decisions, b.book, b.me.ID, b.now)
	p.Proposed, p.Attachments = b.proposedCards(), b.attachments()
	p.Correct = b.correction()
	p.Follow = b.followTold()
	p.Told, p.Fallback, p.Pictures = b.told(), b.beyond.fallback, b.beyond.pictures
	p.Panel = b.panel(p, open, left)
	b.putRight(&p)
	return p
}

// putRight shows on the page what was wrong with what was sent.
func (b *reviewBuilder) putRight(p *views.ReviewPage) {
	if len(b.typed.problems) == 0 {
		return
	}
	p.Problem = true
	p.Problems = views.Problems{List: problemList(b.typed.problems)}
	if b.typed.finding != nil {
		for _, party := range p.Parties {
			if party.Form != nil && len(party.Form.Problems) > 0 {
				p.Problems.At = "-" + strconv.Itoa(party.Number)
			}
		}
	}
}

func (b *reviewBuilder) title() string {
	return b.file.Review.ID.String() + " " + clip(b.subject().Text, 200)
}

// subject is who the review is about, by name or by what stands in for one.
func (b *reviewBuilder) subject() views.Str {
	if s := str(b.file.Dossier.Subject.FullName()); s.Text != "" {
		return s
	}
	return views.S(noName(b.file.Dossier))
}

func (b *reviewBuilder) main() views.Main {
	r := b.file.Review
	return views.Main{Review: b.id(), Transaction: raw(string(r.Transaction)), Root: raw(r.Root.String()), State: string(r.State), Evidence: r.Evidence.String()}
}

func (b *reviewBuilder) openParties() int {
	n := 0
	for _, g := range b.groups {
		if !g.dismissed() {
			n++
		}
	}
	return n
}

// matchesLead counts what is to be judged; where nothing is, it claims no more than is known.
func (b *reviewBuilder) matchesLead() string {
	open, left := b.toGo()
	if open == 0 {
		if unknown, found, done := screened(b.file.Dossier); unknown > 0 || found+done == 0 {
			return "none known"
		}
		return "none open"
	}
	s := views.Plural(open, "match", "matches") + " of " + views.Plural(b.openParties(), "listed party", "listed parties")
	if left == 0 {
		return s + ", each with a finding"
	}
	return s + ", " + views.Number(left) + " to go"
}

// recordsWords counts records; beside says what they do not include.
func recordsWords(list []review.Resource, beside string) string {
	absent := 0
	for _, r := range list {
		if r.Capture == review.CaptureAbsent {
			absent++
		}
	}
	s := views.Plural(len(list), "record", "records") + beside
	if absent > 0 {
		s += "; " + views.Number(absent) + " of them named, never received"
	}
	return s
}

func (b *reviewBuilder) party(g partyGroup) views.Party {
	p := g.judged(b.book, b.me.ID, b.now)
	if g.dismissed() {
		return p
	}
	if p.Answer != nil && b.seconds() {
		p.Answer.Note = views.Str{} // it opens where the second person answers
	}
	if g.asks() && g.held() {
		p.Retest.Then = b.elseChanged(g)
	}
	p.Precedent = b.precedent(g)
	if g.Kind != review.PartyList && !b.blind {
		p.Page = partyHref(g.Key)
	}
	if b.judges() {
		p.Form = b.findingForm(g)
		p.Unfold = b.typed.finding != nil && g.number == b.meant()
		if g.held() {
			p.Again = b.again(g)
		}
		if last := g.found; g.answered() && len(last) > 0 && g.newest().By == b.me.ID {
			p.Undo = b.undo(g.newest().Entry, "Take back this finding")
		}
	}
	return p
}

// again is the one act that takes over the reasons of an earlier finding.
func (b *reviewBuilder) again(g partyGroup) *views.Again {
	a := &views.Again{Action: b.href() + "/dispositions", Evidence: b.file.Review.Evidence.String(), Matches: matchKeys(g.open),
		Carry: strconv.FormatInt(int64(g.retest.Earlier.Entry), 10), Words: "Clear again for the same reasons"}
	if len(g.retest.Premises) == 1 {
		a.Words = "Clear again for the same reason"
	}
	return a
}

func matchKeys(matches []review.Match) []string {
	keys := make([]string, len(matches))
	for i := range matches {
		keys[i] = string(matches[i].Key)
	}
	return keys
}

func (b *reviewBuilder) findingForm(g partyGroup) *views.FindingForm {
	f := &views.FindingForm{
		Number:   g.number,
		Action:   b.href() + "/dispositions",
		Evidence: b.file.Review.Evidence.String(),
		Matches:  matchKeys(g.open),
		For:      "for " + views.Plural(len(g.open), "match", "matches"),
		Business: g.Kind == review.PartyBusiness || b.file.Dossier.Subject.Kind == review.PartyBusiness,
		Premises: g.premises,
		Missing:  g.missing,
		Reasons:  b.chief,
	}
	if g.retest != nil {
		f.Premises = g.retested(f.Premises, b.now)
	}
	switch {
	case g.answered():
		f.Fold = "Change this finding"
	case g.held():
		f.Fold = "Judge it anew"
	}
	if next := b.nextOpen(g.number); next != nil && next.number != g.number {
		f.Then = "Then: party " + views.Number(next.number)
		if state := next.state(); state.Words != views.FindingTag("").Words {
			f.Then += ", " + lowerFirst(state.Words)
		}
	}
	if t := b.typed.finding; t != nil && g.number == b.meant() {
		f.Finding, f.Reason, f.Note = t.Finding, t.Reason, t.Note
		f.Premises = ticked(f.Premises, t.Premises)
		f.Missing = ticked(f.Missing, texts(t.Missing))
		f.Problems = problemList(b.typed.problems)
	}
	return f
}

// texts are values of a kind of text, as text.
func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

// meant is the number of the party whose form was sent: the first that one of its matches
// belongs to, else the first that waits.
func (b *reviewBuilder) meant() int {
	if b.typed.finding == nil {
		return 0
	}
	for _, g := range b.groups {
		for _, m := range g.open {
			if slices.Contains(b.typed.finding.Matches, m.Key) {
				return g.number
			}
		}
	}
	if g := b.nextOpen(0); g != nil {
		return g.number
	}
	return 1
}
