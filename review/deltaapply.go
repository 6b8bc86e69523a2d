package review

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
)

// Apply makes of an earlier dossier the later one: the evidence of Diff(a, b).Apply(a) is that of
// b. What is given is left as it is. ErrStale says that the delta is not one of this dossier.
func (d Delta) Apply(then Dossier) (Dossier, error) {
	if err := patch(reflect.ValueOf(&then).Elem(), d, 0); err != nil {
		return Dossier{}, err
	}
	return then, nil
}

// patch changes the fields of a struct. Changes of one field stand together; depth is how much of
// their paths lies behind.
func patch(v reflect.Value, changes []Change, depth int) error {
	for len(changes) > 0 {
		if len(changes[0].Path) <= depth {
			return unfit(changes[0])
		}
		name := changes[0].Path[depth].Name
		n := together(changes, func(c Change) bool { return len(c.Path) > depth && c.Path[depth].Name == name })
		i := slices.IndexFunc(fieldsOf(v.Type()), func(f digestField) bool { return f.name == name })
		if i < 0 {
			return unfit(changes[0])
		}
		f := v.Field(fieldsOf(v.Type())[i].index)
		apply := patchValue
		if f.Kind() == reflect.Slice {
			apply = patchList
		}
		if err := apply(f, changes[:n], depth); err != nil {
			return err
		}
		changes = changes[n:]
	}
	return nil
}

// patchValue changes one value, or what lies in it.
func patchValue(f reflect.Value, changes []Change, depth int) error {
	c := changes[0]
	switch {
	case len(c.Path) == depth+1:
		if len(changes) > 1 || (c.Op == Added) != f.IsZero() || c.Op != Added && !equals(f, c.Then) {
			return unfit(c)
		}
		return set(f, c)
	case f.Kind() == reflect.Struct:
		return patch(f, changes, depth+1)
	case f.Kind() == reflect.Pointer && !f.IsNil():
		own := reflect.New(f.Type().Elem())
		own.Elem().Set(f.Elem())
		f.Set(own)
		return patch(own.Elem(), changes, depth+1)
	}
	return unfit(c)
}

// patchList changes a list: what lies in its items, then which items there are.
func patchList(f reflect.Value, changes []Change, depth int) error {
	keys := keysOf(f)
	list := reflect.MakeSlice(f.Type(), f.Len(), f.Len()+len(changes))
	reflect.Copy(list, f)
	for len(changes) > 0 && len(changes[0].Path) > depth+1 {
		key := changes[0].Path[depth].Key
		n := together(changes, func(c Change) bool { return len(c.Path) > depth+1 && c.Path[depth].Key == key })
		if !keys.once(key) {
			return unfit(changes[0])
		}
		if err := patch(list.Index(keys.at[key]), changes[:n], depth+1); err != nil {
			return err
		}
		changes = changes[n:]
	}
	for _, c := range changes {
		if len(c.Path) != depth+1 {
			return unfit(c)
		}
		if f.Type() == reflect.TypeOf(c.Now) {
			list = reflect.ValueOf(c.Now) // a list of nothing instead of none, or the other way round
			continue
		}
		var err error
		if list, err = patchItem(list, c); err != nil {
			return err
		}
		if list.Len() == 0 {
			list = reflect.Zero(f.Type())
		}
	}
	f.Set(list)
	return nil
}

// patchItem adds an item to a list, takes one away, or puts another in its place.
func patchItem(list reflect.Value, c Change) (reflect.Value, error) {
	now := reflect.ValueOf(c.Now)
	if c.Op != Gone && (!now.IsValid() || now.Type() != list.Type().Elem()) {
		return list, unfit(c)
	}
	if c.Op == Added {
		return reflect.Append(list, now), nil
	}
	at := 0
	for at < list.Len() && !equals(list.Index(at), c.Then) {
		at++
	}
	switch {
	case at == list.Len():
		return list, unfit(c)
	case c.Op == Changed:
		list.Index(at).Set(now)
		return list, nil
	}
	return reflect.AppendSlice(list.Slice(0, at), list.Slice(at+1, list.Len())), nil
}

func set(f reflect.Value, c Change) error {
	now := reflect.ValueOf(c.Now)
	switch {
	case c.Op == Gone:
		f.SetZero()
	case !now.IsValid() || now.Type() != f.Type():
		return unfit(c)
	default:
		f.Set(now)
	}
	return nil
}

// equals says that a value is the same evidence as one that a change names.
func equals(v reflect.Value, then any) bool {
	t := reflect.ValueOf(then)
	return t.IsValid() && t.Type() == v.Type() && (alike(v, t) || bytes.Equal(digestible(nil, v), digestible(nil, t)))
}

// together counts how many changes from the first on belong together.
func together(changes []Change, belongs func(Change) bool) int {
	n := slices.IndexFunc(changes, func(c Change) bool { return !belongs(c) })
	if n < 0 {
		return len(changes)
	}
	return n
}

func unfit(c Change) error {
	return fmt.Errorf("%s %s is no change of this dossier: %w", c.Op, c.Path, ErrStale)
}
