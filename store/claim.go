package store

import (
	"context"
	"errors"

	"docket/review"
)

// Claim takes a review for a colleague. Their own claim is renewed; someone else's running one
// is review.ErrConflict, unless a lead or admin takes it over.
func (db *DB) Claim(ctx context.Context, id review.ReviewID, by review.ColleagueID, takeOver bool) (review.Review, error) {
	var out review.Review
	err := db.write(ctx, "claim", func(a *act) error {
		r, who, err := a.reviewFor(id, by)
		if err != nil {
			return err
		}
		if takeOver && r.State != review.StateClosed {
			if who.Role != review.RoleLead && who.Role != review.RoleAdmin {
				return review.ErrForbidden
			}
			r.Claim = review.Claim{}
		}
		if err := review.CanActOn(r.Review, who, a.now); err != nil {
			return err
		}
		if r.State != review.StateOpen {
			return review.ErrConflict // what waits is taken up by waking it, or by the second person's answer
		}
		if err := a.claim(&r.Review, who); err != nil {
			return err
		}
		out = r.Review
		return nil
	})
	return out, err
}

// claim gives a free review to a colleague, or moves the end of their claim.
func (a *act) claim(r *review.Review, who review.Colleague) error {
	renewed := r.Claim.Active(a.now) && r.Claim.By == who.ID
	if !renewed {
		r.Claim = review.Claim{By: who.ID, Name: who.Name, At: a.now}
	}
	lasts, err := a.claimFor()
	if err != nil {
		return err
	}
	r.Claim.Until = a.now.Add(lasts)
	_, err = a.exec(`
		INSERT INTO claim (review, by_, at, until) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET by_ = excluded.by_, at = excluded.at, until = excluded.until`,
		r.ID, r.Claim.By, millis(r.Claim.At), millis(r.Claim.Until))
	if err != nil || renewed {
		return err
	}
	if _, err := a.record(review.Entry{Review: r.ID, Act: review.ActClaimed, By: who.ID, Evidence: r.Evidence}); err != nil {
		return err
	}
	// From now on the page may be judged from: what it shows must stay to be had.
	return a.keepShown(*r)
}

// renew moves the end of a colleague's own running claim, because they acted.
func (a *act) renew(r review.Review, by review.ColleagueID) error {
	if r.Claim.By != by || !r.Claim.Active(a.now) {
		return nil
	}
	lasts, err := a.claimFor()
	if err != nil {
		return err
	}
	_, err = a.exec(`UPDATE claim SET until = ? WHERE review = ?`, millis(a.now.Add(lasts)), r.ID)
	return err
}

// Release gives a review back. Releasing what nobody holds changes nothing; what someone else
// holds is review.ErrConflict.
func (db *DB) Release(ctx context.Context, id review.ReviewID, by review.ColleagueID) error {
	return db.write(ctx, "release", func(a *act) error {
		r, who, err := a.reviewFor(id, by)
		if err != nil {
			return err
		}
		if err := review.CanActOn(r.Review, who, a.now); err != nil {
			return err
		}
		if !r.Claim.Active(a.now) {
			return nil
		}
		if _, err := a.exec(`DELETE FROM claim WHERE review = ?`, id); err != nil {
			return err
		}
		if _, err := a.record(review.Entry{Review: id, Act: review.ActReleased, By: by, Evidence: r.Evidence}); err != nil {
			return err
		}
		return a.keepShown(r.Review)
	})
}

// Next claims the oldest open review that nobody holds; review.ErrNotFound when there is none. What was
// handed to a lead, and taken up by nobody since, only a lead or an admin gets so.
func (db *DB) Next(ctx context.Context, by review.ColleagueID) (review.ReviewID, error) {
	var next review.ReviewID
	err := db.write(ctx, "next", func(a *act) error {
		if err := a.whole(); err != nil {
			return err
		}
		who, err := a.actor(by)
		if err != nil {
			return err
		}
		var id review.ReviewID
		leads := who.Role == review.RoleLead || who.Role == review.RoleAdmin
		// By queue_by_age, past the few that are taken.
		err = a.one(`
			SELECT q.id FROM queue q
			WHERE q.state = 'open' AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.review = q.id AND c.until > ?)
			AND (? OR NOT EXISTS (SELECT 1 FROM escalation x WHERE x.review = q.id AND NOT EXISTS (
			  SELECT 1 FROM entry e WHERE e.review = x.review AND e.id > x.entry AND e.act = 'claimed')))
			ORDER BY q.opened_at, q.id LIMIT 1`, []any{a.now.UnixMilli(), leads}, &id)
		if err != nil {
			return err
		}
		r, _, err := a.review(id)
		if err != nil {
			return err
		}
		next = id
		return a.claim(&r.Review, who)
	})
	return next, err
}

// actor reads a colleague who is about to act: the role is the one of this moment.
func (a *act) actor(by review.ColleagueID) (review.Colleague, error) {
	who, err := a.colleague(by)
	if errors.Is(err, review.ErrNotFound) || err == nil && (who.Disabled || !who.Role.Acts()) {
		return review.Colleague{}, review.ErrForbidden
	}
	return who, err
}

// reviewFor reads a review and who is about to act on it.
func (a *act) reviewFor(id review.ReviewID, by review.ColleagueID) (*reviewRow, review.Colleague, error) {
	if err := a.whole(); err != nil {
		return nil, review.Colleague{}, err
	}
	who, err := a.actor(by)
	if err != nil {
		return nil, who, err
	}
	r, _, err := a.review(id)
	return r, who, err
}

// rootOf gives the root of a review, and its row.
func (a *act) rootOf(id review.ReviewID) (root int64, ref review.Ref, err error) {
	err = a.one(`
		SELECT t.id, w.text, t.rid FROM review r JOIN resource t ON t.id = r.root JOIN word w ON w.id = t.family WHERE r.id = ?`,
		[]any{id}, &root, &ref.Type, &ref.ID)
	return root, ref, err
}
