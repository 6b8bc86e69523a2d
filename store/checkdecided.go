package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"docket/review"
)

// decisions compares what decisions are found by with what they and their answers say; what they were about
// is compared with the evidence.
func (c *checking) decisions() error {
	return c.read("decisions", func(a *act) error {
		targets, err := a.policyTargets()
		if err != nil {
			return err
		}
		for _, q := range []struct {
			what, query string
			args        []any
		}{
			{"decision that is not found by what it says", `
				SELECT DISTINCT 'entry ' || d.entry FROM decision d JOIN entry e ON e.id = d.entry LEFT JOIN approval p ON p.decision = d.entry
				WHERE NOT EXISTS (SELECT 1 FROM decision_facet x WHERE x.facet = 'outcome' AND x.value = d.outcome AND x.at = d.at AND x.entry = d.entry)
				   OR NOT EXISTS (SELECT 1 FROM decision_facet x WHERE x.facet = 'policy' AND x.value = CAST(d.policy AS TEXT) AND x.at = d.at AND x.entry = d.entry)
				   OR NOT EXISTS (SELECT 1 FROM decision_facet x WHERE x.facet = 'reason' AND x.value = e.reason AND x.at = d.at AND x.entry = d.entry)
				   OR d.second = 1 AND NOT EXISTS (
				      SELECT 1 FROM decision_facet x WHERE x.facet = 'second' AND x.value = ifnull(p.answer, 'waiting') AND x.at = d.at AND x.entry = d.entry)
				   OR d.corrects IS NOT NULL AND NOT EXISTS (
				      SELECT 1 FROM decision_facet x WHERE x.facet = 'corrected' AND x.value = 'correction' AND x.at = d.at AND x.entry = d.entry)
				   OR d.corrects IS NOT NULL AND ` + inEffect + ` AND NOT EXISTS (
				      SELECT 1 FROM decision o JOIN decision_facet x ON x.facet = 'corrected' AND x.value = 'yes' AND x.at = o.at AND x.entry = o.entry
				      WHERE o.entry = d.corrects)`, nil},
			{"decision that is found by what it does not say", `
				SELECT 'entry ' || x.entry || ' by ' || x.facet
				FROM decision_facet x LEFT JOIN decision d ON d.entry = x.entry LEFT JOIN entry e ON e.id = d.entry LEFT JOIN approval p ON p.decision = d.entry
				WHERE d.entry IS NULL OR x.at <> d.at OR CASE x.facet
				  WHEN 'outcome' THEN x.value <> d.outcome
				  WHEN 'policy' THEN x.value <> CAST(d.policy AS TEXT)
				  WHEN 'reason' THEN x.value <> e.reason
				  WHEN 'second' THEN d.second = 0 OR x.value <> ifnull(p.answer, 'waiting')
				  WHEN 'corrected' THEN CASE x.value
				    WHEN 'correction' THEN d.corrects IS NULL
				    WHEN 'yes' THEN NOT EXISTS (SELECT 1 FROM decision o WHERE o.review = d.review AND o.corrects = x.entry AND (
				      o.second = 0 OR EXISTS (SELECT 1 FROM approval y WHERE y.decision = o.entry AND y.answer = 'approve')))
				    ELSE 1 END
				  WHEN 'late' THEN x.value <> 'yes'
				  ELSE 0 END`, nil},
			// Of a review whose beginning was put right since, nobody knows when it had begun as it was decided.
			{"decision that is found as late and was not, or the other way round", `
				SELECT 'entry ' || d.entry
				FROM decision d JOIN review r ON r.id = d.review JOIN json_each(?) t ON t.key = d.policy
				WHERE (d.at - r.opened_at > t.value) <> EXISTS (
				  SELECT 1 FROM decision_facet x WHERE x.facet = 'late' AND x.value = 'yes' AND x.at = d.at AND x.entry = d.entry)
				AND r.opened_at = (
				  SELECT CAST(round(unixepoch(o.detail ->> 'opened_at', 'subsec') * 1000) AS INTEGER)
				  FROM entry o WHERE o.review = r.id AND o.act = 'opened-review' ORDER BY o.id LIMIT 1)`, []any{targets}},
		} {
			if err := c.differ(a, q.what, q.query, q.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// policyTargets gives the target of each version of the policy that a decision was made under, in
// milliseconds, as a JSON object.
func (a *act) policyTargets() (string, error) {
	versions, err := a.ids(`SELECT DISTINCT version FROM policy WHERE version IN (SELECT policy FROM decision)`)
	if err != nil {
		return "", err
	}
	of := make(map[review.PolicyVersion]int64, len(versions))
	for _, v := range versions {
		p, err := a.policyAt(review.PolicyVersion(v))
		if err != nil {
			return "", fmt.Errorf("policy %d: %w", v, err)
		}
		of[review.PolicyVersion(v)] = p.Times.Target.Duration().Milliseconds()
	}
	raw, err := json.Marshal(of)
	return string(raw), err
}

// aboutRow is what is kept of a decision, or of a finding on one match, that only its evidence tells.
type aboutRow struct {
	entry    review.EntryID
	matches  []review.MatchKey
	decision bool
	erased   bool // by two people
	// What it is found by, and what the decision is that it corrects: kinds, lists and parties. Of a
	// finding: the lists that it was counted on.
	found, beneath [len(facetsOfAbout)][]string
}

// facetsOfAbout are the facets that only evidence tells.
var facetsOfAbout = [...]string{"kind", "list", "party"}

const aboutFacets = `
	(SELECT json_group_array(x.value) FROM decision_facet x WHERE x.entry = %[1]s AND x.facet = 'kind'),
	(SELECT json_group_array(x.value) FROM decision_facet x WHERE x.entry = %[1]s AND x.facet = 'list'),
	(SELECT json_group_array(x.value) FROM decision_facet x WHERE x.entry = %[1]s AND x.facet = 'party')`

// aboutEvidence reads what was judged on some evidence of a root.
func (a *act) aboutEvidence(root review.Ref, evidence review.Hash) ([]aboutRow, error) {
	id, err := a.resourceID(root.Family(), root.ID)
	if errors.Is(err, review.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []aboutRow
	err = a.each(`
		SELECT d.entry, e.matches, EXISTS (SELECT 1 FROM erased_entry x WHERE x.entry = d.entry), `+
		fmt.Sprintf(aboutFacets, "d.entry")+`, `+fmt.Sprintf(aboutFacets, "d.corrects")+`
		FROM review r CROSS JOIN decision d ON d.review = r.id CROSS JOIN entry e ON e.id = d.entry
		WHERE r.root = ?1 AND e.evidence = ?2`, []any{id, evidence[:]}, func(scan func(...any) error) error {
		r := aboutRow{decision: true}
		err := scan(&r.entry, listColumn[review.MatchKey]{&r.matches}, &r.erased,
			listColumn[string]{&r.found[0]}, listColumn[string]{&r.found[1]}, listColumn[string]{&r.found[2]},
			listColumn[string]{&r.beneath[0]}, listColumn[string]{&r.beneath[1]}, listColumn[string]{&r.beneath[2]})
		all = append(all, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = a.each(`
		SELECT c.entry, json_array(c.match), EXISTS (SELECT 1 FROM erased_entry x WHERE x.entry = c.entry), c.lists
		FROM review r CROSS JOIN counted c ON c.review = r.id CROSS JOIN entry e ON e.id = c.entry
		WHERE r.root = ?1 AND e.evidence = ?2`, []any{id, evidence[:]}, func(scan func(...any) error) error {
		var r aboutRow
		err := scan(&r.entry, listColumn[review.MatchKey]{&r.matches}, &r.erased, listColumn[string]{&r.found[1]})
		all = append(all, r)
		return err
	})
	return all, err
}

// compare says what is not as the dossier tells it. same: nothing of it was erased that told anything.
func (r *aboutRow) compare(d review.Dossier, same bool) (wrong []string) {
	var own [len(facetsOfAbout)][]string
	if same && !r.erased {
		own[1] = listsOn(d, r.matches)
		for _, l := range review.ListedIn(d) {
			if slices.Contains(r.matches, l.Match) {
				own[0], own[2] = append(own[0], string(l.Kind)), append(own[2], string(l.Own), string(l.Party))
			}
		}
	}
	for i, name := range facetsOfAbout {
		switch {
		case !r.decision && name != "list":
		case !same && name != "list", r.erased && name == "kind":
			// Nobody can tell any more.
		case !slices.Equal(asSet(r.found[i]), asSet(append(own[i], r.beneath[i]...))):
			what := "decision"
			if !r.decision {
				what = "finding"
			}
			wrong = append(wrong, fmt.Sprintf("entry %d: the %s is found by another %s than its evidence tells", r.entry, what, name))
		}
	}
	return wrong
}

// asSet sorts some values and leaves each once.
func asSet(values []string) []string {
	slices.Sort(values)
	return slices.Compact(values)
}
