package persona

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// What the client asks for unless configured otherwise. The version is pinned, so that Persona's
// newest does not reach us unread. https://docs.withpersona.com/versioning
const (
	DefaultBaseURL  = "https://api.withpersona.com/api/v1"
	DefaultVersion  = "2025-12-08"
	DefaultFileHost = "files.withpersona.com"
)

// Environment is which of Persona's two worlds a key opens.
type Environment string

const (
	Sandbox            Environment = "sandbox"
	Production         Environment = "production"
	UnknownEnvironment Environment = "" // the key's prefix does not tell
)

// ClientOptions says whom to ask, and as whom.
type ClientOptions struct {
	sealed
	Key       string           // Persona's API key; needed
	BaseURL   string           // DefaultBaseURL when ""; https at port 443
	Version   string           // DefaultVersion when ""
	Clock     func() time.Time // time.Now when nil
	Rate      int              // requests a minute at most; DefaultRate when 0
	Loopback  bool             // this machine may be asked too, by plain http and on any port: for tests and the demo
	FileHosts []string         // where files may be downloaded from; DefaultFileHost when empty; with Loopback a port may be named
}

// Client asks and tells Persona over HTTPS, politely: within Persona's rate, with few tries and
// only where trying twice does no harm, bounded in time and size, to no other host, following no
// redirect. It is safe for concurrent use; its budget is shared by all who use it.
//
// Every method returns *Unavailable (is ErrUnavailable) when Persona gave no usable answer,
// *Refused when it said no, and the context's error when the caller gave up. None of them
// carries the key, a link's secret, or what was sent.
type Client struct {
	sealed
	key        string
	version    string
	base       *url.URL
	fileHosts  []string
	loopback   bool
	api        *http.Client
	files      *http.Client
	dialer     *net.Dialer
	budget     *budget
	fileBudget *budget // the file hosts count nothing; what they fail to do says nothing of the API
	now        func() time.Time
	times      patience
}

// patience is how long the client waits.
type patience struct {
	try     time.Duration // for one answer, body and all
	call    time.Duration // for one call, tries and all
	file    time.Duration // for one file
	budget  time.Duration // for the budget to allow a request; beyond, the caller comes back later
	between time.Duration // between the first and the second try
}

// NewClient checks the options; it asks nothing yet.
func NewClient(o ClientOptions) (*Client, error) {
	if o.Key == "" {
		return nil, errors.New("persona: an API key is needed")
	}
	if strings.ContainsFunc(o.Key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("persona: the API key holds a character that no key has")
	}
	base, err := baseURL(o.BaseURL, o.Loopback)
	if err != nil {
		return nil, err
	}
	c := &Client{
		key: o.Key, version: o.Version, base: base, fileHosts: o.FileHosts, loopback: o.Loopback, now: o.Clock,
		dialer: &net.Dialer{Timeout: 5 * time.Second, Control: guard(o.Loopback)},
		budget: newBudget(o.Rate), fileBudget: newBudget(o.Rate),
		times: patience{try: 15 * time.Second, call: 30 * time.Second, file: time.Minute,
			budget: 2 * time.Second, between: 250 * time.Millisecond},
	}
	if c.version == "" {
		c.version = DefaultVersion
	}
	if len(c.fileHosts) == 0 {
		c.fileHosts = []string{DefaultFileHost}
	}
	if c.now == nil {
		c.now = time.Now
	}
	c.api, c.files = doer(transport(c.dialer)), doer(fileTransport(c.dialer))
	return c, nil
}

// baseURL reads where the API is.
func baseURL(s string, loopback bool) (*url.URL, error) {
	if s == "" {
		s = DefaultBaseURL
	}
	u, err := url.Parse(strings.TrimSuffix(s, "/"))
	switch {
	case err != nil:
		return nil, errors.New("persona: the address of the API cannot be read")
	case u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "":
		return nil, errors.New("persona: the address of the API must be https://host/path and nothing else")
	case loopback && isLoopback(u.Hostname()) && (u.Scheme == "http" || u.Scheme == "https"):
		return u, nil
	case u.Scheme != "https":
		return nil, errors.New("persona: the address of the API must begin with https://")
	case u.Port() != "" && u.Port() != "443":
		return nil, errors.New("persona: the API must be at port 443")
	}
	return u, nil
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.Unmap().IsLoopback()
}

// Environment tells by the key's prefix which world it opens.
func (c *Client) Environment() Environment {
	switch {
	case strings.HasPrefix(c.key, "persona_sandbox_"):
		return Sandbox
	case strings.HasPrefix(c.key, "persona_production_"):
		return Production
	}
	return UnknownEnvironment
}

// State says how Persona last answered and what is left of the budget.
func (c *Client) State() ClientState { return c.budget.state(c.now()) }

// Close gives up idle connections.
func (c *Client) Close() {
	c.api.CloseIdleConnections()
	c.files.CloseIdleConnections()
}

// Answer is what came back from one request that Persona took.
type Answer struct {
	Body    []byte // as received
	About   string // what was asked, ids only: "GET /transactions/txn_…"
	Request string // Persona's id of the request, "" when it gave none
	Status  int
}

// LogValue leaves the body out.
func (a Answer) LogValue() slog.Value {
	return slog.GroupValue(slog.String("about", a.About), slog.Int("status", a.Status), slog.String("request", a.Request))
}

// Format leaves the body out.
func (a Answer) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "%s: %d (request %s)", a.About, a.Status, a.Request)
}

// waitFor waits; the error is the context's.
func waitFor(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
