package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/web"
)

type sheetXML struct {
	Rows []struct {
		Cells []struct {
			Type    string  `xml:"t,attr"`
			Style   string  `xml:"s,attr"`
			Text    *string `xml:"is>t"`
			Value   *string `xml:"v"`
			Formula *string `xml:"f"`
		} `xml:"c"`
	} `xml:"sheetData>row"`
}

func sheetsOf(t *testing.T, book []byte) []sheetXML {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	require.NoError(t, err)
	var all []sheetXML
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		body, err := io.ReadAll(r)
		require.NoError(t, err)
		var any struct{}
		require.NoError(t, xml.Unmarshal(body, &any), "%s is not well-formed", f.Name)
		if strings.HasPrefix(f.Name, "xl/worksheets/") {
			var s sheetXML
			require.NoError(t, xml.Unmarshal(body, &s))
			all = append(all, s)
		}
	}
	return all
}

var hostileTexts = []string{"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\x00=1", "＝1", "＋1", "－1", "＠x", "=HYPERLINK(\"x\",\"y\")",
	"a\x01\x1fb", "\xff\xfe", "<c><f>1+1</f></c>", "]]>", "&amp;", "_x0041_", "a_x000D_", " lead and trail ", "\u202eabc", "\U0001F600", "plain"}

func TestNoCellOfAWorkbookIsAFormula(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, web.WriteTexts(&out, "xlsx", hostileTexts, 1, 0))
	sheets := sheetsOf(t, out.Bytes())
	require.Len(t, sheets, 1)
	require.Len(t, sheets[0].Rows, 2, "the header, and a row")
	for i, c := range sheets[0].Rows[1].Cells {
		assert.Nil(t, c.Formula)
		if assert.NotNil(t, c.Text, "%q", hostileTexts[i]) {
			assert.Equal(t, "inlineStr", c.Type)
			assert.Equal(t, "1", c.Style, "text also when it is edited")
		}
	}
	text := func(i int) string { return *sheets[0].Rows[1].Cells[i].Text }
	for i, want := range hostileTexts {
		switch want {
		case "\x00=1":
			want = "\uFFFD=1"
		case "a\x01\x1fb":
			want = "a\uFFFD\uFFFDb"
		case "\xff\xfe":
			want = "\uFFFD\uFFFD"
		case "_x0041_":
			want = "_x005F_x0041_" // which a spreadsheet reads as _x0041_
		case "a_x000D_":
			want = "a_x005F_x000D_"
		}
		assert.Equal(t, want, text(i))
	}
}

func TestALongTextIsCutAndSaysSo(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, web.WriteTexts(&out, "xlsx", []string{strings.Repeat("é", 32_767), strings.Repeat("\U0001F600", 20_000)}, 1, 0))
	cells := sheetsOf(t, out.Bytes())[0].Rows[1].Cells
	assert.Equal(t, strings.Repeat("é", 32_767), *cells[0].Text)
	assert.LessOrEqual(t, len([]rune(*cells[1].Text)), 32_767)
	assert.True(t, strings.HasSuffix(*cells[1].Text, "longer than a cell holds]"))
}

func TestWhatASheetCannotHoldGoesOnInTheNext(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, web.WriteTexts(&out, "xlsx", []string{"a"}, 7, 4))
	sheets := sheetsOf(t, out.Bytes())
	require.Len(t, sheets, 3)
	var rows []int
	for _, s := range sheets {
		rows = append(rows, len(s.Rows))
		assert.Equal(t, "column 0", *s.Rows[0].Cells[0].Text, "each begins with the header")
	}
	assert.Equal(t, []int{4, 4, 2}, rows)
	out.Reset()
	require.NoError(t, web.WriteTexts(&out, "xlsx", []string{"a"}, 0, 0))
	assert.Len(t, sheetsOf(t, out.Bytes()), 1, "a book without rows has a sheet")
}

// The memory of an export does not grow with its rows.
func BenchmarkExportRows(b *testing.B) {
	texts := make([]string, 22)
	for i := range texts {
		texts[i] = fmt.Sprintf("a value of column %d", i)
	}
	for _, format := range []string{"csv", "ndjson", "xlsx"} {
		b.Run(format, func(b *testing.B) {
			for b.Loop() {
				var peak uint64
				w := watcher(func() {
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					peak = max(peak, m.HeapInuse)
				})
				require.NoError(b, web.WriteTexts(&w, format, texts, 1_000_000, 0))
				b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
			}
			b.ReportMetric(1_000_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

type watching struct {
	n  int
	do func()
}

func watcher(do func()) watching { return watching{do: do} }

func (w *watching) Write(b []byte) (int, error) {
	if w.n++; w.n%200 == 0 {
		w.do()
	}
	return len(b), nil
}
