package web_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/persona/sandbox"
	"docket/review"
	"docket/views"
	"docket/web"
)

func TestHiddenCharactersAreCutOutAndSaid(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]struct {
		text string
		note string
	}{
		"Anna":                           {"Anna", ""},
		"Anna\u202eannA":                 {"AnnaannA", "hidden characters removed: U+202E"},
		"A\u200bn\u200cn\u200da\u2060":   {"Anna", "hidden characters removed: U+200B, U+200C, U+200D, U+2060"},
		"\ufeffAnna\U000E0041\U000E007F": {"Anna", "hidden characters removed: U+FEFF, U+E0041, U+E007F"},
		"An\x00na":                       {"An\uFFFDna", "hidden characters removed: U+0000"},
		"An\x1b[31mna":                   {"An[31mna", "hidden characters removed: U+001B"},
		"two\r\nlines\u2028and more":     {"two  lines and more", ""},
		"bad \xff byte":                  {"bad \uFFFD byte", ""},
		"Ann\u0430":                      {"Ann\u0430", "letters of two scripts in one word"},
		"Анна Smith":                     {"Анна Smith", ""},
		"a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308": {"a\u0301\u0302\u0303\u0304\u0305\u0306", "stacked marks removed"},
		"نورهان":         {"نورهان", ""},
		"نیک\u200cاندیش": {"نیک\u200cاندیش", ""}, // how it is spelled
		"نیک\u200c":      {"نیک", "hidden characters removed: U+200C"},
		"\u200cنیک":      {"نیک", "hidden characters removed: U+200C"},
		"  ":             {"", "nothing but spaces"},
		"\u3000\u00a0":   {"", "nothing but spaces"},
		"\u200b":         {"", "hidden characters removed: U+200B"},
	} {
		got := web.Shown(in)
		assert.Equal(t, want.text, got.Text, "%q", in)
		assert.Equal(t, want.note, strings.Join(got.Notes, "; "), "%q", in)
	}
	assert.Equal(t, "one\ntwo", web.Prose("one\ntwo").Text, "a note keeps its lines")
}

func TestNothingOfTheHostileCorpusStaysHidden(t *testing.T) {
	t.Parallel()
	for _, s := range sandbox.Corpus {
		got := web.Shown(s).Text
		for _, r := range got {
			assert.False(t, r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e ||
				r >= 0x2060 && r <= 0x2069 || r == 0xfeff || r >= 0xe0000 && r <= 0xe007f, "U+%04X stays in %q", r, got)
		}
	}
}

func TestCountriesAndDatesAreWords(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "Kazakhstan", web.CountryName("KZ"))
	assert.Equal(t, "Côte d’Ivoire", web.CountryName("CI"))
	assert.Equal(t, "Atlantis", web.CountryName("Atlantis"), "what is no code is shown as it came")
	assert.Empty(t, web.CountryName(""))
	for in, want := range map[string]string{
		"1986-03-14": "14 March 1986", "1986-03": "March 1986", "1986": "1986", "1979 to 1981": "1979 to 1981",
		"1986-03-01 to 1986-03-31": "1 March 1986 to 31 March 1986", "1986-13-01": "1986-13-01", "about Easter": "about Easter", "": "",
	} {
		assert.Equal(t, want, web.ISODateWords(in))
	}
	for n, want := range map[int64]string{0: "", 12: "12 bytes", 210_000: "210 KB", 4_200_000: "4.2 MB"} {
		assert.Equal(t, want, web.ByteSize(n))
	}
}

func TestResourceAddressesGoThereAndBack(t *testing.T) {
	t.Parallel()
	for _, ref := range []review.Ref{
		{Type: "report/watchlist", ID: "rep_1"}, {Type: "account", ID: "act_1"}, {Type: "report/integration/sentilink-scores", ID: "rep_2"},
		{Type: "report/x", ID: "a/b"}, {Type: "odd type", ID: "ü?#%&<>\"'"}, {Type: "a%2Fb", ID: "%00"}, {Type: "t", ID: "\u202e"},
	} {
		got, err := web.ResourceRef(web.ResourceHref(ref))
		assert.NoError(t, err)
		assert.Equal(t, ref, got)
	}
	for _, path := range []string{"/resources/", "/resources/x", "/resources//x", "/resources/x/", "/other/x/y", "/resources/x/%zz"} {
		_, err := web.ResourceRef(path)
		assert.ErrorIs(t, err, review.ErrNotFound, path)
	}
	assert.Empty(t, web.ResourceHref(review.Ref{Type: "report/x"}))
}

func TestWordsPartWhereTheyDiffer(t *testing.T) {
	t.Parallel()
	left, right := web.Pieces("Timur", "Timurovich")
	assert.Equal(t, []views.Piece{{Text: "Timur"}}, left)
	assert.Equal(t, []views.Piece{{Text: "Timur"}, {Text: "ovich", Differs: true}}, right)
	left, right = web.Pieces("Kasymbek", "KASIMBEK")
	assert.Equal(t, []views.Piece{{Text: "Kas"}, {Text: "y", Differs: true}, {Text: "mbek"}}, left)
	assert.Equal(t, []views.Piece{{Text: "KAS"}, {Text: "I", Differs: true}, {Text: "MBEK"}}, right)
	for _, pair := range [][2]string{{"", "x"}, {"İ", "i"}, {"ß", "SS"}, {"Анна", "Anna"}, {"aaa", "aa"}} {
		left, right := web.Pieces(pair[0], pair[1])
		assert.Equal(t, pair[0], joined(left))
		assert.Equal(t, pair[1], joined(right))
	}
}

func joined(pieces []views.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.Text)
	}
	return b.String()
}
