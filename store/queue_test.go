package store_test

import (
	"cmp"
	"fmt"
	"path/filepath"
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

// crowd imports 60 transactions in all states and gives the rows of the whole queue.
func crowd(t *testing.T, db *store.DB) []review.QueueRow {
	t.Helper()
	names := []string{"Ágnes Várga", "agnes Varga", "Søren Ødegård", "王小明", "Ксения Петрова", "Zoë", "", "Ann-Marie O’Neil", "ليلى", "김지훈"}
	var payloads [][]byte
	for i := range 60 {
		c := storetest.Case{ID: fmt.Sprintf("txn_%02d", i), At: at(i / 2), Status: "needs_review", Name: names[i%len(names)],
			Reference: fmt.Sprintf("order-%d", i), Country: []string{"PT", "DE", "HU"}[i%3], Tags: []string{"payout", "vip"}[:i%3]}
		storetest.WithMatches(i % 5)(&c)
		if i%4 == 3 {
			c.Status = "pending_fallback_inquiry"
		}
		payloads = append(payloads, c.Payload())
		if i%4 == 2 {
			payloads = append(payloads, storetest.Payload(storetest.Transaction(c.ID, "approved", c.At.Add(time.Hour))))
		}
	}
	storetest.Import(t, db, payloads...)
	return allRows(t, db, review.QueueQuery{Tab: review.TabAll, Limit: 7})
}

// allRows walks every page of a query.
func allRows(t *testing.T, db *store.DB, q review.QueueQuery) []review.QueueRow {
	t.Helper()
	var rows []review.QueueRow
	for {
		page, err := db.Queue(t.Context(), q)
		require.NoError(t, err)
		rows = append(rows, page.Rows...)
		if page.Next == "" {
			assert.Equal(t, review.Count{N: len(rows)}, page.Total, "%+v", q)
			return rows
		}
		require.Len(t, page.Rows, q.Limit, "%+v", q)
		q.After = page.Next
	}
}

func TestTheQueueShowsWhatFitsInEveryOrder(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	everyone := crowd(t, db)
	require.Len(t, everyone, 60)
	for _, r := range allRows(t, db, review.QueueQuery{Limit: 50})[3:6] {
		storetest.Claimed(t, db, r.Review, anna)
	}
	everyone = allRows(t, db, review.QueueQuery{Tab: review.TabAll, Limit: 9})
	n := 0
	for _, tab := range review.Tabs() {
		for _, sort := range review.Sorts() {
			for _, country := range []string{"", "HU"} {
				for _, tag := range []string{"", "payout"} {
					for _, kind := range []review.ReportKind{"", review.KindWatchlist} {
						for _, who := range []string{"", "free", "anna"} {
							for _, search := range []string{"", "varga"} {
								q := review.QueueQuery{Tab: tab, Sort: sort, Country: country, Tag: tag, Kind: kind, Assignee: who, Search: search, Limit: 13}
								assert.Equal(t, expected(everyone, q), keys(allRows(t, db, q)), "%+v", q)
								n++
							}
						}
					}
				}
			}
		}
	}
	require.Equal(t, 6*4*2*2*2*3*2, n)
}

// expected filters and sorts rows as the queue should.
func expected(rows []review.QueueRow, q review.QueueQuery) []string {
	var fit []review.QueueRow
	for _, r := range rows {
		state := string(r.State)
		fold := review.Fold(r.Subject)
		if (q.Tab == review.TabAll || state == string(q.Tab)) &&
			(q.Country == "" || r.Country == q.Country) && (q.Tag == "" || slices.Contains(r.Tags, q.Tag)) &&
			(q.Kind == "" || r.Matches > 0) && (q.Assignee == "" || (q.Assignee == "free") == (r.Claim.By == "")) &&
			(q.Search == "" || strings.Contains(fold, q.Search)) {
			fit = append(fit, r)
		}
	}
	number := func(r review.QueueRow) int64 { return int64(r.Review) }
	slices.SortStableFunc(fit, func(x, y review.QueueRow) int {
		age := cmp.Or(x.OpenedAt.Compare(y.OpenedAt), cmp.Compare(number(x), number(y)))
		switch q.Sort {
		case review.SortNewest:
			return -age
		case review.SortMatches:
			return cmp.Or(cmp.Compare(y.Matches, x.Matches), age)
		case review.SortSubject:
			return cmp.Or(cmp.Compare(review.Fold(x.Subject), review.Fold(y.Subject)), age)
		}
		return age
	})
	return keys(fit)
}

// keys names rows, those without a review by what they are sorted by.
func keys(rows []review.QueueRow) []string {
	out := []string{}
	for _, r := range rows {
		if r.Review == 0 {
			out = append(out, fmt.Sprintf("%s %d %s", r.OpenedAt, r.Matches, review.Fold(r.Subject)))
		} else {
			out = append(out, fmt.Sprintf("%s %s", r.Review, r.State))
		}
	}
	return out
}

func TestTabsBandsAndFiltersCount(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	crowd(t, db)
	page, err := db.Queue(t.Context(), review.QueueQuery{})
	require.NoError(t, err)
	assert.Equal(t, map[review.Tab]int{review.TabOpen: 30, review.TabApproval: 0, review.TabWaiting: 0, review.TabFallback: 15,
		review.TabClosed: 15, review.TabAll: 60}, page.Tabs)
	storetest.Claimed(t, db, 1, anna)
	f, err := db.QueueFilters(t.Context(), review.TabOpen)
	require.NoError(t, err)
	assert.Equal(t, []review.FilterOption{{Value: "watchlist", Label: "watchlist", N: 24}}, f.Kinds)
	assert.Equal(t, []review.FilterOption{{Value: "DE", Label: "DE", N: 10}, {Value: "HU", Label: "HU", N: 10}, {Value: "PT", Label: "PT", N: 10}}, f.Countries)
	assert.Equal(t, []review.FilterOption{{Value: "payout", Label: "payout", N: 20}, {Value: "vip", Label: "vip", N: 10}}, f.Tags[:2])
	assert.Equal(t, []review.FilterOption{{Value: "anna", Label: "Colleague anna", N: 1}}, f.Assignees)

	// The bands at every half hour, against a count by hand.
	rows := allRows(t, db, review.QueueQuery{Limit: 100})
	for range 60 {
		clock.Advance(30 * time.Minute)
		page, err := db.Queue(t.Context(), review.QueueQuery{Limit: 1})
		require.NoError(t, err)
		want := review.Bands{Oldest: rows[0].OpenedAt}
		for _, r := range rows {
			switch age := clock.Now().Sub(r.OpenedAt); {
			case age > 5*day:
				want.Over++
			case age >= 4*day:
				want.Soon++
			default:
				want.InTime++
			}
		}
		assert.Equal(t, want, page.Bands)
	}
}

func TestFiltersKnowOfEveryCommitAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "two.db")
	clock := storetest.NewClock()
	here, there := storetest.OpenFile(t, path, storetest.WithClock(clock)), storetest.OpenFile(t, path, storetest.WithClock(clock))
	anna := storetest.Colleague(t, here, review.RoleReviewer, "anna")
	offered := func() (tags, assignees int) {
		t.Helper()
		f, err := here.QueueFilters(t.Context(), review.TabOpen)
		require.NoError(t, err)
		return len(f.Tags), len(f.Assignees)
	}
	for i, db := range []*store.DB{here, there, here, there} {
		id := fmt.Sprint("txn_", i)
		storetest.Import(t, db, storetest.Payload(storetest.Transaction(id, "needs_review", at(i)).Fact("tags", []string{id})))
		tags, assignees := offered()
		assert.Equal(t, i+1, tags)
		assert.Zero(t, assignees)
	}
	storetest.Claimed(t, there, 1, anna)
	_, assignees := offered()
	assert.Equal(t, 1, assignees)
	clock.Advance(31 * time.Minute)
	_, assignees = offered()
	assert.Zero(t, assignees, "a claim ends without a commit")
}

func TestTheFallbackTabListsTransactionsWithoutAReview(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	txn := storetest.Transaction("txn_1", "Pending Fallback Inquiry", at(1)).Fact("fallback", "inq_9").Fact("subject", "Zoë")
	storetest.Import(t, db, storetest.Payload(txn), storetest.Payload(storetest.Transaction("txn_1", "pending-fallback-inquiry", at(2)).Fact("x", 1)))
	page, err := db.Queue(t.Context(), review.QueueQuery{Tab: review.TabFallback, Search: "zoe"})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	row := page.Rows[0]
	assert.Zero(t, row.Review)
	assert.Equal(t, review.State("fallback"), row.State)
	assert.Equal(t, review.TransactionID("txn_1"), row.Transaction)
	assert.Equal(t, "inq_9", row.Inquiry)
	assert.Equal(t, at(1), row.OpenedAt, "since when it waits")
	storetest.Import(t, db, moved("needs_review", 3))
	page, err = db.Queue(t.Context(), review.QueueQuery{Tab: review.TabAll})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	assert.Equal(t, review.StateOpen, page.Rows[0].State)
	assert.Zero(t, page.Tabs[review.TabFallback])
}

func TestSearchFindsPeopleInAnyScriptAndIdsOfEveryKind(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	for i, name := range []string{"Ágnes Várga", "Søren Ødegård", "王小明", "Ксения Петрова", "ليلى حداد", "김지훈", "สมชาย", "हिन्दी नाम", "Ann-Marie O’Neil"} {
		c := storetest.Case{ID: fmt.Sprintf("txn_Ab%d", i), At: at(i), Status: "needs_review", Name: name, Reference: fmt.Sprintf("Order/77-%d", i), Matches: []string{}}
		storetest.Import(t, db, c.Payload())
	}
	for q, want := range map[string]int{
		"agnes varga": 0, "VARGA ÁG": 0, "várg": 0, "soren": 1, "odegard": 1, "小": 2, "王 明": 2, "明": 2, "ксен": 3, "петрова ксения": 3,
		"ليلى": 4, "지훈": 5, "สมชาย": 6, "हिन्दी": 7, "oneil": 8, "ann-marie": 8, "order/77-4": 4, "txn_ab6": 6, "TXN_AB6": 6, "rep_txn_Ab3": 3,
	} {
		page, err := db.Queue(t.Context(), review.QueueQuery{Search: q})
		require.NoError(t, err, q)
		if assert.Len(t, page.Rows, 1, q) {
			assert.Equal(t, review.TransactionID(fmt.Sprintf("txn_Ab%d", want)), page.Rows[0].Transaction, q)
		}
	}
	for _, q := range []string{"nobody", "varga soren", "x", "--", `"`, "小王八"} {
		page, err := db.Queue(t.Context(), review.QueueQuery{Search: q})
		require.NoError(t, err, q)
		assert.Empty(t, page.Rows, q)
		assert.Zero(t, page.Total, q)
	}
	page, err := db.Queue(t.Context(), review.QueueQuery{Search: "  "})
	require.NoError(t, err)
	assert.Len(t, page.Rows, 9, "an empty search is none")
}

func TestHostileSearchesAndFiltersAreOnlyText(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	storetest.Review(t, db)
	for _, s := range []string{`" OR "ines`, `*`, `NEAR(ines okafor)`, `scope : "sopen"`, `ines AND`, `-ines`, `^ines`, `'; DROP TABLE review; --`,
		"ines\x00okafor", strings.Repeat("a", 100_000), strings.Repeat("(", 5000), "\xff\xfe", "\u202e", "%", "_", "{ines okafor}", "ines^", "+"} {
		for _, q := range []review.QueueQuery{{Search: s}, {Tag: s}, {Country: s}, {Kind: review.ReportKind(s)}, {Assignee: s},
			{Search: s, Country: s, Assignee: "free"}, {Tab: review.Tab(s)}, {Sort: review.Sort(s)}} {
			_, err := db.Queue(t.Context(), q)
			require.NoError(t, err, "%q", s)
		}
		_, _, _, err := db.Decisions(t.Context(), store.DecisionQuery{Search: s})
		require.NoError(t, err, "%q", s)
		kind, _, _, err := db.Find(t.Context(), s)
		require.NoError(t, err, "%q", s)
		assert.Empty(t, kind)
	}
	for _, after := range []string{"x", "1", "1.2", "1.2.3.4", "a.b.c", "9999999999999999999.0.0"} {
		_, err := db.Queue(t.Context(), review.QueueQuery{After: after})
		require.ErrorIs(t, err, review.ErrNotFound, after)
	}
}

func TestASearchThatFindsThousandsIsBounded(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	var payloads [][]byte
	for i := range 1100 {
		payloads = append(payloads, storetest.Payload(storetest.Transaction(fmt.Sprintf("txn_%04d", i), "needs_review", at(1).Add(time.Duration(i)*time.Second)).
			Fact("subject", "Maria Silva")))
	}
	storetest.Import(t, db, payloads...)
	for _, sort := range review.Sorts() {
		q := review.QueueQuery{Search: "maria", Limit: 100, Sort: sort}
		seen := map[review.ReviewID]bool{}
		for {
			page, err := db.Queue(t.Context(), q)
			require.NoError(t, err)
			assert.Equal(t, review.Count{N: 1000, More: true}, page.Total)
			for _, r := range page.Rows {
				seen[r.Review] = true
			}
			if q.After = page.Next; q.After == "" {
				break
			}
		}
		assert.Len(t, seen, 1100, sort)
	}
}

func TestWhyTellsWhatTheDossierSays(t *testing.T) {
	t.Parallel()
	txn := func() storetest.State {
		return storetest.Transaction("txn_1", "needs_review", at(1)).Link("related-objects", ref("report/watchlist", "rep_1"))
	}
	report := storetest.Resource("report/watchlist", "rep_1", at(1))
	for want, states := range map[review.Why][]storetest.State{
		review.WhyNothing:   {txn()},
		review.WhyFirst:     {txn(), storetest.Report("rep_1", at(1), "a")},
		review.WhyNoMatch:   {txn(), storetest.Report("rep_1", at(1))},
		review.WhyNoDetails: {txn(), report.Fact("status", "ready").Fact("has-match", true)},
		review.WhyErrored:   {txn(), report.Fact("status", "errored")},
		review.WhyFailed: {txn().Link("verification", ref("verification/government-id", "ver_1")), storetest.Report("rep_1", at(1)),
			storetest.Resource("verification/government-id", "ver_1", at(1)).Fact("check", "failed")},
	} {
		db := storetest.Open(t)
		storetest.Import(t, db, storetest.Payload(states...))
		page, err := db.Queue(t.Context(), review.QueueQuery{})
		require.NoError(t, err)
		assert.Equal(t, want, page.Rows[0].Why)
		storetest.Import(t, db, moved("approved", 2), moved("needs_review", 3))
		page, err = db.Queue(t.Context(), review.QueueQuery{})
		require.NoError(t, err)
		if want == review.WhyFirst || want == review.WhyNoMatch {
			want = review.WhyAgain
		}
		assert.Equal(t, want, page.Rows[0].Why)
	}
}
