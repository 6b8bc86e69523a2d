package web

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// EvidenceAsk is what an evidence pack is asked to hold: one review, or the reviews of the decisions
// that were made from one day to another, all of them or a sample.
type EvidenceAsk struct {
	Review review.ReviewID
	From   time.Time // a day; zero: the first
	To     time.Time // a day, included; zero: the last
	Sample int       // 0: all
	Seed   string    // of the lot: digits; "" none
	By     review.ColleagueID
	Via    string // "page", "command line"
}

// mostPacked is how many reviews go into one pack.
const mostPacked = 1_000

// maxSeed is how many digits the longest seed has. It is a number because it stands on the trail in
// public, where no name may.
const maxSeed = 18

// Evidence is an evidence pack that was taken, and is still to be written.
type Evidence struct {
	db         *store.DB
	about      review.PackAbout
	ask        EvidenceAsk
	reviews    []review.ReviewID // in the order of their decisions
	own        review.EntryID    // that says the pack was taken
	checkpoint review.SignedCheckpoint

	book review.PolicyBook

	erasures int64 // store.DB.Erasures before anything was read
	hold     int64 // a pack up to this weight is made whole before its first byte leaves

	last    review.EntryID // that the pack tells of
	one     *packReview    // the last that was read, up to there
	planned *packPlan      // up to the entry before own, nil when it may not be that any more
}

// Name is what to call the file.
func (e *Evidence) Name() string {
	a := e.about
	name := "evidence-" + a.Review.String()
	if a.Review == 0 {
		name = "evidence-" + strings.Trim(a.From+"-to-"+a.To, "-")
	}
	if a.Sample > 0 {
		name += "-sample-" + strconv.Itoa(a.Sample)
	}
	return name + ".zip"
}

// TakeEvidence records on the trail that a pack is taken, signs a checkpoint that covers that entry,
// and gives the pack, ready to be written. review.ErrNotFound: there is no such review; *review.Invalid:
// what was asked for cannot be one pack; review.ErrNoLedgerKey and review.ErrLedgerBroken: nothing can be signed.
func TakeEvidence(ctx context.Context, db *store.DB, ask EvidenceAsk) (*Evidence, error) {
	if db.LedgerPublic() == "" {
		return nil, fmt.Errorf("evidence pack: %w", review.ErrNoLedgerKey)
	}
	if _, _, broken := db.LedgerWhole(); broken != nil {
		return nil, fmt.Errorf("evidence pack: %w", review.ErrLedgerBroken)
	}
	erasures, err := db.Erasures(ctx)
	if err != nil {
		return nil, err
	}
	size, err := db.LedgerSize(ctx)
	if err != nil {
		return nil, err
	}
	e := &Evidence{db: db, ask: ask, last: review.EntryID(size), erasures: erasures, hold: packHeld}
	if e.book, err = db.PolicyBook(ctx); err != nil {
		return nil, err
	}
	if err := e.choose(ctx, ask, e.last); err != nil {
		return nil, err
	}
	plan, err := e.plan(ctx) // also for its errors: what cannot be read is not said to have been taken
	if err == nil {
		err = e.fits(plan)
	}
	if err != nil {
		return nil, err
	}
	if e.own, err = db.Exported(ctx, e.export()); err != nil {
		return nil, err
	}
	if e.checkpoint, err = db.Checkpoint(ctx, review.CheckpointEvidence); err != nil {
		return nil, err
	}
	e.about.Checkpoint = e.checkpoint.Size
	if next := e.last + 1; e.about.Review == 0 && e.own == next && e.checkpoint.Size == int64(next) {
		e.planned = plan
	}
	e.last, e.one = review.EntryID(e.checkpoint.Size), nil
	return e, nil
}

// export is what the trail says of the pack.
func (e *Evidence) export() store.Export {
	return store.Export{What: "evidence", Format: "zip", Rows: len(e.reviews), Filter: e.filter(), Via: e.ask.Via, By: e.ask.By, Review: e.about.Review}
}

// choose finds the reviews.
func (e *Evidence) choose(ctx context.Context, ask EvidenceAsk, until review.EntryID) error {
	if ask.Review != 0 {
		e.about.Review, e.reviews = ask.Review, []review.ReviewID{ask.Review}
		_, err := e.db.PackReview(ctx, ask.Review, until)
		return err
	}
	var inv review.Invalid
	span := store.Span{From: ask.From, To: ask.To}
	if !ask.From.IsZero() {
		e.about.From = ask.From.UTC().Format(time.DateOnly)
	}
	if !ask.To.IsZero() {
		e.about.To = ask.To.UTC().Format(time.DateOnly)
		span.To = ask.To.AddDate(0, 0, 1)
	}
	switch {
	case !ask.From.IsZero() && !ask.To.IsZero() && ask.To.Before(ask.From):
		inv.Add("to", "Choose a last day that is not before the first")
	case ask.Sample < 0 || ask.Sample > mostPacked:
		inv.Add("sample", "Draw from 1 to "+views.Number(mostPacked)+" decisions")
	case ask.Sample > 0 && (ask.Seed == "" || len(ask.Seed) > maxSeed || strings.Trim(ask.Seed, "0123456789") != ""):
		inv.Add("seed", "Give the lot a seed, a number of up to 18 digits, so that others can draw the same")
	}
	if err := inv.OrNil(); err != nil {
		return err
	}
	chosen, err := e.draw(ctx, ask, span, until)
	switch {
	case err != nil:
		return err
	case len(chosen) == 0:
		inv.Add("from", "Choose other days: none of these has a decision")
	}
	for _, d := range chosen {
		if !slices.Contains(e.reviews, d.Review) {
			e.reviews = append(e.reviews, d.Review)
		}
	}
	return inv.OrNil()
}

// draw gives the decisions that a pack is about, in the order of their entries.
func (e *Evidence) draw(ctx context.Context, ask EvidenceAsk, span store.Span, until review.EntryID) ([]store.DecidedReview, error) {
	type lot struct {
		store.DecidedReview
		place review.Hash
	}
	byPlace := func(a, b lot) int { return bytes.Compare(a.place[:], b.place[:]) }
	var lots []lot
	err := e.db.EachDecided(ctx, span, until, func(d store.DecidedReview) {
		e.about.Decisions++
		l := lot{DecidedReview: d}
		if ask.Sample > 0 {
			l.place = review.PackLot(ask.Seed, d.Entry)
		} else if len(lots) > mostPacked {
			return
		}
		if lots = append(lots, l); ask.Sample > 0 && len(lots) >= 2*ask.Sample {
			slices.SortFunc(lots, byPlace)
			lots = lots[:ask.Sample]
		}
	})
	if err != nil {
		return nil, err
	}
	if ask.Sample > 0 {
		slices.SortFunc(lots, byPlace)
		lots = lots[:min(len(lots), ask.Sample)]
		e.about.Sample, e.about.Seed = ask.Sample, ask.Seed
	} else if len(lots) > mostPacked {
		var inv review.Invalid
		inv.Add("to", "Choose fewer days, or a sample: "+views.Number(e.about.Decisions)+" decisions were made then, and a pack holds "+views.Number(mostPacked))
		return nil, inv.OrNil()
	}
	slices.SortFunc(lots, func(a, b lot) int { return int(a.Entry - b.Entry) })
	out := make([]store.DecidedReview, len(lots))
	for i, l := range lots {
		out[i] = l.DecidedReview
	}
	return out, nil
}

// filter is what was asked for in one written form, for the trail: the numbers and days of it alone.
func (e *Evidence) filter() string {
	a := e.about
	if a.Review != 0 {
		return "review=" + a.Review.String()
	}
	f := "from=" + a.From + "&to=" + a.To
	if a.Sample > 0 {
		f += "&sample=" + strconv.Itoa(a.Sample) + "&seed=" + a.Seed
	}
	return f
}

// read gives everything that the pack tells of one review.
func (e *Evidence) read(ctx context.Context, id review.ReviewID) (*packReview, error) {
	if e.one != nil && e.one.Review.ID == id {
		return e.one, nil
	}
	found, err := e.db.PackReview(ctx, id, e.last)
	if err != nil {
		return nil, err
	}
	p := &packReview{PackReview: found, book: e.book}
	payloads := map[review.Hash]bool{}
	for _, s := range found.Stages {
		stage := packStage{PackStage: s, book: e.book}
		stage.file, err = e.db.AsSeenAt(ctx, id, s.Entry())
		if stage.erased, stage.missing, err = stageError(err); err != nil {
			return nil, err
		}
		if stage.by, err = review.ComparatorOf(stage.file.Entry.Comparator); err != nil && stage.missing == "" {
			stage.missing, stage.erased = "this docket does not have the rules by which it was compared", false
		}
		if stage.missing == "" || stage.erased {
			evidence, err := e.db.PackEvidence(ctx, id, s.Digest)
			if err != nil {
				return nil, err
			}
			stage.states = evidence.States
		}
		for _, state := range stage.states {
			if !state.Payload.IsZero() {
				payloads[state.Payload] = true
			}
		}
		p.stages = append(p.stages, stage)
	}
	for hash := range payloads {
		payload, body, err := e.db.Payload(ctx, hash)
		if err != nil {
			return nil, err
		}
		left := review.Sum(body)
		p.payloads = append(p.payloads, packPayload{payload, left, packName(hash, left)})
	}
	slices.SortFunc(p.payloads, func(a, b packPayload) int {
		return min(1, max(-1, int(a.ReceivedAt.Sub(b.ReceivedAt))))*2 + bytes.Compare(a.Hash[:], b.Hash[:])
	})
	e.one = p
	return p, nil
}

// what the pack is of, in words.
func (e *Evidence) what() string {
	a := e.about
	if a.Review != 0 {
		return a.Review.String()
	}
	days := "the decisions"
	switch {
	case a.From != "" && a.To != "":
		days += " from " + a.From + " to " + a.To
	case a.From != "":
		days += " from " + a.From
	case a.To != "":
		days += " to " + a.To
	}
	if a.Sample > 0 {
		return views.Plural(min(a.Sample, a.Decisions), "decision", "decisions") + " drawn by lot from " + days
	}
	return days
}
