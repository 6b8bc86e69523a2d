package web_test

import (
	"context"
	"io"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/web"
)

// leaver reads some bytes and goes away.
type leaver struct {
	left int
	gone func()
}

func (w *leaver) Write(b []byte) (int, error) {
	n := min(len(b), w.left)
	if w.left -= n; n < len(b) {
		w.gone()
		return n, io.ErrClosedPipe
	}
	return n, nil
}

// A pack is on the trail before its first byte leaves. One that broke off is there twice: that it was taken
// stands, since what left may have been read, and how far it came is said beside it.
func TestAPackThatBreaksOffIsSaidToHave(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.decided(id, review.Approve)
	for _, left := range []int{0, 1, 20_000} {
		pack, err := web.TakeEvidence(t.Context(), h.db, web.EvidenceAsk{Review: id, By: "auditor", Via: "web"})
		require.NoError(t, err)
		file, err := h.db.ReviewFile(t.Context(), id)
		require.NoError(t, err)
		taken := file.Entries[0]
		require.Equal(t, review.ActExported, taken.Act, "before a byte left")
		ctx, gone := context.WithCancel(t.Context())
		require.ErrorIs(t, pack.Write(ctx, &leaver{left, gone}), io.ErrClosedPipe)

		file, err = h.db.ReviewFile(t.Context(), id)
		require.NoError(t, err)
		broken := file.Entries[0]
		assert.Equal(t, taken.ID, file.Entries[1].ID, "it stands")
		assert.Equal(t, review.ActExported, broken.Act)
		assert.Equal(t, taken.ID, broken.Answers)
		assert.Equal(t, review.ColleagueID("auditor"), broken.By)
		assert.Equal(t, "yes", broken.Detail["broken"])
		assert.Equal(t, strconv.Itoa(left), broken.Detail["bytes"])
		newest, err := h.db.NewestCheckpoint(t.Context())
		require.NoError(t, err)
		assert.Equal(t, int64(broken.ID), newest.Size, "and leaves the machine too")
		assert.Contains(t, h.as("lead").get(reviewPath(id)).text(`li[data-act="exported"]`), "did not get the copy of entry "+strconv.Itoa(int(taken.ID))+" whole")
	}
	u := h.evidencePack(web.EvidenceAsk{Review: id, By: "auditor", Via: "web"})
	assert.Contains(t, string(u.files["reviews/"+id.String()+".html"]), "It broke off after")
}

func TestWhatDoesNotGoIntoOnePackIsNotTaken(t *testing.T) {
	t.Parallel()
	require.NoError(t, web.PackFits(0, review.MaxPackFiles, review.MaxPackBytes))
	require.NoError(t, web.PackFits(7, review.MaxPackFiles, review.MaxPackBytes))
	for _, over := range []struct {
		files int
		bytes int64
	}{{review.MaxPackFiles + 1, 1}, {1, review.MaxPackBytes + 1}} {
		var inv *review.Invalid
		require.ErrorAs(t, web.PackFits(0, over.files, over.bytes), &inv, "fewer days help")
		assert.Equal(t, "to", inv.Problems[0].Field)
		err := web.PackFits(7, over.files, over.bytes)
		require.ErrorIs(t, err, review.ErrPackFull, "nothing helps")
		assert.Equal(t, 422, web.StatusOf(err))
	}
}
