package store

import (
	"database/sql/driver"
	"slices"
	"strings"

	"docket/review"
)

// ledgerChecker holds one entry after the other against its leaf.
type ledgerChecker struct {
	fields []review.LedgerField
	room   []byte
	record []byte
	opened []openedEntry
}

// openedEntry is an entry that says what its review was opened for.
type openedEntry struct {
	entry  review.EntryID
	review int64
	detail string
}

// check says what does not fit, "" when all does.
func (k *ledgerChecker) check(l *leafRow, c *chunk) string {
	e := &l.entry
	switch {
	case !l.sealed:
		return "it has no leaf"
	case l.odd:
		return "it holds a value that docket never writes"
	case len(l.hashes) < 32 || review.LeafHash(l.record) != review.Hash(l.hashes[:32]):
		return "its record is not the one that was hashed"
	}
	var err error
	if k.fields, k.room, err = e.Fields(k.fields[:0], k.room[:0]); err != nil {
		return err.Error()
	}
	whole := len(l.salts) == len(k.fields)*review.SaltSize
	for i := 0; whole && i < len(k.fields); i++ {
		f := &k.fields[i]
		salt := saltAt(l.salts, i)
		whole = !salt.IsZero()
		f.Sum = review.Seal(f.Name, salt, f.Value)
	}
	if whole {
		if k.record, err = e.Append(k.record[:0], k.fields); err != nil {
			return err.Error()
		}
		whole = string(k.record) == string(l.record)
	}
	if !whole {
		erased, why := k.compare(l)
		if why != "" {
			return why
		}
		c.erased += erased
		c.emptied = append(c.emptied, e.ID)
	}
	switch review.Act(e.Act) {
	case review.ActErased:
		r, err := review.ParseRecord(l.record)
		if err != nil {
			return err.Error()
		}
		spans, err := review.ParseEntrySpans(r.Detail[review.DetailEntries])
		if err != nil {
			return err.Error()
		}
		if len(spans) > 0 {
			c.erasers = append(c.erasers, eraserEntry{e.ID, spans})
		}
		if err := c.accesses.add(e.ID, r.Act, instant(e.At), r.Policy, r.Detail); err != nil {
			return err.Error()
		}
	case review.ActSeen:
		if e.Review == 0 {
			r, err := review.ParseRecord(l.record)
			if err == nil {
				err = c.accesses.add(e.ID, r.Act, instant(e.At), r.Policy, r.Detail)
			}
			if err != nil {
				return err.Error()
			}
		}
	case review.ActPolicy:
		r, err := review.ParseRecord(l.record)
		if err != nil {
			return err.Error()
		}
		if d := r.Detail["digest"]; d != "" {
			c.policies = append(c.policies, policyEntry{entry: e.ID, version: r.Detail["version"], digest: d, what: r.Detail["what"],
				by: string(r.By), note: strings.Clone(e.Note), at: e.At})
		}
	case review.ActReviewOpened:
		if e.Detail != "" && e.Detail != "{}" {
			k.opened = append(k.opened, openedEntry{e.ID, e.Review, e.Detail})
		}
	}
	return ""
}

// compare holds an entry against its leaf field by field, for what is not plainly equal: erased is
// how many of its fields were, why what else does not fit.
func (k *ledgerChecker) compare(l *leafRow) (erased int64, why string) {
	r, err := review.ParseRecord(l.record)
	if err != nil {
		return 0, "its record cannot be read"
	}
	names := r.SealedNames()
	if len(l.salts) != len(names)*review.SaltSize {
		return 0, "it has other salts than sealed fields"
	}
	sealed := make([]review.LedgerField, len(names))
	for i, n := range names {
		sealed[i] = review.LedgerField{Name: n, Sum: r.Sealed[n]}
		salt := saltAt(l.salts, i)
		at := slices.IndexFunc(k.fields, func(f review.LedgerField) bool { return f.Name == n })
		switch {
		case salt.IsZero() && at < 0:
			erased++
		case salt.IsZero():
			return 0, "its " + n + " is there, though its salt was erased"
		case at < 0:
			return 0, "its " + n + " is gone, though its salt was not erased"
		case review.Seal(n, salt, k.fields[at].Value) != r.Sealed[n]:
			return 0, "its " + n + " is not what was sealed"
		}
	}
	for _, f := range k.fields {
		if _, ok := r.Sealed[f.Name]; !ok {
			return 0, "its " + f.Name + " was never sealed"
		}
	}
	if k.record, err = l.entry.Append(k.record[:0], sealed); err != nil {
		return 0, err.Error()
	}
	if string(k.record) != string(l.record) {
		return 0, "its " + differs(k.record, l.record) + " is not what was recorded"
	}
	return erased, ""
}

// openings holds what entries say that their reviews were opened for against the reviews.
func (k *ledgerChecker) openings(rows rower) (review.EntryID, string, error) {
	if len(k.opened) == 0 {
		return 0, "", nil
	}
	type about struct{ opening, root string }
	ids := make([]int64, len(k.opened))
	for i, o := range k.opened {
		ids[i] = o.review
	}
	of := make(map[int64]about, len(ids))
	put := func(v []driver.Value) error {
		c := columns{v: v}
		id := c.number()
		of[id] = about{c.text(), c.text() + "/" + c.text()}
		return nil
	}
	low, high := slices.Min(ids), slices.Max(ids)
	// CROSS JOIN keeps the order: where many reviews have few roots, the planner would begin with those.
	var err error
	if high-low < 4*int64(len(ids)) {
		err = rows(`
			SELECT r.id, r.opening, w.text, x.rid FROM review r CROSS JOIN resource x ON x.id = r.root CROSS JOIN word w ON w.id = x.family
			WHERE r.id BETWEEN ? AND ?`, 4, put, low, high)
	} else {
		err = rows(`
			SELECT r.id, r.opening, w.text, x.rid FROM json_each(?) j CROSS JOIN review r ON r.id = j.value
			CROSS JOIN resource x ON x.id = r.root CROSS JOIN word w ON w.id = x.family`, 4, put, numbers(ids))
	}
	if err != nil {
		return 0, "", err
	}
	for _, o := range k.opened {
		a, ok := of[o.review]
		if !ok {
			return o.entry, "its review is gone", nil
		}
		if strings.HasSuffix(o.detail, `"opening":"`+a.opening+`","root":"`+a.root+`"}`) {
			continue
		}
		var said map[string]string
		if err := (detailColumn{&said}).Scan(o.detail); err != nil || said["opening"] != a.opening || said["root"] != a.root {
			return o.entry, "its review is about something else than was recorded", nil
		}
	}
	return 0, "", nil
}
