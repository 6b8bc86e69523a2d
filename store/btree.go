package store

import (
	"encoding/binary"
	"math"
)

// What SQLite writes into a page of the file, as https://sqlite.org/fileformat2.html has it: §1.6 pages
// of b-trees, §2.1 records. What a decoder does not know is errStrange; none guesses.

// varint reads a number of one to nine bytes; size 0: there is none.
func varint(s []byte) (n int64, size int) {
	if len(s) > 0 && s[0] < 0x80 {
		return int64(s[0]), 1
	}
	for i := range min(len(s), 9) {
		c := s[i]
		if i == 8 {
			return n<<8 | int64(c), 9
		}
		n = n<<7 | int64(c&0x7f)
		if c < 0x80 {
			return n, i + 1
		}
	}
	return 0, 0
}

// bigEndian reads a signed number of at most eight bytes.
func bigEndian(s []byte) int64 {
	if len(s) == 0 {
		return 0
	}
	n := int64(int8(s[0])) //nolint:gosec // the sign is in the first byte
	for i := 1; i < len(s); i++ {
		n = n<<8 | int64(s[i])
	}
	return n
}

func pageNumber(b []byte) int64 { return int64(binary.BigEndian.Uint32(b)) }

// Kinds of pages of a table that has row ids.
const (
	insidePage = 0x05
	rowsPage   = 0x0d
)

// treePage is a page of a table, without the bytes at its end that are not SQLite's.
type treePage struct {
	page  []byte
	kind  byte
	cells int
}

func openPage(page []byte) (p treePage, err error) {
	if len(page) < 480 { // the least that SQLite knows
		return p, errStrange
	}
	p = treePage{page, page[0], int(binary.BigEndian.Uint16(page[3:]))}
	if p.kind != insidePage && p.kind != rowsPage || p.head()+2*p.cells > len(page) {
		return p, errStrange
	}
	return p, nil
}

func (p *treePage) head() int {
	if p.kind == insidePage {
		return 12
	}
	return 8
}

// cell is what begins where a cell does, nothing where it would lie outside.
func (p *treePage) cell(i int) []byte {
	at := int(binary.BigEndian.Uint16(p.page[p.head()+2*i:]))
	if at < p.head()+2*p.cells || at > len(p.page) {
		return nil
	}
	return p.page[at:]
}

// A branch is a page with the row ids that it may hold: above one and up to the other.
type branch struct{ page, above, upTo int64 }

// inside gives the branches of a page that may hold rows of a range, both ends included.
func (p *treePage) inside(of branch, first, last int64, out []branch) ([]branch, error) {
	if p.kind != insidePage {
		return out, errStrange
	}
	put := func(b branch) {
		if b.upTo >= first && b.above < last {
			out = append(out, b)
		}
	}
	above := of.above
	for i := range p.cells {
		cell := p.cell(i)
		if len(cell) < 5 {
			return out, errStrange
		}
		upTo, size := varint(cell[4:])
		if size == 0 || upTo <= above || upTo > of.upTo {
			return out, errStrange
		}
		put(branch{pageNumber(cell), above, upTo})
		above = upTo
	}
	put(branch{p.last(), above, of.upTo})
	return out, nil
}

// last is the page behind the last cell of one that holds no rows.
func (p *treePage) last() int64 { return pageNumber(p.page[8:]) }

// A tableRow is a row as its page has it: the rest of a long one lies in a chain of other pages.
type tableRow struct {
	id    int64
	local []byte
	size  int // of the whole
	next  int64
}

// row reads a row of a page.
func (p *treePage) row(i int) (r tableRow, err error) {
	cell := p.cell(i)
	size, n := varint(cell)
	if n == 0 || size < 0 || size > math.MaxInt32 {
		return r, errStrange
	}
	cell = cell[n:]
	if r.id, n = varint(cell); n == 0 {
		return r, errStrange
	}
	cell = cell[n:]
	r.size = int(size)
	local := r.size
	if u := len(p.page); local > u-35 { // §1.6: U, X, M and K
		m := (u-12)*32/255 - 23
		if local = m + (r.size-m)%(u-4); local > u-35 {
			local = m
		}
		if len(cell) < local+4 {
			return r, errStrange
		}
		r.next = pageNumber(cell[local:])
	}
	if local < 0 || len(cell) < local {
		return r, errStrange
	}
	r.local = cell[:local]
	return r, nil
}

// inOrder says whether a page has rows, in order, and none that belongs elsewhere.
func (p *treePage) inOrder(of branch) error {
	if p.kind != rowsPage {
		return errStrange
	}
	above := of.above
	for i := range p.cells {
		r, err := p.row(i)
		if err != nil {
			return err
		}
		if r.id <= above || r.id > of.upTo {
			return errStrange
		}
		above = r.id
	}
	return nil
}

// record reads the columns of a row one after the other; NULL is zero.
type record struct {
	kinds  []byte // that are left
	values []byte
	texts  string // the values again, where texts are wanted
	at     int
	odd    bool // it is no record, or has a column of another type
}

func openRecord(b []byte) record {
	n, size := varint(b)
	if size == 0 || n < int64(size) || n > int64(len(b)) {
		return record{odd: true}
	}
	return record{kinds: b[size:n], values: b[n:]}
}

// Kinds of values: what they are and, of some, how long.
const (
	kindNull  = 0
	kindZero  = 8
	kindOne   = 9
	kindBytes = 12 // and every second one behind it
	kindText  = 13
)

var numberSizes = [...]int{1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

// next gives the kind of a value, and between what it lies.
func (r *record) next() (kind int64, from, to int) {
	kind, n := varint(r.kinds)
	if n == 0 {
		r.odd = true
		return kindNull, 0, 0
	}
	r.kinds = r.kinds[n:]
	size := int64(0)
	switch {
	case kind >= kindBytes:
		size, kind = (kind-kindBytes)/2, kindBytes+kind&1
	case kind > 0 && kind < int64(len(numberSizes)):
		size = int64(numberSizes[kind])
	case kind == kindNull || kind == kindZero || kind == kindOne:
	default:
		r.odd = true
	}
	if size > int64(len(r.values)-r.at) {
		r.odd = true
		return kindNull, 0, 0
	}
	from = r.at
	r.at += int(size)
	return kind, from, r.at
}

func (r *record) number() int64 {
	kind, from, to := r.next()
	switch {
	case kind == kindOne:
		return 1
	case kind > kindOne:
		r.odd = true
	}
	return bigEndian(r.values[from:to])
}

func (r *record) text() string {
	kind, from, to := r.next()
	r.odd = r.odd || kind != kindText && kind != kindNull
	return r.texts[from:to]
}

// bytes are nil where there are none.
func (r *record) bytes() []byte {
	kind, from, to := r.next()
	r.odd = r.odd || kind != kindBytes && kind != kindNull
	if from == to {
		return nil
	}
	return r.values[from:to:to]
}

// null is the column that stands for the row id.
func (r *record) null() {
	kind, _, _ := r.next()
	r.odd = r.odd || kind != kindNull
}

// end says that it was a record, and that nothing is left of it.
func (r *record) end() error {
	if r.odd || len(r.kinds) > 0 || r.at != len(r.values) {
		return errStrange
	}
	return nil
}
