package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"docket/review"
)

// mark is a checkpoint to compare with, and the roots of the subtrees of its chunk once they are known.
type mark struct {
	review.Checkpoint
	about string // in words
	bad   string // what is wrong with it, however the ledger looks
	roots []review.Hash
	known bool
}

// compare holds the ledger against a checkpoint; good is the size of the last one that fits.
func (m *mark) compare(size, good int64) *review.LedgerBreak {
	switch {
	case m.bad != "":
		return &review.LedgerBreak{Entry: review.EntryID(max(m.Size, 1)), Why: m.about + " " + m.bad}
	case m.Size > size && !m.known:
		return &review.LedgerBreak{Entry: review.EntryID(size + 1), Why: fmt.Sprintf("%s was made of %d entries, this ledger ends before: later entries are gone", m.about, m.Size)}
	case m.known && (frontier{m.Size, m.roots}).root() != m.Root:
		return &review.LedgerBreak{Entry: review.EntryID(min(good+1, m.Size)), Why: fmt.Sprintf("%s does not fit: entries %d to %d are not those that it was made of", m.about, min(good+1, m.Size), m.Size)}
	}
	return nil
}

// readMarks gathers the checkpoints behind a size.
func (v *ledgerVerifier) readMarks(a *act, behind int64) error {
	err := a.each(`SELECT id, size, root, note FROM checkpoint WHERE size >= ? ORDER BY id`, []any{behind}, func(scan func(...any) error) error {
		var id int64
		var c review.Checkpoint
		var signed string
		if err := scan(&id, &c.Size, hashColumn{&c.Root}, &signed); err != nil {
			return err
		}
		c.Origin = v.db.origin
		m := mark{Checkpoint: c, about: fmt.Sprintf("checkpoint %d", id)}
		said, err := review.PeekCheckpoint(signed)
		if err == nil && v.Key != "" {
			said, err = v.Key.Open(signed)
		}
		switch {
		case err != nil:
			m.bad = "cannot be trusted: " + err.Error()
		case said != c:
			m.bad = "says something else than its note"
		}
		v.marks = append(v.marks, m)
		return nil
	})
	for _, c := range v.Checkpoints {
		m := mark{Checkpoint: c, about: fmt.Sprintf("the checkpoint of %d entries that was kept elsewhere", c.Size)}
		if c.Origin != v.db.origin {
			m.bad = "is of another ledger: " + c.Origin
		}
		v.marks = append(v.marks, m)
	}
	slices.SortStableFunc(v.marks, func(x, y mark) int { return int(x.Size - y.Size) })
	return err
}

// hangers looks for rows that hang on entries beyond the trail.
func (v *ledgerVerifier) hangers(ctx context.Context, size int64) (*review.LedgerBreak, error) {
	var broken *review.LedgerBreak
	err := v.db.readWithin(ctx, checkFor, "ledger", func(a *act) error {
		for _, q := range []struct{ what, query string }{
			{"disposition", `SELECT min(entry) FROM disposition INDEXED BY disposition_of_entry WHERE entry > ?1 OR entry < 1`},
			{"premise", `SELECT min(entry) FROM premise WHERE entry > ?1 OR entry < 1`},
			{"decision", `SELECT min(entry) FROM decision WHERE entry > ?1 OR entry < 1`},
			{"approval", `SELECT min(entry) FROM approval WHERE entry > ?1 OR entry < 1`},
			{"line of the trail", `SELECT min(id) FROM entry WHERE id < min(1, ?1 + 1)`},
			{"leaf", `SELECT min(entry) FROM leaf WHERE entry < min(1, ?1 + 1)`},
		} {
			var least sql.NullInt64
			var end int64
			if err := a.one(q.query, []any{size}, &least); err != nil {
				return err
			}
			if !least.Valid {
				continue
			}
			entry := least.Int64
			// It may have come with an entry since the size was read.
			if err := a.one(`SELECT ifnull(max(id), 0) FROM entry`, nil, &end); err != nil {
				return err
			}
			if (entry < 1 || entry > end) && (broken == nil || entry < int64(broken.Entry)) {
				broken = &review.LedgerBreak{Entry: review.EntryID(entry), Why: "there is a " + q.what + " of it, and no such entry"}
			}
		}
		return nil
	})
	return broken, err
}

// explained looks for salts that are gone without a later `erased` entry that says so.
func (v *ledgerVerifier) explained(ctx context.Context, size int64) (*review.LedgerBreak, error) {
	var emptied []review.EntryID
	var erasers []eraserEntry
	for i := range v.chunks {
		emptied = append(emptied, v.chunks[i].emptied...)
		erasers = append(erasers, v.chunks[i].erasers...)
	}
	if len(emptied) == 0 {
		return nil, nil
	}
	err := v.db.read(ctx, "ledger", func(a *act) error { // written while the rest was read
		return a.each(`SELECT id, detail FROM entry WHERE id > ? AND act = ?`, []any{size, review.ActErased}, func(scan func(...any) error) error {
			var e eraserEntry
			var detail map[string]string
			if err := scan(&e.entry, detailColumn{&detail}); err != nil {
				return err
			}
			var err error
			e.spans, err = review.ParseEntrySpans(detail[review.DetailEntries])
			erasers = append(erasers, e)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	for _, id := range emptied {
		if !slices.ContainsFunc(erasers, func(e eraserEntry) bool { return e.entry > id && named(e.spans, id) }) {
			return &review.LedgerBreak{Entry: id, Why: "its salts are gone, and no later entry says that it was erased"}, nil
		}
	}
	return nil, nil
}
