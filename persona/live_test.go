package persona_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"docket/persona/sandbox"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// people are inputs of the stand-in that lead to every kind of end.
var people = []string{"Kim Jong Un", "Boris Johnson", "Lazar Vintermoor", "Marisol Thornquist", "Ilka Brandywater", "Orson Faultline",
	"Nobody Special"}

// stripped is an event as webhooks send it that are told to include nothing.
func stripped(t *testing.T, body []byte) []byte {
	var doc map[string]any
	require.NoError(t, json.Unmarshal(body, &doc))
	delete(doc["data"].(map[string]any)["attributes"].(map[string]any)["payload"].(map[string]any), "included")
	b, err := json.Marshal(doc)
	require.NoError(t, err)
	return b
}

func TestDisorderRepeatsAndStrippedEventsGiveTheTidyPages(t *testing.T) {
	t.Parallel()
	s := newStand(t, func(o *standOptions) { o.Included = sandbox.IncludeAll })
	tidy := newDesk(t, s)
	s.hook = tidy.take
	var ids []review.TransactionID
	for _, name := range people {
		ids = append(ids, tidy.screen(name))
	}
	tidy.work(4)
	s.settle(time.Hour)
	tidy.drain()
	require.Greater(t, len(s.sent), 20)

	for seed := range uint64(3) {
		rng := rand.New(rand.NewPCG(seed, 5))
		other := newDesk(t, s)
		var mixed [][]byte
		for _, body := range s.sent {
			mixed = append(mixed, stripped(t, body), stripped(t, body))
		}
		rng.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		for i, body := range mixed {
			require.Equal(t, 200, other.take(body))
			if i%7 == 0 {
				other.drain()
			}
		}
		other.drain()
		for i, id := range ids {
			require.Equal(t, tidy.page(id), other.page(id), "%s, seed %d", people[i], seed)
			assert.Len(t, other.file(id).Reviews, len(tidy.file(id).Reviews), people[i])
		}
		assert.Empty(t, other.errands(review.ErrandWaiting))
		assert.Empty(t, other.errands(review.ErrandFailed))
		in, err := other.db.Intake(t.Context())
		require.NoError(t, err)
		assert.Zero(t, in.Quarantined)
		assert.Zero(t, in.Unread)
	}
}
