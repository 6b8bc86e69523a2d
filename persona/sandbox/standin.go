package sandbox

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Included says what stands beside the resource of an event, which at Persona is a setting of
// the webhook.
type Included uint8

const (
	IncludeNone  Included = iota // the key is absent: the rule since January 2026
	IncludeEmpty                 // the key is there and empty
	IncludeThin                  // everything, but of reports only four attributes
	IncludeAll                   // everything in full
)

// StandInOptions set a stand-in up. Only Key is needed.
type StandInOptions struct {
	Key string // the API key that is let in

	Now   func() time.Time // the clock, time.Now when nil
	Speed float64          // how many times faster reports, recurring runs and retries come than in the world; 1 when 0
	Seed  uint64           // of everything that is drawn
	Step  bool             // nothing happens by itself: Settle lets time go by

	Version string        // the version that is told when a request names none, DefaultVersion when ""
	Rate    int           // requests a minute, 300 when 0
	Review  string        // how the transaction types spell their review status, "needs_review" when ""
	Files   string        // where files are served, such as "http://127.0.0.1:9000/files/"; Persona's file host when ""
	Verify  string        // where people finish inquiries, such as "http://127.0.0.1:9000/verify"; Persona's own when ""
	FileFor time.Duration // how long a file's link works, 6 hours when 0
	Recur   time.Duration // how long after its last run a monitored report runs again, before Speed; 0: only when told to
	Real    bool          // reports as captures show them, with more than Persona's published description allows: what Adopt is for needs it

	// The webhook: every event is posted to HookURL, or handed to Hook, which gives the status
	// that was answered, 0 for no answer. With neither, events are only listed.
	HookURL  string
	Hook     func(*http.Request) int
	Secrets  []string // newest first; each signs
	Included Included
	HookKeys string // inflection of the webhook's keys: "kebab" when "", "snake", "camel"
	Repeat   int    // how many more times than needed each event is delivered
	Disorder bool   // deliveries overtake each other
	OneTime  bool   // retries carry the signature of the first attempt, as old as it is
}

// DefaultVersion is the version of Persona's API that the stand-in speaks.
const DefaultVersion = "2025-12-08"

// StandIn stands in for Persona: its API below /api/v1, its file host below /files/, a page
// below /verify where the subject of an inquiry would go, and its webhooks. It keeps
// everything in memory. All methods may be called by many goroutines at once.
//
// What Persona leaves open is decided here in the way that is harder on a client: a field and
// a status of one transaction are refused when no GET lies between them ("Stale object
// error"), a first answer is replayed for its Idempotency-Key even when it was a 500, and a
// report with open matches does not run again.
type StandIn struct {
	o   StandInOptions
	mux *http.ServeMux

	mu       sync.Mutex
	dice     dice
	made     uint64 // transactions made by requests, to draw each from its own chance
	last     time.Time
	floor    time.Time
	things   map[string]*thing
	order    map[string][]*thing // by family, oldest first
	events   []*event
	faults   []*Fault
	replies  map[string]reply
	window   time.Time // the rate limit's
	used     int
	touched  map[string]bool // transactions whose fields were written since they were last read
	requests []Request
	attempts []Attempt
	muted    bool
	plan     []*errand // what is to happen, in no order
	planned  uint64

	wake    chan struct{}
	stop    context.CancelFunc
	ctx     context.Context
	running sync.WaitGroup
	posts   chan struct{} // how many deliveries are under way
	client  *http.Client
}

// NewStandIn opens a stand-in. Close ends everything that it started.
func NewStandIn(o StandInOptions) *StandIn {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Speed == 0 {
		o.Speed = 1
	}
	if o.Version == "" {
		o.Version = DefaultVersion
	}
	if o.Rate == 0 {
		o.Rate = 300
	}
	if o.Review == "" {
		o.Review = "needs_review"
	}
	if o.FileFor == 0 {
		o.FileFor = 6 * time.Hour
	}
	if o.Verify == "" {
		o.Verify = "https://withpersona.com/verify"
	}
	if o.Files == "" {
		o.Files = fileHost
	}
	in := &StandIn{o: o, dice: dice{rand.New(rand.NewPCG(o.Seed, 0x57a4d1))}, things: map[string]*thing{}, order: map[string][]*thing{},
		replies: map[string]reply{}, touched: map[string]bool{}, wake: make(chan struct{}, 1), posts: make(chan struct{}, 8),
		client: &http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	in.ctx, in.stop = context.WithCancel(context.Background())
	in.mux = in.routes()
	in.o.Secrets = slices.Clone(o.Secrets)
	for kind := range typeOf {
		s := &story{kind: subjectKind(kind)}
		in.put(ref{"transaction-type", typeOf[kind]}, render(s.typeItem), nil, nil)
	}
	if !o.Step {
		in.running.Go(in.run)
	}
	return in
}

// Close ends deliveries and whatever else is under way, and lets hanging requests go.
func (in *StandIn) Close() {
	in.stop()
	in.running.Wait()
	in.client.CloseIdleConnections()
}

// Now is the stand-in's time: that of its clock, but never the same instant twice, and later
// when Settle went ahead of the clock.
func (in *StandIn) Now() time.Time {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.now()
}

func (in *StandIn) now() time.Time {
	t := in.o.Now().UTC().Truncate(time.Millisecond)
	if t.Before(in.floor) {
		t = in.floor
	}
	if !t.After(in.last) {
		t = in.last.Add(time.Millisecond)
	}
	in.last = t
	return t
}

// SetSecrets changes the secrets that sign deliveries, newest first: both while rotating.
func (in *StandIn) SetSecrets(secrets ...string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.o.Secrets = slices.Clone(secrets)
}

// Mute loses deliveries, as an outage longer than all retries would: events are listed, never
// delivered, not even later.
func (in *StandIn) Mute(on bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.muted = on
}

// Request is one request to the API, as it was answered.
type Request struct {
	Method, Path string // below /api/v1, with the query
	Key          string // Idempotency-Key
	Status       int    // 0 when it got no answer
	Fault        FaultKind
	At           time.Time
}

// Attempt is one delivery of an event.
type Attempt struct {
	Event, Name string
	Try         int // from 1
	Status      int // answered, 0 for no answer
	At          time.Time
}

// kept is how many requests and attempts are remembered.
const kept = 20_000

// Requests are those that came, oldest first.
func (in *StandIn) Requests() []Request {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.requests)
}

// Attempts are the deliveries that were made, oldest first.
func (in *StandIn) Attempts() []Attempt {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.attempts)
}

func note[T any](log []T, v T) []T {
	if len(log) >= kept {
		log = slices.Delete(log, 0, kept/2)
	}
	return append(log, v)
}
