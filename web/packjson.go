package web

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"docket/review"
)

// packReviewJSON is one review of a pack for machines; review.PackedReview is the part of it that
// verifiers hold against the records.
type packReviewJSON struct {
	Review    string             `json:"review"`
	Root      review.Ref         `json:"root"`
	State     review.State       `json:"state"`
	Closing   review.Closing     `json:"closing,omitempty"`
	OpenedAt  time.Time          `json:"opened_at"`
	ClosedAt  time.Time          `json:"closed_at,omitzero"`
	Subject   string             `json:"subject"`
	Entries   []review.EntryID   `json:"entries"`
	Decisions []packDecisionJSON `json:"decisions"`
	Evidence  []packStageJSON    `json:"evidence"`
	Payloads  []packPayloadJSON  `json:"payloads"`

	Attachments []packAttachedJSON `json:"attachments"`
}

type packDecisionJSON struct {
	Entry      review.EntryID       `json:"entry"`
	Outcome    review.Outcome       `json:"outcome"`
	Reason     review.Reason        `json:"reason"`
	Note       string               `json:"note"`
	By         review.ColleagueID   `json:"by"`
	ByName     string               `json:"by_name"`
	ByRole     review.Role          `json:"by_role"`
	At         time.Time            `json:"at"`
	Evidence   review.Hash          `json:"evidence"`
	Tally      packTallyJSON        `json:"tally"`
	Comparator string               `json:"comparator"`
	Policy     review.PolicyVersion `json:"policy"`
	Second     bool                 `json:"second"`
	Corrects   review.EntryID       `json:"corrects"`
	InEffect   bool                 `json:"in_effect"`
	Answers    []packAnswerJSON     `json:"answers"`
}

type packAttachedJSON struct {
	Entry  review.EntryID     `json:"entry"`
	Hash   review.Hash        `json:"sha256"`
	Media  string             `json:"media"`
	Bytes  int                `json:"bytes"`
	Name   string             `json:"name"`           // as its sender called it
	File   string             `json:"file,omitempty"` // absent: it was erased
	By     review.ColleagueID `json:"by"`
	ByName string             `json:"by_name"`
	At     time.Time          `json:"at"`
}

type packTallyJSON struct {
	Matches        int `json:"matches"`
	FalsePositives int `json:"false_positives"`
	TrueMatches    int `json:"true_matches"`
	CannotTell     int `json:"cannot_tell"`
}

type packAnswerJSON struct {
	Entry  review.EntryID     `json:"entry"`
	Answer review.Answer      `json:"answer"`
	By     review.ColleagueID `json:"by"`
	ByName string             `json:"by_name"`
	At     time.Time          `json:"at"`
	Note   string             `json:"note"`
}

type packStageJSON struct {
	Digest     review.Hash       `json:"digest"`
	Entries    []review.EntryID  `json:"entries"`
	Page       string            `json:"page"`
	Comparator string            `json:"comparator"`
	Problem    string            `json:"problem,omitempty"`
	Dossier    *review.Dossier   `json:"dossier,omitempty"`
	Compared   []packPartyJSON   `json:"compared,omitempty"`
	Findings   []packFindingJSON `json:"findings,omitempty"`
}

type packPartyJSON struct {
	Party   review.PartyKey  `json:"party"`
	Name    string           `json:"name"`
	Matches []packMatchJSON  `json:"matches"`
	Apart   []review.Premise `json:"apart,omitempty"` // what the comparison with the whole party found that sets them apart
}

type packMatchJSON struct {
	Match      review.MatchKey     `json:"match"`
	Open       bool                `json:"open"`
	Attributes []packAttributeJSON `json:"attributes"`
}

type packAttributeJSON struct {
	Attribute review.Attribute `json:"attribute"`
	Verdict   review.Verdict   `json:"verdict"`
	Rule      string           `json:"rule"`
	Words     string           `json:"words"`
	Notes     []string         `json:"notes,omitempty"`
	Subject   []packSideJSON   `json:"subject"`
	Listed    []packSideJSON   `json:"listed"`
}

type packSideJSON struct {
	Value string `json:"value"`
	Note  string `json:"note,omitempty"`
}

type packFindingJSON struct {
	Entry      review.EntryID     `json:"entry"`
	Match      review.MatchKey    `json:"match"`
	Party      review.PartyKey    `json:"party"`
	Finding    review.Finding     `json:"finding"`
	Reason     review.Reason      `json:"reason"`
	Note       string             `json:"note"`
	By         review.ColleagueID `json:"by"`
	ByName     string             `json:"by_name"`
	At         time.Time          `json:"at"`
	Premises   []review.Premise   `json:"premises,omitempty"`
	Missing    []review.Fact      `json:"missing,omitempty"`
	Carries    review.EntryID     `json:"carries,omitempty"`
	Comparator string             `json:"comparator"`
}

type packPayloadJSON struct {
	Hash       review.Hash `json:"sha256"`
	File       string      `json:"file"`
	Source     string      `json:"source"`
	About      string      `json:"about"`
	ReceivedAt time.Time   `json:"received_at"`
	ReadAs     string      `json:"read_as"`
	Bytes      int64       `json:"bytes"`
	ErasedAt   time.Time   `json:"erased_at,omitzero"`
}

func (p *packReview) json() ([]byte, error) {
	r := p.Review
	out := packReviewJSON{Review: r.ID.String(), Root: r.Root, State: r.State, Closing: r.Closing, OpenedAt: r.OpenedAt, ClosedAt: r.ClosedAt,
		Subject: p.dossier().Subject.FullName(), Decisions: []packDecisionJSON{}, Evidence: []packStageJSON{}, Payloads: []packPayloadJSON{},
		Attachments: []packAttachedJSON{}}
	for _, e := range p.Entries {
		out.Entries = append(out.Entries, e.ID)
	}
	for _, d := range p.Decisions {
		j := packDecisionJSON{Entry: d.Entry, Outcome: d.Outcome, Reason: d.Reason, Note: d.Note, By: d.By, ByName: d.ByName, ByRole: d.ByRole,
			At: d.At, Evidence: d.Evidence, Tally: packTallyJSON(d.Tally), Comparator: d.Comparator, Policy: d.Policy, Second: d.Second,
			Corrects: d.Corrects, InEffect: d.InEffect(), Answers: []packAnswerJSON{}}
		if a := d.Approval; a.Entry != 0 {
			j.Answers = append(j.Answers, packAnswerJSON{a.Entry, a.Answer, a.By, a.ByName, a.At, a.Note})
		}
		out.Decisions = append(out.Decisions, j)
	}
	for _, t := range p.Attachments {
		j := packAttachedJSON{t.Entry, t.Hash, t.Media, t.Bytes, t.Name, "", t.By, t.ByName, t.At}
		if !t.Gone {
			j.File = review.PackAttachment(t.Hash.String(), t.Media)
		}
		out.Attachments = append(out.Attachments, j)
	}
	for i := range p.stages {
		out.Evidence = append(out.Evidence, p.stages[i].json(r.ID))
	}
	for _, b := range p.payloads {
		out.Payloads = append(out.Payloads, packPayloadJSON{b.Hash, review.PackPayloads + b.name, b.Source, b.About, b.ReceivedAt, b.ReadAs, b.Bytes, b.ErasedAt})
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf) // escapes < and >: harmless wherever it is pasted
	enc.SetIndent("", " ")
	err := enc.Encode(out)
	return buf.Bytes(), err
}

func (s *packStage) json(id review.ReviewID) packStageJSON {
	out := packStageJSON{Digest: s.Digest, Entries: s.Entries, Page: packStageName(id, s.Entry()), Comparator: s.by.Version, Problem: s.missing}
	if s.missing != "" && !s.erased {
		return out
	}
	d := s.file.Dossier
	out.Dossier = &d
	for _, r := range readPartiesBy(d, s.by, always) {
		party := packPartyJSON{Party: r.Key, Name: r.Name, Apart: r.compared.Premises()}
		for i := range r.Matches {
			m := packMatchJSON{Match: r.Matches[i].Key, Open: r.Matches[i].Open(), Attributes: []packAttributeJSON{}}
			for _, row := range r.rows[i] {
				m.Attributes = append(m.Attributes, packAttributeJSON{Attribute: row.Attribute, Verdict: row.Verdict, Rule: row.Rule, Words: row.Words,
					Notes: row.Notes, Subject: packSides(row.Subject), Listed: packSides(row.Match)})
			}
			party.Matches = append(party.Matches, m)
		}
		out.Compared = append(out.Compared, party)
	}
	for _, f := range s.file.Found {
		out.Findings = append(out.Findings, packFindingJSON{f.Entry, f.Match, f.Party, f.Finding, f.Reason, f.Note, f.By, f.ByName, f.At,
			f.Premises, f.Missing, f.Carries, f.Comparator})
	}
	slices.SortFunc(out.Findings, func(a, b packFindingJSON) int {
		if a.Entry != b.Entry {
			return int(a.Entry - b.Entry)
		}
		return bytes.Compare([]byte(a.Match), []byte(b.Match))
	})
	return out
}

func packSides(all []review.Side) []packSideJSON {
	out := make([]packSideJSON, len(all))
	for i, s := range all {
		out[i] = packSideJSON(s)
	}
	return out
}
