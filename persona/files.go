package persona

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"docket/review"
)

// fileLinks are the fresh links that one answer gave for the files of a resource. They are bearer
// secrets and stay in memory. https://docs.withpersona.com/downloading-files
type fileLinks struct {
	sealed
	at time.Time
	of map[string][]string // link without its secret → links that open the file
}

const (
	linkLife = time.Hour // the shortest life that Persona gives a link is longer
	maxLinks = 2_000     // resources whose links are remembered
)

// remember keeps the fresh links of a payload for the errands that follow from it.
func (l *Live) remember(raw []byte, r review.Reading) {
	if !l.o.Files || l.client == nil || r.Refused != "" {
		return
	}
	found := freshLinks(raw)
	if len(found) == 0 {
		return
	}
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	for ref, of := range found {
		if len(l.links) >= maxLinks {
			for have, it := range l.links {
				if now.Sub(it.at) >= linkLife || len(l.links) >= maxLinks {
					delete(l.links, have)
				}
			}
		}
		l.links[ref] = fileLinks{at: now, of: of}
	}
}

// remembered gives the links of a resource, once.
func (l *Live) remembered(ref review.Ref) map[string][]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	it, ok := l.links[ref]
	delete(l.links, ref)
	if !ok || l.now().Sub(it.at) >= linkLife {
		return nil
	}
	return it.of
}

// freshLinks finds, per resource of a payload, the links that open its files.
func freshLinks(raw []byte) map[review.Ref]map[string][]string {
	root, p, refused := structure(raw)
	if p != nil {
		defer p.done()
	}
	if refused != "" {
		return nil
	}
	found := map[review.Ref]map[string][]string{}
	var within func(n node, ref review.Ref)
	within = func(n node, ref review.Ref) {
		if n.kind == kindString {
			f := fileAt(n.text)
			if f.Link == "" || f.Link == n.text || ref.IsZero() {
				return // nothing in it opens anything
			}
			if found[ref] == nil {
				found[ref] = map[string][]string{}
			}
			if !slices.Contains(found[ref][f.Link], n.text) {
				found[ref][f.Link] = append(found[ref][f.Link], n.text)
			}
			return
		}
		if n.kind == kindObject {
			typ, id := n.like("type"), n.like("id")
			if typ.kind == kindString && id.kind == kindString && n.like("attributes").kind == kindObject {
				ref = review.Ref{Type: typ.text, ID: id.text}
			}
		}
		for _, k := range n.kids {
			within(k, ref)
		}
	}
	within(root, review.Ref{})
	return found
}

// lackingFiles are the errands for files of a dossier of which no copy is held.
func (l *Live) lackingFiles(ctx context.Context, d review.Dossier) ([]review.Errand, error) {
	named := files(d)
	named = slices.DeleteFunc(named, func(n namedFile) bool {
		_, ok := l.client.fileLink(n.file.Link)
		return !ok || !HasEndpoint(n.ref)
	})
	var refs []review.Ref
	for _, n := range named {
		if !slices.Contains(refs, n.ref) {
			refs = append(refs, n.ref)
		}
	}
	if len(refs) == 0 {
		return nil, nil
	}
	held, err := l.db.HeldFiles(ctx, refs)
	if err != nil {
		return nil, err
	}
	lacking := map[review.Ref][]string{}
	for _, n := range named {
		if !holds(held, n) {
			lacking[n.ref] = append(lacking[n.ref], n.file.Link)
		}
	}
	var out []review.Errand
	for _, ref := range refs {
		if some := lacking[ref]; len(some) > 0 {
			out = append(out, review.Errand{Kind: review.ErrandFiles, Ref: ref, Cause: causeFiles + " " + digestOf(some...), State: review.ErrandWaiting})
		}
	}
	return out, nil
}

func holds(held []review.HeldFile, n namedFile) bool {
	return slices.ContainsFunc(held, func(h review.HeldFile) bool { return h.Ref == n.ref && h.Link == n.file.Link })
}

// fetchFiles downloads the files of a resource of which no copy is held: by the links that just
// came, else by fresh ones that it asks for.
func (l *Live) fetchFiles(ctx context.Context, e review.Errand) error {
	fresh := l.remembered(e.Ref)
	asked := false
	if fresh == nil {
		var err error
		if fresh, err = l.askLinks(ctx, e.Ref); err != nil {
			return err
		}
		asked = true
	}
	f, err := l.db.ResourceFile(ctx, e.Ref)
	if err != nil {
		return err
	}
	held, err := l.db.HeldFiles(ctx, []review.Ref{e.Ref})
	if err != nil {
		return err
	}
	var problems []string
	for _, n := range filesOf(Resource(f.Captured)) {
		n.ref = e.Ref
		if _, ok := l.client.fileLink(n.file.Link); !ok || holds(held, n) {
			continue
		}
		kept, err := l.download(ctx, n, fresh[n.file.Link])
		var refused *Refused
		if errors.As(err, &refused) && !asked {
			// The links were older than they looked.
			if fresh, err = l.askLinks(ctx, e.Ref); err == nil {
				kept, err = l.download(ctx, n, fresh[n.file.Link])
			}
			asked = true
		}
		switch {
		case errors.As(err, &refused):
			problems = append(problems, refused.Sentence())
		case err != nil:
			return err
		default:
			held = append(held, kept)
		}
	}
	if len(problems) > 0 {
		slices.Sort(problems)
		return &Refused{Title: strings.Join(slices.Compact(problems), "; ")}
	}
	return nil
}

// askLinks asks for a resource to learn links that still open its files.
func (l *Live) askLinks(ctx context.Context, ref review.Ref) (map[string][]string, error) {
	a, err := l.client.Resource(ctx, ref)
	if err != nil {
		return nil, err
	}
	r, err := l.take(ctx, a.Body, a.About)
	if err != nil {
		return nil, err
	}
	s, ok := told(r, ref)
	if !ok {
		return nil, errUnreadable
	}
	fresh := freshLinks(a.Body)[s.Ref]
	l.remembered(s.Ref) // they are used here
	if fresh == nil {
		fresh = map[string][]string{}
	}
	return fresh, nil
}

// download fetches one file and keeps our own copy. When one name leads to different files it
// cannot be told which is meant, and none is kept: a wrong photo is worse than none.
func (l *Live) download(ctx context.Context, n namedFile, fresh []string) (review.HeldFile, error) {
	if len(fresh) == 0 {
		return review.HeldFile{}, &Refused{Title: "Persona gives no link to " + shorten(n.file.Name) + " any more"}
	}
	var body []byte
	h := review.HeldFile{Ref: n.ref, Link: n.file.Link, Name: n.file.Name, FetchedAt: l.now()}
	for i, link := range fresh {
		b, media, err := l.client.Download(ctx, link)
		if err != nil {
			return h, err
		}
		if sum := review.Sum(b); i == 0 {
			body, h.Hash, h.Media, h.Bytes = b, sum, media, int64(len(b))
		} else if sum != h.Hash {
			return h, &Refused{Title: "Persona gives several different files the name " + shorten(n.file.Name)}
		}
	}
	return h, l.db.KeepFile(ctx, h, body)
}
