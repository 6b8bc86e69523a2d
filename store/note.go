package store

import (
	"context"
	"strings"
	"unicode/utf8"

	"docket/review"
)

// AddNote adds a note to an open review. It asks for no claim, but nobody else may hold one.
func (db *DB) AddNote(ctx context.Context, id review.ReviewID, by review.ColleagueID, note string) (review.EntryID, error) {
	var entry review.EntryID
	err := db.write(ctx, "add note", func(a *act) error {
		r, who, err := a.reviewFor(id, by)
		if err != nil {
			return err
		}
		if err := review.CanActOn(r.Review, who, a.now); err != nil {
			return err
		}
		var inv review.Invalid
		if strings.TrimSpace(note) == "" {
			inv.Add("note", "Write the note before you add it")
		} else if utf8.RuneCountInString(note) > review.MaxNote {
			inv.Add("note", "Shorten the note to 10,000 characters")
		}
		if err := inv.OrNil(); err != nil {
			return err
		}
		if err := a.renew(r.Review, by); err != nil {
			return err
		}
		if entry, err = a.record(review.Entry{Review: id, Act: review.ActNoted, By: by, Note: note, Evidence: r.Evidence}); err != nil {
			return err
		}
		return a.keepShown(r.Review)
	})
	return entry, err
}
