package store

import (
	"slices"

	"docket/review"
)

// link takes in what a state said of another resource.
func (b *absorption) link(from *node, kind string, l *review.Link) error {
	to, err := b.node(l.To)
	if err != nil {
		return err
	}
	name, err := b.word(l.Name)
	if err != nil {
		return err
	}
	fromType, err := b.word(kind)
	if err != nil {
		return err
	}
	toType, err := b.word(l.To.Type)
	if err != nil {
		return err
	}
	shared := sharedFamily(to.family)
	if from.fresh || to.fresh || shared {
		err = b.linked.add(from.id, to.id, name, fromType, toType, shared)
	} else {
		// Between two that are known it may be known too; only a new one moves anything.
		var added int64
		if added, err = b.changes(`
			INSERT INTO link (from_, to_, name, from_type, to_type, shared) VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING`,
			from.id, to.id, name, fromType, toType); added == 0 {
			return err
		}
	}
	if err != nil || shared {
		return err
	}
	if from.fresh {
		from.told = append(from.told, told{from, to, kind, l})
	}
	if from == to {
		return nil
	}
	if to.fresh {
		to.told = append(to.told, told{from, to, kind, l})
	}
	from.moved, to.moved = true, true
	if !slices.Contains(from.near, to) {
		from.near = append(from.near, to)
	}
	if !slices.Contains(to.near, from) {
		to.near = append(to.near, from)
	}
	return nil
}

// linkRow is one link with the end that was not asked for.
type linkRow struct {
	asked       int64 // the resource whose links were read
	other       int64
	otherRid    string
	otherFamily string
	outward     bool // asked is the one that said it
	link        review.Link
}

// maxLinks bounds how many links are read at once: a case may name thousands.
const maxLinks = 5_000

// links reads the links of some resources in both directions. Who names a shared resource is
// not read.
func (a *act) links(resources []int64) ([]linkRow, error) {
	type raw struct {
		row                                        linkRow
		fromRid                                    string
		name, fromType, toType, family, fromFamily int64
	}
	var all []raw
	err := a.each(`
		SELECT 1, f.id, f.rid, f.family, t.id, t.rid, t.family, l.name, l.from_type, l.to_type
		FROM json_each(?1) j JOIN link l ON l.from_ = j.value
		JOIN resource f ON f.id = l.from_ JOIN resource t ON t.id = l.to_
		UNION ALL
		SELECT 0, t.id, t.rid, t.family, f.id, f.rid, f.family, l.name, l.from_type, l.to_type
		FROM json_each(?1) j JOIN link l ON l.to_ = j.value AND l.shared = 0
		JOIN resource f ON f.id = l.from_ JOIN resource t ON t.id = l.to_
		LIMIT ?2`, []any{numbers(resources), maxLinks}, func(scan func(...any) error) error {
		var r raw
		err := scan(&r.row.outward, &r.row.asked, &r.fromRid, &r.fromFamily,
			&r.row.other, &r.row.otherRid, &r.family, &r.name, &r.fromType, &r.toType)
		all = append(all, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows := make([]linkRow, len(all))
	for i, r := range all {
		var words [4]string
		for j, id := range []int64{r.family, r.name, r.fromType, r.toType} {
			if words[j], err = a.text(id); err != nil {
				return nil, err
			}
		}
		askedRef, otherRef := review.Ref{ID: r.fromRid}, review.Ref{ID: r.row.otherRid}
		r.row.otherFamily = words[0]
		if r.row.outward {
			askedRef.Type, otherRef.Type = words[2], words[3]
			r.row.link = review.Link{From: askedRef, To: otherRef, Name: words[1]}
		} else {
			otherRef.Type, askedRef.Type = words[2], words[3]
			r.row.link = review.Link{From: otherRef, To: askedRef, Name: words[1]}
		}
		rows[i] = r.row
	}
	return rows, nil
}

// compareLinks orders links by what they say.
func compareLinks(x, y review.Link) int {
	if c := compareRefs(x.From, y.From); c != 0 {
		return c
	}
	if c := compareRefs(x.To, y.To); c != 0 {
		return c
	}
	if x.Name < y.Name {
		return -1
	}
	if x.Name > y.Name {
		return 1
	}
	return 0
}
