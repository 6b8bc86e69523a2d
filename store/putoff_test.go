package store_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// putOff says of what an import has put off something.
func putOff(t *testing.T, path string) (kinds []int64) {
	t.Helper()
	rows, err := raw(t, path).Query(`SELECT kind FROM put_off ORDER BY kind`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var kind int64
		require.NoError(t, rows.Scan(&kind))
		kinds = append(kinds, kind)
	}
	require.NoError(t, rows.Err())
	return kinds
}

func bulkOf(t *testing.T, path string) *store.DB {
	t.Helper()
	return storetest.OpenFile(t, path, func(o *store.Options) { o.Bulk = true })
}

// whatComes is payloads of which some wait for a person, some for their subject, some say what was said
// before, and some have moved on.
func whatComes(r *rand.Rand, n int) (payloads [][]byte) {
	statuses := []string{"needs_review", "approved", "pending_fallback_inquiry", "declined", "needs_review"}
	for i := range n {
		txn := storetest.Transaction(fmt.Sprintf("txn_%d", r.IntN(n/2)), statuses[r.IntN(len(statuses))], at(i)).
			Fact("tags", []string{"a", "b", "c"}[:r.IntN(4)]).
			Link("related-objects", ref("report/watchlist", fmt.Sprintf("rep_%d", r.IntN(n))))
		payloads = append(payloads, storetest.Payload(txn))
	}
	return payloads
}

// Whatever an import puts off, and whoever writes it in the end: all names lead to their rows meanwhile, and
// afterwards all is as if nothing had been put off.
func TestWhatAnImportPutsOffIsThereInTheEnd(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 9))
		payloads := whatComes(r, 120)
		plain := filepath.Join(t.TempDir(), "docket.db")
		storetest.Import(t, storetest.OpenFile(t, plain), payloads...)

		path := filepath.Join(t.TempDir(), "docket.db")
		imports := []*store.DB{bulkOf(t, path), bulkOf(t, path)}
		most := []int64{1, 10, 50, 1 << 20}[r.IntN(4)]
		for _, db := range imports {
			db.SetPutOff(most)
			db.SetTail(1 + r.IntN(30))
			db.SetYouth(r.Int64N(90), 1+r.Int64N(5))
		}
		other := storetest.OpenFile(t, path)
		other.SetTail(1 + r.IntN(30))
		waited, kept := 0, payloads
		for len(payloads) > 0 {
			n := min(1+r.IntN(9), len(payloads))
			db := imports[0]
			switch r.IntN(8) {
			case 0:
				db = imports[1]
			case 1:
				db = other
			}
			storetest.Import(t, db, payloads[:n]...)
			payloads = payloads[n:]
			if len(putOff(t, path)) > 0 {
				waited++
			}
			if r.IntN(8) > 0 {
				continue
			}
			whole(t, other)
			for _, p := range kept[:len(kept)-len(payloads)] {
				_, _, err := other.Payload(t.Context(), review.Sum(p))
				require.NoError(t, err)
			}
		}
		assert.Positive(t, waited, seed)
		by := slices.Concat(imports, []*store.DB{other})[r.IntN(3)]
		require.NoError(t, by.CatchUp(t.Context()))
		assert.Empty(t, putOff(t, path), seed)
		whole(t, by)
		assert.Equal(t, dump(t, plain), dump(t, path), seed)
	}
}

// An import that was killed leaves it to whoever writes next, and that one finds what was there.
func TestWhoeverWritesNextWritesWhatWasPutOff(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	bulk := bulkOf(t, path)
	storetest.Import(t, bulk, tagged("txn_1", 1, "a"), tagged("txn_2", 1, "a", "b"),
		storetest.Payload(storetest.Transaction("txn_3", "pending_fallback_inquiry", at(1)).Fact("tags", []string{"a"})))
	require.Equal(t, []int64{0, 1, 3, 4}, putOff(t, path))
	rows, counters := seats(t, path)
	assert.Empty(t, rows)
	assert.Equal(t, []string{"fallback   1", "open   2"}, counters, "tabs count what they list")

	db := storetest.OpenFile(t, path)
	whole(t, db)
	_, err := db.ResourceFile(t.Context(), ref("transaction", "txn_2"))
	require.NoError(t, err)
	_, err = db.ResourceFile(t.Context(), ref("transaction", "txn_9"))
	require.ErrorIs(t, err, review.ErrNotFound)

	// The one that is moved on is among them.
	storetest.Import(t, db, storetest.Payload(storetest.Transaction("txn_2", "approved", at(2)).Fact("tags", []string{"b"})))
	assert.Equal(t, []int64{1}, putOff(t, path), "no resource was named")
	rows, counters = seats(t, path)
	assert.Equal(t, []string{"closed tag b txn_2", "fallback tag a txn_3", "open tag a txn_1"}, rows)
	assert.Equal(t, []string{"closed   1", "closed tag b 1", "fallback   1", "fallback tag a 1", "open   1", "open tag a 1"}, counters)
	whole(t, db)
	storetest.Import(t, db, storetest.Payload(storetest.Transaction("txn_4", "approved", at(2))))
	assert.Empty(t, putOff(t, path))
	whole(t, db)
}

// Of names with the same fingerprint each leads to its own row while theirs are put off.
func TestNamesOfOneFingerprintThatArePutOffAreToldApart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	bulk, err := store.Open(t.Context(), path, store.Options{Hydrate: storetest.Hydrate, Read: storetest.Read, Bulk: true})
	require.NoError(t, err)
	for _, pair := range samePrint {
		for _, id := range pair {
			storetest.Import(t, bulk, storetest.Payload(storetest.Report(id, at(1)).Fact("query", "of "+id)))
		}
	}
	require.Contains(t, putOff(t, path), int64(1))
	for _, db := range []*store.DB{bulk, storetest.OpenFile(t, path)} {
		for _, pair := range samePrint {
			for _, id := range pair {
				f, err := db.ResourceFile(t.Context(), ref("report/watchlist", id))
				require.NoError(t, err)
				assert.Contains(t, string(f.Captured.Layers[0].Body), "of "+id)
			}
		}
	}
	require.NoError(t, bulk.Close())
	assert.Empty(t, putOff(t, path), "closing writes it")
	whole(t, storetest.OpenFile(t, path))
}

// A note of what is put off that is wrong does not hide what is missing, or there twice.
func TestCheckFindsAWrongNoteOfWhatIsPutOff(t *testing.T) {
	t.Parallel()
	for harm, want := range map[string]string{
		`INSERT INTO put_off VALUES (0, 0)`:         "fingerprint of another payload or of none",
		`INSERT INTO put_off VALUES (1, 1)`:         "fingerprint of another resource or of none",
		`INSERT INTO put_off VALUES (3, 0), (4, 0)`: "row in a facet that it does not have",
		`DELETE FROM fingerprint; DELETE FROM fingerprint_young; INSERT INTO put_off VALUES (0, 1), (1, 0)`:                                "payload that its name does not lead to",
		`DELETE FROM facet; DELETE FROM counter WHERE facet <> ''; INSERT INTO put_off VALUES (3, 1), (4, (SELECT max(id) FROM resource))`: "row of the queue that a facet lacks",
	} {
		path := filepath.Join(t.TempDir(), "docket.db")
		db := storetest.OpenFile(t, path)
		storetest.Import(t, db, tagged("txn_1", 1, "a"), tagged("txn_2", 1, "b"),
			storetest.Payload(storetest.Transaction("txn_3", "pending_fallback_inquiry", at(1)).Fact("tags", []string{"a"})))
		whole(t, db)
		_, err := raw(t, path).Exec(harm)
		require.NoError(t, err, harm)
		problems, err := db.Check(t.Context())
		require.NoError(t, err, harm)
		assert.Contains(t, fmt.Sprint(problems), want, harm)
	}
}

// A rebuild makes fingerprints first. Should it end there, facets are still known to be put off.
func TestARebuildWritesWhatWasPutOff(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	storetest.Import(t, bulkOf(t, path), tagged("txn_1", 1, "a"))
	db := storetest.OpenFile(t, path)
	require.NoError(t, db.PrintAgain(t.Context()))
	require.Equal(t, []int64{3, 4}, putOff(t, path))
	whole(t, db)
	require.NoError(t, db.Rebuild(t.Context(), storetest.Read, nil))
	assert.Empty(t, putOff(t, path))
	rows, _ := seats(t, path)
	assert.Equal(t, []string{"open tag a txn_1"}, rows)
	whole(t, db)
}

// More names than a tail keeps may come at once: one payload can name hundreds of thousands.
func TestMoreNamesThanATailKeepsAreAllWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	bulk := bulkOf(t, path)
	bulk.SetTail(10)
	bulk.SetPutOff(20)
	storetest.Import(t, bulk, tagged("txn_0", 1, "a"))
	txn := storetest.Transaction("txn_1", "needs_review", at(1))
	for i := range 90 {
		txn = txn.Link("related-objects", ref("report/watchlist", fmt.Sprintf("rep_%d", i)))
	}
	storetest.Import(t, bulk, storetest.Payload(txn))
	require.Equal(t, []int64{0}, putOff(t, path), "the names were too many to wait")
	whole(t, bulk)
	storetest.Import(t, bulk, storetest.Payload(storetest.Report("rep_7", at(2))))
	whole(t, storetest.OpenFile(t, path))
}

// Who looks for names by a tail finds them, though another one forgets it just then.
func TestNothingIsTakenOutOfATailWhileOneLooks(t *testing.T) {
	t.Parallel()
	bulk := bulkOf(t, filepath.Join(t.TempDir(), "docket.db"))
	storetest.Import(t, bulk, tagged("txn_1", 1, "a"))
	for _, before := range []string{"known", "forgotten"} {
		found, err := bulk.FindLateWhile(t.Context(), "txn_1", bulk.ForgetNames)
		require.NoError(t, err)
		assert.True(t, found, before)
		bulk.ForgetNames()
	}
}

// Others look for names while an import goes on, each as of its own moment.
func TestNamesAreFoundWhileAnImportPutsThemOff(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	bulk := bulkOf(t, path)
	bulk.SetTail(12)
	bulk.SetPutOff(25)
	const reports = 120
	var there atomic.Int64
	var readers errgroup.Group
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 10))
		readers.Go(func() error {
			for there.Load() < reports {
				if n := there.Load(); n > 0 {
					id := fmt.Sprintf("rep_%d", n-1-r.Int64N(min(n, 40)))
					if _, err := bulk.ResourceFile(t.Context(), ref("report/watchlist", id)); err != nil {
						return fmt.Errorf("%s: %w", id, err)
					}
				}
			}
			return nil
		})
	}
	for i := range reports {
		storetest.Import(t, bulk, storetest.Payload(storetest.Report(fmt.Sprintf("rep_%d", i), at(1))))
		there.Store(int64(i + 1))
	}
	require.NoError(t, readers.Wait())
	whole(t, bulk)
}
