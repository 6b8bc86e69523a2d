package review

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// maxNames caps how many names of a party are compared; the rest are shown, and said to be
// left out of the comparison.
const maxNames = 400

// compareNames compares the subject's names with every name of the party and lets the best
// one speak. It says which that was, and how their parts stand to each other.
func compareNames(s Subject, m Match) Comparison {
	c := Comparison{Attribute: AttributeName, Spoke: -1}
	ours := subjectNames(s)
	for _, n := range ours {
		c.Subject = append(c.Subject, Side{n.Value, n.Type})
	}
	for _, n := range m.Names {
		c.Match = append(c.Match, Side{n.Value, n.Type})
	}
	if c.missing(len(ours) > 0, len(m.Names) > 0, "name") {
		return c
	}
	forms := make([]nameForm, len(ours))
	for i, n := range ours {
		forms[i] = newNameForm(n.Value)
	}
	roles := newPartRoles(s)
	var best alignment
	for i, n := range m.Names[:min(len(m.Names), maxNames)] {
		theirs := nameForm{script: script(n.Value)}
		for _, o := range forms {
			if o.script == theirs.script && theirs.tokens == nil {
				theirs = newNameForm(n.Value)
			}
			a := align(roles, o, theirs)
			if c.Spoke < 0 || a.better(best) {
				best, c.Spoke = a, i
			}
		}
	}
	best.lay(roles)
	c.Verdict, c.Rule, c.Words, c.Parts = best.verdict, best.rule, best.words, best.parts
	if t := m.Names[c.Spoke].Type; t != "" && t != "primary_name" && len(m.Names) > 1 {
		c.Words += " This is one of the party's other names."
	}
	if len(m.Names) > maxNames {
		c.Words += fmt.Sprintf(" Only the first %d of %d names were compared.", maxNames, len(m.Names))
	}
	return c
}

func subjectNames(s Subject) []Name {
	var names []Name
	if full := s.FullName(); full != "" && (len(s.Wallets) == 0 || s.Name.Value != "" || s.First+s.Last != "") {
		names = append(names, Name{Value: full})
	}
	return append(names, s.Others...)
}

// nameForm is a name made ready for comparison.
type nameForm struct {
	script string
	tokens []string // folded; nil when the other side is of another script
}

func newNameForm(name string) nameForm {
	t := nameTokens(name)
	return nameForm{script(name), t[:min(len(t), maxTokens)]}
}

// maxTokens caps the parts of one name that are aligned.
const maxTokens = 24

// partRoles tells which part of the subject's name is which, where the query said so.
type partRoles struct{ given, middle, family []string }

func newPartRoles(s Subject) partRoles {
	return partRoles{strings.Fields(Fold(s.First)), strings.Fields(Fold(s.Middle)), strings.Fields(Fold(s.Last))}
}

func (r partRoles) of(token string) string {
	switch {
	case slices.Contains(r.given, token):
		return "given"
	case slices.Contains(r.middle, token):
		return "middle"
	case slices.Contains(r.family, token):
		return "family"
	}
	return ""
}

// alignment is one name of ours beside one of theirs, part by part.
type alignment struct {
	verdict Verdict
	rule    string
	words   string
	parts   []PartComparison

	ours, theirs []string
	partner      [maxTokens]int8 // per part of ours: 1 + the index of its partner, 0 for none
	taken        [maxTokens]bool // per part of theirs: it has a partner
	same         int             // parts that are equal or close
	extraOurs    int             // parts of ours without a partner
	extraTheirs  int
}

func (a *alignment) better(b alignment) bool {
	if x, y := verdictRank(a.verdict), verdictRank(b.verdict); x != y {
		return x > y
	}
	if a.same != b.same {
		return a.same > b.same
	}
	return a.extraOurs+a.extraTheirs < b.extraOurs+b.extraTheirs
}

func align(roles partRoles, ours, theirs nameForm) alignment {
	switch {
	case ours.script != theirs.script:
		return alignment{verdict: Close, rule: "name-other-script",
			words: "Written in different scripts; the letters were not compared."}
	case len(ours.tokens) == 0 || len(theirs.tokens) == 0:
		return alignment{verdict: Close, rule: "name-unread", words: "One name holds no letters; compare by eye."}
	}
	a := alignment{ours: ours.tokens, theirs: theirs.tokens}
	a.pair(func(x, y string) bool { return x == y })
	initials := a.pair(func(x, y string) bool {
		return x != y && (len(x) == 1 && strings.HasPrefix(y, x) || len(y) == 1 && strings.HasPrefix(x, y))
	})
	variants := a.pair(variant)
	for i := range a.ours {
		if a.partner[i] == 0 {
			a.extraOurs++
		} else {
			a.same++
		}
	}
	a.extraTheirs = len(a.theirs) - a.same
	a.verdict, a.rule, a.words = a.read(roles, variants, initials)
	return a
}

// pair gives each part of ours that has no partner the first free part of theirs that is
// alike, and counts them.
func (a *alignment) pair(alike func(x, y string) bool) int {
	n := 0
	for i, x := range a.ours {
		if a.partner[i] > 0 {
			continue
		}
		for j, y := range a.theirs {
			if !a.taken[j] && alike(x, y) {
				a.partner[i], a.taken[j] = int8(j+1), true
				n++
				break
			}
		}
	}
	return n
}

// read takes the verdict from the parts. A part left over on one side is an omission; left
// over on both it is a replacement, the strongest sign of another person.
func (a *alignment) read(roles partRoles, variants, initials int) (Verdict, string, string) {
	switch {
	case a.same == 0:
		return Conflict, "name-other", "No part of the names is alike."
	case a.extraOurs > 0 && a.extraTheirs > 0:
		for i, t := range a.ours {
			if a.partner[i] == 0 && roles.of(t) == "family" {
				return Conflict, "name-family-replaced", "The family name is another one."
			}
		}
		return Close, "name-replaced", "One part is replaced by another; the rest is alike."
	case variants > 0:
		return Close, "name-variant", "A part is spelled another way."
	case initials > 0:
		return Close, "name-initial", "A part is given by its initial only."
	case a.extraTheirs > 0:
		return Close, "name-extra-there", "The list's name has more parts."
	case a.extraOurs > 0:
		return Close, "name-extra-here", "Our name has more parts."
	case len(a.ours) == 1:
		return Close, "name-single", "The same single word; a single word names many."
	case !slices.IsSorted(a.partner[:len(a.ours)]):
		return Agree, "name-order", "Same name, its parts in another order."
	}
	return Agree, "name-same", "Same name."
}

// lay sets the parts out for reading: ours in their order, then what only they have.
// Leftovers of both sides stand beside each other.
func (a *alignment) lay(roles partRoles) {
	free := 0
	next := func() string {
		for ; free < len(a.theirs); free++ {
			if !a.taken[free] {
				free++
				return a.theirs[free-1]
			}
		}
		return ""
	}
	for i, t := range a.ours {
		p := PartComparison{Role: roles.of(t), Subject: t, Mark: "missing"}
		if j := int(a.partner[i]) - 1; j >= 0 {
			p.Match, p.Mark = a.theirs[j], "close"
			if t == p.Match {
				p.Mark = "same"
			}
		} else if p.Match = next(); p.Match != "" {
			p.Mark = "differs"
		}
		a.parts = append(a.parts, p)
	}
	for t := next(); t != ""; t = next() {
		a.parts = append(a.parts, PartComparison{Match: t, Mark: "missing"})
	}
}

// variant says that two parts can be spellings of one: within a distance that grows with
// their length. Parts of up to three letters must be equal.
func variant(a, b string) bool {
	x, y := []rune(a), []rune(b)
	n := max(len(x), len(y))
	if min(len(x), len(y)) <= 3 || n > 64 {
		return false
	}
	if strings.HasPrefix(a, b) || strings.HasPrefix(b, a) {
		return n-min(len(x), len(y)) <= 4
	}
	return distance(x, y) <= n/4
}

// distance is the restricted Damerau-Levenshtein distance: insert, delete, replace, swap two
// neighbours.
func distance(a, b []rune) int {
	var rows [3][66]int
	two, one, cur := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(one[j]+1, cur[j-1]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], two[j-2]+1)
			}
		}
		two, one, cur = one, cur, two
	}
	return one[len(b)]
}

// scripts are those that names come in, commonest first.
var scripts = []struct {
	name  string
	table *unicode.RangeTable
}{
	{"Latin", unicode.Latin}, {"Cyrillic", unicode.Cyrillic}, {"Arabic", unicode.Arabic}, {"Han", unicode.Han},
	{"Hangul", unicode.Hangul}, {"Kana", unicode.Katakana}, {"Kana", unicode.Hiragana}, {"Greek", unicode.Greek},
	{"Hebrew", unicode.Hebrew}, {"Devanagari", unicode.Devanagari}, {"Thai", unicode.Thai},
	{"Georgian", unicode.Georgian}, {"Armenian", unicode.Armenian}, {"Ethiopic", unicode.Ethiopic},
	{"Bengali", unicode.Bengali}, {"Tamil", unicode.Tamil},
}

// script is the script of the first letter, by name: names of one script can be compared
// letter by letter.
func script(s string) string {
	for _, r := range s {
		switch {
		case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z':
			return "Latin"
		case !unicode.IsLetter(r):
			continue
		}
		for _, sc := range scripts {
			if unicode.Is(sc.table, r) {
				return sc.name
			}
		}
		return "other"
	}
	return ""
}
