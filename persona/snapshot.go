package persona

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"sync"

	"docket/review"
)

// snapshot turns one resource of a payload into a state of it. ok is false when it has no
// type or id; twice says that one of its objects holds a key twice (two invalid spellings of
// one text can hide that from the first look).
func snapshot(n node, event int64) (s review.Snapshot, ok, twice bool) {
	s.Ref = review.Ref{Type: n.like("type").str(), ID: n.like("id").str()}
	if s.Ref.Type == "" || s.Ref.ID == "" {
		return s, false, false
	}
	attributes, relationships := n.like("attributes"), n.like("relationships")
	if attributes.kind == kindObject && !respell(&attributes, spellKebab) ||
		relationships.kind == kindObject && !respell(&relationships, spellKebab) {
		return s, false, true
	}
	cutSecrets(&attributes)
	s.Body = body(s.Ref, attributes, relationships)
	s.Order = review.Order{At: newest(attributes), Event: event, Snapshot: review.Sum(s.Body)}
	if s.Order.At == 0 {
		s.Order.At = event
	}
	if redacted := attributes.get("redacted-at"); redacted.kind == kindString && redacted.text != "" {
		s.Erased = s.Order.At
		if at := redacted.at(); !at.IsZero() {
			s.Erased = at.UnixMilli()
		}
	}
	s.Keys = facts(attributes, relationships)
	s.Links = links(s.Ref, attributes, relationships)
	if review.IsRootFamily(s.Ref.Type) {
		s.Status = attributes.get("status").str()
	}
	return s, true, false
}

// body is the canonical JSON of a state: what the resource says of itself, and nothing of the
// envelope it came in. Member names are in canonical order.
func body(ref review.Ref, attributes, relationships node) []byte {
	scratch := scratches.Get().(*[]byte)
	b := append((*scratch)[:0], '{')
	if attributes.kind == kindObject {
		b = appendCanonical(append(b, `"attributes":`...), &attributes)
		b = append(b, ',')
	}
	b = appendString(append(b, `"id":`...), ref.ID)
	if relationships.kind == kindObject {
		b = appendCanonical(append(b, `,"relationships":`...), &relationships)
	}
	b = appendString(append(b, `,"type":`...), ref.Type)
	b = append(b, '}')
	out := bytes.Clone(b)
	if *scratch = b; cap(b) <= 1<<20 {
		scratches.Put(scratch)
	}
	return out
}

// scratches are buffers to write bodies in before their length is known.
var scratches = sync.Pool{New: func() any { b := make([]byte, 0, 8<<10); return &b }}

// facts lists what a state speaks of, sorted: attribute names, "fields." and the raw key of
// each field, "rel." and the name of each relationship whose linkage it gives.
func facts(attributes, relationships node) []string {
	fields := attributes.get("fields")
	keys := make([]string, 0, len(attributes.kids)+len(fields.kids)+len(relationships.kids))
	size := len(fields.kids)*len("fields.") + len(relationships.kids)*len("rel.")
	for _, of := range [][]node{fields.kids, relationships.kids} {
		for i := range of {
			size += len(of[i].key)
		}
	}
	var named nameList
	named.all.Grow(size)
	ties := func() {
		for i := range relationships.kids {
			if r := &relationships.kids[i]; linkage(*r).kind != kindAbsent {
				keys = append(keys, named.add("rel.", r.key))
			}
		}
		relationships = node{}
	}
	for i := range attributes.kids {
		a := &attributes.kids[i]
		if a.key > "rel." { // where they belong: what is nearly in order is sorted in no time
			ties()
		}
		keys = append(keys, a.key)
		if a.key == "fields" && a.kind == kindObject {
			for j := range a.kids {
				keys = append(keys, named.add("fields.", a.kids[j].key))
			}
		}
	}
	ties()
	slices.Sort(keys)
	return slices.Compact(keys)
}

// nameList puts many short names into one piece of memory.
type nameList struct{ all strings.Builder }

func (l *nameList) add(prefix, name string) string {
	from := l.all.Len()
	l.all.WriteString(prefix)
	l.all.WriteString(name)
	return l.all.String()[from:]
}

// linkage is what a relationship points at: absent when it does not say. Old documents print
// {} where they mean "not said".
func linkage(relationship node) node {
	switch relationship.kind {
	case kindNull, kindArray:
		return relationship
	case kindObject:
		if d := relationship.get("data"); d.kind != kindAbsent {
			return d
		}
		if relationship.get("id").kind != kindAbsent {
			return relationship
		}
	}
	return node{}
}

// refs are the resources that a linkage names.
func refs(linkage node) []review.Ref { return appendRefs(nil, linkage) }

func appendRefs(out []review.Ref, linkage node) []review.Ref {
	one := func(n node) {
		if ref := (review.Ref{Type: n.get("type").str(), ID: n.get("id").str()}); ref.Type != "" && ref.ID != "" {
			out = append(out, ref)
		}
	}
	switch linkage.kind {
	case kindObject:
		one(linkage)
	case kindArray:
		for i := range linkage.kids {
			one(linkage.kids[i])
		}
	}
	return out
}

// linkFallback names the tie that only a transaction's field tells: the inquiry that its
// subject was sent to. https://docs.withpersona.com/integration-guide-reports-via-api
const linkFallback = "fallback-inquiry"

// links are all ties that a state tells of, sorted.
func links(from review.Ref, attributes, relationships node) []review.Link {
	var out []review.Link
	var few [4]review.Ref
	for i := range relationships.kids {
		r := &relationships.kids[i]
		for _, to := range appendRefs(few[:0], linkage(*r)) {
			if out == nil {
				out = make([]review.Link, 0, len(relationships.kids))
			}
			out = append(out, review.Link{From: from, To: to, Name: r.key})
		}
	}
	if from.Type == "transaction" {
		if id := fieldText(attributes.get("fields"), "fallback-inquiry-id"); id != "" {
			out = append(out, review.Link{From: from, To: review.Ref{Type: "inquiry", ID: id}, Name: linkFallback})
		}
	}
	sortLinks(out)
	return slices.Compact(out)
}

func sortLinks(ls []review.Link) {
	slices.SortFunc(ls, func(a, b review.Link) int {
		if c := cmp.Compare(a.Name, b.Name); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(a.To.Type, b.To.Type), cmp.Compare(a.To.ID, b.To.ID))
	})
}

// fieldText is the text of a field, wrapped in {type, value} or bare, whatever the spelling of
// its key.
func fieldText(fields node, key string) string {
	f := fields.like(key)
	if v := f.like("value"); v.kind != kindAbsent {
		return v.str()
	}
	return f.str()
}
