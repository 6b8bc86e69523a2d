package review_test

import (
	"fmt"
	"testing"

	"docket/review"
)

// aliases are the names of fifty parties, sixty each, most of them in accented or other letters.
func aliases() []review.Name {
	given := []string{"Orlan", "Témur", "Mirela", "Виктор", "Żaneta", "Юлия", "Abdul Karim", "Hélène", "Çağla", "خالد", "Sørine", "Ángel"}
	family := []string{"Kasymbek", "Vaskó", "Zhumabayev", "al-Rawendi", "Brünnhof", "Щёлокова", "Öztorun", "الراوندي", "Tornquist", "Čermak", "Łanowski", "Delgàdo"}
	var all []review.Name
	for party := range 50 {
		for alias := range 60 {
			value := given[(party+alias)%len(given)] + " " + family[(party*7+alias)%len(family)]
			if alias%3 == 0 {
				value = fmt.Sprintf("%s, %s %s", family[(party*7+alias)%len(family)], given[alias%len(given)], given[(alias+party+5)%len(given)])
			}
			all = append(all, review.Name{Value: value, Type: "aka"})
		}
	}
	return all
}

func BenchmarkCompareFoldedNames(b *testing.B) {
	subject := review.FoldNames(review.PartyPerson, []review.Name{{Value: "Orlan Temur Kasymbek"}})
	var parties [][]review.FoldedName
	all := aliases()
	for len(all) > 0 {
		parties = append(parties, review.FoldNames(review.PartyPerson, all[:60]))
		all = all[60:]
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
		review.FoldNames(review.PartyPerson, all)
	}
}

// BenchmarkPlainFold is the floor: letters and accents alone.
func BenchmarkPlainFold(b *testing.B) {
	all := aliases()
	b.ReportAllocs()
	for b.Loop() {
		for _, n := range all {
			review.Fold(n.Value)
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
