package views

// InsightsPage is what leads, admins and auditors see of the work of all: never of one colleague.
type InsightsPage struct {
	Shell
	Lead     string
	Periods  []Option
	Own      bool   // own dates are chosen
	From, To string // YYYY-MM-DD as typed
	Problems Problems
	Figures  []Figure
	Charts   []Chart
	Record   []Said   // how the figures and the list of decisions fit together
	List     Go       // the list of decisions of the same days
	Counted  []string // how it was counted, a paragraph each
	Empty    *Empty   // nothing was ever opened
}

// Figure is one number on top.
type Figure struct {
	Name  string
	Value string
	More  string
}
