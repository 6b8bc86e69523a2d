package review

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// TransactionID is Persona's id of a transaction ("txn_…"). Opaque: no prefix is promised.
type TransactionID string

// ReviewID numbers our reviews from 1. People see it as "R-1042".
type ReviewID int64

// String gives the form that people read and quote.
func (id ReviewID) String() string { return "R-" + strconv.FormatInt(int64(id), 10) }

// ParseReviewID reads "1042" or "R-1042". Anything else is ErrNotFound: an id that cannot be
// read names nothing.
func ParseReviewID(s string) (ReviewID, error) {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "R-"), "r-")
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("review %q: %w", s, ErrNotFound)
	}
	return ReviewID(n), nil
}

// EntryID numbers the lines of the trail from 1, over all reviews.
type EntryID int64

// ColleagueID is a colleague's sign-in name, lower case.
type ColleagueID string

// MatchKey names one match within docket. It is stable over the runs of one report (see
// MatchIdentity) and safe in HTML, URLs and file names: a short prefix and hex.
type MatchKey string

// PartyKey names the listed party behind matches, across reports and subjects.
type PartyKey string

// Hash is a SHA-256 digest.
type Hash [sha256.Size]byte

// Sum digests bytes.
func Sum(b []byte) Hash { return sha256.Sum256(b) }

// String is the lower-case hex form.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero says that no digest was taken.
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText writes the hex form.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads the hex form.
func (h *Hash) UnmarshalText(b []byte) error {
	p, err := ParseHash(string(b))
	*h = p
	return err
}

// ParseHash reads 64 hex digits; anything else is ErrNotFound.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != 2*len(h) || s != strings.ToLower(s) {
		return h, fmt.Errorf("digest: %w", ErrNotFound)
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil {
		return Hash{}, fmt.Errorf("digest: %w", ErrNotFound)
	}
	return h, nil
}

// Ref names a resource at Persona by its type ("report/watchlist") and id ("rep_…").
type Ref struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// String is "type/id".
func (r Ref) String() string { return r.Type + "/" + r.ID }

// IsZero says that nothing is named.
func (r Ref) IsZero() bool { return r == Ref{} }

// Family is the part of the type before its first slash: "report", "verification", "document".
func (r Ref) Family() string {
	f, _, _ := strings.Cut(r.Type, "/")
	return f
}
