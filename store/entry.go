package store

import (
	"database/sql"
	"math"

	"docket/review"
)

// record adds an entry to the trail and gives its number. Time, name, role and the version of the
// rules are set here, and the evidence that a review rests on when the entry does not say.
func (a *act) record(e review.Entry) (review.EntryID, error) {
	row, err := a.entryRow(e)
	if err != nil {
		return 0, err
	}
	id, err := a.insert(entryInsert+entryValues, row...)
	return review.EntryID(id), err
}

const (
	entryInsert = `
		INSERT INTO entry (review, at, act, by_, by_name, by_role, finding, outcome, reason, note, matches, status, evidence, undoes, answers, detail,
		                   comparator, policy)
		VALUES `
	entryValues = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)

// entryRow is an entry as it is written, and counts it for the ledger: it must be inserted.
func (a *act) entryRow(e review.Entry) ([]any, error) {
	matches, err := list(e.Matches)
	if err != nil {
		return nil, err
	}
	detail, err := detailText(e.Detail)
	if err != nil {
		return nil, err
	}
	var reviewID, by, undoes, answers any
	if e.Review != 0 {
		reviewID, e.Comparator = e.Review, review.ComparatorVersion
		if e.Evidence.IsZero() {
			if e.Evidence, err = a.evidenceNow(e.Review); err != nil {
				return nil, err
			}
		}
	}
	if e.Undoes != 0 {
		undoes = e.Undoes
	}
	if e.Answers != 0 {
		answers = e.Answers
	}
	var name, role string
	if e.By != "" {
		by = e.By
		if err := a.one(`SELECT name, role FROM colleague WHERE id = ?`, []any{e.By}, &name, &role); err != nil {
			return nil, err
		}
	}
	policy, err := a.policyVersion()
	if err != nil {
		return nil, err
	}
	a.entries++
	return []any{reviewID, a.now.UnixMilli(), e.Act, by, name, role, e.Finding, e.Outcome, e.Reason, e.Note, matches, e.Status, nullHash(e.Evidence),
		undoes, answers, detail, e.Comparator, policy}, nil
}

// evidenceNow is the digest of what a review rests on; while a rebuild empties the queue, that of its
// newest entry.
func (a *act) evidenceNow(id review.ReviewID) (review.Hash, error) {
	var h review.Hash
	err := a.one(`
		SELECT ifnull((SELECT evidence FROM queue WHERE id = ?1), (SELECT evidence FROM entry WHERE review = ?1 ORDER BY id DESC LIMIT 1))`,
		[]any{id}, hashColumn{&h})
	return h, err
}

// maxEntries bounds the trail that is shown on one page.
const maxEntries = 1_000

// entriesOf gives the trail of all reviews of a root, newest first.
func (a *act) entriesOf(root int64) ([]review.Entry, error) {
	return a.entriesUntil(root, math.MaxInt64)
}

// entriesUntil gives the same as it stood when an entry was written, that one included. What is
// looked at twice is no part of it: who may yet be the second to look would learn of it there.
func (a *act) entriesUntil(root int64, last review.EntryID) ([]review.Entry, error) {
	var trail []review.Entry
	err := a.each(`
		SELECT `+entrySelected+`
		FROM review r JOIN entry e ON e.review = r.id WHERE r.root = ? AND e.id <= ? AND e.act NOT IN ('sampled','examined','resolved') ORDER BY e.id DESC LIMIT ?`, []any{root, last, maxEntries},
		func(scan func(...any) error) error {
			var e review.Entry
			c := entryColumns{e: &e}
			err := scan(c.columns()...)
			c.settle()
			trail = append(trail, e)
			return err
		})
	return trail, err
}

const entrySelected = `
	e.id, e.review, e.at, e.act, e.by_, e.by_name, e.finding, e.outcome, e.reason, e.note, e.matches, e.status, e.evidence,
	e.undoes, e.answers, e.detail, e.comparator, e.policy`

// entryColumns reads what entrySelected selects.
type entryColumns struct {
	e                       *review.Entry
	by                      sql.NullString
	review, undoes, answers sql.NullInt64
}

func (c *entryColumns) columns() []any {
	e := c.e
	return []any{&e.ID, &c.review, timeColumn{&e.At}, &e.Act, &c.by, &e.ByName, &e.Finding, &e.Outcome, &e.Reason, &e.Note,
		listColumn[review.MatchKey]{&e.Matches}, &e.Status, hashColumn{&e.Evidence}, &c.undoes, &c.answers, detailColumn{&e.Detail}, &e.Comparator, &e.Policy}
}

func (c *entryColumns) settle() {
	c.e.Review, c.e.By, c.e.Undoes = review.ReviewID(c.review.Int64), review.ColleagueID(c.by.String), review.EntryID(c.undoes.Int64)
	c.e.Answers = review.EntryID(c.answers.Int64)
}
