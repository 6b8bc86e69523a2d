package web

import (
	"slices"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// subjectRows tells what changed of who is examined.
func (b *deltaBuilder) subjectRows() {
	b.personRows("Subject", b.then.Subject, b.now.Subject, b.take(within("subject")), 1)
	for i := range b.now.Examined {
		e := &b.now.Examined[i]
		j := slices.IndexFunc(b.then.Examined, func(x review.Examined) bool { return sameExamined(x, *e) })
		if j < 0 {
			continue
		}
		who := "Examined, " + short(e.Subject.FullName())
		b.personRows(who, b.then.Examined[j].Subject, e.Subject, b.take(func(p review.Path) bool {
			return len(p) > 2 && p[0].Name == "examined" && p[1].Name == "subject" && p[0].Key == examinedKey(*e)
		}), 2)
	}
	for _, c := range b.take(func(p review.Path) bool { return len(p) == 1 && p[0].Name == "examined" }) {
		who := func(v any) string {
			if e, ok := v.(review.Examined); ok {
				return short(e.Subject.FullName())
			}
			return ""
		}
		b.say("Examined", who(c.Then), who(c.Now))
	}
}

func sameExamined(a, b review.Examined) bool { return examinedKey(a) == examinedKey(b) }

// examinedKey is what the path of a change names somebody examined by.
func examinedKey(e review.Examined) string {
	if e.Account.IsZero() {
		return e.Subject.FullName()
	}
	return e.Account.String()
}

// personRows tells of one subject by what a reader knows it by; changes lie below depth steps.
func (b *deltaBuilder) personRows(who string, then, now review.Subject, changes []review.Change, depth int) {
	told := map[string]bool{}
	tell := func(label string, was, is string, fields ...string) {
		if was != is {
			b.say(who+", "+label, was, is)
			for _, f := range fields {
				told[f] = true
			}
		}
	}
	if len(changes) == 0 {
		return
	}
	tell("name", short(then.FullName()), short(now.FullName()), "name", "first", "middle", "last")
	tell("born", birthWords(then.Birthdate), birthWords(now.Birthdate), "birthdate")
	tell("kind", valueWords(then.Kind, b.clock), valueWords(now.Kind, b.clock), "kind")
	tell("sex", openSet(then.Sex), openSet(now.Sex), "sex")
	list := func(label, field string, was, is []string) {
		if row, differs := listRow(who+", "+label, sortedWords(was), sortedWords(is), false, allOf); differs {
			b.add(row)
			told[field] = true
		}
	}
	list("countries", "countries", wordsOfEach(then.Countries, b.clock), wordsOfEach(now.Countries, b.clock))
	list("other names", "others", wordsOfEach(then.Others, b.clock), wordsOfEach(now.Others, b.clock))
	list("numbers", "identifiers", wordsOfEach(then.Identifiers, b.clock), wordsOfEach(now.Identifiers, b.clock))
	list("addresses", "wallets", wordsOfEach(then.Wallets, b.clock), wordsOfEach(now.Wallets, b.clock))
	b.words.rows = append(b.words.rows, b.rest(who+", ", changes, depth, told)...)
}

func wordsOfEach[T any](list []T, now time.Time) []string {
	var out []string
	for _, v := range list {
		out = append(out, valueWords(v, now))
	}
	return out
}

// sortedWords puts words in order, each once.
func sortedWords(words []string) []string {
	words = slices.DeleteFunc(words, func(s string) bool { return s == "" })
	slices.Sort(words)
	return slices.Compact(words)
}

// rootRows tells what changed of what the review is about.
func (b *deltaBuilder) rootRows() {
	changes := b.take(within("transaction", "about"))
	if len(changes) == 0 {
		return
	}
	then, now := b.then.Root(), b.now.Root()
	b.say("Status at Persona", textWords(then.Status), textWords(now.Status))
	b.say("Reference", textWords(then.ReferenceID), textWords(now.ReferenceID))
	if row, differs := listRow("Tags", sortedWords(wordsOfEach(then.Tags, b.clock)), sortedWords(wordsOfEach(now.Tags, b.clock)), false, allOf); differs {
		b.add(row)
	}
	what := capital(rootWord(now.Ref))
	told := map[string]bool{"status": true, "reference_id": true, "tags": true, "resource": true}
	b.words.rows = append(b.words.rows, b.rest(what+", ", changes, 1, told)...)
	b.resourceRows(what, changes, 2, then.Resource, now.Resource, map[string]bool{"status": true, "reference-id": true, "tags": true, "created_at": true, "created-at": true})
}

func textWords(t review.Text) string {
	if t.State == review.Absent {
		return ""
	}
	return valueWords(t, time.Time{})
}

// reportRows tells what changed of the reports, but for their matches.
func (b *deltaBuilder) reportRows() {
	b.words.rows = append(b.words.rows, b.cameAndWent("reports", func(v any) (string, views.Side) {
		r, _ := v.(review.Report)
		return b.labelOf(r.Ref), views.Side{Str: views.S(lowerFirst(views.CaptureTag(r.Capture).Words)), Note: runsGist(r, b.clock)}
	})...)
	for i := range b.now.Reports {
		now := &b.now.Reports[i]
		j := slices.IndexFunc(b.then.Reports, func(r review.Report) bool { return r.Ref == now.Ref })
		changes := b.take(func(p review.Path) bool { return len(p) > 1 && p[0].Name == "reports" && p[0].Key == now.Ref.String() })
		if j < 0 || len(changes) == 0 {
			continue
		}
		b.oneReport(b.labelOf(now.Ref), &b.then.Reports[j], now, changes)
	}
}

func (b *deltaBuilder) oneReport(name string, then, now *review.Report, changes []review.Change) {
	told := map[string]bool{}
	moved := map[string]bool{}
	for _, c := range changes {
		moved[c.Path[1].Name] = true
	}
	tell := func(label, was, is string, fields ...string) {
		if slices.ContainsFunc(fields, func(f string) bool { return moved[f] }) && was != is {
			b.say(name+", "+label, was, is)
			for _, f := range fields {
				told[f] = true
			}
		}
	}
	tell("captured", lowerFirst(views.CaptureTag(then.Capture).Words), lowerFirst(views.CaptureTag(now.Capture).Words), "capture")
	tell("status", textWords(then.Status), textWords(now.Status), "status")
	tell("runs", runsGist(*then, b.clock), runsGist(*now, b.clock), "runs", "completed_at", "run_state", "continuous")
	tell("monitoring", monitoringWords(then.Monitoring, b.clock), monitoringWords(now.Monitoring, b.clock), "monitoring")
	tell("reports a match", valueWords(then.HasMatch, b.clock), valueWords(now.HasMatch, b.clock), "has_match")
	if moved["query"] {
		told["subject"] = true // read from the query
	}
	for _, c := range changes {
		if c.Path[1].Name != "query" {
			continue
		}
		if label, was, is := b.queryChange(c, then, now); !told["query "+label] {
			told["query "+label] = true
			b.say(name+", query: "+label, was, is)
		}
	}
	told["query"], told["rest"] = true, true
	b.words.rows = append(b.words.rows, b.rest(name+", ", changes, 1, told)...)
	elsewhere := map[string]bool{}
	for field := range moved { // the rest of a report holds its own words for what is a field of ours
		elsewhere[field], elsewhere[strings.ReplaceAll(field, "_", "-")] = true, true
	}
	b.resourceRows(name, changes, 2, then.Rest, now.Rest, elsewhere)
}

// queryChange gives the value of a query that a change is about, then and now.
func (b *deltaBuilder) queryChange(c review.Change, then, now *review.Report) (name, was, is string) {
	key := c.Path[1].Key
	value := func(r *review.Report, v any) string {
		if q, ok := v.(review.QueryField); ok {
			return valueWords(q, b.clock)
		}
		if i := slices.IndexFunc(r.Query, func(q review.QueryField) bool { return q.Key == key }); i >= 0 && len(c.Path) > 2 {
			return valueWords(r.Query[i], b.clock)
		}
		return ""
	}
	return lowerFirst(label(key)), value(then, c.Then), value(now, c.Now)
}

// runsGist says how often a report ran, and when last.
func runsGist(r review.Report, now time.Time) string {
	done, last := 0, r.CompletedAt
	for _, run := range r.Runs {
		if !run.CompletedAt.IsZero() {
			done++
		}
		if run.CompletedAt.After(last) {
			last = run.CompletedAt
		}
	}
	switch {
	case last.IsZero():
		return "not completed"
	case done < 2:
		return "completed " + instant(last, now)
	}
	return views.Plural(done, "run", "runs") + ", the last completed " + instant(last, now)
}

func monitoringWords(m review.Monitoring, now time.Time) string {
	words := lowerFirst(views.MonitoringTag(m.State).Words)
	if words == "" {
		words = openSet(string(m.State))
	}
	if !m.Since.IsZero() {
		words += " since " + instant(m.Since, now)
	}
	if !m.Next.IsZero() {
		words += ", next run " + views.Day(m.Next, now).Words
	}
	return words
}

// recordRows tells what changed of the records.
func (b *deltaBuilder) recordRows() {
	b.words.rows = append(b.words.rows, b.cameAndWent("records", func(v any) (string, views.Side) {
		r, _ := v.(review.Resource)
		return b.labelOf(r.Ref), views.Side{Str: recordGist(r), Note: clip(str(r.Ref.ID).Text, longestID)}
	})...)
	for i := range b.now.Records {
		now := &b.now.Records[i]
		j := slices.IndexFunc(b.then.Records, func(r review.Resource) bool { return r.Ref == now.Ref })
		changes := b.take(func(p review.Path) bool { return len(p) > 1 && p[0].Name == "records" && p[0].Key == now.Ref.String() })
		switch {
		case j < 0 || len(changes) == 0:
		case b.then.Records[j].Capture == review.CaptureAbsent && now.Capture != review.CaptureAbsent: // all of it is new
			b.add(views.CompareRow{Label: b.labelOf(now.Ref), Mark: views.MarkAdded, Right: views.Side{Str: recordGist(*now), Note: clip(str(now.Ref.ID).Text, longestID)},
				Left: views.Side{None: lowerFirst(views.CaptureTag(review.CaptureAbsent).Words)}})
		default:
			b.resourceRows(b.labelOf(now.Ref), changes, 1, b.then.Records[j], *now, nil)
		}
	}
}

// recordGist says in a few words what a record is, or how it was captured when it says nothing.
func recordGist(r review.Resource) views.Str {
	if g := gist(r); g.Text != "" {
		return g
	}
	return views.S(lowerFirst(views.CaptureTag(r.Capture).Words))
}

// cameAndWent tells of whole items of a list that were added or are gone.
func (b *deltaBuilder) cameAndWent(list string, words func(any) (string, views.Side)) []views.CompareRow {
	var rows []views.CompareRow
	for _, c := range b.take(func(p review.Path) bool { return len(p) == 1 && p[0].Name == list }) {
		row := views.CompareRow{Mark: views.MarkChanged, Left: views.Side{None: "not there"}, Right: views.Side{None: "not there any more"}}
		if c.Op != review.Added {
			row.Mark = views.MarkGone
			row.Label, row.Left = words(c.Then)
		}
		if c.Op != review.Gone {
			row.Mark = views.MarkAdded
			row.Label, row.Right = words(c.Now)
		}
		if c.Op == review.Changed {
			row.Mark = views.MarkChanged
		}
		rows = append(rows, row)
	}
	return rows
}

// labelOf names a resource by its type, with its id where there are several of the type.
func (b *deltaBuilder) labelOf(ref review.Ref) string {
	ids := map[string]bool{ref.ID: true}
	for _, d := range []*review.Dossier{&b.then, &b.now} {
		for i := range d.Reports {
			if d.Reports[i].Ref.Type == ref.Type {
				ids[d.Reports[i].Ref.ID] = true
			}
		}
		for i := range d.Records {
			if d.Records[i].Ref.Type == ref.Type {
				ids[d.Records[i].Ref.ID] = true
			}
		}
	}
	if len(ids) > 1 {
		return typeWords(ref.Type) + " " + clip(str(ref.ID).Text, 40)
	}
	return typeWords(ref.Type)
}

// resourceRows tells what changed of a resource, field by field. The changes lie below depth
// steps; what is told of elsewhere, by the names of fields and the keys of attributes, is left out.
func (b *deltaBuilder) resourceRows(name string, changes []review.Change, depth int, then, now review.Resource, elsewhere map[string]bool) {
	seen := map[string]bool{}
	for _, c := range changes {
		if len(c.Path) <= depth || depth > 1 && c.Path[depth-1].Name != "resource" && c.Path[depth-1].Name != "rest" {
			continue
		}
		path := c.Path[depth:]
		head := path[0]
		switch head.Name {
		case "attributes", "fields":
			key := strings.ReplaceAll(head.Key, "_", "-")
			if head.Name == "attributes" && (elsewhere[key] || key == "status" && then.Status != now.Status || key == "created-at" && !then.CreatedAt.Equal(now.CreatedAt)) {
				continue
			}
			keys := fieldKeys(path)
			words := strings.Join(keys, ", ")
			if seen[head.Name+words] {
				continue
			}
			seen[head.Name+words] = true
			was, is := valueWords(c.Then, b.clock), valueWords(c.Now, b.clock)
			if f, ok := fieldOf(then, head.Name, path); ok {
				was = fieldWords(f, b.clock)
			}
			if f, ok := fieldOf(now, head.Name, path); ok {
				is = fieldWords(f, b.clock)
			}
			if was == is { // the same words of another kind
				b.add(b.generic(name+", ", c, path))
				continue
			}
			b.say(name+", "+words, was, is)
		default:
			if elsewhere[head.Name] || seen[head.Name+head.Key] {
				continue
			}
			seen[head.Name+head.Key] = true
			b.add(b.generic(name+", ", c, path))
		}
	}
}

// fieldKeys are the words for the keys on the way to a field.
func fieldKeys(path review.Path) []string {
	var keys []string
	for _, s := range path {
		if s.Key != "" {
			keys = append(keys, clip(lowerFirst(label(s.Key)), 80))
		}
	}
	return keys
}

// fieldOf finds the field that a path leads to, or into.
func fieldOf(r review.Resource, list string, path review.Path) (review.Field, bool) {
	fields := r.Attributes
	if list == "fields" {
		fields = r.Fields
	}
	var found review.Field
	ok := false
	for _, s := range path {
		if s.Name != "attributes" && s.Name != "fields" && s.Name != "items" {
			break
		}
		i := slices.IndexFunc(fields, func(f review.Field) bool { return f.Key == s.Key && s.Key != "" })
		if i < 0 {
			return review.Field{}, false
		}
		found, ok, fields = fields[i], true, fields[i].Items
	}
	return found, ok
}
