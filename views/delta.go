package views

// Changes is what is otherwise than a person saw it: then beside now.
type Changes struct {
	Head    string      // "What changed since 3 March"
	Lead    string      // whose eyes it is compared with, and what is new since the reader's own
	Table   *Comparison // nil: nothing changed, and the lead says so
	Fold    string      // "2 changes": what the table is folded behind; "" it lies open
	Left    string      // "and 14 more changes" that have no row, "" when all have one
	Further *Changes    // since an earlier look yet, folded; nil when there is none
}
