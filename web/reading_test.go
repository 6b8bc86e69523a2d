package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
	"docket/web"
)

// anew asks a server that was started this moment and remembers nothing.
func (c *client) anew(path string) string {
	c.h.t.Helper()
	db, err := store.Open(c.h.t.Context(), c.h.path, store.Options{Hydrate: persona.Hydrate, Clock: c.h.clock.Now})
	require.NoError(c.h.t, err)
	s := web.New(web.Options{DB: db, Clock: c.h.clock.Now, Log: slog.New(slog.DiscardHandler), Version: "1.2.3-test"})
	r := httptest.NewRequestWithContext(c.h.t.Context(), http.MethodGet, path, nil)
	at, err := url.Parse(c.h.url)
	require.NoError(c.h.t, err)
	for _, cookie := range c.http.Jar.Cookies(at) {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	require.NoError(c.h.t, db.Close())
	return w.Body.String()
}

// What a server keeps between requests must not show: at every step the page is the one of a
// server that has just been started.
func TestAServerThatRemembersShowsWhatAFreshOneWould(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := []*client{h.as("reviewer"), h.as("lead")}
	heavy := sandbox.Heavy(1)
	h.take(heavy...)
	h.take(ekene().payload())
	page, err := h.db.Queue(t.Context(), review.QueueQuery{Sort: review.SortMatches, Limit: 2})
	require.NoError(t, err)
	big, small := page.Rows[0].Review, page.Rows[1].Review

	bodies := map[string]bool{}
	same := func(step string) {
		t.Helper()
		for _, id := range []review.ReviewID{big, small} {
			path := "/reviews/" + strconv.FormatInt(int64(id), 10)
			for _, who := range people {
				who.get(path).is(http.StatusOK) // the first look at new evidence goes on the trail
				got := who.get(path).is(http.StatusOK).body
				if got != who.anew(path) {
					require.Fail(t, "an old page after: "+step, "%s for %s", path, who.name)
				}
				bodies[got] = true
			}
		}
	}
	dispose := func(id review.ReviewID, party int, finding, note string) {
		t.Helper()
		path := "/reviews/" + strconv.FormatInt(int64(id), 10)
		shown := people[0].get(path)
		people[0].post(path+"/dispositions", shown.finding(party, finding, "other", note)).is(http.StatusSeeOther)
	}

	same("the first look")
	same("the second look")
	h.claimed(big, "reviewer")
	h.claimed(small, "reviewer")
	same("a claim")
	dispose(big, 1, "false_positive", "Another birth date.")
	dispose(small, 1, "true_match", "All of it agrees.")
	same("a finding")
	dispose(big, 2, "cannot_tell", "The list gives no day.")
	dispose(big, 1, "true_match", "Looked again.")
	same("a changed finding")
	require.NoError(t, h.db.Release(t.Context(), big, "reviewer"))
	same("a release")
	h.clock.Pass(20 * time.Minute)
	same("some minutes")

	p := ekene()
	p.at, p.completed = h.clock.Now(), h.clock.Now()
	p.listed = append(p.listed, listed{"Ekene Falade", "1987", "EU - Consolidated"})
	h.take(p.payload())
	same("another match")
	other := ekene()
	other.id = "txn_other"
	h.take(other.payload())
	same("another transaction")

	h.clock.Pass(300 * 24 * time.Hour)
	for i, who := range people {
		people[i] = h.as(who.name)
	}
	same("another year")
	assert.Greater(t, len(bodies), 20, "the steps changed the pages")
}

func TestWhatAServerRemembersIsBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const many = 26
	for seed := range uint64(many) {
		h.take(sandbox.Heavy(1 + seed)...)
	}
	page, err := h.db.Queue(t.Context(), review.QueueQuery{Limit: many})
	require.NoError(t, err)
	require.Len(t, page.Rows, many)
	at, err := url.Parse(h.url)
	require.NoError(t, err)
	cookies := h.as("reviewer").http.Jar.Cookies(at)
	show := func(id review.ReviewID) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/reviews/"+strconv.FormatInt(int64(id), 10), nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		h.server.ServeHTTP(w, r)
		require.Equal(t, http.StatusOK, w.Code)
	}
	most := 0
	for _, row := range page.Rows {
		show(row.Review)
		n, weight := h.server.KeptReadings()
		require.LessOrEqual(t, weight, web.HeaviestReadings)
		most = max(most, n)
	}
	assert.Greater(t, most, 10, "a team's work of a morning is kept")
	assert.Less(t, most, many)
}
