package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"

	"docket/review"
)

// A fingerprint is 48 bits of a digest of what names a row: of a payload's bytes, of the id that
// Persona gave a resource, of whom a kept root is about. Rows are found by theirs, and then told apart by the whole name.
//
// Such names come in no order, so that each new one would change a page of its own of a large tree:
// read, logged, copied into the file. They go into a small tree first (fingerprint_young). One slice of
// that after the other is moved into the large one (fingerprint), when many of its rows fall on the same
// page.

// printKind is what a fingerprint is of.
type printKind int64

const (
	ofPayload  printKind = 0 // of its digest
	ofResource printKind = 1 // of its id, whatever its family
	ofKept     printKind = 2 // of a kept root's subject
)

const (
	printBits   = 48
	printSlices = 64
)

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

// addPrints adds the fingerprints of new rows, which are numbered from first on.
func (a *act) addPrints(kind printKind, first int64, prints []int64) error {
	rows := make([]int64, len(prints))
	for i := range rows {
		rows[i] = first + int64(i)
	}
	if err := a.putPrints(kind, rows, prints); err != nil {
		return err
	}
	last := first + int64(len(prints)) - 1
	every := a.db.youth.every[kind]
	for n := (first-1)/every + 1; n*every <= last; n++ {
		if err := a.age(kind, n%printSlices); err != nil {
			return err
		}
		if kind == ofResource {
			if err := a.age(ofKept, n%printSlices); err != nil {
				return err
			}
		}
	}
	a.db.tails[kind].extend(first, prints)
	return nil
}

// putPrints writes fingerprints of rows.
func (a *act) putPrints(kind printKind, rows, prints []int64) error {
	order := make([]int, len(prints))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(prints[i], prints[j]) }) // near ones lie together
	young := newBulk(a, `INSERT OR FAIL INTO fingerprint_young (kind, print, row) VALUES `, `(?, ?, ?)`, ``)
	old := newBulk(a, `INSERT OR FAIL INTO fingerprint (kind, print, row) VALUES `, `(?, ?, ?)`, ``)
	for _, i := range order {
		into := young
		if rows[i] < a.db.youth.from {
			into = old
		}
		if err := into.add(int64(kind), prints[i], rows[i]); err != nil {
			return err
		}
	}
	if err := young.flush(); err != nil {
		return err
	}
	return old.flush()
}

// dropPrint takes the fingerprint of a row back.
func (a *act) dropPrint(kind printKind, row, print int64) error {
	for _, table := range []string{`fingerprint_young`, `fingerprint`} {
		if _, err := a.exec(`DELETE FROM `+table+` WHERE kind = ? AND print = ? AND row = ?`, int64(kind), print, row); err != nil {
			return err
		}
	}
	return nil
}

// age moves what is young of a slice.
func (a *act) age(kind printKind, slice int64) error {
	const width = 1 << printBits / printSlices
	from := -1<<(printBits-1) + slice*width
	if _, err := a.exec(`
		INSERT INTO fingerprint (kind, print, row)
		SELECT kind, print, row FROM fingerprint_young WHERE kind = ?1 AND print BETWEEN ?2 AND ?3 ORDER BY print, row`,
		int64(kind), from, from+width-1); err != nil {
		return err
	}
	_, err := a.exec(`DELETE FROM fingerprint_young WHERE kind = ?1 AND print BETWEEN ?2 AND ?3`, int64(kind), from, from+width-1)
	return err
}

// printAgain makes all fingerprints again.
func (a *act) printAgain() error {
	for _, table := range []string{`fingerprint`, `fingerprint_young`} {
		if _, err := a.exec(`DELETE FROM ` + table); err != nil {
			return err
		}
	}
	a.db.tails = [len(a.db.tails)]tail{}
	for kind, some := range map[printKind]func(after int64) (rows, prints []int64, err error){
		ofPayload: func(after int64) (rows, prints []int64, err error) {
			rows, hashes, err := a.somePayloads(after)
			for _, h := range hashes {
				prints = append(prints, printOf(h))
			}
			return rows, prints, err
		},
		ofResource: func(after int64) (rows, prints []int64, err error) {
			rows, refs, err := a.someResources(after)
			for i := range refs {
				prints = append(prints, printOfID(refs[i].ID))
			}
			return rows, prints, err
		},
	} {
		for after := int64(0); ; {
			rows, prints, err := some(after)
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
				if err := a.addPrints(kind, rows[0], prints[:n]); err != nil {
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

// printed are the rows ("row") of a kind (?2) by fingerprint, with the place ("place") in a JSON array (?1).
const printed = `(
	SELECT j.key AS place, f.row FROM json_each(?1) j CROSS JOIN fingerprint_young f ON f.kind = ?2 AND f.print = j.value UNION ALL
	SELECT j.key AS place, f.row FROM json_each(?1) j CROSS JOIN fingerprint f ON f.kind = ?2 AND f.print = j.value)`

// The same rows of one fingerprint (?1), or of one sign.
const (
	payloadsOfPrint = `(
	SELECT row FROM fingerprint_young WHERE kind = 0 AND print = ?1 UNION ALL
	SELECT row FROM fingerprint WHERE kind = 0 AND print = ?1)`
	resourcesOfPrint = `(
	SELECT row FROM fingerprint_young WHERE kind = 1 AND print = ?1 UNION ALL
	SELECT row FROM fingerprint WHERE kind = 1 AND print = ?1)`
	keptOfPrint = `(
	SELECT row FROM fingerprint_young WHERE kind = 2 AND print = ?1 >> 16 UNION ALL
	SELECT row FROM fingerprint WHERE kind = 2 AND print = ?1 >> 16)` // of a sign
)

const (
	payloadsPrinted  = `SELECT p.place, y.id, y.sha256 FROM ` + printed + ` p CROSS JOIN payload y ON y.id = p.row`
	payloadPrinted   = `SELECT id FROM payload WHERE id IN ` + payloadsOfPrint + ` AND sha256 = ?2`
	resourcesPrinted = `SELECT p.place, r.id, r.rid, r.family FROM ` + printed + ` p CROSS JOIN resource r ON r.id = p.row`
	resourcePrinted  = `SELECT id FROM resource WHERE id IN ` + resourcesOfPrint + ` AND rid = ?2 AND family = ?3`
)

// inOrder gives fingerprints as a JSON array in their order, and which each was.
func inOrder(prints []int64) (array string, was []int) {
	was = make([]int, len(prints))
	for i := range was {
		was[i] = i
	}
	slices.SortFunc(was, func(i, j int) int { return cmp.Compare(prints[i], prints[j]) })
	sorted := make([]int64, len(prints))
	for i, j := range was {
		sorted[i] = prints[j]
	}
	return numbers(sorted), was
}

// resourceRows finds resources by family and id: 0 for those that were neither received nor named.
func (a *act) resourceRows(refs []review.Ref, prints []int64) ([]int64, error) {
	ids := make([]int64, len(refs))
	if len(refs) == 0 {
		return ids, nil
	}
	array, was := inOrder(prints)
	type row struct {
		i, id  int64
		family int64
		rid    string
	}
	var found []row
	err := a.each(resourcesPrinted,
		[]any{array, int64(ofResource)}, func(scan func(...any) error) error {
			var r row
			err := scan(&r.i, &r.id, &r.rid, &r.family)
			found = append(found, r)
			return err
		})
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		i := was[r.i]
		if refs[i].ID != r.rid {
			continue
		}
		family, err := a.text(r.family)
		if err != nil {
			return nil, err
		}
		if refs[i].Type == family {
			ids[i] = r.id
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
	var id int64
	err = a.one(resourcePrinted, []any{printOfID(rid), rid, word}, &id)
	return id, err
}

// payloadIDs finds payloads by digest.
func (a *act) payloadIDs(hashes []review.Hash) (map[review.Hash]int64, error) {
	ids := make(map[review.Hash]int64, len(hashes))
	if len(hashes) == 0 {
		return ids, nil
	}
	prints := make([]int64, len(hashes))
	for i, h := range hashes {
		prints[i] = printOf(h)
	}
	array, was := inOrder(prints)
	return ids, a.each(payloadsPrinted,
		[]any{array, int64(ofPayload)}, func(scan func(...any) error) error {
			var i int
			var id int64
			var hash review.Hash
			err := scan(&i, &id, hashColumn{&hash})
			if hash == hashes[was[i]] {
				ids[hash] = id
			}
			return err
		})
}

// payloadID finds a payload by digest; review.ErrNotFound when there is none.
func (a *act) payloadID(hash review.Hash) (int64, error) {
	var id int64
	err := a.one(payloadPrinted, []any{printOf(hash), hash[:]}, &id)
	return id, err
}

// search is what was found by fingerprint before one's turn to write, when others could still add rows.
type search[K comparable] struct {
	done bool
	last int64       // the highest row that it could find
	rows map[K]int64 // what it found
}

// searchFor looks for many names at once, while others write. Whatever keeps it from that, it is
// looked for again in the turn to write.
func searchFor[K comparable](db *DB, table string, find func(*act) (map[K]int64, error)) search[K] {
	var s search[K]
	err := db.read(context.Background(), "search", func(a *act) (err error) {
		if err = a.one(`SELECT ifnull(max(id), 0) FROM `+table, nil, &s.last); err == nil {
			s.rows, err = find(a)
		}
		return err
	})
	s.done = err == nil
	return s
}

// tail is the fingerprints of rows that this process added last: all of those after one and up to another.
type tail struct {
	after, to int64
	prints    map[int64]struct{}
}

// maxTail bounds what a tail keeps: more than is added between a search and the turn to write.
const maxTail = 1 << 17

// extend takes in rows that are numbered from first on.
func (t *tail) extend(first int64, prints []int64) {
	if t.prints == nil || t.to != first-1 || len(t.prints)+len(prints) > maxTail {
		*t = tail{after: first - 1, prints: make(map[int64]struct{}, len(prints))}
	}
	for _, p := range prints {
		t.prints[p] = struct{}{}
	}
	t.to = first - 1 + int64(len(prints))
}

// tells says that the tail knows whether a row was added after one and up to the last one.
func (t *tail) tells(after, last int64) bool {
	return after == last || t.after <= after && t.to == last
}

func (t *tail) has(print int64) bool {
	_, ok := t.prints[print]
	return ok
}
