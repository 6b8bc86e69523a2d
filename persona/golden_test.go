package persona_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// fixtures are the payloads of each authored fixture, by name.
func fixtures(t testing.TB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	dir := filepath.Join("testdata", "fixtures")
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		payloads := payloadsIn(t, path)
		name, _, _ := strings.Cut(d.Name(), ".")
		require.NotContains(t, out, name, "two fixtures of one name")
		out[name] = payloads
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, out)
	return out
}

// payloadsIn are the payloads of one file, as an import finds them.
func payloadsIn(t testing.TB, path string) []string {
	t.Helper()
	m := newMemory()
	counts, err := persona.Import(t.Context(), m, []string{path}, persona.ImportOptions{Report: func(about, reason string) {
		assert.Failf(t, "quarantine", "%s: %s", about, reason)
	}})
	require.NoError(t, err)
	require.Positive(t, counts.New, "%s holds no payload", path)
	return m.kept()
}

// dossiers are what the payloads of a fixture come to, one per transaction; without one, the
// resources on their own.
func dossiers(t testing.TB, payloads []string) any {
	s := newShelf(t, payloads...)
	type one struct {
		Dossier review.Dossier `json:"dossier"`
	}
	var out []any
	for _, root := range s.transactions() {
		out = append(out, one{persona.Hydrate(s.bundle(root))})
	}
	return out
}

func golden(t testing.TB, v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	require.NoError(t, enc.Encode(v))
	return b.Bytes()
}

func TestFixturesHydrateToTheirGoldens(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for name, payloads := range fixtures(t) {
		known[name+".json"] = true
		got := golden(t, dossiers(t, payloads))
		path := filepath.Join("testdata", "golden", name+".json")
		if *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, got, 0o644))
			continue
		}
		want, err := os.ReadFile(path)
		if assert.NoError(t, err, "write it with -update and look at it") {
			assert.Equal(t, string(want), string(got), name)
		}
	}
	files, err := os.ReadDir(filepath.Join("testdata", "golden"))
	require.NoError(t, err)
	for _, f := range files {
		assert.True(t, known[f.Name()], "golden %s has no fixture", f.Name())
	}
}

func TestArrivalOrderDoesNotCount(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 11))
	for name, payloads := range fixtures(t) {
		want := golden(t, dossiers(t, payloads))
		for range 5 {
			mixed := append([]string(nil), payloads...)
			mixed = append(mixed, payloads[rng.IntN(len(payloads))]) // and once more
			rng.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
			require.Equal(t, string(want), string(golden(t, dossiers(t, mixed))), name)
		}
	}
}

// texts are all text values in a JSON document.
func texts(v any, into map[string]bool) {
	switch v := v.(type) {
	case string:
		into[v] = true
	case []any:
		for _, it := range v {
			texts(it, into)
		}
	case map[string]any:
		for _, it := range v {
			texts(it, into)
		}
	}
}

// leaves hands each text of an attribute with the names that lead to it.
func leaves(v any, path string, each func(path, text string)) {
	switch v := v.(type) {
	case string:
		each(path, v)
	case []any:
		for _, it := range v {
			leaves(it, path, each)
		}
	case map[string]any:
		for k, it := range v {
			leaves(it, path+"/"+k, each)
		}
	}
}

// A page shows everything that Persona said. What is not found again as it was sent must be
// something that a rule reads, joins or drops on purpose, and stand in this list.
func TestNothingThatPersonaSaidIsLost(t *testing.T) {
	t.Parallel()
	reworded := regexp.MustCompile(`-at$|/url$|-url$|-urls$|` +
		`birthdates|death-dates|/birthdate$|/source-key$|/flag-code$|/list-types?$|match-types|/country(-codes)?$|` +
		`run-history|ignore-list|/sources/|sexes|photo-urls/page$|/fields/.*/value/type$`)
	for name, payloads := range fixtures(t) {
		s := newShelf(t, payloads...)
		for _, root := range s.transactions() {
			b := s.bundle(root)
			var doc any
			require.NoError(t, json.Unmarshal(golden(t, persona.Hydrate(b)), &doc))
			have := map[string]bool{}
			texts(doc, have)
			for _, c := range b.Resources {
				var body struct{ Attributes any }
				dec := json.NewDecoder(bytes.NewReader(c.Layers[0].Body))
				dec.UseNumber()
				require.NoError(t, dec.Decode(&body))
				leaves(body.Attributes, c.Ref.Type, func(path, text string) {
					if text != "" && !reworded.MatchString(path) && !have[text] {
						assert.Failf(t, "lost", "%s: %s %q", name, path, text)
					}
				})
			}
		}
	}
}

func TestBrokenFilesAreQuarantinedWithAReason(t *testing.T) {
	t.Parallel()
	dir := filepath.Join("testdata", "broken")
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		var reasons []string
		counts, err := persona.Import(t.Context(), newMemory(), []string{filepath.Join(dir, f.Name())}, persona.ImportOptions{
			Report: func(_, reason string) { reasons = append(reasons, reason) }})
		require.NoError(t, err)
		assert.Positive(t, counts.Quarantined, f.Name())
		assert.Len(t, reasons, counts.Quarantined, f.Name())
	}
}

func FuzzRead(f *testing.F) {
	for _, payloads := range fixtures(f) {
		for _, p := range payloads {
			f.Add([]byte(p))
		}
	}
	for _, s := range []string{"", "{", "[]", `{"data":[]}`, "\ufeff{}", `{"data":{"type":"event","id":"e","attributes":{"payload":{"data":[{}]}}}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := persona.Read(raw)
		if r.Refused != "" {
			require.Empty(t, r.Snapshots)
			return
		}
		for _, s := range r.Snapshots {
			require.NotEmpty(t, s.Ref.Type)
			require.NotEmpty(t, s.Ref.ID)
			require.Equal(t, review.Sum(s.Body), s.Order.Snapshot)
			// A state read again is itself: its form is final.
			again := persona.Read([]byte(`{"data":` + string(s.Body) + `}`))
			require.Empty(t, again.Refused)
			if s.Ref.Type != "event" {
				require.Len(t, again.Snapshots, 1)
				require.Equal(t, string(s.Body), string(again.Snapshots[0].Body))
				require.Equal(t, s.Keys, again.Snapshots[0].Keys)
			}
		}
	})
}

func FuzzHydrate(f *testing.F) {
	for _, payloads := range fixtures(f) {
		for _, p := range payloads {
			for _, s := range persona.Read([]byte(p)).Snapshots {
				f.Add(s.Ref.Type, s.Body, s.Body)
			}
		}
	}
	f.Fuzz(func(t *testing.T, typ string, older, newer []byte) {
		ref := review.Ref{Type: typ, ID: "x"}
		layers := []review.Layer{{Order: review.Order{At: 2}, Body: newer}, {Order: review.Order{At: 1}, Body: older}}
		c := review.Captured{Ref: ref, Layers: layers, History: []review.Layer{layers[1], layers[0]}}
		b := review.Bundle{Root: review.Ref{Type: "transaction", ID: "x"}, Resources: []review.Captured{c, {Ref: review.Ref{Type: "report-run", ID: "r"}, Layers: layers}}}
		got := golden(t, persona.Hydrate(b))
		c.Layers = []review.Layer{layers[1], layers[0]}
		b.Resources = []review.Captured{b.Resources[1], c}
		require.Equal(t, string(got), string(golden(t, persona.Hydrate(b))))
		require.NotEmpty(t, golden(t, persona.Resource(c)))
	})
}

func BenchmarkHydrate(b *testing.B) {
	s := newShelf(b)
	for _, p := range sandbox.Heavy(1) {
		s.add(persona.Read(p))
	}
	bundle := s.bundle(s.transactions()[0])
	d := persona.Hydrate(bundle)
	b.ReportMetric(float64(len(d.Matches())), "matches")
	b.ReportMetric(float64(len(d.Reports)), "reports")
	b.ReportAllocs()
	for b.Loop() {
		persona.Hydrate(bundle)
	}
}

func TestHostileTextsChangeNoStructure(t *testing.T) {
	t.Parallel()
	all := fixtures(t)
	for i, name := range slices.Sorted(maps.Keys(all)) {
		payloads := all[name]
		clean := newShelf(t, payloads...)
		for j := range 4 { // every text meets some fixtures, every fixture some texts
			evil := sandbox.Corpus[(4*i+j)%len(sandbox.Corpus)]
			s := newShelf(t)
			for _, p := range payloads {
				r := persona.Read(sandbox.PoisonKeys([]byte(p), evil))
				require.Empty(t, r.Refused, "%s with %.40q", name, evil)
				s.add(r)
			}
			require.Equal(t, clean.transactions(), s.transactions(), name)
			for _, root := range s.transactions() {
				want, got := persona.Hydrate(clean.bundle(root)), persona.Hydrate(s.bundle(root))
				require.Equal(t, len(want.Reports), len(got.Reports), name)
				require.Equal(t, len(want.Records), len(got.Records), name)
			}
		}
	}
}
