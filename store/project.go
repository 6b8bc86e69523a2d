package store

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"docket/review"
)

// openMatch is one open match and when its report last had a new state.
type openMatch struct {
	key review.MatchKey
	at  time.Time
}

// summary is what the queue shows of a dossier.
type summary struct {
	subject   string
	kind      review.PartyKind
	reference string
	country   string
	tags      []string
	tally     []review.KindCount
	open      []openMatch
	halted    time.Time
	why       review.Why // as far as the dossier tells
	gained    bool       // a monitored report gained an open match after an earlier run
	inquiry   string
	evidence  review.Hash
	facets    []facet
	words     string
	listed    []review.Listed
	whose     int64 // see review.SubjectSign
	erased    bool
}

// The bounds of what the queue holds of one text: people read the whole on the review's page.
const (
	maxCell   = 200 // characters
	maxTags   = 40
	maxFacets = 60
)

// summarize reads the dossiers of some roots, opens reviews for matches that a decision
// never saw, counts the findings that still stand, and keeps the evidence of what someone works on
// and what an entry names.
func (b *absorption) summarize(round []*rootReviews) error {
	bundles := make([]bundle, len(round))
	for i, t := range round {
		var err error
		if bundles[i], err = b.bundle(t.id, t.ref()); err != nil {
			return err
		}
	}
	for _, t := range round {
		if err := b.readFindings(t); err != nil {
			return err
		}
	}
	parallel(len(round), func(i int) {
		t, of := round[i], &bundles[i].Bundle
		dossier := sync.OnceValue(func() review.Dossier { return b.db.options.Hydrate(*of) })
		if f := b.foreseen[of.Root]; f != nil && sameBundle(f.bundle, *of) {
			t.summary = f.summary
		} else {
			s := summarize(dossier(), *of)
			t.summary = &s
		}
		t.countAnswers(dossier)
	})
	for i, t := range round {
		t.comeBack()
		if err := b.keepReplaced(t); err != nil {
			return err
		}
		if b.stood != nil {
			b.stood[t.id] = bundles[i].Bundle
		}
		for _, r := range t.rows {
			r.overtake(t.summary.evidence)
		}
		if slices.ContainsFunc(t.rows, func(r *reviewRow) bool { return r.Claim.By != "" && r.State == review.StateOpen }) {
			if err := b.keepEvidence(t.summary.evidence, bundles[i].Bundle); err != nil {
				return err
			}
		}
	}
	return nil
}

// summarize boils a dossier down.
func summarize(d review.Dossier, b review.Bundle) summary {
	root := d.Root()
	s := summary{
		subject: clip(d.Subject.FullName()), kind: d.Subject.Kind, reference: clip(cmp.Or(root.ReferenceID.Value, root.Name.Value)),
		country: clip(d.Subject.CountryCode()), tally: d.Tally(), halted: d.HaltedSince(),
		inquiry: d.Transaction.Fallback, evidence: review.Evidence(d), words: searchText(d),
		listed: review.ListedIn(d), whose: review.SubjectSign(d), erased: root.Resource.Capture == review.CaptureRedacted,
	}
	for _, t := range root.Tags[:min(len(root.Tags), maxTags)] {
		s.tags = append(s.tags, clip(t))
	}
	newest := make(map[review.Ref]int64, len(b.Resources))
	for _, c := range b.Resources {
		if len(c.Layers) > 0 {
			newest[c.Ref] = c.Layers[0].Order.At
		}
	}
	for i := range d.Reports {
		for j := range d.Reports[i].Matches {
			if m := &d.Reports[i].Matches[j]; m.Open() {
				s.open = append(s.open, openMatch{m.Key, instant(newest[m.Report])})
			}
		}
	}
	s.why, s.gained = why(d)
	s.facets = facetsOf(&s)
	return s
}

// clip bounds a text for the queue, at a whole character.
func clip(s string) string {
	if len(s) <= maxCell {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > maxCell {
			return s[:i]
		}
	}
	return strings.ToValidUTF8(s, string(utf8.RuneError))
}

// why is the short fact behind a row as far as the dossier tells it; gained says that a
// monitored report gained an open match after a run without it.
func why(d review.Dossier) (w review.Why, gained bool) {
	var captured, errored, noDetails, matches, listOnly = false, false, false, 0, true
	erased := d.Transaction.Resource.Capture == review.CaptureRedacted
	for i := range d.Reports {
		r := &d.Reports[i]
		captured = captured || r.Capture != review.CaptureAbsent
		errored = errored || r.Capture == review.CaptureErrored
		noDetails = noDetails || r.Untold()
		erased = erased || r.Capture == review.CaptureRedacted
		for j := range r.Matches {
			m := &r.Matches[j]
			if !m.Open() {
				continue
			}
			matches++
			listOnly = listOnly && m.Party == review.PartyList
			gained = gained || cameLater(r, m)
		}
	}
	switch {
	case matches > 0 && listOnly:
		return review.WhyListOnly, gained
	case matches > 0:
		return review.WhyFirst, gained
	case erased:
		return review.WhyErased, false
	case noDetails:
		return review.WhyNoDetails, false
	case errored:
		return review.WhyErrored, false
	case failedCheck(d):
		return review.WhyFailed, false
	case !captured:
		return review.WhyNothing, false
	}
	return review.WhyNoMatch, false
}

// cameLater says that a match was first seen in a run after the report's first one.
func cameLater(r *review.Report, m *review.Match) bool {
	if m.FirstSeen.IsZero() {
		return false
	}
	return slices.ContainsFunc(r.Runs, func(run review.Run) bool {
		return !run.CompletedAt.IsZero() && run.CompletedAt.Before(m.FirstSeen)
	})
}

func failedCheck(d review.Dossier) bool {
	return slices.ContainsFunc(d.Records, func(r review.Resource) bool {
		return slices.ContainsFunc(r.Checks, func(c review.Check) bool { return c.Status == "failed" })
	})
}

// rowWhy is the fact behind one row: why of the dossier, and what came before the review.
func rowWhy(s *summary, opening review.Opening, earlier int) review.Why {
	switch {
	case opening == review.OpeningMatches, s.gained:
		return review.WhyNewMatch
	case earlier > 0 && (s.why == review.WhyFirst || s.why == review.WhyNoMatch):
		return review.WhyAgain
	}
	return s.why
}

// project writes the queue rows of a root.
func (b *absorption) project(t *rootReviews) error {
	waits := false
	for i, r := range t.rows {
		waits = waits || r.State != review.StateClosed
		if err := b.putQueueRow(t.reviewQueueRow(r, i), !r.fresh); err != nil {
			return err
		}
	}
	if err := b.list(t); err != nil {
		return err
	}
	fallback := t.statuses.IsFallback(t.status) && !waits
	switch {
	case fallback:
		row := t.queueRow()
		row.id, row.state, row.opening, row.openedAt = -t.id, stateFallback, review.OpeningStatus, t.entered
		row.inquiry = t.summary.inquiry
		row.why = ""
		return b.putQueueRow(row, t.queued)
	case t.queued:
		return b.dropQueueRow(-t.id)
	}
	return nil
}

// reviewQueueRow is the row of the i-th review of a root.
func (t *rootReviews) reviewQueueRow(r *reviewRow, i int) queueRow {
	row := t.queueRow()
	row.id, row.state, row.opening, row.openedAt = int64(r.ID), string(r.State), r.Opening, r.OpenedAt
	row.closedAt, row.closing, row.outcome = r.ClosedAt, r.Closing, r.outcome
	row.why = rowWhy(t.summary, r.Opening, i)
	row.answered = r.answered
	return row
}

// readFindings reads the findings of a root's reviews.
func (a *act) readFindings(t *rootReviews) (err error) {
	for _, r := range t.rows {
		if r.fresh {
			continue
		}
		if r.found, err = a.findings(r.ID); err != nil {
			return err
		}
		t.found = append(t.found, r.found...)
	}
	return nil
}

// countAnswers counts for each review the open matches with a finding that stands: until it is
// closed, what the evidence left behind counts as none.
func (t *rootReviews) countAnswers(dossier func() review.Dossier) {
	var parties []review.Party
	for _, r := range t.rows {
		if len(r.found) == 0 {
			continue
		}
		stands := r.found
		if r.State != review.StateClosed {
			d := dossier()
			if parties == nil {
				parties = review.Parties(d)
			}
			stands, _ = review.StillStanding(d, parties, r.found)
		}
		r.answered = answered(t.summary.open, stands)
	}
}

// answered counts the open matches that have a finding.
func answered(open []openMatch, found []review.Disposition) int {
	n := 0
	for _, m := range open {
		if slices.ContainsFunc(found, func(d review.Disposition) bool { return d.Match == m.key }) {
			n++
		}
	}
	return n
}

// queueRow is what all rows of a root share.
func (t *rootReviews) queueRow() queueRow {
	return queueRow{summary: t.summary, root: t.id, ref: t.ref(), status: t.status}
}
