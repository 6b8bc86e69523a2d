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
	form.Premises = f.values["premise"]
	for _, m := range f.values["missing"] {
		form.Missing = append(form.Missing, review.Fact(m))
	}
	for _, c := range f.values["carry"] {
		entry, bad := entryID(c)
		err = errors.Join(err, bad)
		form.Carry = append(form.Carry, entry)
	}
	return form, err
}

// decision reads a decision or its correction.
func (f form) decision() (review.DecisionForm, error) {
	var outcome, reason, note, evidence, corrects string
	err := errors.Join(f.single("outcome", &outcome), f.single("reason", &reason), f.single("note", &note),
		f.single("evidence", &evidence), f.single("corrects", &corrects))
	form := review.DecisionForm{Outcome: review.Outcome(outcome), Reason: review.Reason(reason), Note: note, Evidence: evidence}
	form.Checked = f.values["check"]
	if corrects != "" {
		var bad error
		form.Corrects, bad = entryID(corrects)
		err = errors.Join(err, bad)
	}
	return form, err
}

// entryID reads which entry of the trail a field names.
func entryID(s string) (review.EntryID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("read a form: which entry it is about: %w", errMalformed)
	}
	return review.EntryID(n), nil
}
