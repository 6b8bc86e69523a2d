package review

import "errors"

// The errors that a person can meet. Each room wraps them with what was being done.
var (
	// ErrNotFound: no such thing, or not yours to see.
	ErrNotFound = errors.New("not found")
	// ErrConflict: someone else was first.
	ErrConflict = errors.New("someone else was first")
	// ErrStale: the evidence moved since the page was shown; nothing was recorded.
	ErrStale = errors.New("the evidence moved")
	// ErrForbidden: a known colleague whose role does not allow the act.
	ErrForbidden = errors.New("not allowed for this role")
)

// Problem is one thing that a person can put right: the form field and what to do.
type Problem struct {
	Field string // the form field's name
	Text  string // what to do, as a sentence without a full stop
}

// Invalid says what a person can put right. Nothing was recorded.
type Invalid struct{ Problems []Problem }

// Error joins the problems; it is for logs and tests, pages show each beside its field.
func (e *Invalid) Error() string {
	s := "invalid"
	for i, p := range e.Problems {
		if i == 0 {
			s += ": "
		} else {
			s += "; "
		}
		s += p.Field + ": " + p.Text
	}
	return s
}

// Add notes one more problem.
func (e *Invalid) Add(field, text string) { e.Problems = append(e.Problems, Problem{field, text}) }

// OrNil is nil when there is no problem.
func (e *Invalid) OrNil() error {
	if e == nil || len(e.Problems) == 0 {
		return nil
	}
	return e
}
