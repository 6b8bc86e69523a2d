package store

import (
	"fmt"
	_ "unsafe" // go:linkname

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// pageCaches is what SQLite knows of the pages that all connections hold in memory (pcache1 of its
// src/pcache1.c). The driver has it compiled with SQLITE_ENABLE_MEMORY_MANAGEMENT, and then all connections
// hold theirs in one group behind one lock: whoever looks at a page waits for all others that do, and a page
// that one connection reads may push out one of another's. An import's writer waited a tenth of its time for
// those who read beside it. Without that option, which is for programs that tell SQLite to make do with less
// memory, each connection has a group of its own and needs no lock.
//
// The variable is not the driver's to promise: should it go, docket no longer links; should it no longer do
// this, a test fails.
//
//go:linkname pageCaches modernc.org/sqlite/lib._pcache1_g
var pageCaches lib.TPCacheGlobal

// It is set before any connection can be open.
func init() {
	tls := libc.NewTLS()
	defer tls.Close()
	if rc := lib.Xsqlite3_initialize(tls); rc != lib.SQLITE_OK {
		panic(fmt.Sprintf("store: SQLite does not start: %d", rc))
	}
	pageCaches.FseparateCache = 1
}
