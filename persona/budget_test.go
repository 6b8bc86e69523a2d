package persona_test

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var statusPush = review.Push{Act: review.PushStatus, Target: txnRef, Value: "approved"}

// TestTooManyPausesEverybody: one answer of 429 holds for all who use the client, people too,
// until Persona's window ends.
func TestTooManyPausesEverybody(t *testing.T) {
	t.Parallel()
	now := newClock()
	server := serve(t, says(429, `{"errors":[{"title":"Rate limit exceeded"}]}`, "RateLimit-Limit", "300", "RateLimit-Remaining", "0", "RateLimit-Reset", "7"), says(200, okTxn))
	c := clientAt(t, server.URL, with(now))
	_, err := c.Resource(t.Context(), txnRef)
	assert.Equal(t, 8*time.Second, requireUnavailable(t, err, "too many requests").After)
	assert.Equal(t, now.now().Add(8*time.Second), c.State().PausedUntil)
	assert.Contains(t, c.State().Problem, "too many requests")

	now.pass(5 * time.Second)
	_, err = c.Resource(t.Context(), txnRef)
	assert.Equal(t, 3*time.Second, requireUnavailable(t, err, "docket waits").After)
	_, err = c.Push(t.Context(), statusPush)
	requireUnavailable(t, err, "docket waits")
	assert.Len(t, server.requests(), 1, "nobody asks while it lasts")

	now.pass(3 * time.Second)
	_, err = c.Resource(t.Context(), txnRef)
	require.NoError(t, err)
	assert.Len(t, server.requests(), 2)
	assert.Zero(t, c.State().PausedUntil)
	assert.Empty(t, c.State().Problem)
}

func TestTooManyWithoutATimeBacksOff(t *testing.T) {
	t.Parallel()
	now := newClock()
	server := serve(t, says(429, ``))
	c := clientAt(t, server.URL, with(now))
	var waits []time.Duration
	for range 8 {
		_, err := c.Resource(t.Context(), txnRef)
		u := requireUnavailable(t, err, "too many")
		waits = append(waits, u.After)
		now.pass(u.After)
	}
	s := time.Second
	assert.Equal(t, []time.Duration{6 * s, 11 * s, 21 * s, 41 * s, 81 * s, 161 * s, 301 * s, 301 * s}, waits)
	assert.Len(t, server.requests(), 8)
}

func TestAbsurdHeadersAreNotBelieved(t *testing.T) {
	t.Parallel()
	for _, reset := range []string{"99999999999999999999", "-5", "soon", "", "0", "1e9", "2147483647"} {
		now := newClock()
		server := serve(t, says(429, ``, "RateLimit-Limit", "-1", "RateLimit-Remaining", "x", "RateLimit-Reset", reset))
		c := clientAt(t, server.URL, with(now))
		_, err := c.Resource(t.Context(), txnRef)
		u := requireUnavailable(t, err, "too many")
		assert.GreaterOrEqual(t, u.After, 6*time.Second, reset)
		assert.LessOrEqual(t, u.After, 11*time.Minute, reset)
	}
}

// TestWhenLittleIsLeftPeopleGoFirst: below 15 % what can wait is spread over the rest of the
// window, what a person waits for goes at once.
func TestWhenLittleIsLeftPeopleGoFirst(t *testing.T) {
	t.Parallel()
	now := newClock()
	left := 40
	var mu sync.Mutex
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		left--
		h := w.Header()
		h.Set("RateLimit-Limit", "300")
		h.Set("RateLimit-Remaining", strconv.Itoa(left))
		h.Set("RateLimit-Reset", strconv.Itoa(30-int(now.now().Second())))
		mu.Unlock()
		says(200, okTxn)(w, r)
	})
	c := clientAt(t, server.URL, with(now))
	_, err := c.Resource(t.Context(), txnRef)
	require.NoError(t, err)
	assert.Equal(t, 300, c.State().Limit)
	assert.Equal(t, 39, c.State().Remaining)

	_, err = c.Resource(t.Context(), txnRef)
	require.NoError(t, err, "the first goes at once and sets the pace")
	_, err = c.Resource(t.Context(), txnRef)
	pace := requireUnavailable(t, err, "docket waits").After
	assert.Equal(t, 30*time.Second/40, pace)
	for range 5 {
		_, err = c.Push(t.Context(), statusPush)
		require.NoError(t, err)
	}
	now.pass(pace)
	_, err = c.Resource(t.Context(), txnRef)
	require.NoError(t, err)

	// In a new window the pace is forgotten.
	now.pass(40 * time.Second)
	assert.Equal(t, 300, c.State().Remaining)
	left = 300
	for range 3 {
		_, err = c.Resource(t.Context(), txnRef)
		require.NoError(t, err)
	}
}

func TestWhenNothingIsLeftNobodyAsks(t *testing.T) {
	t.Parallel()
	now := newClock()
	server := serve(t, says(200, okTxn, "RateLimit-Limit", "300", "RateLimit-Remaining", "0", "RateLimit-Reset", "12"))
	c := clientAt(t, server.URL, with(now))
	_, err := c.Resource(t.Context(), txnRef)
	require.NoError(t, err)
	_, err = c.Push(t.Context(), statusPush)
	assert.Equal(t, 12*time.Second, requireUnavailable(t, err, "docket waits").After)
	assert.Len(t, server.requests(), 1)
}

func TestOurOwnRateHoldsWithoutPersonasWord(t *testing.T) {
	t.Parallel()
	now := newClock()
	server := serve(t, says(200, okTxn))
	c := clientAt(t, server.URL, with(now), func(o *persona.ClientOptions) { o.Rate = 60 })
	asked := 0
	for range 90 { // seconds, with two tries in each
		for range 2 {
			if _, err := c.Resource(t.Context(), txnRef); err == nil {
				asked++
			} else {
				u := requireUnavailable(t, err, "docket waits")
				assert.LessOrEqual(t, u.After, time.Second)
			}
		}
		now.pass(time.Second)
	}
	assert.Len(t, server.requests(), asked)
	assert.InDelta(t, 90+5, asked, 1, "one a second, and a small burst at first")
}

func TestAQuotaHoldsBackOnlyWhatCreates(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 403} {
		now := newClock()
		server := serve(t, says(status, `{"errors":[{"title":"Quota exceeded"}]}`, "Quota-Reset", "20"), says(200, okTxn))
		c := clientAt(t, server.URL, with(now))
		_, _, err := c.Screen(t.Context(), screening(), "txntp_1")
		u := requireUnavailable(t, err, "quota")
		assert.Equal(t, 21*time.Second, u.After)
		assert.False(t, u.KeySpent)
		_, err = c.Resource(t.Context(), txnRef)
		require.NoError(t, err)
		_, _, err = c.Screen(t.Context(), screening(), "txntp_1")
		requireUnavailable(t, err, "docket waits")
		now.pass(21 * time.Second)
		_, _, err = c.Screen(t.Context(), screening(), "txntp_1")
		require.NoError(t, err)
		assert.Len(t, server.requests(), 3)
	}
}

// TestADeadServerIsNotHammered: after some calls in vain everything that can wait waits, longer
// each time; a person may still try; one answer ends it.
func TestADeadServerIsNotHammered(t *testing.T) {
	t.Parallel()
	now := newClock()
	dead := true
	var mu sync.Mutex
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if dead {
			says(500, ``)(w, r)
		} else {
			says(200, okTxn)(w, r)
		}
	})
	c := clientAt(t, server.URL, with(now))
	for range 3 {
		_, err := c.Resource(t.Context(), txnRef)
		requireUnavailable(t, err, "(500)")
	}
	require.Len(t, server.requests(), 9)
	until := c.State().PausedUntil
	assert.Equal(t, now.now().Add(20*time.Second), until)
	for range 1000 {
		_, err := c.Resource(t.Context(), txnRef)
		requireUnavailableQuick(t, err)
	}
	assert.Len(t, server.requests(), 9, "a thousand errands, no knock")
	_, err := c.Push(t.Context(), statusPush)
	requireUnavailable(t, err, "(500)")
	assert.Len(t, server.requests(), 10, "a person may try")
	assert.Contains(t, c.State().Problem, "(500)")
	assert.Equal(t, now.now(), c.State().LastFailed)

	var longest time.Duration
	for range 10 {
		now.pass(c.State().PausedUntil.Sub(now.now()))
		_, err = c.Resource(t.Context(), txnRef)
		longest = requireUnavailable(t, err, "(500)").After
	}
	assert.Equal(t, 5*time.Minute, longest)

	mu.Lock()
	dead = false
	mu.Unlock()
	_, err = c.Push(t.Context(), statusPush)
	require.NoError(t, err)
	_, err = c.Resource(t.Context(), txnRef)
	require.NoError(t, err, "one answer ends the waiting")
	assert.Equal(t, now.now(), c.State().LastOK)
}

func requireUnavailableQuick(t *testing.T, err error) {
	t.Helper()
	var u *persona.Unavailable
	require.ErrorAs(t, err, &u)
	require.Positive(t, u.After)
}

func TestManyCallersShareOneBudget(t *testing.T) {
	t.Parallel()
	now := newClock()
	server := serve(t, says(200, okTxn, "RateLimit-Limit", "300", "RateLimit-Remaining", "290", "RateLimit-Reset", "30"))
	c := clientAt(t, server.URL, with(now), func(o *persona.ClientOptions) { o.Rate = 100 })
	var wg sync.WaitGroup
	var mu sync.Mutex
	asked := 0
	for range 50 {
		wg.Go(func() {
			if _, err := c.Resource(t.Context(), txnRef); err == nil {
				mu.Lock()
				asked++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	assert.Equal(t, 10, asked, "the burst of a client that may ask 100 times a minute")
	assert.Len(t, server.requests(), 10)
}

// Answers overtake each other: within one window the smallest count is the newest.
func TestAnOlderCountDoesNotMakeTheBudgetLarger(t *testing.T) {
	t.Parallel()
	now := newClock()
	answer := func(left, reset string) http.HandlerFunc {
		return says(200, okTxn, "RateLimit-Limit", "300", "RateLimit-Remaining", left, "RateLimit-Reset", reset)
	}
	server := serve(t, answer("100", "30"), answer("150", "30"), answer("299", "60"))
	c := clientAt(t, server.URL, with(now))
	for _, want := range []int{100, 99, 299} {
		_, err := c.Resource(t.Context(), txnRef)
		require.NoError(t, err)
		assert.Equal(t, want, c.State().Remaining)
	}
}
