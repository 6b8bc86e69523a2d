package store_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func TestNothingIsShownOrDecidedWhileARebuildIsUnfinished(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	open := storetest.Review(t, db, storetest.WithMatches(1))
	file, err := db.ReviewFile(t.Context(), open)
	require.NoError(t, err)

	ctx, cut := context.WithCancel(t.Context())
	require.Error(t, db.Rebuild(ctx, storetest.Read, func(int, int) { cut() }))

	for name, try := range map[string]func() error{
		"health": func() error { return db.Health(t.Context()) },
		"queue": func() error {
			_, err := db.Queue(t.Context(), review.QueueQuery{})
			return err
		},
		"review": func() error {
			_, err := db.ReviewFile(t.Context(), open)
			return err
		},
		"transaction": func() error {
			_, err := db.TransactionFile(t.Context(), file.Review.Transaction)
			return err
		},
		"resource": func() error {
			_, err := db.ResourceFile(t.Context(), review.Ref{Type: "transaction", ID: string(file.Review.Transaction)})
			return err
		},
		"decisions": func() error {
			_, _, _, err := db.Decisions(t.Context(), store.DecisionQuery{})
			return err
		},
		"export": func() error {
			return db.EachDecision(t.Context(), store.DecisionQuery{}, func(store.DecisionRow) error { return nil })
		},
		"next": func() error {
			_, err := db.Next(t.Context(), anna)
			return err
		},
		"claim": func() error {
			_, err := db.Claim(t.Context(), open, anna, false)
			return err
		},
	} {
		assert.ErrorIs(t, try(), store.ErrRebuilding, name)
	}

	require.NoError(t, db.Rebuild(t.Context(), storetest.Read, nil))
	require.NoError(t, db.Health(t.Context()))
	next, err := db.Next(t.Context(), anna)
	require.NoError(t, err)
	assert.Equal(t, open, next)
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}
