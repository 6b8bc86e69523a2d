package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"docket/review"
)

// SeenFile is one review as it stood when an entry was written.
type SeenFile struct {
	Review      review.Review        // state, closing and evidence as they were then; no claim
	Entry       review.Entry         // the one asked for
	Dossier     review.Dossier       // read anew from the states behind Entry.Evidence, and found to have that digest
	Found       []review.Disposition // the finding that held per match, standing or not: see review.StillStanding
	Judged      []review.Disposition // as in ReviewFile
	Decisions   []review.Decision    // of the review, newest first, in effect then
	Proposed    []review.Decision    // the others, as in ReviewFile
	Attachments []review.Attachment  // of the review, oldest first
	Entries     []review.Entry       // trail of all reviews of its root, newest first, Entry included
}

// ErrErased says that the evidence of an entry is not what it was, because Persona erased some of it
// and so did docket.
var ErrErased = errors.New("the evidence was erased")

// DigestError says that what an entry rested on cannot be made again: what can be does not have the
// digest that was recorded.
type DigestError struct {
	Entry             review.EntryID
	Recorded, Rebuilt review.Hash // Rebuilt is zero when nothing could be made
}

// Error names both digests.
func (e *DigestError) Error() string {
	if e.Rebuilt.IsZero() {
		return fmt.Sprintf("entry %d: evidence %s was not kept", e.Entry, e.Recorded)
	}
	return fmt.Sprintf("entry %d: evidence %s is now %s", e.Entry, e.Recorded, e.Rebuilt)
}

// AsSeenAt gives a review as it stood when one of its entries was written. review.ErrNotFound: the
// review has no such entry. ErrErased: some of the evidence is gone; the file is then what is left.
// *DigestError: the evidence cannot be made again, which should never be.
func (db *DB) AsSeenAt(ctx context.Context, id review.ReviewID, entry review.EntryID) (SeenFile, error) {
	var f SeenFile
	var b review.Bundle
	erased := false
	err := db.read(ctx, "as seen at", func(a *act) error {
		if err := a.whole(); err != nil {
			return err
		}
		r, root, err := a.review(id)
		if err != nil {
			return err
		}
		if f.Entries, err = a.entriesUntil(root, entry); err != nil {
			return err
		}
		if len(f.Entries) == 0 || f.Entries[0].ID != entry || f.Entries[0].Review != id {
			return review.ErrNotFound
		}
		f.Entry = f.Entries[0]
		f.Review = stoodAt(r.Review, f.Entries)
		if f.Found, err = a.findingsUntil(id, entry); err != nil {
			return err
		}
		if f.Judged, err = a.judged(root, id, entry); err != nil {
			return err
		}
		if f.Decisions, f.Proposed, err = a.decisionsUntil(id, entry); err != nil {
			return err
		}
		if f.Attachments, err = a.attachments(id, entry); err != nil {
			return err
		}
		b, erased, err = a.bundleBehind(r.Review, f.Entry)
		return err
	})
	if err != nil {
		return SeenFile{}, err
	}
	f.Dossier = db.options.Hydrate(b)
	switch rebuilt := review.Evidence(f.Dossier); {
	case rebuilt == f.Entry.Evidence:
		return f, nil
	case erased:
		return f, fmt.Errorf("as seen at: %w", ErrErased)
	default:
		return SeenFile{}, fmt.Errorf("as seen at: %w", &DigestError{entry, f.Entry.Evidence, rebuilt})
	}
}

// bundleBehind reads the states behind an entry: those that were kept, else those that the review
// rests on now when its evidence is the same still. erased: some lost what was personal.
func (a *act) bundleBehind(r review.Review, e review.Entry) (b review.Bundle, erased bool, err error) {
	m, err := a.manifest(e.Evidence)
	switch {
	case errors.Is(err, review.ErrNotFound) && r.Evidence == e.Evidence:
		root, ref, err := a.rootOf(r.ID)
		if err != nil {
			return b, false, err
		}
		now, err := a.bundle(root, ref)
		return now.Bundle, false, err
	case errors.Is(err, review.ErrNotFound):
		return b, false, &DigestError{Entry: e.ID, Recorded: e.Evidence}
	case err != nil:
		return b, false, err
	}
	return a.bundleIn(m)
}

// stoodAt puts a review back to where its trail, newest first, leaves it.
func stoodAt(r review.Review, trail []review.Entry) review.Review {
	now := r
	r.Claim, r.Evidence = review.Claim{}, trail[0].Evidence
	r.State, r.Closing, r.ClosedAt, r.LeftStatus = review.StateOpen, review.ClosingNone, time.Time{}, ""
	closed := func(closing review.Closing, at time.Time) review.Review {
		r.State, r.Closing, r.ClosedAt = review.StateClosed, closing, at
		if now.Closing == closing && now.LeftStatus == r.LeftStatus && !now.ClosedAt.IsZero() {
			r.ClosedAt = now.ClosedAt // by Persona's clock
		}
		return r
	}
	answered := map[review.EntryID]bool{}
	for i, e := range trail {
		if e.Review != r.ID {
			continue
		}
		switch e.Act {
		case review.ActReviewOpened, review.ActWoken:
			return r
		case review.ActReviewClosed:
			r.LeftStatus = e.Status
			return closed(review.ClosingPersona, e.At)
		case review.ActApproved, review.ActReturned, review.ActFellBack:
			if actOf(trail[i:], e.Answers) == review.ActCorrected {
				answered[e.Answers] = true // an earlier decision had closed it
				continue
			}
			if e.Act == review.ActApproved {
				return closed(review.ClosingDecided, e.At)
			}
			return r
		case review.ActDecided, review.ActCorrected:
			switch {
			case answered[e.ID]:
			case e.Detail[review.DetailSecond] != "":
				r.State = review.StateApproval
				return r
			case e.Act == review.ActDecided:
				return closed(review.ClosingDecided, e.At)
			}
		case review.ActWaiting:
			r.State = review.StateWaiting
			return r
		}
	}
	return r
}

// actOf is what an entry of a trail records, "" when it is not in it.
func actOf(trail []review.Entry, id review.EntryID) review.Act {
	for _, e := range trail {
		if e.ID == id {
			return e.Act
		}
	}
	return ""
}
