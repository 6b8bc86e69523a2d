package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// counting counts how often a bundle is hydrated.
func counting(n *atomic.Int64) func(*store.Options) {
	return func(o *store.Options) {
		o.Hydrate = func(b review.Bundle) review.Dossier {
			n.Add(1)
			return storetest.Hydrate(b)
		}
	}
}

func TestADossierIsReadAgainOnlyWhenWhatItRestsOnMoved(t *testing.T) {
	t.Parallel()
	var hydrated atomic.Int64
	db := storetest.Open(t, counting(&hydrated))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db, storetest.WithMatches(2))
	show := func() (f store.ReviewFile, read int64) {
		before := hydrated.Load()
		f, err := db.ReviewFile(t.Context(), id)
		require.NoError(t, err)
		return f, hydrated.Load() - before
	}

	first, read := show()
	assert.EqualValues(t, 1, read)

	_, err := db.Claim(t.Context(), id, anna, false)
	require.NoError(t, err)
	_, err = db.Dispose(t.Context(), id, anna, storetest.Finding(review.FalsePositive, first.Review.Evidence.String(), first.Dossier.OpenMatches()[0].Key))
	require.NoError(t, err)
	again, read := show()
	assert.Zero(t, read, "what colleagues do is no evidence")
	assert.Equal(t, first.Edition, again.Edition)
	assert.Len(t, again.Found, 1, "what they did is read")

	storetest.Review(t, db, func(c *storetest.Case) { c.ID = "txn_other" })
	again, read = show()
	assert.Zero(t, read, "another transaction has nothing to do with it")
	assert.Equal(t, first.Edition, again.Edition)

	storetest.Import(t, db, storetest.Payload(storetest.Report("rep_txn_1", storetest.Start, "a", "b", "c")))
	moved, read := show()
	assert.EqualValues(t, 1, read)
	assert.NotEqual(t, first.Edition, moved.Edition)
	assert.Len(t, moved.Dossier.OpenMatches(), 3)
	assert.Len(t, moved.Payloads, 2)

	storetest.Import(t, db, storetest.Payload(storetest.Resource("account", "act_1", storetest.Start).Fact("name", "Ines").
		Link("transaction", ref("transaction", "txn_1"))))
	tied, read := show()
	assert.EqualValues(t, 1, read)
	assert.Greater(t, len(tied.Dossier.Records), len(moved.Dossier.Records), "a new tie brings a record")

	// The same state in another payload: nothing else is told, but the payload is shown.
	storetest.Import(t, db, storetest.Payload(storetest.Report("rep_txn_1", storetest.Start, "a", "b", "c"),
		storetest.Resource("note", "n_1", storetest.Start)))
	same, read := show()
	assert.Zero(t, read)
	assert.Equal(t, tied.Edition, same.Edition)
	assert.Len(t, same.Payloads, len(tied.Payloads)+1)
}

func TestAPayloadThatIsReadAfterAllMovesADossier(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	id := storetest.Review(t, db)
	account := storetest.Resource("account", "act_1", storetest.Start).Fact("name", "Ines")
	storetest.Import(t, db, storetest.Payload(account))
	payload := storetest.Payload(account.Link("transaction", ref("transaction", "txn_1"))) // a known state, a new tie
	_, err := db.Keep(t.Context(), []review.Arrival{{Bytes: payload, Source: "import"}})
	require.NoError(t, err)
	_, err = db.Absorb(t.Context(), []review.Reading{{Hash: review.Sum(payload), Refused: "not understood"}})
	require.NoError(t, err)
	before, err := db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	require.Empty(t, before.Dossier.Records)

	require.NoError(t, db.Requeue(t.Context(), review.Sum(payload), storetest.Colleague(t, db, review.RoleLead, "zoe")))
	_, err = db.Absorb(t.Context(), []review.Reading{storetest.Read(payload)})
	require.NoError(t, err)
	after, err := db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	assert.Len(t, after.Dossier.Records, 1)
	assert.NotEqual(t, before.Edition, after.Edition)
}

func TestAKeptDossierIsTheOneThatIsReadAnew(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/docket.db"
	db := storetest.OpenFile(t, path)
	id := storetest.Review(t, db, storetest.WithMatches(2))
	var payloads [][]byte
	for i := range 12 {
		at := storetest.Start.Add(time.Duration(i%5) * time.Minute)
		payloads = append(payloads,
			storetest.Payload(storetest.Report("rep_txn_1", at, string(rune('a'+i)))),
			storetest.Payload(storetest.Transaction("txn_1", "needs_review", at).Fact("subject", fmt.Sprint("Name ", i))))
	}
	for i, p := range payloads {
		storetest.Import(t, db, p)
		kept, err := db.ReviewFile(t.Context(), id)
		require.NoError(t, err)
		other, err := store.Open(t.Context(), path, store.Options{Hydrate: storetest.Hydrate, Clock: storetest.NewClock().Now})
		require.NoError(t, err)
		anew, err := other.ReviewFile(t.Context(), id)
		require.NoError(t, err)
		require.NoError(t, other.Close())
		kept.Edition, anew.Edition = 0, 0
		require.Equal(t, anew, kept, "after payload %d", i)
	}
}

func TestARebuildForgetsKeptDossiers(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	id := storetest.Review(t, db)
	before, err := db.ReviewFile(t.Context(), id)
	require.NoError(t, err)

	require.NoError(t, db.Rebuild(t.Context(), storetest.Read, nil))
	after, err := db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	assert.NotEqual(t, before.Edition, after.Edition)
	assert.Equal(t, before.Dossier, after.Dossier)
}

func TestKeptDossiersAreBounded(t *testing.T) {
	t.Parallel()
	var hydrated atomic.Int64
	db := storetest.Open(t, counting(&hydrated))
	var ids []review.ReviewID
	for i := range store.MaxDossiers + 1 {
		ids = append(ids, storetest.Review(t, db, func(c *storetest.Case) { c.ID = fmt.Sprint("txn_", i) }))
	}
	show := func(id review.ReviewID) int64 {
		before := hydrated.Load()
		_, err := db.ReviewFile(t.Context(), id)
		require.NoError(t, err)
		return hydrated.Load() - before
	}
	for _, id := range ids {
		require.EqualValues(t, 1, show(id))
	}
	held, _ := db.KeptDossiers()
	assert.Equal(t, store.MaxDossiers, held)
	assert.Zero(t, show(ids[1]), "among the last ones")
	assert.EqualValues(t, 1, show(ids[0]), "the one that was not asked for longest")
	assert.Zero(t, show(ids[1]), "asked for since")
	assert.EqualValues(t, 1, show(ids[2]))

	// Large ones are bounded by their bytes.
	large := strings.Repeat("a long text ", 80_000)
	for i := range 9 {
		id := fmt.Sprint("txn_large_", i)
		review := storetest.Review(t, db, func(c *storetest.Case) { c.ID = id })
		storetest.Import(t, db, storetest.Payload(storetest.Resource("account", "act_"+id, storetest.Start).Fact("name", large).
			Link("transaction", ref("transaction", id))))
		show(review)
	}
	_, bytes := db.KeptDossiers()
	assert.LessOrEqual(t, bytes, store.MaxDossierBytes)
	assert.NotZero(t, bytes)
}

func TestReadersOfOneReviewMayComeTogether(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	id := storetest.Review(t, db)
	errs := make(chan error, 8)
	for range cap(errs) {
		go func() {
			for range 20 {
				if _, err := db.ReviewFile(t.Context(), id); err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for i := range 10 {
		storetest.Import(t, db, storetest.Payload(storetest.Report("rep_txn_1", storetest.Start.Add(time.Duration(i)*time.Minute), "a", fmt.Sprint(i))))
	}
	for range cap(errs) {
		require.NoError(t, <-errs)
	}
	f, err := db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	assert.True(t, slices.ContainsFunc(f.Dossier.OpenMatches(), func(m review.Match) bool { return m.Key == storetest.Key("rep_txn_1", "9") }))
}
