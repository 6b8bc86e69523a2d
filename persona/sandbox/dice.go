package sandbox

import (
	"math/rand/v2"
	"time"
)

// ref names a resource.
type ref struct{ kind, id string }

// dice are one transaction's own source of chance.
type dice struct{ *rand.Rand }

// one in n.
func (d dice) one(n int) bool { return d.IntN(n) == 0 }

// chance is true in p of 1.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between gives a number from lo to hi, both included.
func (d dice) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// pick takes one of the values.
func pick[T any](d dice, from []T) T { return from[d.IntN(len(from))] }

// span gives a duration between two.
func (d dice) span(lo, hi time.Duration) time.Duration {
	return lo + time.Duration(d.Int64N(int64(hi-lo)/int64(time.Millisecond)+1))*time.Millisecond
}

// Persona's ids are base 58: no 0, O, I, l.
const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// id makes an id of Persona's look: a prefix and 24 characters.
func (d dice) id(prefix string) string {
	var buf [40]byte
	b := append(buf[:0], prefix...)
	for range 3 {
		u := d.Uint64()
		for range 8 {
			b = append(b, base58[u%58])
			u /= 58
		}
	}
	return string(b)
}

// code makes a short text of capitals and digits.
func (d dice) code(n int) string {
	const set = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = set[d.IntN(len(set))]
	}
	return string(b)
}

// digits makes a text of digits.
func (d dice) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + d.IntN(10))
	}
	return string(b)
}

// shared makes an id that belongs to the organisation, not to a transaction: the same for
// every seed.
func shared(prefix string, n uint64) string {
	return dice{rand.New(rand.NewPCG(0x0d0c4e7, n))}.id(prefix)
}
