package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/review"
	"docket/web"
)

// bookRows reads a workbook as a spreadsheet does: from the relations of the package to its sheets in
// their order, each cell at the place that it names or else behind the one before, and the escapes of
// texts undone. It holds the book against what of ECMA-376 a spreadsheet refuses to open without.
func bookRows(t require.TestingT, book []byte) [][]string {
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	require.NoError(t, err)
	parts := map[string][]byte{}
	for _, f := range z.File {
		require.NotContains(t, parts, f.Name, "a part is there once")
		r, err := f.Open()
		require.NoError(t, err)
		parts[f.Name], err = io.ReadAll(r)
		require.NoError(t, err)
	}
	var types struct {
		Defaults []struct {
			Extension string `xml:",attr"`
		} `xml:"Default"`
		Overrides []struct {
			PartName    string `xml:",attr"`
			ContentType string `xml:",attr"`
		} `xml:"Override"`
	}
	require.NoError(t, xml.Unmarshal(parts["[Content_Types].xml"], &types))
	typed := map[string]string{}
	for _, o := range types.Overrides {
		require.Contains(t, parts, strings.TrimPrefix(o.PartName, "/"))
		typed[strings.TrimPrefix(o.PartName, "/")] = o.ContentType
	}
	relations := func(name, from string) map[string]string {
		var r struct {
			All []struct {
				ID     string `xml:"Id,attr"`
				Type   string `xml:",attr"`
				Target string `xml:",attr"`
				Mode   string `xml:"TargetMode,attr"`
			} `xml:"Relationship"`
		}
		require.NoError(t, xml.Unmarshal(parts[name], &r))
		to := map[string]string{}
		for _, one := range r.All {
			require.Empty(t, one.Mode, "nothing lies outside the book")
			require.NotContains(t, to, one.ID)
			to[one.ID] = path.Join(from, one.Target)
			require.Contains(t, parts, to[one.ID])
		}
		return to
	}
	require.Contains(t, relations("_rels/.rels", ""), "book")
	var work struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			Num  int    `xml:"sheetId,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	require.NoError(t, xml.Unmarshal(parts["xl/workbook.xml"], &work))
	require.NotEmpty(t, work.Sheets)
	to, seen := relations("xl/_rels/workbook.xml.rels", "xl"), map[string]bool{}
	var rows [][]string
	for i, s := range work.Sheets {
		require.False(t, seen[s.Name], "no two sheets have one name")
		seen[s.Name] = true
		require.LessOrEqual(t, len(s.Name), 31)
		require.NotRegexp(t, `[\[\]*?/\\:]`, s.Name)
		require.Equal(t, i+1, s.Num)
		require.Contains(t, typed[to[s.ID]], "worksheet+xml")
		of := sheetRows(t, parts[to[s.ID]])
		if i > 0 {
			require.Equal(t, rows[0], of[0], "each sheet has the header")
			of = of[1:]
		}
		rows = append(rows, of...)
	}
	return rows
}

func sheetRows(t require.TestingT, body []byte) [][]string {
	var order struct {
		Children []struct{ XMLName xml.Name } `xml:",any"`
	}
	require.NoError(t, xml.Unmarshal(body, &order))
	last := -1
	for _, c := range order.Children {
		at := slices.Index([]string{"sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter"}, c.XMLName.Local)
		require.Greater(t, at, last, "the parts of a sheet have an order: %s", c.XMLName.Local)
		last = at
	}
	var sheet sheetXML
	require.NoError(t, xml.Unmarshal(body, &sheet))
	rows := make([][]string, 0, len(sheet.Rows))
	for _, r := range sheet.Rows {
		row := make([]string, 0, len(r.Cells))
		for _, c := range r.Cells {
			require.Nil(t, c.Formula)
			switch {
			case c.Text != nil:
				require.Equal(t, "inlineStr", c.Type)
				require.LessOrEqual(t, len(*c.Text), 5*32_767)
				row = append(row, unescaped(*c.Text))
			case c.Value != nil:
				require.Empty(t, c.Type, "a number has no type")
				_, err := strconv.ParseInt(*c.Value, 10, 64)
				require.NoError(t, err)
				row = append(row, *c.Value)
			default:
				row = append(row, "")
			}
		}
		rows = append(rows, row)
	}
	return rows
}

var escape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescaped undoes the escapes of a text from the left, as a spreadsheet does (ECMA-376 part 1, 22.9.2.19).
func unescaped(s string) string {
	return escape.ReplaceAllStringFunc(s, func(e string) string {
		n, _ := strconv.ParseUint(e[2:6], 16, 16)
		return string(rune(n))
	})
}

func TestAnyTextComesBackFromAWorkbook(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		texts := rapid.SliceOfN(rapid.OneOf(rapid.StringOf(rapid.SampledFrom([]rune("_x0045FAf=-\r\n\t<&>\"' é\U0001F600"))),
			rapid.Custom(func(rt *rapid.T) string {
				return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"_x0041_", "_x005F_", "_x", "_", "x0041_", "_X0041_", "_x00g1_", "_x004", "a"}), 0, 6).Draw(rt, "parts"), "")
			})), 1, 5).Draw(rt, "texts")
		var out bytes.Buffer
		require.NoError(rt, web.WriteTexts(&out, "xlsx", texts, 2, 0))
		rows := bookRows(rt, out.Bytes())
		require.Len(rt, rows, 3)
		assert.Equal(rt, texts, rows[1])
		assert.Equal(rt, texts, rows[2])
	})
}

func TestALineBreakInACellOfACSVStaysOne(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, web.WriteTexts(&out, "csv", []string{"a\rb", "a\r\nb", "a\nb", "a\n\rb"}, 1, 0))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, []string{"a\nb", "a\nb", "a\nb", "a\n\nb"}, rows[1])
}

// decidedHouse has more decisions than a page shows: some declined, some that wait, one corrected, with
// subjects whose names a spreadsheet would run.
func decidedHouse(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.planted = "@SUM(A1)"
	names := []string{"=1+1", "+1", "-2", "@SUM(A1)", "＝x", "_x0041_", "a,\"b\"", "two\nlines", "Ђорђе", "plain"}
	for i := range 31 {
		p := ekene()
		p.id, p.reference, p.first, p.listed = fmt.Sprintf("txn_%02d", i), fmt.Sprintf("=ref%d", i), names[i%len(names)], p.listed[i%2:i%2+1]
		if i%5 == 0 {
			p.at = p.at.Add(-6 * 24 * time.Hour) // over target
		}
		h.take(p.payload())
		h.clock.Pass(time.Hour)
	}
	queue, err := h.db.Queue(t.Context(), review.QueueQuery{Tab: review.TabOpen, Limit: 100})
	require.NoError(t, err)
	require.Len(t, queue.Rows, 31)
	for i, row := range queue.Rows {
		h.clock.Pass(time.Minute)
		switch {
		case i%7 == 3:
			h.decided(row.Review, review.Decline)
		case i == 4 || i == 5:
			h.proposed(row.Review)
		default:
			h.decided(row.Review, review.Approve)
		}
	}
	id := queue.Rows[0].Review
	file, err := h.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	_, err = h.db.Correct(t.Context(), id, "lead", review.DecisionForm{Evidence: file.Review.Evidence.String(), Outcome: review.Approve, Reason: review.ReasonOther, Note: "=cmd"})
	require.NoError(t, err)
	return h
}

// proposed has a reviewer decline and nobody agree yet.
func (h *house) proposed(id review.ReviewID) {
	h.t.Helper()
	h.claimed(id, "reviewer")
	file, err := h.db.ReviewFile(h.t.Context(), id)
	require.NoError(h.t, err)
	evidence := file.Review.Evidence.String()
	for _, m := range file.Dossier.OpenMatches() {
		_, err := h.db.Dispose(h.t.Context(), id, "reviewer", review.DispositionForm{Matches: []review.MatchKey{m.Key}, Finding: review.CannotTell,
			Reason: review.ReasonName, Missing: []review.Fact{review.FactOther}, Note: "n", Evidence: evidence})
		require.NoError(h.t, err)
	}
	_, err = h.db.Decide(h.t.Context(), id, "reviewer", review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonCannotTell, Note: "-1", Evidence: evidence})
	require.NoError(h.t, err)
}

// listedEntries walks the pages of the list.
func (c *client) listedEntries(query url.Values) (entries []string) {
	c.h.t.Helper()
	at := "/decisions?" + query.Encode()
	for at != "" {
		page := c.get(at).is(200).page()
		page.Find("tr[data-entry]").Each(func(_ int, tr *goquery.Selection) { entries = append(entries, tr.AttrOr("data-entry", "")) })
		at = page.Find("a[rel=next]").AttrOr("href", "")
	}
	return entries
}

func TestExportsHoldTheRowsOfThePageInEveryFormat(t *testing.T) {
	t.Parallel()
	h := decidedHouse(t)
	c := h.as("auditor")
	const wide = "entry,review,subject,reference_id,outcome,second,findings,corrects,corrected,over_target,report_kinds,lists,parties,note,approved_by"
	met := 0
	for _, filters := range []string{"second=effect", "second=any", "second=waiting", "outcome=decline&second=any", "overdue=yes&second=any", "overdue=no&outcome=approve&second=effect",
		"corrected=yes&second=any", "corrected=correction&second=any", "corrected=no&by=reviewer&second=effect", "kind=watchlist&second=any", "list=US+-+OFAC+-+SDN&second=any",
		"list=none+such&second=any", "policy=1&reason=cannot_tell&second=any", "q=txn_03&second=any", "from=2026-06-19&to=2026-06-19&second=any", "from=2026-06-20&second=any"} {
		query, err := url.ParseQuery(filters)
		require.NoError(t, err)
		shown := c.listedEntries(query)
		met += len(shown)
		slices.Reverse(shown) // exports are oldest first
		query.Set("columns", wide)
		names := strings.Split(wide, ",")

		var objects [][]string
		for line := range strings.Lines(c.get("/decisions.ndjson?" + query.Encode()).is(200).body) {
			values := map[string]any{}
			d := json.NewDecoder(strings.NewReader(line))
			d.UseNumber()
			require.NoError(t, d.Decode(&values))
			require.Len(t, values, len(names))
			row := make([]string, len(names))
			for i, name := range names {
				row[i] = asText(values[name])
			}
			objects = append(objects, row)
		}
		var entries []string
		for _, o := range objects {
			entries = append(entries, o[0])
		}
		assert.Equal(t, shown, entries, filters)

		book := c.get("/decisions.xlsx?" + query.Encode()).is(200)
		rows := bookRows(t, []byte(book.body))
		assert.Equal(t, names, rows[0])
		assert.Equal(t, objects, some(rows[1:]), "the same texts in a workbook")

		sheet, err := csv.NewReader(strings.NewReader(c.get("/decisions.csv?" + query.Encode()).is(200).body)).ReadAll()
		require.NoError(t, err)
		assert.Equal(t, names, sheet[0])
		for i, row := range sheet[1:] {
			for k, cell := range row {
				assert.NotRegexp(t, "^[=+@＝＋－＠\t\r\n]|^-[^0-9]|^-[0-9].*[^0-9]", cell, "a cell that a spreadsheet would run")
				if number, err := strconv.Atoi(cell); err == nil {
					cell = strconv.Itoa(number)
				}
				assert.Equal(t, objects[i][k], strings.TrimPrefix(cell, "'"), "%s of row %d, but for the mark that defuses", names[k], i)
			}
		}
		assert.Len(t, sheet[1:], len(objects))
	}
	assert.Greater(t, met, 100, "the filters found something")
	// What a page exports by its own links is what its words say.
	page := c.get("/decisions").is(200)
	link := page.page().Find("main a[href^='/decisions.ndjson']").AttrOr("href", "")
	assert.Contains(t, page.text("main"), fmt.Sprintf("Export %d in effect", strings.Count(c.get(link).is(200).body, "\n")))
}

// some is nil for none, as what was gathered is.
func some(rows [][]string) [][]string {
	if len(rows) == 0 {
		return nil
	}
	return rows
}

// asText is a JSON value as cells have it: lists joined.
func asText(v any) string {
	switch v := v.(type) {
	case []any:
		all := make([]string, len(v))
		for i := range v {
			all[i] = asText(v[i])
		}
		return strings.Join(all, "; ")
	default:
		return fmt.Sprint(v)
	}
}

func TestColumnsThatAreNoneAreSaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	h.decided(h.opened(), review.Approve)
	c := h.as("auditor")
	for _, columns := range []string{"password", "subject,nothing", "Subject", "subject;entry", strings.Repeat("x", 10_000), "'--", "__proto__"} {
		query := url.Values{"columns": {columns}}.Encode()
		said := c.get("/decisions?" + query).is(http.StatusUnprocessableEntity)
		assert.Contains(t, said.text("[role=alert]"), "Choose columns of the list")
		assert.Zero(t, said.page().Find("tr[data-entry]").Length())
		for _, format := range []string{"csv", "ndjson", "xlsx"} {
			c.get("/decisions." + format + "?" + query).is(http.StatusBadRequest)
		}
	}
	page := c.get("/decisions?columns=outcome&columns=entry,outcome,,review").is(200)
	assert.Equal(t, []string{"Review and subject", "Outcome", "Entry"}, page.page().Find("thead th").Map(func(_ int, s *goquery.Selection) string { return strings.TrimSpace(s.Text()) }))
	assert.Equal(t, "outcome,entry,review\r\n", c.get("/decisions.csv?columns=outcome&columns=entry,outcome,,review&outcome=decline").is(200).body)
}
