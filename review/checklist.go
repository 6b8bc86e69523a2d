package review

import (
	"fmt"
	"slices"
)

// ChecklistFor gives the lines of the checklist that ask something of a review with these open
// matches, for either outcome, in the order of the policy.
func (p Policy) ChecklistFor(open []Match) []ChecklistItem {
	var out []ChecklistItem
	for _, c := range p.Checklist {
		if c.Kind == "" || slices.ContainsFunc(open, func(m Match) bool { return m.Kind == c.Kind }) {
			out = append(out, c)
		}
	}
	return out
}

// Asks says that the line is to be ticked for an outcome.
func (c ChecklistItem) Asks(o Outcome) bool { return c.Outcome == "" || c.Outcome == o }

// Ticked gives the codes of the lines that were ticked and are asked for this outcome, in the order
// of the policy: what the record keeps. What was ticked besides is no part of it.
func (f DecisionForm) Ticked(list []ChecklistItem) []string {
	var out []string
	for _, c := range list {
		if c.Asks(f.Outcome) && slices.Contains(f.Checked, c.Code) {
			out = append(out, c.Code)
		}
	}
	return out
}

// checkList asks for the lines that nobody ticked.
func (f DecisionForm) checkList(inv *Invalid, list []ChecklistItem) {
	asked := 0
	for _, c := range list {
		if c.Asks(f.Outcome) {
			asked++
		}
	}
	switch left := asked - len(f.Ticked(list)); {
	case left == 1:
		inv.Add("check", "Do what the checklist asks and tick it: one line is left")
	case left > 1:
		inv.Add("check", fmt.Sprintf("Do what the checklist asks and tick it: %d lines are left", left))
	}
}

// Judged gives the matches of these keys with what the dossier still says of them; of one that it has
// lost, the key alone.
func (d Dossier) Judged(keys []MatchKey) []Match {
	out, at := make([]Match, len(keys)), make(map[MatchKey]int, len(keys))
	for i, key := range keys {
		out[i].Key, at[key] = key, i
	}
	for _, r := range d.Reports {
		for i := range r.Matches {
			if n, ok := at[r.Matches[i].Key]; ok {
				out[n] = r.Matches[i]
			}
		}
	}
	return out
}
