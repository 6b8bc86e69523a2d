package web

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"docket/review"
	"docket/store"
)

// dispositionColumns is the header of an export of findings, and the keys of its objects.
var dispositionColumns = []string{"review", "transaction", "reference_id", "subject", "match", "party", "report_kind", "disposed_at", "finding",
	"reason", "note", "disposed_by", "disposed_by_role", "premises", "missing", "carries", "undone_by", "comparator_version", "evidence", "entry"}

// dispositionRow is one finding on one match as it leaves docket.
type dispositionRow struct {
	Review      string           `json:"review"`
	Transaction string           `json:"transaction"`
	ReferenceID string           `json:"reference_id"`
	Subject     string           `json:"subject"`
	Match       string           `json:"match"`
	Party       string           `json:"party"`
	ReportKind  string           `json:"report_kind"`
	DisposedAt  string           `json:"disposed_at"`
	Finding     string           `json:"finding"`
	Reason      string           `json:"reason"`
	Note        string           `json:"note"`
	By          string           `json:"disposed_by"`
	ByRole      string           `json:"disposed_by_role"`
	Premises    []review.Premise `json:"premises"`
	Missing     []review.Fact    `json:"missing"`
	Carries     int64            `json:"carries"`   // entry; 0 none
	UndoneBy    int64            `json:"undone_by"` // entry; 0 none
	Comparator  string           `json:"comparator_version"`
	Evidence    string           `json:"evidence"`
	Entry       int64            `json:"entry"`
}

func newDispositionRow(d store.DispositionRow) dispositionRow {
	if d.Transaction == "" {
		d.Reference = d.Root.String() // this leads back to the inquiry or case
	}
	row := dispositionRow{
		Review: d.Review.String(), Transaction: string(d.Transaction), ReferenceID: d.Reference, Subject: d.Subject, Match: string(d.Match),
		Party: string(d.Party), ReportKind: string(d.Kind), DisposedAt: stamp(d.At), Finding: string(d.Finding), Reason: string(d.Reason),
		Note: d.Note, By: string(d.By), ByRole: string(d.ByRole), Premises: d.Premises, Missing: d.Missing, Carries: int64(d.Carries),
		UndoneBy: int64(d.UndoneBy), Comparator: d.Comparator, Evidence: d.Evidence.String(), Entry: int64(d.Entry),
	}
	if row.Premises == nil {
		row.Premises = []review.Premise{}
	}
	if row.Missing == nil {
		row.Missing = []review.Fact{}
	}
	return row
}

func (d dispositionRow) cells() []string {
	premises := make([]string, len(d.Premises))
	for i, p := range d.Premises {
		premises[i] = p.Key()
		if len(p.Subject)+len(p.Match) > 0 {
			premises[i] += " (" + strings.Join(p.Subject, ", ") + " / " + strings.Join(p.Match, ", ") + ")"
		}
	}
	missing := make([]string, len(d.Missing))
	for i, f := range d.Missing {
		missing[i] = string(f)
	}
	return []string{d.Review, d.Transaction, d.ReferenceID, d.Subject, d.Match, d.Party, d.ReportKind, d.DisposedAt, d.Finding, d.Reason,
		d.Note, d.By, d.ByRole, strings.Join(premises, "; "), strings.Join(missing, "; "), orEmpty(d.Carries), orEmpty(d.UndoneBy),
		d.Comparator, d.Evidence, strconv.FormatInt(d.Entry, 10)}
}

// orEmpty writes the number of an entry, "" for none.
func orEmpty(entry int64) string {
	if entry == 0 {
		return ""
	}
	return strconv.FormatInt(entry, 10)
}

// WriteDispositions writes the findings of a span of time, in the order in which they were recorded
// and in constant memory, with what they rest on: in "ndjson" as lists of objects, in "csv" as
// one text. The formats are those of WriteDecisions.
func WriteDispositions(ctx context.Context, w io.Writer, db *store.DB, s store.Span, format string) error {
	err := writeRows(w, format, dispositionColumns, func(write func(exported) error) error {
		return db.EachDisposition(ctx, s, func(d store.DispositionRow) error { return write(newDispositionRow(d)) })
	})
	if err != nil {
		return fmt.Errorf("export dispositions: %w", err)
	}
	return nil
}

// trailColumns is the header of an export of the trail, and the keys of its objects.
var trailColumns = []string{"entry", "at", "act", "review", "transaction", "by", "by_role", "finding", "outcome", "reason", "note", "matches",
	"status", "undoes", "comparator_version", "evidence"}

// trailRow is one entry as it leaves docket.
type trailRow struct {
	Entry       int64             `json:"entry"`
	At          string            `json:"at"`
	Act         string            `json:"act"`
	Review      string            `json:"review"` // "" about none
	Transaction string            `json:"transaction"`
	By          string            `json:"by"` // "" docket itself
	ByRole      string            `json:"by_role"`
	Finding     string            `json:"finding"`
	Outcome     string            `json:"outcome"`
	Reason      string            `json:"reason"`
	Note        string            `json:"note"`
	Matches     []review.MatchKey `json:"matches"`
	Status      string            `json:"status"`
	Undoes      int64             `json:"undoes"` // entry; 0 none
	Comparator  string            `json:"comparator_version"`
	Evidence    string            `json:"evidence"`
}

func newTrailRow(e store.EntryRow) trailRow {
	row := trailRow{Entry: int64(e.ID), At: stamp(e.At), Act: string(e.Act), Transaction: string(e.Transaction), By: string(e.By),
		ByRole: string(e.ByRole), Finding: string(e.Finding), Outcome: string(e.Outcome), Reason: string(e.Reason), Note: e.Note,
		Matches: e.Matches, Status: e.Status, Undoes: int64(e.Undoes), Comparator: e.Comparator}
	if e.Review != 0 {
		row.Review, row.Evidence = e.Review.String(), e.Evidence.String()
	}
	if row.Matches == nil {
		row.Matches = []review.MatchKey{}
	}
	return row
}

func (e trailRow) cells() []string {
	matches := make([]string, len(e.Matches))
	for i, m := range e.Matches {
		matches[i] = string(m)
	}
	return []string{strconv.FormatInt(e.Entry, 10), e.At, e.Act, e.Review, e.Transaction, e.By, e.ByRole, e.Finding, e.Outcome, e.Reason, e.Note,
		strings.Join(matches, "; "), e.Status, orEmpty(e.Undoes), e.Comparator, e.Evidence}
}

// WriteTrail writes every entry of a span of time, in order and in constant memory. The formats are
// those of WriteDecisions.
func WriteTrail(ctx context.Context, w io.Writer, db *store.DB, s store.Span, format string) error {
	err := writeRows(w, format, trailColumns, func(write func(exported) error) error {
		return db.EachEntry(ctx, s, func(e store.EntryRow) error { return write(newTrailRow(e)) })
	})
	if err != nil {
		return fmt.Errorf("export trail: %w", err)
	}
	return nil
}
