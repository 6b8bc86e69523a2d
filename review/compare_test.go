package review_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func row(t *testing.T, s review.Subject, m review.Match, a review.Attribute) review.Comparison {
	t.Helper()
	for _, c := range review.Compare(s, m) {
		if c.Attribute == a {
			assert.NotEmpty(t, c.Rule)
			assert.NotEmpty(t, c.Words)
			return c
		}
	}
	return review.Comparison{}
}

func TestUnknownIsNeverAConflict(t *testing.T) {
	t.Parallel()
	whole := review.Subject{Kind: review.PartyPerson, First: "Orlan", Last: "Kasymbek", Birthdate: born(1986, 3, 14)[0],
		Countries: []review.Country{{Code: "KZ"}}, Sex: "male"}
	for _, c := range review.Compare(whole, review.Match{}) {
		assert.Equal(t, review.MissingMatch, c.Verdict, c.Attribute)
	}
	match := review.Match{Names: names("Orlan Kasymbek"), Birthdates: born(1986, 0, 0), Sexes: []string{"male"},
		Countries: []review.Country{{Code: "KZ"}}}
	for _, c := range review.Compare(review.Subject{}, match) {
		assert.Equal(t, review.MissingSubject, c.Verdict, c.Attribute)
	}
	assert.Empty(t, review.Compare(review.Subject{}, review.Match{}))
}

func TestBirthdatesAreComparedAtTheCoarserPrecision(t *testing.T) {
	t.Parallel()
	day := func(y, m, d int) review.Birthdate { return born(y, m, d)[0] }
	span := func(a, b review.Birthdate) review.Birthdate { return review.Birthdate{From: a.From, To: b.From} }
	circa := func(b review.Birthdate) review.Birthdate { b.Circa = true; return b }
	for _, c := range []struct {
		name string
		a, b review.Birthdate
		want review.Verdict
	}{
		{"same day", day(1986, 3, 14), day(1986, 3, 14), review.Agree},
		{"same year, one gives only it", day(1986, 3, 14), day(1986, 0, 0), review.Close},
		{"same year, neither gives more", day(1986, 0, 0), day(1986, 0, 0), review.Agree},
		{"same month", day(1986, 3, 14), day(1986, 3, 0), review.Close},
		{"same month, neither gives the day", day(1986, 3, 0), day(1986, 3, 0), review.Agree},
		{"other month", day(1986, 3, 14), day(1986, 4, 0), review.Conflict},
		{"other day of one month", day(1986, 3, 14), day(1986, 3, 15), review.Conflict},
		{"one year apart on the same day", day(1986, 3, 14), day(1987, 3, 14), review.Close},
		{"one year apart on another day", day(1986, 3, 14), day(1987, 5, 2), review.Conflict},
		{"day and month swapped", day(1986, 3, 4), day(1986, 4, 3), review.Close},
		{"one year apart", day(1986, 3, 14), day(1987, 0, 0), review.Close},
		{"seven years apart", day(1986, 3, 14), day(1979, 0, 0), review.Conflict},
		{"other day and month", day(1986, 3, 14), day(1986, 9, 2), review.Conflict},
		{"within a range", day(1986, 3, 14), span(day(1980, 0, 0), day(1990, 0, 0)), review.Close},
		{"outside a range", day(1996, 3, 14), span(day(1980, 0, 0), day(1990, 0, 0)), review.Conflict},
		{"about", day(1986, 3, 14), circa(day(1984, 0, 0)), review.Close},
		{"too far from about", day(1986, 3, 14), circa(day(1983, 0, 0)), review.Conflict},
	} {
		got := row(t, review.Subject{Birthdate: c.a}, review.Match{Birthdates: []review.Birthdate{c.b}}, review.AttributeBirthdate)
		assert.Equal(t, c.want, got.Verdict, "%s: %s", c.name, got.Words)
		back := row(t, review.Subject{Birthdate: c.b}, review.Match{Birthdates: []review.Birthdate{c.a}}, review.AttributeBirthdate)
		assert.Equal(t, c.want, back.Verdict, "%s, the other way round", c.name)
	}
	best := row(t, review.Subject{Birthdate: day(1986, 3, 14)}, review.Match{Birthdates: append(born(1971, 0, 0), born(1986, 3, 14)...)}, review.AttributeBirthdate)
	assert.Equal(t, review.Agree, best.Verdict, "of several dates the best one speaks")
}

func TestNamesAreComparedPartByPart(t *testing.T) {
	t.Parallel()
	s := review.Subject{First: "Orlan", Middle: "Temur", Last: "Kasymbek"}
	for _, c := range []struct {
		theirs string
		want   review.Verdict
		rule   string
	}{
		{"Orlan Temur Kasymbek", review.Agree, "name/same"},
		{"KASYMBEK, Orlan Temur", review.Agree, "name/same"},
		{"ORLÁN témur kasymbek", review.Agree, "name/same"},
		{"Kasymbek Orlan Temur", review.Agree, "name/order"},
		{"Orlan Kasymbek", review.Close, "name/extra-here"},
		{"Orlan Temur Beg Kasymbek", review.Close, "name/extra-there"},
		{"O. Temur Kasymbek", review.Close, "name/initial"},
		{"Orlan Temur Kasimbek", review.Close, "name/sound"},
		{"Orlan Temur Kasymbak", review.Close, "name/variant"},
		{"Orlan Temur Zhumabayev", review.Conflict, "name/replaced-family"},
		{"Orlan Viktor Kasymbek", review.Close, "name/replaced"},
		{"Mirela Vask", review.Conflict, "name/other"},
		{"Орлан Темур Касымбек", review.Agree, "name/transliterated"},
		{"ออร์ลาน คาซิม", review.Close, "name/other-script"},
		{"...", review.Close, "name/unread"},
	} {
		got := row(t, s, review.Match{Names: names(c.theirs)}, review.AttributeName)
		assert.Equal(t, c.want, got.Verdict, c.theirs)
		assert.Equal(t, c.rule, got.Rule, c.theirs)
	}
	got := row(t, s, review.Match{Names: []review.Name{{Value: "Mirela Vask", Type: "primary_name"}, {Value: "Orlan Kasymbek", Type: "aka"}}}, review.AttributeName)
	assert.Equal(t, 1, got.Spoke, "the best name speaks")
	assert.Contains(t, strings.Join(got.Notes, " "), "other names")
}

func TestPartsStandBesideEachOther(t *testing.T) {
	t.Parallel()
	s := review.Subject{First: "Orlan", Middle: "Temur", Last: "Kasymbek"}
	got := row(t, s, review.Match{Names: names("KASYMBEKOV, Orlan Viktor Ali")}, review.AttributeName)
	assert.Equal(t, []review.PartComparison{
		{Role: "given", Subject: "Orlan", Match: "Orlan", Kind: review.PairSame, Mark: "same"},
		{Role: "middle", Subject: "Temur", Match: "Viktor", Kind: review.PairReplaced, Mark: "differs"},
		{Role: "family", Subject: "Kasymbek", Match: "KASYMBEKOV", Kind: review.PairSpelling, Mark: "close"},
		{Role: "given", Match: "Ali", Kind: review.PairExtraTo, Mark: "missing"},
	}, got.Parts)
}

func TestCountriesConflictOnlyWithinOneKind(t *testing.T) {
	t.Parallel()
	with := func(code, role string) []review.Country { return []review.Country{{Code: code, Role: role}} }
	for _, c := range []struct {
		ours, theirs []review.Country
		want         review.Verdict
	}{
		{with("KZ", "residence"), with("KZ", "birthplace"), review.Agree},
		{with("KZ", "residence"), with("UZ", "birthplace"), review.Close},
		{with("KZ", "citizenship"), with("UZ", "nationality"), review.Conflict},
		{with("KZ", "address"), with("UZ", "residence"), review.Conflict},
		{with("KZ", "address"), with("UZ", ""), review.Conflict},
		{with("KZ", "address"), append(with("UZ", ""), with("KZ", "source")...), review.Agree},
		{with("KZ", "address"), []review.Country{{Name: "Kazakhstan"}}, review.Agree},
		{with("KZ", "address"), []review.Country{{Name: "Land of steppes"}}, review.Close},
		{with("KZ", "address"), with("US", "list"), review.MissingMatch},
	} {
		got := row(t, review.Subject{Countries: c.ours}, review.Match{Countries: c.theirs}, review.AttributeCountry)
		assert.Equal(t, c.want, got.Verdict, "%v %v", c.ours, c.theirs)
	}
}

func TestSexKindAndWallet(t *testing.T) {
	t.Parallel()
	assert.Equal(t, review.Conflict, row(t, review.Subject{Sex: "male"}, review.Match{Sexes: []string{"female"}}, review.AttributeSex).Verdict)
	assert.Equal(t, review.Agree, row(t, review.Subject{Sex: "Male"}, review.Match{Sexes: []string{"male"}}, review.AttributeSex).Verdict)
	assert.Equal(t, review.Close, row(t, review.Subject{Sex: "Male"}, review.Match{Sexes: []string{"female", "male"}}, review.AttributeSex).Verdict)
	assert.Equal(t, review.Agree, row(t, review.Subject{Sex: "male"}, review.Match{Sexes: []string{"m"}}, review.AttributeSex).Verdict)
	assert.Equal(t, review.Close, row(t, review.Subject{Sex: "male"}, review.Match{Sexes: []string{"X"}}, review.AttributeSex).Verdict)
	assert.Equal(t, review.MissingMatch, row(t, review.Subject{Sex: "male"}, review.Match{Sexes: []string{"unknown"}}, review.AttributeSex).Verdict)
	assert.Equal(t, review.Conflict, row(t, review.Subject{Kind: review.PartyPerson}, review.Match{Party: review.PartyVessel}, review.AttributeKind).Verdict)
	assert.Empty(t, row(t, review.Subject{Kind: review.PartyPerson}, review.Match{Party: review.PartyPerson}, review.AttributeKind).Verdict)
	wallet := review.Subject{Wallets: []review.Identifier{{Type: "XBT", Value: "1A"}}}
	assert.Equal(t, review.Agree, row(t, wallet, review.Match{Identifiers: []review.Identifier{{Type: "XBT", Value: "1A"}}}, review.AttributeIdentifier).Verdict)
}

func TestCompareSurvivesHostileNames(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "\x00", "\xff", strings.Repeat("a ", 5000), strings.Repeat("ö", 10_000), strings.Repeat("e\u0301", 5000),
		"\u202e\u200b", ",", ",,,", "a,", ",b"} {
		got := review.Compare(review.Subject{Name: review.Name{Value: s}, Last: s}, review.Match{Names: names(s, "Orlan")})
		for _, c := range got {
			require.Contains(t, review.Verdicts(), c.Verdict)
		}
	}
}

func BenchmarkCompare(b *testing.B) {
	d := heavyDossier()
	s := review.Subject{First: "Orlan", Middle: "Temur", Last: "Kasymbek", Birthdate: born(1986, 3, 14)[0]}
	b.ReportAllocs()
	for b.Loop() {
		for _, m := range d.Reports[0].Matches {
			review.Compare(s, m)
		}
	}
}

func BenchmarkParties(b *testing.B) {
	d := heavyDossier()
	b.ReportAllocs()
	for b.Loop() {
		review.Parties(d)
	}
}
