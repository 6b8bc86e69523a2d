package persona

import "math/bits"

// Most of a payload lies in strings, so what ends one is looked for eight bytes at a time.

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// marks sets the high bit of each byte that is a quote, a backslash or a control character. Above the
// lowest of them it may set others; it never leaves one out.
func marks(x uint64) uint64 {
	quote, slash := x^'"'*ones, x^'\\'*ones
	return ((x-' '*ones) & ^x | (quote-ones)&^quote | (slash-ones)&^slash) & highs
}

// plainTo is where in s, from there on, the first quote, backslash or control character stands; the
// length of s when there is none.
func plainTo(s string, from int) int {
	i := from
	for ; len(s)-i >= 8; i += 8 {
		t := s[i : i+8]
		x := uint64(t[0]) | uint64(t[1])<<8 | uint64(t[2])<<16 | uint64(t[3])<<24 |
			uint64(t[4])<<32 | uint64(t[5])<<40 | uint64(t[6])<<48 | uint64(t[7])<<56
		if m := marks(x); m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for ; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			break
		}
	}
	return i
}
