package review

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// refusals gathers what is wrong with the parties of one act, so that a page with forty of them
// says each thing once, and of whom.
type refusals []refusal

type refusal struct {
	field   string
	text    string // with %s for the parties, when it names them
	parties []Party
}

func (rs *refusals) add(field, text string, p Party) {
	i := slices.IndexFunc(*rs, func(r refusal) bool { return r.field == field && r.text == text })
	if i < 0 {
		*rs = append(*rs, refusal{field: field, text: text})
		i = len(*rs) - 1
	}
	(*rs)[i].parties = append((*rs)[i].parties, p)
}

func (rs refusals) addTo(inv *Invalid) {
	for _, r := range rs {
		inv.Add(r.field, strings.Replace(r.text, "%s", called(r.parties), 1))
	}
}

// called names one party and counts the others.
func called(parties []Party) string {
	switch n := len(parties) - 1; n {
	case 0:
		return parties[0].called()
	case 1:
		return parties[0].called() + " (and one other)"
	default:
		return fmt.Sprintf("%s (and %d others)", parties[0].called(), n)
	}
}

// maxCalled is how much of a listed name a sentence holds, in characters.
const maxCalled = 60

// called is the party's name within a sentence.
func (p Party) called() string {
	name := strings.Join(strings.FieldsFunc(p.Name, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.C, r) }), " ")
	switch {
	case name == "":
		return "the party without a name"
	case utf8.RuneCountInString(name) > maxCalled:
		name = string([]rune(name)[:maxCalled]) + "…"
	}
	return "“" + name + "”"
}
