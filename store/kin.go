package store

import (
	"slices"

	"docket/review"
)

// kinship is which keys stood together in one party.
type kinship struct {
	ties map[review.PartyKey][]tieOfKeys
	more bool // not all is known: the bound was met
}

type tieOfKeys struct {
	other review.PartyKey
	n     int
}

// kin follows from some keys to all that they stood with, and those with.
func (a *act) kin(from []review.PartyKey) (kinship, error) {
	const maxTies = 2_000
	k := kinship{ties: map[review.PartyKey][]tieOfKeys{}}
	asked := map[review.PartyKey]bool{}
	n := 0
	for len(from) > 0 && !k.more {
		for _, key := range from {
			asked[key] = true
		}
		ask, err := list(from)
		if err != nil {
			return k, err
		}
		var next []review.PartyKey
		err = a.each(`SELECT k.own, k.other, k.n FROM json_each(?) j JOIN kin k ON k.own = j.value LIMIT ?`, []any{ask, maxTies - n + 1},
			func(scan func(...any) error) error {
				var own review.PartyKey
				var t tieOfKeys
				if err := scan(&own, &t.other, &t.n); err != nil {
					return err
				}
				if n++; n > maxTies {
					k.more = true
					return nil
				}
				k.ties[own] = append(k.ties[own], t)
				if !asked[t.other] {
					asked[t.other] = true
					next = append(next, t.other)
				}
				return nil
			})
		if err != nil {
			return k, err
		}
		from = next
	}
	return k, nil
}

// of gives a key and all that are taken for the same party, the nearest first.
func (k kinship) of(key review.PartyKey) []review.PartyKey {
	keys := []review.PartyKey{key}
	for i := 0; i < len(keys); i++ {
		at := len(keys)
		for _, t := range k.ties[keys[i]] {
			if !slices.Contains(keys, t.other) {
				keys = append(keys, t.other)
			}
		}
		slices.Sort(keys[at:])
	}
	return keys
}
