package web

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The formats in which rows leave.
const (
	formatCSV    = "csv"
	formatNDJSON = "ndjson"
	formatXLSX   = "xlsx"
)

// cell is one value of a row on its way out: a text, a number, or a list that is JSON where the format
// has lists and one text where it has none.
type cell struct {
	text   string
	number int64
	json   any // nil: text or number
	is     cellKind
}

type cellKind uint8

const (
	cellText cellKind = iota
	cellNumber
	cellJSON
)

func text(s string) cell          { return cell{text: s} }
func number(n int64) cell         { return cell{number: n, is: cellNumber} }
func listed(v any, s string) cell { return cell{json: v, text: s, is: cellJSON} }

// plain is the value as one text.
func (c cell) plain() string {
	if c.is == cellNumber {
		return strconv.FormatInt(c.number, 10)
	}
	return c.text
}

// column is one column of an export: the word in the header and the key of its objects, and its
// value in a row.
type column[T any] struct {
	name string
	of   func(T) cell
}

// sheet writes rows in one format, in constant memory.
type sheet interface {
	row(cells []cell) error
	end() error
}

// newSheet begins an export: "csv" is RFC 4180 with CR LF, UTF-8, and cells that a spreadsheet would
// run defused; "ndjson" is one JSON object a line, in the order of the columns, with texts as they are; "xlsx"
// is a workbook in which every text is text.
func newSheet(w io.Writer, format string, header []string) (sheet, error) {
	switch format {
	case formatCSV:
		return newCSVSheet(w, header)
	case formatNDJSON:
		return newNDJSONSheet(w, header)
	case formatXLSX:
		return newXLSXSheet(w, header), nil
	}
	return nil, fmt.Errorf("format %q: choose csv, ndjson or xlsx", format)
}

// writeRows writes the rows that each gives, in constant memory, and says how many.
func writeRows[T any](w io.Writer, format string, columns []column[T], each func(write func(T) error) error) (rows int, err error) {
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.name
	}
	buf := bufio.NewWriterSize(w, 32<<10)
	sh, err := newSheet(buf, format, header)
	if err != nil {
		return 0, err
	}
	cells := make([]cell, len(columns))
	err = each(func(row T) error {
		for i, c := range columns {
			cells[i] = c.of(row)
		}
		rows++
		return sh.row(cells)
	})
	if err != nil {
		return rows, err
	}
	if err := sh.end(); err != nil {
		return rows, err
	}
	return rows, buf.Flush()
}

type csvSheet struct {
	w     *csv.Writer
	cells []string
}

func newCSVSheet(w io.Writer, header []string) (*csvSheet, error) {
	s := &csvSheet{csv.NewWriter(w), make([]string, len(header))}
	s.w.UseCRLF = true
	return s, s.w.Write(header)
}

func (s *csvSheet) row(cells []cell) error {
	for i, c := range cells {
		s.cells[i] = c.plain()
		if c.is != cellNumber {
			s.cells[i] = defuse(s.cells[i])
		}
	}
	return s.w.Write(s.cells)
}

func (s *csvSheet) end() error {
	s.w.Flush()
	return s.w.Error()
}

// defuse puts an apostrophe before a text that a spreadsheet would take for a formula, and
// makes NUL visible, which many readers stop at.
func defuse(s string) string {
	if formulaic(s) {
		s = "'" + s
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "\uFFFD")
	}
	if strings.IndexByte(s, '\r') >= 0 {
		s = lineBreaks.Replace(s)
	}
	return s
}

// lineBreaks makes one of each spelling: encoding/csv writes a line feed as CR LF and drops what is a CR alone.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// formulaic says that a spreadsheet would take a text for a formula, or lose how it begins.
func formulaic(s string) bool {
	if s == "" {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s)
	switch r {
	case '=', '+', '-', '@', '\t', '\r', '\n', 0, '＝', '＋', '－', '＠':
		return true
	}
	return false
}

type ndjsonSheet struct {
	w    io.Writer
	keys []string // `{"review":`, `,"transaction":`
	line []byte
}

func newNDJSONSheet(w io.Writer, header []string) (*ndjsonSheet, error) {
	s := &ndjsonSheet{w: w}
	before := "{"
	for _, name := range header {
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		s.keys = append(s.keys, before+string(key)+":")
		before = ","
	}
	return s, nil
}

func (s *ndjsonSheet) row(cells []cell) error {
	s.line = s.line[:0]
	for i, c := range cells {
		s.line = append(s.line, s.keys[i]...)
		switch {
		case c.is == cellNumber:
			s.line = strconv.AppendInt(s.line, c.number, 10)
		case c.is == cellText && simple(c.text):
			s.line = append(append(append(s.line, '"'), c.text...), '"')
		default:
			v := c.json
			if c.is == cellText {
				v = c.text
			}
			b, err := json.Marshal(v) // escapes < and >: harmless to whoever pastes a line into a page
			if err != nil {
				return err
			}
			s.line = append(s.line, b...)
		}
	}
	s.line = append(s.line, '}', '\n')
	_, err := s.w.Write(s.line)
	return err
}

// simple says that a text is its own JSON: most are, and there are many.
func simple(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return true
}

func (s *ndjsonSheet) end() error { return nil }
