package store

import (
	"context"
	"encoding/json"
	"errors"

	"docket/review"
)

// The names of the settings.
const (
	settingStatuses   = "statuses"   // JSON of review.Statuses: which statuses mean work
	settingRebuilding = "rebuilding" // there while a rebuild has not come to its end, or is needed
	settingTelling    = "telling"    // JSON of review.Telling: what Persona is told
	settingSynced     = "synced"     // JSON of review.Synced: the last reconciliation with Persona
	settingReading    = "reading"    // the review.EvidenceVersion that the projections were made under
)

func (a *act) setting(name string) (string, error) {
	var value string
	err := a.one(`SELECT value FROM setting WHERE name = ?`, []any{name}, &value)
	return value, err
}

func (a *act) set(name, value string) error {
	_, err := a.exec(`INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// rebuilding says that the projections are being made again and reviews must wait.
func (a *act) rebuilding() (bool, error) {
	_, err := a.setting(settingRebuilding)
	if errors.Is(err, review.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// ErrRebuilding says that the projections are to be made again: what is there now is only a part,
// or was made by a docket that digests evidence another way.
var ErrRebuilding = errors.New("a rebuild has not come to its end")

// checkReading asks for a rebuild when an earlier docket digested evidence another way: its
// digests beside our pages would let a decision rest on what nobody saw.
func (db *DB) checkReading(ctx context.Context) error {
	var before string
	err := db.read(ctx, "reading", func(a *act) (err error) {
		before, err = a.setting(settingReading)
		return err
	})
	switch first := errors.Is(err, review.ErrNotFound); {
	case err != nil && !first:
		return err
	case first:
		return db.write(ctx, "reading", func(a *act) error { return a.set(settingReading, review.EvidenceVersion) })
	case before == review.EvidenceVersion:
		return nil
	}
	return db.write(ctx, "reading", func(a *act) error { return a.set(settingRebuilding, "needed") })
}

// whole is ErrRebuilding while what could be read is only a part.
func (a *act) whole() error {
	if unfinished, err := a.rebuilding(); err != nil || !unfinished {
		return err
	}
	return ErrRebuilding
}

// loadStatuses settles which statuses count. Other ones than before make every review be read
// again.
func (db *DB) loadStatuses(ctx context.Context) error {
	var before string
	err := db.read(ctx, "statuses", func(a *act) (err error) {
		before, err = a.setting(settingStatuses)
		return err
	})
	first := errors.Is(err, review.ErrNotFound)
	if err != nil && !first {
		return err
	}
	db.statuses = review.DefaultStatuses()
	if !first {
		if err := json.Unmarshal([]byte(before), &db.statuses); err != nil {
			return err
		}
	}
	if s := db.options.Statuses; s != nil {
		db.statuses = review.Statuses{Review: normal(s.Review), Fallback: normal(s.Fallback)}
	}
	now, err := json.Marshal(db.statuses)
	if err != nil || string(now) == before {
		return err
	}
	settle := func(a *act) error { return a.set(settingStatuses, string(now)) }
	if first {
		return db.write(ctx, "statuses", settle)
	}
	return db.reconcileAll(ctx, settle) // settled with the last review: when cut short, the same again heals
}

func normal(statuses []string) []string {
	out := make([]string, len(statuses))
	for i, s := range statuses {
		out[i] = review.NormalStatus(s)
	}
	return out
}

// Statuses gives the statuses that count in this database, normalised.
func (db *DB) Statuses() review.Statuses { return db.statuses }
