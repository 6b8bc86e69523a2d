package views

// IntakePage says what arrived from Persona, what failed, what is to be fetched and told.
type IntakePage struct {
	Shell
	Lead       string // "The newest delivery came 3 min ago. 2 payloads lie in quarantine."
	Notices    []Notice
	Link       []Fact // the connection: environment, last answer, what is left of the rate
	Now        []Fact // newest delivery, usual gap, unread
	Hours      Hours
	Deliveries []DeliveryRow
	States     []ListTab // which deliveries are listed
	Showing    string
	Quarantine []QuarantineRow
	More       string // how many there are
	Errands    []ErrandRow
	ErrandsIs  string
	Pushes     []PushRow
	PushesIs   string
	Synced     []Fact
	SyncWords  string
	Sync       string // POST; "" when the reader cannot, or Persona is not connected
	SyncHold   string // why there is no button
	Pages      struct{ Deliveries, Quarantine, Errands, Pushes Pages }
}

// Hours is how many deliveries each of the last 48 hours brought.
type Hours struct {
	Words string // the finding: "312 deliveries in 48 hours, most in the hour from 09:00."
	Bars  []HourBar
	Top   string // the largest count, beside the topmost line
	Begin Time
	End   Time
}

// HourBar is one hour: a bar in a picture of 48 by 40 units, and a row of the table.
type HourBar struct {
	X, Y, Height string // units of the picture; the width of a bar is fixed
	RepeatY      string // where the repeats on top of it begin
	RepeatHeight string
	Hour         Time
	Deliveries   string
	Repeats      string
}

// DeliveryRow is one receipt.
type DeliveryRow struct {
	ID      string // hook data-delivery
	State   Tag
	Hook    string // data-state
	Event   Str
	What    Str // what it was read as, "" not read
	Time    Time
	More    string // "4th try, first at 09:12; 2 repeats"
	Payload Go
	Problem Str
}

// ListTab is one choice of what a list shows.
type ListTab struct {
	Href    string
	Words   string
	Count   string
	Current bool
}

// QuarantineRow is bytes that could not be read.
type QuarantineRow struct {
	Payload Go // the raw bytes
	Reason  Str
	From    string
	Time    Time
	Bytes   string
	Again   string // POST: answer retry; "" when the reader cannot
}

// ErrandRow is one thing to fetch.
type ErrandRow struct {
	ID      string // hook data-errand
	What    string // "Runs of the report"
	To      Go     // the resource
	State   Tag
	Hook    string
	Time    Time // next try, or when it was given up
	Problem Str
	More    string // "3 tries"
	Action  string // POST: answer retry; "" when the reader cannot
}

// PushRow is one act at Persona that is not settled.
type PushRow struct {
	Review Go
	Line   ToldLine
}
