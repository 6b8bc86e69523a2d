package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// maxUpload bounds a request that brings a file: the file, and what a browser writes around it.
const maxUpload = review.MaxAttachment + 64<<10

// uploadFor is how long a file may take to come: 20 MB over a slow line take longer than what the server
// gives any other request, and what is answered is written after that.
const uploadFor = 5 * time.Minute

// isUpload says that a path is the one route that takes files.
func isUpload(path string) bool {
	return strings.HasPrefix(path, "/reviews/") && strings.HasSuffix(path, "/attachments")
}

// readUpload reads the one file of a form. It is read once, up to the bound, and nothing of it is ever
// written beside the database.
func readUpload(r *http.Request) (review.AttachmentForm, error) {
	var none review.AttachmentForm
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		return none, fmt.Errorf("read a file: media type: %w", errMalformed)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return none, fmt.Errorf("read a file: %w", errMalformed)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return none, nil // no file was chosen: the check says so
		}
		if err != nil {
			return none, uploadError(err)
		}
		if part.FormName() != "file" {
			continue
		}
		body, err := io.ReadAll(io.LimitReader(part, review.MaxAttachment+1))
		if err != nil {
			return none, uploadError(err)
		}
		if len(body) > review.MaxAttachment {
			return none, tooLarge(&http.MaxBytesError{Limit: review.MaxAttachment})
		}
		return review.AttachmentForm{Name: part.FileName(), Body: body}, nil
	}
}

func uploadError(err error) error {
	if statusOf(err) == http.StatusRequestEntityTooLarge {
		return tooLarge(err)
	}
	return fmt.Errorf("read a file: %w", errMalformed)
}

func tooLarge(err error) error {
	return &told{err: err, head: "This file is too large", text: "Up to 20 MB. Nothing was stored."}
}

// attach adds a file to a review.
func (s *Server) attach(w http.ResponseWriter, r *http.Request) error {
	id, err := reviewID(r)
	if err != nil {
		return err
	}
	// The wall clock: deadlines of the connection. A server that cannot move them keeps its own.
	control, until := http.NewResponseController(w), time.Now().Add(uploadFor)
	_ = control.SetReadDeadline(until)
	_ = control.SetWriteDeadline(until.Add(writeFor))
	form, err := readUpload(r)
	if err != nil {
		return err
	}
	made, err := s.db.Attach(r.Context(), id, me(r).ID, form)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		b, err := s.builder(r, id)
		if err != nil {
			return err
		}
		b.typed = typed{attached: true, problems: invalid.Problems}
		return s.renderReview(w, r, http.StatusUnprocessableEntity, b)
	case err != nil:
		return s.inTheWay(r, id, err)
	}
	seeOther(w, recordedHref(id, made.Entry, "#attachments"))
	return nil
}

// attachments are the files of the review; nil when there are none and the reader cannot add one.
func (b *reviewBuilder) attachments() *views.Attachments {
	r := b.file.Review
	a := &views.Attachments{Lead: "none"}
	if n := len(b.file.Attachments); n > 0 {
		a.Lead = views.Plural(n, "file", "files")
	}
	for _, t := range b.file.Attachments {
		row := views.AttachmentRow{Name: str(t.Name), About: t.Media + ", " + byteSize(int64(t.Bytes)), By: whoWords(t.By, t.ByName, b.me.ID),
			At: views.At(t.At, b.now), Entry: views.Number(int(t.Entry)), Href: fileHref(t.Hash)}
		if row.Name.Text == "" {
			row.Name = views.S("File")
		}
		if t.Gone {
			row.Href = ""
		}
		a.Rows = append(a.Rows, row)
	}
	if b.stood == nil && r.State != review.StateApproval && review.CanActOn(r, b.me, b.now) == nil {
		a.Form = &views.AttachForm{Action: b.href() + "/attachments"}
		if b.typed.attached && len(b.typed.problems) > 0 {
			a.Form.Open, a.Form.Problem = true, b.typed.problems[0].Text
		}
	}
	if len(a.Rows) == 0 && a.Form == nil {
		return nil
	}
	return a
}
