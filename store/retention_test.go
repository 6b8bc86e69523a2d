package store_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sort"
	"testing"
	"time"

	"docket/review"
	"docket/store"
	"docket/store/storetest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asked is a request that waits for its second person.
func asked(t *testing.T, db *store.DB, id review.ReviewID, by review.ColleagueID) (request review.EntryID, list string) {
	t.Helper()
	subject, err := db.FindSubject(t.Context(), id.String())
	require.NoError(t, err)
	request, err = db.AskErasure(t.Context(), by, review.ErasureForm{Subjects: []review.SubjectID{subject}, Ground: review.GroundOrder, Words: "A court"})
	require.NoError(t, err)
	r, _, _, err := db.ErasureRequest(t.Context(), request)
	require.NoError(t, err)
	return request, r.List.String()
}

func closedCase(t *testing.T, db *store.DB) review.ReviewID {
	t.Helper()
	id := storetest.Review(t, db)
	storetest.Import(t, db, storetest.Payload(storetest.Transaction("txn_1", "approved", storetest.Start)))
	return id
}

func TestNobodyErasesAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	lead, admin := storetest.Colleague(t, db, review.RoleLead), storetest.Colleague(t, db, review.RoleAdmin)
	reviewer, third := storetest.Colleague(t, db, review.RoleReviewer), storetest.Colleague(t, db, review.RoleLead, "third")
	id := closedCase(t, db)
	request, list := asked(t, db, id, lead)
	agree := func(by review.ColleagueID) error {
		return db.AnswerErasure(t.Context(), request, by, review.ErasureAgree, list, "")
	}
	assert.ErrorIs(t, agree(lead), review.ErrForbidden, "not whoever asked")
	assert.ErrorIs(t, agree(reviewer), review.ErrForbidden)
	require.NoError(t, db.SetRole(t.Context(), third, review.RoleReviewer, admin))
	assert.ErrorIs(t, agree(third), review.ErrForbidden, "not any more")
	require.NoError(t, db.SetRole(t.Context(), third, review.RoleLead, admin))
	require.NoError(t, db.SetDisabled(t.Context(), third, true, admin))
	assert.ErrorIs(t, agree(third), review.ErrForbidden)
	require.NoError(t, db.SetDisabled(t.Context(), lead, true, admin))
	assert.ErrorIs(t, agree(admin), review.ErrStale, "whoever asked may no longer")
	require.NoError(t, db.SetDisabled(t.Context(), lead, false, ""))

	// Nor does anybody who goes around the store.
	raw, err := sql.Open("sqlite", "file:"+path+"?_busy_timeout=5000")
	require.NoError(t, err)
	defer raw.Close()
	for _, by := range []string{"lead", "reviewer", "third"} {
		_, err := raw.ExecContext(t.Context(), `INSERT INTO erasure_answer SELECT entry, (SELECT max(id) FROM entry), 'agree', ?, 1, list FROM erasure_request`, by)
		assert.ErrorContains(t, err, "constraint failed", by)
	}
	_, err = raw.ExecContext(t.Context(), `INSERT INTO erasure_answer SELECT entry, (SELECT max(id) FROM entry), 'agree', 'admin', 1, zeroblob(32) FROM erasure_request`)
	assert.ErrorContains(t, err, "what would go has changed")
	for _, q := range []string{`INSERT INTO erased_root SELECT root, (SELECT entry FROM erasure_request), 1, 1 FROM kept`, `UPDATE erasure_subject SET state = 'erased'`,
		`UPDATE entry SET note = '', status = '', matches = '[]'`, `DELETE FROM erasure_request`, `UPDATE erasure_request SET ground = 'persons-request'`} {
		_, err := raw.ExecContext(t.Context(), q)
		assert.ErrorContains(t, err, "constraint failed", q)
	}

	storetest.Import(t, db, storetest.Payload(storetest.Transaction("txn_1", "approved", storetest.Start.Add(time.Minute)).Fact("subject", "Another Name")))
	assert.ErrorIs(t, agree(admin), review.ErrStale, "what would go has changed")
	require.NoError(t, db.AnswerErasure(t.Context(), request, lead, review.ErasureRefuse, "", "Taken back"))
	assert.ErrorIs(t, agree(admin), review.ErrConflict)
	request, list = asked(t, db, id, lead)
	require.NoError(t, agree(admin))
	assert.ErrorIs(t, agree(third), review.ErrForbidden)
}

func TestASubjectIsDueWhenItsTimeIsOver(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	lead, admin := storetest.Colleague(t, db, review.RoleLead), storetest.Colleague(t, db, review.RoleAdmin)
	id := closedCase(t, db)
	due := func(at time.Time) int {
		some, err := db.RetentionDue(t.Context(), at, store.DueCursor{}, 10, true)
		require.NoError(t, err)
		return len(some)
	}
	end := storetest.Start.Add(review.DefaultPolicy().Keeps(review.RetainCleared))
	assert.Zero(t, due(end.Add(-time.Millisecond)))
	assert.Equal(t, 1, due(end))
	some, err := db.RetentionDue(t.Context(), end, store.DueCursor{}, 10, true)
	require.NoError(t, err)
	behind, err := db.RetentionDue(t.Context(), end, store.DueCursor{Due: some[0].Due, Subject: some[0].Subject}, 10, false)
	require.NoError(t, err)
	assert.Empty(t, behind)
	hold, err := db.SetHold(t.Context(), lead, review.HoldForm{Object: id.String(), Words: "A court"})
	require.NoError(t, err)
	assert.Zero(t, due(end.AddDate(50, 0, 0)), "a hold keeps it")
	require.NoError(t, db.LiftHold(t.Context(), hold, admin, "Over"))
	assert.Equal(t, 1, due(end))
}

// Page by page, what is due comes in the order of its dates: over many weeks, before 1970, and where many
// are due at once.
func TestWhatIsDueComesInTheOrderOfItsDate(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 8))
	db := storetest.Open(t)
	keep := review.DefaultPolicy().Keeps(review.RetainUnjudged)
	require.Positive(t, keep)
	until := at(0)
	var ended []time.Time
	for i := range 120 {
		when := until.AddDate(0, 0, -r.IntN(60)).Add(-time.Duration(r.IntN(3)) * time.Millisecond)
		if i%10 == 0 {
			when = time.Date(1969, 12, 20+r.IntN(20), 0, 0, 0, r.IntN(3)*int(time.Millisecond), time.UTC)
		}
		storetest.Import(t, db, storetest.Payload(storetest.Transaction(fmt.Sprintf("txn_%d", i), "approved", when)))
		ended = append(ended, when)
	}
	slices.SortFunc(ended, time.Time.Compare)
	for _, limit := range []int{1, 7, 500} {
		var found []time.Time
		cursor, seen := store.DueCursor{}, map[review.SubjectID]bool{}
		for {
			some, err := db.RetentionDue(t.Context(), until.Add(keep), cursor, limit, false)
			require.NoError(t, err)
			if len(some) == 0 {
				break
			}
			for _, d := range some {
				assert.False(t, seen[d.Subject], "twice")
				seen[d.Subject] = true
				found = append(found, d.Ended)
				assert.True(t, d.Due.Equal(d.Ended.Add(keep)))
			}
			cursor = store.DueCursor{Due: some[len(some)-1].Due, Subject: some[len(some)-1].Subject}
		}
		require.Len(t, found, len(ended))
		for i := range found {
			assert.True(t, found[i].Equal(ended[i]), "%d of %d: %s is not %s", i, limit, found[i], ended[i])
		}
	}
	counts, err := db.RetentionCounts(t.Context(), until.Add(keep))
	require.NoError(t, err)
	i := slices.IndexFunc(counts, func(c store.RetentionCount) bool { return c.Class == review.RetainUnjudged })
	assert.Equal(t, 120, counts[i].All)
	assert.Equal(t, 120, counts[i].Due)
	early, err := db.RetentionCounts(t.Context(), ended[60].Add(keep))
	require.NoError(t, err)
	assert.Equal(t, sort.Search(len(ended), func(j int) bool { return ended[j].After(ended[60]) }), early[i].Due)
}

func TestACopyIsWholeAndNeverWritesOverAnything(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	db := storetest.OpenFile(t, filepath.Join(folder, "docket.db"))
	closedCase(t, db)
	backup, restored := filepath.Join(folder, "backup.db"), filepath.Join(folder, "restored.db")
	b, err := db.Backup(t.Context(), backup)
	require.NoError(t, err)
	assert.Positive(t, b.Entries)
	_, err = db.Backup(t.Context(), backup)
	require.Error(t, err)
	got, err := store.Restore(t.Context(), backup, restored)
	require.NoError(t, err)
	assert.Equal(t, b.Entries, got.Entries)
	_, err = store.Restore(t.Context(), backup, filepath.Join(folder, "docket.db"))
	require.Error(t, err)
	again := storetest.OpenFile(t, restored)
	problems, err := again.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}
