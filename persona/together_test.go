package persona_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// TestADeskThatRunsServesManyTogether is for the race detector as much as for what it asserts: its stages,
// its client and its budget are shared by all who use it.
func TestADeskThatRunsServesManyTogether(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	s.hook = func(body []byte) int {
		defer d.Wake()
		return d.take(body)
	}
	stop := running(t, d)
	const many = 6
	ids := make([]review.TransactionID, many)
	var wait sync.WaitGroup
	for i := range many {
		wait.Go(func() {
			ids[i] = d.screen("Ilka Brandywater" + strconv.Itoa(i))
		})
	}
	wait.Go(func() {
		for range 20 {
			d.State()
			d.Wake()
		}
	})
	wait.Go(func() {
		_, err := d.Sync(t.Context(), time.Time{})
		if err != nil {
			assert.ErrorIs(t, err, review.ErrConflict)
		}
	})
	wait.Wait()
	stop()
	d.work(4)
	seen := map[review.TransactionID]bool{}
	for _, id := range ids {
		require.False(t, seen[id])
		seen[id] = true
		assert.Equal(t, id, d.file(id).Dossier.Transaction.ID)
	}
	assert.Empty(t, d.State().Problem)
	assert.Equal(t, many, s.asked("POST", "/transactions"), "each was screened once")
}
