package storetest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"docket/review"
)

// Bulk gives the i-th of many self-contained payloads of about 8 KB: a transaction, an account
// and two reports. One in ten waits for a person; their names and places vary.
func Bulk(i int) []byte {
	r := rand.New(rand.NewPCG(7, uint64(i))) //nolint:gosec // nothing secret, the same bytes for the same i
	id := func(prefix string) string {
		return fmt.Sprintf("%s_%08x%08x%08x", prefix, r.Uint32(), r.Uint32(), r.Uint32())
	}
	filler := func(n int) string {
		var b strings.Builder
		for b.Len() < n {
			fmt.Fprintf(&b, "%s %x, ", bulkWords[r.IntN(len(bulkWords))], r.Uint32()%4096)
		}
		return b.String()[:n]
	}
	status := "approved"
	at := Start.Add(-time.Duration(r.IntN(9*24*3600)) * time.Second)
	if i%10 == 0 {
		status = "needs_review"
	}
	account, watchlist, pep := id("act"), id("rep"), id("rep")
	ref := func(kind, id string) review.Ref { return review.Ref{Type: kind, ID: id} }
	txn := Transaction(id("txn"), status, at).
		Fact("subject", bulkGiven[r.IntN(len(bulkGiven))]+" "+bulkFamily[r.IntN(len(bulkFamily))]).
		Fact("reference", fmt.Sprintf("order-%d", 100_000+i)).Fact("country", bulkCountries[r.IntN(len(bulkCountries))]).
		Fact("tags", []string{bulkTags[r.IntN(len(bulkTags))]}).Fact("fields", filler(900)).
		Link("related-objects", ref("account", account)).Link("related-objects", ref("report/watchlist", watchlist)).
		Link("related-objects", ref("report/politically-exposed-person", pep)).
		Link("transaction-type", ref("transaction-type", "txntp_1"))
	matches := []string{}
	for range r.IntN(4) {
		matches = append(matches, fmt.Sprintf("party %d", r.IntN(1_000_000)))
	}
	report := func(kind, id string, matches []string) State {
		return Resource("report/"+kind, id, at).Fact("status", "ready").Fact("matches", matches).Fact("has-match", len(matches) > 0).
			Fact("query", filler(400)).Fact("details", filler(1900)).Fact("template", "rptp_"+kind).Fact("run-history", filler(300)).
			Link("transaction", ref("transaction", txn.ID)).Link("account", ref("account", account)).
			Link("report-template", ref("report-template", "rptp_"+kind))
	}
	return Payload(txn,
		Resource("account", account, at).Fact("status", "active").Fact("fields", filler(900)).Link("account-type", ref("account-type", "acttp_1")),
		report("watchlist", watchlist, matches), report("politically-exposed-person", pep, nil))
}

var (
	bulkWords = strings.Fields(`sanction listing alias source country entity birthdate screening article position primary
		secondary residence citizenship active removed notice register bulletin ministry council regional committee`)
	bulkGiven = strings.Fields(`Ines Okafor Mirela Tomasz Yuki Amara Dario Leïla Søren Ángel Ксения Νίκος 美咲 지훈 أمينة Rosa
		Kofi Anouk Björn Zofia Emre Priya Malik Sana Hana Luka Noor Tiago Vera Ilya`)
	bulkFamily = strings.Fields(`Okonjo Varga Lindqvist Moreau Castellano Nakagawa Petrov Haddad Iversen Kowalczyk Santos Demir
		Bhatt Rahman Novak Ferreira Adeyemi Duarte Weiss Marchetti Olsen Popescu Horvat Eriksen Silva 山田 박 Иванова Παππάς`)
	bulkCountries = strings.Fields(`PT DE FR NG JP BR US GB ES IT PL TR IN KE SE NO GR RO HR AE`)
	bulkTags      = strings.Fields(`priority onboarding payout business retail`)
)

// Countries are forty codes, the first of them common.
func Countries() []string {
	return strings.Fields(`DE US GB FR IT ES PL NL PT RO SE NO DK FI IE AT CH BE CZ HU GR BG HR RS TR UA GE AM IL AE IN TH VN JP KR ET KE NG BR MX`)
}

// Small gives the i-th of many small payloads, every other one waiting for a person: for
// databases whose size is what matters.
func Small(i int) []byte {
	r := rand.New(rand.NewPCG(9, uint64(i))) //nolint:gosec // as above
	c := Case{ID: fmt.Sprintf("txn_%012x", r.Uint64()>>16), At: Start.Add(-time.Duration(r.IntN(9*24*3600)) * time.Second), Status: "approved",
		Name:      bulkGiven[r.IntN(len(bulkGiven))] + " " + bulkFamily[r.IntN(len(bulkFamily))],
		Reference: fmt.Sprintf("order-%d", 100_000+i), Country: bulkCountries[r.IntN(len(bulkCountries))], Tags: []string{bulkTags[r.IntN(len(bulkTags))]}}
	if i%2 == 0 {
		c.Status = "needs_review"
	}
	WithMatches(r.IntN(5))(&c)
	return c.Payload()
}
