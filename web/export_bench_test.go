package web_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
	"docket/web"
)

const manyDecisions = 1_000_000

// decided is a store with a million decisions, each with its review, its entry and its leaf.
func decided(b *testing.B) *store.DB {
	b.Helper()
	began := time.Now()
	path := filepath.Join(b.TempDir(), "decided.db")
	o := store.Options{Clock: storetest.NewClock().Now, Hydrate: storetest.Hydrate}
	db, err := store.Open(b.Context(), path, o)
	require.NoError(b, err)
	storetest.Colleague(b, db, review.RoleReviewer, "anna")
	storetest.Review(b, db, storetest.WithMatches(2))
	require.NoError(b, db.Close())
	fill(b, path)
	db, err = store.Open(b.Context(), path, o) // it seals what has no leaf
	require.NoError(b, err)
	require.NoError(b, db.Close()) // what that took is given back
	db, err = store.Open(b.Context(), path, o)
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, db.Close()) })
	b.Logf("filled in %s", time.Since(began).Round(time.Second))
	return db
}

// fill adds the decisions as they would stand if each had been made by hand, and leaves the ledger to be
// begun anew.
func fill(b *testing.B, path string) {
	b.Helper()
	file, err := sql.Open("sqlite", "file:"+path)
	require.NoError(b, err)
	file.SetMaxOpenConns(1)
	run := func(query string, args ...any) {
		_, err := file.Exec(query, args...)
		require.NoError(b, err, query)
	}
	run(`PRAGMA synchronous = OFF`)
	// It would look through all reviews of the one root here, at each decision.
	var found string
	require.NoError(b, file.QueryRow(`SELECT sql FROM sqlite_master WHERE name = 'decision_found'`).Scan(&found))
	run(`DROP TRIGGER decision_found`)
	const each = 10_000
	for from := 0; from < manyDecisions; from += each {
		run(`BEGIN`)
		run(`
			WITH n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?2)
			INSERT INTO review (id, root, opening, opened_at, state, closed_at, closing, left_status)
			SELECT 1000 + ?1 + value, (SELECT max(resource) FROM root), 'status', 1700000000000 + (?1 + value) * 1000, 'closed', 1700000600000 + (?1 + value) * 1000, 'decided', ''
			FROM n`, from, each)
		run(`
			WITH n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?2)
			INSERT INTO entry (review, at, act, by_, by_name, by_role, finding, outcome, reason, note, matches, status, evidence, undoes, answers, detail, comparator, policy)
			SELECT 1000 + ?1 + value, 1700000600000 + (?1 + value) * 1000, 'decided', 'anna', 'Anna Example', 'reviewer', '', 'approve', 'all_false_positive',
			       'Birth dates are eleven years apart, as the passport of ' || value || ' says.', '["m_1","m_2"]', '', zeroblob(32), NULL, NULL, '{}', '3', 1
			FROM n`, from, each)
		run(`
			INSERT INTO decision (entry, review, at, by_, outcome, matches, false_positives, true_matches, cannot_tell, comparator, policy, second, corrects)
			SELECT e.id, e.review, e.at, 'anna', 'approve', 2, 2, 0, 0, '3', 1, 0, NULL FROM entry e WHERE e.review > 1000 + ?1`, from)
		run(`
			INSERT INTO decision_facet (facet, value, at, entry)
			SELECT f.value, CASE f.value WHEN 'outcome' THEN d.outcome WHEN 'policy' THEN d.policy ELSE 'all_false_positive' END, d.at, d.entry
			FROM decision d, json_each('["outcome","policy","reason"]') f WHERE d.review > 1000 + ?1`, from)
		run(`DELETE FROM kept_stale`)
		run(`COMMIT`)
	}
	run(found)
	run(`DELETE FROM setting WHERE name = 'ledger'`)
	require.NoError(b, file.Close())
}

// BenchmarkExportDecisions streams a million stored decisions; peak-MB is the most that the whole
// process had in memory while it did, resident-MB what it had before.
func BenchmarkExportDecisions(b *testing.B) {
	db := decided(b)
	for _, format := range []string{"csv", "ndjson", "xlsx"} {
		b.Run(format, func(b *testing.B) {
			debug.FreeOSMemory()
			require.NoError(b, os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)) // the peak begins anew
			before := memory(b, "VmRSS")
			var size counting
			for b.Loop() {
				rows, err := web.WriteDecisions(b.Context(), &size, db, store.DecisionQuery{}, format)
				require.NoError(b, err)
				require.Equal(b, manyDecisions, rows)
			}
			b.ReportMetric(manyDecisions*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(before, "resident-MB")
			b.ReportMetric(memory(b, "VmHWM"), "peak-MB")
			b.ReportMetric(float64(size)/float64(b.N)/(1<<20), "file-MB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// counting counts what it is given.
type counting int64

func (c *counting) Write(p []byte) (int, error) {
	*c += counting(len(p))
	return len(p), nil
}

// memory is a figure of this process as Linux has it, in MB.
func memory(b *testing.B, name string) float64 {
	b.Helper()
	raw, err := os.ReadFile("/proc/self/status")
	require.NoError(b, err)
	_, rest, found := bytes.Cut(raw, []byte(name+":"))
	require.True(b, found, name)
	line, _, _ := strings.Cut(string(rest), "\n")
	var kb float64
	_, err = fmt.Sscan(line, &kb)
	require.NoError(b, err)
	return kb / 1024
}
