package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/views"
)

var (
	// errMalformed: a request that no page of ours makes.
	errMalformed = errors.New("malformed request")
	// errMethod: the address is right, what is asked of it is not.
	errMethod = errors.New("method not allowed")
	// errCrossSite: another site's page tried to post with our cookie.
	errCrossSite = errors.New("posted from another site")
	// errErased: what was here was erased, all of it.
	errErased = errors.New("erased")
)

// tooMany refuses for a while.
type tooMany struct{ wait time.Duration }

func (e *tooMany) Error() string { return "too many tries" }

// told is an error with words of its own for the person who meets it.
type told struct {
	err        error
	head, text string
	acts       []views.Go
}

func (e *told) Error() string { return e.err.Error() }
func (e *told) Unwrap() error { return e.err }

// statusOf is the one place that says what an error means over HTTP.
func statusOf(err error) int {
	var invalid *review.Invalid
	var large *http.MaxBytesError
	var wait *tooMany
	var refused *persona.Refused
	switch {
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &wait):
		return http.StatusTooManyRequests
	case errors.As(err, &invalid), errors.Is(err, review.ErrPackFull):
		return http.StatusUnprocessableEntity
	case errors.As(err, &refused): // before ErrNotFound: Persona's 404 says nothing of our page
		return http.StatusUnprocessableEntity
	case errors.Is(err, persona.ErrUnavailable):
		return http.StatusBadGateway
	case errors.Is(err, review.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, errErased):
		return http.StatusGone
	case errors.Is(err, review.ErrConflict), errors.Is(err, review.ErrStale), errors.Is(err, errNotConnected):
		return http.StatusConflict
	case errors.Is(err, review.ErrForbidden), errors.Is(err, errCrossSite):
		return http.StatusForbidden
	case errors.Is(err, errMalformed):
		return http.StatusBadRequest
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed
	case errors.Is(err, errBusy), errors.Is(err, store.ErrBusy), errors.Is(err, store.ErrRebuilding),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// fail answers a request that a handler could not.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, errSignIn) {
		s.toLogin(w, r)
		return
	}
	status := statusOf(err)
	visitOf(r.Context()).err = err
	if rec, ok := w.(*recorder); ok && rec.status != 0 {
		panic(http.ErrAbortHandler) // part of an answer is out: cut it off, so that it is not taken for whole
	}
	retryAfter(w, err)
	s.problem(w, r, status, err)
}

// retryAfter says when to come back, where waiting helps.
func retryAfter(w http.ResponseWriter, err error) {
	var wait *tooMany
	switch {
	case errors.As(err, &wait):
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.wait.Seconds())))))
	case statusOf(err) == http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", "5")
	}
}

// problem writes the page for a status. What the error says itself never reaches it: only
// words that were written for people do.
func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, err error) {
	v := visitOf(r.Context())
	h := w.Header()
	for _, k := range []string{"Content-Disposition", "Content-Length", "ETag", "Last-Modified"} {
		h.Del(k)
	}
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("Cache-Control", "no-store")
	page := views.ProblemPage{Shell: s.shell(r, "", views.PlaceNone), Status: status, Reference: v.id}
	var said *told
	if errors.As(err, &said) {
		page.Head, page.Text, page.Acts = said.head, said.text, said.acts
	} else if errors.Is(err, errCrossSite) {
		page.Head = "Sent from another site"
		page.Text = "Your browser says that this form was not on a page of docket. Nothing was recorded. Open the page here and try again."
	} else if errors.Is(err, store.ErrRebuilding) {
		page.Head = "docket is being made ready"
		page.Text = "The pages are made anew from what was received; until that is done they would show only a part. Nothing is lost. If it takes long, tell whoever looks after docket: the rebuild may have been cut short."
	}
	page.Title = problemTitle(status)
	if page.Head != "" {
		page.Title = page.Head
	}
	if e := s.render(w, r, status, page); e != nil {
		// The last resort: plain words, so that something comes back.
		s.log.Error("problem page", "request", v.id, "error", e)
		h.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write([]byte("docket cannot show this page. Reference " + v.id + "\n"))
	}
}

func problemTitle(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "This request cannot be read"
	case http.StatusForbidden:
		return "Not allowed for your role"
	case http.StatusNotFound:
		return "Nothing here"
	case http.StatusGone:
		return "Erased"
	case http.StatusMethodNotAllowed:
		return "This cannot be done here"
	case http.StatusConflict:
		return "Someone else was first"
	case http.StatusRequestEntityTooLarge:
		return "Too much at once"
	case http.StatusUnprocessableEntity:
		return "Something needs another look"
	case http.StatusTooManyRequests:
		return "Too many tries"
	case http.StatusBadGateway:
		return "Persona does not answer"
	case http.StatusServiceUnavailable:
		return "docket cannot answer just now"
	}
	return "Something went wrong here"
}
