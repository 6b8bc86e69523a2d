package store

import (
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"docket/review"
)

// The bounds of search, for texts that mean harm.
const (
	maxTokens     = 400 // of one row
	maxTokenBytes = 96
	maxAsked      = 8 // tokens of one query
	minPrefix     = 2 // characters: a shorter last word must be whole
)

// searchText is what a dossier can be found by: the names of its subject as every report gives
// them, the reference id, and Persona's ids. The words are in the order of the alphabet: the
// index keeps no places.
func searchText(d review.Dossier) string {
	seen := map[string]bool{}
	var words []string
	add := func(s string) {
		for _, w := range tokens(s) {
			if !seen[w] && len(words) < maxTokens {
				seen[w] = true
				words = append(words, w)
			}
		}
	}
	addSubject := func(s review.Subject) {
		add(s.FullName())
		add(s.First)
		add(s.Middle)
		add(s.Last)
		for _, n := range s.Others {
			add(n.Value)
		}
		for _, w := range s.Wallets {
			add(w.Value)
		}
	}
	root := d.Root()
	add(root.Ref.ID)
	add(root.ReferenceID.Value)
	add(root.Name.Value)
	addSubject(d.Subject)
	for _, e := range d.Examined {
		addSubject(e.Subject)
	}
	for _, r := range d.Reports {
		addSubject(r.Subject)
		add(r.Ref.ID)
	}
	for _, r := range d.Records {
		if f := r.Ref.Family(); f == "account" || review.IsRootFamily(f) {
			add(r.Ref.ID)
		}
	}
	add(d.Transaction.Fallback)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// tokens cuts a folded text at every ASCII sign that is no letter or digit, as the index does.
func tokens(s string) []string {
	words := strings.FieldsFunc(review.Fold(s), func(r rune) bool {
		return r < utf8.RuneSelf && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
	for i, w := range words {
		if len(w) > maxTokenBytes {
			words[i] = strings.ToValidUTF8(w[:maxTokenBytes], "")
		}
	}
	return words
}

// scopeText is the facets of a row as words of the index.
func scopeText(facets []facet) string {
	facets = choices(facets)
	words := make([]string, len(facets))
	for i, f := range facets {
		words[i] = scopeFacet(f)
	}
	return strings.Join(words, " ")
}

// scopeSign begins words of the scope: three characters that nobody types, so that these share
// no beginning with what people look for.
const scopeSign = "\ue000\ue000\ue000"

// scopeFacet makes any value one word.
func scopeFacet(f facet) string {
	sum := review.Sum([]byte(f.Name + f.Value))
	return scopeSign + hex.EncodeToString(sum[:8])
}

// matchQuery is the query of the index for what someone typed, among the rows with a facet: every word in quotes, the last
// one also as a beginning. It is "" when nothing was typed that could be found.
func matchQuery(typed string, wanted facet) string {
	words := tokens(typed)
	if len(words) == 0 {
		return ""
	}
	words = words[:min(len(words), maxAsked)]
	var q strings.Builder
	if wanted != (facet{}) {
		q.WriteString(`scope : "` + scopeFacet(wanted) + `" AND `)
	}
	for i, w := range words {
		if i > 0 {
			q.WriteString(" AND ")
		}
		q.WriteString(`text : "` + strings.ReplaceAll(w, `"`, `""`) + `"`)
		if i == len(words)-1 && utf8.RuneCountInString(w) >= minPrefix {
			q.WriteString("*")
		}
	}
	return q.String()
}
