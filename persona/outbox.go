package persona

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"docket/review"
)

const (
	pushBatch    = 20
	mostPush     = 15 * time.Minute // longest time between two tries of a push
	confirmTries = 8                // looks at fields that Persona took and does not show

	// pushLease is longer than an attempt can take. Until it is over nobody else begins one.
	pushLease = 2 * time.Minute
)

// outbox tells Persona what was decided: of each review the first act that is not settled.
// What is sent, and whether it has arrived, is known by value: after any doubt Persona's own state
// is looked at before anything is said again.
func (l *Live) outbox(ctx context.Context, s *stageWork) (int, error) {
	due, err := l.db.DuePushes(ctx, pushBatch)
	if err != nil {
		return 0, err
	}
	for i, p := range due {
		if err := l.send(ctx, p, s); err != nil {
			return i, err
		}
		if ctx.Err() != nil {
			return i, ctx.Err()
		}
		if l.now().Before(s.hold) {
			return i + 1, nil
		}
	}
	return len(due), nil
}

// send makes one attempt at a push and writes down how it ended. Only the store's own failures
// are returned.
func (l *Live) send(ctx context.Context, p review.Push, s *stageWork) error {
	if p.Tries > 0 || !p.BegunAt.IsZero() { // an earlier attempt may have arrived all the same
		there, err := l.stands(ctx, p)
		if err != nil {
			return l.tried(ctx, p, s, Answer{}, err)
		}
		if there {
			return l.pushTried(ctx, p, review.PushTry{Sent: true, Settled: true})
		}
		if p.Act == review.PushFields && !p.SentAt.IsZero() && p.Tries >= confirmTries {
			return l.pushTried(ctx, p, review.PushTry{Refused: true, Key: rand.Text(),
				Problem: "Persona took the fields and does not show them: check that the transaction type has them"})
		}
	}
	// The line was read some time ago, and looking takes some: a decision may have been corrected
	// since, or another docket on this database be telling it.
	if err := l.db.BeginPush(ctx, p.ID, pushLease); err != nil {
		if errors.Is(err, review.ErrConflict) {
			return nil
		}
		return err
	}
	a, err := l.client.Push(ctx, p)
	if err != nil {
		return l.tried(ctx, p, s, a, err)
	}
	return l.told(ctx, p, s, a)
}

// told settles a push that Persona took.
func (l *Live) told(ctx context.Context, p review.Push, s *stageWork, a Answer) error {
	try := review.PushTry{Sent: true, Request: a.Request, Key: rand.Text()}
	switch p.Act {
	case review.PushStatus:
		// Persona's own state, in this answer or in a webhook, is the echo: the store knows it.
	case review.PushComment:
		try.Settled = true
	case review.PushFields:
		// Fields first, looked at, then the status: Persona documents a race between the two.
		there, err := l.stands(ctx, p)
		switch {
		case err != nil:
			return l.tried(ctx, p, s, a, err)
		case !there:
			problem := "Persona took the fields and does not show them yet"
			try = review.PushTry{Request: a.Request, Key: try.Key, Problem: problem, Next: l.again(p.Tries, mostPush, nil)}
			if p.Tries+1 >= confirmTries {
				try.Refused, try.Problem = true, problem+": check that the transaction type has them"
			}
			return l.pushTried(ctx, p, try)
		}
		try.Settled = true
	default:
		try.Settled = a.Body != nil && shows(readSafely(a.Body), p)
	}
	if err := l.pushTried(ctx, p, try); err != nil {
		return err
	}
	if len(a.Body) == 0 {
		return nil
	}
	r, err := l.take(ctx, a.Body, a.About)
	if err != nil {
		return ignoreUnavailable(err)
	}
	return l.plan(ctx, refsOf([]review.Reading{r}), true)
}

func ignoreUnavailable(err error) error {
	if errors.Is(err, ErrUnavailable) {
		return nil
	}
	return err
}

// tried writes down an attempt that brought no answer, or a no.
func (l *Live) tried(ctx context.Context, p review.Push, s *stageWork, a Answer, met error) error {
	if ctx.Err() != nil {
		return ctx.Err() // nobody knows how it ended; the next attempt looks
	}
	try := review.PushTry{Problem: problemOf(met), Request: a.Request}
	var refused *Refused
	var unavailable *Unavailable
	switch {
	case errors.As(met, &unavailable):
		try.Next, try.Request = l.again(p.Tries, mostPush, met), unavailable.Request
		if unavailable.KeySpent {
			try.Key = rand.Text()
		}
		s.hold = l.now().Add(unavailable.After)
	case errors.As(met, &refused) && refused.Status == http.StatusUnauthorized:
		// Nothing is wrong with what is told: it waits for a key that works.
		try.Next, try.Request, try.Trail = l.now().Add(lastWait), refused.Request, refused.Title
		s.hold = try.Next
	case errors.As(met, &refused):
		if settled, err := l.alreadySo(ctx, p, refused); err != nil || settled {
			return err
		}
		try.Refused, try.Request, try.Key, try.Trail = true, refused.Request, rand.Text(), refused.Title
	case errors.Is(met, errUnreadable):
		try.Next, try.Problem = l.again(p.Tries, mostPush, nil), "Persona's answer could not be read; it lies in quarantine"
	default:
		return met
	}
	return l.pushTried(ctx, p, try)
}

// alreadySo settles a push that Persona refuses because it is done already: an inquiry that is
// approved cannot be approved again.
func (l *Live) alreadySo(ctx context.Context, p review.Push, refused *Refused) (bool, error) {
	if refused.Status != http.StatusConflict && refused.Status != http.StatusUnprocessableEntity && refused.Status != http.StatusBadRequest ||
		p.Act == review.PushComment {
		return false, nil
	}
	there, err := l.stands(ctx, p)
	if err != nil || !there {
		return false, ignoreAnswers(err)
	}
	return true, l.pushTried(ctx, p, review.PushTry{Sent: true, Settled: true, Request: refused.Request, Key: rand.Text()})
}

// ignoreAnswers leaves only failures that are not Persona's.
func ignoreAnswers(err error) error {
	var refused *Refused
	if errors.As(err, &refused) || errors.Is(err, ErrUnavailable) || errors.Is(err, errUnreadable) {
		return nil
	}
	return err
}

func (l *Live) pushTried(ctx context.Context, p review.Push, try review.PushTry) error {
	level, attrs := slog.LevelInfo, []slog.Attr{slog.Int64("push", int64(p.ID)), slog.String("review", p.Review.String()),
		slog.String("act", string(p.Act)), slog.String("ref", p.Target.String()), slog.Int("tries", p.Tries+1),
		slog.Bool("taken", try.Sent), slog.Bool("settled", try.Settled), slog.Bool("refused", try.Refused), slog.String("request", try.Request)}
	if !try.Sent {
		level = slog.LevelWarn
	}
	l.log.LogAttrs(ctx, level, "told", attrs...)
	return l.db.PushTried(ctx, p.ID, try)
}

// stands looks whether Persona's own state says already what a push is to tell.
func (l *Live) stands(ctx context.Context, p review.Push) (bool, error) {
	var include []string
	if p.Act == review.PushComment {
		include = includes(p.Target)
	}
	a, err := l.client.Resource(ctx, p.Target, include...)
	if err != nil {
		return false, err
	}
	r, err := l.take(ctx, a.Body, a.About)
	if err != nil {
		return false, err
	}
	if _, ok := told(r, p.Target); !ok {
		return false, errUnreadable
	}
	return shows(r, p), nil
}

// shows says that a state of a push's target says what the push tells.
func shows(r review.Reading, p review.Push) bool {
	s, ok := told(r, p.Target)
	if !ok {
		return false
	}
	c := review.Captured{Ref: s.Ref, Layers: []review.Layer{{Order: s.Order, Body: s.Body}}}
	switch p.Act {
	case review.PushStatus, review.PushCase:
		return review.NormalStatus(Resource(c).Status.Value) == review.NormalStatus(p.Value)
	case review.PushInquiry:
		status := review.NormalStatus(Resource(c).Status.Value)
		return p.Value == pushApprove && status == "approved" || p.Value == pushDecline && status == "declined"
	case review.PushFields:
		return showsFields(c, p.Fields)
	case review.PushComment:
		return slices.ContainsFunc(r.Snapshots, func(s review.Snapshot) bool {
			c := review.Captured{Ref: s.Ref, Layers: []review.Layer{{Order: s.Order, Body: s.Body}}}
			return s.Ref.Type == "case-comment" && slices.ContainsFunc(Resource(c).Attributes, func(f review.Field) bool {
				return f.Key == "message" && f.Text == p.Note
			})
		})
	case review.PushMatches:
		return showsFindings(reportOf(c), p)
	}
	return false
}

func showsFields(c review.Captured, want []review.PushField) bool {
	s := merge(c)
	defer s.done()
	for _, w := range want {
		n, ok := s.field(w.Key)
		if _, v, is := wrapped(n); is {
			n = v
		}
		if n.str() != w.Value && words(n) != w.Value || !ok && w.Value != "" {
			return false
		}
	}
	return true
}

func showsFindings(r review.Report, p review.Push) bool {
	if r.Kind == review.KindScreening {
		return slices.ContainsFunc(r.Matches, func(m review.Match) bool { return m.EntityID == p.Part && m.ReviewStatus == p.Value })
	}
	return r.MatchState != review.Absent && !slices.ContainsFunc(r.OpenMatches(), func(m review.Match) bool {
		return p.Part == "" || m.EntityID == p.Part
	})
}
