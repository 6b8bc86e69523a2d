package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"docket/review"
)

// Export is a part of the record that left docket as a file.
type Export struct {
	What   string             // "decisions", "reviews", "dispositions", "trail", "record", "evidence"
	Format string             // "csv", "ndjson", "xlsx"
	Rows   int                // that left
	Filter string             // which, in its one written form; never a text that somebody searched for
	Via    string             // "web", "command line"
	By     review.ColleagueID // "" the command line
	Broken bool               // it did not leave whole
	Review review.ReviewID    // the one that all of it is about, 0 none

	Answers review.EntryID // of one that broke off: the entry that says that it was taken, 0 none
	Bytes   int64          // of one that broke off: how many left
}

// exportedRecord is an Export of the record: entries, and the access log.
const exportedRecord = "record"

// sameTaking is how long a pack that is asked for again, with nothing on record since, is still the pack
// that was taken.
const sameTaking = time.Hour

// Exported records on the trail that a part of the record left, and signs a checkpoint that covers it
// where there is a key. It gives the entry. A pack that the same colleague takes again within the hour,
// while its own entry is still the newest, stands under that entry: an entry for the second copy would be
// in the pack and under its checkpoint, and nobody could ever make the same bytes twice.
func (db *DB) Exported(ctx context.Context, x Export) (review.EntryID, error) {
	if x.What == exportedRecord {
		if _, err := db.SealAccesses(ctx, true); err != nil { // what left of the access log can be held against the file
			return 0, fmt.Errorf("exported: %w", err)
		}
	}
	var id review.EntryID
	err := db.write(ctx, "exported", func(a *act) (err error) {
		detail := map[string]string{"what": x.What, "format": x.Format, "rows": strconv.Itoa(x.Rows), "via": x.Via}
		if x.Filter != "" {
			detail["filter"] = x.Filter
		}
		if x.Broken {
			detail["broken"] = "yes"
			if x.Answers != 0 {
				detail["bytes"] = strconv.FormatInt(x.Bytes, 10)
			}
		}
		e := review.Entry{Review: x.Review, Act: review.ActExported, By: x.By, Answers: x.Answers, Detail: detail}
		if x.What == "evidence" && !x.Broken {
			if id, err = a.takenBefore(e); err != nil || id != 0 {
				return err
			}
		}
		id, err = a.record(e)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("exported: %w", err)
	}
	if db.key == nil {
		return id, nil
	}
	_, err = db.Checkpoint(ctx, review.CheckpointExported) // for whoever brings checkpoints out
	if errors.Is(err, review.ErrLedgerBroken) {
		err = nil // it left, and that is recorded; that nothing is signed is said where the break is
	}
	return id, err
}

// takenBefore gives the newest entry of all if it says the same as e, of the same evidence and lately; 0 if
// not.
func (a *act) takenBefore(e review.Entry) (review.EntryID, error) {
	detail, err := detailText(e.Detail)
	if err != nil {
		return 0, err
	}
	var now review.Hash
	if e.Review != 0 {
		if now, err = a.evidenceNow(e.Review); err != nil {
			return 0, err
		}
	}
	var id review.EntryID
	err = a.one(`
		SELECT e.id FROM entry e WHERE e.id = (SELECT max(id) FROM entry) AND e.act = ?1 AND ifnull(e.review, 0) = ?2
		  AND ifnull(e.by_, '') = ?3 AND e.detail = ?4 AND ifnull(e.evidence, zeroblob(32)) = ?5 AND e.at > ?6 AND e.at <= ?7`,
		[]any{e.Act, e.Review, e.By, detail, now[:], a.now.Add(-sameTaking).UnixMilli(), a.now.UnixMilli()}, &id)
	if errors.Is(err, review.ErrNotFound) {
		return 0, nil
	}
	return id, err
}
