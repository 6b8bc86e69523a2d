package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"sort"
)

// A keyedRow is a row by the key of its fingerprint: the fingerprint with its kind before it.
type keyedRow struct{ key, row int64 }

func compareKeyed(x, y keyedRow) int {
	return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.row, y.row))
}

// A bucket is a row of a table of fingerprints: all of those of its kind from its key up to the next
// bucket's, packed behind each other in their order. A row for each would cost several times as much to
// write and to read.
type bucket struct {
	from  int64
	bytes []byte
}

// Packed, a fingerprint is its 48 bits without the kind, and its row in 40.
const (
	keyedBytes = 6 + 5
	maxKeyed   = 2_000 / keyedBytes // of a bucket: half a page of the file
	keyMask    = 1<<printBits - 1
	rowBits    = 1<<40 - 1
)

func (b bucket) len() int { return len(b.bytes) / keyedBytes }

func (b bucket) at(i int) keyedRow {
	p := b.bytes[i*keyedBytes : (i+1)*keyedBytes]
	return keyedRow{
		key: b.from&^keyMask | int64(binary.BigEndian.Uint64(p)>>16),
		row: int64(binary.BigEndian.Uint64(p[3:]) & rowBits),
	}
}

// rows adds the rows of a key to those that are given.
func (b bucket) rows(rows []int64, key int64) []int64 {
	n := b.len()
	for i := sort.Search(n, func(i int) bool { return b.at(i).key >= key }); i < n && b.at(i).key == key; i++ {
		rows = append(rows, b.at(i).row)
	}
	return rows
}

// pack gives a fingerprint with its row as it lies in a bucket. The order of these bytes is that of both.
func (k keyedRow) pack() (p [keyedBytes]byte) {
	binary.BigEndian.PutUint64(p[:], uint64(k.key&keyMask)<<16|uint64(k.row)>>24)
	p[8], p[9], p[10] = byte(k.row>>16), byte(k.row>>8), byte(k.row)
	return p
}

// with gives a bucket together with more, which is in order; what is there already stays once.
func (b bucket) with(more []keyedRow) bucket {
	all, rest := make([]byte, 0, len(b.bytes)+len(more)*keyedBytes), b.bytes
	for _, k := range more {
		p := k.pack()
		before := keyedBytes * sort.Search(len(rest)/keyedBytes, func(i int) bool {
			return bytes.Compare(rest[i*keyedBytes:(i+1)*keyedBytes], p[:]) >= 0
		})
		all, rest = append(all, rest[:before]...), rest[before:]
		if !bytes.HasPrefix(rest, p[:]) {
			all = append(all, p[:]...)
		}
	}
	return bucket{b.from, append(all, rest...)}
}

// split makes several of what may be too much for one bucket. What has one key stays together, whatever that
// takes: it is looked for in the last bucket that begins no later.
func (b bucket) split() []bucket {
	n := b.len()
	for d := 0; n > maxKeyed && d < n/2; d++ {
		for _, i := range [...]int{n/2 - d, n/2 + d} {
			if i > 0 && b.at(i-1).key < b.at(i).key {
				cut := i * keyedBytes
				return append(bucket{b.from, b.bytes[:cut]}.split(), bucket{b.at(i).key, b.bytes[cut:]}.split()...)
			}
		}
	}
	return []bucket{b}
}

// A printTable is a table of buckets, by what is asked of it.
type printTable struct{ some, between, put, drop string }

var oldPrints, youngPrints = printTableOf(`fingerprint`), printTableOf(`fingerprint_young`)

func printTableOf(name string) printTable {
	return printTable{
		some:    `SELECT f.id, f.prints FROM json_each(?1) j CROSS JOIN ` + name + ` f ON f.id = ` + bucketOf(name, `j.value`),
		between: `SELECT id, prints FROM ` + name + ` WHERE id BETWEEN ifnull(` + bucketOf(name, `?1`) + `, ?1) AND ?2 ORDER BY id`,
		put:     `REPLACE INTO ` + name + ` (id, prints) VALUES `,
		drop:    `DELETE FROM ` + name + ` WHERE id IN (SELECT value FROM json_each(?1))`,
	}
}

// bucketOf is the bucket that a key belongs in; it may be of another kind when there is none of its own.
func bucketOf(table, key string) string {
	return `(SELECT max(id) FROM ` + table + ` WHERE id <= ` + key + `)`
}

// fewKeys is how many keys are looked for one by one. More lie in most buckets between the first and the
// last of them.
const fewKeys = 64

// bucketsOf reads the buckets that some keys of one kind, which are in order, belong in.
func (a *act) bucketsOf(t printTable, keys []keyedRow) ([]bucket, error) {
	if len(keys) > fewKeys {
		return a.readBuckets(t.between, keys[0].key, keys[len(keys)-1].key)
	}
	ask := make([]int64, len(keys))
	for i := range keys {
		ask[i] = keys[i].key
	}
	return a.readBuckets(t.some, numbers(ask))
}

// readBuckets reads each bucket once, of those that come in order.
func (a *act) readBuckets(query string, args ...any) ([]bucket, error) {
	var all []bucket
	return all, a.each(query, args, func(scan func(...any) error) error {
		var b bucket
		err := scan(&b.from, &b.bytes)
		if n := len(all); n == 0 || all[n-1].from != b.from {
			all = append(all, b)
		}
		return err
	})
}

// putKeyed adds to a table what is of one kind and in order.
func (a *act) putKeyed(t printTable, more []keyedRow) error {
	if len(more) == 0 {
		return nil
	}
	all, err := a.bucketsOf(t, more)
	if err != nil {
		return err
	}
	first := more[0].key &^ keyMask // of its kind
	for len(all) > 0 && all[0].from < first {
		all = all[1:]
	}
	if len(all) == 0 || more[0].key < all[0].from {
		all = append([]bucket{{from: first}}, all...)
	}
	into := newBulk(a, t.put, `(?, ?)`, ``)
	for i, b := range all {
		n := len(more)
		if i+1 < len(all) {
			n = sort.Search(n, func(j int) bool { return more[j].key >= all[i+1].from })
		}
		if n == 0 {
			continue
		}
		for _, part := range b.with(more[:n]).split() {
			if err := into.add(part.from, part.bytes); err != nil {
				return err
			}
		}
		more = more[n:]
	}
	return into.flush()
}

// takeKeyed takes what has a key between two, of one kind, out of a table, and gives it in order. With a
// row it takes that alone.
func (a *act) takeKeyed(t printTable, from, to, row int64) ([]keyedRow, error) {
	all, err := a.readBuckets(t.between, from, to)
	if err != nil {
		return nil, err
	}
	var taken []keyedRow
	var empty []int64
	into := newBulk(a, t.put, `(?, ?)`, ``)
	for _, b := range all {
		var left []byte
		before := len(taken)
		for i := range b.len() {
			if k := b.at(i); k.key >= from && k.key <= to && (row == 0 || k.row == row) {
				taken = append(taken, k)
			} else {
				left = append(left, b.bytes[i*keyedBytes:(i+1)*keyedBytes]...)
			}
		}
		switch {
		case len(left) == 0:
			empty = append(empty, b.from)
		case len(taken) > before:
			if err := into.add(b.from, left); err != nil {
				return nil, err
			}
		}
	}
	if err := into.flush(); err != nil || len(empty) == 0 {
		return taken, err
	}
	_, err = a.exec(t.drop, numbers(empty))
	return taken, err
}
