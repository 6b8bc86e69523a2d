package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAPackIsTakenAndVerifiedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	require.Equal(t, exitDone, command(t, "", "generate", "--transactions", "20", "--out", at("in.ndjson")).code)
	require.Equal(t, exitDone, command(t, "", "import", "--db", at("a.db"), at("in.ndjson")).code)
	got := command(t, "", "evidence", "--db", at("a.db"), "R-1", "--out", at("one.zip"))
	require.Equal(t, exitDone, got.code, got.err)
	key := command(t, "", "ledger", "key", "--db", at("a.db"))
	require.Equal(t, exitDone, key.code, key.err)
	require.NoError(t, os.WriteFile(at("key.pub"), []byte(key.out), 0o600))
	pack, err := os.ReadFile(at("one.zip"))
	require.NoError(t, err)
	require.Equal(t, exitDone, command(t, "", "evidence", "--db", at("a.db"), "R-1", "--out", at("again.zip")).code)
	again, err := os.ReadFile(at("again.zip"))
	require.NoError(t, err)
	require.Equal(t, pack, again, "nothing happened in between")
	cut := bytes.Clone(pack)
	cut[bytes.Index(cut, []byte("opened-review"))] ^= 1
	require.NoError(t, os.WriteFile(at("changed.zip"), cut, 0o600))

	for _, c := range []struct {
		code int
		says string // on stderr
		args []string
	}{
		{exitDone, "", []string{"verify", at("one.zip"), "--key", at("key.pub")}},
		{exitDone, "key inside the pack", []string{"verify", at("one.zip")}},
		{exitRefused, "entries/R-1.ndjson, line 1", []string{"verify", at("changed.zip"), "--key", at("key.pub")}},
		{exitRefused, "not that of an evidence pack", []string{"verify", at("key.pub")}},
		{exitUsage, "name an evidence pack", []string{"verify"}},
		{exitUsage, "public key", []string{"verify", at("one.zip"), "--key", at("one.zip")}},
		{exitFailed, "no such file", []string{"verify", at("none.zip")}},
		{exitRefused, "R-999 is not in", []string{"evidence", "--db", at("a.db"), "R-999", "--out", at("no.zip")}},
		{exitUsage, "write it as R-1042", []string{"evidence", "--db", at("a.db"), "one", "--out", at("no.zip")}},
		{exitUsage, "name a review", []string{"evidence", "--db", at("a.db"), "--out", at("no.zip")}},
		{exitUsage, "not both", []string{"evidence", "--db", at("a.db"), "R-1", "--sample", "3", "--out", at("no.zip")}},
		{exitUsage, "none of these has a decision", []string{"evidence", "--db", at("a.db"), "--from", "2001-01-01", "--out", at("no.zip")}},
		{exitUsage, "--seed", []string{"evidence", "--db", at("a.db"), "--sample", "3", "--out", at("no.zip")}},
	} {
		got := command(t, "", c.args...)
		assert.Equal(t, c.code, got.code, "%v: %s", c.args, got.err)
		assert.Contains(t, got.err, c.says, "%v", c.args)
	}
	assert.NoFileExists(t, at("no.zip"))

	var said struct {
		OK       bool
		Reviews  int
		Evidence int
		Failure  struct{ File string }
	}
	require.NoError(t, json.Unmarshal([]byte(command(t, "", "verify", at("one.zip"), "--json").out), &said))
	assert.True(t, said.OK)
	assert.Equal(t, 1, said.Reviews)
	assert.Equal(t, 1, said.Evidence, "the digest of the evidence is made again from the states")
	require.NoError(t, json.Unmarshal([]byte(command(t, "", "verify", at("changed.zip"), "--json").out), &said))
	assert.False(t, said.OK)
	assert.Equal(t, "entries/R-1.ndjson", said.Failure.File)

	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 here: the second verifier is not tested")
	}
	for _, c := range []struct {
		code int
		args []string
	}{
		{exitDone, []string{at("one.zip"), "--key", at("key.pub")}}, {exitDone, []string{at("one.zip")}}, {exitRefused, []string{at("changed.zip")}},
		{exitUsage, nil}, {exitFailed, []string{at("none.zip")}},
	} {
		cmd := exec.CommandContext(t.Context(), python, append([]string{"docs/verify.py"}, c.args...)...)
		said, _ := cmd.CombinedOutput()
		assert.Equal(t, c.code, cmd.ProcessState.ExitCode(), "%v: %s", c.args, said)
	}
}
