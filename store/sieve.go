package store

import (
	"context"
	"database/sql"
	"math/bits"
	"sync"
	"time"

	"docket/review"
)

// A sieve tells most of the names that no row has from the others, in memory: nearly all that a bulk
// import brings are new, and need not be looked for in the file. It is a Bloom filter of the
// fingerprints of all payloads and resources up to some row.
type sieve struct {
	mu     sync.RWMutex
	words  []uint64 // nil: there is none
	room   int      // how many fingerprints it is made for
	size   int
	to     [2]int64           // by kind: all rows up to it are in
	looked int                // names that were looked for without it
	making bool               // one is on its way
	stop   context.CancelFunc // what is on its way; nil: nothing was yet
	makers sync.WaitGroup
	rules  sieveRules
}

// sieveRules say when a sieve pays.
type sieveRules struct {
	from  int64 // resources that there are
	every int   // rows for each name that was looked for without one
	gap   int64 // rows of other processes that are read to keep it
}

var sievePays = sieveRules{from: 1 << 18, every: 1 << 9, gap: 1 << 16}

// newWords makes room for so many fingerprints, at 8 bits each: once it is full, about one new name in
// thirty passes.
func newWords(room int) []uint64 { return make([]uint64, room/8+1) }

// sieveBits is the word of a fingerprint, and its four bits there. A fingerprint is a digest: its own bits
// do. Near ones share a word, so that the buckets, which are in their order, fill one after the other.
func sieveBits(words []uint64, print int64) (word int, mask uint64) {
	h := uint64(print) << (64 - printBits)
	hi, _ := bits.Mul64(h, uint64(len(words)))
	h >>= 64 - printBits
	return int(hi), 1<<(h&63) | 1<<(h>>6&63) | 1<<(h>>12&63) | 1<<(h>>18&63)
}

func (s *sieve) add(print int64) {
	word, mask := sieveBits(s.words, print)
	s.words[word] |= mask
	s.size++
}

// forget drops it: it may hold names of rows that were rolled back, and others may get their numbers.
func (s *sieve) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.words = nil
}

// sift leaves of the places those whose fingerprint a row may have.
func (a *act) sift(kind printKind, prints []int64, places []int) ([]int, error) {
	s := &a.db.sieve
	if !a.db.options.Bulk || kind > ofResource {
		return places, nil
	}
	last, err := a.lastRow(kind)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.words == nil || s.to[kind] < last {
		return places, nil
	}
	left := places[:0]
	for _, i := range places {
		if word, mask := sieveBits(s.words, prints[i]); s.words[word]&mask == mask {
			left = append(left, i)
		}
	}
	return left, nil
}

// close ends the making of one, which nobody needs any more.
func (s *sieve) close() {
	s.mu.RLock()
	stop := s.stop
	s.mu.RUnlock()
	if stop != nil {
		stop()
	}
	s.makers.Wait()
}

// lastRow is the highest number of a payload or a resource.
func (a *act) lastRow(kind printKind) (last int64, err error) {
	table := `payload`
	if kind == ofResource {
		table = `resource`
	}
	return last, a.one(`SELECT ifnull(max(id), 0) FROM `+table, nil, &last)
}

// extendSieve takes in rows that are numbered from first on.
func (a *act) extendSieve(kind printKind, first int64, prints []int64) error {
	s := &a.db.sieve
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.words == nil {
		return nil
	}
	if gap := first - 1 - s.to[kind]; gap > s.rules.gap || s.size+len(prints)+int(max(gap, 0)) > s.room {
		s.words = nil // it is to be made anew
		return nil
	}
	for s.to[kind] < first-1 { // another process added rows
		rows, missed, err := a.somePrints(kind, s.to[kind])
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		for i, row := range rows {
			s.to[kind] = row
			s.add(missed[i])
		}
	}
	for _, p := range prints {
		s.add(p)
	}
	s.to[kind] = first - 1 + int64(len(prints))
	return nil
}

// somePrints gives the payloads or resources behind one, with their fingerprints.
func (a *act) somePrints(kind printKind, after int64) (rows, prints []int64, err error) {
	if kind == ofPayload {
		var hashes []review.Hash
		rows, hashes, err = a.somePayloads(after)
		for _, h := range hashes {
			prints = append(prints, printOf(h))
		}
		return rows, prints, err
	}
	rows, refs, err := a.someResources(after)
	for i := range refs {
		prints = append(prints, printOfID(refs[i].ID))
	}
	return rows, prints, err
}

// needSieve notes that names are looked for, and has a sieve made when one pays. Nobody waits for it:
// names are looked for in the file until it is there.
func (a *act) needSieve(names int) error {
	s := &a.db.sieve
	if !a.db.options.Bulk {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.words != nil || s.making {
		return nil
	}
	s.looked += names
	to, err := a.lastRows()
	if err != nil {
		return err
	}
	if to[ofResource] < s.rules.from || s.rules.every*s.looked < int(to[ofPayload]+to[ofResource]) {
		return nil
	}
	s.looked, s.making = 0, true
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.makers.Go(func() {
		defer stop()
		a.db.makeSieve(ctx)
	})
	return nil
}

func (a *act) lastRows() (to [2]int64, err error) {
	for kind := range to {
		if to[kind], err = a.lastRow(printKind(kind)); err != nil {
			return to, err
		}
	}
	return to, nil
}

// makeSieveFor is the longest that it may take: all fingerprints are read, half a second's work for ten million.
const makeSieveFor = time.Minute

// makeSieve makes a sieve of the names that there are. Should that fail, there is none, and another is made
// when as many names were looked for.
func (db *DB) makeSieve(ctx context.Context) {
	made, err := db.readSieve(ctx)
	db.sieve.adopt(made, err)
}

func (db *DB) readSieve(ctx context.Context) (*sieve, error) {
	var made sieve
	return &made, db.readWithin(ctx, makeSieveFor, "sieve", func(a *act) (err error) {
		if made.to, err = a.lastRows(); err != nil {
			return err
		}
		made.room = 2 * int(made.to[ofPayload]+made.to[ofResource])
		made.words = newWords(made.room)
		for _, table := range []string{`fingerprint`, `fingerprint_young`} {
			err := a.each(`SELECT id, prints FROM `+table+` WHERE id < ?`, []any{keyOf(ofKept, -1<<(printBits-1))}, func(scan func(...any) error) error {
				var b bucket
				err := scan(&b.from, (*sql.RawBytes)(&b.bytes))
				for i := range b.len() {
					made.add(b.at(i).key&keyMask - 1<<(printBits-1))
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		for kind, to := range made.to {
			after, some, err := a.putOffBehind(delayed(kind))
			if err != nil {
				return err
			}
			if !some {
				continue
			}
			err = a.withTail(printKind(kind), after, to, func(t *tail) {
				_, prints := t.between(after, to)
				for _, p := range prints {
					made.add(p)
				}
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// adopt takes over what was made. Rows that came meanwhile are not in it; it is of use once they are.
func (s *sieve) adopt(made *sieve, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.making = false
	if err == nil {
		s.words, s.room, s.size, s.to = made.words, made.room, made.size, made.to
	}
}
