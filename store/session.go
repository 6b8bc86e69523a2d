package store

import (
	"context"
	"crypto/rand"
	"errors"
	"time"
	"unicode/utf8"

	"docket/review"
)

// The limits of a session (NIST SP 800-63B, AAL2), and how exact the idle one is.
const (
	sessionIdle  = 30 * time.Minute
	sessionLife  = 12 * time.Hour
	sessionTouch = time.Minute
	maxBrowser   = 200 // bytes
)

// Why a session ended.
const (
	EndedSignedOut       = "signed_out"
	EndedReplaced        = "replaced"
	EndedBySelf          = "ended_by_self"
	EndedByAdmin         = "ended_by_admin"
	EndedDisabled        = "disabled"
	EndedPasswordChanged = "password_changed"
)

// Session is one signed-in browser, with the colleague as they are now.
type Session struct {
	Colleague review.Colleague
	BeganAt   time.Time
	SeenAt    time.Time // exact to a minute
	ProvedAt  time.Time // last time a password was checked
	Browser   string
	Key       review.Hash // names the session in lists; it opens nothing
}

// BeginSession signs a colleague in and gives the new id: 256 random bits, of which only the
// digest is stored. OldID, when not nil, is ended as replaced. Fitted is the stored hash that the typed
// password fits. Reading that and hashing take a while, so review.ErrConflict says that it is the
// colleague's hash no more: a new password ends every session, and one with the old must not begin behind
// it. A disabled or unknown colleague is review.ErrForbidden.
func (db *DB) BeginSession(ctx context.Context, oldID []byte, by review.ColleagueID, fitted, browser string) ([]byte, error) {
	id := make([]byte, 32)
	_, _ = rand.Read(id) // never fails
	if len(browser) > maxBrowser {
		browser = browser[:maxBrowser]
	}
	for !utf8.ValidString(browser) {
		browser = browser[:len(browser)-1]
	}
	err := db.write(ctx, "begin session", func(a *act) error {
		c, err := a.colleague(by)
		if errors.Is(err, review.ErrNotFound) || err == nil && c.Disabled {
			return review.ErrForbidden
		} else if err != nil {
			return err
		}
		if err := a.passwordIs(by, fitted); err != nil {
			return err
		}
		if oldID != nil {
			if err := a.endSession(oldID, EndedReplaced); err != nil && !errors.Is(err, review.ErrNotFound) {
				return err
			}
		}
		hash, now := review.Sum(id), a.now.UnixMilli()
		if _, err := a.exec(`INSERT INTO session (id_hash, colleague, began_at, seen_at, proved_at, browser) VALUES (?, ?, ?, ?, ?, ?)`,
			hash[:], by, now, now, now, browser); err != nil {
			return err
		}
		_, err = a.exec(`UPDATE colleague SET signed_in_at = ? WHERE id = ?`, now, by)
		return err
	})
	if err != nil {
		return nil, err
	}
	return id, nil
}

// passwordIs says by review.ErrConflict that a colleague's stored hash is another one.
func (a *act) passwordIs(id review.ColleagueID, hash string) error {
	var now string
	if err := a.one(`SELECT password FROM colleague WHERE id = ?`, []any{id}, &now); err != nil {
		return err
	}
	if hash == "" || now != hash {
		return review.ErrConflict
	}
	return nil
}

// Session gives who a session id belongs to; review.ErrNotFound when it is unknown, ended, idle
// or too old, or its colleague is disabled.
func (db *DB) Session(ctx context.Context, id []byte) (Session, error) {
	var s Session
	hash := review.Sum(id)
	err := db.read(ctx, "session", func(a *act) error {
		return a.one(`
			SELECT c.id, c.name, c.role, c.disabled, c.keys, c.created_at, c.signed_in_at,
			       s.began_at, s.seen_at, s.proved_at, s.browser, s.id_hash
			FROM session s JOIN colleague c ON c.id = s.colleague
			WHERE s.id_hash = ? AND s.ended_at IS NULL AND s.seen_at > ? AND s.began_at > ? AND c.disabled = 0`,
			[]any{hash[:], a.now.Add(-sessionIdle).UnixMilli(), a.now.Add(-sessionLife).UnixMilli()}, sessionColumns(&s)...)
	})
	return s, err
}

// Sessions gives the living sessions of a colleague, newest first.
func (db *DB) Sessions(ctx context.Context, of review.ColleagueID) ([]Session, error) {
	var all []Session
	err := db.read(ctx, "sessions", func(a *act) error {
		return a.each(`
			SELECT c.id, c.name, c.role, c.disabled, c.keys, c.created_at, c.signed_in_at,
			       s.began_at, s.seen_at, s.proved_at, s.browser, s.id_hash
			FROM session s JOIN colleague c ON c.id = s.colleague
			WHERE s.colleague = ? AND s.ended_at IS NULL AND s.seen_at > ? AND s.began_at > ?
			ORDER BY s.began_at DESC, s.id_hash`,
			[]any{of, a.now.Add(-sessionIdle).UnixMilli(), a.now.Add(-sessionLife).UnixMilli()}, func(scan func(...any) error) error {
				var s Session
				err := scan(sessionColumns(&s)...)
				all = append(all, s)
				return err
			})
	})
	return all, err
}

func sessionColumns(s *Session) []any {
	return append(colleagueColumns(&s.Colleague), timeColumn{&s.BeganAt}, timeColumn{&s.SeenAt}, timeColumn{&s.ProvedAt},
		&s.Browser, hashColumn{&s.Key})
}

// TouchSession notes that a session was used. It writes at most once a minute.
func (db *DB) TouchSession(ctx context.Context, id []byte) error {
	s, err := db.Session(ctx, id)
	if err != nil || db.now().Sub(s.SeenAt) < sessionTouch {
		return err
	}
	return db.write(ctx, "touch session", func(a *act) error {
		hash := review.Sum(id)
		_, err := a.exec(`UPDATE session SET seen_at = ? WHERE id_hash = ? AND ended_at IS NULL AND seen_at < ?`,
			a.now.UnixMilli(), hash[:], a.now.UnixMilli())
		return err
	})
}

// EndSession signs a session out, for one of the reasons Ended…; review.ErrNotFound when it is
// not alive.
func (db *DB) EndSession(ctx context.Context, id []byte, why string) error {
	return db.write(ctx, "end session", func(a *act) error { return a.endSession(id, why) })
}

// EndSessions signs a colleague out everywhere, but for the session except (nil: none is spared).
// Colleagues may end their own, admins anyone's.
func (db *DB) EndSessions(ctx context.Context, of, by review.ColleagueID, except []byte) error {
	return db.change(ctx, "end sessions", of, by, true, func(a *act, _ review.Colleague) error {
		why := EndedByAdmin
		if of == by {
			why = EndedBySelf
		}
		spared := review.Sum(except)
		_, err := a.exec(`UPDATE session SET ended_at = ?, ended_why = ? WHERE colleague = ? AND ended_at IS NULL AND id_hash <> ?`,
			a.now.UnixMilli(), why, of, spared[:])
		return err
	})
}

func (a *act) endSession(id []byte, why string) error {
	hash := review.Sum(id)
	n, err := a.changes(`UPDATE session SET ended_at = ?, ended_why = ? WHERE id_hash = ? AND ended_at IS NULL`,
		a.now.UnixMilli(), why, hash[:])
	if err == nil && n == 0 {
		err = review.ErrNotFound
	}
	return err
}

func (a *act) endSessions(of review.ColleagueID, why string) error {
	_, err := a.exec(`UPDATE session SET ended_at = ?, ended_why = ? WHERE colleague = ? AND ended_at IS NULL`,
		a.now.UnixMilli(), why, of)
	return err
}
