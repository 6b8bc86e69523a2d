package sandbox

import (
	"context"
	"slices"
	"time"
)

// errand is something that the stand-in does at a given instant. It runs with the lock held;
// what it gives back runs without.
type errand struct {
	due time.Time
	seq uint64
	do  func() func()
}

// after plans something for a while from now: that while is in the world's time, and shorter
// by Speed.
func (in *StandIn) after(d time.Duration, do func() func()) {
	in.planned++
	in.plan = append(in.plan, &errand{due: in.now().Add(in.short(d)), seq: in.planned, do: do})
	select {
	case in.wake <- struct{}{}:
	default:
	}
}

// later is after for what has nothing to do without the lock.
func (in *StandIn) later(d time.Duration, do func()) {
	in.after(d, func() func() { do(); return nil })
}

func (in *StandIn) short(d time.Duration) time.Duration {
	return time.Duration(float64(d) / in.o.Speed)
}

// next takes the earliest errand that is due by an instant, nil when there is none.
func (in *StandIn) next(by time.Time) *errand {
	if len(in.plan) == 0 {
		return nil
	}
	first := slices.MinFunc(in.plan, func(a, b *errand) int {
		if c := a.due.Compare(b.due); c != 0 {
			return c
		}
		return int(a.seq) - int(b.seq)
	})
	if first.due.After(by) {
		return nil
	}
	in.plan = slices.DeleteFunc(in.plan, func(e *errand) bool { return e == first })
	return first
}

// run does what is due until Close.
func (in *StandIn) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		wait := time.Hour
		in.mu.Lock()
		now := in.o.Now()
		for {
			e := in.next(now)
			if e == nil {
				break
			}
			if loose := e.do(); loose != nil {
				in.running.Go(loose)
			}
		}
		for _, e := range in.plan {
			wait = min(wait, max(e.due.Sub(now), time.Millisecond))
		}
		in.mu.Unlock()
		timer.Reset(wait)
		select {
		case <-in.ctx.Done():
			return
		case <-in.wake:
		case <-timer.C:
		}
	}
}

// Settle lets a stretch of time go by in one go, for stand-ins that step: everything that is
// due within it happens, in order, deliveries and their retries included. The stretch is
// counted after Speed.
func (in *StandIn) Settle(ctx context.Context, stretch time.Duration) error {
	in.mu.Lock()
	by := in.now().Add(stretch)
	in.mu.Unlock()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		in.mu.Lock()
		e := in.next(by)
		if e == nil {
			in.mu.Unlock()
			return nil
		}
		if e.due.After(in.floor) {
			in.floor = e.due
		}
		loose := e.do()
		in.mu.Unlock()
		if loose != nil {
			loose()
		}
	}
}
