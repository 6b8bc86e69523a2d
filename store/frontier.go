package store

import (
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"docket/review"
)

// frontier is the right edge of a tree: the roots of the whole subtrees that it falls into, the
// largest first. It is all that is needed to go on.
type frontier struct {
	size  int64
	roots []review.Hash
}

func nodeHash(left, right review.Hash) review.Hash {
	return review.Hash(tlog.NodeHash(tlog.Hash(left), tlog.Hash(right)))
}

// add appends a leaf and gives, in out, the hashes that it completes: its own, and that of each
// subtree that ends with it. These are what tlog.StoredHashes stores.
func (f *frontier) add(out []review.Hash, h review.Hash) []review.Hash {
	out = append(out, h)
	for i := 0; f.size>>i&1 == 1; i++ {
		last := len(f.roots) - 1
		h = nodeHash(f.roots[last], h)
		f.roots = f.roots[:last]
		out = append(out, h)
	}
	f.roots = append(f.roots, h)
	f.size++
	return out
}

// root is the root of the whole tree.
func (f frontier) root() review.Hash {
	n := len(f.roots)
	if n == 0 {
		return review.EmptyRoot
	}
	h := f.roots[n-1]
	for i := n - 2; i >= 0; i-- {
		h = nodeHash(f.roots[i], h)
	}
	return h
}

func (f frontier) clone() frontier { return frontier{f.size, slices.Clone(f.roots)} }

// subtreeEnds calls fn for each root of a frontier of some size: the number of the leaf that
// completed it, counted from 1, and its level.
func subtreeEnds(size int64, fn func(end int64, level int) error) error {
	end := int64(0)
	for level := 62; level >= 0; level-- {
		if size>>level&1 == 1 {
			end += 1 << level
			if err := fn(end, level); err != nil {
				return err
			}
		}
	}
	return nil
}

// frontierAt reads the right edge of the ledger when it had so many entries.
func (a *act) frontierAt(size int64) (frontier, error) {
	f := frontier{size: size}
	err := subtreeEnds(size, func(end int64, level int) error {
		h, err := a.storedHash(end, level)
		f.roots = append(f.roots, h)
		return err
	})
	return f, err
}

// storedHash reads the hash that a leaf completed at a level.
func (a *act) storedHash(end int64, level int) (review.Hash, error) {
	var h review.Hash
	err := a.one(`SELECT substr(hashes, 1 + 32 * ?2, 32) FROM leaf WHERE entry = ?1`, []any{end, level}, hashColumn{&h})
	return h, err
}

// ReadHashes is tlog.HashReader over the stored leaves.
func (a *act) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, index := range at {
		level, n := tlog.SplitStoredHashIndex(index)
		h, err := a.storedHash((n+1)<<level, level)
		if err != nil {
			return nil, err
		}
		out[i] = tlog.Hash(h)
	}
	return out, nil
}
