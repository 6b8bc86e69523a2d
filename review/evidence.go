package review

import "crypto/sha256"

// EvidenceVersion is part of every evidence digest: a change to what is digested gives it a
// new value, so that digests of two ways of counting are never taken for each other.
const EvidenceVersion = "docket evidence 1"

// Evidence digests what a person can judge from: the subject, the reports with their queries,
// matches, dismissals and runs, and the records. The order of lists does not count, nor do
// facts that move without meaning anything (a field tagged `evidence:"-"`, and an attribute
// that only says when something was last written). What is digested is written out in digestnoun.go;
// a test holds it against digestible, which asks the nouns what fields they have.
func Evidence(d Dossier) Hash {
	g := digests.Get().(*digest)
	g.out = append(g.out[:0], EvidenceVersion...)
	g.dossier(&d)
	sum := sha256.Sum256(g.out)
	if cap(g.out) <= keptDigest {
		digests.Put(g)
	}
	return sum
}

// CheckEvidence holds what a form says its page showed against the evidence that now stands:
// *Invalid when the form does not say, ErrStale when the evidence has moved since.
func CheckEvidence(shown string, now Hash) error {
	h, err := ParseHash(shown)
	switch {
	case err != nil:
		var inv Invalid
		inv.Add("evidence", "Open the page again and send the form from there: it must say which evidence it showed")
		return inv.OrNil()
	case h != now:
		return ErrStale
	}
	return nil
}
