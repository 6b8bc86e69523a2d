package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/store"
)

// signedStore is a database with a key beside it and one colleague.
func signedStore(t *testing.T) (keyed, *store.DB) {
	t.Helper()
	k := keyed{database: database{DB: filepath.Join(t.TempDir(), "docket.db")}}
	db, err := k.open(t.Context(), false, store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	require.NoError(t, db.AddColleague(t.Context(), review.Colleague{ID: "anna", Name: "Anna Vintermoor", Role: review.RoleLead}, "x", ""))
	return k, db
}

func TestTheLedgerKeyIsMadeOnceAndKeptPrivate(t *testing.T) {
	t.Parallel()
	k, db := signedStore(t)
	info, err := os.Stat(k.keyPath())
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	public := db.LedgerPublic()
	require.NoError(t, db.Close())

	var out, said bytes.Buffer
	require.Equal(t, exitDone, run(t.Context(), []string{"ledger", "key", "--db", k.DB}, streams{nil, &out, &said}), said.String())
	assert.Equal(t, string(public)+"\n", out.String())
	beside, err := os.ReadFile(k.publicPath())
	require.NoError(t, err)
	assert.Equal(t, out.String(), string(beside))
	assert.Empty(t, k.missingKey())

	require.NoError(t, os.Chmod(k.keyPath(), 0o640))
	_, err = k.open(t.Context(), true, store.Options{})
	require.ErrorContains(t, err, "can be read by others")
	require.NoError(t, os.Chmod(k.keyPath(), 0o600))
	other := keyed{database: database{DB: filepath.Join(t.TempDir(), "other.db")}, LedgerKey: k.keyPath()}
	_, err = other.open(t.Context(), false, store.Options{})
	require.ErrorContains(t, err, "is the key of another ledger")
	require.NoError(t, os.Remove(k.keyPath()))
	assert.Equal(t, []string{"ledger key"}, k.missingKey())

	require.NoError(t, os.WriteFile(k.keyPath(), nil, 0o600))
	_, err = k.open(t.Context(), true, store.Options{})
	require.ErrorContains(t, err, "remove the file", "what a stop in the middle of making it leaves")
}

func TestALedgerIsSignedByOneKeyAllItsLife(t *testing.T) {
	t.Parallel()
	k, db := signedStore(t)
	_, err := db.Checkpoint(t.Context(), review.CheckpointAsked)
	require.NoError(t, err)
	origin, public := db.LedgerPublic(), k.publicPath()
	require.NoError(t, db.Close())
	key, err := os.ReadFile(k.keyPath())
	require.NoError(t, err)
	beside, err := os.ReadFile(public)
	require.NoError(t, err)

	refusesToSign := func(what string) {
		t.Helper()
		for _, command := range [][]string{{"export", "decisions"}, {"ledger", "key"}, {"serve", "--addr", "127.0.0.1:0"}} {
			var out, said bytes.Buffer
			assert.Equal(t, exitFailed, run(t.Context(), append(command, "--db", k.DB), streams{nil, &out, &said}), "%s: %s", what, command)
			assert.Contains(t, said.String(), "--ledger-key", "%s: %s", what, command)
		}
		again, err := os.ReadFile(public)
		require.NoError(t, err)
		assert.Equal(t, string(beside), string(again), what)
	}
	require.NoError(t, os.Remove(k.keyPath()))
	refusesToSign("the key is gone")
	assert.NoFileExists(t, k.keyPath(), "none is made in its place")
	name, _, _ := strings.Cut(string(origin), "+")
	other, err := review.NewLedgerKey(rand.Reader, name)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(k.keyPath(), []byte(other+"\n"), 0o600))
	refusesToSign("another key")

	require.NoError(t, os.WriteFile(k.keyPath(), key, 0o600))
	db, err = k.open(t.Context(), true, store.Options{})
	require.NoError(t, err)
	require.NoError(t, db.AddColleague(t.Context(), review.Colleague{ID: "ben", Name: "Ben Oduya-Lindt", Role: review.RoleLead}, "x", ""))
	_, err = db.Checkpoint(t.Context(), review.CheckpointAsked)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	var out, said bytes.Buffer
	assert.Equal(t, exitDone, run(t.Context(), []string{"verify", "--db", k.DB}, streams{nil, &out, &said}), said.String())
}

func TestVerifyTellsAWholeLedgerFromABrokenOne(t *testing.T) {
	t.Parallel()
	k, db := signedStore(t)
	made, err := db.Checkpoint(t.Context(), review.CheckpointAsked)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	older, err := os.ReadFile(k.DB)
	require.NoError(t, err)
	db, err = k.open(t.Context(), true, store.Options{})
	require.NoError(t, err)
	require.NoError(t, db.AddColleague(t.Context(), review.Colleague{ID: "ben", Name: "Ben Oduya-Lindt", Role: review.RoleLead}, "x", ""))
	later, err := db.Checkpoint(t.Context(), review.CheckpointAsked)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	roots := filepath.Join(t.TempDir(), "roots.txt")
	require.NoError(t, os.WriteFile(roots, []byte(made.Note+"\n"+later.Note+"\n"), 0o600))
	verify := func(args ...string) (int, string, string) {
		var out, said bytes.Buffer
		code := run(t.Context(), append([]string{"verify", "--db", k.DB}, args...), streams{nil, &out, &said})
		return code, out.String(), said.String()
	}
	code, out, said := verify("--checkpoints", roots)
	require.Equal(t, exitDone, code, said)
	assert.Contains(t, out, "whole: 3 entries")
	assert.Contains(t, out, "4 checkpoints fit")
	code, out, _ = verify("--json", "--key", k.publicPath())
	require.Equal(t, exitDone, code)
	assert.Contains(t, out, `"whole":true`)

	require.NoError(t, os.WriteFile(k.DB, older, 0o600))
	code, _, _ = verify()
	assert.Equal(t, exitDone, code, "an older file alone is whole")
	code, _, said = verify("--checkpoints", roots)
	assert.Equal(t, exitRefused, code)
	assert.Contains(t, said, "does not prove from entry 3:")
	require.NoError(t, os.WriteFile(roots, []byte(strings.Replace(made.Note, "\n2\n", "\n3\n", 1)), 0o600))
	code, _, said = verify("--checkpoints", roots)
	assert.Equal(t, exitRefused, code, said)
	code, _, _ = verify("pack.zip")
	assert.Equal(t, exitUsage, code, "a pack or a database")
}

// stubborn is a keeper that fails until it is told not to.
type stubborn struct {
	fails bool
	got   []string
}

func (k *stubborn) String() string { return "stubborn" }
func (k *stubborn) keep(_ context.Context, signed string) error {
	if k.fails {
		return io.ErrUnexpectedEOF
	}
	k.got = append(k.got, signed)
	return nil
}

func TestCheckpointsLeaveAndAreTriedAgain(t *testing.T) {
	t.Parallel()
	_, db := signedStore(t)
	now := time.Now()
	k := &stubborn{fails: true}
	w := newWatch(db, []keeper{k}, 15*time.Minute, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	step := func() review.SignedCheckpoint {
		t.Helper()
		require.NoError(t, w.step(t.Context()))
		for _, f := range w.feeders {
			if !now.Before(f.until) {
				require.NoError(t, f.bring(t.Context()))
			}
		}
		c, err := db.NewestCheckpoint(t.Context())
		require.NoError(t, err)
		return c
	}
	first := step()
	assert.Equal(t, review.CheckpointStarted, first.Why)
	require.Len(t, first.Kept, 1)
	assert.Equal(t, "unexpected EOF", first.Kept[0].Problem)
	assert.Equal(t, 1, step().Kept[0].Tries, "not again at once")
	k.fails, now = false, now.Add(keepAgain)
	kept := step()
	assert.Equal(t, 2, kept.Kept[0].Tries)
	assert.Empty(t, kept.Kept[0].Problem)
	assert.Equal(t, []string{first.Note}, k.got)
	now = now.Add(time.Hour)
	assert.Equal(t, first.ID, step().ID, "nothing was added")
	require.NoError(t, db.AddColleague(t.Context(), review.Colleague{ID: "ben", Name: "Ben", Role: review.RoleLead}, "x", ""))
	second := step()
	assert.Equal(t, review.CheckpointTime, second.Why)
	assert.Equal(t, []string{first.Note, second.Note}, k.got)
	size, _, broken := db.LedgerWhole()
	assert.Equal(t, second.Size, size)
	assert.Nil(t, broken)
}

func TestKeepersKeepWhatTheyAreGiven(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := fileKeeper(filepath.Join(dir, "roots.txt"))
	require.NoError(t, file.keep(t.Context(), "one\n"))
	require.NoError(t, file.keep(t.Context(), "two\n"))
	raw, err := os.ReadFile(string(file))
	require.NoError(t, err)
	assert.Equal(t, "one\n\ntwo\n\n", string(raw))
	require.EqualError(t, fileKeeper(filepath.Join(dir, "none", "x")).keep(t.Context(), "x"), "no such file or directory")

	all, err := keeping{CheckpointCommand: []string{"tee", filepath.Join(dir, "$(touch x); a b")}}.keepers()
	require.NoError(t, err)
	require.NoError(t, all[0].keep(t.Context(), "three\n"))
	raw, err = os.ReadFile(filepath.Join(dir, "$(touch x); a b"))
	require.NoError(t, err, "no shell reads it")
	assert.Equal(t, "three\n", string(raw))
	all, err = keeping{CheckpointCommand: []string{"false"}}.keepers()
	require.NoError(t, err)
	require.EqualError(t, all[0].keep(t.Context(), "x"), "it ended with exit status 1")

	var got string
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got = string(b)
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL + "/secret-path")
	require.NoError(t, err)
	hook := webhookKeeper{u, persona.Outward()}
	require.NoError(t, hook.keep(t.Context(), "four\n"))
	assert.Equal(t, "four\n", got)
	assert.NotContains(t, hook.String(), "secret-path")
	status = http.StatusFound
	require.EqualError(t, hook.keep(t.Context(), "x"), "it answered 302")
	server.Close()
	require.EqualError(t, hook.keep(t.Context(), "x"), "it cannot be reached")
	for _, bad := range []leaving{{keeping{CheckpointWebhook: "http://keeper.example/"}, 1}, {keeping{CheckpointWebhook: "https://a:b@keeper.example/"}, 1},
		{keeping{CheckpointWebhook: "ftp://127.0.0.1/"}, 1}, {keeping{CheckpointCommand: []string{"no-such-program-here"}}, 1}, {}} {
		_, err := bad.keepers()
		require.Error(t, err)
	}
	require.Error(t, webhookKeeper{&url.URL{Scheme: "https", Host: "10.1.2.3"}, persona.Outward()}.keep(t.Context(), "x"), "nobody's own network")
}
