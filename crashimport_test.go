package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/store"
)

// manyPayloads writes what an import takes some time for, as NDJSON.
func manyPayloads(t *testing.T, transactions int) (path string) {
	t.Helper()
	var all []byte
	for p := range sandbox.Payloads(sandbox.Options{Transactions: transactions, Seed: 11}) {
		all = append(append(all, p...), '\n')
	}
	path = filepath.Join(t.TempDir(), "many.ndjson")
	require.NoError(t, os.WriteFile(path, all, 0o600))
	return path
}

// imported runs an import to its end, and checks that the database holds what the payloads say.
func imported(t *testing.T, path, payloads string) {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Options{Hydrate: persona.Hydrate, Read: persona.Read, Bulk: true})
	require.NoError(t, err)
	defer db.Close()
	_, err = persona.Import(t.Context(), db, []string{payloads}, persona.ImportOptions{})
	require.NoError(t, err)
	again, err := persona.Import(t.Context(), db, []string{payloads}, persona.ImportOptions{})
	require.NoError(t, err)
	assert.Equal(t, again.Payloads, again.Duplicate, "all are there")
	assert.Zero(t, again.Transactions+again.ReviewsOpened)
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	require.Empty(t, problems)
}

func TestAnImportThatWasKilledIsRunAgain(t *testing.T) {
	t.Parallel()
	payloads, path := manyPayloads(t, 3000), filepath.Join(t.TempDir(), "docket.db")
	bin, err := built()
	require.NoError(t, err)
	dice := rand.New(rand.NewPCG(3, uint64(*crashRounds)))
	killed := 0
	for range max(8, *crashRounds/5) {
		cmd := exec.Command(bin, "import", "--db", path, payloads)
		require.NoError(t, cmd.Start())
		time.AfterFunc(time.Duration(20+dice.IntN(1500))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		if err := cmd.Wait(); err != nil {
			killed++
		}
	}
	require.Positive(t, killed)
	imported(t, path, payloads)
}

func TestAnImportWhoseDiskFailsSaysSoAndIsRunAgain(t *testing.T) {
	t.Parallel()
	payloads := manyPayloads(t, 1200)
	traceable(t)
	bin, err := built()
	require.NoError(t, err)
	// Each thread of the process counts for itself.
	for _, inject := range []string{
		"pwrite64:error=ENOSPC:when=40..90", "pwrite64:error=EIO:when=25+",
		"fsync:error=EIO:when=2+", "pread64:error=EIO:when=20+",
	} {
		path := filepath.Join(t.TempDir(), "docket.db")
		cmd := exec.Command("strace", strace(inject, bin, "import", "--db", path, payloads)...)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // strace's child outlives strace
		err := cmd.Run()
		require.Error(t, err, "%s: no fault was met", inject)
		assert.Equal(t, exitFailed, cmd.ProcessState.ExitCode(), "%s: %s", inject, &errs)
		assert.Contains(t, errs.String(), "docket: ", inject)
		imported(t, path, payloads)
	}
}
