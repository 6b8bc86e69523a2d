package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

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
	found  bool // judged, and then closed at Persona without a decision
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
	return views.Notice{Strong: "Matches, reports and records as they stood at " + what + ", " + instant(s.at, now) + ".",
		Text: "They have changed at Persona since.", To: views.Go{Href: refHref(root), Words: "See today’s state"}}
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
