package persona

import "strings"

// kebab gives a key the spelling that Persona uses by default: name_first, nameFirst and the
// mixed addressStreet-1 become name-first and address-street-1. Only what looks like one of
// Persona's own keys is respelled: it starts with a lower-case letter and holds nothing but
// ASCII letters, digits, "-" and "_". Keys that are data (ids, URLs, names) stay as they are.
// https://docs.withpersona.com/api-key-inflection
func kebab(key string) string {
	camel, snake := false, false
	for i := 0; i < len(key); i++ {
		switch c := key[i]; {
		case 'a' <= c && c <= 'z':
		case i == 0:
			return key
		case 'A' <= c && c <= 'Z':
			camel = true
		case c == '_':
			snake = true
		case c != '-' && (c < '0' || c > '9'):
			return key
		}
	}
	switch {
	case !camel && !snake:
		return key
	case !camel:
		return strings.ReplaceAll(key, "_", "-")
	}
	b := make([]byte, 0, len(key)+8)
	for i := 0; i < len(key); i++ {
		c := key[i]
		if c == '_' {
			c = '-'
		}
		if i > 0 && boundary(key, i) && b[len(b)-1] != '-' && c != '-' {
			b = append(b, '-')
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return string(b)
}

// boundary says that a word begins at i of a camel-case key. Camel case swallows the hyphen
// before a digit (address-street-1 is addressStreet1), so a digit begins a word there.
func boundary(key string, i int) bool {
	prev, c := key[i-1], key[i]
	switch {
	case isUpper(c):
		return !isUpper(prev) || i+1 < len(key) && isLower(key[i+1])
	case isDigit(c):
		return !isDigit(prev)
	case isLower(c):
		return isDigit(prev)
	}
	return false
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// casing says how the keys of an object are treated.
type casing byte

const (
	spellKebab   casing = iota
	spellRaw            // below `fields`: keys are configured by the tenant
	spellSources        // the map keys of a match's `sources` are slugs
)

// respell gives the keys of a value one spelling and sorts them, in place. Of two keys that
// become equal the one that was already spelled so keeps the name (else the first of the raw
// ones), the other stays raw: nothing is dropped. false: one object holds a key twice.
func respell(n *node, how casing) bool {
	ok := true
	if n.kind == kindObject && !reshape(n, how) {
		return false
	}
	for i := range n.kids {
		next := how
		switch {
		case how == spellRaw:
		case n.kind == kindArray, how == spellSources:
			next = spellKebab
		case n.kids[i].key == "fields":
			next = spellRaw
		case n.kids[i].key == "sources" && mapOfObjects(n.kids[i]):
			next = spellSources
		}
		ok = respell(&n.kids[i], next) && ok
	}
	return ok
}

func renameKeys(n *node, how casing) {
	if how == spellSources {
		return
	}
	changed := false
	for i := range n.kids {
		if kebab(n.kids[i].key) != n.kids[i].key {
			changed = true
			break
		}
	}
	if !changed {
		return
	}
	// Sorted first, so that who wins a name does not depend on the order in the payload.
	sortKeys(n.kids)
	taken := make(map[string]bool, len(n.kids))
	for i := range n.kids {
		taken[n.kids[i].key] = true
	}
	for i := range n.kids {
		raw := n.kids[i].key
		if k := kebab(raw); k != raw && !taken[k] {
			taken[k] = true
			n.kids[i].key = k
		}
	}
}

// mapOfObjects tells `sources` as a map of objects by slug from one single source object.
func mapOfObjects(n node) bool {
	if n.kind != kindObject {
		return false
	}
	for i := range n.kids {
		if n.kids[i].kind != kindObject {
			return false
		}
	}
	return true
}
