package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"docket/review"
	"docket/views"
)

// reviewID reads which review a route is about.
func reviewID(r *http.Request) (review.ReviewID, error) {
	return review.ParseReviewID(r.PathValue("id"))
}

// reviewForm reads which review a form is about, and the form.
func reviewForm(r *http.Request) (review.ReviewID, form, error) {
	id, err := reviewID(r)
	if err != nil {
		return 0, form{}, err
	}
	f, err := readForm(r)
	return id, f, err
}

// builder asks for everything about a review, and readies its pages.
func (s *Server) builder(r *http.Request, id review.ReviewID) (*reviewBuilder, error) {
	file, err := s.db.ReviewFile(r.Context(), id)
	if err != nil {
		return nil, err
	}
	now := s.now()
	rules, err := s.rules(r.Context())
	if err != nil {
		return nil, err
	}
	b := &reviewBuilder{file: file, me: me(r), now: now, rules: rules,
		read: s.readings.of(file.Edition, review.Hash{}, file.Dossier, now)}
	if b.leads, err = s.leads(r.Context()); err != nil {
		return nil, err
	}
	if p := proposed(file.Proposed); p != nil && review.CanApprove(file.Review, *p, b.me) == nil {
		bound, err := s.db.Line(r.Context(), p.By)
		if err != nil {
			return nil, err
		}
		b.bound = bound[b.me.ID]
	}
	b.beyond, err = s.beyond(r, file.Dossier, file.Review)
	return b, err
}

// renderReview sends the page of a review; of one that is closed, with what was judged.
func (s *Server) renderReview(w http.ResponseWriter, r *http.Request, status int, b *reviewBuilder) error {
	if err := s.asJudged(r, b); err != nil {
		return err
	}
	if err := s.changesSince(r, b); err != nil {
		return err
	}
	if err := s.askPrecedents(r, b); err != nil {
		return err
	}
	page := b.page()
	page.Shell = s.shell(r, b.title(), views.PlaceQueue)
	page.Problem = len(b.typed.problems) > 0
	return s.render(w, r, status, page)
}

// showReview is the work: one review, from the comparison to the trail.
func (s *Server) showReview(w http.ResponseWriter, r *http.Request) error {
	id, err := reviewID(r)
	if err != nil {
		return err
	}
	if r.PathValue("id") != id.String()[2:] { // R-1042 is how people quote it
		seeOther(w, reviewHref(id))
		return nil
	}
	b, err := s.builder(r, id)
	if err != nil {
		return err
	}
	b.news = b.recordedNews(r.URL.Query().Get("recorded"))
	if err := s.renderReview(w, r, http.StatusOK, b); err != nil {
		return err
	}
	s.looked(r, b)
	return nil
}

// recordedNews names what the reader just recorded, by the number of its entry, or by the first
// and the last of several.
func (b *reviewBuilder) recordedNews(entries string) []views.Notice {
	from, to, _ := strings.Cut(entries, "-")
	first, err := entryID(from)
	if err != nil {
		return nil
	}
	last := first
	if to != "" {
		if last, err = entryID(to); err != nil {
			return nil
		}
	}
	var made []review.Entry
	for _, e := range b.file.Entries { // the newest first
		if e.ID >= first && e.ID <= last && e.Review == b.file.Review.ID && e.By == b.me.ID {
			made = append(made, e)
		}
	}
	if len(made) == 0 {
		return nil
	}
	e := made[0]
	notice := views.Notice{Tone: views.ToneGood, News: true, Text: "Entry " + views.Number(int(e.ID)) + "."}
	switch e.Act {
	case review.ActDisposed:
		matches := 0
		for _, m := range made {
			matches += len(m.Matches)
		}
		notice.Strong = "Recorded: " + lowerFirst(views.FindingTag(e.Finding).Words) + " on " + views.Plural(matches, "match", "matches") + "."
		if n := len(made); n > 1 {
			notice.Text = views.Number(n) + " parties, each for itself. Entries " + views.Number(int(made[n-1].ID)) + " to " + views.Number(int(e.ID)) + "."
		} else if b.stillMine(e.ID) {
			notice.Undo = b.undo(e.ID, "Undo")
		}
	case review.ActUndone:
		notice.Strong = "Taken back: the finding of entry " + views.Number(int(e.Undoes)) + "."
		notice.Text = "The party asks for a finding again. " + notice.Text
		if slices.ContainsFunc(b.file.Found, func(d review.Disposition) bool { return slices.Contains(e.Matches, d.Match) }) {
			notice.Text = "The finding before it holds again. Entry " + views.Number(int(e.ID)) + "."
		}
	case review.ActNoted:
		notice.Strong = "Note added."
	case review.ActDecided, review.ActCorrected:
		if p := proposed(b.file.Proposed); p != nil && p.Entry == e.ID {
			notice.Strong = "Recorded: you ask " + toOutcome(*p) + "."
			notice.Text = "It waits for a second person. " + notice.Text
			break
		}
		if e.Act == review.ActCorrected {
			notice.Strong = "Recorded: the decision is corrected to " + lowerFirst(views.OutcomeTag(e.Outcome).Words) + "."
			break
		}
		notice.Strong = "Recorded: " + lowerFirst(views.OutcomeTag(e.Outcome).Words) + "."
	case review.ActApproved:
		notice.Strong = "Recorded: you agree. The review is " + lowerFirst(views.OutcomeTag(e.Outcome).Words) + "."
	case review.ActReturned:
		notice.Strong = "Recorded: returned with your note."
	case review.ActWaiting:
		notice.Strong = "Parked until the customer answers."
	case review.ActEscalated:
		notice.Strong = "Handed over."
	case review.ActAttached:
		notice.Strong = "Attached."
	default:
		return nil
	}
	return []views.Notice{notice}
}

// stillMine says that a finding of the reader's holds and may be taken back now.
func (b *reviewBuilder) stillMine(entry review.EntryID) bool {
	return b.judges() && slices.ContainsFunc(b.file.Found, func(d review.Disposition) bool { return d.Entry == entry && d.By == b.me.ID })
}

// claim takes a review. A lead who presses "Take over" on somebody else's takes it from them.
func (s *Server) claim(w http.ResponseWriter, r *http.Request) error {
	id, f, err := reviewForm(r)
	if err != nil {
		return err
	}
	var over string
	if err := f.single("take_over", &over); err != nil {
		return err
	}
	if over != "" && !takesOver(me(r).Role) {
		visitOf(r.Context()).event = "refused"
		return review.ErrForbidden
	}
	if _, err := s.db.Claim(r.Context(), id, me(r).ID, over != ""); err != nil {
		return s.inTheWay(r, id, err)
	}
	seeOther(w, reviewHref(id))
	return nil
}

// release gives a review back.
func (s *Server) release(w http.ResponseWriter, r *http.Request) error {
	id, err := reviewID(r)
	if err != nil {
		return err
	}
	if err := s.db.Release(r.Context(), id, me(r).ID); err != nil {
		return s.inTheWay(r, id, err)
	}
	seeOther(w, reviewHref(id))
	return nil
}

// inTheWay gives a conflict its words: who has the review, or how it ended.
func (s *Server) inTheWay(r *http.Request, id review.ReviewID, err error) error {
	if !errors.Is(err, review.ErrConflict) {
		return err
	}
	file, e := s.db.ReviewFile(r.Context(), id)
	if e != nil {
		return errors.Join(err, e)
	}
	said := &told{err: err, acts: []views.Go{{Href: reviewHref(id), Words: "Open " + id.String()}, {Href: "/reviews", Words: "To the queue"}}}
	now := s.now()
	rev := file.Review
	switch {
	case rev.State == review.StateClosed && len(file.Decisions) > 0:
		d := file.Decisions[0]
		said.head = id.String() + " is decided already"
		said.text = str(d.ByName).Text + " " + lowerFirst(views.OutcomeTag(d.Outcome).Words) + " it on " + instant(d.At, now) + ". Nothing of yours was recorded."
		if d.By == me(r).ID {
			said.text = "You " + lowerFirst(views.OutcomeTag(d.Outcome).Words) + " it on " + instant(d.At, now) + ". Nothing was recorded a second time."
		}
	case rev.State == review.StateClosed:
		said.head = id.String() + " is closed"
		said.text = "Persona’s status moved on without us on " + instant(rev.ClosedAt, now) + ". Nothing of yours was recorded."
	case rev.State == review.StateApproval:
		said.head = id.String() + " waits for a second person"
		said.text = "It is decided, and a lead who is somebody else must agree. Nothing of yours was recorded."
	case rev.State == review.StateWaiting:
		said.head = id.String() + " waits for the customer"
		said.text = "Take it up again to go on with it. Nothing of yours was recorded."
	case rev.Claim.Active(now) && rev.Claim.By != me(r).ID:
		said.head = str(rev.Claim.Name).Text + " has " + id.String()
		said.text = "They hold it until " + clock(rev.Claim.Until).Words + " UTC, or until they release it. Nothing of yours was recorded."
	case !rev.Claim.Active(now):
		said.head = "You do not hold " + id.String() + " any more"
		said.text = "A claim ends some time after the last act. Claim the review again, and send what you typed again. Nothing was recorded."
	default:
		said.text = "The review changed while you were at it. Open it again; nothing of yours was recorded."
	}
	return said
}

// addNote adds a note to the trail.
func (s *Server) addNote(w http.ResponseWriter, r *http.Request) error {
	id, f, err := reviewForm(r)
	if err != nil {
		return err
	}
	var note string
	if err := f.single("note", &note); err != nil {
		return err
	}
	entry, err := s.db.AddNote(r.Context(), id, me(r).ID, note)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		b, err := s.builder(r, id)
		if err != nil {
			return err
		}
		b.typed = typed{note: note, noted: true, problems: invalid.Problems}
		return s.renderReview(w, r, http.StatusUnprocessableEntity, b)
	case err != nil:
		return s.inTheWay(r, id, err)
	}
	seeOther(w, recordedHref(id, entry, "#trail"))
	return nil
}

func recordedHref(id review.ReviewID, entry review.EntryID, anchor string) string {
	return reviewHref(id) + "?recorded=" + strconv.FormatInt(int64(entry), 10) + anchor
}
