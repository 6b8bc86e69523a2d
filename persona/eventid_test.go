package persona_test

import (
	"encoding/json"
	"strings"
	"testing"

	"docket/persona"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func FuzzEventID(f *testing.F) {
	for _, seed := range []string{testBody, `{}`, ``, `{"data":[]}`, `{"data":{"id":"evt_1","attributes":{"a":[1,2]},"type":"event"}}`,
		`{"included":[],"data":{"type":"event","id":7,"attributes":{}}}`, `{"data":{"type":"transaction","id":"txn_1"}}`,
		`{"data":{"id":"a","type":"event","attributes":{},"id":"b"}}`, "\ufeff" + testBody, `{"data":{"type":"\u0065vent","id":"\u00e9","attributes":{}}}`,
		strings.Repeat(`{"data":`, 100)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := string(body)
		id := persona.EventID(body)
		if string(body) != before {
			t.Fatal("the body was changed")
		}
		if len(id) > persona.MaxEventID {
			t.Fatalf("an id of %d bytes", len(id))
		}
		if r := persona.Read(body); r.Refused == "" && r.Event != "" && len(r.Event) < persona.MaxEventID/6 && r.Event != id {
			t.Fatalf("Read says %q, EventID %q", r.Event, id)
		}
	})
}

func TestAnEventIsKnownByItsID(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for body, want := range map[string]string{
		testBody: "evt_TEST1",
		`{"data":{"attributes":{"name":"x","payload":{"data":{"id":"txn_1","type":"transaction"}}},"id":"evt_2","type":"event"}}`: "evt_2",
		`{"links":{},"data":{"id":"evt_3","type":"event","attributes":{}}}`:                                                       "evt_3",
		"\ufeff \n" + testBody:                                              "evt_TEST1",
		`{"data":{"type":"transaction","id":"txn_1"}}`:                      "",
		`{"data":{"type":"transaction","id":"txn_1","attributes":{}}}`:      "",
		`{"data":[{"type":"event","id":"evt_1","attributes":{}}]}`:          "",
		`{"data":{"type":"event","attributes":{}}}`:                         "",
		`{"data":{"type":"event","id":null,"attributes":{}}}`:               "",
		`{"data":{"type":"event","id":{},"attributes":{}}}`:                 "",
		`{"data":{"type":"event","id":"` + strings.Repeat("e", 300) + `"}}`: "",
		`{"data":{"x":` + deep + `,"type":"event","id":"evt_4"}}`:           "evt_4",
		`{"id":"evt_1","type":"event"}`:                                     "",
		`{"data":{"type":"event","id":"evt_1`:                               "",
		`[1,2]`:                                                             "",
		`null`:                                                              "",
		``:                                                                  "",
		"\x00\xff":                                                          "",
	} {
		assert.Equal(t, want, persona.EventID([]byte(body)), "%.80s", body)
	}
}

// A delivery is answered before it is read: finding its id must not cost as much as reading it.
// Not parallel: allocations are counted over the whole process.
func TestFindingAnEventsIDIsCheap(t *testing.T) {
	big, err := json.Marshal(map[string]any{"data": json.RawMessage(`{"type":"event","id":"evt_1","attributes":{"payload":{"data":[` +
		strings.Repeat(`{"a":"b"},`, 100000) + `{}]}}}`)})
	require.NoError(t, err)
	require.Equal(t, "evt_1", persona.EventID(big))
	assert.Less(t, testing.AllocsPerRun(10, func() { persona.EventID(big) }), 40.0)
}
