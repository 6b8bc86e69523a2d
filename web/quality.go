package web

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/store"
	"docket/views"
)

// qualityDays is how far back the figures go.
const qualityDays = 365

// showQuality is where second looks are taken, and what they say: to a reviewer of their own work alone,
// to all others of the team's.
func (s *Server) showQuality(w http.ResponseWriter, r *http.Request) error {
	return s.renderQuality(w, r, http.StatusOK, nil, nil)
}

var qualityNotices = map[string]views.Notice{
	"answered": {Tone: views.ToneGood, News: true, Strong: "Recorded: your second look."},
	"left":     {News: true, Strong: "Handed back.", Text: "A colleague gets it; you do not get it again."},
	"nothing":  {News: true, Strong: "Nothing waits that you could look at.", Text: "You get no work that you had a part in."},
	"known":    {Tone: views.ToneGood, News: true, Strong: "Marked.", Text: "It is mixed among the second looks of others."},
	"unmarked": {Tone: views.ToneGood, News: true, Strong: "Taken back.", Text: "It is mixed in no more, and what was answered at it counts no more."},
}

func (s *Server) renderQuality(w http.ResponseWriter, r *http.Request, status int, mark *views.KnownForm, unmark *views.UnmarkForm) error {
	who, now := me(r), s.now()
	page := views.QualityPage{Shell: s.shell(r, "Quality", views.PlaceQuality),
		Lead: "One in so many decisions and cleared matches is judged again by a colleague who does not know the first answer."}
	page.Problem = mark != nil || unmark != nil
	if n, ok := qualityNotices[r.URL.Query().Get("done")]; ok {
		page.Notices = append(page.Notices, n)
	}
	if who.Role.Acts() {
		page.Next = &views.NextLook{Take: true, Text: "A second look takes a few minutes. While it is open every other page is closed to you, and you can hand it back at any time."}
		today := review.DayOf(now)
		own, err := s.db.OwnQuality(r.Context(), who.ID, review.DaySpan{From: today - qualityDays, To: today})
		if err != nil {
			return err
		}
		page.Own, page.OwnIs = ownFacts(own), "Of the last "+views.Number(qualityDays)+" days, until yesterday; only you see them"
	}
	if overseers.admits(who.Role) {
		team, err := s.teamQuality(r, now)
		if err != nil {
			return err
		}
		if leads.admits(who.Role) {
			if team.Mark = mark; mark == nil {
				team.Mark = &views.KnownForm{}
			}
			if unmark != nil {
				team.Unmark = *unmark
			}
		}
		page.Team = team
	}
	return s.render(w, r, status, page)
}

// ownFacts are one person's own figures. What is of few is not said: it would tell of single items.
func ownFacts(own store.OwnQuality) []views.Fact {
	return []views.Fact{
		{Term: "Second looks that you answered", Value: views.V(views.Number(own.Answered))},
		{Term: "Known answers that you found", Value: views.V(shareWords(own.Known))},
		{Term: "Your cleared matches, found the same by others", Value: views.V(shareWords(own.Mine.Findings.Same()))},
		{Term: "Your decisions, made the same by others", Value: views.V(shareWords(own.Mine.Decisions.Same()))},
	}
}

// shareWords says a share with its interval, or that it is of too few.
func shareWords(s review.Share) string {
	if s.TooFew() {
		return views.TooFew()
	}
	return ofWords(s) + " (95 % interval " + rangeWords(s.Wilson()) + ")"
}

func ofWords(s review.Share) string {
	return views.Number(s.N) + " of " + views.Number(s.Of) + ", " + percent(s.Value()) + " %"
}

func rangeWords(i review.Interval) string { return percent(i.Low) + " to " + percent(i.High) + " %" }

func percent(share float64) string { return strconv.Itoa(int(math.Round(share * 100))) }

func (s *Server) teamQuality(r *http.Request, now time.Time) (*views.TeamQuality, error) {
	today := review.DayOf(now)
	days := review.DaySpan{From: today - qualityDays, To: today + 1}
	a, err := s.db.Agreement(r.Context(), days)
	if err != nil {
		return nil, err
	}
	differ, err := s.db.Disagreements(r.Context())
	if err != nil {
		return nil, err
	}
	rules, err := s.rules(r.Context())
	if err != nil {
		return nil, err
	}
	known, err := s.db.KnownItems(r.Context(), me(r).ID)
	if err != nil {
		return nil, err
	}
	t := &views.TeamQuality{
		Days: "Second looks answered in the last " + views.Number(qualityDays) + " days",
		Facts: []views.Fact{{Term: "Drawn", Value: views.V(views.Number(a.Drawn))}, {Term: "Answered", Value: views.V(views.Number(a.Answered))},
			{Term: "Waiting now", Value: views.V(views.Number(a.Waiting))}},
		Rows:     agreementRows(a, rules.book),
		Cross:    crossTables(a),
		DifferIs: differWords(a),
		Known: []views.Fact{{Term: "Items", Value: views.V(views.Number(known.Items))}, {Term: "Marked by you", Value: views.V(views.Number(known.Mine))},
			{Term: "Answers that were right", Value: views.V(knownWords(a.Known))}},
		Draws: views.Go{Href: "/quality/draws", Words: "See what was drawn, and have it drawn again"},
	}
	for _, d := range differ {
		t.Differ = append(t.Differ, disagreementRow(d, now))
	}
	return t, nil
}

// differWords says how many wait for a lead, and how those went that did not.
func differWords(a review.Agreement) string {
	words := views.Number(a.Unresolved) + " to settle"
	if a.Unresolved == 0 {
		words = "None to settle"
	}
	if a.First+a.Second+a.Third == 0 {
		return words
	}
	return words + ". Settled: " + views.Number(a.First) + " for the first, " + views.Number(a.Second) + " for the second, " + views.Number(a.Third) + " for neither"
}

func knownWords(s review.Share) string {
	if s.Of > 0 && s.TooFew() {
		return views.Number(s.N) + " of " + views.Number(s.Of) + "; " + views.TooFew()
	}
	return shareWords(s)
}

func agreementRows(a review.Agreement, book review.PolicyBook) []views.AgreementRow {
	rows := []views.AgreementRow{
		agreementRow("Decisions", a.Decisions),
		agreementRow("Findings", a.Findings),
	}
	add := func(group string, all []review.RatingsOf, words func(string) string) {
		for i, of := range all {
			row := agreementRow(words(of.Key), of.Ratings)
			if i == 0 {
				row.Group = group
			}
			rows = append(rows, row)
		}
	}
	add("Findings by report", a.Kinds, func(k string) string { return str(views.KindWords(review.ReportKind(k))).Text })
	add("Findings by the first one’s main reason", a.Reasons, func(k string) string { return book.FindingReason(book.Now().Version, review.Reason(k)) })
	return rows
}

func agreementRow(words string, r review.Ratings) views.AgreementRow {
	same := r.Same()
	row := views.AgreementRow{Words: words, Looks: views.Number(same.Of), Same: views.Number(same.N) + " of " + views.Number(same.Of), Few: same.TooFew()}
	if !row.Few {
		row.Same = ofWords(same)
		row.Range, row.Kappa, row.AC1 = rangeWords(same.Wilson()), coefficient(r.Kappa()), coefficient(r.AC1())
	}
	return row
}

// coefficient says a measure with its interval: "0.71 (0.50 to 0.92)".
func coefficient(c review.Coefficient) string {
	if !c.Known {
		return "not defined"
	}
	i := c.Interval()
	return decimal(c.Value) + " (" + decimal(i.Low) + " to " + decimal(i.High) + ")"
}

func decimal(x float64) string {
	return strings.ReplaceAll(strings.Replace(fmt.Sprintf("%.2f", x), "-0.00", "0.00", 1), "-", "−")
}

func crossTables(a review.Agreement) []views.CrossTable {
	var all []views.CrossTable
	if a.Findings.Total() > 0 {
		all = append(all, crossTable("Who found what", texts(review.Findings()), a.Findings, func(w string) string { return views.FindingTag(review.Finding(w)).Words }))
	}
	if a.Decisions.Total() > 0 {
		all = append(all, crossTable("Who decided what", texts(review.Outcomes()), a.Decisions, func(w string) string { return views.OutcomeTag(review.Outcome(w)).Words }))
	}
	return all
}

func crossTable(caption string, categories []string, r review.Ratings, words func(string) string) views.CrossTable {
	t := views.CrossTable{Caption: caption}
	for i, c := range categories {
		t.Columns = append(t.Columns, "Second: "+lowerFirst(words(c)))
		row := views.CrossRow{Words: words(c)}
		for _, n := range r.N[i] {
			row.Cells = append(row.Cells, views.Number(n))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func disagreementHref(id review.DisagreementID) string {
	return "/quality/disagreements/" + strconv.FormatInt(int64(id), 10)
}

func disagreementRow(d review.Disagreement, now time.Time) views.DisagreementRow {
	row := views.DisagreementRow{Href: disagreementHref(d.ID), Subject: str(d.Subject), Review: views.Go{Href: reviewHref(d.Sample.Review), Words: d.Sample.Review.String()},
		First: saidTag(d.First), Second: saidTag(d.Second), At: views.At(d.Second.At, now), State: views.Tag{Words: "To settle", Tone: views.ToneAccent}}
	if row.Subject.IsZero() {
		row.Subject = views.S("No name captured")
	}
	if d.Resolution.Entry != 0 {
		row.State = views.Tag{Words: views.UpheldWords(d.Resolution.Upheld)}
	}
	return row
}

func saidTag(a review.Argument) views.Tag {
	if a.Outcome != "" {
		return views.OutcomeTag(a.Outcome)
	}
	return views.FindingTag(a.Finding)
}

// markKnown makes a finding of the past one whose answer is known.
func (s *Server) markKnown(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var entry, answer, note string
	if err := errors.Join(f.single("entry", &entry), f.single("answer", &answer), f.single("note", &note)); err != nil {
		return err
	}
	err = s.db.MarkKnown(r.Context(), copiedEntry(entry), me(r).ID, review.Finding(answer), note)
	var invalid *review.Invalid
	switch {
	case errors.As(err, &invalid):
		return s.renderQuality(w, r, http.StatusUnprocessableEntity, &views.KnownForm{Entry: entry, Answer: review.Finding(answer), Note: note,
			Problems: views.Problems{List: problemList(invalid.Problems)}}, nil)
	case errors.Is(err, review.ErrConflict):
		return &told{err: err, head: "This finding is marked already", text: "It is mixed among the second looks. Nothing was changed.", acts: []views.Go{{Href: "/quality", Words: "To quality"}}}
	case err != nil:
		return err
	}
	seeOther(w, "/quality?done=known")
	return nil
}

// copiedEntry reads the number of an entry as people copy it from the trail; 0 when it is none.
func copiedEntry(text string) review.EntryID {
	id, _ := strconv.ParseInt(strings.NewReplacer(",", "", " ", "").Replace(text), 10, 64)
	return review.EntryID(id)
}

// unmarkKnown takes back that the answer of a finding is known.
func (s *Server) unmarkKnown(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var entry, why string
	if err := errors.Join(f.single("marked", &entry), f.single("why", &why)); err != nil {
		return err
	}
	err = s.db.UnmarkKnown(r.Context(), copiedEntry(entry), me(r).ID, why)
	var invalid *review.Invalid
	if errors.As(err, &invalid) {
		for i, p := range invalid.Problems {
			invalid.Problems[i].Field = map[string]string{"entry": "marked", "note": "why"}[p.Field]
		}
		return s.renderQuality(w, r, http.StatusUnprocessableEntity, nil, &views.UnmarkForm{Marked: entry, Why: why,
			Problems: views.Problems{List: problemList(invalid.Problems)}})
	}
	if err != nil {
		return err
	}
	seeOther(w, "/quality?done=unmarked")
	return nil
}

// showDraws draws everything again and says whether the record tells the same.
func (s *Server) showDraws(w http.ResponseWriter, r *http.Request) error {
	all, err := s.db.Draws(r.Context())
	if err != nil {
		return err
	}
	page := views.DrawsPage{Shell: s.shell(r, "The draw", views.PlaceQuality)}
	page.Lead = "For each decision that takes effect a lot is drawn from a seed: for the decision, and for each match that it cleared. Opening this page draws all of them again."
	wrong := 0
	for _, d := range all {
		row := views.DrawRow{Policy: "Version " + strconv.FormatInt(int64(d.Policy), 10), Commitment: groups(d.Commitment),
			Drawn:    views.Number(d.Decided) + " of " + views.Number(d.Decisions),
			Findings: views.Number(d.Findings) + " of " + views.Number(d.Cleared), Verdict: views.Tag{Words: "The same", Tone: views.ToneGood}}
		if d.Seed != nil {
			row.Seed = groups(review.Hash(*d.Seed))
		}
		if d.Wrong > 0 {
			row.Verdict = views.Tag{Words: views.Plural(d.Wrong, "draw", "draws") + " not as recorded", Tone: views.ToneDanger}
			wrong += d.Wrong
		}
		page.Rows = append(page.Rows, row)
	}
	switch {
	case len(all) == 0:
		page.Notices = []views.Notice{{Strong: "Nothing was drawn yet."}}
	case wrong > 0:
		page.Notices = []views.Notice{{Tone: views.ToneDanger, Strong: "The record of the draws is not what the seeds give.",
			Text: "Somebody chose, or changed the database: “docket verify” names the first record that fails."}}
	}
	return s.render(w, r, http.StatusOK, page)
}
