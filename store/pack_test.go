package store_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store/storetest"
)

func TestTheSameStateIsStoredOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path)
	account := storetest.Resource("account", "act_1", at(1)).Fact("name", "Ines").Fact("note", strings.Repeat("long ", 100))
	storetest.Import(t, db, storetest.Payload(storetest.Transaction("txn_1", "needs_review", at(1)).Link("account", ref("account", "act_1")), account, account))
	storetest.Import(t, db, storetest.Payload(account, storetest.Transaction("txn_2", "needs_review", at(1)).Link("account", ref("account", "act_1"))))
	storetest.Import(t, db, storetest.Payload(account.InEvent(at(2))), storetest.Payload(account.InEvent(at(3)), account))
	file := raw(t, path)
	count := func(query string) (n int) {
		require.NoError(t, file.QueryRow(query).Scan(&n))
		return n
	}
	assert.Equal(t, 3, count(`SELECT count(*) FROM snapshot`))
	assert.Equal(t, 2, count(`SELECT count(*) FROM pack`), "what brings nothing new stores nothing")
	assert.Equal(t, 7, count(`SELECT count(*) FROM sighting`))
	assert.Equal(t, 1, count(`SELECT count(*) FROM snapshot s JOIN pack p ON p.id = s.pack WHERE p.id = 2 AND s.start = 0`),
		"a pack of which most is known is made anew")
	for _, id := range []review.TransactionID{"txn_1", "txn_2"} {
		f, err := db.TransactionFile(t.Context(), id)
		require.NoError(t, err)
		require.Len(t, f.Dossier.Records, 1)
		assert.Equal(t, `"Ines"`, f.Dossier.Records[0].Attributes[0].Text)
	}
}

func TestAPayloadOfManyAndLongStatesComesBackWhole(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	states := []storetest.State{storetest.Transaction("txn_1", "needs_review", at(1))}
	for i := range 60 {
		id := fmt.Sprintf("act_%02d", i)
		states[0] = states[0].Link("account", ref("account", id))
		states = append(states, storetest.Resource("account", id, at(1)).Fact("note", string(bytes.Repeat([]byte{byte('a' + i%26)}, i*400))))
	}
	storetest.Import(t, db, storetest.Payload(states...))
	f, err := db.TransactionFile(t.Context(), "txn_1")
	require.NoError(t, err)
	require.Len(t, f.Dossier.Records, 60)
	for i, r := range f.Dossier.Records {
		assert.Len(t, r.Attributes[0].Text, i*400+2)
	}
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
}

func TestOneLargeBatchSaysWhatManySmallOnesSay(t *testing.T) {
	t.Parallel()
	var payloads [][]byte
	for i := range 90 { // of which some resources are known, some new, some in many
		id, account := fmt.Sprintf("txn_%d", i), fmt.Sprintf("act_%d", i%40)
		payloads = append(payloads, storetest.Payload(
			storetest.Transaction(id, "needs_review", at(i)).Link("account", ref("account", account)).Link("related-objects", ref("report/watchlist", "rep_"+id)),
			storetest.Report("rep_"+id, at(i), "x").Fact("note", strings.Repeat("filler ", i)),
			storetest.Resource("account", account, at(i%7)).Fact("name", fmt.Sprint("Ines ", i%7))))
	}
	small, large := filepath.Join(t.TempDir(), "small.db"), filepath.Join(t.TempDir(), "large.db")
	db := storetest.OpenFile(t, small)
	for _, p := range payloads {
		storetest.Import(t, db, p)
	}
	db = storetest.OpenFile(t, large)
	storetest.Import(t, db, payloads[60:75]...)
	storetest.Import(t, db, append(payloads, payloads[:10]...)...)
	if want, got := dump(t, small), dump(t, large); want != got {
		t.Fatal(firstDifference(want, got))
	}
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
	for _, p := range payloads {
		_, body, err := db.Payload(t.Context(), review.Sum(p))
		require.NoError(t, err)
		require.Equal(t, p, body)
	}
	require.NoError(t, db.Rebuild(t.Context(), storetest.Read, nil))
	assert.Equal(t, dump(t, small), dump(t, large))
}

func TestAStateIsStoredThoughThePayloadThatBroughtItFirstIsRefused(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	txn := storetest.Transaction("txn_1", "needs_review", at(1)).Fact("subject", "Ines Prado")
	refused, taken := storetest.Payload(txn), storetest.Payload(txn, storetest.Resource("account", "act_1", at(1)))
	_, err := db.Keep(t.Context(), []review.Arrival{{Bytes: refused}, {Bytes: taken}})
	require.NoError(t, err)
	_, err = db.Absorb(t.Context(), []review.Reading{{Hash: review.Sum(refused), Refused: "not now"}})
	require.NoError(t, err)
	got, err := db.Absorb(t.Context(), []review.Reading{storetest.Read(refused), storetest.Read(taken)})
	require.NoError(t, err)
	assert.Equal(t, 2, got.Resources)
	problems, err := db.Check(t.Context())
	require.NoError(t, err)
	assert.Empty(t, problems)
	f, err := db.TransactionFile(t.Context(), "txn_1")
	require.NoError(t, err)
	assert.Equal(t, "Ines Prado", f.Dossier.Subject.FullName())
}
