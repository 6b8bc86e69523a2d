package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"docket/review"
)

// dispose records a finding on one or many matches, and goes on to the next party.
func (s *Server) dispose(w http.ResponseWriter, r *http.Request) error {
	id, f, err := reviewForm(r)
	if err != nil {
		return err
	}
	form, err := f.disposition()
	if err != nil {
		return err
	}
	var again, gathered string
	if err := errors.Join(f.single("again", &again), f.single("bulk", &gathered)); err != nil {
		return err
	}
	page, together := bulkOf(gathered)
	if again != "" {
		return s.disposeAgain(w, r, id, form, gathered)
	}
	if together && page.held() {
		if err := s.onlyTicked(r, id, &form); err != nil {
			return err
		}
	}
	made, err := s.db.Dispose(r.Context(), id, me(r).ID, form)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		b, err := s.builder(r, id)
		if err != nil {
			return err
		}
		b.typed = typed{finding: &form, problems: invalid.Problems}
		if together {
			return s.renderBulk(w, r, http.StatusUnprocessableEntity, b, page)
		}
		return s.renderReview(w, r, http.StatusUnprocessableEntity, b)
	case errors.Is(err, review.ErrStale):
		return s.renderStale(w, r, id, stale{finding: &form, shown: form.Evidence, bulk: gathered})
	case err != nil:
		return s.inTheWay(r, id, err)
	}
	b, err := s.builder(r, id)
	if err != nil {
		return err
	}
	b.prepare()
	b.typed.finding = &form
	anchor := ""
	if next := b.nextOpen(b.meant()); next != nil {
		anchor = partyAnchor(next.number)
	}
	entries := make([]review.EntryID, len(made))
	for i, d := range made {
		entries[i] = d.Entry
	}
	seeOther(w, reviewHref(id)+"?recorded="+entrySpan(entries)+anchor)
	return nil
}

// entrySpan names what one act recorded: its entry, or the first and the last of several.
func entrySpan(entries []review.EntryID) string {
	first, last := strconv.FormatInt(int64(slices.Min(entries)), 10), strconv.FormatInt(int64(slices.Max(entries)), 10)
	if first == last {
		return first
	}
	return first + "-" + last
}

// disposeAgain shows the review, or the page of many parties, as it stands now with the words that
// were typed on a page that the evidence has moved past. The answer itself is asked again.
func (s *Server) disposeAgain(w http.ResponseWriter, r *http.Request, id review.ReviewID, form review.DispositionForm, gathered string) error {
	b, err := s.builder(r, id)
	if err != nil {
		return err
	}
	form.Finding, form.Premises, form.Missing = "", nil, nil
	b.typed = typed{finding: &form}
	if page, ok := bulkOf(gathered); ok && b.file.Review.State != review.StateClosed {
		form.Matches = nil
		return s.renderBulk(w, r, http.StatusOK, b, page)
	}
	return s.renderReview(w, r, http.StatusOK, b)
}
