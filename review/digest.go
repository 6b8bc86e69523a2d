package review

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"slices"
	"sync"
	"time"
)

// digest writes nouns as digestible would, three times as fast: imports digest the evidence of
// every review. Fields stand in the order of the nouns, under their JSON names.
type digest struct {
	out      []byte
	unsorted []byte
	items    []span // of the lists being written
}

// keptDigest bounds the memory that is kept for the next digest.
const keptDigest = 1 << 20

var digests = sync.Pool{New: func() any { return &digest{out: make([]byte, 0, 16<<10)} }}

func (g *digest) open()            { g.out = append(g.out, '{') }
func (g *digest) done()            { g.out = append(g.out, '}') }
func (g *digest) name(name string) { g.out = append(append(g.out, name...), '=') }

func (g *digest) string(s string) {
	g.out = binary.AppendUvarint(append(g.out, 's'), uint64(len(s)))
	g.out = append(g.out, s...)
}

func (g *digest) text(name, s string) {
	if s != "" {
		g.name(name)
		g.string(s)
	}
}

func (g *digest) bool(name string, b bool) {
	if b {
		g.name(name)
		g.out = append(g.out, 't')
	}
}

func (g *digest) int(name string, n int64) {
	if n != 0 {
		g.name(name)
		g.out = binary.AppendVarint(append(g.out, 'i'), n)
	}
}

func (g *digest) presence(name string, p Presence) {
	if p != 0 {
		g.name(name)
		g.out = binary.AppendUvarint(append(g.out, 'u'), uint64(p))
	}
}

func (g *digest) time(name string, t time.Time) {
	if t != (time.Time{}) {
		g.name(name)
		g.out = binary.AppendVarint(append(g.out, 'd'), t.UnixMilli())
	}
}

// digestOne writes a field that is a struct, unless it is zero.
func digestOne[T comparable](g *digest, name string, v *T, write func(*digest, *T)) {
	if *v != *new(T) {
		g.name(name)
		write(g, v)
	}
}

// digestLarge is digestOne of a struct that holds lists.
func digestLarge[T any](g *digest, name string, v *T, write func(*digest, *T)) {
	if !reflect.ValueOf(v).Elem().IsZero() {
		g.name(name)
		write(g, v)
	}
}

// digestPointer writes what a field points at, unless it is nil.
func digestPointer[T any](g *digest, name string, v *T, write func(*digest, *T)) {
	if v != nil {
		g.name(name)
		g.out = append(g.out, 'p')
		write(g, v)
	}
}

// digestEach writes the items behind each other, then puts them in order. A list that is there
// and empty is not the same as none.
func digestEach[T any](g *digest, name string, list []T, write func(*digest, *T)) {
	if list == nil {
		return
	}
	g.name(name)
	g.out = binary.AppendUvarint(append(g.out, 'l'), uint64(len(list)))
	if len(list) < 2 {
		for i := range list {
			write(g, &list[i])
		}
		return
	}
	start, first := len(g.out), len(g.items)
	for i := range list {
		from := len(g.out)
		write(g, &list[i])
		g.items = append(g.items, span{from - start, len(g.out) - start})
	}
	g.unsorted = append(g.unsorted[:0], g.out[start:]...)
	unsorted, items := g.unsorted, g.items[first:]
	slices.SortFunc(items, func(a, b span) int { return bytes.Compare(unsorted[a.from:a.to], unsorted[b.from:b.to]) })
	out := g.out[:start]
	for _, it := range items {
		out = append(binary.AppendUvarint(out, uint64(it.to-it.from)), unsorted[it.from:it.to]...)
	}
	g.out, g.items = out, g.items[:first]
}

func digestText[T ~string](g *digest, s *T) { g.string(string(*s)) }
