package store

import (
	"context"
	"database/sql"
	"errors"

	"docket/review"
)

// Escalate hands an open review to a lead: to one by name, or to whichever takes it. Nobody else may
// hold it, and the colleague's own claim ends.
func (db *DB) Escalate(ctx context.Context, id review.ReviewID, by review.ColleagueID, form review.EscalationForm) (review.Escalation, error) {
	var made review.Escalation
	err := db.write(ctx, "escalate", func(a *act) error {
		r, who, err := a.reviewFor(id, by)
		if err != nil {
			return err
		}
		if err := review.CanActOn(r.Review, who, a.now); err != nil {
			return err
		}
		if r.State != review.StateOpen {
			return review.ErrConflict
		}
		if err := form.Check(); err != nil {
			return err
		}
		made = review.Escalation{Review: id, By: by, ByName: who.Name, To: form.To, At: a.now, Note: form.Note}
		detail, to := map[string]string{}, any(nil)
		if form.To != "" {
			lead, err := a.lead(form.To)
			if errors.Is(err, review.ErrForbidden) {
				return &review.Invalid{Problems: []review.Problem{{Field: "to", Text: "Choose a lead"}}}
			} else if err != nil {
				return err
			}
			made.ToName, detail["to"], to = lead.Name, string(lead.ID), lead.ID
		}
		if err := a.keepShown(r.Review); err != nil {
			return err
		}
		made.Entry, err = a.record(review.Entry{Review: id, Act: review.ActEscalated, By: by, Note: form.Note, Evidence: r.Evidence, Detail: detail})
		if err != nil {
			return err
		}
		if _, err := a.exec(`INSERT INTO escalation (entry, review, by_, to_, at) VALUES (?, ?, ?, ?, ?)`,
			made.Entry, id, by, to, millis(a.now)); err != nil {
			return err
		}
		_, err = a.exec(`DELETE FROM claim WHERE review = ?`, id)
		return err
	})
	return made, err
}

// escalationOf gives the newest escalation of a review as it stood when an entry was written; nil when
// there was none.
func (a *act) escalationOf(id review.ReviewID, last review.EntryID) (*review.Escalation, error) {
	var found *review.Escalation
	err := a.each(`
		SELECT x.entry, x.review, x.by_, e.by_name, x.to_, ifnull(p.name, ''), x.at, e.note
		FROM escalation x JOIN entry e ON e.id = x.entry LEFT JOIN colleague p ON p.id = x.to_
		WHERE x.review = ? AND x.entry <= ? ORDER BY x.entry DESC LIMIT 1`, []any{id, last}, func(scan func(...any) error) error {
		var to sql.NullString
		found = &review.Escalation{}
		x := found
		err := scan(&x.Entry, &x.Review, &x.By, &x.ByName, &to, &x.ToName, timeColumn{&x.At}, &x.Note)
		x.To = review.ColleagueID(to.String)
		return err
	})
	return found, err
}
