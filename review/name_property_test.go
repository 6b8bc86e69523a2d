package review_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"docket/review"
)

// The parts that invented names are drawn from: none of them is a spelling of another.
var (
	givenParts  = strings.Fields("Orlan Mirela Tomasz Bektur Thandiwe Ildiko Ngozi Casimir Dilnoza Leopold Wilhelmina Ruslana Zephyrin Hamidou Ottokar Perpetua")
	middleParts = strings.Fields("Temur Adaora Quentin Gulnara Bartek Xiomara Yevdokia Fulgence")
	familyParts = strings.Fields("Kasymbek Zhumabayev Brunnhof Loughmoor Tarantelli Ostrander Vilmorin Szarvashegyi Mokoena Hartcastle Delorval Umezurike Papadrakis Wintergreen Qvistgaard Nazarbekyan")
)

func drawName(t *rapid.T, label string) []string {
	n := []string{rapid.SampledFrom(givenParts).Draw(t, label+" given")}
	if rapid.Bool().Draw(t, label+" middle") {
		n = append(n, rapid.SampledFrom(middleParts).Draw(t, label+" second"))
	}
	return append(n, rapid.SampledFrom(familyParts).Draw(t, label+" family"))
}

func rank(v review.Verdict) int { return -slices.Index(review.Verdicts(), v) }

func whole(parts []string) string { return strings.Join(parts, " ") }

// band is the part of the scale that a strength is in, as the report cuts it.
func band(s float64) int {
	switch {
	case s >= 0.85:
		return 2
	case s >= 0.6:
		return 1
	}
	return 0
}

// 1: how a name is written changes nothing.
func TestWritingKeepsTheVerdict(t *testing.T) {
	t.Parallel()
	ways := map[string]func(string) string{
		"upper case": strings.ToUpper, "lower case": strings.ToLower, "decomposed": norm.NFD.String,
		"wide": func(s string) string {
			return strings.Map(func(r rune) rune {
				if r > ' ' && r < 0x7F {
					return r + 0xFEE0
				}
				return r
			}, s)
		},
		"spaces":  func(s string) string { return "  " + strings.ReplaceAll(s, " ", " \t ") + " " },
		"points":  func(s string) string { return strings.ReplaceAll(s, " ", ". ") + "." },
		"hyphens": func(s string) string { return strings.ReplaceAll(s, " ", "-") },
		"accents": func(s string) string {
			return strings.NewReplacer("a", "á", "o", "ò", "e", "ê", "u", "û").Replace(s)
		},
		"title":  func(s string) string { return "Dr. " + s },
		"hidden": func(s string) string { return s[:1] + "\u200b" + s[1:] + "\ufeff" },
		"turned": func(s string) string { return "\u202a" + s + "\u202c" },
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := whole(drawName(t, "a")), whole(drawName(t, "b"))
		way := rapid.SampledFrom(slices.Sorted(maps(ways))).Draw(t, "way")
		for _, pair := range [][2]string{{a, a}, {a, b}} {
			was := compareTwo(review.PartyPerson, pair[0], pair[1])
			is := compareTwo(review.PartyPerson, pair[0], ways[way](pair[1]))
			if rank(is.Verdict) < rank(was.Verdict) || band(is.Strength) < band(was.Strength) {
				t.Fatalf("%s of %q beside %q: %s %.3f became %s %.3f", way, pair[1], pair[0], was.Verdict, was.Strength, is.Verdict, is.Strength)
			}
		}
	})
}

func maps[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// 2: another order keeps the band, and is said.
func TestOrderKeepsTheBandAndIsSaid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawName(t, "a")
		b := rapid.Permutation(a).Draw(t, "b")
		got := compareTwo(review.PartyPerson, whole(a), whole(b))
		if got.Verdict == review.Conflict || band(got.Strength) != 2 {
			t.Fatalf("%q beside %q: %s %.3f", a, b, got.Verdict, got.Strength)
		}
		said := got.Rule == "name/order" || strings.Contains(strings.Join(got.Notes, " "), "Order swapped")
		if said == slices.Equal(a, b) {
			t.Fatalf("%q beside %q: %s %v", a, b, got.Rule, got.Notes)
		}
	})
}

// 3: the two sides may change places.
func TestSidesMayChangePlaces(t *testing.T) {
	t.Parallel()
	rows := append(authored(t, "names-same.csv"), authored(t, "names-lookalike.csv")...)
	for _, p := range rows {
		for _, n := range p.match.Names {
			ab, ba := compareTwo(p.kind, p.subject.Name.Value, n.Value), compareTwo(p.kind, n.Value, p.subject.Name.Value)
			if ab.Verdict == review.MissingMatch {
				continue // a junk alias
			}
			assert.Equal(t, ab.Verdict, ba.Verdict, "%s | %s: %s, %s", p.subject.Name.Value, n.Value, ab.Rule, ba.Rule)
			assert.Equal(t, partners(ab, false), partners(ba, true), "%s | %s", p.subject.Name.Value, n.Value)
		}
	}
}

func partners(c review.NameComparison, turned bool) []string {
	var all []string
	for _, p := range c.Tokens {
		a, b := p.Subject, p.Party
		if turned {
			a, b = b, a
		}
		if p.Kind != review.PairReplaced { // who stands against whom there is a matter of layout
			all = append(all, a+"·"+b)
		}
	}
	slices.Sort(all)
	return all
}

// 4: a name agrees with itself, wholly; 5: the explanation adds up and leaves no part out.
func TestTheExplanationAddsUp(t *testing.T) {
	t.Parallel()
	whole := func(ours, theirs string, c review.NameComparison) {
		sum, shares := 0.0, 0.0
		for _, x := range c.Contributions {
			sum += x.Value
		}
		for _, p := range c.Tokens {
			shares += p.Share
		}
		assert.InDelta(t, c.Strength, sum, 1e-9, "%s | %s", ours, theirs)
		assert.GreaterOrEqual(t, shares, 0.0)
		letters := func(s string) string { return strings.ReplaceAll(review.Fold(s), " ", "") }
		var left, right strings.Builder
		for _, p := range c.Tokens {
			left.WriteString(p.Subject)
			right.WriteString(p.Party)
		}
		assert.Equal(t, sorted(letters(ours)), sorted(letters(left.String())), "%s: %s", ours, pairsOf(c))
		assert.Equal(t, sorted(letters(theirs)), sorted(letters(right.String())), "%s: %s", theirs, pairsOf(c))
	}
	for _, p := range append(authored(t, "names-same.csv"), authored(t, "names-lookalike.csv")...) {
		ours, theirs := p.subject.Name.Value, p.match.Names[0].Value
		if strings.Contains(theirs, ":") || strings.ContainsAny(ours+theirs, "&") {
			continue // no name; and a sign that stands for a word
		}
		whole(ours, theirs, compareTwo(p.kind, ours, theirs))
		self := compareTwo(p.kind, ours, ours)
		whole(ours, ours, self)
		assert.InDelta(t, 1, self.Strength, 1e-9, ours)
		assert.NotEqual(t, review.Conflict, self.Verdict, ours)
		if strings.Contains(ours, " ") && p.kind == review.PartyPerson {
			assert.Equal(t, review.Agree, self.Verdict, "%s: %s", ours, self.Words)
		}
	}
}

func sorted(s string) string {
	r := []rune(s)
	slices.Sort(r)
	return string(r)
}

// 7: one more alias never makes the best pair worse.
func TestAnAliasMoreIsNeverWorse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		subject := []review.Name{{Value: whole(drawName(t, "subject"))}}
		aliases := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) review.Name {
			return review.Name{Value: whole(drawName(t, "alias")), Type: rapid.SampledFrom([]string{"primary_name", "aka", "weak_aka"}).Draw(t, "type")}
		}), 2, 5).Draw(t, "aliases")
		few := review.CompareNames(review.PartyPerson, subject, aliases[1:])
		all := review.CompareNames(review.PartyPerson, subject, aliases)
		if rank(all.Verdict) < rank(few.Verdict) || all.Verdict == few.Verdict && all.Strength < few.Strength {
			t.Fatalf("%s %.3f, with %q %s %.3f", few.Verdict, few.Strength, aliases[0].Value, all.Verdict, all.Strength)
		}
		turned := slices.Clone(aliases) // 12: in any order
		slices.Reverse(turned)
		other := review.CompareNames(review.PartyPerson, subject, turned)
		other.PartyAt = all.PartyAt
		if fmt.Sprintf("%+v", other) != fmt.Sprintf("%+v", all) {
			t.Fatalf("in another order:\n%+v\n%+v", all, other)
		}
	})
}

// 8: a slip of the pen keeps the band, another name lowers it.
func TestASlipKeepsTheBandAndAnotherNameDoesNot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawName(t, "a")
		long := slices.IndexFunc(a, func(s string) bool { return len(s) >= 6 })
		if long < 0 {
			return
		}
		b := slices.Clone(a)
		i := rapid.IntRange(1, len(b[long])-1).Draw(t, "at")
		b[long] = b[long][:i] + rapid.SampledFrom([]string{"x", "q", ""}).Draw(t, "letter") + b[long][i+1:]
		got := compareTwo(review.PartyPerson, whole(a), whole(b))
		if got.Verdict == review.Conflict || band(got.Strength) < 2 {
			t.Fatalf("%q beside %q: %s %.3f", a, b, got.Verdict, got.Strength)
		}
		c := slices.Clone(a)
		c[long] = rapid.SampledFrom(familyParts).Filter(func(s string) bool { return s != a[long] }).Draw(t, "other")
		if slices.Contains(a, c[long]) {
			return
		}
		other := compareTwo(review.PartyPerson, whole(a), whole(c))
		if band(other.Strength) > 0 || other.Verdict == review.Agree {
			t.Fatalf("%q beside %q: %s %.3f", a, c, other.Verdict, other.Strength)
		}
	})
}

// 9: the family name of another never agrees.
func TestAnotherFamilyNameNeverAgrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawName(t, "a")
		b := slices.Clone(a)
		b[len(b)-1] = rapid.SampledFrom(familyParts).Draw(t, "family")
		got := compareTwo(review.PartyPerson, whole(a), whole(b))
		if b[len(b)-1] != a[len(a)-1] && got.Verdict != review.Conflict {
			t.Fatalf("%q beside %q: %s", a, b, got.Verdict)
		}
	})
}

// 11: letters that look alike keep the verdict and are reported.
func TestDisguisedLettersKeepTheVerdict(t *testing.T) {
	t.Parallel()
	disguise := strings.NewReplacer("a", "а", "e", "е", "o", "о", "p", "р", "c", "с", "x", "х")
	rapid.Check(t, func(t *rapid.T) {
		a := drawName(t, "a")
		i := rapid.IntRange(0, len(a)-1).Draw(t, "part")
		b := slices.Clone(a)
		b[i] = disguise.Replace(b[i])
		was, is := compareTwo(review.PartyPerson, whole(a), whole(a)), compareTwo(review.PartyPerson, whole(a), whole(b))
		if was.Verdict != is.Verdict || b[i] != a[i] && !strings.Contains(strings.Join(is.Notes, " "), "two scripts") {
			t.Fatalf("%q: %s %v", b, is.Verdict, is.Notes)
		}
	})
}

// 13: nothing that can be sent breaks the comparison or takes long.
func TestHostileNamesAreCompared(t *testing.T) {
	t.Parallel()
	bombs := []string{"", "\x00", "\xff\xfe", "a", strings.Repeat("a", 10_000), strings.Repeat("a ", 5_000), "e" + strings.Repeat("\u0301", 1_000),
		strings.Repeat("ﷺ", 5_000), strings.Repeat("王", 10_000), strings.Repeat("al-", 3_000), strings.Repeat("abd ", 400), strings.Repeat("x.", 500),
		strings.Repeat("\u202e", 9_000) + "a", strings.Repeat("ᄀ", 10_000), ",", ", ,", "&&&&", "ー", "ッ", "ال", "عبد", "abu", "al", "I", "din", "a al din", strings.Repeat("I ", 40), "b, abu", "b c, abd al",
		"al din, a", "الدين, ا", "ب, ابو"}
	for _, a := range bombs {
		for _, b := range bombs {
			for _, kind := range []review.PartyKind{review.PartyPerson, review.PartyBusiness, review.PartyUnknown} {
				began := time.Now()
				got := compareTwo(kind, a, b)
				assert.Less(t, time.Since(began), 500*time.Millisecond, "a cap that holds on a busy machine") // 5 ms on a quiet one
				assert.False(t, math.IsNaN(got.Strength) || got.Strength < 0 || got.Strength > 1, "%.20q %.20q %f", a, b, got.Strength)
			}
		}
	}
}

func FuzzCompareNames(f *testing.F) {
	f.Add("Orlan Kasymbek", "KASYMBEK, Orlan", true)
	f.Add("ООО «Ветрогон» & Co. I", "\u202e王 明", false)
	f.Add("NOOR, Abu", "Din, Salah ad", true)
	f.Fuzz(func(t *testing.T, a, b string, person bool) {
		kind := review.PartyBusiness
		if person {
			kind = review.PartyPerson
		}
		c := compareTwo(kind, a, b)
		sum := 0.0
		for _, x := range c.Contributions {
			sum += x.Value
		}
		if math.Abs(sum-c.Strength) > 1e-9 || c.Verdict == "" {
			t.Fatalf("%q %q: %q %f of %f", a, b, c.Verdict, sum, c.Strength)
		}
	})
}

func TestTokenDistanceAllocatesNothing(t *testing.T) {
	require.Zero(t, testing.AllocsPerRun(100, func() { review.EditDistance("kasymbekov", "qasimbekow") }))
	require.Zero(t, testing.AllocsPerRun(100, func() { review.LetterDistance("السوداني", "السودانيه") }))
}
