package persona

import (
	"slices"
	"time"

	"docket/review"
)

// Echoes is what changed between two dossiers, with what docket told Persona itself apart from
// the rest. Each change stands in one of Told and Rest.
type Echoes struct {
	Pushes []review.Push // those that came back, in their order
	Told   review.Delta  // what they did, and what came to be known in full with it
	Rest   review.Delta  // what nobody here told
}

// EchoesOf tells apart what of the changes from then to now is only what docket told Persona by
// the pushes of a decision on then. It is pure, and believes nothing that it cannot trace: a change
// counts as told only where it is the very value that the newest push of its kind wrote there, and
// Persona took that push from us. Everything else is Rest.
func EchoesOf(pushes []review.Push, then, now review.Dossier) Echoes {
	e := echoing{pushes: pushes, root: now.Root(), records: map[string]*review.Resource{}, reports: map[string]*reportPair{},
		did: make([]bool, len(pushes)), acts: make([]bool, len(pushes))}
	for i := range now.Records {
		e.records[now.Records[i].Ref.String()] = &now.Records[i]
	}
	for i := range then.Reports {
		e.reports[then.Reports[i].Ref.String()] = &reportPair{then: &then.Reports[i]}
	}
	for i := range now.Reports {
		if p := e.reports[now.Reports[i].Ref.String()]; p != nil {
			p.now, p.sameRuns = &now.Reports[i], sameRuns(p.then.Runs, now.Reports[i].Runs)
		}
	}
	var out Echoes
	for _, c := range review.Diff(then, now) {
		if e.told(c) {
			out.Told = append(out.Told, c)
		} else {
			out.Rest = append(out.Rest, c)
		}
	}
	for i, p := range pushes {
		if e.did[i] {
			out.Pushes = append(out.Pushes, p)
		}
	}
	return out
}

type echoing struct {
	pushes  []review.Push
	root    review.Root                 // as it is now
	records map[string]*review.Resource // as they are now, by their Ref as paths write it
	reports map[string]*reportPair      // likewise
	did     []bool                      // by push: something that it did is there
	acts    []bool                      // by push: its line in the history of its report was found
}

// reportPair is a report then and now; now is nil where it is gone.
type reportPair struct {
	then, now *review.Report
	sameRuns  bool // the runs of now are those of then
}

// arrived says that Persona took a push from us, and that nothing else came of it. What Persona
// said before it could be told was somebody else's doing.
func arrived(p review.Push) bool {
	return !p.SentAt.IsZero() && (p.State == review.PushSent || p.State == review.PushAcknowledged)
}

// told says that a change is what a push did.
func (e *echoing) told(c review.Change) bool {
	at := c.Path[1:]
	if len(at) == 0 {
		return false
	}
	switch c.Path[0].Name {
	case "transaction", "about":
		if at[0].Name == "resource" && len(at) > 1 {
			at = at[1:]
		}
		return e.ofResource(e.root.Ref, &e.root.Resource, c, at)
	case "records":
		r := e.records[c.Path[0].Key]
		return r != nil && e.ofResource(r.Ref, r, c, at)
	case "reports":
		p := e.reports[c.Path[0].Key]
		return p != nil && p.now != nil && e.ofReport(p, c, at)
	}
	return false
}

// newest counts the newest push of some kind, if it arrived and did what is asked.
func (e *echoing) newest(of func(review.Push) bool, did func(review.Push) bool) bool {
	for i, p := range slices.Backward(e.pushes) {
		if of(p) {
			ok := arrived(p) && did(p)
			e.did[i] = e.did[i] || ok
			return ok
		}
	}
	return false
}

// ofResource is told for a change in a transaction, an inquiry or a case.
func (e *echoing) ofResource(ref review.Ref, now *review.Resource, c review.Change, at review.Path) bool {
	moves := func(p review.Push) bool {
		return p.Target == ref && (p.Act == review.PushStatus || p.Act == review.PushInquiry || p.Act == review.PushCase)
	}
	switch key := at[0].Key; at[0].Name {
	case "status":
		return e.newest(moves, func(p review.Push) bool {
			status, ok := c.Now.(review.Text)
			return ok && review.NormalStatus(status.Value) == p.Becomes()
		})
	case "fields":
		value := ""
		return e.newest(func(p review.Push) bool {
			i := slices.IndexFunc(p.Fields, func(f review.PushField) bool { return f.Key == key })
			if i < 0 || p.Act != review.PushFields || p.Target != ref {
				return false
			}
			value = p.Fields[i].Value
			return true
		}, func(review.Push) bool { return scalar(now.Fields, key, value) })
	case "attributes":
		return e.newest(moves, func(p review.Push) bool { return marksOf(p, now, key) })
	}
	return false
}

// scalar says that a field is there once, with no more than a value.
func scalar(fields []review.Field, key, value string) bool {
	there := false
	for _, f := range fields {
		if f.Key != key {
			continue
		}
		if there || f.Text != value || f.Items != nil || f.File != nil || f.Ref != nil {
			return false
		}
		there = true
	}
	return there
}

// marksOf says that an attribute is one that Persona sets along with the status that a push told.
// https://docs.withpersona.com/api-reference/inquiries/approve-an-inquiry
// https://docs.withpersona.com/api-reference/cases/set-status-for-a-case
func marksOf(p review.Push, now *review.Resource, key string) bool {
	if review.NormalStatus(now.Status.Value) != p.Becomes() {
		return false
	}
	switch {
	case p.Act == review.PushInquiry && key == "reviewer-comment":
		return scalar(now.Attributes, key, p.Note)
	case p.Act == review.PushCase && key == "resolution":
		return scalar(now.Attributes, key, p.Value)
	case p.Act == review.PushInquiry && key == "decisioned-at", p.Act == review.PushCase && key == "resolved-at":
		i := slices.IndexFunc(now.Attributes, func(f review.Field) bool { return f.Key == key })
		if i < 0 {
			return false
		}
		at, err := time.Parse(time.RFC3339, now.Attributes[i].Text)
		return err == nil && !at.Before(p.At) && scalar(now.Attributes, key, now.Attributes[i].Text)
	}
	return false
}

// ofReport is told for a change in a report: which matches were dismissed, and the lines that Persona
// wrote of that. What it notes with a finding on a record of a screening report is too much to be traced.
func (e *echoing) ofReport(p *reportPair, c review.Change, at review.Path) bool {
	then, now := p.then, p.now
	switch at[0].Name {
	case "matches":
		return e.ofMatches(now, c, at)
	case "has_match", "match_state":
		return e.cleared(then, now) // they only say that no match is left
	case "monitoring":
		// Persona goes on by itself once nothing is open.
		return then.Monitoring.State == review.MonitoringHalted && now.Monitoring.State == review.MonitoringRunning && e.cleared(then, now)
	case "ignored":
		ignored, ok := c.Now.(review.Ignored)
		return ok && c.Op == review.Added && e.dismissal(now.Ref, func(i int) bool {
			return e.pushes[i].Note != "" && ignored.Reason == e.pushes[i].Note
		})
	case "acts":
		return c.Op == review.Added && e.act(now.Ref, c.Now)
	case "run_state", "runs":
		// A history that was read in full tells more of each run. No run may be another one.
		return now.RunState == review.Present && p.sameRuns
	}
	return false
}

// cleared says that pushes dismissed all matches of a report that were open, and that none is left.
func (e *echoing) cleared(then, now *review.Report) bool {
	left := len(now.OpenMatches()) > 0 || now.HasMatch.Is() || len(now.Matches) == 0 && now.MatchState != review.Empty
	return !left && len(then.OpenMatches()) > 0 && e.away(now.Ref, then.OpenMatches())
}

// dismissal says that some push that dismissed matches of a report arrived and did what is asked.
func (e *echoing) dismissal(report review.Ref, did func(int) bool) bool {
	for i, p := range e.pushes {
		if p.Act == review.PushMatches && p.Target == report && p.Value == pushDismiss && arrived(p) && did(i) {
			e.did[i] = true
			return true
		}
	}
	return false
}

func (e *echoing) ofMatches(now *review.Report, c review.Change, at review.Path) bool {
	if len(at) == 1 {
		switch gone := c.Then.(type) {
		case review.Match:
			return c.Op == review.Gone && e.away(now.Ref, []review.Match{gone})
		case []review.Match: // the last of them went: the list is empty now
			return len(now.Matches) == 0 && now.MatchState == review.Empty && e.away(now.Ref, gone)
		}
		return false
	}
	i := slices.IndexFunc(now.Matches, func(m review.Match) bool { return string(m.Key) == at[0].Key })
	return i >= 0 && at[1].Name == "dismissed" && now.Matches[i].Dismissed && e.away(now.Ref, now.Matches[i:i+1])
}

// away says that each of these matches of a report was dismissed by a push.
func (e *echoing) away(report review.Ref, matches []review.Match) bool {
	return !slices.ContainsFunc(matches, func(m review.Match) bool {
		return !e.dismissal(report, func(i int) bool { return e.pushes[i].Part == "" || e.pushes[i].Part == m.EntityID })
	})
}

// act counts a line of a report's history as that of a push, one line for each.
func (e *echoing) act(report review.Ref, line any) bool {
	act, ok := line.(review.RunAct)
	return ok && act.Type == pushDismiss && e.dismissal(report, func(i int) bool {
		if e.acts[i] || act.At.Before(e.pushes[i].At) {
			return false
		}
		e.acts[i] = true
		return true
	})
}

// sameRuns says that two lists tell of the same runs, with as many matches.
func sameRuns(a, b []review.Run) bool {
	type run struct {
		done    int64
		matches int
		day     string // of one that is to come
	}
	of := func(r review.Run) run {
		if r.CompletedAt.IsZero() {
			return run{day: r.ScheduledAt.UTC().String() + r.ScheduledDate}
		}
		return run{done: r.CompletedAt.UnixMilli(), matches: r.Matches}
	}
	more := map[run]int{}
	for _, r := range a {
		more[of(r)]++
	}
	for _, r := range b {
		if more[of(r)]--; more[of(r)] < 0 {
			return false
		}
	}
	return len(a) == len(b)
}
