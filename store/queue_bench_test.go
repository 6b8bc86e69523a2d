package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// crowdSize is the queue of 1,000,000 transactions: reviews that wait, that are closed, and
// transactions that wait for their subject.
const crowdSize = 232_000

// bigQueue opens a database that holds nothing but a queue of crowdSize rows. It is made once
// for each schema and kept among the temporary files, which takes a minute.
func bigQueue(b *testing.B) *store.DB {
	b.Helper()
	schema, err := os.ReadFile("schema.sql")
	require.NoError(b, err)
	path := filepath.Join(os.TempDir(), fmt.Sprintf("docket-queue-%.6s.db", review.Sum(schema)))
	_, err = os.Stat(path)
	made := err == nil
	db := storetest.OpenFile(b, path)
	if !made {
		began := time.Now()
		people := newPeople()
		for i := 0; i < crowdSize; i += 2000 {
			rows := make([]store.CrowdRow, 0, 2000)
			for j := i; j < min(i+2000, crowdSize); j++ {
				rows = append(rows, people.row(j))
			}
			require.NoError(b, db.FillQueue(b.Context(), rows))
		}
		b.Logf("filled in %s", time.Since(began))
	}
	return db
}

// people makes up names as a population has them: a few that many bear, many that few bear.
type people struct {
	r             *rand.Rand
	given, family []string
	often         *rand.Zipf
	seldom        *rand.Zipf
}

func newPeople() *people {
	r := rand.New(rand.NewPCG(11, 12)) //nolint:gosec // nothing secret, the same rows each time
	name := func() string {
		syllables := strings.Fields("an ma ri le so ne ta vo ki lu re mi do sa per be ha zu il or en os ic ov")
		var b strings.Builder
		for range 2 + r.IntN(3) {
			b.WriteString(syllables[r.IntN(len(syllables))])
		}
		return b.String()
	}
	p := &people{r: r, given: []string{"maria"}, family: []string{"silva"},
		often: rand.NewZipf(r, 1.2, 20, 799), seldom: rand.NewZipf(r, 1.1, 60, 11_999)}
	for range 800 {
		p.given = append(p.given, name())
	}
	for range 12_000 {
		p.family = append(p.family, name())
	}
	return p
}

func (p *people) row(i int) store.CrowdRow {
	hex := func() string { return fmt.Sprintf("%08x%08x%08x", p.r.Uint32(), p.r.Uint32(), p.r.Uint32()) }
	name := p.given[p.often.Uint64()] + " " + p.family[p.seldom.Uint64()]
	id := hex()
	words := strings.Fields("txn rep act inq cust " + name + " " + id + " " + hex() + " " + hex() + " " + hex())
	if p.r.IntN(3) == 0 {
		words = append(words, p.given[p.often.Uint64()], p.family[p.seldom.Uint64()])
	}
	reference := fmt.Sprintf("cust-%07d", p.r.IntN(10_000_000))
	words = append(words, reference[5:])
	slices.Sort(words)
	row := store.CrowdRow{ID: int64(i + 1), Transaction: review.TransactionID("txn_" + id), State: "closed", Subject: name, Reference: reference,
		Country: storetest.Countries()[p.r.IntN(40)*p.r.IntN(40)/40], Words: strings.Join(slices.Compact(words), " "),
		OpenedAt: storetest.Start.Add(-time.Duration(p.r.IntN(200*24*3600*1000)) * time.Millisecond)}
	switch n := p.r.IntN(1000); {
	case n < 432:
		row.State = "open"
		row.OpenedAt = storetest.Start.Add(-time.Duration(p.r.IntN(9*24*3600*1000)) * time.Millisecond)
	case n < 580:
		row.State, row.ID = "fallback", -row.ID
	}
	if row.State == "open" {
		for i, k := range []review.ReportKind{review.KindWatchlist, review.KindPEP, review.KindAdverseMedia} {
			if p.r.IntN(100) < 41-10*i {
				row.Tally = append(row.Tally, review.KindCount{Kind: k, Open: 1 + p.r.IntN(5)})
			}
		}
	}
	for _, t := range strings.Fields("batch edd onboarding reseller second-line vip") {
		if p.r.IntN(100) < 13 {
			row.Tags = append(row.Tags, t)
		}
	}
	return row
}

// BenchmarkQueueQueries times what the first who asks for a page after a commit waits for, and
// its floor: reading 25 rows in the order of an index. cpu-µs is the processor time of all
// threads for one page.
func BenchmarkQueueQueries(b *testing.B) {
	db := bigQueue(b)
	b.Run("floor", func(b *testing.B) {
		cpuTimed(b, func() { require.NoError(b, db.FloorOfQueue(b.Context())) })
	})
	for _, q := range []struct {
		name string
		q    review.QueueQuery
	}{
		{"first page", review.QueueQuery{}},
		{"all newest", review.QueueQuery{Tab: review.TabAll, Sort: review.SortNewest}},
		{"all by subject", review.QueueQuery{Tab: review.TabAll, Sort: review.SortSubject}},
		{"one filter", review.QueueQuery{Country: "DE"}},
		{"one filter by matches", review.QueueQuery{Kind: review.KindWatchlist, Sort: review.SortMatches}},
		{"two filters", review.QueueQuery{Kind: review.KindWatchlist, Country: "DE"}},
		{"two broad filters by matches", review.QueueQuery{Kind: review.KindWatchlist, Tag: "vip", Sort: review.SortMatches}},
		{"three filters", review.QueueQuery{Kind: review.KindWatchlist, Country: "DE", Tag: "edd"}},
		{"two filters of all by subject", review.QueueQuery{Tab: review.TabAll, Country: "DE", Tag: "edd", Sort: review.SortSubject}},
		{"search name", review.QueueQuery{Search: "maria s"}},
		{"search full name", review.QueueQuery{Search: "maria silva"}},
		{"search three letters", review.QueueQuery{Search: "sil"}},
		{"search five letters", review.QueueQuery{Search: "maria"}},
		{"search two letters of all", review.QueueQuery{Search: "an", Tab: review.TabAll}},
		{"search what every row has", review.QueueQuery{Search: "cust", Tab: review.TabAll}},
		{"search one in all", review.QueueQuery{Search: "silva", Tab: review.TabAll}},
		{"search by subject", review.QueueQuery{Search: "silva", Tab: review.TabAll, Sort: review.SortSubject}},
		{"search two letters and two filters", review.QueueQuery{Search: "an", Country: "DE", Tag: "edd"}},
		{"search nobody", review.QueueQuery{Search: "maria nobody"}},
	} {
		page, err := db.UnkeptQueue(b.Context(), q.q)
		require.NoError(b, err)
		b.Run(q.name, func(b *testing.B) {
			cpuTimed(b, func() { _, err = db.UnkeptQueue(b.Context(), q.q) })
			require.NoError(b, err)
			b.ReportMetric(float64(page.Total.N), "found")
		})
	}
}

// cpuTimed reports the processor time of fn.
func cpuTimed(b *testing.B, fn func()) {
	b.Helper()
	b.ReportAllocs()
	spent := func() time.Duration {
		var u syscall.Rusage
		require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	n, before := 0, spent()
	for b.Loop() {
		fn()
		n++
	}
	b.ReportMetric(float64((spent()-before).Microseconds())/float64(n), "cpu-µs")
}
