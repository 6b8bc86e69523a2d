package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"docket/review"
)

// The cost of one password, after OWASP ASVS 5.0.0 Appendix C (argon2id, t=1, m ≥ 46 MiB,
// p=1). It is written into each stored hash, so raising it here changes a hash at the next
// sign-in and breaks none.
const (
	argonTime    = 1
	argonMemory  = 46 << 10 // KiB
	argonThreads = 1
	argonKey     = 32
	argonSalt    = 16
)

// Limits of a password, in characters and bytes.
const (
	MinPassword     = 8
	AdvisedPassword = 15
	MaxPassword     = 1024 // bytes: what is hashed must be bounded
)

// Words of the place that carry no secret here.
var localWords = []string{"docket", "persona", "reviewer", "auditor", "watchlist", "compliance"}

// commonPasswords are 3,000 of the most used passwords of eight characters and more, in
// lower case: from the frequency lists of zxcvbn 4.4.2 (Dropbox, MIT licence).
//
//go:embed common-passwords.txt
var commonPasswords string

var common = sync.OnceValue(func() map[string]bool {
	m := make(map[string]bool, 3000)
	for w := range strings.Lines(commonPasswords) {
		m[strings.TrimSpace(w)] = true
	}
	return m
})

// CheckPassword says what is wrong with a new password of a colleague, as *review.Invalid on
// the field "password"; nil when nothing is. There are no rules about kinds of characters
// (ASVS 6.2.5), and the bytes are taken as they are: nothing is trimmed, folded or normalised.
func CheckPassword(password string, c review.Colleague) error {
	problem := ""
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		problem = fmt.Sprintf("Use at least %d characters; %d or more are better", MinPassword, AdvisedPassword)
	case len(password) > MaxPassword:
		problem = "Use a shorter password, up to 1,024 bytes"
	case guessable(password, c):
		problem = "Choose another one: this password is among the first that anyone would try"
	default:
		return nil
	}
	return &review.Invalid{Problems: []review.Problem{{Field: "password", Text: problem}}}
}

// guessable says that a password is a common one, or little more than a word of the place or
// the colleague's own name.
func guessable(password string, c review.Colleague) bool {
	p := strings.ToLower(password)
	if common()[p] {
		return true
	}
	words := append(strings.FieldsFunc(strings.ToLower(c.Name), func(r rune) bool { return r == ' ' || r == '-' }),
		string(c.ID))
	for _, w := range append(words, localWords...) {
		// What a word leaves over must be worth something by itself.
		if utf8.RuneCountInString(w) >= 3 && strings.Contains(p, w) &&
			utf8.RuneCountInString(strings.ReplaceAll(p, w, "")) < MinPassword {
			return true
		}
	}
	first, _ := utf8.DecodeRuneInString(p)
	return strings.Trim(p, string(first)) == ""
}

// HashPassword makes the PHC string of a colleague's new password (argon2id, fresh salt), or
// says what is wrong with the password as *review.Invalid.
func HashPassword(id review.ColleagueID, password string) (string, error) {
	if err := CheckPassword(password, review.Colleague{ID: id}); err != nil {
		return "", err
	}
	return hashPassword(password), nil
}

// HashDemoPassword is HashPassword without the rules, for colleagues who are not real.
func HashDemoPassword(password string) string { return hashPassword(password) }

func hashPassword(password string) string {
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the program instead
	return phc(password, salt)
}

func phc(password string, salt []byte) string {
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime,
		argonThreads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// VerifyPassword says whether a password fits a PHC string, and whether that string was made
// at another cost than today's and should be made again. An unreadable string is an error.
func VerifyPassword(password, hash string) (fits, outdated bool, err error) {
	var version int
	var memory, passes uint32
	var threads uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, false, errors.New("password hash: not an argon2id PHC string")
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, false, errors.New("password hash: unknown version of argon2")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &threads); err != nil ||
		memory < 8 || memory > 1<<20 || passes < 1 || passes > 64 || threads < 1 {
		return false, false, errors.New("password hash: parameters out of range")
	}
	b64 := base64.RawStdEncoding.Strict()
	salt, err := b64.DecodeString(parts[4])
	if err != nil || len(salt) < 8 {
		return false, false, errors.New("password hash: unreadable salt")
	}
	want, err := b64.DecodeString(parts[5])
	if err != nil || len(want) < 16 || len(want) > 128 {
		return false, false, errors.New("password hash: unreadable key")
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, threads, uint32(len(want)))
	outdated = memory != argonMemory || passes != argonTime || threads != argonThreads || len(want) != argonKey
	return subtle.ConstantTimeCompare(got, want) == 1, outdated, nil
}

// dummyHash stands in for the hash of a colleague who is not there, so that unknown and known
// names cost the same.
var dummyHash = sync.OnceValue(func() string { return phc("nobody", make([]byte, argonSalt)) })

// errBusy says that too many passwords are being checked; nothing was tried.
var errBusy = errors.New("too many sign-ins at once")

// hasher bounds what password hashing takes from the machine: each costs 46 MiB and tens of
// milliseconds of a core, so sign-in must not be a lever to stop everything else.
type hasher struct {
	slots chan struct{}
	wait  time.Duration
}

func newHasher(slots int, wait time.Duration) *hasher {
	return &hasher{slots: make(chan struct{}, slots), wait: wait}
}

// do runs f when a slot is free, errBusy when none becomes free in time.
func (h *hasher) do(ctx context.Context, f func()) error {
	ctx, cancel := context.WithTimeout(ctx, h.wait)
	defer cancel()
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
		f()
		return nil
	case <-ctx.Done():
		return errBusy
	}
}
