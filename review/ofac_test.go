package review_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/review"
)

func TestOFACsToolIsReproduced(t *testing.T) {
	t.Parallel()
	near, n := 0, 0
	for _, row := range labelled(t, "ofac-tool-scores.csv") {
		want, err := strconv.Atoi(row["ofac_score"])
		require.NoError(t, err)
		if want < 0 {
			continue // the tool did not return it
		}
		n++
		if d := review.OFACScore(row["query_name"], row["result_name"]) - want; d >= -5 && d <= 5 {
			near++
		}
	}
	assert.GreaterOrEqual(t, float64(near)/float64(n), 0.95, "%d of %d", near, n)
}

func TestOFACScoreHangsOnOrderAndFirstLetter(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 100, review.OFACScore("ORLAN KASYMBEK", "KASYMBEK, Orlan"), "word for word")
	assert.Equal(t, 100, review.OFACScore("Kasymbek", "kasymbek"))
	assert.Less(t, review.OFACScore("ORLAN KASYMBEK", "VASK, Mirela"), 75, "far, and still not low")
	assert.Greater(t, review.OFACScore("ORLAN", "ORLAND SHIPPING"), review.OFACScore("RLAN", "ORLAND SHIPPING"))
	for _, s := range []string{"", "  ", "\xff", strings.Repeat("a", 5000)} {
		assert.GreaterOrEqual(t, review.OFACScore(s, "x"), 0)
	}
}

// The textbook's Jaro-Winkler, beside which the quick one stands.
func plainJaroWinkler(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	reach := max(max(len(x), len(y))/2-1, 0)
	usedY := make([]bool, len(y))
	var left, right []rune
	for i := range x {
		for j := max(0, i-reach); j < min(len(y), i+reach+1); j++ {
			if !usedY[j] && x[i] == y[j] {
				usedY[j] = true
				left = append(left, x[i])
				break
			}
		}
	}
	for j, used := range usedY {
		if used {
			right = append(right, y[j])
		}
	}
	if len(left) == 0 {
		return 0
	}
	turned := 0
	for i := range left {
		if left[i] != right[i] {
			turned++
		}
	}
	m := float64(len(left))
	jaro := (m/float64(len(x)) + m/float64(len(y)) + (m-float64(turned/2))/m) / 3
	prefix := 0
	for prefix < min(4, len(x), len(y)) && x[prefix] == y[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}

func plainOFACScore(query, listed string) int {
	words := func(s string) []string {
		return strings.FieldsFunc(strings.ToUpper(s), func(r rune) bool { return strings.ContainsRune(" ,.-()", r) })
	}
	q, l := words(query), words(listed)
	a, b := strings.Join(q, " "), strings.Join(l, " ")
	whole, sum, n := 0.0, 0.0, 0.0
	if a != "" && b != "" && []rune(a)[0] == []rune(b)[0] {
		whole = plainJaroWinkler(a, b)
	}
	for _, x := range q {
		if len([]rune(x)) <= 2 && len(q) > 1 {
			continue
		}
		best := 0.0
		for _, y := range l {
			if s := plainJaroWinkler(x, y); s >= 0.5 {
				best = max(best, s)
			}
		}
		sum, n = sum+best, n+1
	}
	if n > 0 {
		sum /= n
	}
	return int(100*max(whole, sum) + 0.5)
}

func TestTheQuickOFACScoreSaysWhatTheTextbookSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.RuneFrom([]rune("aabcdeiklmnorstuzKT  ,.-()ßéñıЯя王0'")), 0, 40, -1)
		q, l := name.Draw(t, "query"), name.Draw(t, "listed")
		if got, want := review.OFACScore(q, l), plainOFACScore(q, l); got != want {
			t.Fatalf("%q beside %q: %d, by the book %d", q, l, got, want)
		}
	})
}

func TestThePartyOnAListOfTheUnitedStatesSaysWhatOFACsToolWouldSay(t *testing.T) {
	t.Parallel()
	s := review.Subject{Kind: review.PartyPerson, Name: review.Name{Value: "Orlan Kasymbek"}}
	on := func(l review.Listing, names ...string) review.Match {
		m := review.Match{Party: review.PartyPerson, Listings: []review.Listing{{Name: "EU - EC - X", Flag: "EU"}, l}}
		for _, n := range names {
			m.Names = append(m.Names, review.Name{Value: n})
		}
		return m
	}
	const says = "OFAC’s search tool would say 100."
	for _, l := range []review.Listing{{Flag: "US"}, {Flag: "us"}, {Name: "US - OFAC - SDN"}, {Slug: "us-ofac-consolidated"}, {Name: "OFAC - Specially Designated Nationals (SDN) List"}} {
		assert.Equal(t, says, review.OFACNote(s, on(l, "Mirela Vask", "KASYMBEK, Orlan", "Орлан Касымбек")), "%+v: the best of its names", l)
	}
	assert.Empty(t, review.OFACNote(s, on(review.Listing{Name: "UK - OFSI - Consolidated", Flag: "GB"}, "Orlan Kasymbek")))
	assert.Empty(t, review.OFACNote(s, on(review.Listing{Name: "Tofacitinib trials"}, "Orlan Kasymbek")), "no word of the list's name")
	assert.Empty(t, review.OFACNote(s, on(review.Listing{Flag: "US"}, "Орлан Касымбек")), "the tool knows Latin letters")
	assert.Empty(t, review.OFACNote(review.Subject{Name: review.Name{Value: "Орлан Касымбек"}}, on(review.Listing{Flag: "US"}, "Orlan Kasymbek")))
	assert.Empty(t, review.OFACNote(s, on(review.Listing{Flag: "US"})), "no name to search for")
	assert.Equal(t, "OFAC’s search tool would say 87.", review.OFACNote(review.Subject{Name: review.Name{Value: "Orlan Kasymbek"}, Others: []review.Name{{Value: "Юлия"}}}, on(review.Listing{Flag: "US"}, "Orlan")))
}

func TestTheNameRowHasTheNoteSinceVersion3(t *testing.T) {
	t.Parallel()
	s := review.Subject{Kind: review.PartyPerson, Name: review.Name{Value: "Orlan Kasymbek"}}
	m := review.Match{Party: review.PartyPerson, Names: []review.Name{{Value: "KASYMBEK, Orlan"}}, Listings: []review.Listing{{Flag: "US"}}}
	for version, notes := range map[string][]string{"2": nil, "3": {"OFAC’s search tool would say 100."}} {
		by, err := review.ComparatorOf(version)
		require.NoError(t, err)
		assert.Equal(t, notes, by.Compare(s, m)[0].Notes, version)
	}
}

// BenchmarkOFACNotes is what the note costs where all of fifty parties stand on a list of the
// United States, with sixty names each.
func BenchmarkOFACNotes(b *testing.B) {
	s := review.Subject{Kind: review.PartyPerson, Name: review.Name{Value: "Orlan Temur Kasymbek"}}
	var parties []review.Match
	for _, names := range aliases() {
		parties = append(parties, review.Match{Names: names, Listings: []review.Listing{{Flag: "US"}}})
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, m := range parties {
			review.OFACNote(s, m)
		}
	}
}
