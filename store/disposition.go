package store

import (
	"context"

	"docket/review"
)

// Dispose records one finding on one or many matches of a review that the colleague holds.
func (db *DB) Dispose(ctx context.Context, id review.ReviewID, by review.ColleagueID, form review.DispositionForm) ([]review.Disposition, error) {
	var made []review.Disposition
	err := db.write(ctx, "dispose", func(a *act) error {
		c, err := a.judge(id, by, form.Evidence)
		if err != nil {
			return err
		}
		if err := form.Check(c.open); err != nil {
			return err
		}
		if err := a.keepEvidence(c.Evidence, c.bundle.Bundle); err != nil {
			return err
		}
		if err := a.renew(c.Review, by); err != nil {
			return err
		}
		entry, err := a.record(review.Entry{Review: id, Act: review.ActDisposed, By: by, Finding: form.Finding,
			Reason: form.Reason, Note: form.Note, Matches: form.Matches, Evidence: c.Evidence})
		if err != nil {
			return err
		}
		for _, m := range form.Matches {
			if _, err := a.exec(`INSERT INTO disposition (review, match, entry, finding) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
				id, m, entry, form.Finding); err != nil {
				return err
			}
			made = append(made, review.Disposition{Entry: entry, Review: id, Match: m, Finding: form.Finding, Reason: form.Reason,
				Note: form.Note, By: by, ByName: c.who.Name, At: a.now, Evidence: c.Evidence})
		}
		found, err := a.findings(id)
		if err != nil {
			return err
		}
		if err := a.relist(id); err != nil {
			return err
		}
		_, err = a.exec(`UPDATE queue SET answered = ? WHERE id = ?`, len(c.open)-len(review.Unanswered(c.open, found)), id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

// judgement is a review with what someone who judges it must have in hand.
type judgement struct {
	*reviewRow
	who     review.Colleague
	bundle  bundle
	dossier review.Dossier
	open    []review.Match
	found   []review.Disposition
}

// judge reads a review for someone who is about to judge: they must hold it, and the evidence
// that their page showed must be the evidence that now holds, else review.ErrStale.
func (a *act) judge(id review.ReviewID, by review.ColleagueID, evidence string) (judgement, error) {
	r, who, err := a.reviewFor(id, by)
	if err != nil {
		return judgement{}, err
	}
	if err := review.CanDecide(r.Review, who, a.now); err != nil {
		return judgement{}, err
	}
	if err := review.CheckEvidence(evidence, r.Evidence); err != nil {
		return judgement{}, err
	}
	return a.judgement(r, who)
}

func (a *act) judgement(r *reviewRow, who review.Colleague) (judgement, error) {
	b, err := a.bundleOfReview(r.ID)
	if err != nil {
		return judgement{}, err
	}
	found, err := a.findings(r.ID)
	d := a.db.options.Hydrate(b.Bundle)
	return judgement{r, who, b, d, d.OpenMatches(), found}, err
}

// findings gives the finding that holds for each match of a review: the newest.
func (a *act) findings(id review.ReviewID) ([]review.Disposition, error) {
	var found []review.Disposition
	err := a.each(`
		SELECT d.match, d.entry, d.finding, e.reason, e.note, e.by_, e.by_name, e.at, e.evidence
		FROM disposition d JOIN entry e ON e.id = d.entry
		WHERE d.review = ?1 AND d.entry = (SELECT max(x.entry) FROM disposition x WHERE x.review = ?1 AND x.match = d.match)
		ORDER BY d.match`, []any{id}, func(scan func(...any) error) error {
		d := review.Disposition{Review: id}
		err := scan(&d.Match, &d.Entry, &d.Finding, &d.Reason, &d.Note, &d.By, &d.ByName, timeColumn{&d.At}, hashColumn{&d.Evidence})
		found = append(found, d)
		return err
	})
	return found, err
}
