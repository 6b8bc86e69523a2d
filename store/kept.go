package store

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"slices"

	"docket/review"
)

// keptBatch is how many roots one round of writeKept takes.
const keptBatch = 5_000

// freshRoot is a row of kept, of a root that nothing was decided about yet.
type freshRoot struct {
	keptFull
	new bool // nobody was this subject before
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
	k := freshRoot{new: t.firstOf(subject)}
	k.root, k.subject, k.Reviews, k.ended = t.id, subject, len(t.rows), millis(t.at)
	closed := int64(math.MinInt64)
	for _, r := range t.rows {
		k.Open = k.Open || r.State != review.StateClosed
		if !r.ClosedAt.IsZero() {
			closed = max(closed, millis(r.ClosedAt))
		}
	}
	if closed != math.MinInt64 {
		k.ended = closed
	}
	b.freshKept = append(b.freshKept, k)
}

// firstOf says that nobody can have been this subject before the running call: it is this new root itself,
// or an account that is new.
func (n *node) firstOf(subject int64) bool {
	for _, other := range n.near {
		if other.fresh && other.family == familyAccount && review.AccountSign(other.rid) == subject {
			return true
		}
	}
	return n.fresh && review.RootSign(n.ref()) == subject
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

// writeFreshKept writes what retain has in memory. Of subjects that nobody heard of before that is all
// there is to say; the others are summed up with the roots that they had.
func (b *absorption) writeFreshKept() error {
	if len(b.freshKept) == 0 {
		return nil
	}
	of := make(map[int64][]keptFull, len(b.freshKept))
	roots, prints, ask := make([]int64, len(b.freshKept)), make([]int64, len(b.freshKept)), []int64{}
	for i, k := range b.freshKept {
		if roots[i], prints[i] = k.root, printOfSign(k.subject); of[k.subject] == nil && !k.new {
			ask = append(ask, k.subject)
		}
		of[k.subject] = append(of[k.subject], k.keptFull)
	}
	known, err := b.knownSubjects(ask)
	if err != nil {
		return err
	}
	rows := newBulk(b.act, `INSERT OR FAIL INTO kept (root, subject, reviews, open, declined, ended_at, class, since, held) VALUES `,
		`(?, ?, ?, ?, 0, ?, ?, ?, ?)`, ``)
	slices.SortFunc(b.freshKept, func(x, y freshRoot) int { return cmp.Compare(x.root, y.root) })
	for _, k := range b.freshKept {
		var sum keptSum
		if all := of[k.subject]; all != nil && !known[k.subject] {
			sum, of[k.subject] = sumOf(all, false), nil // only the first has it
		}
		if err := rows.add(k.root, k.subject, k.Reviews, k.Open, k.ended, sum.class, sum.since, sum.held); err != nil {
			return err
		}
	}
	b.freshKept = b.freshKept[:0]
	if err := rows.flush(); err != nil {
		return err
	}
	if err := b.putPrints(ofKept, roots, prints); err != nil {
		return err
	}
	if err := b.sumUp(slices.Collect(maps.Keys(known))); err != nil {
		return err
	}
	// The triggers noted the reviews that were opened of these.
	_, err = b.exec(`DELETE FROM kept_stale WHERE root >= ?`, b.firstFresh)
	return err
}

// knownSubjects says which subjects have a root or a hold.
func (a *act) knownSubjects(subjects []int64) (map[int64]bool, error) {
	known := map[int64]bool{}
	if len(subjects) == 0 {
		return known, nil
	}
	rows, err := a.keptOf(subjects)
	if err != nil {
		return nil, err
	}
	held, err := a.heldSigns(subjects)
	for i := range rows {
		known[rows[i].subject] = true
	}
	maps.Copy(known, held)
	return known, err
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
	was, err := a.keptSigns(string(raw))
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
	is, err := a.keptSigns(string(raw))
	if err != nil {
		return err
	}
	touched := map[int64]bool{}
	var fresh, prints []int64
	for _, root := range roots {
		before, had := was[root]
		now, has := is[root]
		if had {
			touched[before] = true
		}
		if has {
			touched[now] = true
		}
		if had && (!has || before != now) {
			if err := a.dropPrint(ofKept, root, printOfSign(before)); err != nil {
				return err
			}
		}
		if has && (!had || before != now) {
			fresh, prints = append(fresh, root), append(prints, printOfSign(now))
		}
	}
	if err := a.putPrints(ofKept, fresh, prints); err != nil {
		return err
	}
	return a.sumUp(slices.Collect(maps.Keys(touched)))
}

// keptSigns reads whom some roots are kept for.
func (a *act) keptSigns(roots string) (map[int64]int64, error) {
	signs := map[int64]int64{}
	return signs, a.each(`SELECT k.root, k.subject FROM json_each(?) j CROSS JOIN kept k ON k.root = j.value ->> 'Root'`, []any{roots},
		func(scan func(...any) error) error {
			var root, sign int64
			err := scan(&root, &sign)
			signs[root] = sign
			return err
		})
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
