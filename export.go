package main

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"docket/store"
	"docket/web"
)

type exportCommand struct {
	keyed
	keeping
	What   string    `arg:"" enum:"decisions,reviews,dispositions,trail" help:"What to write: decisions, reviews, dispositions or trail."`
	Format string    `default:"csv" enum:"csv,ndjson,xlsx" help:"csv, ndjson or xlsx."`
	From   time.Time `format:"2006-01-02" placeholder:"YYYY-MM-DD" help:"The first day, UTC."`
	To     time.Time `format:"2006-01-02" placeholder:"YYYY-MM-DD" help:"The last day, UTC, included."`
	Out    string    `placeholder:"FILE" help:"Where to; stdout otherwise."`
}

func (c exportCommand) Run(ctx context.Context, std streams) error {
	if !c.From.IsZero() && !c.To.IsZero() && c.To.Before(c.From) {
		return misuse("--to is before --from: no day is both")
	}
	keepers, err := c.keepers()
	if err != nil {
		return err
	}
	db, err := c.open(ctx, true, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	defer c.bring(ctx, db, keepers, logger(std.err))
	return writeOut(c.Out, std, func(w io.Writer) error {
		rows, err := c.write(ctx, w, db)
		if err != nil && rows == 0 {
			return err
		}
		_, marked := db.Exported(ctx, store.Export{What: c.What, Format: c.Format, Rows: rows, Filter: c.filter(), Via: "command line", Broken: err != nil})
		return errors.Join(err, marked)
	})
}

// write writes the rows and says how many.
func (c exportCommand) write(ctx context.Context, w io.Writer, db *store.DB) (int, error) {
	span := store.Span{From: c.From, To: c.To}
	if !c.To.IsZero() {
		span.To = c.To.AddDate(0, 0, 1)
	}
	switch c.What {
	case "reviews":
		return web.WriteReviews(ctx, w, db, span, c.Format)
	case "dispositions":
		return web.WriteDispositions(ctx, w, db, span, c.Format)
	case "trail":
		return web.WriteTrail(ctx, w, db, span, c.Format)
	}
	return web.WriteDecisions(ctx, w, db, store.DecisionQuery{From: span.From, To: span.To}, c.Format)
}

// filter is what was asked for, as the trail has it.
func (c exportCommand) filter() string {
	v := url.Values{}
	for name, t := range map[string]time.Time{"from": c.From, "to": c.To} {
		if !t.IsZero() {
			v.Set(name, t.Format(time.DateOnly))
		}
	}
	return v.Encode()
}

// writeOut writes to a file that is there whole or not at all, or to stdout.
func writeOut(path string, std streams, write func(io.Writer) error) (err error) {
	if path == "" || path == "-" {
		return write(std.out)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".docket-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err = write(f); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
