package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"docket/review"
	"docket/store"
)

// rates puts a policy in force under which more is looked at twice than by default: so little is
// decided in the demo that one in eight would be next to nothing. It takes two admins; one has left.
func (d *demo) rates(ctx context.Context, db *store.DB, hash string) error {
	const left = "ottilie"
	if err := db.AddColleague(ctx, review.Colleague{ID: left, Name: "Ottilie Brandvold", Role: review.RoleAdmin}, hash, ""); err != nil {
		return err
	}
	p, err := db.Policy(ctx)
	if err != nil {
		return err
	}
	p.Sampling = review.Sampling{Findings: 2, Decisions: 3, Known: 4}
	if p.Version, err = db.ProposePolicy(ctx, left, p, "Look at much twice while the rules are new."); err != nil {
		return fmt.Errorf("demo: propose a policy: %w", err)
	}
	if err := db.EnactPolicy(ctx, p.Version, "admin", p.Digest()); err != nil {
		return fmt.Errorf("demo: put a policy in force: %w", err)
	}
	return db.SetDisabled(ctx, left, true, "admin")
}

// secondLooks has colleagues look a second time at what the month had them decide. Most come to the
// same; of those that do not, one is settled.
func (d *demo) secondLooks(ctx context.Context, db *store.DB) error {
	if err := d.known(ctx, db); err != nil {
		return err
	}
	for i, by := range []review.ColleagueID{"reviewer", "lead", "reviewer", "admin", "lead", "reviewer", "lead", "admin", "reviewer"} {
		if err := d.secondLook(ctx, db, by, i == 5); err != nil {
			return err
		}
	}
	return d.settled(ctx, db)
}

// secondLook has a colleague look at what comes next, if something does.
func (d *demo) secondLook(ctx context.Context, db *store.DB, by review.ColleagueID, otherwise bool) error {
	token, err := db.TakeLook(ctx, by)
	if errors.Is(err, review.ErrNotFound) {
		return nil
	} else if err != nil {
		return fmt.Errorf("demo: take a second look: %w", err)
	}
	d.pass(4 * time.Minute)
	look, err := db.SecondLook(ctx, token, by)
	if err != nil {
		return fmt.Errorf("demo: a second look: %w", err)
	}
	form, err := d.answered(look, otherwise)
	if err != nil {
		return err
	}
	if err := db.Examine(ctx, token, by, form); err != nil {
		return fmt.Errorf("demo: answer a second look: %w", err)
	}
	return nil
}

// answered is what a second person says, otherwise than most or not.
func (d *demo) answered(look review.SecondLook, otherwise bool) (review.ExamineForm, error) {
	compared, err := look.Compared()
	if err != nil {
		return review.ExamineForm{}, err
	}
	doubt := review.ExamineForm{Finding: review.CannotTell, Reason: review.ReasonOther, Missing: []review.Fact{review.FactOther},
		Note: "The list says “about” of the year. A document would settle it; none was read."}
	switch {
	case look.Kind == review.SampleDecision && otherwise:
		return review.ExamineForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: "One of the names is the same in both scripts; nothing rules it out."}, nil
	case look.Kind == review.SampleDecision && d.declined(look):
		return review.ExamineForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: "The letter stays without an answer; not without it."}, nil
	case look.Kind == review.SampleDecision && len(compared) == 0:
		return review.ExamineForm{Outcome: review.Approve, Reason: review.ReasonNoMatch}, nil
	case look.Kind == review.SampleDecision:
		return review.ExamineForm{Outcome: review.Approve, Reason: review.ReasonAllFalsePositive}, nil
	case otherwise:
		return doubt, nil
	}
	said := finding(compared[0])
	if said.Finding != review.FalsePositive {
		return review.ExamineForm{Finding: review.FalsePositive, Reason: review.ReasonDocument, Premises: []string{string(review.PremiseOther)},
			Note: "Another person by the picture."}, nil
	}
	return review.ExamineForm{Finding: said.Finding, Reason: said.Reason, Note: "Identity card read again.", Premises: said.Premises}, nil
}

// declined says that the first decided so: whom they looked at stands declined by now.
func (d *demo) declined(look review.SecondLook) bool {
	s := d.stories[look.Dossier.Transaction.ID]
	return s != nil && s.status == "declined"
}

// known marks the first cleared match that there is.
func (d *demo) known(ctx context.Context, db *store.DB) error {
	for id := review.ReviewID(1); ; id++ {
		f, err := db.ReviewFile(ctx, id)
		if errors.Is(err, review.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		if f.Review.Closing == review.ClosingDecided && len(f.Found) > 0 && f.Found[0].Finding == review.FalsePositive {
			return db.MarkKnown(ctx, f.Found[0].Entry, "admin", review.FalsePositive, "A court file names the listed party’s parents; they are others.")
		}
	}
}

// settled has a lead who is neither of the two settle one disagreement.
func (d *demo) settled(ctx context.Context, db *store.DB) error {
	all, err := db.Disagreements(ctx)
	if err != nil {
		return err
	}
	for _, g := range all {
		for _, by := range []review.ColleagueID{"admin", "lead"} {
			err := db.Resolve(ctx, g.ID, by, review.ResolveForm{Upheld: review.UpheldFirst, Note: "The register of births was read the first time; it stands."})
			if !errors.Is(err, review.ErrForbidden) {
				return err
			}
		}
	}
	return nil
}
