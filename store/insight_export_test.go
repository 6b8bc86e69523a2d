package store

import (
	"context"

	"docket/review"
)

// InsightQueries are the queries behind the insights that must not scan a table, with as many
// parameters as they have. They may sort the few groups that they make.
func InsightQueries() map[string]string {
	return map[string]string{"per day": dayCountsPerDay, "per key": dayCountsPerKey, "decided": decidedIn, "kind age": kindAge,
		"oldest of a kind": kindOldest, "without a match": unmatchedAge, "halted": haltedNow}
}

// UnkeptInsights is Insights from cold.
func (db *DB) UnkeptInsights(ctx context.Context, days review.DaySpan) (review.Insights, review.Ageing, error) {
	db.happened.mu.Lock()
	db.happened.answers = nil
	db.happened.mu.Unlock()
	var in review.Insights
	var now review.Ageing
	err := db.read(ctx, "insights", func(a *act) (err error) {
		if now, err = a.ageing(); err != nil {
			return err
		}
		in, err = a.insights(days)
		return err
	})
	return in, now, err
}

// Replays is how many replays of a policy are remembered.
func (db *DB) Replays() int {
	db.replayed.mu.Lock()
	defer db.replayed.mu.Unlock()
	return len(db.replayed.answers)
}

// FillRecord writes n reviews straight into the tables, one in ten still open and the others decided,
// with three findings each, spread over the year before the clock's now. No payload, entry of its own or
// ledger stands behind them: it is for measuring alone.
func (db *DB) FillRecord(ctx context.Context, n int) error {
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, q := range []string{`
		INSERT INTO resource (id, rid, family) WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1)
		SELECT 1000 + n, 'txn_' || n, 1 FROM i WHERE ?2 > 0`, `
		INSERT INTO review WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1)
		SELECT n, 1000 + n, 'status', ?2 - (n * 7919 % 360 + 3) * 86400000 - n * 104729 % 86400000, iif(n % 10 = 0, 'open', 'closed'),
		  iif(n % 10 = 0, NULL, ?2), iif(n % 10 = 0, '', 'decided'), '' FROM i`, `
		INSERT INTO queue (id, root, root_type, root_id, state, opening, opened_at, closing, status, subject, subject_kind, subject_fold, reference,
		  country, tags, tally, matches, answered, halted_since, why, outcome, inquiry, evidence, facets, words)
		SELECT r.id, r.root, 'transaction', 'txn_' || r.id, r.state, 'status', r.opened_at, r.closing, '', '', '', '', '', '', '[]', '[]', 3, 0,
		  iif(r.id % 30 = 0, r.opened_at, NULL), '', '', '', zeroblob(32), '[]', zeroblob(32) FROM review r WHERE r.id <= ?1 AND ?2 > 0`, `
		INSERT INTO counter (state, facet, value, n) SELECT 'open', '', '', count(*) FROM review WHERE state = 'open' AND ?1 > 0 AND ?2 > 0`, `
		INSERT INTO listed SELECT 1000 + n, 'wl-' || n || '-' || k, 'p' || n, 'p' || n, '', '', '[]', '', 'watchlist', '["List ' || n % 50 || '"]', 'open', 0, n, n, '', 0
		FROM (WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?1) SELECT n FROM i WHERE ?2 > 0), (SELECT 0 AS k UNION SELECT 1 UNION SELECT 2)`, `
		INSERT INTO entry (review, at, act, by_, by_name, by_role, finding, outcome, reason, note, matches, status, evidence, detail, comparator, policy)
		SELECT r.id, r.opened_at + 3600000, 'disposed', 'anna', '', '', 'false_positive', '', '', '', '[]', '', zeroblob(32), '{}', 'x', 1 FROM review r WHERE r.id <= ?1 AND ?2 > 0`, `
		INSERT INTO disposition
		SELECT e.review, 'wl-' || e.review || '-' || k, e.id, CASE e.review % 40 WHEN 0 THEN 'true_match' WHEN 1 THEN 'cannot_tell' ELSE 'false_positive' END,
		  CASE k WHEN 0 THEN 'watchlist' WHEN 1 THEN 'politically-exposed-person' ELSE 'adverse-media' END, 'i', 'w', 'p' || e.review, zeroblob(32), NULL,
		  iif(e.review % 40 = 1, '["birthdate-match"]', '[]')
		FROM entry e, (SELECT 0 AS k UNION SELECT 1 UNION SELECT 2) WHERE e.act = 'disposed' AND ?1 > 0 AND ?2 > 0`, `
		INSERT INTO entry (review, at, act, by_, by_name, by_role, finding, outcome, reason, note, matches, status, evidence, detail, comparator, policy)
		SELECT r.id, r.opened_at + r.id * 7907 % 259200000, 'decided', 'anna', '', '', '', 'approve', 'all_false_positive', '', '[]', '', zeroblob(32), '{}', 'x', 1
		FROM review r WHERE r.id <= ?1 AND r.state = 'closed' AND ?2 > 0`, `
		INSERT INTO decision (entry, review, at, by_, outcome, matches, false_positives, true_matches, cannot_tell, comparator, policy, second)
		SELECT e.id, e.review, e.at, 'anna', 'approve', 3, 3, 0, 0, 'x', 1, 0 FROM entry e WHERE e.act = 'decided' AND ?1 > 0 AND ?2 > 0`,
	} {
		if _, err := tx.ExecContext(ctx, q, n, db.now().UnixMilli()); err != nil {
			return err
		}
	}
	return tx.Commit()
}
