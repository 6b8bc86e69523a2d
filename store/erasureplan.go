package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"docket/review"
)

// plan is what would go of one subject.
type plan struct {
	subject
	refs    []review.Ref // of the roots
	class   review.RetentionClass
	ended   int64 // their time runs from here; 0: a review is open
	held    bool
	blocked string // why it cannot be erased now, "" when it can
	goes    review.Goes
	newest  int64 // entry about them
}

// planOf finds what would go of a subject. Counting walks everything that is theirs.
func (a *act) planOf(id review.SubjectID) (plan, error) {
	var p plan
	var err error
	if p.subject, err = a.subjectOf(id); err != nil {
		return p, err
	}
	if p.refs, err = a.refs(p.roots); err != nil {
		return p, err
	}
	if err := a.one(`SELECT class, ifnull(since, 0) FROM kept WHERE root = ?`, []any{p.roots[0]}, &p.class, &p.ended); err != nil {
		return p, err
	}
	if p.held, err = a.onHold(p.subject); err != nil {
		return p, err
	}
	if p.blocked, err = a.blocked(p.subject); err != nil {
		return p, err
	}
	p.goes, p.newest, err = a.goes(p.subject)
	return p, err
}

// blocked says why nothing of a subject may go now, in words for people; "" when nothing stands in the
// way.
func (a *act) blocked(s subject) (string, error) {
	held, err := a.onHold(s)
	if err != nil {
		return "", err
	}
	if held {
		return "a legal hold keeps it", nil
	}
	if len(s.roots) > maxRoots {
		return fmt.Sprintf("it has more than %d transactions", maxRoots), nil
	}
	var id review.ReviewID
	err = a.one(`SELECT r.id FROM json_each(?) j JOIN review r ON r.root = j.value WHERE r.state <> 'closed' ORDER BY r.id LIMIT 1`,
		[]any{numbers(s.roots)}, &id)
	if err == nil {
		return id.String() + " is not closed yet", nil
	}
	if !errors.Is(err, review.ErrNotFound) {
		return "", err
	}
	err = a.one(`SELECT r.id FROM json_each(?) j JOIN review r ON r.root = j.value JOIN push p ON p.review = r.id WHERE p.state = 'waiting' ORDER BY r.id LIMIT 1`,
		[]any{numbers(s.roots)}, &id)
	if err == nil {
		return "Persona was not told of " + id.String() + " yet", nil
	}
	if !errors.Is(err, review.ErrNotFound) {
		return "", err
	}
	return "", nil
}

// goes counts what an erasure of a subject takes, and gives the newest entry about them.
func (a *act) goes(s subject) (g review.Goes, newest int64, err error) {
	g.Subjects = 1
	_, reviews, err := a.newestOf(s.roots)
	if err != nil {
		return g, 0, err
	}
	all, err := a.belongings(s)
	if err != nil {
		return g, 0, err
	}
	g.Resources = len(all)
	ids := make([]int64, len(all))
	named := make([]review.Ref, len(all))
	for i, b := range all {
		ids[i], named[i] = b.id, b.ref
	}
	names, err := json.Marshal(named)
	if err != nil {
		return g, 0, err
	}
	of, by := numbers(reviews), numbers(ids)
	for _, q := range []struct {
		query string
		arg   string
		to    []any
	}{
		{`SELECT count(DISTINCT g.payload) FROM json_each(?) j JOIN snapshot s ON s.resource = j.value JOIN sighting g ON g.snapshot = s.id`, by, []any{&g.Payloads}},
		{`SELECT count(*), ifnull(sum(s.size), 0) FROM json_each(?) j JOIN snapshot s ON s.resource = j.value`, by, []any{&g.States, &g.StateBytes}},
		{`SELECT count(*), ifnull(sum(f.size), 0) FROM file f WHERE f.sha256 IN (
			SELECT l.sha256 FROM json_each(?) j JOIN file_link l ON l.rid = j.value ->> 'id'
			AND (l.type = j.value ->> 'type' OR l.type >= j.value ->> 'type' || '/' AND l.type < j.value ->> 'type' || '0'))`, string(names), []any{&g.Files, &g.FileBytes}},
		{`SELECT count(*) FROM json_each(?) j JOIN disposition d ON d.review = j.value`, of, []any{&g.Findings}},
		{`SELECT count(*) FROM json_each(?) j JOIN entry e ON e.review = j.value JOIN premise p ON p.entry = e.id WHERE p.subject <> '[]' OR p.listed <> '[]'`,
			of, []any{&g.Values}},
		{`SELECT count(*), ifnull(sum(octet_length(e.note) + octet_length(e.status)), 0) FROM json_each(?) j JOIN entry e ON e.review = j.value
			WHERE e.note <> '' OR e.status <> '' OR e.matches <> '[]'`, of, []any{&g.Texts, &g.TextBytes}},
		{`SELECT count(*) FROM json_each(?) j JOIN push p ON p.review = j.value`, of, []any{&g.Pushes}},
		{`SELECT count(*) FROM json_each(?) j JOIN queue q ON q.root = j.value`, numbers(s.roots), []any{&g.SearchRows}},
		{`SELECT ifnull(max(e.id), 0) FROM json_each(?) j JOIN entry e ON e.review = j.value`, of, []any{&newest}},
	} {
		if err := a.one(q.query, []any{q.arg}, q.to...); err != nil {
			return g, 0, err
		}
	}
	var attached int64
	err = a.one(`SELECT count(*), ifnull(sum(f.size), 0) FROM json_each(?) j JOIN attachment t ON t.review = j.value JOIN file f ON f.sha256 = t.sha256`,
		[]any{of}, &g.Attachments, &attached)
	g.Files += g.Attachments
	g.FileBytes += attached
	return g, newest, err
}

// digestOf is what two people agree on: of whom, by which roots, and what came about them up to then.
func digestOf(plans []plan) (review.Hash, error) {
	type line struct {
		Subject review.SubjectID
		Roots   []int64
		Goes    review.Goes
		Newest  int64
	}
	lines := make([]line, len(plans))
	for i, p := range plans {
		lines[i] = line{p.id, p.roots, p.goes, p.newest}
	}
	raw, err := json.Marshal(lines)
	return review.Sum(raw), err
}
