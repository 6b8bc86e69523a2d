package review

import (
	"cmp"
	"slices"
	"strings"
)

// Party is the listed person or business behind one or more matches of a dossier.
type Party struct {
	Key       PartyKey // one of Keys; which one may change with the matches, see there
	Name      string   // what to call it by; "" when only a list is named
	Kind      PartyKind
	Matches   []Match // in the order of the dossier
	GroupedBy string  // why several matches are taken for one party; "" for a single match
}

// OpenMatches are the matches that a person must judge. They may be the party's own: nobody may
// change them.
func (p Party) OpenMatches() []Match {
	n := 0
	for i := range p.Matches {
		if p.Matches[i].Open() {
			n++
		}
	}
	if n == len(p.Matches) {
		return slices.Clip(p.Matches)
	}
	open := make([]Match, 0, n)
	for i := range p.Matches {
		if p.Matches[i].Open() {
			open = append(open, p.Matches[i])
		}
	}
	return open
}

// Whole is the party as all its matches tell it, as one match: every name, date, country and
// number of any of them. It is what premises are taken from and tested on: what one list alone
// adds may break what the others let stand.
func (p Party) Whole() Match {
	whole := p.Matches[0]
	for _, m := range p.Matches[1:] {
		whole.Names = union(whole.Names, m.Names, func(a, b Name) bool { return a.Value == b.Value })
		whole.Birthdates = union(whole.Birthdates, m.Birthdates, same)
		whole.Deathdates = union(whole.Deathdates, m.Deathdates, same)
		whole.Countries = union(whole.Countries, m.Countries, same)
		whole.Sexes = union(whole.Sexes, m.Sexes, strings.EqualFold)
		whole.Identifiers = union(whole.Identifiers, m.Identifiers, same)
		whole.Listings = union(whole.Listings, m.Listings, same)
		whole.Positions = union(whole.Positions, m.Positions, func(a, b Position) bool { return a.Title == b.Title && a.Start == b.Start && a.End == b.End })
	}
	whole.Party = p.kind()
	return whole
}

// kind is what all matches that tell say the party is; unknown where they contradict each other.
func (p Party) kind() PartyKind {
	kind := PartyUnknown
	for i := range p.Matches {
		switch k := p.Matches[i].Party; {
		case k == PartyUnknown || k == kind:
		case kind != PartyUnknown:
			return PartyUnknown
		default:
			kind = k
		}
	}
	return kind
}

func same[T comparable](a, b T) bool { return a == b }

// union adds what is not there yet, leaving what it is given as it is.
func union[T any](have, more []T, equal func(a, b T) bool) []T {
	have = slices.Clip(have)
	for _, m := range more {
		if !slices.ContainsFunc(have, func(h T) bool { return equal(h, m) }) {
			have = append(have, m)
		}
	}
	return have
}

// Parties gathers the matches of a dossier by the listed party behind them: one person on nine
// lists in twenty spellings is one party. Two matches are one party when the vendor gives both
// the same id, or when they share a whole name (apart from case, accents and the order of its
// parts) and nothing that both give sets them apart: a birth date, a sex, a kind. A name that
// is a single word does not suffice unless a birth date agrees too. Matches on different
// subjects (several people screened in one transaction) are never gathered.
//
// Parties stand in the order of their first match; a change in the order of lists may change
// that order, but neither the keys nor who is gathered with whom.
func Parties(d Dossier) []Party {
	n := 0
	for i := range d.Reports {
		n += len(d.Reports[i].Matches)
	}
	all := make([]groupedMatch, 0, n) // matches are large: they are pointed at, and copied once
	for i := range d.Reports {
		r := &d.Reports[i]
		subject := partsKey(r.Subject.FullName()) + "|" + r.Subject.Birthdate.String()
		if subject == "|" && len(d.Examined) > 1 {
			subject = r.Ref.String() // nobody knows whose report it is
		}
		for j := range r.Matches {
			all = append(all, newGroupedMatch(subject, &r.Matches[j], len(all)))
		}
	}
	groups := make([]*partyGroup, len(all))
	for i := range all {
		groups[i] = &partyGroup{first: i, all: []*groupedMatch{&all[i]}}
	}
	// Compare in an order of its own, so that who joins whom hangs on no order of arrival.
	slices.SortFunc(groups, func(a, b *partyGroup) int { return cmp.Compare(a.all[0].match.Key, b.all[0].match.Key) })
	groups = join(groups, sameID) // ids first: they are surer than names
	groups = join(groups, sameParty)
	slices.SortFunc(groups, func(a, b *partyGroup) int { return cmp.Compare(a.first, b.first) })

	parties := make([]Party, 0, len(groups))
	for _, g := range groups {
		slices.SortFunc(g.all, func(a, b *groupedMatch) int { return cmp.Compare(a.place, b.place) })
		p := Party{Key: g.key(), GroupedBy: g.by, Matches: make([]Match, 0, len(g.all))}
		for _, gm := range g.all {
			m := gm.match
			p.Matches = append(p.Matches, *m)
			if p.Name == "" {
				p.Name = m.PrimaryName()
			}
			if p.Kind == PartyUnknown {
				p.Kind = m.Party
			}
		}
		parties = append(parties, p)
	}
	return parties
}

type groupedMatch struct {
	place   int // in the dossier
	match   *Match
	subject string   // whose match it is
	names   []string // sorted name keys
}

func newGroupedMatch(subject string, m *Match, place int) groupedMatch {
	g := groupedMatch{place: place, match: m, subject: subject, names: make([]string, 0, len(m.Names))}
	for i := range m.Names {
		if k := nameKey(m.Names[i].Value); k != "" {
			g.names = append(g.names, k)
		}
	}
	slices.Sort(g.names)
	g.names = slices.Compact(g.names)
	return g
}

type partyGroup struct {
	first int // place of its first match
	all   []*groupedMatch
	by    string
}

// join puts each group to the first earlier one that it belongs to.
func join(groups []*partyGroup, belongs func(a, b *partyGroup) string) []*partyGroup {
	kept := groups[:0:0]
next:
	for _, g := range groups {
		for _, k := range kept {
			if by := belongs(k, g); by != "" {
				k.first, k.all = min(k.first, g.first), append(k.all, g.all...)
				k.by = joinBy(joinBy(k.by, g.by), by)
				continue next
			}
		}
		kept = append(kept, g)
	}
	return kept
}

// The words for why matches were gathered.
const (
	bySameID        = "same id at the data source"
	bySameName      = "same name, nothing sets them apart"
	bySameNameBirth = "same name and birth date"
)

// sameID says that one source gives both the same id; "" when not.
func sameID(a, b *partyGroup) string {
	x, y := a.all[0], b.all[0]
	if x.match.EntityID != "" && x.match.EntityID == y.match.EntityID && x.match.Kind == y.match.Kind && x.subject == y.subject {
		return bySameID
	}
	return ""
}

// sameParty says why two groups are one party, "" when they are not. Every match must fit with
// every other: a chain of likenesses must not tie two who conflict.
func sameParty(a, b *partyGroup) string {
	by := ""
	for _, x := range a.all {
		for _, y := range b.all {
			if x.subject != y.subject || apart(x.match, y.match) {
				return ""
			}
			if by == "" {
				by = sameName(x, y)
			}
		}
	}
	return by
}

func sameName(a, b *groupedMatch) string {
	births := meetAny(a.match.Birthdates, b.match.Birthdates)
	for _, n := range a.names {
		if _, ok := slices.BinarySearch(b.names, n); !ok {
			continue
		}
		switch {
		case births:
			return bySameNameBirth
		case strings.Contains(n, " "):
			return bySameName
		}
	}
	return ""
}

// apart says that something both give cannot be true of one party.
func apart(a, b *Match) bool {
	if len(a.Birthdates) > 0 && len(b.Birthdates) > 0 && !meetAny(a.Birthdates, b.Birthdates) {
		return true
	}
	if len(a.Sexes) == 1 && len(b.Sexes) == 1 && !strings.EqualFold(a.Sexes[0], b.Sexes[0]) {
		return true
	}
	if a.Party == PartyList || b.Party == PartyList {
		return true
	}
	return a.Party != PartyUnknown && b.Party != PartyUnknown && a.Party != b.Party || twoIDs(a, b)
}

// twoIDs says that one source gives the matches different ids, so that it holds them for two
// parties. A watchlist's ids belong to each of its lists: only two of one list tell.
func twoIDs(a, b *Match) bool {
	if a.Kind != b.Kind || a.EntityID == "" || b.EntityID == "" || a.EntityID == b.EntityID {
		return false
	}
	if a.Kind != KindWatchlist {
		return true
	}
	return slices.ContainsFunc(a.Listings, func(l Listing) bool {
		return slices.ContainsFunc(b.Listings, func(m Listing) bool { return l.Slug == m.Slug })
	})
}

func meetAny(a, b []Birthdate) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Meets(y) {
				return true
			}
		}
	}
	return false
}

func joinBy(have, more string) string {
	switch {
	case more == "" || strings.Contains(have, more):
		return have
	case have == "":
		return more
	}
	return have + "; " + more
}
