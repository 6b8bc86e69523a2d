package store_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

// precedentsFor asks what was found for others on the parties of a review.
func precedentsFor(t *testing.T, db *store.DB, id string) []review.Precedent {
	t.Helper()
	f, err := db.ReviewFile(t.Context(), reviewOf(t, db, id))
	require.NoError(t, err)
	var asked [][]review.PartyKey
	for _, p := range review.Parties(f.Dossier) {
		asked = append(asked, p.Keys())
	}
	got, err := db.Precedents(t.Context(), review.SubjectSign(f.Dossier), asked)
	require.NoError(t, err)
	require.Len(t, got, len(asked))
	return got
}

func TestPrecedentIsWhatWasFoundForOthers(t *testing.T) {
	t.Parallel()
	db := register(t, filepath.Join(t.TempDir(), "docket.db"))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	same := storetest.Case{ID: "txn_again", At: at(11), Status: "needs_review", Name: "Subject a", Reference: "order-a", Country: "PT", Matches: []string{"Orlan Kasymbek//1979"}}
	storetest.Import(t, db, screened("a", "Orlan Kasymbek//1979"), same.Payload(), screened("b", "Orlan Kasymbek//1979", "Temur Vask"), screened("c", "Orlan Kasymbek//1979"))
	assert.Empty(t, precedentsFor(t, db, "b")[0].Judged)

	judges(t, db, "a", anna, review.FalsePositive, "birth-years-apart:7")
	assert.Empty(t, precedentsFor(t, db, "a")[0].Judged, "its own finding is none")
	assert.Empty(t, precedentsFor(t, db, "again")[0].Judged, "the same subject in another transaction")
	got := precedentsFor(t, db, "b")
	require.Len(t, got[0].Judged, 1)
	j := got[0].Judged[0]
	assert.Equal(t, review.FalsePositive, j.Finding)
	require.Len(t, j.Premises, 1)
	assert.Equal(t, review.PremiseYearsApart, j.Premises[0].Kind)
	assert.Equal(t, review.AttributeBirthdate, j.Premises[0].Attribute)
	assert.Empty(t, got[1].Judged, "another party")

	judges(t, db, "again", anna, review.TrueMatch)
	got = precedentsFor(t, db, "b")
	require.Len(t, got[0].Judged, 1, "one subject counts once")
	assert.Equal(t, review.TrueMatch, got[0].Judged[0].Finding, "by its newest finding")
	judges(t, db, "c", anna, review.CannotTell)
	assert.Len(t, precedentsFor(t, db, "b")[0].Judged, 2)
}

func TestPrecedentIsFoundUnderKeysThatAreTakenForOneParty(t *testing.T) {
	t.Parallel()
	db := register(t, filepath.Join(t.TempDir(), "docket.db"))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	storetest.Import(t, db,
		screened("a", "O. T. Kasymbekov/E1"),                   // judged, by its id
		screened("b", "Orlan Kasymbek/E1", "Orlan Kasymbek"),   // ties the id to the name
		screened("c", "Orlan Kasymbek"),                        // asked, by its name
		screened("d", "Orlan Kasymbek//1979", "Temur Vask/E2")) // another fingerprint
	judges(t, db, "a", anna, review.FalsePositive)
	assert.Len(t, precedentsFor(t, db, "c")[0].Judged, 1)
	for _, p := range precedentsFor(t, db, "d") {
		assert.Empty(t, p.Judged)
	}
}

func TestPrecedentIsBounded(t *testing.T) {
	t.Parallel()
	db := register(t, filepath.Join(t.TempDir(), "docket.db"))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	payloads := [][]byte{screened("asks", "Orlan Kasymbek")}
	for i := range review.MaxPrecedent + 1 {
		payloads = append(payloads, screened(fmt.Sprint(i), "Orlan Kasymbek"))
	}
	storetest.Import(t, db, payloads...)
	for i := range review.MaxPrecedent {
		judges(t, db, fmt.Sprint(i), anna, review.FalsePositive)
	}
	got := precedentsFor(t, db, "asks")[0]
	assert.Len(t, got.Judged, review.MaxPrecedent)
	assert.False(t, got.More)
	judges(t, db, fmt.Sprint(review.MaxPrecedent), anna, review.TrueMatch)
	got = precedentsFor(t, db, "asks")[0]
	assert.Len(t, got.Judged, review.MaxPrecedent)
	assert.True(t, got.More)
	assert.Equal(t, review.TrueMatch, got.Judged[0].Finding, "the newest first")
}
