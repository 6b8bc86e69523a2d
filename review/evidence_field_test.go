package review_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// dice fills values of any type: every field, and each now and then left zero, empty or alike.
type dice struct {
	*rand.Rand
	calm bool // leave nothing out
}

func (r dice) fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		words := []string{"", "x", "updated-at", "name-updated-at", "Orlan Kasymbekov", "أورلان", strings.Repeat("long ", 40)}
		v.SetString(words[r.IntN(len(words))])
		if r.calm && v.String() == "" {
			v.SetString("y")
		}
	case reflect.Bool:
		v.SetBool(r.calm || r.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(r.IntN(400) - 100))
		if r.calm && v.Int() == 0 {
			v.SetInt(1)
		}
	case reflect.Uint8:
		v.SetUint(uint64(1 + r.IntN(3)))
	case reflect.Pointer:
		if depth > 0 && (r.calm || r.IntN(2) == 0) {
			v.Set(reflect.New(v.Type().Elem()))
			r.fill(v.Elem(), depth-1)
		}
	case reflect.Slice:
		n := r.IntN(5) - 1
		if r.calm {
			n = 2
		}
		if n < 0 || depth == 0 {
			return // nil
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			r.fill(v.Index(i), depth-1)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.UnixMilli(r.Int64N(1 << 42)).UTC()))
			return
		}
		for i := range v.NumField() {
			if r.calm || r.IntN(3) > 0 {
				r.fill(v.Field(i), depth)
			}
		}
	default:
		panic("a kind that no noun has had so far: " + v.Kind().String())
	}
}

func TestEvidenceDigestsEveryFieldThatTheNounsHave(t *testing.T) {
	t.Parallel()
	seen := map[review.Hash]bool{}
	for seed := range uint64(1500) {
		var d review.Dossier
		r := dice{rand.New(rand.NewPCG(seed, 1)), seed%10 == 0}
		r.fill(reflect.ValueOf(&d).Elem(), 5)
		require.Equal(t, review.EvidenceByReflection(d), review.Evidence(d), "seed %d", seed)
		seen[review.Evidence(d)] = true
	}
	assert.Greater(t, len(seen), 1490, "they are different ones")
	for name, d := range map[string]review.Dossier{"nothing": {}, "some": evidenceDossier(), "much": heavyDossier(),
		"empty lists": {Reports: []review.Report{}, Records: []review.Resource{{Attributes: []review.Field{}}}}} {
		assert.Equal(t, review.EvidenceByReflection(d), review.Evidence(d), name)
	}
}

// One field at a time, so that none can hide behind another.
func TestEvidenceDigestsEachFieldOnItsOwn(t *testing.T) {
	t.Parallel()
	fields := 0
	walk(reflect.TypeFor[review.Dossier](), 4, func(path string, set func(*review.Dossier, dice)) {
		var d review.Dossier
		set(&d, dice{rand.New(rand.NewPCG(1, 1)), true})
		assert.Equal(t, review.EvidenceByReflection(d), review.Evidence(d), path)
		fields++
	})
	assert.Greater(t, fields, 300)
}

// walk visits every field below a type, lists and pointers with one item each.
func walk(t reflect.Type, depth int, visit func(path string, set func(*review.Dossier, dice))) {
	type step = func(reflect.Value) reflect.Value
	var into func(t reflect.Type, path string, depth int, at step)
	into = func(t reflect.Type, path string, depth int, at step) {
		visit(path, func(d *review.Dossier, r dice) { r.fill(at(reflect.ValueOf(d).Elem()), 2) })
		switch {
		case t.Kind() == reflect.Slice && depth > 0:
			into(t.Elem(), path+"[]", depth-1, func(v reflect.Value) reflect.Value {
				v = at(v)
				v.Set(reflect.MakeSlice(t, 1, 1))
				return v.Index(0)
			})
		case t.Kind() == reflect.Pointer && depth > 0:
			into(t.Elem(), path+"*", depth-1, func(v reflect.Value) reflect.Value {
				v = at(v)
				v.Set(reflect.New(t.Elem()))
				return v.Elem()
			})
		case t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]():
			for i := range t.NumField() {
				into(t.Field(i).Type, path+"."+t.Field(i).Name, depth, func(v reflect.Value) reflect.Value { return at(v).Field(i) })
			}
		}
	}
	into(t, "Dossier", depth, func(v reflect.Value) reflect.Value { return v })
}
