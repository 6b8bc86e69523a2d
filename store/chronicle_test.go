package store_test

import (
	"crypto/rand"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// withKey gives a store a key of its own for its ledger.
func withKey(keep *string) func(*store.Options) {
	return func(o *store.Options) {
		o.LedgerKey = func(origin string) (*review.LedgerKey, error) {
			if *keep == "" {
				private, err := review.NewLedgerKey(rand.Reader, origin)
				if err != nil {
					return nil, err
				}
				*keep = private
			}
			return review.ParseLedgerKey(*keep)
		}
	}
}

// chronicle is a file with a ledger that has everything in it.
type chronicle struct {
	path    string
	key     string
	public  review.LedgerPublic
	size    int64
	found   review.EntryID // an entry with dispositions and premises
	decided review.EntryID // one with a decision that needs a second person
	agreed  review.EntryID // one with the approval
	point   review.SignedCheckpoint
}

func newChronicle(t *testing.T) *chronicle {
	t.Helper()
	c := &chronicle{path: filepath.Join(t.TempDir(), "docket.db")}
	db, err := store.Open(t.Context(), c.path, options(withKey(&c.key)))
	require.NoError(t, err)
	d := &judging{t: t, path: c.path, db: db, anna: storetest.Colleague(t, db, review.RoleReviewer, "anna")}
	d.id = storetest.Review(t, db, storetest.WithMatches(3), storetest.WithBirths("1970-01-31", map[string]string{"a": "1961-05-06", "b": "1970-01-31"}))
	storetest.Claimed(t, db, d.id, d.anna)
	c.found = d.dispose(d.apart(d.key("a")))[0].Entry
	unsure := storetest.Finding(review.CannotTell, d.file().Review.Evidence.String(), d.key("b"), d.key("c"))
	unsure.Missing = []review.Fact{review.FactOther}
	d.dispose(unsure)
	_, err = db.AddNote(t.Context(), d.id, d.anna, "Asked <again>.\n")
	require.NoError(t, err)
	_, err = db.Checkpoint(t.Context(), review.CheckpointTime)
	require.NoError(t, err)
	made, err := db.Decide(t.Context(), d.id, d.anna, review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: "It may be them.",
		Evidence: d.file().Review.Evidence.String()})
	require.NoError(t, err)
	require.True(t, made.Second)
	c.decided = made.Entry
	storetest.Agreed(t, db, d.id)
	c.agreed = d.file().Entries[0].ID
	c.point, err = db.Checkpoint(t.Context(), review.CheckpointAsked)
	require.NoError(t, err)
	c.size, c.public = c.point.Size, db.LedgerPublic()
	require.NoError(t, db.Close())
	return c
}

func options(edits ...func(*store.Options)) store.Options {
	o := store.Options{Clock: storetest.NewClock().Now, Hydrate: storetest.Hydrate}
	for _, e := range edits {
		e(&o)
	}
	return o
}

// harmed is a copy of the file with some SQL run on it by somebody who knows SQLite.
func (c *chronicle) harmed(t *testing.T, harm ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "harmed.db")
	b, err := os.ReadFile(c.path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, b, 0o600))
	db, err := sql.Open("sqlite", "file:"+path)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	for _, s := range append(append([]string{`PRAGMA foreign_keys = off`, `PRAGMA ignore_check_constraints = on`}, dropped(t, db)...), harm...) {
		_, err := db.Exec(s)
		require.NoError(t, err, s)
	}
	require.NoError(t, db.Close())
	return path
}

// dropped are the statements that drop what keeps rows as they are.
func dropped(t *testing.T, db *sql.DB) []string {
	t.Helper()
	rows, err := db.Query(`SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'`)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var s string
		require.NoError(t, rows.Scan(&s))
		all = append(all, s)
	}
	require.NoError(t, rows.Err())
	return all
}

func (c *chronicle) verify(t *testing.T, path string, kept ...review.Checkpoint) review.LedgerReport {
	t.Helper()
	db, err := store.Open(t.Context(), path, options())
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	report, err := db.VerifyLedger(t.Context(), store.LedgerCheck{Key: c.public, Checkpoints: kept})
	require.NoError(t, err)
	inPacks, err := db.VerifyInPacks(t.Context(), store.LedgerCheck{Key: c.public, Checkpoints: kept})
	require.NoError(t, err)
	assert.Equal(t, inPacks, report, "however it is read")
	return report
}
