package persona

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"docket/review"
)

const (
	errandBatch  = 20
	mostErrand   = time.Hour       // longest time between two tries of an errand
	unreadable   = 8               // tries after which an answer that cannot be read is given up
	unauthorized = 24              // … and one that the key is not allowed to have
	maxPages     = 50              // pages of one report's history
	errandLease  = 5 * time.Minute // longer than a run should take: until it is over nobody else begins one
)

// errands runs what is due.
func (l *Live) errands(ctx context.Context, s *stageWork) (int, error) {
	if err := l.db.Room(); err != nil {
		return 0, err // what is fetched would take the room that decisions need
	}
	due, err := l.db.DueErrands(ctx, errandBatch)
	if err != nil {
		return 0, err
	}
	for i, e := range due {
		// The line was read some time ago: another docket on this database may have run it since.
		if err := l.db.BeginErrand(ctx, e.ID, errandLease); errors.Is(err, review.ErrConflict) {
			continue
		} else if err != nil {
			return i, err
		}
		met := l.run(ctx, e)
		if ctx.Err() != nil {
			return i, errors.Join(ctx.Err(), l.leave(ctx, e))
		}
		if err := l.settle(ctx, e, met, s); errors.Is(err, review.ErrConflict) {
			continue // it took longer than the lease, and is somebody else's by now
		} else if err != nil {
			return i, errors.Join(err, l.leave(ctx, e))
		}
		if l.now().Before(s.hold) {
			return i + 1, nil
		}
	}
	return len(due), nil
}

// leave gives an errand back that was cut short.
func (l *Live) leave(ctx context.Context, e review.Errand) error {
	err := l.db.LeaveErrand(context.WithoutCancel(ctx), e.ID)
	if errors.Is(err, review.ErrConflict) {
		return nil
	}
	return err
}

// errMoving says that a transaction that is followed has not settled yet.
var errMoving = errors.New("not settled yet")

func (l *Live) run(ctx context.Context, e review.Errand) error {
	switch e.Kind {
	case review.ErrandHistory:
		return l.fetchHistory(ctx, e)
	case review.ErrandFiles:
		return l.fetchFiles(ctx, e)
	case review.ErrandFollow:
		return l.follow(ctx, e)
	default:
		return l.fetchResource(ctx, e)
	}
}

// settle writes down how an errand went. Only the store's own failures are returned.
func (l *Live) settle(ctx context.Context, e review.Errand, met error, s *stageWork) error {
	attrs := []slog.Attr{slog.String("errand", string(e.Kind)), slog.String("ref", e.Ref.String()), slog.Int("tries", e.Tries+1)}
	var refused *Refused
	var unavailable *Unavailable
	switch {
	case met == nil:
		l.log.LogAttrs(ctx, slog.LevelInfo, "fetched", attrs...)
		l.asked(e)
		return l.db.ErrandDone(ctx, e.ID)
	case errors.Is(met, errMoving):
		most := time.Minute
		if l.now().Sub(e.At) > followOften {
			most = followSeldom // nobody watches any more; many that never settle must not use the budget up
		}
		return l.db.ErrandAgain(ctx, e.ID, l.now().Add(min(time.Second<<min(e.Tries, 10), most)), "")
	case errors.As(met, &unavailable):
		l.log.LogAttrs(ctx, slog.LevelWarn, "fetch", append(attrs, slog.String("error", met.Error()))...)
		// Others would meet the same: they wait as long as this answer asks for.
		s.hold = l.now().Add(unavailable.After)
		return l.db.ErrandAgain(ctx, e.ID, l.again(e.Tries, mostErrand, met), unavailable.Problem)
	case errors.Is(met, errUnreadable):
		l.log.LogAttrs(ctx, slog.LevelWarn, "fetch", append(attrs, slog.String("error", met.Error()))...)
		if e.Tries+1 >= unreadable {
			return l.db.ErrandFailed(ctx, e.ID, "Persona's answer could not be read; it lies in quarantine")
		}
		return l.db.ErrandAgain(ctx, e.ID, l.again(e.Tries, mostErrand, nil), "Persona's answer could not be read; it lies in quarantine")
	case errors.As(met, &refused):
		l.log.LogAttrs(ctx, slog.LevelWarn, "fetch", append(attrs, slog.String("error", met.Error()))...)
		switch {
		case errors.Is(met, ErrUnauthorized) && e.Tries+1 < unauthorized:
			if refused.Status == http.StatusUnauthorized {
				s.hold = l.now().Add(lastWait) // the key is wrong for everything
			}
			return l.db.ErrandAgain(ctx, e.ID, l.now().Add(min(lastWait<<min(e.Tries, 4), mostErrand)), refused.Sentence())
		case passing(refused.Status) && e.Tries+1 < unreadable:
			return l.db.ErrandAgain(ctx, e.ID, l.again(e.Tries, mostErrand, nil), refused.Sentence())
		}
		return l.db.ErrandFailed(ctx, e.ID, refused.Sentence())
	case errors.Is(met, review.ErrNotFound):
		// It was erased meanwhile, or Persona gives it under another type: tried again and again it would
		// only hold back whatever stands behind it.
		l.log.LogAttrs(ctx, slog.LevelWarn, "fetch", append(attrs, slog.String("error", met.Error()))...)
		return l.db.ErrandFailed(ctx, e.ID, "docket does not hold the resource that this is about")
	}
	return met
}

// passing says that a refusal may be another answer in a while: the resource was being changed,
// or it took too long.
func passing(status int) bool {
	return status == http.StatusConflict || status == http.StatusRequestTimeout || status == http.StatusTooEarly
}

// errUnreadable says that an answer came, was kept, and tells nothing of what was asked.
var errUnreadable = errors.New("the answer tells nothing of what was asked")

// fetchResource asks for one resource, unless it came by itself in the meantime.
func (l *Live) fetchResource(ctx context.Context, e review.Errand) error {
	needed, err := l.stillLacks(ctx, e)
	if err != nil || !needed {
		return err
	}
	_, err = l.ask(ctx, e.Ref)
	return err
}

// ask gets a resource, takes it in and plans what it newly names.
func (l *Live) ask(ctx context.Context, ref review.Ref) (review.Reading, error) {
	a, err := l.client.Resource(ctx, ref, includes(ref)...)
	if err != nil {
		return review.Reading{}, err
	}
	r, err := l.take(ctx, a.Body, a.About)
	if err != nil {
		return r, err
	}
	if _, ok := told(r, ref); !ok {
		return r, errUnreadable
	}
	l.asked(review.Errand{Kind: review.ErrandResource, Ref: ref})
	return r, l.plan(ctx, append(refsOf([]review.Reading{r}), ref), true)
}

// told is what a reading says of a resource. The type may be said in full where it was not
// before.
func told(r review.Reading, ref review.Ref) (review.Snapshot, bool) {
	i := slices.IndexFunc(r.Snapshots, func(s review.Snapshot) bool {
		return s.Ref.ID == ref.ID && s.Ref.Family() == ref.Family()
	})
	if i < 0 {
		return review.Snapshot{}, false
	}
	return r.Snapshots[i], true
}

// stillLacks says that what an errand is for did not come by itself: with a webhook, or
// included with another answer.
func (l *Live) stillLacks(ctx context.Context, e review.Errand) (bool, error) {
	cause, _, _ := strings.Cut(e.Cause, " ")
	switch cause {
	case causeAbsent, causeThin:
	case causeRelations, causeFallback, causeObjects:
		if e.Ref.Type != "transaction" {
			return true, nil
		}
		f, err := l.db.TransactionFile(ctx, review.TransactionID(e.Ref.ID))
		if err != nil {
			return errors.Is(err, review.ErrNotFound), ignoreNotFound(err)
		}
		return slices.ContainsFunc(Missing(f.Dossier), func(m review.Errand) bool {
			return m.Kind == e.Kind && m.Ref == e.Ref && m.Cause == e.Cause
		}), nil
	default:
		return true, nil
	}
	f, err := l.db.ResourceFile(ctx, e.Ref)
	if err != nil {
		return errors.Is(err, review.ErrNotFound), ignoreNotFound(err)
	}
	if f.Named || len(f.Captured.Layers) == 0 {
		return true, nil
	}
	if e.Ref.Family() == "report" {
		r := reportOf(f.Captured)
		return r.Capture == review.CaptureThin || r.Untold(), nil
	}
	return Resource(f.Captured).Capture == review.CaptureThin, nil
}

func ignoreNotFound(err error) error {
	if errors.Is(err, review.ErrNotFound) {
		return nil
	}
	return err
}

// reportOf reads one report by itself.
func reportOf(c review.Captured) review.Report {
	d := Hydrate(review.Bundle{Root: review.Ref{Type: "transaction"}, Resources: []review.Captured{c}})
	if len(d.Reports) == 0 {
		return review.Report{Ref: c.Ref, Capture: review.CaptureAbsent}
	}
	return d.Reports[0]
}

// fetchHistory asks for all pages of a report's history.
func (l *Live) fetchHistory(ctx context.Context, e review.Errand) error {
	cursor := ""
	for range maxPages {
		a, next, err := l.client.History(ctx, e.Ref, cursor)
		if err != nil {
			return err
		}
		body := a.Body
		if readSafely(body).ReadAs != "history of "+shorten(e.Ref.ID) {
			body = withAddress(body, "/api/v1/reports/"+e.Ref.ID+"/history")
		}
		if _, err := l.take(ctx, body, a.About); err != nil {
			return err
		}
		if next == "" || next == cursor {
			break
		}
		cursor = next
	}
	return nil
}
