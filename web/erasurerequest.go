package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// askErasure asks for what was ticked and named, or for all that may go.
func (s *Server) askErasure(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var other, ground, words, batch string
	if err := errors.Join(f.single("other", &other), f.single("ground", &ground), f.single("words", &words), f.single("batch", &batch)); err != nil {
		return err
	}
	typed := retentionForms{ask: views.AskForm{Subject: other, Ground: review.ErasureGround(ground), Words: words}, ticked: f.values["subject"]}
	form := review.ErasureForm{Ground: review.ErasureGround(ground), Words: words}
	form.Subjects, err = s.meant(r.Context(), typed.ticked, strings.TrimSpace(other), batch == "due")
	var made review.EntryID
	if err == nil {
		made, err = s.db.AskErasure(r.Context(), me(r).ID, form)
	}
	var invalid *review.Invalid
	if errors.As(err, &invalid) {
		typed.problems = invalid.Problems
		return s.renderRetention(w, r, http.StatusUnprocessableEntity, typed)
	}
	if err != nil {
		return err
	}
	seeOther(w, erasureHref(made)+"?done=asked")
	return nil
}

// meant gives the subjects that a form is about.
func (s *Server) meant(ctx context.Context, ticked []string, other string, all bool) ([]review.SubjectID, error) {
	var subjects []review.SubjectID
	if all {
		return s.allDue(ctx)
	}
	for _, t := range ticked {
		id, err := review.ParseSubjectID(t)
		if err != nil {
			return nil, fmt.Errorf("ask erasure: %w", errMalformed)
		}
		subjects = append(subjects, id)
	}
	if other != "" {
		id, err := s.db.FindSubject(ctx, other)
		if errors.Is(err, review.ErrNotFound) {
			return nil, &review.Invalid{Problems: []review.Problem{{Field: "subject", Text: "Nobody is known by that: check the id or the reference"}}}
		} else if err != nil {
			return nil, err
		}
		subjects = append(subjects, id)
	}
	return subjects, nil
}

// allDue are the subjects that may go and that nobody asked for yet, the longest overdue first, as many
// as one request takes.
func (s *Server) allDue(ctx context.Context) ([]review.SubjectID, error) {
	var subjects []review.SubjectID
	now := s.now()
	for after := (store.DueCursor{}); ; {
		due, err := s.db.RetentionDue(ctx, now, after, review.MaxErasure, false)
		if err != nil {
			return nil, err
		}
		for _, d := range due {
			if d.Asked == 0 && len(subjects) < review.MaxErasure {
				subjects = append(subjects, d.Subject)
			}
		}
		if len(due) < review.MaxErasure || len(subjects) == review.MaxErasure {
			return subjects, nil
		}
		last := due[len(due)-1]
		after = store.DueCursor{Due: last.Due, Subject: last.Subject}
	}
}

// showErasure is one request.
func (s *Server) showErasure(w http.ResponseWriter, r *http.Request) error {
	id, err := pathEntry(r)
	if err != nil {
		return err
	}
	return s.renderErasure(w, r, http.StatusOK, id, nil)
}

func (s *Server) renderErasure(w http.ResponseWriter, r *http.Request, status int, id review.EntryID, problems []review.Problem) error {
	q, subjects, changed, err := s.db.ErasureRequest(r.Context(), id)
	if err != nil {
		return err
	}
	bound, err := s.db.BondedTo(r.Context(), q.By)
	if err != nil {
		return err
	}
	page := erasurePage(q, subjects, changed, me(r), bound[me(r).ID], s.now())
	page.Shell = s.shell(r, page.Head, views.PlaceRetention)
	page.Shell.Problem = len(problems) > 0
	page.Problems = views.Problems{Head: "Nothing was recorded yet", List: problemList(problems)}
	if said, ok := erasureNews(r.URL.Query().Get("done"), q); ok {
		page.Notices = append([]views.Notice{said}, page.Notices...)
	}
	return s.render(w, r, status, page)
}

// erasureNews is what the reader's own act has just led to.
func erasureNews(done string, q store.ErasureRequest) (views.Notice, bool) {
	said := views.Notice{Tone: views.ToneGood, News: true}
	switch {
	case done == "asked" && q.Answer == "":
		said.Strong, said.Text = "Asked for.", "It waits for another lead or admin."
	case done == "agreed" && q.Answer == review.ErasureAgree && !q.Done():
		said.Strong, said.Text = "You agreed.", "It is being erased now, which takes up to a minute."
		said.To = views.Go{Href: erasureHref(q.Entry), Words: "See how far it is"}
	case done == "agreed" && q.Answer == review.ErasureAgree:
		said.Strong, said.Text = "You agreed.", "It is done. Copies made before are yours to destroy."
	case done == "refused" && q.Answer == review.ErasureRefuse:
		said.Strong, said.Text = "Recorded: nothing goes.", "Your reason stands below."
	default:
		return views.Notice{}, false
	}
	return said, true
}

func erasurePage(q store.ErasureRequest, subjects []store.ErasureSubject, changed bool, who review.Colleague, bound, now time.Time) views.ErasurePage {
	state := requestState(q)
	p := views.ErasurePage{Head: "Erasure of " + views.Plural(q.Subjects, "subject", "subjects"), Lead: state.Words, Words: prose(q.Words), List: q.List.String(),
		Own: q.By == who.ID, GoesIs: "What goes", Back: views.Go{Href: retentionAt, Words: "Back to retention"},
		Facts: []views.Fact{{Term: "Ground", Value: views.V(views.ErasureGroundWords(q.Ground))},
			{Term: "Asked by", Value: views.Value{State: review.Present, Str: whoWords(q.By, q.ByName, who.ID)}},
			{Term: "Asked", Value: views.Value{State: review.Present, Time: views.At(q.At, now)}}}}
	if q.Answer != "" {
		term := "Agreed by"
		switch {
		case q.Answer == review.ErasureRefuse:
			term, p.GoesIs = "Refused by", "What would have gone"
		case q.Done():
			p.GoesIs = "What went"
		}
		p.Facts = append(p.Facts, views.Fact{Term: term, Value: views.Value{State: review.Present, Str: whoWords(q.Answered, q.AnswerName, who.ID)}},
			views.Fact{Term: "When", Value: views.Value{State: review.Present, Time: views.At(q.AnsweredAt, now)}})
		if q.AnswerSays != "" {
			p.Facts = append(p.Facts, views.Fact{Term: "Said", Value: views.Value{State: review.Present, Str: prose(q.AnswerSays)}})
		}
	}
	for _, n := range []struct {
		term string
		n    int
	}{{"Payloads", q.Goes.Payloads}, {"States", q.Goes.States}, {"Files", q.Goes.Files}, {"Findings", q.Goes.Findings}, {"Values of reasons", q.Goes.Values},
		{"Texts", q.Goes.Texts}, {"Told to Persona", q.Goes.Pushes}, {"Rows of search", q.Goes.SearchRows}} {
		p.Goes = append(p.Goes, views.Fact{Term: n.term, Value: views.V(views.Number(n.n))})
	}
	p.Goes = append(p.Goes, views.Fact{Term: "In all", Value: views.V(cmp.Or(byteSize(q.Goes.Bytes()), "nothing"))})
	for _, s := range subjects {
		row := views.ErasureSubjectRow{About: aboutRefs(s.Roots), Reviews: reviewLinks(s.Reviews), Goes: views.Go{Words: goesWords(s.Goes)}, State: views.Tag{Words: "There"}}
		switch s.State {
		case "asked":
			row.Goes.Href = goingHref(s.Subject)
		case "erased":
			row.State.Words = "Erased"
		case "kept":
			row.State = views.Tag{Words: "Kept", Tone: views.ToneAttention}
		}
		p.Subjects = append(p.Subjects, row)
	}
	if q.Answer == "" && leads.admits(who.Role) {
		p.Refuse = erasureHref(q.Entry) + "/refuse"
		switch {
		case changed:
			p.Notices = append(p.Notices, views.Notice{Tone: views.ToneAttention, Strong: "What would go has changed since it was asked for.",
				Text: "Something arrived, was recorded, or a hold was set. It has to be asked for again; refuse this one."})
		case p.Own:
			p.Notices = append(p.Notices, views.Notice{Strong: "You asked for this yourself.", Text: "It takes another lead or admin to agree."})
		case !bound.IsZero():
			p.Notices = append(p.Notices, boundNotice(q.ByName, bound, now))
		default:
			p.Agree = erasureHref(q.Entry) + "/agree"
		}
	}
	return p
}

// agreeErasure is the second person's yes, with their password.
func (s *Server) agreeErasure(w http.ResponseWriter, r *http.Request) error {
	id, f, err := entryForm(r)
	if err != nil {
		return err
	}
	var list, password string
	if err := errors.Join(f.single("list", &list), f.single("password", &password)); err != nil {
		return err
	}
	if met, err := s.prove(r, password); err != nil {
		return err
	} else if !met.fits() {
		return s.renderErasure(w, r, http.StatusUnprocessableEntity, id,
			[]review.Problem{{Field: "password", Text: "Type the password that you sign in with"}})
	}
	if err := s.db.AnswerErasure(r.Context(), id, me(r).ID, review.ErasureAgree, list, ""); err != nil {
		return s.notErased(id, err)
	}
	s.wake()
	seeOther(w, erasureHref(id)+"?done=agreed")
	return nil
}

// refuseErasure is the second person's no, or the first one's second thought.
func (s *Server) refuseErasure(w http.ResponseWriter, r *http.Request) error {
	id, f, err := entryForm(r)
	if err != nil {
		return err
	}
	var words string
	if err := f.single("words", &words); err != nil {
		return err
	}
	err = s.db.AnswerErasure(r.Context(), id, me(r).ID, review.ErasureRefuse, "", words)
	var invalid *review.Invalid
	if errors.As(err, &invalid) {
		return s.renderErasure(w, r, http.StatusUnprocessableEntity, id, invalid.Problems)
	}
	if err != nil {
		return s.notErased(id, err)
	}
	seeOther(w, erasureHref(id)+"?done=refused")
	return nil
}

// notErased says why an answer does not count.
func (s *Server) notErased(id review.EntryID, err error) error {
	back := []views.Go{{Href: erasureHref(id), Words: "See it as it is now"}}
	switch {
	case errors.Is(err, review.ErrForbidden):
		if said := s.notTwo(err, back...); said != nil {
			return said
		}
		return &told{err: err, head: "It takes another person", text: "Whoever asked for an erasure cannot agree to it: any other lead or admin can. Nothing was recorded.", acts: back}
	case errors.Is(err, review.ErrStale):
		return &told{err: err, head: "What would go has changed", text: "Something came since it was asked for, or whoever asked may no longer. Nothing was erased; it has to be asked for again.", acts: back}
	case errors.Is(err, review.ErrConflict):
		return &told{err: err, head: "Somebody answered first", text: "This request has its answer. Nothing of yours was recorded.", acts: back}
	}
	return err
}

func erasureHref(id review.EntryID) string {
	return retentionAt + "/erasures/" + strconv.FormatInt(int64(id), 10)
}

func requestState(q store.ErasureRequest) views.Tag {
	switch {
	case q.Answer == "":
		return views.Tag{Words: "Waits for a second person", Tone: views.ToneAttention}
	case q.Answer == review.ErasureRefuse && q.Answered == q.By:
		return views.Tag{Words: "Taken back"}
	case q.Answer == review.ErasureRefuse:
		return views.Tag{Words: "Refused"}
	case !q.Done():
		return views.Tag{Words: "Being erased", Tone: views.ToneAttention}
	case q.Kept > 0 && q.Erased == 0:
		return views.Tag{Words: "Kept: something came between", Tone: views.ToneAttention}
	case q.Kept > 0:
		return views.Tag{Words: "Erased, but for " + views.Number(q.Kept)}
	}
	return views.Tag{Words: "Erased"}
}
