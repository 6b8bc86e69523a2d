package storetest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"docket/review"
	"docket/store"
)

// Recount works out the insights of some days anew from what docket exports: decisions, findings, the
// trail and the list of reviews, and what was on each page. It is slow and obvious, and shares
// nothing with what it is compared with but the nouns.
func Recount(ctx context.Context, db *store.DB, days review.DaySpan) (review.Insights, error) {
	r := recount{days: days, targets: map[review.PolicyVersion]time.Duration{}, in: review.Insights{Days: days}}
	err := cmp.Or(r.read(ctx, db), r.lists(ctx, db))
	if err != nil {
		return r.in, err
	}
	r.weeks()
	r.findings()
	r.decisions()
	return r.in, nil
}

type recount struct {
	days         review.DaySpan
	targets      map[review.PolicyVersion]time.Duration
	reviews      []review.QueueRow
	decided      []store.DecisionRow
	dispositions []store.DispositionRow
	answers      map[review.EntryID]store.EntryRow // by the decision
	listed       map[review.Hash]map[review.MatchKey][]string
	in           review.Insights
}

func (r *recount) read(ctx context.Context, db *store.DB) error {
	r.answers = map[review.EntryID]store.EntryRow{}
	q := review.QueueQuery{Tab: review.TabAll, Sort: review.SortOldest, Limit: 100}
	for {
		page, err := db.Queue(ctx, q)
		if err != nil {
			return err
		}
		for _, row := range page.Rows {
			if row.Review != 0 {
				r.reviews = append(r.reviews, row)
			}
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	return cmp.Or(
		db.EachDecision(ctx, store.DecisionQuery{Second: store.AnySecond}, func(d store.DecisionRow) error {
			r.decided = append(r.decided, d)
			p, err := db.PolicyAt(ctx, d.Policy)
			r.targets[d.Policy] = p.Times.Target.Duration()
			return err
		}),
		db.EachDisposition(ctx, store.Span{}, func(d store.DispositionRow) error {
			r.dispositions = append(r.dispositions, d)
			return nil
		}),
		db.EachEntry(ctx, store.Span{}, func(e store.EntryRow) error {
			switch e.Act {
			case review.ActApproved, review.ActReturned, review.ActFellBack:
				r.answers[e.Answers] = e
			}
			r.in.Newest = max(r.in.Newest, e.ID)
			return nil
		}))
}

// lists asks every page that a finding was recorded on which lists named its match.
func (r *recount) lists(ctx context.Context, db *store.DB) error {
	r.listed = map[review.Hash]map[review.MatchKey][]string{}
	for _, d := range r.dispositions {
		if r.listed[d.Evidence] != nil {
			continue
		}
		dossier, err := db.AsSeen(ctx, d.Evidence)
		if err != nil {
			return err
		}
		r.listed[d.Evidence] = map[review.MatchKey][]string{}
		if review.Evidence(dossier) != d.Evidence {
			continue // it was erased: nobody can tell any more which lists named a match
		}
		for _, report := range dossier.Reports {
			for _, m := range report.Matches {
				for _, l := range m.Listings {
					r.listed[d.Evidence][m.Key] = append(r.listed[d.Evidence][m.Key], cmp.Or(l.Name, l.Slug))
				}
			}
		}
	}
	return nil
}

// week counts an instant in its week; false: it is outside the days.
func (r *recount) week(t time.Time, add func(*review.WeekOf)) bool {
	for i := range r.in.Weeks {
		if w := &r.in.Weeks[i]; !t.Before(w.From.Start()) && t.Before(w.To.Start()) {
			add(w)
			return true
		}
	}
	return false
}

func (r *recount) weeks() {
	for d := r.days.From; d < r.days.To; d++ {
		if n := len(r.in.Weeks); n == 0 || d.Start().Weekday() == time.Monday {
			r.in.Weeks = append(r.in.Weeks, review.WeekOf{DaySpan: review.DaySpan{From: d, To: d + 1}})
		} else {
			r.in.Weeks[n-1].To = d + 1
		}
	}
	for _, v := range r.reviews {
		if r.week(v.OpenedAt, func(w *review.WeekOf) { w.Opened++ }) {
			r.in.Opened++
		}
		if v.Closing == review.ClosingPersona && r.week(v.ClosedAt, func(w *review.WeekOf) { w.Left++ }) {
			r.in.Left++
		}
	}
}

// holds says that at an entry nothing newer stood on the match, and that nobody had taken the finding
// back.
func (r *recount) holds(d store.DispositionRow, at review.EntryID) bool {
	stood := func(d store.DispositionRow) bool { return d.Entry <= at && (d.UndoneBy == 0 || d.UndoneBy > at) }
	for _, o := range r.dispositions {
		if o.Review == d.Review && o.Match == d.Match && o.Entry > d.Entry && stood(o) {
			return false
		}
	}
	return stood(d)
}

func (r *recount) inside(t time.Time) bool {
	return !t.Before(r.days.From.Start()) && t.Before(r.days.To.Start())
}

func (r *recount) findings() {
	kinds, lists := map[string]*review.FoundOf{}, map[string]*review.FoundOf{}
	missing := map[review.Asked]*review.MissingOf{}
	count := func(by map[string]*review.FoundOf, key string, f review.Finding) {
		if by[key] == nil {
			by[key] = &review.FoundOf{Key: key}
		}
		switch f {
		case review.FalsePositive:
			by[key].FalsePositives++
		case review.TrueMatch:
			by[key].TrueMatches++
		case review.CannotTell:
			by[key].CannotTell++
		}
	}
	all := map[string]*review.FoundOf{}
	for _, d := range r.dispositions {
		if !r.inside(d.At) || !r.holds(d, r.in.Newest) {
			continue
		}
		count(kinds, string(d.Kind), d.Finding)
		count(all, "", d.Finding)
		on := slices.Clone(r.listed[d.Evidence][d.Match])
		slices.Sort(on)
		for _, l := range slices.Compact(on) {
			count(lists, l, d.Finding)
		}
		if d.Finding != review.CannotTell {
			continue
		}
		for _, fact := range review.Askeds() {
			ours := slices.ContainsFunc(d.Missing, func(f review.Fact) bool { return f.Asked() == fact && f.Ours() })
			theirs := slices.ContainsFunc(d.Missing, func(f review.Fact) bool { return f.Asked() == fact && !f.Ours() })
			if !ours && !theirs {
				continue
			}
			if missing[fact] == nil {
				missing[fact] = &review.MissingOf{Fact: fact}
			}
			missing[fact].Findings++
			if ours {
				missing[fact].Ours++
			}
			if theirs && fact != review.AskedOther {
				missing[fact].Theirs++
			}
		}
	}
	r.in.Kinds, r.in.Lists = sorted(kinds), sorted(lists)
	if all[""] != nil {
		r.in.All = *all[""]
	}
	for _, fact := range review.Askeds() {
		if missing[fact] != nil {
			r.in.Missing = append(r.in.Missing, *missing[fact])
		}
	}
	slices.SortStableFunc(r.in.Missing, func(x, y review.MissingOf) int { return y.Findings - x.Findings })
}

func sorted(by map[string]*review.FoundOf) []review.FoundOf {
	var all []review.FoundOf
	for _, f := range by {
		all = append(all, *f)
	}
	slices.SortFunc(all, func(x, y review.FoundOf) int { return cmp.Or(y.N()-x.N(), cmp.Compare(x.Key, y.Key)) })
	return all
}

func (r *recount) decisions() {
	took := map[review.ReportKind][]waited{}
	var all, bare []waited
	answers := map[review.Reason]*review.AnswersOf{}
	for _, d := range r.decided {
		answer, answered := r.answers[d.Entry]
		at, entry, effect := d.At, d.Entry, !d.Second
		if answered {
			at, entry, effect = answer.At, answer.ID, answer.Act == review.ActApproved
		}
		if r.inside(d.At) {
			switch {
			case effect && d.Corrects == 0:
				r.in.Record.First++
			case effect:
				r.in.Record.Corrections++
			case !answered:
				r.in.Record.Waiting++
			case answer.Act == review.ActReturned:
				r.in.Record.Returned++
			default:
				r.in.Record.Moved++
			}
		}
		if answered && r.inside(at) {
			if answers[d.Reason] == nil {
				answers[d.Reason] = &review.AnswersOf{Reason: d.Reason}
			}
			switch answer.Act {
			case review.ActApproved:
				answers[d.Reason].Approved++
			case review.ActReturned:
				answers[d.Reason].Returned++
			default:
				answers[d.Reason].Moved++
			}
		}
		if !effect || d.Corrects != 0 || !r.week(at, func(w *review.WeekOf) { w.Decided++ }) {
			continue
		}
		r.in.Decided++
		w := waited{max(at.Sub(d.OpenedAt), 0), max(at.Sub(d.OpenedAt), 0) > r.targets[d.Policy]}
		all = append(all, w)
		kinds := r.kindsOf(d.Review, entry)
		for _, k := range kinds {
			took[k] = append(took[k], w)
		}
		if len(kinds) == 0 {
			bare = append(bare, w)
		}
	}
	for k, some := range took {
		r.in.Took = append(r.in.Took, r.took(k, some))
	}
	slices.SortFunc(r.in.Took, func(x, y review.TookOf) int { return cmp.Or(y.N-x.N, cmp.Compare(x.Kind, y.Kind)) })
	r.in.Took = append([]review.TookOf{r.took("", all)}, r.in.Took...)
	if len(bare) > 0 {
		t := r.took("", bare)
		t.NoMatch = true
		r.in.Took = append(r.in.Took, t)
	}
	for _, a := range answers {
		r.in.Answers = append(r.in.Answers, *a)
	}
	slices.SortFunc(r.in.Answers, func(x, y review.AnswersOf) int {
		return cmp.Or(y.Approved+y.Returned+y.Moved-x.Approved-x.Returned-x.Moved, cmp.Compare(x.Reason, y.Reason))
	})
}

// kindsOf are the kinds of report in which a review had findings that held at an entry.
func (r *recount) kindsOf(id review.ReviewID, at review.EntryID) []review.ReportKind {
	var kinds []review.ReportKind
	for _, d := range r.dispositions {
		if d.Review == id && r.holds(d, at) && !slices.Contains(kinds, d.Kind) {
			kinds = append(kinds, d.Kind)
		}
	}
	return kinds
}

// waited is how long a review did.
type waited struct {
	took time.Duration
	over bool
}

// took tries every value that was seen as a percentile.
func (r *recount) took(kind review.ReportKind, some []waited) review.TookOf {
	t := review.TookOf{Kind: kind, N: len(some)}
	percentile := func(p int) time.Duration {
		least, found := time.Duration(0), false
		for _, v := range some {
			n := 0
			for _, w := range some {
				if w.took <= v.took {
					n++
				}
			}
			if 100*n >= p*len(some) && (!found || v.took < least) {
				least, found = v.took, true
			}
		}
		return least
	}
	t.P50, t.P75, t.P95 = percentile(50), percentile(75), percentile(95)
	t.Over.Of = len(some)
	for _, v := range some {
		if v.over {
			t.Over.N++
		}
	}
	return t
}
