package review_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/review"
)

func compareTwo(kind review.PartyKind, ours, theirs string) review.NameComparison {
	return review.CompareNames(kind, []review.Name{{Value: ours}}, []review.Name{{Value: theirs}})
}

// pairsOf writes the token pairs of a comparison on one line.
func pairsOf(c review.NameComparison) string {
	var all []string
	for _, p := range c.Tokens {
		all = append(all, string(p.Kind)+" "+p.Subject+"·"+p.Party)
	}
	return strings.Join(all, "; ")
}

func TestPartsOfANameAreShownAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ ours, theirs, want string }{
		{"Jitka Řezníčková", "REZNICKOVA, Jitka", "same Jitka·Jitka; same but for accents Řezníčková·REZNICKOVA"},
		{"Conor O'Dálaigh-Byrne", "Conor ODalaigh Byrne", "same Conor·Conor; same but for accents O'Dálaigh·ODalaigh; same Byrne·Byrne"},
		{"Hasan al-Rawi", "Hasan al-Tikriti", "same Hasan·Hasan; same al·al; replaced Rawi·Tikriti"},
		{"Nikolai Plat Ono Vich", "Nikolai Platonovich", "same Nikolai·Nikolai; joined or split Plat Ono Vich·Platonovich"},
		{"J. R. Ostrander", "Jonas Ostrander", "initial J·Jonas; extra here R·; same Ostrander·Ostrander"},
		{"Bill Hartcastle", "William Edgar Hartcastle", "nickname Bill·William; same Hartcastle·Hartcastle; extra there ·Edgar"},
		{"张伟强", "Zhang Wei Qiang", "transliterated 张·Zhang; transliterated 伟强·Wei Qiang"},
		{"Abd al-Aziz Noor", "Abdulaziz Noor", "same Abd al-Aziz·Abdulaziz; same Noor·Noor"},
		{"ァンナ", "Anna", "transliterated ァンナ·Anna"},
		{"Abu Noor", "NOOR, Abu", "same Abu Noor·Abu NOOR"},
		{"Abdul Rahman Noor", "RAHMAN NOOR, Abdul", "same Abdul Rahman·Abdul RAHMAN; same Noor·NOOR"},
		{"Salah ad-Din Noor", "AD-DIN NOOR, Salah", "same Salah ad-Din·Salah AD DIN; same Noor·NOOR"},
	} {
		assert.Equal(t, c.want, pairsOf(compareTwo(review.PartyPerson, c.ours, c.theirs)), "%s | %s", c.ours, c.theirs)
	}
}

func TestEachRuleSpeaks(t *testing.T) {
	t.Parallel()
	person, business := review.PartyPerson, review.PartyBusiness
	for _, c := range []struct {
		kind         review.PartyKind
		ours, theirs string
		want         review.Verdict
		rule         string
	}{
		{person, "Mirela Vask", "VASK, Mirela", review.Agree, "name/same"},
		{person, "Юлия Щёлокова", "Yuliya Shchelokova", review.Agree, "name/transliterated"},
		{person, "Mirela Vask", "Vask Mirela", review.Close, "name/order"},
		{person, "VASK, Mirela", "MIRELA, Vask", review.Conflict, "name/roles-swapped"},
		{person, "Mirela Vask", "Mirela Wask", review.Close, "name/sound"},
		{person, "Mirela Vaskor", "Mirela Vastor", review.Close, "name/variant"},
		{person, "Kate Loughmoor", "Katherine Loughmoor", review.Close, "name/nickname"},
		{person, "K. Loughmoor", "Katherine Loughmoor", review.Close, "name/initial"},
		{person, "PolTarn", "Pol Tarn", review.Agree, "name/joined"},
		{person, "Mirela Vask", "Mirela Ana Vask", review.Close, "name/extra-there"},
		{person, "Mirela Ana Vask", "Mirela Vask", review.Close, "name/extra-here"},
		{business, "Velmar AG", "Velmar GmbH", review.Close, "name/other-form"},
		{person, "Muhammad", "Muhammad", review.Close, "name/single"},
		{person, "Kasymbekov", "Kasymbekov", review.Agree, "name/same"},
		{person, "Hasan Omar Rawendi", "Hasan Khalid Rawendi", review.Close, "name/replaced"},
		{person, "Hasan Rawendi", "Hasan Tikruni", review.Conflict, "name/replaced-family"},
		{business, "Bank of Arvenia", "Bank of Belmora", review.Conflict, "name/replaced-only"},
		{person, "Hasan Rawendi", "Mirela Vask", review.Conflict, "name/other"},
		{person, "Hasan bin Omar Rawendi", "Omar bin Hasan Rawendi", review.Close, "name/generations"},
		{person, "Abu Tariq", "Khalil Marzouq", review.Close, "name/by-name"},
		{person, "ksaV aleriM", "Mirela Vask", review.Close, "name/reversed"},
		{person, "สมชาย", "Somchai", review.Close, "name/other-script"},
		{person, "陳大文", "Chan Tai Man", review.Close, "name/other-reading"},
		{person, "—", "Mirela Vask", review.Close, "name/unread"},
		{review.PartyUnknown, "Mirela Vask", "Ottokar Vask", review.Close, "name/replaced"},
		{review.PartyUnknown, "Velmar Trading Ltd", "Tarvis Trading Limited", review.Conflict, "name/replaced-only"},
	} {
		got := compareTwo(c.kind, c.ours, c.theirs)
		assert.Equal(t, c.rule, got.Rule, "%s | %s: %s", c.ours, c.theirs, pairsOf(got))
		assert.Equal(t, c.want, got.Verdict, "%s | %s", c.ours, c.theirs)
		assert.NotEmpty(t, got.Words)
	}
}

func TestWhatIsHiddenIsReported(t *testing.T) {
	t.Parallel()
	for name, says := range map[string]string{
		"Or\u200blan Kasymbek":                       "hidden characters",
		"\u202eOrlan\u202c Kasymbek":                 "direction of writing",
		"Оrlan Kasymbek":                             "two scripts",
		"0rlan Kasymbek":                             "digits",
		"Dr. Orlan Kasymbek":                         "title",
		"Orlan Kasymbek " + strings.Repeat("y", 300): "only its beginning",
	} {
		got := strings.Join(compareTwo(review.PartyPerson, name, "Orlan Kasymbek").Notes, " ")
		assert.Contains(t, got, says, name)
	}
	got := strings.Join(compareTwo(review.PartyPerson, "Mohammed Ali", "Mohammed Ali").Notes, " ")
	assert.Contains(t, got, "very common")
}

func TestTheBestNameSpeaksAndSaysWhatItIs(t *testing.T) {
	t.Parallel()
	got := review.CompareNames(review.PartyPerson, []review.Name{{Value: "Orlan Kasymbek"}}, []review.Name{
		{Value: "Mirela Vask", Type: "primary_name"}, {Value: "Orlan KASYMBEK", Type: "weak_aka"},
		{Value: "Orlan Kasymbek", Type: "aka"}, {Value: "Categoria:Personas"}, {Value: ""}})
	assert.Equal(t, 2, got.PartyAt, "a strong alias before a weak one")
	assert.Contains(t, strings.Join(got.Notes, " "), "other names")
	assert.Equal(t, 2, got.Skipped)
	assert.Equal(t, 1, got.Repeated)
	weak := review.CompareNames(review.PartyPerson, []review.Name{{Value: "Orlan Kasymbek"}}, []review.Name{{Value: "Orlan Kasymbek", Type: "weak_aka"}})
	assert.Contains(t, strings.Join(weak.Notes, " "), "weak alias")
	assert.Less(t, weak.Strength, got.Strength)
	assert.Equal(t, review.MissingMatch, review.CompareNames(review.PartyPerson, []review.Name{{Value: "Orlan"}}, []review.Name{{Value: "https://example.org"}}).Verdict)
	assert.Equal(t, review.MissingSubject, review.CompareNames(review.PartyPerson, nil, []review.Name{{Value: "Orlan"}}).Verdict)
	assert.Empty(t, review.CompareNames(review.PartyPerson, nil, nil).Verdict)
}

// The textbook recurrence, beside which the bit-parallel distance stands.
func plainDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}

func FuzzDistance(f *testing.F) {
	f.Add("kasymbek", "qasimbek")
	f.Add("ab", "ba")
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 60 || len(b) > 60 {
			return
		}
		if got, want := review.LetterDistance(a, b), plainDistance(a, b); got != want {
			t.Fatalf("%q %q: %d, want %d", a, b, got, want)
		}
	})
}

func TestDistancesAreThoseOfTheTextbook(t *testing.T) {
	t.Parallel()
	words := strings.Fields("a ab ba abc acb kasymbek qasimbek kasymbekov sergei sergey friedrich frederick abcabcabc cbacbacba muhammad mohammed x xyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxyxy yxyxyxyx")
	for _, a := range words {
		for _, b := range words {
			assert.Equal(t, plainDistance(a, b), review.EditDistance(a, b), "%s %s", a, b)
			assert.Equal(t, plainDistance(a, b), review.LetterDistance(a, b), "%s %s", a, b)
		}
	}
}
