package views

import (
	"strconv"

	"docket/review"
)

// What the specimens' reasons are worded by.
var (
	galleryBook    = review.NewPolicyBook(1, review.DefaultPolicy())
	galleryReasons = NewReasons(review.DefaultPolicy().Findings)
)

func galleryChief(r review.Reason) string   { return galleryBook.FindingReason(1, r) }
func galleryDecided(r review.Reason) string { return galleryBook.DecisionReason(1, r) }

func galleryPolicyShell() Shell {
	s := galleryShell("Policy", PlacePolicy)
	s.Who = galleryWho(review.RoleAdmin)
	return s
}

func galleryReasonRows(list string, codes []review.ReasonCode) []PolicyReason {
	var out []PolicyReason
	for i, c := range codes {
		out = append(out, PolicyReason{N: strconv.Itoa(i + 1), Code: string(c.Code), Text: c.Text, Note: c.Note, Keep: true,
			Fixed: c.Code == review.ReasonOther || list == "decision" && c.Code != review.ReasonFailedCheck})
	}
	return append(out, PolicyReason{N: strconv.Itoa(len(codes) + 1), New: true})
}

func galleryPolicyForm() *PolicyForm {
	p := review.DefaultPolicy()
	outcomes, kinds := []Option{{"", "Always", true}, {"approve", "To approve", false}, {"decline", "To decline", false}}, []Option{{"", "Any kind, or none", true}, {"watchlist", "Watchlist", false}}
	f := &PolicyForm{Action: "/admin/policy", Was: "1",
		Findings:  PolicyReasons{List: "finding", Title: "Main reasons of a finding", Does: "What is offered as the main reason on a match.", Rows: galleryReasonRows("finding", p.Findings)},
		Decisions: PolicyReasons{List: "decision", Title: "Reasons for a decision", Does: "What is offered when a review is decided.", Rows: galleryReasonRows("decision", p.Decisions)},
		Checks: []PolicyCheck{{N: "1", Code: "id_read", Text: "Identity document read in full", Keep: true, Outcomes: outcomes, Kinds: kinds},
			{N: "2", New: true, Outcomes: outcomes, Kinds: kinds}},
		Spans: []PolicySpan{{"target", "Target", "A review that waits longer is over target.", "5", "0", "0"}, {"warning", "Due soon from", "From here on it is shown as due soon.", "4", "0", "0"},
			{"claim", "A claim lasts", "From the last act of whoever has the review.", "0", "0", "30"}, {"remind", "A customer is reminded after", "From when they were asked.", "7", "0", "0"}},
		Samples: []PolicyNumber{{"one_finding_in", "Of cleared matches, one in", "", "8"}, {"one_decision_in", "Of closed reviews, one in", "", "8"}, {"one_known_in", "Of second looks, with a known answer, one in", "", "20"}},
	}
	for _, r := range review.SecondRules() {
		f.Rules = append(f.Rules, PolicyRule{string(r), r.Words(), r == review.SecondDecline})
	}
	for _, r := range p.Retention {
		f.Kept = append(f.Kept, PolicyNumber{"retain_" + string(r.Class), r.Class.Words(), "At least " + review.DaysWords(review.RetentionFloor(r.Class)), strconv.Itoa(r.Days)})
	}
	return f
}

func galleryPolicyParts() []PolicyPart {
	return []PolicyPart{
		{ID: "decision_reasons", Title: "Reasons for a decision", Does: "Offered when a review is decided", Rows: []PolicyRow{{"all_false_positive", true, "Every match is a false positive", ""}, {"other", true, "Other, said in the note", "asks for a note"}}},
		{ID: "checklist", Title: "Checklist", Does: "Ticked before a review closes", None: "No line: nothing is asked."},
		{ID: "times", Title: "Times", Does: "How long things may take", Rows: []PolicyRow{{"Target", false, "5 days", ""}}},
	}
}

func galleryPolicy() []Specimen {
	line := func(n, state string, by Str, proposed Time, agreed Str, since Time) PolicyLine {
		return PolicyLine{Name: Go{"/admin/policy/" + n, "Version " + n}, Tag: TagOfPolicy(state), Proposed: by, At: proposed, Agreed: agreed, Since: since}
	}
	first := line("1", "in_force", S("Came with docket"), At(ago(400*day), galleryNow), S("Came with docket"), At(ago(400*day), galleryNow))
	edit := PolicyPage{Shell: galleryPolicyShell(), Lead: "Version 1 is in force since 12 May 2025, 09:41 UTC.", Form: galleryPolicyForm(), Versions: []PolicyLine{first}}
	wrong := edit
	wrong.Shell.Problem = true
	wrong.Form = galleryPolicyForm()
	wrong.Form.Findings.Rows[8].Text, wrong.Form.Findings.Rows[8].Code, wrong.Form.Findings.Rows[8].Keep = "Birth date", "Born", true
	wrong.Problems = Problems{Head: "Nothing was proposed yet", List: []Problem{{"finding_code-9", "Use a short code of lower-case letters, digits and underscores that begins with a letter"},
		{"finding_text-9", "Use other words: another line says the same"}, {"warning", "Enter a time that is shorter than the target"}, {"retain_cleared", "Enter at least 1830 days, or 0 to keep them as long as the database"},
		{"check_text-1", "Enter the words that stand on the page"}, {"note", "Say why the policy shall change"}}}
	read := PolicyPage{Shell: galleryShell("Policy", PlacePolicy), Lead: edit.Lead, Parts: galleryPolicyParts(),
		Notices:  []Notice{{Tone: ToneAttention, Strong: "Version 2 waits for a second admin.", Text: "Until it is put in force or withdrawn nothing else can be proposed.", To: Go{"/admin/policy/2", "Read it"}}},
		Versions: []PolicyLine{line("2", "proposed", S("Noor Haddad"), At(ago(2*hour), galleryNow), Str{}, Time{}), first}}
	proposal := PolicyVersionPage{Shell: galleryPolicyShell(), Head: "Policy, version 2", Tag: TagOfPolicy("proposed"), Note: S("The regulator asked for three days in its letter of May."),
		Facts:   []Fact{{"Proposed", V("Sefa Tuilagi")}, {"Digest", V(gallerySeal)}},
		Against: "Against version 1, which is in force",
		Changes: []PolicyChange{{"Times", "Target", "5 days", "3 days"}, {"Reasons for a decision", "failed_check", "“A check failed”", ""}, {"Checklist", "id_read", "", "“Identity document read in full”"}},
		Replay:  []Fact{{"Would have needed a second person, and had none", V("12")}, {"Decided over the new target", V("31")}}, ReplayIs: "Of 1,204 decisions in effect and 8,112 findings on the record. None of them is changed.",
		Enact:    &PolicyAct{Action: "/admin/policy/2/enact", Does: "From then on it rules every finding and decision.", Digest: gallerySeal, Password: true, Words: "Put version 2 in force"},
		Withdraw: &PolicyAct{Action: "/admin/policy/2/withdraw", Does: "It is kept on the record and never comes into force.", Words: "Withdraw version 2"}, Parts: galleryPolicyParts()}
	refused := proposal
	refused.Shell.Problem = true
	refused.Problems = Problems{Head: "Nothing was changed yet", List: []Problem{{"password", "Type the password that you sign in with now"}}}
	same := PolicyVersionPage{Shell: galleryPolicyShell(), Head: "Policy, version 3", Tag: TagOfPolicy("withdrawn"), Against: "Against version 1, which is in force", Parts: galleryPolicyParts()}
	checks := galleryDecisionChecks()
	return []Specimen{{"policy", edit}, {"policy-wrong", wrong}, {"policy-read", read}, {"policy-proposal", proposal}, {"policy-password", refused}, {"policy-same", same}, {"decision-checklist", checks}}
}

// galleryDecisionChecks is the decision page under a policy with a checklist, one line of it not ticked.
func galleryDecisionChecks() DecisionPage {
	return DecisionPage{Shell: galleryShell("Decide R-1042", PlaceQueue), Identity: Identity{Prefix: "Decide:", Name: S("Ilarion Sarbasov-Kende")}, None: "There is no open match.",
		Problems: Problems{List: []Problem{{"check", "Do what the checklist asks and tick it: one line is left"}}},
		Form: &DecisionForm{Action: "/reviews/1042/decision", Evidence: gallerySeal, Reasons: review.DefaultPolicy().Decisions, Approve: "The review closes.", Decline: "The review closes.",
			Checks:   []ChecklistLine{{"id_read", "Identity document read in full", "", true}, {"letter", "Letter to the customer prepared", "Asked for to decline", false}},
			Problems: []Problem{{"check", "Do what the checklist asks and tick it: one line is left"}}, Back: Go{"/reviews/1042", "Go back to the review"}},
		Back: Go{"/reviews/1042", "Go back to the review"}}
}
