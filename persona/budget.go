package persona

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Persona allows 300 requests a minute per environment, to all keys together, in windows of a
// minute, and says in each answer what is left. https://docs.withpersona.com/rate-limiting
const (
	DefaultRate = 300 // requests a minute

	lowShare  = 0.15             // below this share of the limit, work that nobody waits for slows down
	maxPause  = 10 * time.Minute // however long an answer asks us to be silent
	maxTrust  = 2 * time.Minute  // how long an answer's count is believed when it names no end
	firstWait = 5 * time.Second  // 5, 10, 20, 40 s …, as Persona recommends
	lastWait  = 5 * time.Minute
	fewTries  = 3 // calls failed in a row before everything that can wait does wait
)

// urgency says who waits for a request.
type urgency byte

const (
	canWait urgency = iota // fetching; it leaves the last of the budget to people
	pressed                // a person waits, or a decision
)

// budget is how much we may ask, over all callers of one client.
type budget struct {
	mu     sync.Mutex
	tokens *rate.Limiter // our own limit, whatever Persona says

	limit, left int       // as Persona last said; limit 0: it never did
	resetAt     time.Time // when its window ends
	nextAt      time.Time // when the next request that can wait may go, while little is left
	pausedUntil time.Time // nobody asks before: Persona said that we ask too much
	quotaUntil  time.Time // nothing is created before
	troubleTill time.Time // what can wait does not ask before: Persona does not answer

	refusals int // 429 in a row
	troubles int // calls in a row without a usable answer

	lastOK, lastFailed time.Time
	problem            string
}

func newBudget(perMinute int) *budget {
	if perMinute <= 0 {
		perMinute = DefaultRate
	}
	return &budget{tokens: rate.NewLimiter(rate.Limit(float64(perMinute)/60), max(1, perMinute/10))}
}

// take reserves one request and says how long to wait for it; when that is longer than patience,
// nothing is reserved.
func (b *budget) take(now time.Time, u urgency, creates bool, patience time.Duration) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.renew(now)
	wait := b.pausedUntil.Sub(now)
	if creates {
		wait = max(wait, b.quotaUntil.Sub(now))
	}
	pace := time.Duration(0)
	if b.limit > 0 && b.left == 0 {
		wait = max(wait, b.resetAt.Sub(now))
	}
	if u == canWait {
		wait = max(wait, b.troubleTill.Sub(now))
		if b.limit > 0 && float64(b.left) < lowShare*float64(b.limit) {
			wait = max(wait, b.nextAt.Sub(now))
			pace = b.resetAt.Sub(now) / time.Duration(b.left+1)
		}
	}
	if wait > patience {
		return wait
	}
	r := b.tokens.ReserveN(now, 1)
	if wait = max(wait, r.DelayFrom(now), 0); wait > patience {
		r.CancelAt(now)
		return wait
	}
	if pace > 0 {
		b.nextAt = now.Add(wait + pace)
	}
	if b.left > 0 {
		b.left--
	}
	return wait
}

// renew forgets the counts of a window that is over.
func (b *budget) renew(now time.Time) {
	if b.limit > 0 && !now.Before(b.resetAt) {
		b.left, b.resetAt, b.nextAt = b.limit, now.Add(maxTrust), time.Time{}
	}
}

// hear reads what an answer says of the budget, and of a pause.
func (b *budget) hear(now time.Time, status int, h http.Header, quota bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	limit, hasLimit := count(h, "RateLimit-Limit")
	left, hasLeft := count(h, "RateLimit-Remaining")
	reset, hasReset := seconds(h, "RateLimit-Reset")
	if hasLimit && hasLeft && limit > 0 {
		resetAt := now.Add(maxTrust)
		if hasReset {
			resetAt = now.Add(reset)
		}
		// Answers overtake each other: within one window the smallest count is the newest.
		if b.limit > 0 && now.Before(b.resetAt) && resetAt.Before(b.resetAt.Add(2*time.Second)) {
			left = min(left, b.left)
		} else {
			b.nextAt = time.Time{}
		}
		b.limit, b.left, b.resetAt = limit, left, resetAt
	}
	switch {
	case quota:
		wait, said := firstSeconds(h, "Quota-Reset", "QuotaLimit-Reset", "Retry-After")
		if !said {
			wait = min(firstWait<<min(b.refusals, 10), lastWait)
		}
		b.refusals++
		b.quotaUntil = now.Add(wait + time.Second)
	case status == http.StatusTooManyRequests:
		wait, said := firstSeconds(h, "Retry-After", "RateLimit-Reset")
		if !said {
			wait = min(firstWait<<min(b.refusals, 10), lastWait)
		}
		b.refusals++
		b.pausedUntil = now.Add(wait + time.Second) // the header counts whole seconds
	case status < 500:
		b.refusals = 0
	}
}

// paused is how long until anything may be asked again.
func (b *budget) paused(now time.Time, creates bool) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	wait := b.pausedUntil.Sub(now)
	if creates {
		wait = max(wait, b.quotaUntil.Sub(now))
	}
	return max(wait, 0)
}

// worked notes a usable answer; a refusal is one too.
func (b *budget) worked(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lastOK, b.troubles, b.troubleTill, b.problem = now, 0, time.Time{}, ""
}

// failed notes a call without a usable answer and says when to try again. When several fail in
// a row everything that can wait is held back, so that a thousand errands do not knock at a
// door that nobody opens.
func (b *budget) failed(now time.Time, problem string) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	wait := min(firstWait<<min(b.troubles, 10), lastWait)
	b.lastFailed, b.problem = now, problem
	if b.troubles++; b.troubles >= fewTries {
		b.troubleTill = now.Add(wait)
	}
	return wait
}

// noted notes a failure that says nothing of whether Persona answers.
func (b *budget) noted(now time.Time, problem string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lastFailed, b.problem = now, problem
}

// ClientState is how Persona last answered, for pages.
type ClientState struct {
	Limit       int       // requests per window as Persona said; 0: it has not said yet
	Remaining   int       // of these, left in this window
	PausedUntil time.Time // nothing that can wait is asked before; zero: not paused
	LastOK      time.Time // last usable answer; zero: none yet
	LastFailed  time.Time // last call without one; zero: none yet
	Problem     string    // what the last call met, in words for people; "" when it met nothing
}

func (b *budget) state(now time.Time) ClientState {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.renew(now)
	s := ClientState{Limit: b.limit, Remaining: b.left, LastOK: b.lastOK, LastFailed: b.lastFailed, Problem: b.problem}
	for _, t := range []time.Time{b.pausedUntil, b.troubleTill} {
		if t.After(now) && t.After(s.PausedUntil) {
			s.PausedUntil = t
		}
	}
	return s
}

// count reads a header that counts.
func count(h http.Header, name string) (int, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(h.Get(name)), 10, 31)
	return int(n), err == nil
}

// seconds reads a header that counts seconds, within what we are ready to wait.
func seconds(h http.Header, name string) (time.Duration, bool) {
	n, ok := count(h, name)
	return min(time.Duration(n)*time.Second, maxPause), ok
}

// firstSeconds is the first of several headers that names a time to wait.
func firstSeconds(h http.Header, names ...string) (time.Duration, bool) {
	for _, name := range names {
		if d, ok := seconds(h, name); ok && d > 0 {
			return d, true
		}
	}
	return 0, false
}
