package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// showParty is one listed party: every match and finding, across subjects.
func (s *Server) showParty(w http.ResponseWriter, r *http.Request) error {
	key, err := review.ParsePartyKey(r.PathValue("key"))
	if err != nil {
		return err
	}
	q := store.PartyQuery{Key: key, After: clip(r.URL.Query().Get("after"), 200), Limit: rowsPerPage}
	for _, f := range review.Findings() {
		if r.URL.Query().Get("finding") == string(f) {
			q.Finding = f
		}
	}
	file, err := s.db.Party(r.Context(), q)
	if err != nil {
		return err
	}
	book, err := s.db.PolicyBook(r.Context())
	if err != nil {
		return err
	}
	b := partyPageBuilder{file: file, query: q, book: book, me: me(r).ID, now: s.now()}
	page := b.page()
	page.Shell = s.shell(r, clip(b.heading(), 200), views.PlaceNone)
	return s.render(w, r, http.StatusOK, page)
}

// listedParties are the pages of those that the open matches of a report name, and how many more
// there are.
func listedParties(r review.Report) (pages []views.Go, further int) {
	seen := map[review.PartyKey]bool{}
	for i := range r.Matches {
		m := &r.Matches[i]
		name := str(m.PrimaryName()).Text
		if !m.Open() || name == "" || seen[m.PartyKey()] {
			continue
		}
		seen[m.PartyKey()] = true
		if on := partyLists([]review.Match{*m}); len(on) > 0 && slices.ContainsFunc(pages, func(p views.Go) bool { return strings.HasPrefix(p.Words, clip(name, 100)) }) {
			name = clip(name, 100) + " (" + on[0].Words + ")" // several of one name are told apart
		}
		if len(pages) == shownParties {
			further++
			continue
		}
		pages = append(pages, views.Go{Href: partyHref(m.PartyKey()), Words: clip(name, 200)})
	}
	return pages, further
}

// partyPageBuilder makes the page of a listed party: a pure function of its fields.
type partyPageBuilder struct {
	file  store.PartyFile
	query store.PartyQuery
	book  review.PolicyBook
	me    review.ColleagueID
	now   time.Time
}

const (
	shownNames = 30 // further names of a party
	shownLists = 10

	shownParties = 8 // of one report
)

// names are all that its matches call the party, those of the key that was asked for first.
func (b *partyPageBuilder) names() []string {
	var all []string
	for _, k := range b.file.Keys {
		for _, n := range k.Names {
			if !slices.Contains(all, n) {
				all = append(all, n)
			}
		}
	}
	return all
}

func (b *partyPageBuilder) heading() string {
	for _, n := range b.names() {
		if t := str(n).Text; t != "" {
			return t
		}
	}
	return b.instead()
}

func (b *partyPageBuilder) instead() string {
	for _, k := range b.file.Keys {
		if k.What == review.PartyList {
			return "A list, no party named"
		}
	}
	return "No name kept"
}

func (b *partyPageBuilder) page() views.PartyPage {
	f := b.file
	p := views.PartyPage{Instead: b.instead(), What: b.what(), Lead: b.lead(), Merged: b.merged(), Filters: b.filters(),
		Facts: []string{"Counted are matches that came under review here."}}
	for i, n := range b.names() {
		switch s := str(n); {
		case s.Text == "" || i > shownNames:
		case p.Name.IsZero():
			p.Name = s
		default:
			p.Others = append(p.Others, s)
		}
	}
	if len(f.Rows) == 0 {
		p.Empty = &views.Empty{Head: "No match with this finding", Acts: []views.Go{{Href: b.href("", ""), Words: "Show all matches"}}}
		if b.query.Finding == "" {
			p.Empty = &views.Empty{Head: "No further match", Acts: []views.Go{{Href: b.href("", ""), Words: "Back to the first page"}}}
		}
		return p
	}
	p.Showing = views.Plural(len(f.Rows), "match", "matches") + ", newest first"
	switch {
	case b.query.After != "" || f.Next != "":
		p.Showing = "Showing " + p.Showing
	case b.query.Finding == "":
		p.Showing = "All " + p.Showing
	}
	p.Caption = "Matches of this party, newest first"
	if b.query.After != "" {
		p.First = views.Go{Href: b.href(b.query.Finding, ""), Words: "Back to the first page"}
	}
	if f.Next != "" {
		p.Next = views.Go{Href: b.href(b.query.Finding, f.Next), Words: "Next page"}
	}
	for _, row := range f.Rows {
		p.Rows = append(p.Rows, b.row(row))
	}
	return p
}

func (b *partyPageBuilder) href(finding review.Finding, after string) string {
	v := url.Values{}
	if finding != "" {
		v.Set("finding", string(finding))
	}
	if after != "" {
		v.Set("after", after)
	}
	if len(v) == 0 {
		return partyHref(b.query.Key)
	}
	return partyHref(b.query.Key) + "?" + v.Encode()
}

// what says what the party is and where it stands.
func (b *partyPageBuilder) what() string {
	var what review.PartyKind
	var kinds, lists []string
	for _, k := range b.file.Keys {
		if what == review.PartyUnknown {
			what = k.What
		}
		for _, kind := range k.Kinds {
			if w := views.KindWords(kind); !slices.Contains(kinds, w) {
				kinds = append(kinds, w)
			}
		}
		for _, l := range k.Lists {
			if w := str(l).Text; w != "" && !slices.Contains(lists, w) {
				lists = append(lists, w)
			}
		}
	}
	slices.Sort(kinds)
	slices.Sort(lists)
	out := views.PartyKindWords(what)
	if len(kinds) > 0 {
		out += ". Found by: " + lowerFirst(strings.Join(kinds, ", "))
	}
	if n := len(lists); n > 0 {
		out += ". On " + views.Plural(n, "list", "lists") + ": " + strings.Join(lists[:min(n, shownLists)], " · ")
		if n > shownLists {
			out += " and " + views.Number(n-shownLists) + " more"
		}
	}
	return out + "."
}

func (b *partyPageBuilder) judged() int {
	n := 0
	for _, k := range b.file.Judged {
		n += k
	}
	return n
}

// lead says how often the party was found, and what colleagues found: of each subject the newest
// finding.
func (b *partyPageBuilder) lead() string {
	f := b.file
	out := "Found on " + countWords(f.Subjects) + " " + one(f.Subjects, "subject", "subjects")
	n := b.judged()
	switch {
	case n == 0 && f.Matches.More:
		return out + "; among the newest, judged for nobody."
	case n == 0:
		return out + "; never judged."
	case f.Matches.More:
		out += "; among the newest " + views.Number(f.Matches.N) + " matches judged " + views.Plural(n, "time", "times")
	case n == 1:
		out += "; judged once"
	default:
		out += "; judged " + views.Number(n) + " times"
	}
	var found []string
	for _, finding := range review.Findings() {
		if k := f.Judged[finding]; k > 0 {
			found = append(found, lowerFirst(views.FindingTag(finding).Words)+" "+views.Number(k))
		}
	}
	return out + ": " + strings.Join(found, ", ") + "."
}

func one(c review.Count, single, many string) string {
	if c.N == 1 && !c.More {
		return single
	}
	return many
}

func (b *partyPageBuilder) filters() []views.TabLink {
	all := []views.TabLink{{Href: b.href("", ""), Words: "All matches", Current: b.query.Finding == ""}}
	for _, f := range review.Findings() {
		all = append(all, views.TabLink{Href: b.href(f, ""), Words: views.FindingTag(f).Words, Current: b.query.Finding == f})
	}
	return all
}

// merged shows which keys were taken for this party and why; nil when there is one alone.
func (b *partyPageBuilder) merged() *views.Merged {
	f := b.file
	if len(f.Keys) < 2 {
		return nil
	}
	m := &views.Merged{Text: views.Number(len(f.Keys)) + " keys are taken for one party, because matches that have them stood together in one review. " +
		"If two of them are different people, the matches below are of both."}
	for i, k := range f.Keys {
		row := views.MergedKey{Label: "Key " + views.Number(i+1), Key: string(k.Key), Asked: k.Key == b.query.Key, Matches: countWords(k.Matches)}
		if len(k.Names) > 0 {
			row.Name = str(k.Names[0])
		}
		row.Born = birthsWords(k.Born)
		var from []string
		for _, kind := range k.Kinds {
			from = append(from, views.KindWords(kind))
		}
		for _, l := range k.Lists[:min(len(k.Lists), shownLists)] {
			from = append(from, clip(str(l).Text, 100))
		}
		row.From = strings.Join(from, ", ")
		m.Keys = append(m.Keys, row)
	}
	for _, why := range f.Merges {
		one, other := b.keyNumber(why.One), b.keyNumber(why.Other)
		line := views.MergedWhy{Words: "Keys " + views.Number(min(one, other)) + " and " + views.Number(max(one, other)) + ": " +
			join(", ", str(why.By).Text, "on "+views.Plural(why.Matches, "match", "matches"))}
		for _, id := range why.Reviews {
			line.Reviews = append(line.Reviews, views.Go{Href: reviewHref(id), Words: id.String()})
		}
		if why.Matches > len(why.Reviews) && len(why.Reviews) >= store.MergeReviews {
			line.More = " and more"
		}
		m.Why = append(m.Why, line)
	}
	if f.MoreKeys {
		m.More = "There are more keys than are shown; their matches are not counted here."
	}
	m.Odds = b.odds()
	return m
}

// keyNumber is the number of a key in the table of keys.
func (b *partyPageBuilder) keyNumber(key review.PartyKey) int {
	return 1 + slices.IndexFunc(b.file.Keys, func(f store.PartyFace) bool { return f.Key == key })
}

// odds names two keys of which each gives birth dates that the other cannot have: a merge that is
// probably wrong.
func (b *partyPageBuilder) odds() *views.Notice {
	for i, k := range b.file.Keys {
		for _, l := range b.file.Keys[i+1:] {
			if review.BornApart(k.Born, l.Born) {
				return &views.Notice{Tone: views.ToneAttention, Strong: "These may be different people.",
					Text: "One is born " + birthsWords(k.Born) + ", another " + birthsWords(l.Born) + ". Look at the matches one by one; what was found on one says nothing of the other."}
			}
		}
	}
	return nil
}

func birthsWords(all []review.Birthdate) string {
	var out []string
	for _, d := range all {
		out = append(out, birthWords(d))
	}
	return strings.Join(out, " or ")
}

func (b *partyPageBuilder) row(r store.PartyRow) views.PartyPageRow {
	row := views.PartyPageRow{Match: string(r.Match), Review: r.Review.String()[2:], Seen: views.At(r.FirstSeen, b.now), Subject: str(r.Subject),
		Href: reviewHref(r.Review), Name: r.Review.String(), About: clip(str(r.Reference).Text, longestID), Kind: r.Kind, Called: str(r.Name), State: r.State}
	if r.Root.Type != "transaction" {
		row.About = join(" · ", row.About, typeWords(r.Root.Type)+" "+clip(str(r.Root.ID).Text, longestID))
	}
	if len(b.file.Keys) > 1 {
		row.Own = "key " + views.Number(b.keyNumber(r.Own))
	}
	if d := r.Found; d != nil {
		row.Reviewed, row.Finding, row.Main = true, d.Finding, b.book.FindingReason(d.Policy, d.Reason)
		row.By, row.At = whoWords(d.By, d.ByName, b.me), views.At(d.At, b.now)
		var rests []string
		for _, p := range d.Premises {
			rests = append(rests, views.PremiseWords(p))
		}
		for _, m := range d.Missing {
			rests = append(rests, "missing: "+lowerFirst(views.FactWords(m)))
		}
		row.Reasons = capital(strings.Join(rests, "; "))
	}
	return row
}
