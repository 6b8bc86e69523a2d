package persona_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
	"docket/store"
)

// TestWhatPersonaDidIsRecordedThoughWhoeverAskedHungUp has the person go in the moment between Persona's
// answer and what docket writes down of it.
func TestWhatPersonaDidIsRecordedThoughWhoeverAskedHungUp(t *testing.T) {
	t.Parallel()
	var posted atomic.Bool
	s := newStand(t, func(o *standOptions) {
		o.wrap = func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				answer := httptest.NewRecorder()
				h.ServeHTTP(answer, r)
				posted.Store(r.Method == http.MethodPost)
				maps.Copy(w.Header(), answer.Header())
				w.WriteHeader(answer.Code)
				_, _ = w.Write(answer.Body.Bytes())
			})
		}
	})
	d := newDesk(t, s)
	s.hook = d.take
	id := d.screen("Ilka Brandywater")
	d.work(4)
	inquiry := d.file(id).Dossier.Transaction.Fallback
	require.NotEmpty(t, inquiry)
	by := colleague(t, d)

	hangingUp := func(act func(ctx context.Context, l *persona.Live) error) {
		t.Helper()
		posted.Store(false)
		ctx, hangUp := context.WithCancel(t.Context())
		defer hangUp()
		c, err := persona.NewClient(persona.ClientOptions{Key: deskKey, BaseURL: s.server.URL + "/api/v1", Rate: 1 << 20, Loopback: true,
			Clock: func() time.Time { // it is asked when an answer has come
				if posted.Load() {
					hangUp()
				}
				return s.clock.Now()
			}})
		require.NoError(t, err)
		defer c.Close()
		require.NoError(t, act(ctx, persona.NewLive(persona.LiveOptions{DB: d.db, Client: c, Clock: s.clock.Now, TransactionType: sandbox.TypePerson})))
		require.Error(t, ctx.Err(), "they hung up")
	}
	linked := func() (n int) {
		t.Helper()
		require.NoError(t, d.db.EachEntry(t.Context(), store.Span{}, func(e store.EntryRow) error {
			if e.Act == review.ActLinked {
				n++
			}
			return nil
		}))
		return n
	}
	hangingUp(func(ctx context.Context, l *persona.Live) error {
		_, _, err := l.OneTimeLink(ctx, inquiry, by)
		return err
	})
	assert.Equal(t, 1, linked())
	require.True(t, s.Expire(inquiry))
	hangingUp(func(ctx context.Context, l *persona.Live) error {
		_, err := l.Resume(ctx, inquiry, by)
		return err
	})
	assert.Equal(t, 2, linked())
	var made review.TransactionID
	hangingUp(func(ctx context.Context, l *persona.Live) (err error) {
		made, err = l.Screen(ctx, review.ScreeningForm{NameFirst: "Tova", NameLast: "Lindqvist", Key: strings.Repeat("k", 20)}, string(by))
		return err
	})
	assert.Equal(t, made, d.file(made).Dossier.Transaction.ID)
	assert.Contains(t, refsOfErrands(d.errands(review.ErrandWaiting)), review.Ref{Type: "transaction", ID: string(made)})
}

func refsOfErrands(all []review.Errand) (refs []review.Ref) {
	for _, e := range all {
		refs = append(refs, e.Ref)
	}
	return refs
}

func TestAnErrandForWhatIsNotThereHoldsNoOtherBack(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s, func(o *persona.LiveOptions) { o.Files = true })
	s.hook = d.take
	id := d.screen("Ilka Brandywater")
	d.work(4)
	inquiry := review.Ref{Type: "inquiry", ID: d.file(id).Dossier.Transaction.Fallback}
	lost := review.Ref{Type: "inquiry/lost", ID: inquiry.ID} // Persona gives it, under another type than it was named by
	_, err := d.db.Want(t.Context(), []review.Errand{
		{Kind: review.ErrandFiles, Ref: lost, Cause: "files", State: review.ErrandWaiting},
		{Kind: review.ErrandResource, Ref: inquiry, Cause: "again", State: review.ErrandWaiting}})
	require.NoError(t, err)
	before := s.asked(http.MethodGet, "/inquiries/")
	d.work(3)
	assert.Greater(t, s.asked(http.MethodGet, "/inquiries/"), before+1)
	assert.Empty(t, d.errands(review.ErrandWaiting))
}
