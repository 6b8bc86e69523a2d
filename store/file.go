package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"docket/review"
)

// KeepFile stores our own copy of a file that a resource names, addressed by its digest. The
// same bytes are stored once; other bytes under the same link are another file. A zero hash or
// time is filled in; a hash that is not that of the bytes is refused. Of a resource whose
// personal data is erased for good nothing is kept. ErrFull when the disk nearly is.
func (db *DB) KeepFile(ctx context.Context, f review.HeldFile, body []byte) error {
	if err := db.Room(); err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	sum := review.Sum(body)
	if !f.Hash.IsZero() && f.Hash != sum {
		return errors.New("keep file: its bytes do not have its digest")
	}
	return db.write(ctx, "keep file", func(a *act) error {
		gone, err := a.isGone(f.Ref, review.Everything)
		if err != nil || gone {
			return err // erased while it was being fetched
		}
		at := f.FetchedAt
		if at.IsZero() {
			at = a.now
		}
		if _, err := a.exec(`INSERT INTO file (sha256, media, size, body) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			sum[:], f.Media, len(body), body); err != nil {
			return err
		}
		_, err = a.exec(`
			INSERT INTO file_link (type, rid, link, name, sha256, at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET name = excluded.name, at = excluded.at`,
			f.Ref.Type, f.Ref.ID, f.Link, f.Name, sum[:], at.UnixMilli())
		return err
	})
}

const heldSelect = `SELECT l.sha256, l.type, l.rid, l.link, l.name, f.media, f.size, l.at `

// HeldFiles gives the files held of some resources, newest first. Of one link there may be more
// than one: the first is the newest.
func (db *DB) HeldFiles(ctx context.Context, refs []review.Ref) ([]review.HeldFile, error) {
	asked, err := json.Marshal(refs)
	if err != nil || len(refs) == 0 {
		return nil, err
	}
	var found []review.HeldFile
	err = db.read(ctx, "held files", func(a *act) error {
		return a.each(heldSelect+`
			FROM json_each(?) j JOIN file_link l ON l.type = j.value ->> 'type' AND l.rid = j.value ->> 'id' JOIN file f ON f.sha256 = l.sha256
			ORDER BY l.at DESC, l.type, l.rid, l.link, l.sha256`, []any{string(asked)}, func(scan func(...any) error) error {
			var f review.HeldFile
			err := scan(heldColumns(&f)...)
			found = append(found, f)
			return err
		})
	})
	return found, err
}

// File gives the bytes of a file that is held, with the newest link that led to it, none when it was attached to a review;
// review.ErrNotFound when there is none.
func (db *DB) File(ctx context.Context, hash review.Hash) (review.HeldFile, []byte, error) {
	var f review.HeldFile
	var body []byte
	err := db.read(ctx, "file", func(a *act) error {
		err := a.one(heldSelect+`, f.body FROM file f JOIN file_link l ON l.sha256 = f.sha256 WHERE f.sha256 = ? ORDER BY l.at DESC LIMIT 1`,
			[]any{hash[:]}, append(heldColumns(&f), &body)...)
		if !errors.Is(err, review.ErrNotFound) {
			return err
		}
		return a.one(`
			SELECT f.sha256, f.media, f.size, e.at, f.body FROM file f JOIN attachment t ON t.sha256 = f.sha256 JOIN entry e ON e.id = t.entry
			WHERE f.sha256 = ? ORDER BY t.entry DESC LIMIT 1`, []any{hash[:]},
			hashColumn{&f.Hash}, &f.Media, &f.Bytes, timeColumn{&f.FetchedAt}, &body)
	})
	if err == nil && review.Sum(body) != hash {
		err = errors.New("file: its bytes do not have its digest")
	}
	if err != nil {
		return review.HeldFile{}, nil, err
	}
	return f, body, nil
}

func heldColumns(f *review.HeldFile) []any {
	return []any{hashColumn{&f.Hash}, &f.Ref.Type, &f.Ref.ID, &f.Link, &f.Name, &f.Media, &f.Bytes, timeColumn{&f.FetchedAt}}
}
