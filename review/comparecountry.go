package review

import (
	"cmp"
	"slices"
	"strings"
)

// The rules that may speak for countries, of several the earlier one.
const (
	ruleCountryMeets       = "country-meets"        // one country on both sides
	ruleCountryRelated     = "country-related"      // one may stand for the other
	ruleCountryApart       = "country-apart"        // the same tie, another country
	ruleCountryUnread      = "country-unread"       // words that no country can be told from
	ruleCountryApartUntold = "country-apart-untold" // others, and it is not said what the tie is
	ruleCountryOtherRole   = "country-other-role"   // others, of another tie
)

// tie is a country made ready to be compared.
type tie struct {
	Country
	code string // "" when it cannot be told
	role string // one word for one kind of tie; "" when it is not said
}

// compareCountries compares the countries of both sides as sets. Only countries of the same tie
// can conflict: one can live in one and be born in another. Who keeps a list says nothing of who
// stands on it.
func compareCountries(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeCountry, Spoke: -1}
	mine, theirs := tiesOf(s.Countries), tiesOf(m.Countries)
	if c.missing(len(mine) > 0, len(theirs) > 0, "country") {
		c.Subject, c.Match = tieSides(mine, ""), tieSides(theirs, "")
		return c
	}
	ours, listed := c.meetCountries(mine, theirs)
	c.Subject, c.Match = tieSides(mine, ours), tieSides(theirs, listed)
	return c
}

// meetCountries sets the verdict and gives the codes that spoke.
func (c *Comparison) meetCountries(mine, theirs []tie) (ours, listed string) {
	var related, relatedTo, words string
	for _, a := range mine {
		for _, b := range theirs {
			switch {
			case a.code == "" && b.code == "" && a.sameWords(b):
				c.Verdict, c.Rule, c.Words = Agree, ruleCountryMeets, "Both sides give the same words."
				return "", ""
			case a.code == "" || b.code == "":
			case a.code == b.code:
				c.Verdict, c.Rule, c.Words = Agree, ruleCountryMeets, "Both are tied to "+countryInWords(a.code)+"."
				return a.code, b.code
			case words == "":
				if words = relatedCountries(a.code, b.code); words != "" {
					related, relatedTo = a.code, b.code
				}
			}
		}
	}
	if words != "" {
		c.Verdict, c.Rule, c.Words = Close, ruleCountryRelated, words
		return related, relatedTo
	}
	unread := func(t tie) bool { return t.code == "" }
	untold := func(t tie) bool { return t.role == "" }
	sameTie := slices.ContainsFunc(mine, func(a tie) bool {
		other := func(t tie) bool { return t.role != a.role && t.role != "" }
		return a.role != "" && slices.ContainsFunc(theirs, func(b tie) bool { return b.role == a.role }) &&
			!slices.ContainsFunc(mine, func(t tie) bool { return unread(t) && !other(t) }) &&
			!slices.ContainsFunc(theirs, func(t tie) bool { return unread(t) && !other(t) })
	})
	switch {
	case sameTie:
		c.Verdict, c.Rule, c.Words = Conflict, ruleCountryApart, "The countries do not meet."
	case slices.ContainsFunc(mine, unread) || slices.ContainsFunc(theirs, unread):
		c.Verdict, c.Rule, c.Words = Close, ruleCountryUnread, "A country is given in words that docket does not know; compare by eye."
	case slices.ContainsFunc(theirs, untold):
		c.Verdict, c.Rule = Conflict, ruleCountryApartUntold
		c.Words = "The countries do not meet; it is not said what ties the party to its own."
	case slices.ContainsFunc(mine, untold):
		c.Verdict, c.Rule = Conflict, ruleCountryApartUntold
		c.Words = "The countries do not meet; it is not said what ties our subject to its own."
	default:
		c.Verdict, c.Rule = Close, ruleCountryOtherRole
		c.Words = "Other countries, but of another kind: one can live in one and be born in another."
	}
	return "", ""
}

// sameWords says that two countries which cannot be told are written alike.
func (t tie) sameWords(other tie) bool {
	key := countryKey(cmp.Or(t.Name, t.Code))
	return key != "" && key == countryKey(cmp.Or(other.Name, other.Code))
}

// tiesOf are the countries that tell something of someone, each once, in an order of their own.
func tiesOf(all []Country) []tie {
	var out []tie
	for _, o := range all {
		if role := tieRole(o.Role); role != "list" && o.Code+o.Name != "" {
			out = append(out, tie{o, countryCode(o), role})
		}
	}
	rank := func(t tie) int { return slices.Index([]string{"", "birthplace", "residence", "citizenship"}, t.role) }
	slices.SortFunc(out, func(a, b tie) int {
		return cmp.Or(-cmp.Compare(rank(a), rank(b)), cmp.Compare(a.role, b.role), cmp.Compare(a.code, b.code),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Role, b.Role))
	})
	return slices.CompactFunc(out, func(a, b tie) bool { return a.Country == b.Country })
}

// tieRole makes the words for one kind of tie equal; "" when the kind is not said.
func tieRole(role string) string {
	switch r := strings.Join(strings.FieldsFunc(strings.ToLower(role), func(r rune) bool { return r == ' ' || r == '-' || r == '_' }), " "); r {
	case "citizenship", "nationality", "citizen", "country of citizenship", "passport":
		return "citizenship"
	case "residence", "residency", "resident", "address", "country of residence":
		return "residence"
	case "birthplace", "birth", "place of birth", "birth place", "country of birth", "born":
		return "birthplace"
	case "", "source", "location", "unknown", "other":
		return ""
	default:
		return r
	}
}

// tieSides shows every country, those of the code that spoke first.
func tieSides(ties []tie, spoke string) []Side {
	out := make([]Side, 0, len(ties))
	for _, first := range []bool{true, false} {
		for _, t := range ties {
			if (spoke != "" && t.code == spoke) == first {
				out = append(out, Side{cmp.Or(t.Code, t.Name), t.Role})
			}
		}
	}
	return out
}
