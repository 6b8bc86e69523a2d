package web_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/review"
	"docket/store"
)

const cookie = "__Host-docket"

// signsIn goes in by name and password.
func (c *client) signsIn(name string) answer {
	c.h.t.Helper()
	c.name = name
	return c.post("/login", url.Values{"username": {name}, "password": {password}, "next": {"/reviews"}})
}

// sends asks for a page with a cookie of one's choice.
func (h *house) sends(value, path string) answer {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.url+path, nil)
	require.NoError(h.t, err)
	r.Header.Set("Cookie", cookie+"="+value)
	return h.visitor().do(r)
}

func valueOf(a answer) string {
	for _, line := range a.header.Values("Set-Cookie") {
		if v, ok := strings.CutPrefix(line, cookie+"="); ok {
			v, _, _ = strings.Cut(v, ";")
			return v
		}
	}
	return ""
}

func TestSessionCookieHasExactlyTheseAttributes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.visitor()
	in := c.signsIn("reviewer")
	assert.Equal(t, "/reviews", in.to())
	require.Len(t, in.header.Values("Set-Cookie"), 1)
	line := in.header.Get("Set-Cookie")
	assert.Regexp(t, `^__Host-docket=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; Secure; SameSite=Lax$`, line)
	c.get("/reviews").is(200)

	out := c.post("/logout", nil)
	assert.Equal(t, "/login?out", out.to())
	require.Len(t, out.header.Values("Set-Cookie"), 1)
	assert.Regexp(t, `^__Host-docket=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax$`, out.header.Get("Set-Cookie"))
	assert.Equal(t, `"cache", "storage"`, out.header.Get("Clear-Site-Data"))
	assert.True(t, toLogin(c.get("/reviews")))
	assert.Contains(t, c.get("/login?out").text("[role=status]"), "signed out")
}

func TestACookieThatIsNotOursOpensNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	real := valueOf(h.visitor().signsIn("reviewer"))
	last := real[42]
	others := ""
	for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		if byte(c) != last {
			others += string(c)
		}
	}
	values := []string{"", "x", real[:42], real + "A", strings.Repeat("A", 5000), strings.Repeat("A", 43), strings.ToLower(real), real + "=",
		base64.RawURLEncoding.EncodeToString(make([]byte, 31)), base64.RawURLEncoding.EncodeToString(make([]byte, 33)),
		real + "%20", "%00", "\"" + real}
	for _, c := range others { // among these are the three that lenient base64 would take for the real one
		values = append(values, real[:42]+string(c))
	}
	for _, v := range values {
		if v == real {
			continue
		}
		a := h.sends(v, "/reviews")
		assert.True(t, toLogin(a), "%q", v)
		assert.Empty(t, a.header.Values("Set-Cookie"), "a visitor gets no cookie")
	}
	assert.Equal(t, 200, h.sends(real, "/reviews").status)
}

func TestSignInNeverAdoptsAnIdFromOutside(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	chosen := base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+"/login",
		strings.NewReader(url.Values{"username": {"reviewer"}, "password": {password}}.Encode()))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", cookie+"="+chosen)
	got := valueOf(h.visitor().do(r).is(303))
	assert.NotEqual(t, chosen, got)
	assert.True(t, toLogin(h.sends(chosen, "/reviews")))
	assert.Equal(t, 200, h.sends(got, "/reviews").status)
}

func TestSignInEndsTheSessionThatTheBrowserHeld(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.visitor()
	first := valueOf(c.signsIn("reviewer"))
	second := valueOf(c.signsIn("reviewer"))
	require.NotEqual(t, first, second)
	assert.True(t, toLogin(h.sends(first, "/reviews")))
	assert.Equal(t, 200, h.sends(second, "/reviews").status)
	assert.Equal(t, "/reviews", c.get("/login").to(), "who is signed in goes on")
}

func TestSignOutEndsTheSessionOnTheServer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.visitor()
	old := valueOf(c.signsIn("reviewer"))
	c.post("/logout", nil).is(303)
	assert.True(t, toLogin(h.sends(old, "/reviews")), "replayed, it opens nothing")
	assert.Empty(t, c.post("/logout", nil).header.Values("Set-Cookie"), "a second time there is nothing to delete")
}

func TestSessionGoesIdleAfterHalfAnHour(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("reviewer")
	for range 5 {
		h.clock.Pass(29 * time.Minute)
		c.get("/reviews").is(200)
	}
	h.clock.Pass(30 * time.Minute)
	assert.True(t, toLogin(c.get("/reviews")))
}

func TestSessionEndsAfterTwelveHours(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("reviewer")
	for range 47 {
		h.clock.Pass(15 * time.Minute)
		c.get("/reviews").is(200)
	}
	h.clock.Pass(15 * time.Minute)
	assert.True(t, toLogin(c.get("/reviews")), "dead at twelve hours")
}

func TestWhatAnAdminChangesHoldsFromTheNextRequest(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened().String()[2:]
	admin, lead, reviewer := h.as("admin"), h.as("lead"), h.as("reviewer")

	lead.get("/reviews").is(200)
	admin.post("/admin/colleagues/lead/role", url.Values{"role": {"auditor"}}).is(303)
	lead.get("/reviews").is(200)
	assert.Equal(t, 403, lead.post("/reviews/"+id+"/claim", nil).status)

	reviewer.get("/reviews").is(200)
	admin.post("/admin/colleagues/reviewer/disable", nil).is(303)
	assert.True(t, toLogin(reviewer.get("/reviews")))
	again := h.visitor()
	assert.Equal(t, 422, again.signsIn("reviewer").status, "and cannot come back")
	admin.post("/admin/colleagues/reviewer/enable", nil).is(303)
	assert.Equal(t, 303, again.signsIn("reviewer").status)

	admin.post("/admin/colleagues/reviewer/password", url.Values{"password": {"another lantern, further north"}}).is(303)
	assert.True(t, toLogin(again.get("/reviews")))
}

func TestSignInsAtOnceWithANewPasswordLeaveNoSessionOfTheOldOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	admin := h.as("admin")
	const many = 8 // more than hash at once: most have read the old hash and wait for their turn
	visitors := make([]*client, many)
	values := make([]string, many)
	var wg sync.WaitGroup
	for i := range many {
		visitors[i] = h.visitor()
		wg.Go(func() { values[i] = valueOf(visitors[i].signsIn("reviewer")) })
	}
	wg.Go(func() {
		admin.post("/admin/colleagues/reviewer/password", url.Values{"password": {"another lantern, further north"}}).is(303)
	})
	wg.Wait()
	for _, v := range values {
		assert.True(t, v == "" || toLogin(h.sends(v, "/reviews")), "who has only the old password is in")
	}
}

func TestAWriteThatRacesWithADemotionIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	require.NoError(t, h.db.SetRole(t.Context(), "lead", review.RoleAuditor, "admin"))
	// Past the door of the web the store looks again.
	_, err := h.db.Claim(t.Context(), id, "lead", false)
	assert.ErrorIs(t, err, review.ErrForbidden)
}

func TestTheDatabaseDoesNotHoldTheCookie(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.visitor()
	value := valueOf(c.signsIn("reviewer"))
	c.get("/reviews").is(200)
	id, err := base64.RawURLEncoding.DecodeString(value)
	require.NoError(t, err)
	var file []byte
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(h.path + suffix)
		require.NoError(t, err)
		file = append(file, b...)
	}
	for _, form := range [][]byte{id, []byte(value), []byte(hex.EncodeToString(id)), []byte(strings.ToUpper(hex.EncodeToString(id)))} {
		assert.False(t, bytes.Contains(file, form))
	}
	assert.False(t, bytes.Contains(file, []byte(password)))
	assert.NotContains(t, h.log.String(), value)
}

func TestADatabaseThatFailsIsNeitherSignedInNorOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("reviewer")
	require.NoError(t, h.db.Close())
	a := c.get("/reviews")
	assert.Equal(t, http.StatusInternalServerError, a.status)
	assert.NotContains(t, a.body, "sql")
	assert.NotContains(t, a.body, "closed")
	assert.Equal(t, http.StatusServiceUnavailable, c.get("/readyz").status)
	assert.Contains(t, c.get("/readyz").body, "database")
	assert.Equal(t, 200, c.get("/healthz").status)
}

func TestReadingGoesOnWhileAnotherProcessWrites(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	c := h.as("reviewer")
	holds, free := make(chan struct{}), make(chan struct{})
	other, err := store.Open(t.Context(), h.path, store.Options{Hydrate: func(b review.Bundle) review.Dossier {
		close(holds) // inside its write
		<-free
		return persona.Hydrate(b)
	}, Clock: h.clock.Now})
	require.NoError(t, err)
	t.Cleanup(func() { _ = other.Close() })
	p := ekene()
	p.id = "txn_another"
	wrote := make(chan error)
	go func() { wrote <- persona.Absorb(t.Context(), other, []review.Arrival{{Bytes: p.payload()}}) }()
	<-holds
	h.clock.Pass(2 * time.Minute) // the session would be written

	c.get("/reviews").is(200)
	close(free)
	require.NoError(t, <-wrote)
}

func TestManyHandsOnOneSession(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("reviewer")
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			if i == 25 {
				c.post("/logout", nil)
				return
			}
			a := c.get("/account")
			assert.True(t, a.status == 200 || toLogin(a), "%d", a.status)
		})
	}
	wg.Wait()
	assert.True(t, toLogin(c.get("/reviews")))
}
