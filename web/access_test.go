package web_test

import (
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/web"
)

func (h *house) accesses(by review.ColleagueID) []review.Access {
	h.t.Helper()
	var all []review.Access
	require.NoError(h.t, h.db.EachRecord(h.t.Context(), store.RecordQuery{By: by, Show: store.RecordAccesses}, func(r store.RecordRow) error {
		all = append(all, *r.Access)
		return nil
	}))
	return all
}

// Every page for colleagues either names no subject, and is listed so, or leaves a row.
func TestEveryPageWithPersonalDataLeavesARecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	seen := map[string]bool{}
	for _, rt := range web.Routes(h.server) {
		key := rt.Method + " " + rt.Path
		seen[key] = true
		if rt.Method != http.MethodGet || rt.Who == "anyone" || rt.Who == "visitor" || rt.Who == "machine" {
			assert.False(t, web.Bare[key] && rt.Method == http.MethodGet, "%s is for everyone: it needs no line", key)
			continue
		}
		by := "admin"
		c := h.as(by)
		before := len(h.accesses(review.ColleagueID(by)))
		h.clock.Pass(review.AccessEvery)
		a := c.get(h.address(rt.Path, id))
		got := h.accesses(review.ColleagueID(by))
		switch {
		case web.Bare[key]:
			assert.Len(t, got, before, "%s is listed as naming nobody, and leaves a row", key)
		case a.status == http.StatusOK, a.status == http.StatusUnprocessableEntity: // the page with what was typed
			assert.Len(t, got, before+1, "%s shows something and leaves no row", key)
		default:
			assert.Len(t, got, before, "%s answered %d", key, a.status)
		}
	}
}

func TestWhatWasOpenedIsNamedWithoutNames(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	number := id.String()[2:]
	c := h.as("auditor")
	sha := review.Sum(ekene().payload()).String()
	for _, path := range []string{"/reviews", "/reviews?state=all&q=falade", "/reviews/" + number, "/reviews/" + number + "/decision",
		"/transactions/txn_ekene", "/resources/report/watchlist/rep_ekene", "/payloads/" + sha, "/decisions", "/decisions.csv"} {
		c.get(path).is(200)
	}
	c.get("/reviews/999").is(404)
	c.get("/payloads/" + strings.Repeat("0", 64)).is(404)
	c.head("/transactions/txn_ekene").is(200)
	var got []string
	for _, x := range h.accesses("auditor") {
		got = append(got, string(x.What)+" "+x.Object)
		assert.Equal(t, x.What == review.AccessReview, x.Review == id)
	}
	assert.ElementsMatch(t, []string{"queue ", "search ", "review " + number, "transaction txn_ekene", "resource report/rep_ekene", "payload " + sha,
		"decisions ", "export decisions.csv"}, got)
	assert.NotContains(t, strings.ToLower(strings.Join(got, " ")), "falade")
}

// A form that is sent back has the review on it too.
func TestAPageThatComesBackFromAFormLeavesARecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.claimed(id, "reviewer")
	c := h.as("reviewer")
	evidence := storeDigest(t, h, id)
	c.post("/reviews/"+id.String()[2:]+"/dispositions", url.Values{"evidence": {evidence}}).is(422)
	got := h.accesses("reviewer")
	require.Len(t, got, 1)
	assert.Equal(t, review.AccessReview, got[0].What)
}

// exec runs a statement on the database file, beside the server.
func (h *house) exec(statement string) {
	h.t.Helper()
	db, err := sql.Open("sqlite", "file:"+h.path)
	require.NoError(h.t, err)
	_, err = db.ExecContext(h.t.Context(), statement)
	require.NoError(h.t, errors.Join(err, db.Close()))
}

func storeDigest(t *testing.T, h *house, id review.ReviewID) string {
	t.Helper()
	f, err := h.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	return f.Review.Evidence.String()
}

func TestWhatCannotBeRecordedIsNotShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	c := h.as("reviewer")
	c.get("/account").is(200)
	h.exec(`CREATE TRIGGER full BEFORE INSERT ON access BEGIN SELECT raise(ABORT, 'the disk is full'); END`)
	for _, path := range []string{"/reviews/" + id.String()[2:], "/payloads/" + review.Sum(ekene().payload()).String(), "/decisions.csv"} {
		a := c.get(path)
		assert.GreaterOrEqual(t, a.status, 500, path)
		assert.NotContains(t, a.body, "Falade", path)
		assert.NotContains(t, a.body, "falade", path)
		assert.Empty(t, a.header.Get("Content-Disposition"), path)
	}
	c.get("/account").is(200)
}

func TestTheFirstLookAtNewEvidenceIsOnTheTrail(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	c := h.as("auditor")
	path := "/reviews/" + id.String()[2:]
	c.get(path).is(200)
	h.clock.Pass(review.LookEvery)
	c.get(path).is(200)
	a := c.get(path).is(200)
	assert.Equal(t, 1, a.page().Find("li[data-act=seen]").Length())
	assert.Contains(t, a.text("li[data-act=seen]"), "looked at it")
}
