package store

import (
	"context"
	"encoding/json"
)

// UnknownEvents gives those of some events, by Persona's ids, that no delivery brought and that were
// not asked for before.
func (db *DB) UnknownEvents(ctx context.Context, ids []string) ([]string, error) {
	asked, err := json.Marshal(ids)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var unknown []string
	err = db.read(ctx, "unknown events", func(a *act) error {
		// delivery_event and payload_asked
		return a.each(`
			SELECT j.value FROM json_each(?) j
			WHERE NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event = j.value AND d.event IS NOT NULL AND d.clash = '')
			  AND NOT EXISTS (SELECT 1 FROM payload p WHERE p.event = j.value AND p.source = 'api')`, []any{string(asked)},
			func(scan func(...any) error) error {
				var id string
				err := scan(&id)
				unknown = append(unknown, id)
				return err
			})
	})
	return unknown, err
}
