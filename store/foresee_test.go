package store_test

import (
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

// Batches cut roots into parts and bring others whole: what is foreseen of a part must not count.
func TestForesightChangesNothing(t *testing.T) {
	t.Parallel()
	payloads := story()
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 2))
		r.Shuffle(len(payloads), func(i, j int) { payloads[i], payloads[j] = payloads[j], payloads[i] })
		first, second := filepath.Join(t.TempDir(), "plain.db"), filepath.Join(t.TempDir(), "foreseen.db")
		plain, foreseen := storetest.OpenFile(t, first), storetest.OpenFile(t, second)
		foreseen.SetYouth(r.Int64N(40), 1+r.Int64N(4))
		for rest := slices.Clone(payloads); len(rest) > 0; {
			n := min(1+r.IntN(len(payloads)), len(rest))
			storetest.Import(t, plain, rest[:n]...)
			var arrivals []review.Arrival
			var readings []review.Reading
			for _, raw := range rest[:n] {
				arrivals, readings = append(arrivals, review.Arrival{Bytes: raw}), append(readings, storetest.Read(raw))
			}
			_, err := foreseen.Keep(t.Context(), arrivals)
			require.NoError(t, err)
			half := r.IntN(n + 1)
			_, err = foreseen.AbsorbPacked(t.Context(), foreseen.Pack(readings[:half], nil), foreseen.Pack(readings[half:], nil))
			require.NoError(t, err)
			rest = rest[n:]
		}
		problems, err := foreseen.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems, seed)
		require.NoError(t, plain.Close())
		require.NoError(t, foreseen.Close())
		assert.Equal(t, dump(t, first), dump(t, second), seed)
	}
}

// What is read before the turn to write is not read again in it, be it of one payload or with what later
// ones of the same batch say.
func TestWhatIsForeseenIsReadOnce(t *testing.T) {
	t.Parallel()
	for name, later := range map[string][][]byte{
		"alone": nil,
		"decided since": {
			storetest.Payload(storetest.Transaction("txn_a", "approved", at(5)).Link("related-objects", ref("report/watchlist", "rep_a"))),
			storetest.Payload(storetest.Report("rep_a", at(4), "x")),
		},
		"spoken of since": {
			storetest.Payload(storetest.Resource("case", "case_a", at(4)).Fact("status", "Open").Link("transaction", ref("transaction", "txn_a"))),
			storetest.Payload(storetest.Report("rep_a", at(3), "x", "y").InEvent(at(6))),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := 0
			db := storetest.Open(t, func(o *store.Options) {
				o.Hydrate = func(b review.Bundle) review.Dossier {
					read++
					return storetest.Hydrate(b)
				}
			})
			var arrivals []review.Arrival
			var readings []review.Reading
			for _, raw := range append([][]byte{
				storetest.Payload(storetest.Transaction("txn_a", "needs_review", at(2)).Link("related-objects", ref("report/watchlist", "rep_a")),
					storetest.Report("rep_a", at(3), "x", "y")),
			}, later...) {
				arrivals, readings = append(arrivals, review.Arrival{Bytes: raw}), append(readings, storetest.Read(raw))
			}
			_, err := db.Keep(t.Context(), arrivals)
			require.NoError(t, err)
			did, err := db.AbsorbPacked(t.Context(), db.Pack(readings, nil))
			require.NoError(t, err)
			assert.Equal(t, 1, did.ReviewsOpened)
			assert.Equal(t, 1, read)
		})
	}
}
