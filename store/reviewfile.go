package store

import (
	"context"
	"math"
	"slices"

	"docket/review"
)

// ReviewFile is everything on the page of one review, of one moment.
type ReviewFile struct {
	Review      review.Review
	Dossier     review.Dossier       // shared with other readers: not to be changed
	Edition     int64                // of the dossier: while the store is open, the same number is the same dossier
	Earlier     []review.Review      // other reviews of its root, newest first
	Found       []review.Disposition // the finding that holds per match of this review, standing or not: see review.StillStanding
	Judged      []review.Disposition // the newest per match of other reviews of its root or subject, newest first, of the newest 1,000
	Looks       []review.Look        // who saw which evidence of its root, newest first, one per colleague and evidence, at most 50
	Decisions   []review.Decision    // in effect, of this review, newest first
	Proposed    []review.Decision    // of this review, newest first: those that wait for a second person or were given back
	Wait        *review.Wait         // the newest, over or not; nil: it never waited
	Escalation  *review.Escalation   // the newest; nil: none
	Attachments []review.Attachment  // of this review, oldest first
	Entries     []review.Entry       // trail of all reviews of its root, newest first
	Payloads    []review.Payload     // behind the dossier, newest first, at most 200
	Ahead       int                  // how many open reviews are older, when this one is open
	Open        int                  // how many are open
	Previous    review.ReviewID      // the next older open review, 0 none
	Next        review.ReviewID      // the next newer one
}

// ReviewFile reads one review with all that joins it; review.ErrNotFound when there is none,
// ErrRebuilding while projections are made again.
func (db *DB) ReviewFile(ctx context.Context, id review.ReviewID) (ReviewFile, error) {
	var f ReviewFile
	var row int64 // of the root
	var d *readDossier
	var fresh *review.Bundle
	err := db.read(ctx, "review", func(a *act) error {
		if err := a.whole(); err != nil {
			return err
		}
		if err := a.one(`SELECT root FROM review WHERE id = ?`, []any{id}, &row); err != nil {
			return err
		}
		if err := a.reviewRows([]int64{row}, func(_ int64, r *reviewRow) {
			if r.ID == id {
				f.Review = r.Review
			} else {
				f.Earlier = append(f.Earlier, r.Review)
			}
		}); err != nil {
			return err
		}
		slices.Reverse(f.Earlier)
		var err error
		if d, fresh, err = a.dossier(row, f.Review.Root, f.Review.Evidence); err != nil {
			return err
		}
		if f.Found, err = a.findings(id); err != nil {
			return err
		}
		if f.Judged, err = a.judged(row, id, math.MaxInt64); err != nil {
			return err
		}
		if f.Looks, err = a.looks(row); err != nil {
			return err
		}
		if f.Decisions, f.Proposed, err = a.decisionsOf(id); err != nil {
			return err
		}
		if f.Wait, err = a.waitOf(id, math.MaxInt64); err != nil {
			return err
		}
		if f.Escalation, err = a.escalationOf(id, math.MaxInt64); err != nil {
			return err
		}
		if f.Attachments, err = a.attachments(id, math.MaxInt64); err != nil {
			return err
		}
		if f.Entries, err = a.entriesOf(row); err != nil {
			return err
		}
		if f.Payloads, err = a.payloadsOf(d.resources); err != nil {
			return err
		}
		return a.standing(&f)
	})
	if err != nil {
		return ReviewFile{}, err
	}
	if fresh != nil {
		db.hydrate(row, d, fresh)
	}
	f.Dossier, f.Edition = d.dossier, d.edition
	return f, nil
}

// standing finds the place of an open review in the queue by age.
func (a *act) standing(f *ReviewFile) error {
	var err error
	if _, f.Open, err = a.counter(string(review.StateOpen), facet{}); err != nil || f.Review.State != review.StateOpen {
		return err
	}
	at := millis(f.Review.OpenedAt)
	newer, err := a.openSince(at)
	if err != nil {
		return err
	}
	// Those of the same instant stand in the order of their numbers.
	var before int
	if err := a.one(`SELECT count(*) FROM queue WHERE state = 'open' AND opened_at = ? AND id < ?`, []any{at, f.Review.ID}, &before); err != nil {
		return err
	}
	f.Ahead = f.Open - newer + before
	f.Previous, err = a.neighbour(`
		SELECT ifnull((SELECT id FROM queue WHERE state = 'open' AND (opened_at, id) < (?, ?) ORDER BY opened_at DESC, id DESC LIMIT 1), 0)`, at, f.Review.ID)
	if err != nil {
		return err
	}
	f.Next, err = a.neighbour(`
		SELECT ifnull((SELECT id FROM queue WHERE state = 'open' AND (opened_at, id) > (?, ?) ORDER BY opened_at, id LIMIT 1), 0)`, at, f.Review.ID)
	return err
}

func (a *act) neighbour(query string, at int64, id review.ReviewID) (review.ReviewID, error) {
	var found review.ReviewID
	err := a.one(query, []any{at, id}, &found)
	return found, err
}
