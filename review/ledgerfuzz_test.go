package review_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// Only the pack that was signed holds under its key; everything else is refused with a reason, and
// within bounds, whatever sizes it claims.
func FuzzVerifyPack(f *testing.F) {
	p := newPacked(f)
	pack := p.write(f)
	names, files := unzipped(f, pack)
	f.Add(pack)
	f.Add(pack[:len(pack)/2])
	f.Add(rezipped(names[1:], files))
	f.Add([]byte("PK\x05\x06" + string(make([]byte, 18))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, key := range []review.LedgerPublic{p.key.Public(), ""} {
			_, err := verifyPack(raw, key)
			if err == nil {
				require.Equal(t, pack, raw, "another pack holds")
				continue
			}
			var failure *review.PackFailure
			require.True(t, errors.As(err, &failure), err)
			assert.NotEmpty(t, failure.Problem)
		}
	})
}

func FuzzParseRecord(f *testing.F) {
	e := fullEntry()
	record, _ := sealAll(f, &e)
	f.Add(record)
	f.Add([]byte(`{"act":"opened","at":"2026-06-18T09:41:00.000Z","by":"ada","entry":1,"policy":1,"v":1}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := review.ParseRecord(raw)
		if err != nil {
			return
		}
		again, err := r.Append(nil)
		require.NoError(t, err)
		assert.Equal(t, string(raw), string(again), "what is accepted is what was read")
	})
}

// What the notes of a ledger are read from comes from files that anybody may have written.
func FuzzReadNotes(f *testing.F) {
	key := packKey(f, 7, packOrigin)
	signed, err := key.Sign(review.Checkpoint{Origin: packOrigin, Size: 10, Root: review.Sum([]byte("root"))})
	require.NoError(f, err)
	f.Add(signed + "\n" + signed)
	f.Add(signed[:len(signed)-3])
	f.Fuzz(func(t *testing.T, text string) {
		for _, one := range review.SplitNotes(text) {
			if c, err := review.PeekCheckpoint(one); err == nil {
				again, err := review.ParseCheckpoint(c.Text())
				require.NoError(t, err)
				assert.Equal(t, c, again)
			}
			if c, err := key.Public().Open(one); err == nil {
				assert.Equal(t, packOrigin, c.Origin)
				require.True(t, bytes.HasPrefix([]byte(one), []byte(c.Text())))
			}
		}
	})
}

func FuzzParseEntrySpans(f *testing.F) {
	f.Add("12-15,18")
	f.Add("1,2")
	f.Add("9223372036854775807")
	f.Fuzz(func(t *testing.T, text string) {
		spans, err := review.ParseEntrySpans(text)
		if err != nil {
			return
		}
		before := review.EntryID(0)
		for _, s := range spans {
			require.Greater(t, s.First, before)
			require.GreaterOrEqual(t, s.Last, s.First)
			before = s.Last
		}
	})
}
