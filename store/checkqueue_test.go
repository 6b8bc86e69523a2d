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

func TestCheckHoldsTheQueueAgainstWhatItShows(t *testing.T) {
	t.Parallel()
	const rows, stands = "its rows do not say", "row of the queue"
	for harm, want := range map[string]string{
		`subject = 'Somebody Else'`:               rows,
		`subject_fold = 'somebody else'`:          rows,
		`subject_kind = 'business'`:               rows,
		`reference = 'cust-other'`:                rows,
		`country = 'XX'`:                          rows,
		`tags = '["x"]'`:                          rows,
		`tally = '[]'`:                            rows,
		`facets = '[]'`:                           rows,
		`matches = matches + 1`:                   rows,
		`halted_since = 1`:                        rows,
		`why = 'errored'`:                         rows,
		`status = 'approved'`:                     stands,
		`closing = 'persona'`:                     stands,
		`opening = 'matches'`:                     stands,
		`outcome = 'decline' WHERE outcome <> ''`: stands,
	} {
		path := filepath.Join(t.TempDir(), "docket.db")
		db := storetest.OpenFile(t, path)
		closedCase(t, db)
		by := storetest.Colleague(t, db, review.RoleReviewer)
		decided(t, db, storetest.Review(t, db, func(c *storetest.Case) { c.ID = "txn_2" }), by, review.Approve)
		storetest.Review(t, db, func(c *storetest.Case) { c.ID = "txn_3" })
		problems, err := db.Check(t.Context())
		require.NoError(t, err)
		require.Empty(t, problems)
		_, err = raw(t, path).Exec(`UPDATE queue SET ` + harm)
		require.NoError(t, err, harm)
		problems, err = db.Check(t.Context())
		require.NoError(t, err)
		assert.Contains(t, strings.Join(problems, "\n"), want, harm)
	}
}
