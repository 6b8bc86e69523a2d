package review

import (
	"slices"
	"time"
)

// Transaction is Persona's unit of work on one subject.
type Transaction struct {
	ID          TransactionID `json:"id"`
	Status      Text          `json:"status"` // verbatim; compare through NormalStatus
	ReferenceID Text          `json:"reference_id"`
	Type        string        `json:"type,omitempty"` // txntp_…
	Tags        []string      `json:"tags,omitempty"`
	CreatedAt   time.Time     `json:"created_at,omitzero"`
	UpdatedAt   time.Time     `json:"updated_at,omitzero" evidence:"-"`
	Fallback    string        `json:"fallback,omitempty"` // inquiry id of the fallback, "" when none
	Resource    Resource      `json:"resource"`           // the whole of it, generically
}

// Dossier is everything that joins one root, read into our nouns. It holds no time of
// receipt and nothing that expires, so that the same evidence always gives the same dossier.
type Dossier struct {
	Transaction Transaction `json:"transaction,omitzero"` // zero when the root is no transaction
	About       Root        `json:"about,omitzero"`       // zero when the root is a transaction; Root gives either
	Subject     Subject     `json:"subject"`
	Examined    []Examined  `json:"examined,omitempty"` // of a case: the businesses first, then people by name
	Reports     []Report    `json:"reports,omitempty"`  // screening kinds first, then the others; absent ones too
	Records     []Resource  `json:"records,omitempty"`  // accounts, inquiries, verifications, documents, cases, the unknown; absent ones too
}

// Root is what the dossier is about.
func (d Dossier) Root() Root {
	if !d.About.Ref.IsZero() {
		return d.About
	}
	t := d.Transaction
	return Root{Ref: t.ID.Ref(), Status: t.Status, ReferenceID: t.ReferenceID, Tags: t.Tags, CreatedAt: t.CreatedAt,
		UpdatedAt: t.UpdatedAt, Resource: t.Resource}
}

// Matches are all matches of all reports, in the order of the reports.
func (d Dossier) Matches() []Match {
	var all []Match
	for _, r := range d.Reports {
		all = append(all, r.Matches...)
	}
	return all
}

// OpenMatches are the matches that a person must judge.
func (d Dossier) OpenMatches() []Match {
	return slices.DeleteFunc(d.Matches(), func(m Match) bool { return !m.Open() })
}

// HaltedSince is the earliest moment since which a monitored report stands still, zero when
// none does.
func (d Dossier) HaltedSince() time.Time {
	var t time.Time
	for i := range d.Reports {
		r := &d.Reports[i]
		if r.Monitoring.State == MonitoringHalted && !r.Monitoring.Since.IsZero() &&
			(t.IsZero() || r.Monitoring.Since.Before(t)) {
			t = r.Monitoring.Since
		}
	}
	return t
}

// KindCount is how many open matches one kind of report left.
type KindCount struct {
	Kind ReportKind `json:"kind"`
	Open int        `json:"open"`
}

// Tally counts open matches per kind, in the order of ScreeningKinds; kinds without any are
// left out.
func (d Dossier) Tally() []KindCount {
	var tally []KindCount
	for _, k := range ScreeningKinds() {
		n := 0
		for i := range d.Reports {
			if r := &d.Reports[i]; r.Kind == k {
				n += r.open()
			}
		}
		if n > 0 {
			tally = append(tally, KindCount{k, n})
		}
	}
	return tally
}

// Untold says that a report tells of a match that was never sent; see Report.Untold.
func (d Dossier) Untold() bool { return slices.ContainsFunc(d.Reports, Report.Untold) }
