package review_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"docket/review"
)

func TestASubjectIsComparedAsOfItsReport(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 6, 17, 3, 41, 7, 0, time.UTC)
	known := review.Subject{Kind: review.PartyPerson, Name: review.Name{Value: "Orlan Kasymbek"}, Identifiers: []review.Identifier{{Type: "pp", Value: "N0449211", Country: "KZ"}}}
	d := review.Dossier{Subject: known}
	asked := review.Report{Kind: review.KindWatchlist, CompletedAt: at, Subject: review.Subject{Name: review.Name{Value: "KASYMBEK Orlan"}}}
	blank := review.Report{Kind: review.KindWatchlist, CompletedAt: at.AddDate(0, 0, 1)}
	other := review.Report{Kind: review.KindWatchlist, Subject: review.Subject{Name: review.Name{Value: "Mirela Vask"}}}
	assert.Equal(t, at, d.SubjectOf(asked).AsOf)
	assert.Equal(t, at.AddDate(0, 0, 1), d.SubjectOf(blank).AsOf)
	assert.Zero(t, d.SubjectOf(other).AsOf, "nobody knows when it was made")
	assert.Equal(t, known.Identifiers, d.SubjectOf(blank).Identifiers)
	assert.Empty(t, d.SubjectOf(other).Identifiers, "somebody else's")
	asked.Subject.Name.Value = "Orlan Kasymbek"
	assert.Equal(t, known.Identifiers, d.SubjectOf(asked).Identifiers, "what else is known of the same person")

	later := d
	later.Subject.AsOf = at
	assert.Equal(t, review.Evidence(d), review.Evidence(later), "when a report was made is evidence of the report alone")
}
