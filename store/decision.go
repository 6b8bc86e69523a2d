package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"docket/review"
)

// Decide decides a review that the colleague holds. Where the policy asks for no second person that
// closes it; else it waits for one (review.Decision.Awaits), and until then nothing is told to
// anybody. When the evidence has moved since their page was shown nothing is decided, the trail
// says that it was tried, and the answer is review.ErrStale.
func (db *DB) Decide(ctx context.Context, id review.ReviewID, by review.ColleagueID, form review.DecisionForm) (review.Decision, error) {
	var made review.Decision
	err := db.write(ctx, "decide", func(a *act) error {
		c, err := a.judge(id, by, form.Evidence)
		if err != nil {
			return err
		}
		policy, err := a.policy()
		if err != nil {
			return err
		}
		if err := form.Check(policy, c.open, c.stands, c.dossier.Untold()); err != nil {
			return err
		}
		made, err = a.decide(c, c.open, form, review.ActDecided)
		return err
	})
	if errors.Is(err, review.ErrStale) {
		err = errors.Join(err, db.refuse(ctx, id, by, form))
	}
	return made, err
}

// Correct adds a later decision to a review that a decision closed; the earlier one stays on
// the record, and in effect while the correction waits for a second person. Only leads and admins
// may. It rests on the matches of the decision that it corrects, and approves only on findings that
// still stand: nobody can give new ones to a closed review, so to decline, what was found will do.
func (db *DB) Correct(ctx context.Context, id review.ReviewID, by review.ColleagueID, form review.DecisionForm) (review.Decision, error) {
	var made review.Decision
	err := db.write(ctx, "correct", func(a *act) error {
		r, who, err := a.reviewFor(id, by)
		switch {
		case err != nil:
			return err
		case who.Role != review.RoleLead && who.Role != review.RoleAdmin:
			return review.ErrForbidden
		case r.decision == 0, r.pending != 0, form.Corrects != 0 && form.Corrects != r.decision:
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
		judged := c.dossier.Judged(r.judged)
		if form.Outcome == review.Decline {
			c.stands = c.found
		}
		policy, err := a.policy()
		if err != nil {
			return err
		}
		if err := form.Check(policy, judged, c.stands, c.dossier.Untold()); err != nil {
			return err
		}
		made, err = a.decide(c, judged, form, review.ActCorrected)
		return err
	})
	if errors.Is(err, review.ErrStale) {
		err = errors.Join(err, db.refuse(ctx, id, by, form))
	}
	return made, err
}

// decide writes a decision with its entry and evidence. It takes effect, or waits for a second person.
func (a *act) decide(c judgement, open []review.Match, form review.DecisionForm, what review.Act) (review.Decision, error) {
	if err := a.keepEvidence(c.Evidence, c.bundle.Bundle); err != nil {
		return review.Decision{}, err
	}
	policy, err := a.policy()
	if err != nil {
		return review.Decision{}, err
	}
	facts, err := a.decisionFacts(c, open, form)
	if err != nil {
		return review.Decision{}, err
	}
	asks := policy.Asks(facts)
	d := review.Decision{Review: c.ID, Outcome: form.Outcome, Reason: form.Reason, Note: form.Note, By: c.who.ID, ByName: c.who.Name,
		ByRole: c.who.Role, At: a.now, Evidence: c.Evidence, Tally: facts.Tally,
		Comparator: review.ComparatorVersion, Policy: policy.Version, Second: len(asks) > 0, Asks: asks, Corrects: c.decision}
	for _, m := range open {
		d.Matches = append(d.Matches, m.Key)
	}
	detail := facts.Detail(asks)
	if ticked := form.Ticked(policy.ChecklistFor(open)); len(ticked) > 0 {
		detail["checked"] = strings.Join(ticked, ",")
	}
	d.Entry, err = a.record(review.Entry{Review: c.ID, Act: what, By: d.By, Outcome: d.Outcome, Reason: d.Reason, Note: d.Note,
		Matches: d.Matches, Evidence: d.Evidence, Detail: detail})
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
	if err := a.markLate(d, c.OpenedAt, policy); err != nil {
		return review.Decision{}, err
	}
	if d.Second {
		return d, a.restate(c, standing{state: review.StateApproval, outcome: c.outcome})
	}
	return d, a.takeEffect(c, d)
}

// decisionFacts reads what says whether a decision needs a second person.
func (a *act) decisionFacts(c judgement, open []review.Match, form review.DecisionForm) (review.DecisionFacts, error) {
	earlier, err := a.judged(c.root, c.ID, math.MaxInt64)
	if err != nil {
		return review.DecisionFacts{}, err
	}
	f := review.FactsOf(c.dossier, c.parties, open, c.stands, earlier)
	f.Outcome, f.Reason, f.Corrects = form.Outcome, form.Reason, c.decision != 0
	err = a.one(`SELECT EXISTS (SELECT 1 FROM escalation WHERE review = ?)`, []any{c.ID}, &f.Escalated)
	return f, err
}

// takeEffect is where every decision goes that counts from now on, a correction too: made by one
// person where that is enough, or agreed to by a second. It closes the review, draws what
// of it is looked at twice, and plans what Persona is told.
func (a *act) takeEffect(c judgement, d review.Decision) error {
	if d.Corrects != 0 && d.Outcome == review.Decline {
		c.stands = c.found // as when it was made
	}
	closedAt := c.closedAt
	if closedAt.IsZero() {
		closedAt = a.now
	}
	if err := a.restate(c, standing{state: review.StateClosed, closing: review.ClosingDecided, closedAt: closedAt, outcome: d.Outcome}); err != nil {
		return err
	}
	if err := a.draw(c, d); err != nil {
		return err
	}
	return a.planPushes(c, d)
}

// standing is where a review is to stand.
type standing struct {
	state    review.State
	closing  review.Closing
	closedAt time.Time      // when it closed, by our clock
	outcome  review.Outcome // of the decision that counts
}

// restate moves a review to another state, in the facts and in the queue; a claim on it ends.
// review.ErrConflict when it is not where it was read.
func (a *act) restate(c judgement, to standing) error {
	n, err := a.changes(`UPDATE review SET state = ?, closing = ?, closed_at = ?, left_status = '' WHERE id = ? AND state = ?`,
		to.state, to.closing, nullMillis(to.closedAt), c.ID, c.State)
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
	now.state = string(to.state)
	text := searchText(c.dossier)
	scope := scopeText(now.facets)
	now.words = review.Sum([]byte(text + "\x00" + scope))
	if _, err := a.exec(`UPDATE queue SET state = ?, closed_at = ?, closing = ?, outcome = ?, words = ? WHERE id = ?`,
		now.state, nullMillis(to.closedAt), to.closing, to.outcome, now.words[:], c.ID); err != nil {
		return err
	}
	if had.state == now.state {
		return nil
	}
	a.moveFacets(int64(c.ID), &had, &now)
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

// inEffect is true of a decision d that counts: it needs no second person, or one agreed to it.
const inEffect = `(d.second = 0 OR EXISTS (SELECT 1 FROM approval y WHERE y.decision = d.entry AND y.answer = 'approve'))`

// decisionSelected is what is read of decisions d with their entries e and how a second person
// answered, y with z.
const (
	decisionSelected = `
	d.entry, d.review, d.outcome, e.reason, e.note, d.by_, e.by_name, e.by_role, d.at, e.evidence, e.matches,
	d.matches, d.false_positives, d.true_matches, d.cannot_tell, d.comparator, d.policy, d.second, e.detail, d.corrects,
	y.entry, y.answer, y.by_, z.by_name, y.at, z.note `
	decisionJoined = ` LEFT JOIN approval y ON y.decision = d.entry LEFT JOIN entry z ON z.id = y.entry `
)

// decision reads one decision, whether it counts or not.
func (a *act) decision(entry review.EntryID) (review.Decision, error) {
	all, err := a.decisions(`SELECT `+decisionSelected+`FROM decision d JOIN entry e ON e.id = d.entry`+decisionJoined+`WHERE d.entry = ?`, entry)
	if err == nil && len(all) == 0 {
		err = review.ErrNotFound
	}
	if err != nil {
		return review.Decision{}, err
	}
	return all[0], nil
}

// decisionsOf gives the decisions of a review, newest first: those that count, and those that wait for
// a second person or were given back.
func (a *act) decisionsOf(id review.ReviewID) (count, others []review.Decision, err error) {
	return a.decisionsUntil(id, math.MaxInt64)
}

// decisionsUntil gives the same as it stood when an entry was written, that one included.
func (a *act) decisionsUntil(id review.ReviewID, last review.EntryID) (count, others []review.Decision, err error) {
	all, err := a.decisions(`
		SELECT `+decisionSelected+`
		FROM decision d JOIN entry e ON e.id = d.entry LEFT JOIN approval y ON y.decision = d.entry AND y.entry <= ?2 LEFT JOIN entry z ON z.id = y.entry
		WHERE d.review = ?1 AND d.entry <= ?2 ORDER BY d.entry DESC`, id, last)
	return parted(all, err)
}

// decisionsOfRoot gives the decisions of all reviews of a root, newest first, as decisionsOf does.
func (a *act) decisionsOfRoot(root int64) (count, others []review.Decision, err error) {
	all, err := a.decisions(`
		SELECT `+decisionSelected+`FROM review r JOIN decision d ON d.review = r.id JOIN entry e ON e.id = d.entry`+decisionJoined+`
		WHERE r.root = ? ORDER BY d.entry DESC`, root)
	return parted(all, err)
}

func parted(all []review.Decision, err error) (count, others []review.Decision, _ error) {
	for _, d := range all {
		if d.InEffect() {
			count = append(count, d)
		} else {
			others = append(others, d)
		}
	}
	return count, others, err
}

func (a *act) decisions(query string, args ...any) ([]review.Decision, error) {
	var all []review.Decision
	err := a.each(query, args, func(scan func(...any) error) error {
		var d review.Decision
		row := decisionColumns{d: &d}
		err := scan(row.columns()...)
		row.settle()
		all = append(all, d)
		return err
	})
	return all, err
}

// decisionColumns reads what decisionSelected selects.
type decisionColumns struct {
	d                        *review.Decision
	detail                   map[string]string
	corrects, answered       sql.NullInt64
	answer, by, name, remark sql.NullString
}

func (c *decisionColumns) columns() []any {
	d := c.d
	return []any{&d.Entry, &d.Review, &d.Outcome, &d.Reason, &d.Note, &d.By, &d.ByName, &d.ByRole, timeColumn{&d.At}, hashColumn{&d.Evidence},
		listColumn[review.MatchKey]{&d.Matches}, &d.Tally.Matches, &d.Tally.FalsePositives, &d.Tally.TrueMatches, &d.Tally.CannotTell,
		&d.Comparator, &d.Policy, &d.Second, detailColumn{&c.detail}, &c.corrects,
		&c.answered, &c.answer, &c.by, &c.name, timeColumn{&d.Approval.At}, &c.remark}
}

func (c *decisionColumns) settle() {
	d := c.d
	d.Corrects, d.Asks = review.EntryID(c.corrects.Int64), review.AskedBy(c.detail)
	if c.answered.Valid {
		p := &d.Approval
		p.Entry, p.Decision, p.Answer = review.EntryID(c.answered.Int64), d.Entry, review.Answer(c.answer.String)
		p.By, p.ByName, p.Note = review.ColleagueID(c.by.String), c.name.String, c.remark.String
	}
}
