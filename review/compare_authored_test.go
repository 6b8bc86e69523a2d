package review_test

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// fact is one attribute on both sides: of one person in facts-same.csv, of two in facts-other.csv.
// Several values of a side are parted by " | ".
type fact struct {
	attribute    review.Attribute
	why          string
	ours, theirs []string
}

func facts(t *testing.T, file string) (all []fact) {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	several := func(s string) []string {
		if s == "" {
			return nil
		}
		return strings.Split(s, " | ")
	}
	for _, row := range rows[1:] {
		require.Contains(t, review.Attributes(), review.Attribute(row[0]))
		all = append(all, fact{review.Attribute(row[0]), row[1], several(row[2]), several(row[3])})
	}
	return all
}

// add tells a fact of a subject and a match.
func (f fact) add(t *testing.T, s *review.Subject, m *review.Match) {
	t.Helper()
	switch f.attribute {
	case review.AttributeBirthdate:
		s.Birthdate = review.Birthdate{}
		for _, v := range f.ours {
			s.Birthdate = anyBirthdate(t, v)
		}
		m.Birthdates = nil
		for _, v := range f.theirs {
			m.Birthdates = append(m.Birthdates, anyBirthdate(t, v))
		}
	case review.AttributeCountry:
		s.Countries, m.Countries = countriesOf(f.ours), countriesOf(f.theirs)
	case review.AttributeSex:
		s.Sex, m.Sexes = strings.Join(f.ours, ""), f.theirs
	case review.AttributeIdentifier:
		s.Identifiers, m.Identifiers = identifiersOf(f.ours), identifiersOf(f.theirs)
	}
}

// anyBirthdate reads 1986-03, ~1986 (about), 1980..1990 (a range) and ?words.
func anyBirthdate(t *testing.T, s string) review.Birthdate {
	t.Helper()
	if words, ok := strings.CutPrefix(s, "?"); ok {
		return review.Birthdate{Raw: words}
	}
	s, about := strings.CutPrefix(s, "~")
	from, to, _ := strings.Cut(s, "..")
	b := birthdate(t, from)
	b.To, b.Circa = birthdate(t, to).From, about
	return b
}

func countriesOf(values []string) (all []review.Country) {
	for _, v := range values {
		words, role := v[:strings.LastIndexByte(v, ' ')], v[strings.LastIndexByte(v, ' ')+1:]
		c := review.Country{Name: words, Role: role}
		if len(words) == 2 {
			c = review.Country{Code: words, Role: role}
		}
		all = append(all, c)
	}
	return all
}

func identifiersOf(values []string) (all []review.Identifier) {
	for _, v := range values {
		words := append(strings.Fields(v), "")
		all = append(all, review.Identifier{Type: words[0], Value: words[1], Country: words[2]})
	}
	return all
}

func TestNothingThatIsTrueOfOnePersonConflicts(t *testing.T) {
	t.Parallel()
	for _, f := range facts(t, "facts-same.csv") {
		var s review.Subject
		var m review.Match
		f.add(t, &s, &m)
		for _, turned := range []bool{false, true} {
			if turned {
				if len(f.theirs) > 1 && f.attribute != review.AttributeCountry && f.attribute != review.AttributeIdentifier {
					break // our side has one birth date, and one sex
				}
				s, m = exchanged(s, m)
			}
			for _, row := range review.Compare(s, m) {
				assert.NotEqual(t, review.Conflict, row.Verdict, "%s, %s: %s", f.attribute, f.why, row.Words)
			}
		}
	}
}

func TestNothingThatIsTrueOfAnotherAgrees(t *testing.T) {
	t.Parallel()
	for _, f := range facts(t, "facts-other.csv") {
		var s review.Subject
		var m review.Match
		f.add(t, &s, &m)
		rows := review.Compare(s, m)
		assert.NotEmpty(t, rows, "%s, %s", f.attribute, f.why)
		for _, row := range rows {
			assert.NotEqual(t, review.Agree, row.Verdict, "%s, %s: %s", f.attribute, f.why, row.Words)
		}
	}
}

// exchanged puts what is told of the party on our side, and ours on the party's.
func exchanged(s review.Subject, m review.Match) (review.Subject, review.Match) {
	var t review.Subject
	var n review.Match
	t.Kind, n.Party = m.Party, s.Kind
	if s.FullName() != "" {
		n.Names = []review.Name{{Value: s.FullName()}}
	}
	if len(m.Names) > 0 {
		t.Name = m.Names[0]
	}
	if s.Birthdate != (review.Birthdate{}) {
		n.Birthdates = []review.Birthdate{s.Birthdate}
	}
	if len(m.Birthdates) > 0 {
		t.Birthdate = m.Birthdates[0]
	}
	if s.Sex != "" {
		n.Sexes = []string{s.Sex}
	}
	if len(m.Sexes) > 0 {
		t.Sex = m.Sexes[0]
	}
	t.Countries, n.Countries = m.Countries, s.Countries
	t.Identifiers, n.Identifiers = m.Identifiers, s.Identifiers
	return t, n
}

// Whatever else is true of one person beside any way of writing the name: nothing conflicts.
func TestNoPairOfOnePersonConflictsInAnyAttribute(t *testing.T) {
	t.Parallel()
	same := facts(t, "facts-same.csv")
	people, turn := 0, 0
	for _, p := range authored(t, "names-same.csv") {
		if p.kind != review.PartyPerson {
			continue
		}
		people++
		for range 8 { // each fact comes beside each way of writing many times over
			s, m := p.subject, p.match
			for range 7 {
				turn += 11 // prime to their number: every fact meets every other
				same[turn%len(same)].add(t, &s, &m)
			}
			for _, row := range review.Compare(s, m) {
				require.NotEqual(t, review.Conflict, row.Verdict, "line %d: %s: %s %v %v", p.line, row.Attribute, row.Words, row.Subject, row.Match)
			}
		}
	}
	require.GreaterOrEqual(t, people, 200)
}

// wholly says that every attribute that both sides give agrees, and that the name is one of them.
func wholly(rows []review.Comparison) bool {
	named := false
	for _, row := range rows {
		switch row.Verdict {
		case review.Agree:
			named = named || row.Attribute == review.AttributeName
		case review.Close, review.Conflict:
			return false
		}
	}
	return named
}

// A look-alike of the same year, country, sex and address is still a look-alike; and a namesake is
// told by whatever is another's.
func TestNoLookAlikeAgreesOnTheWholeWhateverElseIsAlike(t *testing.T) {
	t.Parallel()
	alike := func(s *review.Subject, m *review.Match) {
		s.Sex, m.Sexes = "male", []string{"male"}
		s.Countries, m.Countries = []review.Country{{Code: "KZ", Role: "address"}}, []review.Country{{Code: "KZ", Role: "citizenship"}}
		if s.Birthdate.From.IsZero() {
			s.Birthdate, m.Birthdates = born(1986, 3, 14)[0], born(1986, 3, 14)
		}
	}
	all := authored(t, "names-lookalike.csv")
	require.GreaterOrEqual(t, len(all), 200)
	for _, p := range all {
		alike(&p.subject, &p.match)
		rows := review.Compare(p.subject, p.match)
		assert.False(t, wholly(rows), "line %d, %s: %s | %v", p.line, p.what, p.subject.Name.Value, p.match.Names)
	}
	for _, name := range []string{"Orlan Temur Kasymbek", "Mohammed Ali", "李明", "Юлия Щёлокова", "حسن مراد"} {
		for _, f := range facts(t, "facts-other.csv") {
			s, m := review.Subject{Name: review.Name{Value: name}}, review.Match{Names: names(name)}
			alike(&s, &m)
			f.add(t, &s, &m)
			rows := review.Compare(s, m)
			if f.attribute == review.AttributeIdentifier && row(t, s, m, f.attribute).Verdict == review.MissingMatch {
				continue // numbers that say nothing of each other
			}
			assert.False(t, wholly(rows), "%s with %s, %s", name, f.attribute, f.why)
		}
	}
}
