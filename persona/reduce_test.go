package persona_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func all(review.Ref, int64) bool { return true }

// What is reduced holds no text of the resource's own but ids, types, statuses, times and names of
// templates, in whatever spelling and shape it came.
func TestWhatIsReducedHasNothingToSayOfAnyone(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"kebab":               `{"data":{"type":"inquiry","id":"inq_1","attributes":{"status":"approved","name-first":"Zorvane","note":"Zorvane","is-zorvane":true,"issued-at":"1971-03-09","created-at":"2026-06-01T00:00:00Z","fields":{"a":{"type":"string","value":"Zorvane"}}},"relationships":{"account":{"data":{"type":"account","id":"act_1","x":"Zorvane"},"meta":{"x":"Zorvane"}}},"meta":"Zorvane"}}`,
		"camel":               `{"data":{"type":"inquiry","id":"inq_1","attributes":{"status":"approved","nameFirst":"Zorvane","createdAt":"2026-06-01T00:00:00Z"}},"meta":{"who":"Zorvane"}}`,
		"list":                `{"data":[{"type":"inquiry","id":"inq_1","attributes":{"nameFirst":"Zorvane"}},{"type":"event","id":"evt_1","attributes":{"name":"inquiry.created","who":"Zorvane","created-at":"2026-06-01T00:00:00Z","payload":{"data":{"type":"inquiry","id":"inq_1","attributes":{"tags":["Zorvane"]}},"meta":"Zorvane"}}}],"links":{"next":"/inquiries?filter[x]=Zorvane"}}`,
		"runs":                `{"data":[{"type":"dismiss","id":"run_1","created-at":"2026-06-01T00:00:00Z","creator-name":"Zorvane","matches":["Zorvane"]}],"links":{"self":"/api/v1/reports/rep_1/history?who=Zorvane","x":"Zorvane"}}`,
		"history of a report": `{"data":{"type":"report/watchlist","id":"rep_1","attributes":{"has-match":"Zorvane","status":{"x":"Zorvane"},"completed-at":"Zorvane","run-history":[{"id":"r","type":"scheduled","completed-at":"2026-06-01T00:00:00Z","who":"Zorvane"}],"ignore-list":[{"ignored-at":"2026-06-02T00:00:00Z","by":"Zorvane"}]}}}`,
		"a state alone":       `{"attributes":{"name-first":"Zorvane","created-at":"2026-06-01T00:00:00Z"},"id":"inq_1","type":"inquiry"}`,
	} {
		r, err := persona.Reduce([]byte(raw), all)
		require.NoError(t, err, name)
		require.NotNil(t, r.Bytes, name)
		left := string(r.Bytes)
		if name == "runs" {
			left = strings.Replace(left, "?who=Zorvane", "", 1) // the address names the report
		}
		assert.NotContains(t, left, "Zorvane", name)
		assert.NotContains(t, left, "1971", name)
		again, err := persona.Reduce(r.Bytes, all)
		require.NoError(t, err, name)
		assert.Nil(t, again.Bytes, "%s: what is reduced stays as it is", name)
	}
}

// Every payload that docket can read can be reduced, each resource of it alone and all together,
// and what is left of the others reads as before.
func TestEveryFixtureCanBeReduced(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	reduced := 0
	for _, f := range files {
		raw, err := os.ReadFile(f) //nolint:gosec // a fixture
		require.NoError(t, err)
		reading := persona.Read(raw)
		if reading.Refused != "" {
			continue
		}
		for _, s := range reading.Snapshots {
			r, err := persona.Reduce(raw, func(ref review.Ref, _ int64) bool { return ref == s.Ref })
			require.NoError(t, err, "%s: %s", f, s.Ref)
			for i, b := range r.Before.Snapshots {
				assert.Equal(t, b.Links, r.After.Snapshots[i].Links, "%s: what it is tied to stays", f)
				assert.Equal(t, b.Status, r.After.Snapshots[i].Status, "%s: what became of it stays", f)
			}
			reduced++
		}
		_, err = persona.Reduce(raw, all)
		require.NoError(t, err, f)
	}
	assert.Greater(t, reduced, 50)
}

func FuzzReduce(f *testing.F) {
	for _, p := range append(both(), txnRedacted, actRedacted) {
		f.Add([]byte(p))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if persona.Read(raw).Refused != "" {
			return
		}
		r, err := persona.Reduce(raw, all)
		require.NoError(t, err)
		if r.Bytes != nil {
			again, err := persona.Reduce(r.Bytes, all)
			require.NoError(t, err)
			assert.Nil(t, again.Bytes)
		}
	})
}
