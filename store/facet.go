package store

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
)

// facet is one value that a row can be filtered by.
type facet struct{ Name, Value string }

// The names of the facets: of one value each, and of those that several values make together.
const (
	facetKind           = "kind"
	facetCountry        = "country"
	facetTag            = "tag"
	facetKindCountry    = "kind+country"
	facetKindTag        = "kind+tag"
	facetCountryTag     = "country+tag"
	facetKindCountryTag = "kind+country+tag"
)

func facetNames() []string {
	return []string{facetKind, facetCountry, facetTag, facetKindCountry, facetKindTag, facetCountryTag, facetKindCountryTag}
}

// together is the facet of rows that have several values at once. Each is quoted, so that no
// two choices read the same.
func together(facets ...facet) facet {
	if len(facets) == 1 {
		return facets[0]
	}
	var f facet
	for i, one := range facets {
		if i > 0 {
			f.Name += "+"
			f.Value += " "
		}
		f.Name += one.Name
		f.Value += strconv.Quote(one.Value)
	}
	return f
}

// choices are all facets that find a row with these values, alone and together, so that
// whatever someone filters by is one list in the order of age, with one counter.
func choices(facets []facet) []facet {
	var by [3][]facet // kinds, countries, tags
	for _, f := range facets {
		i := slices.Index(facetNames(), f.Name)
		by[i] = append(by[i], f)
	}
	all := slices.Clone(facets)
	for _, c := range by[1] {
		for _, t := range by[2] {
			all = append(all, together(c, t))
		}
	}
	for _, k := range by[0] {
		for _, c := range by[1] {
			all = append(all, together(k, c))
		}
		for _, t := range by[2] {
			all = append(all, together(k, t))
			for _, c := range by[1] {
				all = append(all, together(k, c, t))
			}
		}
	}
	return all
}

func facetsOf(s *summary) []facet {
	var fs []facet
	for _, k := range s.tally {
		fs = append(fs, facet{facetKind, string(k.Kind)})
	}
	if s.country != "" {
		fs = append(fs, facet{facetCountry, s.country})
	}
	for _, t := range s.tags {
		fs = append(fs, facet{facetTag, t})
	}
	slices.SortFunc(fs, func(x, y facet) int { return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Value, y.Value)) })
	fs = slices.Compact(fs)
	return fs[:min(len(fs), maxFacets)]
}

// MarshalJSON writes a pair.
func (f facet) MarshalJSON() ([]byte, error) { return json.Marshal([2]string{f.Name, f.Value}) }

// UnmarshalJSON reads a pair.
func (f *facet) UnmarshalJSON(b []byte) error {
	var p [2]string
	err := json.Unmarshal(b, &p)
	f.Name, f.Value = p[0], p[1]
	return err
}

// moveFacets takes a row from one place to another, with its facets and counters, at the end of the
// act; nil is no place.
func (a *act) moveFacets(id int64, from, to *facetPlace) {
	if from != nil {
		a.countRow(id, from, -1)
	}
	if to != nil {
		a.countRow(id, to, 1)
	}
}
