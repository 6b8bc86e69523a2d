package review_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"docket/review"
)

func TestWhoLetWhomInCountsAsOnePersonForADay(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ago := func(hours int) time.Time { return now.Add(-time.Duration(hours) * time.Hour) }
	bond := func(by, whom review.ColleagueID, hours int) review.Bond {
		return review.Bond{By: by, Whom: whom, At: ago(hours)}
	}
	in := func(hours int) time.Time { return now.Add(time.Duration(hours) * time.Hour) }
	type bound = map[review.ColleagueID]time.Time
	for name, c := range map[string]struct {
		bonds []review.Bond
		want  bound
		line  bound // nil: the same
	}{
		"nobody":                     {nil, bound{}, nil},
		"over":                       {[]review.Bond{bond("anna", "bo", 24)}, bound{}, nil},
		"one":                        {[]review.Bond{bond("anna", "bo", 1)}, bound{"bo": in(23)}, nil},
		"either way":                 {[]review.Bond{bond("bo", "anna", 23)}, bound{"bo": in(1)}, nil},
		"both of a third":            {[]review.Bond{bond("cy", "anna", 5), bond("cy", "bo", 2)}, bound{"cy": in(19), "bo": in(19)}, bound{"cy": in(19)}},
		"a chain":                    {[]review.Bond{bond("anna", "bo", 9), bond("bo", "cy", 3), bond("cy", "dot", 20)}, bound{"bo": in(15), "cy": in(15), "dot": in(4)}, bound{"bo": in(15), "cy": in(15), "dot": in(4)}},
		"a broken chain":             {[]review.Bond{bond("anna", "bo", 30), bond("bo", "cy", 3)}, bound{}, bound{}},
		"others":                     {[]review.Bond{bond("bo", "cy", 3)}, bound{}, nil},
		"the newest counts":          {[]review.Bond{bond("anna", "bo", 20), bond("anna", "bo", 2), bond("bo", "anna", 9)}, bound{"bo": in(22)}, nil},
		"the way that holds longest": {[]review.Bond{bond("anna", "bo", 20), bond("anna", "cy", 3), bond("cy", "bo", 4)}, bound{"bo": in(20), "cy": in(21)}, nil},
		"joined groups":              {[]review.Bond{bond("bo", "cy", 1), bond("dot", "eve", 2), bond("cy", "eve", 3), bond("anna", "dot", 4)}, bound{"bo": in(20), "cy": in(20), "dot": in(20), "eve": in(20)}, bound{"dot": in(20), "eve": in(20)}},
	} {
		assert.Equal(t, c.want, review.BondedTo("anna", c.bonds, now), name)
		if c.line == nil {
			c.line = c.want
		}
		assert.Equal(t, c.line, review.Line("anna", c.bonds, now), name)
	}
}
