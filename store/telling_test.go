package store_test

import (
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func TestOnlyAdminsChangeWhatPersonaIsTold(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	admin := storetest.Colleague(t, db, review.RoleAdmin)
	lead := storetest.Colleague(t, db, review.RoleLead)
	now, err := db.Telling(t.Context())
	require.NoError(t, err)
	assert.Equal(t, review.Telling{}, now, "everything is off at first")

	want := review.Telling{Status: true, Matches: true, Types: []review.TypeTelling{{Approved: "approved", Declined: "declined"}, {Type: "txntp_1", Approved: "Ok", ReasonField: "reason"}}}
	require.ErrorIs(t, db.SetTelling(t.Context(), want, lead), review.ErrForbidden)
	var inv *review.Invalid
	require.ErrorAs(t, db.SetTelling(t.Context(), review.Telling{Status: true}, admin), &inv)
	require.NoError(t, db.SetTelling(t.Context(), want, admin))
	require.NoError(t, db.SetTelling(t.Context(), want, admin), "the same again")
	now, err = db.Telling(t.Context())
	require.NoError(t, err)
	assert.Equal(t, want, now)
	want.Matches, want.CaseApproved, want.Types = false, "Resolved", want.Types[1:]
	require.NoError(t, db.SetTelling(t.Context(), want, admin))

	assert.Equal(t, []string{
		`admin: status on; findings on; approved of every other type: "approved", was ""; declined of every other type: "declined", was ""; ` +
			`approved of txntp_1: "Ok", was ""; field for the reason of txntp_1: "reason", was ""`,
		`admin: findings off; case approved: "Resolved", was ""; approved of every other type: "", was "approved"; ` +
			`declined of every other type: "", was "declined"`,
	}, loose(t, path, review.ActTelling))
}

func TestOfManyAdminsWhoSawTheSameOneWins(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	admin := storetest.Colleague(t, db, review.RoleAdmin)
	seen := review.Telling{Matches: true, Types: []review.TypeTelling{{Approved: "approved"}}}
	require.NoError(t, db.SetTelling(t.Context(), seen, admin))
	const many = 8
	met := make([]error, many)
	var wait sync.WaitGroup
	for i := range many {
		wait.Go(func() {
			wants := seen
			wants.CaseApproved, wants.CaseDeclined, wants.Case = "Yes "+strconv.Itoa(i), "No", true
			met[i] = db.ReplaceTelling(t.Context(), seen, wants, admin)
		})
	}
	wait.Wait()
	won := 0
	for i, err := range met {
		if err != nil {
			require.ErrorIs(t, err, review.ErrConflict)
			continue
		}
		won++
		now, err := db.Telling(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "Yes "+strconv.Itoa(i), now.CaseApproved)
	}
	assert.Equal(t, 1, won)
	assert.Len(t, loose(t, path, review.ActTelling), 2)
}

// loose reads the entries of an act that are about no review, with who did it.
func loose(t *testing.T, path string, act review.Act) (lines []string) {
	t.Helper()
	rows, err := raw(t, path).Query(`SELECT ifnull(by_, '') || ': ' || status FROM entry WHERE review IS NULL AND act = ? ORDER BY id`, act)
	require.NoError(t, err)
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		lines = append(lines, line)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, rows.Close())
	return lines
}

func TestDecisionsAreToldAsTheSettingStandsThen(t *testing.T) {
	t.Parallel()
	var asked []review.Telling
	var found []review.Disposition
	db := storetest.Open(t, func(o *store.Options) {
		o.Pushes = func(tt review.Telling, _ review.Review, _ review.Decision, _ review.Dossier, f []review.Disposition) []review.Push {
			asked, found = append(asked, tt), f
			return nil
		}
	})
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	decided(t, db, storetest.Review(t, db), anna, review.Approve)
	on := review.Telling{Inquiry: true}
	require.NoError(t, db.SetTelling(t.Context(), on, ""))
	decided(t, db, storetest.Review(t, db, func(c *storetest.Case) { c.ID = "txn_2" }), anna, review.Approve)
	assert.Equal(t, []review.Telling{{}, on}, asked)
	require.Len(t, found, 1)
	assert.Equal(t, review.FalsePositive, found[0].Finding)
}
