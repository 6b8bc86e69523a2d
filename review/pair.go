package review

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Pair is a subject and a match to compare.
type Pair struct {
	Subject Subject
	Match   Match
}

// fewNames is how many names are compared faster than a second goroutine is woken and fed.
const fewNames = 60

// CompareAll compares many pairs, the rows of each in its place. A reviewer waits for all of them
// together, so all processors work on them; each pair is compared alone, and what comes out is the
// same on one.
func (c Comparator) CompareAll(pairs []Pair) [][]Comparison {
	rows := make([][]Comparison, len(pairs))
	names := 0
	for i := range pairs {
		names += len(pairs[i].Match.Names)
	}
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < len(pairs); i = int(next.Add(1)) - 1 {
			rows[i] = c.Compare(pairs[i].Subject, pairs[i].Match)
		}
	}
	var others sync.WaitGroup
	var failed atomic.Pointer[any]
	for range min(runtime.GOMAXPROCS(0), len(pairs), 1+names/fewNames) - 1 {
		others.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					failed.Store(&v)
				}
			}()
			work()
		})
	}
	func() {
		defer others.Wait() // also when this one panics: nobody writes to rows after
		work()
	}()
	if v := failed.Load(); v != nil {
		panic(*v) // where the caller can see it: a request fails, not the server
	}
	return rows
}
