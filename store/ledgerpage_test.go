package store_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// paged is a closed file whose ledger was filled, with rows that one page does not hold, and how many
// entries it has.
func paged(t testing.TB, entries int) (path string, size review.EntryID) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "docket.db")
	db, err := store.Open(t.Context(), path, options())
	require.NoError(t, err)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db, storetest.WithMatches(26))
	storetest.Claimed(t, db, id, anna)
	for _, length := range []int{3_500, 3_900, 4_000, 4_050, 4_061, 4_096, 4_200, 8_000, 8_300, 9_999} { // about what a page holds
		_, err = db.AddNote(t.Context(), id, anna, strings.Repeat("ä", length/2))
		require.NoError(t, err)
	}
	storetest.Disposed(t, db, id, anna, review.CannotTell)
	for i := range 40 {
		_, err = db.AddNote(t.Context(), id, anna, strings.Repeat("n", 100+7*i))
		require.NoError(t, err)
	}
	require.NoError(t, db.FillLedger(t.Context(), entries))
	n, err := db.LedgerSize(t.Context())
	require.NoError(t, err)
	require.NoError(t, db.Close())
	return path, review.EntryID(n)
}

func TestPagesReadAsTheirRowsDo(t *testing.T) {
	t.Parallel()
	path, size := paged(t, 5_000) // leaves lie two pages below the first
	for _, r := range [][2]review.EntryID{{-5, size + 5}, {1, 1}, {size, size}, {2, 30}, {1_000, 2_023}, {size + 1, size + 9}, {-9, 0}} {
		read, err := store.ReadFileEveryWay(t.Context(), path, r[0], r[1])
		require.NoError(t, err)
		want := int(max(0, min(r[1], size)-max(r[0], 1)+1))
		assert.Equal(t, read.ByColumn, read.FromPages)
		assert.Equal(t, read.ByColumn, read.InPacks)
		assert.Len(t, read.FromPages, want)
		assert.False(t, read.Strange, "from %d to %d", r[0], r[1])
	}
}

func TestPagesWithGapsReadAsTheirRowsDo(t *testing.T) {
	t.Parallel()
	path, size := paged(t, 2_000)
	file := raw(t, path)
	file.SetMaxOpenConns(1)
	harm := []string{
		`DELETE FROM leaf WHERE entry % 7 = 3 OR entry BETWEEN 500 AND 900`,
		`DELETE FROM entry WHERE id % 5 = 2 AND id < 1400 OR id BETWEEN 700 AND 1300`,
		`UPDATE entry SET note = printf('%.*c', 3700 + id % 350 + id / 350 % 2 * 4092, 'x') WHERE id > 1400`, // of every length about what a page holds
		`PRAGMA ignore_check_constraints = on`, `UPDATE leaf SET salts = zeroblob(9000) WHERE entry % 60 = 1`,
	}
	for _, s := range append(dropped(t, file), harm...) {
		_, err := file.Exec(s)
		require.NoError(t, err)
	}
	require.NoError(t, file.Close())
	read, err := store.ReadFileEveryWay(t.Context(), path, 1, size)
	require.NoError(t, err)
	assert.Equal(t, read.ByColumn, read.FromPages)
	assert.False(t, read.Strange)
	assert.NotEmpty(t, read.FromPages)
}

// A file that somebody else changed, byte by byte, is read alike in every way, or it is strange.
func TestNoBytesOfAPageAreReadOtherwiseThanSQLiteReadsThem(t *testing.T) {
	t.Parallel()
	path, size := paged(t, 0)
	file := raw(t, path)
	_, err := file.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	require.NoError(t, err)
	rows, err := file.Query(`SELECT pageno FROM dbstat WHERE name IN ('entry', 'leaf')`)
	require.NoError(t, err)
	var pages []int
	for rows.Next() {
		var n int
		require.NoError(t, rows.Scan(&n))
		pages = append(pages, n)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, file.Close())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	pageSize := int(binary.BigEndian.Uint16(whole[16:]))
	require.Greater(t, len(pages), 20)
	require.Less(t, int(size), 200)

	r := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // nothing secret
	var compared, strange int
	for i := range 150 {
		page := (pages[r.IntN(len(pages))] - 1) * pageSize
		at := page + r.IntN(pageSize)
		if i%2 == 0 { // where it says what lies where
			at = page + r.IntN(64)
		}
		old := whole[at]
		now := byte(r.Uint32()) //nolint:gosec // any byte
		whole[at] = now
		harmed := filepath.Join(t.TempDir(), fmt.Sprint(i))
		require.NoError(t, os.WriteFile(harmed, whole, 0o600))
		whole[at] = old
		read, err := store.ReadFileEveryWay(t.Context(), harmed, 1, size)
		require.NoError(t, os.Remove(harmed))
		if err != nil {
			continue // SQLite refuses it
		}
		if read.Strange { // and how SQLite reads it depends on where it begins
			strange++
			continue
		}
		compared++
		require.Equal(t, read.ByColumn, read.FromPages, "byte %d of page %d: %d -> %d", at-page, page/pageSize+1, old, now)
	}
	assert.Greater(t, compared, 60)
	assert.Greater(t, strange, 3)
}

func TestATableThatLooksOtherwiseIsNotReadFromItsPages(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string][]string{
		"one column more":   {`ALTER TABLE entry ADD COLUMN more TEXT`},
		"another name":      {`PRAGMA writable_schema = on`, `UPDATE sqlite_schema SET sql = replace(replace(replace(sql, 'finding ', 'outcomes '), 'outcome ', 'finding '), 'outcomes ', 'outcome ') WHERE name = 'entry'`},
		"no row ids":        {`CREATE TABLE other AS SELECT * FROM leaf`, `DROP TABLE leaf`, `CREATE TABLE leaf (entry INTEGER PRIMARY KEY, record BLOB, salts BLOB, hashes BLOB) STRICT, WITHOUT ROWID`, `INSERT INTO leaf SELECT * FROM other`, `DROP TABLE other`},
		"a computed column": {`CREATE TABLE other AS SELECT * FROM leaf`, `DROP TABLE leaf`, `CREATE TABLE leaf (entry INTEGER PRIMARY KEY, record BLOB, salts BLOB AS (record), hashes BLOB) STRICT`, `INSERT INTO leaf SELECT entry, record, hashes FROM other`, `DROP TABLE other`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, size := paged(t, 0)
			file := raw(t, path)
			file.SetMaxOpenConns(1)
			for _, s := range append(append([]string{`PRAGMA foreign_keys = off`}, dropped(t, file)...), harm...) {
				_, err := file.Exec(s)
				require.NoError(t, err, s)
			}
			require.NoError(t, file.Close())
			read, err := store.ReadFileEveryWay(t.Context(), path, 1, size)
			require.NoError(t, err)
			assert.True(t, read.Strange)
			assert.Zero(t, read.Paged)
			assert.Equal(t, read.ByColumn, read.FromPages)
			assert.NotEmpty(t, read.FromPages)
		})
	}
}

func FuzzPageOfATable(f *testing.F) {
	path, _ := paged(f, 2_000)
	file, err := os.ReadFile(path)
	require.NoError(f, err)
	for n := 1; n < 40; n++ {
		f.Add(file[n*4096 : (n+1)*4096])
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		rows, err := store.ReadPage(page)
		if err == nil {
			assert.LessOrEqual(t, rows, len(page))
		}
	})
}
