package persona

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"docket/review"
	"docket/store"

	"golang.org/x/sync/errgroup"
)

// LiveOptions are what Live needs. DB is needed, the rest has defaults.
type LiveOptions struct {
	DB              *store.DB
	Client          *Client          // nil: nothing is asked or told
	Clock           func() time.Time // nil: time.Now
	Log             *slog.Logger     // nil: nothing is logged
	Files           bool             // fetch files behind expiring links as soon as they are named
	Everything      bool             // fetch what is missing of every transaction, not only of those that came to a review
	TransactionType string           // txntp_…: what is created by Screen, and listed by Sync; "": Screen refuses, Sync lists every type
	Poll            time.Duration    // how often Sync runs by itself; 0: 15 minutes, negative: never
	InquiryURL      string           // where subjects finish an inquiry; "": https://inquiry.withpersona.com/verify
}

const (
	defaultPoll       = 15 * time.Minute
	defaultInquiryURL = "https://inquiry.withpersona.com/verify"
)

// Live keeps docket and Persona in step: it takes in what webhooks left, asks for what is
// missing, finds what was missed, and tells what was decided. Everything that it means to do is in the
// store before it is done, so that it goes on after any stop where it was. It is safe for
// concurrent use.
type Live struct {
	o      LiveOptions
	db     *store.DB
	client *Client
	log    *slog.Logger

	stages   []*stageWork
	syncing  sync.Mutex // held while a reconciliation runs
	scrubbed time.Time  // guarded by the turn of its stage
	expired  time.Time  // when the access log last lost what is kept no longer

	wait func(context.Context, time.Duration) bool // waits; false: the context ended

	mu     sync.Mutex
	known  map[errandKey]time.Time  // what was asked lately; see plan
	links  map[review.Ref]fileLinks // fresh links of files, in memory only: they are secrets
	failed map[string]string        // stage → what its last step met
	owed   map[review.Ref]bool      // news that nobody could plan for yet
	busy   bool                     // a reconciliation runs
}

type errandKey struct {
	kind review.ErrandKind
	ref  review.Ref
}

// stageWork is one kind of work that goes on by itself.
type stageWork struct {
	name string
	step func(context.Context) (did int, err error)
	next func(context.Context) (time.Time, error) // when something is due; zero: not before a wake
	wake chan struct{}
	turn sync.Mutex // one at a time, whoever asks
	hold time.Time  // nothing is done before; guarded by turn
}

// NewLive makes a Live that does nothing until Run, Drain or one of its acts is called.
func NewLive(o LiveOptions) *Live {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Poll == 0 {
		o.Poll = defaultPoll
	}
	if o.InquiryURL == "" {
		o.InquiryURL = defaultInquiryURL
	}
	l := &Live{o: o, db: o.DB, client: o.Client, log: o.Log, known: map[errandKey]time.Time{}, links: map[review.Ref]fileLinks{},
		failed: map[string]string{}, owed: map[review.Ref]bool{}, wait: func(ctx context.Context, d time.Duration) bool { return pause(ctx, d, nil) }}
	l.addStage("absorb", l.absorb, nil)
	l.addStage(stageErase, l.erase, nil)
	if l.client != nil {
		l.addStage("outbox", l.outbox, l.db.NextPush)
		l.addStage("errands", l.errands, l.db.NextErrand)
	}
	return l
}

func (l *Live) addStage(name string, step func(context.Context, *stageWork) (int, error), next func(context.Context) (time.Time, error)) {
	s := &stageWork{name: name, next: next, wake: make(chan struct{}, 1)}
	s.step = func(ctx context.Context) (int, error) {
		s.turn.Lock()
		defer s.turn.Unlock()
		if l.now().Before(s.hold) {
			return 0, nil
		}
		return step(ctx, s)
	}
	l.stages = append(l.stages, s)
}

func (l *Live) now() time.Time { return l.o.Clock() }

// Run works until the context ends, and then returns nil: a failure of the store or of Persona is
// noted, logged and tried again, ever more slowly.
func (l *Live) Run(ctx context.Context) error {
	var g errgroup.Group
	if !l.planFirst(ctx) {
		g.Go(func() error {
			for tries := 0; pause(ctx, min(time.Second<<min(tries, 10), longestWait), nil) && !l.planFirst(ctx); tries++ {
			}
			return nil
		})
	}
	for _, s := range l.stages {
		g.Go(func() error { l.loop(ctx, s); return nil })
	}
	if l.client != nil && l.o.Poll > 0 {
		g.Go(func() error { l.poll(ctx); return nil })
	}
	return g.Wait()
}

// planFirst is planAgain with how it went; false: it has to be done again.
func (l *Live) planFirst(ctx context.Context) bool {
	err := l.planAgain(ctx)
	if ctx.Err() != nil {
		return true // nobody is left to do it for
	}
	l.note("plan", err)
	if err != nil {
		l.log.LogAttrs(ctx, slog.LevelError, "live", slog.String("stage", "plan"), slog.String("error", err.Error()))
	}
	return err == nil
}

// The bounds of a wait. The longest makes up for clocks that are set and wakes that got lost.
const (
	shortestWait = 50 * time.Millisecond
	longestWait  = time.Minute
)

func (l *Live) loop(ctx context.Context, s *stageWork) {
	failures := 0
	for ctx.Err() == nil {
		did, err := s.step(ctx)
		if ctx.Err() != nil {
			return
		}
		l.note(s.name, err)
		if err != nil {
			failures++
			l.log.LogAttrs(ctx, slog.LevelError, "live", slog.String("stage", s.name), slog.String("error", err.Error()))
			if !pause(ctx, min(time.Second<<min(failures-1, 10), longestWait), nil) { // not woken: a wake mends nothing
				return
			}
			continue
		}
		failures = 0
		if did > 0 {
			continue
		}
		if !pause(ctx, l.untilDue(ctx, s), s.wake) {
			return
		}
	}
}

// untilDue is how long a stage has nothing to do.
func (l *Live) untilDue(ctx context.Context, s *stageWork) time.Duration {
	wait := longestWait
	if s.next != nil {
		if at, err := s.next(ctx); err == nil && !at.IsZero() {
			wait = at.Sub(l.now())
		}
	}
	s.turn.Lock()
	wait = max(wait, s.hold.Sub(l.now()))
	s.turn.Unlock()
	return min(max(wait, shortestWait), longestWait)
}

// pause waits, or is woken; false: the context ended.
func pause(ctx context.Context, d time.Duration, wake <-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-t.C:
	}
	return true
}

// Wake tells Run that there is something to do: a delivery came, a decision was taken. It never
// blocks.
func (l *Live) Wake() {
	for _, s := range l.stages {
		s.rouse()
	}
}

func (l *Live) wakeStage(name string) {
	for _, s := range l.stages {
		if s.name == name {
			s.rouse()
		}
	}
}

func (s *stageWork) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Drain works until nothing is due, for tests and for commands that end. What is to be tried
// again later is left waiting.
func (l *Live) Drain(ctx context.Context) error {
	for {
		all := 0
		for _, s := range l.stages {
			for {
				did, err := s.step(ctx)
				if err != nil {
					return fmt.Errorf("%s: %w", s.name, err)
				}
				if all += did; did == 0 {
					break
				}
			}
		}
		if all == 0 {
			return nil
		}
	}
}

// LiveState is how the work goes, for pages.
type LiveState struct {
	Connected   bool // there is a key
	Environment Environment
	Client      ClientState
	Files       bool   // files are fetched as soon as they are named
	Syncing     bool   // a reconciliation runs right now
	CanScreen   bool   // a transaction type is set up
	Problem     string // what docket's own work met last, in words for people; "" when it goes well
}

// State says how the work goes. It is cheap.
func (l *Live) State() LiveState {
	s := LiveState{Connected: l.client != nil, Files: l.o.Files}
	if l.client != nil {
		s.Environment, s.Client = l.client.Environment(), l.client.State()
		s.CanScreen = l.o.TransactionType != ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s.Syncing = l.busy
	for _, stage := range slices.Sorted(maps.Keys(l.failed)) {
		s.Problem = l.failed[stage]
	}
	return s
}

// note remembers what a stage met, in words that a page may show.
func (l *Live) note(stage string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err == nil {
		delete(l.failed, stage)
		return
	}
	l.failed[stage] = "docket's own store did not let it work (" + stage + "); the log says why"
	if errors.Is(err, ErrUnavailable) || errors.Is(err, store.ErrFull) {
		l.failed[stage] = problemOf(err)
	}
}

// absorb takes in what was kept and not read yet, oldest first.
func (l *Live) absorb(ctx context.Context, _ *stageWork) (int, error) {
	hashes, err := l.db.Unread(ctx, batchSize)
	if err != nil {
		return 0, err
	}
	if len(hashes) == 0 {
		late := l.db.CatchUp(ctx)
		if errors.Is(late, store.ErrBusy) {
			late = nil // an import is at it
		}
		return 0, errors.Join(late, l.planOwed(ctx))
	}
	var readings []review.Reading
	var damaged error
	for _, h := range hashes {
		_, raw, err := l.db.Payload(ctx, h)
		if err != nil {
			damaged = err // it stays where it is; those behind it are read all the same
			l.log.LogAttrs(ctx, slog.LevelError, "payload", slog.String("payload", h.String()), slog.String("error", err.Error()))
			continue
		}
		r := readSafely(raw)
		r.Hash = h // what is left of an erased one has another digest than what came
		l.remember(raw, r)
		readings = append(readings, r)
	}
	if len(readings) == 0 {
		return 0, damaged
	}
	if _, err := l.db.Absorb(ctx, readings); err != nil {
		if readings, err = l.absorbEach(ctx, readings, err); err != nil {
			return 0, err
		}
	}
	l.log.LogAttrs(ctx, slog.LevelInfo, "absorbed", slog.Int("payloads", len(readings)))
	l.wakeStage(stageErase)
	return len(readings), l.plan(ctx, refsOf(readings), false)
}

// readSafely reads a payload. One that makes the reader stumble goes to quarantine: it must
// not keep those behind it from being read.
func readSafely(raw []byte) (r review.Reading) {
	defer func() {
		if met := recover(); met != nil {
			r = review.Reading{Hash: review.Sum(raw), Refused: "docket's reader stumbled over it"}
		}
	}()
	return Read(raw)
}

// absorbEach finds, after a batch failed, the payload that spoils it. When single ones can be
// taken in, one that cannot goes to quarantine; when none can, it is the store that fails.
func (l *Live) absorbEach(ctx context.Context, batch []review.Reading, failed error) ([]review.Reading, error) {
	if ctx.Err() != nil || len(batch) == 1 {
		return nil, failed
	}
	var good, bad []review.Reading
	for _, r := range batch {
		if _, err := l.db.Absorb(ctx, []review.Reading{r}); err != nil {
			bad = append(bad, r)
		} else {
			good = append(good, r)
		}
		if ctx.Err() != nil || len(bad) > 3 {
			return nil, failed
		}
	}
	if len(good) == 0 {
		return nil, failed
	}
	for _, r := range bad {
		l.log.LogAttrs(ctx, slog.LevelError, "set aside", slog.String("payload", r.Hash.String()))
		aside := review.Reading{Hash: r.Hash, ReadAs: r.ReadAs, Event: r.Event, Refused: "it could not be taken in together with what is here"}
		if _, err := l.db.Absorb(ctx, []review.Reading{aside}); err != nil {
			return nil, err
		}
	}
	return good, nil
}

// sourceAPI is where the payloads come from that were asked for.
const sourceAPI = "api"

// take keeps what Persona answered, reads it and takes it in.
func (l *Live) take(ctx context.Context, body []byte, about string) (review.Reading, error) {
	readings, err := l.takeAll(ctx, [][]byte{body}, about)
	if err != nil {
		return review.Reading{}, err
	}
	if r := readings[0]; r.Refused != "" {
		return r, &Unavailable{After: firstWait, Problem: "Persona's answer lies in quarantine: " + r.Refused}
	}
	return readings[0], nil
}

func (l *Live) takeAll(ctx context.Context, bodies [][]byte, about string) ([]review.Reading, error) {
	arrivals := make([]review.Arrival, len(bodies))
	readings := make([]review.Reading, len(bodies))
	for i, b := range bodies {
		arrivals[i] = review.Arrival{Bytes: b, Source: sourceAPI, About: about}
	}
	if _, err := l.db.Keep(ctx, arrivals); err != nil {
		return nil, fmt.Errorf("keep: %w", err)
	}
	for i, b := range bodies {
		readings[i] = readSafely(b)
		l.remember(b, readings[i])
	}
	if _, err := l.db.Absorb(ctx, readings); err != nil {
		return nil, fmt.Errorf("absorb: %w", err)
	}
	l.wakeStage(stageErase)
	return readings, nil
}

// refsOf are the resources that readings tell of, each once.
func refsOf(readings []review.Reading) []review.Ref {
	var refs []review.Ref
	seen := map[review.Ref]bool{}
	for _, r := range readings {
		for _, s := range r.Snapshots {
			if !seen[s.Ref] {
				seen[s.Ref] = true
				refs = append(refs, s.Ref)
			}
		}
	}
	return refs
}

// problemOf puts what Persona, or the way to it, did into words for people.
func problemOf(err error) string {
	var refused *Refused
	var unavailable *Unavailable
	switch {
	case errors.As(err, &refused):
		return refused.Sentence()
	case errors.As(err, &unavailable):
		return unavailable.Problem
	case errors.Is(err, store.ErrFull):
		return "the disk is nearly full: what Persona sends and what is fetched waits until somebody makes room"
	}
	return "docket could not do it; the log says why"
}

// again is when to try something that failed for the n-th time, n from 0: after 5, 10, 20 …
// seconds, and not before Persona is worth asking.
func (l *Live) again(tries int, most time.Duration, err error) time.Time {
	wait := min(firstWait<<min(tries, 12), most)
	var unavailable *Unavailable
	if errors.As(err, &unavailable) {
		wait = max(wait, unavailable.After)
	}
	return l.now().Add(wait)
}
