package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store/storetest"
)

// Whom a transaction that nobody reviews is about is the same whatever came first: what ties it to an
// account, or itself; and whether it ever waited for an inquiry.
func TestWhomAPlainTransactionIsAboutIsTheSameWhateverCameFirst(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]func(at time.Time) [][]storetest.State{
		"the account tells of it later": func(at time.Time) [][]storetest.State {
			return [][]storetest.State{
				{storetest.Transaction("txn_1", "approved", at)},
				{storetest.Resource("account", "act_1", at).Link("transactions", review.Ref{Type: "transaction", ID: "txn_1"})},
			}
		},
		"it waited for an inquiry": func(at time.Time) [][]storetest.State {
			txn := storetest.Transaction("txn_1", "pending_fallback_inquiry", at).Fact("reference", "ref-1").
				Link("inquiry", review.Ref{Type: "inquiry", ID: "inq_1"})
			return [][]storetest.State{
				{txn, storetest.Resource("inquiry", "inq_1", at).Link("account", review.Ref{Type: "account", ID: "act_1"}), storetest.Resource("account", "act_1", at)},
				{storetest.Transaction("txn_1", "approved", at.Add(time.Hour)).Fact("reference", "ref-1")},
			}
		},
	} {
		db := storetest.Open(t)
		at := storetest.NewClock().Now().Add(-24 * time.Hour)
		for _, states := range script(at) {
			storetest.Import(t, db, storetest.Payload(states...))
		}
		problems, err := db.Check(t.Context())
		require.NoError(t, err)
		require.Empty(t, problems, name)
	}
}
