package store_test

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/store/storetest"
)

// Whatever is put, moved on and taken back, each fingerprint leads to its rows and to no others: of many
// and of few at once, at both ends, and where more have the same one than a bucket holds.
func TestBucketsGiveWhatWasPutIntoThem(t *testing.T) {
	t.Parallel()
	const half = int64(1) << 47
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 11))
		path := filepath.Join(t.TempDir(), "docket.db")
		db := storetest.OpenFile(t, path)
		from := r.Int64N(6_000)
		db.SetYouth(from, 1<<40)
		print := func() int64 {
			switch r.IntN(4) {
			case 0:
				return []int64{-half, -half + 1, -1, 0, half - 1}[r.IntN(5)] // these come again and again
			case 1:
				return r.Int64N(200) - 100
			default:
				return r.Int64N(2*half) - half
			}
		}
		model := map[int64][]int64{} // rows by fingerprint
		last := int64(0)
		for range 40 {
			rows, prints := []int64{}, []int64{}
			for range []int{1, 5, 70, 900}[r.IntN(4)] {
				last++
				rows, prints = append(rows, last), append(prints, print())
				p := prints[len(prints)-1]
				model[p] = append(model[p], last)
			}
			require.NoError(t, db.PutPrints(t.Context(), rows, prints))
			for range r.IntN(4) {
				i := r.IntN(len(rows))
				if slices.Contains(model[prints[i]], rows[i]) {
					require.NoError(t, db.DropPrint(t.Context(), rows[i], prints[i]))
					model[prints[i]] = slices.DeleteFunc(model[prints[i]], func(row int64) bool { return row == rows[i] })
				}
			}
			if r.IntN(2) == 0 {
				require.NoError(t, db.AgePrints(t.Context(), r.Int64N(64)))
			}
		}
		ask := []int64{-half, half - 1, 5, 77_777}
		for p := range model {
			ask = append(ask, p)
		}
		for _, n := range []int{1, 3, len(ask)} {
			for some := range slices.Chunk(ask, n) {
				found, err := db.Printed(t.Context(), some)
				require.NoError(t, err)
				for i, p := range some {
					slices.Sort(found[i])
					if len(model[p]) == 0 {
						require.Empty(t, found[i], p)
					} else {
						require.Equal(t, model[p], found[i], p)
					}
				}
				if n == 1 && r.IntN(4) > 0 {
					break // one by one is slow
				}
			}
		}
		var young, old, most int
		require.NoError(t, raw(t, path).QueryRow(`SELECT (SELECT count(*) FROM fingerprint_young), (SELECT count(*) FROM fingerprint),
			(SELECT max(length(prints)) FROM fingerprint_young)`).Scan(&young, &old, &most))
		assert.Greater(t, young, 3, seed)
		assert.Positive(t, old, seed)
	}
}
