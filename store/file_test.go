package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store/storetest"
)

func TestAFileIsHeldByItsDigestUnderEveryLink(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	front := []byte("\xff\xd8\xff\xe0 the front")
	passport := review.HeldFile{Ref: ref("document/government-id", "doc_1"), Link: "https://files.example/front", Name: "../front.jpg", Media: "image/jpeg"}
	require.NoError(t, db.KeepFile(t.Context(), passport, front))
	clock.Advance(time.Hour)
	again := passport
	again.Ref, again.Hash = ref("verification/government-id", "ver_1"), review.Sum(front)
	require.NoError(t, db.KeepFile(t.Context(), again, front))
	require.NoError(t, db.KeepFile(t.Context(), again, front), "the same again")
	clock.Advance(time.Hour)
	require.NoError(t, db.KeepFile(t.Context(), passport, []byte("another picture")))

	held, err := db.HeldFiles(t.Context(), []review.Ref{passport.Ref, again.Ref, ref("document/government-id", "doc_2")})
	require.NoError(t, err)
	newer, older := passport, passport
	newer.Hash, newer.Bytes, newer.FetchedAt = review.Sum([]byte("another picture")), 15, storetest.Start.Add(2*time.Hour)
	older.Hash, older.Bytes, older.FetchedAt = review.Sum(front), int64(len(front)), storetest.Start
	again.Bytes, again.FetchedAt = int64(len(front)), storetest.Start.Add(time.Hour)
	assert.Equal(t, []review.HeldFile{newer, again, older}, held)
	held, err = db.HeldFiles(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, held)

	got, body, err := db.File(t.Context(), review.Sum(front))
	require.NoError(t, err)
	assert.Equal(t, front, body)
	assert.Equal(t, again, got, "the newest link that led to it")
	_, _, err = db.File(t.Context(), review.Hash{1})
	require.ErrorIs(t, err, review.ErrNotFound)
	wrong := passport
	wrong.Hash = review.Hash{1}
	require.Error(t, db.KeepFile(t.Context(), wrong, front))
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}
