package review

import (
	"cmp"
	"reflect"
	"time"
)

// itemKey is what tells an item of a list from the others, for the lists whose items have such a
// thing; "" when an item does not say.
var itemKey = map[reflect.Type]func(reflect.Value) string{
	reflect.TypeFor[Report]():     by(func(r *Report) string { return refKey(r.Ref) }),
	reflect.TypeFor[Resource]():   by(func(r *Resource) string { return refKey(r.Ref) }),
	reflect.TypeFor[Match]():      by(func(m *Match) string { return string(m.Key) }),
	reflect.TypeFor[Field]():      by(func(f *Field) string { return f.Key }),
	reflect.TypeFor[QueryField](): by(func(q *QueryField) string { return q.Key }),
	reflect.TypeFor[Relation]():   by(func(r *Relation) string { return r.Name }),
	reflect.TypeFor[Check]():      by(func(c *Check) string { return c.Name }),
	reflect.TypeFor[Photo]():      by(func(p *Photo) string { return p.Page }),
	reflect.TypeFor[Name]():       by(func(n *Name) string { return n.Value }),
	reflect.TypeFor[Position]():   by(func(p *Position) string { return p.Title }),
	reflect.TypeFor[Listing]():    by(func(l *Listing) string { return cmp.Or(l.Slug, l.Name) }),
	reflect.TypeFor[Article]():    by(func(a *Article) string { return cmp.Or(a.URL, a.Title) }),
	reflect.TypeFor[Associate]():  by(func(a *Associate) string { return a.Name }),
	reflect.TypeFor[Source]():     by(func(s *Source) string { return s.Name }),
	reflect.TypeFor[Examined]():   by(func(e *Examined) string { return cmp.Or(refKey(e.Account), e.Subject.FullName()) }),
	reflect.TypeFor[Run](): by(func(r *Run) string {
		return cmp.Or(r.ID, timeKey(r.ScheduledAt), r.ScheduledDate, timeKey(r.CompletedAt))
	}),
}

func by[T any](key func(*T) string) func(reflect.Value) string {
	return func(item reflect.Value) string { return key(item.Addr().Interface().(*T)) }
}

func refKey(r Ref) string {
	if r.IsZero() {
		return ""
	}
	return r.String()
}

func timeKey(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// keyedItems are the keys of the items of a list, and where each stands.
type keyedItems struct {
	keys  []string // nil: items of this list have none
	at    map[string]int
	times map[string]int
}

func keysOf(list reflect.Value) keyedItems {
	key := itemKey[list.Type().Elem()]
	if key == nil || list.Len() == 0 {
		return keyedItems{}
	}
	k := keyedItems{keys: make([]string, list.Len()), at: make(map[string]int, list.Len()), times: make(map[string]int, list.Len())}
	for i := range k.keys {
		item := key(list.Index(i))
		k.keys[i], k.at[item] = item, i
		k.times[item]++
	}
	return k
}

// key is the key of an item, "" when it has none.
func (k keyedItems) key(i int) string {
	if k.keys == nil {
		return ""
	}
	return k.keys[i]
}

// once says that exactly one item has a key.
func (k keyedItems) once(key string) bool { return key != "" && k.times[key] == 1 }
