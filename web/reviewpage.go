package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// typed is what a person sent and must get back, with what was wrong with it.
type typed struct {
	finding  *review.DispositionForm // nil: no finding was sent
	decision *review.DecisionForm    // nil: neither a decision nor a correction was sent
	note     string                  // of the note form
	noted    bool                    // the note form was sent
	problems []review.Problem
}

// reviewBuilder makes the pages of one review: a pure function of its fields.
type reviewBuilder struct {
	file   store.ReviewFile
	me     review.Colleague
	now    time.Time
	target time.Duration
	warn   time.Duration
	typed  typed
	news   []views.Notice

	groups  []partyGroup
	parties partyBuilder
}

func (b *reviewBuilder) prepare() {
	b.groups = partyGroups(b.file.Dossier, b.file.Found)
	b.parties = partyBuilder{dossier: b.file.Dossier, me: b.me.ID, now: b.now}
}

func (b *reviewBuilder) id() string   { return b.file.Review.ID.String()[2:] }
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
			if g := &b.groups[i]; g.number >= from && !g.dismissed() && !g.answered() {
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
	p := views.ReviewPage{
		Main:      b.main(),
		Identity:  b.identity(),
		Printed:   b.printed(),
		Notices:   b.notices(),
		Lead:      matchesLead(open, left, b.openParties()),
		Hold:      b.hold(),
		Reports:   reports(f.Dossier.Reports, b.now),
		ReportsIs: reportsWords(f.Dossier.Reports),
		RecordsIs: recordsWords(f.Dossier.Records) + " beside the transaction itself",
		Trail:     b.trail(),
		Payloads:  payloads(f.Payloads, b.now),
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
	p.Records = records(f.Dossier, true, b.now)
	p.Decisions = decisionCards(f.Decisions, b.me.ID, b.now)
	p.Correct = b.correction()
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
	return views.S("No name captured")
}

func (b *reviewBuilder) main() views.Main {
	r := b.file.Review
	return views.Main{Review: b.id(), Transaction: raw(string(r.Transaction)), State: string(r.State), Evidence: r.Evidence.String()}
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

func matchesLead(open, left, parties int) string {
	if open == 0 {
		return "none open"
	}
	s := views.Plural(open, "match", "matches") + " of " + views.Plural(parties, "listed party", "listed parties")
	if left == 0 {
		return s + ", each with a finding"
	}
	return s + ", " + views.Number(left) + " to go"
}

// noOpenMatch says why no match is open, without calling unknown what is not known.
func noOpenMatch(d review.Dossier) string {
	var unknown, found, done int
	for _, r := range d.Reports {
		switch {
		case !r.Kind.Screens():
		case r.Untold(), !finished(r):
			unknown++
		case len(r.Matches) > 0:
			found++
		default:
			done++
		}
	}
	switch {
	case unknown+found+done == 0:
		return "No screening report was captured for this transaction, so docket knows of no match. Look for the reason among the records below."
	case unknown > 0 && found+done == 0:
		return "docket cannot tell whether there is a match: no screening report was captured in full. See the reports below."
	case unknown > 0:
		return "The reports captured in full left no open match; " + views.Plural(unknown, "report was not", "reports were not") + " captured in full."
	case found > 0:
		return "No open match: what the reports found was dismissed at Persona."
	}
	return "No matches: every screening report ran to its end and found nobody."
}

func recordsWords(list []review.Resource) string {
	absent := 0
	for _, r := range list {
		if r.Capture == review.CaptureAbsent {
			absent++
		}
	}
	s := views.Plural(len(list), "record", "records")
	if absent > 0 {
		s += ", " + views.Number(absent) + " of them named and never received"
	}
	return s
}

// subjectFacts say who was examined.
func subjectFacts(d review.Dossier) []views.Fact {
	s := d.Subject
	var facts []views.Fact
	kind := views.PartyKindWords(s.Kind)
	if s.Kind == review.PartyUnknown {
		kind = "Subject"
	}
	switch {
	case !s.Birthdate.From.IsZero() || s.Birthdate.Raw != "":
		facts = append(facts, views.Fact{Term: kind + ", born", Value: views.Value{State: review.Present,
			Str: views.S(birthWords(s.Birthdate)), Note: birthNote(s.Birthdate)}})
	case s.Kind == review.PartyBusiness || s.Kind == review.PartyWallet:
		facts = append(facts, views.Fact{Term: "Subject", Value: views.V(strings.ToLower(kind))})
	default:
		facts = append(facts, views.Fact{Term: kind + ", born", Value: views.Value{State: review.Absent}})
	}
	var countries []string
	for _, c := range s.Countries {
		if w := countryWords(c); w != "" && !slices.Contains(countries, w) {
			countries = append(countries, w)
		}
	}
	country := views.Value{State: review.Absent}
	if len(countries) > 0 {
		country = views.V(strings.Join(countries, ", "))
	}
	facts = append(facts, views.Fact{Term: "Country", Value: country})
	return append(facts, views.Fact{Term: "Reference", Value: mono(textValue(d.Transaction.ReferenceID))})
}

func (b *reviewBuilder) identity() views.Identity {
	f := b.file
	id := views.Identity{
		Path:   []views.Go{{Href: "/reviews", Words: "Queue"}, {Words: f.Review.ID.String()}},
		Name:   str(f.Dossier.Subject.FullName()),
		Status: b.status(),
		Claim:  b.claim(),
		Facts:  subjectFacts(f.Dossier),
	}
	if id.Name.Text == "" {
		id.Fallback = "No name captured"
	}
	if f.Review.State == review.StateOpen && f.Open > 0 {
		id.Place = views.Number(f.Ahead+1) + " of " + views.Number(f.Open) + " in the queue"
	}
	if f.Previous > 0 {
		id.Previous = reviewHref(f.Previous)
	}
	if f.Next > 0 {
		id.Next = reviewHref(f.Next)
	}
	id.Facts = append(id.Facts, b.waiting(), views.Fact{Term: "Here because", Value: views.V(b.because())})
	id.Facts = append(id.Facts, views.Fact{Term: "At Persona", Value: mono(textValue(f.Dossier.Transaction.Status))},
		views.Fact{Term: "Transaction", Value: views.Value{State: review.Present,
			To: views.Go{Href: transactionHref(f.Review.Transaction), Words: str(string(f.Review.Transaction)).Text}}})
	if tags := f.Dossier.Transaction.Tags; len(tags) > 0 {
		shown := make([]string, len(tags))
		for i, t := range tags {
			shown[i] = str(t).Text
		}
		id.Facts = append(id.Facts, views.Fact{Term: "Tags", Value: views.V(strings.Join(shown, ", "))})
	}
	for i, e := range f.Earlier {
		if i == 3 {
			break // the transaction's page has them all
		}
		id.Facts = append(id.Facts, views.Fact{Term: "Other review", Value: views.Value{State: review.Present,
			To: views.Go{Href: reviewHref(e.ID), Words: e.ID.String()}, Note: b.otherWords(e)}})
	}
	return id
}

// otherWords says how another review of the transaction stands.
func (b *reviewBuilder) otherWords(e review.Review) string {
	if e.State != review.StateClosed {
		return "open"
	}
	return strings.ToLower(views.ClosingWords(e.Closing)) + " on " + views.Day(e.ClosedAt, b.now).Words
}

func (b *reviewBuilder) status() views.Tag {
	r := b.file.Review
	if r.State == review.StateClosed {
		if len(b.file.Decisions) > 0 {
			return views.OutcomeTag(b.file.Decisions[0].Outcome)
		}
		return views.Tag{Words: views.ClosingWords(r.Closing)}
	}
	return views.StateTag(r.State, r.Claim.Active(b.now))
}

func (b *reviewBuilder) waiting() views.Fact {
	r := b.file.Review
	if r.State == review.StateClosed {
		return views.Fact{Term: "Closed", Value: timeValue(r.ClosedAt, b.now)}
	}
	waited := b.now.Sub(r.OpenedAt)
	tag := views.Tag{Words: views.Age(waited)}
	switch {
	case waited > b.target:
		tag.Tone, tag.Words = views.ToneDanger, tag.Words+", "+views.Age(waited-b.target)+" over target"
	case waited >= b.warn:
		tag.Tone, tag.Words = views.ToneAttention, tag.Words+", due in "+views.Age(b.target-waited)
	default:
		return views.Fact{Term: "Waiting", Value: views.Value{State: review.Present, Time: views.Since(r.OpenedAt, b.now)}}
	}
	return views.Fact{Term: "Waiting", Value: views.Value{State: review.Present, Tag: tag}}
}

// because says in one line why the review is here.
func (b *reviewBuilder) because() string {
	d := b.file.Dossier
	var counts []string
	for _, k := range review.ScreeningKinds() {
		n := 0
		for _, r := range d.Reports {
			if r.Kind == k {
				n += openCount(r)
			}
		}
		if n > 0 {
			counts = append(counts, views.Number(n)+" "+lowerFirst(views.KindShort(k)))
		}
	}
	what := strings.Join(counts, ", ")
	if what != "" {
		what += " open"
	}
	switch {
	case b.file.Review.Opening == review.OpeningMatches:
		return join(": ", views.OpeningWords(review.OpeningMatches), what)
	case hasEarlier(b.file):
		return join(": ", views.WhyWords(review.WhyAgain), what)
	case what != "":
		return what
	case slices.ContainsFunc(d.Reports, review.Report.Untold):
		return views.WhyWords(review.WhyNoDetails)
	case slices.ContainsFunc(d.Reports, func(r review.Report) bool { return r.Capture == review.CaptureErrored }):
		return views.WhyWords(review.WhyErrored)
	case slices.ContainsFunc(d.Records, failedCheck):
		return views.WhyWords(review.WhyFailed)
	case len(d.Reports) == 0:
		return views.WhyWords(review.WhyNothing)
	}
	return views.WhyWords(review.WhyNoMatch)
}

// hasEarlier says that the transaction was reviewed before this time.
func hasEarlier(f store.ReviewFile) bool {
	return slices.ContainsFunc(f.Earlier, func(e review.Review) bool { return e.OpenedAt.Before(f.Review.OpenedAt) })
}

func failedCheck(r review.Resource) bool {
	return slices.ContainsFunc(r.Checks, func(c review.Check) bool { return c.Status == "failed" })
}

// lowerFirst lowers the first letter, unless the word is all capitals.
func lowerFirst(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

func (b *reviewBuilder) claim() views.Claim {
	r := b.file.Review
	if r.State == review.StateClosed {
		return views.Claim{}
	}
	active, acts := r.Claim.Active(b.now), b.me.Role.Acts()
	switch {
	case active && r.Claim.By == b.me.ID:
		return views.Claim{Words: "Claimed by you until", Until: clock(r.Claim.Until), Release: b.href() + "/release"}
	case active:
		c := views.Claim{Words: "With " + str(r.Claim.Name).Text + " until", Until: clock(r.Claim.Until)}
		if takesOver(b.me.Role) {
			c.TakeOver = b.href() + "/claim"
		}
		return c
	case acts:
		return views.Claim{Words: "Nobody has it", Claim: b.href() + "/claim"}
	}
	return views.Claim{Words: "Nobody has it"}
}

// takesOver says that a role may claim what somebody else holds.
func takesOver(role review.Role) bool { return leads.admits(role) }

// clock is an instant of today: "10:02 UTC".
func clock(t time.Time) views.Time {
	t = t.UTC()
	return views.Time{Datetime: t.Format(time.RFC3339), Words: t.Format("15:04"), Zone: "UTC"}
}

// hold says why the reader cannot judge, and what would change that; nil when they can.
func (b *reviewBuilder) hold() *views.Hold {
	r := b.file.Review
	open, _ := b.toGo()
	switch {
	case b.judges(), open == 0:
		return nil
	case r.State == review.StateClosed:
		return &views.Hold{Text: "This review is closed. Its findings stay as they were recorded."}
	case !b.me.Role.Acts():
		return &views.Hold{Text: "Auditors read everything and record nothing."}
	case r.Claim.Active(b.now):
		return &views.Hold{Text: str(r.Claim.Name).Text + " has this review. Findings can be recorded by whoever holds it."}
	}
	return &views.Hold{Text: "Claim this review to record findings.", Claim: b.href() + "/claim"}
}

func (b *reviewBuilder) printed() []string {
	r := b.file.Review
	lines := []string{
		"Review " + r.ID.String() + ", transaction " + str(string(r.Transaction)).Text + ", as shown to " +
			str(b.me.Name).Text + " on " + b.now.UTC().Format("2 January 2006, 15:04:05") + " UTC.",
		"Evidence sha-256 " + r.Evidence.String() + ".",
	}
	if len(b.file.Entries) > 0 {
		lines[1] += " Newest entry of the trail " + views.Number(int(b.file.Entries[0].ID)) + "."
	}
	return lines
}

// mostNotices is how many notices a page carries; what else there is to say stands with the
// report that it is about.
const mostNotices = 2

func (b *reviewBuilder) notices() []views.Notice {
	all := slices.Clone(b.news)
	r, d := b.file.Review, b.file.Dossier
	if r.State == review.StateClosed && r.Closing == review.ClosingPersona {
		text := "No decision was made here."
		if r.LeftStatus != "" {
			text = "The transaction moved on to “" + str(r.LeftStatus).Text + "”. " + text
		}
		all = append(all, views.Notice{Strong: "Closed at Persona on " + instant(r.ClosedAt, b.now) + ".", Text: text})
	}
	all = append(all, dossierNotices(d, b.now)...)
	return all[:min(len(all), max(mostNotices, len(b.news)))]
}

// dossierNotices are what a reader must know of the evidence before going on, the gravest
// first.
func dossierNotices(d review.Dossier, now time.Time) []views.Notice {
	var out []views.Notice
	of := func(match func(review.Report) bool) string {
		var names []string
		for _, r := range d.Reports {
			if match(r) {
				names = append(names, lowerFirst(str(views.KindWords(r.Kind)).Text))
			}
		}
		return strings.Join(names, ", ")
	}
	if names := of(review.Report.Untold); names != "" {
		out = append(out, views.Notice{Tone: views.ToneAttention, Strong: "A match is reported, and its details were not captured.",
			Text: "Look at Persona before you decide (" + names + ")."})
	}
	if names := of(func(r review.Report) bool { return !r.DetailsAt.IsZero() }); names != "" {
		out = append(out, views.Notice{Tone: views.ToneAttention, Strong: "The newest copy of a report came without its matches.",
			Text: "What is shown is of an earlier run (" + names + ")."})
	}
	if at := d.HaltedSince(); !at.IsZero() {
		out = append(out, views.Notice{Tone: views.ToneAttention, Strong: "Monitoring halted since " + instant(at, now) + ".",
			Text: "An open match stops all further runs of its report at Persona."})
	}
	if names := of(disagrees); names != "" {
		out = append(out, views.Notice{Tone: views.ToneAttention, Strong: "Persona’s has-match and the open matches say different things.",
			Text: "docket counts the matches themselves (" + names + ")."})
	}
	return out
}

func (b *reviewBuilder) party(g partyGroup) views.Party {
	p := b.parties.party(g)
	if g.dismissed() {
		return p
	}
	if b.judges() {
		p.Form = b.findingForm(g)
		p.Unfold = b.typed.finding != nil && g.number == b.meant()
	}
	return p
}

func (b *reviewBuilder) findingForm(g partyGroup) *views.FindingForm {
	f := &views.FindingForm{
		Number:   g.number,
		Action:   b.href() + "/dispositions",
		Evidence: b.file.Review.Evidence.String(),
		For:      "for " + views.Plural(len(g.open), "match", "matches"),
		Business: g.Kind == review.PartyBusiness || b.file.Dossier.Subject.Kind == review.PartyBusiness,
		Change:   g.answered(),
	}
	for _, m := range g.open {
		f.Matches = append(f.Matches, string(m.Key))
	}
	if next := b.nextOpen(g.number); next != nil && next.number != g.number {
		f.Then = "Then: party " + views.Number(next.number)
	}
	if t := b.typed.finding; t != nil && g.number == b.meant() {
		f.Finding, f.Reason, f.Note = t.Finding, t.Reason, t.Note
		f.Problems = problemList(b.typed.problems)
	}
	return f
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

func (b *reviewBuilder) panel(p views.ReviewPage, open, left int) views.Panel {
	var panel views.Panel
	switch {
	case open == 0:
	case left == 0:
		panel.Words = "Each of the " + views.Plural(open, "match", "matches") + " has a finding"
		if open == 1 {
			panel.Words = "The one match has a finding"
		}
	default:
		panel.Words = views.Number(left) + " of " + views.Plural(open, "match", "matches") + " to go"
	}
	next := b.nextOpen(0)
	for _, g := range b.groups {
		if g.dismissed() {
			continue
		}
		for i := range g.open {
			if len(panel.Done) < 40 {
				panel.Done = append(panel.Done, i < len(g.found))
			}
		}
		line := views.PanelParty{Number: views.Number(g.number), Name: views.S(g.calledBy()), Href: partyAnchor(g.number),
			Done: g.answered(), Now: next != nil && next.number == g.number, State: "to review"}
		switch {
		case g.answered() && g.mixed():
			line.State = "findings differ"
		case g.answered():
			line.State = lowerFirst(views.FindingTag(g.found[0].Finding).Words)
		case len(g.found) > 0:
			line.State = views.Number(len(g.found)) + " of " + views.Number(len(g.open)) + " done"
		}
		if n := len(g.open); n > 1 {
			line.State += ", " + views.Plural(n, "match", "matches")
		}
		panel.Parties = append(panel.Parties, line)
	}
	if next != nil && b.judges() {
		panel.Next = views.Go{Href: partyAnchor(next.number), Words: "Next match"}
	}
	panel.Decision = b.panelDecision(left)
	if review.CanActOn(b.file.Review, b.me, b.now) == nil {
		panel.Note = &views.NoteForm{Action: b.href() + "/notes"}
		if b.typed.noted {
			panel.Note.Note, panel.Note.Open = b.typed.note, true
			if len(b.typed.problems) > 0 {
				panel.Note.Problem = b.typed.problems[0].Text
			}
		}
	}
	panel.Places = places(p)
	return panel
}

func (b *reviewBuilder) panelDecision(left int) *views.PanelDecision {
	switch {
	case b.file.Review.State == review.StateClosed:
		return nil
	case !b.judges():
		return &views.PanelDecision{Text: "Opens to whoever holds the review."}
	case left > 0:
		return &views.PanelDecision{Text: "Opens when every match has a finding.",
			To: views.Go{Href: b.href() + "/decision", Words: "See what is missing"}}
	}
	return &views.PanelDecision{Text: "Nothing is left to judge.", Main: true,
		To: views.Go{Href: b.href() + "/decision", Words: "Decide"}}
}

func places(p views.ReviewPage) []views.PanelPlace {
	return []views.PanelPlace{
		{Href: "#matches", Words: "Matches", Count: views.Number(len(p.Parties) + len(p.Dismissed))},
		{Href: "#reports", Words: "Reports", Count: views.Number(len(p.Reports))},
		{Href: "#records", Words: "Records", Count: views.Number(len(p.Records))},
		{Href: "#trail", Words: "Trail", Count: views.Number(len(p.Trail.Entries))},
		{Href: "#payloads", Words: "Payloads", Count: views.Number(len(p.Payloads.Rows))},
	}
}
