package web_test

import (
	"database/sql"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func TestTheLedgerIsShownSignedAndProven(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	lead, auditor := h.as("lead"), h.as("auditor")

	page := auditor.get("/ledger").page()
	assert.Contains(t, page.Find("main").Text(), "Nothing was signed yet")
	assert.Zero(t, page.Find("form[action='/ledger/checkpoint']").Length(), "an auditor writes nothing")
	assert.NotContains(t, page.Find("footer").Text(), "Ledger")
	auditor.get("/ledger/checkpoint").is(404)
	auditor.get("/ledger/proof/1").is(404)

	require.Equal(t, 1, lead.get("/ledger").page().Find("form[action='/ledger/checkpoint'] button").Length())
	a := lead.post("/ledger/checkpoint", url.Values{})
	assert.Equal(t, "/ledger?done=signed", a.header.Get("Location"))
	assert.Equal(t, "/ledger?done=same", lead.post("/ledger/checkpoint", url.Values{}).header.Get("Location"))
	point, err := h.db.NewestCheckpoint(t.Context())
	require.NoError(t, err)
	require.NoError(t, h.db.KeepCheckpoint(t.Context(), point.ID, "file roots.txt", ""))
	require.NoError(t, h.db.KeepCheckpoint(t.Context(), point.ID, "command <keep>", "it ended with exit status 1"))
	require.NoError(t, h.db.VerifyTail(t.Context(), h.db.LedgerPublic()))

	page = auditor.get("/ledger?done=signed").page()
	size := strconv.FormatInt(point.Size, 10)
	assert.Contains(t, page.Find("footer").Text(), "Ledger whole at entry "+size)
	assert.Contains(t, page.Find(".ledger strong").Text(), "The ledger is whole: "+size+" entries")
	assert.Equal(t, string(h.db.LedgerPublic()), page.Find("#public-key").AttrOr("value", ""))
	row := page.Find("tr[data-checkpoint='" + strconv.FormatInt(point.ID, 10) + "']")
	require.Equal(t, 1, row.Length())
	assert.Contains(t, row.Text(), "file roots.txt")
	assert.Contains(t, row.Text(), "command <keep>")
	assert.Contains(t, row.Text(), "it ended with exit status 1")

	given := auditor.get("/ledger/checkpoint")
	given.is(200)
	assert.Equal(t, "text/plain; charset=utf-8", given.header.Get("Content-Type"))
	c, err := h.db.LedgerPublic().Open(given.body)
	require.NoError(t, err)
	assert.Equal(t, point.Checkpoint, c)

	for entry := int64(1); entry <= point.Size; entry++ {
		raw := auditor.get("/ledger/proof/" + strconv.FormatInt(entry, 10))
		raw.is(200)
		var proof struct {
			review.LedgerProof
			Checkpoint string `json:"checkpoint"`
		}
		require.NoError(t, json.Unmarshal([]byte(raw.body), &proof))
		c, err := h.db.LedgerPublic().Open(proof.Checkpoint)
		require.NoError(t, err)
		require.NoError(t, proof.Check(c))
		assert.Equal(t, review.EntryID(entry), proof.Entry)
		assert.NotContains(t, raw.body, "Colleague", "what is sealed stays sealed")
	}
	for _, bad := range []string{"0", "-1", "01", "x", "+1", "1.0", "999999", "99999999999999999999"} {
		auditor.get("/ledger/proof/" + bad).is(404)
	}
	h.claimed(id, "reviewer")
	auditor.get("/ledger/proof/" + strconv.FormatInt(point.Size+1, 10)).is(404)
}

func TestALedgerThatDoesNotProveIsSaidOnEveryPage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	require.NoError(t, h.db.VerifyTail(t.Context(), ""))
	id := h.opened()
	h.claimed(id, "reviewer")
	file, err := sql.Open("sqlite", "file:"+h.path+"?_busy_timeout=5000")
	require.NoError(t, err)
	t.Cleanup(func() { _ = file.Close() })
	for _, s := range []string{`DROP TRIGGER entry_holds`, `UPDATE entry SET by_name = 'Somebody' WHERE id = (SELECT max(id) FROM entry)`} {
		_, err = file.Exec(s)
		require.NoError(t, err)
	}
	require.NoError(t, h.db.VerifyTail(t.Context(), ""))
	_, _, broken := h.db.LedgerWhole()
	require.NotNil(t, broken)
	page := h.as("reviewer").get("/reviews").page()
	assert.Contains(t, page.Find("footer strong").Text(), "Ledger does not prove from entry "+strconv.Itoa(int(broken.Entry)))
	page = h.as("lead").get("/ledger").page()
	assert.Equal(t, "danger", page.Find(".ledger").AttrOr("data-tone", ""))
	assert.Contains(t, page.Find(".ledger").Text(), "Its by_name is not what was sealed")
	assert.Equal(t, "/ledger?done=broken", h.as("lead").post("/ledger/checkpoint", url.Values{}).header.Get("Location"))
	assert.Contains(t, h.as("lead").get("/ledger?done=broken").page().Find("[role=status]").Text(), "Nothing was signed")
	assert.False(t, strings.Contains(page.Find("main").Text(), "Somebody"), "what was changed is not repeated")
}
