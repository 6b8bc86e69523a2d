package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/views"
)

// beyond is what Persona's side adds to the pages of a review.
type beyond struct {
	connection
	telling  review.Telling
	pushes   []review.Push // of this review, in their order
	fallback *views.Fallback
	pictures *views.Pictures
	holds    []store.Hold
	gone     *store.ErasedReview // two people had it erased; nil: nobody
}

// beyond asks for what Persona's side adds to the pages of a review.
func (s *Server) beyond(r *http.Request, d review.Dossier, rev review.Review) (beyond, error) {
	b := beyond{connection: s.connection()}
	var err error
	if b.telling, err = s.db.Telling(r.Context()); err != nil {
		return b, err
	}
	if rev.State == review.StateClosed && rev.Closing == review.ClosingDecided {
		if b.pushes, err = s.db.PushesOf(r.Context(), rev.ID); err != nil {
			return b, err
		}
	}
	if b.holds, err = s.db.HoldsOn(r.Context(), rev.ID); err != nil {
		return b, err
	}
	if b.gone, err = s.db.ErasedBy(r.Context(), rev.ID); err != nil {
		return b, err
	}
	b.fallback = s.fallback(d, me(r), b.connection)
	b.pictures, err = s.pictures(r, pictured(d))
	return b, err
}

// told is what Persona was told of a decision; nil while there is none.
func (b *reviewBuilder) told() *views.Told {
	if len(b.file.Decisions) == 0 {
		return nil
	}
	if len(b.beyond.pushes) == 0 {
		return &views.Told{Words: "Persona was told nothing of this decision: nothing was switched on that fits it. Set the status there as well."}
	}
	t := &views.Told{Lead: pushesLead(b.beyond.pushes)}
	held := false
	for _, p := range b.beyond.pushes {
		t.Lines = append(t.Lines, toldLine(p, held, leads.admits(b.me.Role), b.beyond.connection))
		held = held || holdsBack(p)
	}
	return t
}

// followTold is after how many seconds the page of a decided review looks again: while Persona
// is being told, and the decision is fresh.
func (b *reviewBuilder) followTold() string {
	if !b.beyond.Connected || len(b.file.Decisions) == 0 {
		return ""
	}
	for _, p := range b.beyond.pushes {
		if p.State == review.PushWaiting || p.State == review.PushSent {
			return lookEvery(b.now.Sub(b.file.Decisions[0].At))
		}
	}
	return ""
}

// holdsBack says that those behind a push wait for it.
func holdsBack(p review.Push) bool {
	return p.State == review.PushWaiting || p.State == review.PushRefused
}

// pushesLead sums up how a decision's pushes stand.
func pushesLead(pushes []review.Push) string {
	var n review.PushCounts
	for _, p := range pushes {
		switch p.State {
		case review.PushWaiting:
			n.Waiting++
		case review.PushSent:
			n.Sent++
		case review.PushRefused:
			n.Refused++
		case review.PushDiverged:
			n.Diverged++
		default:
			n.Settled++
		}
	}
	if n.Settled == len(pushes) {
		return "all settled"
	}
	return pushCounts(n)
}

// pushCounts words what is not settled, "" when all is.
func pushCounts(n review.PushCounts) string {
	return join(", ", some(n.Waiting, "waiting"), some(n.Sent, "taken and not confirmed yet"), some(n.Refused, "refused"), some(n.Diverged, "differing"))
}

// toldLine is one push as a page shows it. held says that one before it holds it back.
func toldLine(p review.Push, held, acts bool, c connection) views.ToldLine {
	l := pushLine(p)
	l.ID, l.State, l.Status = strconv.FormatInt(int64(p.ID), 10), p.State, views.PushTag(p.State)
	at := p.At
	for _, t := range []time.Time{p.SentAt, p.SettledAt} {
		if !t.IsZero() {
			at = t
		}
	}
	l.Time, l.Problem = views.AtSecond(at, c.now), prose(p.Problem)
	var more []string
	add := func(s string) { more = append(more, s) }
	if l.More != "" {
		add(l.More)
	}
	if p.State == review.PushWaiting {
		switch {
		case held:
			add("held back by the one before it")
		case !c.Connected:
			add("waits until docket is connected to Persona")
		case p.NextAt.After(c.now) && !p.BegunAt.IsZero():
			add("is being told right now")
		case p.NextAt.After(c.now):
			add("next try at " + views.AtSecond(p.NextAt, c.now).Words + " UTC")
		}
	}
	if p.Tries > 0 {
		add(views.Plural(p.Tries, "try", "tries"))
	}
	if p.Request != "" {
		add("request " + str(p.Request).Text)
	}
	l.More = strings.Join(more, "; ")
	if acts {
		switch p.State {
		case review.PushWaiting:
			l.Retry, l.Drop = p.Tries > 0 && !held && (p.BegunAt.IsZero() || !p.NextAt.After(c.now)), true
		case review.PushRefused, review.PushDiverged:
			l.Retry, l.Drop = true, true
		}
		if l.Retry || l.Drop {
			l.Action = "/intake/pushes/" + l.ID
		}
	}
	return l
}

// pushLine is what a push tells, in words.
func pushLine(p review.Push) views.ToldLine {
	l := views.ToldLine{Act: views.PushWords(p.Act), What: str(p.Value)}
	switch p.Act {
	case review.PushFields:
		keys := make([]string, len(p.Fields))
		for i, f := range p.Fields {
			keys[i] = f.Key
		}
		l.What = str(strings.Join(keys, ", "))
	case review.PushMatches:
		l.What = str(openSet(p.Value))
		l.More = lowerFirst(typeWords(p.Target.Type)) + " " + str(p.Target.ID).Text
		if p.Part != "" {
			l.More += ", of it " + str(p.Part).Text
		}
	case review.PushInquiry, review.PushCase:
		l.More = str(p.Target.ID).Text
	case review.PushComment:
		l.What, l.More = views.S("the decision in words"), str(p.Target.ID).Text
	}
	return l
}

// willTell is what pressing either way tells Persona, by the very rules that will.
func (b *reviewBuilder) willTell() *views.WillTell {
	w := &views.WillTell{Approve: b.wouldTell(review.Approve), Decline: b.wouldTell(review.Decline), Not: persona.NotTold(b.beyond.telling, b.file.Dossier, b.file.Found)}
	for i := range w.Not {
		w.Not[i] = sentence(str(w.Not[i]).Text)
	}
	switch {
	case len(w.Approve)+len(w.Decline) == 0:
		w.Words = "Nothing: docket tells Persona nothing of this by itself. Set the status there as well."
	case !b.beyond.Connected:
		w.Lead = "waits until docket is connected to Persona"
	default:
		w.Lead = "by itself, once the decision stands"
	}
	return w
}

// thenTold says in one sentence what an outcome tells Persona.
func (b *reviewBuilder) thenTold(o review.Outcome) string {
	if len(b.wouldTell(o)) == 0 {
		return "Nothing is sent to Persona: set the status there as well."
	}
	return "Persona is told as said above."
}

func (b *reviewBuilder) wouldTell(o review.Outcome) []views.ToldLine {
	d := review.Decision{Review: b.file.Review.ID, Outcome: o, By: b.me.ID, ByName: b.me.Name, At: b.now, Reason: review.ReasonOther, Note: "as typed"}
	var lines []views.ToldLine
	for _, p := range persona.Pushes(b.beyond.telling, b.file.Review, d, b.file.Dossier, b.file.Found) {
		lines = append(lines, pushLine(p))
	}
	return lines
}
