package web

import (
	"net/http"
	"strings"

	"docket/review"
)

// bare are the routes for colleagues on whose pages no subject is named. Every other one leaves a
// record of who had what before them, so that a new page cannot be forgotten.
var bare = map[string]bool{
	"GET /{$}":                             true, // leads on
	"POST /reviews/next":                   true,
	"GET /screen":                          true, // an empty form
	"POST /screen":                         true, // what was typed oneself
	"POST /keys":                           true,
	"GET /account":                         true,
	"POST /account/password":               true,
	"GET /account/prove":                   true,
	"POST /account/prove":                  true,
	"GET /admin/telling":                   true,
	"POST /admin/telling":                  true,
	"GET /admin/colleagues":                true,
	"POST /admin/colleagues":               true,
	"POST /admin/colleagues/{id}/role":     true,
	"POST /admin/colleagues/{id}/disable":  true,
	"POST /admin/colleagues/{id}/enable":   true,
	"POST /admin/colleagues/{id}/password": true,
	"GET /insights":                        true, // numbers
	"GET /quality":                         true, // numbers
	"GET /ledger":                          true, // hashes
	"GET /admin/policy":                    true,
}

// maxObject bounds the name of what was opened.
const maxObject = 300

// accessOf says what an answer of a route puts before its reader.
func accessOf(rt route, r *http.Request) (what review.AccessKind, object string, of review.ReviewID) {
	path := rt.path
	switch {
	case strings.HasPrefix(path, "/reviews/{id}"):
		id, err := review.ParseReviewID(r.PathValue("id"))
		if err != nil {
			return review.AccessPages, "/reviews", 0
		}
		return review.AccessReview, id.String()[2:], id
	case path == "/reviews" && r.URL.Query().Get("q") != "":
		return review.AccessSearch, "", 0
	case path == "/reviews":
		return review.AccessQueue, "", 0
	case path == "/decisions":
		return review.AccessDecisions, "", 0
	case strings.HasPrefix(path, "/transactions/{id}"):
		return review.AccessTransaction, r.PathValue("id"), 0
	case strings.HasPrefix(path, "/resources/"):
		if ref, err := resourceRef(r.URL.EscapedPath()); err == nil {
			return review.AccessResource, ref.Family() + "/" + ref.ID, 0 // as the store tells resources apart
		}
	case path == "/payloads/{sha256}":
		return review.AccessPayload, r.PathValue("sha256"), 0
	case path == "/files/{sha256}":
		return review.AccessFile, r.PathValue("sha256"), 0
	case path == "/parties/{key}":
		return review.AccessParty, r.PathValue("key"), 0
	case path == "/record":
		return review.AccessRecord, recordObject(r.URL.Query()), 0
	case path == "/record.csv", path == "/record.ndjson", path == "/record.xlsx":
		return review.AccessExport, strings.TrimPrefix(path, "/") + " " + recordObject(r.URL.Query()), 0
	case strings.HasPrefix(path, "/decisions."):
		return review.AccessExport, strings.TrimPrefix(path, "/"), 0
	}
	// A token is for whom it was given to, and nobody reads it off a record.
	before, _, _ := strings.Cut(path, "{token}")
	if before != path {
		return review.AccessPages, before, 0
	}
	return review.AccessPages, r.URL.EscapedPath(), 0
}

// witness has the access to personal data recorded before its first byte leaves: of an answer that holds
// some, which a refusal does not. Where it cannot be recorded nothing is shown.
type witness struct {
	*recorder
	record  func() error
	refuse  func(error)
	decided bool // the status is out
	refused bool
}

// WriteHeader records, and then lets the status out.
func (w *witness) WriteHeader(status int) {
	if w.decided {
		if !w.refused {
			w.recorder.WriteHeader(status)
		}
		return
	}
	if status >= 200 {
		w.decided = true
		if holdsData(status) {
			if err := w.record(); err != nil {
				w.refused = true
				w.refuse(err)
				return
			}
		}
	}
	w.recorder.WriteHeader(status)
}

// Write writes, unless nothing may be shown.
func (w *witness) Write(b []byte) (int, error) {
	if !w.decided {
		w.WriteHeader(http.StatusOK)
	}
	if w.refused {
		return len(b), nil
	}
	return w.recorder.Write(b)
}

// holdsData says that an answer of this status has a page of ours on it: the one that was asked for, or
// the one that a form stood on.
func holdsData(status int) bool {
	return status >= 200 && status < 300 || status == http.StatusConflict || status == http.StatusUnprocessableEntity
}

// witnessed answers a route to a colleague, with a record of what they had before them.
func (s *Server) witnessed(rt route, w http.ResponseWriter, r *http.Request) error {
	rec, ok := w.(*recorder)
	if !ok || r.Method == http.MethodHead || bare[rt.pattern()] {
		return rt.handle(w, r)
	}
	what, object, of := accessOf(rt, r)
	by := me(r).ID
	return rt.handle(&witness{
		recorder: rec,
		record: func() error {
			return s.db.Opened(r.Context(), by, what, clip(strings.ToValidUTF8(object, "\uFFFD"), maxObject), of)
		},
		refuse: func(err error) { s.fail(rec, r, err) },
	}, r)
}
