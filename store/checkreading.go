package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"docket/review"
)

// readAllFor is the longest that all payloads may take to be read again, as they stood at one time.
const readAllFor = 12 * time.Hour

// readings reads every payload again and compares what it says with the rows that were made of it: its
// states, where it was seen to give them, and what they are tied to. What no payload says any more is
// found too, but of what was erased, which stays tied to others.
func (c *checking) readings() error {
	if c.db.options.Read == nil {
		return nil
	}
	if err := c.expect(`SELECT count(*) FROM payload`); err != nil {
		return err
	}
	return c.db.readWithin(c.ctx, readAllFor, "readings", func(a *act) error {
		r := rereading{checking: c, act: a, words: map[string]int64{}, ties: map[tieKey]int64{}}
		if err := r.begin(); err != nil {
			return err
		}
		for after := int64(0); ; {
			batch, err := r.next(after)
			if err != nil {
				return err
			}
			if len(batch) == 0 {
				return r.end()
			}
			after = batch[len(batch)-1].id
			parallel(len(batch), func(i int) { batch[i].read(c.db.options.Read) })
			if err := r.compare(batch); err != nil {
				return err
			}
			c.tell(len(batch))
		}
	})
}

// rereading is all payloads being read again. Of each link it remembers one bit: whether a payload
// said it.
type rereading struct {
	*checking
	act       *act
	words     map[string]int64
	ties      map[tieKey]int64
	from      []uint32 // where the links of each resource begin, by its row
	said      []uint64 // bits
	sightings int64
	tally     [4]tally
}

// What can be wrong with what a payload said.
const (
	readsOtherwise = iota
	stateUnmade
	linkUnmade
	linkUnsaid
)

// A tally counts rows that differ and names the first of them.
type tally struct {
	n     int
	first []string
}

func (t *tally) add(format string, args ...any) {
	if t.n++; t.n <= namedRows {
		t.first = append(t.first, fmt.Sprintf(format, args...))
	}
}

// readAgain is a payload that is read again.
type readAgain struct {
	id, frame     int64
	start, size   int
	absorbed      bool
	readAs, event string
	body          []byte
	reading       review.Reading
}

func (p *readAgain) read(read func([]byte) review.Reading) {
	if p.absorbed {
		p.reading, p.body = read(p.body), nil
	}
}

// begin finds where the bits of each resource's links are.
func (r *rereading) begin() error {
	var last int64
	if err := r.act.one(`SELECT ifnull(max(id), 0) FROM resource`, nil, &last); err != nil {
		return err
	}
	r.from = make([]uint32, last+2)
	err := r.act.each(`SELECT from_, count(*) FROM link WHERE from_ BETWEEN 1 AND ? GROUP BY from_`, []any{last}, func(scan func(...any) error) error {
		var id int64
		var n uint32
		err := scan(&id, &n)
		r.from[id+1] = n
		return err
	})
	for i := range last + 1 {
		r.from[i+1] += r.from[i]
	}
	r.said = make([]uint64, r.from[last+1]/64+1)
	return err
}

// next gives the payloads behind one. Those that were not taken in, or of which nothing is left, have
// nothing to say, nor have those whose bytes are told of as damaged.
func (r *rereading) next(after int64) ([]readAgain, error) {
	var batch []readAgain
	var of []int64
	err := r.act.each(`
		SELECT id, body, start, ifnull(left_size, size), state = 'absorbed', read_as, event FROM payload
		WHERE id > ? ORDER BY id LIMIT ?`, []any{after, checkBatch}, func(scan func(...any) error) error {
		var p readAgain
		err := scan(&p.id, &p.frame, &p.start, &p.size, &p.absorbed, &p.readAs, &p.event)
		batch, of = append(batch, p), append(of, p.frame)
		return err
	})
	if err != nil || len(of) == 0 {
		return nil, err
	}
	frames := map[int64][]byte{}
	err = r.act.bodies(`SELECT id, body FROM payload_body WHERE id IN (SELECT value FROM json_each(?))`, of, func(id int64, frame []byte) error {
		if raw, err := unzip(frame); err == nil {
			frames[id] = raw
		}
		return nil
	})
	for i := range batch {
		p := &batch[i]
		body, broken := cut(frames[p.frame], p.start, p.size)
		p.body, p.absorbed = body, p.absorbed && p.size > 0 && broken == nil
	}
	return batch, err
}

// said is a state that a payload gives.
type saidState struct {
	payload, resource, at, event int64
	hash                         review.Hash
}

type linkKey struct{ from, to, tie int64 }

func (l linkKey) compare(o linkKey) int {
	return slices.Compare([]int64{l.from, l.to, l.tie}, []int64{o.from, o.to, o.tie})
}

// compare compares what some payloads say with the rows.
func (r *rereading) compare(batch []readAgain) error {
	ids, err := r.number(batch)
	if err != nil {
		return err
	}
	states := map[saidState]*review.Snapshot{}
	links := map[linkKey]int64{} // and the payload
	for i := range batch {
		p := &batch[i]
		if !p.absorbed {
			continue
		}
		if p.reading.Refused != "" || p.reading.ReadAs != p.readAs || p.reading.Event != p.event {
			r.tally[readsOtherwise].add("payload row %d", p.id)
			continue
		}
		for j := range p.reading.Snapshots {
			s := &p.reading.Snapshots[j]
			self := ids[byFamily(s.Ref)]
			states[saidState{p.id, self, s.Order.At, s.Order.Event, s.Order.Snapshot}] = s
			for _, l := range s.Links {
				if sharedFamily(l.To.Family()) {
					continue
				}
				tie, err := r.tie(tieKey{l.Name, s.Ref.Type, l.To.Type})
				if err != nil {
					return err
				}
				links[linkKey{self, ids[byFamily(l.To)], tie}] = p.id
			}
		}
	}
	if err := r.states(states); err != nil {
		return err
	}
	return r.links(links)
}

// states looks for what was said among the states and where they were seen.
func (r *rereading) states(said map[saidState]*review.Snapshot) error {
	all := slices.Collect(maps.Keys(said))
	asked := make([]any, len(all))
	for i, s := range all {
		asked[i] = [5]any{s.payload, s.resource, s.at, s.event, s.hash.String()}
	}
	raw, err := list(asked)
	if err != nil {
		return err
	}
	met := make([]bool, len(all))
	err = r.act.each(`
		SELECT j.key, w.text, s.status
		FROM json_each(?) j CROSS JOIN snapshot s ON s.resource = j.value ->> 1 AND s.sha256 = unhex(j.value ->> 4) CROSS JOIN word w ON w.id = s.type
		WHERE EXISTS (SELECT 1 FROM sighting g
		  WHERE g.snapshot = s.id AND g.payload = j.value ->> 0 AND g.at = j.value ->> 2 AND g.event = j.value ->> 3)`, []any{raw},
		func(scan func(...any) error) error {
			var i int
			var kind, status string
			err := scan(&i, &kind, &status)
			met[i] = kind == said[all[i]].Ref.Type && status == said[all[i]].Status
			return err
		})
	r.sightings += int64(len(all))
	for i, ok := range met {
		if !ok {
			r.tally[stateUnmade].add("payload row %d, resource row %d", all[i].payload, all[i].resource)
		}
	}
	return err
}

// links marks what was said among the links.
func (r *rereading) links(said map[linkKey]int64) error {
	all := slices.SortedFunc(maps.Keys(said), linkKey.compare)
	var of []int64
	for _, l := range all {
		if len(of) == 0 || of[len(of)-1] != l.from {
			of = append(of, l.from)
		}
	}
	met := make(map[linkKey]bool, len(all))
	last, place := int64(0), uint32(0)
	err := r.act.each(`
		SELECT l.from_, l.to_, l.tie FROM json_each(?) j CROSS JOIN link l ON l.from_ = j.value
		ORDER BY l.from_, l.to_, l.tie`, []any{numbers(of)}, func(scan func(...any) error) error {
		var l linkKey
		err := scan(&l.from, &l.to, &l.tie)
		if l.from != last {
			last, place = l.from, r.from[l.from]
		}
		if _, ok := said[l]; ok {
			met[l] = true
			r.said[place/64] |= 1 << (place % 64)
		}
		place++
		return err
	})
	for _, l := range all {
		if !met[l] {
			r.tally[linkUnmade].add("payload row %d, resource row %d", said[l], l.from)
		}
	}
	return err
}

// end tells what no payload says, and all that was found.
func (r *rereading) end() error {
	var n int64
	if err := r.act.one(`SELECT count(*) FROM sighting`, nil, &n); err != nil {
		return err
	}
	place := uint32(0)
	err := r.act.each(`
		SELECT l.from_, EXISTS (SELECT 1 FROM erasure e WHERE e.resource = l.from_) FROM link l
		ORDER BY l.from_, l.to_, l.tie`, nil, func(scan func(...any) error) error {
		var from int64
		var erased bool
		err := scan(&from, &erased)
		if from < 1 || from >= int64(len(r.from)-1) {
			return err // a link from no resource, which references tells of
		}
		if r.said[place/64]&(1<<(place%64)) == 0 && !erased {
			r.tally[linkUnsaid].add("resource row %d", from)
		}
		place++
		return err
	})
	for i, what := range [len(r.tally)]string{
		readsOtherwise: "payload that does not read as it did",
		stateUnmade:    "state that a payload gives and that is not there as it gives it",
		linkUnmade:     "tie that a payload tells of and that is not there",
		linkUnsaid:     "tie that no payload tells of",
	} {
		r.several(r.tally[i].n, what, r.tally[i].first)
	}
	if more := n - r.sightings; more > 0 && r.tally[readsOtherwise].n == 0 {
		r.found("%d × wrong: state that a payload is said to give and does not", more)
	}
	return err
}

// number finds the rows of the resources that payloads speak of, 0 for those that have none.
func (r *rereading) number(batch []readAgain) (map[review.Ref]int64, error) {
	ids := map[review.Ref]int64{}
	for i := range batch {
		for _, s := range batch[i].reading.Snapshots {
			ids[byFamily(s.Ref)] = 0
			for _, l := range s.Links {
				ids[byFamily(l.To)] = 0
			}
		}
	}
	asked := make([]*node, 0, len(ids))
	for ref := range ids {
		asked = append(asked, &node{family: ref.Type, rid: ref.ID})
	}
	if err := r.act.recognize(asked); err != nil {
		return nil, err
	}
	for _, n := range asked {
		ids[n.ref()] = n.id
	}
	return ids, nil
}

func (r *rereading) word(text string) (int64, error) {
	if id, ok := r.words[text]; ok {
		return id, nil
	}
	id, err := r.act.knownWord(text)
	if err == nil {
		r.words[text] = id
	}
	return id, err
}

// tie gives the number of a tie, 0 when there is none.
func (r *rereading) tie(key tieKey) (int64, error) {
	if id, ok := r.ties[key]; ok {
		return id, nil
	}
	var words [3]any
	for i, text := range []string{key.name, key.from, key.to} {
		word, err := r.word(text)
		if errors.Is(err, review.ErrNotFound) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		words[i] = word
	}
	var id int64
	err := r.act.one(`SELECT id FROM tie WHERE name = ? AND from_type = ? AND to_type = ?`, words[:], &id)
	if errors.Is(err, review.ErrNotFound) {
		return 0, nil
	}
	if err == nil {
		r.ties[key] = id
	}
	return id, err
}
