package review

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// PackedReview is what a verifier reads of reviews/R-1042.json, and holds against the records.
type PackedReview struct {
	Review    string           `json:"review"`
	Entries   []EntryID        `json:"entries"` // all of the review that the checkpoint covers
	Decisions []PackedDecision `json:"decisions"`
	Evidence  []PackedEvidence `json:"evidence"`

	Attachments []PackedAttachment `json:"attachments"`
}

// PackedDecision is one decision there.
type PackedDecision struct {
	Entry    EntryID          `json:"entry"`
	Outcome  Outcome          `json:"outcome"`
	By       ColleagueID      `json:"by"`
	Policy   PolicyVersion    `json:"policy"`
	Second   bool             `json:"second"`
	Corrects EntryID          `json:"corrects"`
	Answers  []PackedApproval `json:"answers"`
}

// PackedApproval is one answer to a decision there.
type PackedApproval struct {
	Entry  EntryID     `json:"entry"`
	Answer Answer      `json:"answer"`
	By     ColleagueID `json:"by"`
}

// PackedEvidence is one stage of the evidence there.
type PackedEvidence struct {
	Digest  string    `json:"digest"`
	Entries []EntryID `json:"entries"`
}

// PackedAttachment is one file there that a colleague added.
type PackedAttachment struct {
	Entry EntryID `json:"entry"`
	Sum   string  `json:"sha256"`
	Media string  `json:"media"`
	File  string  `json:"file"` // "" it was erased
}

// rendered holds what is told of each review for reading against its records.
func (v *packVerifier) rendered() error {
	for _, f := range v.zip.files {
		about, ok := strings.CutPrefix(f.Name, PackReviews)
		if about, ok = cutBoth(about, ok, ".json"); !ok {
			continue
		}
		raw, err := v.zip.whole(f.Name)
		if err != nil {
			return err
		}
		var p PackedReview
		if err := json.Unmarshal(raw, &p); err != nil || p.Review != about {
			return &PackFailure{File: f.Name, Problem: "it cannot be read as that review"}
		}
		if problem, entry := v.agrees(p); problem != "" {
			return &PackFailure{File: f.Name, Entry: entry, Problem: problem}
		}
		v.report.Reviews++
	}
	return nil
}

func cutBoth(s string, ok bool, suffix string) (string, bool) {
	s, cut := strings.CutSuffix(s, suffix)
	return s, ok && cut
}

// agrees says what of a page does not follow from the records of its review, and of which entry.
func (v *packVerifier) agrees(p PackedReview) (problem string, entry EntryID) {
	own := v.byFile[PackEntries+p.Review+".ndjson"]
	if len(own) == 0 || !slices.Equal(slices.Sorted(slices.Values(p.Entries)), own) {
		return "it counts other entries than there are", 0
	}
	// all says whether what is told of are, once each, the entries of the review that a record makes one.
	all := func(told []EntryID, is func(packRecord) bool) bool {
		slices.Sort(told)
		return slices.Equal(told, slices.DeleteFunc(slices.Clone(own), func(e EntryID) bool { return !is(v.records[e]) }))
	}
	var decisions, answers, files []EntryID
	for _, d := range p.Decisions {
		decisions = append(decisions, d.Entry)
		for _, a := range d.Answers {
			answers = append(answers, a.Entry)
		}
	}
	for _, t := range p.Attachments {
		files = append(files, t.Entry)
	}
	if !all(decisions, func(r packRecord) bool { return r.decision != nil }) {
		return "it counts other decisions than there are", 0
	}
	for _, d := range p.Decisions {
		r := v.records[d.Entry].decision
		if r.Outcome != d.Outcome || r.By != d.By || r.Policy != d.Policy || (r.Second == 1) != d.Second || r.Corrects != d.Corrects {
			return "it tells another decision than the record", d.Entry
		}
	}
	if !all(answers, func(r packRecord) bool { return r.approval != nil }) {
		return "it counts other answers than there are", 0
	}
	for _, d := range p.Decisions {
		for _, a := range d.Answers {
			if r := v.records[a.Entry].approval; r.Answer != a.Answer || r.By != a.By || r.Decision != d.Entry {
				return "it tells another answer than the record", a.Entry
			}
		}
	}
	if !all(files, func(r packRecord) bool { return r.act == ActAttached }) {
		return "it counts other attachments than there are", 0
	}
	for _, t := range p.Attachments {
		r := v.records[t.Entry]
		name := PackAttachment(r.detail[detailSum], r.detail[detailMedia])
		if v.eraserOf(t.Entry) >= 0 {
			name = ""
		}
		if r.detail[detailSum] != t.Sum || r.detail[detailMedia] != t.Media || t.File != name {
			return "it tells another attachment than the record", t.Entry
		}
	}
	held := map[EntryID]bool{}
	for _, e := range own {
		held[e] = true
	}
	for _, s := range p.Evidence {
		for _, e := range s.Entries {
			if !held[e] || v.records[e].evidence != s.Digest {
				return "it shows other evidence than the record rests on", e
			}
		}
	}
	return "", 0
}
