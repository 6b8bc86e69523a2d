package store

import (
	"context"
	"errors"
	"strings"

	"docket/review"
)

// BeginScreening notes that somebody is about to be screened, before Persona is asked: the same
// form sent twice screens once. Begun says that this is the first time; else txn is what it
// became, or "" while that is unknown, and asking again with the same idempotency key finds out.
// By is a colleague who may act, "" on the command line.
func (db *DB) BeginScreening(ctx context.Context, key, by string) (txn review.TransactionID, begun bool, err error) {
	if key == "" {
		return "", false, errors.New("begin screening: a form without a key")
	}
	err = db.write(ctx, "begin screening", func(a *act) error {
		if by != "" {
			if _, err := a.actor(review.ColleagueID(by)); err != nil {
				return err
			}
		}
		n, err := a.changes(`INSERT INTO screening (key, txn, by_, at) VALUES (?, '', ?, ?) ON CONFLICT DO NOTHING`, key, by, a.now.UnixMilli())
		if begun = n == 1; err != nil || begun {
			return err
		}
		return a.one(`SELECT txn FROM screening WHERE key = ?`, []any{key}, &txn)
	})
	if err != nil {
		return "", false, err
	}
	return txn, begun, nil
}

// EndScreening notes which transaction a screening became, and tells the trail, once. Another
// transaction than the one that is known is review.ErrConflict, a key that never began
// review.ErrNotFound.
func (db *DB) EndScreening(ctx context.Context, key string, txn review.TransactionID, by string) error {
	return db.write(ctx, "end screening", func(a *act) error {
		var known review.TransactionID
		if err := a.one(`SELECT txn FROM screening WHERE key = ?`, []any{key}, &known); err != nil {
			return err
		}
		switch known {
		case txn:
			return nil
		case "":
		default:
			return review.ErrConflict
		}
		if _, err := a.exec(`UPDATE screening SET txn = ? WHERE key = ?`, txn, key); err != nil {
			return err
		}
		_, err := a.record(review.Entry{Act: review.ActScreened, By: review.ColleagueID(by), Status: string(txn)})
		return err
	})
}

// AddLinked tells the trail that a link was made for the subject of an inquiry: on the newest
// review of the transaction that ref is or belongs to, or on none. What is in words; the link
// itself opens the inquiry to anyone and is refused. By is a colleague who may act, "" on the
// command line.
func (db *DB) AddLinked(ctx context.Context, ref review.Ref, what string, by review.ColleagueID) error {
	if strings.Contains(what, "://") {
		return errors.New("add linked: a link must not be kept")
	}
	return db.write(ctx, "add linked", func(a *act) error {
		if by != "" {
			if _, err := a.actor(by); err != nil {
				return err
			}
		}
		id, err := a.newestReview(ref)
		if err != nil {
			return err
		}
		_, err = a.record(review.Entry{Review: id, Act: review.ActLinked, By: by, Status: what})
		return err
	})
}

// newestReview finds the newest review of a transaction, or of those tied to another resource;
// 0 when there is none.
func (a *act) newestReview(ref review.Ref) (review.ReviewID, error) {
	id, err := a.resourceID(ref.Family(), ref.ID)
	if errors.Is(err, review.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	var newest review.ReviewID
	err = a.one(`
		SELECT ifnull(max(r.id), 0) FROM review r WHERE r.root IN (
		  SELECT ?1 UNION ALL
		  SELECT l.from_ FROM link l WHERE l.to_ = ?1 UNION ALL
		  SELECT l.to_ FROM link l WHERE l.from_ = ?1)`, []any{id}, &newest)
	return newest, err
}
