package store

import (
	"database/sql/driver"
	"errors"
	"math"
	"strings"

	"docket/review"
)

// pagedSize is how many entries are read from pages at once.
const pagedSize = 1024

// A pageReader reads entries and leaves from the pages of their tables, as they lie in the file: SQLite
// hands over a page as a whole, and to be handed a row or a value costs more than all that is done with
// it. Pages come through the connection's own transaction, so they are of the same moment as its queries.
// It is strict in order to be sure that it sees what a query sees, and never says that something is
// broken: what it does not know to the byte is read in packs.
type pageReader struct {
	rows            rower
	usable          int // bytes of a page that are SQLite's
	entries, leaves tree
	hung            leafReader
	row             leafRow
	next            review.EntryID // that was not given yet
}

// tree is a table: its first page, and how many pages one must go down to its rows.
type tree struct {
	root   int64
	height int
}

// errStrange says that a page is not one that a pageReader knows.
var errStrange = errors.New("a page is strange")

// What the tables of a pageReader must look like.
const (
	pagedEntry = "id INTEGER 1,review INTEGER 0,at INTEGER 0,act TEXT 0,by_ TEXT 0,by_name TEXT 0,by_role TEXT 0,finding TEXT 0,outcome TEXT 0," +
		"reason TEXT 0,note TEXT 0,matches TEXT 0,status TEXT 0,evidence BLOB 0,undoes INTEGER 0,answers INTEGER 0,detail TEXT 0," +
		"comparator TEXT 0,policy INTEGER 0"
	pagedLeaf = "entry INTEGER 1,record BLOB 0,salts BLOB 0,hashes BLOB 0"
)

// eachPagedLeaf is eachLeaf for many entries.
func eachPagedLeaf(rows rower, first, last review.EntryID, fn func(*leafRow) error) error {
	p := pageReader{rows: rows}
	opened := p.open()
	for p.next = first; p.next <= last; {
		end, err := min(last, p.next+pagedSize-1), opened
		if err == nil {
			err = p.give(p.next, end, fn)
		}
		if errors.Is(err, errStrange) {
			err = eachLeaf(rows, p.next, end, fn)
		}
		if err != nil {
			return err
		}
		p.next = end + 1
	}
	return nil
}

// open finds the tables.
func (p *pageReader) open() error {
	err := p.rows(`
		SELECT (SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = 'entry'),
		       (SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = 'leaf'),
		       (SELECT group_concat(concat(name, ' ', type, ' ', pk, iif(hidden, '?', '')), ',') FROM pragma_table_xinfo('entry')),
		       (SELECT group_concat(concat(name, ' ', type, ' ', pk, iif(hidden, '?', '')), ',') FROM pragma_table_xinfo('leaf')),
		       data
		FROM sqlite_dbpage WHERE pgno = 1`, 5, func(v []driver.Value) error {
		c := columns{v: v}
		p.entries.root, p.leaves.root = c.number(), c.number()
		entry, leaf, head := c.text(), c.text(), c.bytes()
		if entry != pagedEntry || leaf != pagedLeaf || c.odd || len(head) < 512 || pageNumber(head[56:]) != 1 { // texts are UTF-8
			return errStrange
		}
		p.usable = len(head) - int(head[20])
		return nil
	})
	if err == nil {
		err = p.measure(&p.entries)
	}
	if err == nil {
		err = p.measure(&p.leaves)
	}
	return err
}

// measure finds how high a table is, on its outer side.
func (p *pageReader) measure(t *tree) error {
	for at := (branch{page: t.root}); t.height < 20; t.height++ {
		pages, err := p.read([]branch{at})
		if err != nil || pages[0].kind == rowsPage {
			return err
		}
		at.page = pages[0].last()
	}
	return errStrange
}

// read reads pages of a table.
func (p *pageReader) read(of []branch) ([]treePage, error) {
	numbered, pages := make([]int64, len(of)), make([]treePage, 0, len(of))
	for i := range of {
		numbered[i] = of[i].page
	}
	err := p.rows(`SELECT p.data FROM json_each(?) j CROSS JOIN sqlite_dbpage p ON p.pgno = j.value`, 1, func(v []driver.Value) error {
		b, _ := v[0].([]byte)
		if len(b) < p.usable {
			return errStrange
		}
		page, err := openPage(b[:p.usable])
		pages = append(pages, page)
		return err
	}, numbers(numbered))
	if err == nil && len(pages) != len(of) {
		err = errStrange
	}
	return pages, err
}

// A tableWalk goes from row to row.
type tableWalk struct {
	pages []treePage
	cell  int
}

// walk goes through the pages of a table that may hold rows of a range, both ends included.
func (p *pageReader) walk(t tree, first, last review.EntryID) (w tableWalk, err error) {
	level := []branch{{t.root, math.MinInt64, math.MaxInt64}}
	for range t.height {
		above, err := p.read(level)
		if err != nil {
			return w, err
		}
		var below []branch
		for i := range above {
			if below, err = above[i].inside(level[i], int64(first), int64(last), below); err != nil {
				return w, err
			}
		}
		level = below
	}
	if w.pages, err = p.read(level); err != nil {
		return w, err
	}
	for i := range w.pages { // all of them first: who looks for a row would look past one that lies wrong
		if err := w.pages[i].inOrder(level[i]); err != nil {
			return w, err
		}
	}
	return w, nil
}

// next gives the next row; false: there is none.
func (w *tableWalk) next() (r tableRow, ok bool, err error) {
	for len(w.pages) > 0 && w.cell == w.pages[0].cells {
		w.pages, w.cell = w.pages[1:], 0
	}
	if len(w.pages) == 0 {
		return r, false, nil
	}
	r, err = w.pages[0].row(w.cell)
	w.cell++
	return r, true, err
}

// longest is how long a row may be that is read from pages.
const longest = 64 << 20

// record gives a row with what lies in other pages.
func (p *pageReader) record(row tableRow) (record, error) {
	if len(row.local) == row.size {
		return openRecord(row.local), nil
	}
	if row.size > longest {
		return record{}, errStrange
	}
	whole := append(make([]byte, 0, row.size), row.local...)
	for page := row.next; len(whole) < row.size; {
		err := errStrange
		if failed := p.rows(`SELECT data FROM sqlite_dbpage WHERE pgno = ?`, 1, func(v []driver.Value) error {
			if b, _ := v[0].([]byte); len(b) >= p.usable {
				whole, page, err = append(whole, b[4:min(p.usable, 4+row.size-len(whole))]...), pageNumber(b), nil
			}
			return nil
		}, page); failed != nil {
			return record{}, failed
		}
		if err != nil {
			return record{}, err
		}
	}
	return openRecord(whole), nil
}

// give gives the entries of a range with all that their records cover.
func (p *pageReader) give(first, last review.EntryID, fn func(*leafRow) error) error {
	entries, err := p.walk(p.entries, first, last)
	if err != nil {
		return err
	}
	leaves, err := p.walk(p.leaves, first, last)
	if err != nil {
		return err
	}
	whole := false
	err = p.rows(hungQuery, 4, func(v []driver.Value) error {
		whole = p.hung.packedHung(v)
		return nil
	}, first, last)
	if err != nil {
		return err
	}
	if !whole {
		return errStrange
	}
	left := p.hung.hung
	leaf, more, err := leaves.next()
	for err == nil {
		entry, ok, err := entries.next()
		id := review.EntryID(entry.id)
		if err != nil || !ok || id > last {
			return err
		}
		if id < first {
			continue
		}
		for more && leaf.id < entry.id {
			if leaf, more, err = leaves.next(); err != nil {
				return err
			}
		}
		if err := p.readEntry(entry); err != nil {
			return err
		}
		if err := p.readLeaf(leaf, more && leaf.id == entry.id); err != nil {
			return err
		}
		left.hang(&p.row.entry)
		p.next = id + 1
		if err := fn(&p.row); err != nil {
			return err
		}
	}
	return err
}

func (p *pageReader) readEntry(row tableRow) error {
	r, err := p.record(row)
	if err != nil {
		return err
	}
	r.texts = string(r.values)
	e := &p.row.entry
	r.null()
	*e = review.LedgerEntry{ID: review.EntryID(row.id), Review: r.number(), At: r.number(), Dispositions: e.Dispositions[:0], Premises: e.Premises[:0]}
	e.Act, e.By, e.ByName, e.ByRole, e.Finding, e.Outcome, e.Reason, e.Note = r.text(), r.text(), r.text(), r.text(), r.text(), r.text(), r.text(), r.text()
	e.Matches, e.Status, e.Evidence, e.Undoes, e.Answers = jsonText(r.text(), "[]"), r.text(), r.bytes(), r.number(), r.number()
	e.Detail, e.Comparator, e.Policy = jsonText(r.text(), "{}"), r.text(), r.number()
	for _, word := range [...]string{e.Act, e.By, e.ByRole, e.Finding, e.Outcome, e.Reason, e.Comparator} {
		r.odd = r.odd || strings.IndexByte(word, 31) >= 0 // as where words are read column by column
	}
	return r.end()
}

func (p *pageReader) readLeaf(row tableRow, there bool) error {
	l := &p.row
	l.sealed, l.record, l.salts, l.hashes = false, nil, nil, nil
	if !there {
		return nil
	}
	r, err := p.record(row)
	if err != nil {
		return err
	}
	r.null()
	l.record, l.salts, l.hashes = r.bytes(), r.bytes(), r.bytes()
	l.sealed = l.hashes != nil
	return r.end()
}
