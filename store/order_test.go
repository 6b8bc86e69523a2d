package store_test

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store/storetest"
)

func at(hours int) time.Time { return storetest.Start.Add(time.Duration(hours-200) * time.Hour) }

func ref(kind, id string) review.Ref { return review.Ref{Type: kind, ID: id} }

// story is a set of payloads in which everything happens that the order of arrival could spoil.
func story() [][]byte {
	return [][]byte{
		// A transaction that comes, goes and comes back, with a report that arrives by itself.
		storetest.Payload(storetest.Transaction("txn_a", "created", at(1)).Fact("subject", "Ágnes Várga").Fact("country", "HU").Fact("tags", []string{"payout"})),
		storetest.Payload(storetest.Transaction("txn_a", "needs_review", at(2)).Link("related-objects", ref("report/watchlist", "rep_a"))),
		storetest.Payload(storetest.Transaction("txn_a", "approved", at(5)).Fact("reference", "order-77")),
		storetest.Payload(storetest.Transaction("txn_a", "Needs Review", at(9))),
		storetest.Payload(storetest.Report("rep_a", at(1)).Link("transaction", ref("transaction", "txn_a"))),
		storetest.Payload(storetest.Report("rep_a", at(3), "x", "y").Fact("query", "Varga")),
		storetest.Payload(storetest.Resource("report/watchlist", "rep_a", at(4)).Fact("status", "ready")), // thin
		// The same state again, in an event and on its own.
		storetest.Payload(storetest.Report("rep_a", at(3), "x", "y").Fact("query", "Varga").InEvent(at(6))),
		// Through an inquiry and a case, with what belongs to another transaction.
		storetest.Payload(storetest.Transaction("txn_b", "needs review", at(3)).Fact("subject", "Dario Moreau").Link("related-objects", ref("inquiry", "inq_b"))),
		storetest.Payload(storetest.Resource("inquiry", "inq_b", at(2)).Fact("status", "completed").
			Link("verifications", ref("verification/government-id", "ver_b")).Link("reports", ref("report", "rep_b")).Link("account", ref("account", "act_1"))),
		storetest.Payload(storetest.Resource("verification/government-id", "ver_b", at(2)).Fact("check", "failed")),
		storetest.Payload(storetest.Report("rep_b", at(4), "z")),
		storetest.Payload(storetest.Report("rep_c", at(4), "q").Link("inquiry", ref("inquiry", "inq_b")).Link("transaction", ref("transaction", "txn_c"))),
		storetest.Payload(storetest.Resource("report-run", "rpr_1", at(4)).Link("report", ref("report", "rep_b"))),
		// One that waits for its subject, then for us, and one that never does.
		storetest.Payload(storetest.Transaction("txn_c", "pending_fallback_inquiry", at(4)).Fact("fallback", "inq_x")),
		storetest.Payload(storetest.Transaction("txn_d", "approved", at(4)).Link("related-objects", ref("account", "act_1"))),
		storetest.Payload(storetest.Resource("account", "act_1", at(1)).Fact("status", "active"),
			storetest.Resource("account", "act_1", at(8)).Fact("name", "later")),
		// No time of its own: the event's counts, and the same state may return.
		storetest.Payload(storetest.Transaction("txn_e", "needs_review", at(1)).InEvent(at(1))),
		storetest.Payload(storetest.Transaction("txn_e", "declined", at(2)).InEvent(at(2))),
		storetest.Payload(storetest.Transaction("txn_e", "needs_review", at(3)).InEvent(at(3))),
		[]byte(`{"not": "states"}`),
	}
}

func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	t.Parallel()
	payloads := story()
	first := filepath.Join(t.TempDir(), "first.db")
	storetest.Import(t, storetest.OpenFile(t, first), payloads...)
	want := dump(t, first)
	require.Contains(t, want, "Ágnes Várga")
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		shuffled := slices.Clone(payloads)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		path := filepath.Join(t.TempDir(), "shuffled.db")
		db := storetest.OpenFile(t, path)
		if seed%2 == 1 {
			db.SetYouth(1, 2)
		}
		for len(shuffled) > 0 {
			n := 1 + r.IntN(3)
			storetest.Import(t, db, shuffled[:min(n, len(shuffled))]...)
			shuffled = shuffled[min(n, len(shuffled)):]
		}
		if got := dump(t, path); got != want {
			t.Fatalf("seed %d: %s", seed, firstDifference(want, got))
		}
		problems, err := db.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems, "seed %d", seed)
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return "\nwant " + w[i] + "\ngot  " + g[i]
		}
	}
	return "one is longer"
}

func TestImportingTwiceAddsNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	first := storetest.Import(t, db, story()...)
	assert.Equal(t, 5, first.Transactions)
	assert.Equal(t, 1, first.Quarantined)
	assert.Equal(t, 5, first.ReviewsOpened, "two of txn_a, one of txn_b, two of txn_e")
	want := dump(t, path)
	assert.Zero(t, storetest.Import(t, db, story()...))
	assert.Equal(t, want, dump(t, path))
}

func TestRebuildMakesTheSameProjections(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	payloads := story()
	rand.New(rand.NewPCG(3, 3)).Shuffle(len(payloads), func(i, j int) { payloads[i], payloads[j] = payloads[j], payloads[i] })
	for _, p := range payloads {
		storetest.Import(t, db, p)
	}
	page, err := db.Queue(t.Context(), review.QueueQuery{Search: "varga"})
	require.NoError(t, err)
	id := page.Rows[0].Review
	storetest.Claimed(t, db, id, anna)
	storetest.Disposed(t, db, id, anna, review.CannotTell)
	before, file := dump(t, path), mustFile(t, db, id)

	var told []int
	require.NoError(t, db.Rebuild(t.Context(), storetest.Read, func(done, all int) { told = append(told, done, all) }))
	assert.Equal(t, []int{len(payloads), len(payloads)}, told)
	assert.Equal(t, before, dump(t, path))
	assert.Equal(t, file, mustFile(t, db, id))
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}
