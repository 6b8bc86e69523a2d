package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCompareSaysWhyInWords(t *testing.T) {
	t.Parallel()
	got := command(t, "", "compare", "Orlan Temur Kasymbek", "KASYMBEK, Orlan Viktor", "--ofac")
	require.Equal(t, exitDone, got.code, got.err)
	for _, says := range []string{"close: One part is replaced by another: “Temur” and “Viktor”.", "rule name/replaced", "same", "(family)", "strength 0.", "a part replaced", "OFAC's search tool would say"} {
		assert.Contains(t, got.out, says)
	}
	assert.Contains(t, command(t, "", "compare", "--kind", "business", "Velmar Ltd", "Velmar Limited").out, "agree: Same name.")
	hostile := command(t, "", "compare", "Or\x1b[31mlan\u202e", "Orlan")
	assert.NotContains(t, hostile.out, "\x1b")
	assert.NotContains(t, hostile.out, "\u202e")
}

func TestComparePairsKeepsRowsAndColumns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "pairs.csv"), filepath.Join(dir, "out.csv")
	require.NoError(t, os.WriteFile(in, []byte("\ufeffid,schema,name1,name2,is_match,quality,case_group\n"+
		"7,Person,Mirela Vask,\"VASK, Mirela\",true,STRONG,a\n"+
		"3,Company,\"Bank, of Arvenia\",Bank of Belmora,false,STRONG,a\n"+
		"5,Person,,Mirela Vask,,,\n"+
		"9,Person,Hasan Rawendi,Hasan Tikruni,false,MEDIUM,synth_a\n"), 0o600))
	got := command(t, "", "compare", "--pairs", in, "--out", out)
	require.Equal(t, exitDone, got.code, got.err)
	f, err := os.Open(out)
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 5)
	assert.Equal(t, []string{"id", "schema", "name1", "name2", "is_match", "quality", "case_group", "strength", "verdict"}, rows[0])
	for i, want := range []struct{ id, verdict string }{{"7", "agree"}, {"3", "conflict"}, {"5", "missing-subject"}, {"9", "conflict"}} {
		assert.Equal(t, want.id, rows[i+1][0])
		assert.Equal(t, want.verdict, rows[i+1][8], rows[i+1])
		s, err := strconv.ParseFloat(rows[i+1][7], 64)
		require.NoError(t, err)
		assert.True(t, s >= 0 && s <= 1)
	}
	assert.Equal(t, "Bank, of Arvenia", rows[2][2], "what needs quotes keeps them")
	again := command(t, "", "compare", "--pairs", out)
	once, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, string(once), again.out, "columns that are there are written anew, not twice")
	report := command(t, "", "compare", "--pairs", in, "--report")
	require.Equal(t, exitDone, report.code, report.err)
	assert.Contains(t, report.out, "3 pairs", "a row without a label counts for nothing")
	assert.Contains(t, report.out, "proposed by a model")
}

func TestCompareRefusesWrongUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	for says, args := range map[string][]string{
		"name two":           {"compare", "one"},
		"not both":           {"compare", "--pairs", "x.csv", "a", "b"},
		"go with --pairs":    {"compare", "--report", "a", "b"},
		"no such file":       {"compare", "--pairs", filepath.Join(dir, "gone.csv")},
		"no column schema":   {"compare", "--pairs", at("a.csv", "name1,name2\na,b\n")},
		"no column is_match": {"compare", "--report", "--pairs", at("b.csv", "schema,name1,name2\nPerson,a,b\n")},
		"as many cells":      {"compare", "--pairs", at("c.csv", "schema,name1,name2\nPerson,a\n")},
		"is empty":           {"compare", "--pairs", at("d.csv", "")},
	} {
		got := command(t, "", args...)
		assert.Equal(t, exitUsage, got.code, "%v: %s", args, got.err)
		assert.Contains(t, got.err, says)
		assert.Equal(t, 1, strings.Count(got.err, "\n"))
	}
}
