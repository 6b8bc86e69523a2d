package store_test

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestEveryConnectionHasItsSettings(t *testing.T) {
	t.Parallel()
	want := map[string]map[string]string{
		"writer": {"journal_mode": "wal", "synchronous": "2", "busy_timeout": "5000", "foreign_keys": "1", "query_only": "0",
			"journal_size_limit": "67108864", "wal_autocheckpoint": "4000", "cache_size": "-65536", "temp_store": "2"},
		"reader": {"journal_mode": "wal", "busy_timeout": "5000", "foreign_keys": "1", "query_only": "1",
			"cache_size": "-12288", "temp_store": "2"},
	}
	haveSettings(t, storetest.Open(t), want)
	want["writer"]["wal_autocheckpoint"], want["writer"]["journal_size_limit"], want["writer"]["cache_size"] = "131072", "805306368", "-98304"
	haveSettings(t, storetest.Open(t, func(o *store.Options) { o.Bulk = true }), want)
}

func TestTheSearchIndexKeepsItsSettingThroughARebuild(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	storetest.Review(t, db)
	require.NoError(t, db.Rebuild(t.Context(), storetest.Read, nil))
	assert.EqualValues(t, 8, number(t, raw(t, path), `SELECT v FROM search_config WHERE k = 'automerge'`))
}

// A server reads the statistics when it begins, and then its tables grow for months: what was said of
// them when they were small would have them read whole.
func TestWhatIsSaidOfSmallTablesDoesNotOutliveThem(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	storetest.Review(t, db)
	require.NoError(t, db.Close())
	file := raw(t, path)
	_, err := file.Exec(`ANALYZE`)
	require.NoError(t, err)
	require.Positive(t, number(t, file, `SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'review'`))
	db = storetest.OpenFile(t, path)
	require.NoError(t, db.Close())
	assert.Zero(t, number(t, file, `SELECT count(*) FROM sqlite_stat1`))
	assert.Zero(t, number(t, file, `SELECT count(*) FROM sqlite_stat4`))

	_, err = file.Exec(`ANALYZE; UPDATE sqlite_stat1 SET stat = '10000 1' WHERE idx = 'review_of_root'`)
	require.NoError(t, err)
	db = storetest.OpenFile(t, path)
	require.NoError(t, db.Close())
	assert.EqualValues(t, 1, number(t, file, `SELECT count(DISTINCT tbl) FROM sqlite_stat1`), "of large ones it stays")
	assert.Positive(t, number(t, file, `SELECT count(*) FROM sqlite_stat4 WHERE tbl = 'review'`))
}

func number(t *testing.T, file *sql.DB, query string) (n int64) {
	t.Helper()
	require.NoError(t, file.QueryRow(query).Scan(&n))
	return n
}

func haveSettings(t *testing.T, db *store.DB, want map[string]map[string]string) {
	t.Helper()
	sizes := map[string]int{"writer": 1, "reader": store.PoolSize}
	for name, pool := range db.Pools() {
		var conns []*sql.Conn
		for range sizes[name] {
			conn, err := pool.Conn(t.Context())
			require.NoError(t, err)
			conns = append(conns, conn)
			for pragma, value := range want[name] {
				var got string
				require.NoError(t, conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
				assert.Equal(t, value, got, "%s: %s", name, pragma)
			}
			_, err = conn.ExecContext(t.Context(), `SELECT "no such column"`)
			require.Error(t, err, "%s: a misspelt column must not become a string", name)
			_, err = conn.ExecContext(t.Context(), `PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = ''`)
			require.Error(t, err, "%s: the schema must be out of reach", name)
		}
		assert.Equal(t, sizes[name], pool.Stats().MaxOpenConnections)
		for _, c := range conns {
			require.NoError(t, c.Close())
		}
		assert.Equal(t, sizes[name], pool.Stats().Idle, "%s: connections must stay open", name)
	}
	_, err := db.Pools()["reader"].ExecContext(t.Context(), `DELETE FROM setting`)
	require.Error(t, err, "readers must not write")
}

func TestTheFileIsItsOwnersOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	storetest.Review(t, db)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), suffix)
	}
}

// The golden schema makes every change of it visible in a review; -update writes it anew.
func TestTheSchemaIsTheGoldenOne(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	storetest.OpenFile(t, path)
	rows, err := raw(t, path).Query(`SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'search_%' ORDER BY rowid`)
	require.NoError(t, err)
	var got strings.Builder
	for rows.Next() {
		var text string
		require.NoError(t, rows.Scan(&text))
		got.WriteString(text + ";\n\n")
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	if *update {
		require.NoError(t, os.WriteFile("schema.sql", []byte(got.String()), 0o600))
	}
	golden, err := os.ReadFile("schema.sql")
	require.NoError(t, err)
	assert.Equal(t, string(golden), got.String())
}

// An operator's or an auditor's own sqlite3 may be years older than ours, and it refuses the whole file for
// one object that it cannot read. Aggregates in an order are of 3.44.
func TestAnOlderSQLiteReadsTheSchema(t *testing.T) {
	t.Parallel()
	golden, err := os.ReadFile("schema.sql")
	require.NoError(t, err)
	assert.NotRegexp(t, `(?i)\w\([^()]*\bORDER\s+BY\b[^()]*\)`, string(golden))
}

func TestEveryCheckListsTheConstants(t *testing.T) {
	t.Parallel()
	golden, err := os.ReadFile("schema.sql")
	require.NoError(t, err)
	for _, c := range []struct {
		table, column string
		want          []string
	}{
		{"payload", "state", store.PayloadStates()},
		{"colleague", "role", words(review.Roles())},
		{"session", "ended_why", []string{store.EndedSignedOut, store.EndedReplaced, store.EndedBySelf, store.EndedByAdmin,
			store.EndedDisabled, store.EndedPasswordChanged}},
		{"attempt", "scope", store.Limits()},
		{"review", "opening", words(review.Openings())},
		{"review", "state", words(review.States())},
		{"review", "closing", words(review.Closings())},
		{"entry", "act", words(review.Acts())},
		{"entry", "finding", append([]string{""}, words(review.Findings())...)},
		{"entry", "outcome", append([]string{""}, words(review.Outcomes())...)},
		{"disposition", "finding", words(review.Findings())},
		{"premise", "kind", words(review.PremiseKinds())},
		{"premise", "attribute", append([]string{""}, words(review.Attributes())...)},
		{"decision", "outcome", words(review.Outcomes())},
		{"queue", "state", store.QueueStates()},
		{"queue", "why", append([]string{""}, words(review.Whys())...)},
		{"counter", "facet", append([]string{""}, store.FacetNames()...)},
		{"errand", "kind", words(review.ErrandKinds())},
		{"errand", "state", words(review.ErrandStates())},
		{"push", "act", words(review.PushActs())},
		{"push", "state", words(review.PushStates())},
		{"approval", "answer", words(review.Answers())},
		{"listed", "finding", append([]string{""}, words(review.Findings())...)},
		{"wake", "why", words(review.Wokens())},
		{"access", "what", words(review.AccessKinds())},
		{"sample", "kind", words(review.SampleKinds())},
		{"sample", "known", append([]string{""}, words(review.Findings())...)},
		{"resolution", "upheld", words(review.Upholds())},
		{"erasure_request", "ground", words(review.ErasureGrounds())},
		{"checkpoint", "why", words(review.CheckpointWhys())},
	} {
		_, table, ok := strings.Cut(string(golden), "CREATE TABLE "+c.table+" (")
		require.True(t, ok, c.table)
		table, _, _ = strings.Cut(table, ";\n")
		found := regexp.MustCompile(`CHECK \(` + c.column + ` IN \(([^)]*)\)\)`).FindStringSubmatch(table)
		require.NotNil(t, found, "%s.%s has no CHECK", c.table, c.column)
		assert.ElementsMatch(t, c.want, checked(found[1]), "%s.%s", c.table, c.column)
	}
}

// checked reads the values out of a CHECK.
func checked(list string) []string {
	var values []string
	for _, v := range strings.Split(list, ",") {
		values = append(values, strings.Trim(strings.TrimSpace(v), "'"))
	}
	return values
}

func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

func TestADatabaseOfAnotherDocketIsRefused(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]string{
		"a newer one":   `INSERT INTO migration VALUES ('migrations/9999_later.sql', '', 0)`,
		"a changed one": `UPDATE migration SET sha256 = 'another'`,
	} {
		path := filepath.Join(t.TempDir(), "docket.db")
		o := store.Options{Hydrate: storetest.Hydrate}
		db, err := store.Open(t.Context(), path, o)
		require.NoError(t, err)
		require.NoError(t, db.Close())
		_, err = raw(t, path).Exec(harm)
		require.NoError(t, err)
		_, err = store.Open(t.Context(), path, o)
		require.ErrorContains(t, err, "use the", name)
	}
	_, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "docket.db"), store.Options{})
	require.Error(t, err, "without Hydrate nothing can be shown")
}

func TestAPathWithOddCharactersIsOneFile(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a b?mode=ro&x#y%41")
	require.NoError(t, os.Mkdir(dir, 0o700))
	storetest.Review(t, storetest.OpenFile(t, filepath.Join(dir, "docket é.db")))
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Equal(t, "docket é.db", files[0].Name())
}

func TestWhatIsThereAfterClosingIsThereAfterOpening(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db, err := store.Open(t.Context(), path, store.Options{Hydrate: storetest.Hydrate})
	require.NoError(t, err)
	id := storetest.Review(t, db)
	want := mustFile(t, db, id)
	require.NoError(t, db.Close())
	assert.Equal(t, want, mustFile(t, storetest.OpenFile(t, path), id))
}

func TestACancelledCallerWaitsNoLonger(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := db.Keep(ctx, []review.Arrival{{Bytes: []byte("x")}})
	require.ErrorIs(t, err, context.Canceled)
	_, err = db.Queue(ctx, review.QueueQuery{})
	require.ErrorIs(t, err, context.Canceled)
	require.NoError(t, db.Health(t.Context()))
}

// A list must stay quick on any number of rows: by an index, without sorting.
func TestListsNeitherScanNorSort(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	for name, query := range store.ListQueries() {
		plan, err := db.Plan(t.Context(), query)
		require.NoError(t, err, name)
		for _, step := range strings.Split(plan, "\n") {
			scan := strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "VIRTUAL TABLE") && !strings.HasPrefix(step, "SCAN (subquery") &&
				step != "SCAN c USING COVERING INDEX claim_by" // claims are as few as colleagues
			assert.False(t, scan, "%s: %s", name, plan)
			assert.NotContains(t, step, "TEMP B-TREE", name)
		}
	}
	for name, query := range store.BoundedQueries() {
		plan, err := db.Plan(t.Context(), query)
		require.NoError(t, err, name)
		for _, table := range []string{"e", "l", "o", "r", "u", "x"} { // as the queries call them
			assert.NotContains(t, plan+"\n", "SCAN "+table+" ", "%s: %s", name, plan)
			assert.NotContains(t, plan+"\n", "SCAN "+table+"\n", "%s: %s", name, plan)
		}
	}
}

func TestWhatIsOnTheRecordCannotBeChanged(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	d.dispose(d.apart(d.key("a")))
	d.dispose(storetest.Finding(review.FalsePositive, d.file().Review.Evidence.String(), d.key("b"), d.key("c")))
	_, err := d.db.Decide(t.Context(), d.id, d.anna, approve(d.file().Review.Evidence.String()))
	require.NoError(t, err)
	file := raw(t, d.path)
	for _, table := range []string{"entry", "disposition", "premise", "decision", "evidence"} {
		var n int
		require.NoError(t, file.QueryRow(`SELECT count(*) FROM `+table).Scan(&n))
		require.Positive(t, n, table)
		for _, harm := range []string{`DELETE FROM ` + table, `UPDATE ` + table + ` SET rowid = rowid`, `UPDATE ` + table + ` SET ` + first(t, file, table)} {
			if strings.HasPrefix(harm, "UPDATE premise") {
				harm += ` WHERE kind <> 'other'` // of what is said in the note there is nothing to erase
			}
			if strings.Contains(harm, "rowid") && (table == "disposition" || table == "premise" || table == "evidence") {
				continue // they have none
			}
			_, err := file.Exec(harm)
			require.Error(t, err, harm)
		}
	}
	_, err = file.Exec(`DELETE FROM premise WHERE kind = 'other'`)
	require.Error(t, err)
	for _, harm := range []string{
		`DELETE FROM review`,
		// An erasure may empty what is personal, and nothing else.
		`UPDATE premise SET subject = '[]', listed = '["another"]'`,
		`UPDATE premise SET subject = '[]', listed = '[]', amount = amount + 1`,
		`UPDATE premise SET subject = '[]', listed = '[]', entry = entry + 1`,
		`UPDATE disposition SET identity = '', whose = '', seen = zeroblob(32), party = 'another'`,
		`UPDATE disposition SET identity = '', whose = '', seen = randomblob(32)`,
		`UPDATE disposition SET identity = '', whose = ''`,
		`UPDATE disposition SET identity = '', whose = 'another', seen = zeroblob(32)`,
		`UPDATE disposition SET identity = '', whose = '', seen = zeroblob(32), finding = 'true_match'`,
		`UPDATE disposition SET identity = '', whose = '', seen = zeroblob(32), carries = 1`,
	} {
		_, err := file.Exec(harm)
		require.Error(t, err, harm)
	}
	for _, lawful := range []string{`UPDATE premise SET subject = '[]', listed = '[]'`, `UPDATE disposition SET identity = '', whose = '', seen = zeroblob(32)`} {
		_, err := file.Exec(lawful)
		require.NoError(t, err, lawful)
	}
}

// first names the first column of a table, set to itself.
func first(t *testing.T, db *sql.DB, table string) string {
	t.Helper()
	var name string
	require.NoError(t, db.QueryRow(`SELECT name FROM pragma_table_info(?) LIMIT 1`, table).Scan(&name))
	return fmt.Sprintf("%s = %s", name, name)
}

// decided takes a review, answers every match and decides.
func decided(t *testing.T, db *store.DB, id review.ReviewID, by review.ColleagueID, outcome review.Outcome) review.Decision {
	t.Helper()
	storetest.Claimed(t, db, id, by)
	f := mustFile(t, db, id)
	if len(f.Dossier.OpenMatches()) > 0 {
		storetest.Disposed(t, db, id, by, review.FalsePositive)
	}
	d, err := db.Decide(t.Context(), id, by, review.DecisionForm{Outcome: outcome, Reason: review.ReasonOther, Note: "Compared by hand.",
		Evidence: storetest.Digest(t, db, id)})
	require.NoError(t, err)
	if d.Second {
		storetest.Agreed(t, db, id)
		d = mustFile(t, db, id).Decisions[0]
	}
	return d
}

var errStop = errors.New("stop")

const day = 24 * time.Hour
