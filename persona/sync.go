package persona

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"docket/review"
)

const (
	syncOverlap = time.Hour           // looked at again: clocks differ, events appear late
	syncFirst   = 72 * time.Hour      // how far the first reconciliation looks back
	syncLimit   = 45 * time.Minute    // less than the overlap, so that nothing falls between two
	maxSync     = 90 * 24 * time.Hour // Persona keeps events no longer
	syncPages   = 5_000
)

// poll reconciles with Persona every now and then, first of all after docket was away.
func (l *Live) poll(ctx context.Context) {
	failures := 0
	for ctx.Err() == nil {
		wait := l.o.Poll
		since, due, err := l.syncSince(ctx)
		if err == nil && due <= 0 {
			_, err = l.Sync(ctx, since)
		} else if err == nil {
			wait = due
		}
		if err != nil && !errors.Is(err, review.ErrConflict) {
			wait = min(l.again(failures, l.o.Poll, err).Sub(l.now()), max(l.o.Poll, lastWait))
			failures++
		} else {
			failures = 0
		}
		if !pause(ctx, max(wait, time.Second), nil) {
			return
		}
	}
}

// syncSince says from when on the next reconciliation looks, and how long until it is due.
func (l *Live) syncSince(ctx context.Context) (since time.Time, due time.Duration, err error) {
	in, err := l.db.Intake(ctx)
	if err != nil {
		return time.Time{}, 0, err
	}
	now := l.now()
	if in.Synced.At.IsZero() {
		return now.Add(-syncFirst), 0, nil
	}
	return in.Synced.At.Add(-syncOverlap), in.Synced.At.Add(l.o.Poll).Sub(now), nil
}

// Sync finds what webhooks missed since a moment: it walks through Persona's events and its
// transactions, newest first, and takes in those that never reached us. One runs at a time:
// review.ErrConflict while another does. When it cannot come to its end it says why in
// Synced.Problem and returns the error; what it found until then is taken in, and the next one
// looks back as far again. A zero moment means as far as the last one that ended.
func (l *Live) Sync(ctx context.Context, since time.Time) (review.Synced, error) {
	if l.client == nil {
		return review.Synced{}, notConnected()
	}
	if !l.syncing.TryLock() {
		return review.Synced{}, fmt.Errorf("sync: %w", review.ErrConflict)
	}
	defer l.syncing.Unlock()
	l.setBusy(true)
	defer l.setBusy(false)
	in, err := l.db.Intake(ctx)
	if err != nil {
		return review.Synced{}, fmt.Errorf("sync: %w", err)
	}
	if since.IsZero() {
		if since, _, err = l.syncSince(ctx); err != nil {
			return review.Synced{}, fmt.Errorf("sync: %w", err)
		}
	}
	if oldest := l.now().Add(-maxSync); since.Before(oldest) {
		since = oldest
	}
	s := review.Synced{Since: since}
	limited, cancel := context.WithTimeout(ctx, syncLimit)
	defer cancel()
	met := l.syncEvents(limited, since, &s)
	if met == nil {
		met = l.syncTransactions(limited, since, &s)
	}
	s.At = l.now()
	if met != nil {
		// It did not come to its end: the next one begins where this one did.
		s.At, s.Problem = in.Synced.At, problemOf(met)
	}
	attrs := []slog.Attr{slog.Int("events", s.Events), slog.Int("missed", s.Missed), slog.Int("transactions", s.Transactions)}
	if met != nil {
		attrs = append(attrs, slog.String("error", met.Error()))
	}
	l.log.LogAttrs(ctx, slog.LevelInfo, "synced", attrs...)
	if ctx.Err() != nil {
		return s, ctx.Err()
	}
	if err := l.db.SetSynced(ctx, s); err != nil {
		return s, fmt.Errorf("sync: %w", errors.Join(met, err))
	}
	l.Wake()
	if met != nil {
		return s, fmt.Errorf("sync: %w", met)
	}
	return s, nil
}

func (l *Live) setBusy(busy bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = busy
}

// syncEvents takes in the events that no delivery brought.
func (l *Live) syncEvents(ctx context.Context, since time.Time, s *review.Synced) error {
	return l.pages(ctx, since, func(cursor string) (Page, error) {
		return l.client.Events(ctx, EventQuery{After: cursor})
	}, func(items []Item) error {
		s.Events += len(items)
		ids := make([]string, len(items))
		for i, it := range items {
			ids[i] = it.Ref.ID
		}
		missed, err := l.db.UnknownEvents(ctx, ids)
		if err != nil || len(missed) == 0 {
			return err
		}
		unknown := map[string]bool{}
		for _, id := range missed {
			unknown[id] = true
		}
		var bodies [][]byte
		for _, it := range items {
			if unknown[it.Ref.ID] {
				unknown[it.Ref.ID] = false
				bodies = append(bodies, it.Raw)
			}
		}
		s.Missed += len(bodies)
		return l.takeMissed(ctx, bodies, "GET events")
	})
}

// syncTransactions takes in the transactions of which we hold no state that new.
func (l *Live) syncTransactions(ctx context.Context, since time.Time, s *review.Synced) error {
	return l.pages(ctx, since, func(cursor string) (Page, error) {
		return l.client.Transactions(ctx, cursor, l.o.TransactionType)
	}, func(items []Item) error {
		var bodies [][]byte
		for _, it := range items {
			newer, err := l.isNews(ctx, readSafely(it.Raw))
			if err != nil {
				return err
			}
			if newer {
				bodies = append(bodies, it.Raw)
			}
		}
		s.Transactions += len(bodies)
		return l.takeMissed(ctx, bodies, "GET transactions")
	})
}

// isNews says that a reading holds a state of a resource that is newer than all we have.
func (l *Live) isNews(ctx context.Context, r review.Reading) (bool, error) {
	if len(r.Snapshots) == 0 {
		return r.Refused != "", nil
	}
	s := r.Snapshots[0]
	f, err := l.db.ResourceFile(ctx, s.Ref)
	if errors.Is(err, review.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	for _, layer := range f.Captured.Layers {
		if layer.Order.At >= s.Order.At {
			return false, nil
		}
	}
	return true, nil
}

func (l *Live) takeMissed(ctx context.Context, bodies [][]byte, about string) error {
	if len(bodies) == 0 {
		return nil
	}
	if err := l.db.Room(); err != nil {
		return err
	}
	readings, err := l.takeAll(ctx, bodies, about)
	if err != nil {
		return err
	}
	return l.plan(ctx, refsOf(readings), false)
}

// pages walks through a list, newest first, until it is older than a moment.
func (l *Live) pages(ctx context.Context, since time.Time, page func(cursor string) (Page, error), each func([]Item) error) error {
	cursor := ""
	for range syncPages {
		p, err := l.patiently(ctx, func() (Page, error) { return page(cursor) })
		if err != nil {
			return err
		}
		var items []Item
		older := false
		for _, it := range p.Items {
			if !it.At.IsZero() && it.At.Before(since) {
				older = true
				continue
			}
			items = append(items, it)
		}
		if err := each(items); err != nil {
			return err
		}
		if older || p.Next == "" || p.Next == cursor {
			return nil
		}
		cursor = p.Next
	}
	return &Unavailable{Problem: "Persona lists more than one reconciliation looks through: begin a later one with docket sync --since"}
}

// How long a reconciliation waits for a page before it leaves the rest to the next one.
const (
	syncPatience = 2 * time.Minute
	syncTries    = 5
)

// patiently asks for a page, and again after the time that the budget or Persona needs: a long
// list must not begin anew because one page of it was slow.
func (l *Live) patiently(ctx context.Context, ask func() (Page, error)) (Page, error) {
	for try := 1; ; try++ {
		p, err := ask()
		var u *Unavailable
		if err == nil || try == syncTries || !errors.As(err, &u) || u.After > syncPatience {
			return p, err
		}
		if !l.wait(ctx, max(u.After, shortestWait)) {
			return p, ctx.Err()
		}
	}
}

// notConnected is what every act says without a key.
func notConnected() error {
	return &Unavailable{Problem: "docket has no key for Persona: set one up, and start it again"}
}
