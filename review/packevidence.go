package review

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// packBundle is evidence/DIGEST.json: every state behind an evidence digest, with what ties resources
// to each other.
type packBundle struct {
	Root      Ref `json:"root"`
	Resources []struct {
		Ref     Ref         `json:"ref"`
		Layers  []packLayer `json:"layers"`
		History []packLayer `json:"history"`
		Via     string      `json:"via"`
	} `json:"resources"`
	Named []Ref  `json:"named"`
	Links []Link `json:"links"`
}

type packLayer struct {
	At    int64 `json:"at"`
	Event int64 `json:"event"`
	Sum   Hash  `json:"sha256"`
}

// VerifyPackEvidence goes further than VerifyPack, of a pack that it found to hold: it makes every
// evidence digest again from the states in the pack, as the records of the entries name it. That takes
// the docket that reads states (hydrate); no other verifier does it. It gives how many digests it made,
// and how many it could not: some of their states were erased, or another docket digested another way.
func VerifyPackEvidence(r io.ReaderAt, size int64, hydrate func(Bundle) Dossier) (made, left int, err error) {
	zip, err := openPack(r, size)
	if err != nil {
		return 0, 0, err
	}
	raw, err := zip.whole(packManifest)
	if err != nil {
		return 0, 0, err
	}
	var m PackManifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return 0, 0, &PackFailure{File: packManifest, Problem: "it cannot be read"}
	}
	for _, f := range zip.files {
		digest, ok := strings.CutPrefix(f.Name, PackEvidence)
		if !ok {
			continue
		}
		b, err := zip.bundle(f.Name)
		switch {
		case errors.Is(err, errPackErased) || err == nil && m.Evidence != EvidenceVersion:
			left++
			continue
		case err != nil:
			return made, left, err
		}
		if Evidence(hydrate(b)).String()+".json" != digest {
			return made, left, &PackFailure{File: f.Name, Problem: "the states that it names make another evidence"}
		}
		made++
	}
	return made, left, nil
}

var errPackErased = errors.New("a state of it was erased")

// bundle reads what a dossier is read from.
func (p *packReader) bundle(name string) (Bundle, error) {
	raw, err := p.whole(name)
	if err != nil {
		return Bundle{}, err
	}
	var in packBundle
	if err := json.Unmarshal(raw, &in); err != nil {
		return Bundle{}, &PackFailure{File: name, Problem: "it is no list of states"}
	}
	b := Bundle{Root: in.Root, Named: in.Named, Links: in.Links}
	for _, r := range in.Resources {
		c := Captured{Ref: r.Ref, Via: r.Via}
		for i, l := range slices.Concat(r.Layers, r.History) {
			body, err := p.state(l.Sum)
			if err != nil {
				return Bundle{}, err
			}
			layer := Layer{Order{At: l.At, Event: l.Event, Snapshot: l.Sum}, body}
			if i < len(r.Layers) {
				c.Layers = append(c.Layers, layer)
			} else {
				c.History = append(c.History, layer)
			}
		}
		b.Resources = append(b.Resources, c)
	}
	return b, nil
}

func (p *packReader) state(sum Hash) ([]byte, error) {
	name := PackStates + sum.String()
	if _, left := p.find(name + PackErased); left {
		return nil, errPackErased
	}
	body, err := p.whole(name)
	if err == nil && Sum(body) != sum {
		return nil, fmt.Errorf("read the pack: %w", &PackFailure{File: name, Problem: "its bytes do not have the digest that is its name"})
	}
	return body, err
}
