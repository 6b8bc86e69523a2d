package review

import (
	"crypto/sha256"
	"errors"
	"hash"
	"strconv"
	"time"
)

// A span of the access log is rows that are counted no more, sealed by one entry of the trail: act
// `seen`, about no review, by nobody, with DetailWhat WhatAccesses. Its rows go together, once the policy
// keeps none of them any longer, and then an entry of act `erased` with the same DetailWhat names the
// entry that sealed them.

// What entries about spans of the access log say in their detail.
const (
	DetailWhat   = "what"
	WhatAccesses = "accesses"

	DetailSeals  = "seals"  // erased: the entries whose rows went, as EntrySpans writes them
	DetailBefore = "before" // erased: no row is younger
)

// AccessSpan is what the entry that seals a span says of it. Its rows are all that there were from First
// to Last; numbers in between may be missing, none came later.
type AccessSpan struct {
	First, Last int64 // numbers of rows, both there
	Rows        int64
	From, To    time.Time // the first access of all and the last, in milliseconds
	Digest      Hash      // see AccessSealer
}

// Detail is what the entry says.
func (s AccessSpan) Detail() map[string]string {
	return map[string]string{DetailWhat: WhatAccesses, "first": strconv.FormatInt(s.First, 10), "last": strconv.FormatInt(s.Last, 10),
		"rows": strconv.FormatInt(s.Rows, 10), "from": LedgerInstant(s.From), "to": LedgerInstant(s.To), "digest": s.Digest.String()}
}

// ParseAccessSpan reads what Detail wrote; anything else is an error.
func ParseAccessSpan(detail map[string]string) (AccessSpan, error) {
	var s AccessSpan
	var errs [6]error
	s.First, errs[0] = strconv.ParseInt(detail["first"], 10, 64)
	s.Last, errs[1] = strconv.ParseInt(detail["last"], 10, 64)
	s.Rows, errs[2] = strconv.ParseInt(detail["rows"], 10, 64)
	s.From, errs[3] = ParseLedgerInstant(detail["from"])
	s.To, errs[4] = ParseLedgerInstant(detail["to"])
	s.Digest, errs[5] = ParseHash(detail["digest"])
	if err := errors.Join(errs[:]...); err != nil {
		return s, err
	}
	if s.First < 1 || s.Last < s.First || s.Rows < 1 || s.Rows > s.Last-s.First+1 || s.To.Before(s.From) {
		return s, errors.New("no span of the access log is like this")
	}
	return s, nil
}

// LedgerInstant writes an instant as records do: RFC 3339 in UTC with three digits of milliseconds.
func LedgerInstant(t time.Time) string { return t.UTC().Format(ledgerTime) }

// ParseLedgerInstant reads what LedgerInstant wrote; anything else is an error.
func ParseLedgerInstant(s string) (time.Time, error) {
	ms, err := ledgerMillis(s)
	return time.UnixMilli(ms).UTC(), err
}

// AccessHint tells which row of a span is not as it was. It proves nothing: the digest does.
type AccessHint [8]byte

// AccessSealer commits to the rows of a span: SHA-256 of "docket accesses 1", a zero byte, 32 bytes of
// salt, and each row in the order of their numbers as canonical JSON (RFC 8785) with a line end behind
// it. Members of a row that would say nothing are absent. The salt goes with the rows, so that the
// digest that stays says nothing of them, not even to who guesses them.
type AccessSealer struct {
	all  hash.Hash
	salt Salt
	row  []byte
}

// NewAccessSealer begins a span.
func NewAccessSealer(salt Salt) *AccessSealer {
	s := &AccessSealer{all: sha256.New(), salt: salt}
	s.all.Write([]byte("docket accesses 1\x00"))
	s.all.Write(salt[:])
	return s
}

// Add adds a row. ByName is no part of it: a name changes.
func (s *AccessSealer) Add(x *Access) {
	row := append(s.row[:0], s.salt[:]...)
	row = appendMember(row, `{"by":`, string(x.By))
	row = appendInstant(append(row, `,"first_at":`...), x.FirstAt.UnixMilli())
	row = strconv.AppendInt(append(row, `,"id":`...), x.ID, 10)
	row = appendInstant(append(row, `,"last_at":`...), x.LastAt.UnixMilli())
	row = strconv.AppendInt(append(row, `,"n":`...), int64(x.N), 10)
	row = appendMember(row, `,"object":`, x.Object)
	row = appendNumber(row, `,"review":`, int64(x.Review))
	row = append(appendMember(row, `,"what":`, string(x.What)), "}\n"...)
	s.row = row
	s.all.Write(row[SaltSize:])
}

// Hint is the hint to the row that was added last.
func (s *AccessSealer) Hint() AccessHint {
	own := sha256.Sum256(s.row)
	return AccessHint(own[:len(AccessHint{})])
}

// Sum is the digest of what was added so far.
func (s *AccessSealer) Sum() Hash { return Hash(s.all.Sum(nil)) }
