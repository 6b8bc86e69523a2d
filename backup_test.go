package main

import (
	"bufio"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/store"
)

// The dry run says each thing that would go on a line of its own, and changes nothing.
func TestTheDryRunOfRetentionListsWhatWouldGo(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	old := func(id string) string {
		return `{"data":{"type":"transaction","id":"` + id + `","attributes":{"status":"approved","reference-id":"order-9","created-at":"2009-01-02T08:00:00.000Z",
			"updated-at":"2009-01-02T08:00:00.000Z","fields":{"name_first":{"type":"string","value":"Zorvane"}}}}}`
	}
	require.Equal(t, exitDone, command(t, strings.ReplaceAll(old("txn_old1"), "\n", "")+"\n"+strings.ReplaceAll(old("txn_old2"), "\n", ""), "import", "--db", path, "-").code)
	db, err := store.Open(t.Context(), path, store.Options{Hydrate: persona.Hydrate})
	require.NoError(t, err)
	require.NoError(t, db.AddColleague(t.Context(), review.Colleague{ID: "lead", Name: "Lena Lindqvist", Role: review.RoleLead}, "x", ""))
	_, err = db.SetHold(t.Context(), "lead", review.HoldForm{Object: "txn_old2", Words: "A court"})
	require.NoError(t, err)
	require.NoError(t, db.Close())

	plain := command(t, "", "retention", "--db", path, "--json")
	require.Equal(t, exitDone, plain.code)
	require.Equal(t, 1, strings.Count(plain.out, "\n"), "one subject a line")
	dry := command(t, "", "retention", "--db", path, "--dry-run", "--json")
	require.Equal(t, exitDone, dry.code)
	require.True(t, strings.HasPrefix(dry.out, plain.out), "what was a line stays one")
	var whats []string
	var last map[string]any
	for lines := bufio.NewScanner(strings.NewReader(dry.out[len(plain.out):])); lines.Scan(); {
		last = nil
		require.NoError(t, json.Unmarshal(lines.Bytes(), &last))
		if what, ok := last["what"].(string); ok {
			whats = append(whats, what)
			assert.Len(t, last["subject"], 16)
			assert.NotEmpty(t, last["id"])
		}
	}
	assert.Equal(t, []string{"payload", "state"}, whats)
	assert.Equal(t, "a legal hold keeps it", last["stays"])
	words := command(t, "", "retention", "--db", path, "--dry-run")
	assert.Contains(t, words.out, "  payload ")
	assert.Contains(t, words.out, "stays, a legal hold keeps it")
	assert.NotContains(t, dry.out+words.out, "Zorvane")
	assert.Equal(t, dry.out, command(t, "", "retention", "--db", path, "--dry-run", "--json").out, "nothing was changed")
}
