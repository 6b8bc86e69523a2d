package persona

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"docket/review"
)

// sighting is one finished state of a report as it reached us.
type sighting struct {
	done time.Time // completed-at
	open int       // open matches then; -1 when the state came without its matches
	keys []review.MatchKey
}

// sightings reads every state of a report that reached us, oldest first. now is the report as
// merged: when one state is all there is, they are the same.
func sightings(c review.Captured, screen source, now review.Report) []sighting {
	query := now.Query
	if len(c.Layers) == 1 && len(c.History) < 2 {
		if now.CompletedAt.IsZero() {
			return nil
		}
		return []sighting{sight(now.CompletedAt, now.Matches, now.MatchState, now.HasMatch.Is(), len(now.Ignored) > 0)}
	}
	states := c.History
	if len(states) == 0 {
		states = c.Layers
	}
	states = newestFirst(states)
	slices.Reverse(states)
	var out []sighting
	for _, l := range states {
		root, p := parse(string(l.Body))
		if p.fault != faultNone {
			continue
		}
		get := root.get("attributes").get
		done := get("completed-at").at()
		if done.IsZero() {
			continue
		}
		matches, state := screen.read(c.Ref, query, get)
		dismissals := len(ignored(c.Ref, screen.ignore, get, matches))
		out = append(out, sight(done, matches, state, flag(get("has-match")).Is(), dismissals > 0))
		p.done() // a sighting holds none of its nodes
	}
	return out
}

// sight is one finished state. A report that says it has a match and shows none was captured
// without its details: how many stood open is unknown then.
func sight(done time.Time, matches []review.Match, state review.Presence, hasMatch, dismissals bool) sighting {
	s := sighting{done: done, open: -1}
	if state != review.Absent && (len(matches) > 0 || dismissals || !hasMatch) {
		s.open = 0
	}
	for _, m := range matches {
		if m.Open() {
			s.open++
		}
		s.keys = append(s.keys, m.Key)
	}
	return s
}

// firstSeen dates each match by the earliest run that reached us with it.
func firstSeen(matches []review.Match, seen []sighting) {
	first := make(map[review.MatchKey]time.Time, len(matches))
	for _, s := range seen {
		for _, k := range s.keys {
			if t, ok := first[k]; !ok || s.done.Before(t) {
				first[k] = s.done
			}
		}
	}
	for i := range matches {
		matches[i].FirstSeen = first[matches[i].Key]
	}
}

// runs tells a report's executions from its own run-history, from the history endpoint and
// from what reached us, and what people did to it.
func runs(history node, entries []*state, seen []sighting, state *review.Presence) ([]review.Run, []review.RunAct) {
	var rs []review.Run
	var acts []review.RunAct
	for _, e := range entries {
		*state = max(*state, review.Empty)
		if e.ref.Type == typeAct {
			acts = append(acts, review.RunAct{Type: e.get("act").str(), At: e.find("created-at", "completed-at").at(), By: e.find("creator-name", "user").str()})
			continue
		}
		*state = review.Present
		rs = append(rs, runEntry(e))
	}
	for _, n := range history.items() {
		if n.kind == kindObject {
			rs = append(rs, review.Run{Type: n.get("type").str(), ScheduledAt: n.get("scheduled-at").at(), CompletedAt: n.get("completed-at").at(), Matches: -1, Source: review.RunFromReport})
		}
	}
	for _, s := range seen {
		rs = append(rs, review.Run{CompletedAt: s.done, Matches: s.open, Source: review.RunObserved})
	}
	slices.SortStableFunc(acts, func(a, b review.RunAct) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.Type, b.Type), strings.Compare(a.By, b.By))
	})
	return oneEach(rs), acts
}

// find is the first attribute that is there under one of several names.
func (s *state) find(keys ...string) node {
	for _, k := range keys {
		if n := s.get(k); n.kind != kindAbsent {
			return n
		}
	}
	return node{}
}

func runEntry(e *state) review.Run {
	r := review.Run{ID: e.ref.ID, Type: e.get("run-type").str(), CompletedAt: e.get("completed-at").at(), Matches: -1, Source: review.RunFromHistory}
	if when := e.find("scheduled-at", "scheduled-date").str(); len(when) == len(time.DateOnly) {
		r.ScheduledDate = when
	} else {
		r.ScheduledAt, _ = moment(when)
	}
	if n := e.get("matches"); n.kind == kindNumber {
		r.Matches = 0
		for _, c := range n.text {
			if c < '0' || c > '9' || r.Matches > 1e8 {
				r.Matches = -1
				break
			}
			r.Matches = r.Matches*10 + int(c-'0')
		}
	}
	return r
}

// due is when a run was or is to begin, as far as that is told.
func due(r review.Run) time.Time {
	if !r.ScheduledAt.IsZero() || r.ScheduledDate == "" {
		return r.ScheduledAt
	}
	t, _ := moment(r.ScheduledDate)
	return t
}

// oneEach makes one of the runs that finished in the same second: what the history says comes
// before what the report says, and that before what we saw; each fills what the other leaves
// out. Runs that have not finished stand last, and only while nothing later has run: an older
// copy of the report still names a run that has long been done.
func oneEach(rs []review.Run) []review.Run {
	precedence := []review.RunSource{review.RunFromHistory, review.RunFromReport, review.RunObserved}
	slices.SortStableFunc(rs, func(a, b review.Run) int {
		return cmp.Or(a.CompletedAt.Truncate(time.Second).Compare(b.CompletedAt.Truncate(time.Second)),
			cmp.Compare(slices.Index(precedence, a.Source), slices.Index(precedence, b.Source)),
			due(a).Compare(due(b)), strings.Compare(a.ID, b.ID), strings.Compare(a.Type, b.Type))
	})
	var done, coming []review.Run
	for _, r := range rs {
		if r.CompletedAt.IsZero() {
			coming = append(coming, r)
			continue
		}
		if n := len(done); n > 0 && done[n-1].CompletedAt.Truncate(time.Second).Equal(r.CompletedAt.Truncate(time.Second)) && (done[n-1].ID == "" || r.ID == "" || done[n-1].ID == r.ID) {
			fill(&done[n-1], r)
			continue
		}
		done = append(done, r)
	}
	slices.SortStableFunc(coming, func(a, b review.Run) int { return due(a).Compare(due(b)) })
	for _, r := range coming {
		if n := len(done); n > 0 && !due(r).IsZero() {
			last := done[n-1]
			if !last.CompletedAt.IsZero() && !due(r).After(last.CompletedAt) {
				continue
			}
			if last.CompletedAt.IsZero() && due(last).Truncate(24*time.Hour).Equal(due(r).Truncate(24*time.Hour)) {
				fill(&done[n-1], r)
				continue
			}
		}
		done = append(done, r)
	}
	return done
}

// fill adds to a run what another account of it says more.
func fill(r *review.Run, more review.Run) {
	r.ID, r.Type, r.ScheduledDate = cmp.Or(r.ID, more.ID), cmp.Or(r.Type, more.Type), cmp.Or(r.ScheduledDate, more.ScheduledDate)
	if r.ScheduledAt.IsZero() {
		r.ScheduledAt = more.ScheduledAt
	}
	if r.Matches < 0 {
		r.Matches = more.Matches
	}
}

// monitoring says whether a report still runs by itself. An open match stops all its runs
// until everything is dismissed, and no attribute says so.
// https://help.withpersona.com/articles/7LRMBbxLshF7sCcLhfhwF4/
func monitoring(r review.Report, seen []sighting) review.Monitoring {
	m := review.Monitoring{State: review.MonitoringUnknown}
	for _, run := range r.Runs {
		if run.CompletedAt.IsZero() {
			m.Next = due(run)
		}
	}
	paused := false
	for _, a := range r.Acts {
		switch a.Type {
		case "pause":
			paused, m.Since = true, a.At
		case "resume":
			paused, m.Since = false, time.Time{}
		}
	}
	open := slices.ContainsFunc(r.Matches, func(m review.Match) bool { return m.Open() })
	switch {
	case paused:
		m.State = review.MonitoringPaused
	case (r.Recurring.Is() || r.Continuous.Is()) && r.Kind.Screens() && (open || r.Untold()):
		m.State, m.Since = review.MonitoringHalted, haltedSince(r, seen)
	case r.Recurring.Is(), r.Recurring.State != review.Present && (r.Continuous.Is() || !m.Next.IsZero()):
		m.State = review.MonitoringRunning
	case r.Recurring.State == review.Present:
		m.State = review.MonitoringOff
	}
	if m.State != review.MonitoringRunning {
		m.Next = time.Time{} // a run that stands scheduled will not come
	}
	return m
}

// haltedSince is when the earliest run finished since which matches stood open without a gap.
func haltedSince(r review.Report, seen []sighting) time.Time {
	since := r.CompletedAt
	for i := len(seen) - 1; i >= 0 && seen[i].open != 0; i-- {
		if seen[i].open > 0 {
			since = seen[i].done
		}
	}
	return since
}
