package persona_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/persona"
)

func TestWhatEndsAStringIsFoundWhereverItStands(t *testing.T) {
	t.Parallel()
	slowly := func(b []byte, from int) int {
		for from < len(b) && b[from] >= ' ' && b[from] != '"' && b[from] != '\\' {
			from++
		}
		return from
	}
	for c := range 256 { // each byte at each place, among bytes of each kind
		for _, filler := range []byte{'a', ' ', 0x7f, 0x80, 0xff, '!', '#', '[', ']'} {
			for length := 1; length < 20; length++ {
				for place := range length {
					b := make([]byte, length)
					for i := range b {
						b[i] = filler
					}
					b[place] = byte(c)
					for from := range min(length, 3) {
						require.Equal(t, slowly(b, from), persona.PlainTo(string(b), from), "%q from %d", b, from)
					}
				}
			}
		}
	}
	r := rand.New(rand.NewPCG(7, 7))
	for range 20_000 {
		b := make([]byte, r.IntN(40))
		for i := range b {
			b[i] = byte(r.IntN(256))
			if r.IntN(3) > 0 {
				b[i] = "\"\\\x1f\x00 !#[]\x80"[r.IntN(10)]
			}
		}
		from := r.IntN(len(b) + 1)
		require.Equal(t, slowly(b, from), persona.PlainTo(string(b), from), "%q from %d", b, from)
	}
}

func TestAStringEndsAtTheFirstQuoteThatNoBackslashEscapes(t *testing.T) {
	t.Parallel()
	slowly := func(b []byte, i int) (int, bool) {
		for escaped := false; i < len(b); i++ {
			switch {
			case escaped:
				escaped = false
			case b[i] == '\\':
				escaped = true
			case b[i] == '"':
				return i, false
			}
		}
		return len(b), true
	}
	r := rand.New(rand.NewPCG(8, 8))
	open := 0
	for range 50_000 {
		b := make([]byte, r.IntN(24))
		for i := range b {
			b[i] = "\"\\\\\\ab{\x01"[r.IntN(8)]
		}
		from := r.IntN(len(b) + 1)
		end, stays := slowly(b, from)
		gotEnd, gotStays := persona.AfterString(b, from)
		require.Equal(t, end, gotEnd, "%q from %d", b, from)
		require.Equal(t, stays, gotStays, "%q from %d", b, from)
		if stays {
			open++
		}
	}
	require.NotZero(t, open)
}
