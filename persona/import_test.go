package persona_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"docket/persona"
	"docket/review"
	"docket/store"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// memory is a store that remembers what it was told. It keeps intake honest about order:
// nothing may be absorbed that was not kept.
type memory struct {
	mu       sync.Mutex
	order    []review.Hash
	bytes    map[review.Hash][]byte
	about    map[review.Hash]string
	reason   map[review.Hash]string
	absorbed map[review.Hash]bool
	known    map[review.Ref]bool
	fail     error // what Absorb answers
}

func newMemory() *memory {
	return &memory{bytes: map[review.Hash][]byte{}, about: map[review.Hash]string{}, reason: map[review.Hash]string{},
		absorbed: map[review.Hash]bool{}, known: map[review.Ref]bool{}}
}

func (m *memory) Keep(_ context.Context, arrivals []review.Arrival) ([]store.Kept, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []store.Kept
	for _, a := range arrivals {
		h := review.Sum(a.Bytes)
		_, had := m.bytes[h]
		if !had {
			m.bytes[h], m.about[h] = bytes.Clone(a.Bytes), a.About
			m.order = append(m.order, h)
		}
		out = append(out, store.Kept{Hash: h, New: !had, Quarantine: m.reason[h], Absorbed: m.absorbed[h]})
	}
	return out, nil
}

func (m *memory) Pack(rs []review.Reading, _ []store.Kept) store.Packed {
	return store.Packed{Readings: rs}
}

func (m *memory) AbsorbPacked(ctx context.Context, packs ...store.Packed) (store.Absorbed, error) {
	var all []review.Reading
	for _, p := range packs {
		all = append(all, p.Readings...)
	}
	return m.Absorb(ctx, all)
}

func (m *memory) Absorb(_ context.Context, rs []review.Reading) (store.Absorbed, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var did store.Absorbed
	if m.fail != nil {
		return did, m.fail
	}
	for _, r := range rs {
		if _, ok := m.bytes[r.Hash]; !ok {
			return did, fmt.Errorf("%s was never kept", r.Hash)
		}
		if r.Refused != "" {
			m.reason[r.Hash] = r.Refused
			did.Quarantined++
			continue
		}
		m.absorbed[r.Hash] = true
		for _, s := range r.Snapshots {
			if !m.known[s.Ref] {
				m.known[s.Ref] = true
				did.Resources++
				if s.Ref.Type == "transaction" {
					did.Transactions++
				}
			}
		}
	}
	return did, nil
}

func (m *memory) CatchUp(context.Context) error { return nil }

func (m *memory) Unread(_ context.Context, limit int) ([]review.Hash, error) {
	var out []review.Hash
	for _, h := range m.order {
		if !m.absorbed[h] && m.reason[h] == "" && len(out) < limit {
			out = append(out, h)
		}
	}
	return out, nil
}

func (m *memory) Payload(_ context.Context, h review.Hash) (review.Payload, []byte, error) {
	return review.Payload{Hash: h}, m.bytes[h], nil
}

// kept are the payloads in the order in which they came.
func (m *memory) kept() []string {
	var out []string
	for _, h := range m.order {
		out = append(out, string(m.bytes[h]))
	}
	return out
}

func one(n int) string {
	return fmt.Sprintf(`{"data":{"type":"transaction","id":"txn_%d","attributes":{"status":"created"}}}`, n)
}

// importing imports one source given as a file of that name, and says what was reported.
func importing(t *testing.T, name, content string) (*memory, persona.Counts, []string) {
	t.Helper()
	m := newMemory()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	var reports []string
	counts, err := persona.Import(t.Context(), m, []string{path}, persona.ImportOptions{Report: func(about, reason string) {
		reports = append(reports, strings.TrimPrefix(about, path)+" "+reason)
	}})
	require.NoError(t, err)
	assert.Equal(t, counts.Payloads, counts.New+counts.Duplicate+counts.Quarantined)
	return m, counts, reports
}

func TestOneFileIsOnePayloadByteForByte(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"plain":        one(1),
		"line end":     one(1) + "\n",
		"pretty":       "{\n  \"data\": {\n    \"type\": \"transaction\",\n \"id\": \"txn_1\"}\n}\n\n",
		"lists inside": "{\"data\":[\n{\"type\":\"transaction\",\"id\":\"txn_1\"},\n{\"type\":\"account\",\"id\":\"act_1\"}\n]}\n",
		"mark":         "\ufeff" + one(1),
	} {
		m, counts, reports := importing(t, "one.json", content)
		assert.Equal(t, []string{content}, m.kept(), name)
		assert.Equal(t, 1, counts.New, name)
		assert.Empty(t, reports, name)
	}
}

func TestAnArrayIsSplitIntoItsElements(t *testing.T) {
	t.Parallel()
	odd := `{"data":{"type":"transaction","id":"txn_}]\",[{"}}`
	m, counts, reports := importing(t, "many.json", " [ "+one(1)+" ,\n"+odd+","+one(3)+" ] \n")
	assert.Equal(t, []string{one(1), odd, one(3)}, m.kept())
	assert.Equal(t, 3, counts.Transactions)
	assert.Empty(t, reports)

	m, counts, _ = importing(t, "none.json", "[]")
	assert.Empty(t, m.kept())
	assert.Zero(t, counts.Payloads)
}

func TestABrokenElementSparesItsNeighbours(t *testing.T) {
	t.Parallel()
	_, counts, reports := importing(t, "many.json", `[`+one(1)+`,{"data":{"a":1,"a":2}},`+one(2)+`,{"data":{"type":"tr`)
	assert.Equal(t, persona.Counts{Payloads: 4, New: 2, Quarantined: 2, Resources: 2, Transactions: 2}, counts)
	assert.Equal(t, []string{"#2 the same key twice in one object at byte 15", "#4 cut short: the JSON ends early at byte 19"}, reports)

	_, counts, reports = importing(t, "cut.json", `[`+one(1)+`,`)
	assert.Equal(t, 1, counts.Quarantined)
	assert.Len(t, reports, 1)
	_, counts, _ = importing(t, "cut.json", `[`+one(1))
	assert.Equal(t, 1, counts.New)
	assert.Equal(t, 1, counts.Quarantined)
	_, counts, _ = importing(t, "more.json", `[`+one(1)+`] and more`)
	assert.Equal(t, 1, counts.New)
	assert.Equal(t, 1, counts.Quarantined)
}

func TestLinesAreReadOneByOne(t *testing.T) {
	t.Parallel()
	lines := one(1) + "\r\n\n   \n" + `{"data":` + "\n" + "[" + one(2) + "," + one(3) + "]\n" + one(4)
	for _, name := range []string{"x.ndjson", "x.jsonl", "X.NDJSON"} {
		m, counts, reports := importing(t, name, lines)
		assert.Equal(t, []string{one(1), `{"data":`, one(2), one(3), one(4)}, m.kept())
		assert.Equal(t, persona.Counts{Payloads: 5, New: 4, Quarantined: 1, Resources: 4, Transactions: 4}, counts)
		assert.Equal(t, []string{":4 cut short: the JSON ends early at byte 8"}, reports)
	}
}

func TestNDJSONIsKnownWithoutItsName(t *testing.T) {
	t.Parallel()
	m, _, _ := importing(t, "x.json", one(1)+"\n"+one(2)+"\n\n"+one(3)+"\n")
	assert.Equal(t, []string{one(1), one(2), one(3)}, m.kept())

	m, counts, reports := importing(t, "x.json", `{"data":{"type":"transac`+"\n"+one(2)+"\n"+one(3)+"\n")
	assert.Len(t, m.kept(), 3)
	assert.Equal(t, 2, counts.New)
	assert.Equal(t, []string{":1 not JSON at byte 24"}, reports)

	m = newMemory()
	counts, err := persona.Import(t.Context(), m, []string{"-"}, persona.ImportOptions{Stdin: strings.NewReader(one(1) + "\n" + one(2))})
	require.NoError(t, err)
	assert.Equal(t, 2, counts.New)
}

func TestObjectsOneAfterTheOtherAreSplitHoweverTheyAreLaidOut(t *testing.T) {
	t.Parallel()
	pretty := func(id string) string {
		return "{\n  \"data\": {\n    \"type\": \"account\",\n    \"id\": \"" + id + "\",\n    \"attributes\": {\"name\": \"a{[\"}\n  }\n}"
	}
	cut := "{\n  \"data\": {\n    \"type\":"
	for name, source := range map[string]string{
		"run on":           pretty("act_1") + "\n" + pretty("act_2") + "\n" + pretty("act_3") + "\n",
		"no line between":  pretty("act_1") + "\n" + pretty("act_2") + pretty("act_x") + "\n" + pretty("act_3"),
		"one cut short":    pretty("act_1") + "\n" + cut + "\n" + pretty("act_2") + "\n" + pretty("act_3"),
		"the last one cut": pretty("act_1") + "\n" + pretty("act_2") + "\n" + pretty("act_3") + "\n" + cut,
		"with blank lines": pretty("act_1") + "\n\n" + pretty("act_2") + "\n\n\n" + pretty("act_3") + "\n\n",
	} {
		var parts []string
		require.NoError(t, persona.Split("-", strings.NewReader(source), func(_ string, p []byte) error {
			parts = append(parts, string(p))
			return nil
		}), name)
		for _, id := range []string{"act_1", "act_3"} {
			assert.Contains(t, parts, pretty(id), name)
		}
		assert.LessOrEqual(t, len(parts), 4, name)
	}
}

func TestImportingTwiceAddsNothing(t *testing.T) {
	t.Parallel()
	m := newMemory()
	path := filepath.Join(t.TempDir(), "x.ndjson")
	require.NoError(t, os.WriteFile(path, []byte(one(1)+"\n"+one(1)+"\nnope\n"), 0o600))
	first, err := persona.Import(t.Context(), m, []string{path, path}, persona.ImportOptions{})
	require.NoError(t, err)
	assert.Equal(t, persona.Counts{Payloads: 6, New: 1, Duplicate: 4, Quarantined: 1, Resources: 1, Transactions: 1}, first)
	var told []string
	again, err := persona.Import(t.Context(), m, []string{path}, persona.ImportOptions{Report: func(_, why string) { told = append(told, why) }})
	require.NoError(t, err)
	assert.Equal(t, persona.Counts{Payloads: 3, Duplicate: 3}, again)
	assert.Equal(t, []string{"not JSON at byte 1"}, told, "what lies in quarantine is reported again")
}

func zipped(t *testing.T, s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(s))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.String()
}

func TestPackedFilesAreUnpacked(t *testing.T) {
	t.Parallel()
	z, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	content := one(1) + "\n" + one(2) + "\n"
	for name, packed := range map[string]string{
		"x.ndjson.gz": zipped(t, content), "x.ndjson.zst": string(z.EncodeAll([]byte(content), nil)),
		"misnamed.json": zipped(t, content),
	} {
		m, counts, reports := importing(t, name, packed)
		assert.Equal(t, []string{one(1), one(2)}, m.kept(), name)
		assert.Equal(t, 2, counts.New, name)
		assert.Empty(t, reports, name)
	}
}

func TestAPackedFileThatBreaksOffIsKept(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&many, "%s%x\n", one(i), review.Sum([]byte{byte(i), byte(i >> 8)}))
	}
	packed := zipped(t, one(1)+"\n"+many.String())
	cut := packed[:len(packed)*3/4]
	m, counts, reports := importing(t, "x.ndjson.gz", cut)
	assert.Equal(t, cut, m.kept()[len(m.kept())-1], "the packed bytes themselves are kept")
	assert.Positive(t, counts.New)
	assert.Equal(t, " packed, and cannot be unpacked to its end", reports[len(reports)-1])

	m = newMemory()
	var why string
	_, err := persona.Import(t.Context(), m, []string{"-"}, persona.ImportOptions{Stdin: strings.NewReader(packed[:20]), Report: func(_, r string) { why = r }})
	require.NoError(t, err)
	assert.Contains(t, why, "cannot be unpacked to its end: of its 20 bytes only the start is kept")
}

func TestWhatIsTooLargeIsKeptByItsStart(t *testing.T) {
	t.Parallel()
	large := `{"data":{"type":"transaction","id":"` + strings.Repeat("x", persona.MaxPayload) + `"}}`
	for name, content := range map[string]string{"x.json": large, "x.ndjson": large + "\n" + one(1), "many.json": "[" + large + "," + one(1) + "]"} {
		m, counts, reports := importing(t, name, content)
		require.Equal(t, 1, counts.Quarantined, name)
		assert.Less(t, len(m.kept()[0]), 70<<10, name)
		assert.Contains(t, m.kept()[0], large[:64<<10])
		assert.Contains(t, reports[0], "larger than 32 MiB: of its 33554471 bytes only the start is kept")
		assert.Contains(t, reports[0], review.Sum([]byte(large)).String())
		assert.Equal(t, name != "x.json", counts.New == 1)
		assert.Equal(t, persona.Read([]byte(m.kept()[0])).Refused, m.reason[m.order[0]], "a rebuild gives the same reason")
	}
}

func TestFoldersAreWalkedInNameOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "b", ".hidden"), 0o700))
	for name, content := range map[string]string{
		"c.json": one(3), "a.jsonl": one(1) + "\n", "b/x.json": one(2), "readme.txt": "no", "b/.hidden/x.json": one(9), ".x.json": one(9),
		"d.json.gz": zipped(t, one(4)),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	m := newMemory()
	_, err := persona.Import(t.Context(), m, []string{dir}, persona.ImportOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{one(1), one(2), one(3), one(4)}, m.kept())

	m = newMemory()
	counts, err := persona.Import(t.Context(), m, []string{dir, filepath.Join(dir, "nothing")}, persona.ImportOptions{})
	assert.ErrorIs(t, err, os.ErrNotExist)
	assert.Equal(t, 4, counts.New, "what was found before is imported")
	assert.Len(t, m.absorbed, 4)
}

func TestWhatACrashLeftUnreadIsRecovered(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.fail = assert.AnError
	var arrivals []review.Arrival
	for i := range 450 {
		arrivals = append(arrivals, review.Arrival{Bytes: []byte(one(i))})
	}
	arrivals = append(arrivals, review.Arrival{Bytes: []byte("{")})
	require.ErrorIs(t, persona.Absorb(t.Context(), m, arrivals), assert.AnError)
	m.fail = nil
	require.NoError(t, persona.Absorb(t.Context(), m, arrivals[200:]))
	assert.Len(t, m.absorbed, 250)
	require.NoError(t, persona.Recover(t.Context(), m))
	assert.Len(t, m.absorbed, 450)
	assert.Len(t, m.reason, 1)
}

func TestAFailingStoreEndsAnImport(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.fail = assert.AnError
	var lines strings.Builder
	for i := range 1500 {
		lines.WriteString(one(i) + "\n")
	}
	_, err := persona.Import(t.Context(), m, []string{"-"}, persona.ImportOptions{Stdin: strings.NewReader(lines.String())})
	assert.ErrorIs(t, err, assert.AnError)
}
