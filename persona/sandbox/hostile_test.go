package sandbox_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"docket/persona/sandbox"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// texts calls for each string value with the key that it stands under.
func texts(v any, key string, each func(key, s string)) {
	switch v := v.(type) {
	case string:
		each(key, v)
	case []any:
		for _, i := range v {
			texts(i, key, each)
		}
	case map[string]any:
		for k, m := range v {
			texts(m, k, each)
		}
	}
}

func TestPoisonReachesEveryString(t *testing.T) {
	t.Parallel()
	const poison = "\"><script>alert('☠')</script>"
	for p := range sandbox.Payloads(sandbox.Options{Transactions: 200, Seed: 1}) {
		var was, is any
		require.NoError(t, json.Unmarshal(p, &was))
		require.NoError(t, json.Unmarshal(sandbox.PoisonAll(p, poison), &is))
		texts(is, "", func(k, s string) {
			if k != "type" && k != "id" {
				require.Equalf(t, poison, s, "%s", k)
			}
		})
		require.NoError(t, json.Unmarshal(sandbox.Poison(p, poison), &is))
		texts(is, "", func(k, s string) {
			if s != poison && k != "type" && k != "id" && k != "status" && !strings.HasPrefix(s, "/api/") {
				require.Regexpf(t, `^\d{4}-\d\d-\d\dT`, s, "%s", k)
			}
		})
		n, m := 0, 0
		texts(was, "", func(string, string) { n++ })
		texts(is, "", func(string, string) { m++ })
		require.Equal(t, n, m)
	}
}

func TestPoisonedKeysAreThoseBelowFieldsAlone(t *testing.T) {
	t.Parallel()
	in := `{"data":{"type":"account","id":"act_1","attributes":{"fields":{"name":{"type":"hash","value":{"first":{"type":"string","value":"Ada"}}},` +
		`"ids":{"type":"array","value":[{"type":"hash","value":{"class":{"type":"string","value":"pp"}}}]},"bare":7},"tags":["a"]}}}`
	want := `{"data":{"type":"account","id":"act_1","attributes":{"fields":{"x-0":{"type":"hash","value":{"x-1":{"type":"string","value":"x"}}},` +
		`"x-2":{"type":"array","value":[{"type":"hash","value":{"x-3":{"type":"string","value":"x"}}}]},"x-4":7},"tags":["x"]}}}`
	assert.Equal(t, want, string(sandbox.PoisonKeys([]byte(in), "x")))
}

func TestLoneSurrogatesTravelAsEscapes(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `{"a":"\ud800"}`, string(sandbox.Poison([]byte(`{"a":"b"}`), "\xed\xa0\x80")))
	assert.Equal(t, "{\"a\":\"\\u0000\xff\"}", string(sandbox.Poison([]byte(`{"a":"b\"c"}`), "\x00\xff")))
}

func TestHostilePayloadsKeepTheirStructure(t *testing.T) {
	t.Parallel()
	hostile := sandbox.Hostile()
	for _, p := range hostile {
		require.True(t, json.Valid(p), "%.300q", p)
	}
	for _, s := range sandbox.Corpus {
		var quoted any
		require.NoError(t, json.Unmarshal(sandbox.Poison([]byte(`["x"]`), s), &quoted))
	}
	sum := bytes.Join(hostile, nil)
	assert.Contains(t, string(sum), "onerror")
	own := sandbox.Hostile([]byte(`{"fields":{"a":"b"}}`))
	assert.Len(t, own, len(sandbox.Corpus), "one payload meets every text")
	assert.True(t, slices.ContainsFunc(own, func(b []byte) bool { return bytes.Contains(b, []byte("DROP TABLE")) }))
}
