package review

import (
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxPolicy caps a policy document, in bytes: far above what Check lets through.
const maxPolicy = 1 << 20

// Document gives the policy as its canonical document: RFC 8785 JSON, with rules and retention in the
// order of SecondRules and RetentionClasses, so that the same rules are always the same bytes. The
// version is not in it: it is given when the document is proposed.
func (p Policy) Document() []byte {
	p.Second = inOrder(p.Second, SecondRules(), func(r SecondRule) SecondRule { return r })
	p.Retention = inOrder(p.Retention, RetentionClasses(), func(r Retention) RetentionClass { return r.Class })
	b, err := json.Marshal(p)
	if err != nil {
		return nil // only what is not UTF-8 does not marshal, and Check refuses that
	}
	doc := jsontext.Value(b)
	if err := doc.Canonicalize(); err != nil {
		return nil
	}
	return doc
}

// Digest names the policy by its canonical document.
func (p Policy) Digest() Hash { return Sum(p.Document()) }

// inOrder sorts what is known by the order of all; what is not known stays behind it.
func inOrder[T any, K comparable](list []T, all []K, key func(T) K) []T {
	out := slices.Clone(list)
	place := func(v T) int {
		if i := slices.Index(all, key(v)); i >= 0 {
			return i
		}
		return len(all)
	}
	slices.SortStableFunc(out, func(a, b T) int { return place(a) - place(b) })
	return out
}

// ParsePolicy reads a policy document, strictly: a key that docket does not know, a key given twice or
// a value of another kind is refused, since a rule that is not understood would silently not hold.
// What it says is checked by Check. The version is 0: whoever holds the document knows it.
func ParsePolicy(doc []byte) (Policy, error) {
	if len(doc) > maxPolicy {
		return Policy{}, errors.New("policy: the document is larger than 1 MiB: no policy of docket is")
	}
	var p Policy
	if err := json.Unmarshal(doc, &p, json.RejectUnknownMembers(true)); err != nil {
		var semantic *json.SemanticError
		if errors.As(err, &semantic) {
			return Policy{}, fmt.Errorf("policy: docket does not understand %s: leave it out, or use the docket that wrote it", semantic.JSONPointer)
		}
		return Policy{}, fmt.Errorf("policy: this is not a JSON document: write one such as docket shows for the policy in force: %w", err)
	}
	return p, nil
}
