package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/review"
	"docket/views"
)

// trail words the record, newest first.
func (b *reviewBuilder) trail() views.Trail {
	t := views.Trail{Head: "Newest first, " + views.Plural(len(b.file.Entries), "entry", "entries")}
	for _, e := range b.file.Entries {
		t.Entries = append(t.Entries, b.entry(e))
	}
	return t
}

func (b *reviewBuilder) entry(e review.Entry) views.Entry {
	out := views.Entry{
		ID:     strconv.FormatInt(int64(e.ID), 10),
		Number: views.Number(int(e.ID)),
		Act:    e.Act,
		Time:   views.AtSecond(e.At, b.now),
		By:     whoWords(e.By, e.ByName, b.me.ID),
		Words:  views.ActWords(e.Act),
		Quote:  prose(e.Note),
	}
	if e.Review != 0 && !e.Evidence.IsZero() {
		out.AsSeen = asSeenHref(e.Review, e.ID)
	}
	var detail []string
	if e.Review != 0 && e.Review != b.file.Review.ID {
		detail = append(detail, "On "+e.Review.String()+".")
	}
	switch e.Act {
	case review.ActSampled:
		if e.By != "" {
			out.Words = "marked a finding as one whose answer is known"
			if e.Finding == "" {
				out.Words = "took back that the answer of a finding is known"
			}
			detail = append(detail, "Entry "+views.Number(int(e.Answers))+".")
		}
	case review.ActReviewOpened:
		if e.Status != "" {
			detail = append(detail, "Persona’s status became “"+str(e.Status).Text+"”.")
		}
	case review.ActReviewClosed:
		if e.Status != "" {
			detail = append(detail, "Persona’s status moved on to “"+str(e.Status).Text+"”.")
		}
	case review.ActDisposed:
		if b.seconds() {
			out.Quote = views.Str{} // it opens after their own look
		}
		out.Words = "found " + findingPhrase(e.Finding) + ", " + b.matchesPhrase(e)
		if rests := b.restedOn(e.ID); rests != "" {
			detail = append(detail, capital(rests)+".")
		}
		if e.Reason != "" {
			detail = append(detail, "Main reason: "+lowerFirst(b.book.FindingReason(e.Policy, e.Reason))+".")
		}
	case review.ActUndone:
		out.Words = "took back the finding of entry " + views.Number(int(e.Undoes)) + ", " + b.matchesPhrase(e)
	case review.ActDecided, review.ActCorrected:
		verb := lowerFirst(views.OutcomeTag(e.Outcome).Words)
		if e.Act == review.ActCorrected {
			verb = "corrected the decision to “" + verb + "”"
		}
		if e.Detail[review.DetailSecond] != "" {
			out.Words = "asked for a second person, to " + lowerFirst(outcomeVerb(e.Outcome))
			if e.Act == review.ActCorrected {
				out.Words = "asked for a second person, to correct the decision: " + lowerFirst(outcomeVerb(e.Outcome))
			}
		} else {
			out.Words = verb
		}
		if p := proposed(b.file.Proposed); p != nil && p.Entry == e.ID && b.seconds() {
			out.Quote = views.Str{} // it opens after their own look
			break
		}
		if e.Reason != "" {
			detail = append(detail, "Reason: "+lowerFirst(b.book.DecisionReason(e.Policy, e.Reason))+".")
		}
	case review.ActApproved, review.ActReturned, review.ActFellBack:
		if e.Outcome != "" {
			detail = append(detail, "The decision of entry "+views.Number(int(e.Answers))+", to "+lowerFirst(outcomeVerb(e.Outcome))+".")
		}
	case review.ActWaiting:
		var missing []review.Fact
		for m := range strings.SplitSeq(e.Detail["missing"], ",") {
			missing = append(missing, review.Fact(m))
		}
		if day, err := time.Parse(time.DateOnly, e.Detail["until"]); err == nil {
			detail = append(detail, "Until "+views.Day(day, b.now).Words+". Asked for: "+missingWords(missing)+".")
		}
	case review.ActWoken:
		detail = append(detail, capital(views.WokenWords(review.Woken(e.Detail["why"])))+".")
	case review.ActAttached:
		if n, err := strconv.ParseInt(e.Detail["size"], 10, 64); err == nil {
			detail = append(detail, e.Detail["media"]+", "+byteSize(n)+".")
		}
	case review.ActSeen:
		if span, err := review.ParseAccessSpan(e.Detail); err == nil {
			out.Words = "Access log sealed"
			detail = append(detail, views.Plural(int(span.Rows), "line", "lines")+", numbers "+views.Number(int(span.First))+" to "+views.Number(int(span.Last))+".")
		}
	case review.ActExported:
		if n, err := strconv.ParseInt(e.Detail["bytes"], 10, 64); err == nil && e.Answers != 0 {
			out.Words = "did not get the copy of entry " + views.Number(int(e.Answers)) + " whole"
			detail = append(detail, "It broke off after "+byteSize(n)+".")
		}
	case review.ActLinked, review.ActScreened:
		detail = append(detail, sentence(capital(str(e.Status).Text)))
	case review.ActPushed, review.ActEchoed, review.ActDiverged, review.ActErased:
		if e.By != "" { // somebody had it told again, or gave it up
			out.Words = "settled what Persona is told"
		}
		if e.Status != "" {
			detail = append(detail, sentence(capital(str(e.Status).Text)))
		}
		switch g := e.Detail[review.DetailGround]; {
		case e.Detail[review.DetailWhat] == review.WhatAccesses:
			out.Words = "Old lines of the access log removed"
			if n, err := strconv.Atoi(e.Detail["rows"]); err == nil {
				detail = append(detail, views.Plural(n, "line", "lines")+", "+lowerFirst(views.ErasureGroundWords(review.ErasureGround(g)))+".")
			}
		case g != "":
			detail = append(detail, "Asked for by "+str(e.Detail[review.DetailAskedBy]).Text+", agreed to by "+str(e.Detail[review.DetailAgreed]).Text+
				". Ground: "+lowerFirst(views.ErasureGroundWords(review.ErasureGround(g)))+".")
		}
	case review.ActHold:
		out.Words = "set a legal hold"
		if e.Detail[review.DetailHold] == "lifted" {
			out.Words = "lifted the legal hold"
		}
	case review.ActRefused:
		if e.Outcome != "" {
			detail = append(detail, "They had pressed “"+outcomeVerb(e.Outcome)+"”; nothing was recorded but this.")
		}
	}
	if !e.Evidence.IsZero() {
		detail = append(detail, "Evidence "+shortHash(e.Evidence)+".")
	}
	if out.By.IsZero() {
		out.Words = capital(out.Words) // the words begin the sentence
	}
	out.Detail = strings.Join(detail, " ")
	return out
}

// restedOn says what the finding of an entry rests on, while it is the newest on one of its matches.
func (b *reviewBuilder) restedOn(entry review.EntryID) string {
	for _, all := range [][]review.Disposition{b.file.Found, b.file.Judged} {
		if i := slices.IndexFunc(all, func(d review.Disposition) bool { return d.Entry == entry }); i >= 0 {
			return restsOn(all[i])
		}
	}
	return ""
}

func outcomeVerb(o review.Outcome) string {
	switch o {
	case review.Approve:
		return "Approve"
	case review.Decline:
		return "Decline"
	}
	return str(string(o)).Text
}

func findingPhrase(f review.Finding) string {
	switch f {
	case review.FalsePositive:
		return "a false positive"
	case review.TrueMatch:
		return "a true match"
	case review.CannotTell:
		return "that it cannot be told"
	}
	return lowerFirst(views.FindingTag(f).Words)
}

// matchesPhrase says what a finding was about, by party where that can still be told.
func (b *reviewBuilder) matchesPhrase(e review.Entry) string {
	words := views.Plural(len(e.Matches), "match", "matches")
	if e.Review != b.file.Review.ID {
		return words
	}
	for _, g := range b.groups {
		for _, m := range g.Matches {
			if slices.Contains(e.Matches, m.Key) {
				return words + " of party " + views.Number(g.number)
			}
		}
	}
	return words
}
