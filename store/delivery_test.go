package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store/storetest"
)

func TestDeliveriesAreListedNewestFirstPageByPageAndByState(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	for i := range 9 {
		clock.Advance(time.Minute)
		raw := fmt.Sprintf(`[{"type":"account","id":"act_%d","at":%d,"facts":{}}]`, i, i)
		if i%3 == 1 {
			raw = fmt.Sprintf("not JSON %d", i)
		}
		deliver(t, db, receipt(fmt.Sprintf("evt_%d", i), raw))
		if i%3 != 2 {
			_, err := db.Absorb(t.Context(), []review.Reading{storetest.Read([]byte(raw))})
			require.NoError(t, err)
		}
	}
	pages := func(state review.DeliveryState) []string {
		var events []string
		q := review.DeliveryQuery{State: state, Limit: 2}
		for {
			found, next, err := db.Deliveries(t.Context(), q)
			require.NoError(t, err)
			for _, d := range found {
				events = append(events, d.Event)
			}
			if next == "" {
				return events
			}
			assert.Len(t, found, 2)
			q.After = next
		}
	}
	assert.Equal(t, []string{"evt_8", "evt_7", "evt_6", "evt_5", "evt_4", "evt_3", "evt_2", "evt_1", "evt_0"}, pages(""))
	assert.Equal(t, []string{"evt_6", "evt_3", "evt_0"}, pages(review.DeliveryAbsorbed))
	assert.Equal(t, []string{"evt_7", "evt_4", "evt_1"}, pages(review.DeliveryQuarantined))
	assert.Equal(t, []string{"evt_8", "evt_5", "evt_2"}, pages(review.DeliveryKept))
	for _, q := range []review.DeliveryQuery{{After: "x"}, {State: "lost"}} {
		_, _, err := db.Deliveries(t.Context(), q)
		require.ErrorIs(t, err, review.ErrNotFound)
	}
}

func TestWhatLiesInQuarantineCanBeReadAgain(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	storetest.Colleague(t, db, review.RoleLead)
	raw := []byte("of a shape to come")
	for _, role := range []review.Role{review.RoleReviewer, review.RoleAuditor} {
		require.ErrorIs(t, db.Requeue(t.Context(), review.Sum(raw), storetest.Colleague(t, db, role)), review.ErrForbidden)
	}
	deliver(t, db, receipt("evt_1", string(raw)))
	require.ErrorIs(t, db.Requeue(t.Context(), review.Sum(raw), "lead"), review.ErrConflict, "it does not lie there")
	_, err := db.Absorb(t.Context(), []review.Reading{storetest.Read(raw)})
	require.NoError(t, err)
	assert.Equal(t, "not a list of states", deliveries(t, db, review.DeliveryQuery{})[0].Problem)

	require.NoError(t, db.Requeue(t.Context(), review.Sum(raw), "lead"))
	d := deliveries(t, db, review.DeliveryQuery{})[0]
	assert.Equal(t, review.DeliveryKept, d.State)
	assert.Empty(t, d.Problem)
	unread, err := db.Unread(t.Context(), 10)
	require.NoError(t, err)
	assert.Equal(t, []review.Hash{review.Sum(raw)}, unread)
	_, err = db.Absorb(t.Context(), []review.Reading{{Hash: review.Sum(raw), ReadAs: "a later reader"}})
	require.NoError(t, err)
	assert.Equal(t, review.DeliveryAbsorbed, deliveries(t, db, review.DeliveryQuery{})[0].State)
	require.ErrorIs(t, db.Requeue(t.Context(), review.Hash{1}, "lead"), review.ErrNotFound)
}
