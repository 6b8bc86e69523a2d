package web

import (
	"context"
	"log"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"docket/persona"
	"docket/store"
	"docket/views"
)

// Options wire a server.
type Options struct {
	DB    *store.DB
	Clock func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: slog.Default

	TLS     bool           // the people's side is TLS, ours or a proxy's: strict transport is announced
	Proxies []netip.Prefix // whose X-Forwarded-For is believed; none by default

	Demo         bool   // a badge on each page, and the gallery of specimens
	Version      string // for the foot of the page, never for a header
	File         string // the database, measured for /metrics; "": not
	MetricsToken string // who sends it as a bearer may read /metrics from elsewhere than loopback

	Live       Live                // docket's connection to Persona; nil: nothing is asked, fetched or told
	Signatures *persona.Signatures // who may deliver to /hooks/persona; nil: nobody
	HookLimit  int64               // the largest delivery, bytes; 0: 1.5 MiB

	ScreenFields []string // further fields that the form for a new screening offers, by their keys at Persona

	// Ready gives more reasons not to serve, in words ("disk space"); nil: none.
	Ready func(context.Context) []string

	Target time.Duration // a review waiting longer is over target; 0: as the policy says
	Warn   time.Duration // and from here on it is due soon; 0: as the policy says
}

// Server is docket's pages over one store. Make it with New.
type Server struct {
	db       *store.DB
	now      func() time.Time
	log      *slog.Logger
	tls      bool
	proxies  []netip.Prefix
	demo     bool
	version  string
	file     string
	token    string
	ready    func(context.Context) []string
	target   time.Duration // 0: the policy's
	warn     time.Duration
	offered  atomic.Pointer[offered]
	sessions *sessionStore
	hasher   *hasher
	reports  *bucket // of the content policy's violations
	metrics  *metrics
	readings *readings
	deltas   *deltas
	exports  exports

	live        Live
	signatures  *persona.Signatures
	hookLimit   int64
	hookMemory  *semaphore.Weighted
	hooks       hookCounts
	unsignedLog *bucket

	screenFields []string
	lately       lately
	syncs        sync.WaitGroup // reconciliations that somebody asked for
	life         context.Context
	end          context.CancelFunc

	mux     *http.ServeMux
	handler http.Handler
}

// New makes the server. It starts nothing; Close ends what requests started.
func New(o Options) *Server {
	s := &Server{
		db: o.DB, now: o.Clock, log: o.Log, tls: o.TLS, proxies: o.Proxies, demo: o.Demo,
		version: o.Version, file: o.File, token: o.MetricsToken, ready: o.Ready, target: o.Target, warn: o.Warn,
		sessions: &sessionStore{db: o.DB},
		hasher:   newHasher(2, 5*time.Second),
		metrics:  newMetrics(),
		readings: newReadings(),
		deltas:   newDeltas(),
		mux:      http.NewServeMux(),
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.reports = newBucket(s.now, 20, time.Minute)
	s.live, s.signatures, s.hookLimit = o.Live, o.Signatures, o.HookLimit
	if s.hookLimit == 0 {
		s.hookLimit = hookLimit
	}
	s.hookMemory = semaphore.NewWeighted(max(hookMemory, s.hookLimit))
	s.unsignedLog = newBucket(s.now, 20, time.Minute)
	s.screenFields = o.ScreenFields
	s.life, s.end = context.WithCancel(context.Background())
	for _, rt := range s.routes() {
		s.mux.Handle(rt.pattern(), s.serve(rt))
	}
	s.mux.Handle("/", s.serve(route{who: signedIn, handle: s.unknown}))
	s.handler = s.chain(s.mux)
	return s
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close ends what goes on after its answer, and waits for it: before the store is closed.
func (s *Server) Close() {
	s.end()
	s.syncs.Wait()
}

// NewHTTPServer gives the handler to a server with time-outs, so that nobody holds a
// connection by sending slowly. Exports push their write deadline on as they go.
func NewHTTPServer(addr string, h http.Handler, l *slog.Logger) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          errorLog(l),
	}
}

// errorLog gives what net/http has to say the form of every other line; nil: the default's.
func errorLog(l *slog.Logger) *log.Logger {
	if l == nil {
		l = slog.Default()
	}
	return slog.NewLogLogger(l.Handler(), slog.LevelWarn)
}

// shell is what stands around a page of this request.
func (s *Server) shell(r *http.Request, title string, place views.Place) views.Shell {
	sh := views.Shell{Title: title, Place: place, Version: s.version}
	s.frame(r, &sh)
	if v := visitOf(r.Context()); v.signedIn() {
		c := v.session.Colleague
		sh.Who = &views.Who{Name: str(c.Name), Role: c.Role, Since: views.At(v.session.BeganAt, s.now()), Keys: c.Keys}
		if r.Method == http.MethodGet {
			sh.Who.Here = r.URL.RequestURI()
		}
		s.ledgerFoot(&sh)
	}
	return sh
}
