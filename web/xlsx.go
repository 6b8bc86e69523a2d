package web

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
)

// The limits of a worksheet and of a cell, in UTF-16 units, as Excel states them ("Excel specifications and
// limits"). What does not fit goes on in a further sheet; a text that does not fit is cut, and says so.
const (
	maxSheetRows  = 1_048_576
	maxSheetBytes = 3 << 30 // of XML: readers of ZIP stumble at 4 GiB
	maxCellUnits  = 32_767
	cutMark       = " … [cut here: longer than a cell holds]"
)

// xlsxSheet writes a workbook of ECMA-376 (Office Open XML) as a stream: the sheets first, and
// what names them at the end. Texts are inline strings, never shared and never formulas, in a style that
// makes a spreadsheet take them for text also when somebody edits the cell.
type xlsxSheet struct {
	zip    *zip.Writer
	header []string
	limit  int // rows of a sheet, its header included
	sheets int
	rows   int // of this sheet
	bytes  int64
	part   *bufio.Writer // of this sheet; nil none yet
	line   []byte
	escape strings.Builder
}

func newXLSXSheet(w io.Writer, header []string) *xlsxSheet {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	return &xlsxSheet{zip: z, header: header, limit: maxSheetRows}
}

// The styles of cells.xfs below.
const (
	styleText   = `<c s="1" t="inlineStr"><is><t xml:space="preserve">`
	styleHeader = `<c s="2" t="inlineStr"><is><t xml:space="preserve">`
	cellEnd     = `</t></is></c>`
)

func (s *xlsxSheet) row(cells []cell) error {
	if s.part == nil || s.rows >= s.limit || s.bytes >= maxSheetBytes {
		if err := s.next(); err != nil {
			return err
		}
	}
	s.line = append(s.line[:0], "<row>"...)
	for _, c := range cells {
		switch {
		case c.is == cellNumber:
			s.line = append(strconv.AppendInt(append(s.line, "<c><v>"...), c.number, 10), "</v></c>"...)
		case c.text == "":
			s.line = append(s.line, "<c/>"...)
		default:
			s.line = append(s.line, styleText...)
			s.line = append(s.text(s.line, c.text), cellEnd...)
		}
	}
	return s.write()
}

func (s *xlsxSheet) write() error {
	s.line = append(s.line, "</row>"...)
	s.rows++
	s.bytes += int64(len(s.line))
	_, err := s.part.Write(s.line)
	return err
}

// next ends a sheet and begins another, with the header on top.
func (s *xlsxSheet) next() error {
	if err := s.endPart(); err != nil {
		return err
	}
	s.sheets++
	w, err := s.zip.Create("xl/worksheets/sheet" + strconv.Itoa(s.sheets) + ".xml")
	if err != nil {
		return err
	}
	s.part, s.rows, s.bytes = bufio.NewWriterSize(w, 32<<10), 0, 0
	if _, err := s.part.WriteString(xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
		`<cols><col min="1" max="` + strconv.Itoa(max(1, len(s.header))) + `" width="20" customWidth="1"/></cols><sheetData>`); err != nil {
		return err
	}
	s.line = append(s.line[:0], "<row>"...)
	for _, name := range s.header {
		s.line = append(s.line, styleHeader...)
		s.line = append(s.text(s.line, name), cellEnd...)
	}
	return s.write()
}

func (s *xlsxSheet) endPart() error {
	if s.part == nil {
		return nil
	}
	if _, err := s.part.WriteString(`</sheetData></worksheet>`); err != nil {
		return err
	}
	return s.part.Flush()
}

func (s *xlsxSheet) end() error {
	if s.part == nil {
		if err := s.next(); err != nil {
			return err
		}
	}
	if err := s.endPart(); err != nil {
		return err
	}
	const (
		office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
		pack   = "http://schemas.openxmlformats.org/package/2006/"
		main   = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
		media  = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	)
	var types, rels, sheets strings.Builder
	for i := 1; i <= s.sheets; i++ {
		n := strconv.Itoa(i)
		types.WriteString(`<Override PartName="/xl/worksheets/sheet` + n + `.xml" ContentType="` + media + `worksheet+xml"/>`)
		rels.WriteString(`<Relationship Id="rId` + n + `" Type="` + office + `/worksheet" Target="worksheets/sheet` + n + `.xml"/>`)
		sheets.WriteString(`<sheet name="Sheet ` + n + `" sheetId="` + n + `" r:id="rId` + n + `"/>`)
	}
	for _, part := range []struct{ name, body string }{
		{"xl/styles.xml", `<styleSheet xmlns="` + main + `"><fonts count="2"><font/><font><b/></font></fonts>` +
			`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
			`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
			`<cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1" quotePrefix="1"/>` +
			`<xf numFmtId="49" applyNumberFormat="1" fontId="1" applyFont="1"/></cellXfs></styleSheet>`},
		{"xl/workbook.xml", `<workbook xmlns="` + main + `" xmlns:r="` + office + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + pack + `relationships">` + rels.String() +
			`<Relationship Id="styles" Type="` + office + `/styles" Target="styles.xml"/></Relationships>`},
		{"_rels/.rels", `<Relationships xmlns="` + pack + `relationships"><Relationship Id="book" Type="` + office +
			`/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"[Content_Types].xml", `<Types xmlns="` + pack + `content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + media + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + media + `styles+xml"/>` + types.String() + `</Types>`},
	} {
		w, err := s.zip.Create(part.name)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, xml.Header+part.body); err != nil {
			return err
		}
	}
	return s.zip.Close()
}

// text writes a text as the content of an element. What XML cannot hold becomes a visible mark, and what a
// spreadsheet would read as an escape of its own (_x0041_) is kept from being one (ECMA-376 part 1,
// 22.9.2.19).
func (s *xlsxSheet) text(to []byte, v string) []byte {
	v = fit(v)
	if simple(v) && !strings.Contains(v, "_x") {
		return append(to, v...)
	}
	s.escape.Reset()
	for {
		i := strings.Index(v, "_x")
		if i < 0 {
			break
		}
		s.xml(v[:i])
		if escapes(v[i:]) {
			s.escape.WriteString("_x005F_")
		} else {
			s.escape.WriteByte('_')
		}
		v = v[i+1:]
	}
	s.xml(v)
	return append(to, s.escape.String()...)
}

func (s *xlsxSheet) xml(v string) { _ = xml.EscapeText(&s.escape, []byte(v)) } // a builder never fails

// escapes says that a text begins with an escape: _x, four hex digits, _.
func escapes(v string) bool {
	if len(v) < 7 || v[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(v[2:6], 16, 16)
	return err == nil
}

// fit cuts a text to what a cell holds.
func fit(s string) string {
	if len(s) <= maxCellUnits { // a unit takes a byte at least
		return s
	}
	units := 0
	for _, r := range s {
		units += max(1, utf16.RuneLen(r))
	}
	if units <= maxCellUnits {
		return s
	}
	room := maxCellUnits - utf8.RuneCountInString(cutMark)
	for i, r := range s {
		if room -= max(1, utf16.RuneLen(r)); room < 0 {
			return s[:i] + cutMark
		}
	}
	return s
}
