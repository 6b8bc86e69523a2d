package persona_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/store/storetest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"
)

// spoil changes a store behind its back.
func spoil(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), statement)
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

func TestAPayloadThatCannotBeTakenInDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil       string
		fails       bool
		quarantined int
	}{
		"what the store refuses is set aside": {
			spoil:       `CREATE TRIGGER poison BEFORE INSERT ON resource WHEN new.rid = 'txn_1' BEGIN SELECT raise(ABORT, 'no'); END`,
			quarantined: 1},
		"what is damaged stays where it is": {
			spoil: `UPDATE payload_body SET body = x'28b52ffd0401' WHERE id = (SELECT body FROM payload ORDER BY id LIMIT 1 OFFSET 1)`,
			fails: true},
	} {
		path := filepath.Join(t.TempDir(), "docket.db")
		clock := storetest.NewClock()
		db := storetest.OpenFile(t, path, storetest.WithClock(clock), func(o *store.Options) { o.Hydrate, o.Read = persona.Hydrate, persona.Read })
		for i := range 4 {
			body := fmt.Appendf(nil, `{"data":{"type":"transaction","id":"txn_%d","attributes":{"status":"needs_review","created-at":"2026-06-18T08:00:00Z"}}}`, i)
			_, err := db.Deliver(t.Context(), review.Receipt{Bytes: body, Secret: "0badcafe", Attempt: 1})
			require.NoError(t, err)
		}
		spoil(t, path, c.spoil)
		live := persona.NewLive(persona.LiveOptions{DB: db, Clock: clock.Now})
		err := live.Drain(t.Context())
		assert.Equal(t, c.fails, err != nil, "%s: %v", name, err)
		for i := range 4 {
			_, err := db.TransactionFile(t.Context(), review.TransactionID(fmt.Sprint("txn_", i)))
			if i == 1 {
				assert.ErrorIs(t, err, review.ErrNotFound, name)
			} else {
				assert.NoError(t, err, name)
			}
		}
		in, err := db.Intake(t.Context())
		require.NoError(t, err)
		assert.Equal(t, c.quarantined, in.Quarantined, name)
	}
}

func TestWhenTheStoreTakesNothingInNothingIsSetAside(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path, func(o *store.Options) { o.Hydrate, o.Read = persona.Hydrate, persona.Read })
	for i := range 3 {
		_, err := db.Deliver(t.Context(), review.Receipt{Bytes: fmt.Appendf(nil, `{"data":{"type":"transaction","id":"txn_%d","attributes":{"status":"created"}}}`, i)})
		require.NoError(t, err)
	}
	spoil(t, path, `CREATE TRIGGER poison BEFORE INSERT ON resource BEGIN SELECT raise(ABORT, 'no'); END`)
	live := persona.NewLive(persona.LiveOptions{DB: db})
	require.Error(t, live.Drain(t.Context()))
	in, err := db.Intake(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 3, in.Unread)
	spoil(t, path, `DROP TRIGGER poison`)
	require.NoError(t, live.Drain(t.Context()))
	in, err = db.Intake(t.Context())
	require.NoError(t, err)
	assert.Zero(t, in.Unread)
	assert.Zero(t, in.Quarantined)
}
