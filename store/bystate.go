package store

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"docket/review"
)

// byState reads a page of rows that are listed state after state, and says where it ended: in which
// state, behind which row. Several reads may make a page, so a row that changes its state meanwhile may
// be on two pages or on none, as it may between pages.
func byState[S ~string, T any](states []S, after string, limit int, list func(state S, below int64, limit int) ([]T, error), place func(T) (S, int64)) ([]T, string, error) {
	below, first := int64(math.MaxInt64), 0
	if after != "" {
		state, id, _ := strings.Cut(after, ".")
		first = slices.Index(states, S(state))
		n, err := strconv.ParseInt(id, 10, 64)
		if first < 0 || err != nil || n < 1 {
			return nil, "", review.ErrNotFound
		}
		below = n
	}
	var found []T
	for _, state := range states[first:] {
		some, err := list(state, below, limit+1-len(found))
		if err != nil {
			return nil, "", err
		}
		found, below = append(found, some...), math.MaxInt64
		if len(found) > limit {
			found = found[:limit]
			state, id := place(found[limit-1])
			return found, string(state) + "." + strconv.FormatInt(id, 10), nil
		}
	}
	return found, "", nil
}
