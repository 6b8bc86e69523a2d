package store

import (
	"encoding/json"
	"maps"
	"slices"
)

// differs names the first member in which two records differ.
func differs(one, other []byte) string {
	var x, y map[string]json.RawMessage
	if json.Unmarshal(one, &x) != nil || json.Unmarshal(other, &y) != nil {
		return "record"
	}
	for _, k := range slices.Sorted(maps.Keys(x)) {
		if string(x[k]) != string(y[k]) {
			return k
		}
	}
	for _, k := range slices.Sorted(maps.Keys(y)) {
		if _, ok := x[k]; !ok {
			return k
		}
	}
	return "record"
}
