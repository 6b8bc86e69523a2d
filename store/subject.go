package store

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"docket/review"
)

// subject is one subject with all that reviews of them are about.
type subject struct {
	id    review.SubjectID
	roots []int64 // resources, in the order of their numbers
}

// maxRoots bounds how many roots one subject may have to be erased in one go.
const maxRoots = 1_000

// firstRoots reads the first kept roots of a sign.
func (a *act) firstRoots(sign int64, limit int) ([]int64, error) {
	rows, err := a.printedOne(ofKept, printOfSign(sign))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return a.ids(`SELECT k.root FROM json_each(?1) j CROSS JOIN kept k ON k.root = j.value WHERE k.subject = ?2 ORDER BY k.root LIMIT ?3`, numbers(rows), sign, limit)
}

// subjectOf reads a subject's roots: those whose dossiers name them, and those that their accounts
// name. review.ErrNotFound when there is none.
func (a *act) subjectOf(id review.SubjectID) (subject, error) {
	s := subject{id: id}
	var err error
	if s.roots, err = a.firstRoots(int64(id), maxRoots+1); err == nil && len(s.roots) == 0 {
		err = review.ErrNotFound
	}
	return s, err
}

// subjectsNamed finds subjects by the id of what they are kept by, or by a reference; two at most.
const subjectsNamed = `
	SELECT k.subject FROM resource r CROSS JOIN kept k ON k.root = r.id WHERE r.id IN (SELECT value FROM json_each(?1)) AND r.rid = ?2 UNION
	SELECT k.subject FROM queue q INDEXED BY queue_by_reference CROSS JOIN kept k ON k.root = q.root WHERE q.reference = ?2 AND q.reference <> ''
	LIMIT 2`

// findSubject finds whom a person means.
func (a *act) findSubject(object string) (subject, error) {
	if id, err := review.ParseSubjectID(object); err == nil {
		return a.subjectOf(id)
	}
	if id, err := review.ParseReviewID(object); err == nil {
		return a.oneSubject(`SELECT k.subject FROM review r JOIN kept k ON k.root = r.root WHERE r.id = ?`, id)
	}
	named, err := a.printedOne(ofResource, printOfID(object))
	if err != nil {
		return subject{}, err
	}
	s, err := a.oneSubject(subjectsNamed, numbers(named), object)
	if errors.Is(err, review.ErrNotFound) {
		return a.subjectOf(review.SubjectID(review.AccountSign(object)))
	}
	return s, err
}

// oneSubject reads the subject that a query finds; of several it is none: the person has to say whom
// they mean.
func (a *act) oneSubject(query string, args ...any) (subject, error) {
	ids, err := a.ids(query, args...)
	switch {
	case err != nil:
		return subject{}, err
	case len(ids) == 0:
		return subject{}, review.ErrNotFound
	case len(ids) > 1:
		return subject{}, &review.Invalid{Problems: []review.Problem{{Field: "object", Text: "Several subjects are known by that: name one by its Persona id"}}}
	}
	return a.subjectOf(review.SubjectID(ids[0]))
}

// newestOf gives the newest review of some roots, 0 when there is none, and all of them.
func (a *act) newestOf(roots []int64) (review.ReviewID, []int64, error) {
	all, err := a.ids(`SELECT r.id FROM json_each(?) j JOIN review r ON r.root = j.value ORDER BY r.id`, numbers(roots))
	if err != nil || len(all) == 0 {
		return 0, nil, err
	}
	return review.ReviewID(all[len(all)-1]), all, nil
}

// refs names resources.
func (a *act) refs(resources []int64) ([]review.Ref, error) {
	var all []review.Ref
	err := a.each(`SELECT w.text, r.rid FROM json_each(?) j JOIN resource r ON r.id = j.value JOIN word w ON w.id = r.family ORDER BY j.key`,
		[]any{numbers(resources)}, func(scan func(...any) error) error {
			var ref review.Ref
			err := scan(&ref.Type, &ref.ID)
			all = append(all, ref)
			return err
		})
	return all, err
}

// belonging is one resource of a subject.
type belonging struct {
	id  int64
	ref review.Ref // by family
}

// belongings gives the resources that are a subject's alone: their roots, what is tied to these, and
// their accounts with what is tied to those, but nothing that another's transaction, inquiry or case
// is tied to as well.
func (a *act) belongings(s subject) ([]belonging, error) {
	found := map[int64]belonging{}
	refs, err := a.refs(s.roots)
	if err != nil {
		return nil, err
	}
	seen := map[int64]*node{}
	for i, root := range s.roots {
		found[root] = belonging{root, refs[i]}
		b, err := a.bundle(root, refs[i])
		if err != nil {
			return nil, err
		}
		for _, id := range b.resources {
			seen[id] = nil
		}
	}
	all := make([]int64, 0, len(seen))
	for id := range seen {
		all = append(all, id)
	}
	slices.Sort(all)
	if refs, err = a.refs(all); err != nil {
		return nil, err
	}
	e := eraser{act: a}
	own := func(b belonging) (bool, error) {
		if _, ok := found[b.id]; ok || sharedFamily(b.ref.Type) || b.ref.Type == familyTransaction {
			return false, nil
		}
		roots, err := e.roots(erasure{resource: b.id, ref: b.ref})
		return !slices.ContainsFunc(roots, func(r int64) bool { return !slices.Contains(s.roots, r) }), err
	}
	for i, id := range all {
		b := belonging{id, refs[i]}
		if mine, err := own(b); err != nil {
			return nil, err
		} else if mine {
			found[id] = b
		}
	}
	for _, b := range sortedBelongings(found) {
		if b.ref.Type != familyAccount {
			continue
		}
		c := newAbsorption(a)
		near, err := c.near([]*node{{id: b.id, rid: b.ref.ID, family: b.ref.Type}})
		if err != nil {
			return nil, err
		}
		for _, n := range near {
			o := belonging{n.id, n.ref()}
			if mine, err := own(o); err != nil {
				return nil, err
			} else if mine {
				found[o.id] = o
			}
		}
	}
	return sortedBelongings(found), nil
}

func sortedBelongings(found map[int64]belonging) []belonging {
	all := make([]belonging, 0, len(found))
	for _, b := range found {
		all = append(all, b)
	}
	slices.SortFunc(all, func(x, y belonging) int { return cmp.Compare(x.id, y.id) })
	return all
}

// FindSubject finds whom a person means by a Persona id, a review's number, a reference or a subject's
// id; review.ErrNotFound when it is nobody, *review.Invalid when it is several.
func (db *DB) FindSubject(ctx context.Context, object string) (review.SubjectID, error) {
	var s subject
	err := db.read(ctx, "find subject", func(a *act) (err error) {
		s, err = a.findSubject(object)
		return err
	})
	return s.id, err
}
