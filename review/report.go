package review

import "time"

// ReportKind is the part of a report's type after "report/": "watchlist". An open set.
type ReportKind string

// The kinds that screen a subject. Every other kind is shown generically and has no matches.
const (
	KindWatchlist            ReportKind = "watchlist"
	KindPEP                  ReportKind = "politically-exposed-person"
	KindAdverseMedia         ReportKind = "adverse-media"
	KindBusinessWatchlist    ReportKind = "business-watchlist"
	KindBusinessAdverseMedia ReportKind = "business-adverse-media"
	KindCryptoWatchlist      ReportKind = "crypto-address-watchlist"
	KindScreening            ReportKind = "screening"
)

// ScreeningKinds lists the kinds that screen a subject.
func ScreeningKinds() []ReportKind {
	return []ReportKind{KindWatchlist, KindPEP, KindAdverseMedia, KindBusinessWatchlist,
		KindBusinessAdverseMedia, KindCryptoWatchlist, KindScreening}
}

// Screens says that a report of this kind can hold matches.
func (k ReportKind) Screens() bool {
	for _, s := range ScreeningKinds() {
		if k == s {
			return true
		}
	}
	return false
}

// Fits says that a report of this kind can be about a subject of that kind: a company's director
// is screened for PEPs, the company is not.
func (k ReportKind) Fits(subject PartyKind) bool {
	switch k {
	case KindWatchlist, KindPEP, KindAdverseMedia:
		return subject != PartyBusiness
	case KindBusinessWatchlist, KindBusinessAdverseMedia:
		return subject != PartyPerson
	}
	return true
}

// QueryField is one value that a report was run with.
type QueryField struct {
	Key   string `json:"key"` // "name-first", "birthdate", "country-code", …
	Value Text   `json:"value"`
}

// Report is one kind of screening (or enrichment) on a subject, as it now stands.
type Report struct {
	Ref         Ref          `json:"ref"`
	Kind        ReportKind   `json:"kind"`
	Capture     Capture      `json:"capture"`
	Status      Text         `json:"status"` // pending, ready, errored; an open set
	HasMatch    Flag         `json:"has_match"`
	Continuous  Flag         `json:"continuous"` // has run more than once
	Recurring   Flag         `json:"recurring"`  // is scheduled to run again
	Template    string       `json:"template,omitempty"`
	CreatedAt   time.Time    `json:"created_at,omitzero"`
	CompletedAt time.Time    `json:"completed_at,omitzero"`
	RedactedAt  time.Time    `json:"redacted_at,omitzero"`
	Query       []QueryField `json:"query,omitempty"`
	Subject     Subject      `json:"subject"`     // who was screened, read from the query
	MatchState  Presence     `json:"match_state"` // presence of the key that holds the matches
	Matches     []Match      `json:"matches,omitempty"`
	Ignored     []Ignored    `json:"ignored,omitempty"` // Persona's ignore list
	RunState    Presence     `json:"run_state"`         // presence of a run history from Persona
	Runs        []Run        `json:"runs,omitempty"`    // oldest first; the coming run last
	Acts        []RunAct     `json:"acts,omitempty"`    // oldest first
	Monitoring  Monitoring   `json:"monitoring"`
	DetailsAt   time.Time    `json:"details_at,omitzero"` // completed-at of the copy that held the matches, when a newer copy came without them
	Rest        Resource     `json:"rest"`                // everything else the report said, generically
}

// OpenMatches are the matches that nobody has dismissed at Persona: computed from matches and
// ignore list, never believed from has-match.
func (r Report) OpenMatches() []Match {
	var open []Match
	for i := range r.Matches {
		if r.Matches[i].Open() {
			open = append(open, r.Matches[i])
		}
	}
	return open
}

// open counts them.
func (r *Report) open() int {
	n := 0
	for i := range r.Matches {
		if r.Matches[i].Open() {
			n++
		}
	}
	return n
}

// Untold says that a screening reports a match and that not one was ever sent: not "no
// matches", but "match reported, details not captured". A match that only the ignore list
// tells of is told.
func (r Report) Untold() bool {
	return r.Capture != CaptureRedacted && r.Kind.Screens() && r.HasMatch.Is() && len(r.Matches) == 0 && len(r.Ignored) == 0
}

// Ignored is one entry of Persona's ignore list: a match that someone dismissed there.
type Ignored struct {
	At       time.Time  `json:"at,omitzero"`
	By       string     `json:"by,omitempty"` // a display name, not an id
	Reason   string     `json:"reason,omitempty"`
	RunAt    time.Time  `json:"run_at,omitzero"`
	Matches  []MatchKey `json:"matches,omitempty"` // the matches that it takes away, where they can be told
	Internal bool       `json:"internal,omitempty"`
	What     string     `json:"what,omitempty"` // what was ignored, in words
}

// RunSource says where a run is known from.
type RunSource string

const (
	RunFromReport  RunSource = "report"  // the report's own run-history
	RunFromHistory RunSource = "history" // the history endpoint
	RunObserved    RunSource = "seen"    // a finished state that reached us
)

// Run is one execution of a report.
type Run struct {
	ID            string    `json:"id,omitempty"`
	Type          string    `json:"type,omitempty"` // scheduled, manual; an open set; "" unknown
	ScheduledAt   time.Time `json:"scheduled_at,omitzero"`
	ScheduledDate string    `json:"scheduled_date,omitempty"` // when only the day is known
	CompletedAt   time.Time `json:"completed_at,omitzero"`    // zero: has not run yet
	Matches       int       `json:"matches"`                  // what it left open; -1 unknown
	Source        RunSource `json:"source"`
}

// RunAct is something that someone did to a report at Persona.
type RunAct struct {
	Type string    `json:"type"` // dismiss, review, pause, resume; an open set
	At   time.Time `json:"at,omitzero"`
	By   string    `json:"by,omitempty"`
}

// MonitoringState says whether Persona still watches.
type MonitoringState string

const (
	MonitoringUnknown MonitoringState = "unknown" // not captured
	MonitoringOff     MonitoringState = "off"     // a one-off report
	MonitoringRunning MonitoringState = "running"
	MonitoringHalted  MonitoringState = "halted" // an open match stops all future runs
	MonitoringPaused  MonitoringState = "paused" // someone paused it
)

// MonitoringStates lists every value.
func MonitoringStates() []MonitoringState {
	return []MonitoringState{MonitoringUnknown, MonitoringOff, MonitoringRunning, MonitoringHalted, MonitoringPaused}
}

// Monitoring is whether a report still runs by itself.
type Monitoring struct {
	State MonitoringState `json:"state"`
	Since time.Time       `json:"since,omitzero"` // halted or paused since
	Next  time.Time       `json:"next,omitzero"`  // the coming run, when known
}
