package persona

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"docket/review"

	"github.com/go-json-experiment/json/jsontext"
)

// pageSize is Persona's largest. https://docs.withpersona.com/pagination
const pageSize = "100"

// endpoint is where resources of a family live, and what the key must be allowed.
type endpoint struct{ path, permission string }

var endpoints = map[string]endpoint{
	"transaction":  {"/transactions/", "txn.read"},
	"report":       {"/reports/", "report.read"},
	"inquiry":      {"/inquiries/", "inquiry.read"},
	"account":      {"/accounts/", "account.read"},
	"case":         {"/cases/", "case.read"},
	"verification": {"/verifications/", "verification.read"},
	"document":     {"/documents/", "document.read"},
}

// HasEndpoint says that Persona can be asked for a resource of this type by its id.
func HasEndpoint(ref review.Ref) bool {
	_, ok := endpoints[ref.Family()]
	return ok && isID(ref.ID)
}

// isID says that an id can stand in an address without meaning another one. Ids are opaque
// otherwise.
func isID(id string) bool {
	return id != "" && len(id) <= 200 && strings.Trim(id, ".") != "" && !strings.ContainsFunc(id, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// at is the call to what a resource has below its own address ("" for itself).
func at(method string, ref review.Ref, below string) (call, error) {
	e, ok := endpoints[ref.Family()]
	switch {
	case !ok:
		return call{}, &Refused{Title: "Persona cannot be asked for a resource of the type " + shorten(ref.Type)}
	case !isID(ref.ID):
		return call{}, &Refused{Title: "this id cannot be asked for"}
	}
	permission := e.permission
	if method != http.MethodGet {
		permission = strings.TrimSuffix(permission, "read") + "write"
	}
	return call{method: method, path: e.path + url.PathEscape(ref.ID) + below, permission: permission,
		what: ref.Family() + " " + shorten(ref.ID)}, nil
}

// Resource asks for one resource as it stands now. include names relationships whose resources
// come along ("reports", "related-objects"); without any, none do. *Refused when Persona has no
// endpoint for the type. https://docs.withpersona.com/serialization
func (c *Client) Resource(ctx context.Context, ref review.Ref, include ...string) (Answer, error) {
	q, err := at(http.MethodGet, ref, "")
	if err != nil {
		return Answer{}, err
	}
	if len(include) > 0 {
		q.query = url.Values{"include": {strings.Join(include, ",")}}
	}
	return c.do(ctx, q)
}

// History asks for one page of a report's history, newest first, from a cursor ("" at the
// start); next is the cursor of the page behind it, "" at the end.
// https://docs.withpersona.com/api-reference/reports/list-report-history
func (c *Client) History(ctx context.Context, report review.Ref, cursor string) (a Answer, next string, err error) {
	q, err := at(http.MethodGet, report, "/history")
	if err != nil {
		return Answer{}, "", err
	}
	q.query = paged(cursor)
	if a, err = c.do(ctx, q); err != nil {
		return Answer{}, "", err
	}
	page, err := readPage(a, cursor)
	return a, page.Next, err
}

// EventQuery narrows the list of events.
type EventQuery struct {
	After   string   // cursor: the last event of the page before; "" for the newest
	Names   []string // only events of these names
	Objects []string // only events about these ids
}

// Page is one page of a list, newest first.
type Page struct {
	Answer
	Next  string // cursor of the page behind it, "" at the end
	Items []Item
}

// Item is one resource or event of a list.
type Item struct {
	Ref review.Ref // an event's own type is "event"
	At  time.Time  // when the event was made; of a resource, when it last changed
	Raw []byte     // the item alone, as a document of its own: what a webhook, or the resource's own address, brings

	Event string     // an event's name
	About review.Ref // what an event is about; zero for custom events
}

// LogValue leaves the content out.
func (i Item) LogValue() slog.Value { return slog.StringValue(i.Ref.String()) }

// Format leaves the content out.
func (i Item) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, i.Ref.String()) }

// Events asks for one page of what happened at Persona, newest first. Each item is what its
// webhook would have brought. https://docs.withpersona.com/api-reference/events
func (c *Client) Events(ctx context.Context, e EventQuery) (Page, error) {
	q := call{method: http.MethodGet, path: "/events", what: "the list of events", permission: "event.read", query: paged(e.After)}
	if len(e.Names) > 0 {
		q.query.Set("filter[name]", strings.Join(e.Names, ","))
	}
	if len(e.Objects) > 0 {
		q.query.Set("filter[object-id]", strings.Join(e.Objects, ","))
	}
	return c.page(ctx, q, e.After)
}

// Transactions asks for one page of transactions, newest first, of one type or of all ("").
// https://docs.withpersona.com/api-reference/transactions
func (c *Client) Transactions(ctx context.Context, cursor, typeID string) (Page, error) {
	q := call{method: http.MethodGet, path: "/transactions", what: "the list of transactions", permission: "txn.read", query: paged(cursor)}
	if typeID != "" {
		q.query.Set("filter[transaction-type-id]", typeID)
	}
	return c.page(ctx, q, cursor)
}

func (c *Client) page(ctx context.Context, q call, cursor string) (Page, error) {
	a, err := c.do(ctx, q)
	if err != nil {
		return Page{}, err
	}
	return readPage(a, cursor)
}

func paged(cursor string) url.Values {
	v := url.Values{"page[size]": {pageSize}}
	if cursor != "" {
		v.Set("page[after]", cursor)
	}
	return v
}

// readPage reads a list. The link to the next page is not followed, only its cursor is taken
// from it: no answer decides which address is called. A page that names itself as the next ends
// the list, or it would never end.
func readPage(a Answer, cursor string) (Page, error) {
	root, p, refused := structure(a.Body)
	if p != nil {
		defer p.done()
	}
	raws := rawItems(a.Body)
	data := root.like("data")
	if refused != "" || data.kind != kindArray || len(raws) != len(data.kids) {
		return Page{}, &Unavailable{After: firstWait, Problem: "Persona's answer was not the list that it should be", Request: a.Request}
	}
	page := Page{Answer: a}
	if next, err := url.Parse(root.like("links").like("next").str()); err == nil {
		if page.Next = next.Query().Get("page[after]"); page.Next == cursor || !isID(page.Next) {
			page.Next = ""
		}
	}
	for i, n := range data.kids {
		it := Item{Ref: review.Ref{Type: n.like("type").str(), ID: n.like("id").str()}, Raw: alone(raws[i])}
		attributes := n.like("attributes")
		it.At = attributes.like("created-at").at()
		if isEvent(n) {
			of := attributes.like("payload").like("data")
			it.Event = attributes.like("name").str()
			it.About = review.Ref{Type: of.like("type").str(), ID: of.like("id").str()}
		} else if at := attributes.like("updated-at").at(); at.After(it.At) {
			it.At = at
		}
		page.Items = append(page.Items, it)
	}
	return page, nil
}

// alone makes a document of one item.
func alone(raw []byte) []byte {
	return append(append([]byte(`{"data":`), raw...), '}')
}

// rawItems are the bytes of each item of a list's data.
func rawItems(body []byte) [][]byte {
	dec := jsontext.NewDecoder(bytes.NewBuffer(clean(body)), jsontext.AllowInvalidUTF8(true))
	data := member(dec, "data")
	dec = jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowInvalidUTF8(true))
	if dec.PeekKind() != '[' {
		return nil
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil
	}
	var out [][]byte
	for dec.PeekKind() != ']' {
		raw, err := dec.ReadValue()
		if err != nil {
			return nil
		}
		out = append(out, bytes.Clone(raw))
	}
	return out
}

// member is the bytes of one member of the object that comes next; nil when it has none of
// that name.
func member(dec *jsontext.Decoder, name string) []byte {
	if !enter(dec) {
		return nil
	}
	for dec.PeekKind() == '"' {
		key, err := dec.ReadToken()
		if err != nil {
			return nil
		}
		isIt := key.String() == name
		raw, err := dec.ReadValue()
		if err != nil {
			return nil
		}
		if isIt {
			return bytes.Clone(raw)
		}
	}
	return nil
}
