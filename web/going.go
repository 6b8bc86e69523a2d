package web

import (
	"net/http"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// goingPage is how many things one page lists.
const goingPage = 100

// showGoing is what an erasure of one subject would take, row by row.
func (s *Server) showGoing(w http.ResponseWriter, r *http.Request) error {
	id, err := review.ParseSubjectID(r.PathValue("id"))
	if err != nil {
		return err
	}
	after, err := store.ParseGoingCursor(r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	found, err := s.db.Going(r.Context(), id, after, goingPage)
	if err != nil {
		return err
	}
	page := goingRows(id, found, s.now())
	page.Shell = s.shell(r, "What would go", views.PlaceRetention)
	return s.render(w, r, http.StatusOK, page)
}

func goingHref(id review.SubjectID) string { return retentionAt + "/subjects/" + id.String() }

func goingRows(id review.SubjectID, found store.GoingPage, now time.Time) views.GoingPage {
	p := views.GoingPage{About: aboutRefs(found.Roots), Reviews: reviewLinks(found.Reviews), Back: views.Go{Href: retentionAt, Words: "Back to retention"},
		Lead: "If this subject were erased now: each payload, state, file and text, in this order"}
	if found.Blocked != "" {
		p.Notices = append(p.Notices, views.Notice{Tone: views.ToneAttention, Strong: "All of it stays for now: " + found.Blocked + "."})
	}
	for _, it := range found.Items {
		row := views.GoingRow{What: views.GoingWords(it.What), ID: str(it.ID).Text, From: str(it.From).Text, Size: sizeWords(it), Stays: capital(it.Stays)}
		if !it.At.IsZero() {
			row.At = views.At(it.At, now)
		}
		switch it.What {
		case review.GoingPayload, review.GoingUnread:
			row.To = "/payloads/" + it.ID
		case review.GoingFinding:
			row.ID, row.Size = "Entry "+row.ID, views.Plural(it.N, "match", "matches")
		case review.GoingReasons:
			row.ID, row.Size = "Entry "+row.ID, views.Plural(it.N, "reason", "reasons")
		case review.GoingText:
			row.ID, row.From = "Entry "+row.ID, views.ActWords(review.Act(it.From))
		}
		p.Rows = append(p.Rows, row)
	}
	if found.Next != (store.GoingCursor{}) {
		p.More = views.Go{Href: goingHref(id) + "?after=" + found.Next.String(), Words: "The next ones"}
	}
	return p
}

func sizeWords(it review.Going) string {
	size := byteSize(it.Size)
	switch {
	case size == "" || it.Left == it.Size:
		return size
	case it.Left > 0:
		return size + ", " + byteSize(it.Left) + " left"
	}
	return size
}
