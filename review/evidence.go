package review

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// EvidenceVersion is part of every evidence digest: a change to what is digested gives it a
// new value, so that digests of two ways of counting are never taken for each other.
const EvidenceVersion = "docket evidence 1"

// Evidence digests what a person can judge from: the subject, the reports with their queries,
// matches, dismissals and runs, and the records. The order of lists does not count, nor do
// facts that move without meaning anything (a field tagged `evidence:"-"`, and an attribute
// that only says when something was last written).
func Evidence(d Dossier) Hash {
	h := sha256.New()
	h.Write([]byte(EvidenceVersion))
	h.Write(digestible(nil, reflect.ValueOf(d)))
	var sum Hash
	h.Sum(sum[:0])
	return sum
}

var timeType = reflect.TypeFor[time.Time]()

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
		items := make([]string, v.Len())
		for i := range items {
			items[i] = string(digestible(nil, v.Index(i)))
		}
		slices.Sort(items)
		out = binary.AppendUvarint(append(out, 'l'), uint64(len(items)))
		for _, it := range items {
			out = append(binary.AppendUvarint(out, uint64(len(it))), it...)
		}
		return out
	case reflect.Struct:
		if v.Type() == timeType {
			return binary.AppendVarint(append(out, 'd'), v.Interface().(time.Time).UnixMilli())
		}
		out = append(out, '{')
		t := v.Type()
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Tag.Get("evidence") == "-" || v.Field(i).IsZero() || stamp(v, f) {
				continue
			}
			name := f.Tag.Get("json")
			name, _, _ = strings.Cut(name, ",")
			out = append(append(out, name...), '=')
			out = digestible(out, v.Field(i))
		}
		return append(out, '}')
	}
	panic(fmt.Sprintf("evidence: %s cannot be digested", v.Type()))
}

// stamp leaves out the value of a generic field that only says when something was written.
func stamp(owner reflect.Value, f reflect.StructField) bool {
	return f.Name == "Text" && owner.Type() == reflect.TypeFor[Field]() &&
		strings.HasSuffix(owner.FieldByName("Key").String(), "updated-at")
}
