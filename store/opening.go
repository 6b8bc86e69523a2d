package store

import (
	"time"

	"docket/review"
)

// openReviews inserts new reviews, in their order, and tells the trail.
func (b *absorption) openReviews(opened []*reviewRow, roots map[review.Ref]int64) error {
	if len(opened) == 0 {
		return nil
	}
	var last review.ReviewID
	if err := b.one(`SELECT ifnull(max(id), 0) FROM review`, nil, &last); err != nil {
		return err
	}
	rows := newBulk(b.act, `INSERT INTO review (id, root, opening, opened_at, state, closed_at, closing, left_status) VALUES `, `(?, ?, ?, ?, ?, ?, ?, ?)`, ``)
	b.act.opened.add(int64(last)+1, int64(last)+int64(len(opened)))
	for _, r := range opened {
		last++
		r.ID = last
		if err := rows.add(r.ID, roots[r.Root], r.Opening, millis(r.OpenedAt), r.State, nullMillis(r.ClosedAt), r.Closing, r.LeftStatus); err != nil {
			return err
		}
	}
	if err := rows.flush(); err != nil {
		return err
	}
	trail := newBulk(b.act, entryInsert, entryValues, ``)
	tell := func(r *reviewRow, act review.Act, status string, detail map[string]string) error {
		row, err := b.entryRow(review.Entry{Review: r.ID, Act: act, Status: status, Evidence: r.Evidence, Detail: detail})
		if err != nil {
			return err
		}
		return trail.add(row...)
	}
	for _, r := range opened {
		if err := tell(r, review.ActReviewOpened, r.status, r.opened()); err != nil {
			return err
		}
		if !r.ended {
			continue
		}
		if err := tell(r, review.ActReviewClosed, r.LeftStatus, nil); err != nil {
			return err
		}
	}
	return trail.flush()
}

// opened is what an `opened-review` entry says of its review: which root it is about, why it opened,
// and since when it had waited then. The row's own time may be put right later.
func (r *reviewRow) opened() map[string]string {
	return map[string]string{"root": r.Root.String(), "opening": string(r.Opening), "opened_at": r.OpenedAt.UTC().Format(time.RFC3339Nano)}
}
