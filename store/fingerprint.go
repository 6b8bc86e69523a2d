package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"slices"

	"docket/review"
)

// A fingerprint is 48 bits of a digest of what names a row: of a payload's bytes, of the id that
// Persona gave a resource, of whom a kept root is about. Rows are found by theirs, and then told apart by
// the whole name.
//
// Such names come in no order, so that each new one would change a page of its own of a large table:
// read, logged, copied into the file. They go into a small one first (fingerprint_young). One slice of
// that after the other is moved into the large one (fingerprint), when many of its rows fall on the same
// page.

// printKind is what a fingerprint is of.
type printKind int64

const (
	ofPayload  printKind = 0 // of its digest
	ofResource printKind = 1 // of its id, whatever its family
	ofKept     printKind = 2 // of a kept root's subject
)

const printBits = 48

// printSlices is by kind how many slices there are.
var printSlices = [...]int64{ofPayload: 256, ofResource: 256, ofKept: 64}

// youth is how long fingerprints are young. About half of every*printSlices of a kind are young.
type youth struct {
	from  int64    // the first row whose fingerprint is young at first: a small tree takes them all
	every [2]int64 // by kind, after how many new rows a slice is moved; those of kept roots go with those of resources
}

var printYouth = youth{from: 1 << 18, every: [...]int64{ofPayload: 1 << 10, ofResource: 1 << 12}}

func printOf(sum review.Hash) int64 {
	return int64(binary.BigEndian.Uint64(sum[:8])) >> (64 - printBits) //nolint:gosec // all bits are wanted, the sign among them
}

func printOfID(rid string) int64 { return printOf(review.Sum([]byte(rid))) }

// printOfSign is the fingerprint of a subject's sign, which is a digest itself.
func printOfSign(sign int64) int64 { return sign >> (64 - printBits) }

// keyOf is the key of a fingerprint: those of a kind lie together, in their order.
func keyOf(kind printKind, print int64) int64 {
	return int64(kind)<<printBits + 1<<(printBits-1) + print
}

// print writes the fingerprints of new rows, which come after one and up to the last, and moves what is young
// of as many slices as are due.
func (a *act) print(kind printKind, after, last int64, rows, prints []int64) error {
	if err := a.putPrints(kind, rows, prints); err != nil {
		return err
	}
	every := a.db.youth.every[kind]
	for n := after/every + 1; n*every <= last; n++ {
		if err := a.age(kind, n); err != nil {
			return err
		}
		if kind == ofResource {
			if err := a.age(ofKept, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// putPrints writes fingerprints of rows.
func (a *act) putPrints(kind printKind, rows, prints []int64) error {
	var young, old []keyedRow
	for i, row := range rows {
		if k := (keyedRow{keyOf(kind, prints[i]), row}); row < a.db.youth.from {
			old = append(old, k)
		} else {
			young = append(young, k)
		}
	}
	slices.SortFunc(young, compareKeyed)
	slices.SortFunc(old, compareKeyed)
	if err := a.putKeyed(youngPrints, young); err != nil {
		return err
	}
	return a.putKeyed(oldPrints, old)
}

// dropPrint takes the fingerprint of a row back.
func (a *act) dropPrint(kind printKind, row, print int64) error {
	for _, t := range []printTable{youngPrints, oldPrints} {
		key := keyOf(kind, print)
		if _, err := a.takeKeyed(t, key, key, row); err != nil {
			return err
		}
	}
	return nil
}

// age moves what is young of the n-th slice; behind the last one comes the first.
func (a *act) age(kind printKind, n int64) error {
	slices := printSlices[kind]
	width := 1 << printBits / slices
	from := keyOf(kind, -1<<(printBits-1)+n%slices*width)
	some, err := a.takeKeyed(youngPrints, from, from+width-1, 0)
	if err != nil {
		return err
	}
	return a.putKeyed(oldPrints, some)
}

// printAgain makes all fingerprints again.
func (a *act) printAgain() error {
	for _, table := range []string{`fingerprint`, `fingerprint_young`} {
		if _, err := a.exec(`DELETE FROM ` + table); err != nil {
			return err
		}
	}
	if err := errors.Join(a.caughtUp(delayedPayloads), a.caughtUp(delayedResources)); err != nil {
		return err
	}
	a.db.forgetNames()
	for _, kind := range []printKind{ofPayload, ofResource} {
		for after := int64(0); ; {
			rows, prints, err := a.somePrints(kind, after)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			after = rows[len(rows)-1]
			for len(rows) > 0 {
				n := 1 // numbered without a gap
				for n < len(rows) && rows[n] == rows[0]+int64(n) {
					n++
				}
				if err := a.print(kind, rows[0]-1, rows[n-1], rows[:n], prints[:n]); err != nil {
					return err
				}
				rows, prints = rows[n:], prints[n:]
			}
		}
	}
	for after := int64(0); ; {
		roots, signs, err := a.someKept(after)
		if err != nil || len(roots) == 0 {
			return err
		}
		after = roots[len(roots)-1]
		prints := make([]int64, len(signs))
		for i, sign := range signs {
			prints[i] = printOfSign(sign)
		}
		if err := a.putPrints(ofKept, roots, prints); err != nil {
			return err
		}
	}
}

// findBuckets are the buckets, with the place in a JSON array (?1), that its keys belong in.
var findBuckets = `
	SELECT j.key, f.id, f.prints FROM json_each(?1) j CROSS JOIN fingerprint_young f ON f.id = ` + bucketOf(`fingerprint_young`, `j.value`) + ` UNION ALL
	SELECT j.key, f.id, f.prints FROM json_each(?1) j CROSS JOIN fingerprint f ON f.id = ` + bucketOf(`fingerprint`, `j.value`)

const (
	payloadsIn  = `SELECT p.id, p.sha256 FROM json_each(?1) j CROSS JOIN payload p ON p.id = j.value`
	resourcesIn = `SELECT r.id, r.rid, r.family FROM json_each(?1) j CROSS JOIN resource r ON r.id = j.value`
)

// printed gives the rows that have some fingerprints, by place, and all of them together.
func (a *act) printed(kind printKind, prints []int64) (rows map[int][]int64, all []int64, err error) {
	places := make([]int, 0, len(prints))
	for i := range prints {
		places = append(places, i)
	}
	if len(prints) > fewKeys {
		if places, err = a.sift(kind, prints, places); err != nil {
			return nil, nil, err
		}
	}
	if len(places) == 0 {
		return nil, nil, nil
	}
	slices.SortFunc(places, func(i, j int) int { return cmp.Compare(prints[i], prints[j]) }) // near ones lie together
	keys := make([]int64, len(places))
	for i, place := range places {
		keys[i] = keyOf(kind, prints[place])
	}
	rows = map[int][]int64{}
	take := func(i int, found []int64) {
		if len(found) > 0 {
			rows[places[i]], all = append(rows[places[i]], found...), append(all, found...)
		}
	}
	err = a.each(findBuckets, []any{numbers(keys)}, func(scan func(...any) error) error {
		var i int
		var b bucket
		if err := scan(&i, &b.from, (*sql.RawBytes)(&b.bytes)); err != nil {
			return err
		}
		if b.from < keyOf(kind, -1<<(printBits-1)) {
			return nil // of another kind
		}
		take(i, b.rows(nil, keys[i]))
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	after, some, err := a.putOffBehind(delayed(kind))
	if err != nil || !some {
		return rows, all, err
	}
	last, err := a.lastRow(kind)
	if err != nil {
		return nil, nil, err
	}
	err = a.withTail(kind, after, last, func(t *tail) {
		for i, place := range places {
			take(i, t.rows(prints[place], after))
		}
	})
	return rows, all, err
}

// printedOne is the same of one.
func (a *act) printedOne(kind printKind, print int64) ([]int64, error) {
	_, all, err := a.printed(kind, []int64{print})
	return all, err
}

// resourceRows finds resources by family and id: 0 for those that were neither received nor named.
func (a *act) resourceRows(refs []review.Ref, prints []int64) ([]int64, error) {
	ids := make([]int64, len(refs))
	rows, all, err := a.printed(ofResource, prints)
	if err != nil || len(all) == 0 {
		return ids, err
	}
	type name struct {
		rid    string
		family int64
	}
	names := make(map[int64]name, len(all))
	if err := a.each(resourcesIn, []any{numbers(all)}, func(scan func(...any) error) error {
		var row int64
		var n name
		err := scan(&row, &n.rid, &n.family)
		names[row] = n
		return err
	}); err != nil {
		return nil, err
	}
	for i, some := range rows {
		for _, row := range some {
			n, ok := names[row]
			if !ok || n.rid != refs[i].ID {
				continue
			}
			family, err := a.text(n.family)
			if err != nil {
				return nil, err
			}
			if refs[i].Type == family {
				ids[i] = row
			}
		}
	}
	return ids, nil
}

// resourceID finds a resource by family and id, received or only named; review.ErrNotFound when there
// is none.
func (a *act) resourceID(family, rid string) (int64, error) {
	word, err := a.knownWord(family)
	if err != nil {
		return 0, err
	}
	rows, err := a.printedOne(ofResource, printOfID(rid))
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		var found string
		var kind int64
		err := a.one(`SELECT rid, family FROM resource WHERE id = ?`, []any{row}, &found, &kind)
		if err == nil && found == rid && kind == word {
			return row, nil
		}
		if err != nil && !errors.Is(err, review.ErrNotFound) {
			return 0, err
		}
	}
	return 0, review.ErrNotFound
}

// payloadIDs finds payloads by digest.
func (a *act) payloadIDs(hashes []review.Hash) (map[review.Hash]int64, error) {
	ids := make(map[review.Hash]int64, len(hashes))
	prints := make([]int64, len(hashes))
	for i, h := range hashes {
		prints[i] = printOf(h)
	}
	rows, all, err := a.printed(ofPayload, prints)
	if err != nil || len(all) == 0 {
		return ids, err
	}
	found := make(map[int64]review.Hash, len(all))
	if err := a.each(payloadsIn, []any{numbers(all)}, func(scan func(...any) error) error {
		var row int64
		var hash review.Hash
		err := scan(&row, hashColumn{&hash})
		found[row] = hash
		return err
	}); err != nil {
		return nil, err
	}
	for i, some := range rows {
		for _, row := range some {
			if hash, ok := found[row]; ok && hash == hashes[i] {
				ids[hash] = row
			}
		}
	}
	return ids, nil
}

// payloadID finds a payload by digest; review.ErrNotFound when there is none.
func (a *act) payloadID(hash review.Hash) (int64, error) {
	ids, err := a.payloadIDs([]review.Hash{hash})
	if id := ids[hash]; err != nil || id != 0 {
		return id, err
	}
	return 0, review.ErrNotFound
}

// search is what was found by fingerprint before one's turn to write, when others could still add rows.
type search[K comparable] struct {
	done bool
	last int64       // the highest row that it could find
	rows map[K]int64 // what it found
}

// searchFor looks for many names at once, while others write. Whatever keeps it from that, it is
// looked for again in the turn to write.
func searchFor[K comparable](db *DB, kind printKind, names int, find func(*act) (map[K]int64, error)) search[K] {
	var s search[K]
	err := db.read(context.Background(), "search", func(a *act) (err error) {
		if err := a.needSieve(names); err != nil {
			return err
		}
		if s.last, err = a.lastRow(kind); err == nil {
			s.rows, err = find(a)
		}
		return err
	})
	s.done = err == nil
	return s
}

// forgetNames drops what is known in memory of names: rows may have been rolled back, and others get their
// numbers.
func (db *DB) forgetNames() {
	for kind := range db.tails {
		db.tails[kind].forget()
	}
	db.sieve.forget()
}
