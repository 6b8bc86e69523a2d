package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/views"
)

// stood says that a page shows evidence as it was when a closed review was judged. What Persona
// says changes after that, not least because it is told: matches found false are dismissed there.
type stood struct {
	today  review.Dossier
	digest review.Hash // of what is shown
	at     time.Time
	found  bool        // judged, and then closed at Persona without a decision
	since  *deltaWords // what changed until today, but for what docket told Persona; nil: it cannot be had
}

// judgedOn is the evidence on which a closed review was judged: that of its first decision, as
// a correction rests on the matches of the decision it corrects, or of its newest finding when
// Persona’s status moved on before a decision. nil when today's evidence is what to show.
func judgedOn(f store.ReviewFile) *stood {
	var s stood
	switch n := len(f.Decisions); {
	case f.Review.State != review.StateClosed:
		return nil
	case n > 0:
		s = stood{digest: f.Decisions[n-1].Evidence, at: f.Decisions[n-1].At}
	case len(f.Found) > 0:
		last := slices.MaxFunc(f.Found, func(a, b review.Disposition) int { return a.At.Compare(b.At) })
		s = stood{digest: last.Evidence, at: last.At, found: true}
	}
	// Of what was erased, nothing is shown as it was.
	if s.digest.IsZero() || s.digest == f.Review.Evidence || isErased(f.Dossier) {
		return nil
	}
	s.today = f.Dossier
	return &s
}

// asJudged puts the evidence of the judgement in the place of today's, where the two differ.
func (s *Server) asJudged(r *http.Request, b *reviewBuilder) error {
	was := judgedOn(b.file)
	if was == nil {
		return nil
	}
	d, err := s.db.AsSeen(r.Context(), was.digest)
	switch {
	case errors.Is(err, review.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	was.since = s.sinceJudged(b, was, d)
	b.file.Dossier, b.stood = d, was
	b.read = s.readings.of(b.file.Edition, was.digest, d, b.now)
	b.beyond.pictures, err = s.pictures(r, pictured(d))
	return err
}

// evidence is the digest of what the page shows.
func (b *reviewBuilder) evidence() review.Hash {
	if b.stood != nil {
		return b.stood.digest
	}
	return b.file.Review.Evidence
}

// today is what Persona says by now.
func (b *reviewBuilder) today() review.Dossier {
	if b.stood != nil {
		return b.stood.today
	}
	return b.file.Dossier
}

func (s *stood) notice(root review.Ref, now time.Time) views.Notice {
	what := "the decision"
	if s.found {
		what = "the last finding"
	}
	shown := "Matches, reports and records as they stood at " + what + ", " + instant(s.at, now) + "."
	today := views.Go{Href: refHref(root), Words: "See today’s state"}
	if s.onlyTold() {
		return views.Notice{Text: shown + " Only what docket told Persona has changed since: " + s.since.told + ".", To: today}
	}
	return views.Notice{Strong: shown, Text: "They have changed at Persona since.", To: today}
}

// onlyTold says that nothing changed since but what docket told Persona itself.
func (s *stood) onlyTold() bool { return s.since != nil && s.since.only && s.since.told != "" }

// changes is what nobody here told Persona, folded: the page is about what was judged. nil when there is
// nothing of it to show.
func (s *stood) changes(b *reviewBuilder) *views.Changes {
	if s.since == nil || s.since.empty() {
		return nil
	}
	day, on, then := b.momentWords(s.at), "the decision", "when it was decided"
	if s.found {
		on, then = "the last finding", "at the last finding"
	}
	c := &views.Changes{Head: "What changed since " + day, Lead: "Compared with what " + on + " rests on.",
		Fold: capital(s.since.lead())}
	if s.since.told != "" {
		c.Head = "What else changed since " + day
		c.Lead += " Not counted is what docket told Persona: " + s.since.told + "."
	}
	c.Table, c.Left = s.since.table("What changed between "+day+" and now", capital(day)+", "+then, "Now"), s.since.leftWords()
	return c
}

// sinceJudged says what changed between the evidence of the judgement, as it was read anew, and
// today's; nil when it was not kept as it was.
func (s *Server) sinceJudged(b *reviewBuilder, was *stood, d review.Dossier) *deltaWords {
	key := deltaKey{was.digest, b.file.Review.Evidence, b.file.Edition, b.now.UTC().Year(), pushesPrint(b.beyond.pushes)}
	if words, ok := s.deltas.get(key); ok {
		return words
	}
	var words *deltaWords
	if review.Evidence(d) == was.digest && d.Root().Ref == b.file.Review.Root {
		e := persona.EchoesOf(b.beyond.pushes, d, was.today)
		told, only := echoWords(e), len(e.Rest) == 0
		apart, err := e.Told.Apply(d)
		if err != nil {
			apart, told, only = d, "", false
		}
		w := deltaOf(apart, was.today, b.read.all(), b.now)
		w.told, w.only, w.parties = told, only, nil // parties hold on to both dossiers
		words = &w
	}
	s.deltas.put(key, words)
	return words
}

// pushesPrint is how pushes stand, as far as it says what came back of them.
func pushesPrint(pushes []review.Push) string {
	print := []byte("pushes ")
	for _, p := range pushes {
		print = fmt.Appendf(print, "%d %s %t;", p.ID, p.State, p.SentAt.IsZero())
	}
	return string(print)
}

// echoWords says what came back of what docket told Persona: "the status is now approved".
func echoWords(e persona.Echoes) string {
	var all, fields []string
	for _, p := range e.Pushes {
		switch p.Act {
		case review.PushStatus:
			all = append(all, "the status is now "+str(p.Value).Text)
		case review.PushInquiry:
			all = append(all, "the inquiry is now "+p.Becomes())
		case review.PushCase:
			all = append(all, "the case is now "+str(p.Value).Text)
		}
	}
	for _, c := range e.Told {
		if i := slices.IndexFunc(c.Path, func(s review.Step) bool { return s.Name == "fields" }); i > 0 {
			fields = append(fields, str(c.Path[i].Key).Text)
		}
	}
	if n := dismissedIn(e.Told); n > 0 {
		all = append(all, views.Plural(n, "match is", "matches are")+" dismissed")
	}
	slices.Sort(fields)
	switch fields = slices.Compact(fields); len(fields) {
	case 0:
	case 1:
		all = append(all, "the field "+fields[0]+" is written")
	default:
		all = append(all, "the fields "+enumerate(fields, " and ")+" are written")
	}
	return enumerate(all, ", and ")
}

// dismissedIn counts the matches that changes dismissed or took away.
func dismissedIn(d review.Delta) int {
	n := 0
	for _, c := range d {
		_, whole := c.Then.(review.Match)
		if _, ok := ofMatch(c.Path); ok && (whole || c.Path[len(c.Path)-1].Name == "dismissed") {
			n++
		}
	}
	return n
}

// reportsThen are reports as of an earlier day: whether they are monitored by now, and when they
// run next, is not for them to say.
func reportsThen(list []review.Report) []review.Report {
	list = slices.Clone(list)
	for i := range list {
		list[i].Monitoring = review.Monitoring{State: review.MonitoringUnknown}
		list[i].Runs = slices.DeleteFunc(slices.Clone(list[i].Runs), func(r review.Run) bool { return r.CompletedAt.IsZero() })
	}
	return list
}
