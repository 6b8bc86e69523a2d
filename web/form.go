package web

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"docket/review"
)

// form is the body of a post: never the query string beside it.
type form struct{ values url.Values }

// readForm reads the body. One that no form of ours sends is errMalformed.
func readForm(r *http.Request) (form, error) {
	if ct := r.Header.Get("Content-Type"); ct != "" {
		if media, _, err := mime.ParseMediaType(ct); err != nil || media != "application/x-www-form-urlencoded" {
			return form{}, fmt.Errorf("read a form: media type: %w", errMalformed)
		}
	}
	if err := r.ParseForm(); err != nil {
		if statusOf(err) == http.StatusRequestEntityTooLarge {
			return form{}, fmt.Errorf("read a form: %w", err)
		}
		return form{}, fmt.Errorf("read a form: %w", errMalformed)
	}
	for name, values := range r.PostForm {
		for _, v := range values {
			if !utf8.ValidString(v) || !utf8.ValidString(name) {
				return form{}, fmt.Errorf("read a form: not UTF-8: %w", errMalformed)
			}
		}
	}
	return form{r.PostForm}, nil
}

// single reads a field that our forms send once; sent twice, nobody can say which was meant.
// Line ends become the ones that people mean.
func (f form) single(name string, target *string) error {
	switch v := f.values[name]; len(v) {
	case 0:
		*target = ""
		return nil
	case 1:
		*target = strings.ReplaceAll(v[0], "\r\n", "\n")
		return nil
	}
	return fmt.Errorf("read a form: a field sent twice: %w", errMalformed)
}

// disposition reads a finding.
func (f form) disposition() (review.DispositionForm, error) {
	var finding, reason, note, evidence string
	err := errors.Join(f.single("finding", &finding), f.single("reason", &reason), f.single("note", &note),
		f.single("evidence", &evidence))
	form := review.DispositionForm{Finding: review.Finding(finding), Reason: review.Reason(reason), Note: note, Evidence: evidence}
	for _, k := range f.values["match"] {
		form.Matches = append(form.Matches, review.MatchKey(k))
	}
	return form, err
}

// decision reads a decision or its correction.
func (f form) decision() (review.DecisionForm, error) {
	var outcome, reason, note, evidence, corrects string
	err := errors.Join(f.single("outcome", &outcome), f.single("reason", &reason), f.single("note", &note),
		f.single("evidence", &evidence), f.single("corrects", &corrects))
	form := review.DecisionForm{Outcome: review.Outcome(outcome), Reason: review.Reason(reason), Note: note, Evidence: evidence}
	if corrects != "" {
		n, bad := strconv.ParseInt(corrects, 10, 64)
		if bad != nil || n <= 0 {
			err = errors.Join(err, fmt.Errorf("read a form: which decision it corrects: %w", errMalformed))
		}
		form.Corrects = review.EntryID(n)
	}
	return form, err
}
