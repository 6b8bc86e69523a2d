package review

import (
	"reflect"
	"slices"
	"strings"
	"time"
)

// Op is what happened to a value between two dossiers.
type Op string

const (
	Added   Op = "added"   // there was none
	Gone    Op = "gone"    // there is none any more
	Changed Op = "changed" // another one
)

// Step is one part of a Path: a field by its JSON name, and which item of it when it is a list
// whose items have a key of their own (a report its Ref, a match its MatchKey, a field its Key).
type Step struct {
	Name string
	Key  string // "" for a field as a whole, and for an item of a list without keys
}

// Path leads from a dossier to a value in it.
type Path []Step

// String writes a path for a log or a test: "reports[report/watchlist/rep_1].matches[m-1].birthdates".
func (p Path) String() string {
	var b strings.Builder
	for i, s := range p {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s.Name)
		if s.Key != "" {
			b.WriteString("[" + s.Key + "]")
		}
	}
	return b.String()
}

// Change is one value that is not what it was. Then and Now hold values of the noun's own type
// (a Match, a Birthdate, a Text, a string); Then is nil for what was added, Now for what is gone.
// Where the path leads to a list and the value is one of its items, that item was added, taken
// away or exchanged.
type Change struct {
	Path Path
	Op   Op
	Then any
	Now  any
}

// Delta is everything by which one dossier differs from another as evidence: it is empty exactly
// when the digests of both are equal. Changes stand in the order of the nouns' fields.
type Delta []Change

// Diff compares two dossiers field by field. What belongs together is told by key: a report by
// its Ref, a match by its MatchKey, a run by its id or its day, a record by its Ref, a field by
// its Key; other lists are compared as bags. The order of lists is no change, and neither is
// what Evidence leaves out.
func Diff(then, now Dossier) Delta {
	var d differ
	d.fields(reflect.ValueOf(&then).Elem(), reflect.ValueOf(&now).Elem())
	return d.delta
}

type differ struct {
	path  Path
	delta Delta
	buf   []byte
}

func (d *differ) add(op Op, then, now reflect.Value) {
	c := Change{Path: slices.Clone(d.path), Op: op}
	if op != Added {
		c.Then = then.Interface()
	}
	if op != Gone {
		c.Now = now.Interface()
	}
	d.delta = append(d.delta, c)
}

// fields compares two structs of one type.
func (d *differ) fields(then, now reflect.Value) {
	stamped := isStamp(then) && isStamp(now)
	for _, f := range fieldsOf(then.Type()) {
		if stamped && f.name == "text" {
			continue // a text that only says when something was written
		}
		d.path = append(d.path, Step{Name: f.name})
		d.value(then.Field(f.index), now.Field(f.index))
		d.path = d.path[:len(d.path)-1]
	}
}

// value compares two values of one field.
func (d *differ) value(then, now reflect.Value) {
	switch {
	case alike(then, now):
	case then.Kind() == reflect.Slice:
		d.list(then, now)
	case then.IsZero():
		d.add(Added, then, now)
	case now.IsZero():
		d.add(Gone, then, now)
	case isWhole(then.Type()), isHollow(then), isHollow(now):
		d.add(Changed, then, now)
	case then.Kind() == reflect.Pointer:
		d.fields(then.Elem(), now.Elem())
	default:
		d.fields(then, now)
	}
}

// list compares two lists as bags of items. An item whose key stands once on each side is
// compared field by field; of the others only what has no equal on the other side is told.
func (d *differ) list(then, now reflect.Value) {
	before, after := keysOf(then), keysOf(now)
	here := len(d.path) - 1
	var left, right []int // items without a partner
	for i := range then.Len() {
		key := before.key(i)
		if before.once(key) && after.once(key) {
			d.path[here].Key = key
			d.fields(then.Index(i), now.Index(after.at[key]))
		} else {
			left = append(left, i)
		}
	}
	for i := range now.Len() {
		if key := after.key(i); !before.once(key) || !after.once(key) {
			right = append(right, i)
		}
	}
	left, right = d.unequal(then, now, left, right)
	if len(left) == 1 && len(right) == 1 && before.key(left[0]) == after.key(right[0]) {
		d.path[here].Key = before.key(left[0])
		d.add(Changed, then.Index(left[0]), now.Index(right[0]))
		left, right = nil, nil
	}
	for _, i := range left {
		d.path[here].Key = before.key(i)
		d.add(Gone, then.Index(i), reflect.Value{})
	}
	for _, i := range right {
		d.path[here].Key = after.key(i)
		d.add(Added, reflect.Value{}, now.Index(i))
	}
	d.path[here].Key = ""
	// A list that lost its last item is none; a list of nothing is told apart from none.
	if now.Len() == 0 && now.IsNil() != (then.Len() > 0 || then.IsNil()) {
		d.add(Changed, then, now)
	}
}

// unequal leaves out of both bags what is in the other one as well.
func (d *differ) unequal(then, now reflect.Value, left, right []int) (gone, added []int) {
	if len(left) == 0 || len(right) == 0 {
		return left, right
	}
	kinds := make(map[string]int, len(right)) // equal items are of one kind
	kindOf := func(v reflect.Value) int {
		d.buf = digestible(d.buf[:0], v)
		kind, ok := kinds[string(d.buf)]
		if !ok {
			kind = len(kinds)
			kinds[string(d.buf)] = kind
		}
		return kind
	}
	of := make([]int, len(right))
	for n, i := range right {
		of[n] = kindOf(now.Index(i))
	}
	spare := make([]int, len(kinds)+len(left))
	for _, kind := range of {
		spare[kind]++
	}
	used := make([]int, len(spare))
	for _, i := range left {
		if kind := kindOf(then.Index(i)); spare[kind] > used[kind] {
			used[kind]++
		} else {
			gone = append(gone, i)
		}
	}
	for n, i := range right {
		if kind := of[n]; used[kind] > 0 {
			used[kind]--
		} else {
			added = append(added, i)
		}
	}
	return gone, added
}

// alike says that two values are the same evidence in the same order: a quick way past what did
// not change. What is not alike may still turn out to differ in nothing.
func alike(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.String:
		return a.String() == b.String()
	case reflect.Slice:
		if a.Len() != b.Len() || a.IsNil() != b.IsNil() {
			return false
		}
		if a.Pointer() == b.Pointer() {
			return true
		}
		for i := range a.Len() {
			if !alike(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Pointer:
		return a.Pointer() == b.Pointer() || !a.IsNil() && !b.IsNil() && alike(a.Elem(), b.Elem())
	case reflect.Struct:
		if a.IsZero() != b.IsZero() {
			return false
		}
		if a.Type() == timeType {
			return a.Interface().(time.Time).UnixMilli() == b.Interface().(time.Time).UnixMilli()
		}
		stamped := isStamp(a) && isStamp(b)
		for _, f := range fieldsOf(a.Type()) {
			if !(stamped && f.name == "text") && !alike(a.Field(f.index), b.Field(f.index)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}

// isStamp says that a field's text only says when something was last written.
func isStamp(v reflect.Value) bool {
	return v.Type() == fieldType && strings.HasSuffix(v.FieldByIndex(fieldKey).String(), "updated-at")
}

// isWhole says that a change of a value is told as a whole: half of a birth date is none.
func isWhole(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case timeType, reflect.TypeFor[Text](), reflect.TypeFor[Flag](), reflect.TypeFor[Birthdate](), reflect.TypeFor[Ref]():
		return true
	}
	return t.Kind() != reflect.Struct
}

// isHollow says that a struct holds something, but nothing that counts as evidence.
func isHollow(v reflect.Value) bool {
	if v.Kind() != reflect.Struct || v.Type() == timeType || v.IsZero() {
		return false
	}
	for _, f := range fieldsOf(v.Type()) {
		if !v.Field(f.index).IsZero() {
			return false
		}
	}
	return true
}
