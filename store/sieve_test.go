package store_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// A name that is known is never taken for new, whoever added it: the import that asks, another process,
// or an act that was rolled back and added nothing.
func TestASieveLetsEveryKnownNamePass(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 5))
		path := filepath.Join(t.TempDir(), "docket.db")
		bulk := storetest.OpenFile(t, path, func(o *store.Options) { o.Bulk = true })
		bulk.SetYouth(r.Int64N(2_000), 1+r.Int64N(300))
		bulk.SetSieve([]int64{0, 40, 1 << 20}[r.IntN(3)])
		other := storetest.OpenFile(t, path)
		spoil := raw(t, path)
		had, hashes := 0, map[review.Hash]bool{}
		for round := range 30 {
			var arrivals []review.Arrival
			var readings []review.Reading
			for i := range 40 {
				txn := storetest.Transaction(fmt.Sprintf("txn_%d", r.IntN(1_500)), "approved", at(round))
				for range 3 {
					txn = txn.Link("related-objects", ref("report/watchlist", fmt.Sprintf("rep_%d", r.IntN(3_000))))
				}
				payload := storetest.Payload(txn.Fact("n", round*100+i))
				arrivals, readings = append(arrivals, review.Arrival{Bytes: payload}), append(readings, storetest.Read(payload))
				hashes[review.Sum(payload)] = true
			}
			db := bulk
			if r.IntN(4) == 0 {
				db = other
			}
			_, err := db.Keep(t.Context(), arrivals)
			require.NoError(t, err)
			packs := []store.Packed{db.Pack(readings[:20]), db.Pack(readings[20:])}
			if bulk.HasSieve() {
				had++
			}
			if r.IntN(4) == 0 {
				_, err := spoil.Exec(`CREATE TRIGGER poison BEFORE INSERT ON sighting BEGIN SELECT raise(ABORT, 'no'); END`)
				require.NoError(t, err)
				_, err = db.AbsorbPacked(t.Context(), packs...)
				require.ErrorContains(t, err, "no")
				_, err = spoil.Exec(`DROP TRIGGER poison`)
				require.NoError(t, err)
				_, err = other.Absorb(t.Context(), readings[30:]) // takes the numbers that were taken back
				require.NoError(t, err)
			}
			_, err = db.AbsorbPacked(t.Context(), packs...)
			require.NoError(t, err)
		}
		assert.Positive(t, had, seed)
		problems, err := bulk.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems, seed)
		for h := range hashes {
			_, _, err := other.Payload(t.Context(), h)
			require.NoError(t, err)
		}
	}
}
