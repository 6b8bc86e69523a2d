package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
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

// past names the past: while it is the same, nothing that happened is another than before. Times of
// reviews can be set anew without an entry.
type past struct {
	newest review.EntryID
	moved  int
}

func (a *act) past() (past, error) {
	var p past
	return p, a.one(`
		SELECT ifnull((SELECT max(id) FROM entry), 0), ifnull((SELECT n FROM day_counter WHERE what = 'moved' AND day = 0), 0)`,
		nil, &p.newest, &p.moved)
}

// insightKey is all that what happened in some days depends on.
type insightKey struct {
	past
	days review.DaySpan
}

func (a *act) insights(days review.DaySpan) (review.Insights, error) {
	p, err := a.past()
	if err != nil {
		return review.Insights{}, err
	}
	k := insightKey{p, days}
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

// decidedIn walks decided_by_time and reads no table. It gives all rows as one text, a line each: of a
// hundred thousand, reading them one by one would cost more than finding them.
const decidedIn = `
	SELECT ifnull(group_concat(at || ' ' || opened_at || ' ' || policy || ' ' || kinds, char(10)), '') FROM decided WHERE at >= ?1 AND at < ?2`

// decidedStep is how many days are read at once, so that the text stays short.
const decidedStep = 28

// decided reads the reviews that were decided in some days.
func (a *act) decided(c *review.InsightCounts) error {
	r := decidedReader{act: a, kinds: map[string][]review.ReportKind{}, targets: map[string]time.Duration{}}
	for from := c.Days.From; from < c.Days.To; from += decidedStep {
		var lines string
		err := a.one(decidedIn, []any{millis(from.Start()), millis(min(from+decidedStep, c.Days.To).Start())}, &lines)
		if err != nil {
			return err
		}
		for line := range strings.SplitSeq(lines, "\n") {
			if line == "" {
				continue
			}
			d, err := r.read(line)
			if err != nil {
				return fmt.Errorf("decided: %w", err)
			}
			c.Decided = append(c.Decided, d)
		}
	}
	return nil
}

// decidedReader reads lines of decidedIn. Few sets of kinds and versions of the policy come again and
// again.
type decidedReader struct {
	*act
	kinds   map[string][]review.ReportKind // as JSON
	targets map[string]time.Duration       // by version
}

func (r *decidedReader) read(line string) (review.Decided, error) {
	first, line, _ := strings.Cut(line, " ")
	second, line, _ := strings.Cut(line, " ")
	version, kinds, _ := strings.Cut(line, " ")
	at, err := strconv.ParseInt(first, 10, 64)
	opened, also := strconv.ParseInt(second, 10, 64)
	if err != nil || also != nil {
		return review.Decided{}, errors.Join(err, also)
	}
	set, known := r.kinds[kinds]
	if !known {
		if err := json.Unmarshal([]byte(kinds), &set); err != nil {
			return review.Decided{}, err
		}
		r.kinds[kinds] = set
	}
	target, known := r.targets[version]
	if !known {
		v, err := strconv.ParseInt(version, 10, 64)
		if err != nil {
			return review.Decided{}, err
		}
		if target, err = r.targetOf(review.PolicyVersion(v)); err != nil {
			return review.Decided{}, err
		}
		r.targets[version] = target
	}
	took := time.Duration(max(at-opened, 0)) * time.Millisecond
	return review.Decided{At: time.UnixMilli(at).UTC(), Took: took, Over: took > target, Kinds: set}, nil
}

// targetOf is how long a review might wait under a version of the policy.
func (a *act) targetOf(v review.PolicyVersion) (time.Duration, error) {
	if t := a.db.options.Target; t != 0 {
		return t, nil
	}
	p, err := a.policyAt(v)
	return p.Times.Target.Duration(), err
}
