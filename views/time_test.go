package views_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"docket/views"
)

var now = time.Date(2026, 11, 20, 9, 41, 7, 0, time.UTC)

func TestInstantsSayTheirZone(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("", 2*60*60)
	assert.Equal(t, views.Time{Datetime: "2026-06-18T09:41:07Z", Words: "18 June, 09:41", Zone: "UTC"}, views.At(time.Date(2026, 6, 18, 11, 41, 7, 0, berlin), now))
	assert.Equal(t, "18 June 2025, 09:41", views.At(time.Date(2025, 6, 18, 9, 41, 0, 0, time.UTC), now).Words, "the year when it is not this one")
	assert.Equal(t, "18 June, 09:41:07", views.AtSecond(time.Date(2026, 6, 18, 9, 41, 7, 0, time.UTC), now).Words)
	assert.Equal(t, views.Time{Datetime: "2026-06-18T09:41:07Z", Words: "18 June"}, views.Day(time.Date(2026, 6, 18, 9, 41, 7, 0, time.UTC), now))
	assert.True(t, views.At(time.Time{}, now).IsZero())
	assert.True(t, views.Day(time.Time{}, now).IsZero())
	assert.True(t, views.Since(time.Time{}, now).IsZero())
}

func TestAgesHaveTwoUnits(t *testing.T) {
	t.Parallel()
	for words, d := range map[string]time.Duration{
		"6 days 4 h":     6*24*time.Hour + 4*time.Hour + 59*time.Minute,
		"1 day":          24 * time.Hour,
		"1 day 3 h":      27 * time.Hour,
		"9 days":         9*24*time.Hour + 59*time.Minute,
		"3 h 20 min":     200 * time.Minute,
		"3 h":            3 * time.Hour,
		"59 min":         59*time.Minute + 59*time.Second,
		"1 min":          time.Minute,
		"under a minute": 59 * time.Second,
	} {
		assert.Equal(t, words, views.Age(d))
	}
	assert.Equal(t, "under a minute", views.Age(-time.Hour), "a clock that was set back")
	assert.Equal(t, "2 h", views.Since(now.Add(-2*time.Hour), now).Words)
}

func TestNumbersHaveThousandsApart(t *testing.T) {
	t.Parallel()
	for words, n := range map[string]int{"0": 0, "999": 999, "1,284": 1284, "12,345": 12345, "1,000,000": 1_000_000, "-1,284": -1284, "-128": -128} {
		assert.Equal(t, words, views.Number(n))
	}
	assert.Equal(t, "1 match", views.Plural(1, "match", "matches"))
	assert.Equal(t, "0 matches", views.Plural(0, "match", "matches"))
	assert.Equal(t, "1,284 matches", views.Plural(1284, "match", "matches"))
}
