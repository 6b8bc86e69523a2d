package persona_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/persona"
	"docket/persona/sandbox"
	"docket/review"
)

// stages are the dossiers of a transaction as its payloads came in, one more each time.
func stages(t *testing.T, payloads []string) []review.Dossier {
	var out []review.Dossier
	for n := range payloads {
		s := newShelf(t, payloads[:n+1]...)
		for _, root := range s.transactions() {
			out = append(out, persona.Hydrate(s.bundle(root)))
		}
	}
	return out
}

// Between any two dossiers that the fixtures come to, of one transaction at two times or of two
// transactions, the delta is empty exactly when the evidence is the same, and makes of the one
// the other.
func TestTheDeltaOfTwoDossiersMakesOfOneTheOther(t *testing.T) {
	t.Parallel()
	var heavy []string
	for _, p := range sandbox.Heavy(1) {
		heavy = append(heavy, string(p))
	}
	every := fixtures(t)
	every["fifty matches"] = heavy
	moved := 0
	var last review.Dossier
	for _, name := range slices.Sorted(maps.Keys(every)) {
		for _, d := range stages(t, every[name]) {
			for _, pair := range [][2]review.Dossier{{last, d}, {d, last}, {d, d}} {
				then, now := pair[0], pair[1]
				delta := review.Diff(then, now)
				assert.Equal(t, review.Evidence(then) == review.Evidence(now), len(delta) == 0, name)
				again, err := delta.Apply(then)
				require.NoError(t, err, name)
				assert.Equal(t, review.Evidence(now), review.Evidence(again), name)
				if len(delta) > 0 {
					moved++
				}
			}
			last = d
		}
	}
	assert.Greater(t, moved, 20)
}
