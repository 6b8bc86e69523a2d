package store

import (
	"database/sql/driver"
	"encoding/hex"
	"math"
	"slices"
	"strings"

	"docket/review"
)

// packSize is how many entries are asked for at once. What reading costs is asking, for a row or for a
// value, far more than the bytes: a pack has all rows of its entries in six values.
const packSize = 64

// A pack is rows in one text: how many there are, and then each column of each row, each behind the
// sign that no word has. Where there are as many signs as there must be, no column holds one, and the
// pack reads in one way only. What cannot be read this way (a note may hold the sign) is read column by
// column. That a value has the type of its column is not seen here: STRICT and integrity_check are for
// that.
type pack struct {
	rest string
	odd  bool
}

// openPack gives the rows of a pack, so many columns wide; odd: it is to be read otherwise.
func openPack(v driver.Value, width int) (p pack, rows int) {
	s, _ := v.(string)
	count, rest, _ := strings.Cut(s, "\x1f")
	n, ok := plainNumber(count)
	if !ok || n < 0 || strings.Count(s, "\x1f") != max(int(n)*width, 1) || n == 0 && rest != "" {
		return pack{odd: true}, 0
	}
	return pack{rest: rest}, int(n)
}

func (p *pack) text() string {
	i := strings.IndexByte(p.rest, 31)
	if i < 0 {
		i = len(p.rest)
	}
	s := p.rest[:i]
	p.rest = p.rest[min(i+1, len(p.rest)):]
	return s
}

func (p *pack) texts(to ...*string) {
	for _, t := range to {
		*t = p.text()
	}
}

// json is a text that is JSON, "" where it says nothing; an empty one is none.
func (p *pack) json(nothing string) string {
	return jsonText(p.text(), nothing)
}

func jsonText(s, nothing string) string {
	switch s {
	case "":
		return "?"
	case nothing:
		return ""
	default:
		return s
	}
}

func (p *pack) number() int64 {
	n, ok := plainNumber(p.text())
	p.odd = p.odd || !ok
	return n
}

// maybe is a number, or NULL, which is zero.
func (p *pack) maybe() int64 {
	s := p.text()
	if s == "" {
		return 0
	}
	n, ok := plainNumber(s)
	p.odd = p.odd || !ok
	return n
}

// plainNumber reads a number as SQLite writes it.
func plainNumber(s string) (n int64, ok bool) {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || len(digits) > 18 || digits[0] == '0' && len(s) > 1 {
		return 0, false
	}
	for i := range len(digits) {
		c := digits[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	if len(s) > len(digits) {
		n = -n
	}
	return n, true
}

// packQuery asks for the pack of a range of entries, both ends included: the entries, the bytes of
// them and their leaves, and the rows that hang on them. The likelihood says that the lower end spares
// nothing: where statistics are from when there were few rows, the planner would else be content with it
// and read on to the end of the table.
const packQuery = `
	SELECT concat(count(*), char(31), group_concat(concat_ws(char(31), e.id, ifnull(e.review, ''), e.at, e.act, ifnull(e.by_, ''), e.by_role, e.finding,
	         e.outcome, e.reason, e.comparator, e.by_name, e.note, e.matches, e.status, ifnull(e.undoes, ''), ifnull(e.answers, ''), e.detail, e.policy,
	         ifnull(octet_length(e.evidence), ''), ifnull(octet_length(l.salts), ''), ifnull(octet_length(l.hashes), ''),
	         ifnull(octet_length(l.record), '')), char(31))),
	       CAST(group_concat(concat(e.evidence, l.salts, l.hashes, l.record), '') AS BLOB),` + hungColumns + `
	FROM entry e LEFT JOIN leaf l ON l.entry = e.id WHERE likelihood(e.id >= ?1, 1.0) AND e.id <= ?2`

// hungQuery asks for the rows alone that hang on the entries of a range.
const hungQuery = `SELECT ` + hungColumns

const hungColumns = `
	       (SELECT concat(count(*), char(31), group_concat(concat_ws(char(31), entry, review, at, matches, false_positives, true_matches, cannot_tell, policy,
	         second, ifnull(corrects, ''), by_, outcome, comparator), char(31)))
	        FROM decision WHERE likelihood(entry >= ?1, 1.0) AND entry <= ?2),
	       (SELECT concat(count(*), char(31), group_concat(concat_ws(char(31), entry, decision, answer, ifnull(by_, ''), at), char(31)))
	        FROM approval WHERE likelihood(entry >= ?1, 1.0) AND entry <= ?2),
	       (SELECT concat(count(*), char(31), group_concat(concat_ws(char(31), entry, review, hex(seen), ifnull(carries, ''), missing, match, finding, kind,
	         identity, whose, party), char(31)))
	        FROM disposition INDEXED BY disposition_of_entry WHERE entry BETWEEN ?1 AND ?2),
	       (SELECT concat(count(*), char(31), group_concat(concat_ws(char(31), entry, place, amount, out_of, kind, attribute, rule, comparator, subject, listed),
	         char(31)))
	        FROM premise WHERE entry BETWEEN ?1 AND ?2)`

// packed reads a pack; false: its entries are to be read column by column.
func (r *leafReader) packed(v []driver.Value) bool {
	return r.packedEntries(v[0], v[1]) && r.packedHung(v[2:])
}

func (r *leafReader) packedHung(v []driver.Value) bool {
	r.hung = hangers{r.hung.decisions[:0], r.hung.approvals[:0], r.hung.dispositions[:0], r.hung.premises[:0]}
	return r.packedDecisions(v[0]) && r.packedApprovals(v[1]) && r.packedDispositions(v[2]) && r.packedPremises(v[3])
}

func (r *leafReader) packedEntries(texts, bytes driver.Value) bool {
	p, n := openPack(texts, 22)
	room, _ := bytes.([]byte)
	cut := func() []byte {
		n := p.maybe()
		if n == 0 {
			return nil
		}
		if n < 0 || n > int64(len(room)) {
			p.odd = true
			return nil
		}
		b := room[:n:n]
		room = room[n:]
		return b
	}
	r.leaves = slices.Grow(r.leaves[:0], n)[:n]
	before := int64(math.MinInt64)
	for i := range r.leaves {
		l := &r.leaves[i]
		e := &l.entry
		id := p.number()
		*e = review.LedgerEntry{ID: review.EntryID(id), Review: p.maybe(), At: p.number(), Dispositions: e.Dispositions[:0], Premises: e.Premises[:0]}
		p.texts(&e.Act, &e.By, &e.ByRole, &e.Finding, &e.Outcome, &e.Reason, &e.Comparator, &e.ByName, &e.Note)
		e.Matches, e.Status, e.Undoes, e.Answers, e.Detail, e.Policy = p.json("[]"), p.text(), p.maybe(), p.maybe(), p.json("{}"), p.number()
		e.Evidence, l.salts, l.hashes, l.record = cut(), cut(), cut(), cut()
		l.sealed, l.odd = l.hashes != nil, false
		p.odd = p.odd || id <= before
		before = id
	}
	return !p.odd && len(room) == 0
}

func (r *leafReader) packedDecisions(v driver.Value) bool {
	p, n := openPack(v, 13)
	for range n {
		id := review.EntryID(p.number())
		d := review.LedgerDecisionRow{Review: p.number(), At: p.number(), Matches: p.number(), FalsePositives: p.number(),
			TrueMatches: p.number(), CannotTell: p.number(), Policy: p.number(), Second: p.number(), Corrects: p.maybe()}
		p.texts(&d.By, &d.Outcome, &d.Comparator)
		p.odd = p.odd || !behind(r.hung.decisions, id)
		r.hung.decisions = append(r.hung.decisions, hung[review.LedgerDecisionRow]{entry: id, row: d})
	}
	return !p.odd
}

func (r *leafReader) packedApprovals(v driver.Value) bool {
	p, n := openPack(v, 5)
	for range n {
		id := review.EntryID(p.number())
		a := review.LedgerApprovalRow{Decision: p.number(), Answer: p.text(), By: p.text(), At: p.number()}
		p.odd = p.odd || !behind(r.hung.approvals, id)
		r.hung.approvals = append(r.hung.approvals, hung[review.LedgerApprovalRow]{entry: id, row: a})
	}
	return !p.odd
}

func (r *leafReader) packedDispositions(v driver.Value) bool {
	p, n := openPack(v, 11)
	room := make([]byte, n*len(review.Hash{}))
	for range n {
		id := review.EntryID(p.number())
		d := review.LedgerDispositionRow{Review: p.number()}
		seen := p.text()
		if len(seen) != hex.EncodedLen(len(review.Hash{})) {
			return false
		}
		d.Seen, room = room[:len(review.Hash{})], room[len(review.Hash{}):]
		_, err := hex.Decode(d.Seen, []byte(seen))
		d.Carries, d.Missing = p.maybe(), p.json("[]")
		p.texts(&d.Match, &d.Finding, &d.Kind, &d.Identity, &d.Whose, &d.Party)
		last := len(r.hung.dispositions) - 1
		p.odd = p.odd || err != nil || !behind(r.hung.dispositions, id) &&
			(r.hung.dispositions[last].entry != id || r.hung.dispositions[last].row.Match > d.Match)
		r.hung.dispositions = append(r.hung.dispositions, hung[review.LedgerDispositionRow]{entry: id, row: d})
	}
	return !p.odd
}

func (r *leafReader) packedPremises(v driver.Value) bool {
	p, n := openPack(v, 10)
	for range n {
		id := review.EntryID(p.number())
		d := review.LedgerPremiseRow{Place: p.number(), Amount: p.number(), Of: p.number()}
		p.texts(&d.Kind, &d.Attribute, &d.Rule, &d.Comparator, &d.Subject, &d.Listed)
		last := len(r.hung.premises) - 1
		p.odd = p.odd || !behind(r.hung.premises, id) && (r.hung.premises[last].entry != id || r.hung.premises[last].row.Place >= d.Place)
		r.hung.premises = append(r.hung.premises, hung[review.LedgerPremiseRow]{entry: id, row: d})
	}
	return !p.odd
}

// behind says that a row belongs behind the others: a pack is not asked for in order, though it comes so.
func behind[T any](rows []hung[T], entry review.EntryID) bool {
	return len(rows) == 0 || rows[len(rows)-1].entry < entry
}
