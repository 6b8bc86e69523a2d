package store_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func TestPayloadsAreKeptByteForByte(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	received := storetest.Start.Add(-time.Hour)
	raw := []byte(" {\"a\": \"\xff\x00é\"}\r\n")
	arrivals := []review.Arrival{
		{Bytes: raw, Source: "webhook", About: "/hooks/persona", ReceivedAt: received},
		{Bytes: []byte{}, Source: "import", About: "empty.json"},
		{Bytes: raw, Source: "import", About: "again"},
	}
	kept, err := db.Keep(t.Context(), arrivals)
	require.NoError(t, err)
	assert.Equal(t, []store.Kept{{Hash: review.Sum(raw), New: true, Row: 1}, {Hash: review.Sum(nil), New: true, Row: 2}, {Hash: review.Sum(raw)}}, kept)
	p, body, err := db.Payload(t.Context(), kept[0].Hash)
	require.NoError(t, err)
	assert.Equal(t, raw, body)
	assert.Equal(t, review.Payload{Hash: kept[0].Hash, Source: "webhook", About: "/hooks/persona", ReceivedAt: received, Bytes: int64(len(raw))}, p)
	p, body, err = db.Payload(t.Context(), kept[1].Hash)
	require.NoError(t, err)
	assert.Empty(t, body)
	assert.Equal(t, storetest.Start, p.ReceivedAt, "else the store's clock")
	_, _, err = db.Payload(t.Context(), review.Hash{7})
	require.ErrorIs(t, err, review.ErrNotFound)

	unread, err := db.Unread(t.Context(), 10)
	require.NoError(t, err)
	assert.Equal(t, []review.Hash{kept[0].Hash, kept[1].Hash}, unread, "what a crash leaves over is found again")
	got, err := db.Absorb(t.Context(), []review.Reading{{Hash: kept[0].Hash, ReadAs: "text", Refused: "not JSON at byte 1"}, {Hash: kept[1].Hash, ReadAs: "nothing"}})
	require.NoError(t, err)
	assert.Equal(t, store.Absorbed{Quarantined: 1}, got)
	unread, err = db.Unread(t.Context(), 10)
	require.NoError(t, err)
	assert.Empty(t, unread)
	kept, err = db.Keep(t.Context(), arrivals)
	require.NoError(t, err)
	assert.Equal(t, "not JSON at byte 1", kept[0].Quarantine)
	assert.True(t, kept[1].Absorbed)
	lying, _, err := db.Quarantined(t.Context(), "", 10)
	require.NoError(t, err)
	require.Len(t, lying, 1)
	assert.Equal(t, "not JSON at byte 1", lying[0].Quarantine)

	_, err = db.Absorb(t.Context(), []review.Reading{{Hash: review.Hash{9}}})
	require.ErrorIs(t, err, review.ErrNotFound, "what was never kept cannot be absorbed")
}

func TestCheckFindsDamage(t *testing.T) {
	t.Parallel()
	for harm, want := range map[string]string{
		`UPDATE payload_body SET body = x'28b52ffd0401' WHERE id = 1`:                              "its bytes do not have its digest",
		`UPDATE payload_body SET body = (SELECT body FROM payload_body WHERE id = 2) WHERE id = 1`: "payload ",
		`DELETE FROM payload_body WHERE id = 2`:                                                    "payload without bytes",
		`UPDATE pack SET body = x'00' WHERE id = 1`:                                                "snapshot ",
		`UPDATE snapshot SET at = at + 1 WHERE id = 1`:                                             "stands elsewhere",
		`UPDATE snapshot SET start = 1 WHERE id = 1`:                                               "snapshot ",
		`DELETE FROM pack`:                                                      "snapshot without bytes",
		`UPDATE snapshot SET speaks = 0`:                                        "does not speak",
		`DELETE FROM snapshot WHERE id = 1`:                                     "sighting of no snapshot",
		`UPDATE counter SET n = n + 1 WHERE facet = ''`:                         "counter of a state",
		`DELETE FROM counter WHERE facet = 'country'`:                           "facet without its counter",
		`UPDATE age SET n = 9`:                                                  "hour of opening",
		`UPDATE queue SET state = 'closed' WHERE id = 1`:                        "says otherwise",
		`DELETE FROM queue WHERE id = 1`:                                        "says otherwise",
		`DELETE FROM search WHERE rowid = (SELECT min(id) FROM search_docsize)`: "search does not know",
		`UPDATE review SET opened_at = 5 WHERE id = 1`:                          "do not follow",
		`INSERT INTO setting VALUES ('rebuilding', '1')`:                        "cut short",
		`UPDATE payload SET state = 'kept' WHERE id = 1`:                        "unread",
		`UPDATE root SET status = 'approved'`:                                   "status is not that",
		`PRAGMA foreign_keys = 0; INSERT INTO claim VALUES (1, 'x', 0, 0)`:      "names no row",
		`DROP INDEX queue_by_age; PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = replace(sql, 'calm, opened_at', 'opened_at, calm') WHERE name = 'queue_by_matches'`: "SQLite",
	} {
		path := filepath.Join(t.TempDir(), "docket.db")
		db, err := store.Open(t.Context(), path, store.Options{Hydrate: storetest.Hydrate})
		require.NoError(t, err)
		storetest.Review(t, db)
		storetest.Import(t, db, storetest.Payload(storetest.Transaction("txn_2", "needs_review", at(2)).Fact("country", "PT")))
		problems, err := db.Check(t.Context())
		require.NoError(t, err)
		require.Empty(t, problems)
		require.NoError(t, db.Close())
		_, err = raw(t, path).Exec(harm)
		require.NoError(t, err, harm)
		db, err = store.Open(t.Context(), path, store.Options{Hydrate: storetest.Hydrate})
		require.NoError(t, err, harm)
		problems, err = db.Check(t.Context())
		require.NoError(t, err, harm)
		if assert.NotEmpty(t, problems, harm) {
			found := false
			for _, p := range problems {
				found = found || strings.Contains(p, want)
			}
			assert.True(t, found, "%s: %q", harm, problems)
		}
		require.NoError(t, db.Close())
	}
}
