package web_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/web"
)

const (
	hookSecret  = "wbhsec_00000000-0000-4000-8000-000000000000"
	olderSecret = "wbhsec_11111111-1111-4111-8111-111111111111"
)

// hooked lets a house take deliveries.
func hooked(o *web.Options) {
	o.Signatures = persona.NewSignatures([]string{hookSecret, olderSecret}, persona.DefaultBack, persona.DefaultAhead)
}

// signed is the header of a delivery.
func signed(secret string, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// deliver sends a body as Persona does; headers are pairs.
func (h *house) deliver(body []byte, headers ...string) answer {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.url+"/hooks/persona", bytes.NewReader(body))
	require.NoError(h.t, err)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return h.visitor().do(r)
}

func TestADeliveryIsKeptBeforeItIsAnswered(t *testing.T) {
	t.Parallel()
	live := &fakeLive{}
	h := newHouse(t, hooked, func(o *web.Options) { o.Live = live })
	body := ekene().payload()
	now := h.clock.Now()
	a := h.deliver(body, "Persona-Signature", signed(hookSecret, now, body), "Persona-Webhook-Attempts-Made", "3",
		"Persona-Webhook-First-Attempted-At", strconv.FormatInt(now.Add(-time.Hour).Unix(), 10)).is(200)
	assert.Equal(t, "ok\n", a.body)
	got, _, err := h.db.Deliveries(t.Context(), review.DeliveryQuery{})
	require.NoError(t, err)
	require.Len(t, got, 1)
	assert.Equal(t, review.Sum(body), got[0].Payload)
	assert.Equal(t, 3, got[0].Attempt)
	assert.Equal(t, now.Add(-time.Hour).Unix(), got[0].FirstAt.Unix())
	assert.NotEmpty(t, got[0].Event)
	assert.Equal(t, review.DeliveryKept, got[0].State, "reading is somebody else's work")
	assert.EqualValues(t, 1, live.wakes.Load())
	_, kept, err := h.db.Payload(t.Context(), review.Sum(body))
	require.NoError(t, err)
	assert.Equal(t, body, kept, "byte for byte")

	h.deliver(body, "Persona-Signature", signed(hookSecret, now, body)).is(200)
	got, _, err = h.db.Deliveries(t.Context(), review.DeliveryQuery{})
	require.NoError(t, err)
	require.Len(t, got, 1)
	assert.Equal(t, 1, got[0].Repeats)
	assert.EqualValues(t, 1, live.wakes.Load(), "a repeat brings nothing to read")

	other := bytes.Replace(body, []byte("Ekene"), []byte("Ekena"), 1)
	h.deliver(other, "Persona-Signature", signed(hookSecret, now, other)).is(200)
	in, err := h.db.Intake(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, in.Quarantined, "the same event with other bytes is set aside")
	metrics := h.visitor().get("/metrics").is(200).body
	for _, line := range []string{`outcome="stored"} 1`, `outcome="repeat"} 1`, `outcome="clash"} 1`, `outcome="unsigned"} 0`} {
		assert.Contains(t, metrics, "docket_deliveries_total{"+line+"\n")
	}
}

func TestOnlyPersonaDelivers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, hooked)
	body := ekene().payload()
	now := h.clock.Now()
	right, older := signed(hookSecret, now, body), signed(olderSecret, now, body)
	changed := bytes.Replace(body, []byte("Falade"), []byte("Falado"), 1)
	for name, c := range map[string]struct {
		header string
		body   []byte
		status int
	}{
		"right":             {right, body, 200},
		"the older secret":  {older, body, 200},
		"both":              {right + " " + older, body, 200},
		"both, other order": {older + " " + right, body, 200},
		"51 hours ago":      {signed(hookSecret, now.Add(-51*time.Hour), body), body, 200},
		"73 hours ago":      {signed(hookSecret, now.Add(-73*time.Hour), body), body, 401},
		"ahead":             {signed(hookSecret, now.Add(11*time.Minute), body), body, 401},
		"wrong secret":      {signed(hookSecret+"1", now, body), body, 401},
		"changed body":      {right, changed, 401},
		"changed time":      {strings.Replace(right, "t=1", "t=2", 1), body, 401},
		"none":              {"", body, 401},
		"odd hex":           {right[:len(right)-1], body, 401},
		"no hex":            {"t=1,v1=zz", body, 401},
		"a thousand sets":   {strings.Repeat(older+" ", 300), body, 401},
	} {
		var headers []string
		if c.header != "" {
			headers = []string{"Persona-Signature", c.header}
		}
		assert.Equal(t, c.status, h.deliver(c.body, headers...).status, name)
	}
	got, _, err := h.db.Deliveries(t.Context(), review.DeliveryQuery{})
	require.NoError(t, err)
	assert.Len(t, got, 1, "what is not Persona's leaves nothing behind")
	in, err := h.db.Intake(t.Context())
	require.NoError(t, err)
	assert.Zero(t, in.Quarantined)
}

func TestNoiseCannotFillTheLog(t *testing.T) {
	t.Parallel()
	h := newHouse(t, hooked)
	for i := range 60 {
		body := fmt.Appendf(nil, `{"Falade":%d}`, i)
		h.deliver(body, "Persona-Signature", signed("forged", h.clock.Now(), body)).is(401)
	}
	log := h.log.String()
	assert.Equal(t, 20, strings.Count(log, `"msg":"delivery refused"`))
	assert.Contains(t, log, `"reason":"wrong signature"`)
	assert.Contains(t, log, review.Sum([]byte(`{"Falade":0}`)).String())
	for _, secret := range []string{"Falade", hookSecret, "wbhsec", "v1="} {
		assert.NotContains(t, log, secret)
	}
	assert.Contains(t, h.visitor().get("/metrics").body, `docket_deliveries_total{outcome="unsigned"} 60`)
	h.clock.Pass(time.Minute)
	h.deliver([]byte("{}")).is(401)
	assert.Equal(t, 21, strings.Count(h.log.String(), `"msg":"delivery refused"`))
}

func TestADeliveryHasItsLimits(t *testing.T) {
	t.Parallel()
	h := newHouse(t, hooked)
	sign := func(body []byte) string { return signed(hookSecret, h.clock.Now(), body) }
	large := fmt.Appendf(nil, `{"a":%q}`, strings.Repeat("a", 2<<20))
	h.deliver(large, "Persona-Signature", sign(large)).is(413)
	body := ekene().payload()
	h.deliver(body, "Persona-Signature", sign(body), "Content-Encoding", "gzip").is(415)
	h.deliver(body, "Persona-Signature", sign(body), "Content-Encoding", "identity").is(200)
	roomy := fmt.Appendf(nil, `{"a":%q}`, strings.Repeat("a", 1<<20))
	h.deliver(roomy, "Persona-Signature", sign(roomy)).is(200)
	unreadable := []byte("\xff not JSON")
	h.deliver(unreadable, "Persona-Signature", sign(unreadable)).is(200)
	empty := newHouse(t, hooked, func(o *web.Options) { o.HookLimit = 100 })
	empty.deliver(body, "Persona-Signature", sign(body)).is(413)

	// In pieces of unknown length, as some proxies send it on.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+"/hooks/persona", io.MultiReader(bytes.NewReader(body[:10]), bytes.NewReader(body[10:])))
	require.NoError(t, err)
	r.Header.Set("Persona-Signature", sign(body))
	h.visitor().do(r).is(200)
	assert.Equal(t, http.StatusMethodNotAllowed, h.as("admin").get("/hooks/persona").status)
}

// raw sends bytes and gives the status line that comes back.
func (h *house) raw(text string, end bool) string {
	h.t.Helper()
	at, err := url.Parse(h.url)
	require.NoError(h.t, err)
	c, err := net.Dial("tcp", at.Host)
	require.NoError(h.t, err)
	defer c.Close()
	_, err = io.WriteString(c, text)
	require.NoError(h.t, err)
	if end {
		require.NoError(h.t, c.(*net.TCPConn).CloseWrite())
	}
	b, _ := io.ReadAll(c)
	line, _, _ := strings.Cut(string(b), "\r\n")
	return line
}

func TestABodyThatDoesNotComeIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, hooked)
	head := "POST /hooks/persona HTTP/1.1\r\nHost: docket\r\nPersona-Signature: t=1,v1=00\r\nContent-Length: 100\r\n\r\n{"
	assert.Equal(t, "HTTP/1.1 400 Bad Request", h.raw(head, true), "shorter than it says")
	began := time.Now()
	assert.Equal(t, "HTTP/1.1 408 Request Timeout", h.raw(head, false))
	assert.Less(t, time.Since(began), 5*time.Second, "Persona waits no longer")
	assert.Contains(t, h.visitor().get("/metrics").body, `docket_deliveries_total{outcome="slow"} 1`)
}

// Whoever has no key may still send: what is read before a signature can be checked is bounded.
func TestAFloodOfLargeBodiesTakesNoMoreMemoryThanItMay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, hooked)
	head := fmt.Sprintf("POST /hooks/persona HTTP/1.1\r\nHost: docket\r\nPersona-Signature: t=1,v1=00\r\nContent-Length: %d\r\n\r\n{", 1536<<10)
	var flood sync.WaitGroup
	var busy atomic.Int64
	for range 80 {
		flood.Go(func() {
			if h.raw(head, false) == "HTTP/1.1 503 Service Unavailable" {
				busy.Add(1)
			}
		})
	}
	flood.Wait()
	assert.Positive(t, busy.Load())
	assert.Less(t, busy.Load(), int64(80))
	body := ekene().payload()
	h.deliver(body, "Persona-Signature", signed(hookSecret, h.clock.Now(), body)).is(200)
	h.visitor().get("/readyz").is(200)
}

func TestWithoutASecretNothingIsTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	body := ekene().payload()
	a := h.deliver(body, "Persona-Signature", signed("", h.clock.Now(), body)).is(503)
	assert.Equal(t, "3600", a.header.Get("Retry-After"))
	none := newHouse(t, func(o *web.Options) { o.Signatures = persona.NewSignatures([]string{"", " "}, 0, 0) })
	none.deliver(body, "Persona-Signature", signed("", h.clock.Now(), body)).is(401)
}

func TestADeliveryThatCannotBeStoredIsSentAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, hooked)
	body := ekene().payload()
	header := signed(hookSecret, h.clock.Now(), body)
	h.deliver(body, "Persona-Signature", header).is(200)
	require.NoError(t, h.db.Close())
	a := h.deliver(body, "Persona-Signature", header).is(503)
	assert.NotEmpty(t, a.header.Get("Retry-After"))
	assert.NotContains(t, a.body, "closed", "what went wrong is for the log")
	assert.Contains(t, h.visitor().get("/readyz").is(503).body, "room to store deliveries")
	h.clock.Pass(2 * time.Minute)
	assert.NotContains(t, h.visitor().get("/readyz").is(503).body, "room to store deliveries", "or nobody would ever send again")
}

func TestTheSameDeliveryAThousandTimesIsOneEvent(t *testing.T) {
	t.Parallel()
	h := newHouse(t, hooked)
	body := ekene().payload()
	header := signed(hookSecret, h.clock.Now(), body)
	var wg sync.WaitGroup
	var taken atomic.Int64
	for range 50 {
		wg.Go(func() {
			for range 20 {
				r, err := http.NewRequest(http.MethodPost, h.url+"/hooks/persona", bytes.NewReader(body))
				if err != nil {
					return
				}
				r.Header.Set("Persona-Signature", header)
				res, err := http.DefaultClient.Do(r)
				if err != nil {
					return
				}
				_ = res.Body.Close()
				if res.StatusCode == 200 {
					taken.Add(1)
				}
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 1000, taken.Load())
	got, _, err := h.db.Deliveries(t.Context(), review.DeliveryQuery{})
	require.NoError(t, err)
	require.Len(t, got, 1)
	assert.Equal(t, 999, got[0].Repeats)
}
