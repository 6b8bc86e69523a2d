package store

import (
	"errors"

	"docket/review"
)

// packSize is about how many bytes of states go into one frame: enough for states to lean on each
// other, few enough to be unpacked for one of them.
const packSize = 64 << 10

// packedReading is what of a reading can be made before its turn to write.
type packedReading struct {
	snapshots []packedSnapshot
	packs     []packed
}

type packedSnapshot struct {
	hash review.Hash
	keys []byte
	pack int64 // where a new one lies
	from int
}

// packed is a run of snapshots of one reading as one frame.
type packed struct {
	first, end int
	frame      []byte
}

// packAll digests and compresses outside the write transaction, on all cores.
func (db *DB) packAll(readings []review.Reading) []packedReading {
	all := make([]packedReading, len(readings))
	parallel(len(readings), func(i int) {
		snapshots := readings[i].Snapshots
		r := packedReading{snapshots: make([]packedSnapshot, len(snapshots))}
		var raw []byte
		first := 0
		for j, s := range snapshots {
			r.snapshots[j] = packedSnapshot{hash: review.Sum(s.Body), keys: packKeys(s.Keys), from: len(raw)}
			raw = append(raw, s.Body...)
			if len(raw) >= packSize || j == len(snapshots)-1 {
				r.packs = append(r.packs, packed{first, j + 1, db.zip.pack(raw)})
				first, raw = j+1, raw[:0]
			}
		}
		all[i] = r
	})
	return all
}

// store writes the bytes of the states that are new. A frame that holds others too is made
// again without them: the same state is stored once.
func (b *absorption) store(r review.Reading, p *packedReading) error {
	for _, run := range p.packs {
		fresh := make([]int, 0, run.end-run.first)
		for j := run.first; j < run.end; j++ {
			n, err := b.node(r.Snapshots[j].Ref)
			if err != nil {
				return err
			}
			hash := p.snapshots[j].hash
			if _, known := n.have[hash]; !known && !b.stored[hash] {
				b.stored[hash] = true
				fresh = append(fresh, j)
			}
		}
		if len(fresh) == 0 {
			continue
		}
		frame := run.frame
		if len(fresh) < run.end-run.first {
			var raw []byte
			for _, j := range fresh {
				p.snapshots[j].from = len(raw)
				raw = append(raw, r.Snapshots[j].Body...)
			}
			frame = b.db.zip.pack(raw)
		}
		b.lastPack++
		for _, j := range fresh {
			p.snapshots[j].pack = b.lastPack
		}
		if err := b.packs.add(b.lastPack, frame); err != nil {
			return err
		}
	}
	return nil
}

// unpacked reads packs and gives their bytes by number.
func (a *act) unpacked(ids []int64) (map[int64][]byte, error) {
	all := make(map[int64][]byte, len(ids))
	err := a.each(`SELECT id, body FROM pack WHERE id IN (SELECT value FROM json_each(?))`, []any{numbers(ids)},
		func(scan func(...any) error) error {
			var id int64
			var frame []byte
			if err := scan(&id, &frame); err != nil {
				return err
			}
			raw, err := a.db.zip.unpack(frame)
			all[id] = raw
			return err
		})
	return all, err
}

// cut takes one state out of a pack.
func cut(raw []byte, start, size int) ([]byte, error) {
	if start < 0 || size < 0 || start > len(raw) || size > len(raw)-start {
		return nil, errors.New("a state that is not in its pack")
	}
	return raw[start : start+size : start+size], nil
}
