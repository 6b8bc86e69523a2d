package persona

import (
	"cmp"
	"slices"
	"strings"

	"docket/review"
)

// spelling is one entity of a list: one name that it gives a party.
type spelling struct {
	name, alias, group string
	birthdates         []review.Birthdate
	wallets            []review.Identifier
	other              []review.Field
	identity, births   string   // name and birth dates in one fixed form
	words              []string // the name's words, folded; see folded
}

// folded are the name's words for comparing, made when first asked for: most lists name one
// party, and nothing need be compared.
func (s *spelling) folded() []string {
	if s.words == nil {
		s.words = strings.Fields(review.Fold(s.name))
	}
	return s.words
}

func readSpelling(n node) (*spelling, bool) {
	s := &spelling{name: n.get("name").str(), alias: n.get("alias-type").str(), group: n.get("group-id").str(),
		birthdates: birthdates(n.get("birthdates")), wallets: wallets(n.get("crypto-addresses")),
		other: others(n, "name", "alias-type", "group-id", "birthdates", "crypto-addresses")}
	if n.kind == kindString {
		s.name = n.text
	}
	sortBirthdates(s.birthdates)
	s.identity, s.births = identityName(s.name), births(s.birthdates)
	return s, s.name != "" || s.group != ""
}

// primary says that a list calls its party by this name.
func (s *spelling) primary() bool { return s.alias == "" || strings.HasPrefix(s.alias, "primary") }

// exact is the key under which spellings are surely of one party.
func (s *spelling) exact() string { return s.identity + "|" + s.births }

// listed is one party on one list.
type listed struct {
	group      string
	spellings  []*spelling // the primary name first
	birthdates []review.Birthdate
	wallets    []review.Identifier
	other      []review.Field
}

// identity is what makes this the same party in another run: the list and its own group id
// when it gives one, else the list, the primary name and the birth dates beside that name.
func (p *listed) identity(slug string) string {
	if p.group != "" {
		return slug + "|group:" + p.group
	}
	return slug + "|" + p.spellings[0].exact()
}

func (p *listed) add(s *spelling) {
	p.spellings = append(p.spellings, s)
	p.birthdates = union(p.birthdates, s.birthdates)
	p.wallets = union(p.wallets, s.wallets)
	p.other = append(p.other, s.other...)
}

// maxGathered bounds the work of telling parties apart by likeness. Persona's lists hold at
// most some dozens of spellings; beyond this only sure signs gather them.
const maxGathered = 500

// gather sorts the spellings on one list into the parties that bear them. The lists give no
// key for that (a group id only at times), so: the same group id is one party; primary names
// each are one, equal ones the same; another name goes to the only party that its birth dates
// allow, or that has the very same ones, or whose names share the most words with it. What
// cannot be told is a party of its own, because hiding a candidate is the worse mistake. The
// order of the entities does not count.
func gather(entities []node) []*listed {
	var ss []*spelling
	for _, e := range entities {
		if s, ok := readSpelling(e); ok {
			ss = append(ss, s)
		}
	}
	slices.SortStableFunc(ss, func(a, b *spelling) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.group, b.group), cmp.Compare(a.identity, b.identity),
			cmp.Compare(a.births, b.births), cmp.Compare(a.name, b.name))
	})
	var ps []*listed
	sure := map[string]*listed{}
	for _, s := range ss {
		p := sure["group "+s.group]
		if s.group == "" || p == nil {
			p = nil
			if q := sure["name "+s.exact()]; q != nil && (s.group == "" || q.group == "") {
				p = q
			}
		}
		if p == nil && s.group == "" && !s.primary() && len(ss) <= maxGathered {
			p = bearer(ps, s)
		}
		if p == nil {
			p = &listed{group: s.group}
			ps = append(ps, p)
		}
		p.add(s)
		if p.group == "" {
			p.group = s.group
		}
		if s.group != "" {
			sure["group "+s.group] = p
		}
		if k := "name " + s.exact(); sure[k] == nil {
			sure[k] = p
		}
	}
	for _, p := range ps {
		sortBirthdates(p.birthdates)
	}
	return ps
}

// rank puts primary names before others, so that others find them.
func rank(s *spelling) int {
	if s.primary() {
		return 0
	}
	return 1
}

// bearer is the party that a name which is no primary one belongs to, nil when that cannot be
// told.
func bearer(ps []*listed, s *spelling) *listed {
	var able []*listed
	for _, p := range ps {
		if !apart(p.birthdates, s.birthdates) && (p.spellings[0].primary() || akin(p, s)) {
			able = append(able, p)
		}
	}
	for _, score := range []func(*listed) int{
		func(p *listed) int { return sameBirth(p, s) },
		func(p *listed) int { return shared(p, s) },
	} {
		if able = most(able, score); len(able) == 1 {
			return able[0]
		}
	}
	return nil
}

// akin says that two names of a list without primary ones are of one party.
func akin(p *listed, s *spelling) bool { return sameBirth(p, s) == 1 || shared(p, s) > 0 }

// sameBirth is 1 when the party's first name comes with the very same birth dates.
func sameBirth(p *listed, s *spelling) int {
	if s.births != "" && p.spellings[0].births == s.births {
		return 1
	}
	return 0
}

// shared counts the words that a name has in common with a name of the party.
func shared(p *listed, s *spelling) int {
	best := 0
	for _, have := range p.spellings {
		n := 0
		for _, w := range s.folded() {
			if slices.Contains(have.folded(), w) {
				n++
			}
		}
		best = max(best, n)
	}
	return best
}

// most keeps those that score highest.
func most(ps []*listed, score func(*listed) int) []*listed {
	var out []*listed
	top := -1
	for _, p := range ps {
		switch n := score(p); {
		case n > top:
			out, top = []*listed{p}, n
		case n == top:
			out = append(out, p)
		}
	}
	return out
}
