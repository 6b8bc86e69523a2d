package persona

import (
	"slices"
	"strings"
	"time"

	"docket/review"
)

// state is one resource as its layers together tell it: each fact from the newest layer that
// speaks of it, fields key by key.
type state struct {
	ref        review.Ref
	via        string
	attributes map[string]fact
	fields     []fact // by raw key
	hasFields  review.Presence
	relations  map[string]fact
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

// fact is one value and the layer that told it.
type fact struct {
	node
	layer  int       // 0 is the newest
	doneAt time.Time // completed-at of the layer that told it
}

// get is an attribute, absent when no layer speaks of it.
func (s *state) get(key string) node { return s.attributes[key].node }

// take is get, and marks the attribute as understood, so that it is not shown generically too.
func (s *state) take(key string) node {
	n := s.attributes[key].node
	delete(s.attributes, key)
	return n
}

// kept survive a redaction: facts that say nothing about a person.
var kept = map[string]bool{
	"status": true, "created-at": true, "completed-at": true, "updated-at": true, "redacted-at": true,
	"has-match": true, "is-continuous": true, "is-recurring": true, "report-template-version-name": true,
	"tags": true, "run-history": true,
}

// merge reads the layers of a resource. The order in which they are given does not matter.
// Once a layer says that the resource was redacted, older ones tell no personal facts.
func merge(c review.Captured) *state {
	s := &state{ref: c.Ref, via: c.Via, attributes: map[string]fact{}, relations: map[string]fact{}, bare: true}
	var fieldKeys map[string]int // folded key → layer that told it first
	for i, l := range newestFirst(c.Layers) {
		root, p := parse(string(l.Body))
		s.parsers = append(s.parsers, p)
		if p.fault != faultNone {
			continue
		}
		attributes, relationships := root.get("attributes"), root.get("relationships")
		done := attributes.get("completed-at").at()
		for _, a := range attributes.kids {
			s.bare = false
			if s.redacted && !kept[a.key] {
				continue
			}
			if _, told := s.attributes[a.key]; !told && a.key != "fields" {
				s.attributes[a.key] = fact{a, i, done}
			}
			if a.key == "fields" {
				s.hasFields = max(s.hasFields, presence(a))
				if fieldKeys == nil {
					fieldKeys = make(map[string]int, len(a.kids))
				}
				s.addFields(a, i, fieldKeys)
			}
		}
		for _, r := range relationships.kids {
			s.bare = false
			old, told := s.relations[r.key]
			if !told || linkage(old.node).kind == kindAbsent && linkage(r).kind != kindAbsent {
				s.relations[r.key] = fact{r, i, done}
			}
		}
		s.redacted = s.redacted || attributes.get("redacted-at").str() != ""
	}
	slices.SortFunc(s.fields, func(a, b fact) int { return strings.Compare(a.key, b.key) })
	return s
}

// addFields takes the fields of one layer that no newer one told. Keys that mean the same in
// another spelling (older API versions inflected them) are one field across layers, but two
// when one layer holds both.
func (s *state) addFields(fields node, layer int, told map[string]int) {
	for _, f := range fields.kids {
		k := foldKey(f.key)
		if by, ok := told[k]; ok && by != layer {
			continue
		}
		told[k] = layer
		s.fields = append(s.fields, fact{node: f, layer: layer})
	}
}

// field is a field by any spelling of its key. An exact spelling wins.
func (s *state) field(keys ...string) (node, bool) {
	for _, key := range keys {
		for _, f := range s.fields {
			if f.key == key {
				return f.node, true
			}
		}
		for _, f := range s.fields {
			if foldKey(f.key) == foldKey(key) {
				return f.node, true
			}
		}
	}
	return node{}, false
}

// foldKey makes the spellings of a field's key equal.
func foldKey(key string) string {
	return strings.ReplaceAll(strings.ToLower(kebab(key)), "-", "_")
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
