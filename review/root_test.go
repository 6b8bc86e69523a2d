package review_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/review"
)

func TestEveryFamilyOfRootsHasItsOwnStatuses(t *testing.T) {
	t.Parallel()
	s := review.Statuses{Review: []string{"needs_review"}, Fallback: []string{"waits"}, Inquiry: []string{"marked"}, Case: []string{"open"}}
	own := map[string]string{review.RootTransaction: "Needs Review", review.RootInquiry: "marked", review.RootCase: "Open"}
	for _, family := range review.RootFamilies() {
		assert.True(t, review.IsRootFamily(family))
		for of, status := range own {
			assert.Equal(t, of == family, s.For(family).IsReview(status), "%s of a %s", status, family)
		}
		assert.Equal(t, family == review.RootTransaction, s.For(family).IsFallback("waits"), "only transactions wait for their subject")
	}
	assert.False(t, review.IsRootFamily("account"))
	assert.Empty(t, s.For("account"))
	off := review.DefaultStatuses()
	assert.Empty(t, off.For(review.RootCase).Review, "cases are not reviewed unless asked for")
	assert.Empty(t, off.For(review.RootInquiry).Review)
}

func TestADossierNamesItsRoot(t *testing.T) {
	t.Parallel()
	txn := review.Dossier{Transaction: review.Transaction{ID: "txn_1", Tags: []string{"vip"}, Status: review.Text{State: review.Present, Value: "created"}}}
	assert.Equal(t, review.Root{Ref: review.Ref{Type: "transaction", ID: "txn_1"}, Tags: []string{"vip"}, Status: txn.Transaction.Status}, txn.Root())
	of := review.Dossier{About: review.Root{Ref: review.Ref{Type: "case", ID: "case_1"}}}
	assert.Equal(t, of.About, of.Root())
	assert.Empty(t, of.Root().Ref.Transaction())
	assert.True(t, review.TransactionID("").Ref().IsZero())
	assert.NotEqual(t, review.Evidence(txn), review.Evidence(of))
}

func TestNobodysMatchIsComparedWithAnother(t *testing.T) {
	t.Parallel()
	person := func(name, sex string) review.Subject {
		return review.Subject{Kind: review.PartyPerson, Name: review.Name{Value: name}, Sex: sex}
	}
	firm := review.Subject{Kind: review.PartyBusiness, Name: review.Name{Value: "Tern & Tide"}}
	rep := func(kind review.ReportKind, id string, s review.Subject) review.Report {
		return review.Report{Ref: review.Ref{Type: "report/" + string(kind), ID: id}, Kind: kind, Subject: s}
	}
	asked := rep(review.KindPEP, "rep_1", person("Rui Valadares", ""))
	blank := rep(review.KindWatchlist, "rep_2", review.Subject{})
	own := rep(review.KindBusinessWatchlist, "rep_3", review.Subject{})

	d := review.Dossier{Subject: firm}
	assert.Equal(t, "Rui Valadares", d.SubjectOf(asked).FullName())
	assert.Empty(t, d.SubjectOf(blank).FullName(), "a company is no person")
	assert.Equal(t, firm, d.SubjectOf(own))
	assert.Equal(t, firm, d.SubjectOf(rep(review.KindScreening, "rep_4", review.Subject{})), "this kind screens both")
	d.Subject = person("Rui Valadares", "male")
	assert.Equal(t, "male", d.SubjectOf(asked).Sex, "what else is known of the same person")
	assert.Equal(t, d.Subject, d.SubjectOf(blank))
	assert.Empty(t, d.SubjectOf(own).FullName(), "a person is no company")

	d = review.Dossier{Subject: firm, Examined: []review.Examined{{Subject: firm}, {Subject: person("Rui Valadares", "male"), Of: []review.Ref{blank.Ref}}}}
	assert.Equal(t, "male", d.SubjectOf(blank).Sex, "whose it is, is known")
	assert.Empty(t, d.SubjectOf(own).FullName(), "nothing tells whose it is")
}
