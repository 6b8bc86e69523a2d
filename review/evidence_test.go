package review_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"docket/review"
)

func evidenceDossier() review.Dossier {
	d := dossier(
		review.Match{Names: names("Orlan Kasymbekov", "Orlan Kasimbek"), Birthdates: born(1979, 0, 0)},
		review.Match{Names: names("Temur Vask")},
	)
	d.Records = []review.Resource{{Ref: review.Ref{Type: "account", ID: "act_1"},
		Fields: []review.Field{{Key: "country", State: review.Present, Text: "KZ"}}}}
	return d
}

func TestEvidenceForgetsOrder(t *testing.T) {
	t.Parallel()
	a, b := evidenceDossier(), evidenceDossier()
	ms := b.Reports[0].Matches
	ms[0], ms[1] = ms[1], ms[0]
	n := ms[1].Names
	n[0], n[1] = n[1], n[0]
	assert.Equal(t, review.Evidence(a), review.Evidence(b))
}

func TestEvidenceMovesWithEveryFact(t *testing.T) {
	t.Parallel()
	base := review.Evidence(evidenceDossier())
	for name, change := range map[string]func(*review.Dossier){
		"birth date":    func(d *review.Dossier) { d.Reports[0].Matches[0].Birthdates[0].From.Year = 1980 },
		"alias":         func(d *review.Dossier) { d.Reports[0].Matches[0].Names = d.Reports[0].Matches[0].Names[:1] },
		"match gone":    func(d *review.Dossier) { d.Reports[0].Matches = d.Reports[0].Matches[:1] },
		"dismissed":     func(d *review.Dossier) { d.Reports[0].Matches[0].Dismissed = true },
		"query":         func(d *review.Dossier) { d.Reports[0].Query = []review.QueryField{{Key: "term"}} },
		"new run":       func(d *review.Dossier) { d.Reports[0].CompletedAt = at(3) },
		"field value":   func(d *review.Dossier) { d.Records[0].Fields[0].Text = "DE" },
		"null to empty": func(d *review.Dossier) { d.Records[0].Fields[0].State = review.Empty },
		"capture":       func(d *review.Dossier) { d.Reports[0].Capture = review.CaptureThin },
		"status":        func(d *review.Dossier) { d.Transaction.Status.Value = "x" },
	} {
		d := evidenceDossier()
		change(&d)
		assert.NotEqual(t, base, review.Evidence(d), name)
	}
}

func TestEvidenceStaysWhenOnlyAStampMoves(t *testing.T) {
	t.Parallel()
	d := evidenceDossier()
	d.Records[0].UpdatedAt = time.Now()
	d.Reports[0].Matches[0].FirstSeen = time.Now()
	d.Records[0].Attributes = []review.Field{{Key: "updated-at", State: review.Present, Text: "2026-01-01"}}
	first := review.Evidence(d)
	d.Records[0].Attributes[0].Text = "2026-02-02"
	assert.Equal(t, first, review.Evidence(d))
	d.Records[0].Attributes[0].Key = "birthdate"
	assert.NotEqual(t, first, review.Evidence(d))
}

func TestAFormMustSayWhichEvidenceItsPageShowed(t *testing.T) {
	t.Parallel()
	now := review.Sum([]byte("now"))
	assert.NoError(t, review.CheckEvidence(now.String(), now))
	assert.ErrorIs(t, review.CheckEvidence(review.Sum([]byte("then")).String(), now), review.ErrStale)
	for _, s := range []string{"", "now", now.String()[1:], strings.ToUpper(now.String())} {
		assert.Equal(t, []string{"evidence"}, fields(t, review.CheckEvidence(s, now)), s)
	}
}

func BenchmarkEvidence(b *testing.B) {
	d := heavyDossier()
	b.ReportAllocs()
	for b.Loop() {
		review.Evidence(d)
	}
}

// heavyDossier is three reports with fifty matches of sixty names each between them.
func heavyDossier() review.Dossier {
	var ms []review.Match
	for i := range 50 {
		m := review.Match{Birthdates: born(1950+i, 0, 0), Countries: []review.Country{{Code: "KZ", Role: "citizenship"}}}
		for range 12 {
			m.Names = append(m.Names, names("KASYMBEKOV, Orlan Timurovich", "Орлан Касымбеков", "Orlán Kasýmbek", "أورلان قاسيمبيكوف", "奥尔兰")...)
		}
		ms = append(ms, m)
	}
	return dossier(ms...)
}
