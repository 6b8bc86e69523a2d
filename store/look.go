package store

import (
	"context"
	"errors"

	"docket/review"
)

// Look records that a colleague had an open review before them, with the digest of the evidence that
// the page showed: when it is new to them, and then at most every review.LookEvery. The first look at
// new evidence is an entry of the trail. That evidence
// can be had from then on (AsSeen). What a page shows of a closed review is what was judged, and
// evidence that has moved since the page was made cannot be kept any more: neither is recorded, so
// that nothing is ever taken for seen that was not.
func (db *DB) Look(ctx context.Context, id review.ReviewID, by review.ColleagueID, shown review.Hash) error {
	due := false
	err := db.read(ctx, "look", func(a *act) (err error) {
		due, err = a.lookDue(id, by, shown)
		return err
	})
	if err != nil || !due {
		return err
	}
	return db.write(ctx, "look", func(a *act) error {
		due, err := a.lookDue(id, by, shown)
		if err != nil || !due {
			return err
		}
		first, err := a.firstLook(id, by, shown)
		if err != nil {
			return err
		}
		if _, err := a.colleague(by); errors.Is(err, review.ErrNotFound) {
			return review.ErrForbidden
		} else if err != nil {
			return err
		}
		if err := a.keepShown(review.Review{ID: id, Evidence: shown}); err != nil {
			return err
		}
		if first {
			if _, err := a.record(review.Entry{Review: id, Act: review.ActSeen, By: by, Evidence: shown}); err != nil {
				return err
			}
		}
		_, err = a.exec(`
			INSERT INTO look (review, colleague, evidence, at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at`,
			id, by, shown[:], millis(a.now))
		return err
	})
}

// lookDue says that a look is to be recorded; review.ErrNotFound when there is no such review.
func (a *act) lookDue(id review.ReviewID, by review.ColleagueID, shown review.Hash) (bool, error) {
	if err := a.whole(); err != nil {
		return false, err
	}
	var state review.State
	var now review.Hash
	if err := a.one(`SELECT state, evidence FROM queue WHERE id = ?`, []any{id}, &state, hashColumn{&now}); err != nil {
		return false, err
	}
	if state == review.StateClosed || now != shown {
		return false, nil
	}
	var last review.Look
	err := a.one(`SELECT at FROM look WHERE review = ? AND colleague = ? AND evidence = ?`, []any{id, by, shown[:]}, timeColumn{&last.At})
	if errors.Is(err, review.ErrNotFound) {
		return true, nil
	}
	return err == nil && a.now.Sub(last.At) >= review.LookEvery, err
}

// firstLook says that the colleague never saw this evidence of the review.
func (a *act) firstLook(id review.ReviewID, by review.ColleagueID, shown review.Hash) (bool, error) {
	var one int
	err := a.one(`SELECT 1 FROM look WHERE review = ? AND colleague = ? AND evidence = ?`, []any{id, by, shown[:]}, &one)
	if errors.Is(err, review.ErrNotFound) {
		return true, nil
	}
	return false, err
}

const looksOfRoot = `
	SELECT l.review, l.colleague, c.name, l.evidence, max(l.at) AS at
	FROM review r JOIN look l ON l.review = r.id JOIN colleague c ON c.id = l.colleague
	WHERE r.root = ?1 GROUP BY l.colleague, l.evidence ORDER BY at DESC, l.colleague, l.evidence LIMIT ?2`

// maxLooks bounds how many looks are read beside a review.
const maxLooks = 50

// looks gives who looked at the reviews of a root, newest first: of each colleague the newest look
// on each evidence.
func (a *act) looks(root int64) ([]review.Look, error) {
	var all []review.Look
	err := a.each(looksOfRoot, []any{root, maxLooks},
		func(scan func(...any) error) error {
			var l review.Look
			err := scan(&l.Review, &l.By, &l.ByName, hashColumn{&l.Evidence}, timeColumn{&l.At})
			all = append(all, l)
			return err
		})
	return all, err
}
