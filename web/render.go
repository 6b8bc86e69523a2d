package web

import (
	"bytes"
	"net/http"
	"strconv"
	"sync"

	"docket/views"
)

// buffers holds page buffers between requests; large ones are let go.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const keepBuffer = 1 << 20 // the page of a review with fifty matches is half of it

// render draws a page whole and then sends it: a page is complete, or it is not sent.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, page views.Page) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer func() {
		if buf.Cap() <= keepBuffer {
			buf.Reset()
			buffers.Put(buf)
		}
	}()
	if err := views.Layout(page).Render(r.Context(), buf); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(buf.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes()) // whoever stopped reading is gone; there is nobody to tell
	return nil
}
