package review

import "strconv"

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

// Premise is a checkable fact that a disposition rests on: what the comparison found, with the
// values on both sides as they stood. It is tested again on whatever Persona sends later.
type Premise struct {
	Kind       PremiseKind `json:"kind"`
	Attribute  Attribute   `json:"attribute,omitempty"` // "" for what is said in the note
	Amount     int         `json:"amount,omitempty"`    // years, or parts of a name; 0 where nothing is counted
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
	SubjectNow []string
	MatchNow   []string
}

// PremisesOf gives what a comparison of a subject with a whole party (Party.Whole) found that
// could set them apart, in the order of the rows: what a reviewer may pick from. PremiseOther is
// not among them; it can always be picked.
func PremisesOf(rows []Comparison) []Premise {
	var found []Premise
	for _, c := range rows {
		if c.Verdict != Conflict {
			continue
		}
		p := Premise{Attribute: c.Attribute, Amount: c.Apart, Subject: values(c.Subject), Match: values(c.Match), Rule: c.Rule, Comparator: ComparatorVersion}
		switch c.Attribute {
		case AttributeBirthdate:
			if p.Kind = PremiseDaysApart; c.Apart > 1 {
				p.Kind = PremiseYearsApart
			} else {
				p.Amount = 0
			}
		case AttributeCountry:
			p.Kind = PremiseCountriesApart
		case AttributeSex:
			p.Kind = PremiseSexApart
		case AttributeKind:
			p.Kind = PremiseKindApart
		case AttributeIdentifier:
			p.Kind = PremiseIdentifierApart
		case AttributeName:
			if p.Kind = PremiseNameApart; c.Rule == ruleNameFamily {
				p.Kind = PremiseFamilyNameApart
			}
		}
		found = append(found, p)
	}
	return found
}

func values(sides []Side) []string {
	var out []string
	for _, s := range sides {
		out = append(out, s.Value)
	}
	return out
}
