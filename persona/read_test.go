package persona_test

import (
	"fmt"
	"strings"
	"testing"

	"docket/persona"
)

func payload8k() []byte {
	entity := `{"name":"SURNAME, Given Patronymic","alias-type":"aka","birthdates":[{"day":"07","month":"10","year":"1950","granularity":"day"}]}`
	list := fmt.Sprintf(`{"name":"US - OFAC - SDN","url":"https://sanctionslist.ofac.treas.gov/Home/SdnList","list-type":"sanction","list-types":["sanction"],"slug":"us-ofac-sdn","flag-code":"US","entities":[%s]}`, strings.TrimSuffix(strings.Repeat(entity+",", 10), ","))
	report := func(id string) string {
		return `{"type":"report/watchlist","id":"` + id + `","attributes":{"status":"ready","created-at":"2024-02-15T23:48:11.000Z","completed-at":"2024-02-15T23:48:17.000Z","redacted-at":null,"report-template-version-name":"v1","has-match":true,"is-continuous":true,"is-recurring":true,"tags":[],"name-first":"Jane","name-middle":null,"name-last":"Doe","term":"Jane Doe","birthdate":null,"country-code":null,"matched-lists":[` + list + "," + list + `],"ignore-list":[]},"relationships":{"inquiry":{"data":null},"account":{"data":{"type":"account","id":"act_1"}},"transaction":{"data":{"type":"transaction","id":"txn_1"}}}}`
	}
	return []byte(`{"data":{"type":"event","id":"evt_1","attributes":{"name":"transaction.status-updated","payload":{"data":{"type":"transaction","id":"txn_1","attributes":{"status":"needs_review","reference-id":"order-1","fields":{"name_first":{"type":"string","value":"Jane"},"photo":{"type":"file","value":{"url":"https://files.withpersona.com/a.png?access_token=x"}}},"tags":[],"created-at":"2024-02-15T23:48:17.732Z","updated-at":"2024-02-16T09:12:04.118Z"},"relationships":{"related-objects":{"data":[{"type":"account","id":"act_1"},{"type":"report/watchlist","id":"rep_1"}]}}},"included":[` + report("rep_1") + "," + report("rep_2") + `]},"created-at":"2024-02-16T09:12:04.118Z"}}}`)
}

func BenchmarkRead(b *testing.B) {
	p := payload8k()
	b.SetBytes(int64(len(p)))
	b.ReportAllocs()
	for b.Loop() {
		if r := persona.Read(p); r.Refused != "" || len(r.Snapshots) != 3 {
			b.Fatal(r.Refused)
		}
	}
}
