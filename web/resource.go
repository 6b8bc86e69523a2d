package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/views"
)

// showResource is any captured resource, of types known and unknown, or one that another only
// named.
func (s *Server) showResource(w http.ResponseWriter, r *http.Request) error {
	ref, err := resourceRef(r.URL.EscapedPath())
	if err != nil {
		return err
	}
	file, err := s.db.ResourceFile(r.Context(), ref)
	if err != nil {
		return err
	}
	if ref.Type == review.RootCase && !file.Named {
		return s.showCase(w, r, ref)
	}
	var report *review.Report
	res := review.Resource{Ref: ref, Capture: review.CaptureAbsent}
	if !file.Named {
		res = persona.Resource(file.Captured)
		if ref.Family() == "report" {
			// Read as a report of a transaction that we know nothing else of.
			d := persona.Hydrate(review.Bundle{Root: review.Ref{Type: "transaction"}, Resources: []review.Captured{file.Captured}, Links: file.Links})
			for i := range d.Reports {
				if d.Reports[i].Ref == ref {
					report = &d.Reports[i]
				}
			}
		}
	}
	page := resourcePage(ref, res, report, file, s.now())
	if ref.Type == review.RootInquiry && !file.Named {
		root, err := s.db.RootFile(r.Context(), ref)
		if err != nil {
			return err
		}
		for _, one := range root.Reviews {
			page.Reviews = append(page.Reviews, reviewLine(one, root.Decisions, s.now()))
		}
	}
	page.Shell = s.shell(r, typeWords(ref.Type)+" "+str(ref.ID).Text, views.PlaceNone)
	if page.Pictures, err = s.pictures(r, []review.Resource{res}); err != nil {
		return err
	}
	if r.URL.Query().Get("done") == "fetch" {
		page.Notices = append(page.Notices, fetchNotice)
	}
	if s.connection().Connected && me(r).Role.Acts() && persona.HasEndpoint(ref) {
		page.Fetch = resourceHref(ref) + "/fetch"
	}
	return s.render(w, r, http.StatusOK, page)
}

func resourcePage(ref review.Ref, res review.Resource, report *review.Report, file store.ResourceFile, now time.Time) views.ResourcePage {
	p := views.ResourcePage{
		Identity: views.Identity{
			Path:   []views.Go{{Href: "/reviews", Words: "Queue"}, {Words: "Resource"}},
			Prefix: typeWords(ref.Type),
			Name:   visible(ref.ID),
			Status: views.CaptureTag(res.Capture),
		},
		Record:   record(res, 1, "", now),
		Links:    links(ref, file.Links),
		Payloads: payloads(file.Payloads, now),
	}
	p.Record.Open = true
	fact := func(term string, v views.Value) {
		p.Identity.Facts = append(p.Identity.Facts, views.Fact{Term: term, Value: v})
	}
	fact("Type", mono(views.Value{State: review.Present, Str: str(ref.Type)}))
	if res.Status.State != review.Absent {
		fact("Status", textValue(res.Status))
	}
	if !res.CreatedAt.IsZero() {
		fact("Created", timeValue(res.CreatedAt, now))
	}
	if !res.UpdatedAt.IsZero() {
		fact("Newest time of its own", timeValue(res.UpdatedAt, now))
	}
	if file.Named {
		p.Notices = append(p.Notices, views.Notice{Tone: views.ToneAttention, Strong: "Named, never received.",
			Text: "Another resource points to it, and no payload has carried it so far."})
	}
	if report != nil {
		rep := reportView(*report, 1, now)
		rep.Href = ""
		rep.Fields = nil // the record below holds everything that it said
		p.Report = &rep
	}
	return p
}

// typeWords words a resource's type: "report/watchlist" is "Watchlist report".
func typeWords(t string) string {
	family, kind, ok := strings.Cut(t, "/")
	if !ok {
		return label(t)
	}
	if family == "report" {
		return views.KindWords(review.ReportKind(kind)) + " report"
	}
	return label(kind) + " " + strings.ToLower(label(family))
}

// records makes the records of a dossier, with the root itself in front where the page
// does not show it elsewhere. Ties to what was never received are marked.
func records(d review.Dossier, withRoot bool, now time.Time) []views.Record {
	never := map[review.Ref]bool{}
	for _, r := range d.Reports {
		never[r.Ref] = r.Capture == review.CaptureAbsent
	}
	for _, r := range d.Records {
		never[r.Ref] = r.Capture == review.CaptureAbsent
	}
	list := d.Records
	if root := d.Root().Resource; withRoot && root.Ref.ID != "" {
		list = append([]review.Resource{root}, list...)
	}
	out := make([]views.Record, len(list))
	for i, res := range list {
		out[i] = record(res, i+1, rootWord(d.Root().Ref), now)
		for j, rel := range res.Relations {
			for k, ref := range rel.Refs {
				out[i].Relations[j].Refs[k].Never = never[ref]
			}
		}
	}
	return out
}

// record folds a resource into one line and everything that it says; about is what its page is
// about.
func record(res review.Resource, at int, about string, now time.Time) views.Record {
	rec := views.Record{
		Ref:     raw(res.Ref.String()),
		ID:      str(res.Ref.ID).Text,
		At:      strconv.Itoa(at),
		Label:   typeWords(res.Ref.Type),
		Gist:    gist(res),
		Capture: res.Capture,
		Href:    refHref(res.Ref),
	}
	failed := 0
	for _, c := range res.Checks {
		rec.Checks = append(rec.Checks, check(c, now))
		if c.Status == "failed" {
			failed++
		}
	}
	if failed > 0 {
		rec.Tag = views.Tag{Words: views.Plural(failed, "check failed", "checks failed"), Tone: views.ToneDanger}
	} else if n := len(res.Checks); n > 0 && res.Capture == review.CaptureFull {
		rec.Tag = views.Tag{Words: statusWords(res.Status), Tone: statusTone(res.Status.Value)}
	}
	if res.Via != "" {
		rec.Lines = append(rec.Lines, "Tied to the "+about+" through "+str(res.Via).Text+".")
	}
	if !res.RedactedAt.IsZero() {
		rec.Lines = append(rec.Lines, "Erased at Persona on "+views.At(res.RedactedAt, now).Words+" UTC.")
	}
	rec.Attributes = fields(res.Attributes, now)
	rec.Fields = fields(res.Fields, now)
	for _, p := range res.Photos {
		rec.Photos = append(rec.Photos, photo(p))
	}
	for _, rel := range res.Relations {
		rec.Relations = append(rec.Relations, relation(rel.Name, rel.State, rel.Refs))
	}
	return rec
}

// gist says in one line who or what a resource is about.
func gist(res review.Resource) views.Str {
	find := func(keys ...string) string {
		for _, list := range [][]review.Field{res.Fields, res.Attributes} {
			for _, k := range keys {
				for _, f := range list {
					if f.Text != "" && strings.ReplaceAll(f.Key, "_", "-") == k {
						return f.Text
					}
				}
			}
		}
		return ""
	}
	name := join(" ", find("name-first"), find("name-middle"), find("name-last"))
	if name == "" {
		name = find("name", "business-name", "name-full", "name-creator")
	}
	parts := []string{clip(name, 200)}
	if n := len(res.Checks); n > 0 {
		passed := 0
		for _, c := range res.Checks {
			if c.Status == "passed" {
				passed++
			}
		}
		parts = append(parts, views.Number(passed)+" of "+views.Plural(n, "check", "checks")+" passed")
	} else if res.Status.Value != "" {
		parts = append(parts, openSet(res.Status.Value))
	}
	return str(join(" · ", parts...))
}

func statusWords(t review.Text) string {
	if t.State == review.Present {
		return openSet(t.Value)
	}
	return views.PresenceWords(t.State)
}

func statusTone(status string) views.Tone {
	switch status {
	case "passed":
		return views.ToneGood
	case "failed":
		return views.ToneDanger
	}
	return views.ToneNone
}

func check(c review.Check, now time.Time) views.Check {
	out := views.Check{Name: raw(c.Name), Status: raw(c.Status), Label: label(c.Name), Result: views.CheckTag(c.Status),
		Metadata: fields(c.Metadata, now)}
	out.Result.Words = str(out.Result.Words).Text
	switch c.Requirement {
	case "required":
		out.Required = "yes"
	case "not_required":
		out.Required = "no"
	default:
		out.Required = openSet(c.Requirement)
	}
	for _, reason := range c.Reasons {
		out.Reasons = append(out.Reasons, str(strings.ReplaceAll(reason, "_", " ")))
	}
	return out
}

// underPhotos is where a record sends whoever looks for a file: whether there is a copy changes
// without the record.
const underPhotos = "under Photos and files"

func photo(p review.Photo) views.Photo {
	return views.Photo{Page: label(p.Page), Name: str(p.File.Name), Words: fileWords(p.File), Gone: underPhotos}
}

func fileWords(f review.File) string {
	pages := ""
	if f.Pages > 0 {
		pages = views.Plural(f.Pages, "page", "pages")
	}
	return join(", ", str(f.Media).Text, byteSize(f.Bytes), pages)
}

// fields makes typed values of a resource fit to be shown.
func fields(list []review.Field, now time.Time) []views.Field {
	out := make([]views.Field, len(list))
	for i, f := range list {
		out[i] = field(f, i, now)
	}
	return out
}

func field(f review.Field, i int, now time.Time) views.Field {
	out := views.Field{Key: raw(f.Key), Type: raw(f.Type), Label: label(f.Key)}
	if f.Key == "" {
		out.Label = views.Number(i + 1)
	}
	if len(f.Items) > 0 {
		out.Items = fields(f.Items, now)
		return out
	}
	out.Value = fieldValue(f, now)
	return out
}

func fieldValue(f review.Field, now time.Time) views.Value {
	v := views.Value{State: f.State}
	if f.State != review.Present {
		return v
	}
	switch {
	case f.File != nil:
		v.Str = str(f.File.Name)
		if v.Str.Text == "" {
			v.Str = views.S("a file")
		}
		v.Note = join(", ", fileWords(*f.File), underPhotos)
	case f.Ref != nil:
		v.To = views.Go{Href: resourceHref(*f.Ref), Words: typeWords(f.Ref.Type) + " " + str(f.Ref.ID).Text}
		if v.To.Href == "" {
			v.Str, v.To = str(f.Ref.ID), views.Go{}
		}
	case f.Text == "":
		v.State = review.Empty
	default:
		v = scalar(f, now)
	}
	return v
}

// scalar shows a single value by its type: instants and days as such, addresses as links,
// countries with their names.
func scalar(f review.Field, now time.Time) views.Value {
	v := views.Value{State: review.Present}
	switch f.Type {
	case "boolean":
		v.Str = views.S(map[string]string{"true": "yes", "false": "no"}[f.Text])
		if v.Str.Text == "" {
			v.Str = str(f.Text)
		}
		return v
	case "number", "integer":
		v.Str = str(f.Text)
		return v
	}
	if len(f.Text) >= 20 && len(f.Text) <= 35 && f.Text[4] == '-' && f.Text[10] == 'T' {
		if t, err := time.Parse(time.RFC3339Nano, f.Text); err == nil {
			v.Time = views.AtSecond(t, now)
			return v
		}
	}
	if len(f.Text) == 10 && f.Text[4] == '-' && f.Text[7] == '-' {
		if t, err := time.Parse(time.DateOnly, f.Text); err == nil {
			v.Time = views.Time{Datetime: f.Text, Words: t.Format("2 January 2006")}
			return v
		}
	}
	if webLink(f.Text) {
		v.Link = link("", f.Text)
		return v
	}
	v.Str = visible(f.Text)
	if len(f.Text) == 2 && strings.Contains(strings.ReplaceAll(f.Key, "_", "-"), "country") {
		if name, ok := regions()[f.Text]; ok {
			v.Note = name
		}
	}
	if strings.HasSuffix(f.Key, "-id") || strings.HasSuffix(f.Key, "_id") || f.Key == "id" || f.Key == "token" {
		return mono(v)
	}
	return v
}

// longestID is the longest text that is drawn as an id; a longer one is prose, whatever its key.
const longestID = 200

// mono draws a value in the fixed-width face of ids.
func mono(v views.Value) views.Value {
	v.Mono = len(v.Str.Text) <= longestID
	return v
}

// textValue is a captured text as a value.
func textValue(t review.Text) views.Value {
	v := views.Value{State: t.State}
	if t.State == review.Present {
		v.Str = visible(t.Value)
	}
	return v
}

func timeValue(t, now time.Time) views.Value {
	return views.Value{State: review.Present, Time: views.At(t, now)}
}

func relation(name string, state review.Presence, refs []review.Ref) views.Relation {
	rel := views.Relation{Name: label(name), State: state}
	for _, ref := range refs {
		rel.Refs = append(rel.Refs, relationRef(ref))
	}
	return rel
}

func relationRef(ref review.Ref) views.RelationRef {
	return views.RelationRef{Ref: raw(ref.String()), Label: typeWords(ref.Type), ID: str(ref.ID).Text, Href: refHref(ref)}
}

// refHref is where a resource is best looked at: a transaction has a page of its own.
func refHref(ref review.Ref) string {
	if ref.Type == "transaction" {
		return transactionHref(review.TransactionID(ref.ID))
	}
	return resourceHref(ref)
}

// links are the ties of a resource in both directions, by what they are called.
func links(ref review.Ref, all []review.Link) []views.Relation {
	var out []views.Relation
	add := func(name string, other review.Ref) {
		i := slices.IndexFunc(out, func(r views.Relation) bool { return r.Name == name })
		if i < 0 {
			out = append(out, views.Relation{Name: name, State: review.Present})
			i = len(out) - 1
		}
		one := relationRef(other)
		if !slices.Contains(out[i].Refs, one) {
			out[i].Refs = append(out[i].Refs, one)
		}
	}
	for _, l := range all {
		if l.From == ref {
			add(label(l.Name), l.To)
		} else {
			add("named by, as "+strings.ToLower(label(l.Name)), l.From)
		}
	}
	return out
}
