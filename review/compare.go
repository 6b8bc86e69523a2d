package review

import (
	"fmt"
	"slices"
)

// ComparatorVersion names the rules below. It is recorded with every decision; a change of
// any rule's answer gives it a new value.
const ComparatorVersion = "3"

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
	// Apart is how far a conflict goes: whole calendar years between birth dates, replaced parts of
	// a name; 0 where nothing is counted, and for every other verdict.
	Apart int
	// Also are rules that conflict beside the one that spoke. So far there is one, and it speaks
	// itself where no other conflicts: "birthdate-died-before", the listed party died before our
	// subject was born. The date of death is then a side of the match with the note "died".
	Also []string
}

// Compare puts subject and match side by side, attribute by attribute. An attribute that
// neither side gives has no row. It explains; it never clears, hides or chooses anything.
func Compare(s Subject, m Match) []Comparison {
	var rows []Comparison
	for _, row := range []Comparison{
		compareListedNames(s, m), compareBirthdates(s, m), compareCountries(s, m), compareSex(s, m),
		compareKind(s, m), compareIdentifiers(s, m),
	} {
		if row.Verdict != "" {
			row.Subject, row.Match = slices.Clip(row.Subject), slices.Clip(row.Match)
			rows = append(rows, row)
		}
	}
	return rows
}

// ruleMissing speaks where one side gives nothing.
const ruleMissing = "missing"

// missing sets the verdict when a side is silent, and says whether it was.
func (c *Comparison) missing(ours, theirs bool, what string) bool {
	switch {
	case !ours && !theirs:
		return true
	case !ours:
		c.Verdict, c.Rule = MissingSubject, ruleMissing
		c.Words = fmt.Sprintf("The list gives a %s; ours is unknown.", what)
		return true
	case !theirs:
		c.Verdict, c.Rule = MissingMatch, ruleMissing
		c.Words = fmt.Sprintf("The list gives no %s.", what)
		return true
	}
	return false
}

// verdictRank says which verdict speaks of several: none is 0.
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
