package store

import (
	"slices"
	"sync"

	"docket/review"
)

// The bounds of what is kept of dossiers that were looked at. Texts of a dossier lie in the
// bytes it was read from; with all its parts it takes about four times as much.
const (
	maxDossiers     = 64
	maxDossierBytes = 6 << 20 // of the states that they were read from
)

// readDossier is a root as it was last read for a page. It is shared: nobody may change it.
type readDossier struct {
	stand     stand
	bundle    review.Bundle // without the bytes
	resources []int64
	dossier   review.Dossier
	edition   int64
	size      int
	used      int64 // guarded by dossiers.mu, as nothing else here needs to be
}

// stand tells one state of what was taken in from another. Payloads are numbered as they are
// kept, and one that was taken in stays so: with the same highest number and as many that were
// not, those taken in are the same. Only a rebuild reads them anew: it forgets what is kept, and
// when another process rebuilt, the snapshots and the evidence tell.
type stand struct {
	payload, unread, snapshot int64
	evidence                  review.Hash
}

// stand reads what has been taken in at the moment of the act.
func (a *act) stand(evidence review.Hash) (stand, error) {
	s := stand{evidence: evidence}
	err := a.one(`
		SELECT (SELECT ifnull(max(id), 0) FROM payload),
		       (SELECT count(*) FROM payload WHERE state = 'kept') + (SELECT count(*) FROM payload WHERE state = 'quarantined'),
		       (SELECT ifnull(max(id), 0) FROM snapshot)`, nil, &s.payload, &s.unread, &s.snapshot)
	return s, err
}

// dossiers keeps the dossiers that pages showed last: whoever judges fifty matches asks for the
// same page fifty times. Acts do not use it: what is recorded rests on what is read with it.
type dossiers struct {
	mu       sync.Mutex
	held     map[int64]*readDossier // by root
	bytes    int
	clock    int64
	editions int64
}

func (c *dossiers) get(txn int64) *readDossier {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.held[txn]
	if d != nil {
		c.clock++
		d.used = c.clock
	}
	return d
}

// put keeps a reading, and lets go of those that were not asked for longest.
func (c *dossiers) put(txn int64, d *readDossier) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(txn)
	if d.size > maxDossierBytes/2 {
		return
	}
	for len(c.held) >= maxDossiers || c.bytes+d.size > maxDossierBytes {
		oldest := int64(0)
		for id, h := range c.held {
			if oldest == 0 || h.used < c.held[oldest].used {
				oldest = id
			}
		}
		c.drop(oldest)
	}
	if c.held == nil {
		c.held = make(map[int64]*readDossier, maxDossiers)
	}
	c.clock++
	d.used = c.clock
	c.held[txn], c.bytes = d, c.bytes+d.size
}

func (c *dossiers) drop(txn int64) {
	if d := c.held[txn]; d != nil {
		delete(c.held, txn)
		c.bytes -= d.size
	}
}

// forget lets go of all.
func (c *dossiers) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held, c.bytes = nil, 0
}

// edition numbers a dossier that was read anew.
func (c *dossiers) edition() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.editions++
	return c.editions
}

// dossier finds the reading of a root. Nothing taken in since: the held one, at the price
// of one look. Something taken in: everything is gathered again, and read again only when it
// differs. The hydration itself is left to the caller, outside of the SQL transaction: until
// then the answer has no edition.
func (a *act) dossier(txn int64, root review.Ref, evidence review.Hash) (d *readDossier, fresh *review.Bundle, err error) {
	now, err := a.stand(evidence)
	if err != nil {
		return nil, nil, err
	}
	held := a.db.dossiers.get(txn)
	if held != nil && held.stand == now {
		return held, nil, nil
	}
	b, err := a.bundle(txn, root)
	if err != nil {
		return nil, nil, err
	}
	if held != nil && slices.Equal(held.resources, b.resources) && sameBundle(held.bundle, b.Bundle) {
		again := &readDossier{stand: now, bundle: held.bundle, resources: held.resources, dossier: held.dossier,
			edition: held.edition, size: held.size}
		a.db.dossiers.put(txn, again)
		return again, nil, nil
	}
	d = &readDossier{stand: now, resources: b.resources}
	d.bundle, d.size = withoutBytes(b.Bundle)
	return d, &b.Bundle, nil
}

// hydrate reads what dossier gathered and keeps it.
func (db *DB) hydrate(txn int64, d *readDossier, b *review.Bundle) {
	d.dossier = db.options.Hydrate(*b)
	d.edition = db.dossiers.edition()
	db.dossiers.put(txn, d)
}

// withoutBytes is a bundle by which another can be known for the same, and how many bytes it
// had.
func withoutBytes(b review.Bundle) (review.Bundle, int) {
	size := 0
	bare := func(layers []review.Layer) []review.Layer {
		out := make([]review.Layer, len(layers))
		for i, l := range layers {
			out[i].Order = l.Order
			size += len(l.Body)
		}
		return out
	}
	b.Resources = slices.Clone(b.Resources)
	for i := range b.Resources {
		c := &b.Resources[i]
		c.Layers, c.History = bare(c.Layers), bare(c.History)
	}
	return b, size
}

// sameBundle says that two bundles have the same states of the same resources with the same
// ties: then they read the same.
func sameBundle(x, y review.Bundle) bool {
	states := func(x, y []review.Layer) bool {
		return slices.EqualFunc(x, y, func(x, y review.Layer) bool { return x.Order == y.Order })
	}
	return x.Root == y.Root && slices.Equal(x.Named, y.Named) && slices.Equal(x.Links, y.Links) &&
		slices.EqualFunc(x.Resources, y.Resources, func(x, y review.Captured) bool {
			return x.Ref == y.Ref && x.Via == y.Via && states(x.Layers, y.Layers) && states(x.History, y.History)
		})
}
