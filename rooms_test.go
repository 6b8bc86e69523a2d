package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rooms is the map: which room may import which. Arrows go only down.
var rooms = map[string][]string{
	"docket":                 {"web", "persona", "persona/sandbox", "store", "review"},
	"docket/web":             {"persona", "store", "views", "views/viewtest", "review", "static"},
	"docket/persona":         {"store", "review"},
	"docket/persona/sandbox": {"review"},
	"docket/store":           {"review"},
	"docket/views":           {"review", "static"},
	"docket/views/viewtest":  {"views", "review"},
	"docket/review":          {},
	"docket/static":          {},
	// Throwaway stores, for tests only.
	"docket/store/storetest": {"store", "review"},
}

// doors are the outside packages that a room must not reach for.
var doors = map[string][]string{
	"docket/review":  {"net/http", "database/sql", "os", "log/slog"},
	"docket/store":   {"net/http", "github.com/a-h/templ"},
	"docket/views":   {"net/http", "database/sql", "os"},
	"docket/web":     {"database/sql", "modernc.org/sqlite"},
	"docket/static":  {"database/sql"},
	"docket/persona": {"database/sql"},
}

func TestRoomsImportOnlyDownwards(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		room, rest, _ := strings.Cut(line, " ")
		allowed, known := rooms[room]
		if !assert.True(t, known, "%s is not on the map", room) {
			continue
		}
		seen[room] = true
		for _, imported := range strings.Fields(rest) {
			if inside, ok := strings.CutPrefix(imported, "docket/"); ok {
				assert.Contains(t, allowed, inside, "%s imports %s", room, imported)
			}
			assert.NotContains(t, doors[room], imported, "%s imports %s", room, imported)
		}
	}
	for room := range rooms {
		assert.True(t, seen[room], "%s is on the map but not in the house", room)
	}
}

// TestTheHouseHasNoOtherRooms walks the folders, so that code without a Go package on the map
// is seen too.
func TestTheHouseHasNoOtherRooms(t *testing.T) {
	t.Parallel()
	known := []string{".ci", ".git", "docs", "persona", "review", "static", "store", "views", "web"}
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, e := range entries {
		if e.IsDir() {
			assert.Contains(t, known, e.Name())
		}
	}
	err = filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") && !strings.HasPrefix(path, ".") {
			dir := filepath.ToSlash(filepath.Dir(path))
			if dir != "." && dir != "static/js" {
				assert.Contains(t, rooms, "docket/"+dir, path)
			}
		}
		return err
	})
	require.NoError(t, err)
}
