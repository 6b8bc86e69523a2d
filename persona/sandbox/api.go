package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// routes is every operation that the stand-in knows.
func (in *StandIn) routes() *http.ServeMux {
	m := http.NewServeMux()
	for pattern, e := range map[string]endpoint{
		"POST /transactions":                in.createTransaction,
		"GET /transactions":                 in.listOf("transaction", []string{"reference-id", "transaction-type-id"}, fitsTransaction),
		"GET /transactions/{id}":            in.getTransaction,
		"PATCH /transactions/{id}":          in.patchTransaction,
		"DELETE /transactions/{id}":         in.redactOne("transaction"),
		"GET /transaction-types/{id}":       in.get("transaction-type"),
		"GET /accounts":                     in.listOf("account", []string{"reference-id"}, fitsReference),
		"GET /accounts/{id}":                in.get("account"),
		"DELETE /accounts/{id}":             in.redactOne("account"),
		"GET /verifications/{id}":           in.get("verification"),
		"DELETE /verifications/{id}":        in.redactOne("verification"),
		"GET /documents/{id}":               in.get("document"),
		"GET /document/government-ids/{id}": in.get("document"),
		"GET /document/generics/{id}":       in.get("document"),

		"GET /reports":               in.listOf("report", []string{"reference-id", "account-id"}, fitsReport),
		"GET /reports/{id}":          in.get("report"),
		"DELETE /reports/{id}":       in.redactOne("report"),
		"GET /reports/{id}/history":  in.reportHistory,
		"POST /reports/{id}/dismiss": in.dismissReport,
		"POST /reports/{id}/review":  in.reviewReport,
		"POST /reports/{id}/run":     in.runReport,
		"POST /reports/{id}/pause":   in.pauseReport("pause"),
		"POST /reports/{id}/resume":  in.pauseReport("resume"),

		"GET /inquiries":                                in.listOf("inquiry", []string{"reference-id", "account-id", "inquiry-id", "inquiry-template-id", "status"}, fitsInquiry),
		"GET /inquiries/{id}":                           in.get("inquiry"),
		"DELETE /inquiries/{id}":                        in.redactOne("inquiry"),
		"POST /inquiries/{id}/approve":                  in.decideInquiry("approved"),
		"POST /inquiries/{id}/decline":                  in.decideInquiry("declined"),
		"POST /inquiries/{id}/mark-for-review":          in.decideInquiry("needs_review"),
		"POST /inquiries/{id}/expire":                   in.expireInquiry,
		"POST /inquiries/{id}/resume":                   in.resumeInquiry,
		"POST /inquiries/{id}/generate-one-time-link":   in.oneTimeLink,
		"POST /inquiries/{id}/perform-simulate-actions": in.simulateInquiry,

		"GET /cases":                   in.listOf("case", []string{"status"}, fitsCase),
		"GET /cases/{id}":              in.get("case"),
		"DELETE /cases/{id}":           in.redactOne("case"),
		"POST /cases/{id}/set-status":  in.setCaseStatus,
		"POST /cases/{id}/add-comment": in.addCaseComment,

		"GET /events":      in.listEvents,
		"GET /events/{id}": in.getEvent,
		"GET /rate-limits": in.rateLimits,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		m.Handle(method+" /api/v1"+path, e)
	}
	return m
}

// get answers with one resource of a family.
func (in *StandIn) get(family string) endpoint {
	return func(c *call) reply {
		t := in.thing(family, c.id)
		if t == nil {
			return notFound()
		}
		return in.ok(c, t)
	}
}

// listOf answers with the resources of a family that fit the filters.
func (in *StandIn) listOf(family string, filters []string, fits func(n *node, filter, value string) bool) endpoint {
	return func(c *call) reply {
		want := map[string]string{}
		for k, v := range c.query {
			if name, ok := strings.CutPrefix(k, "filter["); ok {
				name = kebabOf(strings.TrimSuffix(name, "]"))
				if !slices.Contains(filters, name) {
					return badRequest("filter." + name + " is not a filter of this list")
				}
				want[name] = v[0]
			}
		}
		if _, ok := c.query["include"]; ok {
			return badRequest("include cannot be used on a list")
		}
		var all []*thing
		for _, t := range slices.Backward(in.order[family]) {
			n := known(t.body)
			ok := true
			for k, v := range want {
				ok = ok && slices.ContainsFunc(strings.Split(v, ","), func(v string) bool { return fits(n, k, v) })
			}
			if ok {
				all = append(all, t)
			}
		}
		return page(c, all, func(t *thing) string { return t.ref.id }, func(t *thing) *node { return c.how.sparse(known(t.body)) },
			scribe{style: c.how.style, link: in.link})
	}
}

func linksTo(n *node, relationship, id string) bool {
	return slices.ContainsFunc(n.refs(relationship), func(r ref) bool { return r.id == id })
}

func fitsReference(n *node, _, value string) bool {
	return n.str("attributes", "reference-id") == value
}

func fitsTransaction(n *node, filter, value string) bool {
	if filter == "transaction-type-id" {
		return linksTo(n, "transaction-type", value)
	}
	return fitsReference(n, filter, value)
}

func fitsReport(n *node, filter, value string) bool {
	return filter == "account-id" && linksTo(n, "account", value)
}

func fitsInquiry(n *node, filter, value string) bool {
	switch filter {
	case "account-id":
		return linksTo(n, "account", value)
	case "inquiry-template-id":
		return linksTo(n, "inquiry-template", value)
	case "inquiry-id":
		return n.str("id") == value
	case "status":
		return n.str("attributes", "status") == value
	}
	return fitsReference(n, filter, value)
}

func fitsCase(n *node, _, value string) bool {
	return strings.EqualFold(n.str("attributes", "status"), value)
}

// listEvents answers with events, newest first.
func (in *StandIn) listEvents(c *call) reply {
	names, about, ids := filterOf(c, "name"), filterOf(c, "object-id"), filterOf(c, "id")
	fits := func(want []string, have ...string) bool {
		return want == nil || slices.ContainsFunc(have, func(h string) bool { return slices.Contains(want, h) })
	}
	var all []*event
	for _, e := range slices.Backward(in.events) {
		if fits(names, e.name) && fits(about, e.about...) && fits(ids, e.id) {
			all = append(all, e)
		}
	}
	return page(c, all, func(e *event) string { return e.id }, func(e *event) *node { return known(e.body) },
		scribe{style: c.how.style, link: in.link})
}

func filterOf(c *call, name string) []string {
	for _, k := range []string{"filter[" + name + "]", "filter[" + strings.ReplaceAll(name, "-", "_") + "]"} {
		if v := c.query.Get(k); v != "" {
			return strings.Split(v, ",")
		}
	}
	return nil
}

func (in *StandIn) getEvent(c *call) reply {
	for _, e := range in.events {
		if e.id == c.id {
			return reply{status: 200, body: scribe{style: c.how.style, link: in.link}.bytes(object().set("data", known(e.body)))}
		}
	}
	return notFound()
}

func (in *StandIn) rateLimits(c *call) reply {
	left := in.short(minute) - in.now().Sub(in.window)
	a := object().set("limit", number(in.o.Rate)).set("remaining", number(max(0, in.o.Rate-in.used))).
		set("seconds-to-reset", number(int(left.Seconds())))
	n := object().set("data", array(object().set("type", text("rate-limit/api")).set("attributes", a)))
	return reply{status: 200, body: scribe{style: c.how.style}.bytes(n)}
}

// redactOne erases what a resource says about people, and says so.
func (in *StandIn) redactOne(family string) endpoint {
	return func(c *call) reply {
		t := in.thing(family, c.id)
		switch {
		case t == nil:
			return notFound()
		case t.gone:
			return conflict("already redacted")
		}
		in.redact(t)
		return in.ok(c, t)
	}
}

// Redact erases a resource's personal data, as a person can in the Dashboard, and tells of it.
// A transaction's and an inquiry's and an account's own resources follow. It says whether
// there was something to erase.
func (in *StandIn) Redact(id string) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	t := in.things[id]
	if t == nil || t.gone {
		return false
	}
	in.redact(t)
	return true
}

// emptied takes the value of a field: of a hash those of its members, of an array its items.
func emptied(f *node) {
	switch v := f.at("value"); {
	case v.is('{'):
		for _, m := range v.kids {
			emptied(m)
		}
	case v.is('['):
		f.set("value", array())
	case v != nil:
		f.set("value", literal("null"))
	}
}

// stays are the attributes that say nothing about a person.
var stays = []string{"status", "has-match", "is-continuous", "is-recurring", "report-template-version-name", "creator", "account-type-name", "account-status"}

func (in *StandIn) redact(t *thing) {
	t.gone = true
	var next []ref
	t.edit(func(n *node) {
		a := n.at("attributes")
		for i, k := range a.keys {
			switch v := a.kids[i]; {
			case slices.Contains(stays, k) || strings.HasSuffix(k, "-at") || strings.HasSuffix(k, "-at-ts"):
			case k == "fields":
				for _, f := range v.kids {
					emptied(f)
				}
			case v.is('['):
				a.kids[i] = array()
			case v.is('{') && k != "query":
				a.kids[i] = object()
			case v.is('{'):
				for j := range v.kids {
					v.kids[j] = literal("null")
				}
			default:
				a.kids[i] = literal("null")
			}
		}
		if a.at("redacted-at") != nil {
			a.set("redacted-at", text(stamp(in.now())))
		}
		for _, rel := range []string{"related-objects", "reports", "verifications", "documents"} {
			next = append(next, n.refs(rel)...)
		}
	})
	// There is no such event for reports, verifications and documents.
	if f := t.ref.family(); slices.Contains([]string{"transaction", "inquiry", "account", "case"}, f) {
		in.tell(f+".redacted", t, nil)
	}
	if t.ref.family() == "case" || t.ref.family() == "report" {
		return
	}
	for _, r := range next {
		if k := in.things[r.id]; k != nil && !k.gone {
			in.redact(k)
		}
	}
}
