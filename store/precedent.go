package store

import (
	"cmp"
	"context"
	"slices"

	"docket/review"
)

// maxPrecedentKeys bounds how many keys are looked at for one page.
const maxPrecedentKeys = 400

// Precedents gives what was found on some listed parties, each asked for by the keys of its
// matches, for other subjects than one (see review.SubjectSign): as many answers as were asked
// for, empty where nothing was found. Most parties were never met before: that costs one look.
func (db *DB) Precedents(ctx context.Context, subject int64, parties [][]review.PartyKey) ([]review.Precedent, error) {
	all := make([]review.Precedent, len(parties))
	var keys []review.PartyKey
	for _, p := range parties {
		keys = append(keys, p...)
	}
	if len(keys) == 0 {
		return all, nil
	}
	keys = keys[:min(len(keys), maxPrecedentKeys)]
	err := db.read(ctx, "precedents", func(a *act) error {
		judged, related, err := a.judgedElsewhere(subject, keys)
		if err != nil || len(judged)+len(related) == 0 {
			return err
		}
		kin, err := a.kin(related)
		if err != nil {
			return err
		}
		of := make([][]review.PartyKey, len(parties)) // each with its kin
		var more []review.PartyKey
		for i, own := range parties {
			for _, k := range own {
				of[i] = addTo(of[i], kin.of(k))
			}
			for _, k := range of[i] {
				if !slices.Contains(keys, k) {
					more = addTo(more, []review.PartyKey{k})
				}
			}
		}
		if len(more) > 0 {
			also, _, err := a.judgedElsewhere(subject, more)
			if err != nil {
				return err
			}
			judged = append(judged, also...)
		}
		return a.precedents(all, of, judged, subject)
	})
	return all, err
}

// judgedElsewhere says which of some keys have a finding for another subject, and which stood
// with others in one party.
func (a *act) judgedElsewhere(subject int64, keys []review.PartyKey) (judged, related []review.PartyKey, err error) {
	ask, err := list(keys)
	if err != nil {
		return nil, nil, err
	}
	err = a.each(`
		SELECT j.value, EXISTS (SELECT 1 FROM listed l WHERE l.own = j.value AND l.finding <> '' AND l.subject <> ?2) AS judged,
		       EXISTS (SELECT 1 FROM kin k WHERE k.own = j.value) AS related
		FROM json_each(?1) j WHERE judged OR related`, []any{ask, subject}, func(scan func(...any) error) error {
		var key review.PartyKey
		var is, has bool
		err := scan(&key, &is, &has)
		if is {
			judged = append(judged, key)
		}
		if has {
			related = append(related, key)
		}
		return err
	})
	return judged, related, err
}

// judgement of one party for one subject, by its place.
type precedentAt struct {
	judgedPlace
	subject int64
}

// precedents reads the newest findings of each judged key, and gives each party those of its
// keys.
func (a *act) precedents(all []review.Precedent, of [][]review.PartyKey, judged []review.PartyKey, subject int64) error {
	byKey := make(map[review.PartyKey][]precedentAt, len(judged))
	var places []judgedPlace
	for _, key := range judged {
		if _, met := byKey[key]; met {
			continue
		}
		var rows []precedentAt
		err := a.each(`
			SELECT review, match, entry, subject FROM listed
			WHERE own = ? AND finding <> '' AND subject <> ? ORDER BY entry DESC LIMIT ?`,
			[]any{key, subject, review.MaxPrecedent + 1}, func(scan func(...any) error) error {
				var p precedentAt
				err := scan(&p.review, &p.match, &p.entry, &p.subject)
				rows = append(rows, p)
				return err
			})
		if err != nil {
			return err
		}
		byKey[key] = rows
	}
	picked := make([][]precedentAt, len(of))
	for i, keys := range of {
		var rows []precedentAt
		for _, k := range keys {
			rows = append(rows, byKey[k]...)
			all[i].More = all[i].More || len(byKey[k]) > review.MaxPrecedent
		}
		slices.SortStableFunc(rows, func(x, y precedentAt) int { return cmp.Compare(y.entry, x.entry) })
		met := make(map[int64]bool, len(rows))
		for _, r := range rows {
			if met[r.subject] {
				continue
			}
			met[r.subject] = true
			if len(picked[i]) == review.MaxPrecedent {
				all[i].More = true
				break
			}
			picked[i] = append(picked[i], r)
			places = append(places, r.judgedPlace)
		}
	}
	found, err := a.dispositionsAt(places)
	if err != nil {
		return err
	}
	byPlace := make(map[judgedPlace]*review.Disposition, len(found))
	for i := range found {
		d := &found[i]
		byPlace[judgedPlace{d.Review, d.Match, d.Entry}] = d
	}
	for i, rows := range picked {
		for _, r := range rows {
			if d := byPlace[r.judgedPlace]; d != nil {
				all[i].Judged = append(all[i].Judged, review.Judged{Entry: d.Entry, Subject: r.subject, Finding: d.Finding, Reason: d.Reason,
					Premises: d.Premises, At: d.At})
			}
		}
	}
	return nil
}
