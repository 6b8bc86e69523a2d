package persona

import (
	"context"
	"fmt"
	"runtime"

	"docket/review"
	"docket/store"

	"golang.org/x/sync/errgroup"
)

// Store is what intake needs of the store; *store.DB is one.
type Store interface {
	Keep(context.Context, []review.Arrival) ([]store.Kept, error)
	Absorb(context.Context, []review.Reading) (store.Absorbed, error)
	Pack([]review.Reading, []store.Kept) store.Packed
	AbsorbPacked(context.Context, ...store.Packed) (store.Absorbed, error)
	CatchUp(context.Context) error
	Unread(ctx context.Context, limit int) ([]review.Hash, error)
	Payload(context.Context, review.Hash) (review.Payload, []byte, error)
}

// batchSize is how many payloads are kept, and absorbed, in one act of the store: enough to
// share a disk flush, few enough to be quick.
const batchSize = 200

// importBatch is the same of an import, which nobody waits for: pages that many payloads touch
// are written once for all.
const importBatch = 800

// readers is how many payloads are read at once. In an import one writes meanwhile, for whom all else
// waits: it is left a core.
const readers = 2

func importReaders() int { return max(1, min(readers, runtime.GOMAXPROCS(0)-1)) }

// Absorb keeps arrivals and takes in what they say. What cannot be read lies in quarantine
// afterwards; only the store can make it fail, and then Recover takes up what was kept.
func Absorb(ctx context.Context, db Store, arrivals []review.Arrival) error {
	for len(arrivals) > 0 {
		n := min(batchSize, len(arrivals))
		b, err := keep(ctx, db, arrivals[:n])
		if err != nil {
			return err
		}
		if _, err := db.Absorb(ctx, b.readings); err != nil {
			return fmt.Errorf("absorb: %w", err)
		}
		arrivals = arrivals[n:]
	}
	return nil
}

// Recover reads what was kept but never absorbed, and has written what an import put off, because the machine
// stopped in between. Call it when the store opens.
func Recover(ctx context.Context, db Store) error {
	if err := db.CatchUp(ctx); err != nil {
		return fmt.Errorf("recover: %w", err)
	}
	done := map[review.Hash]bool{}
	for {
		hashes, err := db.Unread(ctx, batchSize)
		if err != nil || len(hashes) == 0 {
			return err
		}
		readings := make([]review.Reading, len(hashes))
		for i, h := range hashes {
			if done[h] {
				return fmt.Errorf("recover: payload %s stays unread", h)
			}
			done[h] = true
			_, raw, err := db.Payload(ctx, h)
			if err != nil {
				return fmt.Errorf("recover: %w", err)
			}
			readings[i] = read(raw, h)
		}
		if _, err := db.Absorb(ctx, readings); err != nil {
			return fmt.Errorf("recover: %w", err)
		}
	}
}

// batch is arrivals that are on disk, and what was read from those that need it.
type batch struct {
	kept     []store.Kept
	readings []review.Reading
	refused  []string // per arrival: why it lies or will lie in quarantine, "" when it does not
}

// keep makes arrivals durable, then reads those that were not absorbed before.
func keep(ctx context.Context, db Store, arrivals []review.Arrival) (batch, error) {
	kept, err := db.Keep(ctx, arrivals)
	if err != nil {
		return batch{}, fmt.Errorf("keep: %w", err)
	}
	return readKept(ctx, arrivals, kept, readers)
}

// readKept reads those of the kept arrivals that were not absorbed before, so many at once.
func readKept(ctx context.Context, arrivals []review.Arrival, kept []store.Kept, readers int) (batch, error) {
	b := batch{kept: kept, refused: make([]string, len(kept))}
	all := make([]review.Reading, len(kept))
	first := make(map[review.Hash]int, len(kept))
	var todo []int
	for i, k := range kept {
		b.refused[i] = k.Quarantine
		if k.Absorbed || k.Quarantine != "" {
			continue
		}
		if _, again := first[k.Hash]; !again {
			first[k.Hash] = i
			todo = append(todo, i)
		}
	}
	var g errgroup.Group
	for w := range readers {
		g.Go(func() error {
			for j := w; j < len(todo); j += readers {
				all[todo[j]] = read(arrivals[todo[j]].Bytes, kept[todo[j]].Hash)
			}
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return batch{}, err
	}
	for i, k := range kept {
		if j, ok := first[k.Hash]; ok {
			b.refused[i] = all[j].Refused
			if i == j {
				b.readings = append(b.readings, all[j])
			}
		}
	}
	return b, nil
}
