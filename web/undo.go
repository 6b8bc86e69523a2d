package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"docket/review"
	"docket/views"
)

// undo takes back a finding of one's own, and goes to the party that it was on.
func (s *Server) undo(w http.ResponseWriter, r *http.Request) error {
	id, f, err := reviewForm(r)
	if err != nil {
		return err
	}
	var raw, evidence string
	if err := errors.Join(f.single("entry", &raw), f.single("evidence", &evidence)); err != nil {
		return err
	}
	entry, err := entryID(raw)
	if err != nil {
		return err
	}
	made, err := s.db.Undo(r.Context(), id, me(r).ID, entry, evidence)
	switch {
	case errors.Is(err, review.ErrStale):
		return s.renderStale(w, r, id, stale{undo: true, shown: evidence})
	case err != nil:
		return s.notUndone(r, id, entry, err)
	}
	b, err := s.builder(r, id)
	if err != nil {
		return err
	}
	b.prepare()
	seeOther(w, recordedHref(id, made, b.anchorOf(made)))
	return nil
}

// notUndone says why a finding could not be taken back.
func (s *Server) notUndone(r *http.Request, id review.ReviewID, entry review.EntryID, err error) error {
	if !errors.Is(err, review.ErrConflict) {
		return err
	}
	file, e := s.db.ReviewFile(r.Context(), id)
	if e != nil {
		return errors.Join(err, e)
	}
	if c := file.Review.Claim; file.Review.State == review.StateClosed || !c.Active(s.now()) || c.By != me(r).ID {
		return s.inTheWay(r, id, err)
	}
	said := &told{err: err, head: "This finding cannot be taken back", text: "A newer one stands on the same matches. Change that one instead; nothing was recorded.",
		acts: []views.Go{{Href: reviewHref(id), Words: "Open " + id.String()}}}
	for _, old := range file.Entries {
		switch {
		case old.Undoes == entry:
			said.text = "It was taken back already. Nothing was recorded a second time."
		case old.ID == entry && old.By != me(r).ID:
			said.text = "Only who recorded a finding takes it back. You can record another one over it."
		}
	}
	return said
}

// anchorOf leads to the party that an entry is about, "" when it has gone.
func (b *reviewBuilder) anchorOf(entry review.EntryID) string {
	for _, e := range b.file.Entries {
		if e.ID != entry {
			continue
		}
		for _, g := range b.groups {
			if slices.ContainsFunc(g.open, func(m review.Match) bool { return slices.Contains(e.Matches, m.Key) }) {
				return partyAnchor(g.number)
			}
		}
	}
	return ""
}

// undo offers to take back a finding.
func (b *reviewBuilder) undo(entry review.EntryID, words string) *views.Undo {
	return &views.Undo{Action: b.href() + "/undo", Evidence: b.file.Review.Evidence.String(), Entry: strconv.FormatInt(int64(entry), 10), Words: words}
}
