package sandbox

import "slices"

// caseStatuses are those of the case template.
var caseStatuses = []string{"Open", "Pending", "Approved", "Declined"}

// setCaseStatus moves a case; an end status resolves it.
func (in *StandIn) setCaseStatus(c *call) reply {
	t := in.thing("case", c.id)
	status := c.body.str("meta", "status")
	switch {
	case t == nil:
		return notFound()
	case t.gone:
		return conflict("already redacted")
	case status == "":
		return badRequest("meta.status is missing")
	case !slices.Contains(caseStatuses, status):
		return invalid("Status does not exist", "/meta/status")
	}
	at, was := stamp(in.now()), t.says("status")
	t.mark("status", status, "updated-at", at)
	ended := status == "Approved" || status == "Declined"
	if ended {
		t.mark("resolution", status, "resolved-at", at)
	}
	if status != was {
		in.tell("case.status-updated", t, nil)
		if ended {
			in.tell("case.resolved", t, nil)
		}
	}
	return in.ok(c, t)
}

// addCaseComment writes a comment on a case. The endpoint is younger than the published file
// of the API.
func (in *StandIn) addCaseComment(c *call) reply {
	t := in.thing("case", c.id)
	message := c.body.str("meta", "message")
	switch {
	case t == nil:
		return notFound()
	case t.gone:
		return conflict("already redacted")
	case message == "":
		return badRequest("meta.message is missing")
	}
	at := text(stamp(in.now()))
	said := ref{"case-comment", in.dice.id("cscm_")}
	a := object().set("message", text(message)).set("created-at", at).set("updated-at", at).
		set("commenter-id", literal("null")).set("commenter-type", literal("null"))
	in.put(said, scribe{}.bytes(object().set("type", text(said.kind)).set("id", text(said.id)).set("attributes", a)), t.story, nil)
	t.edit(func(n *node) {
		n.relate("case-comments", said)
		n.at("attributes").set("updated-at", at)
	})
	in.tell("case-comment.created", in.things[said.id], nil)
	return in.ok(c, t)
}
