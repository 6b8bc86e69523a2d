package review_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"docket/review"
)

func TestSpellingsOfAStatusAreOne(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"needs_review", "needs review", "Needs Review", "needs-review", " Needs  Review "} {
		assert.True(t, review.DefaultStatuses().IsReview(s), s)
	}
	for _, s := range []string{"", "needsreview", "approved", "needs_reviews"} {
		assert.False(t, review.DefaultStatuses().IsReview(s), s)
	}
	assert.True(t, review.DefaultStatuses().IsFallback("Pending fallback inquiry"))
}

func at(day int) time.Time { return time.Date(2026, 3, day, 12, 0, 0, 0, time.UTC) }

func TestEpisodesFollowTheStatuses(t *testing.T) {
	t.Parallel()
	got := review.DefaultStatuses().Episodes([]review.StatusAt{
		{at(1), "created"}, {at(2), "needs_review"}, {at(3), "Needs Review"}, {at(4), "approved"},
		{at(5), "declined"}, {at(6), "needs-review"},
	})
	assert.Equal(t, []review.Episode{
		{Opened: at(2), Closed: at(4), Left: "approved"},
		{Opened: at(6)},
	}, got)
	assert.Empty(t, review.DefaultStatuses().Episodes([]review.StatusAt{{at(1), "approved"}}))
	assert.Empty(t, review.DefaultStatuses().Episodes(nil))
}
