package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func intake(t *testing.T, db *store.DB) review.Intake {
	t.Helper()
	in, err := db.Intake(t.Context())
	require.NoError(t, err)
	return in
}

func TestIntakeCountsByTheHour(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock() // on the hour
	db := storetest.Open(t, storetest.WithClock(clock))
	in := intake(t, db)
	assert.Zero(t, in.LastAt)
	assert.Zero(t, in.Quiet)
	assert.False(t, in.IsLate())
	require.Len(t, in.Hours, 48)
	assert.Equal(t, review.HourCount{Hour: storetest.Start}, in.Hours[47])
	assert.Equal(t, review.HourCount{Hour: storetest.Start.Add(-47 * time.Hour)}, in.Hours[0])

	deliver(t, db, receipt("evt_1", "one"))
	clock.Advance(59 * time.Minute)
	deliver(t, db, receipt("evt_2", "two"))
	deliver(t, db, receipt("evt_1", "one"))
	clock.Advance(time.Minute)
	deliver(t, db, receipt("evt_1", "another one"))
	clock.Advance(90 * time.Minute)
	_, err := db.Absorb(t.Context(), []review.Reading{{Hash: review.Sum([]byte("two")), ReadAs: "text", Refused: "not JSON"}})
	require.NoError(t, err)
	_, err = db.Keep(t.Context(), []review.Arrival{{Bytes: []byte("imported"), Source: "import"}})
	require.NoError(t, err)

	in = intake(t, db)
	assert.Equal(t, storetest.Start.Add(time.Hour), in.LastAt)
	assert.Equal(t, 90*time.Minute, in.Quiet)
	assert.Zero(t, in.Usual, "three receipts say nothing of what is usual")
	assert.Equal(t, []review.HourCount{
		{Hour: storetest.Start, Deliveries: 2, Repeats: 1, Quarantined: 1},
		{Hour: storetest.Start.Add(time.Hour), Deliveries: 1, Quarantined: 1},
		{Hour: storetest.Start.Add(2 * time.Hour)},
	}, in.Hours[45:])
	assert.Equal(t, 2, in.Unread, "the first delivery and the import")
	assert.Equal(t, 2, in.Quarantined)
}

func TestAQuietThatIsLongerThanUsualIsLate(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	for i := range 20 {
		deliver(t, db, receipt(fmt.Sprintf("evt_%d", i), fmt.Sprint(i)))
		clock.Advance(time.Minute)
	}
	assert.Equal(t, 15*time.Minute, intake(t, db).Usual, "a few minutes are never worth a word")
	clock.Advance(119 * time.Minute)
	assert.True(t, intake(t, db).IsLate())
	deliver(t, db, receipt("evt_0", "0"))
	assert.Equal(t, 3*time.Hour, intake(t, db).Usual, "1.5 times the longest")
	clock.Advance(3 * time.Hour)
	assert.False(t, intake(t, db).IsLate())
	clock.Advance(time.Second)
	assert.True(t, intake(t, db).IsLate())

	clock.Advance(30 * 24 * time.Hour)
	assert.True(t, intake(t, db).IsLate(), "an outage stays late however long it lasts")
	deliver(t, db, receipt("evt_0", "0"))
	assert.Zero(t, intake(t, db).Usual, "what was a week before says nothing")
}

func TestIntakeSaysWhatWaitsAndWhatTheLastSyncFound(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	assert.Zero(t, intake(t, db).Synced)
	synced := review.Synced{At: storetest.Start, Since: storetest.Start.Add(-time.Hour), Events: 9, Missed: 2, Transactions: 1, Problem: "cut short"}
	require.NoError(t, db.SetSynced(t.Context(), review.Synced{Events: 1}))
	require.NoError(t, db.SetSynced(t.Context(), synced))
	_, err := db.Want(t.Context(), []review.Errand{errand("rep_1", "a"), errand("rep_2", "a"), errand("rep_3", "a")})
	require.NoError(t, err)
	require.NoError(t, db.ErrandDone(t.Context(), 1))
	require.NoError(t, db.ErrandFailed(t.Context(), 2, "no"))
	in := intake(t, db)
	assert.Equal(t, synced, in.Synced)
	assert.Equal(t, review.ErrandCounts{Waiting: 1, Done: 1, Failed: 1}, in.Errands)
	assert.Zero(t, in.Pushes)
}

func TestIntakeSaysWhichSecretSignedLately(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	assert.Empty(t, intake(t, db).Signers)
	sign := func(secret, event string) {
		t.Helper()
		r := receipt(event, event)
		r.Secret = secret
		deliver(t, db, r)
	}
	both := []string{"newer", "older"}
	sign("older", "evt_1")
	clock.Advance(time.Hour)
	sign("newer", "evt_2")
	clock.Advance(24 * time.Hour)
	sign("older", "evt_1") // a repeat
	in := intake(t, db)
	since := storetest.Start.Add(time.Hour)
	assert.Equal(t, []review.Signer{{Secret: "newer", Since: since, LastAt: since},
		{Secret: "older", Since: storetest.Start, LastAt: since.Add(24 * time.Hour)}}, in.Signers)
	assert.Empty(t, in.Outlived(both), "a day beside each other is a rotation")
	clock.Advance(time.Second)
	sign("older", "evt_3")
	sign("newer", "evt_4")
	in = intake(t, db)
	assert.Equal(t, []review.Signer{in.Signer("older")}, in.Outlived(both))
	assert.Empty(t, in.Outlived([]string{"newer"}), "one that is no longer set up signs nothing")
	assert.Empty(t, in.Outlived([]string{"never used", "older"}), "nothing newer is in use")
	assert.Len(t, in.Outlived([]string{"never used", "newer", "older"}), 1)
}
