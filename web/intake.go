package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"docket/review"
	"docket/views"
)

const (
	intakeRows = 25 // of each list on a page

	// syncFor bounds a reconciliation that a person asked for: it goes on after the answer.
	syncFor = 15 * time.Minute
)

// showIntake says what arrived, what failed, what is to be fetched and told.
func (s *Server) showIntake(w http.ResponseWriter, r *http.Request) error {
	b := intakeBuilder{me: me(r), connection: s.connection()}
	if s.signatures != nil {
		b.secrets = s.signatures.IDs()
	}
	ctx := r.Context()
	b.at = intakePlace(r.URL.Query())
	var err error
	if b.in, err = s.db.Intake(ctx); err != nil {
		return err
	}
	if b.again, b.againAt, err = s.db.SentAgain(ctx, time.Time{}); err != nil {
		return err
	}
	if b.deliveries, b.next.deliveries, err = pageOf(&b.at.deliveries, func(after string) ([]review.Delivery, string, error) {
		return s.db.Deliveries(ctx, review.DeliveryQuery{State: b.at.state, After: after, Limit: intakeRows})
	}); err != nil {
		return err
	}
	if b.quarantine, b.next.quarantine, err = pageOf(&b.at.quarantine, func(after string) ([]review.Payload, string, error) {
		return s.db.Quarantined(ctx, after, intakeRows)
	}); err != nil {
		return err
	}
	if b.errands, b.next.errands, err = pageOf(&b.at.errands, func(after string) ([]review.Errand, string, error) {
		return s.db.Errands(ctx, []review.ErrandState{review.ErrandFailed, review.ErrandWaiting}, after, intakeRows)
	}); err != nil {
		return err
	}
	if b.pushes, b.next.pushes, err = pageOf(&b.at.pushes, func(after string) ([]review.Push, string, error) {
		return s.db.Pushes(ctx, []review.PushState{review.PushRefused, review.PushDiverged, review.PushWaiting, review.PushSent}, after, intakeRows)
	}); err != nil {
		return err
	}
	page := b.page()
	page.Shell = s.shell(r, "Intake", views.PlaceIntake)
	if n, ok := intakeNotices[r.URL.Query().Get("done")]; ok {
		page.Notices = append([]views.Notice{n}, page.Notices...)
	}
	return s.render(w, r, http.StatusOK, page)
}

// pageOf reads the page of a list that a cursor leads to. A cursor that is none is the first page, as for
// any old link.
func pageOf[T any](after *string, list func(after string) ([]T, string, error)) ([]T, string, error) {
	rows, next, err := list(*after)
	if *after != "" && errors.Is(err, review.ErrNotFound) {
		*after = ""
		rows, next, err = list("")
	}
	return rows, next, err
}

var intakeNotices = map[string]views.Notice{
	"read":    {Tone: views.ToneGood, News: true, Strong: "It is read again.", Text: "If it still cannot be read, it comes back to quarantine with the reason."},
	"fetch":   {Tone: views.ToneGood, News: true, Strong: "It is fetched again now."},
	"retry":   {Tone: views.ToneGood, News: true, Strong: "It is told again now."},
	"drop":    {Tone: views.ToneGood, News: true, Strong: "Given up.", Text: "Persona is not told this; those behind it go on."},
	"sync":    {Tone: views.ToneGood, News: true, Strong: "docket looks for what was missed.", Text: "It takes some minutes; what it finds appears by itself."},
	"syncing": {News: true, Strong: "docket is looking already.", Text: "One reconciliation runs at a time."},
}

func intakeDone(w http.ResponseWriter, what string) error {
	seeOther(w, "/intake?done="+url.QueryEscape(what))
	return nil
}

// lineAnswer reads what is to be done with a line of the page.
func lineAnswer(r *http.Request) (string, error) {
	f, err := readForm(r)
	if err != nil {
		return "", err
	}
	var what string
	err = f.single("answer", &what)
	return what, err
}

var backToIntake = []views.Go{{Href: "/intake", Words: "Back to the intake"}}

// moved gives a line that is not as the page showed it its words.
func moved(err error, text string) error {
	if errors.Is(err, review.ErrConflict) {
		return &told{err: err, head: "It is not as it was", text: text + " Nothing was changed.", acts: backToIntake}
	}
	return err
}

// readAgain takes a payload out of quarantine so that it is read again.
func (s *Server) readAgain(w http.ResponseWriter, r *http.Request) error {
	hash, err := review.ParseHash(r.PathValue("sha256"))
	if err != nil {
		return err
	}
	what, err := lineAnswer(r)
	if err != nil {
		return err
	}
	if what != "retry" {
		return errMalformed
	}
	if err := s.db.Requeue(r.Context(), hash, me(r).ID); err != nil {
		return moved(err, "It was read meanwhile, or it clashes with another delivery and can never be taken.")
	}
	s.wake()
	return intakeDone(w, "read")
}

// retryErrand fetches something again that was given up.
func (s *Server) retryErrand(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return review.ErrNotFound
	}
	what, err := lineAnswer(r)
	if err != nil {
		return err
	}
	if what != "retry" {
		return errMalformed
	}
	if err := s.db.RetryErrand(r.Context(), review.ErrandID(id), me(r).ID); err != nil {
		return moved(err, "It was fetched meanwhile.")
	}
	s.wake()
	return intakeDone(w, "fetch")
}

// settlePush tells Persona again, or gives it up.
func (s *Server) settlePush(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return review.ErrNotFound
	}
	what, err := lineAnswer(r)
	if err != nil {
		return err
	}
	id := review.PushID(n)
	switch what {
	case "retry":
		err = s.db.RetryPush(r.Context(), id, me(r).ID)
	case "drop":
		err = s.db.DropPush(r.Context(), id, me(r).ID)
	default:
		return errMalformed
	}
	if err != nil {
		return moved(err, "Persona was told meanwhile, or somebody gave it up.")
	}
	s.wake()
	return intakeDone(w, what)
}

func (s *Server) wake() {
	if s.live != nil {
		s.live.Wake()
	}
}

// syncNow looks for what webhooks missed. It takes minutes, so it goes on after the answer.
func (s *Server) syncNow(w http.ResponseWriter, r *http.Request) error {
	if err := s.connected(); err != nil {
		return err
	}
	if s.live.State().Syncing {
		return intakeDone(w, "syncing")
	}
	ctx, cancel := context.WithTimeout(s.life, syncFor)
	id := visitOf(r.Context()).id
	s.syncs.Go(func() {
		defer cancel()
		// What it met is shown on the page, from what it notes; here it is for the log.
		if _, err := s.live.Sync(ctx, time.Time{}); err != nil && !errors.Is(err, review.ErrConflict) {
			s.log.Warn("sync", slog.String("request", id), slog.String("error", err.Error()))
		}
	})
	return intakeDone(w, "sync")
}
