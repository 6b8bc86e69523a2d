package review

import (
	"encoding/hex"
	"slices"
	"strings"
)

// PartyKey names the listed party as this match alone tells of it: by the id that the vendor
// gives, else by a fingerprint of its kind, its primary name and its birth dates. The same entry
// of the same list has the same key whoever the subject is. A match that names nobody has a key
// of its own, which no other match shares.
func (m *Match) PartyKey() PartyKey { return partyKeyOf(m.partyMark()) }

// Keys are the keys that the party's matches have by themselves, sorted, each once. Several of
// them are a merge: the party's Key is then only one of the names that it is known by.
func (p Party) Keys() []PartyKey {
	keys := make([]PartyKey, 0, len(p.Matches))
	for i := range p.Matches {
		keys = append(keys, p.Matches[i].PartyKey())
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// partyMark is what PartyKey digests. Its first character says how sure it is; the least of a
// party's marks gives the party its key.
func (m *Match) partyMark() string {
	var slugs []string
	bySlug := func() []string {
		for _, l := range m.Listings {
			slugs = append(slugs, l.Slug)
		}
		slices.Sort(slugs)
		return slices.Compact(slugs)
	}
	switch name := nameKey(m.PrimaryName()); {
	case m.EntityID != "" && (m.Kind == KindWatchlist || m.Kind == KindBusinessWatchlist):
		return mark("1", string(m.Kind), m.EntityID, bySlug()...) // each list counts for itself
	case m.EntityID != "":
		return mark("1", string(m.Kind), m.EntityID)
	case name != "":
		births := make([]string, 0, len(m.Birthdates))
		for _, b := range m.Birthdates {
			births = append(births, b.String())
		}
		slices.Sort(births)
		if len(births) == 0 && !strings.Contains(name, " ") {
			births = bySlug() // a single word alone names too many
		}
		return mark("2", string(m.Party), name, births...)
	}
	return mark("3", string(m.Key), "")
}

func mark(sure, of, name string, more ...string) string {
	return strings.Join(append([]string{sure, of, name}, more...), "\x00")
}

func partyKeyOf(mark string) PartyKey {
	sum := Sum([]byte(mark))
	return PartyKey("p-" + hex.EncodeToString(sum[:10]))
}

// key names the party by the surest thing that any of its matches has.
func (g *partyGroup) key() PartyKey {
	least := g.all[0].match.partyMark()
	for _, m := range g.all[1:] {
		least = min(least, m.match.partyMark())
	}
	return partyKeyOf(least)
}

// BornApart says that both give birth dates, and none of the one can be one of the other.
func BornApart(a, b []Birthdate) bool { return len(a) > 0 && len(b) > 0 && !meetAny(a, b) }

// ParsePartyKey reads the key of a party; anything else is ErrNotFound.
func ParsePartyKey(s string) (PartyKey, error) {
	digits, ok := strings.CutPrefix(s, "p-")
	if raw, err := hex.DecodeString(digits); !ok || err != nil || len(raw) != 10 || strings.ToLower(s) != s {
		return "", ErrNotFound
	}
	return PartyKey(s), nil
}
