package persona

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"docket/review"
)

// source says how one kind of report names what it holds.
type source struct {
	hits   []string // keys that hold matches; the first that is there tells their presence
	ignore []string // keys that hold dismissals
	read   func(report review.Ref, query []review.QueryField, get func(string) node) ([]review.Match, review.Presence)
}

// sources of matches, one per kind that screens. There is no common shape.
var screens = map[review.ReportKind]source{
	review.KindWatchlist: {
		hits:   append([]string{"matched-lists", "result"}, categories...),
		ignore: []string{"ignore-list"},
		read: func(r review.Ref, _ []review.QueryField, get func(string) node) ([]review.Match, review.Presence) {
			return watchlist(r, review.PartyPerson, get)
		},
	},
	review.KindPEP: {
		hits:   []string{"result"},
		ignore: []string{"ignore-list"},
		read: func(r review.Ref, _ []review.QueryField, get func(string) node) ([]review.Match, review.Presence) {
			return pep(r, get)
		},
	},
	review.KindAdverseMedia: {
		hits:   []string{"related-sources"},
		ignore: []string{"ignore-list-entity", "ignore-list-media", "ignore-list"},
		read: func(r review.Ref, _ []review.QueryField, get func(string) node) ([]review.Match, review.Presence) {
			return media(r, review.PartyPerson, get)
		},
	},
	review.KindBusinessWatchlist: {
		hits:   append([]string{"matched-lists"}, categories...),
		ignore: []string{"ignore-list"},
		read: func(r review.Ref, _ []review.QueryField, get func(string) node) ([]review.Match, review.Presence) {
			return watchlist(r, review.PartyBusiness, get)
		},
	},
	review.KindBusinessAdverseMedia: {
		hits:   []string{"related-sources", "result"},
		ignore: []string{"ignore-list-entity", "ignore-list-media", "ignore-list"},
		read: func(r review.Ref, _ []review.QueryField, get func(string) node) ([]review.Match, review.Presence) {
			return media(r, review.PartyBusiness, get)
		},
	},
	review.KindCryptoWatchlist: {
		hits: []string{"result"},
		read: func(r review.Ref, query []review.QueryField, get func(string) node) ([]review.Match, review.Presence) {
			return crypto(r, queryText(query, "crypto-address"), get)
		},
	},
	review.KindScreening: {
		hits: []string{"matched-records"},
		read: func(r review.Ref, _ []review.QueryField, get func(string) node) ([]review.Match, review.Presence) {
			return screening(r, get)
		},
	},
}

// report reads one report with everything that tells of its runs. acts and runs are the
// entries of its history that reached us as resources of their own.
func report(c review.Captured, entries []*state) review.Report {
	s := merge(c)
	defer s.done()
	kind := reportKind(c.Ref)
	r := review.Report{
		Ref: c.Ref, Kind: kind, Status: text(s.get("status")),
		HasMatch: flag(s.take("has-match")), Continuous: flag(s.take("is-continuous")), Recurring: flag(s.take("is-recurring")),
		Template:  s.take("report-template-version-name").str(),
		CreatedAt: s.get("created-at").at(), CompletedAt: s.get("completed-at").at(), RedactedAt: s.get("redacted-at").at(),
	}
	screen, screens := screens[kind]
	r.Query = query(s, screens)
	r.Subject = querySubject(kind, c.Ref, r.Query)
	var seen []sighting
	if screens {
		at, newestDone := s.detailsAt(screen.hits)
		r.Matches, r.MatchState = screen.read(c.Ref, r.Query, s.get)
		r.Ignored = ignored(c.Ref, screen.ignore, s.get, r.Matches)
		if r.MatchState != review.Absent && !at.IsZero() && at.Before(newestDone) {
			r.DetailsAt = at
		}
		seen = sightings(c, screen, r)
		firstSeen(r.Matches, seen)
	}
	r.RunState = presence(s.get("run-history"))
	r.Runs, r.Acts = runs(s.take("run-history"), entries, seen, &r.RunState)
	r.Monitoring = monitoring(r, seen)
	r.Capture = capture(r, s, screens)
	if r.Capture == review.CaptureRedacted && r.Monitoring.State != review.MonitoringOff {
		r.Monitoring = review.Monitoring{State: review.MonitoringUnknown} // nothing of it runs any more
	}
	for _, k := range slices.Concat(screen.hits, screen.ignore) {
		if k != "result" || kind != review.KindBusinessAdverseMedia || len(s.get(k).kids) < 2 {
			s.take(k)
		}
	}
	r.Rest = resource(s)
	r.Rest.Capture = r.Capture
	return r
}

// detailsAt is the completed-at of the state that told the matches, and of the newest state
// that told any.
func (s *state) detailsAt(hits []string) (details, newest time.Time) {
	for _, k := range hits {
		if i, ok := lookup(s.attributes, k); ok {
			details = latest(details, s.attributes[i].doneAt)
		}
	}
	return details, s.get("completed-at").at()
}

// capture says how much of a report we hold. https://docs.withpersona.com/reports
func capture(r review.Report, s *state, screens bool) review.Capture {
	switch review.NormalStatus(r.Status.Value) {
	case "errored":
		if !s.redacted {
			return review.CaptureErrored
		}
	case "pending":
		if !s.redacted {
			return review.CapturePending
		}
	}
	switch {
	case s.redacted:
		return review.CaptureRedacted
	case screens && (r.MatchState == review.Absent || !r.DetailsAt.IsZero() && r.HasMatch.State != review.Absent):
		return review.CaptureThin
	case !screens && s.bareReport():
		return review.CaptureThin
	}
	return review.CaptureFull
}

// bareReport says that nothing is known but what a transaction tells of the reports it
// includes.
func (s *state) bareReport() bool {
	for _, f := range s.attributes {
		switch f.key {
		case "status", "created-at", "completed-at", "redacted-at", "has-match":
		default:
			return false
		}
	}
	return true
}

// queryKeys are the flat query attributes in the order of the page; whatever else a nested
// query holds follows by name.
var queryKeys = []string{"name-first", "name-middle", "name-last", "term", "business-name", "birthdate", "birthdate-year",
	"country-code", "address-country-code", "crypto-address"}

// query reads what the report was run with: flat on the attributes, nested in query, or both.
func query(s *state, flat bool) []review.QueryField {
	nested := s.get("query")
	var out []review.QueryField
	add := func(key string, n node) {
		if n.kind == kindAbsent || n.kind == kindObject || n.kind == kindArray ||
			slices.ContainsFunc(out, func(q review.QueryField) bool { return q.Key == key && q.Value.State == review.Present }) {
			return
		}
		out = slices.DeleteFunc(out, func(q review.QueryField) bool { return q.Key == key })
		out = append(out, review.QueryField{Key: key, Value: text(n)})
	}
	for _, k := range queryKeys {
		add(k, nested.get(k))
		if flat {
			add(k, s.take(k))
		}
	}
	if nested.kind != kindObject {
		return out
	}
	rest := node{key: "query", kind: kindObject}
	for _, m := range nested.kids {
		if m.kind == kindObject || m.kind == kindArray {
			rest.kids = append(rest.kids, m)
		} else if !slices.Contains(queryKeys, m.key) {
			add(m.key, m)
		}
	}
	s.take("query")
	if len(rest.kids) > 0 {
		s.attributes = append(s.attributes, fact{node: rest})
		sortFacts(s.attributes)
	}
	return out
}

func queryText(query []review.QueryField, key string) string {
	for _, q := range query {
		if q.Key == key {
			return q.Value.Value
		}
	}
	return ""
}

// sortReports puts the kinds that screen first, in their own order.
func sortReports(rs []review.Report) {
	order := review.ScreeningKinds()
	rank := func(k review.ReportKind) int {
		if i := slices.Index(order, k); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortFunc(rs, func(a, b review.Report) int {
		return cmp.Or(cmp.Compare(rank(a.Kind), rank(b.Kind)), cmp.Compare(a.Kind, b.Kind),
			strings.Compare(a.Ref.Type, b.Ref.Type), strings.Compare(a.Ref.ID, b.Ref.ID))
	})
}
