package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func TestAnUntouchedLedgerIsWhole(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	report := c.verify(t, c.path, c.point.Checkpoint)
	require.Nil(t, report.Break)
	assert.Equal(t, c.point.Checkpoint, report.Checkpoint)
	assert.Equal(t, 3, report.Checkpoints, "two that it holds and one that was kept")
	assert.True(t, report.Signed)
	assert.Zero(t, report.Erased)
	opened, err := c.public.Open(c.point.Note)
	require.NoError(t, err)
	assert.Equal(t, c.point.Checkpoint, opened)
}

func TestEveryColumnBehindALeafIsProven(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	file, err := sql.Open("sqlite", "file:"+c.path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, file.Close()) })
	for table, entry := range map[string]review.EntryID{"entry": c.agreed, "disposition": c.found, "premise": c.found, "decision": c.decided,
		"approval": c.agreed, "leaf": c.decided} {
		id := "entry"
		if table == "entry" {
			id = "id"
		}
		rows, err := file.Query(`SELECT name, type FROM pragma_table_info(?)`, table)
		require.NoError(t, err)
		type column struct{ name, kind string }
		var all []column
		for rows.Next() {
			var col column
			require.NoError(t, rows.Scan(&col.name, &col.kind))
			all = append(all, col)
		}
		require.NoError(t, rows.Err())
		require.NotEmpty(t, all)
		for _, col := range all {
			change := map[string]string{"INTEGER": `ifnull(X, 0) + 1000`, "TEXT": `iif(X LIKE '[%', '["z"]', iif(X LIKE '{%', '{"z":"1"}', ifnull(X, '') || 'x'))`,
				"BLOB": `iif(X IS NULL, randomblob(32), CAST(zeroblob(1) || substr(X, 2) AS BLOB))`}[col.kind]
			if table == "leaf" && col.name == "record" {
				change = `CAST(replace(CAST(X AS TEXT), 'decline', 'approve') AS BLOB)`
			}
			if table == "leaf" && col.name == "salts" {
				change = `CAST(x'01' || substr(X, 2) AS BLOB)`
			}
			t.Run(table+" "+col.name, func(t *testing.T) {
				t.Parallel()
				path := c.harmed(t, fmt.Sprintf(`UPDATE %s SET %s = %s WHERE %s = %d`, table, col.name, strings.ReplaceAll(change, "X", col.name), id, entry))
				report := c.verify(t, path)
				require.NotNil(t, report.Break)
				assert.Equal(t, entry, report.Break.Entry, report.Break.Why)
				db, err := store.Open(t.Context(), path, options())
				require.NoError(t, err)
				problems, err := db.Check(t.Context())
				require.NoError(t, err)
				assert.Contains(t, strings.Join(problems, "\n"), fmt.Sprintf("the ledger does not prove from entry %d:", entry))
				require.NoError(t, db.Close())
			})
		}
	}
}

func TestRowsThatGoComeOrSwapAreNoticed(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	swap := func(table, id string, columns string, one, other review.EntryID) []string {
		return []string{
			fmt.Sprintf(`CREATE TEMP TABLE a AS SELECT * FROM %s WHERE %s IN (%d, %d)`, table, id, one, other),
			fmt.Sprintf(`UPDATE %s AS t SET (%s) = (SELECT %s FROM a WHERE a.%s = %d + %d - t.%s) WHERE %s IN (%d, %d)`, table, columns, columns, id, one, other, id, id, one, other)}
	}
	last := review.EntryID(c.size)
	for name, try := range map[string]struct {
		entry review.EntryID
		harm  []string
	}{
		"an entry goes":                {c.found, []string{fmt.Sprintf(`DELETE FROM entry WHERE id = %d`, c.found)}},
		"the last entry goes":          {last, []string{fmt.Sprintf(`DELETE FROM entry WHERE id = %d`, last)}},
		"the first entry goes":         {1, []string{`DELETE FROM entry WHERE id = 1`}},
		"a leaf goes":                  {c.found, []string{fmt.Sprintf(`DELETE FROM leaf WHERE entry = %d`, c.found)}},
		"the last leaf goes":           {last, []string{fmt.Sprintf(`DELETE FROM leaf WHERE entry = %d`, last)}},
		"the last entry and leaf go":   {last, []string{fmt.Sprintf(`DELETE FROM leaf WHERE entry = %d`, last), fmt.Sprintf(`DELETE FROM entry WHERE id = %d`, last)}},
		"all entries and leaves go":    {1, []string{`DELETE FROM leaf`, `DELETE FROM entry`}},
		"dispositions go":              {c.found, []string{fmt.Sprintf(`DELETE FROM disposition WHERE entry = %d`, c.found)}},
		"premises go":                  {c.found, []string{fmt.Sprintf(`DELETE FROM premise WHERE entry = %d`, c.found)}},
		"a decision goes":              {c.decided, []string{fmt.Sprintf(`DELETE FROM decision WHERE entry = %d`, c.decided)}},
		"an approval goes":             {c.agreed, []string{fmt.Sprintf(`DELETE FROM approval WHERE entry = %d`, c.agreed)}},
		"a review goes":                {3, []string{`DELETE FROM review`}},
		"an entry comes behind":        {last + 1, []string{fmt.Sprintf(`INSERT INTO entry SELECT id + 1, review, at, act, by_, by_name, by_role, finding, outcome, reason, note, matches, status, evidence, undoes, answers, detail, comparator, policy FROM entry WHERE id = %d`, last)}},
		"an entry comes before":        {0, []string{`INSERT INTO entry SELECT 0, review, at, act, by_, by_name, by_role, finding, outcome, reason, note, matches, status, evidence, undoes, answers, detail, comparator, policy FROM entry WHERE id = 1`}},
		"a disposition comes":          {c.found, []string{fmt.Sprintf(`INSERT INTO disposition SELECT review, 'm_x', entry, finding, kind, identity, whose, party, seen, carries, missing FROM disposition WHERE entry = %d`, c.found)}},
		"a disposition of none comes":  {999, []string{fmt.Sprintf(`INSERT INTO disposition SELECT review, match, 999, finding, kind, identity, whose, party, seen, carries, missing FROM disposition WHERE entry = %d`, c.found)}},
		"a premise comes":              {c.found, []string{fmt.Sprintf(`INSERT INTO premise SELECT entry, place + 1, kind, attribute, amount, out_of, subject, listed, rule, comparator FROM premise WHERE entry = %d`, c.found)}},
		"a premise of none comes":      {999, []string{fmt.Sprintf(`INSERT INTO premise SELECT 999, place, kind, attribute, amount, out_of, subject, listed, rule, comparator FROM premise WHERE entry = %d`, c.found)}},
		"a decision comes":             {c.found, []string{fmt.Sprintf(`INSERT INTO decision SELECT %d, review, at, by_, outcome, matches, false_positives, true_matches, cannot_tell, comparator, policy, second, corrects FROM decision`, c.found)}},
		"a decision of none comes":     {999, []string{`INSERT INTO decision SELECT 999, review, at, by_, outcome, matches, false_positives, true_matches, cannot_tell, comparator, policy, second, corrects FROM decision`}},
		"an approval comes":            {1, []string{`INSERT INTO approval SELECT 1, 999, answer, by_, at FROM approval`}},
		"an approval of none comes":    {999, []string{`INSERT INTO approval SELECT 999, 999, answer, by_, at FROM approval`}},
		"a leaf comes behind":          {last + 1, []string{fmt.Sprintf(`INSERT INTO leaf SELECT entry + 1, record, salts, hashes FROM leaf WHERE entry = %d`, last)}},
		"a leaf comes before":          {-1, []string{`INSERT INTO leaf SELECT -1, record, salts, hashes FROM leaf WHERE entry = 1`}},
		"entries swap":                 {c.found, swap("entry", "id", "review, at, act, by_, by_name, by_role, finding, outcome, reason, note, matches, status, evidence, undoes, answers, detail, comparator, policy", c.found, c.decided)},
		"leaves swap":                  {c.found, swap("leaf", "entry", "record, salts, hashes", c.found, c.decided)},
		"salts swap with their fields": {c.decided, []string{fmt.Sprintf(`UPDATE leaf SET salts = CAST(substr(salts, 33, 32) || substr(salts, 1, 32) || substr(salts, 65) AS BLOB) WHERE entry = %d`, c.decided)}},
		"a salt goes":                  {c.decided, []string{fmt.Sprintf(`UPDATE leaf SET salts = CAST(zeroblob(32) || substr(salts, 33) AS BLOB) WHERE entry = %d`, c.decided)}},
		"a value goes":                 {c.decided, []string{fmt.Sprintf(`UPDATE entry SET note = '' WHERE id = %d`, c.decided)}},
		"value and salt go unsaid": {c.decided, []string{fmt.Sprintf(`UPDATE entry SET by_name = '', note = '', matches = '[]' WHERE id = %d`, c.decided),
			fmt.Sprintf(`UPDATE leaf SET salts = zeroblob(length(salts)) WHERE entry = %d`, c.decided)}},
		"another hash at the end":  {4, []string{`UPDATE leaf SET hashes = CAST(hashes || zeroblob(32) AS BLOB) WHERE entry = 4`}},
		"a hash less":              {4, []string{`UPDATE leaf SET hashes = substr(hashes, 1, 64) WHERE entry = 4`}},
		"a hash of the tree":       {4, []string{`UPDATE leaf SET hashes = CAST(substr(hashes, 1, 64) || zeroblob(32) AS BLOB) WHERE entry = 4`}},
		"the root of a checkpoint": {review.EntryID(c.size), []string{`UPDATE checkpoint SET root = zeroblob(32) WHERE id = 2`}},
		"the note of a checkpoint": {review.EntryID(c.size), []string{`UPDATE checkpoint SET note = replace(note, '— docket', '— locket') WHERE id = 2`}},
		"what a review is about":   {3, []string{`UPDATE review SET root = (SELECT max(id) FROM resource)`}},
		"why a review was opened":  {3, []string{`UPDATE review SET opening = 'matches'`}},
		"another origin":           {0, []string{`UPDATE setting SET value = 'docket/00' WHERE name = 'ledger'`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := c.verify(t, c.harmed(t, try.harm...))
			require.NotNil(t, report.Break)
			if name != "another origin" {
				assert.Equal(t, try.entry, report.Break.Entry, report.Break.Why)
			}
		})
	}
}

func TestARewrittenHistoryIsCaughtByACheckpointThatLeft(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	older := filepath.Join(t.TempDir(), "older.db")
	b, err := os.ReadFile(c.path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(older, b, 0o600))
	goOn := func(path, who string) review.SignedCheckpoint {
		db, err := store.Open(t.Context(), path, options(withKey(&c.key)))
		require.NoError(t, err)
		storetest.Colleague(t, db, review.RoleReviewer, who)
		p, err := db.Checkpoint(t.Context(), review.CheckpointTime)
		require.NoError(t, err)
		assert.True(t, p.Fresh)
		again, err := db.Checkpoint(t.Context(), review.CheckpointTime)
		require.NoError(t, err)
		assert.False(t, again.Fresh, "nothing was added")
		assert.Equal(t, p.ID, again.ID)
		require.NoError(t, db.Close())
		return p
	}
	later := goOn(c.path, "one")

	report := c.verify(t, older)
	require.Nil(t, report.Break, "an older file by itself is whole")
	report = c.verify(t, older, c.point.Checkpoint)
	require.Nil(t, report.Break, "and holds what it held")
	report = c.verify(t, older, c.point.Checkpoint, later.Checkpoint)
	require.NotNil(t, report.Break)
	assert.Equal(t, review.EntryID(c.size+1), report.Break.Entry)
	assert.Contains(t, report.Break.Why, "later entries are gone")

	goOn(older, "another")
	goOn(older, "more")
	report = c.verify(t, older)
	require.Nil(t, report.Break)
	report = c.verify(t, older, later.Checkpoint)
	require.NotNil(t, report.Break)
	assert.Equal(t, review.EntryID(c.size+1), report.Break.Entry, report.Break.Why)
	report = c.verify(t, c.path, later.Checkpoint, c.point.Checkpoint)
	require.Nil(t, report.Break)
	elsewhere := later.Checkpoint
	elsewhere.Origin = "docket/ff"
	require.NotNil(t, c.verify(t, c.path, elsewhere).Break)
}

func TestWhatIsProvenHoldsForEveryEntryAndSize(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	db, err := store.Open(t.Context(), c.path, options(withKey(&c.key)))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	points := map[int64]review.Checkpoint{}
	for size := int64(1); size <= c.size; size++ {
		for entry := review.EntryID(1); int64(entry) <= size; entry++ {
			p, err := db.LedgerProof(t.Context(), entry, size)
			require.NoError(t, err)
			points[size] = review.Checkpoint{Origin: db.Origin(), Size: size, Root: p.Root}
			require.NoError(t, p.Check(points[size]))
		}
		for older := int64(0); older <= size; older++ {
			path, err := db.LedgerConsistency(t.Context(), older, size)
			require.NoError(t, err)
			if older > 0 {
				require.NoError(t, review.CheckConsistency(points[older], points[size], path))
			}
		}
	}
	assert.Equal(t, c.point.Checkpoint, points[c.size])
	for _, bad := range [][2]int64{{0, 0}, {-1, 3}, {4, 3}, {1, c.size + 1}} {
		_, err := db.LedgerProof(t.Context(), review.EntryID(bad[0]), bad[1])
		require.ErrorIs(t, err, review.ErrNotFound)
	}
	_, err = db.LedgerConsistency(t.Context(), 3, c.size+1)
	require.ErrorIs(t, err, review.ErrNotFound)
}

func TestLeavesOpenWhatTheySeal(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	db, err := store.Open(t.Context(), c.path, options())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	leaves, err := db.LedgerLeaves(t.Context(), []review.EntryID{c.decided, c.found, c.found, 1})
	require.NoError(t, err)
	require.Len(t, leaves, 3)
	values := map[string]string{}
	for _, l := range leaves {
		r, err := review.ParseRecord(l.Record)
		require.NoError(t, err)
		assert.Equal(t, l.Entry, r.Entry)
		assert.Len(t, l.Open, len(r.Sealed))
		assert.Empty(t, l.Erased)
		for _, o := range l.Open {
			require.NoError(t, o.Check(r))
			values[strconv.Itoa(int(l.Entry))+" "+o.Field] = string(o.Value)
			o.Value = []byte(`"another"`)
			require.Error(t, o.Check(r))
		}
	}
	assert.Equal(t, `"It may be them."`, values[fmt.Sprintf("%d note", c.decided)])
	assert.Equal(t, `["1970-01-31"]`, values[fmt.Sprintf("%d premises/0/subject", c.found)])
	_, err = db.LedgerLeaves(t.Context(), []review.EntryID{c.decided, 999})
	require.ErrorIs(t, err, review.ErrNotFound)
}

func TestALeafsSaltsOnlyGo(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	file := raw(t, c.path)
	for _, harm := range []string{`DELETE FROM leaf`, `UPDATE leaf SET entry = entry + 100`, `UPDATE leaf SET record = x'00'`, `UPDATE leaf SET hashes = zeroblob(length(hashes))`,
		`UPDATE leaf SET salts = x'' WHERE salts <> x''`, `UPDATE leaf SET salts = randomblob(length(salts)) WHERE salts <> x''`,
		`UPDATE leaf SET salts = CAST(substr(salts, 33, 32) || substr(salts, 1, 32) || substr(salts, 65) AS BLOB) WHERE length(salts) > 32`,
		`UPDATE leaf SET salts = CAST(substr(salts, 1, length(salts) - 1) || x'01' AS BLOB) WHERE salts <> x''`,
		`DELETE FROM checkpoint`, `UPDATE checkpoint SET size = 1`, `UPDATE checkpoint SET note = ''`} {
		_, err := file.Exec(harm)
		require.Error(t, err, harm)
	}
	for _, lawful := range []string{`UPDATE leaf SET salts = CAST(zeroblob(32) || substr(salts, 33) AS BLOB) WHERE salts <> x''`, `UPDATE leaf SET salts = zeroblob(length(salts))`} {
		_, err := file.Exec(lawful)
		require.NoError(t, err, lawful)
	}
	_, err := file.Exec(`UPDATE leaf SET salts = randomblob(length(salts)) WHERE salts <> x''`)
	require.Error(t, err, "what went does not come back")
}

func TestNothingIsWrittenOnALedgerThatDoesNotFit(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	path := c.harmed(t, fmt.Sprintf(`DELETE FROM leaf WHERE entry = %d`, c.size))
	db, err := store.Open(t.Context(), path, options())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	err = db.AddColleague(t.Context(), review.Colleague{ID: "ben", Name: "Ben", Role: review.RoleReviewer}, "x", "")
	require.ErrorIs(t, err, store.ErrLedger)
}

func TestATrailFromBeforeTheLedgerIsSealedAsItStands(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	path := c.harmed(t, `DELETE FROM leaf`, `DELETE FROM checkpoint`, `DELETE FROM setting WHERE name = 'ledger'`)
	report := c.verify(t, path)
	require.Nil(t, report.Break)
	assert.Equal(t, c.size, report.Size)
	assert.NotEqual(t, c.point.Origin, report.Origin)
	assert.NotNil(t, c.verify(t, path, c.point.Checkpoint).Break, "it is another ledger than the one that was signed")
}

func TestTheTailIsVerifiedAsItGrows(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	db, err := store.Open(t.Context(), c.path, options(withKey(&c.key)))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	_, at, _ := db.LedgerWhole()
	assert.True(t, at.IsZero(), "nobody looked yet")
	whole := func() int64 {
		t.Helper()
		require.NoError(t, db.VerifyTail(t.Context(), c.public))
		size, at, broken := db.LedgerWhole()
		require.Nil(t, broken)
		assert.False(t, at.IsZero())
		return size
	}
	assert.Equal(t, c.size, whole())
	for i := range int64(5) {
		storetest.Colleague(t, db, review.RoleReviewer, fmt.Sprint("more-", i))
		if i%2 == 0 {
			_, err = db.Checkpoint(t.Context(), review.CheckpointTime)
			require.NoError(t, err)
		}
		assert.Equal(t, c.size+i+1, whole())
		_, err = db.Checkpoint(t.Context(), review.CheckpointTime)
		require.NoError(t, err)
		assert.Equal(t, c.size+i+1, whole())
	}
	storetest.Colleague(t, db, review.RoleReviewer, "last")
	file := raw(t, c.path)
	for _, s := range []string{`DROP TRIGGER entry_holds`, `UPDATE entry SET status = 'Less.' WHERE id = (SELECT max(id) FROM entry)`} {
		_, err = file.Exec(s)
		require.NoError(t, err)
	}
	require.NoError(t, db.VerifyTail(t.Context(), c.public))
	size, _, broken := db.LedgerWhole()
	assert.Equal(t, c.size+5, size)
	require.NotNil(t, broken)
	assert.Equal(t, &review.LedgerBreak{Entry: review.EntryID(c.size + 6), Why: "its status is not what was sealed"}, broken)
	require.NoError(t, db.VerifyTail(t.Context(), c.public))
	_, _, broken = db.LedgerWhole()
	assert.NotNil(t, broken, "it stays broken")
	state, err := db.Ledger(t.Context())
	require.NoError(t, err)
	assert.Equal(t, broken, state.Break)
	assert.Equal(t, c.size+6, state.Size)
	_, err = db.Checkpoint(t.Context(), review.CheckpointAsked)
	require.ErrorIs(t, err, review.ErrLedgerBroken)
	_, err = db.Exported(t.Context(), store.Export{What: "trail", Format: "csv", Via: "web"})
	require.NoError(t, err, "that something left is recorded all the same")
	after, err := db.Ledger(t.Context())
	require.NoError(t, err)
	assert.Equal(t, state.Newest, after.Newest, "and nothing is signed")
}

func TestATreeThatWasHashedAnewIsNoticedByTheTail(t *testing.T) {
	t.Parallel()
	c := newChronicle(t)
	db, err := store.Open(t.Context(), c.path, options())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	require.NoError(t, db.VerifyTail(t.Context(), ""))
	file := raw(t, c.path)
	for _, s := range []string{`DROP TRIGGER leaf_holds`, `UPDATE leaf SET hashes = zeroblob(length(hashes))`} {
		_, err = file.Exec(s)
		require.NoError(t, err)
	}
	require.NoError(t, db.VerifyTail(t.Context(), ""))
	_, _, broken := db.LedgerWhole()
	assert.NotNil(t, broken)
}

func TestAnEntryAndItsLeafComeTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	fault := func(real func() error) error { return real() }
	path := filepath.Join(t.TempDir(), "docket.db")
	db, err := store.Open(t.Context(), path, options(store.WithFaults(func(real func() error) error { return fault(real) })))
	require.NoError(t, err)
	add := func(id review.ColleagueID) error {
		return db.AddColleague(t.Context(), review.Colleague{ID: id, Name: "Colleague", Role: review.RoleReviewer}, "x", "")
	}
	require.NoError(t, add("first"))
	size, err := db.LedgerSize(t.Context())
	require.NoError(t, err)
	for round, harm := range []func(func() error) error{
		func(func() error) error { return store.Coded(5) },                  // it did not happen
		func(real func() error) error { _ = real(); return store.Coded(5) }, // it happened, and nobody was told
	} {
		fault = harm
		require.Error(t, add(review.ColleagueID(fmt.Sprint("lost-", round))))
		fault = func(real func() error) error { return real() }
		require.NoError(t, add(review.ColleagueID(fmt.Sprint("next-", round))), "what is remembered of the edge is not believed")
		size += int64(1 + round)
		report, err := db.VerifyLedger(t.Context(), store.LedgerCheck{})
		require.NoError(t, err)
		require.Nil(t, report.Break)
		assert.Equal(t, size, report.Size)
	}
	require.NoError(t, db.Close())
}
