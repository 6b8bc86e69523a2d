package web_test

import (
	"bytes"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/web"
)

// Whatever somebody types into an address may be a name, and the trail is public and for good.
func TestNoTextThatSomebodyTypedIsOnTheTrailOfAnExport(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.take(ekene().payload())
	id := h.opened()
	h.claimed(id, "reviewer")
	c, path := h.as("reviewer"), "/reviews/"+id.String()[2:]
	for n := 1; n <= 2; n++ {
		c.post(path+"/dispositions", c.get(path).finding(n, "false_positive", "name", "")).is(303)
	}
	c.post(path+"/decision", url.Values{"outcome": {"approve"}, "reason": {"all_false_positive"}, "evidence": {c.get(path + "/decision").evidence()}}).is(303)

	const name = "Ekene Obiakor"
	for _, field := range []string{"q", "reason", "kind", "list"} {
		c.get("/decisions.csv?" + url.Values{field: {name}}.Encode()).is(200)
	}
	for _, field := range []string{"party", "by", "policy", "from", "outcome", "second", "corrected", "overdue", "columns"} {
		c.get("/decisions.csv?" + url.Values{field: {name}}.Encode()).is(http.StatusBadRequest)
	}
	wrong := c.get("/decisions?" + url.Values{"party": {name}}.Encode()).is(http.StatusUnprocessableEntity)
	assert.NotEmpty(t, wrong.text("#party-problem"))
	assert.Equal(t, name, wrong.page().Find("[name=party]").AttrOr("value", ""), "what was typed stays")
	c.get("/decisions.csv?reason=all_false_positive&party=p-00112233445566778899").is(200)

	var trail bytes.Buffer
	_, err := web.WriteTrail(t.Context(), &trail, h.db, store.Span{}, "ndjson")
	require.NoError(t, err)
	assert.NotContains(t, trail.String(), "Obiakor")
	assert.Contains(t, trail.String(), "reason=all_false_positive", "what decisions do have is said")
	assert.Contains(t, trail.String(), "party=p-00112233445566778899")
	assert.Equal(t, 5, bytes.Count(trail.Bytes(), []byte(string(review.ActExported)+`"`)))
}

func TestNoNameThatSomebodyTypedForAnIdStaysOnRecord(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := ekene()
	h.take(p.payload())
	c := h.as("auditor")
	const name = "Typed Somebody"
	for _, field := range []string{"transaction", "account", "reference", "review", "by"} {
		c.get("/record?" + url.Values{field: {name}}.Encode())
		c.get("/record.csv?" + url.Values{field: {name}}.Encode())
	}
	c.get("/record?transaction=" + p.id).is(200)
	c.get("/record.csv?transaction=" + p.id).is(200)

	var record bytes.Buffer
	_, err := web.WriteRecord(t.Context(), &record, h.db, store.RecordQuery{}, "ndjson")
	require.NoError(t, err)
	assert.NotContains(t, record.String(), "Somebody")
	assert.Contains(t, record.String(), "transaction "+p.id, "who looked")
	assert.Contains(t, record.String(), "transaction="+p.id, "what left")
}
