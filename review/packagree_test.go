package review_test

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// agree holds the two verifiers against each other, to what they name, and gives what docket's says.
func agree(t testing.TB, py *python, pack []byte, key review.LedgerPublic, what string) *review.PackFailure {
	t.Helper()
	_, err := verifyPack(pack, key)
	said := py.verify(t, pack, key)
	var f *review.PackFailure
	if err == nil {
		assert.True(t, said.OK, "%s: the second verifier says %+v", what, said)
		return nil
	}
	require.True(t, errors.As(err, &f), what)
	if assert.False(t, said.OK, "%s: the second verifier sees nothing wrong, the first %v", what, f) {
		assert.Equal(t, *f, review.PackFailure{File: said.File, Line: said.Line, Entry: said.Entry, Problem: f.Problem}, "%s: the second says %q", what, said.Problem)
	}
	return f
}

func TestTheTwoVerifiersAgreeOnFlippedBitsAndCuts(t *testing.T) {
	t.Parallel()
	py := newPython(t)
	p := newPacked(t)
	pack := p.write(t)
	require.Nil(t, agree(t, py, pack, p.key.Public(), "as it is"))
	require.Nil(t, agree(t, py, pack, "", "as it is"))
	rng := rand.New(rand.NewPCG(5, 8))
	n := 1500
	if testing.Short() {
		n = 100
	}
	for range n {
		at, bit := rng.IntN(len(pack)), byte(1)<<rng.IntN(8)
		changed := slices.Clone(pack)
		changed[at] ^= bit
		require.NotNil(t, agree(t, py, changed, p.key.Public(), "a bit"), "byte %d bit %d", at, bit)
	}
	for range n / 10 {
		at := rng.IntN(len(pack))
		require.NotNil(t, agree(t, py, pack[:at], "", "cut"))
		require.NotNil(t, agree(t, py, slices.Insert(slices.Clone(pack), at, 'x'), "", "inserted"))
		require.NotNil(t, agree(t, py, slices.Delete(slices.Clone(pack), at, min(at+1+rng.IntN(40), len(pack))), "", "deleted"))
	}
	require.NotNil(t, agree(t, py, nil, "", "nothing"))
}

// rezipped is a zip of files as they are given, well formed but for what its files are.
func rezipped(names []string, files map[string][]byte) []byte {
	var out, directory []byte
	for _, name := range names {
		body := files[name]
		common := binary.LittleEndian.AppendUint16(make([]byte, 6), 33)
		common = binary.LittleEndian.AppendUint32(common, crc32.ChecksumIEEE(body))
		common = binary.LittleEndian.AppendUint32(common, uint32(len(body)))
		common = binary.LittleEndian.AppendUint32(common, uint32(len(body)))
		common = binary.LittleEndian.AppendUint16(common, uint16(len(name)))
		common = append(common, 0, 0)
		directory = append(append(append(directory, "PK\x01\x02\x0a\x00\x0a\x00"...), common...), make([]byte, 10)...)
		directory = append(binary.LittleEndian.AppendUint32(directory, uint32(len(out))), name...)
		out = append(append(append(append(out, "PK\x03\x04\x0a\x00"...), common...), name...), body...)
	}
	end := append([]byte("PK\x05\x06\x00\x00\x00\x00"), make([]byte, 14)...)
	binary.LittleEndian.PutUint16(end[8:], uint16(len(names)))
	binary.LittleEndian.PutUint16(end[10:], uint16(len(names)))
	binary.LittleEndian.PutUint32(end[12:], uint32(len(directory)))
	binary.LittleEndian.PutUint32(end[16:], uint32(len(out)))
	return append(append(out, directory...), end...)
}

// unzipped is the files of a pack.
func unzipped(t testing.TB, pack []byte) ([]string, map[string][]byte) {
	t.Helper()
	names, files := []string{}, map[string][]byte{}
	for at := 0; string(pack[at:at+4]) == "PK\x03\x04"; {
		size, width := int(binary.LittleEndian.Uint32(pack[at+18:])), int(binary.LittleEndian.Uint16(pack[at+26:]))
		name := string(pack[at+30 : at+30+width])
		names, files[name] = append(names, name), slices.Clone(pack[at+30+width:at+30+width+size])
		at += 30 + width + size
	}
	return names, files
}

// What somebody does who knows zips, and has no key.
func TestTheTwoVerifiersAgreeOnFilesThatWereMoved(t *testing.T) {
	t.Parallel()
	py := newPython(t)
	p := newPacked(t)
	pack := p.write(t)
	names, files := unzipped(t, pack)
	require.Equal(t, pack, rezipped(names, files))
	again := func(edit func(names []string, files map[string][]byte) []string) []byte {
		files := cloned(files)
		return rezipped(edit(slices.Clone(names), files), files)
	}
	for i, name := range names {
		require.NotNil(t, agree(t, py, again(func(n []string, _ map[string][]byte) []string { return slices.Delete(n, i, i+1) }), "", "without "+name))
		require.NotNil(t, agree(t, py, again(func(n []string, _ map[string][]byte) []string { return slices.Insert(n, i, name) }), "", "twice "+name))
		require.NotNil(t, agree(t, py, again(func(n []string, f map[string][]byte) []string {
			n[i] = name + "x"
			f[n[i]] = f[name]
			return n
		}), "", "renamed "+name))
		require.NotNil(t, agree(t, py, again(func(n []string, f map[string][]byte) []string { f[name] = append(f[name], '\n'); return n }), "", "longer "+name))
		for _, to := range []string{"../" + name, "/" + name, "a//" + name, ".hidden", "a\\b", "naïve", "", strings.Repeat("a", 201), "a\x00b"} {
			require.NotNil(t, agree(t, py, again(func(n []string, f map[string][]byte) []string {
				f[to], n[i] = f[name], to
				return n
			}), "", name+" as "+to))
		}
		for j := range names[:i] {
			require.NotNil(t, agree(t, py, again(func(n []string, _ map[string][]byte) []string { n[i], n[j] = n[j], n[i]; return n }), "", "in another order"))
			require.NotNil(t, agree(t, py, again(func(n []string, f map[string][]byte) []string {
				f[names[i]], f[names[j]] = f[names[j]], f[names[i]]
				return n
			}), "", "swapped "+name+" and "+names[j]))
		}
	}
	for _, add := range []string{"a", "payloads/x", "zzz", "entries/R-7.ndjson", "entries/x.ndjson"} {
		require.NotNil(t, agree(t, py, again(func(n []string, f map[string][]byte) []string {
			f[add] = []byte("{}\n")
			at, _ := slices.BinarySearch(n[:len(n)-2], add)
			return slices.Insert(n, at, add)
		}), "", "added "+add))
	}
}

func cloned(files map[string][]byte) map[string][]byte {
	out := map[string][]byte{}
	for n, b := range files {
		out[n] = slices.Clone(b)
	}
	return out
}

// What somebody does who has the key, or had it: the pack is signed, and yet what it says does not
// follow from the ledger. Each case names what gives it away.
func TestTheTwoVerifiersAgreeOnPacksThatWereSignedAllTheSame(t *testing.T) {
	t.Parallel()
	py := newPython(t)
	replace := func(file, old, by string) func(*packed) {
		return func(p *packed) {
			if p.files[file] != nil {
				p.files[file] = []byte(strings.Replace(string(p.files[file]), old, by, 1))
				return
			}
			p.lines = func(name string, lines []string) []string {
				if name == file {
					for i := range lines {
						if strings.Contains(lines[i], old) {
							lines[i] = strings.Replace(lines[i], old, by, 1)
							break
						}
					}
				}
				return lines
			}
		}
	}
	reorder := func(file string, f func([]string) []string) func(*packed) {
		return func(p *packed) {
			p.lines = func(name string, lines []string) []string {
				if name == file {
					return f(lines)
				}
				return lines
			}
		}
	}
	const entries, page = "entries/R-1042.ndjson", "reviews/R-1042.json"
	for name, c := range map[string]struct {
		edit func(*packed)
		want review.PackFailure // Problem is not compared
	}{
		"a name":              {replace(entries, "Ada Lovelock", "Eve Lovelock"), review.PackFailure{File: entries, Line: 2, Entry: 3}},
		"an outcome":          {replace(entries, `\"outcome\":\"decline\"`, `\"outcome\":\"approve\"`), review.PackFailure{File: entries, Line: 3, Entry: 5}},
		"another number":      {replace(entries, `"entry":3`, `"entry":4`), review.PackFailure{File: entries, Line: 2, Entry: 4}},
		"a longer number":     {replace(entries, `"entry":3`, `"entry":30`), review.PackFailure{File: entries, Line: 2, Entry: 30}},
		"a blank in a record": {replace(entries, `{\"act\":\"disposed\"`, `{ \"act\":\"disposed\"`), review.PackFailure{File: entries, Line: 2, Entry: 3}},
		"a member twice":      {replace(entries, `{"entry":3`, `{"entry":3,"entry":3`), review.PackFailure{File: entries, Line: 2}},
		"a member more":       {replace(entries, `{"entry":3`, `{"extra":3,"entry":3`), review.PackFailure{File: entries, Line: 2}},
		"a path cut":          {replace(entries, `"path":["`, `"path":["`+strings.Repeat("00", 32)+`","`), review.PackFailure{File: entries, Line: 1, Entry: 2}},
		"a field more":        {replace(entries, `"open":{`, `"open":{"note":{"salt":"`+strings.Repeat("00", 32)+`","value":"\"x\""},`), review.PackFailure{File: entries, Line: 1, Entry: 2}},
		"a short salt":        {replace(entries, `"salt":"`, `"salt":"00`), review.PackFailure{File: entries, Line: 1}},
		"a line dropped":      {reorder(entries, func(l []string) []string { return slices.Delete(l, 1, 2) }), review.PackFailure{File: page}},
		"a line twice":        {reorder(entries, func(l []string) []string { return slices.Insert(l, 1, l[1]) }), review.PackFailure{File: entries, Line: 3, Entry: 3}},
		"lines turned round":  {reorder(entries, func(l []string) []string { l[0], l[1] = l[1], l[0]; return l }), review.PackFailure{File: entries, Line: 2, Entry: 2}},
		"no last line end":    {reorder(entries, func(l []string) []string { l[5] = strings.TrimSuffix(l[5], "\n"); return l }), review.PackFailure{File: entries, Line: 6}},
		"an empty line":       {reorder(entries, func(l []string) []string { return append(l, "\n") }), review.PackFailure{File: entries, Line: 7}},
		"erased by nobody":    {func(p *packed) { p.erased[4]["by_name"] = true }, review.PackFailure{File: entries, Line: 3, Entry: 5}},
		"erased by one before": {func(p *packed) {
			p.erased[5]["by_name"] = true
			p.records[3] = review.LedgerRecord{V: 1, Entry: 4, At: p.records[3].At, Policy: 1, Act: review.ActErased, Detail: map[string]string{"entries": "6"}}
			p.opened[3] = nil
		}, review.PackFailure{File: entries, Line: 4, Entry: 6}},
		"the eraser left out": {reorder("entries/other.ndjson", func(l []string) []string { return l[:1] }), review.PackFailure{File: entries, Line: 2, Entry: 3}},
		"an older checkpoint": {func(p *packed) { p.size = 4 }, review.PackFailure{File: entries, Line: 3, Entry: 5}},
		"another key":         {func(p *packed) { p.signer = packKey(t, 9, packOrigin) }, review.PackFailure{File: "manifest.note"}},
		"another payload":     {func(p *packed) { p.files["payloads/"+review.Sum([]byte("x")).String()] = []byte("y") }, review.PackFailure{File: "payloads/" + review.Sum([]byte("x")).String()}},
		"another state":       {func(p *packed) { p.files["states/"+review.Sum([]byte("x")).String()] = []byte("y") }, review.PackFailure{File: "states/" + review.Sum([]byte("x")).String()}},
		"a state left out": {func(p *packed) { p.files["states/"+review.Sum([]byte("gone")).String()+".erased"] = nil },
			review.PackFailure{File: "states/" + review.Sum([]byte("gone")).String()}},
		"told otherwise":      {replace(page, `"outcome":"decline"`, `"outcome":"approve"`), review.PackFailure{File: page, Entry: 5}},
		"told by another":     {replace(page, `"answer":"approve","by":"bo"`, `"answer":"approve","by":"ada"`), review.PackFailure{File: page, Entry: 6}},
		"not told":            {replace(page, `,"answers":[{"entry":6,"answer":"approve","by":"bo"}]`, `,"answers":[]`), review.PackFailure{File: page}},
		"an entry not told":   {replace(page, `[2,3,5,6,8,9]`, `[2,3,5,6,8]`), review.PackFailure{File: page}},
		"of another review":   {replace(page, `"review":"R-1042"`, `"review":"R-1043"`), review.PackFailure{File: page}},
		"other evidence":      {replace(page, `"evidence":[{"digest":"`, `"evidence":[{"digest":"0`), review.PackFailure{File: page, Entry: 3}},
		"a decision twice":    {replace(page, `"decisions":[`, `"decisions":[{"entry":5,"outcome":"decline","by":"ada","policy":1,"second":true,"corrects":0,"answers":[]},`), review.PackFailure{File: page}},
		"an unreadable page":  {replace(page, `{`, `[`), review.PackFailure{File: page}},
		"unreadable evidence": {func(p *packed) { p.files["evidence/"+strings.Repeat("0", 64)+".json"] = []byte("{") }, review.PackFailure{File: "evidence/" + strings.Repeat("0", 64) + ".json"}},
		"another checkpoint":  {func(p *packed) { p.files["checkpoint"] = []byte("docket/0\n1\nAA==\n\n— docket/0 AAAA\n") }, review.PackFailure{File: "checkpoint"}},
		"another key file":    {func(p *packed) { p.files["key.pub"] = []byte(packKey(t, 9, packOrigin).Public() + "\n") }, review.PackFailure{File: "checkpoint"}},
		"no key":              {func(p *packed) { p.files["key.pub"] = []byte("x\n") }, review.PackFailure{File: "key.pub"}},
		"no key file":         {func(p *packed) { p.files["key.pub"] = nil }, review.PackFailure{File: "key.pub"}},
		"no checkpoint file":  {func(p *packed) { p.files["checkpoint"] = nil }, review.PackFailure{File: "checkpoint"}},
	} {
		p := newPacked(t)
		c.edit(p)
		pack := p.write(t)
		f := agree(t, py, pack, "", name)
		if assert.NotNil(t, f, name) {
			c.want.Problem = f.Problem
			assert.Equal(t, c.want, *f, name)
		}
	}
	// All of it made anew with a key of one's own: only the key that was there before tells.
	p := newPacked(t)
	right := p.key.Public()
	p.key = packKey(t, 9, packOrigin)
	pack := p.write(t)
	require.Nil(t, agree(t, py, pack, "", "made anew"))
	f := agree(t, py, pack, right, "made anew, with the key")
	require.NotNil(t, f)
	assert.Equal(t, "key.pub", f.File)
}
