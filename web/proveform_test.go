package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func (h *house) person(id review.ColleagueID) review.Colleague {
	h.t.Helper()
	c, err := h.db.Colleague(h.t.Context(), id)
	require.NoError(h.t, err)
	return c
}

func TestWhoMaySignInAsWhatIsChangedWithAPasswordTypedLately(t *testing.T) {
	t.Parallel()
	const secret = "another lantern, further north"
	for what, try := range map[string]struct {
		path  string
		typed url.Values
		says  string
		done  func(*house) bool
	}{
		"a role":      {"/admin/colleagues/lead/role", url.Values{"role": {"auditor"}}, "make", func(h *house) bool { return h.person("lead").Role == review.RoleAuditor }},
		"stopped":     {"/admin/colleagues/lead/disable", nil, "stop", func(h *house) bool { return h.person("lead").Disabled }},
		"let in":      {"/admin/colleagues/lead/enable", nil, "sign in again", func(h *house) bool { return !h.person("lead").Disabled }},
		"a password":  {"/admin/colleagues/lead/password", url.Values{"password": {secret}}, "set a password", func(h *house) bool { return h.signsInWith("lead", secret) }},
		"a new admin": {"/admin/colleagues", url.Values{"username": {"mireille"}, "name": {"Mireille <Okonkwo>"}, "role": {"admin"}, "password": {secret}}, "as an admin", func(h *house) bool { return h.signsInWith("mireille", secret) }},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			if what == "let in" {
				require.NoError(t, h.db.SetDisabled(t.Context(), "lead", true, "admin"))
			}
			c := h.visitor()
			first := c.signsIn("admin")
			h.clock.Pass(15*time.Minute + time.Second)
			asked := c.post(try.path, try.typed).is(http.StatusUnprocessableEntity)
			assert.Contains(t, asked.text("main .page-head"), try.says)
			assert.False(t, try.done(h), "nothing is changed yet")
			assert.NotContains(t, asked.body, secret, "a password is never sent back")

			form := asked.filled("main form", url.Values{"proof": {"not it at all"}})
			for name := range try.typed {
				if name != "password" {
					assert.Equal(t, try.typed[name], form[name], "what was typed is still there")
				}
			}
			if try.typed.Has("password") {
				form.Set("password", secret)
			}
			wrong := c.post(try.path, form).is(http.StatusUnprocessableEntity)
			assert.NotEmpty(t, wrong.text("#proof-problem"))
			assert.False(t, try.done(h))

			form.Set("proof", password)
			done := c.post(try.path, form).is(303)
			assert.Contains(t, done.to(), "/admin/colleagues?done=")
			assert.NotEmpty(t, valueOf(done), "the session goes on under a new id")
			assert.True(t, try.done(h))
			assert.Contains(t, h.sends(valueOf(first), "/admin/colleagues").is(303).to(), "/login", "the old id opens nothing")
			c.post("/admin/colleagues/auditor/role", url.Values{"role": {"reviewer"}}).is(303) // and for 15 minutes nobody asks again
		})
	}
}

func (h *house) signsInWith(name, typed string) bool {
	h.t.Helper()
	return h.visitor().post("/login", url.Values{"username": {name}, "password": {typed}}).status == http.StatusSeeOther
}

func TestThePasswordAskedForBesideAFormIsNoWayToGuessIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("admin")
	h.clock.Pass(16 * time.Minute)
	held := false
	for range 20 {
		a := c.post("/admin/colleagues/lead/role", url.Values{"role": {"auditor"}, "proof": {"guess"}})
		if held = a.status == http.StatusTooManyRequests; held {
			break
		}
		a.is(http.StatusUnprocessableEntity)
	}
	assert.True(t, held)
	assert.Equal(t, review.RoleLead, h.person("lead").Role)
}
