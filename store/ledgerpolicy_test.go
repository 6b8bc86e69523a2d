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

// newBook is a file whose policy has versions in every state, and the entries that told of them:
// version 1 came with docket, 2 replaced it, 3 was withdrawn, 4 waits.
func newBook(t *testing.T) (c *chronicle, enacted, withdrawn, proposed review.EntryID) {
	t.Helper()
	c = &chronicle{path: filepath.Join(t.TempDir(), "docket.db")}
	clock := storetest.NewClock()
	db, err := store.Open(t.Context(), c.path, options(withKey(&c.key), func(o *store.Options) { o.Clock = clock.Now }))
	require.NoError(t, err)
	maker, second := storetest.Colleague(t, db, review.RoleAdmin), storetest.Colleague(t, db, review.RoleAdmin, "second")
	p := shorter(t, db)
	next := func(note string) review.PolicyVersion {
		clock.Advance(time.Minute)
		p.Times.Target += 60
		v, err := db.ProposePolicy(t.Context(), maker, p, note)
		require.NoError(t, err)
		clock.Advance(time.Minute)
		return v
	}
	newest := func() review.EntryID {
		n, err := db.LedgerSize(t.Context())
		require.NoError(t, err)
		return review.EntryID(n)
	}
	v := next("The regulator asks.")
	require.NoError(t, db.EnactPolicy(t.Context(), v, second, p.Digest()))
	p.Version, enacted = v, newest()
	v = next("Too long after all.")
	require.NoError(t, db.WithdrawPolicy(t.Context(), v, second))
	withdrawn = newest()
	next("Now really.")
	proposed = newest()
	c.public = db.LedgerPublic()
	require.NoError(t, db.Close())
	return c, enacted, withdrawn, proposed
}

func TestEveryColumnOfThePolicyIsHeldAgainstTheTrail(t *testing.T) {
	t.Parallel()
	c, enacted, withdrawn, proposed := newBook(t)
	require.Nil(t, c.verify(t, c.path).Break)
	for column, try := range map[string]struct {
		version, set string
		entry        review.EntryID
		why          string
	}{
		"document":            {"2", `document = document || ' '`, enacted, "is not the document"},
		"digest":              {"2", `digest = randomblob(32)`, enacted, "is not the document"},
		"proposed_by":         {"2", `proposed_by = 'second'`, enacted - 1, "proposed_by of version 2"},
		"proposed_by of none": {"1", `proposed_by = 'second'`, 1, "proposed_by of version 1"},
		"proposed_at":         {"2", `proposed_at = proposed_at - 1`, enacted - 1, "proposed_at of version 2"},
		"note":                {"2", `note = 'The regulator does not ask.'`, enacted - 1, "note of version 2"},
		"note of the first":   {"1", `note = 'Ours.'`, 1, "note of version 1"},
		"agreed_by":           {"2", `agreed_by = 'admin'`, enacted, "agreed_by of version 2"},
		"agreed_at":           {"2", `agreed_at = agreed_at - 60000`, enacted, "agreed_at of version 2"},
		"agreed_at of none":   {"4", `agreed_at = 1`, proposed, "agreed_at that was never recorded"},
		"agreed_by of none":   {"3", `agreed_by = 'admin'`, withdrawn, "agreed_by that was never recorded"},
		"withdrawn_by":        {"3", `withdrawn_by = 'admin'`, withdrawn, "withdrawn_by of version 3"},
		"withdrawn_at":        {"3", `withdrawn_at = withdrawn_at + 1`, withdrawn, "withdrawn_at of version 3"},
		"withdrawn of none":   {"4", `withdrawn_by = 'second'`, proposed, "withdrawn_by that was never recorded"},
		"state":               {"1", `state = 'withdrawn'`, enacted, "state of version 1"},
		"state of a proposal": {"4", `state = 'withdrawn'`, proposed, "state of version 4"},
		"version":             {"3", `version = 9`, withdrawn, "version 3 of the policy is gone"},
	} {
		t.Run(column, func(t *testing.T) {
			t.Parallel()
			report := c.verify(t, c.harmed(t, fmt.Sprintf(`UPDATE policy SET %s WHERE version = %s`, try.set, try.version)))
			require.NotNil(t, report.Break)
			assert.Equal(t, try.entry, report.Break.Entry, report.Break.Why)
			assert.Contains(t, report.Break.Why, try.why)
		})
	}
	report := c.verify(t, c.harmed(t, `INSERT INTO policy SELECT 5, document, digest, 'withdrawn', proposed_by, proposed_at, note, NULL, NULL, 'second', 5 FROM policy WHERE version = 3`))
	require.NotNil(t, report.Break)
	assert.Equal(t, "version 5 of the policy is there, and no entry tells of it", report.Break.Why)
	report = c.verify(t, c.harmed(t, `DELETE FROM policy WHERE version = 3`))
	require.NotNil(t, report.Break)
	assert.Equal(t, withdrawn, report.Break.Entry)
}

// What stands on pages about a version is the row's; docket check says so too, and the tail that a
// server looks at finds what was done to the rows that it tells of.
func TestAnEditOfThePolicyIsFoundByCheckAndInTheTail(t *testing.T) {
	t.Parallel()
	c, _, _, proposed := newBook(t)
	db, err := store.Open(t.Context(), c.harmed(t, `UPDATE policy SET note = 'Never mind.' WHERE version = 4`), options(withKey(&c.key)))
	require.NoError(t, err)
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0], fmt.Sprintf("the ledger does not prove from entry %d: the note of version 4 of the policy", proposed))
	require.NoError(t, db.Close())

	db, err = store.Open(t.Context(), c.path, options(withKey(&c.key)))
	require.NoError(t, err)
	require.NoError(t, db.VerifyTail(t.Context(), c.public))
	require.NoError(t, db.WithdrawPolicy(t.Context(), 4, "second"))
	require.NoError(t, db.VerifyTail(t.Context(), c.public))
	size, _, broken := db.LedgerWhole()
	assert.Nil(t, broken, "the tail knows nothing of what came before it, and asks for nothing of it")
	assert.Equal(t, int64(proposed)+1, size)

	v, err := db.ProposePolicy(t.Context(), "admin", shorter(t, db), "Once more.")
	require.NoError(t, err)
	raw, err := sql.Open("sqlite", "file:"+c.path)
	require.NoError(t, err)
	_, err = raw.Exec(`DROP TRIGGER policy_holds`)
	require.NoError(t, err)
	_, err = raw.Exec(`UPDATE policy SET proposed_by = 'second' WHERE version = ?`, v)
	require.NoError(t, err)
	require.NoError(t, raw.Close())
	require.NoError(t, db.VerifyTail(t.Context(), c.public))
	_, _, broken = db.LedgerWhole()
	require.NotNil(t, broken)
	assert.Equal(t, proposed+2, broken.Entry)
	require.NoError(t, db.Close())
}
