package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"

	"docket/review"
)

// Decide closes a review that the colleague holds. When the evidence has moved since their page
// was shown nothing is decided, the trail says that it was tried, and the answer is
// review.ErrStale.
func (db *DB) Decide(ctx context.Context, id review.ReviewID, by review.ColleagueID, form review.DecisionForm) (review.Decision, error) {
	var made review.Decision
	err := db.write(ctx, "decide", func(a *act) error {
		c, err := a.judge(id, by, form.Evidence)
		if err != nil {
			return err
		}
		if err := form.Check(c.open, c.stands, c.dossier.Untold()); err != nil {
			return err
		}
		if made, err = a.decide(c, c.open, form, review.ActDecided); err != nil {
			return err
		}
		return a.closeDecided(c, made)
	})
	if errors.Is(err, review.ErrStale) {
		err = errors.Join(err, db.refuse(ctx, id, by, form))
	}
	return made, err
}

// Correct adds a later decision to a review that a decision closed; the earlier one stays on
// the record. Only leads and admins may. It rests on the matches of the decision that it corrects,
// and approves only on findings that still stand: nobody can give new ones to a closed review,
// so to decline, what was found will do.
func (db *DB) Correct(ctx context.Context, id review.ReviewID, by review.ColleagueID, form review.DecisionForm) (review.Decision, error) {
	var made review.Decision
	err := db.write(ctx, "correct", func(a *act) error {
		r, who, err := a.reviewFor(id, by)
		switch {
		case err != nil:
			return err
		case who.Role != review.RoleLead && who.Role != review.RoleAdmin:
			return review.ErrForbidden
		case r.decision == 0, form.Corrects != 0 && form.Corrects != r.decision:
			return review.ErrConflict // nothing to correct, or someone corrected it first
		}
		if err := review.CheckEvidence(form.Evidence, r.Evidence); err != nil {
			return err
		}
		c, err := a.judgement(r, who)
		if err != nil {
			return err
		}
		// Some of them may be open no longer, as Persona was told of the earlier decision.
		judged := make([]review.Match, len(r.judged))
		for i, key := range r.judged {
			judged[i].Key = key
		}
		if form.Outcome == review.Decline {
			c.stands = c.found
		}
		if err := form.Check(judged, c.stands, c.dossier.Untold()); err != nil {
			return err
		}
		if made, err = a.decide(c, judged, form, review.ActCorrected); err != nil {
			return err
		}
		_, err = a.exec(`UPDATE queue SET outcome = ? WHERE id = ?`, made.Outcome, id)
		return err
	})
	if errors.Is(err, review.ErrStale) {
		err = errors.Join(err, db.refuse(ctx, id, by, form))
	}
	return made, err
}

// decide writes a decision with its entry and evidence.
func (a *act) decide(c judgement, open []review.Match, form review.DecisionForm, what review.Act) (review.Decision, error) {
	if err := a.keepEvidence(c.Evidence, c.bundle.Bundle); err != nil {
		return review.Decision{}, err
	}
	d := review.Decision{Review: c.ID, Outcome: form.Outcome, Reason: form.Reason, Note: form.Note, By: c.who.ID, ByName: c.who.Name,
		ByRole: c.who.Role, At: a.now, Evidence: c.Evidence, Tally: review.TallyOf(open, c.stands),
		Comparator: review.ComparatorVersion, Policy: a.policyVersion(), Corrects: c.decision}
	for _, m := range open {
		d.Matches = append(d.Matches, m.Key)
	}
	var err error
	d.Entry, err = a.record(review.Entry{Review: c.ID, Act: what, By: d.By, Outcome: d.Outcome, Reason: d.Reason, Note: d.Note,
		Matches: d.Matches, Evidence: d.Evidence})
	if err != nil {
		return review.Decision{}, err
	}
	var corrects any
	if d.Corrects != 0 {
		corrects = d.Corrects
	}
	_, err = a.exec(`
		INSERT INTO decision (entry, review, at, by_, outcome, matches, false_positives, true_matches, cannot_tell, comparator, policy, second, corrects)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.Entry, d.Review, a.now.UnixMilli(), d.By, d.Outcome, d.Tally.Matches, d.Tally.FalsePositives, d.Tally.TrueMatches,
		d.Tally.CannotTell, d.Comparator, d.Policy, d.Second, corrects)
	if err != nil {
		return review.Decision{}, err
	}
	return d, a.planPushes(c, d)
}

// closeDecided ends a review by its decision, in the facts and in the queue.
func (a *act) closeDecided(c judgement, d review.Decision) error {
	n, err := a.changes(`
		UPDATE review SET state = 'closed', closing = 'decided', closed_at = ?, left_status = '' WHERE id = ? AND state = 'open'`,
		a.now.UnixMilli(), c.ID)
	if err != nil {
		return err
	}
	if n != 1 {
		return review.ErrConflict
	}
	if _, err := a.exec(`DELETE FROM claim WHERE review = ?`, c.ID); err != nil {
		return err
	}
	had, err := a.facetPlace(int64(c.ID))
	if err != nil {
		return err
	}
	now := had
	now.state = string(review.StateClosed)
	text := searchText(c.dossier)
	scope := scopeText(now.facets)
	now.words = review.Sum([]byte(text + "\x00" + scope))
	if _, err := a.exec(`UPDATE queue SET state = ?, closed_at = ?, closing = ?, outcome = ?, words = ? WHERE id = ?`,
		now.state, a.now.UnixMilli(), review.ClosingDecided, d.Outcome, now.words[:], c.ID); err != nil {
		return err
	}
	if err := a.moveFacets(int64(c.ID), &had, &now); err != nil {
		return err
	}
	a.index(int64(c.ID), entryOfIndex{from: seat(had.state, had.openedAt, int64(c.ID)), to: seat(now.state, now.openedAt, int64(c.ID)), text: text, scope: scope})
	return nil
}

// refuse tells the trail of a decision on evidence that had moved.
func (db *DB) refuse(ctx context.Context, id review.ReviewID, by review.ColleagueID, form review.DecisionForm) error {
	return db.write(ctx, "refuse", func(a *act) error {
		shown, err := review.ParseHash(form.Evidence)
		if err != nil {
			return err
		}
		// A digest that stands for nothing is of a form that no page made: it is not worth naming.
		if have, err := a.hasEvidence(shown); err != nil {
			return err
		} else if !have {
			shown = review.Hash{}
		}
		outcome := form.Outcome
		if !slices.Contains(review.Outcomes(), outcome) {
			outcome = ""
		}
		_, err = a.record(review.Entry{Review: id, Act: review.ActRefused, By: by, Outcome: outcome, Evidence: shown})
		return err
	})
}

// decisionsOf gives the decisions of a review, newest first.
func (a *act) decisionsOf(id review.ReviewID) ([]review.Decision, error) {
	return a.decisionsUntil(id, math.MaxInt64)
}

// decisionsUntil gives the same as it stood when an entry was written, that one included.
func (a *act) decisionsUntil(id review.ReviewID, last review.EntryID) ([]review.Decision, error) {
	return a.decisions(`
		SELECT d.entry, d.review, d.outcome, e.reason, e.note, d.by_, e.by_name, e.by_role, d.at, e.evidence, e.matches,
		       d.matches, d.false_positives, d.true_matches, d.cannot_tell, d.comparator, d.policy, d.second, d.corrects
		FROM decision d JOIN entry e ON e.id = d.entry WHERE d.review = ? AND d.entry <= ? ORDER BY d.entry DESC`, id, last)
}

// decisionsOfRoot gives the decisions of all reviews of a root, newest first.
func (a *act) decisionsOfRoot(root int64) ([]review.Decision, error) {
	return a.decisions(`
		SELECT d.entry, d.review, d.outcome, e.reason, e.note, d.by_, e.by_name, e.by_role, d.at, e.evidence, e.matches,
		       d.matches, d.false_positives, d.true_matches, d.cannot_tell, d.comparator, d.policy, d.second, d.corrects
		FROM review r JOIN decision d ON d.review = r.id JOIN entry e ON e.id = d.entry WHERE r.root = ? ORDER BY d.entry DESC`, root)
}

func (a *act) decisions(query string, args ...any) ([]review.Decision, error) {
	var all []review.Decision
	err := a.each(query, args, func(scan func(...any) error) error {
		var d review.Decision
		row := decisionColumns{&d, sql.NullInt64{}}
		err := scan(row.columns()...)
		row.settle()
		all = append(all, d)
		return err
	})
	return all, err
}

// decisionColumns reads a decision: entry, review, outcome, reason, note, by, name, role, at,
// evidence, matches, the four counts, comparator, policy, second, corrects.
type decisionColumns struct {
	d        *review.Decision
	corrects sql.NullInt64
}

func (c *decisionColumns) columns() []any {
	d := c.d
	return []any{&d.Entry, &d.Review, &d.Outcome, &d.Reason, &d.Note, &d.By, &d.ByName, &d.ByRole, timeColumn{&d.At}, hashColumn{&d.Evidence},
		listColumn[review.MatchKey]{&d.Matches}, &d.Tally.Matches, &d.Tally.FalsePositives, &d.Tally.TrueMatches, &d.Tally.CannotTell,
		&d.Comparator, &d.Policy, &d.Second, &c.corrects}
}

func (c *decisionColumns) settle() { c.d.Corrects = review.EntryID(c.corrects.Int64) }
