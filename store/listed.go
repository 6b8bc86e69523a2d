package store

import (
	"cmp"
	"errors"
	"slices"

	"docket/review"
)

// What of one match is kept for the page of its party.
const (
	maxListings = 10 // lists
	maxBirths   = 4  // birth dates
)

// listedRow is one listed match as it is written, beside its root.
type listedRow struct {
	match                                  review.MatchKey
	own, party                             review.PartyKey
	grouped, name, born, what, kind, lists string
	state                                  review.ListedState
	seenAt, subject                        int64
	review                                 review.ReviewID
	finding                                review.Finding
	entry                                  review.EntryID
}

// columns are where each column of a row is, in the order of listedColumns.
func (r *listedRow) columns() []any {
	return []any{&r.match, &r.own, &r.party, &r.grouped, &r.name, &r.born, &r.what, &r.kind, &r.lists, &r.state, &r.seenAt, &r.subject,
		&r.review, &r.finding, &r.entry}
}

const listedColumns = `match, own, party, grouped, name, born, what, kind, lists, state, seen_at, subject, review, finding, entry`

// listedRows are those of a root: its matches when one of them is open or judged, and what was
// judged but is not there any more.
func (t *rootReviews) listedRows() ([]listedRow, error) {
	if len(t.rows) == 0 || t.summary.erased {
		return nil, nil
	}
	holds := newestFindings(t.found)
	asks := len(holds) > 0
	last := t.rows[len(t.rows)-1].ID
	rows := make([]listedRow, 0, len(t.summary.listed)+len(holds))
	for _, l := range t.summary.listed {
		asks = asks || l.State == review.ListedOpen
		row := listedRow{match: l.Match, own: l.Own, party: l.Party, grouped: l.GroupedBy, name: clip(l.Name), what: string(l.What),
			kind: string(l.Kind), state: l.State, seenAt: millis(l.FirstSeen), subject: t.summary.whose, review: last}
		var err, also error
		row.lists, err = list(listsOf(l))
		row.born, also = list(l.Born[:min(len(l.Born), maxBirths)])
		if err != nil || also != nil {
			return nil, errors.Join(err, also)
		}
		if d, ok := holds[l.Match]; ok {
			row.review, row.finding, row.entry = d.Review, d.Finding, d.Entry
			delete(holds, l.Match)
		}
		rows = append(rows, row)
	}
	if !asks {
		return nil, nil
	}
	for _, d := range holds {
		if d.Party == "" {
			continue
		}
		rows = append(rows, listedRow{match: d.Match, own: d.Party, party: d.Party, born: "[]", lists: "[]", kind: string(d.Kind), state: review.ListedGone,
			subject: t.summary.whose, review: d.Review, finding: d.Finding, entry: d.Entry})
	}
	slices.SortFunc(rows, func(x, y listedRow) int { return cmp.Compare(x.match, y.match) })
	return slices.CompactFunc(rows, func(x, y listedRow) bool { return x.match == y.match }), nil
}

// listsOf is which lists are kept of a listed match, by their names.
func listsOf(l review.Listed) []string {
	var on []string
	for _, name := range l.Lists[:min(len(l.Lists), maxListings)] {
		on = append(on, clip(name))
	}
	return on
}

// listsOn is which lists some matches of a dossier stand on, as decisions are found by them.
func listsOn(d review.Dossier, matches []review.MatchKey) []string {
	var on []string
	for _, l := range review.ListedIn(d) {
		if slices.Contains(matches, l.Match) {
			on = append(on, listsOf(l)...)
		}
	}
	return slices.DeleteFunc(on, func(name string) bool { return name == "" })
}

// newestFindings gives of each match the newest of the findings that hold in the reviews of its
// root.
func newestFindings(found []review.Disposition) map[review.MatchKey]review.Disposition {
	newest := make(map[review.MatchKey]review.Disposition, len(found))
	for _, d := range found {
		if d.Entry > newest[d.Match].Entry {
			newest[d.Match] = d
		}
	}
	return newest
}

// list writes the listed matches of a root; those of all roots are there after findable.
func (b *absorption) list(t *rootReviews) error {
	rows, err := t.listedRows()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(t.rows, func(r *reviewRow) bool { return !r.fresh }) {
		had, err := b.listedOf(t.id)
		if err != nil || slices.Equal(rows, had) {
			return err
		}
		if _, err := b.exec(`DELETE FROM listed WHERE root = ?`, t.id); err != nil {
			return err
		}
	}
	for _, r := range rows {
		err := b.listed.add(t.id, r.match, r.own, r.party, r.grouped, r.name, r.born, r.what, r.kind, r.lists, r.state, r.seenAt, r.subject,
			r.review, r.finding, r.entry)
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *act) listedOf(root int64) ([]listedRow, error) {
	var rows []listedRow
	err := a.each(`SELECT `+listedColumns+` FROM listed WHERE root = ? ORDER BY match`, []any{root}, func(scan func(...any) error) error {
		var r listedRow
		err := scan(r.columns()...)
		rows = append(rows, r)
		return err
	})
	return rows, err
}

// relist puts to the listed matches of a review's root the findings that hold now, as listedRows would:
// whoever records or takes back a finding calls it afterwards.
func (a *act) relist(id review.ReviewID) error {
	var root int64
	var all []review.Disposition
	var ids []review.ReviewID
	err := a.each(`SELECT r.root, r.id FROM review o JOIN review r ON r.root = o.root WHERE o.id = ? ORDER BY r.opened_at, r.id`, []any{id},
		func(scan func(...any) error) error {
			var r review.ReviewID
			err := scan(&root, &r)
			ids = append(ids, r)
			return err
		})
	if err != nil || len(ids) == 0 {
		return err
	}
	for _, r := range ids {
		found, err := a.findings(r)
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	rows, err := a.listedOf(root)
	if err != nil {
		return err
	}
	holds := newestFindings(all)
	asks := len(holds) > 0 || slices.ContainsFunc(rows, func(r listedRow) bool { return r.state == review.ListedOpen })
	for _, r := range rows {
		d, ok := holds[r.match]
		if !ok {
			d.Review = ids[len(ids)-1]
		}
		switch {
		case !asks || !ok && r.state == review.ListedGone:
			_, err = a.exec(`DELETE FROM listed WHERE root = ? AND match = ?`, root, r.match)
		case d.Review == r.review && d.Entry == r.entry:
			continue
		default:
			_, err = a.exec(`UPDATE listed SET review = ?, finding = ?, entry = ? WHERE root = ? AND match = ?`,
				d.Review, d.Finding, d.Entry, root, r.match)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
