package sandbox

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reply is what a request gets.
type reply struct {
	status int
	body   []byte
	digest [32]byte // of the request, when it is kept for its key
}

// call is one request that was let in.
type call struct {
	r     *http.Request
	id    string // of the resource in the path
	body  *node  // in kebab, nil when there was none
	query url.Values
	how   present
}

// problem writes an error body: a title, what is wrong in detail, and where.
func problem(status int, title, details, pointer string) reply {
	e := object().set("title", text(title))
	if details != "" {
		e.set("details", text(details))
	}
	if pointer != "" {
		e.set("source", object().set("pointer", text(pointer)))
	}
	return reply{status: status, body: scribe{}.bytes(object().set("errors", array(e)))}
}

func notFound() reply { return problem(404, "Record not found", "", "") }

func badRequest(details string) reply { return problem(400, "Bad Request", details, "") }

func invalid(details, pointer string) reply {
	return problem(422, "Unprocessable entity", details, pointer)
}

func conflict(details string) reply { return problem(409, "Conflict", details, "") }

// The environment that the stand-in is.
var (
	environment  = shared("env_", 111)
	organization = shared("org_", 112)
)

// versions are those that a request may name.
var versions = []string{"2025-12-08", "2025-10-27", "2023-01-05", "2022-09-01", "2021-08-18", "2021-07-05", "2021-02-21", "2020-05-18"}

// ServeHTTP answers the API, the file host and the page for inquiries.
func (in *StandIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case strings.HasPrefix(r.URL.Path, "/files/"):
		in.serveFile(w, r)
		return
	case r.URL.Path == "/verify":
		in.serveVerify(w, r)
		return
	case !strings.HasPrefix(r.URL.Path, "/api/v1/"):
		http.NotFound(w, r)
		return
	}
	path := strings.TrimPrefix(r.URL.RequestURI(), "/api/v1")
	log := Request{Method: r.Method, Path: path, Key: r.Header.Get("Idempotency-Key")}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 10<<20))

	in.mu.Lock()
	log.At = in.now()
	f := in.fault(r.Method, path)
	if f != nil {
		log.Fault = f.Kind
	}
	if f != nil && (f.Kind == FaultHang || f.Kind == FaultReset) {
		in.requests = note(in.requests, log)
		in.mu.Unlock()
		if f.Kind == FaultReset {
			reset(w)
			return
		}
		select {
		case <-r.Context().Done():
		case <-in.ctx.Done():
		}
		return
	}
	h := http.Header{}
	var a reply
	if err != nil {
		a = badRequest("the body could not be read")
	} else {
		a = in.admit(h, r, body, f)
	}
	log.Status = a.status
	if f != nil && f.Kind == FaultLost {
		log.Status = 0
	}
	in.requests = note(in.requests, log)
	in.mu.Unlock()

	switch {
	case f != nil && f.Kind == FaultLost:
		reset(w)
		return
	case f != nil && f.Kind == FaultBroken:
		a.body = a.body[:len(a.body)*2/3]
	}
	for k, v := range h {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that left needs no answer
}

// admit asks for the key, counts the request, and remembers answers by their idempotency key.
func (in *StandIn) admit(h http.Header, r *http.Request, body []byte, f *Fault) reply {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case !ok:
		return problem(401, "Must be authenticated to access this endpoint", "", "")
	case subtle.ConstantTimeCompare([]byte(token), []byte(in.o.Key)) != 1:
		return problem(401, "Token is invalid", "", "")
	}
	if f != nil && f.Kind == FaultMute {
		return problem(429, "Rate limit exceeded", "", "")
	}
	limited := in.limit(h)
	switch {
	case f != nil && f.Kind == FaultLimit:
		h.Set("RateLimit-Remaining", "0")
		limited = true
	case f != nil && f.Kind == FaultDenied:
		return problem(403, "Forbidden", "The API key has no permission for this", "")
	}
	if limited {
		return problem(429, "Rate limit exceeded", fmt.Sprintf("You have hit your rate limit of %d requests / min.", in.o.Rate), "")
	}
	version := cmp.Or(r.Header.Get("Persona-Version"), in.o.Version)
	if !slices.Contains(versions, version) {
		return badRequest("Persona-Version " + version + " is not a version of the API")
	}
	key := r.Header.Get("Idempotency-Key")
	if r.Method != http.MethodPost {
		key = ""
	}
	digest := sha256.Sum256(append([]byte(r.Method+" "+r.URL.RequestURI()+"\n"), body...))
	if old, ok := in.replies[key]; ok && key != "" {
		if old.digest != digest {
			return badRequest("The Idempotency-Key was used with other parameters")
		}
		return old
	}
	a := in.route(r, body, version, f)
	if key != "" {
		a.digest = digest
		in.replies[key] = a
	}
	return a
}

// limit counts a request against the window of a minute.
func (in *StandIn) limit(h http.Header) bool {
	now, minute := in.now(), in.short(time.Minute)
	if now.Sub(in.window) >= minute {
		in.window, in.used = now, 0
	}
	in.used++
	h.Set("RateLimit-Limit", strconv.Itoa(in.o.Rate))
	h.Set("RateLimit-Remaining", strconv.Itoa(max(0, in.o.Rate-in.used)))
	h.Set("RateLimit-Reset", strconv.Itoa(int((minute-now.Sub(in.window)+time.Second-1)/time.Second)))
	h.Set("Request-Id", in.dice.id("req_"))
	h.Set("Persona-Environment-Id", environment)
	h.Set("Persona-Organization-Id", organization)
	return in.used > in.o.Rate
}

// route finds the endpoint and calls it.
func (in *StandIn) route(r *http.Request, body []byte, version string, f *Fault) reply {
	if f != nil && f.Kind == FaultError {
		return problem(cmp.Or(f.Status, 500), "Internal Server Error", "", "")
	}
	c := &call{r: r, query: r.URL.Query()}
	c.how.style = styleOf(r.Header.Get("Key-Inflection"))
	if len(bytes.TrimSpace(body)) > 0 {
		n, err := parse(body)
		if err != nil || !n.is('{') {
			return badRequest("The body is not a JSON object")
		}
		c.body = n.dash()
	}
	for k, v := range c.query {
		if name, ok := strings.CutPrefix(k, "fields["); ok {
			if c.how.only == nil {
				c.how.only = map[string][]string{}
			}
			for _, want := range strings.Split(v[0], ",") {
				if !strings.HasPrefix(want, "fields.") {
					want = kebabOf(want)
				}
				name := strings.TrimSuffix(name, "]")
				c.how.only[name] = append(c.how.only[name], want)
			}
		}
	}
	if v, ok := c.query["include"]; ok {
		c.how.include = append([]string{}, strings.FieldsFunc(v[0], func(r rune) bool { return r == ',' })...)
	} else if version < "2025-10-27" {
		c.how.all = true
	}
	h, pattern := in.mux.Handler(r)
	e, ok := h.(endpoint)
	if pattern == "" || !ok {
		return problem(404, "Not Found", "", "")
	}
	// The mux fills the path's wildcards only while it serves: the id is the third segment.
	if parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/"); len(parts) > 3 {
		c.id = parts[3]
		if parts[2] == "document" && len(parts) > 4 {
			c.id = parts[4]
		}
	}
	return e(c)
}

// endpoint answers one operation of the API, with the lock held.
type endpoint func(*call) reply

// ServeHTTP makes an endpoint something that a mux can hold; the stand-in calls it itself.
func (endpoint) ServeHTTP(http.ResponseWriter, *http.Request) {}

// ok answers with a resource.
func (in *StandIn) ok(c *call, t *thing) reply { return in.with(c, t, nil) }

func (in *StandIn) with(c *call, t *thing, meta *node) reply {
	return reply{status: 200, body: in.envelope(t, c.how, meta)}
}

// page answers with resources, newest first, a page at a time.
func page[T any](c *call, all []T, id func(T) string, write func(T) *node, s scribe) reply {
	size := 10
	if v := c.query.Get("page[size]"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 100 {
			return badRequest("page.size must be between 1 and 100")
		}
		size = n
	}
	from, to := 0, len(all)
	if after := c.query.Get("page[after]"); after != "" {
		if from = 1 + slices.IndexFunc(all, func(t T) bool { return id(t) == after }); from == 0 {
			return badRequest("page.after is not found")
		}
	}
	if before := c.query.Get("page[before]"); before != "" {
		if to = slices.IndexFunc(all, func(t T) bool { return id(t) == before }); to < 0 {
			return badRequest("page.before is not found")
		}
		from = max(from, to-size)
	}
	to = min(to, from+size)
	data := array()
	for _, t := range all[min(from, to):to] {
		data.kids = append(data.kids, write(t))
	}
	link := func(which string, at int) *node {
		q := url.Values{}
		for k, v := range c.query {
			if k != "page[after]" && k != "page[before]" {
				q[k] = v
			}
		}
		q.Set("page["+which+"]", id(all[at]))
		return text(c.r.URL.Path + "?" + q.Encode())
	}
	links := object().set("prev", literal("null")).set("next", literal("null"))
	if from > 0 && len(data.kids) > 0 {
		links.set("prev", link("before", from))
	}
	if to < len(all) && len(data.kids) > 0 {
		links.set("next", link("after", to-1))
	}
	return reply{status: 200, body: s.bytes(object().set("data", data).set("links", links))}
}
