package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// reports makes the reports of a page; one that was run with the same values as an earlier
// one only says so.
func reports(list []review.Report, now time.Time) []views.Report {
	out := make([]views.Report, len(list))
	for i, r := range list {
		out[i] = reportView(r, i+1, now)
		for j, earlier := range list[:i] {
			if len(r.Query) > 1 && sameQuery(r.Query, earlier.Query) {
				out[i].Same = "The same " + views.Number(len(r.Query)) + " values as the " + strings.ToLower(out[j].Label)
				break
			}
		}
	}
	return out
}

func sameQuery(a, b []review.QueryField) bool { return slices.Equal(a, b) }

// reportsWords counts them: "3 screenings and 1 other".
func reportsWords(list []review.Report) string {
	screens := 0
	for _, r := range list {
		if r.Kind.Screens() {
			screens++
		}
	}
	others := len(list) - screens
	switch {
	case len(list) == 0:
		return "none named or captured"
	case others == 0:
		return views.Plural(screens, "screening", "screenings")
	case screens == 0:
		return views.Plural(others, "report that screens nobody", "reports that screen nobody")
	}
	return views.Plural(screens, "screening", "screenings") + " and " + views.Plural(others, "other", "others")
}

func reportView(r review.Report, at int, now time.Time) views.Report {
	rep := views.Report{
		ID:      raw(r.Ref.ID),
		Kind:    raw(string(r.Kind)),
		Capture: r.Capture,
		At:      strconv.Itoa(at),
		Label:   str(views.KindWords(r.Kind)).Text,
		Href:    resourceHref(r.Ref),
		Tags:    reportTags(r, now),
		Lines:   reportLines(r, now),
		Runs:    runs(r, now),
		Fields:  slices.Concat(fields(r.Rest.Attributes, now), fields(r.Rest.Fields, now)),
	}
	for _, q := range r.Query {
		rep.Query = append(rep.Query, views.QueryField{Key: raw(q.Key), Label: label(q.Key), Value: queryValue(q)})
	}
	if r.Kind.Screens() && len(rep.Runs) > 0 {
		switch {
		case !slices.ContainsFunc(r.Runs, func(run review.Run) bool { return run.Source != review.RunObserved }):
			rep.RunNote = "Persona sent no run history for this report; these are the runs that reached us."
		case slices.ContainsFunc(r.Runs, func(run review.Run) bool { return run.Source == review.RunObserved }):
			rep.RunNote = "Some of these are known only because their results reached us."
		}
	}
	for _, i := range r.Ignored {
		rep.Ignored = append(rep.Ignored, ignored(i, now))
	}
	return rep
}

// queryValue shows what a report was run with.
func queryValue(q review.QueryField) views.Value {
	v := textValue(q.Value)
	if v.State != review.Present {
		return v
	}
	key := strings.ReplaceAll(q.Key, "_", "-")
	switch {
	case strings.HasSuffix(key, "country-code"):
		if name, ok := regions()[q.Value.Value]; ok {
			v.Str = views.S(name + " (" + q.Value.Value + ")")
		}
	case strings.HasPrefix(key, "birthdate"):
		v.Str = views.S(isoDateWords(q.Value.Value))
	}
	return v
}

// reportTags are the short facts beside a report's name.
func reportTags(r review.Report, now time.Time) []views.Tag {
	var tags []views.Tag
	if r.Kind.Screens() {
		open := openCount(r)
		switch {
		case open > 0:
			tags = append(tags, views.Tag{Words: views.Plural(open, "open match", "open matches"), Tone: views.ToneAccent})
		case r.Untold():
			tags = append(tags, views.Tag{Words: "Match reported, details not captured", Tone: views.ToneAttention})
		case len(r.Matches) > 0, len(r.Ignored) > 0:
			tags = append(tags, views.Tag{Words: "All matches dismissed at Persona"})
		case finished(r):
			tags = append(tags, views.Tag{Words: "No matches"})
		}
	}
	if m := views.MonitoringTag(r.Monitoring.State); m.Words != "" {
		if r.Monitoring.State == review.MonitoringHalted && !r.Monitoring.Since.IsZero() {
			m.Words += " " + wholeDays(now.Sub(r.Monitoring.Since))
		}
		tags = append(tags, m)
	}
	return tags
}

// openCount counts the open matches of a report. A match is large: it is not copied for that.
func openCount(r review.Report) int {
	n := 0
	for i := range r.Matches {
		if r.Matches[i].Open() {
			n++
		}
	}
	return n
}

// finished says that a run came to its end and its matches were captured: only then may a
// page say that there are none.
func finished(r review.Report) bool {
	return r.Capture == review.CaptureFull && !r.CompletedAt.IsZero() && r.MatchState != review.Absent
}

// disagrees says that Persona's has-match and the matches that are open say different things.
// Both are said; the matches count.
func disagrees(r review.Report) bool {
	return r.Kind.Screens() && r.HasMatch.State == review.Present && r.MatchState != review.Absent &&
		r.HasMatch.Value != (openCount(r) > 0)
}

// reportLines says what must be known before a report is believed.
func reportLines(r review.Report, now time.Time) []string {
	var lines []string
	add := func(s string) { lines = append(lines, s) }
	switch r.Capture {
	case review.CaptureThin:
		add("Thin: only that it ran was sent, not what it found.")
	case review.CaptureAbsent:
		add("Another resource names it; no payload has carried it.")
	case review.CapturePending:
		add("Persona is still working on it.")
	case review.CaptureErrored:
		add("Persona could not finish it. It says nothing about the subject.")
	case review.CaptureRedacted:
		if !r.RedactedAt.IsZero() {
			add("Erased at Persona on " + instant(r.RedactedAt, now) + ".")
		} else {
			add("Personal data erased.")
		}
	}
	switch {
	case r.Untold():
		add("Persona says that there is a match, and sent no details of it.")
	case disagrees(r) && r.HasMatch.Value:
		add("Persona’s has-match says yes, but no match is open: each was dismissed or is gone.")
	case disagrees(r):
		add("Persona’s has-match says no, but " + views.Plural(openCount(r), "match is", "matches are") + " open.")
	}
	if !r.DetailsAt.IsZero() {
		add("A newer copy came without matches; these are of the run completed on " + instant(r.DetailsAt, now) + ".")
	}
	switch r.Monitoring.State {
	case review.MonitoringHalted:
		if !r.Monitoring.Since.IsZero() {
			add("Monitoring halted since " + instant(r.Monitoring.Since, now) + ": an open match stops all further runs.")
		} else {
			add("Monitoring halted: an open match stops all further runs.")
		}
	case review.MonitoringPaused:
		if !r.Monitoring.Since.IsZero() {
			add("Monitoring paused since " + instant(r.Monitoring.Since, now) + ".")
		}
	}
	if r.Kind.Screens() && r.RunState != review.Present && len(r.Runs) == 0 {
		add("Run history: " + views.PresenceWords(r.RunState) + ".")
	}
	if r.Template != "" {
		add("Template " + str(r.Template).Text + ".")
	}
	return lines
}

func instant(t, now time.Time) string { return views.At(t, now).Words + " UTC" }

// runs draws runs and what people did between them as one line, oldest first, the coming run
// last.
func runs(r review.Report, now time.Time) []views.Run {
	type ring struct {
		at  time.Time
		run views.Run
	}
	var past []ring
	var next []views.Run
	for _, run := range r.Runs {
		if run.CompletedAt.IsZero() {
			next = append(next, comingRun(run, now))
			continue
		}
		past = append(past, ring{run.CompletedAt, pastRun(run, r.Monitoring, now)})
	}
	for _, a := range r.Acts {
		past = append(past, ring{a.At, views.Run{Act: true, Mark: views.RunActed, Time: views.Day(a.At, now),
			Note: join(" ", str(views.RunActWords(a.Type)).Text, by(a.By))}})
	}
	slices.SortStableFunc(past, func(a, b ring) int { return a.at.Compare(b.at) })
	if len(next) == 0 && !r.Monitoring.Next.IsZero() {
		next = append(next, comingRun(review.Run{ScheduledAt: r.Monitoring.Next}, now))
	}
	out := make([]views.Run, 0, len(past)+len(next))
	for _, p := range past {
		out = append(out, p.run)
	}
	return append(out, next...)
}

func by(name string) string {
	if name == "" {
		return ""
	}
	return "by " + str(name).Text
}

func pastRun(run review.Run, m review.Monitoring, now time.Time) views.Run {
	out := views.Run{
		Type: raw(run.Type), Completed: run.CompletedAt.UTC().Format(time.RFC3339),
		Time: views.Day(run.CompletedAt, now), Mark: views.RunBlank,
	}
	kind := openSet(run.Type)
	if run.Type == "scheduled" {
		kind = "" // the usual kind is not said
	}
	switch {
	case run.Matches == 0:
		out.Mark, out.Note = views.RunClear, join(", ", "no open match", kind)
	case run.Matches > 0:
		out.Mark, out.Dot = views.RunFound, views.Number(run.Matches)
		out.Note = join(", ", views.Plural(run.Matches, "open match", "open matches"), kind)
	default:
		out.Note = join(", ", "not known what it left", kind)
	}
	if m.State == review.MonitoringHalted && !m.Since.IsZero() && !run.CompletedAt.Before(m.Since) {
		out.Tone = views.ToneAttention
		if run.CompletedAt.Equal(m.Since) {
			out.Note += ", halted"
		}
	}
	return out
}

func comingRun(run review.Run, now time.Time) views.Run {
	out := views.Run{Type: raw(run.Type), Mark: views.RunNext, Note: "next run"}
	switch {
	case !run.ScheduledAt.IsZero():
		out.Time = views.Day(run.ScheduledAt, now)
		if run.ScheduledAt.Before(now) {
			out.Note = "was due, no result reached us"
		}
	case run.ScheduledDate != "":
		out.Time = views.Time{Words: isoDateWords(run.ScheduledDate)}
	}
	return out
}

func ignored(i review.Ignored, now time.Time) views.Ignored {
	out := views.Ignored{Time: views.At(i.At, now), By: str(i.By), Reason: str(i.Reason), What: str(i.What)}
	if i.Internal && out.By.Text == "" {
		out.By = views.S("Persona itself")
	}
	return out
}
