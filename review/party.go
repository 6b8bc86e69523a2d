package review

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strings"
)

// Party is the listed person or business behind one or more matches of a dossier.
type Party struct {
	Key       PartyKey
	Name      string // what to call it by; "" when only a list is named
	Kind      PartyKind
	Matches   []Match // in the order of the dossier
	GroupedBy string  // why several matches are taken for one party; "" for a single match
}

// OpenMatches are the matches that a person must judge.
func (p Party) OpenMatches() []Match {
	return slices.DeleteFunc(slices.Clone(p.Matches), func(m Match) bool { return !m.Open() })
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
	var all []groupedMatch
	for _, r := range d.Reports {
		for _, m := range r.Matches {
			all = append(all, newGroupedMatch(r, m))
		}
	}
	// Compare in an order of its own, so that who joins whom hangs on no order of arrival.
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(all[a].match.Key, all[b].match.Key) })

	var groups []*partyGroup
	of := make([]*partyGroup, len(all))
	for _, sure := range []bool{true, false} { // ids first: they are surer than names
		for _, i := range order {
			if of[i] != nil {
				continue
			}
			for _, g := range groups {
				if by := g.takes(&all[i], sure); by != "" {
					g.members, g.by, of[i] = append(g.members, i), joinBy(g.by, by), g
					g.all = append(g.all, &all[i])
					break
				}
			}
			if of[i] == nil && (!sure || all[i].match.EntityID != "") {
				g := &partyGroup{members: []int{i}, all: []*groupedMatch{&all[i]}}
				groups, of[i] = append(groups, g), g
			}
		}
	}
	slices.SortFunc(groups, func(a, b *partyGroup) int { return cmp.Compare(slices.Min(a.members), slices.Min(b.members)) })

	parties := make([]Party, 0, len(groups))
	for _, g := range groups {
		slices.Sort(g.members)
		p := Party{Key: g.key(), GroupedBy: g.by}
		for _, i := range g.members {
			m := all[i].match
			p.Matches = append(p.Matches, m)
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
	match   Match
	subject string   // whose match it is
	names   []string // sorted name keys
}

func newGroupedMatch(r Report, m Match) groupedMatch {
	g := groupedMatch{match: m, subject: nameKey(r.Subject.FullName()) + "|" + r.Subject.Birthdate.String()}
	for _, n := range m.Names {
		if k := nameKey(n.Value); k != "" {
			g.names = append(g.names, k)
		}
	}
	slices.Sort(g.names)
	g.names = slices.Compact(g.names)
	return g
}

type partyGroup struct {
	members []int
	all     []*groupedMatch
	by      string
}

// The words for why matches were gathered.
const (
	bySameID        = "same id at the data source"
	bySameName      = "same name, nothing sets them apart"
	bySameNameBirth = "same name and birth date"
)

// takes says why a match belongs to the group, "" when it does not. It must fit with every
// member: a chain of likenesses must not tie two who conflict.
func (g *partyGroup) takes(m *groupedMatch, sure bool) string {
	by := ""
	for _, have := range g.all {
		if have.subject != m.subject {
			return ""
		}
		if have.match.EntityID != "" && have.match.EntityID == m.match.EntityID && have.match.Kind == m.match.Kind {
			return bySameID
		}
		if sure {
			continue
		}
		if apart(have.match, m.match) {
			return ""
		}
		if by == "" {
			by = sameName(have, m)
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
func apart(a, b Match) bool {
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
func twoIDs(a, b Match) bool {
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
	if have == "" || have == more {
		return more
	}
	return have + "; " + more
}

// key names the party by the surest thing it has: a vendor's id, else a fingerprint of name
// and birth dates, else what the match was.
func (g *partyGroup) key() PartyKey {
	var best string
	take := func(s string) {
		if best == "" || s < best {
			best = s
		}
	}
	for _, m := range g.all {
		if m.match.EntityID != "" {
			take("1 " + string(m.match.Kind) + " " + m.match.EntityID)
		} else if len(m.names) > 0 {
			births := make([]string, 0, len(m.match.Birthdates))
			for _, b := range m.match.Birthdates {
				births = append(births, b.String())
			}
			slices.Sort(births)
			take("2 " + nameKey(m.match.PrimaryName()) + " " + strings.Join(births, " "))
		} else {
			take("3 " + m.match.Identity)
		}
	}
	sum := Sum([]byte(best))
	return PartyKey("p-" + hex.EncodeToString(sum[:10]))
}
