package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
)

// shelf is a keeper that tells of each checkpoint that it was given.
type shelf chan string

func (k shelf) String() string { return "shelf" }
func (k shelf) keep(ctx context.Context, signed string) error {
	select {
	case k <- signed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// deaf is a keeper that answers only when it is let go.
type deaf chan struct{}

func (k deaf) String() string { return "deaf" }
func (k deaf) keep(ctx context.Context, _ string) error {
	select {
	case <-k:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// left waits for what a keeper is given.
func (k shelf) left(t *testing.T) string {
	t.Helper()
	select {
	case signed := <-k:
		return signed
	case <-time.After(20 * time.Second):
		require.Fail(t, "no checkpoint left")
		return ""
	}
}

func anExport() store.Export {
	return store.Export{What: "decisions", Format: "csv", Via: "command line"}
}

func TestTheCheckpointOfAnExportLeavesAtOnceWhateverOtherKeepersDo(t *testing.T) {
	t.Parallel()
	_, db := signedStore(t)
	kept := make(shelf)
	w := newWatch(db, []keeper{make(deaf), kept, &stubborn{fails: true}}, 24*time.Hour, time.Now, slog.New(slog.DiscardHandler))
	w.tick = 24 * time.Hour // nothing but the signing itself can bring it out
	ctx, end := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { w.run(ctx); close(ended) }()
	newest := func() review.SignedCheckpoint {
		c, err := db.NewestCheckpoint(t.Context())
		require.NoError(t, err)
		return c
	}
	first := kept.left(t)
	assert.Equal(t, newest().Note, first)
	for range 2 {
		_, err := db.Exported(t.Context(), anExport())
		require.NoError(t, err, "a keeper that fails, or does not answer, fails no export")
		assert.Equal(t, newest().Note, kept.left(t))
	}
	_, err := db.Exported(t.Context(), anExport())
	require.NoError(t, err)
	third := newest()
	assert.Equal(t, review.CheckpointExported, third.Why)
	assert.Equal(t, third.Note, kept.left(t))
	end()
	<-ended
}

func TestAKeeperThatWasAwayIsGivenWhatItMissed(t *testing.T) {
	t.Parallel()
	_, db := signedStore(t)
	now := time.Now()
	k := &stubborn{}
	f := feed(db, []keeper{k}, func() time.Time { return now }, slog.New(slog.DiscardHandler))[0]
	sign := func() string {
		_, err := db.Exported(t.Context(), anExport())
		require.NoError(t, err)
		c, err := db.NewestCheckpoint(t.Context())
		require.NoError(t, err)
		return c.Note
	}
	sign()
	notes := []string{sign()}
	require.NoError(t, f.bring(t.Context()))
	assert.Equal(t, notes, k.got, "whoever is new gets the newest")
	k.fails = true
	notes = append(notes, sign(), sign(), sign())
	require.NoError(t, f.bring(t.Context()))
	assert.Equal(t, now.Add(keepAgain), f.until)
	require.NoError(t, f.bring(t.Context()))
	assert.Equal(t, now.Add(2*keepAgain), f.until, "longer each time")
	all, err := db.Checkpoints(t.Context(), 3)
	require.NoError(t, err)
	require.Len(t, all[2].Kept, 1)
	assert.Equal(t, review.Keeping{Keeper: "stubborn", Tries: 2, At: all[2].Kept[0].At, Problem: "unexpected EOF"}, all[2].Kept[0], "that it failed is said")
	assert.Empty(t, all[0].Kept)
	k.fails = false
	require.NoError(t, f.bring(t.Context()))
	assert.Equal(t, notes, k.got, "each, oldest first: a pack was taken under one of them")
	assert.Zero(t, f.until)
	require.NoError(t, f.bring(t.Context()))
	assert.Len(t, k.got, 4, "and none twice")
}

func TestACommandThatSignsBringsItsCheckpointOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	require.Equal(t, exitDone, command(t, "", "generate", "--transactions", "20", "--out", at("in.ndjson")).code)
	require.Equal(t, exitDone, command(t, "", "import", "--db", at("a.db"), at("in.ndjson")).code)
	for _, args := range [][]string{{"export", "--db", at("a.db"), "trail", "--out", at("trail.csv")}, {"evidence", "--db", at("a.db"), "R-1", "--out", at("one.zip")}} {
		roots := at(args[0] + ".txt")
		got := command(t, "", append(args, "--checkpoint-file", filepath.Join(dir, "none", "x"))...)
		assert.Equal(t, exitDone, got.code, "it is written all the same: %s", got.err)
		assert.Contains(t, got.err, "checkpoint did not leave")
		assert.Contains(t, got.err, "no such file or directory")
		got = command(t, "", append(args, "--checkpoint-file", roots)...)
		require.Equal(t, exitDone, got.code, got.err)
		assert.Equal(t, exitDone, command(t, "", "verify", "--db", at("a.db"), "--checkpoints", roots).code)
	}
	assert.FileExists(t, at("trail.csv"))
	pack, err := os.ReadFile(at("one.zip"))
	require.NoError(t, err)
	checkpoint, err := review.ReadPack(bytes.NewReader(pack), int64(len(pack)), review.PackCheckpoint)
	require.NoError(t, err)
	kept, err := os.ReadFile(at("evidence.txt"))
	require.NoError(t, err)
	assert.Equal(t, string(checkpoint)+"\n", string(kept), "the very one that the pack was taken under")
	got := command(t, "", "evidence", "--db", at("a.db"), "R-1", "--out", at("two.zip"), "--checkpoint-command", "no-such-program-here")
	assert.Equal(t, exitUsage, got.code)
	assert.NoFileExists(t, at("two.zip"))
}
