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

// reviewing has a store count statuses of inquiries and cases as well.
func reviewing(inquiry, cases []string) func(*store.Options) {
	return func(o *store.Options) { o.Statuses = &review.Statuses{Inquiry: inquiry, Case: cases} }
}

func everyRoot() func(*store.Options) { return reviewing([]string{"Needs Review"}, []string{"open"}) }

// caseStory is story, and a case that joins two transactions, an inquiry and what hangs on these.
func caseStory() [][]byte {
	return append(story(),
		storetest.Payload(storetest.Resource("case", "case_1", at(3)).Fact("status", "Open").Fact("name", "MRR-3").Fact("subject", "Kestrel Foods").
			Link("txns", ref("transaction", "txn_a")).Link("txns", ref("transaction", "txn_b")).Link("txns", ref("transaction", "txn_never")).
			Link("inquiries", ref("inquiry", "inq_b")).Link("reports", ref("report/watchlist", "rep_k")).Link("accounts", ref("account", "act_1"))),
		storetest.Payload(storetest.Resource("case", "case_1", at(5)).Fact("status", "Pending")),
		storetest.Payload(storetest.Resource("case", "case_1", at(7)).Fact("status", "open")),
		storetest.Payload(storetest.Resource("case-comment", "cscm_1", at(4)).Fact("message", "x").Link("case", ref("case", "case_1"))),
		storetest.Payload(storetest.Report("rep_k", at(2))),
		storetest.Payload(storetest.Report("rep_k", at(6), "k")),
		storetest.Payload(storetest.Resource("report-run", "rpr_k", at(6)).Link("report", ref("report", "rep_k"))),
		storetest.Payload(storetest.Resource("inquiry", "inq_b", at(6)).Fact("status", "needs_review").Link("sessions", ref("inquiry-session", "iqse_1"))),
		storetest.Payload(storetest.Resource("inquiry-session", "iqse_1", at(6)).Fact("device", "phone")),
		storetest.Payload(storetest.Resource("inquiry", "inq_free", at(4)).Fact("status", "needs_review").Fact("subject", "Tove Lind")),
	)
}

func TestTheOrderOfArrivalDoesNotMatterForAnyRoot(t *testing.T) {
	t.Parallel()
	payloads := caseStory()
	first := filepath.Join(t.TempDir(), "first.db")
	storetest.Import(t, storetest.OpenFile(t, first, everyRoot()), payloads...)
	want := dump(t, first)
	require.Contains(t, want, "queue\tcase\tcase_1\topen")
	require.Contains(t, want, "queue\tinquiry\tinq_b\topen")
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 2))
		shuffled := slices.Clone(payloads)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		path := filepath.Join(t.TempDir(), "shuffled.db")
		db := storetest.OpenFile(t, path, everyRoot())
		for len(shuffled) > 0 {
			n := min(1+r.IntN(3), len(shuffled))
			storetest.Import(t, db, shuffled[:n]...)
			shuffled = shuffled[n:]
		}
		if got := dump(t, path); got != want {
			t.Fatalf("seed %d: %s", seed, firstDifference(want, got))
		}
		problems, err := db.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems, "seed %d", seed)
	}
}

func TestRebuildMakesTheSameReviewsOfEveryRoot(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path, everyRoot())
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	for _, p := range caseStory() {
		storetest.Import(t, db, p)
	}
	f, err := db.RootFile(t.Context(), ref("case", "case_1"))
	require.NoError(t, err)
	require.Len(t, f.Reviews, 2, "it was open, pending, and open again")
	id := f.Reviews[0].ID
	storetest.Claimed(t, db, id, anna)
	storetest.Disposed(t, db, id, anna, review.CannotTell)
	before, file := dump(t, path), mustFile(t, db, id)
	require.NoError(t, db.Rebuild(t.Context(), storetest.Read, nil))
	assert.Equal(t, before, dump(t, path))
	assert.Equal(t, file, mustFile(t, db, id))
	seen, err := db.AsSeen(t.Context(), file.Review.Evidence)
	require.NoError(t, err)
	assert.Equal(t, file.Dossier, seen, "what was judged can be shown again")
}

func TestACaseBringsItsOwnThingsAndItsTransactionsButNotTheirs(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, everyRoot())
	storetest.Import(t, db, caseStory()...)
	f, err := db.RootFile(t.Context(), ref("case", "case_1"))
	require.NoError(t, err)
	via := map[string]string{}
	for _, r := range f.Dossier.Records {
		via[r.Ref.ID] = r.Via
	}
	for _, r := range f.Dossier.Reports {
		via[r.Ref.ID] = r.Rest.Via
	}
	assert.Equal(t, map[string]string{
		"act_1": "", "cscm_1": "", "inq_b": "", "rep_k": "", "txn_a": "", "txn_b": "", "txn_never": "",
		"ver_b": "inquiry/inq_b", "rep_b": "inquiry/inq_b", "rep_c": "inquiry/inq_b", "iqse_1": "inquiry/inq_b",
		"rpr_1": "report/rep_b", "rpr_k": "report/rep_k",
	}, via, "rep_a hangs on a transaction alone")
	inquiry, err := db.RootFile(t.Context(), ref("inquiry", "inq_free"))
	require.NoError(t, err)
	require.Len(t, inquiry.Reviews, 1)
	_, err = db.RootFile(t.Context(), ref("account", "act_1"))
	require.ErrorIs(t, err, review.ErrNotFound, "no review is about an account")
	_, err = db.RootFile(t.Context(), ref("transaction", "txn_never"))
	require.ErrorIs(t, err, review.ErrNotFound)
}

func TestWhichRootsAreReviewedIsKeptAndCanBeEnded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	storetest.Import(t, db, caseStory()...)
	off := dump(t, path)
	assert.NotContains(t, off, "queue\tcase")
	assert.NotContains(t, off, "queue\tinquiry")
	assert.NotContains(t, off, "root\tinq")

	on := storetest.OpenFile(t, path, reviewing(nil, []string{"open"}))
	assert.Equal(t, []string{"needs_review"}, on.Statuses().Review, "what is not said stays")
	f, err := on.RootFile(t.Context(), ref("case", "case_1"))
	require.NoError(t, err)
	require.Len(t, f.Reviews, 2)
	assert.NotContains(t, dump(t, path), "queue\tinquiry")
	again := storetest.OpenFile(t, path)
	assert.Equal(t, []string{"open"}, again.Statuses().Case, "the database remembers")

	ended := storetest.OpenFile(t, path, reviewing(nil, []string{}))
	f, err = ended.RootFile(t.Context(), ref("case", "case_1"))
	require.NoError(t, err)
	require.Len(t, f.Reviews, 2)
	for _, r := range f.Reviews {
		assert.Equal(t, review.StateClosed, r.State)
	}
	storetest.Import(t, ended, storetest.Payload(storetest.Report("rep_k", at(9), "k", "l")))
	late := dump(t, path)
	require.NoError(t, ended.Rebuild(t.Context(), storetest.Read, nil))
	assert.Equal(t, late, dump(t, path), "closed reviews still follow what they show")
	problems, err := ended.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func TestADecidedCaseStaysDecidedWhenItsStatusFollows(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, everyRoot(), func(o *store.Options) {
		o.Pushes = func(_ review.Telling, r review.Review, d review.Decision, _ review.Dossier, _ []review.Disposition) []review.Push {
			return []review.Push{{Act: review.PushCase, Target: r.Root, Value: "Approved", Before: "open"}}
		}
	})
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	storetest.Import(t, db, storetest.Payload(storetest.Resource("case", "case_9", at(3)).Fact("status", "open").Fact("subject", "Kestrel Foods")))
	f, err := db.RootFile(t.Context(), ref("case", "case_9"))
	require.NoError(t, err)
	id := f.Reviews[0].ID
	storetest.Claimed(t, db, id, anna)
	_, err = db.Decide(t.Context(), id, anna, review.DecisionForm{Outcome: review.Approve, Reason: review.ReasonNoMatch, Evidence: storetest.Digest(t, db, id)})
	require.NoError(t, err)
	pushes, err := db.PushesOf(t.Context(), id)
	require.NoError(t, err)
	require.Len(t, pushes, 1)
	require.NoError(t, db.PushTried(t.Context(), pushes[0].ID, review.PushTry{Sent: true}))
	echo := storetest.Start.Add(1)
	storetest.Import(t, db, storetest.Payload(storetest.Resource("case", "case_9", echo.Add(1e9)).Fact("status", "Approved")))
	pushes, err = db.PushesOf(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, review.PushAcknowledged, pushes[0].State, "its own echo is known")
	f, err = db.RootFile(t.Context(), ref("case", "case_9"))
	require.NoError(t, err)
	require.Len(t, f.Reviews, 1, "and opens no new review")
	assert.Equal(t, review.ClosingDecided, f.Reviews[0].Closing)

	storetest.Import(t, db, storetest.Payload(storetest.Resource("case", "case_9", echo.Add(2e9)).Fact("status", "Declined")))
	pushes, err = db.PushesOf(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, review.PushDiverged, pushes[0].State, "another status is not swallowed")
}
