package review_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// tableOf reads the lines of a word list, without its remarks.
func tableOf(t *testing.T, name string) (lines []string) {
	t.Helper()
	raw, err := os.ReadFile("lexicon/" + name + ".txt")
	require.NoError(t, err)
	for line := range strings.Lines(string(raw)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return lines
}

// Whatever is written for a country is read as that country and no other; only what names two
// countries one after the other in time (Burma, East Timor) goes to the one that is.
func TestEveryWordForACountryIsReadAsIt(t *testing.T) {
	t.Parallel()
	gone := map[string]string{"BU": "MM", "TP": "TL"}
	seen := 0
	for _, line := range tableOf(t, "countries") {
		words := strings.Split(line, " | ")
		code, iso3, name := words[0][:2], words[0][3:6], words[0][7:]
		for _, w := range append([]string{iso3, strings.ToLower(iso3), name, strings.ToUpper(name)}, words[1:]...) {
			want := code
			if by := gone[code]; by != "" && w != iso3 && w != strings.ToLower(iso3) {
				want = by
			}
			assert.Equal(t, want, review.CountryCode(review.Country{Name: w}), "%q", w)
			seen++
		}
		assert.Equal(t, code, review.CountryCode(review.Country{Code: code}))
	}
	assert.Greater(t, seen, 1200)
	for _, nothing := range []string{"", "the", "Congolese", "Korea", "Korean", "Dominican", "Virgin Islands", "Atlantis", strings.Repeat("Kazakhstan ", 50)} {
		assert.Empty(t, review.CountryCode(review.Country{Name: nothing}), nothing)
	}
}

func TestRelatedCountriesAreCountries(t *testing.T) {
	t.Parallel()
	for _, line := range tableOf(t, "related") {
		head, rest, ok := strings.Cut(line, ": ")
		require.True(t, ok, line)
		why, state, _ := strings.Cut(head, " ")
		assert.Contains(t, []string{"former", "part", "parted"}, why)
		for _, other := range strings.Fields(rest) {
			for _, pair := range [][2]string{{state, other}, {other, state}} {
				s := review.Subject{Countries: []review.Country{{Code: pair[0], Role: "citizenship"}}}
				m := review.Match{Countries: []review.Country{{Code: pair[1], Role: "citizenship"}}}
				got := row(t, s, m, review.AttributeCountry)
				assert.Equal(t, "country-related", got.Rule, pair)
				assert.NotContains(t, got.Words, state+" ", "a name, no code")
			}
		}
	}
}
