package review

import (
	"slices"
	"strconv"
)

// PremiseKind is how two sides stand apart: the checkable core of a premise.
type PremiseKind string

const (
	PremiseYearsApart      PremiseKind = "birth-years-apart" // born whole years apart; Amount is how many
	PremiseDaysApart       PremiseKind = "birth-days-apart"  // the same year, or the next, another day
	PremiseCountriesApart  PremiseKind = "countries-apart"   // the countries do not meet
	PremiseSexApart        PremiseKind = "sex-apart"         // male here, female there, or the other way round
	PremiseKindApart       PremiseKind = "kind-apart"        // a person here, a vessel there
	PremiseFamilyNameApart PremiseKind = "family-name-apart" // the family name is another one
	PremiseNameApart       PremiseKind = "name-parts-apart"  // parts of the name are others; Amount is how many
	PremiseIdentifierApart PremiseKind = "identifiers-apart" // the same kind of number, another value
	PremiseDiedBefore      PremiseKind = "died-before"       // the listed party died before the subject was born
	PremiseOther           PremiseKind = "other"             // said in the note: nothing that can be tested again
)

// PremiseKinds lists every value.
func PremiseKinds() []PremiseKind {
	return []PremiseKind{PremiseYearsApart, PremiseDaysApart, PremiseCountriesApart, PremiseSexApart, PremiseKindApart,
		PremiseFamilyNameApart, PremiseNameApart, PremiseIdentifierApart, PremiseDiedBefore, PremiseOther}
}

// Weak says that the kind seldom suffices alone: people go by other spellings and other names.
func (k PremiseKind) Weak() bool { return k == PremiseFamilyNameApart || k == PremiseNameApart }

// Attribute is what a premise of the kind is taken from, "" for what is said in the note.
func (k PremiseKind) Attribute() Attribute {
	switch k {
	case PremiseYearsApart, PremiseDaysApart, PremiseDiedBefore:
		return AttributeBirthdate
	case PremiseCountriesApart:
		return AttributeCountry
	case PremiseSexApart:
		return AttributeSex
	case PremiseKindApart:
		return AttributeKind
	case PremiseFamilyNameApart, PremiseNameApart:
		return AttributeName
	case PremiseIdentifierApart:
		return AttributeIdentifier
	}
	return ""
}

// Premise is a checkable fact that a disposition rests on: what the comparison found, with the
// values on both sides as they stood. It is tested again on whatever Persona sends later.
type Premise struct {
	Kind       PremiseKind `json:"kind"`
	Attribute  Attribute   `json:"attribute,omitempty"` // "" for what is said in the note
	Amount     int         `json:"amount,omitempty"`    // years, or parts of a name that are others; 0 where nothing is counted
	Of         int         `json:"of,omitempty"`        // names: how many parts the Amount is of
	Subject    []string    `json:"subject,omitempty"`   // values on our side, as compared
	Match      []string    `json:"match,omitempty"`     // values on the listed party's side
	Rule       string      `json:"rule,omitempty"`      // the rule that spoke
	Comparator string      `json:"comparator"`          // version of the rules
}

// Key names a premise in a form: "birth-years-apart:7", "sex-apart", "other".
func (p Premise) Key() string {
	if p.Amount == 0 {
		return string(p.Kind)
	}
	return string(p.Kind) + ":" + strconv.Itoa(p.Amount)
}

// Testable says that the premise can hold by itself later. What is said in the note never does.
func (p Premise) Testable() bool { return p.Kind != PremiseOther }

// Standing is how a premise fared when it was tested again.
type Standing string

const (
	Holds      Standing = "holds"
	Broken     Standing = "broken"     // both sides are known and it is not so any more, or weaker
	Untestable Standing = "untestable" // a value that it needs is not there any more; what is said in words always
)

// Standings lists every value.
func Standings() []Standing { return []Standing{Holds, Broken, Untestable} }

// TestedPremise is a premise as it stood, with how it fares today.
type TestedPremise struct {
	Premise
	Standing   Standing
	SubjectNow []string // what the attribute says on our side today
	MatchNow   []string
	AmountNow  int // years or parts today; 0 when nothing of the kind is found
}

// Test puts a premise to a party as it stands today, by the rules that it was found with,
// whichever rules the party was compared by. It holds when these still find what it says, and
// not less of it: values may change while it holds. What its rules need on either side may be
// gone; then it cannot be tested, and that is never taken for holding.
func (p Premise) Test(on ComparedParty) TestedPremise {
	t := TestedPremise{Premise: p, Standing: Untestable}
	if !p.Testable() {
		return t
	}
	on, err := on.under(p.Comparator)
	if err != nil {
		return t // rules that docket never had: nothing can be said by them
	}
	row := on.row(p.Kind.Attribute())
	t.SubjectNow, t.MatchNow = values(row.Subject), values(row.Match)
	for _, now := range on.Premises() {
		if now.Kind == p.Kind {
			t.AmountNow = now.Amount
		}
		if now.covers(p) {
			t.Standing = Holds
			return t
		}
	}
	if on.testable(p) {
		t.Standing = Broken
	}
	return t
}

// covers says that what is found now says all that the premise says. Years apart are another day
// too; a family name that is another one is a part of the name that is; and where no part of a name
// is alike, the family name is another one too.
func (p Premise) covers(was Premise) bool {
	switch {
	case p.Kind == was.Kind:
		return p.Amount >= was.Amount
	case was.Kind == PremiseDaysApart:
		return p.Kind == PremiseYearsApart
	case was.Kind == PremiseNameApart:
		return p.Kind == PremiseFamilyNameApart && p.Amount >= was.Amount
	case was.Kind == PremiseFamilyNameApart:
		return p.Kind == PremiseNameApart && (p.Rule == ruleNameOnly || p.Rule == ruleNameOther) && p.Amount >= was.Amount
	}
	return false
}

// testable says that both sides give today what the premise needs.
func (c ComparedParty) testable(p Premise) bool {
	switch p.Kind {
	case PremiseKindApart: // a row only when it sets them apart
		listed := c.Party.kind()
		return c.Subject.Kind != PartyUnknown && listed != PartyUnknown && listed != PartyList
	case PremiseDiedBefore:
		return c.Subject.Birthdate.read() && c.Party.any(func(m *Match) bool { return slices.ContainsFunc(m.Deathdates, Birthdate.read) })
	}
	row := c.row(p.Kind.Attribute())
	return slices.Contains([]Verdict{Agree, Close, Conflict}, row.Verdict) && !row.unread() &&
		(row.Attribute != AttributeBirthdate || c.Party.born())
}

// Premises are what the comparison found that could set the two apart.
func (c ComparedParty) Premises() []Premise {
	found := PremisesOf(c.Rows)
	for i := range found {
		found[i].Comparator = c.Comparator
	}
	return found
}

// PremisesOf gives what a comparison of a subject with a whole party (Party.Whole), by the rules
// in force, found that could set them apart, in the order of the rows: what a reviewer may pick
// from. A name of which some part is another one counts, though such names may still be one
// person's. PremiseOther is not among them; it can always be picked.
func PremisesOf(rows []Comparison) []Premise {
	var found []Premise
	for _, c := range rows {
		parts, of := replacedParts(c)
		if c.Verdict != Conflict && (c.Verdict != Close || parts == 0) {
			continue
		}
		p := Premise{Attribute: c.Attribute, Subject: values(c.Subject), Match: values(c.Match), Rule: c.Rule, Comparator: ComparatorVersion}
		switch c.Attribute {
		case AttributeBirthdate:
			if c.Rule != ruleBirthdateDiedBefore {
				born := p
				born.Match = values(slices.DeleteFunc(slices.Clone(c.Match), Side.died))
				if born.Kind = PremiseDaysApart; c.Apart > 1 {
					born.Kind, born.Amount = PremiseYearsApart, c.Apart
				}
				found = append(found, born)
			}
			if c.Rule != ruleBirthdateDiedBefore && !slices.Contains(c.Also, ruleBirthdateDiedBefore) {
				continue
			}
			p.Kind, p.Rule = PremiseDiedBefore, ruleBirthdateDiedBefore
			p.Match = values(slices.DeleteFunc(slices.Clone(c.Match), func(s Side) bool { return !s.died() }))
		case AttributeCountry:
			p.Kind = PremiseCountriesApart
		case AttributeSex:
			p.Kind = PremiseSexApart
		case AttributeKind:
			p.Kind = PremiseKindApart
		case AttributeIdentifier:
			p.Kind = PremiseIdentifierApart
		case AttributeName:
			p.Amount, p.Of = parts, of
			if p.Kind = PremiseNameApart; c.Rule == ruleNameFamily {
				p.Kind = PremiseFamilyNameApart
			}
		default:
			continue
		}
		found = append(found, p)
	}
	return found
}

// replacedParts counts the parts of a name that stand against another one, and all its parts:
// "only one of three name parts agrees" is two of three. Extra parts on one side are omissions.
func replacedParts(c Comparison) (replaced, all int) {
	for _, p := range c.Parts {
		switch p.Kind {
		case PairReplaced:
			replaced++
			all++
		case PairExtra, PairExtraTo:
		default:
			all++
		}
	}
	return replaced, all
}

// died says that the side is no birth date but one of death.
func (s Side) died() bool { return s.Note == "died" }

func values(sides []Side) []string {
	var out []string
	for _, s := range sides {
		out = append(out, s.Value)
	}
	return out
}
