package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
)

// Sampling has two admins whom nobody else plays put a policy in force that looks at so much twice.
func Sampling(t testing.TB, db *store.DB, s review.Sampling) {
	t.Helper()
	const one, other = "policy-one", "policy-other"
	if _, err := db.Colleague(t.Context(), one); err != nil {
		Colleague(t, db, review.RoleAdmin, one)
		Colleague(t, db, review.RoleAdmin, other)
	}
	p, err := db.Policy(t.Context())
	require.NoError(t, err)
	p.Sampling = s
	version, err := db.ProposePolicy(t.Context(), one, p, "Other rates.")
	require.NoError(t, err)
	p.Version = version
	require.NoError(t, db.EnactPolicy(t.Context(), version, other, p.Digest()))
}
