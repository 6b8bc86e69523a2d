package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// opener opens things as a colleague, a quarter of an hour apart.
type opener struct {
	*chronicle
	t     *testing.T
	clock *storetest.Clock
	db    *store.DB
	by    review.ColleagueID
}

func newOpener(t *testing.T) *opener {
	t.Helper()
	o := &opener{chronicle: &chronicle{path: filepath.Join(t.TempDir(), "docket.db")}, t: t, clock: storetest.NewClock()}
	o.open()
	o.by = storetest.Colleague(t, o.db, review.RoleReviewer, "anna")
	o.public = o.db.LedgerPublic()
	return o
}

func (o *opener) open() {
	o.t.Helper()
	var err error
	o.db, err = store.Open(o.t.Context(), o.path, options(withKey(&o.key), func(s *store.Options) { s.Clock = o.clock.Now }))
	require.NoError(o.t, err)
}

func (o *opener) look(objects ...string) {
	o.t.Helper()
	for _, object := range objects {
		o.clock.Advance(15 * time.Minute)
		require.NoError(o.t, o.db.Opened(o.t.Context(), o.by, review.AccessParty, object, 0))
	}
}

// seal seals what is settled, and gives the newest entry.
func (o *opener) seal(spans int) review.EntryID {
	o.t.Helper()
	o.clock.Advance(15 * time.Minute)
	n, err := o.db.SealAccesses(o.t.Context(), true)
	require.NoError(o.t, err)
	require.Equal(o.t, spans, n)
	return o.newest()
}

func (o *opener) newest() review.EntryID {
	o.t.Helper()
	n, err := o.db.LedgerSize(o.t.Context())
	require.NoError(o.t, err)
	return review.EntryID(n)
}

func (o *opener) close() {
	o.t.Helper()
	require.NoError(o.t, o.db.Close())
}

func (o *opener) entry(id review.EntryID) review.Entry {
	o.t.Helper()
	var found review.Entry
	require.NoError(o.t, o.db.EachRecord(o.t.Context(), store.RecordQuery{Show: store.RecordEntries}, func(r store.RecordRow) error {
		if r.Entry.ID == id {
			found = r.Entry.Entry
		}
		return nil
	}))
	return found
}

func TestASealedAccessThatIsTouchedIsNamed(t *testing.T) {
	t.Parallel()
	o := newOpener(t)
	o.look("p1", "p2", "p3")
	first := o.seal(1)
	o.look("p4", "p5")
	second := o.seal(1)
	o.look("p6")
	last := o.seal(1)
	o.look("p7") // not sealed yet
	o.close()
	require.Nil(t, o.verify(t, o.path).Break)
	for what, try := range map[string]struct {
		harm  string
		entry review.EntryID
		why   string
	}{
		"who":                       {`UPDATE access SET colleague = 'bert' WHERE id = 2`, first, "access 2 is not what it was when it was sealed"},
		"what":                      {`UPDATE access SET what = 'file' WHERE id = 1`, first, "access 1 is not what it was"},
		"which":                     {`UPDATE access SET object = 'p9' WHERE id = 5`, second, "access 5 is not what it was"},
		"of which review":           {`UPDATE access SET review = 1 WHERE id = 5`, second, "access 5 is not what it was"},
		"from when":                 {`UPDATE access SET first_at = first_at - 1 WHERE id = 3`, first, "access 3 is not what it was"},
		"until when":                {`UPDATE access SET last_at = last_at + 1 WHERE id = 3`, first, "access 3 is not what it was"},
		"how often":                 {`UPDATE access SET n = n + 1 WHERE id = 6`, last, "access 6 is not what it was"},
		"number":                    {`UPDATE access SET id = 99 WHERE id = 4`, second, "access 4 is gone"},
		"gone":                      {`DELETE FROM access WHERE id = 2`, first, "access 2 is gone"},
		"the last gone":             {`DELETE FROM access WHERE id = 5`, second, "access 5 is gone"},
		"all gone":                  {`DELETE FROM access`, first, "access 1 is gone"},
		"put in before":             {`INSERT INTO access SELECT 0, colleague, what, object, review, first_at, last_at, n FROM access WHERE id = 1`, first, "access 0 was put in"},
		"swapped":                   {`UPDATE access SET object = iif(object = 'p1', 'p2', 'p1') WHERE id IN (1, 2)`, first, "access 1 is not what it was"},
		"row and its hint":          {`UPDATE access SET object = 'p9' WHERE id = 4; UPDATE access_seal SET hints = NULL WHERE first = 4`, second, "accesses 4 to 5 are not those that were sealed"},
		"row and its hint, made up": {`UPDATE access SET object = 'p9' WHERE id = 4; UPDATE access_seal SET hints = CAST(substr(hints, 1, 8) || x'0000000000000000' || substr(hints, 17) AS BLOB) WHERE first = 4`, second, "access 4 is not what it was"},
		"the salt":                  {`UPDATE access_seal SET salt = randomblob(32) WHERE first = 4`, second, "access 4 is not what it was"},
		"the seal":                  {`DELETE FROM access_seal WHERE first = 1`, first, "the seal of accesses 1 to 3 is not the one that was recorded"},
		"its end":                   {`UPDATE access_seal SET last = 2 WHERE first = 1`, first, "the seal of accesses 1 to 3 is not the one that was recorded"},
		"rows and salt":             {`DELETE FROM access WHERE id < 4; UPDATE access_seal SET salt = NULL, hints = NULL WHERE first = 1`, first, "accesses 1 to 3 are gone, and no later entry says so"},
		"a seal of its own":         {`INSERT INTO access_seal VALUES (1, 7, 7, 0, zeroblob(32), x'')`, 1, "it sealed no accesses"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			path := o.harmed(t, try.harm)
			report := o.verify(t, path)
			require.NotNil(t, report.Break)
			assert.Equal(t, try.entry, report.Break.Entry, report.Break.Why)
			assert.Contains(t, report.Break.Why, try.why)
			db, err := store.Open(t.Context(), path, options())
			require.NoError(t, err)
			problems, err := db.Check(t.Context())
			require.NoError(t, err)
			assert.Contains(t, fmt.Sprint(problems), try.why)
			require.NoError(t, db.Close())
		})
	}
	require.Nil(t, o.verify(t, o.harmed(t, `DELETE FROM access WHERE id = 7`)).Break, "what is not sealed yet is not proven: the page on the ledger says so")
}

func TestASpanSaysOnlyWhatIsCountedNoMore(t *testing.T) {
	t.Parallel()
	o := newOpener(t)
	o.look("p1")
	for range 4 {
		o.clock.Advance(20 * time.Second)
		require.NoError(t, o.db.Opened(t.Context(), o.by, review.AccessParty, "p1", 0))
	}
	n, err := o.db.SealAccesses(t.Context(), true)
	require.NoError(t, err)
	require.Zero(t, n, "it may yet be counted in")
	o.clock.Advance(review.AccessEvery + review.AccessLag)
	require.NoError(t, o.db.Opened(t.Context(), o.by, review.AccessParty, "p2", 0))
	n, err = o.db.SealAccesses(t.Context(), true)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	e := o.entry(o.newest())
	assert.Equal(t, review.ActSeen, e.Act)
	assert.Empty(t, e.By)
	span, err := review.ParseAccessSpan(e.Detail)
	require.NoError(t, err)
	assert.Equal(t, span.Detail(), e.Detail)
	assert.Equal(t, [3]int64{1, 1, 1}, [3]int64{span.First, span.Last, span.Rows})
	assert.Equal(t, 80*time.Second, span.To.Sub(span.From), "what was only counted was written first")
	rows := accessesOf(t, o.db, o.by)
	require.Len(t, rows, 2)
	assert.Equal(t, 5, rows[1].N)

	o.look("p1")
	assert.Len(t, accessesOf(t, o.db, o.by), 3, "a sealed row is counted in no more")
	n, err = o.db.SealAccesses(t.Context(), false)
	require.NoError(t, err)
	require.Zero(t, n, "it is time once a day")
	o.clock.Advance(24 * time.Hour)
	n, err = o.db.SealAccesses(t.Context(), false)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = o.db.Exported(t.Context(), store.Export{What: "record", Format: "csv", Via: "web", By: o.by})
	require.NoError(t, err)
	report, err := o.db.VerifyLedger(t.Context(), store.LedgerCheck{Key: o.public})
	require.NoError(t, err)
	require.Nil(t, report.Break)
	o.close()
}

// Another process may hold counts of a row that this one seals.
func TestACountThatComesTooLateIsARowOfItsOwn(t *testing.T) {
	t.Parallel()
	o := newOpener(t)
	o.look("p1")
	o.clock.Advance(30 * time.Second)
	require.NoError(t, o.db.Opened(t.Context(), o.by, review.AccessParty, "p1", 0)) // in mind only
	o.clock.Advance(15 * time.Minute)
	other, err := store.Open(t.Context(), o.path, options(func(s *store.Options) { s.Clock = o.clock.Now }))
	require.NoError(t, err)
	n, err := other.SealAccesses(t.Context(), true)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.NoError(t, other.Close())
	o.close()
	require.Nil(t, o.verify(t, o.path).Break)
	o.open()
	rows := accessesOf(t, o.db, o.by)
	require.Len(t, rows, 2)
	assert.Equal(t, []int{1, 1}, []int{rows[0].N, rows[1].N})
	assert.Equal(t, 30*time.Second, rows[0].FirstAt.Sub(rows[1].FirstAt))
	o.close()
}

func TestOldAccessesGoWithTheirSpanAndTheTrailSaysSo(t *testing.T) {
	t.Parallel()
	o := newOpener(t)
	o.look("p1", "p2")
	o.clock.Advance(25 * time.Hour)
	o.look("p3")
	first := o.seal(2) - 1
	keep := review.DefaultPolicy().Keeps(review.RetainAccess)
	o.clock.Advance(keep - 25*time.Hour - 31*time.Minute)
	n, err := o.db.ExpireAccess(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "the first of the span might go, its last may not")
	o.clock.Advance(time.Hour)
	before := o.newest()
	n, err = o.db.ExpireAccess(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, n)
	rows := accessesOf(t, o.db, o.by)
	require.Len(t, rows, 1)
	assert.Equal(t, "p3", rows[0].Object)
	require.Equal(t, before+1, o.newest(), "one entry")
	e := o.entry(o.newest())
	assert.Equal(t, review.ActErased, e.Act)
	assert.Equal(t, fmt.Sprint(first), e.Detail[review.DetailSeals])
	assert.Equal(t, "2", e.Detail["rows"])
	assert.Equal(t, string(review.GroundRetention), e.Detail[review.DetailGround])

	o.clock.Advance(48 * time.Hour)
	n, err = o.db.ExpireAccess(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Empty(t, accessesOf(t, o.db, o.by))
	o.look("p4")
	require.Equal(t, int64(4), accessesOf(t, o.db, o.by)[0].ID, "no number comes twice")
	o.seal(1)
	o.close()
	require.Nil(t, o.verify(t, o.path).Break)
	report := o.verify(t, o.harmed(t, `INSERT INTO access SELECT 2, colleague, what, object, review, first_at, last_at, n FROM access WHERE id = 4`))
	require.NotNil(t, report.Break)
	assert.Equal(t, first, report.Break.Entry)
	assert.Contains(t, report.Break.Why, "access 2 was put in")

	raw, err := sql.Open("sqlite", "file:"+o.path)
	require.NoError(t, err)
	defer func() { require.NoError(t, raw.Close()) }()
	for what, query := range map[string]string{
		"a row is changed": `UPDATE access SET n = n + 1`,
		"a row goes":       `DELETE FROM access`,
		"a row comes":      `INSERT INTO access SELECT 1, colleague, what, object, review, first_at, last_at, n FROM access`,
		"a seal goes":      `DELETE FROM access_seal`,
		"a seal is moved":  `UPDATE access_seal SET first = 1, last = 2 WHERE first = 4`,
	} {
		_, err := raw.Exec(query)
		assert.ErrorContains(t, err, "constraint", what)
	}
}

func TestASpanThatDoesNotHoldDoesNotGo(t *testing.T) {
	t.Parallel()
	o := newOpener(t)
	o.look("p1", "p2")
	o.seal(1)
	o.close()
	o.path = o.harmed(t, `UPDATE access SET object = 'p9' WHERE id = 2`)
	o.clock.Advance(3 * 365 * 24 * time.Hour)
	o.open()
	n, err := o.db.ExpireAccess(t.Context())
	require.NoError(t, err)
	assert.Zero(t, n)
	assert.Len(t, accessesOf(t, o.db, o.by), 2)
	o.close()
}

// Whoever can write to the file can have an entry say that rows went. It must name a time that the
// policy allows, and the spans must be that old.
func TestAccessesThatWentBeforeTheirTimeAreNoticed(t *testing.T) {
	t.Parallel()
	o := newOpener(t)
	o.look("p1", "p2")
	seal := o.seal(1)
	for what, before := range map[string]time.Time{
		"it removed accesses before their time":                    o.clock.Now(),
		"it removed accesses that were younger than it says: 1 to": o.clock.Now().Add(-3 * 365 * 24 * time.Hour),
	} {
		other := newOpener(t)
		other.look("p1", "p2")
		require.Equal(t, seal, other.seal(1))
		require.NoError(t, other.db.RecordForTest(t.Context(), review.Entry{Act: review.ActErased, Detail: map[string]string{review.DetailWhat: review.WhatAccesses,
			review.DetailSeals: fmt.Sprint(seal), review.DetailBefore: review.LedgerInstant(before)}}))
		entry := other.newest()
		other.close()
		report := other.verify(t, other.harmed(t, `DELETE FROM access; UPDATE access_seal SET salt = NULL, hints = NULL`))
		require.NotNil(t, report.Break)
		assert.Equal(t, entry, report.Break.Entry)
		assert.Contains(t, report.Break.Why, what)
	}
	o.close()
}
