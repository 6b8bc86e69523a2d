package web

import (
	"net/http"

	"docket/review"
	"docket/views"
)

// showGallery lists the specimens: every page in every state. In demonstrations only.
func (s *Server) showGallery(w http.ResponseWriter, r *http.Request) error {
	page := views.ProblemPage{Shell: s.shell(r, "Gallery", views.PlaceNone), Head: "Gallery", Text: "Every page in every state. All people are invented."}
	for _, sp := range views.Gallery() {
		page.Acts = append(page.Acts, views.Go{Href: "/gallery/" + sp.Name, Words: sp.Name})
	}
	return s.render(w, r, http.StatusOK, page)
}

func (s *Server) showSpecimen(w http.ResponseWriter, r *http.Request) error {
	for _, sp := range views.Gallery() {
		if sp.Name == r.PathValue("name") {
			return s.render(w, r, http.StatusOK, sp.Page)
		}
	}
	return review.ErrNotFound
}
