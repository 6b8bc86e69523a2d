package store_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store/storetest"
)

// Every string of a payload may mean harm; the store keeps each as it is and finds it again.
func TestHostileTextIsKeptAsItIs(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"a\x00b", "\x00", "", " ", `"`, `'`, `\`, "\u202e", "\u200b\ufeff", "\U000e0041", "\u2028", "x\r\ny", "%00", "../..", "<script>", "{}", "[1]", "null",
		"-1", "1e400", strings.Repeat("x", 10_000), strings.Repeat("e\u0301", 1_000), "\ufffd", "report/", "/", "a/b/c", "transaction", "NEAR(", "=1+1",
	} {
		path := filepath.Join(t.TempDir(), "docket.db")
		db := storetest.OpenFile(t, path)
		kind, id := "thing"+s, "id"+s
		txn := storetest.Transaction("txn"+s, "needs_review", at(1)).Fact("subject", "Ines "+s).Fact("reference", s).Fact("country", s).
			Fact("tags", []string{s, s + "1"}).Fact(s, s).Fact("fallback", s).Link(s, ref(kind, id)).Link("report", ref("report/watchlist", id))
		payloads := [][]byte{
			storetest.Payload(txn, storetest.Report(id, at(1), s, s+"2").Fact(s, s)),
			storetest.Payload(storetest.Resource(kind, id, at(2)).Fact(s, s).Link(s, ref("transaction", "txn"+s))),
			storetest.Payload(storetest.Transaction("txn2"+s, "pending_fallback_inquiry", at(1)).Fact("tags", []string{s}).Link(s, ref(kind, id))),
			storetest.Payload(storetest.Transaction("txn3"+s, s, at(1))),
		}
		for _, p := range payloads {
			storetest.Import(t, db, p)
		}
		page, err := db.Queue(t.Context(), review.QueueQuery{Search: "ines"})
		require.NoError(t, err, "%q", s)
		require.Len(t, page.Rows, 1, "%q", s)
		assert.Equal(t, review.TransactionID("txn"+s), page.Rows[0].Transaction)
		f := mustFile(t, db, page.Rows[0].Review)
		assert.Equal(t, s, f.Dossier.Transaction.ReferenceID.Value)
		assert.Len(t, f.Dossier.OpenMatches(), 2)
		r, err := db.ResourceFile(t.Context(), ref(kind, id))
		require.NoError(t, err, "%q", s)
		assert.NotEmpty(t, r.Captured.Layers)
		found, _, _, err := db.Find(t.Context(), "txn"+s)
		require.NoError(t, err)
		assert.Equal(t, "transaction", found)
		filters, err := db.QueueFilters(t.Context(), review.TabAll)
		require.NoError(t, err)
		for _, o := range filters.Tags {
			rows := allRows(t, db, review.QueueQuery{Tab: review.TabAll, Tag: o.Value, Limit: 10})
			if o.Value != "" {
				assert.Len(t, rows, o.N, "%q", o.Value)
			}
		}
		anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
		decided(t, db, page.Rows[0].Review, anna, review.Approve)
		_, err = db.AsSeen(t.Context(), f.Review.Evidence)
		require.NoError(t, err)

		before := dump(t, path)
		for _, p := range payloads {
			assert.Zero(t, storetest.Import(t, db, p), "%q", s)
		}
		require.NoError(t, db.Rebuild(t.Context(), storetest.Read, nil))
		assert.Equal(t, before, dump(t, path), "%q", s)
		problems, err := db.Check(t.Context())
		require.NoError(t, err)
		assert.Empty(t, problems, "%q", s)
	}
}
