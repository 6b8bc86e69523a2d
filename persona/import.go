package persona

import (
	"context"
	"fmt"
	"io"
	"slices"

	"docket/review"
	"docket/store"

	"golang.org/x/sync/errgroup"
)

// ImportOptions are what an import needs besides its paths.
type ImportOptions struct {
	Stdin  io.Reader                 // what "-" reads; nil: nothing
	Report func(path, reason string) // told of each payload that lies in quarantine, in order; may be nil
	Source string                    // recorded with the payloads; "": "import"
}

// Counts are what an import did. Payloads = New + Duplicate + Quarantined: bytes that were
// there already count as duplicates, readable or not.
type Counts struct {
	Payloads      int `json:"payloads"`
	New           int `json:"new"`
	Duplicate     int `json:"duplicate"`
	Quarantined   int `json:"quarantined"`
	Resources     int `json:"resources"`
	Transactions  int `json:"transactions"`
	ReviewsOpened int `json:"reviews_opened"`
}

// Import takes in payloads from files, folders (walked in name order: .json, .ndjson, .jsonl,
// and .gz or .zst of these) and "-". A top-level array is split into its elements and NDJSON
// into its lines, each a payload of its own, byte for byte. Every payload is on disk before it
// is read; what cannot be read lies in quarantine and the rest goes on. While one batch is
// absorbed the next ones are kept and read. An error means that a path could not be opened or the
// store failed; what was counted until then is imported, and importing again adds only what
// is missing.
func Import(ctx context.Context, db Store, paths []string, o ImportOptions) (Counts, error) {
	if o.Source == "" {
		o.Source = "import"
	}
	g, ctx := errgroup.WithContext(ctx)
	found := make(chan []review.Arrival, sharedBatches-1)
	kept := make(chan intake)
	read := make(chan intake, sharedBatches-1)
	var unopened error // not the group's: what was found before goes on
	g.Go(func() error {
		defer close(found)
		unopened = feed(ctx, paths, o, found)
		return nil
	})
	// Keeping waits for its turn to write, reading does not: each is a stage of its own.
	g.Go(func() error {
		defer close(kept)
		for arrivals := range found {
			if err := keepAll(ctx, db, ready(arrivals, found), kept); err != nil {
				return err
			}
		}
		return nil
	})
	g.Go(func() error {
		return stage(ctx, kept, read, func(in intake) (_ intake, err error) {
			in.batch, err = readKept(ctx, in.arrivals, in.batch.kept, importReaders())
			in.packed = db.Pack(in.batch.readings, in.batch.kept)
			for i := range in.arrivals {
				in.arrivals[i].Bytes = nil // they are on disk, and read
			}
			return in, err
		})
	})
	var counts Counts
	g.Go(func() error {
		for in := range read {
			if err := counts.absorb(ctx, db, ready(in, read), o.Report); err != nil {
				return err
			}
		}
		if err := db.CatchUp(ctx); err != nil {
			return fmt.Errorf("import: %w", err)
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return counts, err
	}
	return counts, unopened
}

// keepAll makes batches durable with one commit and hands them on.
func keepAll(ctx context.Context, db Store, batches [][]review.Arrival, to chan<- intake) error {
	kept, err := db.Keep(ctx, slices.Concat(batches...))
	if err != nil {
		return fmt.Errorf("keep: %w", err)
	}
	for _, arrivals := range batches {
		in := intake{arrivals: arrivals}
		in.batch.kept, kept = kept[:len(arrivals)], kept[len(arrivals):]
		select {
		case to <- in:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// stage does one step of the work on each batch and hands it on.
func stage[A, B any](ctx context.Context, from <-chan A, to chan<- B, work func(A) (B, error)) error {
	defer close(to)
	for a := range from {
		b, err := work(a)
		if err != nil {
			return err
		}
		select {
		case to <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// intake is one batch on its way from disk into the projections.
type intake struct {
	arrivals []review.Arrival
	batch    batch
	packed   store.Packed
}

// sharedBatches is how many batches share a commit at most, when they wait for it: pages that all of them
// touch are written once. It bounds what of an import is in memory.
const sharedBatches = 2

// ready gives what was received and what waits behind it, as much as may share a commit.
func ready[B any](in B, more <-chan B) []B {
	all := []B{in}
	for len(all) < sharedBatches {
		select {
		case in, ok := <-more:
			if !ok {
				return all
			}
			all = append(all, in)
		default:
			return all
		}
	}
	return all
}

func (c *Counts) absorb(ctx context.Context, db Store, ins []intake, report func(path, reason string)) error {
	packs := make([]store.Packed, len(ins))
	for i, in := range ins {
		packs[i] = in.packed
	}
	did, err := db.AbsorbPacked(ctx, packs...)
	if err != nil {
		return fmt.Errorf("absorb: %w", err)
	}
	c.Resources += did.Resources
	c.Transactions += did.Transactions
	c.ReviewsOpened += did.ReviewsOpened
	for _, in := range ins {
		c.count(in, report)
	}
	return nil
}

func (c *Counts) count(in intake, report func(path, reason string)) {
	for i, k := range in.batch.kept {
		c.Payloads++
		switch reason := in.batch.refused[i]; {
		case !k.New:
			c.Duplicate++
		case reason != "":
			c.Quarantined++
		default:
			c.New++
		}
		if reason := in.batch.refused[i]; reason != "" && report != nil {
			report(in.arrivals[i].About, reason)
		}
	}
}

// feed finds payloads and hands them on in batches.
func feed(ctx context.Context, paths []string, o ImportOptions, to chan<- []review.Arrival) error {
	const batchBytes = 8 << 20 // bounds memory when payloads are large
	var batch []review.Arrival
	held := 0
	send := func() error {
		if len(batch) == 0 {
			return nil
		}
		select {
		case to <- batch:
		case <-ctx.Done():
			return ctx.Err()
		}
		batch, held = nil, 0
		return nil
	}
	err := eachPath(paths, o.Stdin, func(about string, payload []byte) error {
		batch = append(batch, review.Arrival{Bytes: payload, Source: o.Source, About: about})
		if held += len(payload); len(batch) < importBatch && held < batchBytes {
			return nil
		}
		return send()
	})
	if sent := send(); sent != nil {
		return sent
	}
	return err
}
