package review

import (
	"fmt"
	"slices"
	"strings"
)

// This file is frozen: it holds the rules of comparator version 2 for birth dates, countries, sex,
// kind and identifiers as they were when it was in force. Findings and decisions rest on them and
// are shown again by them, so nothing here changes its answer, not even in its words;
// testdata/comparator proves it. It shares with the newest version what compares names.

// compare2 is comparator version 2.
func compare2(s Subject, m Match) []Comparison {
	var rows []Comparison
	for _, row := range []Comparison{
		compareNames(s, m, nameRank2), compareBirthdates2(s, m), compareCountries2(s, m), compareSex2(s, m),
		compareKind2(s, m), compareIdentifiers2(s, m),
	} {
		if row.Verdict != "" {
			row.Subject, row.Match = slices.Clip(row.Subject), slices.Clip(row.Match)
			rows = append(rows, row)
		}
	}
	return rows
}

// nameRank2 lets names in letters that nobody compared speak before those that conflict.
func nameRank2(r nameReading) int { return verdictRank(r.verdict) }

// missing2 sets the verdict when a side is silent, and says whether it was.
func (c *Comparison) missing2(ours, theirs bool, what string) bool {
	switch {
	case !ours && !theirs:
		return true
	case !ours:
		c.Verdict, c.Rule = MissingSubject, "missing"
		c.Words = fmt.Sprintf("The list gives a %s; ours is unknown.", what)
		return true
	case !theirs:
		c.Verdict, c.Rule = MissingMatch, "missing"
		c.Words = fmt.Sprintf("The list gives no %s.", what)
		return true
	}
	return false
}

func compareBirthdates2(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeBirthdate, Spoke: -1}
	ours := !s.Birthdate.From.IsZero()
	if ours {
		c.Subject = []Side{{s.Birthdate.String(), s.Birthdate.precision2()}}
	}
	theirs := false
	for _, b := range m.Birthdates {
		theirs = theirs || !b.From.IsZero()
		c.Match = append(c.Match, Side{b.String(), b.precision2()})
	}
	if c.missing2(ours, theirs, "birth date") {
		return c
	}
	c.Verdict, c.Rule = Conflict, "birthdate-apart"
	best := 0
	for _, b := range m.Birthdates {
		if b.From.IsZero() {
			continue
		}
		v, rule, words := meetBirthdates2(s.Birthdate, b)
		if rank := verdictRank(v); rank > best {
			best, c.Verdict, c.Rule, c.Words = rank, v, rule, words
			c.Apart = max(b.From.Year-s.Birthdate.lastYear2(), s.Birthdate.From.Year-b.lastYear2(), 0)
		}
	}
	return c
}

// precision says in words how exact a date is.
func (b Birthdate) precision2() string {
	switch {
	case b.From.IsZero():
		return "as sent"
	case !b.To.IsZero() && b.To != b.From:
		return "a range"
	case b.Circa:
		return "about"
	case b.From.Month == 0:
		return "to the year"
	case b.From.Day == 0:
		return "to the month"
	}
	return "to the day"
}

func meetBirthdates2(a, b Birthdate) (Verdict, string, string) {
	x, y := a.From, b.From
	apart := max(y.Year-a.lastYear2(), x.Year-b.lastYear2(), 0)
	exact := func(d Birthdate) bool { return d.From.Day != 0 && (d.To.IsZero() || d.To == d.From) && !d.Circa }
	switch {
	case a.Meets(b) && exact(a) && exact(b):
		return Agree, "birthdate-day", "Same day of birth."
	case a.Meets(b) && (a.precision2() == "a range" || b.precision2() == "a range"):
		return Close, "birthdate-range", "One date lies within the other's range."
	case a.Meets(b) && x.Month != 0 && y.Month != 0:
		return Agree, "birthdate-month", "Same month of birth; one side gives no day."
	case a.Meets(b):
		return Agree, "birthdate-year", "Same year of birth; one side gives only the year."
	case exact(a) && exact(b) && x.Year == y.Year && x.Day == y.Month && x.Month == y.Day:
		return Close, "birthdate-swapped", "Day and month are swapped."
	case a.Circa || b.Circa:
		if apart <= 2 {
			return Close, "birthdate-circa", "Within two years of an approximate date."
		}
	case apart == 1 && (!exact(a) || !exact(b) || x.Month == y.Month && x.Day == y.Day):
		return Close, "birthdate-next-year", "One year apart; Persona's default search allows it."
	case apart == 1:
		return Conflict, "birthdate-apart", "One year apart, on another day."
	case apart == 0:
		return Conflict, "birthdate-apart", "Same year, another day of birth."
	}
	return Conflict, "birthdate-apart", fmt.Sprintf("Born %d years apart.", apart)
}

func (b Birthdate) lastYear2() int {
	if b.To.IsZero() {
		return b.From.Year
	}
	return b.To.Year
}

func compareCountries2(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeCountry, Spoke: -1}
	for _, o := range s.Countries {
		c.Subject = append(c.Subject, Side{o.label2(), o.Role})
	}
	var sameRole, untold, known bool
	for _, t := range m.Countries {
		if t.Role == "list" {
			continue // who keeps the list says nothing of who stands on it
		}
		c.Match = append(c.Match, Side{t.label2(), t.Role})
		for _, o := range s.Countries {
			if o.Code == "" || t.Code == "" {
				continue
			}
			known = true
			a, b := roleGroup2(o.Role), roleGroup2(t.Role)
			sameRole = sameRole || a == b
			untold = untold || a == "" || b == ""
			if o.Code == t.Code && c.Verdict == "" {
				c.Verdict, c.Rule = Agree, "country-meets"
				c.Words = "Both are tied to " + o.Code + "."
			}
		}
	}
	if c.Verdict != "" || c.missing2(len(c.Subject) > 0, len(c.Match) > 0, "country") {
		return c
	}
	switch {
	case !known:
		c.Verdict, c.Rule, c.Words = Close, "country-unread", "A country is given in words only; compare by eye."
	case sameRole:
		c.Verdict, c.Rule, c.Words = Conflict, "country-apart", "The countries do not meet."
	case untold:
		c.Verdict, c.Rule = Conflict, "country-apart-untold"
		c.Words = "The countries do not meet; it is not said what ties the party to its own."
	default:
		c.Verdict, c.Rule = Close, "country-other-role"
		c.Words = "Other countries, but of another kind: one can live in one and be born in another."
	}
	return c
}

func (c Country) label2() string {
	if c.Code != "" {
		return c.Code
	}
	return c.Name
}

// roleGroup2 makes the words for one kind of tie equal; "" when the kind is not said.
func roleGroup2(role string) string {
	switch r := strings.ToLower(role); r {
	case "citizenship", "nationality", "citizen":
		return "citizenship"
	case "residence", "residency", "address":
		return "residence"
	case "", "source", "location":
		return ""
	default:
		return r
	}
}

func compareSex2(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeSex, Spoke: -1}
	if s.Sex != "" {
		c.Subject = []Side{{Value: s.Sex}}
	}
	for _, x := range m.Sexes {
		c.Match = append(c.Match, Side{Value: x})
	}
	if c.missing2(s.Sex != "", len(m.Sexes) > 0, "sex") {
		return c
	}
	same := slices.ContainsFunc(m.Sexes, func(x string) bool { return strings.EqualFold(x, s.Sex) })
	known := func(x string) bool { return strings.EqualFold(x, "male") || strings.EqualFold(x, "female") }
	switch {
	case same:
		c.Verdict, c.Rule, c.Words = Agree, "sex-same", "Same sex."
	case known(s.Sex) && !slices.ContainsFunc(m.Sexes, func(x string) bool { return !known(x) }):
		c.Verdict, c.Rule, c.Words = Conflict, "sex-differs", "Different sex."
	default:
		c.Verdict, c.Rule, c.Words = Close, "sex-unread", "A value that docket does not know; compare by eye."
	}
	return c
}

func compareKind2(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeKind, Spoke: -1}
	if s.Kind == PartyUnknown || m.Party == PartyUnknown || m.Party == PartyList || s.Kind == m.Party {
		return c // said only when it sets them apart
	}
	c.Subject, c.Match = []Side{{Value: string(s.Kind)}}, []Side{{Value: string(m.Party)}}
	c.Verdict, c.Rule = Conflict, "kind-differs"
	c.Words = fmt.Sprintf("The listed party is a %s; ours is a %s.", m.Party, s.Kind)
	return c
}

func compareIdentifiers2(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeIdentifier, Spoke: -1}
	for _, o := range s.Wallets {
		c.Subject = append(c.Subject, Side{o.Value, o.Type})
		for _, t := range m.Identifiers {
			if o.Value == t.Value {
				c.Verdict, c.Rule, c.Words = Agree, "wallet-same", "The very same address is listed."
			}
		}
	}
	if len(s.Wallets) == 0 {
		return Comparison{} // identity numbers of persons are shown with the match, not set against a wallet
	}
	for _, t := range m.Identifiers {
		c.Match = append(c.Match, Side{t.Value, t.Type})
	}
	if c.Verdict == "" && !c.missing2(true, len(m.Identifiers) > 0, "address") {
		c.Verdict, c.Rule, c.Words = Close, "wallet-other", "The party's listed addresses are others."
	}
	return c
}
