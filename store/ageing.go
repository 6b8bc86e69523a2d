package store

import (
	"time"

	"docket/review"
)

// ageing counts what waits now. Its open, soon and over are those of the queue's bands.
func (a *act) ageing() (review.Ageing, error) {
	g := review.Ageing{At: a.now}
	var err error
	if g.Target, g.Warning, err = a.targets(); err != nil {
		return g, err
	}
	if err = a.one(`SELECT EXISTS (SELECT 1 FROM review)`, nil, &g.Ever); err != nil {
		return g, err
	}
	tabs, err := a.tabs()
	if err != nil {
		return g, err
	}
	g.Open, g.Approval, g.Waiting = tabs[review.TabOpen], tabs[review.TabApproval], tabs[review.TabWaiting]
	bands, err := a.bands(g.Open)
	if err != nil {
		return g, err
	}
	g.Soon, g.Over, g.Oldest = bands.Soon, bands.Over, bands.Oldest
	if err := a.ageBands(&g); err != nil {
		return g, err
	}
	if err := a.kindAges(&g); err != nil {
		return g, err
	}
	g.Halted, err = a.halted()
	return g, err
}

// ageBands counts the open reviews of each band, from the youngest on.
func (a *act) ageBands(g *review.Ageing) error {
	g.Bands = review.AgeBands(g.Target, g.Warning)
	younger := 0
	for i := range g.Bands {
		b := &g.Bands[i]
		n := g.Open
		if !b.Over {
			since := a.now.Add(-b.To).UnixMilli()
			if b.To < g.Target {
				since++ // what waited just so long is in the next band
			}
			var err error
			if n, err = a.openSince(since); err != nil {
				return err
			}
		}
		b.N, younger = n-younger, n
	}
	return nil
}

// The open reviews of one kind walk the facet in the order of age; those without an open match
// queue_by_matches.
const (
	kindAge = `
		SELECT count(*) FILTER (WHERE opened_at < ?2), count(*) FILTER (WHERE opened_at >= ?2), ifnull(min(opened_at), 0)
		FROM facet WHERE place = ?1 AND opened_at <= ?3`
	kindOldest   = `SELECT ifnull(min(opened_at), 0) FROM facet WHERE place = ?1`
	unmatchedAge = `
		SELECT count(*), count(*) FILTER (WHERE opened_at < ?1), count(*) FILTER (WHERE opened_at >= ?1 AND opened_at <= ?2), ifnull(min(opened_at), 0)
		FROM queue WHERE state = 'open' AND calm = 0`
)

func (a *act) kindAges(g *review.Ageing) error {
	var places []int64
	err := a.each(`SELECT id, value, n FROM counter WHERE state = 'open' AND facet = 'kind' AND n > 0`, nil, func(scan func(...any) error) error {
		var place int64
		var k review.KindAge
		err := scan(&place, &k.Kind, &k.N)
		places, g.Kinds = append(places, place), append(g.Kinds, k)
		return err
	})
	if err != nil {
		return err
	}
	over, soon := a.now.Add(-g.Target).UnixMilli(), a.now.Add(-g.Warning).UnixMilli()
	for i := range g.Kinds {
		k := &g.Kinds[i]
		var oldest int64
		if err := a.one(kindAge, []any{places[i], over, soon}, &k.Over, &k.Soon, &oldest); err != nil {
			return err
		}
		if oldest == 0 {
			if err := a.one(kindOldest, []any{places[i]}, &oldest); err != nil {
				return err
			}
		}
		k.Oldest = instant(oldest)
	}
	var none review.KindAge
	var oldest int64
	if err := a.one(unmatchedAge, []any{over, soon}, &none.N, &none.Over, &none.Soon, &oldest); err != nil {
		return err
	}
	if none.N > 0 {
		none.Oldest = instant(oldest)
		g.Kinds = append(g.Kinds, none)
	}
	review.SortKindAges(g.Kinds)
	return nil
}

// haltedNow walks queue_halted, the longest first. A root whose matches are not listed stands for
// its subject by itself.
const haltedNow = `
	SELECT q.halted_since, ifnull((SELECT l.subject FROM listed l WHERE l.root = q.root LIMIT 1), -q.root)
	FROM queue q WHERE q.halted_since IS NOT NULL AND q.state IN ('open','approval','waiting') ORDER BY q.halted_since`

// halted gives the subjects that are not watched because a match waits, each since its first report
// halted.
func (a *act) halted() (review.Halted, error) {
	seen := map[int64]bool{}
	var since []time.Time
	err := a.each(haltedNow, nil, func(scan func(...any) error) error {
		var at, subject int64
		if err := scan(&at, &subject); err != nil {
			return err
		}
		if !seen[subject] {
			seen[subject] = true
			since = append(since, instant(at))
		}
		return nil
	})
	return review.HaltedOf(since, a.now), err
}
