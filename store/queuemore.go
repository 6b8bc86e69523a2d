package store

import "docket/review"

// furnish reads what stands between a finding and its effect on the rows of a page: the decision that
// waits for a second person or was given back, the newest wait, and to whom it was handed.
func (a *act) furnish(rows []review.QueueRow) error {
	at := make(map[review.ReviewID]*review.QueueRow, len(rows))
	var ids []int64
	for i := range rows {
		if r := &rows[i]; r.Review != 0 && r.State != review.StateClosed {
			at[r.Review] = r
			ids = append(ids, int64(r.Review))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	asked := []any{numbers(ids)}
	all, err := a.decisions(`
		SELECT `+decisionSelected+`
		FROM json_each(?) j JOIN decision d ON d.entry = (SELECT max(x.entry) FROM decision x WHERE x.review = j.value) AND NOT `+inEffect+`
		JOIN entry e ON e.id = d.entry`+decisionJoined, asked...)
	if err != nil {
		return err
	}
	for i := range all {
		at[all[i].Review].Proposed = &all[i]
	}
	err = a.each(`
		SELECT w.entry, w.review, w.by_, e.by_name, w.at, w.until, w.missing, ifnull(k.why, ''), k.at
		FROM json_each(?) j JOIN wait w ON w.entry = (SELECT max(x.entry) FROM wait x WHERE x.review = j.value)
		JOIN entry e ON e.id = w.entry LEFT JOIN wake k ON k.wait = w.entry`, asked, func(scan func(...any) error) error {
		w := &review.Wait{}
		err := scan(&w.Entry, &w.Review, &w.By, &w.ByName, timeColumn{&w.At}, timeColumn{&w.Until}, listColumn[review.Fact]{&w.Missing},
			&w.Woken, timeColumn{&w.WokenAt})
		if r := at[w.Review]; r != nil {
			r.Wait = w
		}
		return err
	})
	if err != nil {
		return err
	}
	return a.each(`
		SELECT x.entry, x.review, x.by_, e.by_name, ifnull(x.to_, ''), ifnull(p.name, ''), x.at
		FROM json_each(?) j JOIN escalation x ON x.entry = (SELECT max(y.entry) FROM escalation y WHERE y.review = j.value)
		JOIN entry e ON e.id = x.entry LEFT JOIN colleague p ON p.id = x.to_`, asked, func(scan func(...any) error) error {
		x := &review.Escalation{}
		err := scan(&x.Entry, &x.Review, &x.By, &x.ByName, &x.To, &x.ToName, timeColumn{&x.At})
		if r := at[x.Review]; r != nil {
			r.Escalation = x
		}
		return err
	})
}
