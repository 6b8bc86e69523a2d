package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"docket/review"
)

// AddColleague adds someone who may sign in. By is "" on the command line; the very first
// colleague may add themselves. A name that is taken is *review.Invalid.
func (db *DB) AddColleague(ctx context.Context, c review.Colleague, passwordHash string, by review.ColleagueID) error {
	return db.write(ctx, "add colleague", func(a *act) error {
		if first := by == c.ID && a.nobodyYet() == nil; !first {
			if err := a.looksAfter(by); err != nil {
				return err
			}
		}
		return a.addColleague(c, passwordHash, by)
	})
}

func (a *act) addColleague(c review.Colleague, passwordHash string, by review.ColleagueID) error {
	if _, err := review.ParseColleagueID(string(c.ID)); err != nil {
		return err
	}
	var inv review.Invalid
	if strings.TrimSpace(c.Name) == "" {
		inv.Add("name", "Enter the name that people call them by")
	}
	if _, err := review.ParseRole(string(c.Role)); err != nil {
		inv.Add("role", "Choose reviewer, lead, auditor or admin")
	}
	if _, err := a.colleague(c.ID); err == nil {
		inv.Add("username", "Choose another: this one is taken")
	} else if !errors.Is(err, review.ErrNotFound) {
		return err
	}
	if err := inv.OrNil(); err != nil {
		return err
	}
	_, err := a.exec(`INSERT INTO colleague (id, name, role, disabled, keys, password, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.Name, c.Role, c.Disabled, c.Keys, passwordHash, a.now.UnixMilli())
	if err != nil {
		return err
	}
	return a.tellLetIn(by, c.ID, fmt.Sprintf("added %s as %s", c.ID, c.Role))
}

// looksAfter says whether someone may change colleagues: an admin, or "" on the command line.
func (a *act) looksAfter(by review.ColleagueID) error {
	if by == "" {
		return nil
	}
	who, err := a.actor(by)
	if err == nil && who.Role != review.RoleAdmin {
		err = review.ErrForbidden
	}
	return err
}

// tell adds a line about a colleague to the trail.
func (a *act) tell(by review.ColleagueID, what string) error {
	_, err := a.record(review.Entry{Act: review.ActColleague, By: by, Status: what})
	return err
}

// tellLetIn does so where a colleague let another in, which binds the two for a while. The command line
// binds nobody: whoever has that has the file.
func (a *act) tellLetIn(by, whom review.ColleagueID, what string) error {
	if by == "" || by == whom {
		return a.tell(by, what)
	}
	_, err := a.record(review.Entry{Act: review.ActColleague, By: by, Status: what, Detail: map[string]string{review.DetailLetsIn: string(whom)}})
	return err
}

// Colleagues lists everyone, by sign-in name.
func (db *DB) Colleagues(ctx context.Context) ([]review.Colleague, error) {
	var all []review.Colleague
	err := db.read(ctx, "colleagues", func(a *act) error {
		return a.each(`SELECT id, name, role, disabled, keys, created_at, signed_in_at FROM colleague ORDER BY id`, nil,
			func(scan func(...any) error) error {
				var c review.Colleague
				err := scan(colleagueColumns(&c)...)
				all = append(all, c)
				return err
			})
	})
	return all, err
}

// Colleague gives one colleague; review.ErrNotFound when there is none.
func (db *DB) Colleague(ctx context.Context, id review.ColleagueID) (review.Colleague, error) {
	var c review.Colleague
	err := db.read(ctx, "colleague", func(a *act) (err error) {
		c, err = a.colleague(id)
		return err
	})
	return c, err
}

func (a *act) colleague(id review.ColleagueID) (review.Colleague, error) {
	var c review.Colleague
	err := a.one(`SELECT id, name, role, disabled, keys, created_at, signed_in_at FROM colleague WHERE id = ?`, []any{id},
		colleagueColumns(&c)...)
	return c, err
}

func colleagueColumns(c *review.Colleague) []any {
	return []any{&c.ID, &c.Name, &c.Role, &c.Disabled, &c.Keys, timeColumn{&c.CreatedAt}, timeColumn{&c.SignedInAt}}
}

// PasswordHash gives the stored hash, "" when none is set; review.ErrNotFound when there is no
// such colleague, review.ErrForbidden when they are disabled.
func (db *DB) PasswordHash(ctx context.Context, id review.ColleagueID) (string, error) {
	var hash string
	err := db.read(ctx, "password", func(a *act) error {
		var disabled bool
		err := a.one(`SELECT password, disabled FROM colleague WHERE id = ?`, []any{id}, &hash, &disabled)
		if err == nil && disabled {
			hash, err = "", review.ErrForbidden
		}
		return err
	})
	return hash, err
}

// SetPassword replaces a password and ends every session of the colleague. Colleagues may set
// their own, admins anyone's.
func (db *DB) SetPassword(ctx context.Context, id review.ColleagueID, hash string, by review.ColleagueID) error {
	return db.setPassword(ctx, id, hash, by, func(*act) error { return nil })
}

// ReplacePassword is SetPassword for a colleague who typed the one before: fitted is the stored hash
// that it fits. review.ErrConflict says that it is theirs no more, as for BeginSession, and nothing is changed.
func (db *DB) ReplacePassword(ctx context.Context, id review.ColleagueID, fitted, hash string) error {
	return db.setPassword(ctx, id, hash, id, func(a *act) error { return a.passwordIs(id, fitted) })
}

func (db *DB) setPassword(ctx context.Context, id review.ColleagueID, hash string, by review.ColleagueID, may func(*act) error) error {
	return db.change(ctx, "set password", id, by, true, func(a *act, _ review.Colleague) error {
		if err := may(a); err != nil {
			return err
		}
		if _, err := a.exec(`UPDATE colleague SET password = ? WHERE id = ?`, hash, id); err != nil {
			return err
		}
		if err := a.endSessions(id, EndedPasswordChanged); err != nil {
			return err
		}
		return a.tellLetIn(by, id, fmt.Sprintf("set the password of %s", id))
	})
}

// SetRole changes what a colleague may do, from their next request on.
func (db *DB) SetRole(ctx context.Context, id review.ColleagueID, role review.Role, by review.ColleagueID) error {
	return db.change(ctx, "set role", id, by, false, func(a *act, c review.Colleague) error {
		if _, err := review.ParseRole(string(role)); err != nil {
			return &review.Invalid{Problems: []review.Problem{{Field: "role", Text: "Choose reviewer, lead, auditor or admin"}}}
		}
		if role != review.RoleAdmin {
			if err := a.notTheLastAdmin(c, "role"); err != nil {
				return err
			}
		}
		if _, err := a.exec(`UPDATE colleague SET role = ? WHERE id = ?`, role, id); err != nil {
			return err
		}
		if err := a.freeClaims(id, role.Acts()); err != nil {
			return err
		}
		return a.tellLetIn(by, id, fmt.Sprintf("made %s %s", id, role))
	})
}

// SetDisabled lets a colleague in no more, or again. Disabling ends their sessions and claims.
func (db *DB) SetDisabled(ctx context.Context, id review.ColleagueID, disabled bool, by review.ColleagueID) error {
	return db.change(ctx, "set disabled", id, by, false, func(a *act, c review.Colleague) error {
		what := "enabled"
		if disabled {
			what = "disabled"
			if err := a.notTheLastAdmin(c, "disabled"); err != nil {
				return err
			}
			if err := a.endSessions(id, EndedDisabled); err != nil {
				return err
			}
		}
		if _, err := a.exec(`UPDATE colleague SET disabled = ? WHERE id = ?`, disabled, id); err != nil {
			return err
		}
		if err := a.freeClaims(id, !disabled); err != nil {
			return err
		}
		if disabled {
			return a.tell(by, fmt.Sprintf("%s %s", what, id))
		}
		return a.tellLetIn(by, id, fmt.Sprintf("%s %s", what, id))
	})
}

// SetKeys switches a colleague's own single-key shortcuts.
func (db *DB) SetKeys(ctx context.Context, id review.ColleagueID, on bool, by review.ColleagueID) error {
	return db.change(ctx, "set keys", id, by, true, func(a *act, _ review.Colleague) error {
		_, err := a.exec(`UPDATE colleague SET keys = ? WHERE id = ?`, on, id)
		return err
	})
}

// change runs fn for a colleague whom by may change: as an admin or, with own, themselves.
func (db *DB) change(ctx context.Context, what string, id, by review.ColleagueID, own bool, fn func(*act, review.Colleague) error) error {
	return db.write(ctx, what, func(a *act) error {
		if own && by == id {
			if c, err := a.colleague(by); err != nil || c.Disabled {
				return errors.Join(review.ErrForbidden, err)
			}
		} else if err := a.looksAfter(by); err != nil {
			return err
		}
		c, err := a.colleague(id)
		if err != nil {
			return err
		}
		return fn(a, c)
	})
}

// notTheLastAdmin refuses to leave the house without anyone who could let others in.
func (a *act) notTheLastAdmin(c review.Colleague, field string) error {
	if c.Role != review.RoleAdmin || c.Disabled {
		return nil
	}
	var others int
	if err := a.one(`SELECT count(*) FROM colleague WHERE role = 'admin' AND disabled = 0 AND id <> ?`, []any{c.ID}, &others); err != nil {
		return err
	}
	if others > 0 {
		return nil
	}
	return &review.Invalid{Problems: []review.Problem{{Field: field, Text: "Make someone else an admin first"}}}
}

// freeClaims gives back what a colleague holds who may no longer act.
func (a *act) freeClaims(id review.ColleagueID, acts bool) error {
	if acts {
		return nil
	}
	_, err := a.exec(`DELETE FROM claim WHERE by_ = ?`, id)
	return err
}
