package web

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"docket/persona"
	"docket/review"
	"docket/store"
)

const (
	hookPath = "/hooks/persona"

	// hookLimit is the largest delivery unless configured otherwise. Persona names no largest;
	// with everything included a transaction has some hundred kilobytes.
	hookLimit = 1536 << 10

	// hookMemory bounds the bodies of all deliveries that are being taken at one moment, in bytes:
	// forty of the largest, thousands of the usual ones. What is beyond is to be sent again.
	hookMemory = 64 << 20
	// Persona waits 5 seconds for an answer: the body has to come in good time, and so has the
	// disk, or it is better tried again.
	hookRead = 3 * time.Second
	hookKeep = 4 * time.Second
)

// What Persona says about a delivery beside its bytes.
// https://docs.withpersona.com/webhooks-best-practices
const (
	attemptHeader = "Persona-Webhook-Attempts-Made"
	firstHeader   = "Persona-Webhook-First-Attempted-At"
)

// hookCounts are the answers that deliveries got.
type hookCounts struct {
	stored, repeats, clashes, unsigned, malformed, encoded, large, slow, refused atomic.Int64
	failedAt                                                                     atomic.Int64 // when the newest delivery could not be stored, in nanoseconds; 0: it was
}

// hookRest is how long docket says that it is not ready after a delivery could not be stored.
// It must not say so for ever: who hears it sends nothing, and then nothing shows that it works.
const hookRest = time.Minute

// failing says that lately a delivery could not be stored.
func (c *hookCounts) failing(now time.Time) bool {
	at := c.failedAt.Load()
	return at != 0 && now.Sub(time.Unix(0, at)) < hookRest
}

// each names the counts for the metrics.
func (c *hookCounts) each(f func(outcome string, n int64)) {
	f("stored", c.stored.Load())
	f("repeat", c.repeats.Load())
	f("clash", c.clashes.Load())
	f("unsigned", c.unsigned.Load())
	f("malformed", c.malformed.Load())
	f("encoded", c.encoded.Load())
	f("large", c.large.Load())
	f("slow", c.slow.Load())
	f("refused", c.refused.Load())
}

// hook takes one delivery: its size, its signature over the bytes as they came, the disk, and
// only then 200. What it says is read later, by whoever Wake wakes; no content is refused.
func (s *Server) hook(w http.ResponseWriter, r *http.Request) error {
	if e := r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		s.hooks.encoded.Add(1)
		return hookAnswer(w, http.StatusUnsupportedMediaType, "send it without a content encoding")
	}
	if s.signatures == nil {
		s.hooks.refused.Add(1)
		w.Header().Set("Retry-After", "3600")
		return hookAnswer(w, http.StatusServiceUnavailable, "no webhook secret is set up")
	}
	// Nobody has shown a signature yet: all bodies together must not take what memory there is.
	size := r.ContentLength
	if size < 0 || size > s.hookLimit {
		size = s.hookLimit
	}
	if !s.hookMemory.TryAcquire(size) {
		s.hooks.refused.Add(1)
		w.Header().Set("Retry-After", hookRetry(store.ErrBusy))
		return hookAnswer(w, http.StatusServiceUnavailable, "too many at once")
	}
	defer s.hookMemory.Release(size)
	body, status := readHook(w, r, size)
	switch status {
	case http.StatusOK:
	case http.StatusRequestEntityTooLarge:
		s.hooks.large.Add(1)
		return hookAnswer(w, status, "too large")
	case http.StatusRequestTimeout:
		s.hooks.slow.Add(1)
		w.Header().Set("Connection", "close")
		return hookAnswer(w, status, "the body took too long")
	default:
		s.hooks.malformed.Add(1)
		return hookAnswer(w, status, "the body did not come whole")
	}
	secret, err := s.signatures.Verify(r.Header.Values(persona.SignatureHeader), body, s.now())
	if err != nil {
		s.unsigned(r, body, err)
		return hookAnswer(w, http.StatusUnauthorized, "not signed by Persona")
	}
	// Whoever hangs up gets no answer and tries again; what is on its way to the disk stays.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), hookKeep)
	defer cancel()
	got, err := s.db.Deliver(ctx, review.Receipt{Bytes: body, Event: persona.EventID(body), Secret: secret,
		Attempt: attempt(r), FirstAt: firstAttempt(r)})
	if err != nil {
		s.hooks.refused.Add(1)
		s.hooks.failedAt.Store(s.now().UnixNano())
		v := visitOf(r.Context())
		v.err, v.event = err, "delivery-refused"
		w.Header().Set("Retry-After", hookRetry(err))
		return hookAnswer(w, http.StatusServiceUnavailable, "cannot store it now")
	}
	s.hooks.failedAt.Store(0)
	switch {
	case got.Clash:
		s.hooks.clashes.Add(1)
		visitOf(r.Context()).event = "delivery-clash"
	case got.New:
		s.hooks.stored.Add(1)
	default:
		s.hooks.repeats.Add(1)
	}
	err = hookAnswer(w, http.StatusOK, "ok")
	if got.New && s.live != nil {
		s.live.Wake()
	}
	return err
}

// readHook reads a delivery's body of some size, if it is as large as it says; the status is 200
// when it is whole.
func readHook(w http.ResponseWriter, r *http.Request, size int64) ([]byte, int) {
	// The wall clock: a deadline of the connection. A server that cannot set one has its own.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(hookRead))
	var whole bytes.Buffer
	if r.ContentLength >= 0 {
		whole.Grow(int(size) + bytes.MinRead) // once, not by doubling
	}
	_, err := whole.ReadFrom(r.Body)
	var large *http.MaxBytesError
	var network net.Error
	switch {
	case err == nil:
		return whole.Bytes(), http.StatusOK
	case errors.As(err, &large):
		return nil, http.StatusRequestEntityTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return nil, http.StatusRequestTimeout
	}
	return nil, http.StatusBadRequest
}

// unsigned counts a delivery that is not Persona's and says so in the log, not too often: noise
// must not fill the disk. Nothing of it is stored.
func (s *Server) unsigned(r *http.Request, body []byte, why error) {
	s.hooks.unsigned.Add(1)
	visitOf(r.Context()).event = "delivery-unsigned"
	if s.unsignedLog.take() {
		s.log.Warn("delivery refused", slog.String("event", "delivery-unsigned"), slog.String("body", review.Sum(body).String()),
			slog.String("from", s.address(r)), slog.String("reason", why.Error()))
	}
}

func hookAnswer(w http.ResponseWriter, status int, text string) error {
	return plain(w, status, text+"\n")
}

// hookRetry is when to come back, in seconds: soon after a rush, later when there is no room.
func hookRetry(err error) string {
	if errors.Is(err, store.ErrFull) {
		return "60"
	}
	return "5"
}

// attempt is which try of Persona's this is, 0 when it does not say.
func attempt(r *http.Request) int {
	n, err := strconv.ParseUint(r.Header.Get(attemptHeader), 10, 16)
	if err != nil {
		return 0
	}
	return int(n)
}

// firstAttempt is when Persona first tried, zero when it does not say.
func firstAttempt(r *http.Request) time.Time {
	n, err := strconv.ParseInt(r.Header.Get(firstHeader), 10, 64)
	if err != nil || n <= 0 || n > 1<<35 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}
