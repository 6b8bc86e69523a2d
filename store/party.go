package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
)

// The bounds of one listed party's page.
const (
	maxKin    = 40    // keys that are taken for one party
	maxMerges = 20    // pairs of them that are explained
	maxWalked = 1_000 // matches that are read to say who it is and how often it was found
	shareOf   = 25    // of these for each key at least
	rowsAtOne = 50

	// MergeReviews is how many reviews are named for each direction of a merge.
	MergeReviews = 4
)

// PartyQuery shapes the page of one listed party.
type PartyQuery struct {
	Key     review.PartyKey // any key that the party is known by
	Finding review.Finding  // "" all matches
	After   string          // cursor; "" the first page
	Limit   int             // 1 to 200; 0: 50
}

// PartyFile is one listed party across subjects.
type PartyFile struct {
	Keys     []PartyFace // the one that was asked for first; several are taken for one party
	MoreKeys bool        // there are more than are given
	Merges   []Merge     // why
	Matches  review.Count
	Subjects review.Count
	Judged   map[review.Finding]int // subjects by the newest finding on each; as far as Matches is exact
	Rows     []PartyRow             // newest first
	Next     string                 // cursor of the next page, "" on the last
}

// PartyFace is what matches of one key say of their party.
type PartyFace struct {
	Key     review.PartyKey
	Names   []string // as matches call it first, the most frequent first
	Born    []review.Birthdate
	What    review.PartyKind
	Kinds   []review.ReportKind
	Lists   []string
	Matches review.Count
}

// Merge is two keys that stood in one party of one review.
type Merge struct {
	One, Other review.PartyKey
	By         string            // why
	Matches    int               // that say so
	Reviews    []review.ReviewID // some of the reviews, the newest match first
}

// PartyRow is one match of a listed party.
type PartyRow struct {
	Match     review.MatchKey
	Own       review.PartyKey
	Name      string
	Kind      review.ReportKind
	State     review.ListedState
	FirstSeen time.Time // zero: no run tells
	Review    review.ReviewID
	Root      review.Ref
	Subject   string
	Reference string
	Found     *review.Disposition // that holds; nil: none
}

// Party reads a listed party by any of its keys; review.ErrNotFound when no match of a review
// has it, or for a cursor that is none.
func (db *DB) Party(ctx context.Context, q PartyQuery) (PartyFile, error) {
	var f PartyFile
	err := db.read(ctx, "party", func(a *act) error {
		if err := a.whole(); err != nil {
			return err
		}
		kin, err := a.kin([]review.PartyKey{q.Key})
		if err != nil {
			return err
		}
		keys := kin.of(q.Key)
		f.MoreKeys = kin.more || len(keys) > maxKin
		keys = keys[:min(len(keys), maxKin)]
		if err := a.faces(&f, keys); err != nil {
			return err
		}
		if f.Matches.N == 0 {
			return review.ErrNotFound
		}
		if f.Merges, err = a.merges(kin, keys); err != nil {
			return err
		}
		return a.partyRows(&f, keys, q)
	})
	return f, err
}

// faces reads who the party is and how often it was found.
func (a *act) faces(f *PartyFile, keys []review.PartyKey) error {
	newest := map[int64]listedRow{} // by subject
	for _, key := range keys {
		face := PartyFace{Key: key}
		limit := max(maxWalked-f.Matches.N, shareOf)
		names := map[string]int{}
		n := 0
		err := a.each(`
			SELECT name, born, what, kind, lists, subject, finding, entry FROM listed
			WHERE own = ? ORDER BY seen_at DESC, match DESC, root DESC LIMIT ?`, []any{key, limit + 1}, func(scan func(...any) error) error {
			var r listedRow
			var born []review.Birthdate
			var lists []string
			err := scan(&r.name, listColumn[review.Birthdate]{&born}, &r.what, &r.kind, listColumn[string]{&lists}, &r.subject, &r.finding, &r.entry)
			if n++; err != nil || n > limit {
				return err
			}
			if r.name != "" {
				names[r.name]++
			}
			face.Born = addTo(face.Born, born)
			face.Lists = addTo(face.Lists, lists)
			if kind := review.ReportKind(r.kind); kind != "" {
				face.Kinds = addTo(face.Kinds, []review.ReportKind{kind})
			}
			face.What = cmp.Or(face.What, review.PartyKind(r.what))
			if have, met := newest[r.subject]; !met || r.entry > have.entry {
				newest[r.subject] = r
			}
			return nil
		})
		if err != nil {
			return err
		}
		face.Matches = review.Count{N: min(n, limit), More: n > limit}
		f.Matches.N, f.Matches.More = f.Matches.N+face.Matches.N, f.Matches.More || face.Matches.More
		face.Names = byFrequency(names)
		slices.Sort(face.Lists)
		f.Keys = append(f.Keys, face)
	}
	f.Matches.More = f.Matches.More || f.MoreKeys
	f.Subjects = review.Count{N: len(newest), More: f.Matches.More}
	f.Judged = map[review.Finding]int{}
	for _, r := range newest {
		if r.finding != "" {
			f.Judged[r.finding]++
		}
	}
	return nil
}

// addTo adds what is not there yet, as far as a page can use it.
func addTo[T comparable](have, more []T) []T {
	const usable = 60
	for _, v := range more {
		if len(have) < usable && !slices.Contains(have, v) {
			have = append(have, v)
		}
	}
	return have
}

func byFrequency(names map[string]int) []string {
	all := make([]string, 0, len(names))
	for n := range names {
		all = append(all, n)
	}
	slices.SortFunc(all, func(x, y string) int { return cmp.Or(cmp.Compare(names[y], names[x]), cmp.Compare(x, y)) })
	return all
}

// merges reads why keys are taken for one party.
func (a *act) merges(k kinship, keys []review.PartyKey) ([]Merge, error) {
	var all []Merge
	for _, key := range keys {
		for _, t := range k.ties[key] {
			if key > t.other || !slices.Contains(keys, t.other) {
				continue // told from the other side
			}
			all = append(all, Merge{One: key, Other: t.other, Matches: t.n})
		}
	}
	slices.SortFunc(all, func(x, y Merge) int {
		return cmp.Or(cmp.Compare(y.Matches, x.Matches), cmp.Compare(x.One, y.One), cmp.Compare(x.Other, y.Other))
	})
	all = all[:min(len(all), maxMerges)]
	for i := range all {
		m := &all[i]
		for _, pair := range [][2]review.PartyKey{{m.One, m.Other}, {m.Other, m.One}} {
			err := a.each(`
				SELECT grouped, review FROM listed WHERE own = ? AND party = ? AND own <> party ORDER BY seen_at DESC, match DESC LIMIT ?`,
				[]any{pair[0], pair[1], MergeReviews}, func(scan func(...any) error) error {
					var by string
					var id review.ReviewID
					err := scan(&by, &id)
					m.By = cmp.Or(m.By, by)
					m.Reviews = addTo(m.Reviews, []review.ReviewID{id})
					return err
				})
			if err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// rowPlace is where a row stands in the order of a party's page.
type rowPlace struct {
	seenAt int64
	match  review.MatchKey
	root   int64
}

func (p rowPlace) compare(q rowPlace) int {
	return cmp.Or(cmp.Compare(q.seenAt, p.seenAt), cmp.Compare(q.match, p.match), cmp.Compare(q.root, p.root))
}

func (p rowPlace) String() string { return fmt.Sprintf("%d.%s.%d", p.seenAt, p.match, p.root) }

func parsePlace(s string) (rowPlace, error) {
	if s == "" {
		return rowPlace{seenAt: math.MaxInt64}, nil
	}
	at, rest, _ := strings.Cut(s, ".")
	match, root, _ := strings.Cut(rest, ".")
	p := rowPlace{match: review.MatchKey(match)}
	var err, also error
	p.seenAt, err = strconv.ParseInt(at, 10, 64)
	p.root, also = strconv.ParseInt(root, 10, 64)
	if err != nil || also != nil {
		return p, review.ErrNotFound
	}
	return p, nil
}

// partyRows reads one page of matches: of each key its next ones, of these the first.
func (a *act) partyRows(f *PartyFile, keys []review.PartyKey, q PartyQuery) error {
	limit := cmp.Or(min(max(q.Limit, 0), 200), rowsAtOne)
	after, err := parsePlace(q.After)
	if err != nil {
		return err
	}
	type placed struct {
		rowPlace
		row   PartyRow
		entry review.EntryID
	}
	var all []placed
	for _, key := range keys {
		err := a.each(`
			SELECT seen_at, match, root, name, kind, state, review, entry FROM listed
			WHERE own = ?1 AND (seen_at, match, root) < (?2, ?3, ?4) AND (?5 = '' OR finding = ?5)
			ORDER BY seen_at DESC, match DESC, root DESC LIMIT ?6`,
			[]any{key, after.seenAt, after.match, after.root, q.Finding, limit + 1}, func(scan func(...any) error) error {
				p := placed{row: PartyRow{Own: key}}
				err := scan(&p.seenAt, &p.match, &p.root, &p.row.Name, &p.row.Kind, &p.row.State, &p.row.Review, &p.entry)
				p.row.Match, p.row.FirstSeen = p.match, instant(p.seenAt)
				all = append(all, p)
				return err
			})
		if err != nil {
			return err
		}
	}
	slices.SortFunc(all, func(x, y placed) int { return x.compare(y.rowPlace) })
	if len(all) > limit {
		all = all[:limit]
		f.Next = all[limit-1].String()
	}
	var judged []judgedPlace
	for _, p := range all {
		f.Rows = append(f.Rows, p.row)
		if p.entry != 0 {
			judged = append(judged, judgedPlace{p.row.Review, p.match, p.entry})
		}
	}
	if err := a.subjects(f.Rows); err != nil {
		return err
	}
	found, err := a.dispositionsAt(judged)
	if err != nil {
		return err
	}
	for i := range found {
		d := &found[i]
		at := slices.IndexFunc(f.Rows, func(r PartyRow) bool { return r.Review == d.Review && r.Match == d.Match })
		f.Rows[at].Found = d
	}
	return nil
}

// judgedPlace names one disposition.
type judgedPlace struct {
	review review.ReviewID
	match  review.MatchKey
	entry  review.EntryID
}

// MarshalJSON writes the three as an array.
func (p judgedPlace) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{p.review, p.match, p.entry})
}

// dispositionsAt reads dispositions by the key of their table.
func (a *act) dispositionsAt(places []judgedPlace) ([]review.Disposition, error) {
	if len(places) == 0 {
		return nil, nil
	}
	at, err := list(places)
	if err != nil {
		return nil, err
	}
	return a.dispositions(`
		SELECT `+dispositionSelected+` FROM disposition d JOIN entry e ON e.id = d.entry
		WHERE (d.review, d.match, d.entry) IN (SELECT value->>0, value->>1, value->>2 FROM json_each(?))`, at)
}

// subjects reads whom the matches are about, as the queue calls them.
func (a *act) subjects(rows []PartyRow) error {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = int64(r.Review)
	}
	return a.each(`
		SELECT q.id, q.root_type, q.root_id, q.subject, q.reference FROM queue q WHERE q.id IN (SELECT value FROM json_each(?))`,
		[]any{numbers(ids)}, func(scan func(...any) error) error {
			var id review.ReviewID
			var r PartyRow
			err := scan(&id, &r.Root.Type, &r.Root.ID, &r.Subject, &r.Reference)
			for i := range rows {
				if rows[i].Review == id {
					rows[i].Root, rows[i].Subject, rows[i].Reference = r.Root, r.Subject, r.Reference
				}
			}
			return err
		})
}
