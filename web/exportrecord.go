package web

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"docket/review"
	"docket/store"
)

// dispositionColumns are the columns of an export of findings.
var dispositionColumns = []column[store.DispositionRow]{
	{"review", func(d store.DispositionRow) cell { return text(d.Review.String()) }},
	{"transaction", func(d store.DispositionRow) cell { return text(string(d.Transaction)) }},
	{"reference_id", func(d store.DispositionRow) cell {
		if d.Transaction == "" {
			return text(d.Root.String()) // this leads back to the inquiry or case
		}
		return text(d.Reference)
	}},
	{"subject", func(d store.DispositionRow) cell { return text(d.Subject) }},
	{"match", func(d store.DispositionRow) cell { return text(string(d.Match)) }},
	{"party", func(d store.DispositionRow) cell { return text(string(d.Party)) }},
	{"report_kind", func(d store.DispositionRow) cell { return text(string(d.Kind)) }},
	{"disposed_at", func(d store.DispositionRow) cell { return text(stamp(d.At)) }},
	{"finding", func(d store.DispositionRow) cell { return text(string(d.Finding)) }},
	{"reason", func(d store.DispositionRow) cell { return text(string(d.Reason)) }},
	{"note", func(d store.DispositionRow) cell { return text(d.Note) }},
	{"disposed_by", func(d store.DispositionRow) cell { return text(string(d.By)) }},
	{"disposed_by_role", func(d store.DispositionRow) cell { return text(string(d.ByRole)) }},
	{"premises", func(d store.DispositionRow) cell { return listed(orNone(d.Premises), premisesText(d.Premises)) }},
	{"missing", func(d store.DispositionRow) cell {
		return listed(orNone(d.Missing), strings.Join(texts(d.Missing), "; "))
	}},
	{"carries", func(d store.DispositionRow) cell { return entryNumber(d.Carries) }},
	{"undone_by", func(d store.DispositionRow) cell { return entryNumber(d.UndoneBy) }},
	{"comparator_version", func(d store.DispositionRow) cell { return text(d.Comparator) }},
	{"evidence", func(d store.DispositionRow) cell { return text(d.Evidence.String()) }},
	{"entry", func(d store.DispositionRow) cell { return number(int64(d.Entry)) }},
}

func premisesText(premises []review.Premise) string {
	all := make([]string, len(premises))
	for i, p := range premises {
		all[i] = p.Key()
		if len(p.Subject)+len(p.Match) > 0 {
			all[i] += " (" + strings.Join(p.Subject, ", ") + " / " + strings.Join(p.Match, ", ") + ")"
		}
	}
	return strings.Join(all, "; ")
}

// entryNumber is another entry that a row names: as JSON its number, 0 for none; as a text "" for none.
func entryNumber(entry review.EntryID) cell { return listed(int64(entry), orEmpty(int64(entry))) }

// orEmpty writes the number of an entry, "" for none.
func orEmpty(entry int64) string {
	if entry == 0 {
		return ""
	}
	return strconv.FormatInt(entry, 10)
}

// WriteDispositions writes the findings of a span of time, in the order in which they were recorded
// and in constant memory, with what they rest on, and says how many: in "ndjson" as lists of objects, else as
// one text. The formats are those of WriteDecisions.
func WriteDispositions(ctx context.Context, w io.Writer, db *store.DB, s store.Span, format string) (int, error) {
	rows, err := writeRows(w, format, dispositionColumns, func(write func(store.DispositionRow) error) error {
		return db.EachDisposition(ctx, s, write)
	})
	if err != nil {
		return rows, fmt.Errorf("export dispositions: %w", err)
	}
	return rows, nil
}

// trailColumns are the columns of an export of the trail.
var trailColumns = []column[store.EntryRow]{
	{"entry", func(e store.EntryRow) cell { return number(int64(e.ID)) }},
	{"at", func(e store.EntryRow) cell { return text(stamp(e.At)) }},
	{"act", func(e store.EntryRow) cell { return text(string(e.Act)) }},
	{"review", func(e store.EntryRow) cell { return text(ofReview(e, e.Review.String())) }},
	{"transaction", func(e store.EntryRow) cell { return text(string(e.Transaction)) }},
	{"by", func(e store.EntryRow) cell { return text(string(e.By)) }},
	{"by_role", func(e store.EntryRow) cell { return text(string(e.ByRole)) }},
	{"finding", func(e store.EntryRow) cell { return text(string(e.Finding)) }},
	{"outcome", func(e store.EntryRow) cell { return text(string(e.Outcome)) }},
	{"reason", func(e store.EntryRow) cell { return text(string(e.Reason)) }},
	{"note", func(e store.EntryRow) cell { return text(e.Note) }},
	{"matches", func(e store.EntryRow) cell { return listed(orNone(e.Matches), strings.Join(texts(e.Matches), "; ")) }},
	{"status", func(e store.EntryRow) cell { return text(e.Status) }},
	{"undoes", func(e store.EntryRow) cell { return entryNumber(e.Undoes) }},
	{"answers", func(e store.EntryRow) cell { return entryNumber(e.Answers) }},
	{"detail", func(e store.EntryRow) cell { return listed(detailOf(e), detailText(e.Detail)) }},
	{"policy_version", func(e store.EntryRow) cell { return number(int64(e.Policy)) }},
	{"comparator_version", func(e store.EntryRow) cell { return text(e.Comparator) }},
	{"evidence", func(e store.EntryRow) cell { return text(ofReview(e, e.Evidence.String())) }},
}

// ofReview is a text of an entry about a review, "" of one that is about none.
func ofReview(e store.EntryRow, s string) string {
	if e.Review == 0 {
		return ""
	}
	return s
}

func detailOf(e store.EntryRow) map[string]string {
	if e.Detail == nil {
		return map[string]string{}
	}
	return e.Detail
}

// detailText is what else an entry says, in one text: "format csv; rows 12".
func detailText(d map[string]string) string {
	parts := make([]string, 0, len(d))
	for _, k := range slices.Sorted(maps.Keys(d)) {
		parts = append(parts, k+" "+d[k])
	}
	return strings.Join(parts, "; ")
}

// WriteTrail writes every entry of a span of time, in order and in constant memory, and says how
// many. The formats are those of WriteDecisions.
func WriteTrail(ctx context.Context, w io.Writer, db *store.DB, s store.Span, format string) (int, error) {
	rows, err := writeRows(w, format, trailColumns, func(write func(store.EntryRow) error) error {
		return db.EachEntry(ctx, s, write)
	})
	if err != nil {
		return rows, fmt.Errorf("export trail: %w", err)
	}
	return rows, nil
}

// reviewColumns are the columns of an export of reviews.
var reviewColumns = []column[store.ReviewRow]{
	{"review", func(r store.ReviewRow) cell { return text(r.ID.String()) }},
	{"transaction", func(r store.ReviewRow) cell { return text(string(r.Root.Transaction())) }},
	{"reference_id", func(r store.ReviewRow) cell {
		if r.Root.Transaction() == "" {
			return text(r.Root.String())
		}
		return text(r.Reference)
	}},
	{"subject", func(r store.ReviewRow) cell { return text(r.Subject) }},
	{"state", func(r store.ReviewRow) cell { return text(string(r.State)) }},
	{"opening", func(r store.ReviewRow) cell { return text(string(r.Opening)) }},
	{"opened_at", func(r store.ReviewRow) cell { return text(stamp(r.OpenedAt)) }},
	{"closed_at", func(r store.ReviewRow) cell { return text(stamp(r.ClosedAt)) }},
	{"closing", func(r store.ReviewRow) cell { return text(string(r.Closing)) }},
	{"persona_status", func(r store.ReviewRow) cell { return text(r.Status) }},
	{"left_status", func(r store.ReviewRow) cell { return text(r.LeftStatus) }},
	{"country", func(r store.ReviewRow) cell { return text(r.Country) }},
	{"tags", func(r store.ReviewRow) cell { return listed(orNone(r.Tags), strings.Join(r.Tags, "; ")) }},
	{"open_matches", func(r store.ReviewRow) cell { return number(int64(r.Matches)) }},
	{"answered", func(r store.ReviewRow) cell { return number(int64(r.Answered)) }},
	{"outcome", func(r store.ReviewRow) cell { return text(string(r.Outcome)) }},
	{"decided_at", func(r store.ReviewRow) cell { return text(stamp(r.DecidedAt)) }},
	{"claimed_by", func(r store.ReviewRow) cell { return text(string(r.ClaimedBy)) }},
	{"evidence", func(r store.ReviewRow) cell { return text(r.Evidence.String()) }},
}

// WriteReviews writes every review that opened in a span of time, in the order of their numbers and in
// constant memory, and says how many. The formats are those of WriteDecisions.
func WriteReviews(ctx context.Context, w io.Writer, db *store.DB, s store.Span, format string) (int, error) {
	rows, err := writeRows(w, format, reviewColumns, func(write func(store.ReviewRow) error) error {
		return db.EachReview(ctx, s, write)
	})
	if err != nil {
		return rows, fmt.Errorf("export reviews: %w", err)
	}
	return rows, nil
}
