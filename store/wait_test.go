package store_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// parked is a desk with an open review that anna holds.
type parked struct {
	*desk
	id review.ReviewID
}

func newParked(t *testing.T) *parked {
	t.Helper()
	p := &parked{desk: newDesk(t)}
	storetest.Import(t, p.DB, storetest.Case{ID: "txn_2", At: storetest.Start, Status: "needs_review", Name: "Person B", Matches: []string{"a"}}.Payload())
	p.id = reviewsOf(t, p.DB, "txn_2")[0].ID
	storetest.Claimed(t, p.DB, p.id, p.anna)
	return p
}

func (p *parked) park(t *testing.T, until time.Time) review.Wait {
	t.Helper()
	w, err := p.Wait(t.Context(), p.id, p.anna, review.WaitForm{Missing: []review.Fact{review.Facts()[0]}, Until: until, Note: "Asked by letter."})
	require.NoError(t, err)
	return w
}

func (p *parked) file(t *testing.T) store.ReviewFile {
	t.Helper()
	return mustFile(t, p.DB, p.id)
}

func TestAReviewWaitsForTheCustomerUntilItsDay(t *testing.T) {
	t.Parallel()
	p := newParked(t)
	w := p.park(t, time.Time{})
	assert.Equal(t, p.clock.Now().Add(7*day).Truncate(day), w.Until, "as the policy says")
	f := p.file(t)
	assert.Equal(t, review.StateWaiting, f.Review.State)
	assert.Empty(t, f.Review.Claim.By)
	assert.Equal(t, &w, f.Wait)
	e := f.Entries[0]
	assert.Equal(t, review.ActWaiting, e.Act)
	assert.Equal(t, map[string]string{"until": w.Until.Format(time.DateOnly), "missing": string(review.Facts()[0])}, e.Detail)
	page, err := p.Queue(t.Context(), review.QueueQuery{Tab: review.TabWaiting})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	assert.Equal(t, w.Missing, page.Rows[0].Wait.Missing)
	_, err = p.Claim(t.Context(), p.id, p.lead, true)
	require.ErrorIs(t, err, review.ErrConflict, "it is woken, not taken")
	require.NoError(t, p.Rebuild(t.Context(), storetest.Read, nil))
	assert.Equal(t, f.Review, p.file(t).Review)

	n, err := p.WakeDue(t.Context())
	require.NoError(t, err)
	assert.Zero(t, n, "too early")
	p.clock.Advance(7 * day)
	n, err = p.WakeDue(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	f = p.file(t)
	assert.Equal(t, review.StateOpen, f.Review.State)
	assert.Equal(t, review.WokenDay, f.Wait.Woken)
	assert.Equal(t, review.ActWoken, f.Entries[0].Act)
	assert.Equal(t, w.Entry, f.Entries[0].Answers)
	n, err = p.WakeDue(t.Context())
	require.NoError(t, err)
	assert.Zero(t, n, "once")
	require.Empty(t, problemsOf(t, p.DB))
}

func TestNewEvidenceWakesAReview(t *testing.T) {
	t.Parallel()
	p := newParked(t)
	p.park(t, time.Time{})
	storetest.Import(t, p.DB, storetest.Payload(storetest.Report("rep_txn_2", storetest.Start.Add(time.Hour), "a", "b")))
	f := p.file(t)
	assert.Equal(t, review.StateOpen, f.Review.State)
	assert.Equal(t, review.WokenEvidence, f.Wait.Woken)
	assert.Equal(t, review.ActWoken, f.Entries[0].Act)
	assert.Empty(t, f.Entries[0].By)
}

func TestWhoWakesAReviewHasIt(t *testing.T) {
	t.Parallel()
	p := newParked(t)
	require.ErrorIs(t, p.Wake(t.Context(), p.id, p.anna), review.ErrConflict, "it does not wait")
	p.park(t, time.Time{})
	auditor := storetest.Colleague(t, p.DB, review.RoleAuditor)
	require.ErrorIs(t, p.Wake(t.Context(), p.id, auditor), review.ErrForbidden)
	require.NoError(t, p.Wake(t.Context(), p.id, p.lead))
	f := p.file(t)
	assert.Equal(t, p.lead, f.Review.Claim.By)
	assert.Equal(t, review.WokenAsked, f.Wait.Woken)
	require.ErrorIs(t, p.Wake(t.Context(), p.id, p.lead), review.ErrConflict)
}

func TestPersonaMovingOnEndsTheWaitForTheCustomer(t *testing.T) {
	t.Parallel()
	p := newParked(t)
	p.park(t, time.Time{})
	storetest.Import(t, p.DB, storetest.Payload(storetest.Transaction("txn_2", "approved", storetest.Start.Add(time.Hour))))
	f := p.file(t)
	assert.Equal(t, review.ClosingPersona, f.Review.Closing)
	assert.Equal(t, review.WokenClosed, f.Wait.Woken)
}

func TestAWaitSaysWhatIsMissingAndUntilWhen(t *testing.T) {
	t.Parallel()
	p := newParked(t)
	known := []review.Fact{review.Facts()[0]}
	for field, form := range map[string]review.WaitForm{
		"missing": {},
		"until":   {Missing: known, Until: p.clock.Now().Add(-day)},
		"note":    {Missing: []review.Fact{review.FactOther}},
	} {
		_, err := p.Wait(t.Context(), p.id, p.anna, form)
		var inv *review.Invalid
		require.ErrorAs(t, err, &inv)
		assert.Equal(t, field, inv.Problems[0].Field)
	}
	_, err := p.Wait(t.Context(), p.id, p.anna, review.WaitForm{Missing: known, Until: p.clock.Now().Add(91 * day)})
	require.Error(t, err)
	_, err = p.Wait(t.Context(), p.id, p.lead, review.WaitForm{Missing: known})
	require.ErrorIs(t, err, review.ErrConflict, "anna has it")
}

func TestAnEscalatedReviewGoesToALead(t *testing.T) {
	t.Parallel()
	p := newParked(t)
	ben := storetest.Colleague(t, p.DB, review.RoleReviewer, "ben")
	var inv *review.Invalid
	_, err := p.Escalate(t.Context(), p.id, p.anna, review.EscalationForm{To: p.lead})
	require.ErrorAs(t, err, &inv, "no note")
	for _, to := range []review.ColleagueID{ben, "nobody"} {
		_, err = p.Escalate(t.Context(), p.id, p.anna, review.EscalationForm{To: to, Note: "Look."})
		require.ErrorAs(t, err, &inv, "no lead")
	}
	_, err = p.Escalate(t.Context(), p.id, ben, review.EscalationForm{Note: "Look."})
	require.ErrorIs(t, err, review.ErrConflict, "anna has it")
	x, err := p.Escalate(t.Context(), p.id, p.anna, review.EscalationForm{To: p.lead, Note: "Look."})
	require.NoError(t, err)
	f := p.file(t)
	assert.Equal(t, &x, f.Escalation)
	assert.Empty(t, f.Review.Claim.By, "her claim ended")
	assert.Equal(t, map[string]string{"to": "lead"}, f.Entries[0].Detail)
	for _, who := range []string{"lead", "escalated"} {
		page, err := p.Queue(t.Context(), review.QueueQuery{Assignee: who})
		require.NoError(t, err)
		require.Len(t, page.Rows, 1, who)
		assert.Equal(t, "Colleague lead", page.Rows[0].Escalation.ToName)
	}
	filters, err := p.QueueFilters(t.Context(), review.TabOpen)
	require.NoError(t, err)
	assert.Equal(t, []review.FilterOption{{Value: "lead", Label: "Colleague lead", N: 1}}, filters.Assignees)
	_, err = p.Next(t.Context(), p.anna)
	require.ErrorIs(t, err, review.ErrNotFound, "not to her again")
	got, err := p.Next(t.Context(), p.lead)
	require.NoError(t, err)
	assert.Equal(t, p.id, got)
	storetest.Disposed(t, p.DB, p.id, p.lead, review.FalsePositive)
	d, err := p.Decide(t.Context(), p.id, p.lead, approve(storetest.Digest(t, p.DB, p.id)))
	require.NoError(t, err)
	assert.False(t, d.Second, "the default policy does not ask for that")
	assert.Equal(t, "escalated", p.file(t).Entries[0].Detail[review.DetailFacts], "but it is known what there was")
}

func picture(t *testing.T, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))))
	return b.Bytes()
}

func TestFilesAreAttachedByWhatTheyAre(t *testing.T) {
	t.Parallel()
	p := newParked(t)
	drawn := picture(t, func(b *bytes.Buffer, i image.Image) error { return png.Encode(b, i) })
	for media, form := range map[string]review.AttachmentForm{
		"application/pdf": {Name: `C:\Users\Ines\pass` + "\u202e" + `port.pdf`, Body: []byte("%PDF-1.7 …")},
		"image/png":       {Name: "a.html", Body: drawn},
		"image/jpeg":      {Name: "b", Body: picture(t, func(b *bytes.Buffer, i image.Image) error { return jpeg.Encode(b, i, nil) })},
	} {
		got, err := p.Attach(t.Context(), p.id, p.anna, form)
		require.NoError(t, err)
		assert.Equal(t, media, got.Media)
		held, body, err := p.File(t.Context(), got.Hash)
		require.NoError(t, err)
		assert.Equal(t, form.Body, body)
		assert.Equal(t, media, held.Media)
		e := p.file(t).Entries[0]
		assert.Equal(t, got.Hash.String(), e.Detail["sha256"])
		assert.NotContains(t, e.Detail, "name", "what the sender called it is personal")
		if media == "application/pdf" {
			assert.Equal(t, "passport.pdf", e.Note)
		}
	}
	assert.Len(t, p.file(t).Attachments, 3)
	huge := bytes.Clone(drawn)
	copy(huge[16:24], []byte{0, 1, 0, 0, 0, 1, 0, 0}) // 65,536 by 65,536 pixels
	for _, body := range [][]byte{nil, []byte("<html>"), []byte("GIF89a"), drawn[:12], huge, bytes.Repeat([]byte("x"), review.MaxAttachment+1), drawn} {
		_, err := p.Attach(t.Context(), p.id, p.anna, review.AttachmentForm{Name: "a.png", Body: body})
		var inv *review.Invalid
		require.ErrorAs(t, err, &inv)
		assert.Equal(t, "file", inv.Problems[0].Field)
	}
	_, err := p.Attach(t.Context(), p.id, p.lead, review.AttachmentForm{Body: []byte("%PDF-2")})
	require.ErrorIs(t, err, review.ErrConflict, "anna has it")
	_, err = p.Attach(t.Context(), p.review, p.anna, review.AttachmentForm{Body: []byte("%PDF-2")})
	require.ErrorIs(t, err, review.ErrConflict, "it is closed")
	assert.Equal(t, 200, len([]rune(review.AttachmentForm{Name: strings.Repeat("ä", 500)}.FileName())))
	require.Empty(t, problemsOf(t, p.DB))
}

func problemsOf(t *testing.T, db *store.DB) []string {
	t.Helper()
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	return problems
}
