package review

import (
	"strings"

	"github.com/go-json-experiment/json"
)

// packStates is what a verifier reads of the list of states behind an evidence digest.
type packStates struct {
	Resources []struct {
		Layers  []packState `json:"layers"`
		History []packState `json:"history"`
	} `json:"resources"`
}

type packState struct {
	Sum string `json:"sha256"`
}

// PackedReview is what a verifier reads of reviews/R-1042.json, and holds against the records.
type PackedReview struct {
	Review    string           `json:"review"`
	Entries   []EntryID        `json:"entries"` // all of the review that the checkpoint covers
	Decisions []PackedDecision `json:"decisions"`
	Evidence  []PackedEvidence `json:"evidence"`
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

// rendered holds what is told of each review for reading against its records.
func (v *packVerifier) rendered() error {
	counts := map[string]int{}
	for _, r := range v.records {
		counts[r.file]++
	}
	for _, f := range v.zip.files {
		about, ok := strings.CutPrefix(f.Name, PackReviews)
		if about, ok = cutBoth(about, ok, ".json"); !ok {
			continue
		}
		raw, err := v.zip.small(f.Name, maxPackJSON)
		if err != nil {
			return err
		}
		var p PackedReview
		if err := json.Unmarshal(raw, &p); err != nil || p.Review != about {
			return &PackFailure{File: f.Name, Problem: "it cannot be read as that review"}
		}
		if problem, entry := v.agrees(p, counts); problem != "" {
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

func (v *packVerifier) agrees(p PackedReview, counts map[string]int) (problem string, entry EntryID) {
	file := PackEntries + p.Review + ".ndjson"
	if len(p.Entries) != counts[file] {
		return "it counts other entries than " + file + " holds", 0
	}
	for _, e := range p.Entries {
		if v.records[e].file != file {
			return "it names an entry that " + file + " does not hold", e
		}
	}
	decided := 0
	for _, d := range p.Decisions {
		r := v.records[d.Entry].decision
		if r == nil || r.Outcome != d.Outcome || r.By != d.By || r.Policy != d.Policy || (r.Second == 1) != d.Second || r.Corrects != d.Corrects {
			return "it tells another decision than the record", d.Entry
		}
		decided++
		for _, a := range d.Answers {
			r := v.records[a.Entry].approval
			if r == nil || r.Answer != a.Answer || r.By != a.By || r.Decision != d.Entry {
				return "it tells another answer than the record", a.Entry
			}
			decided++
		}
	}
	for _, e := range p.Entries {
		if r := v.records[e]; r.decision != nil || r.approval != nil {
			decided--
		}
	}
	if decided != 0 {
		return "it leaves out a decision or an answer that the record has", 0
	}
	for _, s := range p.Evidence {
		for _, e := range s.Entries {
			if v.records[e].evidence != s.Digest {
				return "it shows other evidence than the record rests on", e
			}
		}
	}
	return "", 0
}
