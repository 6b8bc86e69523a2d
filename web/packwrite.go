package web

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"docket/review"
	"docket/static"
	"docket/store"
	"docket/views"
)

// packing writes one pack.
type packing struct {
	*Evidence
	plan *packPlan
	w    *review.PackWriter
}

// attachedFiles writes what colleagues attached, one file in memory at a time: review.MaxAttachment
// bounds each.
func (p *packing) attachedFiles(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(p.plan.attached)) {
		_, body, err := p.db.File(ctx, p.plan.attached[name].Hash)
		if err != nil {
			return err
		}
		if err := p.w.Add(name, body); err != nil {
			return err
		}
	}
	return nil
}

func (p *packing) checkpointFile(context.Context) error {
	return p.w.Add(review.PackCheckpoint, []byte(p.checkpoint.Note))
}

func (p *packing) keyFile(context.Context) error {
	return p.w.Add(review.PackKey, []byte(p.db.LedgerPublic()+"\n"))
}

func (p *packing) styleFile(context.Context) error {
	return p.w.Add(review.PackStyle, static.Stylesheet())
}

// byName are the reviews in the order of the names of their files.
func (p *packing) byName() []review.ReviewID {
	return slices.SortedFunc(slices.Values(p.reviews), func(a, b review.ReviewID) int { return strings.Compare(a.String(), b.String()) })
}

func (p *packing) entryFiles(ctx context.Context) error {
	write := func(name string, ids []review.EntryID) error {
		var lines []byte
		err := p.db.PackLeaves(ctx, ids, p.checkpoint.Size, func(e review.PackEntry) (err error) {
			lines, err = e.AppendLine(lines)
			return err
		})
		if err != nil {
			return err
		}
		return p.w.Add(review.PackEntries+name+".ndjson", lines)
	}
	for _, id := range p.byName() {
		if err := write(id.String(), p.plan.entries[id]); err != nil {
			return err
		}
	}
	if len(p.plan.others) == 0 {
		return nil
	}
	return write(review.PackOther, p.plan.others)
}

func (p *packing) evidenceFiles(ctx context.Context) error {
	return sorted(p.plan.evidence, func(digest review.Hash, id review.ReviewID) error {
		evidence, err := p.db.PackEvidence(ctx, id, digest)
		if err != nil {
			return err
		}
		return p.w.Add(review.PackEvidence+digest.String()+".json", append(evidence.Manifest, '\n'))
	})
}

func (p *packing) payloadFiles(ctx context.Context) error {
	return sorted(p.plan.payloads, func(hash review.Hash, _ int64) error {
		_, body, err := p.db.Payload(ctx, hash)
		if err != nil {
			return err
		}
		return p.w.Add(review.PackPayloads+packName(hash, review.Sum(body)), body)
	})
}

func (p *packing) stateFiles(ctx context.Context) error {
	return sorted(p.plan.states, func(_ review.Hash, s store.PackState) error {
		body, err := p.db.StateBytes(ctx, s)
		if err != nil {
			return err
		}
		return p.w.Add(review.PackStates+packName(s.Hash, s.Left), body)
	})
}

// sorted goes through what has digests in their order.
func sorted[T any](m map[review.Hash]T, do func(review.Hash, T) error) error {
	keys := slices.SortedFunc(maps.Keys(m), func(a, b review.Hash) int { return bytes.Compare(a[:], b[:]) })
	for _, k := range keys {
		if err := do(k, m[k]); err != nil {
			return err
		}
	}
	return nil
}

func (p *packing) policyFiles(ctx context.Context) error {
	versions := slices.SortedFunc(maps.Keys(p.plan.policies), func(a, b review.PolicyVersion) int {
		return strings.Compare(strconv.FormatInt(int64(a), 10), strconv.FormatInt(int64(b), 10))
	})
	for _, v := range versions {
		policy, err := p.db.PolicyRecord(ctx, v)
		if errors.Is(err, review.ErrNotFound) {
			continue // entries from before there were versions say 0
		}
		if err != nil {
			return err
		}
		if err := p.w.Add(review.PackPolicies+strconv.FormatInt(int64(v), 10)+".json", policy.Document); err != nil {
			return err
		}
	}
	return nil
}

func (p *packing) reviewFiles(ctx context.Context) error {
	for _, id := range p.byName() {
		r, err := p.read(ctx, id)
		if err != nil {
			return err
		}
		files := map[string]func() ([]byte, error){
			id.String() + ".html": func() ([]byte, error) {
				page := r.page(p.frame())
				return packPage(ctx, page.PackPage, page.Body())
			},
			id.String() + ".json": r.json,
		}
		for i := range r.stages {
			s := &r.stages[i]
			files[packStageName(id, s.Entry())] = func() ([]byte, error) {
				page := s.page(r, p.frame())
				return packPage(ctx, page.PackPage, page.Body())
			}
		}
		for _, name := range slices.Sorted(maps.Keys(files)) {
			body, err := files[name]()
			if err != nil {
				return err
			}
			if err := p.w.Add(review.PackReviews+name, body); err != nil {
				return err
			}
		}
	}
	return nil
}

// packPage draws a page.
func packPage(ctx context.Context, frame views.PackPage, body templ.Component) ([]byte, error) {
	var b bytes.Buffer
	err := views.PackLayout(frame, body).Render(ctx, &b)
	b.WriteByte('\n')
	return b.Bytes(), err
}

// frame is what every page of the pack says of it.
func (p *packing) frame() views.PackPage {
	return views.PackPage{Style: review.PackStyle, Foot: "From the evidence pack of " + p.what() + ", taken with entry " + views.Number(int(p.own)) +
		" under a checkpoint of " + views.Number(int(p.checkpoint.Size)) + " entries of " + p.checkpoint.Origin +
		". This page is for reading; the entries behind it are what the checkpoint proves."}
}

func (p *packing) indexPage(ctx context.Context) error {
	page := views.PackIndexPage{PackPage: p.frame(), Reviews: p.plan.rows, Limits: packLimits}
	page.Title = "Evidence pack of " + p.what()
	c := p.checkpoint
	page.Identity = views.Identity{
		Path: []views.Go{{Words: "Evidence pack"}}, Fallback: page.Title,
		Facts: []views.Fact{
			{Term: "Taken", Value: views.Value{State: review.Present, Time: views.AtSecond(c.At, always)}},
			{Term: "Ledger", Value: mono(views.V(c.Origin))},
			{Term: "Checkpoint", Value: views.V(views.Plural(int(c.Size), "entry", "entries"))},
			{Term: "Root", Value: mono(views.V(c.Root.String()))},
			{Term: "Key", Value: mono(views.V(string(p.db.LedgerPublic())))},
		},
	}
	page.Leads = views.Plural(len(p.reviews), "review", "reviews") + ", in the order of their decisions"
	if a := p.about; a.Sample > 0 {
		page.Leads = views.Plural(len(p.reviews), "review", "reviews") + " of " + views.Plural(min(a.Sample, a.Decisions), "decision", "decisions") +
			", drawn by lot with the seed “" + a.Seed + "” from " + views.Number(a.Decisions)
	}
	page.Check = []views.PackStep{
		{Words: "With docket", Command: "docket verify " + p.Name() + " --key KEY"},
		{Words: "With Python alone", Command: "python3 verify.py " + p.Name() + " --key KEY"},
	}
	page.Parts = p.parts()
	body, err := packPage(ctx, page.PackPage, page.Body())
	if err != nil {
		return err
	}
	return p.w.Add(review.PackIndex, body)
}

// packLimits is what a reader might take a pack to prove, and it does not.
var packLimits = []string{
	"KEY is the public key of this ledger, from somebody other than who gave you the pack. The pack brings one along; checked with that one alone, it proves that nothing was changed after it was signed, not who signed it.",
	"Whoever holds the machine and its key can write another history from the newest checkpoint that left the machine. Hold the checkpoint of this pack against one that was kept elsewhere.",
	"The entries prove what was recorded, by whom and when, and that none of it changed since. They do not prove that what was recorded is true, nor that nothing was left out that was never recorded.",
	"The pages and the JSON are made from the entries and the evidence, and signed; verification holds decisions, answers and evidence against the entries, and not every word.",
}

func (p *packing) parts() []views.PackPart {
	files := func(n int) string { return views.Plural(n, "file", "files") }
	n := 1
	for _, ids := range p.plan.entries {
		n += min(len(ids), 1)
	}
	if len(p.plan.others) == 0 {
		n--
	}
	return []views.PackPart{
		{Name: review.PackReviews, Words: "Each review for reading and as JSON, and the evidence as it stood when somebody judged", Count: views.Plural(len(p.reviews), "review", "reviews")},
		{Name: review.PackAttachments, Words: "What colleagues attached, byte for byte, by the digest that their entry recorded", Count: files(len(p.plan.attached))},
		{Name: review.PackEntries, Words: "What was recorded, a line each: the record, what it seals, and the proof that the checkpoint covers it", Count: files(n)},
		{Name: review.PackEvidence, Words: "Which states each evidence digest stands for", Count: files(len(p.plan.evidence))},
		{Name: review.PackStates, Words: "What each resource said, by digest", Count: files(len(p.plan.states))},
		{Name: review.PackPayloads, Words: "What Persona sent, byte for byte, by digest; “.erased” is what an erasure left", Count: files(len(p.plan.payloads))},
		{Name: review.PackPolicies, Words: "The rules of the house, by version", Count: files(len(p.plan.policies))},
		{Name: review.PackCheckpoint, Words: "The checkpoint, as signed", Count: files(1)},
		{Name: review.PackKey, Words: "The public key of the ledger", Count: files(1)},
		{Name: "manifest.json", Words: "Every file with its digest; manifest.note signs it", Count: files(2)},
	}
}
