package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"docket/store"
	"docket/web"
)

type exportCommand struct {
	database
	What   string    `arg:"" enum:"decisions,dispositions,trail" help:"What to write: decisions, dispositions or trail."`
	Format string    `default:"csv" enum:"csv,ndjson" help:"csv or ndjson."`
	From   time.Time `format:"2006-01-02" placeholder:"YYYY-MM-DD" help:"The first day, UTC."`
	To     time.Time `format:"2006-01-02" placeholder:"YYYY-MM-DD" help:"The last day, UTC, included."`
	Out    string    `placeholder:"FILE" help:"Where to; stdout otherwise."`
}

func (c exportCommand) Run(ctx context.Context, std streams) error {
	if !c.From.IsZero() && !c.To.IsZero() && c.To.Before(c.From) {
		return misuse("--to is before --from: no day is both")
	}
	db, err := c.open(ctx, true, store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	span := store.Span{From: c.From, To: c.To}
	if !c.To.IsZero() {
		span.To = c.To.AddDate(0, 0, 1)
	}
	return writeOut(c.Out, std, func(w io.Writer) error {
		switch c.What {
		case "dispositions":
			return web.WriteDispositions(ctx, w, db, span, c.Format)
		case "trail":
			return web.WriteTrail(ctx, w, db, span, c.Format)
		}
		return web.WriteDecisions(ctx, w, db, store.DecisionQuery{From: span.From, To: span.To}, c.Format)
	})
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
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
