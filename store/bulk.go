package store

import (
	"database/sql/driver"
	"slices"
	"strings"
	"sync"
)

// bulk inserts rows many at a time: a statement costs more than a row. Rows wait until a full
// statement of them is there, or until flush.
type bulk struct {
	act      *act
	args     rowValues
	texts    *bulkTexts
	returned func(scan func(...any) error) error // of a statement that gives rows back: called for each
}

// rowValues are the parameters of many rows as the driver takes them. They are handed to it as the
// one argument of a statement: database/sql would look at each, and copy them all.
type rowValues []driver.NamedValue

// bulkSizes are the row counts of the statements, so that any number of rows takes few of them
// and the set of prepared statements stays small.
var bulkSizes = [...]int{144, 24, 4, 1}

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
		b.args = make(rowValues, 0, 4*b.texts.width) // most acts write no more
	case n > cap(b.args):
		b.args = slices.Grow(b.args, bulkSizes[0]*b.texts.width-len(b.args))
	}
	for _, arg := range args {
		v, err := driverValue(arg)
		if err != nil {
			return err
		}
		b.args = append(b.args, driver.NamedValue{Value: v})
	}
	if len(b.args) < bulkSizes[0]*b.texts.width {
		return nil
	}
	return b.flush()
}

// driverValue is what the driver knows of a value: what database/sql would make of it.
func driverValue(v any) (driver.Value, error) {
	switch v := v.(type) {
	case nil, int64, string, []byte:
		return v, nil
	case int:
		return int64(v), nil
	}
	return driver.DefaultParameterConverter.ConvertValue(v)
}

func (b *bulk) flush() error {
	rest := b.args
	for i, n := range bulkSizes {
		for len(rest) >= n*b.texts.width {
			rows := rest[:n*b.texts.width]
			for j := range rows {
				rows[j].Ordinal = j + 1
			}
			if err := b.run(b.texts.sizes[i], rows); err != nil {
				return err
			}
			rest = rest[len(rows):]
		}
	}
	clear(b.args) // what they pointed at need not live on
	b.args = b.args[:0]
	return nil
}

func (b *bulk) run(text string, rows rowValues) error {
	if b.returned != nil {
		return b.act.each(text, []any{rows}, b.returned)
	}
	_, err := b.act.exec(text, rows)
	return err
}
