package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func TestAPolicyIsChangedOnAPageByTwoAdmins(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.as("admin")
	page := c.get("/admin/policy").is(200)
	assert.Contains(t, page.text("main"), "You are the only admin.")
	same := c.post("/admin/policy", page.filled("main form", url.Values{"note": {"Nothing."}})).is(http.StatusUnprocessableEntity)
	assert.Contains(t, same.text("#policy-problem"), "Change something first")

	more := c.post("/admin/policy", page.filled("main form", url.Values{"more": {"finding"}})).is(200)
	assert.Equal(t, page.page().Find("[name^=finding_code]").Length()+3, more.page().Find("[name^=finding_code]").Length())
	// One code is retired, so that lines of the document and rows of the form are numbered apart.
	edit := page.filled("main form", url.Values{"finding_text-9": {"Passport"}, "finding_keep-9": {"on"}, "warning_days": {"9"}, "check_text-1": {"Passport read, in full"}, "check_keep-1": {"on"}})
	edit.Del("finding_keep-1")
	wrong := c.post("/admin/policy", edit).is(http.StatusUnprocessableEntity)
	assert.NotEmpty(t, wrong.text("#warning-problem"))
	assert.NotEmpty(t, wrong.text("#note-problem"))
	assert.Equal(t, "Passport", wrong.page().Find("[name=finding_text-9]").AttrOr("value", ""), "what was typed stays")
	edit.Set("finding_text-9", "NAME")
	assert.NotEmpty(t, c.post("/admin/policy", edit).is(http.StatusUnprocessableEntity).text("#finding_text-9-problem"), "the problem stands at its row")
	edit.Set("finding_text-9", "Passport")
	edit.Set("warning_days", "2")
	edit.Set("note", "So the audit asked.")
	assert.Equal(t, "/admin/policy/2?done=proposed", c.post("/admin/policy", edit).is(303).to())

	mine := c.get("/admin/policy/2").is(200)
	assert.Zero(t, mine.page().Find("#enact").Length(), "nobody is their own second person")
	assert.Contains(t, mine.text("main"), "passport_read_in_full")
	assert.Contains(t, h.as("lead").get("/admin/policy/2").is(200).text("main"), "2 days")
	assert.Zero(t, h.as("auditor").get("/admin/policy/2").is(200).page().Find("main form").Length())
	c.get("/admin/policy/3").is(404)
	c.get("/admin/policy/02").is(404)

	require.NoError(t, h.db.SetRole(t.Context(), "lead", review.RoleAdmin, ""))
	second := h.as("lead")
	read := second.get("/admin/policy/2").is(200)
	assert.Zero(t, read.page().Find("#password").Length(), "the password was typed just now")
	form := read.filled(`form[action$="/enact"]`, nil)
	other := url.Values{"digest": {strings.Repeat("0", 64)}}
	second.post("/admin/policy/2/enact", other).is(http.StatusConflict)
	assert.NotContains(t, second.get("/admin/policy/2?done=in_force").text("main"), "version 2 is in force", "not before it is so")
	assert.Contains(t, second.get(second.post("/admin/policy/2/enact", form).to()).text("[role=status]"), "version 2 is in force")
	c.post("/admin/policy/2/withdraw", nil).is(http.StatusConflict)
	now, err := h.db.Policy(t.Context())
	require.NoError(t, err)
	assert.Equal(t, review.PolicyVersion(2), now.Version)
	assert.Equal(t, review.Reason("passport"), now.Findings[len(now.Findings)-1].Code)
	late := c.post("/admin/policy", edit).is(http.StatusConflict)
	assert.Contains(t, late.text("h1"), "The policy moved meanwhile")
}

func TestWhoPutsAPolicyInForceProvesThatItIsThem(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p, err := h.db.Policy(t.Context())
	require.NoError(t, err)
	p.Times.Claim = 60
	v, err := h.db.ProposePolicy(t.Context(), "admin", p, "why")
	require.NoError(t, err)
	require.NoError(t, h.db.SetRole(t.Context(), "lead", review.RoleAdmin, ""))
	second := h.as("lead")
	h.clock.Pass(16 * time.Minute)
	page := second.get("/admin/policy/2").is(200)
	require.Equal(t, 1, page.page().Find("#password").Length())
	form := page.filled(`form[action$="/enact"]`, url.Values{"password": {"not it"}})
	wrong := second.post("/admin/policy/2/enact", form).is(http.StatusUnprocessableEntity)
	assert.NotEmpty(t, wrong.text("#password-problem"))
	now, err := h.db.Policy(t.Context())
	require.NoError(t, err)
	assert.NotEqual(t, v, now.Version)
}
