package store

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"docket/review"
)

// Insights counts what happened in some days, and what waits now, of one moment. What happened is
// kept until an entry comes that could change it.
func (db *DB) Insights(ctx context.Context, days review.DaySpan) (review.Insights, review.Ageing, error) {
	p, err := db.insights.of(ctx, db, days, func() (insightPage, error) {
		var p insightPage
		err := db.read(ctx, "insights", func(a *act) error {
			if err := a.whole(); err != nil {
				return err
			}
			var err error
			if p.now, err = a.ageing(); err != nil {
				return err
			}
			p.past, err = a.insights(days)
			return err
		})
		return p, err
	})
	return p.past, p.now, err
}

// insightPage is both halves of an answer.
type insightPage struct {
	past review.Insights
	now  review.Ageing
}

// insightKey is all that what happened in some days depends on.
type insightKey struct {
	days   review.DaySpan
	newest review.EntryID
	moved  int
}

// insightMemo keeps what happened in some days.
type insightMemo struct {
	mu   sync.Mutex
	kept map[insightKey]review.Insights
}

// maxInsights bounds what is kept: a handful of periods at one newest entry.
const maxInsights = 16

func (m *insightMemo) get(k insightKey) (review.Insights, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	in, ok := m.kept[k]
	return in, ok
}

func (m *insightMemo) put(k insightKey, in review.Insights) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= maxInsights {
		m.kept = make(map[insightKey]review.Insights, maxInsights)
	}
	m.kept[k] = in
}

func (a *act) insights(days review.DaySpan) (review.Insights, error) {
	k := insightKey{days: days}
	err := a.one(`
		SELECT ifnull((SELECT max(id) FROM entry), 0), ifnull((SELECT n FROM day_counter WHERE what = 'moved' AND day = 0), 0)`,
		nil, &k.newest, &k.moved)
	if err != nil {
		return review.Insights{}, err
	}
	if in, ok := a.db.happened.get(k); ok {
		return in, nil
	}
	counts := review.InsightCounts{Days: days, Newest: k.newest}
	if err := a.dayCounts(&counts); err != nil {
		return review.Insights{}, err
	}
	if err := a.decided(&counts); err != nil {
		return review.Insights{}, err
	}
	in := counts.Insights()
	a.db.happened.put(k, in)
	return in, nil
}

const dayCountsPerDay = `SELECT day, sum(n) FROM day_counter WHERE what = ?1 AND day >= ?2 AND day < ?3 GROUP BY day`

const dayCountsPerKey = `SELECT key, part, sum(n) FROM day_counter WHERE what = ?1 AND day >= ?2 AND day < ?3 GROUP BY key, part HAVING sum(n) <> 0`

// dayCounts reads what the counters of some days add up to.
func (a *act) dayCounts(c *review.InsightCounts) error {
	for _, of := range []struct {
		what string
		into *[]review.DayCount
	}{{"opened", &c.Opened}, {"left", &c.Left}} {
		err := a.each(dayCountsPerDay, []any{of.what, c.Days.From, c.Days.To}, func(scan func(...any) error) error {
			var d review.DayCount
			err := scan(&d.Day, &d.N)
			*of.into = append(*of.into, d)
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, of := range []struct {
		what string
		add  func(key, part string, n int) error
	}{
		{"found", func(key, part string, n int) error {
			c.Kinds = append(c.Kinds, review.FoundCount{Key: key, Finding: review.Finding(part), N: n})
			return nil
		}},
		{"listed", func(key, part string, n int) error {
			c.Lists = append(c.Lists, review.FoundCount{Key: key, Finding: review.Finding(part), N: n})
			return nil
		}},
		{"missing", func(key, _ string, n int) error {
			m := review.MissingCount{N: n}
			c.Missing = append(c.Missing, m)
			return json.Unmarshal([]byte(key), &c.Missing[len(c.Missing)-1].Facts)
		}},
		{"answered", func(key, part string, n int) error {
			c.Answers = append(c.Answers, review.AnswerCount{Reason: review.Reason(key), Answer: review.Answer(part), N: n})
			return nil
		}},
		{"made", func(key, part string, n int) error { return made(&c.Record, key, part, n) }},
	} {
		err := a.each(dayCountsPerKey, []any{of.what, c.Days.From, c.Days.To}, func(scan func(...any) error) error {
			var key, part string
			var n int
			if err := scan(&key, &part, &n); err != nil {
				return err
			}
			return of.add(key, part, n)
		})
		if err != nil {
			return fmt.Errorf("%s: %w", of.what, err)
		}
	}
	return nil
}

func made(r *review.RecordOf, key, part string, n int) error {
	switch part {
	case "effect":
		if key == "correction" {
			r.Corrections += n
		} else {
			r.First += n
		}
	case "waiting":
		r.Waiting += n
	case string(review.AnswerReturn):
		r.Returned += n
	case string(review.AnswerMoved):
		r.Moved += n
	default:
		return fmt.Errorf("decisions that are %q", part)
	}
	return nil
}

// decidedIn walks decided_by_time and reads no table.
const decidedIn = `SELECT at, opened_at, policy, kinds FROM decided WHERE at >= ?1 AND at < ?2`

// decided reads the reviews that were decided in some days.
func (a *act) decided(c *review.InsightCounts) error {
	known := map[string][]review.ReportKind{} // few sets of kinds come again and again
	targets := map[review.PolicyVersion]time.Duration{}
	type row struct {
		at, opened int64
		policy     review.PolicyVersion
		kinds      []review.ReportKind
	}
	var rows []row
	err := a.each(decidedIn, []any{millis(c.Days.From.Start()), millis(c.Days.To.Start())}, func(scan func(...any) error) error {
		var r row
		var kinds string
		if err := scan(&r.at, &r.opened, &r.policy, &kinds); err != nil {
			return err
		}
		set, ok := known[kinds]
		if !ok {
			if err := json.Unmarshal([]byte(kinds), &set); err != nil {
				return err
			}
			known[kinds] = set
		}
		r.kinds = set
		targets[r.policy] = 0
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		return err
	}
	for v := range targets {
		if targets[v], err = a.targetOf(v); err != nil {
			return err
		}
	}
	for _, r := range rows {
		took := time.Duration(max(r.at-r.opened, 0)) * time.Millisecond
		c.Decided = append(c.Decided, review.Decided{At: time.UnixMilli(r.at).UTC(), Took: took, Over: took > targets[r.policy], Kinds: r.kinds})
	}
	return nil
}

// targetOf is how long a review might wait under a version of the policy.
func (a *act) targetOf(v review.PolicyVersion) (time.Duration, error) {
	if t := a.db.options.Target; t != 0 {
		return t, nil
	}
	p, err := a.policyAt(v)
	return p.Times.Target.Duration(), err
}
