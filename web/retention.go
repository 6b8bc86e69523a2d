package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

const (
	duePage      = 50 // subjects
	requestsPage = 50
	holdsPage    = 200
	retentionAt  = "/retention"
)

// retentionForms are what was typed on the page of retention, with what is wrong.
type retentionForms struct {
	ask      views.AskForm
	ticked   []string
	hold     views.HoldForm
	problems []review.Problem
}

// showRetention is how long records are kept, and what may go.
func (s *Server) showRetention(w http.ResponseWriter, r *http.Request) error {
	return s.renderRetention(w, r, http.StatusOK, retentionForms{})
}

func (s *Server) renderRetention(w http.ResponseWriter, r *http.Request, status int, typed retentionForms) error {
	ctx, now := r.Context(), s.now()
	after, err := dueCursor(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	counts, err := s.db.RetentionCounts(ctx, now)
	if err != nil {
		return err
	}
	due, err := s.db.RetentionDue(ctx, now, after, duePage, true)
	if err != nil {
		return err
	}
	requests, err := s.db.ErasureRequests(ctx, requestsPage)
	if err != nil {
		return err
	}
	holds, err := s.db.Holds(ctx, true, holdsPage)
	if err != nil {
		return err
	}
	page := retentionPage(counts, due, requests, holds, typed, me(r), now)
	page.Shell = s.shell(r, "Retention", views.PlaceRetention)
	page.Shell.Problem = len(typed.problems) > 0
	if said, ok := retentionNews[r.URL.Query().Get("done")]; ok {
		page.Notices = append(page.Notices, views.Notice{Tone: views.ToneGood, News: true, Strong: said})
	}
	if scrubbing, _, err := s.db.Scrubbing(ctx); err != nil {
		return err
	} else if scrubbing {
		page.Notices = append(page.Notices, views.Notice{Tone: views.ToneAttention, Strong: "The file is still being cleaned of what was erased.",
			Text: "Nothing shows it any more; its traces go when the file is written anew, by itself."})
	}
	return s.render(w, r, status, page)
}

var retentionNews = map[string]string{
	"hold":   "On hold. Nothing of theirs is erased until it is lifted.",
	"lifted": "The hold is lifted.",
}

// dueCursor reads where a page of due subjects begins: milliseconds, a dash, the subject's id.
func dueCursor(text string) (store.DueCursor, error) {
	if text == "" {
		return store.DueCursor{}, nil
	}
	at, id, _ := strings.Cut(text, "-")
	ms, err := strconv.ParseInt(at, 10, 64)
	subject, bad := review.ParseSubjectID(id)
	if err != nil || bad != nil {
		return store.DueCursor{}, fmt.Errorf("retention: %w", review.ErrNotFound)
	}
	return store.DueCursor{Due: time.UnixMilli(ms).UTC(), Subject: subject}, nil
}

func retentionPage(counts []store.RetentionCount, due []store.DueSubject, requests []store.ErasureRequest, holds []store.Hold, typed retentionForms,
	who review.Colleague, now time.Time) views.RetentionPage {
	p := views.RetentionPage{Acts: leads.admits(who.Role), Ask: typed.ask, Hold: typed.hold,
		Problems: views.Problems{Head: "Nothing was recorded yet", List: problemList(typed.problems)}}
	total := 0
	for _, c := range counts {
		row := views.RetentionRow{Class: views.RetentionClassWords(c.Class), Kept: "as long as the database", All: views.Number(c.All),
			Held: views.Number(c.Held), Due: views.Number(c.Due)}
		if c.Days > 0 {
			row.Kept = views.Plural(c.Days, "day", "days")
		}
		if c.Class == review.RetainAccess {
			row.Held, row.Due = "–", "by itself"
		} else {
			total += c.Due
		}
		p.Classes = append(p.Classes, row)
	}
	p.Lead, p.DueIs = "No subject may go yet", "Nobody’s time is over"
	if total > 0 {
		p.Lead = views.Plural(total, "subject may go", "subjects may go")
		p.DueIs = views.Plural(total, "subject is", "subjects are") + " past the earliest date of deletion, the longest first"
	}
	for _, d := range due {
		row := views.DueRow{Subject: d.Subject.String(), About: aboutRefs(d.Roots), Reviews: reviewLinks(d.Reviews), Class: views.RetentionClassWords(d.Class),
			Since: views.At(d.Ended, now), Due: views.At(d.Due, now), Goes: views.Go{Href: goingHref(d.Subject), Words: goesWords(d.Goes)}, Ticked: slices.Contains(typed.ticked, d.Subject.String())}
		if d.Asked != 0 {
			row.Asked = views.Go{Href: erasureHref(d.Asked), Words: "Asked for"}
		}
		p.Due = append(p.Due, row)
	}
	if len(due) == duePage {
		last := due[len(due)-1]
		p.More = views.Go{Href: retentionAt + "?after=" + strconv.FormatInt(last.Due.UnixMilli(), 10) + "-" + last.Subject.String(), Words: "The next ones"}
	}
	for _, q := range requests {
		p.Requests = append(p.Requests, views.ErasureRow{To: views.Go{Href: erasureHref(q.Entry), Words: "Entry " + views.Number(int(q.Entry))},
			Ground: views.ErasureGroundWords(q.Ground), Who: whoWords(q.By, q.ByName, who.ID).Text, At: views.At(q.At, now), Goes: goesWords(q.Goes), State: requestState(q)})
	}
	for _, h := range holds {
		row := views.HoldRow{Number: strconv.FormatInt(int64(h.Entry), 10), About: aboutRefs(h.Roots), Reviews: reviewLinks(h.Reviews),
			Who: whoWords(h.By, h.ByName, who.ID).Text, At: views.At(h.At, now), Words: str(h.Words)}
		switch {
		case !h.Lifted.IsZero():
			row.Lifted = instant(h.Lifted, now) + ", " + str(h.LiftedBy).Text
		case p.Acts:
			row.Lift = retentionAt + "/holds/" + row.Number + "/lift"
		}
		p.Holds = append(p.Holds, row)
	}
	return p
}

func reviewLinks(ids []review.ReviewID) []views.Go {
	var all []views.Go
	for _, id := range ids {
		all = append(all, views.Go{Href: reviewHref(id), Words: id.String()})
	}
	return all
}

// aboutRefs names a subject by what was reviewed: ids are no secrets.
func aboutRefs(refs []review.Ref) string {
	if len(refs) == 0 {
		return "nothing that is left"
	}
	words := str(refs[0].ID).Text
	if more := len(refs) - 1; more > 0 {
		words += " and " + views.Number(more) + " more"
	}
	return words
}

// goesWords counts what goes in a line.
func goesWords(g review.Goes) string {
	words := []string{views.Plural(g.Payloads, "payload", "payloads"), views.Plural(g.Files, "file", "files"), views.Plural(g.Texts, "text", "texts")}
	if size := byteSize(g.Bytes()); size != "" {
		words = append(words, size)
	}
	if g.Subjects > 1 {
		words = append([]string{views.Plural(g.Subjects, "subject", "subjects")}, words...)
	}
	return strings.Join(words, ", ")
}

// setHold puts a subject on hold.
func (s *Server) setHold(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var object, why string
	if err := errors.Join(f.single("object", &object), f.single("why", &why)); err != nil {
		return err
	}
	_, err = s.db.SetHold(r.Context(), me(r).ID, review.HoldForm{Object: strings.TrimSpace(object), Words: why})
	var invalid *review.Invalid
	if errors.As(err, &invalid) {
		for i := range invalid.Problems {
			if invalid.Problems[i].Field == "words" {
				invalid.Problems[i].Field = "why"
			}
		}
		return s.renderRetention(w, r, http.StatusUnprocessableEntity, retentionForms{hold: views.HoldForm{Object: object, Words: why},
			problems: invalid.Problems})
	}
	if err != nil {
		return err
	}
	seeOther(w, retentionAt+"?done=hold")
	return nil
}

// liftHold ends one.
func (s *Server) liftHold(w http.ResponseWriter, r *http.Request) error {
	id, f, err := entryForm(r)
	if err != nil {
		return err
	}
	var words string
	if err := f.single("words", &words); err != nil {
		return err
	}
	err = s.db.LiftHold(r.Context(), id, me(r).ID, words)
	var invalid *review.Invalid
	if errors.As(err, &invalid) {
		return s.renderRetention(w, r, http.StatusUnprocessableEntity, retentionForms{
			problems: []review.Problem{{Field: "lift-" + r.PathValue("id"), Text: "Say why the hold ends"}}})
	}
	if err != nil {
		return err
	}
	s.wake()
	seeOther(w, retentionAt+"?done=lifted")
	return nil
}

// entryForm reads which entry a form is about, and the form.
func entryForm(r *http.Request) (review.EntryID, form, error) {
	id, err := pathEntry(r)
	if err != nil {
		return 0, form{}, err
	}
	f, err := readForm(r)
	return id, f, err
}

// pathEntry reads which entry an address names.
func pathEntry(r *http.Request) (review.EntryID, error) {
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != r.PathValue("id") {
		return 0, fmt.Errorf("entry: %w", review.ErrNotFound)
	}
	return review.EntryID(n), nil
}

// keptNotices say on a review what keeps it, and that two people had it erased.
func keptNotices(holds []store.Hold, erased *store.ErasedReview, now time.Time) []views.Notice {
	var all []views.Notice
	if erased != nil {
		all = append(all, views.Notice{Strong: "Personal data erased here on " + instant(erased.At, now) + ".",
			Text: "Asked for by " + str(erased.AskedBy).Text + ", agreed to by " + str(erased.AgreedBy).Text + ". Ground: " + lowerFirst(views.ErasureGroundWords(erased.Ground)) +
				". What was decided, by whom and when stays; names, dates, files and every text are gone for good."})
	}
	for _, h := range holds {
		all = append(all, views.Notice{Tone: views.ToneAttention, Strong: "Legal hold since " + instant(h.At, now) + ".",
			Text: "Nothing of this subject is erased until it is lifted.", To: views.Go{Href: retentionAt + "#holds", Words: "The holds"}})
	}
	return all
}
