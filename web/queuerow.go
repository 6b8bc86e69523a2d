package web

import (
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// banded says that the list is drawn in bands of waiting time: only where waiting orders it.
func (b *queueBuilder) banded() bool {
	return b.query.Tab == review.TabOpen && b.query.Sort == review.SortOldest
}

func (b *queueBuilder) bands() []views.QueueBand {
	if !b.banded() {
		rows := make([]views.QueueRow, len(b.page.Rows))
		for i := range b.page.Rows {
			rows[i] = b.row(&b.page.Rows[i])
			rows[i].WaitTone = b.tone(&b.page.Rows[i])
		}
		return []views.QueueBand{{Rows: rows}}
	}
	target, warn := strings.TrimSuffix(daysWords(b.target), "-day")+" days", strings.TrimSuffix(daysWords(b.warn), "-day")
	bands := []views.QueueBand{
		{Tone: views.ToneDanger, Words: "Over target", More: "waiting more than " + target},
		{Tone: views.ToneAttention, Words: "Due within a day", More: "waiting " + warn + " to " + target},
		{Words: "In time", More: "waiting less than " + warn + " days"},
	}
	if b.target-b.warn != 24*time.Hour {
		bands[1].Words = "Due soon"
	}
	if !b.filtered() { // the counts are of the whole tab
		for i, n := range []int{b.page.Bands.Over, b.page.Bands.Soon, b.page.Bands.InTime} {
			bands[i].More += " · " + views.Plural(n, "review", "reviews")
		}
	}
	for i := range b.page.Rows {
		at := 2
		switch b.tone(&b.page.Rows[i]) {
		case views.ToneDanger:
			at = 0
		case views.ToneAttention:
			at = 1
		}
		bands[at].Rows = append(bands[at].Rows, b.row(&b.page.Rows[i]))
	}
	out := bands[:0]
	for _, band := range bands {
		if len(band.Rows) > 0 {
			out = append(out, band)
		}
	}
	return out
}

// tone says whether a row is late: over target, within the warning, or neither.
func (b *queueBuilder) tone(row *review.QueueRow) views.Tone {
	if row.State == review.StateClosed || row.Review == 0 {
		return views.ToneNone
	}
	switch waited := b.now.Sub(row.OpenedAt); {
	case waited > b.target:
		return views.ToneDanger
	case waited >= b.warn:
		return views.ToneAttention
	}
	return views.ToneNone
}

func (b *queueBuilder) row(row *review.QueueRow) views.QueueRow {
	out := views.QueueRow{
		Transaction: raw(string(row.Transaction)),
		Root:        raw(row.Root.String()),
		State:       string(row.State),
		Subject:     str(row.Subject),
		Reference:   str(row.Reference),
		Country:     countryName(row.Country),
	}
	if row.Transaction == "" {
		out.About = typeWords(row.Root.Type)
	}
	if out.Subject.Text == "" {
		out.Subject = views.S("No name captured")
		if row.Why == review.WhyErased {
			out.Subject = views.S("Name erased")
		}
	}
	for _, k := range row.Tally {
		out.Tally = append(out.Tally, views.QueueTally{Kind: views.KindShort(k.Kind), N: views.Number(k.Open)})
	}
	switch row.Why { // nothing was found, or nothing is known: two different things
	case review.WhyErrored, review.WhyNoDetails, review.WhyNothing, review.WhyErased:
		out.NoTally = "matches not known"
	}
	for _, t := range row.Tags {
		out.Tags = append(out.Tags, str(t).Text)
	}
	if row.Review == 0 { // a transaction that waits for its subject, without a review
		out.State = string(review.TabFallback)
		out.Href = transactionHref(row.Transaction)
		out.Waiting = views.Since(row.OpenedAt, b.now)
		out.Status = views.Tag{Words: openSet(row.Status)}
		out.Nobody = "customer"
		out.WhyMore = "Waits for the customer"
		if row.Inquiry != "" {
			if b.handOver != nil {
				out.Fallback = b.handOver(row)
			}
			if out.Fallback != nil { // the page it leads to names the inquiry
				out.Status = out.Fallback.Status
			} else {
				out.WhyMore += ", inquiry " + str(row.Inquiry).Text
			}
		}
		return out
	}
	out.Review = row.Review.String()[2:]
	out.Href = reviewHref(row.Review)
	out.Why, out.WhyMore = b.why(row)
	b.standing(row, &out)
	b.between(row, &out)
	return out
}

// why is the short fact that explains a row.
func (b *queueBuilder) why(row *review.QueueRow) (views.Tag, string) {
	words := views.WhyWords(row.Why)
	if !row.HaltedSince.IsZero() && row.State != review.StateClosed {
		halted := b.now.Sub(row.HaltedSince)
		tag := views.Tag{Words: "Monitoring halted " + wholeDays(halted), Tone: views.ToneAttention}
		if row.Why == review.WhyFirst {
			return tag, ""
		}
		return tag, words
	}
	switch row.Why {
	case review.WhyNewMatch, review.WhyAgain:
		return views.Tag{Words: words, Tone: views.ToneDiffer}, ""
	case review.WhyErrored, review.WhyNoDetails, review.WhyNothing:
		return views.Tag{Words: words, Tone: views.ToneAttention}, ""
	case review.WhyFailed:
		return views.Tag{Words: words, Tone: views.ToneDanger}, ""
	}
	return views.Tag{}, words
}

// wholeDays writes an age in days once there is one.
func wholeDays(d time.Duration) string {
	if n := int(d / (24 * time.Hour)); n > 0 {
		return views.Plural(n, "day", "days")
	}
	return views.Age(d)
}

// standing fills who has a row and where it stands.
func (b *queueBuilder) standing(row *review.QueueRow, out *views.QueueRow) {
	if row.State == review.StateClosed {
		out.Waiting = views.Day(row.ClosedAt, b.now)
		out.Nobody = "nobody"
		switch {
		case row.Outcome != "":
			out.Status = views.OutcomeTag(row.Outcome)
		default:
			out.Status = views.Tag{Words: views.ClosingWords(row.Closing)}
		}
		return
	}
	out.Waiting = views.Since(row.OpenedAt, b.now)
	claimed := row.Claim.Active(b.now)
	out.Status = views.StateTag(row.State, claimed)
	if claimed {
		out.With, out.You = str(row.Claim.Name), row.Claim.By == b.me.ID
		if row.Matches > 0 && row.Answered > 0 {
			out.Status.Words += ", " + views.Number(row.Answered) + " of " + views.Number(row.Matches)
		}
	} else if b.me.Role.Acts() && row.State == review.StateOpen {
		out.Claim = reviewHref(row.Review) + "/claim"
	}
}
