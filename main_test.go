package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/store"
)

// answer is what one command said.
type answer struct {
	code     int
	out, err string
}

// command runs docket with the words of its command line.
func command(t *testing.T, stdin string, args ...string) answer {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(t.Context(), args, streams{strings.NewReader(stdin), &out, &errs})
	return answer{code, out.String(), errs.String()}
}

const account = `{"data":{"type":"account","id":"act_1","attributes":{"created-at":"2026-03-01T09:00:00.000Z"}}}`

func TestExitCodesSayWhatHappened(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	require.NoError(t, os.WriteFile(at("one.json"), []byte(account), 0o600))
	require.NoError(t, os.WriteFile(at("cut.json"), []byte(account[:40]), 0o600))
	require.NoError(t, os.WriteFile(at("text"), []byte(strings.Repeat("no database at all ", 300)), 0o600))
	require.Equal(t, exitDone, command(t, "", "import", "--db", at("a.db"), at("one.json")).code)
	for _, c := range []struct {
		code int
		says string // on stderr
		args []string
	}{
		{exitDone, "", []string{"import", "--db", at("a.db"), at("one.json")}},
		{exitDone, "", []string{"check", "--db", at("a.db")}},
		{exitDone, "", []string{"rebuild", "--db", at("a.db")}},
		{exitDone, "", []string{"export", "decisions", "--db", at("a.db"), "--from", "2026-03-01", "--to", "2026-03-01"}},
		{exitDone, "", []string{"export", "dispositions", "--db", at("a.db"), "--format", "ndjson"}},
		{exitDone, "", []string{"export", "trail", "--db", at("a.db"), "--to", "2026-03-01"}},
		{exitDone, "", []string{"user", "list", "--db", at("a.db")}},
		{exitDone, "", []string{"version"}},
		{exitRefused, "quarantine", []string{"import", "--db", at("a.db"), at("cut.json")}},
		{exitRefused, "no colleague nobody", []string{"user", "disable", "--db", at("a.db"), "nobody"}},
		{exitUsage, "expected one of", nil},
		{exitUsage, "unexpected argument", []string{"improt"}},
		{exitUsage, "--db", []string{"import", at("one.json")}},
		{exitUsage, "no such file", []string{"import", "--db", at("a.db"), at("gone.json")}},
		{exitUsage, "at least one", []string{"generate", "--transactions", "0"}},
		{exitUsage, "--to is before --from", []string{"export", "decisions", "--db", at("a.db"), "--from", "2026-03-02", "--to", "2026-03-01"}},
		{exitUsage, "--password-file", []string{"user", "add", "--db", at("a.db"), "anna", "--role", "lead"}},
		{exitUsage, "lower-case", []string{"user", "disable", "--db", at("a.db"), "An na"}},
		{exitUsage, "other machines", []string{"serve", "--db", at("a.db"), "--addr", "0.0.0.0:0"}},
		{exitUsage, "other machines", []string{"demo", "--addr", "0.0.0.0:0"}},
		{exitFailed, "no such database", []string{"check", "--db", at("gone.db")}},
		{exitFailed, "folder that docket may write to", []string{"import", "--db", at("gone/a.db"), at("one.json")}},
		{exitFailed, "must name a docket database", []string{"import", "--db", at("text"), at("one.json")}},
		{exitFailed, "must name a docket database", []string{"import", "--db", dir, at("one.json")}},
		{exitFailed, "another address", []string{"serve", "--db", at("a.db"), "--addr", "127.0.0.1:99999"}},
	} {
		got := command(t, "", c.args...)
		assert.Equal(t, c.code, got.code, "%v: %s", c.args, got.err)
		assert.Contains(t, got.err, c.says, c.args)
		if c.code == exitDone {
			assert.Empty(t, got.err, c.args)
		} else {
			assert.Contains(t, lastLine(got.err), "docket: ", c.args)
		}
		if c.code > exitRefused {
			assert.Empty(t, got.out, c.args)
			assert.Equal(t, 1, strings.Count(got.err, "\n"), "one line: %s", got.err)
		}
	}
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	return lines[len(lines)-1]
}

func TestImportSaysItsCountsAsOneObject(t *testing.T) {
	t.Parallel()
	db := filepath.Join(t.TempDir(), "a.db")
	got := command(t, account+"\n"+account[:40]+"\n"+account, "import", "--db", db, "--json", "-")
	assert.Equal(t, exitRefused, got.code)
	var counts map[string]int
	dec := json.NewDecoder(strings.NewReader(got.out))
	require.NoError(t, dec.Decode(&counts))
	assert.Equal(t, map[string]int{"payloads": 3, "new": 1, "duplicate": 1, "quarantined": 1, "resources": 1, "transactions": 0, "reviews_opened": 0}, counts)
	_, err := dec.Token()
	assert.ErrorIs(t, err, io.EOF, "nothing but the object")
}

func TestAFileNameCannotWriteLinesOfItsOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x\ndocket: all is well\x1b[2J.json"), []byte("{"), 0o600))
	got := command(t, "", "import", "--db", filepath.Join(t.TempDir(), "a.db"), dir)
	assert.Equal(t, exitRefused, got.code)
	assert.Equal(t, 2, strings.Count(got.err, "\n"), got.err)
	assert.NotContains(t, got.err, "\x1b")
}

func TestAPipeInAFolderIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "pipe.json"), 0o600))
	got := command(t, "", "import", "--db", filepath.Join(t.TempDir(), "a.db"), dir)
	assert.Equal(t, exitDone, got.code, got.err)
}

func TestWhatAPersonCanMendIsRefusedAndNoFault(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	add := []string{"user", "add", "anna", "--role", "admin", "--password-file", "-", "--db", path}
	require.Equal(t, exitDone, command(t, "a long enough phrase\n", add...).code)
	for says, args := range map[string][]string{
		"this one is taken":             add,
		"Make someone else an admin":    {"user", "disable", "anna", "--db", path},
		"there is no colleague bernard": {"user", "disable", "bernard", "--db", path},
	} {
		got := command(t, "a long enough phrase\n", args...)
		assert.Equal(t, exitRefused, got.code, args)
		assert.Contains(t, got.err, says)
		assert.NotContains(t, got.err, "invalid")
		assert.Equal(t, 1, strings.Count(got.err, "\n"))
	}
}

func TestWhatReportsDoesSoAsOneJSONObject(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	require.Equal(t, exitDone, command(t, "a long enough phrase\n", "user", "add", "anna", "--role", "admin", "--password-file", "-", "--db", path).code)
	got := command(t, "", "user", "list", "--json", "--db", path)
	assert.Equal(t, exitDone, got.code, got.err)
	assert.JSONEq(t, `{"colleagues":[{"username":"anna","name":"anna","role":"admin","disabled":false,"signed_in_at":null}]}`, got.out)
	got = command(t, "", "check", "--json", "--db", path)
	assert.Equal(t, exitDone, got.code, got.err)
	assert.JSONEq(t, `{"ok":true,"problems":[]}`, got.out)

	raw, err := sql.Open("sqlite", "file:"+path)
	require.NoError(t, err)
	for _, q := range []string{`DROP TRIGGER entry_holds`, `UPDATE entry SET note = 'x' WHERE id = 2`} {
		_, err = raw.ExecContext(t.Context(), q)
		require.NoError(t, err)
	}
	require.NoError(t, raw.Close())
	got = command(t, "", "check", "--json", "--db", path)
	assert.Equal(t, exitRefused, got.code)
	assert.Contains(t, got.out, `{"ok":false,"problems":["the ledger does not prove from entry 2: `)
	assert.Equal(t, 1, strings.Count(got.out, "\n"))
	assert.Contains(t, got.err, "1 problems found")
}

func TestAnInterruptEndsWaitingForInput(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"import", "-"},
		{"user", "add", "anna", "--role", "lead", "--password-file", "-"},
	} {
		silent, w := io.Pipe()
		t.Cleanup(func() { _ = w.Close() })
		ctx, interrupt := context.WithCancel(t.Context())
		var out, errs bytes.Buffer
		ended := make(chan int)
		go func() {
			ended <- run(ctx, append(args, "--db", filepath.Join(t.TempDir(), "a.db")), streams{silent, &out, &errs})
		}()
		interrupt()
		assert.Equal(t, exitFailed, <-ended, args)
		assert.Contains(t, errs.String(), "stopped before the end", args)
	}
}

func TestADatabaseInTheMiddleOfARebuildIsNotServed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.db")
	require.Equal(t, exitDone, command(t, account, "import", "--db", path, "-").code)
	db, err := store.Open(t.Context(), path, store.Options{Hydrate: persona.Hydrate})
	require.NoError(t, err)
	ctx, cut := context.WithCancel(t.Context())
	require.Error(t, db.Rebuild(ctx, func(b []byte) review.Reading {
		cut()
		return persona.Read(b)
	}, nil))
	require.NoError(t, db.Close())

	for _, args := range [][]string{{"import", "--db", path, "-"}, {"serve", "--db", path, "--addr", "127.0.0.1:0"}} {
		got := command(t, account, args...)
		assert.Equal(t, exitFailed, got.code, args)
		assert.Contains(t, got.err, "run docket rebuild", args)
	}
	require.Equal(t, exitDone, command(t, "", "rebuild", "--db", path).code)
	assert.Equal(t, exitDone, command(t, account, "import", "--db", path, "-").code)
}

func TestInquiriesAndCasesAreReviewedWhereAskedFor(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	firm := filepath.Join("persona", "testdata", "cases", "case-business-and-two-people.json")
	opened := func(args ...string) float64 {
		t.Helper()
		got := command(t, "", append([]string{"import", "--json"}, args...)...)
		require.Equal(t, exitDone, got.code, got.err)
		var counts map[string]float64
		require.NoError(t, json.Unmarshal([]byte(got.out), &counts))
		return counts["reviews_opened"]
	}
	assert.Equal(t, 1.0, opened("--db", path, firm), "the transaction alone")
	assert.Equal(t, 3.0, opened("--db", path+"2", "--case-status", "Open", "--inquiry-status", "needs-review", firm))

	open := func() []string {
		t.Helper()
		db, err := store.Open(t.Context(), path, store.Options{Hydrate: persona.Hydrate})
		require.NoError(t, err)
		defer db.Close()
		page, err := db.Queue(t.Context(), review.QueueQuery{})
		require.NoError(t, err)
		var roots []string
		for _, r := range page.Rows {
			roots = append(roots, r.Root.String())
		}
		return roots
	}
	require.Equal(t, exitDone, command(t, "", "rebuild", "--db", path, "--case-status", "open").code)
	assert.ElementsMatch(t, []string{"transaction/txn_firm", "case/case_firm"}, open())
	require.Equal(t, exitDone, command(t, "", "rebuild", "--db", path).code)
	assert.ElementsMatch(t, []string{"transaction/txn_firm", "case/case_firm"}, open(), "the database remembers")
	require.Equal(t, exitDone, command(t, "", "rebuild", "--db", path, "--case-status", "none").code)
	assert.Equal(t, []string{"transaction/txn_firm"}, open())
	assert.Equal(t, exitDone, command(t, "", "check", "--db", path).code)
}
