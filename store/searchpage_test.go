package store_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// found is what a query must find among rows, by looking at each; many says that it is more
// than is sorted as asked.
func found(rows []store.CrowdRow, q review.QueueQuery) (fit []store.CrowdRow, many bool) {
	typed := store.Tokens(q.Search)
	for _, r := range rows {
		fits := (q.Tab == review.TabAll || r.State == string(q.Tab)) && (q.Country == "" || r.Country == q.Country) &&
			(q.Tag == "" || slices.Contains(r.Tags, q.Tag)) &&
			(q.Kind == "" || slices.ContainsFunc(r.Tally, func(k review.KindCount) bool { return k.Kind == q.Kind }))
		has := strings.Fields(r.Words)
		for i, w := range typed {
			fits = fits && (slices.Contains(has, w) || i == len(typed)-1 && len(w) > 1 &&
				slices.ContainsFunc(has, func(h string) bool { return strings.HasPrefix(h, w) }))
		}
		if fits {
			fit = append(fit, r)
		}
	}
	many = q.Search != "" && len(fit) > 1000
	state := func(r store.CrowdRow) int { return slices.Index(store.QueueStates(), r.State) }
	matches := func(r store.CrowdRow) (n int) {
		for _, k := range r.Tally {
			n += k.Open
		}
		return n
	}
	slices.SortFunc(fit, func(x, y store.CrowdRow) int {
		age := cmp.Or(x.OpenedAt.Compare(y.OpenedAt), cmp.Compare(x.ID, y.ID))
		if q.Sort == review.SortNewest {
			age = -age
		}
		switch {
		case many:
			return cmp.Or(cmp.Compare(state(x), state(y)), age)
		case q.Sort == review.SortMatches:
			return cmp.Or(cmp.Compare(matches(y), matches(x)), age)
		case q.Sort == review.SortSubject:
			return cmp.Or(cmp.Compare(review.Fold(x.Subject), review.Fold(y.Subject)), age)
		}
		return age
	})
	return fit, many
}

func TestAnyFiltersSearchAndOrderGiveWhatLookingAtEachRowGives(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	people := newPeople()
	rows := make([]store.CrowdRow, 3000)
	for i := range rows {
		rows[i] = people.row(i)
		// Many of one instant, and of one unit of the search index.
		rows[i].OpenedAt = storetest.Start.Add(-time.Duration(i%700*i%3) * 9 * time.Second).Truncate(time.Millisecond)
	}
	require.NoError(t, db.FillQueue(t.Context(), rows))
	r := rand.New(rand.NewPCG(5, 6))
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	some, none, many := 0, 0, 0
	for range 300 {
		q := review.QueueQuery{Tab: review.Tab(pick("open", "closed", "fallback", "all", "waiting")), Country: pick("", "", "", "DE", "US"),
			Tag: pick("", "", "", "vip", "edd"), Kind: review.ReportKind(pick("", "", "", "watchlist", "adverse-media")),
			Search: pick("", "", "maria", "ma", "an", "cust", "txn", "cus", "cust txn", "maria silva", "maria s", "sil", "m", "zz", "cust 12", "ri an"),
			Sort:   review.Sort(pick("oldest", "newest", "matches", "subject")), Limit: 7 + r.IntN(90)}
		want, more := found(rows, q)
		total := review.Count{N: len(want)}
		if more {
			total = review.Count{N: 1000, More: true}
			many++
		}
		if len(want) == 0 {
			none++
		} else {
			some++
		}
		for at, pages := 0, 0; pages < 6; pages++ {
			page, err := db.Queue(t.Context(), q)
			require.NoError(t, err)
			require.Equal(t, total, page.Total, "%+v", q)
			end := min(at+q.Limit, len(want))
			require.Equal(t, ids(want[at:end]), shown(page.Rows), "%+v", q)
			require.Equal(t, end < len(want), page.Next != "", "%+v", q)
			if at, q.After = end, page.Next; q.After == "" {
				break
			}
		}
	}
	assert.Greater(t, some, 100)
	assert.Greater(t, none, 20)
	assert.Greater(t, many, 5)
}

func ids(rows []store.CrowdRow) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, fmt.Sprintf("%s %s", r.Transaction, r.State))
	}
	return out
}

func shown(rows []review.QueueRow) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, fmt.Sprintf("%s %s", r.Transaction, r.State))
	}
	return out
}
