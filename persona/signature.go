package persona

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Why a delivery is not taken for Persona's. None of them says more, so that a page or a log
// line made of them tells a forger nothing.
var (
	ErrNoSignature    = errors.New("no signature")
	ErrBadSignature   = errors.New("wrong signature")
	ErrStaleSignature = errors.New("signature too old or too far ahead")
)

// The window that a signature's time may lie in unless configured otherwise. It is wide because
// Persona tries again for 51 hours and does not say whether each try is signed afresh; the guard
// against replay is the event's id, not the time.
// https://docs.withpersona.com/webhooks-best-practices
const (
	DefaultBack  = 72 * time.Hour
	DefaultAhead = 10 * time.Minute
)

// SignatureHeader carries the signature of a delivery.
const SignatureHeader = "Persona-Signature"

// maxSets is how many signatures of one request are looked at. While a secret is rotated there
// are two; each more costs another hash over the whole body.
const maxSets = 8

// Signatures knows Persona's webhook secrets and says whether a delivery was signed with one
// of them. It is safe for concurrent use.
type Signatures struct {
	sealed
	secrets     []signingSecret
	back, ahead time.Duration
}

type signingSecret struct {
	key []byte
	id  string // tells secrets apart without telling them
}

// NewSignatures takes the secrets as Persona shows them (wbhsec_…), newest first, and how far
// back and ahead of now a signature's time may lie; 0 means no limit on that side. Blank
// secrets are dropped: they would let anybody sign. With no secret at all nothing verifies.
func NewSignatures(secrets []string, back, ahead time.Duration) *Signatures {
	s := &Signatures{back: back, ahead: ahead}
	seen := map[string]bool{}
	for _, v := range secrets {
		v = strings.TrimSpace(v)
		if v == "" || seen[v] {
			continue
		}
		seen[v] = true
		sum := sha256.Sum256([]byte(v))
		s.secrets = append(s.secrets, signingSecret{key: []byte(v), id: hex.EncodeToString(sum[:4])})
	}
	return s
}

// IDs names the secrets, newest first, as Verify does.
func (s *Signatures) IDs() []string {
	ids := make([]string, len(s.secrets))
	for i, sec := range s.secrets {
		ids[i] = sec.id
	}
	return ids
}

// Verify says which secret signed the body: the first 8 hex digits of the secret's SHA-256.
// headers are all values of SignatureHeader, body the bytes exactly as received. The error is
// ErrNoSignature, ErrBadSignature or ErrStaleSignature.
//
// A header holds one or, while secrets rotate, several sets "t=<unix seconds>,v1=<hex>" parted
// by a space; one right set is enough. What is signed is t, a dot and the body, by HMAC-SHA256
// under the whole secret. https://docs.withpersona.com/webhooks-best-practices
func (s *Signatures) Verify(headers []string, body []byte, now time.Time) (secret string, err error) {
	sets, any := signatureSets(headers)
	if !any {
		return "", ErrNoSignature
	}
	// Each secret meets each set whatever came out before: how long it takes says nothing of
	// which secret or set was right.
	first, stale := -1, false
	for _, set := range sets {
		isFresh := s.isFresh(set.at, now)
		for i, sec := range s.secrets {
			mac := hmac.New(sha256.New, sec.key)
			mac.Write([]byte(set.signed))
			mac.Write([]byte{'.'})
			mac.Write(body)
			isRight := hmac.Equal(mac.Sum(nil), set.mac)
			if isRight && isFresh && (first < 0 || i < first) {
				first = i
			}
			stale = stale || isRight
		}
	}
	switch {
	case first >= 0:
		return s.secrets[first].id, nil
	case stale:
		return "", ErrStaleSignature
	}
	return "", ErrBadSignature
}

func (s *Signatures) isFresh(at int64, now time.Time) bool {
	t := time.Unix(at, 0)
	return (s.back <= 0 || !t.Before(now.Add(-s.back))) && (s.ahead <= 0 || !t.After(now.Add(s.ahead)))
}

// signatureSet is one "t=…,v1=…".
type signatureSet struct {
	signed string // t as it was written: what was signed
	at     int64
	mac    []byte
}

// signatureSets reads the header's values; any says that something was there. A set that cannot
// be read proves nothing and is passed over; a header with more sets than maxSets proves nothing
// at all.
func signatureSets(headers []string) (sets []signatureSet, any bool) {
	count := 0
	for _, h := range headers {
		for word := range strings.FieldsSeq(h) {
			if count++; count > maxSets {
				return nil, true
			}
			if set, ok := readSignatureSet(word); ok {
				sets = append(sets, set)
			}
		}
	}
	return sets, count > 0
}

// readSignatureSet reads one set; parts of other schemes than v1 are passed over, v1 is the only
// one that we take, and whatever is there twice makes the set worth nothing.
func readSignatureSet(word string) (set signatureSet, ok bool) {
	for part := range strings.SplitSeq(word, ",") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "t":
			at, err := strconv.ParseUint(value, 10, 40) // up to the year 36812
			if set.signed != "" || err != nil || len(value) > 12 {
				return signatureSet{}, false
			}
			set.signed, set.at = value, int64(at)
		case "v1":
			mac, err := hex.DecodeString(boundHex(value))
			if set.mac != nil || err != nil || len(mac) != sha256.Size {
				return signatureSet{}, false
			}
			set.mac = mac
		}
	}
	return set, set.signed != "" && set.mac != nil
}

// boundHex keeps a long text from being decoded only to be found too long.
func boundHex(s string) string {
	if len(s) != 2*sha256.Size {
		return "-"
	}
	return s
}
