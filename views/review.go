package views

// ReviewPage is the work: one review from the comparison to the trail.
type ReviewPage struct {
	Shell
	Main        Main
	Identity    Identity
	Printed     []string // lines on top of the printed sheet: review, for whom, when, evidence
	Problems    Problems
	Notices     []Notice
	Decisions   []DecisionCard // newest first; of this review
	Proposed    []DecisionCard // not in effect: the one that waits for a second person, or was given back last
	Attachments *Attachments   // nil: none, and the reader cannot add one
	Correct     *DecisionForm  // nil: not offered. Folded under "Correct the decision"
	Follow      string         // hook data-follow: seconds until the page looks again; "" when nothing moves
	Told        *Told          // nil: no decision, or nothing to say
	Fallback    *Fallback      // nil: no inquiry that the subject still has to finish
	Pictures    *Pictures
	Lead        string // beside the heading: "5 matches of 4 listed parties, 3 to go"
	Bulk        []Go   // to pages that list many parties with one reason; none when that would spare nothing
	Parties     []Party
	None        string // instead of parties: "No report left an open match …", always a full sentence
	Hold        *Hold  // said once above the parties when the reader cannot judge
	Dismissed   []Party
	Away        string   // words of the fold for these: "2 matches dismissed at Persona"
	Changes     *Changes // since an earlier look; nil: nobody looked before
	Reports     []Report
	ReportsIs   string // "3 screenings and 1 other"
	Records     []Record
	RecordsIs   string
	Trail       Trail
	Payloads    Payloads
	Pack        *PackTake // nil: the reader may not take it
	Panel       Panel
}
