package store_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func TestAPackReadsAsItsColumnsDo(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	db, err := store.Open(t.Context(), c.path, options(withKey(&c.key)))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.FillLedger(t.Context(), 1_000))
	size, err := db.LedgerSize(t.Context())
	require.NoError(t, err)
	read, err := db.ReadEveryWay(t.Context(), -1, review.EntryID(size+1))
	require.NoError(t, err)
	assert.Len(t, read.InPacks, int(size))
	assert.Equal(t, read.ByColumn, read.InPacks)
	assert.Equal(t, read.ByColumn, read.FromPages)
	assert.Equal(t, int(size), read.Packed, "nothing in them is odd")
	assert.Equal(t, int(size), read.Paged, "nothing about them is strange")
	assert.Contains(t, strings.Join(read.InPacks, "\n"), "Asked <again>.")

	id := storetest.Review(t, db)
	storetest.Claimed(t, db, id, "anna")
	_, err = db.AddNote(t.Context(), id, "anna", "\x1fa \x1f note \x1e with signs\x1f\x1f")
	require.NoError(t, err)
	size, err = db.LedgerSize(t.Context())
	require.NoError(t, err)
	read, err = db.ReadEveryWay(t.Context(), 1, review.EntryID(size))
	require.NoError(t, err)
	assert.Equal(t, read.ByColumn, read.InPacks)
	assert.Equal(t, read.ByColumn, read.FromPages)
	assert.Less(t, read.Packed, int(size), "the pack that has the sign in it cannot be read as one")
	assert.Equal(t, int(size), read.Paged, "a page can")
	assert.Contains(t, read.InPacks[len(read.InPacks)-1], "note \x1e with signs")
	report, err := db.VerifyLedger(t.Context(), store.LedgerCheck{Key: c.public})
	require.NoError(t, err)
	assert.Nil(t, report.Break)
	assert.Equal(t, size, report.Size)
}

func TestColumnsThatSlideIntoOneAnotherAreNoticed(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	where := fmt.Sprintf(` WHERE id = %d`, c.decided)
	for name, harm := range map[string]struct {
		entry review.EntryID
		sql   string
	}{
		"a word into the next":      {c.decided, `UPDATE entry SET act = act || char(31) || by_, by_ = by_role, by_role = finding, finding = outcome, outcome = reason, reason = comparator, comparator = by_name, by_name = note, note = matches, matches = status, status = '', detail = ''` + where},
		"a sign for a text":         {c.decided, `UPDATE entry SET by_name = by_name || char(31) || note, note = ''` + where},
		"a whole row in a note":     {c.decided, `UPDATE entry SET note = note || replace(hex(zeroblob(11)), '00', char(31) || 'x')` + where},
		"a hash into the salts":     {4, `UPDATE leaf SET salts = CAST(salts || substr(hashes, 1, 32) AS BLOB), hashes = substr(hashes, 33) WHERE entry = 4`},
		"a salt into the hashes":    {c.decided, fmt.Sprintf(`UPDATE leaf SET hashes = CAST(substr(salts, -32) || hashes AS BLOB), salts = substr(salts, 1, length(salts) - 32) WHERE entry = %d`, c.decided)},
		"a record into the hashes":  {4, `UPDATE leaf SET hashes = CAST(hashes || substr(record, 1, 32) AS BLOB), record = substr(record, 33) WHERE entry = 4`},
		"a hash into the next leaf": {4, `UPDATE leaf SET record = CAST(record || (SELECT substr(salts, 1, 32) FROM leaf WHERE entry = 5) AS BLOB) WHERE entry = 4`},
		"a word of a decision":      {c.decided, fmt.Sprintf(`UPDATE decision SET by_ = by_ || char(31) || outcome, outcome = comparator, comparator = '' WHERE entry = %d`, c.decided)},
		"a word of a finding":       {c.found, fmt.Sprintf(`UPDATE disposition SET match = match || char(31) || finding, finding = kind, kind = identity, identity = whose, whose = party, party = '' WHERE entry = %d`, c.found)},
		"a word of a premise":       {c.found, fmt.Sprintf(`UPDATE premise SET kind = kind || char(31) || attribute, attribute = rule, rule = comparator, comparator = subject, subject = listed, listed = '' WHERE entry = %d`, c.found)},
		"no digest of what is seen": {c.found, fmt.Sprintf(`UPDATE disposition SET seen = CAST(seen || x'00' AS BLOB) WHERE entry = %d`, c.found)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := c.verify(t, c.harmed(t, harm.sql))
			require.NotNil(t, report.Break)
			assert.Equal(t, harm.entry, report.Break.Entry, report.Break.Why)
		})
	}
}

func TestALedgerIsWholeWhileItIsWrittenTo(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "docket.db"), options())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db)
	storetest.Claimed(t, db, id, anna)
	require.NoError(t, db.FillLedger(t.Context(), 9_000))
	_, err = db.AddNote(t.Context(), id, anna, "This goes while others read.")
	require.NoError(t, err)
	before, err := db.LedgerSize(t.Context())
	require.NoError(t, err)
	var times int
	report, err := db.VerifyOneByOne(t.Context(), func() {
		if times++; times == 1 { // the first chunk was read, the last one is not
			assert.NoError(t, db.EraseNote(t.Context(), review.EntryID(before)))
		}
		storetest.Colleague(t, db, review.RoleReviewer, fmt.Sprint("more-", times))
	})
	require.NoError(t, err)
	assert.Equal(t, 3, times, "chunks")
	require.Nil(t, report.Break)
	assert.Equal(t, before, report.Size)
	assert.Equal(t, int64(1), report.Erased, "and who erased it comes behind what was verified")
}

func TestAPackIsReadFromItsBeginningToItsEndWhateverStatisticsSay(t *testing.T) {
	t.Parallel()
	for _, rows := range []int{1, 2, 3, 30, 1_000_000} {
		path := filepath.Join(t.TempDir(), "docket.db")
		db, err := store.Open(t.Context(), path, options())
		require.NoError(t, err)
		require.NoError(t, db.Close())
		file := raw(t, path)
		_, err = file.Exec(`ANALYZE`)
		require.NoError(t, err)
		_, err = file.Exec(`DELETE FROM sqlite_stat1`)
		require.NoError(t, err)
		// There are none of a table without an index, as the one of leaves is: optimizing leaves it out.
		for _, table := range []string{"entry", "decision", "approval", "disposition", "premise"} {
			_, err = file.Exec(`INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, NULL, ?)`, table, fmt.Sprint(rows))
			require.NoError(t, err)
		}
		db, err = store.Open(t.Context(), path, options())
		require.NoError(t, err)
		plan, err := db.PlanOfPack(t.Context())
		require.NoError(t, err)
		require.NoError(t, db.Close())
		all := strings.Join(plan, "\n")
		assert.Equal(t, 3, strings.Count(all, "(rowid>? AND rowid<?)"), "%d rows:\n%s", rows, all)
		assert.Equal(t, 2, strings.Count(all, "(entry>? AND entry<?)"), "%d rows:\n%s", rows, all)
		assert.NotContains(t, all, "SCAN")
	}
}
