package web

import (
	"net/url"
	"strconv"
	"strings"

	"docket/review"
)

// The addresses of our pages. Ids and types are Persona's and opaque: each part is escaped.

func reviewHref(id review.ReviewID) string { return "/reviews/" + strconv.FormatInt(int64(id), 10) }

// asSeenHref is a review as it stood when an entry was written.
func asSeenHref(id review.ReviewID, entry review.EntryID) string {
	return reviewHref(id) + "/as-seen/" + strconv.FormatInt(int64(entry), 10)
}

func transactionHref(id review.TransactionID) string {
	return "/transactions/" + url.PathEscape(string(id))
}

func resourceHref(ref review.Ref) string {
	if ref.Type == "" || ref.ID == "" {
		return ""
	}
	parts := strings.Split(ref.Type, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "/resources/" + strings.Join(parts, "/") + "/" + url.PathEscape(ref.ID)
}

// resourceRef reads the path of a resource back: the type has slashes, the id is what stands
// after the last one.
func resourceRef(escapedPath string) (review.Ref, error) {
	path, ok := strings.CutPrefix(escapedPath, "/resources/")
	at := strings.LastIndexByte(path, '/')
	if !ok || at <= 0 || at == len(path)-1 {
		return review.Ref{}, review.ErrNotFound
	}
	var ref review.Ref
	var err error
	if ref.Type, err = url.PathUnescape(path[:at]); err != nil {
		return review.Ref{}, review.ErrNotFound
	}
	if ref.ID, err = url.PathUnescape(path[at+1:]); err != nil {
		return review.Ref{}, review.ErrNotFound
	}
	return ref, nil
}

func payloadHref(h review.Hash) string { return "/payloads/" + h.String() }
