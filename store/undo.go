package store

import (
	"context"
	"database/sql"

	"docket/review"
)

// Undo takes back one finding of a review that the colleague holds, by an entry of its own, and gives
// that entry's number: the finding before it, if any, holds again. Only who made a finding takes it
// back, once, and while nothing newer stands on its matches: else it is review.ErrConflict. An entry
// that is no finding of the review is review.ErrNotFound; evidence that has moved review.ErrStale.
func (db *DB) Undo(ctx context.Context, id review.ReviewID, by review.ColleagueID, entry review.EntryID, evidence string) (review.EntryID, error) {
	var made review.EntryID
	err := db.write(ctx, "undo", func(a *act) error {
		c, err := a.judge(id, by, evidence)
		if err != nil {
			return err
		}
		e, err := a.undoable(id, entry)
		if err != nil {
			return err
		}
		if e.By != by {
			return review.ErrConflict
		}
		if err := a.keepEvidence(c.Evidence, c.bundle.Bundle); err != nil {
			return err
		}
		if err := a.renew(c.Review, by); err != nil {
			return err
		}
		made, err = a.record(review.Entry{Review: id, Act: review.ActUndone, By: by, Matches: e.Matches, Evidence: c.Evidence, Undoes: entry})
		if err != nil {
			return err
		}
		return a.answer(c)
	})
	return made, err
}

// undoable reads a finding that nobody took back and that is the newest on its matches.
func (a *act) undoable(id review.ReviewID, entry review.EntryID) (review.Entry, error) {
	var e review.Entry
	var by sql.NullString
	var undone, newer bool
	err := a.one(`
		SELECT e.by_, e.matches, EXISTS (SELECT 1 FROM entry u WHERE u.undoes = e.id),
		       EXISTS (SELECT 1 FROM disposition d JOIN disposition n ON n.review = d.review AND n.match = d.match AND n.entry > d.entry
		               WHERE d.review = e.review AND d.entry = e.id AND NOT EXISTS (SELECT 1 FROM entry u WHERE u.undoes = n.entry))
		FROM entry e WHERE e.id = ? AND e.review = ? AND e.act = ?`, []any{entry, id, review.ActDisposed},
		&by, listColumn[review.MatchKey]{&e.Matches}, &undone, &newer)
	if err != nil {
		return e, err
	}
	e.By = review.ColleagueID(by.String)
	if undone || newer {
		return e, review.ErrConflict
	}
	return e, nil
}
