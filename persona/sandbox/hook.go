package sandbox

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// event is one event as it is listed and delivered.
type event struct {
	id, name string
	about    []string // ids of the resources that it is about
	body     []byte   // the event resource in kebab
	sent     []byte   // as it is delivered: every time the same bytes
	at       time.Time
}

// gaps are how long Persona waits after each failed attempt: eight attempts within 51 hours.
var gaps = [...]time.Duration{3 * time.Second, 64 * time.Second, 729 * time.Second, 4096 * time.Second,
	15625 * time.Second, 46656 * time.Second, 117649 * time.Second}

// tell makes an event of a resource as it stands now, lists it and delivers it.
func (in *StandIn) tell(name string, t *thing, context *node) {
	n := known(t.body)
	payload := object().set("data", n)
	e := &event{id: in.dice.id("evt_"), name: name, about: []string{t.ref.id}, at: in.now()}
	attributes := object().set("name", text(name)).set("payload", payload).set("created-at", text(stamp(e.at)))
	if context != nil {
		attributes.set("context", context)
	}
	res := object().set("type", text("event")).set("id", text(e.id)).set("attributes", attributes)
	e.body = scribe{}.bytes(res) // the API lists events without what was included
	in.events = append(in.events, e)
	switch in.o.Included {
	case IncludeEmpty:
		payload.set("included", array())
	case IncludeThin, IncludeAll:
		payload.set("included", array(in.included(n, present{all: true, thin: in.o.Included == IncludeThin})...))
	}
	e.sent = scribe{style: styleOf(in.o.HookKeys), link: in.link}.bytes(object().set("data", res))
	if in.muted || in.o.Hook == nil && in.o.HookURL == "" {
		return
	}
	for i := range 1 + in.o.Repeat {
		wait := time.Duration(20+i) * time.Millisecond
		if in.o.Disorder {
			wait = in.dice.span(0, 3*time.Second)
		}
		d := &delivery{event: e}
		in.after(wait, func() func() { return in.attempt(d) })
	}
}

// delivery is one event on its way.
type delivery struct {
	event     *event
	tries     int
	first     time.Time
	signature string
}

// attempt prepares one try; what it gives back makes it.
func (in *StandIn) attempt(d *delivery) func() {
	if in.muted {
		return nil
	}
	now := in.now()
	d.tries++
	if d.tries == 1 {
		d.first = now
	}
	if d.signature == "" || !in.o.OneTime {
		d.signature = Sign(d.event.sent, now, in.o.Secrets...)
	}
	url := in.o.HookURL
	if url == "" {
		url = "http://docket.example/hooks/persona"
	}
	r, err := http.NewRequestWithContext(in.ctx, http.MethodPost, url, bytes.NewReader(d.event.sent))
	if err != nil {
		return nil
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Persona-Signature", d.signature)
	r.Header.Set("Persona-Webhook-Attempts-Made", strconv.Itoa(d.tries))
	r.Header.Set("Persona-Webhook-Attempts-Left", strconv.Itoa(len(gaps)+1-d.tries))
	r.Header.Set("Persona-Webhook-First-Attempted-At", strconv.FormatInt(d.first.Unix(), 10))
	return func() {
		select {
		case in.posts <- struct{}{}:
			defer func() { <-in.posts }()
		case <-in.ctx.Done():
			return
		}
		status := in.post(r)
		in.mu.Lock()
		defer in.mu.Unlock()
		in.attempts = note(in.attempts, Attempt{Event: d.event.id, Name: d.event.name, Try: d.tries, Status: status, At: now})
		if status/100 != 2 && d.tries <= len(gaps) {
			in.after(gaps[d.tries-1], func() func() { return in.attempt(d) })
		}
	}
}

// post sends one delivery and gives the status that came back, 0 for none within five seconds.
func (in *StandIn) post(r *http.Request) int {
	if in.o.Hook != nil {
		return in.o.Hook(r)
	}
	res, err := in.client.Do(r)
	if err != nil {
		return 0
	}
	res.Body.Close()
	return res.StatusCode
}

// Sign makes a Persona-Signature: a set for each secret, separated by a space.
func Sign(body []byte, at time.Time, secrets ...string) string {
	t := strconv.FormatInt(at.Unix(), 10)
	sets := make([]string, len(secrets))
	for i, s := range secrets {
		m := hmac.New(sha256.New, []byte(s))
		m.Write([]byte(t + "."))
		m.Write(body)
		sets[i] = "t=" + t + ",v1=" + hex.EncodeToString(m.Sum(nil))
	}
	return strings.Join(sets, " ")
}

// Redeliver posts an event again, as the Dashboard's button does. It says whether there is
// such an event.
func (in *StandIn) Redeliver(id string) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, e := range in.events {
		if e.id == id {
			d := &delivery{event: e}
			in.after(0, func() func() { return in.attempt(d) })
			return true
		}
	}
	return false
}

func styleOf(name string) inflection {
	switch name {
	case "snake":
		return snake
	case "camel":
		return camel
	}
	return kebab
}
