package web

import (
	"slices"
	"strings"

	"docket/review"
	"docket/views"
)

func (b *queueBuilder) filterForm() views.QueueFilters {
	q := b.query
	f := views.QueueFilters{State: string(q.Tab), Search: q.Search}
	if b.filtered() {
		f.Clear = queueHref(review.QueueQuery{Tab: q.Tab, Sort: q.Sort})
	}
	f.Kinds = []views.Option{{Words: "Any"}}
	kinds := b.filters.Kinds
	if len(kinds) == 0 {
		for _, k := range review.ScreeningKinds() {
			kinds = append(kinds, review.FilterOption{Value: string(k)})
		}
	}
	for _, o := range kinds {
		f.Kinds = append(f.Kinds, option(o, views.KindWords(review.ReportKind(o.Value)), string(q.Kind)))
	}
	f.Countries = []views.Option{{Words: "Any"}}
	for _, o := range b.filters.Countries {
		f.Countries = append(f.Countries, option(o, countryName(o.Value), q.Country))
	}
	slices.SortStableFunc(f.Countries[1:], func(a, c views.Option) int { return strings.Compare(a.Words, c.Words) })
	f.Tags = []views.Option{{Words: "Any"}}
	for _, o := range b.filters.Tags {
		f.Tags = append(f.Tags, option(o, str(o.Value).Text, q.Tag))
	}
	f.Assignees = []views.Option{{Words: "Anyone"}, {Value: "free", Words: "Free", Chosen: q.Assignee == "free"},
		{Value: "escalated", Words: "Handed to a lead", Chosen: q.Assignee == "escalated"}}
	for _, o := range b.filters.Assignees {
		words := str(o.Label).Text
		switch o.Value {
		case "free":
			continue
		case string(b.me.ID):
			words = "You"
		}
		f.Assignees = append(f.Assignees, option(o, words, q.Assignee))
	}
	for _, o := range review.Sorts() {
		f.Sorts = append(f.Sorts, views.Option{Value: string(o), Words: views.SortWords(o), Chosen: o == q.Sort})
	}
	f.Kinds, f.Countries = keep(f.Kinds, string(q.Kind)), keep(f.Countries, q.Country)
	f.Tags, f.Assignees = keep(f.Tags, q.Tag), keep(f.Assignees, q.Assignee)
	f.Set = b.set()
	return f
}

// set says in words what is filtered by now.
func (b *queueBuilder) set() []views.Fact {
	var set []views.Fact
	add := func(term string, v string) {
		if v != "" {
			set = append(set, views.Fact{Term: term, Value: views.Value{State: review.Present, Str: str(v)}})
		}
	}
	q := b.query
	add("found by", q.Search)
	if q.Kind != "" {
		add("report", views.KindWords(q.Kind))
	}
	switch q.Assignee {
	case string(b.me.ID):
		add("with", "you")
	case "free":
		add("with", "nobody")
	case "escalated":
		add("with", "a lead, as handed over")
	default:
		name := q.Assignee
		for _, o := range b.filters.Assignees {
			if o.Value == q.Assignee {
				name = o.Label
			}
		}
		add("with", name)
	}
	if q.Country != "" {
		add("country", countryName(q.Country))
	}
	add("tag", q.Tag)
	return set
}

func option(o review.FilterOption, words, chosen string) views.Option {
	if o.N > 0 {
		words += " (" + views.Number(o.N) + ")"
	}
	return views.Option{Value: o.Value, Words: words, Chosen: o.Value == chosen && chosen != ""}
}

// keep makes sure that what is set stays in the form, also when no row has it any more.
func keep(options []views.Option, chosen string) []views.Option {
	if chosen == "" {
		return options
	}
	for _, o := range options {
		if o.Chosen {
			return options
		}
	}
	return append(options, views.Option{Value: chosen, Words: str(chosen).Text, Chosen: true})
}
