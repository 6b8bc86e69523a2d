package store_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// The first 48 bits of the SHA-256 of each pair are the same.
var samePrint = [][2]string{{"rep_14075626", "rep_10114166"}, {"rep_36395117", "rep_35873529"}, {"rep_14329769", "rep_18886808"}}

func TestNamesOfOneFingerprintAreToldApart(t *testing.T) {
	t.Parallel()
	for _, from := range []int64{1, 3, 1 << 18} {
		path := filepath.Join(t.TempDir(), "docket.db")
		db := storetest.OpenFile(t, path)
		db.SetYouth(from, 2)
		for _, pair := range samePrint {
			for _, id := range pair {
				storetest.Import(t, db, storetest.Payload(storetest.Report(id, at(1)).Fact("query", "of "+id)), []byte(id))
			}
		}
		for _, id := range slices.Concat(samePrint[0][:], samePrint[1][:], samePrint[2][:]) {
			f, err := db.ResourceFile(t.Context(), ref("report/watchlist", id))
			require.NoError(t, err)
			assert.Contains(t, string(f.Captured.Layers[0].Body), "of "+id)
			_, raw, err := db.Payload(t.Context(), review.Sum([]byte(id)))
			require.NoError(t, err)
			assert.Equal(t, id, string(raw))
		}
		_, err := db.ResourceFile(t.Context(), ref("inquiry", samePrint[0][0]))
		require.ErrorIs(t, err, review.ErrNotFound, "the same id of another family")
		problems, err := db.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems)
	}
}

// Of many names each leads to its row while fingerprints age, whoever adds rows and however.
func TestFingerprintsAge(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 3))
		path := filepath.Join(t.TempDir(), "docket.db")
		both := []*store.DB{storetest.OpenFile(t, path), storetest.OpenFile(t, path)}
		for _, db := range both {
			db.SetYouth(r.Int64N(90), 1+r.Int64N(5))
		}
		hashes := map[review.Hash]bool{}
		var packs []store.Packed
		var by *store.DB
		for i := range 60 {
			db := both[r.IntN(2)]
			var arrivals []review.Arrival
			var readings []review.Reading
			for j := range 1 + r.IntN(4) {
				raw := storetest.Payload(storetest.Transaction(fmt.Sprintf("txn_%d", r.IntN(120)), "approved", at(i)).
					Link("related-objects", ref("report/watchlist", fmt.Sprintf("rep_%d", r.IntN(200)))).Fact("n", i*10+j))
				arrivals, readings = append(arrivals, review.Arrival{Bytes: raw}), append(readings, storetest.Read(raw))
				hashes[review.Sum(raw)] = true
			}
			kept, err := db.Keep(t.Context(), append(arrivals, arrivals[0]))
			require.NoError(t, err)
			require.Len(t, kept, len(arrivals)+1)
			if len(packs) > 0 && by == db {
				packs = append(packs, db.Pack(readings, kept[:r.IntN(len(kept))]))
			} else if len(packs) == 0 {
				packs, by = []store.Packed{db.Pack(readings, kept[:r.IntN(len(kept))])}, db
			} else {
				_, err = db.Absorb(t.Context(), readings) // after others searched, and before they write
				require.NoError(t, err)
			}
			if r.IntN(3) == 0 {
				_, err := by.AbsorbPacked(t.Context(), packs...)
				require.NoError(t, err)
				packs = nil
			}
		}
		if len(packs) > 0 {
			_, err := by.AbsorbPacked(t.Context(), packs...)
			require.NoError(t, err)
		}
		problems, err := both[0].Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems, seed)
		for h := range hashes {
			_, _, err := both[1].Payload(t.Context(), h)
			require.NoError(t, err)
		}
		var young, old int
		require.NoError(t, raw(t, path).QueryRow(`SELECT (SELECT count(*) FROM fingerprint_young), (SELECT count(*) FROM fingerprint)`).Scan(&young, &old))
		assert.Positive(t, young, seed)
		assert.Positive(t, old, seed)
	}
}

// What an act added that was rolled back is not taken for known by the next.
func TestWhatWasRolledBackHasNoName(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	spoil := raw(t, path)
	_, err := spoil.Exec(`CREATE TRIGGER poison BEFORE INSERT ON sighting BEGIN SELECT raise(ABORT, 'no'); END`)
	require.NoError(t, err)
	payload := storetest.Payload(storetest.Transaction("txn_a", "needs_review", at(1)), storetest.Report("rep_a", at(1), "x"))
	kept, err := db.Keep(t.Context(), []review.Arrival{{Bytes: payload}})
	require.NoError(t, err)
	p := db.Pack([]review.Reading{storetest.Read(payload)}, kept)
	_, err = db.AbsorbPacked(t.Context(), p)
	require.ErrorContains(t, err, "no")
	_, err = spoil.Exec(`DROP TRIGGER poison`)
	require.NoError(t, err)
	_, err = db.AbsorbPacked(t.Context(), p)
	require.NoError(t, err)
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

// A rebuild makes them again, whatever has become of them.
func TestARebuildMakesFingerprintsAgain(t *testing.T) {
	t.Parallel()
	for _, from := range []int64{1, 1 << 18} {
		path := filepath.Join(t.TempDir(), "docket.db")
		db := storetest.OpenFile(t, path)
		db.SetYouth(from, 2)
		for i := range 9 {
			storetest.Review(t, db, func(c *storetest.Case) { c.ID = fmt.Sprintf("txn_%d", i) })
		}
		_, err := raw(t, path).Exec(`
			DELETE FROM fingerprint WHERE id % 3 = 0; DELETE FROM fingerprint_young WHERE id % 3 = 0;
			UPDATE fingerprint SET prints = substr(prints, 12) WHERE length(prints) > 11; INSERT INTO fingerprint_young VALUES (7, zeroblob(22))`)
		require.NoError(t, err)
		problems, err := db.Check(t.Context())
		require.NoError(t, err)
		require.NotEmpty(t, problems)
		require.NoError(t, db.Rebuild(t.Context(), storetest.Read, nil))
		problems, err = db.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems)
	}
}

// Looking for names must not walk what is large, on either side.
func TestNamesAreFoundByFingerprint(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	for name, query := range store.NameQueries() {
		plan, err := db.Plan(t.Context(), query)
		require.NoError(t, err)
		for _, line := range strings.Split(plan, "\n") {
			assert.NotRegexp(t, `SCAN (f|r|y|k|q|p|h|x|fingerprint|fingerprint_young|resource|payload)\b`, line, name)
		}
		for _, step := range map[string][]string{
			"find":     {`SEARCH f USING INTEGER PRIMARY KEY (rowid=?)`, `SEARCH fingerprint_young USING INTEGER PRIMARY KEY (rowid<?)`, `SEARCH fingerprint USING INTEGER PRIMARY KEY (rowid<?)`},
			"kept":     {`SEARCH k USING INTEGER PRIMARY KEY (rowid=?)`, `SEARCH x USING PRIMARY KEY (root=?)`}, // not each hold
			"holds":    {`SEARCH h USING INDEX hold_of_subject (subject=?)`},
			"old some": {`SEARCH f USING INTEGER PRIMARY KEY (rowid=?)`}, "young some": {`SEARCH f USING INTEGER PRIMARY KEY (rowid=?)`},
			"old between":   {`SEARCH fingerprint USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)`},
			"young between": {`SEARCH fingerprint_young USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)`},
			"resources":     {`SEARCH r USING INTEGER PRIMARY KEY (rowid=?)`}, "payloads": {`SEARCH p USING INTEGER PRIMARY KEY (rowid=?)`},
		}[name] {
			assert.Contains(t, plan, step, name)
		}
	}
}
