package store

import (
	"encoding/json"
	"maps"
	"math"
	"slices"

	"docket/review"
)

// keptBatch is how many roots one round of writeKept takes.
const keptBatch = 5_000

// keptRoot is a row of kept, of a root that nothing was decided about yet.
type keptRoot struct {
	root, subject int64
	reviews       int
	open          bool
	endedAt       int64
}

// retain notes whom a root is about. Of one whose row was made in this call all is in memory, and is
// written at once by writeFreshKept; of the others it is read again at the end of the act.
func (b *absorption) retain(t *rootReviews, subject int64) {
	if !t.fresh {
		b.act.retain(t.id, subject)
		return
	}
	if !t.reviewed() {
		return // it has no row in root
	}
	k := keptRoot{t.id, subject, len(t.rows), false, millis(t.at)}
	closed := int64(math.MinInt64)
	for _, r := range t.rows {
		k.open = k.open || r.State != review.StateClosed
		if !r.ClosedAt.IsZero() {
			closed = max(closed, millis(r.ClosedAt))
		}
	}
	if closed != math.MinInt64 {
		k.endedAt = closed
	}
	b.freshKept = append(b.freshKept, k)
}

// retain notes whom a root is about: what it says of how long they are kept is written at the end of
// the act.
func (a *act) retain(root, subject int64) {
	if a.kept == nil {
		a.kept = make(map[int64]int64)
	}
	a.kept[root] = subject
}

// retainPlain does so for roots that nobody reviews, and whose dossiers therefore nobody reads: their
// subject is that of the one account that they name, else they stand alone.
func (b *absorption) retainPlain(roots []*rootReviews) error {
	known := map[int64]*node{}
	for _, t := range roots {
		if t.fresh {
			b.retain(t, t.plainSign())
		} else {
			known[t.id] = t.node
		}
	}
	signs, err := b.plainSigns(known)
	for root, sign := range signs {
		b.act.retain(root, sign)
	}
	return err
}

// plainSign is the subject of a root whose row was made in this call, by its links alone.
func (n *node) plainSign() int64 {
	var account *node
	for _, other := range n.near {
		if other.family != familyAccount {
			continue
		}
		if account != nil && account.rid != other.rid {
			return review.RootSign(n.ref())
		}
		account = other
	}
	if account == nil {
		return review.RootSign(n.ref())
	}
	return review.AccountSign(account.rid)
}

// writeFreshKept writes what retain has in memory. Subjects that nobody heard of before are written
// from there too; of the others all roots are asked.
func (b *absorption) writeFreshKept() error {
	if len(b.freshKept) == 0 {
		return nil
	}
	facts := make(map[int64]review.RetentionFacts, len(b.freshKept))
	subjects := make([]int64, 0, len(b.freshKept))
	rows := newBulk(b.act, `INSERT OR FAIL INTO kept (root, subject, reviews, open, declined, ended_at) VALUES `, `(?, ?, ?, ?, 0, ?)`, ``)
	for _, k := range b.freshKept {
		if err := rows.add(k.root, k.subject, k.reviews, k.open, k.endedAt); err != nil {
			return err
		}
		f, ok := facts[k.subject]
		if !ok {
			subjects = append(subjects, k.subject)
		}
		f.Reviews, f.Open = f.Reviews+k.reviews, f.Open || k.open
		if ended := instant(k.endedAt); !ok || ended.After(f.Ended) {
			f.Ended = ended
		}
		facts[k.subject] = f
	}
	b.freshKept = b.freshKept[:0]
	if err := rows.flush(); err != nil {
		return err
	}
	known, err := b.ids(`
		SELECT value FROM json_each(?) j WHERE EXISTS (SELECT 1 FROM kept_subject k WHERE k.subject = j.value)
		OR EXISTS (SELECT 1 FROM hold h INDEXED BY hold_of_subject WHERE h.subject = j.value AND h.lifted IS NULL)`, numbers(subjects))
	if err != nil {
		return err
	}
	if len(known) > 0 {
		if err := b.writeKeptSubjects(known); err != nil {
			return err
		}
		for _, subject := range known {
			delete(facts, subject)
		}
	}
	slices.Sort(subjects) // near rows lie together
	fresh := newBulk(b.act, `INSERT OR FAIL INTO kept_subject (subject, class, ended_at, held) VALUES `, `(?, ?, ?, 0)`, ``)
	for _, subject := range subjects {
		f, ok := facts[subject]
		if !ok {
			continue
		}
		class, _ := review.RetentionOf(f, review.Policy{})
		var ended any
		if !f.Open {
			ended = millis(f.Ended)
		}
		if err := fresh.add(subject, class, ended); err != nil {
			return err
		}
	}
	if err := fresh.flush(); err != nil {
		return err
	}
	// The triggers noted the reviews that were opened of these.
	_, err = b.exec(`DELETE FROM kept_stale WHERE root >= ?`, b.firstFresh)
	return err
}

// plainSigns gives the subject of roots that were there before by their links alone.
func (a *act) plainSigns(roots map[int64]*node) (map[int64]int64, error) {
	accounts := map[int64]map[string]bool{}
	put := func(root int64, account string) {
		if accounts[root] == nil {
			accounts[root] = map[string]bool{}
		}
		accounts[root][account] = true
	}
	ask := slices.Collect(maps.Keys(roots))
	if len(ask) > 0 {
		if err := a.each(`
			SELECT j.value, r.rid FROM json_each(?1) j JOIN link l ON l.from_ = j.value
			JOIN resource r ON r.id = l.to_ JOIN word w ON w.id = r.family WHERE w.text = ?2
			UNION
			SELECT j.value, r.rid FROM json_each(?1) j JOIN link l ON l.to_ = j.value
			JOIN resource r ON r.id = l.from_ JOIN word w ON w.id = r.family WHERE w.text = ?2`, []any{numbers(ask), familyAccount},
			func(scan func(...any) error) error {
				var root int64
				var account string
				err := scan(&root, &account)
				put(root, account)
				return err
			}); err != nil {
			return nil, err
		}
	}
	signs := make(map[int64]int64, len(roots))
	for id, n := range roots {
		signs[id] = review.RootSign(n.ref())
		if len(accounts[id]) == 1 {
			for account := range accounts[id] {
				signs[id] = review.AccountSign(account)
			}
		}
	}
	return signs, nil
}

// writeKept writes what retain noted, and what the triggers of kept_stale did.
func (a *act) writeKept() error {
	stale, err := a.ids(`SELECT root FROM kept_stale`)
	if err != nil {
		return err
	}
	if len(stale) > 0 {
		if _, err := a.exec(`DELETE FROM kept_stale`); err != nil {
			return err
		}
		if a.kept == nil {
			a.kept = make(map[int64]int64, len(stale))
		}
		var unsigned []int64
		for _, root := range stale {
			if _, ok := a.kept[root]; !ok {
				unsigned = append(unsigned, root)
			}
		}
		if err := a.signAgain(unsigned); err != nil {
			return err
		}
	}
	roots := slices.Sorted(maps.Keys(a.kept))
	for round := range slices.Chunk(roots, keptBatch) {
		if err := a.writeKeptRoots(round); err != nil {
			return err
		}
	}
	return nil
}

// signAgain finds whom roots are about of which no dossier was read in this act.
func (a *act) signAgain(roots []int64) error {
	if len(roots) == 0 {
		return nil
	}
	plain, reviewed := map[int64]*node{}, []*node{}
	err := a.each(`
		SELECT r.id, r.rid, w.text, ifnull(k.subject, 0), k.root IS NULL, EXISTS (SELECT 1 FROM queue q WHERE q.root = r.id)
		FROM json_each(?) j JOIN resource r ON r.id = j.value JOIN word w ON w.id = r.family LEFT JOIN kept k ON k.root = r.id`,
		[]any{numbers(roots)}, func(scan func(...any) error) error {
			n := &node{}
			var sign int64
			var unknown, queued bool
			err := scan(&n.id, &n.rid, &n.family, &sign, &unknown, &queued)
			switch {
			case !unknown:
				a.kept[n.id] = sign
			case queued: // erased, and reviewed again
				reviewed = append(reviewed, n)
			default:
				plain[n.id] = n
			}
			return err
		})
	if err != nil {
		return err
	}
	for _, n := range reviewed {
		b, err := a.bundle(n.id, n.ref())
		if err != nil {
			return err
		}
		a.kept[n.id] = review.SubjectSign(a.db.options.Hydrate(b.Bundle))
	}
	signs, err := a.plainSigns(plain)
	maps.Copy(a.kept, signs)
	return err
}

// writeKeptRoots reads what some roots say of how long they are kept, and then what all roots of their
// subjects do. A root that was erased says nothing until somebody reviews it again.
func (a *act) writeKeptRoots(roots []int64) error {
	type told struct {
		Root, Subject int64
	}
	asked := make([]told, len(roots))
	for i, root := range roots {
		asked[i] = told{root, a.kept[root]}
	}
	raw, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	touched, err := a.ids(`
		SELECT j.value ->> 'Subject' FROM json_each(?1) j UNION
		SELECT k.subject FROM json_each(?1) j JOIN kept k ON k.root = j.value ->> 'Root'`, string(raw))
	if err != nil {
		return err
	}
	if _, err := a.exec(`
		INSERT INTO kept (root, subject, reviews, open, declined, ended_at)
		SELECT j.value ->> 'Root', j.value ->> 'Subject', `+keptFacts+`
		FROM json_each(?1) j JOIN root t ON t.resource = j.value ->> 'Root'
		WHERE `+stillKept+`
		ON CONFLICT (root) DO UPDATE SET subject = excluded.subject, reviews = excluded.reviews, open = excluded.open,
		  declined = excluded.declined, ended_at = excluded.ended_at`, string(raw)); err != nil {
		return err
	}
	if _, err := a.exec(`
		DELETE FROM kept WHERE root IN (SELECT j.value ->> 'Root' FROM json_each(?1) j
		  WHERE NOT EXISTS (SELECT 1 FROM root t WHERE t.resource = j.value ->> 'Root' AND `+stillKept+`))`, string(raw)); err != nil {
		return err
	}
	return a.writeKeptSubjects(touched)
}

// keptFacts is what a root t says of how long it is kept: its reviews, whether one is open, whether it was
// declined or a match found true, and since when it has ended.
const keptFacts = `
  (SELECT count(*) FROM review r WHERE r.root = t.resource),
  (SELECT count(*) FROM review r WHERE r.root = t.resource)
    > (SELECT count(*) FROM review r INDEXED BY review_closed WHERE r.root = t.resource AND r.closed_at IS NOT NULL),
  EXISTS (SELECT 1 FROM review r CROSS JOIN decision d INDEXED BY decision_declines ON d.review = r.id
    WHERE r.root = t.resource AND d.outcome = 'decline'
    AND (d.second = 0 OR EXISTS (SELECT 1 FROM approval p WHERE p.decision = d.entry AND p.answer = 'approve')))
  OR EXISTS (SELECT 1 FROM review r CROSS JOIN disposition d INDEXED BY disposition_true ON d.review = r.id CROSS JOIN counted c
    ON c.review = d.review AND c.match = d.match AND c.entry = d.entry
    WHERE r.root = t.resource AND d.finding = 'true_match' AND c.holds = 1),
  ifnull((SELECT max(r.closed_at) FROM review r INDEXED BY review_closed WHERE r.root = t.resource AND r.closed_at IS NOT NULL), t.updated_at)`

// stillKept is that a root's personal data was not erased by two people, or that it was reviewed
// since.
const stillKept = `(NOT EXISTS (SELECT 1 FROM erased_root x WHERE x.root = t.resource) OR EXISTS (
	SELECT 1 FROM review r WHERE r.root = t.resource AND ifnull(r.closed_at, 1 << 60) > (SELECT max(x.at) FROM erased_root x WHERE x.root = t.resource)))`

// writeKeptSubjects sums up the roots of some subjects.
func (a *act) writeKeptSubjects(subjects []int64) error {
	rows := []keptRow{}
	err := a.each(`
		SELECT k.subject, min(k.root), sum(k.reviews), max(k.open), max(k.declined), max(k.ended_at), `+heldSubject+`
		FROM json_each(?) j JOIN kept k ON k.subject = j.value GROUP BY k.subject`, []any{numbers(subjects)}, func(scan func(...any) error) error {
		var s keptSubject
		err := scan(s.columns()...)
		rows = append(rows, s.row())
		return err
	})
	if err != nil {
		return err
	}
	raw, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	if _, err := a.exec(`
		DELETE FROM kept_subject WHERE subject IN (SELECT value FROM json_each(?1))
		AND subject NOT IN (SELECT j.value ->> 'Subject' FROM json_each(?2) j)`, numbers(subjects), string(raw)); err != nil {
		return err
	}
	_, err = a.exec(`
		INSERT INTO kept_subject (subject, class, ended_at, held)
		SELECT j.value ->> 'Subject', j.value ->> 'Class', j.value ->> 'Ended', j.value ->> 'Held' FROM json_each(?) j WHERE true
		ON CONFLICT (subject) DO UPDATE SET class = excluded.class, ended_at = excluded.ended_at, held = excluded.held
		WHERE (class, ended_at, held) IS NOT (excluded.class, excluded.ended_at, excluded.held)`, string(raw))
	return err
}

// A keptSubject is what the roots of a subject, and the holds on it, say together.
type keptSubject struct {
	subject, root int64 // root: one of them
	review.RetentionFacts
	ended int64
	held  bool
}

func (k *keptSubject) columns() []any {
	return []any{&k.subject, &k.root, &k.Reviews, &k.Open, &k.Declined, &k.ended, &k.held}
}

// keptRow is a row of kept_subject.
type keptRow struct {
	Subject int64
	Class   review.RetentionClass
	Ended   *int64
	Held    bool
}

// row is what is written of it.
func (k *keptSubject) row() keptRow {
	k.Ended = instant(k.ended)
	r := keptRow{Subject: k.subject, Held: k.held}
	r.Class, _ = review.RetentionOf(k.RetentionFacts, review.Policy{})
	if !k.Open {
		r.Ended = &k.ended
	}
	return r
}

// heldSubject is that a hold keeps the subject k.subject: by its sign, or by a root that had another
// sign when the hold was set.
const heldSubject = `EXISTS (
	SELECT 1 FROM hold h INDEXED BY hold_of_subject WHERE h.subject = k.subject AND h.lifted IS NULL UNION ALL
	SELECT 1 FROM kept o JOIN held_root x ON x.root = o.root JOIN hold h ON h.entry = x.hold WHERE o.subject = k.subject AND h.lifted IS NULL)`

// ids reads a column of numbers.
func (a *act) ids(query string, args ...any) ([]int64, error) {
	var all []int64
	err := a.each(query, args, func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		all = append(all, id)
		return err
	})
	return all, err
}
