package persona_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"docket/persona"
	"docket/review"
	"docket/store"
	"docket/store/storetest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// firm is one payload of a case: a company, its two owners and two transactions.
var firm = filepath.Join("testdata", "cases", "case-business-and-two-people.json")

func reviewsCases(o *store.Options) {
	s := review.DefaultStatuses()
	s.Inquiry, s.Case = []string{"needs_review"}, []string{"open"}
	o.Statuses = &s
}

func hydrates(o *store.Options) { o.Hydrate, o.Read = persona.Hydrate, persona.Read }

func caseFile(t *testing.T, payloads ...[]byte) store.TransactionFile {
	t.Helper()
	db := storetest.Open(t, hydrates, reviewsCases)
	for _, p := range payloads {
		require.NoError(t, persona.Absorb(t.Context(), db, []review.Arrival{{Bytes: p, Source: "api"}}))
	}
	f, err := db.RootFile(t.Context(), review.Ref{Type: "case", ID: "case_firm"})
	require.NoError(t, err)
	return f
}

func firmPayload(t *testing.T) []byte {
	t.Helper()
	raw, err := os.ReadFile(firm)
	require.NoError(t, err)
	return raw
}

func TestOneCasePayloadTellsTheBusinessAndEachPersonApart(t *testing.T) {
	t.Parallel()
	f := caseFile(t, firmPayload(t))
	d := f.Dossier
	require.Len(t, f.Reviews, 1)
	assert.Equal(t, review.Ref{Type: "case", ID: "case_firm"}, f.Reviews[0].Root)
	assert.Empty(t, f.Reviews[0].Transaction)
	assert.Empty(t, d.Transaction, "the dossier is about the case, not about one of its transactions")
	assert.Equal(t, "MRR-3", d.Root().Name.Value)
	assert.Equal(t, "Open", d.Root().Status.Value)
	assert.Equal(t, "Tern & Tide Fisheries Lda.", d.Subject.FullName(), "a case about a business is the business's")

	require.Len(t, d.Examined, 3)
	want := []struct{ name, account, sex string }{
		{"Tern & Tide Fisheries Lda.", "act_firm", ""}, {"Mara Quintela", "act_mara", ""}, {"Rui Valadares", "act_rui", "male"},
	}
	of := map[string][]string{}
	for i, e := range d.Examined {
		assert.Equal(t, want[i].name, e.Subject.FullName())
		assert.Equal(t, want[i].account, e.Account.ID)
		assert.Equal(t, want[i].sex, e.Subject.Sex, "an identity document that passed tells of its holder alone")
		for _, ref := range e.Of {
			of[e.Account.ID] = append(of[e.Account.ID], ref.ID)
		}
	}
	assert.Equal(t, []string{"act_firm", "rep_people", "rep_firm", "txn_firm"}, sortedAs(of["act_firm"], "act_firm", "rep_people", "rep_firm", "txn_firm"))
	assert.ElementsMatch(t, []string{"act_mara", "inq_mara", "ver_mara", "rep_mara", "txn_mara"}, of["act_mara"])
	assert.ElementsMatch(t, []string{"act_rui", "inq_rui", "ver_rui", "rep_rui"}, of["act_rui"])
	for _, r := range d.Reports {
		assert.NotEqual(t, "rep_apart", r.Ref.ID, "a transaction's own report stays with it")
	}

	written, err := json.MarshalIndent(d, "", "\t")
	require.NoError(t, err)
	path := filepath.Join("testdata", "cases", "case-business-and-two-people.golden.json")
	if *update {
		require.NoError(t, os.WriteFile(path, append(written, '\n'), 0o644))
	}
	golden, err := os.ReadFile(path)
	require.NoError(t, err, "write it with -update and look at it")
	assert.Equal(t, string(golden), string(append(written, '\n')))
}

// sortedAs gives the texts in the order of some, when they are the same.
func sortedAs(have []string, order ...string) []string {
	if len(have) != len(order) {
		return have
	}
	for _, o := range order {
		found := false
		for _, h := range have {
			found = found || h == o
		}
		if !found {
			return have
		}
	}
	return order
}

func TestEachMatchOfACaseIsComparedWithWhomItsReportIsAbout(t *testing.T) {
	t.Parallel()
	d := caseFile(t, firmPayload(t)).Dossier
	against := map[string]string{}
	for _, r := range d.Reports {
		for _, m := range r.Matches {
			s := d.SubjectOf(r)
			against[r.Ref.ID] = s.FullName()
			for _, c := range review.Compare(s, m) {
				assert.NotEqual(t, review.AttributeKind, c.Attribute, "%s: a person set against a company", r.Ref)
				if c.Attribute == review.AttributeBirthdate && r.Ref.ID == "rep_rui" {
					assert.Equal(t, review.Agree, c.Verdict)
				}
				if c.Attribute == review.AttributeBirthdate && r.Ref.ID == "rep_mara" {
					assert.Equal(t, review.Conflict, c.Verdict)
				}
			}
		}
	}
	assert.Equal(t, map[string]string{"rep_firm": "Tern & Tide Fisheries Lda.", "rep_rui": "Rui Valadares", "rep_mara": "Mara Quintela"}, against)
}

func TestACaseReadsTheSameWhateverOrderItsPartsCameIn(t *testing.T) {
	t.Parallel()
	whole := caseFile(t, firmPayload(t))
	var doc struct {
		Data     json.RawMessage   `json:"data"`
		Included []json.RawMessage `json:"included"`
	}
	require.NoError(t, json.Unmarshal(firmPayload(t), &doc))
	rng := rand.New(rand.NewPCG(3, 5))
	for range 4 {
		var parts [][]byte
		for _, one := range append(doc.Included, doc.Data) {
			p, err := json.Marshal(map[string]json.RawMessage{"data": one})
			require.NoError(t, err)
			parts = append(parts, p)
		}
		rng.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		got := caseFile(t, parts...)
		assert.Equal(t, whole.Dossier, got.Dossier)
		assert.Equal(t, whole.Reviews[0].Evidence, got.Reviews[0].Evidence)
		assert.Equal(t, whole.Reviews[0].OpenedAt, got.Reviews[0].OpenedAt)
	}
}

func TestCasesAndInquiriesAreNotReviewedUnlessAskedFor(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, hydrates)
	require.NoError(t, persona.Absorb(t.Context(), db, []review.Arrival{{Bytes: firmPayload(t), Source: "api"}}))
	page, err := db.Queue(t.Context(), review.QueueQuery{})
	require.NoError(t, err)
	require.Len(t, page.Rows, 1)
	assert.Equal(t, review.TransactionID("txn_firm"), page.Rows[0].Transaction)
	f, err := db.RootFile(t.Context(), review.Ref{Type: "case", ID: "case_firm"})
	require.NoError(t, err)
	assert.Empty(t, f.Reviews)
	assert.Len(t, f.Dossier.Examined, 3, "its page tells people apart all the same")
}

func TestAnInquiryUnderReviewIsAboutItsOwnSubject(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, hydrates, reviewsCases)
	require.NoError(t, persona.Absorb(t.Context(), db, []review.Arrival{{Bytes: firmPayload(t), Source: "api"}}))
	f, err := db.RootFile(t.Context(), review.Ref{Type: "inquiry", ID: "inq_rui"})
	require.NoError(t, err)
	require.Len(t, f.Reviews, 1)
	assert.Equal(t, "Rui Valadares", f.Dossier.Subject.FullName())
	assert.Equal(t, "needs_review", f.Dossier.Root().Status.Value)
	assert.Equal(t, "male", f.Dossier.Subject.Sex)
	for _, r := range f.Dossier.Records {
		assert.NotContains(t, []string{"act_firm", "act_mara", "ver_mara", "inq_mara"}, r.Ref.ID, "what is tied to its case only is not its own")
	}
	f, err = db.RootFile(t.Context(), review.Ref{Type: "inquiry", ID: "inq_mara"})
	require.NoError(t, err)
	assert.Empty(t, f.Reviews, "it is completed, no person is asked")
}

func TestACaseThatCameAloneAsksForWhatItNames(t *testing.T) {
	t.Parallel()
	var doc struct {
		Data json.RawMessage `json:"data"`
	}
	require.NoError(t, json.Unmarshal(firmPayload(t), &doc))
	alone, err := json.Marshal(map[string]json.RawMessage{"data": doc.Data})
	require.NoError(t, err)
	asked := map[string]string{}
	for _, e := range persona.Missing(caseFile(t, alone).Dossier) {
		asked[e.Ref.ID] = e.Cause
	}
	for _, id := range []string{"act_firm", "act_rui", "act_mara", "inq_rui", "inq_mara", "rep_firm", "rep_rui", "rep_mara", "ver_rui", "txn_firm", "txn_mara"} {
		assert.Equal(t, "absent", asked[id], id)
	}
	assert.NotContains(t, asked, "case_firm", "it came itself")
	assert.Empty(t, persona.Missing(caseFile(t, []byte(`{"data":{"type":"case","id":"case_firm","attributes":{"status":"Open"},"relationships":{}}}`)).Dossier)[1:],
		"of one that says nothing of its ties, the case itself is asked for")
}
