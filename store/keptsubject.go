package store

import (
	"cmp"
	"database/sql"
	"slices"

	"docket/review"
)

// keptFull is a row of kept with what tells how long its subject is kept.
type keptFull struct {
	root, subject int64
	review.RetentionFacts
	ended  int64
	onHold bool // a hold was set on this root
	keptSum
}

// keptSum is what the roots of a subject, and the holds on it, say together. It is in the row of the first
// root; those of others have none.
type keptSum struct {
	class sql.NullString
	since sql.NullInt64
	held  sql.NullBool
}

// keptColumns are the columns of a keptFull, of kept k.
const keptColumns = `k.root, k.subject, k.reviews, k.open, k.declined, k.ended_at, k.class, k.since, k.held, EXISTS (
	SELECT 1 FROM held_root x CROSS JOIN hold h ON h.entry = x.hold WHERE x.root = k.root AND h.lifted IS NULL)`

func (k *keptFull) scan(scan func(...any) error) error {
	err := scan(&k.root, &k.subject, &k.Reviews, &k.Open, &k.Declined, &k.ended, &k.class, &k.since, &k.held, &k.onHold)
	k.Ended = instant(k.ended)
	return err
}

// sumOf sums up all roots of one subject. A hold keeps it by its sign, or by a root that had another sign
// when the hold was set.
func sumOf(roots []keptFull, heldBySign bool) keptSum {
	facts, ended, held := review.RetentionFacts{}, roots[0].ended, heldBySign
	for i := range roots {
		k := &roots[i]
		facts.Reviews += k.Reviews
		facts.Open, facts.Declined = facts.Open || k.Open, facts.Declined || k.Declined
		ended, held = max(ended, k.ended), held || k.onHold
	}
	facts.Ended = instant(ended)
	class, _ := review.RetentionOf(facts, review.Policy{})
	sum := keptSum{class: sql.NullString{String: string(class), Valid: true}, held: sql.NullBool{Bool: held, Valid: true}}
	if !facts.Open {
		sum.since = sql.NullInt64{Int64: ended, Valid: true}
	}
	return sum
}

// holdsOfSigns are the holds that last on some signs.
const holdsOfSigns = `SELECT h.subject FROM json_each(?1) j CROSS JOIN hold h INDEXED BY hold_of_subject ON h.subject = j.value WHERE h.lifted IS NULL`

// heldSigns gives those of some signs of which a hold says that it keeps them.
func (a *act) heldSigns(signs []int64) (map[int64]bool, error) {
	ids, err := a.ids(holdsOfSigns, numbers(signs))
	held := make(map[int64]bool, len(ids))
	for _, id := range ids {
		held[id] = true
	}
	return held, err
}

const keptIn = `SELECT ` + keptColumns + ` FROM json_each(?1) j CROSS JOIN kept k ON k.root = j.value`

// keptOf reads all roots of some subjects, those of one behind each other and in their order.
func (a *act) keptOf(subjects []int64) ([]keptFull, error) {
	wanted := make(map[int64]bool, len(subjects))
	prints := make([]int64, len(subjects))
	for i, s := range subjects {
		wanted[s], prints[i] = true, printOfSign(s)
	}
	slices.Sort(prints)
	_, roots, err := a.printed(ofKept, slices.Compact(prints))
	if err != nil || len(roots) == 0 {
		return nil, err
	}
	var all []keptFull
	err = a.each(keptIn, []any{numbers(roots)}, func(scan func(...any) error) error {
		var k keptFull
		err := k.scan(scan)
		if wanted[k.subject] {
			all = append(all, k)
		}
		return err
	})
	slices.SortFunc(all, func(x, y keptFull) int { return cmp.Or(cmp.Compare(x.subject, y.subject), cmp.Compare(x.root, y.root)) })
	return all, err
}

// keptRoots finds the roots of some subjects, in their order.
func (a *act) keptRoots(subjects []int64) (map[int64][]int64, error) {
	rows, err := a.keptOf(subjects)
	roots := make(map[int64][]int64, len(subjects))
	for i := range rows {
		roots[rows[i].subject] = append(roots[rows[i].subject], rows[i].root)
	}
	return roots, err
}

// bySubject gives the rows of one subject after the other, of rows where they lie together.
func bySubject(rows []keptFull, each func([]keptFull) error) error {
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].subject == rows[0].subject {
			n++
		}
		if err := each(rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// sumUp writes what the roots of some subjects say together.
func (a *act) sumUp(subjects []int64) error {
	rows, err := a.keptOf(subjects)
	if err != nil || len(rows) == 0 {
		return err
	}
	held, err := a.heldSigns(subjects)
	if err != nil {
		return err
	}
	sums := newBulk(a, `WITH v (root, class, since, held) AS (VALUES `, `(?, ?, ?, ?)`, `)
		UPDATE OR FAIL kept SET class = v.class, since = v.since, held = v.held FROM v WHERE kept.root = v.root`)
	err = bySubject(rows, func(roots []keptFull) error {
		sum := sumOf(roots, held[roots[0].subject])
		for i := range roots {
			if k := &roots[i]; k.keptSum != sum {
				if err := sums.add(k.root, sum.class, sum.since, sum.held); err != nil {
					return err
				}
			}
			sum = keptSum{} // only the first has it
		}
		return nil
	})
	if err != nil {
		return err
	}
	return sums.flush()
}
