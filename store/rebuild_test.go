package store_test

import (
	"context"
	"fmt"
	"path/filepath"
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

func TestProjectionsOfAnotherWayOfReadingAskForARebuild(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	storetest.Review(t, db)
	require.NoError(t, storetest.OpenFile(t, path).Health(t.Context()), "opened again by the same docket")
	_, err := db.Pools()["writer"].ExecContext(t.Context(), `UPDATE setting SET value = 'docket evidence 0' WHERE name = 'reading'`)
	require.NoError(t, err)

	newer := storetest.OpenFile(t, path)
	require.ErrorIs(t, newer.Health(t.Context()), store.ErrRebuilding)
	_, err = newer.Queue(t.Context(), review.QueueQuery{})
	require.ErrorIs(t, err, store.ErrRebuilding)
	require.NoError(t, newer.Rebuild(t.Context(), storetest.Read, nil))
	require.NoError(t, newer.Health(t.Context()))
	require.NoError(t, storetest.OpenFile(t, path).Health(t.Context()))
}

func TestAChangeOfStatusesThatWasCutShortHealsWhenRunAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	var payloads [][]byte
	for i := range 501 { // more than one round
		payloads = append(payloads, storetest.Payload(storetest.Transaction(fmt.Sprintf("txn_%d", i), "escalated", storetest.Start)))
	}
	storetest.Import(t, db, payloads...)
	ctx, cut := context.WithCancel(t.Context())
	o := store.Options{Clock: storetest.NewClock().Now, Statuses: &review.Statuses{Review: []string{"escalated"}},
		Hydrate: func(b review.Bundle) review.Dossier {
			cut()
			return storetest.Hydrate(b)
		}}
	_, err := store.Open(ctx, path, o)
	require.ErrorIs(t, err, context.Canceled)

	again := storetest.OpenFile(t, path, func(p *store.Options) { p.Statuses = o.Statuses })
	page, err := again.Queue(t.Context(), review.QueueQuery{})
	require.NoError(t, err)
	assert.Equal(t, 501, page.Total.N)
}
