package store

import (
	"slices"
	"strings"
	"sync"
)

// bulk inserts rows many at a time: a statement costs more than a row. Rows wait until a full
// statement of them is there, or until flush.
type bulk struct {
	act   *act
	args  []any
	texts *bulkTexts

	changed int64 // rows that were written
}

// bulkSizes are the row counts of the statements, so that any number of rows takes few of them
// and the set of prepared statements stays small.
var bulkSizes = [...]int{48, 12, 3, 1}

// bulkTexts are the statements of one insert.
type bulkTexts struct {
	width int // parameters of a row
	sizes [len(bulkSizes)]string
}

// knownTexts holds the statements by head, row and tail, which are constants of this package: most
// acts write a row or two, and would spend more on the texts.
var knownTexts sync.Map

// newBulk inserts rows that are written as row between head ("INSERT INTO … VALUES ") and tail.
func newBulk(a *act, head, row, tail string) *bulk {
	key := [3]string{head, row, tail}
	known, ok := knownTexts.Load(key)
	if !ok {
		texts := &bulkTexts{width: strings.Count(row, "?")}
		for i, n := range bulkSizes {
			texts.sizes[i] = head + strings.Repeat(row+", ", n-1) + row + tail
		}
		known, _ = knownTexts.LoadOrStore(key, texts)
	}
	return &bulk{act: a, texts: known.(*bulkTexts)}
}

func (b *bulk) add(args ...any) error {
	switch n := len(b.args) + len(args); {
	case b.args == nil:
		b.args = make([]any, 0, 4*b.texts.width) // most acts write no more
	case n > cap(b.args):
		b.args = slices.Grow(b.args, bulkSizes[0]*b.texts.width-len(b.args))
	}
	b.args = append(b.args, args...)
	if len(b.args) < bulkSizes[0]*b.texts.width {
		return nil
	}
	return b.flush()
}

func (b *bulk) flush() error {
	rest := b.args
	for i, n := range bulkSizes {
		for len(rest) >= n*b.texts.width {
			changed, err := b.act.changes(b.texts.sizes[i], rest[:n*b.texts.width]...)
			if err != nil {
				return err
			}
			b.changed += changed
			rest = rest[n*b.texts.width:]
		}
	}
	clear(b.args) // what they pointed at need not live on
	b.args = b.args[:0]
	return nil
}
