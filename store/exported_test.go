package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func TestAPackThatIsTakenAgainAtOnceIsTheSamePack(t *testing.T) {
	t.Parallel()
	d := newJudging(t)
	take := func(change func(*store.Export)) review.EntryID {
		x := store.Export{What: "evidence", Format: "zip", Rows: 1, Filter: "review=R-1", Via: "web", By: d.anna, Review: d.id}
		if change != nil {
			change(&x)
		}
		id, err := d.db.Exported(t.Context(), x)
		require.NoError(t, err)
		return id
	}
	same := func(*store.Export) {}
	ben := storetest.Colleague(t, d.db, review.RoleLead, "ben")
	first := take(same)
	d.clock.Advance(59 * time.Minute)
	assert.Equal(t, first, take(same))
	d.clock.Advance(time.Minute)
	later := take(same)
	assert.NotEqual(t, first, later, "an hour is over")

	for what, change := range map[string]func(*store.Export){
		"another's":       func(x *store.Export) { x.By = ben },
		"by another way":  func(x *store.Export) { x.Via = "command line" },
		"of more":         func(x *store.Export) { x.Review, x.Rows, x.Filter = 0, 2, "from=2026-06-01&to=" },
		"that broke":      func(x *store.Export) { x.Broken = true },
		"of decisions":    func(x *store.Export) { x.What, x.Format = "decisions", "csv" },
		"by nobody known": func(x *store.Export) { x.By = "" },
	} {
		was := take(same)
		assert.NotEqual(t, was, take(change), what)
		assert.NotEqual(t, was, take(same), "something is on record since: "+what)
	}
	export := func(x *store.Export) { x.What, x.Format = "decisions", "csv" }
	assert.NotEqual(t, take(export), take(export), "rows that leave are counted each time")
}
