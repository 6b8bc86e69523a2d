package review

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// ComparedParty is a listed party beside the subject that its matches are about: what premises
// are taken from, and tested on again.
type ComparedParty struct {
	Party      Party
	Subject    Subject
	Comparator string       // version of the rules behind Rows
	Rows       []Comparison // of the whole party, see Party.Whole
}

// CompareParties compares every party of a dossier, as a whole, by a version of the rules.
// ErrNotFound for a version that docket never had.
func CompareParties(d Dossier, comparator string) ([]ComparedParty, error) {
	return compareEach(d, Parties(d), comparator)
}

func compareEach(d Dossier, parties []Party, comparator string) ([]ComparedParty, error) {
	by, err := ComparatorOf(comparator)
	if err != nil {
		return nil, err
	}
	compared, pairs := make([]ComparedParty, len(parties)), make([]Pair, len(parties))
	for i, p := range parties {
		compared[i] = ComparedParty{Party: p, Subject: d.SubjectOfParty(p), Comparator: comparator}
		pairs[i] = Pair{compared[i].Subject, p.Whole()}
	}
	for i, rows := range by.CompareAll(pairs) {
		compared[i].Rows = rows
	}
	return compared, nil
}

// comparedNow compares one party by the rules in force.
func comparedNow(p Party, s Subject) ComparedParty {
	return ComparedParty{Party: p, Subject: s, Comparator: ComparatorVersion, Rows: Compare(s, p.Whole())}
}

// under is the same party by another version of the rules; ErrNotFound when there is none.
func (c ComparedParty) under(comparator string) (ComparedParty, error) {
	if c.Comparator == comparator {
		return c, nil
	}
	by, err := ComparatorOf(comparator)
	if err != nil {
		return ComparedParty{}, err
	}
	c.Comparator, c.Rows = comparator, by.Compare(c.Subject, c.Party.Whole())
	return c, nil
}

// row is the comparison of one attribute; its verdict is "" when there is none.
func (c ComparedParty) row(a Attribute) Comparison {
	for _, r := range c.Rows {
		if r.Attribute == a {
			return r
		}
	}
	return Comparison{Attribute: a, Spoke: -1}
}

// SubjectOfParty is whom the matches of a party are about: what any of their reports was asked
// about, completed by the others, so that the order of reports does not count.
func (d Dossier) SubjectOfParty(p Party) Subject {
	var reports []*Report
	for i := range d.Reports {
		r := &d.Reports[i]
		if p.any(func(m *Match) bool { return m.Report == r.Ref }) {
			reports = append(reports, r)
		}
	}
	slices.SortStableFunc(reports, func(a, b *Report) int { return cmp.Compare(a.Ref.String(), b.Ref.String()) })
	var s Subject
	for i, r := range reports {
		if next := d.SubjectOf(*r); i == 0 {
			s = next
		} else {
			s = s.completed(next)
		}
	}
	return s
}

// partyEvidenceVersion is part of every digest of a party; see EvidenceVersion.
const partyEvidenceVersion = "docket party 1"

// PartyEvidence digests what a finding on one party is made from: the subject and the party's
// matches. The order of lists does not count. It is compared only within one review: the keys of
// matches and reports are part of it.
func PartyEvidence(s Subject, p Party) Hash {
	g := digests.Get().(*digest)
	g.out = append(g.out[:0], partyEvidenceVersion...)
	g.subject(&s)
	digestEach(g, "matches", p.Matches, (*digest).match)
	sum := sha256.Sum256(g.out)
	if cap(g.out) <= keptDigest {
		digests.Put(g)
	}
	return sum
}

// Whose names whom a report was about, without giving the name away: an earlier finding is put
// to a match of another report only when both are about the same person or business. "" when
// nobody is named.
func Whose(s Subject) string {
	name := partsKey(s.FullName())
	if name == "" {
		return ""
	}
	sum := Sum([]byte("docket subject 1 " + name))
	return hex.EncodeToString(sum[:10])
}
