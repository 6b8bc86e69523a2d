package review

import (
	_ "embed" // the tables of countries
	"strings"
	"sync"
)

//go:embed lexicon/countries.txt
var countriesFile string

//go:embed lexicon/related.txt
var relatedFile string

// countryTables are the countries and how they are related, read once.
type countryTables struct {
	names   map[string]string // code to name
	words   map[string]string // folded words to code
	related map[[2]string]relation
}

// relation is why one country may stand for another.
type relation string

const (
	relationFormer relation = "former" // a state and one that succeeded it
	relationPart   relation = "part"   // a state and a part or dependency with a code of its own
	relationParted relation = "parted" // a state and what left it or is claimed by it; of no side's opinion
)

var countryTable = sync.OnceValue(func() *countryTables {
	t := &countryTables{names: map[string]string{}, words: map[string]string{}, related: map[[2]string]relation{}}
	add := func(words, code string) {
		if k := countryKey(words); k != "" && t.words[k] == "" {
			t.words[k] = code
		}
	}
	for line := range tableLines(countriesFile) {
		words := strings.Split(line, " | ")
		code, rest, _ := strings.Cut(words[0], " ")
		iso3, name, _ := strings.Cut(rest, " ")
		t.names[code] = name
		for _, w := range append([]string{iso3, name}, words[1:]...) {
			add(w, code)
		}
	}
	for line := range tableLines(relatedFile) {
		head, rest, _ := strings.Cut(line, ":")
		why, state, _ := strings.Cut(head, " ")
		for _, other := range strings.Fields(rest) {
			t.related[[2]string{state, other}] = relation(why)
		}
	}
	return t
})

// countryKey is the form in which words for a country are looked up.
func countryKey(s string) string {
	words := strings.Fields(Fold(firstRunes(s, maxCountry)))
	if len(words) < 2 {
		return strings.Join(words, "") // AND is Andorra
	}
	kept := words[:0]
	for _, w := range words {
		if w != "the" && w != "of" && w != "and" {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// maxCountry caps how much of a text is looked up as a country: the longest official name is shorter.
const maxCountry = 100

// countryCode is the ISO 3166-1 alpha-2 code of a country given by code or in words, of one that
// is no more the code of ISO 3166-3; "" when it cannot be told.
func countryCode(c Country) string {
	t := countryTable()
	switch code := strings.ToUpper(c.Code); code {
	case "UK":
		return "GB" // reserved for it in ISO 3166-1
	case "EL":
		return "GR" // the European Union's own code
	default:
		if _, ok := t.names[code]; ok {
			return code
		}
	}
	if c.Name == "" {
		return ""
	}
	if code := strings.ToUpper(strings.TrimSpace(c.Name)); len(code) == 2 && code != c.Code {
		return countryCode(Country{Code: code})
	}
	return t.words[countryKey(c.Name)]
}

// countryName is the English name of a code, the code itself when it has none.
func countryName(code string) string {
	if name := countryTable().names[code]; name != "" {
		return name
	}
	return code
}

// countryInWords is the name of a code as it stands within a sentence.
func countryInWords(code string) string {
	name := countryName(code)
	first, _, _ := strings.Cut(name, " ")
	last := name[strings.LastIndexByte(name, ' ')+1:]
	switch {
	case first == "United", name == "Netherlands", name == "Philippines", name == "Bahamas", name == "Gambia", name == "Maldives",
		last == "Islands", last == "Republic", last == "Union", last == "Antilles", last == "Territory", last == "Territories":
		return "the " + name
	}
	return name
}

// relatedCountries says in words why one country may stand for another; "" when it may not.
func relatedCountries(a, b string) string {
	t := countryTable()
	for _, pair := range [][2]string{{a, b}, {b, a}} {
		state, other := countryInWords(pair[0]), countryInWords(pair[1])
		switch t.related[pair] {
		case relationFormer:
			return countryName(pair[0]) + " is no more; " + other + " is one of those that followed it."
		case relationPart:
			return countryName(pair[1]) + " belongs to " + state + "; either may be written."
		case relationParted:
			return countryName(pair[1]) + " and " + state + " parted, or one claims the other; either may be written."
		}
	}
	return ""
}
