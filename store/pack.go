package store

import (
	"errors"
	"slices"
	"sync"

	"docket/review"
)

// frameSize is about how many bytes go into one frame: enough for what came together to lean on
// each other, few enough to be unpacked for one of them.
const frameSize = 64 << 10

// framed is bytes that came together as one frame.
type framed struct {
	of   []int // whose they are
	from []int // where each begins, before compression
	size int
	body []byte
}

// frames cuts the bytes of 0…n-1 into frames. Those of which bytes gives nil are left out.
func frames(n int, bytes func(i int) []byte) []framed {
	var all []framed
	for i := range n {
		b := bytes(i)
		if b == nil {
			continue
		}
		if len(all) == 0 || all[len(all)-1].size+len(b) > frameSize {
			all = append(all, framed{})
		}
		f := &all[len(all)-1]
		f.of, f.from = append(f.of, i), append(f.from, f.size)
		f.size += len(b)
	}
	return all
}

// pack compresses a frame.
func (f *framed) pack(bytes func(i int) []byte) {
	scratch := scratches.Get().(*[]byte)
	raw := (*scratch)[:0]
	for _, i := range f.of {
		raw = append(raw, bytes(i)...)
	}
	f.body = zip(raw)
	if *scratch = raw; cap(raw) <= 4*frameSize {
		scratches.Put(scratch)
	}
}

// scratches are buffers in which frames are put together.
var scratches = sync.Pool{New: func() any { b := make([]byte, 0, frameSize); return &b }}

// only is the frame with no more than what is wanted: bytes that no row names could never be
// erased.
func (f *framed) only(wanted []int, bytes func(i int) []byte) framed {
	if len(wanted) == len(f.of) {
		return *f
	}
	less := framed{of: wanted}
	for _, i := range wanted {
		less.from = append(less.from, less.size)
		less.size += len(bytes(i))
	}
	less.pack(bytes)
	return less
}

// packedState is what of a state can be made before its turn to write.
type packedState struct {
	hash   review.Hash
	body   []byte
	keyset int   // what it speaks of, among all
	pack   int64 // where a new one lies
	from   int

	self  int   // the resource among all that are mentioned
	links []int // the same of what each of its links leads to
}

// mentions are the resources that states speak of, each once and by family, as they were met.
type mentions struct {
	refs    []review.Ref
	numbers map[review.Ref]int // where each stands among refs
	prints  []int64            // of the id of each
}

// byFamily names a resource as links do.
func byFamily(ref review.Ref) review.Ref { return review.Ref{Type: family(ref.Type), ID: ref.ID} }

func (m *mentions) number(ref review.Ref) int {
	key := byFamily(ref)
	n, ok := m.numbers[key]
	if !ok {
		n = len(m.refs)
		m.numbers[key], m.refs, m.prints = n, append(m.refs, key), append(m.prints, printOfID(ref.ID))
	}
	return n
}

// rows finds those that have one, by place.
func (m *mentions) rows(a *act) (map[int]int64, error) {
	ids, err := a.resourceRows(m.refs, m.prints)
	rows := map[int]int64{}
	for i, id := range ids {
		if id != 0 {
			rows[i] = id
		}
	}
	return rows, err
}

// statesOf gives the states of the i-th reading.
func (p *Packed) statesOf(i int) []packedState {
	from := p.from[i]
	return p.states[from : from+len(p.Readings[i].Snapshots)]
}

// packed makes ready what can be outside the write transaction. States are numbered
// through all readings.
func (db *DB) packed(readings []review.Reading) Packed {
	n, links := 0, 0
	p := Packed{Readings: readings, from: make([]int, len(readings))}
	for i := range readings {
		p.from[i] = n
		n += len(readings[i].Snapshots)
		for j := range readings[i].Snapshots {
			links += len(readings[i].Snapshots[j].Links)
		}
	}
	p.states = make([]packedState, 0, n)
	p.mentions.numbers = make(map[review.Ref]int, n+links/2)
	leads := make([]int, 0, links)
	var keys []byte
	sets := map[string]int{} // most states speak of the same facts as others
	for i := range readings {
		for j := range readings[i].Snapshots {
			s := &readings[i].Snapshots[j]
			keys = packKeys(keys[:0], s.Keys)
			set, met := sets[string(keys)]
			if !met {
				set = len(p.keysets)
				sets[string(keys)] = set
				p.keysets = append(p.keysets, slices.Clone(keys))
			}
			state := packedState{hash: s.Order.Snapshot, body: s.Body, keyset: set, self: p.mentions.number(s.Ref)}
			from := len(leads)
			for k := range s.Links {
				leads = append(leads, p.mentions.number(s.Links[k].To))
			}
			state.links = leads[from:]
			p.states = append(p.states, state)
		}
	}
	first := make(map[review.Hash]int, n)
	for i := range p.states {
		if _, again := first[p.states[i].hash]; !again {
			first[p.states[i].hash] = i
		}
	}
	body := func(i int) []byte { return p.states[i].body }
	p.frames = frames(n, func(i int) []byte {
		if first[p.states[i].hash] != i {
			return nil
		}
		return body(i)
	})
	db.aside(len(p.frames), func(i int) { p.frames[i].pack(body) })
	return p
}

// store writes the bytes of the states that are new: the same state is stored once.
func (b *absorption) store(payloads []int64) error {
	p := b.packed
	taken := make([]bool, len(p.states))
	for i := range p.Readings {
		if payloads[i] != 0 {
			for j := range p.statesOf(i) {
				taken[p.from[i]+j] = true
			}
		}
	}
	bytes := func(i int) []byte { return p.states[i].body }
	for _, f := range p.frames {
		wanted := make([]int, 0, len(f.of))
		for _, i := range f.of {
			if taken[i] && b.met[p.states[i].self].state(p.states[i].hash) == nil {
				wanted = append(wanted, i)
			}
		}
		if len(wanted) == 0 {
			continue
		}
		f = f.only(wanted, bytes)
		b.lastPack++
		for j, i := range f.of {
			p.states[i].pack, p.states[i].from = b.lastPack, f.from[j]
		}
		if err := b.packs.add(b.lastPack, f.body); err != nil {
			return err
		}
	}
	return nil
}

// unpacked reads packs and gives their bytes by number.
func (a *act) unpacked(ids []int64) (map[int64][]byte, error) {
	all := make(map[int64][]byte, len(ids))
	err := a.bodies(`SELECT id, body FROM pack WHERE id IN (SELECT value FROM json_each(?))`, ids, func(id int64, frame []byte) (err error) {
		all[id], err = unzip(frame)
		return err
	})
	return all, err
}

// bodies reads frames by number.
func (a *act) bodies(query string, ids []int64, put func(id int64, frame []byte) error) error {
	return a.each(query, []any{numbers(ids)}, func(scan func(...any) error) error {
		var id int64
		var frame []byte
		if err := scan(&id, &frame); err != nil {
			return err
		}
		return put(id, frame)
	})
}

// cut takes one state out of a pack.
func cut(raw []byte, start, size int) ([]byte, error) {
	if start < 0 || size < 0 || start > len(raw) || size > len(raw)-start {
		return nil, errors.New("a state that is not in its pack")
	}
	return raw[start : start+size : start+size], nil
}
