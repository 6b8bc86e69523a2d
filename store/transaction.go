package store

import (
	"context"
	"errors"
	"slices"

	"docket/review"
)

// TransactionFile is one transaction, inquiry or case with all its reviews.
type TransactionFile struct {
	Dossier   review.Dossier
	Reviews   []review.Review   // newest first
	Decisions []review.Decision // of all of them, newest first, in effect
	Proposed  []review.Decision // of all of them, newest first: those that wait for a second person or were given back
	Payloads  []review.Payload  // newest first, at most 200
}

// TransactionFile reads a transaction by Persona's id; review.ErrNotFound when none was received.
func (db *DB) TransactionFile(ctx context.Context, id review.TransactionID) (TransactionFile, error) {
	return db.RootFile(ctx, review.Ref{Type: familyTransaction, ID: string(id)})
}

// RootFile reads a transaction, an inquiry or a case, reviewed or not; review.ErrNotFound when
// none was received by that name, and for every other family.
func (db *DB) RootFile(ctx context.Context, ref review.Ref) (TransactionFile, error) {
	var f TransactionFile
	var b bundle
	err := db.read(ctx, "root", func(a *act) error {
		if err := a.whole(); err != nil {
			return err
		}
		if !review.IsRootFamily(ref.Type) {
			return review.ErrNotFound
		}
		root, err := a.resourceID(ref.Type, ref.ID)
		if err != nil {
			return err
		}
		if b, err = a.bundle(root, ref); err != nil {
			return err
		}
		if !slices.Contains(b.resources, root) {
			return review.ErrNotFound
		}
		if err := a.reviewRows([]int64{root}, func(_ int64, r *reviewRow) { f.Reviews = append(f.Reviews, r.Review) }); err != nil {
			return err
		}
		slices.Reverse(f.Reviews)
		if f.Decisions, f.Proposed, err = a.decisionsOfRoot(root); err != nil {
			return err
		}
		f.Payloads, err = a.payloadsOf(b.resources)
		return err
	})
	if err != nil {
		return TransactionFile{}, err
	}
	f.Dossier = db.options.Hydrate(b.Bundle)
	return f, nil
}

// ResourceFile is one resource by itself.
type ResourceFile struct {
	Captured review.Captured
	Links    []review.Link    // both directions
	Payloads []review.Payload // newest first, at most 200
	Named    bool             // only named, never received: Captured has no layers
}

// maxShownLinks bounds the links of one resource's page.
const maxShownLinks = 200

// ResourceFile reads one resource by type and id; review.ErrNotFound when nothing was received
// or named by that name.
func (db *DB) ResourceFile(ctx context.Context, ref review.Ref) (ResourceFile, error) {
	var f ResourceFile
	err := db.read(ctx, "resource", func(a *act) error {
		if err := a.whole(); err != nil {
			return err
		}
		id, err := a.resourceID(ref.Family(), ref.ID)
		if err != nil {
			return err
		}
		rows, err := a.links([]int64{id})
		if err != nil {
			return err
		}
		named := false
		for _, r := range rows {
			f.Links = append(f.Links, r.link)
			named = named || r.link.To == ref
		}
		slices.SortFunc(f.Links, compareLinks)
		f.Links = slices.Compact(f.Links)
		f.Links = f.Links[:min(len(f.Links), maxShownLinks)]
		captured, err := a.captured([]*member{{id: id, rid: ref.ID, family: ref.Family()}})
		if err != nil {
			return err
		}
		f.Captured = review.Captured{Ref: ref}
		i := slices.IndexFunc(captured[0], func(c review.Captured) bool { return c.Ref == ref })
		switch {
		case i >= 0:
			f.Captured = captured[0][i]
			f.Payloads, err = a.payloadsOf([]int64{id})
			return err
		case len(captured[0]) > 0 && ref.Type == ref.Family():
			f.Captured = captured[0][0] // "report/rep_1": the kind was not said
			f.Payloads, err = a.payloadsOf([]int64{id})
			return err
		case !named && !sharedFamily(ref.Family()):
			return review.ErrNotFound
		}
		f.Named = true
		return nil
	})
	if err != nil {
		return ResourceFile{}, err
	}
	return f, nil
}

// resourceNamed finds what has an id, a transaction first, and the type that it was received as.
const resourceNamed = `
	SELECT f.text, ifnull(k.text, f.text) FROM resource r JOIN word f ON f.id = r.family
	LEFT JOIN snapshot s ON s.id = (SELECT x.id FROM snapshot x WHERE x.resource = r.id AND x.speaks = 1 ORDER BY x.at DESC LIMIT 1)
	LEFT JOIN word k ON k.id = s.type
	WHERE r.id IN (SELECT value FROM json_each(?1)) AND r.rid = ?2
	ORDER BY f.text = 'transaction' DESC, s.id IS NULL, f.text LIMIT 1`

// Find looks for an exact id: a review's number, or the id of a transaction or any other
// resource. Kind is "review", "transaction", "resource", or "" when there is none.
func (db *DB) Find(ctx context.Context, q string) (kind string, ref review.Ref, id review.ReviewID, err error) {
	err = db.read(ctx, "find", func(a *act) error {
		if n, err := review.ParseReviewID(q); err == nil {
			if err := a.one(`SELECT id FROM review WHERE id = ?`, []any{n}, &id); !errors.Is(err, review.ErrNotFound) {
				kind = "review"
				return err
			}
		}
		rows, err := a.printedOne(ofResource, printOfID(q))
		if err != nil || len(rows) == 0 {
			return err
		}
		return a.each(resourceNamed, []any{numbers(rows), q},
			func(scan func(...any) error) error {
				var f string
				err := scan(&f, &ref.Type)
				ref.ID = q
				if kind = "resource"; f == familyTransaction {
					kind = "transaction"
				}
				return err
			})
	})
	if err != nil {
		return "", review.Ref{}, 0, err
	}
	return kind, ref, id, nil
}
