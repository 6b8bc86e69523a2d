package store_test

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// cutHouse is a store whose every statement can be cut.
type cutHouse struct {
	*store.DB
	t    *testing.T
	path string
	cuts store.Cuts

	beside *sql.DB // one connection
}

func newCutHouse(t *testing.T) *cutHouse {
	h := &cutHouse{t: t, path: filepath.Join(t.TempDir(), "docket.db")}
	h.open()
	t.Cleanup(func() { _ = h.Close() })
	h.beside = raw(t, h.path)
	h.beside.SetMaxOpenConns(1)
	return h
}

// open starts docket, without a fault.
func (h *cutHouse) open() {
	h.t.Helper()
	h.cuts.On = false
	o := store.Options{Hydrate: storetest.Hydrate, Reduce: storetest.Reduce, Read: storetest.Read, Clock: storetest.NewClock().Now,
		Pushes: func(_ review.Telling, r review.Review, d review.Decision, _ review.Dossier, _ []review.Disposition) []review.Push {
			return []review.Push{{Review: r.ID, Decision: d.Entry, Root: r.Root, Act: review.PushComment, Target: r.Root, Note: d.Note}}
		}}
	h.cuts.Option(&o)
	db, err := store.Open(h.t.Context(), h.path, o)
	require.NoError(h.t, err)
	h.DB = db
}

// version is a number that every commit of the store changes, and nothing else: SQLite counts them for a
// connection that never writes.
func (h *cutHouse) version() (n int64) {
	h.t.Helper()
	require.NoError(h.t, h.beside.QueryRow(`PRAGMA data_version`).Scan(&n))
	return n
}

// whole says that nothing is half done.
func (h *cutHouse) whole() {
	h.t.Helper()
	problems, err := h.Check(h.t.Context())
	require.NoError(h.t, err)
	require.Empty(h.t, problems)
	report, err := h.VerifyLedger(h.t.Context(), store.LedgerCheck{})
	require.NoError(h.t, err)
	require.Nil(h.t, report.Break)
}

// cut runs an act again and again, each time cut one statement later, until what was to be done is
// committed. Short of a commit, nothing is left behind.
func (h *cutHouse) cut(act func() error, done func() bool) (cuts int) {
	h.t.Helper()
	began := h.cuts.Made
	h.cuts.On = true
	before := h.version()
	for passed := h.cuts.Passed; ; {
		h.cuts.On = true
		err := act()
		h.cuts.On = false
		require.ErrorIs(h.t, err, store.ErrCut, "a cut was kept silent about")
		now := h.version()
		if h.cuts.Passed == passed {
			require.Equal(h.t, before, now, "cut %d left something behind", h.cuts.Made)
			continue
		}
		passed = h.cuts.Passed
		select {
		case <-h.Broken():
		default:
			require.Fail(h.t, "nobody knows whether it was committed, and it goes on")
		}
		require.NoError(h.t, h.Close())
		h.open()
		if done() { // an erasure commits in rounds: between them its rest waits, and the ledger is whole
			h.whole()
			return h.cuts.Made - began
		}
		report, err := h.VerifyLedger(h.t.Context(), store.LedgerCheck{})
		require.NoError(h.t, err)
		require.Nil(h.t, report.Break)
		before = h.version()
	}
}

// Wherever an erasure is cut, nothing is half done, and the next call takes it up; so it is with each act
// that adds to the ledger.
func TestWhereverAnActIsCutNothingIsHalfDone(t *testing.T) {
	t.Parallel()
	h := newCutHouse(t)
	reviewer, lead, admin := storetest.Colleague(t, h.DB, review.RoleReviewer), storetest.Colleague(t, h.DB, review.RoleLead), storetest.Colleague(t, h.DB, review.RoleAdmin)
	secrets := []string{"Zorvane Quibblewick", "note-words", "finding-words", "decision-words", "attached-words", "ask-words", "order-zq"}
	mine := storetest.Case{ID: "txn_1", At: storetest.Start.Add(-time.Hour), Status: "needs_review", Name: secrets[0], Reference: "order-zq", Country: "PT",
		Matches: []string{"a", "b"}, Born: "1971-03-09", Births: map[string]string{"a": "1950-01-02", "b": "1950-01-02"}, Account: "act_1"}
	storetest.Import(t, h.DB, mine.Payload())
	bystander := storetest.Review(t, h.DB, func(c *storetest.Case) { c.ID, c.Reference, c.Name = "txn_2", "order-2", "Marlis Ovenbeck" })
	f, err := h.TransactionFile(t.Context(), "txn_1")
	require.NoError(t, err)
	id := f.Reviews[0].ID
	storetest.Claimed(t, h.DB, id, reviewer)
	evidence := storetest.Digest(t, h.DB, id)

	var cuts []int
	ended := func(act func() error) { cuts = append(cuts, h.cut(act, func() bool { return true })) }
	ended(func() error { _, err := h.AddNote(t.Context(), id, reviewer, secrets[1]); return err })
	form := storetest.Finding(review.TrueMatch, evidence, storetest.Key("rep_txn_1", "a"), storetest.Key("rep_txn_1", "b"))
	form.Note = secrets[2]
	ended(func() error { _, err := h.Dispose(t.Context(), id, reviewer, form); return err })
	ended(func() error {
		_, err := h.Attach(t.Context(), id, reviewer, review.AttachmentForm{Name: "x.pdf", Body: []byte("%PDF-1.4\n" + secrets[4] + "\n%%EOF\n")})
		return err
	})
	ended(func() error {
		_, err := h.Decide(t.Context(), id, reviewer, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: secrets[3], Evidence: evidence})
		return err
	})
	ended(func() error {
		_, err := h.Approve(t.Context(), id, lead, review.ApprovalForm{Answer: review.AnswerApprove, Evidence: evidence})
		return err
	})
	closed, err := h.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, review.StateClosed, closed.Review.State)
	require.Len(t, closed.Decisions, 1)

	subject, err := h.FindSubject(t.Context(), id.String())
	require.NoError(t, err)
	for { // Persona takes what it is told
		due, err := h.DuePushes(t.Context(), 1)
		require.NoError(t, err)
		if len(due) == 0 {
			break
		}
		require.NoError(t, h.PushTried(t.Context(), due[0].ID, review.PushTry{Sent: true, Settled: true}))
	}
	ask := review.ErasureForm{Subjects: []review.SubjectID{subject}, Ground: review.GroundOrder, Words: secrets[5]}
	ended(func() error { _, err := h.AskErasure(t.Context(), lead, ask); return err })
	requests, err := h.ErasureRequests(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, requests, 1)
	ended(func() error {
		return h.AnswerErasure(t.Context(), requests[0].Entry, admin, review.ErasureAgree, requests[0].List.String(), "")
	})
	other, err := h.ReviewFile(t.Context(), bystander)
	require.NoError(t, err)
	cuts = append(cuts, h.cut(func() error { _, err := h.Erase(t.Context()); return err }, func() bool {
		var due int
		require.NoError(t, h.beside.QueryRow(`SELECT (SELECT count(*) FROM erasure WHERE due = 1) + (SELECT count(*) FROM erasure_subject WHERE state = 'asked')`).Scan(&due))
		return due == 0
	}))

	for _, n := range cuts {
		assert.Greater(t, n, 5, "statements of each act were cut: %v", cuts)
	}
	require.NoError(t, h.Scrub(t.Context()))
	h.whole()
	left, err := h.ReviewFile(t.Context(), bystander)
	require.NoError(t, err)
	assert.Equal(t, other, left, "of somebody else nothing is another than before")
	gone, err := h.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	assert.Empty(t, gone.Dossier.Subject.FullName())
	assert.Equal(t, review.StateClosed, gone.Review.State)
	_, bytesLeft, err := h.Payload(t.Context(), review.Sum(mine.Payload()))
	require.NoError(t, err)
	require.NoError(t, h.Close())
	file, err := os.ReadFile(h.path)
	require.NoError(t, err)
	for _, s := range secrets {
		assert.NotContains(t, string(bytesLeft), s)
		assert.False(t, bytes.Contains(file, []byte(s)), s)
	}
	t.Logf("cuts: %v", cuts)
}
