package review

import (
	"slices"
	"strings"
	"time"
)

// NormalStatus makes the spellings of one status equal: "Needs Review", "needs-review" and
// "needs_review" are one. Persona's statuses are free text per transaction type and are
// pushed back verbatim, never in this form.
func NormalStatus(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return r == '_' || r == '-' || r == ' '
	}), "_")
}

// Statuses are the statuses that mean something to docket, normalised. Transactions are always
// reviewed, inquiries and cases where a status of theirs is named.
type Statuses struct {
	Review   []string // of transactions: a person must decide
	Fallback []string // of transactions: Persona waits for the subject to finish an inquiry
	Inquiry  []string `json:",omitempty"` // of inquiries: a person must decide; none: inquiries are not reviewed
	Case     []string `json:",omitempty"` // of cases: a person must decide; none: cases are not reviewed
}

// For gives the statuses of one family of roots as Review and Fallback.
func (s Statuses) For(family string) Statuses {
	switch family {
	case RootTransaction:
		return Statuses{Review: s.Review, Fallback: s.Fallback}
	case RootInquiry:
		return Statuses{Review: s.Inquiry}
	case RootCase:
		return Statuses{Review: s.Case}
	}
	return Statuses{}
}

// DefaultStatuses are those of Persona's own guides.
func DefaultStatuses() Statuses {
	return Statuses{Review: []string{"needs_review"}, Fallback: []string{"pending_fallback_inquiry"}}
}

// IsReview says that a transaction with this status waits for a person; of another root, ask For
// its family.
func (s Statuses) IsReview(status string) bool {
	return slices.Contains(s.Review, NormalStatus(status))
}

// IsFallback says that a transaction with this status waits for its subject.
func (s Statuses) IsFallback(status string) bool {
	return slices.Contains(s.Fallback, NormalStatus(status))
}

// StatusAt is one status of a root as some state of it said.
type StatusAt struct {
	At     time.Time
	Status string // verbatim
}

// Episode is one stretch of time in which a root waited for a person.
type Episode struct {
	Opened time.Time
	Closed time.Time // zero while it lasts
	Left   string    // the status it moved on to, verbatim; "" while it lasts
}

// Episodes reads the stretches of review out of a root's statuses, oldest first. Only
// the statuses decide, so late arrivals give the same episodes as timely ones.
func (s Statuses) Episodes(history []StatusAt) []Episode {
	var eps []Episode
	open := false
	for _, h := range history {
		switch in := s.IsReview(h.Status); {
		case in && !open:
			eps = append(eps, Episode{Opened: h.At})
			open = true
		case !in && open:
			last := &eps[len(eps)-1]
			last.Closed, last.Left = h.At, h.Status
			open = false
		}
	}
	return eps
}
