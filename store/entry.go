package store

import (
	"database/sql"

	"docket/review"
)

// record adds an entry to the trail and gives its number. Time, name and role are set here.
func (a *act) record(e review.Entry) (review.EntryID, error) {
	matches, err := list(e.Matches)
	if err != nil {
		return 0, err
	}
	var reviewID, by any
	if e.Review != 0 {
		reviewID = e.Review
	}
	var name, role string
	if e.By != "" {
		by = e.By
		if err := a.one(`SELECT name, role FROM colleague WHERE id = ?`, []any{e.By}, &name, &role); err != nil {
			return 0, err
		}
	}
	id, err := a.insert(`
		INSERT INTO entry (review, at, act, by_, by_name, by_role, finding, outcome, reason, note, matches, status, evidence)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		reviewID, a.now.UnixMilli(), e.Act, by, name, role, e.Finding, e.Outcome, e.Reason, e.Note, matches, e.Status, nullHash(e.Evidence))
	return review.EntryID(id), err
}

// maxEntries bounds the trail that is shown on one page.
const maxEntries = 1_000

// entriesOf gives the trail of all reviews of a root, newest first.
func (a *act) entriesOf(root int64) ([]review.Entry, error) {
	var trail []review.Entry
	err := a.each(`
		SELECT e.id, e.review, e.at, e.act, e.by_, e.by_name, e.finding, e.outcome, e.reason, e.note, e.matches, e.status, e.evidence
		FROM review r JOIN entry e ON e.review = r.id WHERE r.root = ? ORDER BY e.id DESC LIMIT ?`, []any{root, maxEntries},
		func(scan func(...any) error) error {
			var e review.Entry
			var by sql.NullString
			err := scan(&e.ID, &e.Review, timeColumn{&e.At}, &e.Act, &by, &e.ByName, &e.Finding, &e.Outcome, &e.Reason, &e.Note,
				listColumn[review.MatchKey]{&e.Matches}, &e.Status, hashColumn{&e.Evidence})
			e.By = review.ColleagueID(by.String)
			trail = append(trail, e)
			return err
		})
	return trail, err
}
