package store

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// SQLite writes each page of its log with two calls of the system, for its head and for its bytes. In a bulk
// import, where one commit logs thousands of pages, these calls were a quarter of what the writer did.
// bufferedLog names a way to files (a VFS) that is the system's own with one thing changed: what is written to
// the end of a log is gathered, and goes there in large pieces.
//
// A commit is as durable as without: SQLite tells others of it only after it has synchronized the log, and
// that writes what was gathered first. This holds with synchronous = FULL; only connections with that may
// use it. Reading the log, asking for its size and cutting it through the same connection write first, too.
// What fails to be written fails the act that gathered it. A process that dies with pages gathered had not
// committed them.
//
// The interface is that of https://sqlite.org/c3ref/vfs.html and https://sqlite.org/c3ref/io_methods.html.
const bufferedLog = "docket-buffered-log"

// logBuffer is how many bytes are gathered at most. SQLite's own way to files writes no more at once.
const logBuffer = 1<<17 - 1

// logFile is the start of what SQLite holds for an open log; the file that it stands for follows.
type logFile struct {
	methods uintptr // logMethods, where SQLite looks for them
	buffer  uintptr // of logBuffer bytes; 0 before the first write
	at      int64   // where in the file the buffer belongs
	n       int32   // so many of its bytes are filled
	_       int32   // what follows is aligned
}

const logFileSize = unsafe.Sizeof(logFile{})

// at gives what lies at an address outside of Go's memory.
func at[T any](p uintptr) *T { return *(**T)(unsafe.Pointer(&p)) }

// call gives the function at an address of the transpiled code.
func call[F any](p uintptr) F { return *(*F)(unsafe.Pointer(&struct{ uintptr }{p})) }

// address gives a function as the transpiled code holds it. f must be one of a package: those never move.
func address[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

type (
	xOpen    = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	xAccess  = func(tls *libc.TLS, file, buf uintptr, amount int32, offset int64) int32
	xPlain   = func(tls *libc.TLS, file uintptr) int32
	xLength  = func(tls *libc.TLS, file uintptr, size int64) int32
	xFlag    = func(tls *libc.TLS, file uintptr, flag int32) int32
	xPointer = func(tls *libc.TLS, file, p uintptr) int32
	xControl = func(tls *libc.TLS, file uintptr, op int32, p uintptr) int32
)

var (
	systemVFS  uintptr // SQLite's own
	logMethods uintptr
)

// registerBufferedLog makes bufferedLog known to SQLite, once for the process.
var registerBufferedLog = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	if systemVFS = lib.Xsqlite3_vfs_find(tls, 0); systemVFS == 0 {
		return errors.New("SQLite has no way to its files")
	}
	name, err := libc.CString(bufferedLog)
	if err != nil {
		return err
	}
	vfs := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(lib.Tsqlite3_vfs{})))
	logMethods = libc.Xcalloc(tls, 1, libc.Tsize_t(unsafe.Sizeof(lib.Tsqlite3_io_methods{})))
	if vfs == 0 || logMethods == 0 {
		return errors.New("out of memory")
	}
	own := at[lib.Tsqlite3_vfs](vfs)
	*own = *at[lib.Tsqlite3_vfs](systemVFS)
	own.FpNext, own.FzName = 0, name
	own.FszOsFile += int32(logFileSize)
	own.FxOpen = address[xOpen](logOpen)
	*at[lib.Tsqlite3_io_methods](logMethods) = lib.Tsqlite3_io_methods{
		FiVersion:               1, // a log is neither locked nor shared
		FxClose:                 address[xPlain](logClose),
		FxRead:                  address[xAccess](logRead),
		FxWrite:                 address[xAccess](logWrite),
		FxTruncate:              address[xLength](logTruncate),
		FxSync:                  address[xFlag](logSync),
		FxFileSize:              address[xPointer](logSize),
		FxLock:                  address[xFlag](logLock),
		FxUnlock:                address[xFlag](logUnlock),
		FxCheckReservedLock:     address[xPointer](logCheckLock),
		FxFileControl:           address[xControl](logControl),
		FxSectorSize:            address[xPlain](logSector),
		FxDeviceCharacteristics: address[xPlain](logDevice),
	}
	if rc := lib.Xsqlite3_vfs_register(tls, vfs, 0); rc != lib.SQLITE_OK {
		return fmt.Errorf("register %s: %d", bufferedLog, rc)
	}
	return nil
})

// inner gives the file that a log stands for, and what can be done with it.
func inner(file uintptr) (uintptr, *lib.Tsqlite3_io_methods) {
	in := file + logFileSize
	return in, at[lib.Tsqlite3_io_methods](at[lib.Tsqlite3_file](in).FpMethods)
}

func logOpen(tls *libc.TLS, _, name, file uintptr, flags int32, out uintptr) int32 {
	open := call[xOpen](at[lib.Tsqlite3_vfs](systemVFS).FxOpen)
	if flags&lib.SQLITE_OPEN_WAL == 0 {
		return open(tls, systemVFS, name, file, flags, out)
	}
	*at[logFile](file) = logFile{}
	rc := open(tls, systemVFS, name, file+logFileSize, flags, out)
	if rc == lib.SQLITE_OK {
		at[logFile](file).methods = logMethods
	}
	return rc
}

// logFlush writes what was gathered.
func logFlush(tls *libc.TLS, file uintptr) int32 {
	f := at[logFile](file)
	if f.n == 0 {
		return lib.SQLITE_OK
	}
	in, methods := inner(file)
	rc := call[xAccess](methods.FxWrite)(tls, in, f.buffer, f.n, f.at)
	f.n = 0
	return rc
}

func logWrite(tls *libc.TLS, file, buf uintptr, amount int32, offset int64) int32 {
	f := at[logFile](file)
	if f.n > 0 && (offset != f.at+int64(f.n) || f.n+amount > logBuffer) {
		if rc := logFlush(tls, file); rc != lib.SQLITE_OK {
			return rc
		}
	}
	if f.buffer == 0 {
		f.buffer = lib.Xsqlite3_malloc(tls, logBuffer)
	}
	if f.buffer == 0 || amount > logBuffer {
		in, methods := inner(file)
		return call[xAccess](methods.FxWrite)(tls, in, buf, amount, offset)
	}
	if f.n == 0 {
		f.at = offset
	}
	copy(unsafe.Slice(at[byte](f.buffer+uintptr(f.n)), amount), unsafe.Slice(at[byte](buf), amount))
	f.n += amount
	return lib.SQLITE_OK
}

func logRead(tls *libc.TLS, file, buf uintptr, amount int32, offset int64) int32 {
	if rc := logFlush(tls, file); rc != lib.SQLITE_OK {
		return rc
	}
	in, methods := inner(file)
	return call[xAccess](methods.FxRead)(tls, in, buf, amount, offset)
}

func logTruncate(tls *libc.TLS, file uintptr, size int64) int32 {
	if rc := logFlush(tls, file); rc != lib.SQLITE_OK {
		return rc
	}
	in, methods := inner(file)
	return call[xLength](methods.FxTruncate)(tls, in, size)
}

func logSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	if rc := logFlush(tls, file); rc != lib.SQLITE_OK {
		return rc
	}
	in, methods := inner(file)
	return call[xFlag](methods.FxSync)(tls, in, flags)
}

func logSize(tls *libc.TLS, file, size uintptr) int32 {
	if rc := logFlush(tls, file); rc != lib.SQLITE_OK {
		return rc
	}
	in, methods := inner(file)
	return call[xPointer](methods.FxFileSize)(tls, in, size)
}

func logControl(tls *libc.TLS, file uintptr, op int32, p uintptr) int32 {
	if rc := logFlush(tls, file); rc != lib.SQLITE_OK {
		return rc
	}
	in, methods := inner(file)
	return call[xControl](methods.FxFileControl)(tls, in, op, p)
}

func logClose(tls *libc.TLS, file uintptr) int32 {
	flushed := logFlush(tls, file)
	lib.Xsqlite3_free(tls, at[logFile](file).buffer)
	in, methods := inner(file)
	rc := call[xPlain](methods.FxClose)(tls, in)
	*at[logFile](file) = logFile{}
	if rc == lib.SQLITE_OK {
		rc = flushed
	}
	return rc
}

func logLock(tls *libc.TLS, file uintptr, lock int32) int32 {
	in, methods := inner(file)
	return call[xFlag](methods.FxLock)(tls, in, lock)
}

func logUnlock(tls *libc.TLS, file uintptr, lock int32) int32 {
	in, methods := inner(file)
	return call[xFlag](methods.FxUnlock)(tls, in, lock)
}

func logCheckLock(tls *libc.TLS, file, out uintptr) int32 {
	in, methods := inner(file)
	return call[xPointer](methods.FxCheckReservedLock)(tls, in, out)
}

func logSector(tls *libc.TLS, file uintptr) int32 {
	in, methods := inner(file)
	return call[xPlain](methods.FxSectorSize)(tls, in)
}

func logDevice(tls *libc.TLS, file uintptr) int32 {
	in, methods := inner(file)
	return call[xPlain](methods.FxDeviceCharacteristics)(tls, in)
}
