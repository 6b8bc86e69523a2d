package store

import "docket/review"

// putPremises stores what the findings of one entry rest on.
func (a *act) putPremises(entry review.EntryID, premises []review.Premise) error {
	for i, p := range premises {
		subject, err := list(p.Subject)
		if err != nil {
			return err
		}
		listed, err := list(p.Match)
		if err != nil {
			return err
		}
		if _, err := a.exec(`
			INSERT INTO premise (entry, place, kind, attribute, amount, out_of, subject, listed, rule, comparator)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			entry, i, p.Kind, p.Attribute, p.Amount, p.Of, subject, listed, p.Rule, p.Comparator); err != nil {
			return err
		}
	}
	return nil
}

// premises reads what the findings of some entries rest on.
func (a *act) premises(entries []int64) (map[review.EntryID][]review.Premise, error) {
	all := make(map[review.EntryID][]review.Premise, len(entries))
	err := a.each(`
		SELECT p.entry, p.kind, p.attribute, p.amount, p.out_of, p.subject, p.listed, p.rule, p.comparator
		FROM json_each(?) j JOIN premise p ON p.entry = j.value ORDER BY p.entry, p.place`, []any{numbers(entries)}, func(scan func(...any) error) error {
		var entry review.EntryID
		var p review.Premise
		err := scan(&entry, &p.Kind, &p.Attribute, &p.Amount, &p.Of, listColumn[string]{&p.Subject}, listColumn[string]{&p.Match}, &p.Rule, &p.Comparator)
		all[entry] = append(all[entry], p)
		return err
	})
	return all, err
}
