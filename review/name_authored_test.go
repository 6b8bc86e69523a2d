package review_test

import (
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// authoredPair is one row of the two authored sets: invented people and companies. Several names
// of a listed party are parted by " | "; birth dates are there where they decide.
type authoredPair struct {
	what    string
	kind    review.PartyKind
	subject review.Subject
	match   review.Match
	line    int
}

func authored(t *testing.T, file string) []authoredPair {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	var all []authoredPair
	for i, row := range rows[1:] {
		p := authoredPair{what: row[0], kind: review.SchemaKind(row[1]), line: i + 2}
		p.subject = review.Subject{Kind: p.kind, Name: review.Name{Value: row[2]}, Birthdate: birthdate(t, row[4])}
		p.match = review.Match{Party: p.kind}
		for _, n := range strings.Split(row[3], " | ") {
			p.match.Names = append(p.match.Names, review.Name{Value: n})
		}
		if row[5] != "" {
			p.match.Birthdates = []review.Birthdate{birthdate(t, row[5])}
		}
		all = append(all, p)
	}
	return all
}

func birthdate(t *testing.T, s string) (b review.Birthdate) {
	t.Helper()
	for i, part := range strings.Split(s, "-") {
		if part == "" {
			continue
		}
		n, err := strconv.Atoi(part)
		require.NoError(t, err)
		switch i {
		case 0:
			b.From.Year = n
		case 1:
			b.From.Month = n
		case 2:
			b.From.Day = n
		}
	}
	return b
}

func (p authoredPair) names() review.NameComparison {
	return review.CompareNames(p.kind, []review.Name{p.subject.Name}, p.match.Names)
}

func TestNoPairOfOnePersonConflicts(t *testing.T) {
	t.Parallel()
	all := authored(t, "names-same.csv")
	require.GreaterOrEqual(t, len(all), 200)
	for _, p := range all {
		found := p.names()
		assert.NotEqual(t, review.Conflict, found.Verdict, "line %d, %s: %s | %v: %s", p.line, p.what, p.subject.Name.Value, p.match.Names, found.Words)
		for _, row := range review.Compare(p.subject, p.match) {
			assert.NotEqual(t, review.Conflict, row.Verdict, "line %d, %s: %s", p.line, row.Attribute, row.Words)
		}
	}
}

func TestNoLookAlikeAgreesOnTheWhole(t *testing.T) {
	t.Parallel()
	all := authored(t, "names-lookalike.csv")
	require.GreaterOrEqual(t, len(all), 200)
	for _, p := range all {
		agree, conflict := false, false
		for _, row := range review.Compare(p.subject, p.match) {
			agree = agree || row.Attribute == review.AttributeName && row.Verdict == review.Agree
			conflict = conflict || row.Verdict == review.Conflict
		}
		found := p.names()
		assert.False(t, agree && !conflict, "line %d, %s: %s | %v: %s %.3f", p.line, p.what, p.subject.Name.Value, p.match.Names, found.Words, found.Strength)
	}
}

// The sets are set apart by strength as well: most pairs of one person stand above most look-alikes.
func TestAuthoredSetsAreToldApart(t *testing.T) {
	t.Parallel()
	right, all := 0, 0
	others := authored(t, "names-lookalike.csv")
	strengths := make([]float64, 0, len(others))
	for _, p := range others {
		if p.match.Birthdates == nil { // namesakes are told apart by dates alone
			strengths = append(strengths, p.names().Strength)
		}
	}
	for _, p := range authored(t, "names-same.csv") {
		s := p.names().Strength
		for _, o := range strengths {
			if all++; s > o {
				right++
			}
		}
	}
	assert.Greater(t, float64(right)/float64(all), 0.95)
}
