package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The rules that may speak for numbers, of several the earlier one.
const (
	ruleIdentifierSame   = "identifier-same"
	ruleIdentifierNear   = "identifier-near"   // one letter or digit is another, or two neighbours are exchanged
	ruleIdentifierUntold = "identifier-untold" // equal, but of one it is not said what number it is
	ruleIdentifierApart  = "identifier-apart"
	ruleIdentifierOther  = "identifier-other-type" // both give numbers, none of one kind and country
	ruleWalletSame       = "wallet-same"
	ruleWalletOther      = "wallet-other"
)

// numberType is a kind of number: what sources call it, and whether it is given once for the
// whole world rather than by a country.
type numberType struct {
	name   string
	words  []string
	global bool
	lasts  bool // its holder keeps it; a new passport has a new number
}

// numberTypes are the kinds of numbers that are compared. The short words are Persona's
// identification classes (https://docs.withpersona.com/government-id-verification-types); the
// others are what lists call the same.
var numberTypes = []numberType{
	{"passport number", []string{"pp", "passport", "passport number", "passport no", "ppc", "passport card"}, false, false},
	{"driving licence number", []string{"dl", "driver license", "drivers license", "driver s license", "driving licence", "drivers licence", "driver license number", "drivers license number"}, false, false},
	{"national identity number", []string{"id", "nid", "national id", "national id number", "national identification number", "national identity number", "national identity card", "identity card", "identity card number", "id card", "personal number", "personal identification number", "cedula", "curp", "cnp", "pesel", "aadhaar"}, false, true},
	{"social security number", []string{"ssn", "social security number", "us ssn", "social security no"}, false, true},
	{"tax number", []string{"tax", "tax id", "tax number", "tax identification number", "tax id number", "tax id no", "tin", "ein", "employer identification number", "inn", "vat", "vat number", "nif", "nit", "rfc", "cpf", "cnpj"}, false, true},
	{"registration number", []string{"registration", "registration number", "registration id", "registration no", "company number", "company registration number", "business registration number", "commercial registry number", "file number", "ogrn", "siren", "crn"}, false, true},
	{"visa number", []string{"visa", "visa number"}, false, false},
	{"residence permit number", []string{"rp", "pr", "residence permit", "residence card", "permanent resident card"}, false, false},
	{"LEI", []string{"lei", "legal entity identifier"}, true, true},
	{"BIC", []string{"bic", "swift", "swift bic", "bik"}, true, true},
	{"D-U-N-S number", []string{"duns", "duns number", "d u n s number"}, true, true},
	{"IMO number", []string{"imo", "imo number", "vessel registration identification"}, true, true},
}

// compareIdentifiers compares numbers of one kind and one country, and wallets with every address
// that is listed. Numbers of different kinds say nothing of each other.
func compareIdentifiers(s Subject, m Match) Comparison {
	if len(s.Wallets) > 0 {
		return compareWallets(s, m)
	}
	c := Comparison{Attribute: AttributeIdentifier, Spoke: -1}
	mine, theirs := numbersOf(s.Identifiers), numbersOf(m.Identifiers)
	c.Subject, c.Match = numberSides(mine), numberSides(theirs)
	if c.missing(len(mine) > 0, len(theirs) > 0, "number") {
		return c
	}
	best := numberMeeting{}
	for _, a := range mine {
		for _, b := range theirs {
			if next := a.meet(b); next.verdict != "" && (best.verdict == "" || next.nearer(best)) {
				best = next
			}
		}
	}
	c.Verdict, c.Rule, c.Words = best.verdict, best.rule, best.words
	if best.verdict == "" {
		c.Verdict, c.Rule, c.Words = MissingMatch, ruleIdentifierOther, "The list gives no number of a kind and country that we have."
	}
	if best.verdict == Conflict && !best.lasts {
		c.Notes = append(c.Notes, "A renewed document has a new number.")
	}
	return c
}

// number is an identifier made ready to be compared.
type number struct {
	Identifier
	kind    int    // index in numberTypes; -1 some other, or not said
	label   string // folded type where the kind is no known one
	country string
	plain   string // letters and digits alone
}

func numbersOf(ids []Identifier) []number {
	var out []number
	for _, id := range ids {
		n := number{Identifier: id, kind: -1, label: numberLabel(id.Type), country: countryCode(Country{Code: id.Country, Name: id.Country}), plain: plainNumber(id.Value)}
		if n.plain == "" || n.label == "email" || n.label == "email address" {
			continue // an address of the post is no number
		}
		n.kind = slices.IndexFunc(numberTypes, func(t numberType) bool { return slices.Contains(t.words, n.label) })
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b number) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Country, b.Country), cmp.Compare(a.Value, b.Value))
	})
	return slices.CompactFunc(out, func(a, b number) bool { return a.Identifier == b.Identifier })
}

// numberLabel is a type as words in lower case.
func numberLabel(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// plainNumber keeps letters and digits, in one width and case, and digits of any script as ours.
func plainNumber(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < unicode.MaxASCII && unicode.IsDigit(r):
			return r
		case unicode.IsDigit(r):
			return digitOf(r)
		case unicode.IsLetter(r):
			return unicode.ToUpper(r)
		}
		return -1
	}, norm.NFKC.String(firstRunes(s, maxNumber)))
}

// digitOf is the ASCII digit of the same value. Unicode's decimal digits stand in runs of ten from
// zero to nine (The Unicode Standard, 4.6), so the distance from a run's start tells the value.
func digitOf(r rune) rune {
	for _, run := range unicode.Nd.R16 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return '0' + (r-rune(run.Lo))%10
		}
	}
	for _, run := range unicode.Nd.R32 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return '0' + (r-rune(run.Lo))%10
		}
	}
	return r
}

// maxNumber caps how much of a number is read: no register gives longer ones.
const maxNumber = 128

func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// untold says that nobody said what number it is.
func (n number) untold() bool {
	return n.kind < 0 && (n.label == "" || n.label == "identification" || n.label == "other" || n.label == "unknown")
}

func (n number) name() string {
	if n.kind >= 0 {
		return numberTypes[n.kind].name
	}
	return "number"
}

type numberMeeting struct {
	verdict     Verdict
	rule, words string
	lasts       bool
}

func (m numberMeeting) nearer(than numberMeeting) bool {
	all := []string{ruleIdentifierSame, ruleIdentifierNear, ruleIdentifierUntold, ruleIdentifierApart}
	return cmp.Or(cmp.Compare(slices.Index(all, m.rule), slices.Index(all, than.rule)), cmp.Compare(m.words, than.words)) < 0
}

// meet compares two numbers; without a verdict when they say nothing of each other.
func (n number) meet(theirs number) numberMeeting {
	same := n.plain == theirs.plain
	if n.untold() || theirs.untold() {
		if same && !otherCountries(n.country, theirs.country) {
			return numberMeeting{Close, ruleIdentifierUntold, "The same number, but it is not said of both what number it is.", true}
		}
		return numberMeeting{}
	}
	known := n.kind >= 0
	if n.kind != theirs.kind || !known && n.label != theirs.label {
		return numberMeeting{}
	}
	global, lasts := known && numberTypes[n.kind].global, known && numberTypes[n.kind].lasts
	if !global && otherCountries(n.country, theirs.country) {
		return numberMeeting{}
	}
	of := ""
	if !global && n.country != "" && n.country == theirs.country {
		of = " of " + countryName(n.country)
	}
	switch {
	case same:
		return numberMeeting{Agree, ruleIdentifierSame, fmt.Sprintf("The same %s%s.", n.name(), of), lasts}
	case nearNumbers(n.plain, theirs.plain):
		return numberMeeting{Close, ruleIdentifierNear, fmt.Sprintf("The %s%s differs in one place.", n.name(), of), lasts}
	case !global && of == "", !known:
		return numberMeeting{} // another country may give another number
	}
	return numberMeeting{Conflict, ruleIdentifierApart, fmt.Sprintf("Another %s%s.", n.name(), of), lasts}
}

func otherCountries(a, b string) bool { return a != "" && b != "" && a != b }

// shortestNumber that a slip of the pen is read in: in a shorter one it makes another number.
const shortestNumber = 5

// nearNumbers says that one letter or digit is another, too many or too few, or that two
// neighbours are exchanged.
func nearNumbers(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < shortestNumber || len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	switch {
	case len(x) < len(y):
		return slices.Equal(x[i:], y[i+1:])
	case slices.Equal(x[i+1:], y[i+1:]):
		return true
	}
	return i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && slices.Equal(x[i+2:], y[i+2:])
}

func numberSides(ns []number) []Side {
	var out []Side
	for _, n := range ns {
		note := n.Type
		if n.kind >= 0 {
			note = numberTypes[n.kind].name
		}
		if n.country != "" {
			note = strings.TrimSpace(note + " of " + countryInWords(n.country))
		} else if n.Country != "" {
			note = strings.TrimSpace(note + ", " + n.Country)
		}
		out = append(out, Side{n.Value, note})
	}
	return out
}

func compareWallets(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeIdentifier, Spoke: -1}
	for _, o := range s.Wallets {
		c.Subject = append(c.Subject, Side{o.Value, o.Type})
		for _, t := range m.Identifiers {
			if o.Value == t.Value {
				c.Verdict, c.Rule, c.Words = Agree, ruleWalletSame, "The very same address is listed."
			}
		}
	}
	for _, t := range m.Identifiers {
		c.Match = append(c.Match, Side{t.Value, t.Type})
	}
	if c.Verdict == "" && !c.missing(true, len(m.Identifiers) > 0, "address") {
		c.Verdict, c.Rule, c.Words = Close, ruleWalletOther, "The party's listed addresses are others."
	}
	return c
}
