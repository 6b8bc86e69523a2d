package store

import (
	"context"
	"fmt"
	"strconv"

	"docket/review"
)

// Attach adds a file to a review that is not closed and that nobody else holds: a PDF or a picture, by
// its content (*review.Invalid otherwise). The same bytes are stored once. While a decision waits for
// a second person it is review.ErrConflict, since who decided had not seen it. ErrFull when the disk
// nearly is.
func (db *DB) Attach(ctx context.Context, id review.ReviewID, by review.ColleagueID, form review.AttachmentForm) (review.Attachment, error) {
	media, err := form.Check()
	if err != nil {
		return review.Attachment{}, err
	}
	if err := db.Room(); err != nil {
		return review.Attachment{}, fmt.Errorf("attach: %w", err)
	}
	sum := review.Sum(form.Body)
	var made review.Attachment
	err = db.write(ctx, "attach", func(a *act) error {
		r, who, err := a.reviewFor(id, by)
		if err != nil {
			return err
		}
		if err := review.CanActOn(r.Review, who, a.now); err != nil {
			return err
		}
		if r.State == review.StateApproval {
			return review.ErrConflict
		}
		var again bool
		if err := a.one(`SELECT EXISTS (SELECT 1 FROM attachment WHERE review = ? AND sha256 = ?)`, []any{id, sum[:]}, &again); err != nil {
			return err
		}
		if again {
			return &review.Invalid{Problems: []review.Problem{{Field: "file", Text: "Choose another file: this one is attached already"}}}
		}
		if err := a.renew(r.Review, by); err != nil {
			return err
		}
		if err := a.keepShown(r.Review); err != nil {
			return err
		}
		made = review.Attachment{Review: id, By: by, ByName: who.Name, At: a.now, Hash: sum, Media: media, Bytes: len(form.Body), Name: form.FileName()}
		made.Entry, err = a.record(review.Entry{Review: id, Act: review.ActAttached, By: by, Note: made.Name, Evidence: r.Evidence,
			Detail: map[string]string{"sha256": sum.String(), "media": media, "size": strconv.Itoa(made.Bytes)}})
		if err != nil {
			return err
		}
		if _, err := a.exec(`INSERT INTO file (sha256, media, size, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			sum[:], media, len(form.Body), form.Body); err != nil {
			return err
		}
		_, err = a.exec(`INSERT INTO attachment (entry, review, sha256, media, size) VALUES (?, ?, ?, ?, ?)`, made.Entry, id, sum[:], media, made.Bytes)
		return err
	})
	return made, err
}

// attachments gives the files of a review as it stood when an entry was written, oldest first.
func (a *act) attachments(id review.ReviewID, last review.EntryID) ([]review.Attachment, error) {
	var all []review.Attachment
	err := a.each(`
		SELECT t.entry, t.review, e.by_, e.by_name, e.at, t.sha256, t.media, t.size, e.note,
		  NOT EXISTS (SELECT 1 FROM file f WHERE f.sha256 = t.sha256) OR EXISTS (SELECT 1 FROM erased_entry x WHERE x.entry = t.entry)
		FROM attachment t JOIN entry e ON e.id = t.entry WHERE t.review = ? AND t.entry <= ? ORDER BY t.entry`, []any{id, last},
		func(scan func(...any) error) error {
			var t review.Attachment
			err := scan(&t.Entry, &t.Review, &t.By, &t.ByName, timeColumn{&t.At}, hashColumn{&t.Hash}, &t.Media, &t.Bytes, &t.Name, &t.Gone)
			all = append(all, t)
			return err
		})
	return all, err
}
