package persona

import (
	"strings"
	"sync/atomic"
)

// shape is what respelling makes of an object, which rests on its keys alone: Persona sends the
// same few sets of keys in the same order over and over.
type shape struct {
	how   casing
	raw   []string // as they came
	names []string // respelled, in canonical order
	from  []uint8  // whose place in raw each has
}

// The bounds of what is remembered: a few MiB however hostile the keys are.
const (
	shapeBits    = 9       // of their numbers
	maxShapeKeys = 64      // a bit of a word each
	maxShapeSize = 2 << 10 // bytes of all keys
)

// shapes are those met last, by a digest of their keys that need not be good: of two with the same
// digest both are kept.
var shapes [1 << shapeBits][2]atomic.Pointer[shape]

// slots are where the shape of an object would be.
func slots(kids []node, how casing) *[2]atomic.Pointer[shape] {
	h := uint32(how)
	for i := range kids {
		k := kids[i].key
		h = h*31 + uint32(len(k))
		if len(k) > 0 {
			h = (h*31+uint32(k[0]))*31 + uint32(k[len(k)-1])
		}
	}
	return &shapes[h*0x9e3779b1>>(32-shapeBits)]
}

// of says that an object has the shape.
func (s *shape) of(kids []node, how casing) bool {
	if s == nil || s.how != how || len(s.raw) != len(kids) {
		return false
	}
	for i := range kids {
		if s.raw[i] != kids[i].key {
			return false
		}
	}
	return true
}

// put gives members their places, in place: round each circle of those that take each other's.
func (s *shape) put(kids []node) {
	var done uint64
	for i := range kids {
		if done>>i&1 != 0 {
			continue
		}
		first, to := kids[i], i
		for from := int(s.from[to]); from != i; from = int(s.from[to]) {
			kids[to] = kids[from]
			kids[to].key = s.names[to]
			done |= 1 << to
			to = from
		}
		kids[to] = first
		kids[to].key = s.names[to]
		done |= 1 << to
	}
}

// reshape gives the keys of an object one spelling and sorts them; false: a key is there twice.
func reshape(n *node, how casing) bool {
	kids := n.kids
	if len(kids) < 2 || len(kids) > maxShapeKeys {
		return renameAndSort(n, how)
	}
	at := slots(kids, how)
	s := at[0].Load()
	if !s.of(kids, how) {
		if s = at[1].Load(); !s.of(kids, how) {
			if s = shapeOf(kids, how); s == nil {
				return renameAndSort(n, how)
			}
			at[1].Store(at[0].Swap(s))
		}
	}
	s.put(kids)
	return true
}

// shapeOf finds the shape of an object, nil when it is not to be remembered.
func shapeOf(kids []node, how casing) *shape {
	size := 0
	for i := range kids {
		size += len(kids[i].key)
	}
	if size > maxShapeSize {
		return nil
	}
	// Keys share the memory of their payload, which is not to be kept for them.
	s := &shape{how: how, raw: make([]string, len(kids)), names: make([]string, len(kids)), from: make([]uint8, len(kids))}
	bare := node{kind: kindObject, kids: make([]node, len(kids))}
	for i := range kids {
		s.raw[i] = strings.Clone(kids[i].key)
		bare.kids[i] = node{kind: kind(i), key: s.raw[i]}
	}
	if !renameAndSort(&bare, how) {
		return nil
	}
	for i := range bare.kids {
		s.names[i], s.from[i] = bare.kids[i].key, uint8(bare.kids[i].kind) //nolint:gosec // below maxShapeKeys
	}
	return s
}

func renameAndSort(n *node, how casing) bool {
	if how != spellRaw {
		renameKeys(n, how)
	}
	return sortKeys(n.kids)
}
