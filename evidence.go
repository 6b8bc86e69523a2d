package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"docket/review"
	"docket/store"
	"docket/web"
)

type evidenceCommand struct {
	keyed
	keeping
	Review string    `arg:"" optional:"" placeholder:"R-1042" help:"The review. Without one, a period or a sample."`
	From   time.Time `format:"2006-01-02" placeholder:"YYYY-MM-DD" help:"Every review decided from this day on, UTC."`
	To     time.Time `format:"2006-01-02" placeholder:"YYYY-MM-DD" help:"… to this day, UTC, included."`
	Sample int       `placeholder:"N" help:"Only so many of these decisions, drawn by lot."`
	Seed   string    `placeholder:"NUMBER" help:"Of the lot: the same number draws the same decisions again."`
	Out    string    `required:"" placeholder:"FILE.zip" help:"Where to; - is stdout."`
}

func (c evidenceCommand) Run(ctx context.Context, std streams) error {
	ask := web.EvidenceAsk{From: c.From, To: c.To, Sample: c.Sample, Seed: c.Seed, Via: "command line"}
	period := !c.From.IsZero() || !c.To.IsZero() || c.Sample != 0 || c.Seed != ""
	switch {
	case c.Review != "" && period:
		return misuse("name a review, or a period, not both")
	case c.Review == "" && !period:
		return misuse("name a review, such as R-1042, or a period by --from and --to, or --sample and --seed")
	case c.Review != "":
		id, err := review.ParseReviewID(c.Review)
		if err != nil {
			return misuse(fmt.Sprintf("%q is no review: write it as R-1042", c.Review))
		}
		ask.Review = id
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
	pack, err := web.TakeEvidence(ctx, db, ask)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		return misuse(fmt.Sprintf("--%s: %s", invalid.Problems[0].Field, invalid.Problems[0].Text))
	case errors.Is(err, review.ErrNotFound):
		return refused(c.Review + " is not in " + c.DB)
	case errors.Is(err, review.ErrPackFull):
		return refused("what " + c.Review + " rests on is larger than one pack can be: nothing was taken")
	case err != nil:
		return err
	}
	defer c.bring(ctx, db, keepers, logger(std.err))
	return writeOut(c.Out, std, func(w io.Writer) error { return pack.Write(ctx, w) })
}
