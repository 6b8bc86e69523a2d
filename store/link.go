package store

import (
	"errors"
	"slices"

	"docket/review"
)

// tieKey is how one resource names another, in words.
type tieKey struct{ name, from, to string }

// tie gives the number of a tie, adding it when it is new.
func (b *absorption) tie(key tieKey) (int64, error) {
	if id, ok := b.ties[key]; ok {
		return id, nil
	}
	var words [3]any
	for i, text := range []string{key.name, key.from, key.to} {
		word, err := b.word(text)
		if err != nil {
			return 0, err
		}
		words[i] = word
	}
	var id int64
	err := b.one(`SELECT id FROM tie WHERE name = ? AND from_type = ? AND to_type = ?`, words[:], &id)
	if errors.Is(err, review.ErrNotFound) {
		id, err = b.insert(`INSERT INTO tie (name, from_type, to_type) VALUES (?, ?, ?)`, words[:]...)
	}
	if err == nil {
		b.ties[key] = id
	}
	return id, err
}

// link takes in what a state said of another resource.
func (b *absorption) link(from, to *node, kind string, l *review.Link) error {
	if sharedFamily(to.family) {
		return nil
	}
	tie, err := b.tie(tieKey{l.Name, kind, l.To.Type})
	if err != nil {
		return err
	}
	if from.fresh || to.fresh {
		err = b.linked.add(from.id, to.id, tie)
	} else {
		// Between two that are known it may be known too; only a new one moves anything.
		var added int64
		if added, err = b.changes(`INSERT INTO link (from_, to_, tie) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, from.id, to.id, tie); added == 0 {
			return err
		}
	}
	if err != nil {
		return err
	}
	from.tell(to, kind, l)
	if from == to {
		return nil
	}
	from.moved, to.moved = true, true
	// Whom a root is about may be told by this alone.
	from.stirs = from.stirs || to.family == familyAccount && from.received()
	to.stirs = to.stirs || from.family == familyAccount && to.received()
	fewer, other := from, to // a payload may name hundreds of thousands
	if len(to.near) < len(from.near) {
		fewer, other = to, from
	}
	if !slices.Contains(fewer.near, other) {
		from.near, to.near = append(from.near, to), append(to.near, from)
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

// links reads the links of some resources in both directions.
func (a *act) links(resources []int64) ([]linkRow, error) {
	type raw struct {
		row                                        linkRow
		fromRid                                    string
		name, fromType, toType, family, fromFamily int64
	}
	var all []raw
	err := a.each(`
		SELECT 1, f.id, f.rid, f.family, t.id, t.rid, t.family, i.name, i.from_type, i.to_type
		FROM json_each(?1) j JOIN link l ON l.from_ = j.value JOIN tie i ON i.id = l.tie
		JOIN resource f ON f.id = l.from_ JOIN resource t ON t.id = l.to_
		UNION ALL
		SELECT 0, t.id, t.rid, t.family, f.id, f.rid, f.family, i.name, i.from_type, i.to_type
		FROM json_each(?1) j JOIN link l ON l.to_ = j.value JOIN tie i ON i.id = l.tie
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
