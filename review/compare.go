package review

import (
	"fmt"
	"slices"
	"strings"
)

// ComparatorVersion names the rules below. It is recorded with every decision; a change of
// any rule's answer gives it a new value.
const ComparatorVersion = "2"

// Attribute is what two sides are compared by.
type Attribute string

const (
	AttributeName       Attribute = "name"
	AttributeBirthdate  Attribute = "birthdate"
	AttributeCountry    Attribute = "country"
	AttributeSex        Attribute = "sex"
	AttributeKind       Attribute = "kind"
	AttributeIdentifier Attribute = "identifier"
)

// Attributes lists every value in the order of the page.
func Attributes() []Attribute {
	return []Attribute{AttributeName, AttributeBirthdate, AttributeCountry, AttributeSex, AttributeKind, AttributeIdentifier}
}

// Verdict is what a comparison of one attribute found. Unknown is never a conflict.
type Verdict string

const (
	Agree          Verdict = "agree"           // both known, the same after lawful normalisation
	Close          Verdict = "close"           // both known, compatible or a usual variant
	Conflict       Verdict = "conflict"        // both known, cannot both be true of one person
	MissingSubject Verdict = "missing-subject" // only the list has it
	MissingMatch   Verdict = "missing-match"   // only we have it
)

// Verdicts lists every value.
func Verdicts() []Verdict { return []Verdict{Agree, Close, Conflict, MissingSubject, MissingMatch} }

// Side is one raw value on one side, with where it comes from or how exact it is.
type Side struct {
	Value string
	Note  string
}

// PartComparison is one part of a name beside its partner.
type PartComparison struct {
	Role    string // given, middle, family, "" unknown
	Subject string // as written; "" when only the list has it
	Match   string // "" when only we have it
	Kind    PairKind
	Mark    string // same, close, differs, missing
}

// Comparison is one attribute of subject and match side by side.
type Comparison struct {
	Attribute Attribute
	Verdict   Verdict
	Subject   []Side
	Match     []Side
	Rule      string   // the rule that spoke
	Words     string   // one sentence
	Notes     []string // what else a reader should know: hidden characters, two scripts, very common names
	Parts     []PartComparison
	Spoke     int // names: index in Match.Names of the one that spoke; -1 otherwise
	SpokeOurs int // names: index in Subject of the one that spoke
	Apart     int // birth dates: whole years apart; names: parts that are others; 0 where nothing is counted
}

// Compare puts subject and match side by side, attribute by attribute. An attribute that
// neither side gives has no row. It explains; it never clears, hides or chooses anything.
func Compare(s Subject, m Match) []Comparison {
	var rows []Comparison
	for _, row := range []Comparison{
		compareNames(s, m), compareBirthdates(s, m), compareCountries(s, m), compareSex(s, m),
		compareKind(s, m), compareIdentifiers(s, m),
	} {
		if row.Verdict != "" {
			row.Subject, row.Match = slices.Clip(row.Subject), slices.Clip(row.Match)
			rows = append(rows, row)
		}
	}
	return rows
}

// missing sets the verdict when a side is silent, and says whether it was.
func (c *Comparison) missing(ours, theirs bool, what string) bool {
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

func compareBirthdates(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeBirthdate, Spoke: -1}
	ours := !s.Birthdate.From.IsZero()
	if ours {
		c.Subject = []Side{{s.Birthdate.String(), s.Birthdate.precision()}}
	}
	theirs := false
	for _, b := range m.Birthdates {
		theirs = theirs || !b.From.IsZero()
		c.Match = append(c.Match, Side{b.String(), b.precision()})
	}
	if c.missing(ours, theirs, "birth date") {
		return c
	}
	c.Verdict, c.Rule = Conflict, "birthdate-apart"
	best := 0
	for _, b := range m.Birthdates {
		if b.From.IsZero() {
			continue
		}
		v, rule, words := meetBirthdates(s.Birthdate, b)
		if rank := verdictRank(v); rank > best {
			best, c.Verdict, c.Rule, c.Words = rank, v, rule, words
			c.Apart = max(b.From.Year-s.Birthdate.lastYear(), s.Birthdate.From.Year-b.lastYear(), 0)
		}
	}
	return c
}

func verdictRank(v Verdict) int {
	switch v {
	case Agree:
		return 3
	case Close:
		return 2
	case Conflict:
		return 1
	}
	return 0
}

// precision says in words how exact a date is.
func (b Birthdate) precision() string {
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

func meetBirthdates(a, b Birthdate) (Verdict, string, string) {
	x, y := a.From, b.From
	apart := max(y.Year-a.lastYear(), x.Year-b.lastYear(), 0)
	exact := func(d Birthdate) bool { return d.From.Day != 0 && (d.To.IsZero() || d.To == d.From) && !d.Circa }
	switch {
	case a.Meets(b) && exact(a) && exact(b):
		return Agree, "birthdate-day", "Same day of birth."
	case a.Meets(b) && (a.precision() == "a range" || b.precision() == "a range"):
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

func (b Birthdate) lastYear() int {
	if b.To.IsZero() {
		return b.From.Year
	}
	return b.To.Year
}

func compareCountries(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeCountry, Spoke: -1}
	for _, o := range s.Countries {
		c.Subject = append(c.Subject, Side{o.label(), o.Role})
	}
	var sameRole, untold, known bool
	for _, t := range m.Countries {
		if t.Role == "list" {
			continue // who keeps the list says nothing of who stands on it
		}
		c.Match = append(c.Match, Side{t.label(), t.Role})
		for _, o := range s.Countries {
			if o.Code == "" || t.Code == "" {
				continue
			}
			known = true
			a, b := roleGroup(o.Role), roleGroup(t.Role)
			sameRole = sameRole || a == b
			untold = untold || a == "" || b == ""
			if o.Code == t.Code && c.Verdict == "" {
				c.Verdict, c.Rule = Agree, "country-meets"
				c.Words = "Both are tied to " + o.Code + "."
			}
		}
	}
	if c.Verdict != "" || c.missing(len(c.Subject) > 0, len(c.Match) > 0, "country") {
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

func (c Country) label() string {
	if c.Code != "" {
		return c.Code
	}
	return c.Name
}

// roleGroup makes the words for one kind of tie equal; "" when the kind is not said.
func roleGroup(role string) string {
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

func compareSex(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeSex, Spoke: -1}
	if s.Sex != "" {
		c.Subject = []Side{{Value: s.Sex}}
	}
	for _, x := range m.Sexes {
		c.Match = append(c.Match, Side{Value: x})
	}
	if c.missing(s.Sex != "", len(m.Sexes) > 0, "sex") {
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

func compareKind(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeKind, Spoke: -1}
	if s.Kind == PartyUnknown || m.Party == PartyUnknown || m.Party == PartyList || s.Kind == m.Party {
		return c // said only when it sets them apart
	}
	c.Subject, c.Match = []Side{{Value: string(s.Kind)}}, []Side{{Value: string(m.Party)}}
	c.Verdict, c.Rule = Conflict, "kind-differs"
	c.Words = fmt.Sprintf("The listed party is a %s; ours is a %s.", m.Party, s.Kind)
	return c
}

func compareIdentifiers(s Subject, m Match) Comparison {
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
	if c.Verdict == "" && !c.missing(true, len(m.Identifiers) > 0, "address") {
		c.Verdict, c.Rule, c.Words = Close, "wallet-other", "The party's listed addresses are others."
	}
	return c
}
