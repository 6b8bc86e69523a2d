package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/web"
)

func TestHealthAndReadinessArePlain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, path := range []string{"/healthz", "/readyz"} {
		a := h.visitor().get(path).is(200)
		assert.Equal(t, "ok\n", a.body)
		assert.Equal(t, "text/plain; charset=utf-8", a.header.Get("Content-Type"))
	}
	full := newHouse(t, func(o *web.Options) { o.Ready = func(context.Context) []string { return []string{"disk space"} } })
	assert.Equal(t, "missing: disk space\n", full.visitor().get("/readyz").is(503).body)
}

func TestAnUnfinishedRebuildIsSaidNotShownInPart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	c := h.as("reviewer")
	id := h.opened()
	ctx, cut := context.WithCancel(t.Context())
	require.Error(t, h.db.Rebuild(ctx, persona.Read, func(int, int) { cut() }))
	assert.Equal(t, "missing: the end of a rebuild\n", c.get("/readyz").is(503).body)
	for _, path := range []string{"/reviews", "/reviews/" + id.String()[2:], "/decisions"} {
		a := c.get(path).is(503)
		assert.Equal(t, "docket is being made ready", a.text("h1"), path)
		assert.Equal(t, "5", a.header.Get("Retry-After"))
	}
	c.get("/decisions.csv").is(503)
	c.post("/reviews/next", nil).is(503)
}

func TestMetricsAreForMachines(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *web.Options) { o.MetricsToken = "s3cret" })
	h.take(ekene().payload())
	c := h.as("admin")
	c.get("/reviews").is(200)
	c.get("/reviews/999").is(404)
	a := c.get("/metrics").is(200)
	assert.Equal(t, "text/plain; version=0.0.4; charset=utf-8", a.header.Get("Content-Type"))
	assert.Contains(t, a.body, "docket_reviews_open 1\n")
	assert.Contains(t, a.body, `docket_requests_total{route="/reviews",method="GET",status="200"} 1`)
	assert.Contains(t, a.body, `docket_requests_total{route="/reviews/{id}",method="GET",status="404"} 1`)
	for header, want := range map[[2]string]int{
		{"X-Forwarded-For", "203.0.113.9"}: 404, // passed on by a proxy: not from this machine
		{"Forwarded", "for=203.0.113.9"}:   404,
		{"Authorization", "Bearer s3cret"}: 200,
		{"Authorization", "Bearer s3cre"}:  200, // still from this machine
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/metrics", nil)
		require.NoError(t, err)
		r.Header.Set(header[0], header[1])
		assert.Equal(t, want, h.as("admin").do(r).status, header)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/metrics", nil)
	require.NoError(t, err)
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	r.Header.Set("Authorization", "Bearer s3cret")
	h.visitor().do(r).is(200)
}

func TestViolationReportsAreCappedAndSaidBriefly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	post := func(body string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+"/csp", strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/reports+json")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		return h.visitor().do(r).status
	}
	report := `[{"type":"csp-violation","body":{"effectiveDirective":"script-src-elem","documentURL":"` + h.url + `/reviews?q=Ekene","blockedURL":"https://evil.example/Falade","sample":"Falade"}}]`
	for range 100 {
		assert.Equal(t, http.StatusNoContent, post(report))
	}
	assert.Equal(t, http.StatusBadRequest, post("{"))
	assert.Equal(t, http.StatusBadRequest, post(`[{"type":"csp-violation","type":"x"}]`))
	assert.Equal(t, http.StatusRequestEntityTooLarge, post(`["`+strings.Repeat("x", 20<<10)+`"]`))
	log := h.log.String()
	assert.Equal(t, 20, strings.Count(log, `"msg":"content policy broken"`), "noise cannot fill the disk")
	assert.Contains(t, log, "script-src-elem")
	for _, word := range []string{"Ekene", "Falade", "evil.example"} {
		assert.NotContains(t, log, word)
	}
	h.clock.Pass(time.Minute)
	post(report)
	assert.Equal(t, 21, strings.Count(h.log.String(), `"msg":"content policy broken"`))
}

func TestTheLogHoldsIdsAndNoPerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.visitor().signsIn("reviewer")
	c := h.as("reviewer")
	c.get("/reviews?q=Falade&tag=priority").is(200)
	c.get("/reviews/" + id.String()[2:]).is(200)
	c.get("/Ekene-Falade/../secret-path").is(404)
	c.get("/Ekene-Falade").is(404)
	h.claimed(id, "reviewer")
	page := c.get("/reviews/" + id.String()[2:])
	c.post("/reviews/"+id.String()[2:]+"/dispositions", page.finding(1, "false_positive", "other", "planted note")).is(303)
	h.visitor().post("/login", map[string][]string{"username": {"Falade"}, "password": {"planted password"}}).is(422)
	log := h.log.String()
	for _, word := range []string{"Ekene", "Falade", "FALADE", "Noor", "Haddad", "planted", "priority", "1986", "cust-48213", password, "q="} {
		assert.NotContains(t, log, word)
	}
	for line := range strings.Lines(log) {
		var l map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &l), line)
		assert.Equal(t, "request", l["msg"])
		for k := range l {
			assert.Contains(t, []string{"time", "level", "msg", "request", "method", "path", "status", "bytes", "took", "from", "colleague", "event", "error"}, k)
		}
	}
	assert.Contains(t, log, `"path":"/reviews/`+id.String()[2:]+`/dispositions"`)
	assert.Contains(t, log, `"colleague":"reviewer"`)
	assert.Contains(t, log, `"event":"sign-in-failed"`)
}
