package review_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// benchSyllables make invented words of each script: a start and an end or two.
var benchSyllables = map[string][2][]string{
	"plain":    {strings.Fields("Or Mi Te Bru Ka Zhu Che Wil Tor Ha Ily Du"), strings.Fields("lan rela mur nnhof symbek mayev rmak helm nquist ssan as kova")},
	"accents":  {strings.Fields("Żan Té Öz Řez Ló Bjø Çağ Âl Ňu Šte Gü Ñá"), strings.Fields("eta mür torun níček pez rnsson la várez ñez fánsson l kić")},
	"cyrillic": {strings.Fields("Вик Ю Щёл Ор Ка Же Бе Ми Ту Зо"), strings.Fields("тор лия оков лан сым нов ляев рела рманов йкин")},
	"arabic":   {strings.Fields("خا ال عبد مح رو حس كر سل نو جا"), strings.Fields("لد راوندي الرحمن مود ندي ين يم مان ري بر")},
	"han":      {strings.Fields("欧阳 王 李 张 陈 刘 黄 赵 周 吴"), strings.Fields("明 伟强 梓睿 晓 丽华 国栋 建 文 志远 海")},
	"greek":    {strings.Fields("Γιώ Πα Κων Δη"), strings.Fields("ργος παδάκης σταντίνου μήτρης")},
	"hangul":   {strings.Fields("김 박 이 남궁"), strings.Fields("하람 서준 민지 도윤")},
}

func benchWord(script string, k int) string {
	s := benchSyllables[script]
	return s[0][k%len(s[0])] + s[1][k/len(s[0])%len(s[1])]
}

// aliases are the names of fifty parties, sixty each, no two of one party alike: of sixty, 24 are in
// plain Latin letters, 19 have accents, 7 are Cyrillic, 5 Arabic, 3 Han, one Greek, one Hangul. Every
// tenth has a part of the subject's name, as the names that a screening finds do. A party has some
// given and family names in many spellings and orders, as on lists; its names have 18 letters in 2.6
// words on average, as those of listed persons have.
func aliases() [][]review.Name {
	random := rand.New(rand.NewPCG(1, 2))
	var parties [][]review.Name
	for range 50 {
		words := map[string][]string{}
		word := func(script string) string {
			if len(words[script]) < 10 {
				words[script] = append(words[script], benchWord(script, random.IntN(1000)))
			}
			return words[script][random.IntN(len(words[script]))]
		}
		var names []review.Name
		seen := map[string]bool{}
		for len(names) < 60 {
			alias, script := len(names), ""
			for _, s := range []struct {
				upTo int
				name string
			}{{24, "plain"}, {43, "accents"}, {50, "cyrillic"}, {55, "arabic"}, {58, "han"}, {59, "greek"}, {60, "hangul"}} {
				if script = s.name; alias < s.upTo {
					break
				}
			}
			given, family := word(script), word(script)
			if alias%10 == 0 {
				given = []string{"Orlan", "Temür", "Kasymbekov"}[random.IntN(3)]
			}
			value := given + " " + family
			switch {
			case script == "han" || script == "hangul":
				value = word(script)
			case alias%3 == 0:
				value = family + ", " + given + " " + word(script)
			case alias%3 == 1:
				value = given + " " + word(script) + " " + family
			}
			if !seen[value] {
				seen[value] = true
				names = append(names, review.Name{Value: value, Type: "aka"})
			}
		}
		parties = append(parties, names)
	}
	return parties
}

func TestTheAliasesOfTheBenchmarkAreDistinct(t *testing.T) {
	t.Parallel()
	seen, letters, words := map[string]bool{}, 0, 0
	for _, names := range aliases() {
		for _, n := range names {
			seen[n.Value] = true
			letters, words = letters+len([]rune(n.Value)), words+len(strings.Fields(n.Value))
		}
	}
	assert.Greater(t, len(seen), 2800)
	assert.InDelta(t, 18, float64(letters)/3000, 1)
	assert.InDelta(t, 2.6, float64(words)/3000, 0.1)
}

// BenchmarkCompareFiftyParties is the first comparison of one subject with fifty matches of sixty
// names each: nothing is folded before. The reader, the lists and the tables are warm, as they are
// in a server. The floor beside it is BenchmarkPlainFold over the same bytes.
func BenchmarkCompareFiftyParties(b *testing.B) {
	subject := []review.Name{{Value: "Orlan Temur Kasymbek"}}
	parties := aliases()
	b.ReportAllocs()
	for b.Loop() {
		for _, names := range parties {
			review.CompareNames(review.PartyPerson, subject, names)
		}
	}
}

// BenchmarkCompareFiftyMatches is how long a reviewer waits for the same: every row of every match,
// on all processors. BenchmarkNameRows is the same on one.
func BenchmarkCompareFiftyMatches(b *testing.B) {
	by, err := review.ComparatorOf(review.ComparatorVersion)
	require.NoError(b, err)
	var pairs []review.Pair
	for _, names := range aliases() {
		pairs = append(pairs, review.Pair{Subject: review.Subject{Kind: review.PartyPerson, First: "Orlan", Middle: "Temur", Last: "Kasymbek"},
			Match: review.Match{Party: review.PartyPerson, Names: names}})
	}
	b.ReportAllocs()
	for b.Loop() {
		by.CompareAll(pairs)
	}
}

// BenchmarkNameRows is the same through the rows of a page: roles, sides and parts as well.
func BenchmarkNameRows(b *testing.B) {
	s := review.Subject{Kind: review.PartyPerson, First: "Orlan", Middle: "Temur", Last: "Kasymbek"}
	parties := aliases()
	b.ReportAllocs()
	for b.Loop() {
		for _, names := range parties {
			review.Compare(s, review.Match{Party: review.PartyPerson, Names: names})
		}
	}
}

func BenchmarkCompareFoldedNames(b *testing.B) {
	subject := review.FoldNames(review.PartyPerson, []review.Name{{Value: "Orlan Temur Kasymbek"}})
	var parties [][]review.FoldedName
	for _, names := range aliases() {
		parties = append(parties, review.FoldNames(review.PartyPerson, names))
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range parties {
			review.CompareFolded(review.PartyPerson, subject, p)
		}
	}
}

// BenchmarkFoldNames is the other half of a first comparison: 3,000 names are made ready.
func BenchmarkFoldNames(b *testing.B) {
	all := aliases()
	b.ReportAllocs()
	for b.Loop() {
		for _, names := range all {
			review.FoldNames(review.PartyPerson, names)
		}
	}
}

// BenchmarkPlainFold is the floor: letters and accents alone, of the same names.
func BenchmarkPlainFold(b *testing.B) {
	all := aliases()
	b.ReportAllocs()
	for b.Loop() {
		for _, names := range all {
			for _, n := range names {
				review.Fold(n.Value)
			}
		}
	}
}

func BenchmarkTokenDistance(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		review.EditDistance("kasymbekov", "qasimbekow")
	}
}

func BenchmarkTokenDistanceBeyondASCII(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		review.LetterDistance("السوداني", "السودانيه")
	}
}

// BenchmarkOneByOne is the floor of a distance: a look at every letter of both.
func BenchmarkOneByOne(b *testing.B) {
	x, y := "kasymbekov", "qasimbekow"
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for i := range len(x) {
			if x[i] != y[i] {
				n++
			}
		}
		if n != 3 {
			b.Fatal(n)
		}
	}
}

// bombs are names made to be slow: at most five milliseconds each, by the clock of a quiet machine.
func bombs() map[string]string {
	return map[string]string{
		"10,000 letters":                "Orlan " + strings.Repeat("a", 10_000),
		"1,000 marks on one letter":     "Orlan Kasymbe" + strings.Repeat("\u0301", 1_000),
		"5,000 words of one letter":     strings.Repeat("a ", 5_000),
		"10,000 Han characters":         strings.Repeat("王", 10_000),
		"10,000 ligatures of 18":        strings.Repeat("ﷺ", 10_000),
		"10,000 turns of the direction": strings.Repeat("\u202e", 10_000) + "Orlan",
		"3,000 particles":               strings.Repeat("al-", 3_000) + "Kasymbek",
	}
}

func BenchmarkBombs(b *testing.B) {
	for name, bomb := range bombs() {
		b.Run(name, func(b *testing.B) {
			subject := []review.Name{{Value: "Orlan Temur Kasymbek"}, {Value: bomb}}
			b.ReportAllocs()
			for b.Loop() {
				review.CompareNames(review.PartyUnknown, subject, []review.Name{{Value: bomb}, {Value: bomb + " b", Type: "aka"}})
			}
		})
	}
}

// patience is how much slower the tests may be than the code: the race detector's file raises it.
var patience = time.Duration(1)

// The quickest of many tries is what a bomb costs when the machine is not busy with other things.
func TestABombTakesLessThanFiveMilliseconds(t *testing.T) {
	for name, bomb := range bombs() {
		best := time.Hour
		for range 50 {
			began := time.Now()
			review.Compare(review.Subject{Name: review.Name{Value: bomb}}, review.Match{Names: []review.Name{{Value: bomb}, {Value: bomb + " b"}}, Listings: []review.Listing{{Flag: "US"}}})
			if best = min(best, time.Since(began)); best < time.Millisecond {
				break
			}
		}
		assert.Less(t, best, patience*5*time.Millisecond, name)
	}
}

// What a first comparison asks of memory does not grow with the names: they are folded where the
// ones before were.
func TestAFirstComparisonKeepsNothingOfTheNames(t *testing.T) {
	subject, parties := []review.Name{{Value: "Orlan Temur Kasymbek"}}, aliases()
	i := 0
	allocs := testing.AllocsPerRun(100, func() {
		review.CompareNames(review.PartyPerson, subject, parties[i%len(parties)])
		i++
	})
	assert.Less(t, allocs, 120.0, "for sixty names")
}
