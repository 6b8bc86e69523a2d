package store

import (
	"context"
	"errors"

	"docket/review"
)

// SaveView gives a way to look at the decisions a name. The same name again is the same view, looked at
// anew. Who only reads cannot keep views: theirs are addresses. *review.Invalid says what is wrong.
func (db *DB) SaveView(ctx context.Context, v review.SavedView) (id int64, err error) {
	if v.Name, err = review.CheckViewName(v.Name); err != nil {
		return 0, err
	}
	err = db.write(ctx, "save view", func(a *act) error {
		if err := a.mayKeepViews(v.Owner); err != nil {
			return err
		}
		var n int
		if err := a.one(`SELECT count(*) FROM saved_view WHERE owner = ? AND name <> ?`, []any{v.Owner, v.Name}, &n); err != nil {
			return err
		}
		if n >= review.MaxSavedViews {
			return &review.Invalid{Problems: []review.Problem{{Field: "name", Text: "You have 50 views: remove one first"}}}
		}
		return a.one(`
			INSERT INTO saved_view (owner, name, query, shared, at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (owner, name) DO UPDATE SET query = excluded.query, shared = excluded.shared, at = excluded.at RETURNING id`,
			[]any{v.Owner, v.Name, v.Query, v.Shared, a.now.UnixMilli()}, &id)
	})
	return id, err
}

// ChangeView gives a view of one's own another name, and shares it or keeps it to oneself. A name that
// another view of one's own has is *review.Invalid, a view of somebody else's review.ErrNotFound.
func (db *DB) ChangeView(ctx context.Context, id int64, by review.ColleagueID, name string, shared bool) error {
	name, err := review.CheckViewName(name)
	if err != nil {
		return err
	}
	err = db.write(ctx, "change view", func(a *act) error {
		if err := a.mayKeepViews(by); err != nil {
			return err
		}
		return a.changeOne(`UPDATE saved_view SET name = ?, shared = ?, at = ? WHERE id = ? AND owner = ?`, name, shared, a.now.UnixMilli(), id, by)
	})
	if errors.Is(err, review.ErrConflict) {
		return &review.Invalid{Problems: []review.Problem{{Field: "name", Text: "Another view of yours has this name"}}}
	}
	return err
}

// RemoveView removes a view of one's own.
func (db *DB) RemoveView(ctx context.Context, id int64, by review.ColleagueID) error {
	return db.write(ctx, "remove view", func(a *act) error {
		if err := a.mayKeepViews(by); err != nil {
			return err
		}
		return a.changeOne(`DELETE FROM saved_view WHERE id = ? AND owner = ?`, id, by)
	})
}

func (a *act) changeOne(query string, args ...any) error {
	n, err := a.changes(query, args...)
	if err == nil && n == 0 {
		return review.ErrNotFound
	}
	return err
}

func (a *act) mayKeepViews(id review.ColleagueID) error {
	c, err := a.colleague(id)
	if err != nil {
		return err
	}
	if c.Disabled || !c.Role.Acts() {
		return review.ErrForbidden
	}
	return nil
}

const savedViews = `
	SELECT v.id, v.owner, c.name, v.name, v.query, v.shared, v.at FROM saved_view v JOIN colleague c ON c.id = v.owner
	WHERE v.owner = ?1 OR v.shared = 1 ORDER BY v.owner <> ?1, v.name, v.id LIMIT 500`

// SavedViews gives a colleague's own views and those that others share, by name, their own first.
func (db *DB) SavedViews(ctx context.Context, of review.ColleagueID) ([]review.SavedView, error) {
	var all []review.SavedView
	err := db.read(ctx, "saved views", func(a *act) error {
		return a.each(savedViews, []any{of}, func(scan func(...any) error) error {
			var v review.SavedView
			err := scan(&v.ID, &v.Owner, &v.ByName, &v.Name, &v.Query, &v.Shared, timeColumn{&v.At})
			all = append(all, v)
			return err
		})
	})
	return all, err
}
