package web

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"docket/review"
)

// metrics counts what was answered.
type metrics struct {
	mu         sync.Mutex
	answers    map[answer]*tally
	violations atomic.Int64
}

// answer is a class of requests: routes are few, so the classes are.
type answer struct {
	route, method string
	status        int
}

type tally struct {
	n    int64
	took time.Duration
}

func newMetrics() *metrics { return &metrics{answers: make(map[answer]*tally)} }

func (m *metrics) observe(route, method string, status int, took time.Duration) {
	if _, path, ok := strings.Cut(route, " "); ok {
		route = path
	}
	if route == "" || route == "/" {
		route, method = "none", ""
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.answers[answer{route, method, status}]
	if t == nil {
		t = new(tally)
		m.answers[answer{route, method, status}] = t
	}
	t.n++
	t.took += took
}

// showMetrics writes the Prometheus text format, version 0.0.4.
func (s *Server) showMetrics(w http.ResponseWriter, r *http.Request) error {
	page, err := s.db.Queue(r.Context(), review.QueueQuery{Limit: 1})
	if err != nil {
		return err
	}
	quarantined, _, err := s.db.Quarantined(r.Context(), "", 1000)
	if err != nil {
		return err
	}
	var b strings.Builder
	gauge := func(name, help string, value int64) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n%s %d\n", name, help, name, name, value)
	}
	gauge("docket_reviews_open", "Open reviews.", int64(page.Tabs[review.TabOpen]))
	gauge("docket_reviews_over_target", "Open reviews that wait longer than the target.", int64(page.Bands.Over))
	gauge("docket_payloads_quarantined", "Payloads that could not be read, counted to 1000.", int64(len(quarantined)))
	gauge("docket_csp_violations", "Content policy violations reported since start.", s.metrics.violations.Load())

	b.WriteString("# HELP docket_deliveries_total Webhook requests by what became of them.\n# TYPE docket_deliveries_total counter\n")
	s.hooks.each(func(outcome string, n int64) { fmt.Fprintf(&b, "docket_deliveries_total{outcome=%q} %d\n", outcome, n) })
	if err := s.intakeMetrics(r, gauge); err != nil {
		return err
	}

	if s.file != "" {
		for _, f := range []struct{ name, path, help string }{
			{"docket_db_bytes", s.file, "Size of the database."},
			{"docket_wal_bytes", s.file + "-wal", "Size of its write-ahead log."},
		} {
			if info, err := os.Stat(f.path); err == nil { // never opened: closing it would drop SQLite's locks
				gauge(f.name, f.help, info.Size())
			}
		}
	}
	s.metrics.write(&b)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write([]byte(b.String()))
	return nil
}

// intakeMetrics are what arrives, waits and failed between Persona and docket.
func (s *Server) intakeMetrics(r *http.Request, gauge func(name, help string, value int64)) error {
	in, err := s.db.Intake(r.Context())
	if err != nil {
		return err
	}
	if !in.LastAt.IsZero() {
		gauge("docket_delivery_age_seconds", "Since the newest delivery.", int64(in.Quiet.Seconds()))
	}
	if s.signatures != nil {
		gauge("docket_webhook_secrets_outlived", "Older webhook secrets that signed more than a day after a newer one came into use.",
			int64(len(in.Outlived(s.signatures.IDs()))))
	}
	gauge("docket_payloads_unread", "Payloads kept and not read yet.", int64(in.Unread))
	gauge("docket_errands_waiting", "Things to fetch from Persona.", int64(in.Errands.Waiting))
	gauge("docket_errands_failed", "Things that Persona would not give.", int64(in.Errands.Failed))
	gauge("docket_pushes_waiting", "Acts that Persona is still to be told.", int64(in.Pushes.Waiting))
	gauge("docket_pushes_unconfirmed", "Acts that Persona took and has not confirmed.", int64(in.Pushes.Sent))
	gauge("docket_pushes_refused", "Acts that Persona refused.", int64(in.Pushes.Refused))
	gauge("docket_pushes_diverged", "Acts after which Persona says something else.", int64(in.Pushes.Diverged))
	return nil
}

// write writes the counters.
func (m *metrics) write(b *strings.Builder) {
	m.mu.Lock()
	defer m.mu.Unlock()
	classes := slices.SortedFunc(maps.Keys(m.answers), func(a, c answer) int {
		return cmp.Or(cmp.Compare(a.route, c.route), cmp.Compare(a.method, c.method), cmp.Compare(a.status, c.status))
	})
	b.WriteString("# HELP docket_requests_total Requests answered.\n# TYPE docket_requests_total counter\n")
	for _, c := range classes {
		fmt.Fprintf(b, "docket_requests_total{route=%q,method=%q,status=\"%d\"} %d\n", c.route, c.method, c.status, m.answers[c].n)
	}
	b.WriteString("# HELP docket_request_seconds_total Time spent answering.\n# TYPE docket_request_seconds_total counter\n")
	for _, c := range classes {
		fmt.Fprintf(b, "docket_request_seconds_total{route=%q,method=%q,status=\"%d\"} %.6f\n", c.route, c.method, c.status, m.answers[c].took.Seconds())
	}
}
