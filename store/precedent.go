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
		of := slices.Clone(parties) // each with its kin
		var more []review.PartyKey
		for i, own := range parties {
			for _, k := range own {
				if len(kin.ties[k]) == 0 {
					continue
				}
				of[i] = addTo(slices.Clip(of[i]), kin.of(k))
			}
			for _, k := range of[i][len(own):] {
				if !slices.Contains(keys, k) {
					more = addTo(more, []review.PartyKey{k})
				}
			}
		}
		if len(judged)+len(more) == 0 {
			return nil // what stood together stood so here alone
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
		SELECT j.value, 1 FROM json_each(?1) j WHERE EXISTS (SELECT 1 FROM listed l WHERE l.own = j.value AND l.finding <> '' AND l.subject <> ?2)
		UNION ALL
		SELECT j.value, 0 FROM json_each(?1) j WHERE EXISTS (SELECT 1 FROM kin k WHERE k.own = j.value)`, []any{ask, subject},
		func(scan func(...any) error) error {
			var key review.PartyKey
			var is bool
			err := scan(&key, &is)
			if is {
				judged = append(judged, key)
			} else {
				related = append(related, key)
			}
			return err
		})
	return judged, related, err
}

// precedents reads the newest findings of each judged key, and gives each party those of its
// keys: of each subject the newest.
func (a *act) precedents(all []review.Precedent, of [][]review.PartyKey, judged []review.PartyKey, subject int64) error {
	byKey, err := a.judgedUnder(judged, subject)
	if err != nil {
		return err
	}
	var entries []int64
	for i, keys := range of {
		var rows []review.Judged
		for _, k := range keys {
			rows = append(rows, byKey[k]...)
			all[i].More = all[i].More || len(byKey[k]) > review.MaxPrecedent
		}
		slices.SortStableFunc(rows, func(x, y review.Judged) int { return cmp.Compare(y.Entry, x.Entry) })
		met := make(map[int64]bool, len(rows))
		for _, j := range rows {
			if met[j.Subject] {
				continue
			}
			if len(all[i].Judged) == review.MaxPrecedent {
				all[i].More = true
				break
			}
			met[j.Subject] = true
			all[i].Judged = append(all[i].Judged, j)
			if j.Finding == review.FalsePositive {
				entries = append(entries, int64(j.Entry))
			}
		}
	}
	if len(entries) == 0 {
		return nil
	}
	slices.Sort(entries)
	rests, err := a.premiseKinds(slices.Compact(entries))
	for i := range all {
		for j := range all[i].Judged {
			all[i].Judged[j].Premises = rests[all[i].Judged[j].Entry]
		}
	}
	return err
}

// judgedUnder reads the newest findings under some keys for other subjects than one: of each key
// one more than are looked at.
func (a *act) judgedUnder(keys []review.PartyKey, subject int64) (map[review.PartyKey][]review.Judged, error) {
	slices.Sort(keys)
	keys = slices.Compact(keys)
	ask, err := list(keys)
	if err != nil {
		return nil, err
	}
	found := make(map[review.PartyKey][]review.Judged, len(keys))
	err = a.each(`
		SELECT j.value, l.entry, l.subject, l.finding FROM json_each(?1) j CROSS JOIN listed l
		WHERE (l.root, l.match) IN (
		  SELECT x.root, x.match FROM listed x WHERE x.own = j.value AND x.finding <> '' AND x.subject <> ?2 ORDER BY x.entry DESC LIMIT ?3)`,
		[]any{ask, subject, review.MaxPrecedent + 1}, func(scan func(...any) error) error {
			var key review.PartyKey
			var j review.Judged
			err := scan(&key, &j.Entry, &j.Subject, &j.Finding)
			found[key] = append(found[key], j)
			return err
		})
	return found, err
}

// premiseKinds reads on what kinds of premises some entries rest.
func (a *act) premiseKinds(entries []int64) (map[review.EntryID][]review.Premise, error) {
	all := make(map[review.EntryID][]review.Premise, len(entries))
	err := a.each(`
		SELECT p.entry, p.kind, p.attribute FROM json_each(?) j JOIN premise p ON p.entry = j.value ORDER BY p.entry, p.place`,
		[]any{numbers(entries)}, func(scan func(...any) error) error {
			var entry review.EntryID
			var p review.Premise
			err := scan(&entry, &p.Kind, &p.Attribute)
			all[entry] = append(all[entry], p)
			return err
		})
	return all, err
}
