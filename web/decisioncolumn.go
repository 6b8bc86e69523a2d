package web

import (
	"slices"
	"strings"

	"docket/review"
	"docket/store"
)

// decisionColumns are the columns that decisions have, in exports and on the page: first those of a plain
// export, in their order, then those that are there for the asking.
var decisionColumns = []column[store.DecisionRow]{
	{"review", func(d store.DecisionRow) cell { return text(d.Review.String()) }},
	{"transaction", func(d store.DecisionRow) cell { return text(string(d.Transaction)) }},
	{"reference_id", func(d store.DecisionRow) cell {
		if d.Transaction == "" {
			return text(d.Root.String()) // the columns are fixed; this leads back to the inquiry or case
		}
		return text(d.Reference)
	}},
	{"subject", func(d store.DecisionRow) cell { return text(d.Subject) }},
	{"opened_at", func(d store.DecisionRow) cell { return text(stamp(d.OpenedAt)) }},
	{"decided_at", func(d store.DecisionRow) cell { return text(stamp(d.At)) }},
	{"outcome", func(d store.DecisionRow) cell { return text(string(d.Outcome)) }},
	{"reason", func(d store.DecisionRow) cell { return text(string(d.Reason)) }},
	{"note", func(d store.DecisionRow) cell { return text(d.Note) }},
	{"decided_by", func(d store.DecisionRow) cell { return text(string(d.By)) }},
	{"decided_by_role", func(d store.DecisionRow) cell { return text(string(d.ByRole)) }},
	{"approved_by", func(d store.DecisionRow) cell { return text(string(agreed(d).By)) }},
	{"approved_at", func(d store.DecisionRow) cell { return text(stamp(agreed(d).At)) }},
	{"matches", func(d store.DecisionRow) cell { return number(int64(d.Tally.Matches)) }},
	{"false_positives", func(d store.DecisionRow) cell { return number(int64(d.Tally.FalsePositives)) }},
	{"true_matches", func(d store.DecisionRow) cell { return number(int64(d.Tally.TrueMatches)) }},
	{"cannot_tell", func(d store.DecisionRow) cell { return number(int64(d.Tally.CannotTell)) }},
	{"policy_version", func(d store.DecisionRow) cell { return number(int64(d.Policy)) }},
	{"comparator_version", func(d store.DecisionRow) cell { return text(d.Comparator) }},
	{"evidence", func(d store.DecisionRow) cell { return text(d.Evidence.String()) }},
	{"entry", func(d store.DecisionRow) cell { return number(int64(d.Entry)) }},
	{"entry_hash", func(d store.DecisionRow) cell {
		if d.Hash.IsZero() {
			return text("")
		}
		return text(d.Hash.String())
	}},

	{"second", func(d store.DecisionRow) cell { return text(string(d.State())) }},
	{"findings", func(d store.DecisionRow) cell { return text(tallyWords(d.Tally)) }},
	{"corrects", func(d store.DecisionRow) cell { return text(orEmpty(int64(d.Corrects))) }},
	{"corrected", func(d store.DecisionRow) cell { return text(yesNo(d.Corrected)) }},
	{"over_target", func(d store.DecisionRow) cell { return text(yesNo(d.Late)) }},
	{"report_kinds", func(d store.DecisionRow) cell { return listed(orNone(d.Kinds), strings.Join(d.Kinds, "; ")) }},
	{"lists", func(d store.DecisionRow) cell { return listed(orNone(d.Lists), strings.Join(d.Lists, "; ")) }},
	{"parties", func(d store.DecisionRow) cell { return listed(orNone(d.Parties), strings.Join(d.Parties, "; ")) }},
}

const (
	plainColumns = 22 // of decisionColumns
	wideColumns  = 3  // at its end: they cost a look-up each
)

// agreed is the second person's answer when they agreed; else it is zero.
func agreed(d store.DecisionRow) review.Approval {
	if d.Approval.Answer != review.AnswerApprove {
		return review.Approval{}
	}
	return d.Approval
}

// orNone is an empty list where there is none: in JSON that is [] and not null.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// columnNames reads the columns that an address chooses, comma-separated or repeated, in its order and each
// once; ok is false when one of them is none.
func columnNames(values []string) (names []string, ok bool) {
	for _, name := range strings.Split(strings.Join(values, ","), ",") {
		if name == "" || slices.Contains(names, name) {
			continue
		}
		if !slices.ContainsFunc(decisionColumns, func(c column[store.DecisionRow]) bool { return c.name == name }) {
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}

// columnsOf gives the columns of some names, those of a plain export for none.
func columnsOf(names []string) []column[store.DecisionRow] {
	if len(names) == 0 {
		return decisionColumns[:plainColumns]
	}
	chosen := make([]column[store.DecisionRow], 0, len(names))
	for _, name := range names {
		for _, c := range decisionColumns {
			if c.name == name {
				chosen = append(chosen, c)
			}
		}
	}
	return chosen
}

// isWide says that the rows need what costs a look-up each.
func isWide(names []string) bool {
	return slices.ContainsFunc(decisionColumns[len(decisionColumns)-wideColumns:],
		func(c column[store.DecisionRow]) bool { return slices.Contains(names, c.name) })
}
