package store

import (
	"context"
	"errors"

	"docket/review"
)

// Approve answers the decision of a review that waits for a second person: a lead or an admin who did
// not make it. They agree, and it takes effect; or they return it with a note, and it is back with
// the first person, findings and all. *review.BondError: they may be the first person by another name,
// and can only return it. review.ErrConflict: nothing waits any more, or another
// decision than the page showed; review.ErrStale: the evidence is not that of the decision.
func (db *DB) Approve(ctx context.Context, id review.ReviewID, by review.ColleagueID, form review.ApprovalForm) (review.Approval, error) {
	var made review.Approval
	var pending review.Decision
	err := db.write(ctx, "approve", func(a *act) error {
		r, who, err := a.reviewFor(id, by)
		if err != nil {
			return err
		}
		if pending, err = a.pending(r); err != nil {
			return err
		}
		if err := review.CanApprove(r.Review, pending, who); err != nil {
			return err
		}
		if form.Decision != 0 && form.Decision != pending.Entry {
			return review.ErrConflict
		}
		if err := form.Check(); err != nil {
			return err
		}
		if err := review.CheckEvidence(form.Evidence, r.Evidence); err != nil {
			return err
		}
		if r.Evidence != pending.Evidence {
			return review.ErrStale
		}
		if form.Answer == review.AnswerApprove {
			if err := a.mustBeTwo(pending.By, by, review.Line); err != nil {
				return err
			}
		}
		c, err := a.judgement(r, who)
		if err != nil {
			return err
		}
		if made, err = a.approval(r, pending, form.Answer, who, form.Note); err != nil {
			return err
		}
		if form.Answer == review.AnswerReturn {
			return a.giveBack(c, pending)
		}
		pending.Approval = made
		return a.takeEffect(c, pending)
	})
	if errors.Is(err, review.ErrStale) {
		err = errors.Join(err, db.fallBack(ctx, id),
			db.refuse(ctx, id, by, review.DecisionForm{Outcome: pending.Outcome, Evidence: form.Evidence}))
	}
	return made, err
}

// pending reads the decision of a review that waits for a second person; review.ErrConflict when none
// does.
func (a *act) pending(r *reviewRow) (review.Decision, error) {
	if r.pending == 0 {
		return review.Decision{}, review.ErrConflict
	}
	return a.decision(r.pending)
}

// approval writes how a wait for a second person ended, with its entry; nobody answered when there is
// no one.
func (a *act) approval(r *reviewRow, d review.Decision, answer review.Answer, who review.Colleague, note string) (review.Approval, error) {
	p := review.Approval{Decision: d.Entry, Answer: answer, By: who.ID, ByName: who.Name, At: a.now, Note: note}
	what, by := review.ActFellBack, any(nil)
	switch answer {
	case review.AnswerApprove:
		what, by = review.ActApproved, who.ID
	case review.AnswerReturn:
		what, by = review.ActReturned, who.ID
	}
	var err error
	p.Entry, err = a.record(review.Entry{Review: d.Review, Act: what, By: who.ID, Outcome: d.Outcome, Note: note, Evidence: r.Evidence, Answers: d.Entry})
	if err != nil {
		return review.Approval{}, err
	}
	_, err = a.exec(`INSERT INTO approval (entry, decision, answer, by_, at) VALUES (?, ?, ?, ?, ?)`, p.Entry, p.Decision, p.Answer, by, millis(a.now))
	return p, err
}

// giveBack returns a decision to who made it: the review is theirs again, when they may still act.
// A correction that is given back leaves the review as the earlier decision had closed it.
func (a *act) giveBack(c judgement, d review.Decision) error {
	if c.decision != 0 {
		return a.restate(c, standing{state: review.StateClosed, closing: review.ClosingDecided, closedAt: c.closedAt, outcome: c.outcome})
	}
	if err := a.restate(c, standing{state: review.StateOpen}); err != nil {
		return err
	}
	maker, err := a.actor(d.By)
	if errors.Is(err, review.ErrForbidden) {
		return nil // whoever takes it next has it
	} else if err != nil {
		return err
	}
	c.State = review.StateOpen
	return a.claim(&c.Review, maker)
}

// fallBack gives a decision that waits for a second person back, when what it rests on is not what
// the review rests on now.
func (db *DB) fallBack(ctx context.Context, id review.ReviewID) error {
	return db.write(ctx, "fall back", func(a *act) error {
		r, _, err := a.review(id)
		if err != nil || r.pending == 0 {
			return err
		}
		d, err := a.pending(r)
		if err != nil || d.Evidence == r.Evidence {
			return err
		}
		c, err := a.judgement(r, review.Colleague{})
		if err != nil {
			return err
		}
		if _, err := a.approval(r, d, review.AnswerMoved, review.Colleague{}, ""); err != nil {
			return err
		}
		return a.giveBack(c, d)
	})
}

// tellOvertaken ends in the facts and on the trail what the evidence overtook.
func (a *act) tellOvertaken(r *reviewRow) error {
	if r.pending != 0 {
		d, err := a.pending(r)
		if err != nil {
			return err
		}
		_, err = a.approval(r, d, review.AnswerMoved, review.Colleague{}, "")
		return err
	}
	why := review.WokenEvidence
	if r.State == review.StateClosed {
		why = review.WokenClosed
	}
	return a.wake(r.Review, r.wait, "", why)
}
