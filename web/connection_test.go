package web_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/web"
)

// wire is a connection whose deadlines and writes a test sees.
type wire struct {
	*httptest.ResponseRecorder
	read, write time.Time
	wrote       func() // before the first byte is taken
}

func (w *wire) SetReadDeadline(t time.Time) error  { w.read = t; return nil }
func (w *wire) SetWriteDeadline(t time.Time) error { w.write = t; return nil }

func (w *wire) Write(b []byte) (int, error) {
	if w.wrote != nil {
		w.wrote()
	}
	return w.ResponseRecorder.Write(b)
}

// request is one of a colleague's, straight to the server.
func (h *house) request(ctx context.Context, as review.ColleagueID, method, path string, body io.Reader) *http.Request {
	h.t.Helper()
	hash, err := h.db.PasswordHash(ctx, as)
	require.NoError(h.t, err)
	session, err := h.db.BeginSession(ctx, nil, as, hash, "test")
	require.NoError(h.t, err)
	r := httptest.NewRequestWithContext(ctx, method, path, body)
	r.Header.Set("Cookie", web.SessionCookie(session))
	return r
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(b []byte) (int, error) { return f(b) }

func TestALargeFileHasTheTimeThatASlowLineTakes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.claimed(id, "reviewer")
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	part, err := m.CreateFormFile("file", "letter.pdf")
	require.NoError(t, err)
	_, err = part.Write([]byte("%PDF-1.7\n%%EOF\n"))
	require.NoError(t, err)
	require.NoError(t, m.Close())

	w := &wire{ResponseRecorder: httptest.NewRecorder()}
	began, moved := time.Now(), false
	r := h.request(t.Context(), "reviewer", http.MethodPost, "/reviews/"+id.String()[2:]+"/attachments", readFunc(func(b []byte) (int, error) {
		moved = w.read.Sub(began) >= 3*time.Minute && w.write.After(w.read) // 20 MB at a megabit a second
		return form.Read(b)
	}))
	r.Header.Set("Content-Type", m.FormDataContentType())
	h.server.ServeHTTP(w, r)
	assert.Equal(t, http.StatusSeeOther, w.Code, w.Body.String())
	assert.True(t, moved, "before the first byte of the body was asked for")

	plain := &wire{ResponseRecorder: httptest.NewRecorder()}
	h.server.ServeHTTP(plain, h.request(t.Context(), "reviewer", http.MethodGet, "/reviews", nil))
	assert.Zero(t, plain.read, "no other request has it")
}

func TestALookIsOnRecordThoughTheReaderLeftBeforeThePageWasWhole(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	ctx, leave := context.WithCancel(t.Context())
	w := &wire{ResponseRecorder: httptest.NewRecorder(), wrote: leave}
	h.server.ServeHTTP(w, h.request(ctx, "reviewer", http.MethodGet, "/reviews/"+id.String()[2:], nil))
	require.Equal(t, http.StatusOK, w.Code)
	require.Error(t, ctx.Err())
	file, err := h.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	require.Len(t, file.Looks, 1)
	assert.EqualValues(t, "reviewer", file.Looks[0].By)
}
