package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"docket/review"
)

// GoingCursor is where a page of what goes ended; the zero value begins at the first.
type GoingCursor struct {
	Kind int   // place in review.GoingKinds
	Key  int64 // of the last one of it
}

// String is what ParseGoingCursor reads.
func (c GoingCursor) String() string { return fmt.Sprintf("%d-%d", c.Kind, c.Key) }

// ParseGoingCursor reads what String wrote, and "" as the first; anything else is review.ErrNotFound.
func ParseGoingCursor(text string) (GoingCursor, error) {
	var c GoingCursor
	if text == "" {
		return c, nil
	}
	kind, key, _ := strings.Cut(text, "-")
	var errs [2]error
	c.Kind, errs[0] = strconv.Atoi(kind)
	c.Key, errs[1] = strconv.ParseInt(key, 10, 64)
	if errors.Join(errs[:]...) != nil || c.Kind < 0 || c.Kind >= len(review.GoingKinds()) || c.Key < 0 || c.String() != text {
		return c, fmt.Errorf("going: %w", review.ErrNotFound)
	}
	return c, nil
}

// GoingPage is some of what an erasure of one subject would take.
type GoingPage struct {
	Roots   []review.Ref
	Reviews []review.ReviewID // all of them
	Blocked string            // why nothing of it may go now, "" when it may
	Items   []review.Going
	Next    GoingCursor // zero: these were the last
}

// Going lists what an erasure of a subject would take if it ran now, row by row, and what is tied to the
// subject and stays: the same rules that the erasure goes by, tried on the same bytes. Limit bounds the
// items, and with them the memory. review.ErrNotFound: nobody is known as that, or nothing is left.
func (db *DB) Going(ctx context.Context, id review.SubjectID, after GoingCursor, limit int) (GoingPage, error) {
	var p GoingPage
	err := db.readWithin(ctx, checkFor, "going", func(a *act) error {
		if err := a.whole(); err != nil {
			return err
		}
		s, err := a.subjectOf(id)
		if err != nil {
			return err
		}
		g := goer{act: a, subject: s, own: map[review.Ref]bool{}, gone: map[int64]bool{}}
		if err := g.prepare(); err != nil {
			return err
		}
		if p.Blocked, err = a.blocked(s); err != nil {
			return err
		}
		p.Roots = g.refs
		for _, r := range g.reviews {
			p.Reviews = append(p.Reviews, review.ReviewID(r))
		}
		kinds := g.kinds()
		for c := after; c.Kind < len(kinds); c = (GoingCursor{Kind: c.Kind + 1}) {
			items, last, err := kinds[c.Kind](c.Key, limit-len(p.Items))
			if err != nil {
				return err
			}
			p.Items = append(p.Items, items...)
			if len(p.Items) >= limit {
				p.Next = GoingCursor{c.Kind, last}
				return nil
			}
		}
		return nil
	})
	return p, err
}

// goer lists what goes of one subject.
type goer struct {
	*act
	subject
	refs    []review.Ref // of the roots
	reviews []int64
	of      string // reviews, as JSON
	ids     []int64
	by      string              // resources, as JSON
	named   string              // the same by name
	own     map[review.Ref]bool // by family
	gone    map[int64]bool
	frames  map[int64][]byte // the last frame of payloads that was read
}

func (g *goer) prepare() (err error) {
	if g.refs, err = g.act.refs(g.roots); err != nil {
		return err
	}
	if _, g.reviews, err = g.newestOf(g.roots); err != nil {
		return err
	}
	all, err := g.belongings(g.subject)
	if err != nil {
		return err
	}
	names := make([]review.Ref, len(all))
	for i, b := range all {
		g.ids, names[i] = append(g.ids, b.id), b.ref
		g.own[b.ref], g.gone[b.id] = true, true
	}
	raw, err := json.Marshal(names)
	g.of, g.by, g.named = numbers(g.reviews), numbers(g.ids), string(raw)
	return err
}

// kinds are the lists, in the order of review.GoingKinds. Each gives at most so many items behind a key,
// and the key of the last that it looked at.
func (g *goer) kinds() []func(after int64, limit int) ([]review.Going, int64, error) {
	return []func(int64, int) ([]review.Going, int64, error){g.payloads, g.unread, g.states,
		g.rows(review.GoingFile, goingFiles, &g.named), g.rows(review.GoingAttachment, goingAttachments, &g.of),
		g.rows(review.GoingFinding, goingFindings, &g.of), g.rows(review.GoingReasons, goingReasons, &g.of), g.texts,
		g.rows(review.GoingTold, goingTold, &g.of), g.search, g.shared}
}

const (
	// An attachment of the same bytes at a review that keeps its data keeps the file; so does a link.
	goingFiles = `
		SELECT f.rowid, lower(hex(f.sha256)), f.media, min(l.at), 0, f.size,
		  iif(EXISTS (SELECT 1 FROM file_link o WHERE o.sha256 = f.sha256 AND NOT EXISTS (` + linkIsOwn + `))
		   OR EXISTS (SELECT 1 FROM attachment t WHERE t.sha256 = f.sha256 AND NOT EXISTS (SELECT 1 FROM erased_entry x WHERE x.entry = t.entry)),
		   'others hold the same file', '')
		FROM json_each(?1) j JOIN file_link l ON l.rid = j.value ->> 'id'
		  AND (l.type = j.value ->> 'type' OR l.type >= j.value ->> 'type' || '/' AND l.type < j.value ->> 'type' || '0')
		JOIN file f ON f.sha256 = l.sha256
		WHERE f.rowid > ?2 GROUP BY f.rowid ORDER BY f.rowid LIMIT ?3`
	linkIsOwn = `SELECT 1 FROM json_each(?1) k WHERE k.value ->> 'id' = o.rid
		AND (o.type = k.value ->> 'type' OR o.type >= k.value ->> 'type' || '/' AND o.type < k.value ->> 'type' || '0')`
	goingAttachments = `
		SELECT t.entry, lower(hex(t.sha256)), t.media, e.at, 0, t.size,
		  iif(EXISTS (SELECT 1 FROM file_link o WHERE o.sha256 = t.sha256)
		   OR EXISTS (SELECT 1 FROM attachment o WHERE o.sha256 = t.sha256 AND o.review NOT IN (SELECT value FROM json_each(?1))
		      AND NOT EXISTS (SELECT 1 FROM erased_entry x WHERE x.entry = o.entry)), 'others hold the same file', '')
		FROM json_each(?1) j JOIN attachment t ON t.review = j.value JOIN entry e ON e.id = t.entry JOIN file f ON f.sha256 = t.sha256
		WHERE t.entry > ?2 ORDER BY t.entry LIMIT ?3`
	goingFindings = `
		SELECT d.entry, d.entry, min(d.kind), e.at, count(*), 0, ''
		FROM json_each(?1) j JOIN disposition d ON d.review = j.value JOIN entry e ON e.id = d.entry
		WHERE d.entry > ?2 AND (d.match NOT GLOB 'erased-*' OR d.party <> '' OR d.identity <> '' OR d.whose <> '' OR d.seen <> zeroblob(32))
		GROUP BY d.entry ORDER BY d.entry LIMIT ?3`
	// Whoever took a finding over took the values too.
	goingReasons = `
		WITH RECURSIVE taken (entry) AS (
		  SELECT d.entry FROM json_each(?1) j JOIN disposition d ON d.review = j.value UNION
		  SELECT d.entry FROM taken t JOIN disposition d ON d.carries = t.entry)
		SELECT p.entry, p.entry, min(p.attribute), e.at, count(*), sum(octet_length(p.subject) + octet_length(p.listed)), ''
		FROM taken t JOIN premise p ON p.entry = t.entry JOIN entry e ON e.id = p.entry
		WHERE p.entry > ?2 AND (p.subject <> '[]' OR p.listed <> '[]') GROUP BY p.entry ORDER BY p.entry LIMIT ?3`
	goingTold = `
		SELECT p.id, p.type || '/' || p.rid, p.act, p.at, 0, octet_length(p.part) + octet_length(p.before) + octet_length(p.fields) + octet_length(p.note), ''
		FROM json_each(?1) j JOIN push p ON p.review = j.value
		WHERE p.id > ?2 AND (p.part <> '' OR p.before <> '' OR p.fields <> '[]' OR p.note <> '' OR p.problem <> '' OR p.request <> '')
		ORDER BY p.id LIMIT ?3`
	goingTexts = `
		SELECT e.id, e.id, e.act, e.at, 0, octet_length(e.note) + octet_length(e.status), ''
		FROM json_each(?1) j JOIN entry e ON e.id = j.value
		WHERE e.id > ?2 AND (e.note <> '' OR e.status <> '' OR e.matches <> '[]') ORDER BY e.id LIMIT ?3`
	goingSearch = `
		SELECT q.id, q.root_type || '/' || q.root_id, q.state, q.opened_at, 0, 0, ''
		FROM json_each(?1) j JOIN queue q ON q.root = j.value WHERE q.id > ?2 ORDER BY q.id LIMIT ?3`
)

// rows lists what a query gives: key, id, from, at, n, size, stays.
func (g *goer) rows(kind review.GoingKind, query string, of *string) func(int64, int) ([]review.Going, int64, error) {
	return func(after int64, limit int) ([]review.Going, int64, error) {
		var all []review.Going
		err := g.each(query, []any{*of, after, limit}, func(scan func(...any) error) error {
			it := review.Going{What: kind}
			err := scan(&after, &it.ID, &it.From, timeColumn{&it.At}, &it.N, &it.Size, &it.Stays)
			if it.Stays != "" {
				it.Left = it.Size
			}
			all = append(all, it)
			return err
		})
		return all, after, err
	}
}

func (g *goer) texts(after int64, limit int) ([]review.Going, int64, error) {
	entries, err := g.entriesWithWords(g.reviews)
	if err != nil {
		return nil, 0, err
	}
	beside, err := g.entriesBeside(0, g.subject)
	if err != nil {
		return nil, 0, err
	}
	entries = append(entries, beside...)
	slices.Sort(entries)
	ids := make([]int64, 0, len(entries))
	for _, id := range slices.Compact(entries) {
		ids = append(ids, int64(id))
	}
	these := numbers(ids)
	return g.rows(review.GoingText, goingTexts, &these)(after, limit)
}

func (g *goer) search(after int64, limit int) ([]review.Going, int64, error) {
	roots := numbers(g.roots)
	return g.rows(review.GoingSearch, goingSearch, &roots)(after, limit)
}

// shared lists what is tied to the subject and to others too.
func (g *goer) shared(after int64, limit int) ([]review.Going, int64, error) {
	seen := map[int64]bool{}
	for i, root := range g.roots {
		b, err := g.bundle(root, g.refs[i])
		if err != nil {
			return nil, 0, err
		}
		for _, id := range b.resources {
			if !g.gone[id] && id > after {
				seen[id] = true
			}
		}
	}
	ids := make([]int64, 0, len(seen))
	for id := range seen {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	ids = ids[:min(limit, len(ids))]
	refs, err := g.act.refs(ids)
	var all []review.Going
	for i, ref := range refs {
		after = ids[i]
		all = append(all, review.Going{What: review.GoingShared, ID: ref.String(), Stays: "it is not this subject’s alone"})
	}
	return all, after, err
}

// covers says that the erasure would take a state of a resource, of a time.
func (g *goer) covers(ref review.Ref, at int64) bool {
	family := review.Ref{Type: ref.Family(), ID: ref.ID}
	return g.own[family] && at <= family.ErasedUntil(g.now.UnixMilli())
}

// payloads tries the erasure on each payload that carries anything of the subject.
func (g *goer) payloads(after int64, limit int) ([]review.Going, int64, error) {
	var all []review.Going
	for len(all) < limit && g.db.options.Reduce != nil {
		ids, err := g.act.ids(`
			SELECT DISTINCT g.payload FROM json_each(?) j JOIN snapshot s ON s.resource = j.value JOIN sighting g ON g.snapshot = s.id
			WHERE g.payload > ? ORDER BY g.payload LIMIT ?`, g.by, after, limit)
		if err != nil || len(ids) == 0 {
			return all, after, err
		}
		for _, id := range ids {
			it, raw, err := g.payload(review.GoingPayload, id)
			if err != nil {
				return nil, 0, err
			}
			after = id
			others := false
			reduced, err := g.db.options.Reduce(raw, func(ref review.Ref, at int64) bool {
				gone := g.covers(ref, at)
				others = others || !gone
				return gone
			})
			if err != nil {
				return nil, 0, fmt.Errorf("payload %s: %w", it.ID, err)
			}
			if reduced.Bytes == nil {
				continue // nothing in it is personal, or that is gone
			}
			it.Left, it.Stays = int64(len(reduced.Bytes)), "the rest says nothing personal"
			if others {
				it.Stays = "the rest is about others too"
			}
			if all = append(all, it); len(all) == limit {
				break
			}
		}
	}
	return all, after, nil
}

// payload reads one with its bytes.
func (g *goer) payload(kind review.GoingKind, id int64) (review.Going, []byte, error) {
	it := review.Going{What: kind}
	var frame int64
	var start, size int
	err := g.one(`SELECT lower(hex(sha256)), source, received_at, body, start, ifnull(left_size, size) FROM payload WHERE id = ?`, []any{id},
		&it.ID, &it.From, timeColumn{&it.At}, &frame, &start, &size)
	if err != nil {
		return it, nil, err
	}
	it.Size = int64(size)
	body, ok := g.frames[frame]
	if !ok {
		var packed []byte
		if err := g.one(`SELECT body FROM payload_body WHERE id = ?`, []any{frame}, &packed); err != nil {
			return it, nil, err
		}
		if body, err = unzip(packed); err != nil {
			return it, nil, err
		}
		g.frames = map[int64][]byte{frame: body}
	}
	raw, err := cut(body, start, size)
	return it, raw, err
}

// unread lists payloads that nobody could read and that name the subject: see eraseIfNamed.
func (g *goer) unread(after int64, limit int) ([]review.Going, int64, error) {
	var all []review.Going
	var names []review.Ref
	for ref := range g.own {
		names = append(names, ref)
	}
	for len(all) < limit {
		ids, err := g.act.ids(`SELECT id FROM payload WHERE state = 'quarantined' AND id > ? ORDER BY id LIMIT ?`, after, erasePayloads)
		if err != nil || len(ids) == 0 {
			return all, after, err
		}
		for _, id := range ids {
			it, raw, err := g.payload(review.GoingUnread, id)
			if err != nil {
				return nil, 0, err
			}
			after = id
			if !slices.ContainsFunc(names, func(ref review.Ref) bool { return bytes.Contains(raw, []byte(ref.ID)) }) {
				continue
			}
			if all = append(all, it); len(all) == limit {
				break
			}
		}
	}
	return all, after, nil
}

// states tries the erasure on each state of the subject's resources.
func (g *goer) states(after int64, limit int) ([]review.Going, int64, error) {
	var all []review.Going
	type row struct {
		id, pack    int64
		hash        review.Hash
		at          int64
		start, size int
		it          review.Going
	}
	for len(all) < limit && g.db.options.Reduce != nil {
		var rows []row
		var packs []int64
		err := g.each(`
			SELECT s.id, s.sha256, ifnull(s.at, 0), s.pack, s.start, s.size, w.text || '/' || r.rid
			FROM json_each(?) j JOIN snapshot s ON s.resource = j.value JOIN resource r ON r.id = s.resource JOIN word w ON w.id = r.family
			WHERE s.id > ? ORDER BY s.id LIMIT ?`, []any{g.by, after, min(limit, eraseBatch)}, func(scan func(...any) error) error {
			r := row{it: review.Going{What: review.GoingState}}
			err := scan(&r.id, hashColumn{&r.hash}, &r.at, &r.pack, &r.start, &r.size, &r.it.From)
			rows, packs = append(rows, r), append(packs, r.pack)
			return err
		})
		if err != nil || len(rows) == 0 {
			return all, after, err
		}
		raw, err := g.unpacked(packs)
		if err != nil {
			return nil, 0, err
		}
		for _, r := range rows {
			after = r.id
			body, err := cut(raw[r.pack], r.start, r.size)
			if err != nil {
				return nil, 0, err
			}
			reduced, err := g.db.options.Reduce(body, func(ref review.Ref, at int64) bool { return g.covers(ref, at) })
			if err != nil || len(reduced.After.Snapshots) != 1 {
				return nil, 0, errors.Join(fmt.Errorf("state %s cannot be reduced", r.hash), err)
			}
			left := reduced.After.Snapshots[0]
			if left.Order.Snapshot == r.hash {
				continue // nothing in it is personal
			}
			r.it.ID, r.it.Size, r.it.Left, r.it.Stays = r.hash.String(), int64(r.size), int64(len(left.Body)), "the rest says nothing personal"
			if r.at > 0 {
				r.it.At = instant(r.at)
			}
			if all = append(all, r.it); len(all) == limit {
				break
			}
		}
	}
	return all, after, nil
}
