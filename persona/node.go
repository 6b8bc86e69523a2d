package persona

// kind is the first byte of a JSON value, as jsontext names kinds; 0 means no value at all.
type kind byte

const (
	kindAbsent kind = 0
	kindNull   kind = 'n'
	kindTrue   kind = 't'
	kindFalse  kind = 'f'
	kindString kind = '"'
	kindNumber kind = '0'
	kindObject kind = '{'
	kindArray  kind = '['
)

// node is one JSON value. Numbers keep their digits. The zero node is an absent value, so
// look-ups chain without checks.
type node struct {
	kind     kind
	plain    bool   // the text is known to hold nothing that JSON escapes
	plainKey bool   // and so is the name
	key      string // the member's name when the value sits in an object
	text     string // a string's value, a number's digits
	kids     []node // members or items
}

// get is the member of that name; absent when there is none.
func (n node) get(key string) node {
	if n.kind == kindObject {
		for i := range n.kids {
			if n.kids[i].key == key {
				return n.kids[i]
			}
		}
	}
	return node{}
}

// find is the first member that is there under one of several names.
func (n node) find(keys ...string) node {
	for _, k := range keys {
		if v := n.get(k); v.kind != kindAbsent {
			return v
		}
	}
	return node{}
}

// like is the member whose name means key, whatever its spelling; for objects whose keys are
// kept raw.
func (n node) like(key string) node {
	if v := n.get(key); v.kind != kindAbsent {
		return v
	}
	if n.kind == kindObject {
		for i := range n.kids {
			// A spelling begins like its key and is no longer.
			if k := n.kids[i].key; k != "" && k[0] == key[0] && len(k) <= len(key) && kebab(k) == key {
				return n.kids[i]
			}
		}
	}
	return node{}
}

// str is a string's value, a number's digits, "" for everything else.
func (n node) str() string {
	if n.kind == kindString || n.kind == kindNumber {
		return n.text
	}
	return ""
}

// items are an array's values; any other value but null and {} counts as an array of itself,
// since Persona sends some attributes in both shapes.
func (n node) items() []node {
	switch n.kind {
	case kindArray:
		return n.kids
	case kindAbsent, kindNull:
		return nil
	case kindObject:
		if len(n.kids) == 0 {
			return nil
		}
	}
	return []node{n}
}

// strs are the texts among the items.
func (n node) strs() []string {
	var out []string
	for _, it := range n.items() {
		if s := it.str(); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// empty says that a value is "", [] or {}.
func (n node) empty() bool {
	switch n.kind {
	case kindString:
		return n.text == ""
	case kindArray, kindObject:
		return len(n.kids) == 0
	}
	return false
}
