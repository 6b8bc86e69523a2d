package persona_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/persona"
)

// The first of each kind is sorted by itself, what follows as the first was.
func TestAKnownSetOfKeysReadsLikeAnUnknownOne(t *testing.T) {
	t.Parallel()
	const first = `{"data":{"type":"account","id":"act_1","attributes":{"shapeZulu":1,"shape_alpha":2,"shape-mike":{"shape-b":3,"shape-a":4}}}}`
	const other = `{"data":{"type":"account","id":"act_1","attributes":{"shape_alpha":2,"shapeZulu":1,"shape-mike":{"shape-a":4,"shape-b":3}}}}`
	want := `{"attributes":{"shape-alpha":2,"shape-mike":{"shape-a":4,"shape-b":3},"shape-zulu":1},"id":"act_1","type":"account"}`
	for range 3 {
		for _, raw := range []string{first, other} {
			assert.Equal(t, want, string(persona.Read([]byte(raw)).Snapshots[0].Body))
		}
	}
	twice := persona.Read([]byte(`{"data":{"type":"account","id":"act_1","attributes":{"shape-a":4,"shape-a":3}}}`))
	assert.NotEmpty(t, twice.Refused)
}
