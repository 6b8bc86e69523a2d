package web_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/web"
)

// erasureAgreed has two people agree to erase the subject of a review. It goes with the next round.
func (h *house) erasureAgreed(id review.ReviewID) {
	h.t.Helper()
	h.colleague("second", review.RoleLead)
	lead, second := h.as("lead"), h.as("second")
	request, _, _ := strings.Cut(lead.post("/retention/erasures", url.Values{"other": {id.String()}, "ground": {"order"}, "words": {"A court"}}).is(303).to(), "?")
	list := second.get(request).page().Find("[name=list]").AttrOr("value", "")
	second.post(request+"/agree", url.Values{"list": {list}, "password": {password}}).is(http.StatusSeeOther)
}

// upon does something once, when the first bytes come.
type upon struct {
	bytes.Buffer
	do func()
}

func (w *upon) Write(b []byte) (int, error) {
	if w.do != nil {
		w.do()
		w.do = nil
	}
	return w.Buffer.Write(b)
}

func TestAPackThatAnErasureOvertakesIsTakenAnew(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.decided(id, review.Approve)
	h.erasureAgreed(id)
	pack, err := web.TakeEvidence(t.Context(), h.db, web.EvidenceAsk{Review: id, By: "auditor", Via: "web"})
	require.NoError(t, err)
	before := h.exportMarks()
	_, err = h.db.Erase(t.Context())
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, pack.Write(t.Context(), &out))
	u := unpack(t, out.Bytes(), h.db.LedgerPublic())
	assert.Contains(t, string(u.files["entries/"+id.String()+".ndjson"]), `\"act\":\"erased\"`, "it is of the state after")
	assert.False(t, bytes.Contains(u.raw, []byte("Falade")), "what was erased is not in it")
	assert.Equal(t, before+2, h.exportMarks(), "the first did not leave, and was taken anew")
}

func TestALargePackThatAnErasureOvertakesBreaksOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.decided(id, review.Approve)
	h.erasureAgreed(id)
	pack, err := web.TakeEvidence(t.Context(), h.db, web.EvidenceAsk{Review: id, By: "auditor", Via: "web"})
	require.NoError(t, err)
	web.HoldNothing(pack)
	out := &upon{do: func() {
		_, err := h.db.Erase(t.Context())
		assert.NoError(t, err)
	}}
	err = pack.Write(t.Context(), out)
	require.ErrorContains(t, err, "something was erased while the pack was written")
	require.NotZero(t, out.Len())
	_, err = review.VerifyPack(bytes.NewReader(out.Bytes()), int64(out.Len()), h.db.LedgerPublic())
	require.Error(t, err, "nobody takes it for whole")
	file, err := h.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, "yes", file.Entries[0].Detail["broken"])

	h.clock.Pass(time.Minute)
	u := h.evidencePack(web.EvidenceAsk{Review: id, By: "auditor", Via: "web"})
	assert.False(t, bytes.Contains(u.raw, []byte("Falade")))
}

// Persona erases somebody at any time: that stands in nobody's way who is not in the pack.
func TestAPackDoesNotMindTheErasureOfOthers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var ids []review.ReviewID
	for _, who := range []person{zorvane(), ekene()} {
		h.take(who.payload())
		ids = append(ids, h.opened())
		h.decided(ids[len(ids)-1], review.Approve)
	}
	h.erasureAgreed(ids[0])
	pack, err := web.TakeEvidence(t.Context(), h.db, web.EvidenceAsk{Review: ids[1], By: "auditor", Via: "web"})
	require.NoError(t, err)
	web.HoldNothing(pack)
	marks := h.exportMarks()
	out := &upon{do: func() {
		_, err := h.db.Erase(t.Context())
		assert.NoError(t, err)
	}}
	require.NoError(t, pack.Write(t.Context(), out))
	unpack(t, out.Bytes(), h.db.LedgerPublic())
	assert.Equal(t, marks, h.exportMarks())
	erased := h.as("lead").get(reviewPath(ids[0])).is(200)
	assert.NotContains(t, erased.body, "Zorvane", "it did happen meanwhile")
}
