package review

import (
	"cmp"
	"fmt"
	"slices"
)

// maxNames caps how many names of a party are compared; the rest are shown, and said to be
// left out of the comparison.
const maxNames = 400

// compareNames compares the subject's names with every name of the party and lets the best
// one, by rank, speak. It says which that was, and how their parts stand to each other.
func compareNames(s Subject, m Match, rank func(nameReading) int) Comparison {
	c := Comparison{Attribute: AttributeName, Spoke: -1}
	ours := subjectNames(s)
	c.Match = slices.Grow(c.Match, len(m.Names))
	for _, n := range ours {
		c.Subject = append(c.Subject, Side{n.Value, n.Type})
	}
	for _, n := range m.Names {
		c.Match = append(c.Match, Side{n.Value, n.Type})
	}
	if c.missing(len(ours) > 0, len(m.Names) > 0, "name") {
		return c
	}
	kind := cmp.Or(s.Kind, m.Party)
	folded := make([]FoldedName, len(ours))
	for i, n := range ours {
		folded[i] = foldSubject(kind, n, s)
	}
	found := compareFresh(kind, folded, m.Names[:min(len(m.Names), maxNames)], rank)
	c.Verdict, c.Rule, c.Words, c.Notes = found.Verdict, found.Rule, found.Words, found.Notes
	c.SpokeOurs, c.Spoke = max(found.SubjectAt, 0), max(found.PartyAt, 0)
	for _, p := range found.Tokens {
		c.Parts = append(c.Parts, PartComparison{Role: p.Role, Subject: p.Subject, Match: p.Party, Kind: p.Kind, Mark: p.mark()})
		if p.Kind == PairReplaced && c.Verdict == Conflict {
			c.Apart++
		}
	}
	if len(m.Names) > maxNames {
		c.Notes = append(c.Notes, fmt.Sprintf("Only the first %d of %d names were compared.", maxNames, len(m.Names)))
	}
	return c
}

// mark is the kind of a pair in one of four words.
func (p TokenPair) mark() string {
	switch p.Kind {
	case PairSame, PairAccents:
		return "same"
	case PairReplaced:
		return "differs"
	case PairExtra, PairExtraTo:
		return "missing"
	}
	return "close"
}

func subjectNames(s Subject) []Name {
	var names []Name
	if full := s.FullName(); full != "" && (len(s.Wallets) == 0 || s.Name.Value != "" || s.First+s.Last != "") {
		names = append(names, Name{Value: full})
	}
	return append(names, s.Others...)
}
