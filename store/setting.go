package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"docket/review"
)

// The names of the settings.
const (
	settingStatuses   = "statuses"   // JSON of review.Statuses: which statuses mean work
	settingRoots      = "roots"      // JSON: the families besides transactions that ever were reviewed
	settingRebuilding = "rebuilding" // there while a rebuild has not come to its end, or is needed
	settingTelling    = "telling"    // JSON of review.Telling: what Persona is told
	settingSynced     = "synced"     // JSON of review.Synced: the last reconciliation with Persona
	settingErasures   = "erasures"   // counts rounds of erasing
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
	// From now on states are taken in without the queue: what it rests on is kept while they agree.
	if err := db.keepAllNamed(ctx); err != nil {
		return err
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
		if s.Review != nil || s.Fallback != nil {
			db.statuses.Review, db.statuses.Fallback = normal(s.Review), normal(s.Fallback)
		}
		if s.Inquiry != nil {
			db.statuses.Inquiry = normal(s.Inquiry)
		}
		if s.Case != nil {
			db.statuses.Case = normal(s.Case)
		}
	}
	if err := db.loadRoots(ctx); err != nil {
		return err
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

// loadRoots settles which families of resources have or had reviews. The reviews of one that
// has none any more stay, and its rows in the queue still follow what they show.
func (db *DB) loadRoots(ctx context.Context) error {
	var before string
	err := db.read(ctx, "roots", func(a *act) (err error) {
		before, err = a.setting(settingRoots)
		return err
	})
	if err != nil && !errors.Is(err, review.ErrNotFound) {
		return err
	}
	db.roots = nil
	if before != "" {
		if err := json.Unmarshal([]byte(before), &db.roots); err != nil {
			return err
		}
	}
	known := len(db.roots)
	for _, f := range []string{familyInquiry, familyCase} {
		if len(db.statuses.For(f).Review) > 0 && !slices.Contains(db.roots, f) {
			db.roots = append(db.roots, f)
		}
	}
	if len(db.roots) == known {
		return nil
	}
	slices.Sort(db.roots)
	now, err := list(db.roots)
	if err != nil {
		return err
	}
	return db.write(ctx, "roots", func(a *act) error { return a.set(settingRoots, now) })
}

// reviewed says that resources of a family have or had reviews.
func (db *DB) reviewed(family string) bool {
	return family == familyTransaction || slices.Contains(db.roots, family)
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
