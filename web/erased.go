package web

import (
	"slices"
	"time"

	"docket/review"
	"docket/views"
)

// isErased says that personal data of the root or of a screening report is gone, here and at
// Persona.
func isErased(d review.Dossier) bool {
	return d.Root().Resource.Capture == review.CaptureRedacted ||
		slices.ContainsFunc(d.Reports, func(r review.Report) bool { return r.Capture == review.CaptureRedacted && r.Kind.Screens() })
}

// erasedAt is when Persona erased it, zero when that was not told.
func erasedAt(d review.Dossier) time.Time {
	if at := d.Root().Resource.RedactedAt; !at.IsZero() {
		return at
	}
	var at time.Time
	for _, r := range d.Reports {
		if r.RedactedAt.After(at) {
			at = r.RedactedAt
		}
	}
	return at
}

// erasedNotice says what is gone and what can still be done.
func erasedNotice(d review.Dossier, now time.Time) views.Notice {
	strong := "Personal data erased at Persona."
	if at := erasedAt(d); !at.IsZero() {
		strong = "Personal data erased at Persona on " + instant(at, now) + "."
	}
	text := "docket’s copies went with it; what was decided stays."
	if len(d.OpenMatches()) == 0 {
		text = "Nothing can be compared. docket’s copies went with it; what was decided stays, and an open review can be closed with the reason “other”."
	}
	return views.Notice{Tone: views.ToneAttention, Strong: strong, Text: text}
}

// noName stands where a subject's name would.
func noName(d review.Dossier) string {
	if isErased(d) {
		return "Name erased"
	}
	return "No name captured"
}
