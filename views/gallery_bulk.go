package views

import (
	"strconv"

	"docket/review"
)

func galleryBulk() []Specimen {
	page := BulkPage{
		Shell: galleryShell("The birth year conflicts on 14 parties, R-1042 Ilarion Sarbasov-Kende", PlaceQueue), Main: galleryMain(review.StateOpen), Identity: galleryIdentity(),
		Head: "The birth year conflicts on 14 parties", Lead: "Tick the parties that you looked at",
		Form: &BulkForm{Action: "/reviews/1042/dispositions", Evidence: gallerySeal, Premise: "birth-years-apart", Reasons: galleryReasons, Back: "birth-years-apart",
			Act: "Record a false positive on each ticked party"},
		Back: Go{"/reviews/1042", "Go back to the review"},
	}
	page.Identity.Prefix, page.Identity.Place, page.Identity.Previous, page.Identity.Next, page.Identity.Claim = "Judge together:", "", "", "", Claim{}
	page.Identity.Path = []Go{{"/reviews", "Queue"}, {"/reviews/1042", "R-1042"}, {"", "Judge together"}}
	for i := range 14 {
		n := strconv.Itoa(i + 1)
		p := galleryPeople[i]
		r := BulkRow{Number: n, Name: Str{Text: p.name, Lang: p.lang}, Kinds: "Watchlist, 1 match", Href: "/reviews/1042#party-" + n, Ours: "14 March 1986", Theirs: strconv.Itoa(1940 + 3*i), Apart: "Birth year differs by " + strconv.Itoa(46-3*i),
			Boxes: []BulkBox{{ID: "box-" + n, Match: "wl-bulk" + n}}, Verdicts: []Verdict{{Label: "Name", Mark: MarkClose}, {Label: "Born", Mark: MarkConflict}, {Label: "Country", Mark: MarkMissingMatch}}}
		if i == 2 {
			r.Kinds = "Watchlist and adverse media, 2 matches"
			r.Boxes = []BulkBox{{ID: "box-3-1", Match: "wl-bulk3", Words: "Watchlist match"}, {ID: "box-3-2", Match: "am-bulk3", Words: "Adverse media match"}}
		}
		page.Rows = append(page.Rows, r)
	}

	refused := page
	refused.Shell.Problem = true
	form := *page.Form
	form.Problems = []Problem{{"match", "Choose the matches that this finding is for"}, {"reason", "Choose the main reason for this finding"}}
	form.Note = "The passport copy shows the year."
	refused.Form, refused.Problems = &form, Problems{List: form.Problems}

	before := page
	before.Held = true
	before.Head, before.Lead = "3 parties were cleared before", "Every reason was tested again and still holds"
	again := *page.Form
	again.Premise, again.Carries, again.Reasons, again.Back, again.Act = "", []string{"9120", "9121", "9122"}, nil, "held", "Clear each ticked party again for the same reasons"
	before.Form, before.Rows = &again, nil
	for _, r := range page.Rows[:3] {
		r.Since, r.Premises = "Cleared 3 March by Mireille Okonkwo.", galleryTested(false)
		before.Rows = append(before.Rows, r)
	}

	none := page
	none.Head, none.Lead, none.Rows, none.Form = "No party is left to judge here", "", nil, nil
	none.None = "Each party that this reason holds for has a finding, or is gone."

	reads := page
	reads.Form, reads.Hold = nil, &Hold{Text: "Auditors read everything and record nothing."}
	return []Specimen{{"bulk", page}, {"bulk-refused", refused}, {"bulk-held", before}, {"bulk-none", none}, {"bulk-auditor", reads}}
}
