package sandbox_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"docket/persona/sandbox"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fixtures are the authored payloads by file name, a line each when a file holds several.
func fixtures(t *testing.T) map[string][][]byte {
	t.Helper()
	files, err := filepath.Glob("../testdata/fixtures/*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	all := map[string][][]byte{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		name := filepath.Base(f)
		if filepath.Ext(f) == ".ndjson" {
			all[name] = bytes.Split(bytes.TrimSpace(b), []byte("\n"))
		} else {
			all[name] = [][]byte{b}
		}
	}
	return all
}

func TestFixturesAreWellFormedAndLeadNowhere(t *testing.T) {
	t.Parallel()
	for name, payloads := range fixtures(t) {
		for _, p := range payloads {
			require.Truef(t, json.Valid(p), "%s", name)
			if name == "other-markup-in-texts.json" {
				continue // addresses that run are its trap
			}
			for _, a := range address.FindAllString(string(p), -1) {
				host := a[strings.IndexByte(a, '@')+1:]
				if strings.HasPrefix(a, "http") {
					u, err := url.Parse(a)
					require.NoError(t, err)
					host = u.Host
				}
				ok := host == "files.withpersona.com" || strings.HasSuffix(host, ".example.org") || strings.HasSuffix(host, ".example")
				assert.Truef(t, ok, "%s: %s", name, a)
			}
		}
	}
}

func TestPoisonedFixturesKeepTheirStructure(t *testing.T) {
	t.Parallel()
	for name, payloads := range fixtures(t) {
		for _, p := range payloads {
			for _, s := range []string{"\u202e\"><script>", "\x00", "", "=1+1"} {
				require.Truef(t, json.Valid(sandbox.Poison(p, s)), "%s", name)
				require.Truef(t, json.Valid(sandbox.PoisonAll(p, s)), "%s", name)
				require.Truef(t, json.Valid(sandbox.PoisonKeys(p, s)), "%s", name)
			}
		}
	}
}
