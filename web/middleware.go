package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"docket/review"
)

// maxForm is the largest body that a form of ours can have: a note of 10,000 characters, each
// up to twelve bytes in a form, and the matches of a large party.
const maxForm = 512 << 10

// chain wraps the mux, outermost first: last-resort recovery, the request's id and log line,
// headers, refusal of other sites' posts, a limit on bodies. The session comes with the
// route, so that files that are the same for everyone cost no look-up.
func (s *Server) chain(next http.Handler) http.Handler {
	csrf := http.NewCrossOriginProtection()
	csrf.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		visitOf(r.Context()).event = "cross-site-refused"
		s.problem(w, r, http.StatusForbidden, errCrossSite)
	}))
	return s.recover(s.observe(s.headers(csrf.Handler(s.limit(s.straight(next))))))
}

// straight answers 404 where the mux would send a browser on to a tidied path: no page of ours
// links to "//" or "..", and an address that reads as two should lead nowhere.
func (s *Server) straight(next http.Handler) http.Handler {
	astray := s.serve(route{who: signedIn, handle: func(http.ResponseWriter, *http.Request) error { return review.ErrNotFound }})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := r.URL.EscapedPath()
		clean := path.Clean(p)
		if strings.HasSuffix(p, "/") && clean != "/" {
			clean += "/"
		}
		if p != clean {
			astray.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// recover knows each request by an id, and answers 500 when a handler panics before its first
// byte; the server lives on.
func (s *Server) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w}
		v := &visit{id: newRequestID()}
		r = r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			// The value of a panic may hold anything, so only its type is logged.
			s.log.Error("panic", "request", v.id, "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			if rec.status != 0 {
				panic(http.ErrAbortHandler) // cut the answer off rather than end it as if whole
			}
			s.problem(rec, r, http.StatusInternalServerError, nil)
		}()
		next.ServeHTTP(rec, r)
	})
}

// observe writes the one log line of a request: ids only, never the query
// string, a name or an address of a person on the list.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now() // the wall clock: a duration, not a fact
		v, rec := visitOf(r.Context()), w.(*recorder)
		done := false
		defer func() {
			status, level := rec.status, slog.LevelInfo
			switch {
			case !done: // it panics: answered, or cut off, further out
				v.event = "panic"
				if status == 0 {
					status = http.StatusInternalServerError
				}
			case status == 0:
				status = http.StatusOK
			}
			if !done || status >= 500 {
				level = slog.LevelError
			}
			took := time.Since(began)
			s.metrics.observe(v.route, method(r), status, took)
			attrs := []slog.Attr{slog.String("request", v.id), slog.String("method", method(r)),
				slog.String("path", pathForLog(r, v, status)), slog.Int("status", status), slog.Int64("bytes", rec.bytes),
				slog.Duration("took", took), slog.String("from", s.address(r))}
			if v.signedIn() {
				attrs = append(attrs, slog.String("colleague", string(v.session.Colleague.ID)))
			}
			if v.event != "" {
				attrs = append(attrs, slog.String("event", v.event))
			}
			if v.err != nil && status >= 500 {
				attrs = append(attrs, slog.String("error", v.err.Error()))
			}
			s.log.LogAttrs(r.Context(), level, "request", attrs...)
		}()
		next.ServeHTTP(rec, r)
		done = true
	})
}

// pathForLog is the path of a route of ours that was answered: it holds ids and nothing else. Anyone can
// write anything into a path, so of what was not found, was refused, or came from nobody who is
// signed in, only the route is logged, and of what no route answers only the fact.
func pathForLog(r *http.Request, v *visit, status int) string {
	if v.route == "" || v.route == "/" {
		return "(no route)"
	}
	unread := status == http.StatusBadRequest || status == http.StatusForbidden || status == http.StatusNotFound
	if unread || status >= 300 && !v.signedIn() {
		if _, path, ok := strings.Cut(v.route, " "); ok {
			return path
		}
		return v.route
	}
	return clip(r.URL.EscapedPath(), 300)
}

// method keeps an invented method name out of the log and the metrics.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect:
		return r.Method
	}
	return "OTHER"
}

func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b[:])
}

// The policy of every answer: nothing but our own files, no markup from strings in scripts,
// no frames, forms only to ourselves.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'; report-to csp"

// filePolicy is the policy of bytes that others wrote: they are never a page of ours.
const filePolicy = "default-src 'none'; sandbox"

// headers sets what every answer carries. `same-origin` and not `no-referrer`: the latter
// would turn our own posts into ones without an origin.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("Reporting-Endpoints", `csp="/csp"`)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "accelerometer=(), camera=(), clipboard-read=(), display-capture=(), "+
			"geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "+
			"publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()")
		h.Set("Cache-Control", "no-store")
		if s.tls {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// limit bounds what a request may send: a delivery of Persona's is larger than our forms.
func (s *Server) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := int64(maxForm)
		if r.URL.Path == hookPath {
			most = s.hookLimit
		} else if isUpload(r.URL.Path) {
			most = maxUpload
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r)
	})
}

// address is who is calling, as one value to count by: an IPv4 address, or the /64 of an IPv6
// one, since a household has that many. Forwarded headers are believed only from the proxies
// named in the options.
func (s *Server) address(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	addr := peer.Addr().Unmap()
	if s.trusted(addr) {
		// The last address was written by our proxy; what stands before it is hearsay.
		chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(chain) - 1; i >= 0; i-- {
			a, err := netip.ParseAddr(strings.TrimSpace(chain[i]))
			if err != nil {
				break
			}
			if addr = a.Unmap(); !s.trusted(addr) {
				break
			}
		}
	}
	if addr.Is6() {
		if p, err := addr.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}

func (s *Server) trusted(a netip.Addr) bool {
	for _, p := range s.proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// recorder notes the status and the size of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader notes the first final status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// clip cuts a text to at most n bytes, at a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
