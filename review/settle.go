package review

import "slices"

// Fact names something unknown that would decide an open comparison.
type Fact string

const (
	FactBirthdateSubject  Fact = "birthdate-subject"  // our subject's birth date
	FactBirthdateMatch    Fact = "birthdate-match"    // the listed party's birth date
	FactBirthdaySubject   Fact = "birthday-subject"   // day and month of our subject's birth
	FactBirthdayMatch     Fact = "birthday-match"     // day and month of the listed party's birth
	FactCountrySubject    Fact = "country-subject"    // a country our subject is tied to
	FactCountryMatch      Fact = "country-match"      // a country the listed party is tied to
	FactSexSubject        Fact = "sex-subject"        // our subject's sex
	FactSexMatch          Fact = "sex-match"          // the listed party's sex
	FactNameSubject       Fact = "name-subject"       // the full name of our subject
	FactIdentifierSubject Fact = "identifier-subject" // a number of our subject's that the list gives too
	FactIdentifierMatch   Fact = "identifier-match"   // a number of the listed party's that we have too
	FactDetails           Fact = "details"            // what the report told of the match at all
	FactOther             Fact = "other"              // named in the note
)

// Facts lists every value.
func Facts() []Fact {
	return []Fact{FactBirthdateSubject, FactBirthdateMatch, FactBirthdaySubject, FactBirthdayMatch, FactCountrySubject, FactCountryMatch,
		FactSexSubject, FactSexMatch, FactNameSubject, FactIdentifierSubject, FactIdentifierMatch, FactDetails, FactOther}
}

// Ours says that the customer can be asked for the fact; else only the list's own entry, or
// another source, can tell.
func (f Fact) Ours() bool {
	switch f {
	case FactBirthdateSubject, FactBirthdaySubject, FactCountrySubject, FactSexSubject, FactNameSubject, FactIdentifierSubject:
		return true
	}
	return false
}

// Settler is a fact with the parties whose comparison it would decide.
type Settler struct {
	Fact    Fact
	Parties []PartyKey // in the order of the dossier
}

// SettleParty gives the unknown facts whose knowledge would turn what is open between subject and
// party into an agreement or a conflict, the most telling first; none when something but the name
// sets them apart already.
func SettleParty(c ComparedParty) []Fact {
	var facts []Fact
	for _, r := range c.Rows {
		if r.Verdict == Conflict && r.Attribute != AttributeName {
			return nil
		}
		switch {
		case r.Attribute == AttributeBirthdate && r.Verdict == MissingSubject:
			facts = append(facts, FactBirthdateSubject)
		case r.Attribute == AttributeBirthdate && r.Verdict == MissingMatch:
			facts = append(facts, FactBirthdateMatch)
		}
	}
	return facts
}

// Settle gives the shortest list of facts that decides the open parties given: those without a
// finding. The one that decides most comes first.
func Settle(parties []ComparedParty) []Settler {
	var all []Settler
	for _, f := range Facts() {
		s := Settler{Fact: f}
		for _, c := range parties {
			for _, g := range SettleParty(c) {
				if g == f {
					s.Parties = append(s.Parties, c.Party.Key)
				}
			}
		}
		if len(s.Parties) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// nowKnown are those of some facts that are known today.
func (c ComparedParty) nowKnown(missing []Fact) []Fact {
	var known []Fact
	open := SettleParty(c)
	for _, f := range missing {
		if f != FactOther && !slices.Contains(open, f) {
			known = append(known, f)
		}
	}
	return known
}
