package review_test

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"docket/review"
)

// pythonDriver has docs/verify.py look at one pack after the other: its length in four bytes, the pack,
// the same of the key. It answers a line of JSON each.
const pythonDriver = `
import json, os, struct, sys
sys.path.insert(0, os.environ["DOCS"])
sys.dont_write_bytecode = True
import verify
read = sys.stdin.buffer.read
while True:
    head = read(4)
    if not head:
        break
    pack = read(struct.unpack("<I", head)[0])
    key = read(struct.unpack("<I", read(4))[0]).decode()
    said = {"ok": True}
    try:
        verify.verify(pack, key)
    except verify.Failure as f:
        args = list(f.args) + ["", 0, 0][len(f.args) - 1:]
        said = {"ok": False, "problem": args[0], "file": args[1], "line": args[2], "entry": args[3]}
    print(json.dumps(said), flush=True)
`

// python is the second verifier, at work.
type python struct {
	in  io.WriteCloser
	out *bufio.Reader
}

type pythonSaid struct {
	OK            bool
	Problem, File string
	Line          int
	Entry         review.EntryID
}

// newPython starts it; the test is skipped where there is no Python, but in CI.
func newPython(t testing.TB) *python {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil && os.Getenv("DOCKET_PYTHON") != "required" {
		t.Skip("no python3 here: the second verifier is not tested")
	}
	require.NoError(t, err)
	cmd := exec.Command(path, "-c", pythonDriver)
	cmd.Env = append(os.Environ(), "DOCS=../docs", "PYTHONDONTWRITEBYTECODE=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = in.Close()
		require.NoError(t, cmd.Wait())
	})
	return &python{in, bufio.NewReader(out)}
}

func (p *python) verify(t testing.TB, pack []byte, key review.LedgerPublic) pythonSaid {
	t.Helper()
	msg := binary.LittleEndian.AppendUint32(nil, uint32(len(pack)))
	msg = append(msg, pack...)
	msg = binary.LittleEndian.AppendUint32(msg, uint32(len(key)))
	_, err := p.in.Write(append(msg, key...))
	require.NoError(t, err)
	line, err := p.out.ReadBytes('\n')
	require.NoError(t, err)
	var said pythonSaid
	require.NoError(t, json.Unmarshal(line, &said))
	return said
}
