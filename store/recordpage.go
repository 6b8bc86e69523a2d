package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
)

// RecordQuery shapes what is on record: about the subject behind a review, a transaction, a reference or
// an account, or by one colleague; at most one of the four and By may be set. With none it is
// everything. The zero value is all of it, newest first.
type RecordQuery struct {
	Review      review.ReviewID
	Transaction review.TransactionID
	Reference   string // of a transaction, an inquiry or a case, in full
	Account     string // Persona's id
	By          review.ColleagueID
	Span
	Show  RecordShow
	After string // cursor; "" the first page
	Limit int    // 1 to 500; 0: 50
}

// RecordShow is what of the record is wanted.
type RecordShow string

const (
	RecordAll      RecordShow = ""
	RecordEntries  RecordShow = "entries"  // what was done
	RecordAccesses RecordShow = "openings" // who had it before them
)

// RecordRow is one line: an entry of the trail, or an access.
type RecordRow struct {
	At     time.Time
	Entry  *EntryRow      // nil: an access
	Access *review.Access // nil: an entry
}

// RecordPage is one page of what is on record.
type RecordPage struct {
	Reviews []ReviewRow // of the subject, by number; at most 200
	More    bool        // … and there are more
	Rows    []RecordRow
	Next    string     // cursor of the next page, "" the last
	Left    []EntryRow // exports of many that were made since its first review opened, newest first, at most 20: they may hold it
}

// Bounds of one subject's record.
const (
	maxRecordRoots   = 50
	maxRecordReviews = 200
	maxRecordLeft    = 20
)

// about is what names a subject: its reviews, and what was opened when it was.
type about struct {
	reviews []review.ReviewID
	ids     string // the same as JSON
	objects string // JSON: [[what, object], …]
	since   time.Time
}

// Record gives a page of what is on record. A subject that there is nothing of, or a cursor that is none, is
// review.ErrNotFound.
func (db *DB) Record(ctx context.Context, q RecordQuery) (RecordPage, error) {
	var p RecordPage
	err := db.read(ctx, "record", func(a *act) error {
		ab, err := a.about(q, &p)
		if err != nil {
			return err
		}
		if p.Rows, p.Next, err = a.recordRows(q, ab); err != nil || ab == nil {
			return err
		}
		return a.entryRowsOf(exportsSince, []any{millis(ab.since), maxRecordLeft}, func(e EntryRow) { p.Left = append(p.Left, e) })
	})
	return p, err
}

// EachRecord calls fn for all that Record gives on its pages, newest first.
func (db *DB) EachRecord(ctx context.Context, q RecordQuery, fn func(RecordRow) error) error {
	q.After, q.Limit = "", recordStep
	for {
		p, err := db.Record(ctx, q)
		if err != nil {
			return err
		}
		for _, r := range p.Rows {
			if err := fn(r); err != nil {
				return err
			}
		}
		if q.After = p.Next; q.After == "" {
			return nil
		}
	}
}

const (
	rootsOfReview    = `SELECT root FROM review WHERE id = ?1 LIMIT ?2`
	rootsOfReference = `SELECT DISTINCT q.root FROM queue q WHERE q.reference = ?1 AND q.reference <> '' LIMIT ?2`
	rootsOfAccount   = `SELECT DISTINCT l.from_ FROM link l WHERE l.to_ = ?1 AND EXISTS (SELECT 1 FROM review r WHERE r.root = l.from_) LIMIT ?2`
	recordReviews    = `SELECT r.id FROM json_each(?1) j CROSS JOIN review r ON r.root = j.value ORDER BY r.id LIMIT ?2`
)

// about finds the subject of a query, nil when it names none.
func (a *act) about(q RecordQuery, p *RecordPage) (*about, error) {
	if err := a.whole(); err != nil {
		return nil, err
	}
	var roots []int64
	find := func(query string, by any) error {
		return a.each(query, []any{by, maxRecordRoots}, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			roots = append(roots, id)
			return err
		})
	}
	var err error
	switch {
	case q.Review != 0:
		err = find(rootsOfReview, q.Review)
	case q.Transaction != "":
		var id int64
		id, err = a.resourceID(q.Transaction.Ref().Type, q.Transaction.Ref().ID)
		roots = []int64{id}
	case q.Reference != "":
		err = find(rootsOfReference, clip(q.Reference))
	case q.Account != "":
		var id int64
		if id, err = a.resourceID("account", q.Account); err == nil {
			err = find(rootsOfAccount, id)
		}
	default:
		return nil, nil
	}
	if err == nil && len(roots) == 0 {
		err = review.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return a.aboutRoots(roots, p)
}

func (a *act) aboutRoots(roots []int64, p *RecordPage) (*about, error) {
	ab := &about{}
	ids, err := json.Marshal(roots)
	if err != nil {
		return nil, err
	}
	err = a.each(recordReviews, []any{string(ids), maxRecordReviews + 1}, func(scan func(...any) error) error {
		var id review.ReviewID
		err := scan(&id)
		ab.reviews = append(ab.reviews, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if p.More = len(ab.reviews) > maxRecordReviews; p.More {
		ab.reviews = ab.reviews[:maxRecordReviews]
	}
	objects := [][2]string{}
	for _, id := range ab.reviews {
		rows, err := a.exportedReviews(math.MinInt64, math.MaxInt64, id-1, 1)
		if err != nil {
			return nil, err
		}
		p.Reviews = append(p.Reviews, rows...)
		objects = append(objects, [2]string{string(review.AccessReview), id.String()[2:]})
	}
	for _, r := range p.Reviews {
		if ab.since.IsZero() || r.OpenedAt.Before(ab.since) {
			ab.since = r.OpenedAt
		}
	}
	for _, root := range roots {
		more, err := a.objectsOf(root)
		if err != nil {
			return nil, err
		}
		objects = append(objects, more...)
	}
	b, err := json.Marshal(objects)
	if err != nil {
		return nil, err
	}
	ab.objects = string(b)
	b, err = json.Marshal(ab.reviews)
	ab.ids = string(b)
	return ab, err
}

// objectsOf are what else shows a root: itself, what joins it, the payloads and files behind that.
func (a *act) objectsOf(root int64) ([][2]string, error) {
	var ref review.Ref
	if err := a.one(`SELECT w.text, t.rid FROM resource t JOIN word w ON w.id = t.family WHERE t.id = ?`, []any{root}, &ref.Type, &ref.ID); err != nil {
		return nil, err
	}
	var objects [][2]string
	if txn := ref.Transaction(); txn != "" {
		objects = append(objects, [2]string{string(review.AccessTransaction), string(txn)})
	}
	b, err := a.bundle(root, ref)
	if err != nil {
		return nil, err
	}
	resources := b.resources
	if !slices.Contains(resources, root) {
		resources = append(resources, root)
	}
	ids, err := json.Marshal(resources)
	if err != nil {
		return nil, err
	}
	for _, q := range []struct {
		what  review.AccessKind
		query string
	}{
		{review.AccessResource, `SELECT w.text || '/' || t.rid FROM json_each(?1) j CROSS JOIN resource t ON t.id = j.value JOIN word w ON w.id = t.family`},
		{review.AccessPayload, `SELECT DISTINCT lower(hex(p.sha256)) FROM json_each(?1) j CROSS JOIN snapshot s ON s.resource = j.value
			JOIN sighting g ON g.snapshot = s.id JOIN payload p ON p.id = g.payload`},
		{review.AccessFile, `SELECT DISTINCT lower(hex(f.sha256)) FROM json_each(?1) j CROSS JOIN resource t ON t.id = j.value
			JOIN word w ON w.id = t.family JOIN file_link f ON f.rid = t.rid AND (f.type = w.text OR f.type LIKE w.text || '/%')`},
	} {
		err := a.each(q.query, []any{string(ids)}, func(scan func(...any) error) error {
			o := [2]string{string(q.what)}
			err := scan(&o[1])
			objects = append(objects, o)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.what, err)
		}
	}
	return objects, nil
}

// recordPlace is where a page ends: in the entries, and in the accesses.
type recordPlace struct{ entry, at, access int64 }

func (p recordPlace) String() string {
	return strconv.FormatInt(p.entry, 10) + "." + strconv.FormatInt(p.at, 10) + "." + strconv.FormatInt(p.access, 10)
}

func readPlace(s string) (p recordPlace, err error) {
	p = recordPlace{math.MaxInt64, math.MaxInt64, math.MaxInt64}
	if s == "" {
		return p, nil
	}
	parts := strings.Split(s, ".")
	to := []*int64{&p.entry, &p.at, &p.access}
	if len(parts) != len(to) {
		return p, review.ErrNotFound
	}
	for i, part := range parts {
		if *to[i], err = strconv.ParseInt(part, 10, 64); err != nil {
			return p, review.ErrNotFound
		}
	}
	return p, nil
}

const (
	entryRowSelected = `SELECT ` + entrySelected + `, e.by_role, ifnull(w.text, ''), ifnull(t.rid, '') `
	entryRowJoined   = ` LEFT JOIN review r ON r.id = e.review LEFT JOIN resource t ON t.id = r.root LEFT JOIN word w ON w.id = t.family `
	exportsSince     = entryRowSelected + `FROM entry e` + entryRowJoined + `WHERE e.act = 'exported' AND e.review IS NULL AND e.at >= ?1 ORDER BY e.id DESC LIMIT ?2`
	// ?1 ?2 ids from (in) to (out), ?3 behind, ?4 limit
	entriesOlder   = entryRowSelected + `FROM entry e` + entryRowJoined + `WHERE e.id >= ?1 AND e.id < ?2 AND e.id < ?3 ORDER BY e.id DESC LIMIT ?4`
	entriesOlderBy = entryRowSelected + `FROM entry e` + entryRowJoined + `WHERE e.by_ = ?5 AND e.id >= ?1 AND e.id < ?2 AND e.id < ?3 ORDER BY e.id DESC LIMIT ?4`
	entriesOlderOf = entryRowSelected + `FROM json_each(?5) j CROSS JOIN entry e ON e.review = j.value` + entryRowJoined +
		`WHERE e.id >= ?1 AND e.id < ?2 AND e.id < ?3 ORDER BY e.id DESC LIMIT ?4`

	accessSelected = `SELECT x.id, x.colleague, c.name, x.what, x.object, ifnull(x.review, 0), x.first_at, x.last_at, x.n `
	// ?1 ?2 first_at from (in) to (out), ?3 ?4 behind first_at, id, ?5 limit
	accessWhere   = `x.first_at >= ?1 AND x.first_at < ?2 AND (x.first_at, x.id) < (?3, ?4) ORDER BY x.first_at DESC, x.id DESC LIMIT ?5`
	accessOlder   = accessSelected + `FROM access x JOIN colleague c ON c.id = x.colleague WHERE ` + accessWhere
	accessOlderBy = accessSelected + `FROM access x JOIN colleague c ON c.id = x.colleague WHERE x.colleague = ?6 AND ` + accessWhere
	accessOlderOf = accessSelected + `FROM json_each(?6) j CROSS JOIN access x ON x.object = j.value ->> 1 AND x.what = j.value ->> 0
		JOIN colleague c ON c.id = x.colleague WHERE ` + accessWhere
)

// recordRows merges the entries and the accesses of a page.
func (a *act) recordRows(q RecordQuery, ab *about) ([]RecordRow, string, error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, 500)
	place, err := readPlace(q.After)
	if err != nil {
		return nil, "", err
	}
	var entries, accesses []RecordRow
	if q.Show != RecordAccesses {
		if err := a.recordEntries(q, ab, place, limit+1, &entries); err != nil {
			return nil, "", err
		}
	}
	if q.Show != RecordEntries {
		if err := a.recordAccesses(q, ab, place, limit+1, &accesses); err != nil {
			return nil, "", err
		}
	}
	rows := make([]RecordRow, 0, limit)
	for len(rows) < limit && len(entries)+len(accesses) > 0 {
		if len(accesses) == 0 || len(entries) > 0 && !entries[0].At.Before(accesses[0].At) {
			rows, place.entry, entries = append(rows, entries[0]), int64(entries[0].Entry.ID), entries[1:]
			continue
		}
		x := accesses[0].Access
		rows, place.at, place.access, accesses = append(rows, accesses[0]), x.FirstAt.UnixMilli(), x.ID, accesses[1:]
	}
	if len(entries)+len(accesses) == 0 {
		return rows, "", nil
	}
	return rows, place.String(), nil
}

func (a *act) recordEntries(q RecordQuery, ab *about, place recordPlace, limit int, rows *[]RecordRow) error {
	from, to, err := a.entriesIn(q.Span)
	if err != nil {
		return err
	}
	args, query := []any{from, to, place.entry, limit}, entriesOlder
	switch {
	case ab != nil:
		args, query = append(args, ab.ids), entriesOlderOf
	case q.By != "":
		args, query = append(args, q.By), entriesOlderBy
	}
	return a.entryRowsOf(query, args, func(e EntryRow) { *rows = append(*rows, RecordRow{At: e.At, Entry: &e}) })
}

func (a *act) recordAccesses(q RecordQuery, ab *about, place recordPlace, limit int, rows *[]RecordRow) error {
	from, to := q.bounds()
	args, query := []any{from, to, place.at, place.access, limit}, accessOlder
	switch {
	case ab != nil:
		args, query = append(args, ab.objects), accessOlderOf
	case q.By != "":
		args, query = append(args, q.By), accessOlderBy
	}
	return a.each(query, args, func(scan func(...any) error) error {
		var x review.Access
		err := scan(&x.ID, &x.By, &x.ByName, &x.What, &x.Object, &x.Review, timeColumn{&x.FirstAt}, timeColumn{&x.LastAt}, &x.N)
		*rows = append(*rows, RecordRow{At: x.FirstAt, Access: &x})
		return err
	})
}

func (a *act) entryRowsOf(query string, args []any, fn func(EntryRow)) error {
	return a.each(query, args, func(scan func(...any) error) error {
		var r EntryRow
		c := entryColumns{e: &r.Entry}
		err := scan(append(c.columns(), &r.ByRole, &r.Root.Type, &r.Root.ID)...)
		c.settle()
		r.Transaction = r.Root.Transaction()
		fn(r)
		return err
	})
}

// entriesIn gives the numbers of the entries of a span of time: from, in, and to, out. Entries are
// numbered in the order of their times, so a few look-ups find both.
func (a *act) entriesIn(s Span) (from, to int64, err error) {
	from, to = 1, math.MaxInt64
	if !s.From.IsZero() {
		if from, err = a.firstEntry(s.From); err != nil {
			return 0, 0, err
		}
	}
	if !s.To.IsZero() {
		to, err = a.firstEntry(s.To)
	}
	return from, to, err
}

// firstEntry is the number of the first entry that was not written before an instant; one more than the last
// when all were.
func (a *act) firstEntry(t time.Time) (int64, error) {
	var last int64
	if err := a.one(`SELECT ifnull(max(id), 0) FROM entry`, nil, &last); err != nil {
		return 0, err
	}
	low, high := int64(1), last+1
	for low < high {
		mid := low + (high-low)/2
		var at int64
		err := a.one(`SELECT at FROM entry WHERE id >= ? ORDER BY id LIMIT 1`, []any{mid}, &at)
		if err != nil && !errors.Is(err, review.ErrNotFound) {
			return 0, err
		}
		if err == nil && at < millis(t) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low, nil
}
