package web

import (
	"crypto/subtle"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"docket/store"
)

// healthz says that the process answers.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) error {
	return plain(w, http.StatusOK, "ok\n")
}

// readyz says whether it can do its work, and what is missing if not.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) error {
	var missing []string
	if err := s.db.Health(r.Context()); errors.Is(err, store.ErrRebuilding) {
		missing = append(missing, "the end of a rebuild")
	} else if err != nil {
		missing = append(missing, "database")
	}
	if s.hooks.failing(s.now()) {
		missing = append(missing, "room to store deliveries")
	}
	if s.ready != nil {
		missing = append(missing, s.ready(r.Context())...)
	}
	if len(missing) > 0 {
		return plain(w, http.StatusServiceUnavailable, "missing: "+strings.Join(missing, ", ")+"\n")
	}
	return plain(w, http.StatusOK, "ok\n")
}

func plain(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
	return nil
}

// isMachine says that a request comes from this machine, or carries the token. One that a
// proxy passed on comes from elsewhere, whatever its connection says.
func (s *Server) isMachine(r *http.Request) bool {
	if s.token != "" {
		sent, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if ok && subtle.ConstantTimeCompare([]byte(sent), []byte(s.token)) == 1 {
			return true
		}
	}
	for _, k := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"} {
		if r.Header.Get(k) != "" {
			return false
		}
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && peer.Addr().Unmap().IsLoopback()
}

// maxReport bounds one delivery of violation reports.
const maxReport = 16 << 10

// cspReport takes a browser's report that a page broke the content policy. Reports are other
// people's words: they are counted and logged by directive and path, no more, and not many.
func (s *Server) cspReport(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxReport))
	if err != nil {
		return err
	}
	type violation struct {
		Directive string `json:"effectiveDirective"`
		Document  string `json:"documentURL"`
	}
	var reports []struct {
		Type string    `json:"type"`
		Body violation `json:"body"`
	}
	if err := json.Unmarshal(body, &reports); err != nil {
		return errMalformed
	}
	for _, rep := range reports {
		if rep.Type != "csp-violation" || !s.reports.take() {
			continue
		}
		path := ""
		if u, err := url.Parse(rep.Body.Document); err == nil {
			path = u.EscapedPath()
		}
		s.metrics.violations.Add(1)
		s.log.Warn("content policy broken", slog.String("event", "csp-violation"),
			slog.String("directive", token(rep.Body.Directive)), slog.String("path", clip(path, 200)))
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// token keeps the letters and dashes of a directive's name.
func token(s string) string {
	return clip(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r == '-' {
			return r
		}
		return -1
	}, strings.ToLower(s)), 40)
}

// bucket lets so many things through per stretch of time.
type bucket struct {
	mu    sync.Mutex
	now   func() time.Time
	size  int
	per   time.Duration
	left  int
	since time.Time
}

func newBucket(now func() time.Time, size int, per time.Duration) *bucket {
	return &bucket{now: now, size: size, per: per}
}

func (b *bucket) take() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := b.now(); now.Sub(b.since) >= b.per {
		b.since, b.left = now, b.size
	}
	if b.left == 0 {
		return false
	}
	b.left--
	return true
}
