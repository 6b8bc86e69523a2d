package views

import (
	"time"

	"docket/review"
)

func galleryRetention() []Specimen {
	at := func(d time.Duration) Time { return At(ago(d), galleryNow) }
	reviews := []Go{{"/reviews/1042", "R-1042"}, {"/reviews/977", "R-977"}}
	page := RetentionPage{
		Shell: galleryShell("Retention", PlaceRetention), Lead: "3 subjects may go", Acts: true,
		Classes: []RetentionRow{
			{RetentionClassWords(review.RetainCleared), "1,825 days", "18,204", "2", "2"},
			{RetentionClassWords(review.RetainDeclined), "3,650 days", "411", "1", "0"},
			{RetentionClassWords(review.RetainUnjudged), "730 days", "982,551", "0", "1"},
			{RetentionClassWords(review.RetainAccess), "730 days", "1,204,881", "–", "by itself"},
		},
		DueIs: "3 subjects are past the earliest date of deletion, the longest first",
		Due: []DueRow{
			{Subject: "00000000000004d2", About: "txn_4mQk1ZJ9tYw8vB2xN7cR5sLd and 1 more", Reviews: reviews, Class: RetentionClassWords(review.RetainCleared), Due: at(40 * day), Goes: Go{"/retention/subjects/00000000000004d2", "14 payloads, 3 files, 6 texts, 412 KB"}, Ticked: true},
			{Subject: "00000000000004d3", About: "txn_7hWp3KD2fXq6mA9zE4gT1uVb", Reviews: reviews[:1], Class: RetentionClassWords(review.RetainCleared), Due: at(21 * day), Asked: Go{"/retention/erasures/18210", "Asked for"}},
			{Subject: "00000000000004d4", About: "txn_9kLr5SF8hZt1oC3bG6jV2wXd", Class: RetentionClassWords(review.RetainUnjudged), Due: at(3 * day), Goes: Go{"/retention/subjects/00000000000004d4", "2 payloads, 0 files, 0 texts, 9 KB"}},
		},
		More: Go{"/retention?after=1-00000000000004d4", "The next ones"},
		Requests: []ErasureRow{
			{Go{"/retention/erasures/18210", "Entry 18,210"}, ErasureGroundWords(review.GroundRetention), "Noor Haddad", at(2 * hour), "1 payload, 0 files, 2 texts, 8 KB", Tag{Words: "Waits for a second person", Tone: ToneAttention}},
			{Go{"/retention/erasures/17002", "Entry 17,002"}, ErasureGroundWords(review.GroundRequest), "Paulo Mendes", at(30 * day), "12 payloads, 4 files, 9 texts, 2.1 MB", Tag{Words: "Erased"}},
		},
		Holds: []HoldRow{
			{Number: "18100", About: "txn_2cVn8RB5kYe7pD1wH9fQ4mSj", Reviews: reviews[:1], Who: "Noor Haddad", At: at(9 * day), Words: S("Regional court of Lower Pell, file 12 O 44/26, until it says otherwise"), Lift: "/retention/holds/18100/lift"},
			{Number: "15001", About: "txn_3dWo9SC6lZf8qE2xI1gR5nTk", Who: "Paulo Mendes", At: at(90 * day), Words: S("Request of the financial intelligence unit"), Lifted: "2 November, 08:10 UTC, Noor Haddad"},
		},
	}
	refused := page
	refused.Shell.Problem = true
	refused.Ask = AskForm{Ground: review.GroundRequest, Subject: "order-77"}
	refused.Problems = Problems{List: []Problem{{"subject", "transaction/txn_1: a legal hold keeps it"}, {"words", "Say why"}, {"object", "This subject is on hold already"}}}
	groundless := page
	groundless.Shell.Problem = true
	groundless.Ask = AskForm{Subject: "order-77", Words: "They wrote to us on 3 November."}
	groundless.Problems = Problems{List: []Problem{{"ground", "Choose the ground"}}}
	auditor := page
	auditor.Shell.Who = galleryWho(review.RoleAuditor)
	auditor.Acts = false
	auditor.Holds = append([]HoldRow(nil), page.Holds...)
	auditor.Holds[0].Lift = ""
	empty := RetentionPage{Shell: page.Shell, Lead: "No subject may go yet", Acts: true, Classes: page.Classes[:1], DueIs: "Nobody’s time is over"}

	request := ErasurePage{
		Shell: galleryShell("Erasure of 2 subjects", PlaceRetention), Head: "Erasure of 2 subjects", Lead: "Waits for a second person",
		Facts:  []Fact{{"Ground", V(ErasureGroundWords(review.GroundRequest))}, {"Asked by", V("Paulo Mendes")}, {"Asked", Value{State: review.Present, Time: at(2 * hour)}}},
		Words:  S("Both wrote to us on 3 November; their accounts were never opened."),
		GoesIs: "What goes", Goes: []Fact{{"Payloads", V("14")}, {"States", V("61")}, {"Files", V("3")}, {"Findings", V("5")}, {"Texts", V("6")}, {"In all", V("412 KB")}},
		Subjects: []ErasureSubjectRow{{"txn_4mQk1ZJ9tYw8vB2xN7cR5sLd and 1 more", reviews, Go{"/retention/subjects/00000000000004d2", "12 payloads, 3 files, 6 texts, 402 KB"}, Tag{Words: "There"}},
			{"txn_9kLr5SF8hZt1oC3bG6jV2wXd", nil, Go{"", "2 payloads, 0 files, 0 texts, 9 KB"}, Tag{Words: "There"}}},
		Agree: "/retention/erasures/18210/agree", Refuse: "/retention/erasures/18210/refuse", List: gallerySeal, Back: Go{"/retention", "Back to retention"},
	}
	own := request
	own.Own, own.Agree = true, ""
	own.Notices = []Notice{{Strong: "You asked for this yourself.", Text: "It takes another lead or admin to agree."}}
	changed := request
	changed.Agree = ""
	changed.Notices = []Notice{{Tone: ToneAttention, Strong: "What would go has changed since it was asked for.", Text: "Something arrived, was recorded, or a hold was set. It has to be asked for again; refuse this one."}}
	done := request
	done.Agree, done.Refuse, done.Lead, done.GoesIs, done.Words = "", "", "Erased, but for 1", "What went", Str{}
	done.Facts = append(append([]Fact(nil), request.Facts...), Fact{"Agreed by", V("Noor Haddad")}, Fact{"When", Value{State: review.Present, Time: at(hour)}})
	done.Subjects = append([]ErasureSubjectRow(nil), request.Subjects...)
	done.Subjects[0].State, done.Subjects[1].State = Tag{Words: "Erased"}, Tag{Words: "Kept", Tone: ToneAttention}
	wrong := request
	wrong.Shell.Problem = true
	wrong.Problems = Problems{List: []Problem{{"password", "Type the password that you sign in with"}}}
	payload := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	going := GoingPage{
		Shell: page.Shell, About: "txn_4mQk1ZJ9tYw8vB2xN7cR5sLd and 1 more", Lead: "If this subject were erased now: each payload, state, file and text, in this order", Reviews: reviews,
		Rows: []GoingRow{
			{GoingWords(review.GoingPayload), payload, "/payloads/" + payload, "webhook", at(900 * day), "14 KB, 2 KB left", "The rest is about others too"},
			{GoingWords(review.GoingState), payload, "", "inquiry/inq_7Gk2WzQmT4hYv9xN3cR8sLpB", at(900 * day), "3 KB, 412 B left", "The rest says nothing personal"},
			{GoingWords(review.GoingFile), payload, "", "image/jpeg", at(899 * day), "188 KB", "Others hold the same file"},
			{GoingWords(review.GoingFinding), "Entry 18204", "", "watchlist", at(890 * day), "3 matches", ""},
			{GoingWords(review.GoingText), "Entry 18205", "", ActWords(review.ActNoted), at(890 * day), "97 B", ""},
			{GoingWords(review.GoingShared), "report-template/rptp_2vHk8QmW5xZc9nRb", "", "", Time{}, "", "It is not this subject’s alone"},
		},
		More: Go{"/retention/subjects/00000000000004d2?after=7-18205", "The next ones"}, Back: Go{"/retention", "Back to retention"},
	}
	held := going
	held.Rows, held.More = going.Rows[:1], Go{}
	held.Notices = []Notice{{Tone: ToneAttention, Strong: "All of it stays for now: a legal hold keeps it."}}
	return []Specimen{{"going", going}, {"going-held", held}, {"retention", page}, {"retention-refused", refused}, {"retention-no-ground", groundless}, {"retention-auditor", auditor}, {"retention-empty", empty}, {"erasure", request},
		{"erasure-own", own}, {"erasure-changed", changed}, {"erasure-done", done}, {"erasure-refused", wrong}}
}
