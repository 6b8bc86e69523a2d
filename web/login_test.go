package web_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/web"
)

func TestSignInLeadsBackToThePageAskedFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.visitor()
	page := c.get(c.get("/decisions?outcome=approve").to())
	next := page.page().Find("input[name=next]").AttrOr("value", "")
	assert.Equal(t, "/decisions?outcome=approve", next)
	a := c.post("/login", url.Values{"username": {" Reviewer "}, "password": {password}, "next": {next}})
	assert.Equal(t, "/decisions?outcome=approve", a.to())
	evil := h.visitor().post("/login", url.Values{"username": {"lead"}, "password": {password}, "next": {"//evil.example"}})
	assert.Equal(t, "/reviews", evil.to())
}

func TestWhatDoesNotFitIsAnsweredAlike(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.colleague("gone", "reviewer")
	require.NoError(t, h.db.SetDisabled(t.Context(), "gone", true, "admin"))
	var bodies []string
	for _, form := range []url.Values{
		{"username": {"reviewer"}, "password": {"wrong"}},
		{"username": {"unknown"}, "password": {"wrong"}},
		{"username": {"gone"}, "password": {password}},
		{"username": {"reviewer"}, "password": {""}},
		{"username": {"reviewer"}, "password": {password + " "}},
		{"username": {"reviewer"}, "password": {strings.Repeat("x", 5000)}},
		{"username": {"<script>"}, "password": {password}},
		{"username": {strings.Repeat("x", 5000)}, "password": {password}},
		{},
	} {
		a := h.visitor().post("/login", form).is(http.StatusUnprocessableEntity)
		assert.Equal(t, "Name and password do not fit together", a.text("[role=alert] h2"))
		assert.True(t, strings.HasPrefix(a.text("title"), "Error:"))
		assert.Empty(t, a.header.Values("Set-Cookie"))
		assert.Empty(t, a.page().Find("input[name=password]").AttrOr("value", ""), "a password is never sent back")
		typed := a.page().Find("input[name=username]").AttrOr("value", "")
		body := a.body
		if typed != "" {
			body = a.text("main")
		}
		bodies = append(bodies, strings.Join(strings.Fields(a.text("main")), " "))
		_ = body
	}
	assert.Len(t, slices.Compact(bodies), 1, "known, unknown and disabled names look the same")
}

func TestTriesAreHeldBackAndNobodyIsLockedOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.visitor()
	held := 0
	var wait time.Duration
	for range 40 {
		a := c.post("/login", url.Values{"username": {"reviewer"}, "password": {"wrong"}})
		if a.status == http.StatusTooManyRequests {
			held++
			s, err := strconv.Atoi(a.header.Get("Retry-After"))
			require.NoError(t, err)
			require.Positive(t, s)
			wait = time.Duration(s) * time.Second
			assert.Contains(t, a.text("[role=alert]"), "Too many tries")
		}
	}
	require.Positive(t, held, "guessing goes on for ever")
	right := url.Values{"username": {"reviewer"}, "password": {password}}
	assert.Equal(t, http.StatusTooManyRequests, c.post("/login", right).status, "the right one is held back as well, or it could be guessed")
	assert.Less(t, wait, time.Hour)
	h.clock.Pass(wait + time.Second)
	assert.Equal(t, http.StatusSeeOther, c.post("/login", right).status)
}

func TestTheAddressIsBelievedOnlyFromAProxyOfOurs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.visitor()
	status := 0
	for i := range 200 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.url+"/login",
			strings.NewReader(url.Values{"username": {"nobody" + strconv.Itoa(i)}, "password": {"x"}}.Encode()))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", "198.51.100."+strconv.Itoa(i%250))
		if status = c.do(r).status; status == http.StatusTooManyRequests {
			break
		}
	}
	assert.Equal(t, http.StatusTooManyRequests, status, "a forged header must not make each try a first one")
}

func TestFirstAdminComesInByALinkThatWorksOnce(t *testing.T) {
	t.Parallel()
	h := emptyHouse(t)
	token, err := h.db.SetUpToken(t.Context())
	require.NoError(t, err)
	c := h.visitor()
	page := c.get("/setup?token=" + url.QueryEscape(token)).is(200)
	assert.Equal(t, token, page.page().Find("input[name=token]").AttrOr("value", ""))
	form := url.Values{"token": {token}, "username": {"sefa"}, "name": {"Sefa Tuilagi"}, "password": {"short"}}

	a := c.post("/setup", form).is(422)
	assert.NotEmpty(t, a.text("#password-problem"))
	assert.Equal(t, "Sefa Tuilagi", a.page().Find("input[name=name]").AttrOr("value", ""), "what was typed is kept")

	form.Set("password", "a lantern in the north")
	wrong := url.Values{"token": {"x" + token}, "username": form["username"], "name": form["name"], "password": form["password"]}
	c.post("/setup", wrong).is(404)

	assert.Equal(t, "/reviews", c.post("/setup", form).to())
	c.get("/admin/colleagues").is(200)
	other := h.visitor()
	other.post("/setup", form).is(404)
	other.get("/setup?token=" + url.QueryEscape(token)).is(404)
	assert.NotContains(t, h.log.String(), token)
}

func TestSetUpLinkIsGoodForHalfAnHour(t *testing.T) {
	t.Parallel()
	h := emptyHouse(t)
	token, err := h.db.SetUpToken(t.Context())
	require.NoError(t, err)
	h.clock.Pass(31 * time.Minute)
	a := h.visitor().post("/setup", url.Values{"token": {token}, "username": {"sefa"}, "name": {"Sefa"}, "password": {"a lantern in the north"}}).is(404)
	assert.Contains(t, a.text("h1"), "no longer works")
}

func TestChangingOnesPasswordNeedsTheOldOneAndEndsTheOtherSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	here, elsewhere := h.visitor(), h.as("reviewer")
	old := valueOf(here.signsIn("reviewer"))
	here.get("/account").is(200)
	next := "another lantern, further north"

	a := here.post("/account/password", url.Values{"current": {"wrong"}, "password": {next}}).is(422)
	assert.NotEmpty(t, a.text("#current-problem"))
	a = here.post("/account/password", url.Values{"current": {password}, "password": {"password"}}).is(422)
	assert.NotEmpty(t, a.text("#password-problem"))
	elsewhere.get("/reviews").is(200)

	done := here.post("/account/password", url.Values{"current": {password}, "password": {next}})
	assert.Equal(t, "/account?changed", done.to())
	here.get("/account?changed").is(200)
	assert.True(t, toLogin(elsewhere.get("/reviews")))
	assert.True(t, toLogin(h.sends(old, "/reviews")))
	assert.Equal(t, 422, h.visitor().signsIn("reviewer").status)
	assert.Equal(t, "/reviews", h.visitor().post("/login", url.Values{"username": {"reviewer"}, "password": {next}}).to())
}

func TestKeysCanBeTurnedOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("auditor")
	assert.Equal(t, "/decisions", c.post("/keys", url.Values{"keys": {"off"}, "next": {"/decisions"}}).to())
	who, err := h.db.Colleague(t.Context(), "auditor")
	require.NoError(t, err)
	assert.False(t, who.Keys)
	c.post("/keys", url.Values{"keys": {"maybe"}}).is(400)
	c.post("/keys", url.Values{"keys": {"on"}, "next": {"https://evil.example"}}).is(303)
}

func TestPasswordHashOfAnOlderCostIsMadeAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	older := "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$" + web.KeyOf(password, "somesaltsomesalt", 2, 64)
	require.NoError(t, h.db.SetPassword(t.Context(), "reviewer", older, "admin"))
	c := h.visitor()
	c.signsIn("reviewer").is(303)
	c.get("/reviews").is(200)
	hash, err := h.db.PasswordHash(t.Context(), "reviewer")
	require.NoError(t, err)
	assert.Contains(t, hash, "$m=47104,t=1,p=1$")
}

// triesFrom sends wrong passwords for ever new names through a proxy, and says how many went
// through before one was held back.
func (h *house) triesFrom(forwarded func(i int) string) int {
	h.t.Helper()
	c := h.visitor()
	for i := range 24 {
		r, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.url+"/login",
			strings.NewReader(url.Values{"username": {"nobody" + strconv.Itoa(i)}, "password": {strings.Repeat("x", 2000)}}.Encode()))
		require.NoError(h.t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", forwarded(i))
		if c.do(r).status == http.StatusTooManyRequests {
			return i
		}
	}
	return 24
}

func TestAProxyOfOursSaysWhoIsCalling(t *testing.T) {
	t.Parallel()
	ours := func(o *web.Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }
	for what, c := range map[string]struct {
		forwarded func(i int) string
		held      bool
	}{
		"one address each":                     {func(i int) string { return "203.0.113." + strconv.Itoa(i) }, false},
		"one address, a forged one before it":  {func(i int) string { return "198.51.100." + strconv.Itoa(i) + ", 203.0.113.9" }, true},
		"one household of many IPv6 addresses": {func(i int) string { return "2001:db8::" + strconv.Itoa(i+1) }, true},
		"nonsense":                             {func(i int) string { return "x" + strconv.Itoa(i) }, true},
		"a proxy before the proxy":             {func(i int) string { return "203.0.113." + strconv.Itoa(i) + ", 127.0.0.9" }, false},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			n := newHouse(t, ours).triesFrom(c.forwarded)
			assert.Equal(t, c.held, n < 24, "held back after %d", n)
		})
	}
}

func TestAnUnknownNameCostsAsMuchAsAKnownOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	fastest := func(name string) time.Duration {
		best := time.Hour
		for range 4 {
			began := time.Now()
			h.visitor().post("/login", url.Values{"username": {name}, "password": {"wrong"}}).is(422)
			best = min(best, time.Since(began))
		}
		return best
	}
	known, unknown := fastest("reviewer"), fastest("unknown")
	// Without its stand-in hash an unknown name would answer some hundred times sooner.
	assert.Greater(t, unknown, known/4)
	assert.Greater(t, known, unknown/4)
}
