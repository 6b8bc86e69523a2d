package review_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// seeded gives the same bytes every time.
func seeded(seed byte) *bytes.Reader { return bytes.NewReader(bytes.Repeat([]byte{seed, 3, 5, 7}, 64)) }

func ledgerKey(t testing.TB, seed byte, origin string) (*review.LedgerKey, string) {
	t.Helper()
	private, err := review.NewLedgerKey(seeded(seed), origin)
	require.NoError(t, err)
	k, err := review.ParseLedgerKey(private + "\n")
	require.NoError(t, err)
	return k, private
}

func TestCheckpointIsReadBackOnlyUnderItsKey(t *testing.T) {
	t.Parallel()
	k, private := ledgerKey(t, 1, "docket/0a")
	c := review.Checkpoint{Origin: "docket/0a", Size: 18209, Root: review.Sum([]byte("root"))}
	signed, err := k.Sign(c)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(signed, "docket/0a\n18209\n"))
	got, err := k.Public().Open(signed)
	require.NoError(t, err)
	assert.Equal(t, c, got)
	got, err = review.PeekCheckpoint(signed)
	require.NoError(t, err)
	assert.Equal(t, c, got)

	other, _ := ledgerKey(t, 2, "docket/0a")
	_, err = other.Public().Open(signed)
	assert.Error(t, err)
	elsewhere, _ := ledgerKey(t, 1, "docket/0b")
	_, err = elsewhere.Public().Open(signed)
	assert.Error(t, err)
	_, err = elsewhere.Sign(c)
	assert.Error(t, err, "a key signs for its own ledger only")
	for _, shown := range []string{fmt.Sprint(k), fmt.Sprintf("%+v", k), fmt.Sprintf("%#v", k)} {
		assert.Equal(t, string(k.Public()), shown)
		assert.NotContains(t, shown, private)
	}
}

func TestEveryBitOfANoteAndOfItsKeyCounts(t *testing.T) {
	t.Parallel()
	k, private := ledgerKey(t, 1, "docket/0a")
	signed, err := k.Sign(review.Checkpoint{Origin: "docket/0a", Size: 7, Root: review.Sum([]byte("root"))})
	require.NoError(t, err)
	public := k.Public()
	for i := range len(signed) * 8 {
		harmed := []byte(signed)
		harmed[i/8] ^= 1 << (i % 8)
		_, err := public.Open(string(harmed))
		require.Error(t, err, "bit %d of the note", i)
	}
	for i := range len(public) * 8 {
		harmed := []byte(public)
		harmed[i/8] ^= 1 << (i % 8)
		_, err := review.LedgerPublic(harmed).Open(signed)
		require.Error(t, err, "bit %d of the key", i)
	}
	for i := range len(private) * 8 {
		harmed := []byte(private)
		harmed[i/8] ^= 1 << (i % 8)
		k, err := review.ParseLedgerKey(string(harmed))
		switch number := len("PRIVATE+KEY+docket/0a+"); {
		case err != nil:
			assert.NotContains(t, err.Error(), private[20:40])
		case i/8 < number || i/8 >= number+8: // the key's number may be in capitals
			assert.NotEqual(t, public, k.Public(), "bit %d of the private key", i)
		}
	}
}

func TestWhatIsNoCheckpointIsRefused(t *testing.T) {
	t.Parallel()
	good := review.Checkpoint{Origin: "docket/0a", Size: 7, Root: review.Sum([]byte("root"))}.Text()
	_, err := review.ParseCheckpoint(good)
	require.NoError(t, err)
	for _, bad := range []string{"", "a\n1\n", good + "x\n", strings.Replace(good, "\n7\n", "\n07\n", 1), strings.Replace(good, "\n7\n", "\n-7\n", 1),
		strings.Replace(good, "\n7\n", "\n+7\n", 1), "\n" + good, strings.TrimSuffix(good, "\n"), strings.Replace(good, "docket/0a", "", 1), good[:len(good)-9] + "\n"} {
		_, err := review.ParseCheckpoint(bad)
		assert.Error(t, err, "%q", bad)
	}
	for _, bad := range []string{"", "PRIVATE+KEY+x", "PRIVATE+KEY+docket/1+00000000+AAAA", "x"} {
		_, err := review.ParseLedgerKey(bad)
		assert.Error(t, err)
		_, err = review.ParseLedgerPublic(bad)
		assert.Error(t, err)
	}
	_, err = review.NewLedgerKey(seeded(1), "no name")
	assert.Error(t, err)
}

func TestAFileOfNotesIsCutIntoThem(t *testing.T) {
	t.Parallel()
	k, _ := ledgerKey(t, 1, "docket/0a")
	var signed []string
	for n := range int64(3) {
		s, err := k.Sign(review.Checkpoint{Origin: "docket/0a", Size: n, Root: review.Sum([]byte{byte(n)})})
		require.NoError(t, err)
		signed = append(signed, s)
	}
	assert.Equal(t, signed, review.SplitNotes(strings.Join(signed, "")))
	assert.Equal(t, signed, review.SplitNotes("\n"+strings.Join(signed, "\n\n")+"\n"))
	assert.Equal(t, signed, review.SplitNotes(strings.ReplaceAll(strings.Join(signed, "\n"), "\n", "\r\n")))
	assert.Empty(t, review.SplitNotes("\n\n"))
	harmed := review.SplitNotes(signed[0] + "junk\n" + signed[1])
	require.Len(t, harmed, 2)
	_, err := k.Public().Open(harmed[1])
	assert.Error(t, err, "junk is noticed, not skipped")
}
