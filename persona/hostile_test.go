package persona_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	testKey  = "persona_sandbox_0123456789-invented"
	testName = "Quillfeather"
	okTxn    = `{"data":{"type":"transaction","id":"txn_1","attributes":{"status":"created"}}}`
)

var txnRef = review.Ref{Type: "transaction", ID: "txn_1"}

// hands is a server whose n-th answer is given by the n-th function, the last one for good.
type hands struct {
	*httptest.Server
	mu   sync.Mutex
	seen []*http.Request
}

func serve(t *testing.T, answers ...http.HandlerFunc) *hands {
	t.Helper()
	h := &hands{}
	h.Server = httptest.NewServer(h.handler(answers))
	t.Cleanup(h.Close)
	return h
}

func (h *hands) handler(answers []http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		h.mu.Lock()
		kept := r.Clone(context.Background())
		kept.Body = io.NopCloser(bytes.NewReader(body))
		h.seen = append(h.seen, kept)
		answer := answers[min(len(h.seen), len(answers))-1]
		h.mu.Unlock()
		answer(w, r)
	})
}

func (h *hands) requests() []*http.Request {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]*http.Request(nil), h.seen...)
}

// clock is a time that stands still until it is moved.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) now() time.Time       { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) pass(d time.Duration) { c.at.Add(int64(d)) }

// patiently is how long a client waits for an answer on a busy machine.
const patiently = 10 * time.Second

// clientAt is a client that loses no time between tries.
func clientAt(t *testing.T, base string, edits ...func(*persona.ClientOptions)) *persona.Client {
	t.Helper()
	c := patientAt(t, base, edits...)
	c.Wait(patiently)
	return c
}

// waitingFor is a client for a server that will bring this problem.
func waitingFor(t *testing.T, base, words string) *persona.Client {
	t.Helper()
	c := clientAt(t, base)
	if words == "did not answer in time" {
		c.Hurry()
	}
	return c
}

// patientAt is a client with the patience of a real one.
func patientAt(t *testing.T, base string, edits ...func(*persona.ClientOptions)) *persona.Client {
	t.Helper()
	o := persona.ClientOptions{Key: testKey, BaseURL: base + "/api/v1", Loopback: true,
		FileHosts: []string{strings.TrimPrefix(strings.TrimPrefix(base, "https://"), "http://")}}
	for _, edit := range edits {
		edit(&o)
	}
	c, err := persona.NewClient(o)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func with(c *clock) func(*persona.ClientOptions) {
	return func(o *persona.ClientOptions) { o.Clock = c.now }
}

func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Request-Id", "req_TEST")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func hangs(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// resets ends the connection in the middle, without goodbye.
func resets(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

func drips(w http.ResponseWriter, r *http.Request) {
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, " "); err != nil {
			return
		}
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
		case <-time.After(time.Millisecond):
		}
	}
}

// floods sends 100 MB without saying so.
func floods(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, `{"data":"`)
	block := bytes.Repeat([]byte("x"), 1<<20)
	for range 100 {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
	_, _ = io.WriteString(w, `"}`)
}

// bomb is 48 MB of blanks, packed as some KB.
var bomb = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	block := bytes.Repeat([]byte(" "), 1<<20)
	for range 48 {
		_, _ = z.Write(block)
	}
	_ = z.Close()
	return b.Bytes()
})

func bombs(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	_, _ = w.Write(bomb())
}

// echoes refuses with everything that it was sent.
func echoes(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		words, _ := json.Marshal("you sent " + r.Header.Get("Authorization") + " and " + string(body) +
			" \x1b[31m https://files.withpersona.com/a.png?access_token=TOKEN")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"errors":[{"title":"No: %s","details":%s,"source":{"pointer":"/data/attributes/fields/name_last"}}]}`,
			r.Header.Get("Authorization"), words)
	}
}

func TestWhatAHostileServerBrings(t *testing.T) {
	t.Parallel()
	elsewhere := serve(t, says(200, okTxn))
	for name, c := range map[string]struct {
		does   http.HandlerFunc
		asked  int // how often a GET is asked
		posted int // how often a POST with a key is sent
		spent  bool
		words  string
	}{
		"a redirect": {does: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		},
			asked: 3, posted: 3, words: "redirect"},
		"429":                  {does: says(429, `{"errors":[{"title":"Rate limit exceeded"}]}`, "RateLimit-Reset", "7"), asked: 1, posted: 1, words: "too many requests"},
		"500":                  {does: says(500, `{"errors":[{"title":"x"}]}`), asked: 3, posted: 1, spent: true, words: "fault of its own (500)"},
		"503 in HTML":          {does: says(503, `<html>`), asked: 3, posted: 1, spent: true, words: "(503)"},
		"408":                  {does: says(408, `{}`), asked: 3, posted: 1, spent: true, words: "took too long"},
		"a stale object":       {does: says(409, `{"errors":[{"title":"Stale object error"}]}`), asked: 3, posted: 1, spent: true, words: "somebody else"},
		"a hang":               {does: hangs, asked: 3, posted: 3, words: "did not answer in time"},
		"a reset":              {does: resets, asked: 3, posted: 3, words: "broke off"},
		"a slow body":          {does: drips, asked: 3, posted: 3, words: "did not answer in time"},
		"broken JSON":          {does: says(200, `{"data":{"type":"transaction"`), asked: 3, posted: 3, words: "not the JSON"},
		"HTML":                 {does: says(200, `<html><title>Sign in to the hotel's network</title>`), asked: 3, posted: 3, words: "not the JSON"},
		"JSON of others":       {does: says(200, `{"status":"ok"}`), asked: 3, posted: 3, words: "not the JSON"},
		"too short a body":     {does: says(200, okTxn, "Content-Length", "5000"), asked: 3, posted: 3, words: "broke off"},
		"too many headers":     {does: says(200, okTxn, "X-Long", strings.Repeat("x", 1<<20)), asked: 3, posted: 3, words: "the network failed"},
		"gzip that is not":     {does: says(200, okTxn, "Content-Encoding", "gzip"), asked: 3, posted: 3, words: "the network failed"},
		"a redirect to disk":   {does: says(302, ``, "Location", "file:///etc/passwd"), asked: 3, posted: 3, words: "redirect"},
		"words and a redirect": {does: says(301, okTxn, "Location", "/api/v1/transactions/txn_2"), asked: 3, posted: 3, words: "redirect"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := func(url string) *persona.Client { return waitingFor(t, url, c.words) }
			server := serve(t, c.does)
			_, err := at(server.URL).Resource(t.Context(), txnRef)
			requireUnavailable(t, err, c.words)
			assert.Len(t, server.requests(), c.asked, "GET")

			server = serve(t, c.does)
			_, _, err = at(server.URL).Screen(t.Context(), screening(), "txntp_1")
			u := requireUnavailable(t, err, c.words)
			assert.Equal(t, c.spent, u.KeySpent)
			assert.Len(t, server.requests(), c.posted, "POST")
			for _, r := range server.requests() {
				assert.Equal(t, "key-1", r.Header.Get("Idempotency-Key"))
			}

			server = serve(t, c.does)
			_, err = at(server.URL).Push(t.Context(), review.Push{Act: review.PushStatus, Target: txnRef, Value: "approved", Key: "k"})
			requireUnavailable(t, err, c.words)
			assert.Len(t, server.requests(), 1, "a PATCH is never repeated here")
		})
	}
	t.Cleanup(func() { assert.Empty(t, elsewhere.requests(), "nobody follows a redirect") })
}

func screening() review.ScreeningForm {
	return review.ScreeningForm{NameLast: testName, Key: "key-1"}
}

func requireUnavailable(t *testing.T, err error, words string) *persona.Unavailable {
	t.Helper()
	require.ErrorIs(t, err, persona.ErrUnavailable)
	var u *persona.Unavailable
	require.ErrorAs(t, err, &u)
	assert.Contains(t, u.Problem, words)
	assert.Positive(t, u.After)
	assertNotIn(t, err, testKey, testName, "127.0.0.1", "Bearer")
	return u
}

func TestTooMuchIsNotTaken(t *testing.T) {
	t.Parallel()
	for name, does := range map[string]http.HandlerFunc{
		"100 MB": floods, "a gzip bomb": bombs, "100 MB announced": says(200, "", "Content-Length", "100000000"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, does)
			_, err := patientAt(t, server.URL).Resource(t.Context(), txnRef)
			var refused *persona.Refused
			require.ErrorAs(t, err, &refused)
			assert.Contains(t, refused.Sentence(), "larger than 32 MiB")
			assert.Len(t, server.requests(), 1)
		})
	}
}

func TestAServerWithItsOwnCertificateIsNotTrusted(t *testing.T) {
	t.Parallel()
	h := &hands{}
	server := httptest.NewUnstartedServer(h.handler([]http.HandlerFunc{says(200, okTxn)}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	_, err := clientAt(t, server.URL).Resource(t.Context(), txnRef)
	requireUnavailable(t, err, "certificate cannot be trusted")
	assert.Empty(t, h.requests(), "the key was never sent")
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	server := serve(t, hangs)
	server.Close()
	_, err := clientAt(t, server.URL).Resource(t.Context(), txnRef)
	requireUnavailable(t, err, "refused the connection")
}

func TestAFaultThatPassesIsNotNoticed(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]http.HandlerFunc{"500": says(500, ``), "reset": resets, "hang": hangs, "broken": says(200, `{`)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, first, says(200, okTxn))
			c := clientAt(t, server.URL)
			if name == "hang" {
				c.Hurry()
			}
			a, err := c.Resource(t.Context(), txnRef)
			require.NoError(t, err)
			assert.Equal(t, okTxn, string(a.Body))
			assert.Equal(t, "req_TEST", a.Request)
			assert.Equal(t, "GET /transactions/txn_1", a.About)
			assert.Len(t, server.requests(), 2)
		})
	}
}

// Persona does what carries one idempotency key once, so an act whose answer was lost is sent
// again under the same key and no other.
func TestAnActWhoseAnswerWasLostIsSentAgainUnderItsKey(t *testing.T) {
	t.Parallel()
	server := serve(t, resets, says(201, okTxn))
	_, id, err := clientAt(t, server.URL).Screen(t.Context(), screening(), "txntp_1")
	require.NoError(t, err)
	assert.Equal(t, review.TransactionID("txn_1"), id)
	seen := server.requests()
	require.Len(t, seen, 2)
	first, _ := io.ReadAll(seen[0].Body)
	second, _ := io.ReadAll(seen[1].Body)
	assert.Equal(t, string(first), string(second))
	assert.Equal(t, []string{"key-1", "key-1"}, []string{seen[0].Header.Get("Idempotency-Key"), seen[1].Header.Get("Idempotency-Key")})

	server = serve(t, resets)
	_, err = clientAt(t, server.URL).Push(t.Context(), review.Push{Act: review.PushComment, Target: review.Ref{Type: "case", ID: "case_1"}, Note: "x"})
	requireUnavailable(t, err, "broke off")
	assert.Len(t, server.requests(), 1, "without a key nothing is sent twice")
}

func TestWhoGivesUpGetsTheirOwnError(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	c := clientAt(t, server.URL)
	_, err := c.Resource(ctx, txnRef)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, persona.ErrUnavailable)
	assert.Empty(t, c.State().Problem, "that says nothing of Persona")
	assertNotIn(t, err, testKey)
}

func TestAServerThatRepeatsWhatItWasSent(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404, 409, 422} {
		server := serve(t, echoes(status))
		_, _, err := clientAt(t, server.URL).Screen(t.Context(), screening(), "txntp_1")
		var refused *persona.Refused
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, status, refused.Status)
		require.NotEmpty(t, refused.Problems)
		for _, s := range []string{refused.Sentence(), fmt.Sprintf("%#v", refused), fmt.Sprint(refused.Problems)} {
			assert.NotContains(t, s, testKey)
			assert.NotContains(t, s, "TOKEN")
			assert.NotContains(t, s, "\x1b")
		}
		assert.Contains(t, refused.Sentence(), testName, "a person may see what they typed")
		assert.NotContains(t, err.Error(), testName, "a log may not")
	}
}

func TestAClientIsNeverPrinted(t *testing.T) {
	t.Parallel()
	o := persona.ClientOptions{Key: testKey}
	c, err := persona.NewClient(o)
	require.NoError(t, err)
	for _, v := range []any{o, &o, c, *c, []any{c}, struct{ C *persona.Client }{c}} { //nolint:govet // copied to be printed only
		assertNotIn(t, v, testKey, fmt.Sprintf("%x", testKey))
	}
	a := persona.Answer{Body: []byte(testName), About: "GET /transactions/txn_1", Status: 200}
	for _, v := range []any{a, &a, persona.Page{Answer: a, Items: []persona.Item{{Raw: []byte(testName)}}}, persona.Item{Raw: []byte(testName)}} {
		var all bytes.Buffer
		fmt.Fprintf(&all, "%v %+v %#v %s %q %x", v, v, v, v, v, v)
		assert.NotContains(t, all.String(), testName)
		assert.NotContains(t, all.String(), fmt.Sprintf("%x", testName))
	}
}
