package store

import (
	"fmt"
	"slices"

	"docket/review"
)

// names looks for each payload, resource and kept root by its name: each is found, no two payloads or
// resources have the same one, and there is no fingerprint of anything else.
func (c *checking) names() error {
	if err := c.expect(`SELECT (SELECT count(*) FROM payload) + (SELECT count(*) FROM resource) + (SELECT count(*) FROM kept)`); err != nil {
		return err
	}
	for _, t := range []struct {
		kind printKind
		name string
		some func(a *act, after int64) (rows, found []int64, err error)
	}{
		{ofPayload, "payload", func(a *act, after int64) ([]int64, []int64, error) {
			rows, hashes, err := a.somePayloads(after)
			if err != nil {
				return nil, nil, err
			}
			ids, err := a.payloadIDs(hashes)
			found := make([]int64, len(rows))
			for i, h := range hashes {
				found[i] = ids[h]
			}
			return rows, found, err
		}},
		{ofResource, "resource", func(a *act, after int64) ([]int64, []int64, error) {
			rows, refs, err := a.someResources(after)
			if err != nil {
				return nil, nil, err
			}
			prints := make([]int64, len(refs))
			for i := range refs {
				prints[i] = printOfID(refs[i].ID)
			}
			found, err := a.resourceRows(refs, prints)
			return rows, found, err
		}},
		{ofKept, "kept", func(a *act, after int64) ([]int64, []int64, error) {
			rows, signs, err := a.someKept(after)
			if err != nil {
				return nil, nil, err
			}
			of, err := a.keptRoots(signs)
			found := make([]int64, len(rows))
			for i, row := range rows {
				if _, ok := slices.BinarySearch(of[signs[i]], row); ok {
					found[i] = row
				}
			}
			return rows, found, err
		}},
	} {
		if err := c.named(t.name, t.some); err != nil {
			return err
		}
		err := c.read("fingerprints", func(a *act) error {
			var more int64
			err := a.one(`
				SELECT (SELECT ifnull(sum(length(prints)), 0) FROM fingerprint WHERE id >> 48 = ?1) / 11
				  + (SELECT ifnull(sum(length(prints)), 0) FROM fingerprint_young WHERE id >> 48 = ?1) / 11
				  - (SELECT count(*) FROM `+t.name+` WHERE rowid <= ifnull((SELECT after FROM put_off WHERE kind = ?1), 1 << 62))`, []any{int64(t.kind)}, &more)
			if more > 0 {
				c.found("%d × wrong: fingerprint of another %s or of none", more, t.name)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// named tells of the rows of a table that their names do not lead to.
func (c *checking) named(table string, some func(a *act, after int64) (rows, found []int64, err error)) error {
	n, first := 0, []string{}
	for after, more := int64(0), true; more; {
		err := c.read("names", func(a *act) error {
			rows, found, err := some(a, after)
			if err != nil {
				return err
			}
			for i, row := range rows {
				if after = row; found[i] == row {
					continue
				}
				if n++; n <= namedRows {
					first = append(first, fmt.Sprintf("row %d", row))
				}
			}
			more = len(rows) > 0
			c.tell(len(rows))
			return nil
		})
		if err != nil {
			return err
		}
	}
	c.several(n, table+" that its name does not lead to", first)
	return nil
}

// somePayloads gives the payloads behind one, with their digests.
func (a *act) somePayloads(after int64) (rows []int64, hashes []review.Hash, err error) {
	err = a.each(`SELECT id, sha256 FROM payload WHERE id > ? ORDER BY id LIMIT ?`, []any{after, checkBatch}, func(scan func(...any) error) error {
		var row int64
		var hash review.Hash
		err := scan(&row, hashColumn{&hash})
		rows, hashes = append(rows, row), append(hashes, hash)
		return err
	})
	return rows, hashes, err
}

// someResources gives the resources behind one, with their names.
func (a *act) someResources(after int64) (rows []int64, refs []review.Ref, err error) {
	err = a.each(`
		SELECT r.id, r.rid, ifnull(w.text, '') FROM resource r LEFT JOIN word w ON w.id = r.family WHERE r.id > ? ORDER BY r.id LIMIT ?`,
		[]any{after, checkBatch}, func(scan func(...any) error) error {
			var row int64
			var ref review.Ref
			err := scan(&row, &ref.ID, &ref.Type)
			rows, refs = append(rows, row), append(refs, ref)
			return err
		})
	return rows, refs, err
}

// someKept gives the kept roots behind one, with whom they are about.
func (a *act) someKept(after int64) (rows, signs []int64, err error) {
	err = a.each(`SELECT root, subject FROM kept WHERE root > ? ORDER BY root LIMIT ?`, []any{after, checkBatch}, func(scan func(...any) error) error {
		var row, sign int64
		err := scan(&row, &sign)
		rows, signs = append(rows, row), append(signs, sign)
		return err
	})
	return rows, signs, err
}
