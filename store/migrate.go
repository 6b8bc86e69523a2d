package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"docket/review"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate applies the migrations that the database does not have yet, in the order of their
// names. A migration that was applied with other bytes, or that this program does not know,
// stops it: the file belongs to another docket.
func migrate(ctx context.Context, db *sql.DB, now time.Time) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	slices.Sort(names)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := migrateAll(ctx, tx, names, now); err != nil {
		return errors.Join(fmt.Errorf("migrate: %w", err), rollback(tx))
	}
	return tx.Commit()
}

func migrateAll(ctx context.Context, tx *sql.Tx, names []string, now time.Time) error {
	_, err := tx.ExecContext(ctx, `
		-- A migration is one file of SQL that was applied to this database, with its digest.
		CREATE TABLE IF NOT EXISTS migration (
		  name       TEXT PRIMARY KEY,
		  sha256     TEXT NOT NULL,
		  applied_at INTEGER NOT NULL
		) STRICT, WITHOUT ROWID`)
	if err != nil {
		return err
	}
	applied, err := appliedMigrations(ctx, tx)
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		sum := review.Sum(text).String()
		switch have, ok := applied[name]; {
		case ok && have != sum:
			return fmt.Errorf("%s was applied with other content: use the docket that wrote this database", name)
		case ok:
			delete(applied, name)
			continue
		}
		if _, err := tx.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO migration VALUES (?, ?, ?)`, name, sum, now.UnixMilli()); err != nil {
			return err
		}
	}
	for name := range applied {
		return fmt.Errorf("%s is unknown: use the newer docket that wrote this database", name)
	}
	return nil
}

func appliedMigrations(ctx context.Context, tx *sql.Tx) (_ map[string]string, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT name, sha256 FROM migration`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	applied := map[string]string{}
	for rows.Next() {
		var name, sum string
		if err := rows.Scan(&name, &sum); err != nil {
			return nil, err
		}
		applied[name] = sum
	}
	return applied, rows.Err()
}
