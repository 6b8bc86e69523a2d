package web_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/web"
)

// officeCell is a cell as LibreOffice has it after it opened a file: what it took for a number, a date or
// a formula has no text type.
type officeCell struct {
	Formula string
	Type    string
	Text    string
}

// inOffice opens a file by LibreOffice, as a colleague would, and gives the cells of its rows.
func inOffice(t *testing.T, format string, body []byte) [][]officeCell {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil && os.Getenv("DOCKET_OFFICE") != "required" {
		t.Skip("LibreOffice (soffice) is not installed: what a spreadsheet makes of exports is not tested here")
	}
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "export."+format), body, 0o600))
	args := []string{"-env:UserInstallation=file://" + dir + "/profile", "--headless", "--convert-to", "fods", "--outdir", dir}
	if format == "csv" {
		args = append(args, "--infilter=CSV:44,34,76,1") // commas, quotes, UTF-8, from the first line
	}
	said, err := exec.CommandContext(t.Context(), office, append(args, filepath.Join(dir, "export."+format))...).CombinedOutput()
	require.NoError(t, err, string(said))
	raw, err := os.ReadFile(filepath.Join(dir, "export.fods"))
	require.NoError(t, err, string(said))
	return officeRows(t, raw)
}

// officeRows reads the rows of a flat OpenDocument spreadsheet. Runs of spaces, tabs and line breaks are
// elements there.
func officeRows(t *testing.T, raw []byte) (rows [][]officeCell) {
	t.Helper()
	attr := func(e xml.StartElement, name string) string {
		for _, a := range e.Attr {
			if a.Name.Local == name {
				return a.Value
			}
		}
		return ""
	}
	var cell *officeCell
	paragraphs := 0
	for d := xml.NewDecoder(bytes.NewReader(raw)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return rows
		}
		require.NoError(t, err)
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "table-row":
				rows = append(rows, nil)
			case "table-cell":
				row := &rows[len(rows)-1]
				*row = append(*row, officeCell{Formula: attr(e, "formula"), Type: attr(e, "value-type")})
				cell, paragraphs = &(*row)[len(*row)-1], 0
			case "p":
				if paragraphs++; cell != nil && paragraphs > 1 {
					cell.Text += "\n"
				}
			case "s":
				n, err := strconv.Atoi(attr(e, "c"))
				if err != nil {
					n = 1
				}
				cell.Text += strings.Repeat(" ", n)
			case "tab":
				cell.Text += "\t"
			}
		case xml.EndElement:
			if e.Name.Local == "table-cell" {
				cell = nil
			}
		case xml.CharData:
			if cell != nil && paragraphs > 0 && strings.TrimSpace(string(e)) != "" {
				cell.Text += string(e)
			}
		}
	}
}

func TestASpreadsheetReadsWhatWasWritten(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"csv", "xlsx"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			require.NoError(t, web.WriteTexts(&out, format, hostileTexts, 1, 0))
			rows := inOffice(t, format, out.Bytes())
			require.GreaterOrEqual(t, len(rows), 2)
			for i, sent := range hostileTexts {
				got := rows[1][i]
				assert.Empty(t, got.Formula, "%q runs", sent)
				assert.Equal(t, "string", got.Type, "%q", sent)
				if strings.ContainsAny(sent, "\x01\x1f") || !utf8.ValidString(sent) {
					continue // what XML cannot hold, a spreadsheet shows as it likes
				}
				want := strings.NewReplacer("\x00", "\uFFFD", "\r", "\n").Replace(sent)
				if format == "csv" && strings.IndexAny(sent, "=+-@\t\r\n\x00\uFF1D\uFF0B\uFF0D\uFF20") == 0 {
					want = "'" + want
				}
				assert.Equal(t, want, strings.ReplaceAll(got.Text, "\r", "\n"), "%q", sent)
			}
		})
	}
}
