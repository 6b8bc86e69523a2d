package review

import "strings"

// What each noun gives to the digest: its fields in their order.

func (g *digest) dossier(d *Dossier) {
	g.open()
	digestLarge(g, "transaction", &d.Transaction, (*digest).transaction)
	digestLarge(g, "about", &d.About, (*digest).root)
	digestLarge(g, "subject", &d.Subject, (*digest).subject)
	digestEach(g, "examined", d.Examined, (*digest).examined)
	digestEach(g, "reports", d.Reports, (*digest).report)
	digestEach(g, "records", d.Records, (*digest).resource)
	g.done()
}

func (g *digest) transaction(t *Transaction) {
	g.open()
	g.text("id", string(t.ID))
	digestOne(g, "status", &t.Status, (*digest).captured)
	digestOne(g, "reference_id", &t.ReferenceID, (*digest).captured)
	g.text("type", t.Type)
	digestEach(g, "tags", t.Tags, digestText)
	g.time("created_at", t.CreatedAt)
	g.text("fallback", t.Fallback)
	digestLarge(g, "resource", &t.Resource, (*digest).resource)
	g.done()
}

func (g *digest) root(r *Root) {
	g.open()
	digestOne(g, "ref", &r.Ref, (*digest).ref)
	digestOne(g, "name", &r.Name, (*digest).captured)
	digestOne(g, "status", &r.Status, (*digest).captured)
	digestOne(g, "reference_id", &r.ReferenceID, (*digest).captured)
	digestEach(g, "tags", r.Tags, digestText)
	g.time("created_at", r.CreatedAt)
	digestLarge(g, "resource", &r.Resource, (*digest).resource)
	g.done()
}

func (g *digest) subject(s *Subject) {
	g.open()
	g.text("kind", string(s.Kind))
	digestLarge(g, "name", &s.Name, (*digest).called)
	g.text("first", s.First)
	g.text("middle", s.Middle)
	g.text("last", s.Last)
	digestEach(g, "others", s.Others, (*digest).called)
	digestOne(g, "birthdate", &s.Birthdate, (*digest).birthdate)
	digestEach(g, "countries", s.Countries, (*digest).country)
	g.text("sex", s.Sex)
	digestEach(g, "identifiers", s.Identifiers, (*digest).identifier)
	digestEach(g, "wallets", s.Wallets, (*digest).identifier)
	g.text("from", s.From)
	g.done()
}

func (g *digest) examined(e *Examined) {
	g.open()
	digestLarge(g, "subject", &e.Subject, (*digest).subject)
	digestOne(g, "account", &e.Account, (*digest).ref)
	digestEach(g, "of", e.Of, (*digest).ref)
	g.done()
}

func (g *digest) report(r *Report) {
	g.open()
	digestOne(g, "ref", &r.Ref, (*digest).ref)
	g.text("kind", string(r.Kind))
	g.text("capture", string(r.Capture))
	digestOne(g, "status", &r.Status, (*digest).captured)
	digestOne(g, "has_match", &r.HasMatch, (*digest).flag)
	digestOne(g, "continuous", &r.Continuous, (*digest).flag)
	digestOne(g, "recurring", &r.Recurring, (*digest).flag)
	g.text("template", r.Template)
	g.time("created_at", r.CreatedAt)
	g.time("completed_at", r.CompletedAt)
	g.time("redacted_at", r.RedactedAt)
	digestEach(g, "query", r.Query, (*digest).queryField)
	digestLarge(g, "subject", &r.Subject, (*digest).subject)
	g.presence("match_state", r.MatchState)
	digestEach(g, "matches", r.Matches, (*digest).match)
	digestEach(g, "ignored", r.Ignored, (*digest).ignored)
	g.presence("run_state", r.RunState)
	digestEach(g, "runs", r.Runs, (*digest).run)
	digestEach(g, "acts", r.Acts, (*digest).runAct)
	digestOne(g, "monitoring", &r.Monitoring, (*digest).monitoring)
	g.time("details_at", r.DetailsAt)
	digestLarge(g, "rest", &r.Rest, (*digest).resource)
	g.done()
}

func (g *digest) queryField(f *QueryField) {
	g.open()
	g.text("key", f.Key)
	digestOne(g, "value", &f.Value, (*digest).captured)
	g.done()
}

func (g *digest) ignored(i *Ignored) {
	g.open()
	g.time("at", i.At)
	g.text("by", i.By)
	g.text("reason", i.Reason)
	g.time("run_at", i.RunAt)
	digestEach(g, "matches", i.Matches, digestText)
	g.bool("internal", i.Internal)
	g.text("what", i.What)
	g.done()
}

func (g *digest) run(r *Run) {
	g.open()
	g.text("id", r.ID)
	g.text("type", r.Type)
	g.time("scheduled_at", r.ScheduledAt)
	g.text("scheduled_date", r.ScheduledDate)
	g.time("completed_at", r.CompletedAt)
	g.int("matches", int64(r.Matches))
	g.text("source", string(r.Source))
	g.done()
}

func (g *digest) runAct(a *RunAct) {
	g.open()
	g.text("type", a.Type)
	g.time("at", a.At)
	g.text("by", a.By)
	g.done()
}

func (g *digest) monitoring(m *Monitoring) {
	g.open()
	g.text("state", string(m.State))
	g.time("since", m.Since)
	g.time("next", m.Next)
	g.done()
}

func (g *digest) match(m *Match) {
	g.open()
	g.text("key", string(m.Key))
	g.text("identity", m.Identity)
	g.text("entity_id", m.EntityID)
	digestOne(g, "report", &m.Report, (*digest).ref)
	g.text("kind", string(m.Kind))
	g.text("party", string(m.Party))
	digestEach(g, "names", m.Names, (*digest).called)
	digestEach(g, "birthdates", m.Birthdates, (*digest).birthdate)
	digestEach(g, "deathdates", m.Deathdates, (*digest).birthdate)
	digestEach(g, "countries", m.Countries, (*digest).country)
	digestEach(g, "sexes", m.Sexes, digestText)
	digestEach(g, "positions", m.Positions, (*digest).position)
	digestEach(g, "listings", m.Listings, (*digest).listing)
	digestEach(g, "articles", m.Articles, (*digest).article)
	digestEach(g, "associates", m.Associates, (*digest).associate)
	digestEach(g, "affiliations", m.Affiliations, digestText)
	digestEach(g, "identifiers", m.Identifiers, (*digest).identifier)
	digestEach(g, "sources", m.Sources, (*digest).source)
	digestEach(g, "links", m.Links, digestText)
	digestEach(g, "match_types", m.MatchTypes, digestText)
	digestEach(g, "topics", m.Topics, digestText)
	g.text("risk", m.Risk)
	g.bool("dismissed", m.Dismissed)
	g.text("review_status", m.ReviewStatus)
	digestOne(g, "in_last_run", &m.InLastRun, (*digest).flag)
	digestEach(g, "other", m.Other, (*digest).field)
	g.done()
}

func (g *digest) called(n *Name) {
	g.open()
	g.text("value", n.Value)
	g.text("type", n.Type)
	digestEach(g, "lists", n.Lists, digestText)
	g.done()
}

func (g *digest) birthdate(b *Birthdate) {
	g.open()
	digestOne(g, "from", &b.From, (*digest).date)
	digestOne(g, "to", &b.To, (*digest).date)
	g.bool("circa", b.Circa)
	g.text("raw", b.Raw)
	g.done()
}

func (g *digest) date(d *PartialDate) {
	g.open()
	g.int("y", int64(d.Year))
	g.int("m", int64(d.Month))
	g.int("d", int64(d.Day))
	g.done()
}

func (g *digest) country(c *Country) {
	g.open()
	g.text("code", c.Code)
	g.text("name", c.Name)
	g.text("role", c.Role)
	g.done()
}

func (g *digest) position(p *Position) {
	g.open()
	g.text("title", p.Title)
	g.text("class", p.Class)
	g.text("start", p.Start)
	g.text("end", p.End)
	digestEach(g, "topics", p.Topics, digestText)
	g.text("source", p.Source)
	g.done()
}

func (g *digest) listing(l *Listing) {
	g.open()
	g.text("name", l.Name)
	g.text("slug", l.Slug)
	g.text("type", l.Type)
	g.text("flag", l.Flag)
	g.text("url", l.URL)
	digestOne(g, "active", &l.Active, (*digest).flag)
	g.time("ended", l.Ended)
	g.text("state", l.State)
	g.done()
}

func (g *digest) article(a *Article) {
	g.open()
	g.text("title", a.Title)
	g.text("snippet", a.Snippet)
	g.text("url", a.URL)
	g.text("date", a.Date)
	g.done()
}

func (g *digest) associate(a *Associate) {
	g.open()
	g.text("name", a.Name)
	g.text("relationship", a.Relationship)
	g.done()
}

func (g *digest) identifier(i *Identifier) {
	g.open()
	g.text("type", i.Type)
	g.text("value", i.Value)
	g.text("country", i.Country)
	g.done()
}

func (g *digest) source(s *Source) {
	g.open()
	g.text("name", s.Name)
	g.text("url", s.URL)
	g.text("flag", s.Flag)
	g.done()
}

func (g *digest) resource(r *Resource) {
	g.open()
	digestOne(g, "ref", &r.Ref, (*digest).ref)
	g.text("capture", string(r.Capture))
	digestOne(g, "status", &r.Status, (*digest).captured)
	digestEach(g, "attributes", r.Attributes, (*digest).field)
	digestEach(g, "fields", r.Fields, (*digest).field)
	digestEach(g, "relations", r.Relations, (*digest).relation)
	digestEach(g, "checks", r.Checks, (*digest).check)
	digestEach(g, "photos", r.Photos, (*digest).photo)
	g.time("created_at", r.CreatedAt)
	g.time("redacted_at", r.RedactedAt)
	g.text("via", r.Via)
	g.done()
}

func (g *digest) field(f *Field) {
	g.open()
	g.text("key", f.Key)
	g.text("type", f.Type)
	g.presence("state", f.State)
	if !strings.HasSuffix(f.Key, "updated-at") { // a text that only says when something was written
		g.text("text", f.Text)
	}
	digestEach(g, "items", f.Items, (*digest).field)
	digestPointer(g, "file", f.File, (*digest).file)
	digestPointer(g, "ref", f.Ref, (*digest).ref)
	g.done()
}

func (g *digest) file(f *File) {
	g.open()
	g.text("name", f.Name)
	g.text("media", f.Media)
	g.int("bytes", f.Bytes)
	g.int("pages", int64(f.Pages))
	g.text("host", f.Host)
	g.done()
}

func (g *digest) relation(r *Relation) {
	g.open()
	g.text("name", r.Name)
	g.presence("state", r.State)
	digestEach(g, "refs", r.Refs, (*digest).ref)
	g.done()
}

func (g *digest) check(c *Check) {
	g.open()
	g.text("name", c.Name)
	g.text("status", c.Status)
	g.text("requirement", c.Requirement)
	digestEach(g, "reasons", c.Reasons, digestText)
	digestEach(g, "metadata", c.Metadata, (*digest).field)
	g.done()
}

func (g *digest) photo(p *Photo) {
	g.open()
	g.text("page", p.Page)
	digestOne(g, "file", &p.File, (*digest).file)
	g.done()
}

func (g *digest) ref(r *Ref) {
	g.open()
	g.text("type", r.Type)
	g.text("id", r.ID)
	g.done()
}

func (g *digest) captured(t *Text) {
	g.open()
	g.presence("state", t.State)
	g.text("value", t.Value)
	g.done()
}

func (g *digest) flag(f *Flag) {
	g.open()
	g.presence("state", f.State)
	g.bool("value", f.Value)
	g.done()
}
