package sandbox

import (
	"slices"
	"strings"
)

// Term is an input that the stand-in answers in a way that is known beforehand. Everyone else
// is found clean and approved.
type Term struct {
	Type   string // which transaction type takes it: TypePerson, TypeBusiness or TypeWallet
	Input  string // the name, or the wallet's address
	Gives  string // what comes back, in words
	Theirs bool   // Persona's own sandbox has it; the others are this stand-in's
}

// Terms lists every input with a known answer: those that Persona publishes for its sandbox
// (https://help.withpersona.com/articles/56sLAbSytkmI57zpbug3xc/), and invented ones for what
// Persona has no input for. A match on a published input says nothing but the input itself,
// so that no real person or business is described; parties of invented inputs are invented.
func Terms() []Term {
	out := make([]Term, len(terms))
	for i, t := range terms {
		out[i] = Term{Type: typeOf[t.kind], Input: t.input, Gives: t.gives, Theirs: t.bare}
	}
	return out
}

// The transaction types that the stand-in's organisation has, by what they examine.
var (
	TypePerson   = typeOf[aPerson]
	TypeBusiness = typeOf[aBusiness]
	TypeWallet   = typeOf[aWallet]
)

// term is an input and what its reports find.
type term struct {
	kind   subjectKind
	input  string
	gives  string
	bare   bool           // published by Persona
	kinds  []string       // reports that run, nil for those that the subject gets anyway
	finds  map[string]int // matches by kind of report
	later  map[string]int // and those that only the second run finds
	status string         // where the workflow leaves it, "" for what the matches say
}

var terms = []term{
	{kind: aPerson, input: "Kim Jong Un", bare: true, gives: "a watchlist match and adverse media",
		finds: map[string]int{"watchlist": 1, "adverse-media": 1}},
	{kind: aPerson, input: "Jong Kim Un", bare: true, gives: "a watchlist match and adverse media",
		finds: map[string]int{"watchlist": 1, "adverse-media": 1}},
	{kind: aPerson, input: "Boris Johnson", bare: true, gives: "a politically exposed person",
		finds: map[string]int{"politically-exposed-person": 1}},
	{kind: aBusiness, input: "Globovision", bare: true, gives: "a business watchlist match, adverse media and an address",
		finds: map[string]int{"business-watchlist": 1, "business-adverse-media": 1}},
	{kind: aWallet, input: "1Fz29BQp82pE3vXXcsZoMNQ3KSHfMzfMe3", bare: true, gives: "a listed address",
		finds: map[string]int{"crypto-address-watchlist": 1}},
	{kind: aPerson, input: "Lazar Vintermoor", gives: "matches in three reports",
		finds: map[string]int{"watchlist": 2, "politically-exposed-person": 2, "adverse-media": 1}},
	{kind: aPerson, input: "Marisol Thornquist", gives: "two records of the screening report",
		kinds: []string{"screening"}, finds: map[string]int{"screening": 2}},
	{kind: aPerson, input: "Petra Laterwick", gives: "nothing at first; the next run finds somebody",
		later: map[string]int{"watchlist": 1}},
	{kind: aPerson, input: "Ilka Brandywater", gives: "a fallback inquiry", status: "pending_fallback_inquiry"},
	{kind: aPerson, input: "Orson Faultline", gives: "a report that fails", status: "errored"},
}

// termOf finds what an input is known to give. Names count in any order of their words and in
// any case, as the given name and the family name are sent apart.
func termOf(kind subjectKind, input string) *term {
	want := words(input)
	for i := range terms {
		if terms[i].kind == kind && words(terms[i].input) == want {
			return &terms[i]
		}
	}
	return nil
}

func words(s string) string {
	w := strings.Fields(strings.ToLower(plain(s)))
	slices.Sort(w)
	return strings.Join(w, " ")
}

// sandboxList is where the parties of published inputs are listed: nowhere.
var sandboxList = watchlist{name: "Sandbox - Watchlist", slug: "sandbox-watchlist", kind: "sanction", flag: "",
	url: "https://lists.example.org/sandbox"}

// barePolitician writes a match that says nothing but a name.
func barePolitician(p *pen, key, name string) {
	p.open(key)
	p.str("entity-id", "SANDBOX"+strings.ToUpper(slug(name)))
	p.str("name", name)
	p.strs("aliases")
	p.strs("birthdates")
	p.strs("death-dates")
	p.strs("locations")
	p.nulls("country", "sex")
	p.strs("topics", "PEP")
	for _, k := range []string{"positions", "associates", "affiliations", "related-urls", "images"} {
		p.strs(k)
	}
	p.open("sources")
	p.raw("sandbox")
	p.b = append(p.b, '{')
	p.str("url", "https://sources.example.org/sandbox")
	p.str("name", "Sandbox")
	p.null("flag-code")
	p.shut()
	p.shut()
	p.strs("match-types", "name_exact")
	p.str("pep-type", "politically_exposed_person")
	p.shut()
}

// bareNews writes a person or business in the news of which nothing is told.
func bareNews(p *pen, key, name, id string) {
	p.open(key)
	p.str(id, "SANDBOX"+strings.ToUpper(slug(name)))
	p.str("name", name)
	p.strs("akas")
	p.strs("birthdates")
	types, countries := "match-types", "country-codes"
	if id == "id" { // the business report spells these so under every inflection
		types, countries = "match_types", "country_codes"
	}
	p.raw(types)
	p.b = append(p.b, '[')
	p.str("", "name_exact")
	p.end()
	p.list("sources")
	p.open("")
	p.str("name", "Adverse Media")
	p.raw(countries)
	p.b = append(p.b, '[')
	p.end()
	p.strs("types", "adverse-media-v2-other-minor")
	p.shut()
	p.end()
	p.list("media")
	p.open("")
	p.str("title", "Sandbox article")
	p.str("snippet", "This article stands where an article would. It tells of nobody.")
	p.str("url", "https://news.example.org/sandbox")
	p.null("date")
	p.shut()
	p.end()
	p.shut()
}

// bareWallet writes the list entry of an address of which nothing is told.
func (s *story) bareWallet(p *pen) {
	p.open("")
	p.str("name", sandboxList.name)
	p.str("url", sandboxList.url)
	p.str("list-type", sandboxList.kind)
	p.str("slug", sandboxList.slug)
	p.str("flag-code", sandboxList.flag)
	p.list("entities")
	p.open("")
	p.str("name", "Sandbox wallet")
	p.str("alias-type", "primary_name")
	p.strs("birthdates")
	p.list("crypto-addresses")
	p.open("")
	p.str("type", "XBT")
	p.str("address", s.wallet)
	p.shut()
	p.end()
	p.shut()
	p.end()
	p.shut()
}
