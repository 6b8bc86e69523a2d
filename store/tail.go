package store

import (
	"math"
	"slices"
	"sync"
)

// tail is the fingerprints of the newest rows of a kind, in memory: of all rows after one and up to another.
// It may know rows that others do not see yet, or never will; whoever finds a row by it looks at the row.
type tail struct {
	mu          sync.RWMutex
	half        int   // how many rows late and latest have each, or a few more
	after       int64 // what is in late comes behind it, and ends with cut; what is in latest ends with to
	cut, to     int64
	late        map[int64]int64 // rows by fingerprint
	latest      map[int64]int64
	sharedPrint []keyedRow // of rows whose fingerprint another one has; their key is that fingerprint
}

// halfTail is how many rows either half of a tail has, or a few more: more than are added between a search and the turn
// to write, and than an import puts off.
const halfTail = 1 << 17

// extend takes in rows that are numbered from first on.
func (t *tail) extend(first int64, prints []int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.to != first-1 {
		t.begin(first - 1)
	}
	for i, p := range prints {
		t.take(first+int64(i), p)
	}
}

// take takes in the next row; numbers in between are of no row.
func (t *tail) take(row, print int64) {
	switch {
	case t.latest == nil:
		t.latest = map[int64]int64{}
	case len(t.latest) >= t.half:
		t.late, t.after, t.cut = t.latest, t.cut, t.to
		t.latest = make(map[int64]int64, len(t.late))
		t.sharedPrint = slices.DeleteFunc(t.sharedPrint, func(k keyedRow) bool { return k.row <= t.after })
	}
	if _, taken := t.latest[print]; taken {
		t.sharedPrint = append(t.sharedPrint, keyedRow{print, row})
	} else {
		t.latest[print] = row
	}
	t.to = row
}

// begin forgets all, and goes on behind a row.
func (t *tail) begin(after int64) {
	t.after, t.cut, t.to = after, after, after
	t.late, t.latest, t.sharedPrint = nil, nil, nil
}

func (t *tail) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begin(0)
}

// told has use look at the tail, if it knows of all rows that were added after one and up to the last one.
// Nobody else takes anything out of it meanwhile.
func (t *tail) told(after, last int64, use func(*tail)) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if after != last && (t.after > after || t.to < last) {
		return false
	}
	use(t)
	return true
}

// has says that a row has a fingerprint.
func (t *tail) has(print int64) bool {
	_, late := t.late[print]
	_, latest := t.latest[print]
	return late || latest
}

// rows gives the rows behind one that have a fingerprint.
func (t *tail) rows(print, behind int64) (rows []int64) {
	for _, m := range []map[int64]int64{t.late, t.latest} {
		if row, ok := m[print]; ok && row > behind {
			rows = append(rows, row)
		}
	}
	for _, k := range t.sharedPrint {
		if k.key == print && k.row > behind {
			rows = append(rows, k.row)
		}
	}
	return rows
}

// between gives the rows after one and up to another, with their fingerprints.
func (t *tail) between(after, last int64) (rows, prints []int64) {
	add := func(print, row int64) {
		if row > after && row <= last {
			rows, prints = append(rows, row), append(prints, print)
		}
	}
	for _, m := range []map[int64]int64{t.late, t.latest} {
		for print, row := range m {
			add(print, row)
		}
	}
	for _, k := range t.sharedPrint {
		add(k.key, k.row)
	}
	return rows, prints
}

// withTail has use look at a tail that knows of all rows of a kind after one and up to the last. What it does
// not know it reads first; rows that are more than it keeps are read into one of their own.
func (a *act) withTail(kind printKind, after, last int64, use func(*tail)) error {
	t := &a.db.tails[kind]
	if t.told(after, last, use) {
		return nil
	}
	if last-after > int64(t.half) {
		t = &tail{half: math.MaxInt}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.after > after || t.to < after {
		t.begin(after)
	}
	for t.to < last {
		rows, prints, err := a.somePrints(kind, t.to)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		for i, row := range rows {
			t.take(row, prints[i])
		}
	}
	use(t)
	return nil
}
