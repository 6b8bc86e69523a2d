package store

import (
	"context"
	"fmt"
	"strconv"

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
}

// Exported records on the trail that a part of the record left, and signs a checkpoint that covers it
// where there is a key. It gives the entry.
func (db *DB) Exported(ctx context.Context, x Export) (review.EntryID, error) {
	var id review.EntryID
	err := db.write(ctx, "exported", func(a *act) (err error) {
		detail := map[string]string{"what": x.What, "format": x.Format, "rows": strconv.Itoa(x.Rows), "via": x.Via}
		if x.Filter != "" {
			detail["filter"] = x.Filter
		}
		if x.Broken {
			detail["broken"] = "yes"
		}
		id, err = a.record(review.Entry{Review: x.Review, Act: review.ActExported, By: x.By, Detail: detail})
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("exported: %w", err)
	}
	if db.key == nil {
		return id, nil
	}
	_, err = db.Checkpoint(ctx, review.CheckpointExported) // for whoever brings checkpoints out
	return id, err
}
