package store_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// seats writes every row of facet with what its counter says, and every counter.
func seats(t *testing.T, path string) (rows, counters []string) {
	t.Helper()
	db := raw(t, path)
	for query, to := range map[string]*[]string{
		`SELECT concat_ws(' ', ifnull(c.state, 'no counter'), c.facet, c.value, q.root_id) FROM facet f JOIN queue q ON q.id = f.id LEFT JOIN counter c ON c.id = f.place ORDER BY 1`: &rows,
		`SELECT concat_ws(' ', state, facet, value, n) FROM counter ORDER BY 1`:                                                                                                       &counters,
	} {
		found, err := db.Query(query)
		require.NoError(t, err)
		for found.Next() {
			var s string
			require.NoError(t, found.Scan(&s))
			*to = append(*to, s)
		}
		require.NoError(t, found.Err())
		require.NoError(t, found.Close())
	}
	return rows, counters
}

// tagged is one state of a transaction that waits, with tags.
func tagged(id string, minute int, tags ...string) []byte {
	return storetest.Payload(storetest.Transaction(id, "needs_review", at(minute)).Fact("country", "").Fact("tags", tags))
}

func whole(t *testing.T, db *store.DB) {
	t.Helper()
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func TestAValueGoesWithItsLastRowAndItsNumberMayBeAnotherValues(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	storetest.Import(t, db, tagged("txn_1", 1, "zorvane"), tagged("txn_2", 1, "zorvane", "vip"))
	number := func(value string) (n int64) {
		require.NoError(t, raw(t, path).QueryRow(`SELECT ifnull(max(id), 0) FROM counter WHERE value = ?`, value).Scan(&n))
		return n
	}
	had := number("zorvane")
	require.Positive(t, had)

	storetest.Import(t, db, tagged("txn_1", 2))
	rows, counters := seats(t, path)
	assert.Equal(t, []string{"open tag vip txn_2", "open tag zorvane txn_2"}, rows)
	assert.Equal(t, []string{"open   2", "open tag vip 1", "open tag zorvane 1"}, counters)
	assert.Equal(t, had, number("zorvane"), "a place is the same as long as it has rows")

	storetest.Import(t, db, tagged("txn_2", 3))
	rows, counters = seats(t, path)
	assert.Empty(t, rows)
	assert.Equal(t, []string{"open   2"}, counters, "nothing of a value outlives its rows")

	storetest.Import(t, db, tagged("txn_2", 4, "edd", "late"))
	assert.Equal(t, had, number("late"), "else this test does not see a number given again")
	for _, tag := range []string{"edd", "late", "zorvane"} {
		page, err := db.Queue(t.Context(), review.QueueQuery{Tag: tag})
		require.NoError(t, err)
		if tag == "zorvane" {
			assert.Empty(t, page.Rows)
		} else if assert.Len(t, page.Rows, 1, tag) {
			assert.Equal(t, "txn_2", page.Rows[0].Root.ID)
		}
	}
	whole(t, db)
}

func TestHostileValuesHaveCountersOfTheirOwn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	hostile := []string{"a\x00b", "a\x00c", "a", "A", "a ", `a" "b`, "é", "e\u0301", "'); DROP TABLE facet; --", "12", "12.0", "\ufffd", "\U0010ffff"}
	for i, tag := range hostile {
		storetest.Import(t, db, tagged("txn_"+string(rune('a'+i)), 1, tag))
	}
	for i, tag := range hostile {
		page, err := db.Queue(t.Context(), review.QueueQuery{Tag: tag})
		require.NoError(t, err)
		if assert.Len(t, page.Rows, 1, "%q", tag) {
			assert.Equal(t, "txn_"+string(rune('a'+i)), page.Rows[0].Root.ID, "%q", tag)
		}
		storetest.Import(t, db, tagged("txn_"+string(rune('a'+i)), 2))
	}
	rows, counters := seats(t, path)
	assert.Empty(t, rows)
	assert.Len(t, counters, 1)
	whole(t, db)
}

// What a failed act had seated is nowhere, and the number that it gave belongs to whoever comes next.
func TestAnActThatFailsGivesNoNumberAway(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	fails := false
	db := storetest.OpenFile(t, path, store.WithFaults(func(real func() error) error {
		if fails {
			return errors.New("no commit")
		}
		return real()
	}))
	keep := func(raw []byte) review.Reading {
		r := storetest.Read(raw)
		_, err := db.Keep(t.Context(), []review.Arrival{{Bytes: raw, ReceivedAt: at(0), Source: "import"}})
		require.NoError(t, err)
		return r
	}
	first, second := keep(tagged("txn_1", 1, "first", "both")), keep(tagged("txn_2", 1, "second", "both"))
	fails = true
	_, err := db.Absorb(t.Context(), []review.Reading{first})
	require.ErrorContains(t, err, "no commit")
	fails = false
	rows, counters := seats(t, path)
	require.Empty(t, append(rows, counters...))
	for _, r := range []review.Reading{second, first} {
		_, err = db.Absorb(t.Context(), []review.Reading{r})
		require.NoError(t, err)
	}
	rows, counters = seats(t, path)
	assert.Equal(t, []string{"open tag both txn_1", "open tag both txn_2", "open tag first txn_1", "open tag second txn_2"}, rows)
	assert.Equal(t, []string{"open   2", "open tag both 2", "open tag first 1", "open tag second 1"}, counters)
	whole(t, db)
}

func TestTwoProcessesSeatRowsInOneFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	one := storetest.OpenFile(t, path)
	storetest.Import(t, one, tagged("txn_1", 1, "a"))
	two := storetest.OpenFile(t, path)
	storetest.Import(t, two, tagged("txn_1", 2, "b"), tagged("txn_2", 2, "c")) // the number of a may be b's or c's now
	storetest.Import(t, one, tagged("txn_3", 3, "a", "b"))
	storetest.Import(t, two, tagged("txn_4", 4, "a"), tagged("txn_2", 4))
	storetest.Import(t, one, tagged("txn_5", 5, "c"))
	rows, counters := seats(t, path)
	assert.Equal(t, []string{"open tag a txn_3", "open tag a txn_4", "open tag b txn_1", "open tag b txn_3", "open tag c txn_5"}, rows)
	assert.Equal(t, []string{"open   5", "open tag a 2", "open tag b 2", "open tag c 1"}, counters)
	whole(t, one)
	whole(t, two)
}

func TestARowThatComesAndGoesInOneActIsSeatedOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	id := storetest.Review(t, db, func(c *storetest.Case) { c.Country, c.Tags = "PT", []string{"vip"} })
	before := dump(t, path)
	for _, way := range [][]string{{"open", "closed", "open"}, {"open", "", "open"}, {"open", "closed", "open", "closed", "open"}} {
		require.NoError(t, db.MoveThrough(t.Context(), id, way...))
		assert.Equal(t, before, dump(t, path), "%q", way)
	}
	was, _ := seats(t, path)
	require.NoError(t, db.MoveThrough(t.Context(), id, "open", "closed", "open", "closed"))
	is, counters := seats(t, path)
	assert.Equal(t, strings.ReplaceAll(strings.Join(was, "\n"), "open", "closed"), strings.Join(is, "\n"))
	for _, c := range counters {
		assert.True(t, strings.HasPrefix(c, "closed "), c)
	}
	require.NoError(t, db.MoveThrough(t.Context(), id, "closed", "", "open"))
	assert.Equal(t, before, dump(t, path))

	require.Error(t, db.MoveThrough(t.Context(), id, "", "open"), "a row is seated once")
	assert.Equal(t, before, dump(t, path))
}

func TestRowsThatChangePlacesInOneActLeaveCountersAsTheyWere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	storetest.Import(t, db, tagged("txn_1", 1, "a"), tagged("txn_2", 1, "b"))
	_, before := seats(t, path)
	storetest.Import(t, db, tagged("txn_1", 2, "b"), tagged("txn_2", 2, "a"))
	rows, counters := seats(t, path)
	assert.Equal(t, []string{"open tag a txn_2", "open tag b txn_1"}, rows)
	assert.Equal(t, before, counters)
	whole(t, db)
}

func TestCheckFindsARowInTheWrongFacet(t *testing.T) {
	t.Parallel()
	const lacks, has = "that a facet lacks", "that it does not have"
	tag := func(value string) string {
		return `(SELECT id FROM counter WHERE state = 'open' AND value = '` + value + `')`
	}
	for harm, want := range map[string][]string{
		`UPDATE facet SET place = ` + tag("b") + ` WHERE place = ` + tag("a"):                                                         {lacks, has, "counter of a facet", "facet without its counter"},
		`UPDATE facet SET place = 9999 WHERE place = ` + tag("a"):                                                                     {lacks, has, "facet of another row", "counter of a facet", "facet without its counter"},
		`UPDATE facet SET place = (SELECT id FROM counter WHERE facet = '') WHERE place = ` + tag("a"):                                {lacks, has, "counter of a facet", "facet without its counter"},
		`UPDATE facet SET opened_at = opened_at + 1`:                                                                                  {lacks, has, "facet of another row"},
		`UPDATE facet SET id = 3 - id WHERE place IN (` + tag("a") + `, ` + tag("b") + `)`:                                            {lacks, has},
		`DELETE FROM facet WHERE place = ` + tag("a"):                                                                                 {lacks, "counter of a facet"},
		`INSERT INTO facet SELECT ` + tag("c") + `, opened_at, id FROM queue WHERE id = 1`:                                            {has, "counter of a facet", "facet without its counter"},
		`UPDATE counter SET value = CASE value WHEN 'a' THEN 'b' WHEN 'b' THEN 'a' END || '2' WHERE value IN ('a', 'b')`:              {lacks, has},
		`DELETE FROM counter WHERE value = 'a'`:                                                                                       {lacks, has, "facet of another row", "facet without its counter"},
		`INSERT INTO counter (state, facet, value, n) VALUES ('open', 'tag', 'nobody', 0)`:                                            {"counter of a facet"},
		`UPDATE counter SET state = 'closed' WHERE value = 'c'`:                                                                       {lacks, has, "facet of another row"},
		`UPDATE queue SET facets = 'no list' WHERE id = 1`:                                                                            {has, "its rows do not say"},
		`UPDATE queue SET facets = '[["tag","a"],["tag","b"]]' WHERE id = 1`:                                                          {lacks, "its rows do not say"},
		`UPDATE queue SET facets = '[["tag","b"]]' WHERE id = 1; UPDATE queue SET facets = '[["tag","a"]]' WHERE id = 2`:              {lacks, has, "its rows do not say"},
		`UPDATE counter SET n = n + 1 WHERE value = 'b'; INSERT INTO facet SELECT ` + tag("b") + `, opened_at, 77 FROM queue LIMIT 1`: {has, "facet of another row"},
	} {
		path := filepath.Join(t.TempDir(), "docket.db")
		db := storetest.OpenFile(t, path)
		storetest.Import(t, db, tagged("txn_1", 1, "a"), tagged("txn_2", 1, "b"), tagged("txn_3", 1, "c"))
		whole(t, db)
		_, err := raw(t, path).Exec(harm)
		require.NoError(t, err, harm)
		problems, err := db.Check(t.Context())
		require.NoError(t, err, harm)
		found := strings.Join(problems, "\n")
		for _, w := range want {
			assert.Contains(t, found, w, harm)
		}
		for _, w := range []string{lacks, has} {
			assert.Equal(t, strings.Contains(strings.Join(want, "\n"), w), strings.Contains(found, w), "%s: %s", harm, found)
		}
	}
}

// Every list by a facet is a walk along its key, however it is sorted, and every counter one look-up.
func TestFacetsAreWalkedAlongTheirKey(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	for name, want := range store.FacetPlans() {
		plan, err := db.Plan(t.Context(), want.Query)
		require.NoError(t, err, name)
		assert.Contains(t, plan, want.Step, name)
		for _, table := range []string{"q", "f", "r", "facet", "counter"} {
			assert.NotContains(t, plan+"\n", "SCAN "+table+"\n", name)
			assert.NotContains(t, plan, "SCAN "+table+" ", name)
		}
		assert.Equal(t, want.Sorts, strings.Contains(plan, "TEMP B-TREE"), "%s: %s", name, plan)
	}
}
