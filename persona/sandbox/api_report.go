package sandbox

import (
	"slices"
	"strconv"
	"time"
)

const minute = time.Minute

func number(n int) *node { return literal(strconv.Itoa(n)) }

// apiUser is who acts through the API, in histories.
const apiUser = "API"

// reportHistory lists runs and acts, newest first.
func (in *StandIn) reportHistory(c *call) reply {
	t := in.thing("report", c.id)
	if t == nil {
		return notFound()
	}
	lines := slices.Clone(t.report.past)
	slices.Reverse(lines)
	return page(c, lines, func(l past) string { return l.id }, func(l past) *node {
		n := object().set("type", text(l.kind)).set("id", text(l.id))
		if l.kind != "run" {
			return n.set("created-at", text(l.at.UTC().Format(offset))).set("creator-name", text(l.who))
		}
		by := l.by
		if by == "" {
			by = "scheduled"
		}
		n.set("run-type", text(by)).set("scheduled-date", text(l.at.Format(time.DateOnly)))
		if l.at.After(in.last) {
			return n.set("completed-at", literal("null")).set("matches", literal("null"))
		}
		return n.set("completed-at", text(l.at.UTC().Format(offset))).set("matches", number(l.matches))
	}, scribe{style: c.how.style})
}

// acted adds a line to a report's history.
func (in *StandIn) acted(r *report, kind string) {
	r.past = append(r.past, past{kind: kind, at: in.now(), id: in.dice.id("ract_"), who: apiUser})
}

// dismissible are the kinds that take a dismissal.
var dismissible = []string{"watchlist", "politically-exposed-person", "adverse-media", "business-watchlist", "business-adverse-media"}

// dismissReport dismisses the open matches of a report, or one of adverse media.
func (in *StandIn) dismissReport(c *call) reply {
	t := in.thing("report", c.id)
	if t == nil {
		return notFound()
	}
	a, r := c.body.at("data", "attributes"), t.report
	if bad := allowed(a, "reason", "dismiss-type", "entity-id"); bad != nil {
		return *bad
	}
	media := r.kind == "adverse-media" || r.kind == "business-adverse-media"
	what := a.str("dismiss-type")
	switch {
	case t.gone:
		return conflict("already redacted")
	case !slices.Contains(dismissible, r.kind):
		return invalid("Report type does not support dismissing matches", "/data/type")
	case a.str("reason") == "":
		return badRequest("data.attributes.reason is missing")
	case media && what != "entity" && what != "media":
		return badRequest("data.attributes.dismiss-type must be one of: entity, media")
	case media && a.str("entity-id") == "":
		return badRequest("data.attributes.entity-id is missing")
	case r.open() == 0:
		return conflict("The report has no active matches")
	}
	which := -1
	if media {
		if which = in.entity(t, a.str("entity-id")); which < 0 || what == "media" {
			return problem(404, "Record not found", "data.attributes.entity_id is not found", "")
		}
	}
	at := in.now()
	for i := range r.hits {
		if r.hits[i].ignored.IsZero() && (which < 0 || i == which) {
			r.hits[i].ignored, r.hits[i].excuse = at, a.str("reason")
		}
	}
	r.match = r.open() > 0
	in.acted(r, "dismiss")
	in.renew(t)
	in.tell(r.ref.kind+".dismissed", t, nil)
	if in.o.Recur > 0 && r.recurring && !r.match {
		in.later(in.o.Recur, func() { in.again(t, "scheduled") })
	}
	return in.ok(c, t)
}

// entity finds which hit of adverse media has an id, -1 for none that is open.
func (in *StandIn) entity(t *thing, id string) int {
	sources := known(t.body).at("attributes", "related-sources")
	if !sources.is('[') {
		return -1
	}
	at := slices.IndexFunc(sources.kids, func(n *node) bool { return n.str("entity-id") == id || n.str("id") == id })
	for i, h := range t.report.hits {
		if !h.ignored.IsZero() {
			continue
		}
		if at == 0 {
			return i
		}
		at--
	}
	return -1
}

// reviewReport says of the records of a screening report what a reviewer found.
func (in *StandIn) reviewReport(c *call) reply {
	t := in.thing("report", c.id)
	if t == nil {
		return notFound()
	}
	a, r := c.body.at("data", "attributes"), t.report
	if bad := allowed(a, "review-type", "record-token", "review-status", "risk-level", "comment", "notify-on-change"); bad != nil {
		return *bad
	}
	what, verdict, token := a.str("review-type"), a.str("review-status"), a.str("record-token")
	switch {
	case t.gone:
		return conflict("already redacted")
	case r.kind != "screening":
		return invalid("Report type does not support reviewing matches", "/data/type")
	case what != "record" && what != "all_records":
		return badRequest("data.attributes.review-type must be one of: all_records, record")
	case !slices.Contains([]string{"pending", "indeterminate", "true_positive", "false_positive"}, verdict):
		return badRequest("data.attributes.review-status must be one of: pending, indeterminate, true_positive, false_positive")
	case what == "record" && token == "":
		return badRequest("data.attributes.record-token is missing")
	}
	which := -1
	if what == "record" {
		records := known(t.body).at("attributes", "matched-records")
		if records.is('[') {
			which = slices.IndexFunc(records.kids, func(n *node) bool { return n.str("token") == token })
		}
		if which < 0 {
			return problem(404, "Record not found", "data.attributes.record_token is not found", "")
		}
	}
	at := in.now()
	for i := range r.hits {
		if which < 0 || i == which {
			h := &r.hits[i]
			h.ignored, h.verdict, h.risk = at, verdict, a.str("risk-level")
			if verdict == "pending" {
				h.ignored = time.Time{}
			}
			h.watch = a.at("notify-on-change") != nil && string(a.at("notify-on-change").raw) == "true"
		}
	}
	in.acted(r, "review")
	in.renew(t)
	context := object().set("review-type", text(what)).set("review-status", text(verdict)).set("risk-level", literal("null")).
		set("reviewer-token", text(shared("api_", 113)))
	if v := a.str("risk-level"); v != "" {
		context.set("risk-level", text(v))
	}
	if which >= 0 {
		context.set("record-token", text(token))
	}
	if v := a.str("comment"); v != "" {
		context.set("comment", text(v))
	}
	in.tell("report/screening.reviewed", t, context)
	return in.ok(c, t)
}

// runReport runs a monitored report outside its schedule.
func (in *StandIn) runReport(c *call) reply {
	t := in.thing("report", c.id)
	switch {
	case t == nil:
		return notFound()
	case t.gone:
		return conflict("already redacted")
	case !t.report.recurring:
		return invalid("Report is not recurring", "/data/attributes/is-recurring")
	case t.report.open() > 0:
		return conflict("The report has undismissed matches")
	}
	in.later(600*time.Millisecond, func() { in.again(t, "manual") })
	return in.ok(c, t)
}

// Run runs a monitored report again now, as its schedule would. It says whether the report
// may run.
func (in *StandIn) Run(id string) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	t := in.thing("report", id)
	if t == nil || t.gone || !t.report.recurring || t.report.open() > 0 || t.report.isPaused() {
		return false
	}
	in.again(t, "scheduled")
	return true
}

// pauseReport pauses or resumes monitoring.
func (in *StandIn) pauseReport(kind string) endpoint {
	return func(c *call) reply {
		t := in.thing("report", c.id)
		switch {
		case t == nil:
			return notFound()
		case !t.report.recurring:
			return invalid("Report has no upcoming run", "")
		case t.report.isPaused() == (kind == "pause"):
			return conflict("The report is in that state already")
		}
		in.acted(t.report, kind)
		return in.ok(c, t)
	}
}
