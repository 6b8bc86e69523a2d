package store

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"docket/review"
)

const setUpLife = 30 * time.Minute

// SetUpToken makes the token of the link that lets the first admin in: once, within 30 minutes.
// Earlier tokens end. When there is a colleague already it is review.ErrConflict.
func (db *DB) SetUpToken(ctx context.Context) (string, error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	token := base64.RawURLEncoding.EncodeToString(secret)
	err := db.write(ctx, "set-up token", func(a *act) error {
		if err := a.nobodyYet(); err != nil {
			return err
		}
		if _, err := a.exec(`DELETE FROM setup_token`); err != nil {
			return err
		}
		hash := review.Sum([]byte(token))
		_, err := a.exec(`INSERT INTO setup_token (hash, until) VALUES (?, ?)`, hash[:], a.now.Add(setUpLife).UnixMilli())
		return err
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// CheckSetUpToken says whether a token would let someone in now, without using it;
// review.ErrNotFound when it would not.
func (db *DB) CheckSetUpToken(ctx context.Context, token string) error {
	return db.read(ctx, "check set-up token", func(a *act) error {
		hash := review.Sum([]byte(token))
		var n int
		return a.one(`SELECT 1 FROM setup_token WHERE hash = ? AND used_at IS NULL AND until > ?`, []any{hash[:], a.now.UnixMilli()}, &n)
	})
}

// useSetUpToken uses a token up; review.ErrNotFound when it is unknown, used or too old,
// review.ErrConflict when there is a colleague already.
func (a *act) useSetUpToken(token string) error {
	if err := a.nobodyYet(); err != nil {
		return err
	}
	hash := review.Sum([]byte(token))
	n, err := a.changes(`UPDATE setup_token SET used_at = ? WHERE hash = ? AND used_at IS NULL AND until > ?`,
		a.now.UnixMilli(), hash[:], a.now.UnixMilli())
	if err == nil && n == 0 {
		err = review.ErrNotFound
	}
	return err
}

func (a *act) nobodyYet() error {
	var n int
	if err := a.one(`SELECT count(*) FROM colleague`, nil, &n); err != nil {
		return err
	}
	if n > 0 {
		return review.ErrConflict
	}
	return nil
}

// FirstAdmin uses a token up and adds the first admin, both or neither; review.ErrNotFound when
// the token is unknown, used or too old, review.ErrConflict when there is a colleague already.
func (db *DB) FirstAdmin(ctx context.Context, token string, c review.Colleague, passwordHash string) error {
	c.Role = review.RoleAdmin
	return db.write(ctx, "first admin", func(a *act) error {
		if err := a.useSetUpToken(token); err != nil {
			return err
		}
		return a.addColleague(c, passwordHash, "")
	})
}
