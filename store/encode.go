package store

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"docket/review"
)

// millis is how the database holds an instant; the zero time is 0 there too, or NULL where a
// column allows it.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// instant reads what millis wrote.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func nullMillis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// timeColumn scans an instant; NULL and 0 are the zero time.
type timeColumn struct{ to *time.Time }

// Scan reads milliseconds.
func (c timeColumn) Scan(src any) error {
	switch ms := src.(type) {
	case nil:
		*c.to = time.Time{}
		return nil
	case int64:
		*c.to = instant(ms)
		return nil
	}
	return fmt.Errorf("an instant that is no number")
}

// hashColumn scans a digest; NULL is the zero digest.
type hashColumn struct{ to *review.Hash }

// Scan reads 32 bytes.
func (h hashColumn) Scan(src any) error {
	switch b := src.(type) {
	case nil:
		*h.to = review.Hash{}
		return nil
	case []byte:
		if len(b) == len(h.to) {
			copy(h.to[:], b)
			return nil
		}
	}
	return fmt.Errorf("a digest of another length")
}

func nullHash(h review.Hash) any {
	if h.IsZero() {
		return nil
	}
	return h[:]
}

// list writes a slice as JSON, nil as [].
func list[T any](v []T) (string, error) {
	if len(v) == 0 {
		return "[]", nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}

// listColumn scans JSON into a slice; an empty one is nil.
type listColumn[T any] struct{ to *[]T }

// Scan reads the JSON array that list wrote.
func (l listColumn[T]) Scan(src any) error {
	*l.to = nil
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("a list that is no text")
	}
	if s == "" || s == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(s), l.to)
}

// detailText writes what an entry says in public, keys sorted.
func detailText(d map[string]string) (string, error) {
	if len(d) == 0 {
		return "{}", nil
	}
	b, err := json.Marshal(d)
	return string(b), err
}

// detailColumn scans what detailText wrote; an empty one is nil.
type detailColumn struct{ to *map[string]string }

// Scan reads the JSON object that detailText wrote.
func (d detailColumn) Scan(src any) error {
	*d.to = nil
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("a detail that is no text")
	}
	if s == "{}" {
		return nil
	}
	return json.Unmarshal([]byte(s), d.to)
}

// numbers writes row numbers for json_each.
func numbers(ids []int64) string {
	out := make([]byte, 1, 2+8*len(ids))
	out[0] = '['
	for i, id := range ids {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, id, 10)
	}
	return string(append(out, ']'))
}

// packKeys appends a sorted list of keys, each behind its length; keys may hold any bytes.
func packKeys(out []byte, keys []string) []byte {
	for _, k := range keys {
		out = append(binary.AppendUvarint(out, uint64(len(k))), k...)
	}
	return out
}

func unpackKeys(b []byte) ([]string, error) {
	var keys []string
	for len(b) > 0 {
		n, w := binary.Uvarint(b)
		if w <= 0 || n > uint64(len(b)-w) { //nolint:gosec // w <= len(b)
			return nil, fmt.Errorf("a key set that cannot be read")
		}
		keys = append(keys, string(b[w:w+int(n)])) //nolint:gosec // bounded above
		b = b[w+int(n):]                           //nolint:gosec // bounded above
	}
	return keys, nil
}

// union merges two sorted lists without doubles.
func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}
