package persona

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/go-json-experiment/json/jsontext"
)

// call is one request as its method wants it.
type call struct {
	method     string
	path       string // below the base, ids escaped
	query      url.Values
	body       any    // sent as JSON; nil: none
	key        string // idempotency key, "" for none
	what       string // "transaction txn_…", for people
	permission string // what the API key must be allowed, as Persona calls it
	urgency    urgency
	creates    bool // counts against Persona's quota of things created
	mayBeEmpty bool // an answer without a body is one too
}

func (c call) about() string {
	if len(c.query) == 0 {
		return c.method + " " + c.path
	}
	query, _ := url.QueryUnescape(c.query.Encode())
	return c.method + " " + c.path + "?" + query
}

const tries = 3

// do makes a call, more than once where that does no harm: a GET after anything that may pass,
// a POST with an idempotency key after a network fault (Persona then does it once). A PATCH is
// not repeated: in between somebody may have set another value. What Persona answered to a POST
// is final under its key, even a 500. https://docs.withpersona.com/idempotence
func (c *Client) do(ctx context.Context, q call) (Answer, error) {
	var body []byte
	if q.body != nil {
		var err error
		if body, err = json.Marshal(q.body); err != nil {
			return Answer{}, fmt.Errorf("persona: %w", err)
		}
	}
	all, cancel := context.WithTimeout(ctx, c.times.call)
	defer cancel()
	answer, err := backoff.Retry(all, func() (Answer, error) {
		a, err := c.once(all, q, body)
		if err != nil && !q.mayRepeat(err) {
			err = backoff.Permanent(err)
		}
		return a, err
	}, backoff.WithBackOff(c.pauses()), backoff.WithMaxTries(tries), backoff.WithMaxElapsedTime(c.times.call))
	return answer, c.settle(ctx, c.budget, q.key, err)
}

// mayRepeat says that a second try may bring more than the first, and does no harm.
func (q call) mayRepeat(err error) bool {
	var met *trouble
	if !errors.As(err, &met) {
		return false
	}
	return q.method == http.MethodGet || q.method == http.MethodPost && q.key != "" && !met.answered
}

func (c *Client) pauses() *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.Multiplier, b.MaxInterval = c.times.between, 3, 4*time.Second
	return b
}

// trouble is a fault that may be gone at the next try.
type trouble struct {
	problem  string
	request  string
	answered bool // by Persona: its answer holds under the idempotency key
}

func (e *trouble) Error() string { return e.problem }

// settle turns what a call met into what its caller gets, and notes it.
func (c *Client) settle(ctx context.Context, b *budget, key string, err error) error {
	var met *trouble
	var unavailable *Unavailable
	var refused *Refused
	switch {
	case err == nil:
		b.worked(c.now())
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("persona: %w", ctx.Err())
	case errors.As(err, &refused):
		switch refused.Status {
		case 0: // Persona was not asked
		case http.StatusUnauthorized, http.StatusForbidden:
			b.noted(c.now(), refused.Title)
		default:
			b.worked(c.now())
		}
		return refused
	case errors.As(err, &unavailable):
		return unavailable
	case !errors.As(err, &met):
		met = &trouble{problem: "Persona could not be reached: it did not answer in time"}
	}
	return &Unavailable{After: b.failed(c.now(), met.problem), Problem: met.problem,
		Request: met.request, KeySpent: met.answered && key != ""}
}

// once makes one try.
func (c *Client) once(ctx context.Context, q call, body []byte) (Answer, error) {
	wait := c.budget.take(c.now(), q.urgency, q.creates, c.times.budget)
	if wait > c.times.budget {
		return Answer{}, &Unavailable{After: wait, Problem: "docket waits before it asks Persona again, to stay within what Persona allows"}
	}
	if err := waitFor(ctx, wait); err != nil {
		return Answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.times.try)
	defer cancel()
	req, err := c.request(ctx, q, body)
	if err != nil {
		return Answer{}, err
	}
	resp, err := c.api.Do(req)
	if err != nil {
		return Answer{}, unreached(err)
	}
	defer resp.Body.Close()
	got, err := readBody(resp, MaxPayload)
	a := Answer{Body: got, About: q.about(), Request: requestID(resp.Header), Status: resp.StatusCode}
	said := errorBody{}
	if resp.StatusCode >= 400 && err == nil {
		said = readErrors(got, c.key)
	}
	isQuota := (resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusForbidden) && said.has("quota")
	c.budget.hear(c.now(), resp.StatusCode, resp.Header, isQuota)
	switch {
	case isQuota || resp.StatusCode == http.StatusTooManyRequests:
		return Answer{}, c.tooMany(q, a.Request, isQuota)
	case resp.StatusCode >= 400:
		return Answer{}, notTaken(q, resp.StatusCode, said, a.Request)
	case resp.StatusCode >= 300:
		return Answer{}, &trouble{problem: "Persona's answer was a redirect, which docket does not follow: an admin has to check the address of the API", request: a.Request}
	case errors.Is(err, errTooLarge):
		return Answer{}, &Refused{Status: resp.StatusCode, Title: "Persona's answer is " + tooLarge + ", which docket does not take", Request: a.Request}
	case err != nil:
		return Answer{}, unreached(err)
	case !isDocument(got) && !(q.mayBeEmpty && len(bytes.TrimSpace(got)) == 0):
		return Answer{}, &trouble{problem: "Persona's answer was not the JSON that it should be", request: a.Request}
	}
	return a, nil
}

func (c *Client) request(ctx context.Context, q call, body []byte) (*http.Request, error) {
	u := *c.base
	u.RawPath = c.base.EscapedPath() + q.path
	path, err := url.PathUnescape(u.RawPath)
	if err != nil {
		return nil, fmt.Errorf("persona: %w", errBadID)
	}
	u.Path, u.RawQuery = path, q.query.Encode()
	req, err := http.NewRequestWithContext(ctx, q.method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("persona: %w", errBadID)
	}
	if body == nil {
		req.Body, req.GetBody, req.ContentLength = nil, nil, 0
	} else {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Persona-Version", c.version)
	req.Header.Set("Key-Inflection", "kebab")
	req.Header.Set("User-Agent", "docket")
	if q.key != "" {
		req.Header.Set("Idempotency-Key", q.key)
	}
	return req, nil
}

var (
	errTooLarge = errors.New(tooLarge)
	errBadID    = errors.New("an id that no address can hold")
)

// readBody reads an answer to its end, unpacked, and no further than most bytes.
func readBody(resp *http.Response, most int64) ([]byte, error) {
	if resp.ContentLength > most {
		return nil, errTooLarge
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(b)) > most:
		return nil, errTooLarge
	}
	return b, nil
}

// isDocument says that bytes are one JSON object with data in it. What else may be wrong with
// them is for Read to say, after they were kept.
func isDocument(b []byte) bool {
	b = clean(b)
	if !jsontext.Value(b).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
		return false
	}
	root, p, refused := structure(b)
	if p != nil {
		defer p.done()
	}
	return refused != "" || root.like("data").kind != kindAbsent
}

// tooMany is the answer to having asked too much.
func (c *Client) tooMany(q call, request string, isQuota bool) error {
	problem := "Persona has had too many requests for this minute, from docket or from others with the same environment"
	if isQuota {
		problem = "Persona's quota of things to be created is used up for now"
	}
	c.budget.noted(c.now(), problem)
	return &Unavailable{After: c.budget.paused(c.now(), q.creates || isQuota), Problem: problem, Request: request}
}

// notTaken is the answer to a status of 400 and above.
func notTaken(q call, status int, said errorBody, request string) error {
	switch {
	case status >= 500:
		return &trouble{problem: fmt.Sprintf("Persona has a fault of its own (%d)", status), request: request, answered: true}
	case status == http.StatusRequestTimeout:
		return &trouble{problem: "Persona took too long to do it", request: request, answered: true}
	case status == http.StatusConflict && said.has("stale object"):
		return &trouble{problem: "somebody else was changing " + q.what + " at Persona in that moment", request: request, answered: true}
	}
	r := &Refused{Status: status, Problems: said.problems, Request: request}
	switch status {
	case http.StatusUnauthorized:
		r.Title = "Persona does not accept docket's API key: an admin has to check it"
	case http.StatusForbidden:
		r.Title = "Persona does not let docket's API key do this: it needs the permission " + q.permission + ", and an IP allow-list, if the key has one, must name this server"
	case http.StatusNotFound:
		r.Title = "Persona does not know " + q.what + ": it was deleted, or it lives in another environment than the API key"
	case http.StatusConflict:
		r.Title = "Persona cannot do this to " + q.what + " as it stands now"
	default:
		r.Title = "Persona does not take this for " + q.what
		if said.has("status does not exist") {
			r.Title = "Persona does not know this status for " + q.what + ": an admin has to check its spelling in what Persona is told"
		}
	}
	return r
}

// unreached words a fault of the network. The error itself is dropped: it holds the address
// that was called, which for a file is a secret.
func unreached(err error) error {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var timeout net.Error
	why := "the network failed"
	switch {
	case errors.Is(err, errAddress):
		return &Unavailable{After: lastWait, Problem: "Persona could not be reached: its name leads to an address that docket does not call"}
	case errors.As(err, &cert), errors.As(err, &unknown):
		why = "its certificate cannot be trusted"
	case errors.As(err, &dns):
		why = "its name could not be looked up"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		why = "it did not answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		why = "it refused the connection"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.EPIPE):
		why = "the connection broke off"
	}
	return &trouble{problem: "Persona could not be reached: " + why}
}
