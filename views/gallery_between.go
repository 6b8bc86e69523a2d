package views

import "docket/review"

// galleryBetween is what stands between a finding and its effect.
func galleryBetween() []Specimen {
	at := At(ago(3*hour), galleryNow)
	asks := DecisionPage{
		Shell: galleryShell("Decide R-1042 Ilarion Sarbasov-Kende", PlaceQueue), Main: galleryMain(review.StateOpen), Identity: galleryIdentity(), Lead: "5 of 5 matches have one",
		None: "There is no open match.", Seal: groups(gallerySeal), SealIs: "sha-256 of what the page showed at 09:41:07 UTC",
		Asks: []Notice{{Tone: ToneAttention, Strong: "Declining takes two people.", Text: "Policy 7 asks a lead to agree: " + SecondRuleWords(review.SecondDecline) + ". That lead cannot be you."}},
		Form: &DecisionForm{Action: "/reviews/1042/decision", Evidence: gallerySeal, Reasons: review.DefaultPolicy().Decisions, DeclineAsks: true,
			Approve: "Takes effect at once.", Decline: "It waits for a second person: any lead, not you. Until that person agrees, nothing is sent to Persona.",
			Back: Go{"/reviews/1042", "Go back to the review"}},
		Back: Go{"/reviews/1042", "Go back to the review"},
	}
	both := asks
	form := *asks.Form
	form.ApproveAsks = true
	both.Form = &form
	both.Asks = []Notice{{Tone: ToneAttention, Strong: "Either takes two people.", Text: "Policy 7 asks a lead to agree: " + SecondRuleWords(review.SecondReopened) + ", " + SecondRuleWords(review.SecondDecline) + ". That lead cannot be you."}}

	second := asks
	second.Shell, second.Main, second.Form, second.Asks = galleryShell("Second person R-1042", PlaceQueue), galleryMain(review.StateApproval), nil, nil
	second.Second = &SecondForm{Action: "/reviews/1042/approval", Evidence: gallerySeal, Decision: "18231", Outcome: review.Decline,
		Asks: "Sefa Tuilagi asks to decline, 20 November, 06:41 UTC.", Because: "Policy 7 wants two people: every decline.",
		Reason: galleryDecided(review.ReasonTrueMatch), Said: Str{Text: "السجل يذكر العنوان نفسه.", Lang: "ar"},
		Agree: "Takes effect at once, with your name beside Sefa Tuilagi’s.", Return: "Goes back to Sefa Tuilagi with your note. Nothing is told to Persona. The findings stay and can be changed.",
		Back: Go{"/reviews/1042", "Go back to the review"}}
	refused := second
	refused.Shell.Problem = true
	answer := *second.Second
	answer.Outcome, answer.Said, answer.Problems = review.Approve, Str{}, []Problem{{"note", "Say in the note why you return it"}, {"answer", "Choose to agree or to return it"}}
	refused.Second, refused.Problems = &answer, Problems{List: answer.Problems}

	awaits := galleryReviewPage()
	awaits.Main, awaits.Identity.Status, awaits.Identity.Claim = galleryMain(review.StateApproval), AnswerTag(""), Claim{Words: "With any lead but the one who asked"}
	awaits.Notices = []Notice{{Tone: ToneAttention, Strong: "A second person must agree.", Text: "Sefa Tuilagi asks to decline, 06:41 UTC. Look for yourself first.", To: Go{"/reviews/1042/decision", "Answer as the second person"}}}
	card := galleryDecisions()[1]
	card.Past, card.Second = false, &SecondCard{Tag: AnswerTag(""), Fold: true}
	awaits.Proposed = []DecisionCard{card}

	returned := galleryReviewPage()
	returned.Identity.Status = AnswerTag(review.AnswerReturn)
	returned.Notices = []Notice{{Tone: ToneDiffer, Strong: "Returned by Tomasz Lindqvist on 20 November, 08:02 UTC.", Text: "Your decision to decline is open again: “Ask for the document first.”"}}
	card.Second, card.Answered, card.AnswerAt, card.AnswerIs = &SecondCard{Tag: AnswerTag(review.AnswerReturn)}, S("Tomasz Lindqvist returned it"), at, S("Ask for the document first.")
	returned.Proposed = []DecisionCard{card}
	ticks := []Tick{{Value: "birthday-subject", Words: FactWords(review.FactBirthdaySubject)}, {Value: "other", Words: FactWords(review.FactOther), Ticked: true}}
	returned.Panel.Wait = &WaitForm{Action: "/reviews/1042/wait", Missing: ticks, Until: "2026-11-27", First: "2026-11-21", Last: "2027-02-18"}
	returned.Panel.Escalate = &EscalateForm{Action: "/reviews/1042/escalate", To: []Option{{"", "Any lead", true}, {"lead", "Tomasz Lindqvist", false}}}
	returned.Attachments = &Attachments{Lead: "none", Form: &AttachForm{Action: "/reviews/1042/attachments"}}

	moved := galleryReviewPage()
	moved.Identity.Status = AnswerTag(review.AnswerMoved)
	moved.Notices = []Notice{{Tone: ToneDiffer, Strong: "Fell back on 20 November, 08:02 UTC: the evidence moved.", Text: "Your decision to decline waited for a second person, and does not count."}}
	card.Second, card.Answered, card.AnswerIs = &SecondCard{Tag: AnswerTag(review.AnswerMoved)}, Str{}, Str{}
	moved.Proposed = []DecisionCard{card}

	wrong := returned
	wrong.Shell.Problem = true
	wait, escalate := *returned.Panel.Wait, *returned.Panel.Escalate
	wait.Problems = []Problem{{"missing", "Say what the customer has to answer"}, {"until", "Choose a day after today"}, {"note", "Shorten the note to 10,000 characters"}}
	escalate.Problems = []Problem{{"to", "Choose a lead"}, {"note", "Say in the note what the lead is to look at"}}
	wrong.Panel.Wait, wrong.Panel.Escalate = &wait, &escalate
	wrong.Attachments = &Attachments{Lead: "none", Form: &AttachForm{Action: "/reviews/1042/attachments", Problem: "Choose a PDF, a PNG or a JPEG: whatever its name says, this file is none of them"}}
	wrong.Problems = Problems{List: []Problem{{"missing", "Say what the customer has to answer"}, {"until", "Choose a day after today"}, {"wait-note", "Shorten the note to 10,000 characters"},
		{"to", "Choose a lead"}, {"escalate-note", "Say in the note what the lead is to look at"}, {"file", "Choose a PDF, a PNG or a JPEG"}}}

	waits := galleryReviewPage()
	waits.Main, waits.Identity.Status, waits.Identity.Claim = galleryMain(review.StateWaiting), StateTag(review.StateWaiting, false), Claim{Words: "With the customer"}
	waits.Panel.Wake = &WakeForm{Action: "/reviews/1042/wait", Words: []string{"Asked for: day and month of birth of our subject.", "You parked it on 17 November, 09:12 UTC.", "It opens again on 24 November, or when something new arrives."}}
	waits.Attachments = &Attachments{Lead: "2 files", Rows: []AttachmentRow{
		{Name: S("employer-letter-of-the-port-authority-of-hamburg-signed-and-stamped-2026-11-17-second-page.pdf"), About: "application/pdf, 1.2 MB", Href: "/files/" + gallerySeal, By: S("You"), At: at, Entry: "18,207"},
		{Name: Str{Text: "جواز.png", Lang: "ar"}, About: "image/png, 41 kB", By: S("Sefa Tuilagi"), At: at, Entry: "18,199"}}}

	return []Specimen{
		{"decision-asks", asks},
		{"decision-asks-both", both},
		{"second-person", second},
		{"second-person-refused", refused},
		{"review-approval", awaits},
		{"review-returned", returned},
		{"review-fell-back", moved},
		{"review-between-refused", wrong},
		{"review-waiting", waits},
	}
}
