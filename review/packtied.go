package review

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// packEnacted is what an entry about a version of the policy says when it puts it in force.
const packEnacted = "in_force"

// The members of the public detail of entries that bring a file along.
const (
	detailVersion = "version" // of the policy
	detailDigest  = "digest"  // of its document
	detailWhat    = "what"    // became of it
	detailSum     = "sha256"  // of an attachment
	detailMedia   = "media"
)

// policies holds each version of the policy against the entry that put it in force, and sees that none
// is missing under which something was done to a review of the pack.
func (v *packVerifier) policies() error {
	enacted := map[string]bool{}
	entries := slices.Sorted(maps.Keys(v.records))
	for _, e := range entries {
		r := v.records[e]
		name := PackPolicies + r.detail[detailVersion] + ".json"
		sum, ok := v.sums[name]
		if r.act != ActPolicy || !ok {
			continue
		}
		if sum.String() != r.detail[detailDigest] {
			return &PackFailure{File: name, Entry: e, Problem: "it is not the policy of which this entry tells"}
		}
		enacted[name] = enacted[name] || r.detail[detailWhat] == packEnacted
	}
	for _, f := range v.zip.files {
		if _, ok := v.sums[f.Name]; ok && !enacted[f.Name] {
			return &PackFailure{File: f.Name, Problem: "no entry in the pack put it in force"}
		}
	}
	for _, e := range entries {
		r := v.records[e]
		if r.policy == 0 || r.file == PackEntries+PackOther+".ndjson" {
			continue
		}
		if name := fmt.Sprintf("%s%d.json", PackPolicies, r.policy); !enacted[name] {
			return &PackFailure{File: name, Entry: e, Problem: "this entry was made under it, and it is not there"}
		}
	}
	return nil
}

// attached ties attachments to the entries that attached them: each is there unless it was erased, and
// none is there that no entry attached.
func (v *packVerifier) attached() error {
	tied := map[string]bool{}
	for _, e := range slices.Sorted(maps.Keys(v.records)) {
		r := v.records[e]
		if r.act != ActAttached || v.eraserOf(e) >= 0 {
			continue
		}
		name := PackAttachment(r.detail[detailSum], r.detail[detailMedia])
		if !v.zip.has(name) {
			return &PackFailure{File: name, Entry: e, Problem: "this entry attached it; it is not there, and no entry says that it was erased"}
		}
		tied[name] = true
	}
	for _, f := range v.zip.files {
		if strings.HasPrefix(f.Name, PackAttachments) && !tied[f.Name] {
			return &PackFailure{File: f.Name, Problem: "no entry in the pack attached it"}
		}
	}
	return nil
}

// paired sees that every review of which there are entries is told of, and the one that the pack is about
// is there.
func (v *packVerifier) paired() error {
	for _, f := range v.zip.files {
		about, ok := strings.CutPrefix(f.Name, PackEntries)
		if about = strings.TrimSuffix(about, ".ndjson"); !ok || about == PackOther {
			continue
		}
		if name := PackReviews + about + ".json"; !v.zip.has(name) {
			return &PackFailure{File: name, Problem: "it is not there, and entries of that review are"}
		}
	}
	if id := v.report.About.Review; id != 0 && !v.zip.has(PackEntries+id.String()+".ndjson") {
		return &PackFailure{File: packManifest, Problem: "it is about a review that is not in the pack"}
	}
	return nil
}

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

// states sees that every state is there that some evidence names.
func (v *packVerifier) states() error {
	for _, f := range v.zip.files {
		digest, ok := strings.CutPrefix(f.Name, PackEvidence)
		if !ok {
			continue
		}
		raw, err := v.zip.whole(f.Name)
		if err != nil {
			return err
		}
		var m packStates
		if err := json.Unmarshal(raw, &m); err != nil {
			return &PackFailure{File: f.Name, Problem: "it is no list of states"}
		}
		for _, r := range m.Resources {
			for _, s := range slices.Concat(r.Layers, r.History) {
				name := PackStates + s.Sum
				if !v.zip.has(name) && !v.zip.has(name+PackErased) {
					return &PackFailure{File: name, Problem: "the evidence " + strings.TrimSuffix(digest, ".json") + " names it, and it is not there"}
				}
			}
		}
	}
	return nil
}
