package sandbox

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// FaultKind is one way in which the API fails.
type FaultKind string

const (
	FaultLimit  FaultKind = "limit"  // 429 with the rate-limit headers
	FaultMute   FaultKind = "mute"   // 429 that says nothing about when
	FaultError  FaultKind = "error"  // 500, or Fault.Status; nothing was done
	FaultHang   FaultKind = "hang"   // no answer until the client goes or the stand-in closes
	FaultReset  FaultKind = "reset"  // the connection breaks before anything was done
	FaultLost   FaultKind = "lost"   // it is done, and the connection breaks before the answer
	FaultBroken FaultKind = "broken" // it is done, and the answer ends in the middle of its JSON
	FaultDenied FaultKind = "denied" // 403
)

// Fault is something that goes wrong with requests to the API.
type Fault struct {
	Kind   FaultKind
	Method string // "" any
	Prefix string // of the path below /api/v1, "" any
	Status int    // FaultError: instead of 500
	Times  int    // how many requests; 0: all until Heal
	hits   int
}

// Fail lets requests go wrong from now on. The first fault that fits a request takes it.
func (in *StandIn) Fail(faults ...Fault) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, f := range faults {
		in.faults = append(in.faults, &f)
	}
}

// Heal ends all faults.
func (in *StandIn) Heal() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.faults = nil
}

// fault takes the first that fits.
func (in *StandIn) fault(method, path string) *Fault {
	for i, f := range in.faults {
		if f.Method != "" && f.Method != method || !strings.HasPrefix(path, f.Prefix) {
			continue
		}
		if f.hits++; f.hits == f.Times {
			in.faults = slices.Delete(in.faults, i, i+1)
		}
		return f
	}
	return nil
}

// reset breaks the connection so that the client sees it break. Without a connection to break
// (a recorder in a test) it ends the handler the way net/http does.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if c, ok := conn.(*net.TCPConn); ok {
		_ = c.SetLinger(0) // a reset rather than an end; either will do
	}
	conn.Close()
}
