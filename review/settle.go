package review

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

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

// person says that neither side is known to be something that was never born.
func (c ComparedParty) person() bool {
	for _, k := range []PartyKind{c.Subject.Kind, c.Party.kind()} {
		if k != PartyUnknown && k != PartyPerson && k != PartyList {
			return false
		}
	}
	return true
}

// knows says that a fact is known today. What is named in a note never is.
func (c ComparedParty) knows(f Fact) bool {
	switch birth, country := c.row(AttributeBirthdate), c.row(AttributeCountry); f {
	case FactBirthdateSubject:
		return birth.given(MissingSubject) && c.Subject.Birthdate.read()
	case FactBirthdateMatch:
		return birth.given(MissingMatch) && c.Party.born()
	case FactBirthdaySubject:
		return c.knows(FactBirthdateSubject) && birth.toTheDay(birth.Subject)
	case FactBirthdayMatch:
		return c.knows(FactBirthdateMatch) && birth.toTheDay(birth.Match)
	case FactCountrySubject:
		return country.given(MissingSubject) && !country.otherRole() && !(country.unread() && !coded(c.Subject.Countries))
	case FactCountryMatch:
		return country.given(MissingMatch) && !country.otherRole() && !(country.unread() && coded(c.Subject.Countries))
	case FactSexSubject:
		return c.row(AttributeSex).given(MissingSubject)
	case FactSexMatch:
		return c.row(AttributeSex).given(MissingMatch)
	case FactIdentifierSubject:
		return c.row(AttributeIdentifier).given(MissingSubject) && !c.row(AttributeIdentifier).otherType()
	case FactIdentifierMatch:
		return c.row(AttributeIdentifier).given(MissingMatch)
	case FactNameSubject:
		return c.row(AttributeName).given(MissingSubject) && !(c.person() && c.Subject.shortened())
	case FactDetails:
		return c.Party.named()
	}
	return false
}

// given says that a side gives its value: there is a row, and it does not miss that side.
func (c Comparison) given(missing Verdict) bool { return c.Verdict != "" && c.Verdict != missing }

func (c Comparison) unread() bool { return strings.HasSuffix(c.Rule, "-unread") }

// otherRole says that both sides give countries, of kinds that say nothing of each other.
func (c Comparison) otherRole() bool { return c.Rule == ruleCountryOtherRole }

// otherType says that both sides give numbers, none of one kind.
func (c Comparison) otherType() bool { return c.Rule == ruleIdentifierOther }

// toTheDay says that the date which spoke is known to the day; where none spoke, any.
func (c Comparison) toTheDay(sides []Side) bool {
	for i, s := range sides {
		newYear := c.Rule == ruleBirthdateNewYear && strings.HasSuffix(s.Value, "-01-01") // likely no more than a year
		if s.Note == "to the day" && !newYear {
			return true
		}
		if i == 0 && slices.Contains([]Verdict{Agree, Close, Conflict}, c.Verdict) {
			return false
		}
	}
	return false
}

func coded(countries []Country) bool {
	return slices.ContainsFunc(countries, func(c Country) bool { return countryCode(c) != "" })
}

// any says that something is so of one of the party's matches.
func (p *Party) any(is func(*Match) bool) bool {
	for i := range p.Matches { // matches are large: they are pointed at
		if is(&p.Matches[i]) {
			return true
		}
	}
	return false
}

// read says that the date could be read.
func (b Birthdate) read() bool { return !b.From.IsZero() }

// born says that the party has a birth date that was read.
func (p *Party) born() bool {
	return p.any(func(m *Match) bool { return slices.ContainsFunc(m.Birthdates, Birthdate.read) })
}

// named says that the report told who the party is.
func (p *Party) named() bool {
	return p.any(func(m *Match) bool { return len(m.Names) > 0 && m.Party != PartyList })
}

// shortened says that what we have of the subject's name is one word, or has initials in it.
func (s Subject) shortened() bool {
	words := strings.Fields(s.FullName())
	return len(words) == 1 || slices.ContainsFunc(words, func(w string) bool {
		letters := strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return r
			}
			return -1
		}, w)
		r, n := utf8.DecodeRuneInString(letters)
		return n > 0 && n == len(letters) && unicode.IsUpper(r) // scripts without cases have names of one letter
	})
}

// open says that a fact is not known and would have a say between these two.
func (c ComparedParty) open(f Fact) bool {
	switch f {
	case FactOther, FactDetails:
		return false
	case FactBirthdateSubject, FactBirthdateMatch, FactBirthdaySubject, FactBirthdayMatch, FactSexSubject, FactSexMatch:
		return c.person() && !c.knows(f)
	}
	return !c.knows(f)
}

// settlingPairs are facts by what they are about, ours and the list's, the most telling first. Of
// a pair of which both are open, neither settles anything alone.
var settlingPairs = [][2]Fact{
	{FactBirthdateSubject, FactBirthdateMatch}, {FactBirthdaySubject, FactBirthdayMatch}, {FactCountrySubject, FactCountryMatch},
	{FactSexSubject, FactSexMatch}, {FactIdentifierSubject, FactIdentifierMatch},
}

// settled says that what is known sets the two apart or makes them one: by more than a name.
func (c ComparedParty) settled() bool {
	agreed := map[Attribute]bool{}
	for _, r := range c.Rows {
		if r.Verdict == Conflict && r.Attribute != AttributeName || r.Verdict == Agree && r.Attribute == AttributeIdentifier {
			return true
		}
		agreed[r.Attribute] = r.Verdict == Agree && (r.Attribute != AttributeBirthdate || r.toTheDay(r.Subject) && r.toTheDay(r.Match))
	}
	return agreed[AttributeName] && agreed[AttributeBirthdate]
}

// settlers are the facts of which each alone would decide; both are those that would in pairs.
func (c ComparedParty) settlers() (alone, both []Fact) {
	if c.settled() {
		return nil, nil
	}
	if !c.knows(FactDetails) {
		return []Fact{FactDetails}, nil
	}
	for _, pair := range settlingPairs {
		ours, theirs := c.open(pair[0]), c.open(pair[1])
		switch {
		case pair[0] == FactBirthdaySubject && (c.open(FactBirthdateSubject) || c.open(FactBirthdateMatch)):
			continue // there is no year yet
		case pair[0] == FactCountrySubject && c.row(AttributeCountry).otherRole():
			alone = append(alone, FactCountrySubject) // either may tell of the other's kind: ours can be asked for
		case pair[0] == FactIdentifierSubject && c.row(AttributeIdentifier).otherType():
			alone = append(alone, FactIdentifierSubject)
		case ours && theirs:
			both = append(both, pair[0], pair[1])
		case ours:
			alone = append(alone, pair[0])
		case theirs:
			alone = append(alone, pair[1])
		}
	}
	if c.open(FactNameSubject) {
		alone = append(alone, FactNameSubject)
	}
	return alone, both
}

// SettleParty gives the unknown facts whose knowledge would turn what is open between subject and
// party into an agreement or a conflict, the most telling first; none when something but the name
// sets them apart already, or shows them to be one. Where no fact would do so alone, those that
// would together: what neither side gives.
func SettleParty(c ComparedParty) []Fact {
	alone, both := c.settlers()
	if len(alone) == 0 {
		return both
	}
	return alone
}

// Settle gives the shortest list of facts that decides the parties given (the open ones without a
// finding), and for each fact all parties that it would decide; the one that decides most comes
// first. A fact of our subject's is asked for once and counts for every party; a fact of the
// list's must be found for each party by itself, and so counts once for each. Of lists that are as
// short the one with more of our own facts is given, then the one that stands first in Facts.
func Settle(parties []ComparedParty) []Settler {
	deciding := map[Fact][]int{}
	for i, c := range parties {
		alone, _ := c.settlers()
		for _, f := range alone {
			deciding[f] = append(deciding[f], i)
		}
	}
	var ours, theirs []Fact
	for _, f := range Facts() {
		switch {
		case len(deciding[f]) == 0:
		case f.Ours():
			ours = append(ours, f)
		default:
			theirs = append(theirs, f)
		}
	}
	decided := func(facts []Fact, chosen int) map[int]bool {
		done := map[int]bool{}
		for k, f := range facts {
			if chosen&(1<<k) != 0 {
				for _, i := range deciding[f] {
					done[i] = true
				}
			}
		}
		return done
	}
	all, byOurs := len(decided(slices.Concat(ours, theirs), -1)), map[int]bool{}
	best, cost := 0, all+1
	for chosen := range 1 << len(ours) { // a handful of facts: every choice is tried
		done := decided(ours, chosen)
		// What our own facts leave open costs a look-up each. As cheap and more of ours is better.
		if n := bits.OnesCount(uint(chosen)) + all - len(done); n < cost || n == cost && len(done) > len(byOurs) {
			best, cost, byOurs = chosen, n, done
		}
	}
	chosen := pick(ours, best)
	best = -1
	for c := range 1 << len(theirs) {
		done := decided(theirs, c)
		for i := range byOurs {
			done[i] = true
		}
		if len(done) == all && (best < 0 || bits.OnesCount(uint(c)) < bits.OnesCount(uint(best))) {
			best = c
		}
	}
	chosen = append(chosen, pick(theirs, best)...)
	settlers := make([]Settler, 0, len(chosen))
	for _, f := range chosen {
		s := Settler{Fact: f}
		for _, i := range deciding[f] {
			s.Parties = append(s.Parties, parties[i].Party.Key)
		}
		settlers = append(settlers, s)
	}
	slices.SortStableFunc(settlers, func(a, b Settler) int { return cmp.Compare(len(b.Parties), len(a.Parties)) })
	return settlers
}

func pick(facts []Fact, chosen int) []Fact {
	var out []Fact
	for k, f := range facts {
		if chosen&(1<<k) != 0 {
			out = append(out, f)
		}
	}
	return out
}

// known are those of some facts that are known today.
func (c ComparedParty) known(facts []Fact) []Fact {
	var known []Fact
	for _, f := range facts {
		if c.knows(f) {
			known = append(known, f)
		}
	}
	return known
}
