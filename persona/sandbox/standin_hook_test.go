package sandbox_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"docket/persona/sandbox"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestASignatureIsThatOfTheReference(t *testing.T) {
	t.Parallel()
	got := sandbox.Sign([]byte(`{"data":{"type":"event","id":"evt_TEST1","attributes":{"name":"transaction.status-updated"}}}`),
		time.Unix(1700000000, 0), "wbhsec_00000000-0000-4000-8000-000000000000")
	assert.Equal(t, "t=1700000000,v1=3a60a91add95eced3d0d00d5e1702aa1bf8298d475fd36c85db2ff2745cabd5e", got)
}

// sets reads a signature header and says which of the secrets made each set.
func sets(t *testing.T, header string, body []byte, secrets ...string) []string {
	t.Helper()
	var out []string
	for _, set := range strings.Split(header, " ") {
		at, mac, ok := strings.Cut(strings.TrimPrefix(set, "t="), ",v1=")
		require.True(t, ok, header)
		for _, s := range secrets {
			m := hmac.New(sha256.New, []byte(s))
			m.Write([]byte(at + "." + string(body)))
			if hex.EncodeToString(m.Sum(nil)) == mac {
				out = append(out, s)
			}
		}
	}
	return out
}

func TestDeliveriesAreSignedByEverySecretWhileRotating(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.screen(sandbox.TypePerson, "name_last", "Nobody")
	first := len(b.posts)
	require.NotZero(t, first)
	b.SetSecrets("wbhsec_two", "wbhsec_one")
	b.screen(sandbox.TypePerson, "name_last", "Nobody")
	b.SetSecrets("wbhsec_two")
	second := len(b.posts)
	b.screen(sandbox.TypePerson, "name_last", "Nobody")
	for i, r := range b.posts {
		want := []string{"wbhsec_one"}
		switch {
		case i >= second:
			want = []string{"wbhsec_two"}
		case i >= first:
			want = []string{"wbhsec_two", "wbhsec_one"}
		}
		assert.Equal(t, want, sets(t, r.Header.Get("Persona-Signature"), b.bodies[i], "wbhsec_one", "wbhsec_two"))
		assert.Equal(t, "application/json; charset=utf-8", r.Header.Get("Content-Type"))
	}
}

func TestAnEventThatIsRefusedComesBackEightTimesInAll(t *testing.T) {
	t.Parallel()
	gaps := []time.Duration{3 * time.Second, 64 * time.Second, 729 * time.Second, 4096 * time.Second, 15625 * time.Second, 46656 * time.Second, 117649 * time.Second}
	for _, speed := range []float64{1, 1000} {
		for _, stale := range []bool{false, true} {
			b := newBench(t, func(o *sandbox.StandInOptions) { o.Speed, o.OneTime = speed, stale })
			b.answer = func(int) int { return 503 }
			b.ask("POST", "/transactions", `{"data":{"attributes":{"transaction-type-id":"`+sandbox.TypePerson+`","fields":{"name_last":"Nobody"}}}}`)
			b.settle(72 * time.Hour)
			var tries []sandbox.Attempt
			var posts []*http.Request
			for i, a := range b.Attempts() {
				if a.Name == "transaction.created" {
					tries, posts = append(tries, a), append(posts, b.posts[i])
				}
			}
			require.Len(t, tries, 8)
			signatures := map[string]bool{}
			for i, a := range tries {
				assert.Equal(t, 503, a.Status)
				assert.Equal(t, strconv.Itoa(i+1), posts[i].Header.Get("Persona-Webhook-Attempts-Made"))
				assert.Equal(t, strconv.Itoa(7-i), posts[i].Header.Get("Persona-Webhook-Attempts-Left"))
				assert.Equal(t, posts[0].Header.Get("Persona-Webhook-First-Attempted-At"), posts[i].Header.Get("Persona-Webhook-First-Attempted-At"))
				signatures[posts[i].Header.Get("Persona-Signature")] = true
				if i > 0 {
					want := time.Duration(float64(gaps[i-1]) / speed)
					assert.InDelta(t, want, a.At.Sub(tries[i-1].At), float64(100*time.Millisecond), "gap %d", i)
				}
			}
			if stale {
				assert.Len(t, signatures, 1)
			} else if speed == 1 {
				assert.Len(t, signatures, 8)
			}
		}
	}
}

func TestARetryEndsWhenItIsTaken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.answer = func(n int) int {
		if n < 3 {
			return 0 // no answer
		}
		return 204
	}
	b.ask("POST", "/transactions", `{"data":{"attributes":{"transaction-type-id":"`+sandbox.TypePerson+`","fields":{"name_last":"Nobody"}}}}`)
	b.settle(100 * time.Hour)
	byEvent := map[string][]int{}
	for _, a := range b.Attempts() {
		byEvent[a.Event] = append(byEvent[a.Event], a.Status)
	}
	for _, statuses := range byEvent {
		assert.Equal(t, 204, statuses[len(statuses)-1])
		for _, s := range statuses[:len(statuses)-1] {
			assert.Zero(t, s)
		}
	}
	for i, body := range b.bodies {
		for j, other := range b.bodies[:i] {
			if read(t, body).at("data", "id") == read(t, other).at("data", "id") {
				assert.Equal(t, body, other, "%d and %d are one event", i, j)
			}
		}
	}
}

func TestEventsComeTwiceAndOutOfOrderWhenAsked(t *testing.T) {
	t.Parallel()
	tidy := newBench(t)
	tidy.screen(sandbox.TypePerson, "name_first", "Lazar", "name_last", "Vintermoor")
	b := newBench(t, func(o *sandbox.StandInOptions) { o.Repeat, o.Disorder = 1, true })
	b.screen(sandbox.TypePerson, "name_first", "Lazar", "name_last", "Vintermoor")
	count, last, turned := map[any]int{}, "", 0
	for _, body := range b.bodies {
		d := read(t, body)
		count[d.at("data", "id")]++
		at := d.at("data", "attributes", "created-at").(string)
		if at < last {
			turned++
		}
		last = at
	}
	assert.Len(t, count, len(tidy.bodies))
	for id, n := range count {
		assert.Equal(t, 2, n, "%s", id)
	}
	assert.Greater(t, turned, 3)
	assert.True(t, slices.IsSortedFunc(tidy.bodies, func(x, y []byte) int {
		return strings.Compare(read(t, x).at("data", "attributes", "created-at").(string), read(t, y).at("data", "attributes", "created-at").(string))
	}))
}

func TestWhatIsIncludedIsASettingOfTheWebhook(t *testing.T) {
	t.Parallel()
	for included, check := range map[sandbox.Included]func(v any, has bool){
		sandbox.IncludeNone:  func(_ any, has bool) { assert.False(t, has) },
		sandbox.IncludeEmpty: func(v any, _ bool) { assert.Equal(t, []any{}, v) },
		sandbox.IncludeThin: func(v any, _ bool) {
			for _, k := range v.([]any) {
				if k := k.(map[string]any); strings.HasPrefix(k["type"].(string), "report/") {
					assert.Len(t, k["attributes"], 4)
				}
			}
		},
		sandbox.IncludeAll: func(v any, _ bool) { assert.GreaterOrEqual(t, len(v.([]any)), 5) },
	} {
		b := newBench(t, func(o *sandbox.StandInOptions) { o.Included = included })
		b.screen(sandbox.TypePerson, "name_first", "Lazar", "name_last", "Vintermoor")
		at := slices.Index(b.names(), "transaction.status-updated")
		require.GreaterOrEqual(t, at, 0)
		payload := read(t, b.bodies[at]).at("data", "attributes", "payload").(map[string]any)
		v, has := payload["included"]
		check(v, has)
	}
}

func TestKeysOfEventsAreSpeltAsTheWebhookSays(t *testing.T) {
	t.Parallel()
	for style, want := range map[string]string{"kebab": `"created-at"`, "snake": `"created_at"`, "camel": `"createdAt"`} {
		b := newBench(t, func(o *sandbox.StandInOptions) { o.HookKeys = style })
		b.screen(sandbox.TypePerson, "name_first", "Lazar", "name_last", "Vintermoor")
		for _, body := range b.bodies {
			assert.Contains(t, string(body), want)
		}
		assert.Contains(t, string(bytes.Join(b.bodies, nil)), `"name_first":{"type":"string","value":"Lazar"}`, "keys below fields stay")
	}
}

func TestAMutedStandInListsWhatItDoesNotDeliver(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Mute(true)
	b.screen(sandbox.TypePerson, "name_last", "Nobody")
	b.Mute(false)
	b.settle(72 * time.Hour)
	assert.Empty(t, b.posts)
	events := b.ask("GET", "/events?page[size]=100", "").at("data").([]any)
	require.NotEmpty(t, events)
	id := events[0].(map[string]any)["id"].(string)
	require.True(t, b.Redeliver(id))
	assert.False(t, b.Redeliver("evt_none"))
	b.settle(time.Second)
	require.Len(t, b.bodies, 1)
	assert.Equal(t, id, read(t, b.bodies[0]).at("data", "id"))
}

// The stand-in's own goroutine, its timers and its deliveries, on a clock that the test owns.
func TestByItselfItDoesTheSameInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var names []string
		down := true
		in := sandbox.NewStandIn(sandbox.StandInOptions{Key: key, Secrets: []string{"wbhsec_one"}, Hook: func(r *http.Request) int {
			body, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			mu.Lock()
			defer mu.Unlock()
			if down {
				return 500
			}
			names = append(names, read(t, body).at("data", "attributes", "name").(string))
			return 200
		}})
		b := &bench{StandIn: in, t: t}
		id := b.ask("POST", "/transactions", `{"data":{"attributes":{"transaction-type-id":"`+sandbox.TypePerson+`","fields":{"name_last":"Kim Jong Un"}}}}`).at("data", "id").(string)
		time.Sleep(time.Second)
		assert.Equal(t, "created", b.status(id))
		time.Sleep(time.Second)
		assert.Equal(t, "needs_review", b.status(id), "within two seconds")
		mu.Lock()
		down = false
		mu.Unlock()
		time.Sleep(2 * time.Minute)
		mu.Lock()
		assert.Contains(t, names, "transaction.created")
		assert.Contains(t, names, "transaction.status-updated")
		mu.Unlock()
		in.Close()
		synctest.Wait()
	})
}
