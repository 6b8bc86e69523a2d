package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"docket/review"
)

// policyEntry is an entry about a version of the policy: all that its row was written from.
type policyEntry struct {
	entry           review.EntryID
	version, digest string
	what            string // Policy…
	by, note        string
	at              int64
}

// policyColumns are the columns of a row of the policy that entries tell of, in the order of policyRow.
// The document is told of by its digest.
var policyColumns = [...]string{"document", "state", "proposed_by", "proposed_at", "note", "agreed_by", "agreed_at", "withdrawn_by", "withdrawn_at"}

const (
	policyDocument = iota
	policyState
	policyProposedBy
	policyProposedAt
	policyNote
	policyAgreedBy
	policyAgreedAt
	policyWithdrawnBy
	policyWithdrawnAt
)

// policyRow is a row of the policy as texts, and the entry that each was told by last; 0: by none.
type policyRow struct {
	values [len(policyColumns)]string
	by     [len(policyColumns)]review.EntryID
}

func (r *policyRow) tell(e *policyEntry, column int, value string) {
	r.values[column], r.by[column] = value, e.entry
}

// policyBooks are the rows that entries tell of, by version.
type policyBooks map[string]*policyRow

// tell adds what an entry says.
func (b policyBooks) tell(e *policyEntry) {
	r := b[e.version]
	if r == nil {
		r = &policyRow{}
		b[e.version] = r
	}
	at := strconv.FormatInt(e.at, 10)
	r.tell(e, policyDocument, e.digest)
	r.tell(e, policyState, e.what)
	switch e.what {
	case PolicyProposed:
		r.tell(e, policyProposedBy, e.by)
		r.tell(e, policyProposedAt, at)
		r.tell(e, policyNote, e.note)
	case PolicyInForce:
		if e.by == "" { // it came with docket: nobody proposed it before
			r.tell(e, policyProposedBy, "")
			r.tell(e, policyProposedAt, at)
			r.tell(e, policyNote, "")
		}
		r.tell(e, policyAgreedBy, e.by)
		r.tell(e, policyAgreedAt, at)
		for _, other := range b {
			if other != r && other.values[policyState] == PolicyInForce {
				other.tell(e, policyState, PolicyReplaced)
			}
		}
	case PolicyWithdrawn:
		r.tell(e, policyWithdrawnBy, e.by)
		r.tell(e, policyWithdrawnAt, at)
	}
}

// policies holds the rows of the policy against what the trail says of them, column by column. When all
// of the trail was read and is whole, no row may say more than it either; else only what was read counts.
func (v *ledgerVerifier) policies(ctx context.Context, size int64, all bool) (*review.LedgerBreak, error) {
	var told []policyEntry
	for i := range v.chunks {
		told = append(told, v.chunks[i].policies...)
	}
	if len(told) == 0 && !all {
		return nil, nil
	}
	rows := map[string]*policyRow{}
	var versions []string
	err := v.db.read(ctx, "ledger", func(a *act) error {
		// What was written while the rest was read is verified next time; rows may follow from it already.
		err := a.each(`SELECT id, at, ifnull(by_, ''), note, detail FROM entry WHERE id > ? AND act = ? ORDER BY id`, []any{size, review.ActPolicy}, func(scan func(...any) error) error {
			var e policyEntry
			var detail map[string]string
			err := scan(&e.entry, &e.at, &e.by, &e.note, detailColumn{&detail})
			e.version, e.digest, e.what = detail["version"], detail["digest"], detail["what"]
			told = append(told, e)
			return err
		})
		if err != nil {
			return err
		}
		return a.each(`
			SELECT CAST(version AS TEXT), document, digest, state, ifnull(proposed_by, ''), CAST(proposed_at AS TEXT), note,
			       ifnull(agreed_by, ''), ifnull(CAST(agreed_at AS TEXT), ''), ifnull(withdrawn_by, ''), ifnull(CAST(withdrawn_at AS TEXT), '')
			FROM policy ORDER BY version`, nil, func(scan func(...any) error) error {
			var version, document string
			var digest review.Hash
			r := &policyRow{}
			to := []any{&version, &document, hashColumn{&digest}}
			for i := policyState; i < len(r.values); i++ {
				to = append(to, &r.values[i])
			}
			err := scan(to...)
			if review.Sum([]byte(document)) == digest {
				r.values[policyDocument] = digest.String()
			}
			rows[version], versions = r, append(versions, version)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	books := policyBooks{}
	var last review.EntryID
	for i := range told {
		books.tell(&told[i])
		last = max(last, told[i].entry)
	}
	var first *review.LedgerBreak
	breaks := func(entry review.EntryID, format string, args ...any) {
		if first == nil || entry < first.Entry {
			first = &review.LedgerBreak{Entry: entry, Why: fmt.Sprintf(format, args...)}
		}
	}
	for version, said := range books {
		r := rows[version]
		if r == nil {
			breaks(slices.Max(said.by[:]), "version %s of the policy is gone", version)
			continue
		}
		for c, entry := range said.by {
			switch {
			case r.values[c] == said.values[c], entry == 0 && !all, c == policyState && !all:
			case c == policyDocument:
				breaks(entry, "version %s of the policy is not the document that was recorded", version)
			case entry == 0:
				breaks(slices.Max(said.by[:]), "version %s of the policy has a %s that was never recorded", version, policyColumns[c])
			default:
				breaks(entry, "the %s of version %s of the policy is not what was recorded", policyColumns[c], version)
			}
		}
	}
	for _, version := range versions {
		if all && books[version] == nil {
			breaks(max(last, 1), "version %s of the policy is there, and no entry tells of it", version)
		}
	}
	return first, nil
}
