package persona_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"docket/persona"
	"docket/review"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The official examples are documentation, not fixtures: they are read where they lie
// (DOCKET_OPENAPI names the file) and never copied.
func TestOfficialExamplesAreReadWithoutQuarantine(t *testing.T) {
	t.Parallel()
	path := os.Getenv("DOCKET_OPENAPI")
	if path == "" {
		t.Skip("DOCKET_OPENAPI names no file")
	}
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	type example struct{ Value json.RawMessage }
	var spec struct {
		Components struct{ Examples map[string]example }
		Paths      map[string]map[string]json.RawMessage
	}
	require.NoError(t, json.Unmarshal(raw, &spec))
	all := spec.Components.Examples
	for path, item := range spec.Paths {
		for method, rest := range item {
			var op struct {
				Responses map[string]struct {
					Content map[string]struct{ Examples map[string]example }
				}
			}
			if json.Unmarshal(rest, &op) != nil {
				continue // what all methods of a path share
			}
			for status, r := range op.Responses {
				for name, e := range r.Content["application/json"].Examples {
					if path == "/rate-limits" {
						continue // of no resource: it has no id
					}
					if status[0] == '2' && e.Value != nil { // the others name one of the components
						all[method+" "+path+" "+status+" "+name] = e
					}
				}
			}
		}
	}
	read, inline := 0, 0
	for name, e := range all {
		var doc struct{ Data json.RawMessage }
		if json.Unmarshal(e.Value, &doc) != nil || doc.Data == nil {
			continue // an error body or no payload at all
		}
		var one struct{ ID *string }
		if doc.Data[0] == '{' && json.Unmarshal(doc.Data, &one) == nil && one.ID == nil {
			continue // the body of a request
		}
		r := persona.Read(e.Value)
		if !assert.Empty(t, r.Refused, name) {
			continue
		}
		read++
		if strings.Contains(name, " /") {
			inline++
		}
		s := newShelf(t, string(e.Value))
		for ref := range s.states {
			persona.Resource(s.captured(ref))
			d := persona.Hydrate(s.bundle(ref))
			assert.Equal(t, ref.ID, string(d.Transaction.ID), name)
			if ref.Family() == "report" {
				for _, rep := range persona.Hydrate(s.bundle(review.Ref{Type: "transaction", ID: "txn_none"})).Reports {
					assert.NotEmpty(t, rep.Capture, name)
				}
			}
		}
	}
	assert.Greater(t, read, 200)
	assert.Greater(t, inline, 40)
}
