package review

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"
)

// digestible appends a form of v in which equal meanings are equal bytes: every value is
// framed by its length, zero struct fields are left out, lists are sorted.
func digestible(out []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.String:
		out = binary.AppendUvarint(append(out, 's'), uint64(v.Len()))
		return append(out, v.String()...)
	case reflect.Bool:
		if v.Bool() {
			return append(out, 't')
		}
		return append(out, 'f')
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(append(out, 'i'), v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return binary.AppendUvarint(append(out, 'u'), v.Uint())
	case reflect.Pointer:
		if v.IsNil() {
			return append(out, 'n')
		}
		return digestible(append(out, 'p'), v.Elem())
	case reflect.Slice:
		return digestList(out, v)
	case reflect.Struct:
		if v.Type() == timeType {
			return binary.AppendVarint(append(out, 'd'), v.Interface().(time.Time).UnixMilli())
		}
		return digestStruct(out, v)
	}
	panic(fmt.Sprintf("evidence: %s cannot be digested", v.Type()))
}

// digestList writes the items behind each other, then puts them in order.
func digestList(out []byte, v reflect.Value) []byte {
	n := v.Len()
	out = binary.AppendUvarint(append(out, 'l'), uint64(n))
	if n == 0 {
		return out
	}
	var few [16]span
	items := few[:0]
	start := len(out)
	for i := range n {
		from := len(out)
		out = digestible(out, v.Index(i))
		items = append(items, span{from - start, len(out) - start})
	}
	if n == 1 {
		return out
	}
	unsorted := append([]byte(nil), out[start:]...)
	slices.SortFunc(items, func(a, b span) int { return bytes.Compare(unsorted[a.from:a.to], unsorted[b.from:b.to]) })
	out = out[:start]
	for _, it := range items {
		out = append(binary.AppendUvarint(out, uint64(it.to-it.from)), unsorted[it.from:it.to]...)
	}
	return out
}

type span struct{ from, to int }

func digestStruct(out []byte, v reflect.Value) []byte {
	out = append(out, '{')
	stamped := v.Type() == fieldType && strings.HasSuffix(v.FieldByIndex(fieldKey).String(), "updated-at")
	for _, f := range fieldsOf(v.Type()) {
		value := v.Field(f.index)
		if value.IsZero() || stamped && f.name == "text" {
			continue // a text that only says when something was written
		}
		out = digestible(append(append(out, f.name...), '='), value)
	}
	return append(out, '}')
}

var (
	timeType  = reflect.TypeFor[time.Time]()
	fieldType = reflect.TypeFor[Field]()
	fieldKey  = []int{0} // Field.Key
)

// digestField is one field of a struct that counts as evidence, by its JSON name.
type digestField struct {
	index int
	name  string
}

var digestFields sync.Map // reflect.Type to []digestField

func fieldsOf(t reflect.Type) []digestField {
	if fields, ok := digestFields.Load(t); ok {
		return fields.([]digestField)
	}
	var fields []digestField
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("evidence") == "-" {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		fields = append(fields, digestField{i, name})
	}
	digestFields.Store(t, fields)
	return fields
}
