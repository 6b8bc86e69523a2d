package persona

import (
	"cmp"
	"slices"
	"time"

	"docket/review"
)

// maxErrands bounds what one dossier can ask for at once: a case may name thousands.
const maxErrands = 100

// Missing lists what the page of a review lacks and Persona can be asked for: resources that
// others name and that never came, or came thin; whatever webhooks were told to leave out; and
// the runs of reports that found something or run again. It is pure. The same lack gives the
// same errand with the same cause, so that what Persona cannot give is asked for once.
func Missing(d review.Dossier) []review.Errand {
	var w wanted
	w.transaction(d)
	if !d.About.Ref.IsZero() {
		w.record(d.About.Resource)
	}
	for _, r := range d.Reports {
		w.report(r)
	}
	for _, r := range d.Records {
		w.record(r)
	}
	return w.errands[:min(len(w.errands), maxErrands)]
}

// Causes of errands. A page of reports and records that is thin again for the same reason is
// the same errand.
const (
	causeAbsent    = "absent"          // named, never received
	causeThin      = "thin"            // received without what matters
	causeRelations = "relations"       // received without saying what it is tied to
	causeObjects   = "objects"         // several that it names never came
	causeFallback  = "fallback"        // its subject was sent to an inquiry that it does not name
	causeRuns      = "runs"            // runs or acts that are not known yet
	causeFiles     = "files"           // files of which no copy is held
	causeAgain     = "again"           // a person or a reconciliation asked for it
	causeScreened  = "screened"        // asked for from here
	linkRelated    = "related-objects" // names what a transaction is tied to
)

type wanted struct{ errands []review.Errand }

func (w *wanted) add(kind review.ErrandKind, ref review.Ref, cause string) {
	w.errands = append(w.errands, review.Errand{Kind: kind, Ref: ref, Cause: cause, State: review.ErrandWaiting})
}

// transaction asks for the transaction itself. What it names can come with it, so it is asked
// first, and what came is not asked for again.
func (w *wanted) transaction(d review.Dossier) {
	t := d.Transaction
	ref := review.Ref{Type: "transaction", ID: string(t.ID)}
	if t.ID == "" {
		return
	}
	var lacking []string
	for _, r := range d.Reports {
		if r.Capture == review.CaptureAbsent && r.Rest.Via == "" {
			lacking = append(lacking, r.Ref.String())
		}
	}
	for _, r := range d.Records {
		if r.Capture == review.CaptureAbsent && r.Via == "" && HasEndpoint(r.Ref) {
			lacking = append(lacking, r.Ref.String())
		}
	}
	slices.Sort(lacking)
	switch {
	case t.Resource.Capture == review.CaptureAbsent || t.Resource.Capture == review.CaptureThin:
		w.add(review.ErrandResource, ref, causeAbsent)
	case t.Resource.Capture == review.CaptureRedacted:
	case !says(t.Resource, linkRelated):
		w.add(review.ErrandResource, ref, causeRelations)
	case review.DefaultStatuses().IsFallback(t.Status.Value) && t.Fallback == "":
		w.add(review.ErrandResource, ref, causeFallback)
	case len(lacking) > 1:
		w.add(review.ErrandResource, ref, causeObjects+" "+digestOf(lacking...))
	}
}

func (w *wanted) report(r review.Report) {
	switch r.Capture {
	case review.CaptureAbsent:
		w.add(review.ErrandResource, r.Ref, causeAbsent)
		return
	case review.CaptureThin:
		w.add(review.ErrandResource, r.Ref, causeThin+" "+digestOf(r.Status.Value, stamp(r.CompletedAt), stamp(r.DetailsAt)))
	case review.CapturePending, review.CaptureRedacted:
		return
	case review.CaptureFull:
		if r.Untold() {
			w.add(review.ErrandResource, r.Ref, causeThin+" "+digestOf("untold", r.Status.Value, stamp(r.CompletedAt)))
		}
	}
	watched := r.HasMatch.Is() || r.Continuous.Is() || r.Recurring.Is() || len(r.Ignored) > 0
	if r.Kind.Screens() && watched && !toldRun(r) {
		w.add(review.ErrandHistory, r.Ref, causeRuns+" "+digestOf(stamp(r.CompletedAt), dismissals(r)))
	}
}

// toldRun says that Persona itself told of the run that the report now shows, and of as many
// acts as the report knows dismissals.
func toldRun(r review.Report) bool {
	acts := 0
	for _, a := range r.Acts {
		if a.Type == "dismiss" || a.Type == "review" {
			acts++
		}
	}
	if len(r.Ignored) > 0 && acts == 0 {
		return false
	}
	return slices.ContainsFunc(r.Runs, func(run review.Run) bool {
		// The history's clock and the report's may differ by the second that finishing took.
		return run.Source != review.RunObserved && !run.CompletedAt.IsZero() &&
			!run.CompletedAt.Before(r.CompletedAt.Add(-time.Minute))
	})
}

// dismissals tells apart the states of a report's ignore list by their newest entry.
func dismissals(r review.Report) string {
	var last time.Time
	for _, ig := range r.Ignored {
		last = latest(last, ig.At)
	}
	return stamp(last)
}

func (w *wanted) record(r review.Resource) {
	if !HasEndpoint(r.Ref) {
		return
	}
	switch {
	case r.Capture == review.CaptureAbsent:
		w.add(review.ErrandResource, r.Ref, causeAbsent)
	case r.Capture == review.CaptureThin:
		w.add(review.ErrandResource, r.Ref, causeThin+" "+digestOf(r.Status.Value, stamp(r.UpdatedAt)))
	case r.Capture == review.CaptureRedacted:
	case (r.Ref.Family() == "inquiry" || r.Ref.Family() == "case") && len(r.Relations) == 0:
		w.add(review.ErrandResource, r.Ref, causeRelations)
	}
}

// includes are the relationships whose resources are asked for in the same breath, as
// Persona's documents name them. https://docs.withpersona.com/serialization
func includes(ref review.Ref) []string {
	switch ref.Family() {
	case "transaction":
		return []string{linkRelated}
	case "inquiry":
		return []string{"verifications", "documents"}
	case "case":
		return []string{"case-comments"}
	}
	return nil
}

// says reports whether a resource says what one of its relationships points at.
func says(r review.Resource, relation string) bool {
	return slices.ContainsFunc(r.Relations, func(rel review.Relation) bool {
		return rel.Name == relation && rel.State != review.Absent
	})
}

// digestOf is a short name for what a cause rests on.
func digestOf(parts ...string) string {
	var b []byte
	for _, p := range parts {
		b = appendString(b, p)
	}
	return review.Sum(b).String()[:16]
}

// stamp writes a moment for a digest.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// namedFile is one file that a resource names.
type namedFile struct {
	ref  review.Ref
	file review.File
}

// files are the files that the resources of a dossier name by a link, one per resource and link.
func files(d review.Dossier) []namedFile {
	var out []namedFile
	resource := func(r review.Resource) { out = append(out, filesOf(r)...) }
	resource(d.Root().Resource)
	for _, r := range d.Records {
		resource(r)
	}
	slices.SortFunc(out, func(a, b namedFile) int {
		return cmp.Or(compareRefs(a.ref, b.ref), cmp.Compare(a.file.Link, b.file.Link), cmp.Compare(b.file.Bytes, a.file.Bytes))
	})
	return slices.CompactFunc(out, func(a, b namedFile) bool { return a.ref == b.ref && a.file.Link == b.file.Link })
}

// filesOf are the files that one resource names.
func filesOf(r review.Resource) []namedFile {
	var out []namedFile
	add := func(f review.File) {
		if f.Link != "" {
			out = append(out, namedFile{r.Ref, f})
		}
	}
	for _, p := range r.Photos {
		add(p.File)
	}
	var walk func(fs []review.Field)
	walk = func(fs []review.Field) {
		for _, f := range fs {
			if f.File != nil {
				add(*f.File)
			}
			walk(f.Items)
		}
	}
	walk(r.Attributes)
	walk(r.Fields)
	return out
}
