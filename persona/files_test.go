package persona_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFilesAreFetchedAtOnceAndHeldByTheirDigest(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{true, false} {
		s := newStand(t, func(o *standOptions) { o.Included, o.FileFor = sandbox.IncludeAll, time.Hour })
		d := newDesk(t, s, func(o *persona.LiveOptions) { o.Files = on })
		s.hook = d.take
		id := d.screen("Ilka Brandywater")
		d.work(4)
		inquiry := d.file(id).Dossier.Transaction.Fallback
		require.NotEmpty(t, inquiry)
		require.True(t, s.Finish(inquiry, true))
		d.work(4)
		photos := map[review.Ref]review.Photo{}
		var refs []review.Ref
		for _, r := range d.file(id).Dossier.Records {
			for _, p := range r.Photos {
				photos[r.Ref] = p
				refs = append(refs, r.Ref)
			}
		}
		require.NotEmpty(t, photos)
		held, err := d.db.HeldFiles(t.Context(), refs)
		require.NoError(t, err)
		if !on {
			require.Empty(t, held)
			s.settle(2 * time.Hour) // every link that webhooks brought has expired
			require.NoError(t, d.FetchAgain(t.Context(), refs[0], "ada"))
			require.NoError(t, d.FetchAgain(t.Context(), refs[0], "ada"))
			d.drain()
			held, err = d.db.HeldFiles(t.Context(), refs[:1])
			require.NoError(t, err)
			require.NotEmpty(t, held)
			assert.Empty(t, d.errands(review.ErrandFailed))
			assert.Len(t, d.errands(review.ErrandDone), len(doneOnce(d.errands(review.ErrandDone))))
			continue
		}
		for ref, p := range photos {
			found := false
			for _, h := range held {
				if h.Ref != ref || h.Link != p.File.Link {
					continue
				}
				found = true
				f, body, err := d.db.File(t.Context(), h.Hash)
				require.NoError(t, err)
				assert.Equal(t, review.Sum(body), f.Hash)
				assert.Contains(t, []string{"image/jpeg", "image/png", "application/pdf"}, f.Media)
				assert.NotContains(t, f.Link, "access_token")
			}
			assert.True(t, found, "%s %s", ref, p.Page)
		}
		downloads := len(held)
		d.work(3)
		again, err := d.db.HeldFiles(t.Context(), refs)
		require.NoError(t, err)
		assert.Len(t, again, downloads)
	}
}

// doneOnce are the different things that errands were for.
func doneOnce(es []review.Errand) map[review.Errand]bool {
	out := map[review.Errand]bool{}
	for _, e := range es {
		out[review.Errand{Kind: e.Kind, Ref: e.Ref, Cause: e.Cause}] = true
	}
	return out
}

func TestOneNameForDifferentFilesHoldsNone(t *testing.T) {
	t.Parallel()
	pixel := func(n byte) []byte { return append([]byte("\x89PNG\r\n\x1a\n"), n) }
	s := newStand(t, func(o *standOptions) {
		o.wrap = func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case strings.HasPrefix(r.URL.Path, "/files/"):
					_, _ = w.Write(pixel(r.URL.Query().Get("access_token")[0]))
				case strings.HasPrefix(r.URL.Path, "/api/v1/verifications/"):
					host := "http://" + r.Host
					w.Header().Set("Content-Type", "application/json")
					_, _ = fmt.Fprintf(w, `{"data":{"type":"verification/government-id","id":"ver_1","attributes":{"status":"passed","photo-urls":[
						{"page":"front","filename":"a.png","byte-size":9,"url":"%[1]s/files/a.png?access_token=1"},
						{"page":"back","filename":"a.png","byte-size":9,"url":"%[1]s/files/a.png?access_token=2"},
						{"page":"other","filename":"b.png","byte-size":9,"url":"%[1]s/files/b.png?access_token=3"}]}}}`, host)
				default:
					h.ServeHTTP(w, r)
				}
			})
		}
	})
	d := newDesk(t, s, func(o *persona.LiveOptions) { o.Files = true })
	ref := review.Ref{Type: "verification/government-id", ID: "ver_1"}
	require.Equal(t, 200, d.take([]byte(`{"data":{"type":"transaction","id":"txn_1","attributes":{"status":"needs_review","created-at":"2026-06-18T08:00:00Z"},
		"relationships":{"related-objects":{"data":[{"type":"verification/government-id","id":"ver_1"}]}}}}`)))
	d.drain()
	held, err := d.db.HeldFiles(t.Context(), []review.Ref{ref})
	require.NoError(t, err)
	require.Len(t, held, 1)
	assert.Equal(t, review.Sum(pixel('3')), held[0].Hash)
	failed := d.errands(review.ErrandFailed)
	require.Len(t, failed, 1)
	assert.Contains(t, failed[0].Problem, "several different files")
}
