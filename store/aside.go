package store

import (
	"runtime"
	"sync"
)

// parallel runs fn for 0…n-1 on all cores.
func parallel(n int, fn func(i int)) { parallelOn(runtime.GOMAXPROCS(0), n, fn) }

// aside is parallel where another may have its turn to write. In a bulk import one has it nearly always,
// and all else waits for that: it is left a core.
func (db *DB) aside(n int, fn func(i int)) { parallelOn(db.spare(), n, fn) }

func (db *DB) spare() int {
	if db.options.Bulk {
		return max(1, runtime.GOMAXPROCS(0)-1)
	}
	return runtime.GOMAXPROCS(0)
}

func parallelOn(cores, n int, fn func(i int)) {
	workers := min(cores, n)
	if workers < 2 {
		for i := range n {
			fn(i)
		}
		return
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				fn(i)
			}
		})
	}
	wg.Wait()
}
