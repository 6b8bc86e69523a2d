package web

import (
	"slices"
	"time"

	"docket/review"
	"docket/views"
)

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

// calledBy is the party's name, or what stands in for it.
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

// partyBuilder shows the parties of a dossier.
type partyBuilder struct {
	dossier  review.Dossier
	now      time.Time
	subjects map[review.Ref]review.Subject // whom each report is about
}

func newPartyBuilder(d review.Dossier, now time.Time) *partyBuilder {
	b := &partyBuilder{dossier: d, now: now, subjects: make(map[review.Ref]review.Subject, len(d.Reports))}
	for i := range d.Reports {
		r := &d.Reports[i]
		if _, known := b.subjects[r.Ref]; !known {
			b.subjects[r.Ref] = d.SubjectOf(*r)
		}
	}
	return b
}

func (b *partyBuilder) subjectOf(m *review.Match) review.Subject { return b.subjects[m.Report] }

// party shows what the evidence says of a party.
func (b *partyBuilder) party(r partyRead) views.Party {
	p := views.Party{
		Name:   str(r.Name),
		Others: otherScripts(r.Party),
		Kinds:  kindsOf(r.Matches),
		Lists:  partyLists(r.Matches),
		Lead:   b.lead(r.Party),
		Status: views.FindingTag(""),
		Settle: settleWords(r.settle),
	}
	if p.Name.Text == "" {
		p.Fallback = partyFallback(r.Party)
	}
	order := append([]int{r.first}, slices.DeleteFunc(indexes(len(r.Matches)), func(i int) bool { return i == r.first })...)
	for _, i := range order {
		p.Matches = append(p.Matches, b.match(r, i))
	}
	p.Gist = join(", ", p.Kinds, views.Plural(len(r.Matches), "match", "matches")) + "."
	p.Verdicts = verdicts(b.subjectOf(&r.Matches[r.first]), r.rows[r.first])
	return p
}

// verdicts is a comparison in one line.
func verdicts(s review.Subject, rows []review.Comparison) []views.Verdict {
	var out []views.Verdict
	for _, c := range rows {
		if tells(s, c) {
			out = append(out, views.Verdict{Attribute: string(c.Attribute), Label: views.AttributeWords(c.Attribute), Mark: views.MarkOf(c.Verdict)})
		}
	}
	return out
}

func indexes(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// judged is a party as a review shows it: numbered, with the finding that holds, folded when it
// needs no look any more.
func (g partyGroup) judged(book review.PolicyBook, reader review.ColleagueID, now time.Time) views.Party {
	p := g.view
	p.Number = g.number
	p.Matches = slices.Clone(p.Matches) // the reading is shared
	for i := range p.Matches {
		for _, f := range g.found {
			if string(f.Match) == p.Matches[i].Key {
				p.Matches[i].Finding = f.Finding
			}
		}
	}
	p.Status = g.state()
	switch {
	case g.dismissed():
		p.Fold, p.Settle = views.PartyDismissed, ""
	case g.answered():
		p.Fold, p.Settle = views.PartyAnswered, ""
		last := g.newest()
		p.Answer = &views.Answer{Finding: last.Finding, Reason: book.FindingReason(last.Policy, last.Reason), Rests: restsOn(last), Note: prose(last.Note),
			By: whoWords(last.By, last.ByName, reader), At: views.At(last.At, now), Mixed: g.mixed()}
	}
	g.before(&p, reader, now)
	return p
}

// whoWords names a colleague; the reader is "You".
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
func matchLabel(p review.Party, m *review.Match) string {
	words := str(views.KindWords(m.Kind)).Text + " match"
	if len(p.Matches) < 2 || len(m.Listings) == 0 {
		return words
	}
	list := m.Listings[0].Name
	if list == "" {
		list = m.Listings[0].Slug
	}
	return join(": ", words, clip(str(list).Text, longestID))
}

// match shows one match of a party: the one that weighs most with its whole comparison, the
// others with what they say differently.
func (b *partyBuilder) match(r partyRead, i int) views.Match {
	m := &r.Matches[i]
	out := views.Match{Key: string(m.Key), Label: matchLabel(r.Party, m), Details: details(m, b.now)}
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
	if i == r.first {
		out.Comparison = b.comparison(subject, m, r.rows[i])
		return out
	}
	differ, alike := apartFrom(r.rows[r.first], r.rows[i])
	out.Same = verdicts(subject, alike)
	if len(differ) == 0 {
		out.Differs = "The same values as above"
		return out
	}
	out.Comparison = b.comparison(subject, m, differ)
	if len(alike) > 0 {
		out.Differs = "For the rest, the same values as above"
	}
	return out
}
