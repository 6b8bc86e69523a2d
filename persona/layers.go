package persona

import (
	"slices"
	"sort"
	"strings"
	"time"

	"docket/review"
)

// state is one resource as its layers together tell it: each fact from the newest layer that
// speaks of it, fields key by key.
type state struct {
	ref        review.Ref
	via        string
	attributes []fact // by name
	fields     []fact // by raw key
	relations  []fact // by name
	hasFields  review.Presence
	redacted   bool
	bare       bool // no layer had anything to say but type and id
	parsers    []*parser
}

// done gives back the memory that the state was read into. Nothing but texts may be kept.
func (s *state) done() {
	for _, p := range s.parsers {
		p.done()
	}
	*s = state{}
}

// fact is one value and what is needed to place it.
type fact struct {
	node
	doneAt time.Time // completed-at of the layer that told it
	fold   string    // a field's key in its folded spelling
}

// lookup finds a fact by name among sorted ones.
func lookup(facts []fact, key string) (int, bool) {
	// Facts are large: slices.BinarySearchFunc would copy each that it looks at.
	i := sort.Search(len(facts), func(i int) bool { return facts[i].key >= key })
	return i, i < len(facts) && facts[i].key == key
}

// sortFacts sorts by name. What one layer tells is in order already.
func sortFacts(facts []fact) {
	for i := 1; i < len(facts); i++ {
		if facts[i].key < facts[i-1].key {
			slices.SortStableFunc(facts, func(a, b fact) int { return strings.Compare(a.key, b.key) })
			return
		}
	}
}

// get is an attribute, absent when no layer speaks of it.
func (s *state) get(key string) node {
	if i, ok := lookup(s.attributes, key); ok {
		return s.attributes[i].node
	}
	return node{}
}

// take is get, and marks the attribute as understood, so that it is not shown generically too.
func (s *state) take(key string) node {
	i, ok := lookup(s.attributes, key)
	if !ok {
		return node{}
	}
	n := s.attributes[i].node
	s.attributes = slices.Delete(s.attributes, i, i+1)
	return n
}

// relation is what a relationship points at, absent when no layer says.
func (s *state) relation(name string) node {
	if i, ok := lookup(s.relations, name); ok {
		return linkage(s.relations[i].node)
	}
	return node{}
}

// kept survive a redaction: facts that say nothing about a person.
var kept = map[string]bool{
	"status": true, "created-at": true, "completed-at": true, "updated-at": true, "redacted-at": true,
	"has-match": true, "is-continuous": true, "is-recurring": true, "report-template-version-name": true,
	"run-history": true,
}

// merge reads the layers of a resource. The order in which they are given does not matter.
// Once a layer says that the resource was redacted, older ones tell no personal facts.
func merge(c review.Captured) *state {
	s := &state{ref: c.Ref, via: c.Via, bare: true}
	var fieldKeys map[string]int // folded key → layer that told it first
	if len(c.Layers) > 1 {
		fieldKeys = map[string]int{}
	}
	for i, l := range newestFirst(c.Layers) {
		root, p := parse(string(l.Body))
		s.parsers = append(s.parsers, p)
		if p.fault != faultNone {
			continue
		}
		attributes, relationships := root.get("attributes"), root.get("relationships")
		s.bare = s.bare && len(attributes.kids) == 0 && len(relationships.kids) == 0
		s.addAttributes(attributes, i, fieldKeys)
		s.addRelations(relationships)
		s.redacted = s.redacted || attributes.get("redacted-at").str() != "" || attributes.get(markErased).kind != kindAbsent
	}
	sortFacts(s.fields)
	return s
}

// addAttributes takes the attributes of one layer that no newer one told.
func (s *state) addAttributes(attributes node, layer int, fieldKeys map[string]int) {
	done := attributes.get("completed-at").at()
	told := s.attributes
	s.attributes = slices.Grow(s.attributes, len(attributes.kids))
	for _, a := range attributes.kids {
		switch {
		case s.redacted && !kept[a.key], a.key == markErased:
		case a.key == "fields":
			s.hasFields = max(s.hasFields, presence(a))
			s.addFields(a, layer, fieldKeys)
		default:
			if _, ok := lookup(told, a.key); !ok {
				s.attributes = append(s.attributes, fact{node: a, doneAt: done})
			}
		}
	}
	if len(s.attributes) > len(told) {
		sortFacts(s.attributes)
	}
}

// addRelations takes the relationships of one layer that no newer one told.
func (s *state) addRelations(relationships node) {
	told := s.relations
	s.relations = slices.Grow(s.relations, len(relationships.kids))
	for _, r := range relationships.kids {
		if i, ok := lookup(told, r.key); !ok {
			s.relations = append(s.relations, fact{node: r})
		} else if linkage(told[i].node).kind == kindAbsent {
			s.relations[i].node = r
		}
	}
	sortFacts(s.relations)
}

// addFields takes the fields of one layer that no newer one told. Keys that mean the same in
// another spelling (older API versions inflected them) are one field across layers, but two
// when one layer holds both. Of a single layer nobody asks who told what.
func (s *state) addFields(fields node, layer int, told map[string]int) {
	s.fields = slices.Grow(s.fields, len(fields.kids))
	for _, f := range fields.kids {
		k := foldKey(f.key)
		if by, ok := told[k]; ok && by != layer {
			continue
		}
		if told != nil {
			told[k] = layer
		}
		s.fields = append(s.fields, fact{node: f, fold: k})
	}
}

// field is a field by any spelling of its key. An exact spelling wins.
func (s *state) field(keys ...string) (node, bool) {
	for _, key := range keys {
		if i, ok := lookup(s.fields, key); ok {
			return s.fields[i].node, true
		}
		fold := foldKey(key)
		for i := range s.fields {
			if s.fields[i].fold == fold {
				return s.fields[i].node, true
			}
		}
	}
	return node{}, false
}

// foldKey makes the spellings of a field's key equal.
func foldKey(key string) string {
	if plainKey(key) {
		return key
	}
	return strings.ReplaceAll(strings.ToLower(kebab(key)), "-", "_")
}

// plainKey says that a key is in the folded spelling already.
func plainKey(key string) bool {
	for i := 0; i < len(key); i++ {
		if c := key[i]; c != '_' && !isLower(c) && !isDigit(c) {
			return false
		}
	}
	return true
}

// newestFirst orders layers without touching the caller's slice.
func newestFirst(layers []review.Layer) []review.Layer {
	layers = slices.Clone(layers)
	slices.SortStableFunc(layers, func(a, b review.Layer) int { return b.Order.Compare(a.Order) })
	return layers
}

// presence keeps absent, null, empty and present apart.
func presence(n node) review.Presence {
	switch {
	case n.kind == kindAbsent:
		return review.Absent
	case n.kind == kindNull:
		return review.Null
	case n.empty():
		return review.Empty
	}
	return review.Present
}

// text reads a value as captured text. What is no text is given in words, so that nothing is
// lost when Persona changes a type.
func text(n node) review.Text {
	t := review.Text{State: presence(n)}
	if t.State == review.Present {
		t.Value = words(n)
	}
	return t
}

// words is a value as a person would read it.
func words(n node) string {
	switch n.kind {
	case kindTrue:
		return "yes"
	case kindFalse:
		return "no"
	case kindString, kindNumber:
		return n.text
	case kindArray, kindObject:
		var parts []string
		for _, k := range n.kids {
			w := words(k)
			if n.kind == kindObject {
				w = k.key + ": " + w
			}
			parts = append(parts, w)
		}
		return strings.Join(parts, ", ")
	}
	return ""
}

// flag reads a boolean; a text that says true or false counts.
func flag(n node) review.Flag {
	switch {
	case n.kind == kindAbsent:
		return review.Flag{}
	case n.kind == kindTrue, n.kind == kindString && strings.EqualFold(n.text, "true"):
		return review.Flag{State: review.Present, Value: true}
	case n.kind == kindFalse, n.kind == kindString && strings.EqualFold(n.text, "false"):
		return review.Flag{State: review.Present}
	}
	return review.Flag{State: review.Null}
}
