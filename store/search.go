package store

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"docket/review"
)

// The bounds of search, for texts that mean harm.
const (
	maxTokens     = 400 // of one row
	maxTokenBytes = 96
	maxAsked      = 8 // tokens of one query
	minPrefix     = 2 // characters: a shorter last word must be whole
)

// searchText is what a dossier can be found by: the names of its subject as every report gives
// them, the reference id, and Persona's ids. The words are in the order of the alphabet: the
// index keeps no places.
func searchText(d review.Dossier) string {
	seen := map[string]bool{}
	var words []string
	add := func(s string) {
		for _, w := range tokens(s) {
			if !seen[w] && len(words) < maxTokens {
				seen[w] = true
				words = append(words, w)
			}
		}
	}
	addSubject := func(s review.Subject) {
		add(s.FullName())
		add(s.First)
		add(s.Middle)
		add(s.Last)
		for _, n := range s.Others {
			add(n.Value)
		}
		for _, w := range s.Wallets {
			add(w.Value)
		}
	}
	add(string(d.Transaction.ID))
	add(d.Transaction.ReferenceID.Value)
	addSubject(d.Subject)
	for _, r := range d.Reports {
		addSubject(r.Subject)
		add(r.Ref.ID)
	}
	for _, r := range d.Records {
		if f := r.Ref.Family(); f == familyInquiry || f == "account" || f == familyCase {
			add(r.Ref.ID)
		}
	}
	add(d.Transaction.Fallback)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// tokens cuts a folded text at every ASCII sign that is no letter or digit, as the index does.
func tokens(s string) []string {
	words := strings.FieldsFunc(review.Fold(s), func(r rune) bool {
		return r < utf8.RuneSelf && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
	for i, w := range words {
		if len(w) > maxTokenBytes {
			words[i] = strings.ToValidUTF8(w[:maxTokenBytes], "")
		}
	}
	return words
}

// scopeText is the facets of a row as words of the index.
func scopeText(facets []facet) string {
	words := make([]string, len(facets))
	for i, f := range facets {
		words[i] = scopeFacet(f)
	}
	return strings.Join(words, " ")
}

// scopeSign begins words of the scope: three characters that nobody types, so that these share
// no beginning with what people look for.
const scopeSign = "\ue000\ue000\ue000"

// scopeFacet makes any value one word.
func scopeFacet(f facet) string {
	sum := review.Sum([]byte(f.Name + f.Value))
	return scopeSign + hex.EncodeToString(sum[:8])
}

// matchQuery is the query of the index for what someone typed: every word in quotes, the last
// one also as a beginning. It is "" when nothing was typed that could be found.
func matchQuery(typed string, facets []facet) string {
	words := tokens(typed)
	if len(words) == 0 {
		return ""
	}
	words = words[:min(len(words), maxAsked)]
	var q strings.Builder
	for _, f := range facets {
		q.WriteString(`scope : "` + scopeFacet(f) + `" AND `)
	}
	for i, w := range words {
		if i > 0 {
			q.WriteString(" AND ")
		}
		q.WriteString(`text : "` + strings.ReplaceAll(w, `"`, `""`) + `"`)
		if i == len(words)-1 && utf8.RuneCountInString(w) >= minPrefix {
			q.WriteString("*")
		}
	}
	return q.String()
}

// What was typed is looked for in one walk of the index, up to one more row than is counted.
// Parameters: match, first and last seat, how many are counted, how many rows are wanted, now
// when only free reviews are wanted (else 0), the cursor's instant, row, and value of the order.
// Of more rows than are counted only as many as a page needs are looked up.
const (
	searchFound = `
		WITH found AS MATERIALIZED (
		  SELECT rowid AS seat FROM search WHERE search MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid LIMIT ?4 + 1),
		fit AS MATERIALIZED (
		  SELECT q.id, q.opened_at, q.calm, q.subject_fold, s.seat
		  FROM (SELECT seat FROM found LIMIT iif((SELECT count(*) FROM found) <= ?4, ?4,
		          ?5 + iif(?6 = 0, 0, (SELECT count(*) FROM claim WHERE until > ?6)))) s
		  CROSS JOIN queue q ON q.id = iif(s.seat >= 5497558138880, -1, 1) * (s.seat & 1099511627775)
		  WHERE ?6 = 0 OR NOT EXISTS (SELECT 1 FROM claim c WHERE c.review = q.id AND c.until > ?6))
		SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM fit),
		       ifnull(p.id, 0), ifnull(p.opened_at, 0), ifnull(p.calm, 0), ifnull(p.subject_fold, ''), ifnull(p.seat, 0)
		FROM (SELECT 1) LEFT JOIN (SELECT * FROM fit WHERE `

	searchLimit = ` LIMIT iif((SELECT count(*) FROM found) <= ?4, ?5, -1)) p`

	searchOldest  = searchFound + `(opened_at, id) > (?7, ?8) AND ?9 IS NOT NULL ORDER BY opened_at, id` + searchLimit
	searchNewest  = searchFound + `(opened_at, id) < (?7, ?8) AND ?9 IS NOT NULL ORDER BY opened_at DESC, id DESC` + searchLimit
	searchMatches = searchFound + `(calm, opened_at, id) > (?9, ?7, ?8) ORDER BY calm, opened_at, id` + searchLimit
	searchSubject = searchFound + `(subject_fold, opened_at, id) > (?9, ?7, ?8) ORDER BY subject_fold, opened_at, id` + searchLimit

	// The rows behind a cursor among more than are counted, in the order of their seats.
	searchOn = `
		SELECT q.id, q.opened_at, q.calm, q.subject_fold, s.seat
		FROM (SELECT rowid AS seat FROM search WHERE search MATCH ?1 AND rowid > ?2 AND rowid <= ?3 ORDER BY rowid LIMIT ?4) s
		CROSS JOIN queue q ON q.id = iif(s.seat >= 5497558138880, -1, 1) * (s.seat & 1099511627775)
		WHERE ?5 = 0 OR NOT EXISTS (SELECT 1 FROM claim c WHERE c.review = q.id AND c.until > ?5)`
	searchBack = `
		SELECT q.id, q.opened_at, q.calm, q.subject_fold, s.seat
		FROM (SELECT rowid AS seat FROM search WHERE search MATCH ?1 AND rowid >= ?2 AND rowid < ?3 ORDER BY rowid DESC LIMIT ?4) s
		CROSS JOIN queue q ON q.id = iif(s.seat >= 5497558138880, -1, 1) * (s.seat & 1099511627775)
		WHERE ?5 = 0 OR NOT EXISTS (SELECT 1 FROM claim c WHERE c.review = q.id AND c.until > ?5)`
)

// pageOfSearch finds rows by what was typed. A thousand or fewer are sorted as asked; more than
// that are given in the order of their seats, which is that of their age but for reviews that
// were opened by one import.
func (l *listing) pageOfSearch() ([]place, error) {
	match := matchQuery(l.search, l.filters)
	if match == "" {
		return nil, nil
	}
	if l.facet != (facet{}) {
		n := 0
		for _, state := range l.states {
			have, err := l.count(state, l.facet)
			if err != nil {
				return nil, err
			}
			n += have
		}
		if n == 0 {
			return nil, nil
		}
	}
	first, last := seatsOf(l.states)
	free := l.wanted("")[3]
	query, value := searchOldest, any(l.after.calm)
	switch l.sort {
	case review.SortNewest:
		query = searchNewest
	case review.SortMatches:
		query = searchMatches
	case review.SortSubject:
		query, value = searchSubject, l.after.fold
	}
	var walked, fit int
	var found []place
	err := l.each(query, []any{match, first, last, exactTo, l.limit + 1, free, l.after.openedAt, l.after.id, value},
		func(scan func(...any) error) error {
			var p place
			err := scan(&walked, &fit, &p.id, &p.openedAt, &p.calm, &p.fold, &p.seat)
			if p.seat != 0 {
				found = append(found, p)
			}
			return err
		})
	if err != nil {
		return nil, err
	}
	if walked > exactTo {
		l.total = review.Count{N: exactTo, More: true}
		if l.started || l.sort == review.SortNewest {
			return l.searchFrom(match, first, last, free)
		}
		slices.SortFunc(found, func(x, y place) int { return cmp.Compare(x.seat, y.seat) })
		return found, nil
	}
	l.total = review.Count{N: fit}
	for i := range found {
		found[i].seat = 0 // it gave no order
	}
	return found, nil
}

// searchFrom goes on behind the cursor, among more rows than are counted.
func (l *listing) searchFrom(match string, first, last int64, free any) ([]place, error) {
	from := l.after.seat
	if l.started && from == 0 {
		// The page before had few rows, of which each was sorted.
		var state string
		if err := l.one(`SELECT state FROM queue WHERE id = ?`, []any{l.after.id}, &state); err != nil {
			return nil, err
		}
		from = seat(state, l.after.id)
	}
	limit := l.limit + 1
	if l.free {
		taken := 0
		if err := l.one(`SELECT count(*) FROM claim WHERE until > ?`, []any{free}, &taken); err != nil {
			return nil, err
		}
		limit += taken
	}
	query, args := searchOn, []any{match, from, last, limit, free}
	if l.sort == review.SortNewest {
		query = searchBack
		args[1], args[2] = first, last+1
		if l.started {
			args[2] = from
		}
	}
	var found []place
	err := l.each(query, args, func(scan func(...any) error) error {
		var p place
		err := scan(&p.id, &p.openedAt, &p.calm, &p.fold, &p.seat)
		found = append(found, p)
		return err
	})
	slices.SortFunc(found, func(x, y place) int {
		if l.sort == review.SortNewest {
			x, y = y, x
		}
		return cmp.Compare(x.seat, y.seat)
	})
	return found, err
}
