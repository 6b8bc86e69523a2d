package store

import (
	"context"
	"time"

	"docket/review"
)

// Want notes what is to be fetched, and says how much of it is new: the same thing for the same
// cause is one errand, done or not. NextAt is when at the earliest, zero: now.
func (db *DB) Want(ctx context.Context, errands []review.Errand) (fresh int, err error) {
	if len(errands) == 0 {
		return 0, nil
	}
	err = db.write(ctx, "want", func(a *act) error {
		fresh = 0
		for _, e := range errands {
			next := e.NextAt
			if next.IsZero() {
				next = a.now
			}
			n, err := a.changes(`
				INSERT INTO errand (kind, type, rid, cause, state, tries, at, next_at, problem) VALUES (?, ?, ?, ?, 'waiting', 0, ?, ?, '')
				ON CONFLICT DO NOTHING`, e.Kind, e.Ref.Type, e.Ref.ID, e.Cause, a.now.UnixMilli(), next.UnixMilli())
			if err != nil {
				return err
			}
			fresh += int(n)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return fresh, nil
}

const (
	errandSelect = `SELECT id, kind, type, rid, cause, state, tries, at, next_at, problem FROM errand `
	errandsDue   = errandSelect + `INDEXED BY errand_due WHERE state = 'waiting' AND next_at <= ?1 ORDER BY next_at, id LIMIT ?2`
	errandsList  = errandSelect + `WHERE state = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3` // errand_by_state
)

// DueErrands gives the errands to be run now, the one that waits longest first.
func (db *DB) DueErrands(ctx context.Context, limit int) ([]review.Errand, error) {
	return db.errands(ctx, errandsDue, db.now().UnixMilli(), limit)
}

// Errands lists errands by state, those of the first state first, newest first in each. After is where an
// earlier page ended, "" the first page; next is "" on the last. A place that is none is review.ErrNotFound.
func (db *DB) Errands(ctx context.Context, states []review.ErrandState, after string, limit int) (found []review.Errand, next string, err error) {
	return byState(states, after, limit,
		func(state review.ErrandState, below int64, limit int) ([]review.Errand, error) {
			return db.errands(ctx, errandsList, state, below, limit)
		},
		func(e review.Errand) (review.ErrandState, int64) { return e.State, int64(e.ID) })
}

func (db *DB) errands(ctx context.Context, query string, args ...any) ([]review.Errand, error) {
	var found []review.Errand
	err := db.read(ctx, "errands", func(a *act) error {
		return a.each(query, args, func(scan func(...any) error) error {
			var e review.Errand
			err := scan(&e.ID, &e.Kind, &e.Ref.Type, &e.Ref.ID, &e.Cause, &e.State, &e.Tries, timeColumn{&e.At}, timeColumn{&e.NextAt}, &e.Problem)
			found = append(found, e)
			return err
		})
	})
	return found, err
}

// NextErrand says when the next errand is due, zero when none waits.
func (db *DB) NextErrand(ctx context.Context) (time.Time, error) {
	var at time.Time
	err := db.read(ctx, "next errand", func(a *act) error {
		return a.one(`SELECT min(next_at) FROM errand WHERE state = 'waiting'`, nil, timeColumn{&at})
	})
	return at, err
}

// BeginErrand takes an errand that is due, so that nobody else runs it. review.ErrConflict when it must
// not be run: it is not due any more, or another docket on this database runs it right now. Whoever begins
// and never notes how it ended loses it after the lease.
func (db *DB) BeginErrand(ctx context.Context, id review.ErrandID, lease time.Duration) error {
	return db.write(ctx, "begin errand", func(a *act) error {
		return a.changeErrand(id, `UPDATE errand SET holder = ?, next_at = ? WHERE id = ? AND state = 'waiting' AND next_at <= ?`,
			db.holder, a.now.Add(lease).UnixMilli(), id, a.now.UnixMilli())
	})
}

// LeaveErrand gives back an errand that was begun and did not come to its end, for whoever comes next.
// review.ErrConflict: it is somebody else's.
func (db *DB) LeaveErrand(ctx context.Context, id review.ErrandID) error {
	return db.write(ctx, "leave errand", func(a *act) error {
		return a.changeErrand(id, `UPDATE errand SET holder = '', next_at = ? WHERE id = ? AND state = 'waiting' AND holder = ?`,
			a.now.UnixMilli(), id, db.holder)
	})
}

// ErrandDone notes that an errand was run, whoever did; review.ErrNotFound when there is none.
func (db *DB) ErrandDone(ctx context.Context, id review.ErrandID) error {
	return db.changeErrand(ctx, id, `UPDATE errand SET state = 'done', holder = '', tries = tries + 1, problem = '' WHERE id = ?`, id)
}

// ErrandAgain notes that a try met a problem and when the next one is due. An errand that no
// longer waits, or that somebody else runs by now, is review.ErrConflict.
func (db *DB) ErrandAgain(ctx context.Context, id review.ErrandID, next time.Time, problem string) error {
	return db.changeErrand(ctx, id, `
		UPDATE errand SET holder = '', tries = tries + 1, next_at = ?, problem = ? WHERE id = ? AND state = 'waiting' AND holder IN ('', ?)`,
		next.UnixMilli(), clipProblem(problem), id, db.holder)
}

// ErrandFailed gives an errand up, until a person has it tried again. An errand that no longer
// waits, or that somebody else runs by now, is review.ErrConflict.
func (db *DB) ErrandFailed(ctx context.Context, id review.ErrandID, problem string) error {
	return db.changeErrand(ctx, id, `
		UPDATE errand SET state = 'failed', holder = '', tries = tries + 1, problem = ? WHERE id = ? AND state = 'waiting' AND holder IN ('', ?)`,
		clipProblem(problem), id, db.holder)
}

// RetryErrand has an errand that waits or failed run now. Leads and admins may; one that is done, or that
// is being run, is review.ErrConflict.
func (db *DB) RetryErrand(ctx context.Context, id review.ErrandID, by review.ColleagueID) error {
	return db.write(ctx, "retry errand", func(a *act) error {
		if _, err := a.lead(by); err != nil {
			return err
		}
		return a.changeErrand(id, `
			UPDATE errand SET state = 'waiting', holder = '', next_at = ?1, problem = '' WHERE id = ?2 AND state <> 'done'
			AND (holder = '' OR next_at <= ?1)`, a.now.UnixMilli(), id)
	})
}

func (db *DB) changeErrand(ctx context.Context, id review.ErrandID, query string, args ...any) error {
	return db.write(ctx, "errand", func(a *act) error { return a.changeErrand(id, query, args...) })
}

func (a *act) changeErrand(id review.ErrandID, query string, args ...any) error {
	n, err := a.changes(query, args...)
	if err != nil || n == 1 {
		return err
	}
	var state review.ErrandState
	if err := a.one(`SELECT state FROM errand WHERE id = ?`, []any{id}, &state); err != nil {
		return err
	}
	return review.ErrConflict
}

// lead reads a lead or admin who is about to act, else review.ErrForbidden.
func (a *act) lead(by review.ColleagueID) (review.Colleague, error) {
	who, err := a.actor(by)
	if err == nil && who.Role != review.RoleLead && who.Role != review.RoleAdmin {
		err = review.ErrForbidden
	}
	return who, err
}

// maxProblem bounds what is kept of a problem, in characters.
const maxProblem = 1_000

func clipProblem(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxProblem {
			return s[:i] + "…"
		}
	}
	return s
}
