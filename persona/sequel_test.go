package persona_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
)

// What a sequel is for: a reason that breaks and one that holds, a party that comes up for
// several subjects, and many matches with one reason.
func TestSequelsHaveAPastToRemember(t *testing.T) {
	t.Parallel()
	o := sandbox.Options{Seed: 1}
	before, after := sandbox.Sequels(o)
	again, _ := sandbox.Sequels(o)
	assert.Equal(t, before, again, "the same bytes each time")

	reviews := func(payloads ...[][]byte) []review.Dossier {
		db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "docket.db"), store.Options{Hydrate: persona.Hydrate})
		require.NoError(t, err)
		defer db.Close()
		var dossiers []review.Dossier
		for _, part := range payloads {
			for _, p := range part {
				require.NoError(t, persona.Absorb(t.Context(), db, []review.Arrival{{Bytes: p, Source: "test"}}))
			}
		}
		page, err := db.Queue(t.Context(), review.QueueQuery{Sort: review.SortNewest, Limit: 100})
		require.NoError(t, err)
		for _, row := range page.Rows {
			f, err := db.ReviewFile(t.Context(), row.Review)
			require.NoError(t, err)
			dossiers = append(dossiers, f.Dossier)
		}
		return dossiers
	}
	past, present := reviews(before), reviews(before, after)
	assert.Len(t, past, 6)
	assert.Len(t, present, 9)
	for _, d := range past {
		assert.Less(t, d.Root().UpdatedAt, sandbox.DefaultNow.Add(-25*24*time.Hour))
	}
	most, shared := 0, map[review.PartyKey]int{}
	for _, d := range present {
		most = max(most, len(d.OpenMatches()))
		for _, p := range review.Parties(d) {
			shared[p.Key]++
		}
	}
	assert.Equal(t, 14, most)
	times := 0
	for _, n := range shared {
		times = max(times, n)
	}
	assert.Equal(t, 7, times, "one listed party, for so many subjects")
}
