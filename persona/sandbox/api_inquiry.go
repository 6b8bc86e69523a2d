package sandbox

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// decideInquiry approves, declines, or marks for review.
func (in *StandIn) decideInquiry(status string) endpoint {
	return func(c *call) reply {
		t := in.thing("inquiry", c.id)
		if t == nil {
			return notFound()
		}
		was := t.says("status")
		switch {
		case t.gone:
			return conflict("already redacted")
		case status == "needs_review" && (was == "approved" || was == "declined"):
			return conflict("Inquiry has already been " + was)
		}
		in.decide(t, status, c.body.str("meta", "comment"))
		return in.ok(c, t)
	}
}

func (in *StandIn) decide(t *thing, status, comment string) {
	at := stamp(in.now())
	if status == "needs_review" {
		t.mark("status", status, "marked-for-review-at", at, "updated-at", at)
		in.tell("inquiry.marked-for-review", t, nil)
		return
	}
	t.mark("status", status, "decisioned-at", at, "updated-at", at, "reviewer-comment", comment)
	in.tell("inquiry."+status, t, nil)
}

// expireInquiry ends the subject's time.
func (in *StandIn) expireInquiry(c *call) reply {
	t := in.thing("inquiry", c.id)
	if t == nil {
		return notFound()
	}
	if s := t.says("status"); s != "created" && s != "pending" {
		return conflict("Inquiry cannot be expired")
	}
	in.expire(t)
	return in.ok(c, t)
}

func (in *StandIn) expire(t *thing) {
	at := stamp(in.now())
	t.mark("status", "expired", "expired-at", at, "updated-at", at)
	in.tell("inquiry.expired", t, nil)
}

// Expire ends the time that the subject of an inquiry has. It says whether it was still open.
func (in *StandIn) Expire(inquiry string) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	t := in.thing("inquiry", inquiry)
	if t == nil || !slices.Contains([]string{"created", "pending"}, t.says("status")) {
		return false
	}
	in.expire(t)
	return true
}

// resumeInquiry lets the subject go on, with a token of a session.
func (in *StandIn) resumeInquiry(c *call) reply {
	t := in.thing("inquiry", c.id)
	if t == nil {
		return notFound()
	}
	was := t.says("status")
	switch {
	case t.gone:
		return conflict("already redacted")
	case was != "pending" && was != "expired":
		return conflict("Inquiry must be pending or expired to be resumed")
	}
	now := in.now()
	t.mark("status", "pending", "expired-at", "", "expires-at", stamp(now.Add(24*time.Hour)), "updated-at", stamp(now))
	return in.with(c, t, object().set("session-token", text("sandbox."+in.dice.id("iqse_")+"."+in.seal("session", c.id, strconv.FormatInt(now.UnixMilli(), 36)))))
}

// oneTimeLink makes a link that the subject can be sent.
func (in *StandIn) oneTimeLink(c *call) reply {
	t := in.thing("inquiry", c.id)
	if t == nil {
		return notFound()
	}
	was := t.says("status")
	life := 24 * time.Hour
	if v := c.body.at("meta", "expires-in-seconds"); v != nil {
		n, err := strconv.Atoi(string(v.raw))
		if err != nil || n <= 0 {
			return badRequest("meta.expires-in-seconds must be greater than 0")
		}
		life = time.Duration(n) * time.Second
	}
	switch {
	case t.gone:
		return conflict("already redacted")
	case was != "created" && was != "pending":
		return conflict("A one-time link cannot be made for an inquiry that is " + was)
	}
	until := strconv.FormatInt(in.now().Add(life).UnixMilli(), 36)
	code := "us1-" + c.id + "." + until + "." + in.seal("link", c.id, until)
	link := in.o.Verify + "?code=" + url.QueryEscape(code)
	return in.with(c, t, object().set("one-time-link", text(link)).set("one-time-link-short", text("https://perso.na/verify?code="+in.dice.code(6))))
}

// simulateInquiry does what Persona's sandbox offers in place of a subject.
func (in *StandIn) simulateInquiry(c *call) reply {
	t := in.thing("inquiry", c.id)
	if t == nil {
		return notFound()
	}
	acts := c.body.at("meta", "simulate-actions")
	if !acts.is('[') {
		return badRequest("meta.simulate-actions is missing")
	}
	if t.gone {
		return conflict("already redacted")
	}
	for _, a := range acts.kids {
		if !in.simulate(t, a.str("type")) {
			return badRequest("meta.simulate-actions.type is not an action")
		}
	}
	return in.ok(c, t)
}

// Finish lets the subject of an inquiry finish it, with a document that passes its checks or
// one that fails. It says whether the inquiry was still open.
func (in *StandIn) Finish(inquiry string, passes bool) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	t := in.thing("inquiry", inquiry)
	if t == nil || t.gone || !slices.Contains([]string{"created", "pending"}, t.says("status")) {
		return false
	}
	if t.says("status") == "created" {
		in.simulate(t, "start_inquiry")
	}
	if passes {
		in.simulate(t, "create_passed_verification")
		in.simulate(t, "complete_inquiry")
	} else {
		in.simulate(t, "create_failed_verification")
		in.simulate(t, "fail_inquiry")
	}
	return true
}

func (in *StandIn) simulate(t *thing, act string) bool {
	at := stamp(in.now())
	switch act {
	case "start_inquiry":
		t.mark("status", "pending", "started-at", at, "updated-at", at, "expires-at", stamp(in.now().Add(24*time.Hour)))
		in.tell("inquiry.started", t, nil)
	case "complete_inquiry":
		t.mark("status", "completed", "completed-at", at, "updated-at", at, "expires-at", "", "next-step-name", "success")
		in.tell("inquiry.completed", t, nil)
		in.settled(t, "approved")
	case "fail_inquiry":
		t.mark("status", "failed", "failed-at", at, "updated-at", at, "expires-at", "")
		in.tell("inquiry.failed", t, nil)
		in.settled(t, in.o.Review)
	case "expire_inquiry":
		in.expire(t)
	case "mark_for_review_inquiry":
		in.decide(t, "needs_review", "")
	case "approve_inquiry":
		in.decide(t, "approved", "")
	case "decline_inquiry":
		in.decide(t, "declined", "")
	case "create_passed_verification", "create_failed_verification":
		in.verify(t, act == "create_passed_verification")
	default:
		return false
	}
	return true
}

// settled moves the transaction that waited for an inquiry.
func (in *StandIn) settled(t *thing, status string) {
	if t.story == nil || t.story.fallback != t.ref.id {
		return
	}
	txn := in.things[t.story.txn.id]
	if txn == nil || txn.gone || txn.says("status") != "pending_fallback_inquiry" {
		return
	}
	in.later(300*time.Millisecond, func() { in.move(txn, status) })
}

// verify makes the verifications of an identity document and a face, and the document.
func (in *StandIn) verify(t *thing, passes bool) {
	s := t.story
	s.failedID = !passes
	if s.who.first.native == "" || s.who.last.native == "" { // a document has both
		s.who.first.native, s.who.last.native = s.who.first.latin, s.who.last.latin
	}
	at := in.now()
	verified := []*thing{
		in.put(s.verification("verification/government-id"), render(s.governmentID), s, nil),
		in.put(s.verification("verification/selfie"), render(s.selfie), s, nil),
	}
	for _, v := range verified {
		v.edit(func(n *node) {
			a := n.at("attributes")
			for _, k := range []string{"created-at", "submitted-at", "completed-at"} {
				a.set(k, text(stamp(at))).set(k+"-ts", literal(strconv.FormatInt(at.Unix(), 10)))
			}
			n.at("relationships").set("transaction", object().set("data", s.txn.linkage()))
		})
	}
	in.put(s.document(), render(func(p *pen) { s.documentItem(p, at) }), s, nil)
	t.edit(func(n *node) {
		n.relate("verifications", verified[0].ref, verified[1].ref)
		n.relate("documents", s.document())
		if f := n.at("attributes", "fields"); f != nil {
			f.set("current-government-id", object().set("type", text("government_id")).
				set("value", object().set("id", text(s.document().id)).set("type", text("Document::GovernmentId"))))
		}
	})
	if txn := in.things[s.txn.id]; txn != nil {
		txn.edit(func(n *node) { n.relate("related-objects", verified[0].ref, verified[1].ref, s.document()) })
	}
	for _, v := range verified {
		in.tell("verification."+v.says("status"), v, nil)
	}
}

// documentItem writes the identity document behind a verification.
func (s *story) documentItem(p *pen, at time.Time) {
	w := s.who
	p.open("")
	p.str("type", s.document().kind)
	p.str("id", s.document().id)
	p.open("attributes")
	p.str("status", "processed")
	p.at("created-at", at)
	p.at("processed-at", at)
	p.int("processed-at-ts", int(at.Unix()))
	for _, k := range []string{"front-photo", "selfie-photo"} {
		name := map[string]string{"front-photo": "id-front.jpg", "selfie-photo": "selfie-photo.jpg"}[k]
		p.open(k)
		p.str("filename", name)
		p.str("url", s.fileURL(name))
		p.int("byte-size", 5120)
		p.shut()
	}
	p.null("back-photo")
	p.str("id-class", "pp")
	p.opt("name-first", w.first.plain)
	p.opt("name-middle", w.middle.plain)
	p.opt("name-last", w.last.plain)
	p.null("name-suffix")
	p.day("birthdate", w.birth)
	p.str("document-number", s.passport())
	p.str("identification-number", s.passport())
	p.shut()
	p.open("relationships")
	p.rel("inquiry", s.inquiry)
	p.rel("template", ref{})
	p.rel("inquiry-template", ref{"inquiry-template", inqTemplate})
	p.rel("inquiry-template-version", ref{"inquiry-template-version", inqVersion})
	p.shut()
	p.shut()
}

// serveVerify is where a subject would go by a link: a page with two buttons, as what a person
// does there cannot be stood in for.
func (in *StandIn) serveVerify(w http.ResponseWriter, r *http.Request) {
	code := r.FormValue("code")
	id, rest, _ := strings.Cut(strings.TrimPrefix(code, "us1-"), ".")
	until, mac, _ := strings.Cut(rest, ".")
	if code == "" {
		id = r.FormValue("inquiry-id")
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; form-action 'self'")
	say := func(status int, words string) {
		w.WriteHeader(status)
		fmt.Fprintf(w, "<!doctype html><html lang=en><title>Sandbox inquiry</title><h1>Sandbox inquiry</h1>%s</html>", words)
	}
	if code != "" {
		end, err := strconv.ParseInt(until, 36, 64)
		if err != nil || mac != in.seal("link", id, until) || !in.Now().Before(time.UnixMilli(end)) {
			say(http.StatusForbidden, "<p>This link is not valid, or no longer.</p>")
			return
		}
	}
	if r.Method != http.MethodPost {
		say(http.StatusOK, `<p>Here a person would show an identity document and their face.</p><form method=post><input type=hidden name=code value="`+
			html.EscapeString(code)+`"><input type=hidden name=inquiry-id value="`+html.EscapeString(id)+
			`"><button name=passes value=yes>Show a document that passes</button> <button name=passes value=no>Show a document that fails</button></form>`)
		return
	}
	if !in.Finish(id, r.FormValue("passes") == "yes") {
		say(http.StatusConflict, "<p>This inquiry is not open.</p>")
		return
	}
	say(http.StatusOK, "<p>Thank you. You can close this page.</p>")
}
