package review

import "fmt"

// Comparator is one set of rules of comparison. Once a decision rests on it, it answers the same
// for ever: a change of any rule's answer is a new comparator.
type Comparator struct {
	Version string
	Compare func(Subject, Match) []Comparison
}

// comparators are all versions that anything may rest on, the newest last.
var comparators = []Comparator{
	{Version: "2", Compare: compare2},
	{Version: ComparatorVersion, Compare: Compare},
}

// ComparatorOf gives the comparator of a version; ErrNotFound for one that docket never had.
func ComparatorOf(version string) (Comparator, error) {
	for _, c := range comparators {
		if c.Version == version {
			return c, nil
		}
	}
	return Comparator{}, fmt.Errorf("comparator %q: %w", version, ErrNotFound)
}
