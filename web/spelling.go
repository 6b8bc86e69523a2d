package web

import (
	"strings"
	"unicode"

	"docket/review"
)

// spelling finds the words of a name by what they fold to, so that a part of it is shown as it
// is written and not as it is compared.
type spelling map[string]string

func newSpelling(name string) spelling {
	s := spelling{}
	add := func(words []string) {
		for _, w := range words {
			if f := review.Fold(w); f != "" && s[f] == "" {
				s[f] = strings.Trim(w, ",.;()\"")
			}
		}
	}
	add(strings.Fields(name))
	for _, inside := range []string{"'’ʼ`", ""} { // O'Neill is one word to some and two to others
		add(strings.FieldsFunc(name, func(r rune) bool {
			return !unicode.In(r, unicode.L, unicode.M, unicode.N) && !strings.ContainsRune(inside, r)
		}))
	}
	return s
}

// of is a folded part as the name writes it: the part as it came where the name does not have
// it in one piece.
func (s spelling) of(part string) string {
	if w, ok := s[part]; ok {
		return w
	}
	words := strings.Fields(part)
	for i, token := range words {
		if w, ok := s[token]; ok {
			words[i] = w
		}
	}
	return strings.Join(words, " ")
}
