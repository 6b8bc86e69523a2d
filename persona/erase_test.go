package persona_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/store/storetest"

	"github.com/klauspost/compress/s2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// planted are texts that stand nowhere but in what is said of one invented person.
var planted = []string{"Zorvane", "Quibblewick", "zorvane", "quibblewick", "1971-03-09", "Brambleford", "order-zq-77", "tag-zq", "Zorwane Quibelwick",
	"zq-selfie", "ZQ9911", "remark on zq"}

// stranger are texts of another person, who stays.
var stranger = []string{"Marlis", "Ovenbeck"}

// person is what Persona sends of one person's transaction, in three payloads.
func person(id, first, last, birthdate, city, reference, alias string) []string {
	report := fmt.Sprintf(`{"type":"report/watchlist","id":"rep_%[1]s","attributes":{"status":"ready","created-at":"2026-06-10T08:00:00Z",
		"completed-at":"2026-06-10T08:00:09Z","redacted-at":null,"has-match":true,"is-continuous":false,"is-recurring":false,"tags":["tag-%[1]s"],
		"query":{"name-first":%[2]q,"name-last":%[3]q,"birthdate":%[4]q,"country-code":"PT"},
		"matched-lists":[{"name":"OFAC SDN","abbreviation":"SDN","matched-individuals":[{"name":%[5]q,"birthdates":[%[4]q],"match-types":["fuzzy"],"aliases":[],"source":{"type":"OFAC"}}]}]},
		"relationships":{"transaction":{"data":{"type":"transaction","id":"txn_%[1]s"}},"account":{"data":{"type":"account","id":"act_%[1]s"}},"inquiry":{"data":null}}}`,
		id, first, last, birthdate, alias)
	txn := func(status, at string) string {
		return fmt.Sprintf(`{"type":"transaction","id":"txn_%[1]s","attributes":{"status":%[2]q,"reference-id":%[6]q,"tags":["tag-%[1]s"],
			"created-at":"2026-06-10T08:00:00Z","updated-at":%[7]q,"fields":{"name_first":{"type":"string","value":%[3]q},
			"name_last":{"type":"string","value":%[4]q},"birthdate":{"type":"date","value":%[5]q},"address_country_code":{"type":"string","value":"PT"},
			"fallback_inquiry_id":{"type":"string","value":"inq_%[1]s"}}},
			"relationships":{"related-objects":{"data":[{"type":"report/watchlist","id":"rep_%[1]s"},{"type":"account","id":"act_%[1]s"}]}}}`,
			id, status, first, last, birthdate, reference, at)
	}
	account := fmt.Sprintf(`{"type":"account","id":"act_%[1]s","attributes":{"reference-id":%[5]q,"created-at":"2026-06-01T08:00:00Z",
		"updated-at":"2026-06-01T08:00:00Z","redacted-at":null,"tags":[],"fields":{"name":{"type":"hash","value":{"first":{"type":"string","value":%[2]q},
		"last":{"type":"string","value":%[3]q}}},"city":{"type":"string","value":%[4]q}}},"relationships":{"account-type":{"data":null}}}`, id, first, last, city, reference)
	inquiry := fmt.Sprintf(`{"type":"inquiry","id":"inq_%[1]s","attributes":{"status":"completed","reference-id":%[4]q,"note":"remark on %[1]s","behaviors":{},"tags":[],
		"created-at":"2026-06-10T08:01:00Z","redacted-at":null,"fields":{"name-first":{"type":"string","value":%[2]q},"name-last":{"type":"string","value":%[3]q}}},
		"relationships":{"account":{"data":{"type":"account","id":"act_%[1]s"}},"transaction":{"data":{"type":"transaction","id":"txn_%[1]s"}},
		"verifications":{"data":[{"type":"verification/government-id","id":"ver_%[1]s"}]}}}`, id, first, last, reference)
	verification := fmt.Sprintf(`{"type":"verification/government-id","id":"ver_%[1]s","attributes":{"status":"passed","created-at":"2026-06-10T08:02:00Z",
		"redacted-at":null,"name-first":%[2]q,"name-last":%[3]q,"birthdate":%[4]q,"identification-number":"%[5]s9911","tags":[],
		"center-photo-url":"https://files.withpersona.com/%[1]s-selfie.jpg?access_token=t","checks":[{"name":"id_selfie","status":"passed","reasons":[],"requirement":"required","metadata":{"who":%[2]q}}]},
		"relationships":{"inquiry":{"data":{"type":"inquiry","id":"inq_%[1]s"}}}}`, id, first, last, birthdate, strings.ToUpper(id))
	return []string{
		fmt.Sprintf(`{"data":%s,"included":[%s,%s]}`, txn("created", "2026-06-10T08:00:00Z"), account, report),
		fmt.Sprintf(`{"data":{"type":"event","id":"evt_%s1","attributes":{"name":"transaction.status-updated","created-at":"2026-06-10T08:00:10Z","payload":{"data":%s,"included":[%s]}}}}`,
			id, txn("needs_review", "2026-06-10T08:00:10Z"), report),
		fmt.Sprintf(`{"data":%s,"included":[%s]}`, inquiry, verification),
	}
}

var zq = person("zq", "Zorvane", "Quibblewick", "1971-03-09", "Brambleford", "order-zq-77", "Zorwane Quibelwick")

// both is what Persona sent, of both people, one payload with the two together.
func both() []string {
	other := person("mo", "Marlis", "Ovenbeck", "1980-01-02", "Lower Pell", "order-mo-1", "Marliss Ovenbekk")
	shared := `{"data":[` + inner(zq[0]) + `,` + inner(other[0]) + `],"links":{"next":"/api/v1/transactions?filter[reference-id]=order-zq-77"}}`
	return slices.Concat(zq, other, []string{shared})
}

// inner is the data of a document whose data is one object that ends before included.
func inner(doc string) string {
	data, _, _ := strings.Cut(strings.TrimPrefix(doc, `{"data":`), `,"included":`)
	return data
}

const (
	txnRedacted = `{"data":{"type":"event","id":"evt_zqgone","attributes":{"name":"transaction.redacted","created-at":"2026-06-20T10:00:00Z","payload":{"data":
		{"type":"transaction","id":"txn_zq","attributes":{"status":"needs_review","reference-id":"order-zq-77","created-at":"2026-06-10T08:00:00Z","updated-at":"2026-06-20T10:00:00Z",
		"fields":{"name_first":{"type":"string","value":null}},"tags":["tag-zq"]},"relationships":{"related-objects":{"data":[]}}}}}}}`
	actRedacted = `{"data":{"type":"event","id":"evt_zqgone2","attributes":{"name":"account.redacted","created-at":"2026-06-20T10:00:01Z","payload":{"data":
		{"type":"account","id":"act_zq","attributes":{"reference-id":"order-zq-77","created-at":"2026-06-01T08:00:00Z","updated-at":"2026-06-01T08:00:00Z","redacted-at":null,
		"fields":{"name":{"type":"hash","value":{"first":{"type":"string","value":"Zorvane"}}}},"tags":[]}}}}}}`
)

// eraseDesk is a store in a file that knows how to erase.
type eraseDesk struct {
	t       *testing.T
	db      *store.DB
	path    string
	emptied int64 // sealed fields whose values went, up to the last erasing
}

func newEraseDesk(t *testing.T) *eraseDesk {
	t.Helper()
	path := filepath.Join(t.TempDir(), "docket.db")
	return &eraseDesk{t, storetest.OpenFile(t, path, func(o *store.Options) {
		o.Hydrate, o.Pushes, o.Reduce, o.Read = persona.Hydrate, persona.Pushes, persona.Reduce, persona.Read
	}), path, 0}
}

func (d *eraseDesk) take(payloads ...string) {
	d.t.Helper()
	arrivals := make([]review.Arrival, len(payloads))
	for i, p := range payloads {
		arrivals[i] = review.Arrival{Bytes: []byte(p), Source: "api", About: "test", ReceivedAt: storetest.Start}
	}
	require.NoError(d.t, persona.Absorb(d.t.Context(), d.db, arrivals))
}

func (d *eraseDesk) erase() int {
	d.t.Helper()
	n, err := d.db.Erase(d.t.Context())
	require.NoError(d.t, err)
	require.NoError(d.t, d.db.Scrub(d.t.Context()))
	report, err := d.db.VerifyLedger(d.t.Context(), store.LedgerCheck{})
	require.NoError(d.t, err)
	require.Nil(d.t, report.Break, "what is erased is explained")
	d.emptied = report.Erased
	return n
}

func (d *eraseDesk) sql() *sql.DB {
	db, err := sql.Open("sqlite", "file:"+d.path+"?_busy_timeout=5000")
	require.NoError(d.t, err)
	return db
}

// found says which of some texts are still somewhere: in the bytes of the file and its log, or in
// what is compressed in them.
func (d *eraseDesk) found(texts []string) []string {
	d.t.Helper()
	var all []byte
	for _, f := range []string{d.path, d.path + "-wal"} {
		b, err := os.ReadFile(f)
		if !os.IsNotExist(err) {
			require.NoError(d.t, err)
		}
		all = append(all, b...)
	}
	db := d.sql()
	defer db.Close()
	for _, q := range []string{`SELECT body FROM payload_body`, `SELECT body FROM pack`, `SELECT manifest FROM evidence`, `SELECT body FROM file`} {
		rows, err := db.QueryContext(d.t.Context(), q)
		require.NoError(d.t, err)
		for rows.Next() {
			var b []byte
			require.NoError(d.t, rows.Scan(&b))
			if q != `SELECT body FROM file` {
				b, err = s2.Decode(nil, b)
				require.NoError(d.t, err, "else what is in it would not be looked for")
			}
			all = append(all, b...)
		}
		require.NoError(d.t, rows.Err())
		require.NoError(d.t, rows.Close())
	}
	var found []string
	for _, s := range texts {
		if bytes.Contains(all, []byte(s)) {
			found = append(found, s)
		}
	}
	return found
}

// projections is everything that is made from payloads, without numbers that depend on their order.
func (d *eraseDesk) projections() string {
	d.t.Helper()
	db := d.sql()
	defer db.Close()
	var out strings.Builder
	for _, q := range []string{
		`SELECT r.rid, k.text, hex(s.sha256), s.at, s.event, s.speaks, hex(t.keys), s.status, s.size FROM snapshot s JOIN resource r ON r.id = s.resource JOIN word k ON k.id = s.type JOIN keyset t ON t.id = s.keyset`,
		`SELECT hex(s.sha256), hex(p.sha256), g.at, g.event FROM sighting g JOIN snapshot s ON s.id = g.snapshot JOIN payload p ON p.id = g.payload`,
		`SELECT f.rid, t.rid, n.text FROM link l JOIN tie i ON i.id = l.tie JOIN resource f ON f.id = l.from_ JOIN resource t ON t.id = l.to_ JOIN word n ON n.id = i.name`,
		`SELECT r.rid, v.opening, v.opened_at, v.state, v.closed_at, v.closing FROM review v JOIN resource r ON r.id = v.root`,
		`SELECT state, opened_at, status, subject, subject_kind, subject_fold, reference, country, tags, tally, matches, answered, halted_since, why, outcome, inquiry, hex(evidence), facets, hex(words) FROM queue`,
		`SELECT state, facet, value, n FROM counter`,
		`SELECT hex(sha256), state, read_as, event, reason, hex(left_sha256), left_size FROM payload`,
		`SELECT r.rid, e.until, e.due FROM erasure e JOIN resource r ON r.id = e.resource`,
		`SELECT r.rid, hex(x.sha256), hex(x.left) FROM erased_state x JOIN resource r ON r.id = x.resource WHERE x.sha256 = x.left`,
	} {
		rows, err := db.QueryContext(d.t.Context(), q)
		require.NoError(d.t, err, q)
		columns, err := rows.Columns()
		require.NoError(d.t, err)
		var lines []string
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			require.NoError(d.t, rows.Scan(values...))
			var line strings.Builder
			for _, v := range values {
				fmt.Fprintf(&line, "\t%v", *v.(*any))
			}
			lines = append(lines, line.String())
		}
		require.NoError(d.t, rows.Err())
		require.NoError(d.t, rows.Close())
		slices.Sort(lines)
		out.WriteString(q[7:30] + "\n" + strings.Join(lines, "\n") + "\n")
	}
	return out.String()
}

func (d *eraseDesk) clean() {
	d.t.Helper()
	problems, err := d.db.Check(d.t.Context())
	require.NoError(d.t, err)
	assert.Empty(d.t, problems)
}

func TestWhatPersonaErasedIsNowhereAnyMore(t *testing.T) {
	t.Parallel()
	d := newEraseDesk(t)
	d.take(both()...)
	require.Equal(t, planted, d.found(planted), "the person must be there to be erased")
	by := storetest.Colleague(t, d.db, review.RoleReviewer)
	file, err := d.db.TransactionFile(t.Context(), "txn_zq")
	require.NoError(t, err)
	require.Len(t, file.Reviews, 1)
	id := file.Reviews[0].ID
	_, err = d.db.Claim(t.Context(), id, by, false)
	require.NoError(t, err)
	shown, err := d.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	before := shown.Review.Evidence
	require.NotEmpty(t, shown.Dossier.OpenMatches())
	require.NoError(t, d.db.KeepFile(t.Context(), review.HeldFile{Ref: review.Ref{Type: "verification/government-id", ID: "ver_zq"},
		Link: "https://files.withpersona.com/zq-selfie.jpg", Name: "zq-selfie.jpg", Media: "image/jpeg"}, []byte("picture zq-selfie")))
	d.take(`{"data":{"type":"transaction","id":"txn_zq","attributes":{"name":"Zorvane Quibblewick"`) // cut short: nobody can read it

	d.take(txnRedacted, actRedacted)
	assert.Positive(t, d.erase())
	assert.Empty(t, d.found(planted))
	assert.Equal(t, stranger, d.found(stranger), "the other person stays")
	d.clean()
	assert.Zero(t, d.erase(), "once")

	shown, err = d.db.ReviewFile(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, review.StateOpen, shown.Review.State)
	assert.Equal(t, review.CaptureRedacted, shown.Dossier.Transaction.Resource.Capture)
	assert.Equal(t, "2026-06-20T10:00:00Z", shown.Dossier.Transaction.Resource.RedactedAt.Format("2006-01-02T15:04:05Z07:00"))
	assert.Equal(t, "needs_review", shown.Dossier.Transaction.Status.Value, "what became of it stays")
	assert.Empty(t, shown.Dossier.Subject.FullName())
	assert.Empty(t, shown.Dossier.OpenMatches())
	for _, r := range shown.Dossier.Reports {
		assert.Equal(t, review.CaptureRedacted, r.Capture)
		assert.Equal(t, review.Flag{State: review.Present, Value: true}, r.HasMatch)
	}
	seen, err := d.db.AsSeen(t.Context(), before)
	require.NoError(t, err, "evidence is shown as what is left of it")
	assert.Equal(t, review.CaptureRedacted, seen.Transaction.Resource.Capture)
	assert.Empty(t, seen.OpenMatches())
	held, err := d.db.HeldFiles(t.Context(), []review.Ref{{Type: "verification/government-id", ID: "ver_zq"}})
	require.NoError(t, err)
	assert.Empty(t, held)
	var erased []string
	for _, e := range shown.Entries {
		if e.Act == review.ActErased {
			erased = append(erased, e.Status)
		}
	}
	assert.NotEmpty(t, erased)
	assert.Contains(t, strings.Join(erased, "; "), "evt_zqgone")

	p, left, err := d.db.Payload(t.Context(), review.Sum([]byte(zq[0])))
	require.NoError(t, err)
	assert.False(t, p.ErasedAt.IsZero())
	assert.Equal(t, int64(len(zq[0])), p.Bytes, "the size is that of what came")
	assert.Contains(t, string(left), "txn_zq")

	form := review.DecisionForm{Outcome: review.Decline, Reason: review.ReasonOther, Note: "Nothing is left to compare", Evidence: shown.Review.Evidence.String()}
	_, err = d.db.Decide(t.Context(), id, by, form)
	require.NoError(t, err, "it can still be decided")
}

func TestErasingDoesNotDependOnTheOrder(t *testing.T) {
	t.Parallel()
	payloads := append(both(), txnRedacted, actRedacted)
	var want string
	for seed := range uint64(6) {
		d := newEraseDesk(t)
		order := slices.Clone(payloads)
		if seed > 0 {
			rand.New(rand.NewPCG(seed, 1)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		}
		for i, p := range order {
			d.take(p)
			if seed%2 == 1 && i%2 == 0 {
				d.erase() // early or late, the end is the same
			}
		}
		d.erase()
		assert.Empty(t, d.found(planted), "seed %d", seed)
		d.clean()
		got := d.projections()
		if want == "" {
			want = got
		}
		require.Equal(t, want, got, "seed %d", seed)
		require.NoError(t, d.db.Rebuild(t.Context(), persona.Read, nil))
		require.Equal(t, want, d.projections(), "rebuilt, seed %d", seed)
		d.clean()
	}
}

func TestWhatArrivesLateIsErasedTooAndAStopInBetweenLosesNothing(t *testing.T) {
	t.Parallel()
	d := newEraseDesk(t)
	d.take(both()[3:]...) // without the person's own payloads
	d.take(txnRedacted, actRedacted)
	require.NoError(t, d.db.Close())
	d.db = storetest.OpenFile(t, d.path, func(o *store.Options) { o.Hydrate, o.Reduce, o.Read = persona.Hydrate, persona.Reduce, persona.Read })
	assert.Positive(t, d.erase(), "what was due before the stop is due after it")
	d.take(zq...)
	require.NotEmpty(t, d.found(planted))
	d.erase()
	assert.Empty(t, d.found(planted))
	d.take(zq...) // the same bytes once more
	d.erase()
	assert.Empty(t, d.found(planted))
	d.clean()
}

func TestWhatIsErasedAtPersonaIsErasedHereByItself(t *testing.T) {
	t.Parallel()
	s := newStand(t)
	d := newDesk(t, s)
	s.hook = d.take
	id := d.screen("Lazar Vintermoor")
	d.work(3)
	require.Equal(t, "Lazar Vintermoor", d.file(id).Dossier.Subject.FullName())
	require.True(t, s.Redact(string(id)))
	d.work(3)
	f := d.file(id)
	assert.Equal(t, review.CaptureRedacted, f.Dossier.Transaction.Resource.Capture)
	for _, r := range f.Dossier.Reports {
		assert.Equal(t, review.CaptureRedacted, r.Capture, r.Ref)
		assert.Empty(t, r.Query)
		assert.Empty(t, r.Matches)
	}
	var erased int
	for _, p := range f.Payloads {
		_, left, err := d.db.Payload(t.Context(), p.Hash)
		require.NoError(t, err)
		if !p.ErasedAt.IsZero() {
			erased++
			assert.NotContains(t, string(left), "Vintermoor", p.ReadAs)
		}
	}
	assert.Positive(t, erased)
	asked := len(s.Requests())
	d.work(3)
	assert.Len(t, s.Requests(), asked, "what is gone is not asked for again")
	problems, err := d.db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}
