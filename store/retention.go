package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"docket/review"
)

// DueSubject is one subject whose earliest date of deletion has passed, and that no hold keeps.
type DueSubject struct {
	Subject review.SubjectID
	Class   review.RetentionClass
	Ended   time.Time // their time ran from here
	Due     time.Time // the earliest date of deletion
	Roots   []review.Ref
	Reviews []review.ReviewID // the newest, at most 20
	Asked   review.EntryID    // a request that waits for a second person, or for its turn; 0 none
	Goes    review.Goes       // only where it was asked for
}

// DueCursor is where a page of due subjects ended; the zero value begins at the oldest.
type DueCursor struct {
	Due     time.Time
	Subject review.SubjectID
}

// dueOfClass walks kept_due week by week.
const dueOfClass = `
	SELECT subject, since FROM kept INDEXED BY kept_due
	WHERE held = 0 AND since IS NOT NULL AND class = ?1 AND since / 604800000 BETWEEN ?3 / 604800000 AND ?2 / 604800000
	  AND since <= ?2 AND (since, subject) > (?3, ?4)
	ORDER BY since / 604800000, since, subject LIMIT ?5`

// RetentionDue lists subjects past their earliest date of deletion under the policy in force, the
// longest overdue first, behind a cursor. With counts it counts what would go of each, which walks all
// that is theirs.
func (db *DB) RetentionDue(ctx context.Context, asOf time.Time, after DueCursor, limit int, counts bool) ([]DueSubject, error) {
	var all []DueSubject
	err := db.read(ctx, "retention due", func(a *act) error {
		if err := a.whole(); err != nil {
			return err
		}
		policy, err := a.policy()
		if err != nil {
			return err
		}
		for _, class := range subjectClasses() {
			some, err := a.dueOfClass(policy, class, asOf, after, limit)
			if err != nil {
				return err
			}
			all = append(all, some...)
		}
		slices.SortFunc(all, func(x, y DueSubject) int { return cmp.Or(x.Due.Compare(y.Due), cmp.Compare(x.Subject, y.Subject)) })
		all = all[:min(len(all), limit)]
		for i := range all {
			if err := a.describeDue(&all[i], counts); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// maxHeld bounds how many subjects on hold are listed: holds are set one by one.
const maxHeld = 1_000

// RetentionHeld lists subjects past their earliest date of deletion that a hold keeps, the longest overdue
// of each class first.
func (db *DB) RetentionHeld(ctx context.Context, asOf time.Time) ([]DueSubject, error) {
	var all []DueSubject
	err := db.readWithin(ctx, checkFor, "retention held", func(a *act) error {
		policy, err := a.policy()
		if err != nil {
			return err
		}
		for _, class := range subjectClasses() {
			keep := policy.Keeps(class)
			if keep == 0 {
				continue
			}
			err := a.each(`
				SELECT subject, since FROM kept INDEXED BY kept_held WHERE held = 1 AND class = ? AND since <= ? ORDER BY since, subject LIMIT ?`,
				[]any{class, asOf.Add(-keep).UnixMilli(), maxHeld}, func(scan func(...any) error) error {
					d := DueSubject{Class: class}
					err := scan(&d.Subject, timeColumn{&d.Ended})
					d.Due = d.Ended.Add(keep)
					all = append(all, d)
					return err
				})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

func subjectClasses() []review.RetentionClass {
	return []review.RetentionClass{review.RetainCleared, review.RetainDeclined, review.RetainUnjudged}
}

func (a *act) dueOfClass(p review.Policy, class review.RetentionClass, asOf time.Time, after DueCursor, limit int) ([]DueSubject, error) {
	keep := p.Keeps(class)
	if keep == 0 {
		return nil, nil
	}
	from := int64(-1 << 62)
	if !after.Due.IsZero() {
		from = after.Due.Add(-keep).UnixMilli()
	}
	var all []DueSubject
	err := a.each(dueOfClass, []any{class, asOf.Add(-keep).UnixMilli(), from, after.Subject, limit}, func(scan func(...any) error) error {
		d := DueSubject{Class: class}
		err := scan(&d.Subject, timeColumn{&d.Ended})
		d.Due = d.Ended.Add(keep)
		all = append(all, d)
		return err
	})
	return all, err
}

func (a *act) describeDue(d *DueSubject, counts bool) error {
	s, err := a.subjectOf(d.Subject)
	if err != nil {
		return err
	}
	if d.Roots, err = a.refs(s.roots); err != nil {
		return err
	}
	_, reviews, err := a.newestOf(s.roots)
	if err != nil {
		return err
	}
	for _, id := range reviews[max(0, len(reviews)-20):] {
		d.Reviews = append(d.Reviews, review.ReviewID(id))
	}
	if err := a.one(`
		SELECT ifnull(max(s.request), 0) FROM erasure_subject s LEFT JOIN erasure_answer w ON w.request = s.request
		WHERE s.subject = ? AND s.state = 'asked' AND w.answer IS NOT 'refuse'`, []any{d.Subject}, &d.Asked); err != nil {
		return err
	}
	if counts {
		d.Goes, _, err = a.goes(s)
	}
	return err
}

// RetentionCount is how many subjects, or rows of the access log, one class has.
type RetentionCount struct {
	Class review.RetentionClass
	Days  int // that the policy keeps it; 0: as long as there is a database
	All   int
	Due   int
	Held  int
}

// RetentionCounts counts by class, in the order of review.RetentionClasses.
func (db *DB) RetentionCounts(ctx context.Context, asOf time.Time) ([]RetentionCount, error) {
	var all []RetentionCount
	err := db.readWithin(ctx, checkFor, "retention counts", func(a *act) error {
		policy, err := a.policy()
		if err != nil {
			return err
		}
		for _, class := range review.RetentionClasses() {
			c := RetentionCount{Class: class}
			keep := policy.Keeps(class)
			c.Days = int(keep / (24 * time.Hour))
			until := int64(-1 << 62)
			if keep > 0 {
				until = asOf.Add(-keep).UnixMilli()
			}
			if class == review.RetainAccess {
				err = a.one(`SELECT (SELECT count(*) FROM access), (SELECT count(*) FROM access WHERE last_at <= ? AND first_at <= ?1)`, []any{until}, &c.All, &c.Due)
			} else {
				err = a.one(`
					SELECT (SELECT count(*) FROM kept WHERE class = ?1),
					  (SELECT count(*) FROM kept INDEXED BY kept_due
					    WHERE held = 0 AND since IS NOT NULL AND class = ?1 AND since / 604800000 <= ?2 / 604800000 AND since <= ?2),
					  (SELECT count(*) FROM kept INDEXED BY kept_held WHERE held = 1 AND class = ?1)`, []any{class, until}, &c.All, &c.Due, &c.Held)
			}
			if err != nil {
				return err
			}
			all = append(all, c)
		}
		return nil
	})
	return all, err
}

// RetentionOf says what keeps the subject of a review, and until when.
func (db *DB) RetentionOf(ctx context.Context, id review.ReviewID) (subject review.SubjectID, class review.RetentionClass, due time.Time, err error) {
	err = db.read(ctx, "retention of", func(a *act) error {
		var ended int64
		if err := a.one(`SELECT k.subject FROM review r JOIN kept k ON k.root = r.root WHERE r.id = ?`, []any{id}, &subject); err != nil {
			return err
		}
		s, err := a.subjectOf(subject)
		if err != nil {
			return err
		}
		if err := a.one(`SELECT class, ifnull(since, 0) FROM kept WHERE root = ?`, []any{s.roots[0]}, &class, &ended); err != nil {
			return err
		}
		policy, err := a.policy()
		if keep := policy.Keeps(class); err == nil && keep > 0 && ended > 0 {
			due = instant(ended).Add(keep)
		}
		return err
	})
	return subject, class, due, err
}
