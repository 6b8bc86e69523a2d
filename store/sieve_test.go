package store_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
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
		bulk.SetPutOff([]int64{0, 100, 1 << 20}[r.IntN(3)])
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
			kept, err := db.Keep(t.Context(), arrivals)
			require.NoError(t, err)
			packs := []store.Packed{db.Pack(readings[:20], kept[:20]), db.Pack(readings[20:], kept[20:])}
			if r.IntN(2) == 0 && bulk.MadeSieve() { // at other times it is made while all of this goes on
				had++
				packs = []store.Packed{db.Pack(readings[:20], nil), db.Pack(readings[20:], nil)}
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

// Rows that come while a sieve is made are not in it when it is there. They are known all the same, whoever
// added them.
func TestASieveIsOfNoUseBeforeItKnowsWhatCameMeanwhile(t *testing.T) {
	t.Parallel()
	txn := func(i int) []byte {
		return storetest.Payload(storetest.Transaction(fmt.Sprintf("txn_%d", i), "approved", at(0)))
	}
	for _, who := range []string{"the import itself", "another process"} {
		path := filepath.Join(t.TempDir(), "docket.db")
		bulk := storetest.OpenFile(t, path, func(o *store.Options) { o.Bulk = true })
		db := bulk
		if who == "another process" {
			db = storetest.OpenFile(t, path)
		}
		var before, meanwhile, after [][]byte
		for i := range 200 {
			before = append(before, txn(i))
		}
		for i := range 40 {
			meanwhile, after = append(meanwhile, txn(200+i)), append(after, txn(240+i))
		}
		storetest.Import(t, bulk, before...)
		bulk.MakeSieveWhile(func() { storetest.Import(t, db, meanwhile...) })
		for range 2 { // before and after it knows
			var arrivals []review.Arrival
			for _, p := range slices.Concat(before, meanwhile) {
				arrivals = append(arrivals, review.Arrival{Bytes: p})
			}
			kept, err := bulk.Keep(t.Context(), arrivals)
			require.NoError(t, err)
			for i, k := range kept {
				require.False(t, k.New, "%s: %d", who, i)
			}
			storetest.Import(t, bulk, after...)
			require.True(t, bulk.MadeSieve(), who)
		}
		problems, err := bulk.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems, who)
	}
}
