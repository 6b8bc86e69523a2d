package persona

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"

	"docket/review"

	"github.com/go-json-experiment/json/jsontext"
)

// object is a JSON object of a request.
type object map[string]any

func attributes(o object) object { return object{"data": object{"attributes": o}} }

func meta(o object) object { return object{"meta": o} }

// Screen makes a transaction of a type (txntp_…) from what the form says, once per form key, and
// gives its id. Fields that the form leaves empty are not sent: Persona keeps apart what is empty
// and what is not there. *Refused.Invalid says beside which field a refusal belongs.
// https://docs.withpersona.com/integration-guide-reports-via-api
func (c *Client) Screen(ctx context.Context, f review.ScreeningForm, typeID string) (Answer, review.TransactionID, error) {
	fields := object{}
	for _, p := range append([]review.PushField{
		{Key: "name_first", Value: f.NameFirst}, {Key: "name_middle", Value: f.NameMiddle}, {Key: "name_last", Value: f.NameLast},
		{Key: "birthdate", Value: f.Birthdate}, {Key: "address_country_code", Value: f.Country},
	}, f.Fields...) {
		if p.Value != "" {
			fields[p.Key] = p.Value
		}
	}
	sent := object{"transaction-type-id": typeID, "fields": fields}
	if f.ReferenceID != "" {
		sent["reference-id"] = f.ReferenceID
	}
	a, err := c.do(ctx, call{method: http.MethodPost, path: "/transactions", body: attributes(sent), key: f.Key,
		what: "a new transaction", permission: "txn.write", urgency: pressed, creates: true})
	if err != nil {
		return Answer{}, "", err
	}
	root, p, _ := structure(a.Body)
	if p != nil {
		defer p.done()
	}
	id := root.like("data").like("id").str()
	if !isID(id) {
		return Answer{}, "", &Unavailable{After: firstWait, Problem: "Persona's answer did not name the new transaction", Request: a.Request}
	}
	return a, review.TransactionID(id), nil
}

// Resume opens an inquiry again and gives the token with which its subject goes on, a secret:
// it is cut out of the answer's body, so that the answer can be kept.
// https://docs.withpersona.com/resuming-inquiries
func (c *Client) Resume(ctx context.Context, inquiry string) (Answer, string, error) {
	a, said, err := c.link(ctx, inquiry, "/resume", nil)
	if err != nil {
		return Answer{}, "", err
	}
	token := said("session-token")
	if token == "" {
		return Answer{}, "", &Unavailable{After: firstWait, Problem: "Persona's answer held no session token", Request: a.Request}
	}
	return a, token, nil
}

// OneTimeLink makes a link that opens an inquiry once, for its subject, and says until when;
// both are for the page only. A life of 0 leaves it to the inquiry's template, and until zero.
// Persona makes none for an expired inquiry: resume it first.
// https://docs.withpersona.com/inquiry-one-time-links
func (c *Client) OneTimeLink(ctx context.Context, inquiry string, life time.Duration) (link string, until time.Time, err error) {
	var body any
	now := c.now()
	if life > 0 {
		body = meta(object{"expires-in-seconds": int(life / time.Second)})
		until = now.Add(life.Truncate(time.Second))
	}
	a, said, err := c.link(ctx, inquiry, "/generate-one-time-link", body)
	if err != nil {
		return "", time.Time{}, err
	}
	link = said("one-time-link")
	if !c.isOpenable(link) {
		return "", time.Time{}, &Unavailable{After: firstWait, Problem: "Persona's answer held no link", Request: a.Request}
	}
	return link, until, nil
}

// isOpenable says that a link from an answer may stand on a page as one.
func (c *Client) isOpenable(link string) bool {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && c.loopback && isLoopback(u.Hostname())
}

// link asks for something that lets an inquiry's subject in, and takes what the answer's meta
// says out of the answer.
func (c *Client) link(ctx context.Context, inquiry, below string, body any) (Answer, func(string) string, error) {
	q, err := at(http.MethodPost, review.Ref{Type: "inquiry", ID: inquiry}, below)
	if err != nil {
		return Answer{}, nil, err
	}
	q.body, q.key, q.urgency = body, rand.Text(), pressed
	a, err := c.do(ctx, q)
	if err != nil {
		return Answer{}, nil, err
	}
	said := map[string]string{}
	root, p, _ := structure(a.Body)
	if p != nil {
		defer p.done()
	}
	for _, m := range root.like("meta").kids {
		said[kebab(m.key)] = m.str()
	}
	a.Body = withoutMeta(a.Body)
	return a, func(key string) string { return said[key] }, nil
}

// withoutMeta is a document's data and included alone.
func withoutMeta(body []byte) []byte {
	out := []byte(`{"data":`)
	data := member(jsontext.NewDecoder(bytes.NewBuffer(clean(body)), jsontext.AllowInvalidUTF8(true)), "data")
	if data == nil {
		return []byte(`{}`)
	}
	out = append(out, data...)
	if included := member(jsontext.NewDecoder(bytes.NewBuffer(clean(body)), jsontext.AllowInvalidUTF8(true)), "included"); included != nil {
		out = append(append(out, `,"included":`...), included...)
	}
	return append(out, '}')
}

// Push does one act at Persona. An act that Persona has no call for is *Refused without asking.
// Setting a field or status is done by value, so doing it twice does no harm, and it is not
// tried twice here; the others carry the push's own key.
func (c *Client) Push(ctx context.Context, p review.Push) (Answer, error) {
	method, below, body, err := pushed(p)
	if err != nil {
		return Answer{}, err
	}
	q, err := at(method, p.Target, below)
	if err != nil {
		return Answer{}, err
	}
	q.body, q.urgency, q.mayBeEmpty = body, pressed, true
	if method == http.MethodPost {
		q.key = p.Key
	}
	return c.do(ctx, q)
}

// pushed is how Persona wants to be told. https://docs.withpersona.com/api-reference
func pushed(p review.Push) (method, below string, body object, err error) {
	family := map[review.PushAct]string{review.PushMatches: "report", review.PushFields: "transaction", review.PushStatus: "transaction",
		review.PushInquiry: "inquiry", review.PushCase: "case", review.PushComment: "case"}[p.Act]
	if family == "" || p.Target.Family() != family {
		return "", "", nil, unasked("Persona cannot be told this about a resource of the type " + shorten(p.Target.Type))
	}
	switch p.Act {
	case review.PushStatus:
		return needed(http.MethodPatch, "", attributes(object{"status": p.Value}), p.Value)
	case review.PushFields:
		fields := object{}
		for _, f := range p.Fields {
			fields[f.Key] = f.Value
		}
		if len(fields) == 0 {
			return "", "", nil, unasked("there is no field to write")
		}
		return http.MethodPatch, "", attributes(object{"fields": fields}), nil
	case review.PushInquiry:
		switch p.Value {
		case pushApprove, pushDecline:
			said := object{}
			if p.Note != "" {
				said["comment"] = p.Note
			}
			return http.MethodPost, "/" + p.Value, meta(said), nil
		case "mark-for-review":
			return http.MethodPost, "/" + p.Value, nil, nil
		}
		return "", "", nil, unasked("Persona cannot be told this about an inquiry")
	case review.PushCase:
		return needed(http.MethodPost, "/set-status", meta(object{"status": p.Value}), p.Value)
	case review.PushComment:
		return needed(http.MethodPost, "/add-comment", meta(object{"message": p.Note}), p.Note)
	}
	return pushedMatches(p)
}

// unasked refuses without asking Persona.
func unasked(why string) error { return &Refused{Title: why} }

// needed refuses a push without the one text that it is about.
func needed(method, below string, body object, text string) (string, string, object, error) {
	if strings.TrimSpace(text) == "" {
		return "", "", nil, unasked("there is nothing to tell: an admin has to say how it is spelled in what Persona is told")
	}
	return method, below, body, nil
}

// pushedMatches tells the findings on a report. Screening reports take a status for one record or
// all. The other kinds know only dismissing: (business) adverse media by the listed party, the
// rest the whole report at once; no call confirms a true match.
// https://docs.withpersona.com/api-reference/reports/review-matches and …/dismiss-matches
func pushedMatches(p review.Push) (method, below string, body object, err error) {
	if p.Target.Type == "report/screening" {
		said := object{"review-type": "all_records", "review-status": p.Value}
		if p.Part != "" {
			said["review-type"], said["record-token"] = "record", p.Part
		}
		if p.Note != "" {
			said["comment"] = p.Note
		}
		return needed(http.MethodPost, "/review", attributes(said), p.Value)
	}
	if p.Value != pushDismiss {
		return "", "", nil, unasked("Persona can be told only that the matches of this kind of report are dismissed")
	}
	said := object{"reason": p.Note}
	switch p.Target.Type {
	case "report/adverse-media", "report/business-adverse-media":
		if p.Part == "" {
			return "", "", nil, unasked("Persona dismisses adverse media by listed party, and none is named")
		}
		said["dismiss-type"], said["entity-id"] = "entity", p.Part
	default:
		if p.Part != "" {
			return "", "", nil, unasked("Persona dismisses the matches of this kind of report only all at once")
		}
	}
	return needed(http.MethodPost, "/dismiss", attributes(said), p.Note)
}
