package store

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"

	"docket/review"
)

// attemptLimit is how many attempts under one key go through before the next has to wait, and
// how long a wait becomes at most: it doubles from a second.
type attemptLimit struct {
	scope   string
	free    int
	longest time.Duration
}

// Waiting, not locking out: the account alone never waits long, so that nobody can keep a
// colleague out from somewhere else; who tries one account from one place waits longest.
func attemptLimits() []attemptLimit {
	return []attemptLimit{
		{"pair", 5, 15 * time.Minute},
		{"address", 20, 15 * time.Minute},
		{"account", 50, 5 * time.Second},
		{"all", 300, 2 * time.Second},
	}
}

// attemptMemory is how long after the last attempt everything is forgotten.
const attemptMemory = time.Hour

// SignInAttempt asks whether someone at an address may try an account now, and counts the try:
// several at once cannot all pass before the first one fails. A wait above 0 means refuse.
func (db *DB) SignInAttempt(ctx context.Context, account, address string) (time.Duration, error) {
	var wait time.Duration
	err := db.write(ctx, "sign-in attempt", func(a *act) error {
		limits := attemptLimits()
		counts := make([]int, len(limits))
		for i, l := range limits {
			key := attemptKey(l.scope, account, address)
			var last, until int64
			err := a.one(`SELECT failures, last_at, until FROM attempt WHERE scope = ? AND key = ?`, []any{l.scope, key[:]},
				&counts[i], &last, &until)
			if errors.Is(err, review.ErrNotFound) {
				continue
			} else if err != nil {
				return err
			}
			if a.now.Sub(instant(last)) > attemptMemory {
				counts[i] = 0
			}
			wait = max(wait, instant(until).Sub(a.now))
		}
		if wait > 0 {
			return nil
		}
		wait = 0
		for i, l := range limits {
			key := attemptKey(l.scope, account, address)
			if _, err := a.exec(`
				INSERT INTO attempt (scope, key, failures, last_at, until) VALUES (?, ?, ?, ?, ?)
				ON CONFLICT DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, until = excluded.until`,
				l.scope, key[:], counts[i]+1, a.now.UnixMilli(), a.now.Add(l.after(counts[i]+1)).UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
	return wait, err
}

// after is the wait after so many attempts without success.
func (l attemptLimit) after(failures int) time.Duration {
	over := failures - l.free
	switch {
	case over <= 0:
		return 0
	case over > 20:
		return l.longest
	}
	return min(time.Second<<(over-1), l.longest)
}

// SignInResult says how an attempt ended. Success clears what was counted for the account at
// this address; the others lose the one attempt that was no failure.
func (db *DB) SignInResult(ctx context.Context, account, address string, ok bool) error {
	if !ok {
		return nil // it was counted when it began
	}
	return db.write(ctx, "sign-in result", func(a *act) error {
		pair := attemptKey("pair", account, address)
		if _, err := a.exec(`DELETE FROM attempt WHERE scope = 'pair' AND key = ?`, pair[:]); err != nil {
			return err
		}
		for _, scope := range []string{"address", "account", "all"} {
			key := attemptKey(scope, account, address)
			if _, err := a.exec(`UPDATE attempt SET failures = max(failures - 1, 0), until = 0 WHERE scope = ? AND key = ?`, scope, key[:]); err != nil {
				return err
			}
		}
		_, err := a.exec(`DELETE FROM attempt WHERE last_at < ?`, a.now.Add(-attemptMemory).UnixMilli())
		return err
	})
}

// attemptKey is the digest of what a scope counts. An IPv6 customer has a whole /64.
func attemptKey(scope, account, address string) review.Hash {
	account = strings.ToLower(strings.TrimSpace(account))
	if ap, err := netip.ParseAddrPort(address); err == nil {
		address = ap.Addr().String()
	}
	if ip, err := netip.ParseAddr(address); err == nil {
		if ip = ip.Unmap(); ip.Is6() {
			if p, err := ip.WithZone("").Prefix(64); err == nil {
				address = p.String()
			}
		} else {
			address = ip.String()
		}
	}
	switch scope {
	case "address":
		account = ""
	case "account":
		address = ""
	case "all":
		account, address = "", ""
	}
	return review.Sum([]byte(account + "\x00" + address))
}
