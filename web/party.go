package web

import (
	"slices"
	"time"

	"docket/review"
	"docket/views"
)

// partyGroup is a listed party with what has been found about it.
type partyGroup struct {
	review.Party
	number int
	open   []review.Match
	found  []review.Disposition // that hold on its open matches, in their order
}

// partyGroups numbers the parties of a dossier: those with an open match first, in the order
// of the page, then those that were dismissed at Persona.
func partyGroups(d review.Dossier, found []review.Disposition) []partyGroup {
	var open, away []partyGroup
	for _, p := range review.Parties(d) {
		g := partyGroup{Party: p, open: p.OpenMatches()}
		for _, m := range g.open {
			if i := slices.IndexFunc(found, func(f review.Disposition) bool { return f.Match == m.Key }); i >= 0 {
				g.found = append(g.found, found[i])
			}
		}
		if len(g.open) > 0 {
			open = append(open, g)
		} else {
			away = append(away, g)
		}
	}
	all := append(open, away...)
	for i := range all {
		all[i].number = i + 1
	}
	return all
}

// answered says that every open match of the party has a finding.
func (g partyGroup) answered() bool { return len(g.open) > 0 && len(g.found) == len(g.open) }

// dismissed says that nobody needs to judge it here.
func (g partyGroup) dismissed() bool { return len(g.open) == 0 }

// mixed says that the matches of the party have different findings.
func (g partyGroup) mixed() bool {
	for _, f := range g.found[min(1, len(g.found)):] {
		if f.Finding != g.found[0].Finding {
			return true
		}
	}
	return false
}

// newest is the last finding made on the party.
func (g partyGroup) newest() review.Disposition {
	return slices.MaxFunc(g.found, func(a, b review.Disposition) int { return int(a.Entry - b.Entry) })
}

// heading is what to call the party by; "" when only a list is named.
func (g partyGroup) heading() string { return g.Name }

// calledBy is heading, or what stands in for it.
func (g partyGroup) calledBy() string {
	if n := str(g.Name).Text; n != "" {
		return n
	}
	return partyFallback(g.Party)
}

func partyFallback(p review.Party) string {
	if p.Kind == review.PartyList || len(p.Matches) > 0 && len(p.Matches[0].Listings) > 0 {
		return "A list, no party named"
	}
	return "No name given"
}

// partyBuilder makes the parties of a page.
type partyBuilder struct {
	dossier review.Dossier
	me      review.ColleagueID
	now     time.Time
}

func (b *partyBuilder) subjectOf(m review.Match) review.Subject {
	for _, r := range b.dossier.Reports {
		if r.Ref == m.Report && r.Subject.FullName() != "" {
			return withFacts(r.Subject, b.dossier.Subject)
		}
	}
	return b.dossier.Subject
}

// withFacts completes who was screened by what the rest of the dossier tells of the same
// person: a report's query seldom has a sex, an identity card has.
func withFacts(screened, known review.Subject) review.Subject {
	if review.Fold(screened.FullName()) != review.Fold(known.FullName()) {
		return screened // someone else in the same transaction
	}
	if screened.Kind == review.PartyUnknown {
		screened.Kind = known.Kind
	}
	if screened.Birthdate.From.IsZero() {
		screened.Birthdate = known.Birthdate
	}
	if len(screened.Countries) == 0 {
		screened.Countries = known.Countries
	}
	if screened.Sex == "" {
		screened.Sex = known.Sex
	}
	if len(screened.Others) == 0 {
		screened.Others = known.Others
	}
	if len(screened.Wallets) == 0 {
		screened.Wallets = known.Wallets
	}
	return screened
}

func (b *partyBuilder) party(g partyGroup) views.Party {
	p := views.Party{
		Number: g.number,
		Name:   str(g.heading()),
		Others: otherScripts(g),
		Kinds:  kindsOf(g.Matches),
		Lists:  partyLists(g.Matches),
		Lead:   b.lead(g),
		Status: views.FindingTag(""),
	}
	if p.Name.Text == "" {
		p.Fallback = partyFallback(g.Party)
	}
	rows := make([][]review.Comparison, len(g.Matches))
	first := 0
	for i, m := range g.Matches {
		rows[i] = review.Compare(b.subjectOf(m), m)
		switch {
		case m.Open() != g.Matches[first].Open():
			if m.Open() {
				first = i
			}
		case strength(rows[i]) > strength(rows[first]):
			first = i
		}
	}
	order := append([]int{first}, slices.DeleteFunc(indexes(len(g.Matches)), func(i int) bool { return i == first })...)
	for _, i := range order {
		p.Matches = append(p.Matches, b.match(g, g.Matches[i], rows[i], rows[first], i == first))
	}
	b.answer(&p, g, rows[first])
	return p
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// answer folds a party that needs no look any more.
func (b *partyBuilder) answer(p *views.Party, g partyGroup, strongest []review.Comparison) {
	p.Gist = join(", ", p.Kinds, views.Plural(len(g.Matches), "match", "matches")) + "."
	for _, c := range strongest {
		p.Verdicts = append(p.Verdicts, views.Verdict{Label: views.AttributeWords(c.Attribute), Mark: views.MarkOf(c.Verdict)})
	}
	switch {
	case g.dismissed():
		p.Fold = views.PartyDismissed
		p.Status = views.Tag{Words: "Dismissed at Persona"}
	case g.answered():
		p.Fold = views.PartyAnswered
		last := g.newest()
		p.Answer = &views.Answer{Finding: last.Finding, Reason: last.Reason, Note: prose(last.Note),
			By: b.who(last.By, last.ByName), At: views.At(last.At, b.now), Mixed: g.mixed()}
		p.Status = views.FindingTag(last.Finding)
		if p.Answer.Mixed {
			p.Status = views.Tag{Words: "Findings differ", Tone: views.ToneAttention}
		}
	default:
		p.Settle = settle(strongest)
		if n := len(g.found); n > 0 {
			p.Status.Words += ", " + views.Number(n) + " of " + views.Number(len(g.open)) + " done"
		}
	}
}

// who names a colleague; the reader is "You".
func (b *partyBuilder) who(id review.ColleagueID, name string) views.Str {
	return whoWords(id, name, b.me)
}

func whoWords(id review.ColleagueID, name string, reader review.ColleagueID) views.Str {
	switch {
	case id == "":
		return views.Str{}
	case id == reader:
		return views.S("You")
	case name == "":
		return str(string(id))
	}
	return str(name)
}

// matchLabel names a match, by its list where a party has several of a kind.
func matchLabel(g partyGroup, m review.Match) string {
	words := str(views.KindWords(m.Kind)).Text + " match"
	if len(g.Matches) < 2 || len(m.Listings) == 0 {
		return words
	}
	list := m.Listings[0].Name
	if list == "" {
		list = m.Listings[0].Slug
	}
	return join(": ", words, clip(str(list).Text, longestID))
}

func (b *partyBuilder) match(g partyGroup, m review.Match, rows, strongest []review.Comparison, first bool) views.Match {
	out := views.Match{Key: string(m.Key), Label: matchLabel(g, m), Details: details(m, b.now)}
	for _, f := range g.found {
		if f.Match == m.Key {
			out.Finding = f.Finding
		}
	}
	switch {
	case m.Dismissed:
		out.Status = views.Tag{Words: "dismissed at Persona"}
	case m.ReviewStatus != "" && m.ReviewStatus != "pending":
		out.Status = views.Tag{Words: openSet(m.ReviewStatus) + " at Persona"}
	}
	if m.InLastRun.State == review.Present && !m.InLastRun.Value {
		out.Status.Words = join(", ", out.Status.Words, "gone from the last run")
	}
	subject := b.subjectOf(m)
	if first {
		out.Comparison = comparison(subject, m, rows)
		return out
	}
	differ := apartFrom(strongest, rows)
	if len(differ) == 0 {
		out.Differs = "The same values as above."
		return out
	}
	out.Comparison = comparison(subject, m, differ)
	if len(differ) < len(rows) {
		out.Differs = "For the rest, the same values as above."
	}
	return out
}
