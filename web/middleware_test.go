package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/web"
)

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(o *web.Options) { o.TLS = true; o.Demo = true })
	h.take(ekene().payload())
	id := h.opened()
	c := h.as("admin")
	check := func(what string, a answer) {
		t.Helper()
		for name, want := range map[string]string{
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "same-origin",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Strict-Transport-Security":    "max-age=63072000; includeSubDomains",
			"Reporting-Endpoints":          `csp="/csp"`,
		} {
			assert.Equal(t, []string{want}, a.header.Values(name), "%s: %s", what, name)
		}
		assert.Contains(t, a.header.Get("Permissions-Policy"), "camera=()", what)
		policy := a.header.Get("Content-Security-Policy")
		assert.Contains(t, policy, "default-src 'none'", what)
		assert.NotContains(t, policy, "unsafe", what)
		if policy != web.FilePolicy {
			assert.Equal(t, web.Policy, policy, what)
		}
		for name := range a.header {
			assert.False(t, strings.HasPrefix(name, "Access-Control-"), "%s: %s", what, name)
			assert.NotContains(t, []string{"Server", "X-Powered-By"}, name)
		}
		assert.NotContains(t, fmt.Sprint(a.header), "1.2.3-test", "no version in a header")
		if strings.HasPrefix(what, "GET /static/") {
			assert.Equal(t, "public, max-age=31536000, immutable", a.header.Get("Cache-Control"))
		} else {
			assert.Equal(t, "no-store", a.header.Get("Cache-Control"), what)
		}
		if a.body != "" {
			media := a.header.Get("Content-Type")
			assert.True(t, strings.Contains(media, "charset=utf-8") || media == "application/json", "%s: %q", what, media)
		}
	}
	for _, rt := range web.Routes(h.server) {
		for _, by := range []*client{c, h.visitor()} {
			if rt.Method == http.MethodGet {
				check("GET "+rt.Path, by.get(h.address(rt.Path, id)))
			} else {
				check("POST "+rt.Path, by.post(h.address(rt.Path, id), nil))
			}
		}
	}
	check("404", h.as("admin").get("/nothing"))
	plain := newHouse(t).visitor().get("/login")
	assert.Empty(t, plain.header.Get("Strict-Transport-Security"), "only where people come by TLS")
}

func TestAnotherSitesPostIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	c := h.as("reviewer")
	for _, site := range []string{"same-origin", "same-site", "cross-site", "none", ""} {
		for _, origin := range []string{"own", "https://evil.example", "null", ""} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				path := "/reviews/" + id.String()[2:]
				if method == http.MethodPost {
					path += "/claim"
				}
				r, err := http.NewRequestWithContext(t.Context(), method, h.url+path, nil)
				require.NoError(t, err)
				if site != "" {
					r.Header.Set("Sec-Fetch-Site", site)
				}
				switch origin {
				case "":
				case "own":
					r.Header.Set("Origin", h.url)
				default:
					r.Header.Set("Origin", origin)
				}
				passes := method == http.MethodGet || site == "same-origin" || site == "none" ||
					site == "" && (origin == "own" || origin == "")
				a := c.do(r)
				if passes {
					assert.NotEqual(t, http.StatusForbidden, a.status, "%s from %q, origin %q", method, site, origin)
					continue
				}
				assert.Equal(t, http.StatusForbidden, a.status, "%s from %q, origin %q", method, site, origin)
				assert.Contains(t, a.text("h1"), "another site")
			}
		}
	}
}

func TestTooMuchAtOnceIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.claimed(id, "reviewer")
	a := h.as("reviewer").post("/reviews/"+id.String()[2:]+"/notes", url.Values{"note": {strings.Repeat("n", 600<<10)}})
	assert.Equal(t, http.StatusRequestEntityTooLarge, a.status)
	assert.Contains(t, a.text("h1"), "oo")
}

func TestWhatNoFormSendsIsMalformed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.claimed(id, "reviewer")
	c := h.as("reviewer")
	path := h.url + "/reviews/" + id.String()[2:] + "/dispositions"
	for what, send := range map[string]struct{ media, body string }{
		"a field sent twice":  {"application/x-www-form-urlencoded", "finding=true_match&finding=false_positive"},
		"another media type":  {"application/json", `{"finding":"true_match"}`},
		"multipart":           {"multipart/form-data; boundary=x", "--x--"},
		"no UTF-8":            {"application/x-www-form-urlencoded", "note=%ff"},
		"a broken escape":     {"application/x-www-form-urlencoded", "note=%zz"},
		"a broken media type": {"application/x-www-form-urlencoded; x", "note=a"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(send.body))
		require.NoError(t, err)
		r.Header.Set("Content-Type", send.media)
		assert.Equal(t, http.StatusBadRequest, c.do(r).status, what)
	}
	// What stands in the query string beside the body is no part of the form.
	a := c.post("/reviews/"+id.String()[2:]+"/dispositions?finding=false_positive&reason=name&match=x",
		url.Values{"evidence": {c.get("/reviews/" + id.String()[2:]).evidence()}})
	assert.Equal(t, http.StatusUnprocessableEntity, a.status)
}

func TestAHandlerThatPanicsIsAnsweredAndTheServerLives(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	web.PanicsAt(h.server, "/panics", false)
	web.PanicsAt(h.server, "/panics-late", true)
	a := h.visitor().get("/panics").is(http.StatusInternalServerError)
	assert.NotContains(t, a.body, "anyone's name")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/panics-late", nil)
	require.NoError(t, err)
	res, err := h.visitor().http.Do(r)
	if err == nil {
		var b bytes.Buffer
		_, err = b.ReadFrom(res.Body)
		_ = res.Body.Close()
	}
	assert.Error(t, err, "a half answer is cut off, not ended as if whole")
	h.visitor().get("/healthz").is(200)
	assert.Eventually(t, func() bool { return strings.Count(h.log.String(), `"msg":"panic"`) >= 2 }, time.Second, time.Millisecond)
	reference := a.text("main .mono")
	assert.Contains(t, h.log.String(), `"msg":"panic","request":"`+reference+`"`, "the page's reference is in the log")
	assert.NotContains(t, h.log.String(), "anyone's name")
}
