package store_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

func TestCheckFindsDamageToLiveData(t *testing.T) {
	t.Parallel()
	for harm, want := range map[string]string{
		`PRAGMA foreign_keys = 0; UPDATE delivery SET payload = 999 WHERE id = 1`:                                                                "delivery of no payload",
		`UPDATE delivery SET clash = 'x' WHERE id = 1; UPDATE payload SET state = 'kept' WHERE id = (SELECT payload FROM delivery WHERE id = 1)`: "clashes and waits",
		`UPDATE delivery_hour SET deliveries = deliveries + 1`:                                                                                   "counts otherwise",
		`DELETE FROM signer`:                                                 "secret that signed and is not known",
		`DELETE FROM delivery_hour`:                                          "is not counted",
		`UPDATE delivery SET repeats = 5 WHERE id = 1`:                       "repeat that no hour counts",
		`UPDATE live_counter SET n = n + 1 WHERE what = 'errand'`:            "counter of errands",
		`DELETE FROM live_counter WHERE what = 'errand'`:                     "errands without its counter",
		`UPDATE live_counter SET n = n + 1 WHERE what = 'push'`:              "counter of pushes",
		`DELETE FROM live_counter WHERE what = 'push'`:                       "pushes without its counter",
		`PRAGMA foreign_keys = 0; UPDATE push SET review = 999 WHERE id = 1`: "push of no review",
		`UPDATE push SET decision = 1 WHERE id = 1`:                          "no decision on its review",
		`UPDATE file SET body = x'00'`:                                       "its bytes do not have its digest",
		`DELETE FROM file_link`:                                              "file that no link names",
	} {
		d := newDesk(t)
		deliver(t, d.DB, receipt("evt_1", "not JSON"))
		_, err := d.Absorb(t.Context(), []review.Reading{{Hash: review.Sum([]byte("not JSON")), Refused: "not JSON"}})
		require.NoError(t, err)
		_, err = d.Want(t.Context(), []review.Errand{errand("rep_1", "a")})
		require.NoError(t, err)
		require.NoError(t, d.KeepFile(t.Context(), review.HeldFile{Ref: ref("document", "doc_1"), Link: "l", Media: "image/png"}, []byte("png")))
		problems, err := d.Check(t.Context())
		require.NoError(t, err)
		require.Empty(t, problems)
		_, err = raw(t, d.path).Exec(harm)
		require.NoError(t, err, harm)
		problems, err = d.Check(t.Context())
		require.NoError(t, err, harm)
		assert.Contains(t, strings.Join(problems, "\n"), want, harm)
	}
}
