package store

import "strings"

// bulk inserts rows many at a time: a statement costs more than a row. Rows wait until a full
// statement of them is there, or until flush.
type bulk struct {
	act   *act
	head  string // INSERT INTO … VALUES
	row   string // (?, …)
	tail  string
	args  []any
	width int

	changed int64 // rows that were written
	sizes   [len(bulkSizes)]string
}

// bulkSizes are the row counts of the statements, so that any number of rows takes few of them
// and the set of prepared statements stays small.
var bulkSizes = [...]int{48, 12, 3, 1}

func newBulk(a *act, head, row, tail string) *bulk {
	b := &bulk{act: a, head: head, row: row, tail: tail, width: strings.Count(row, "?")}
	for i, n := range bulkSizes {
		b.sizes[i] = head + strings.Repeat(row+", ", n-1) + row + tail
	}
	b.args = make([]any, 0, bulkSizes[0]*b.width)
	return b
}

func (b *bulk) add(args ...any) error {
	b.args = append(b.args, args...)
	if len(b.args) < bulkSizes[0]*b.width {
		return nil
	}
	return b.flush()
}

func (b *bulk) flush() error {
	rest := b.args
	for i, n := range bulkSizes {
		for len(rest) >= n*b.width {
			changed, err := b.act.changes(b.sizes[i], rest[:n*b.width]...)
			if err != nil {
				return err
			}
			b.changed += changed
			rest = rest[n*b.width:]
		}
	}
	clear(b.args) // what they pointed at need not live on
	b.args = b.args[:0]
	return nil
}
