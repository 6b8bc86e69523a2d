package review_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"docket/review"
)

// noteSigner is the key of packKey in the hands of somebody who does not go through docket.
func noteSigner(t testing.TB, seed byte, origin string) note.Signer {
	t.Helper()
	private, err := review.NewLedgerKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 64)), origin)
	require.NoError(t, err)
	s, err := note.NewSigner(private)
	require.NoError(t, err)
	return s
}

func signedNote(t testing.TB, text string, by ...note.Signer) []byte {
	t.Helper()
	signed, err := note.Sign(&note.Note{Text: text}, by...)
	require.NoError(t, err)
	return signed
}

// remade is a pack of which the manifest is edited and signed again with the right key.
func remade(t testing.TB, pack []byte, edit func(names []string, files map[string][]byte) []string) []byte {
	t.Helper()
	names, files := unzipped(t, pack)
	names = edit(names, files)
	sum := review.Sum(files["manifest.json"])
	files["manifest.note"] = signedNote(t, review.PackFormat+"\n"+packOrigin+"\n"+base64.StdEncoding.EncodeToString(sum[:])+"\n", noteSigner(t, 7, packOrigin))
	return rezipped(names, files)
}

func TestAPackHoldsNoNameThatIsNotOfItsFormat(t *testing.T) {
	t.Parallel()
	py := newPython(t)
	names, files := unzipped(t, newPacked(t).write(t))
	digest := strings.Repeat("0", 64)
	for _, name := range []string{"Index.html", "reviews/r-1042.json", "reviews/R-01042.json", "reviews/R-0.json", "reviews/R-1042.JSON", "reviews/R-1042.html.exe",
		"reviews/R-1042-entry-0.html", "entries/Other.ndjson", "policy/01.json", "policy/-1.json", "attachments/" + digest, "attachments/" + digest + ".PDF",
		"attachments/" + digest + ".svg", "attachments/letter.pdf", "payloads/" + strings.ToUpper("a"+digest[1:]), "payloads/" + digest[1:], "payloads/" + digest + "0",
		"payloads/" + digest + ".erased.erased", "states", "states/", "states/" + digest + "/", "C:/x", "c:x", "nul", "style.css.", "style.css ", "./style.css", "entries/../style.css",
		"policy/1234567890123456789.json", "policy/\u0661.json", "manifest.json\n", "key.pub\x00", "mimetype"} {
		with := cloned(files)
		with[name] = []byte("x")
		at, _ := slices.BinarySearch(names[:len(names)-2], name)
		f := agree(t, py, rezipped(slices.Insert(slices.Clone(names), at, name), with), "", name)
		if assert.NotNil(t, f, name) {
			assert.Contains(t, f.Problem, "a name that no evidence pack holds", name)
		}
		assert.Error(t, review.NewPackWriter(&bytes.Buffer{}, review.PackAbout{}).Add(name, nil), "docket writes none either: %s", name)
	}
}

// Both headers of a file are changed alike, so that no other program would see anything odd.
func TestAPackTakesNoLiberties(t *testing.T) {
	t.Parallel()
	py := newPython(t)
	pack := newPacked(t).write(t)
	directory := int(binary.LittleEndian.Uint32(pack[len(pack)-6:]))
	for what, c := range map[string]struct {
		offset int // in what both headers have in common
		value  uint16
	}{
		"encrypted": {0, 1}, "a data descriptor": {0, 8}, "names in UTF-8": {0, 1 << 11}, "deflated": {2, 8}, "another method": {2, 99},
		"a time": {4, 1}, "another day": {6, 34}, "an extra field": {20, 4},
	} {
		changed := slices.Clone(pack)
		binary.LittleEndian.PutUint16(changed[6+c.offset:], c.value)
		binary.LittleEndian.PutUint16(changed[directory+8+c.offset:], c.value)
		require.NotNil(t, agree(t, py, changed, "", what), what)
	}
	for offset := 32; offset < 46; offset++ { // comment, disk, attributes, place
		changed := slices.Clone(pack)
		changed[directory+offset]++
		require.NotNil(t, agree(t, py, changed, "", "the directory's own"), "byte %d", offset)
	}
	end := len(pack) - 22
	locator := append([]byte("PK\x06\x07"), make([]byte, 16)...)
	comment := slices.Clone(pack)
	comment[len(comment)-2] = 3
	second := slices.Concat(pack, pack)
	for what, changed := range map[string][]byte{
		"a comment":         append(comment, "abc"...),
		"a zip64 locator":   slices.Insert(slices.Clone(pack), end, locator...),
		"something before":  append([]byte("#!/bin/sh\n"), pack...),
		"something between": slices.Insert(slices.Clone(pack), directory, 'x'),
		"an end too many":   append(slices.Clone(pack), pack[end:]...),
		"two packs in one":  second,
	} {
		require.NotNil(t, agree(t, py, changed, "", what), what)
	}
	// Two names for the same bytes: the second file's line leads to the first.
	names, files := unzipped(t, pack)
	over := rezipped(names, files)
	at := directory + 46 + len(names[0])
	binary.LittleEndian.PutUint32(over[at+42:], 0)
	require.NotNil(t, agree(t, py, over, "", "files that overlap"))
}

// Whoever gives a pack away may have others sign the checkpoint too. None of that may loosen what the key
// must have signed.
func TestTheTwoVerifiersReadSignedNotesAlike(t *testing.T) {
	t.Parallel()
	py := newPython(t)
	own, witness, again := noteSigner(t, 7, packOrigin), noteSigner(t, 9, "witness.example/w"), noteSigner(t, 8, packOrigin)
	line := func(signed []byte) string { // the signatures alone
		_, sigs, _ := strings.Cut(string(signed), "\n\n")
		return sigs
	}
	text := func(c string) string { t, _, _ := strings.Cut(c, "\n\n"); return t + "\n" }
	loose := func(c string) string { // other letters, the same bytes
		i := strings.LastIndexByte(c, '=') - 1
		const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
		return c[:i] + string(letters[strings.IndexByte(letters, c[i])+1]) + c[i+1:]
	}
	many := func(c string, n int) string {
		for i := range n {
			c += line(signedNote(t, text(c), noteSigner(t, byte(10+i), fmt.Sprintf("w%d", i))))
		}
		return c
	}
	for name, c := range map[string]struct {
		edit  func(c string) string
		holds bool
	}{
		"a witness":                 {func(c string) string { return c + line(signedNote(t, text(c), witness)) }, true},
		"a witness first":           {func(c string) string { return text(c) + "\n" + line(signedNote(t, text(c), witness)) + line([]byte(c)) }, true},
		"a witness of another text": {func(c string) string { return c + line(signedNote(t, "x\n", witness)) }, true},
		"signed twice":              {func(c string) string { return c + line([]byte(c)) }, true},
		"a second that is wrong":    {func(c string) string { return c + line(signedNote(t, "x\n", own)) }, true},
		"a first that is wrong":     {func(c string) string { return text(c) + "\n" + line(signedNote(t, "x\n", own)) + line([]byte(c)) }, false},
		"another key of that name":  {func(c string) string { return string(signedNote(t, text(c), again)) }, false},
		"that and the right one":    {func(c string) string { return c + line(signedNote(t, text(c), again)) }, true},
		"a witness alone":           {func(c string) string { return string(signedNote(t, text(c), witness)) }, false},
		"nobody":                    {func(c string) string { return text(c) + "\n" }, false},
		"loose letters":             {loose, false},
		"no base64":                 {func(c string) string { return c + "\u2014 w !!!\n" }, false},
		"base64 cut":                {func(c string) string { return c + "\u2014 w AAAAAAAAA\n" }, false},
		"base64 padded over":        {func(c string) string { return c + "\u2014 w AAAAAAAA====\n" }, false},
		"a short signature":         {func(c string) string { return c + "\u2014 w AAAAAA==\n" }, false},
		"a short one that counts":   {func(c string) string { return c + "\u2014 w AAAAAAA=\n" }, true},
		"a blank in a name":         {func(c string) string { return c + "\u2014 w\u00a0w AAAAAAAA\n" }, false},
		"a line separator":          {func(c string) string { return c + "\u2014 w\u2028w AAAAAAAA\n" }, false},
		"a plus in a name":          {func(c string) string { return c + "\u2014 w+w AAAAAAAA\n" }, false},
		"a control in a name":       {func(c string) string { return c + "\u2014 w\x01w AAAAAAAA\n" }, false},
		"no UTF-8":                  {func(c string) string { return c + "\u2014 w\xff AAAAAAAA\n" }, false},
		"no last line end":          {func(c string) string { return strings.TrimSuffix(c, "\n") }, false},
		"a line end more":           {func(c string) string { return c + "\n" }, false},
		"text behind":               {func(c string) string { return c + "and more\n" }, false},
		"text before":               {func(c string) string { return "x\n" + c }, false},
		"other line ends":           {func(c string) string { return strings.ReplaceAll(c, "\n", "\r\n") }, false},
		"a hundred":                 {func(c string) string { return many(c, 99) }, true},
		"a hundred and one":         {func(c string) string { return many(c, 100) }, false},
		"an extension line":         {func(c string) string { return string(signedNote(t, text(c)+"more\n", own)) }, false},
		"a zero before the size": {func(c string) string {
			return string(signedNote(t, strings.Replace(text(c), "\n10\n", "\n010\n", 1), own))
		}, false},
		"a plus before the size": {func(c string) string {
			return string(signedNote(t, strings.Replace(text(c), "\n10\n", "\n+10\n", 1), own))
		}, false},
		"other digits": {func(c string) string {
			return string(signedNote(t, strings.Replace(text(c), "\n10\n", "\n\u0661\u0660\n", 1), own))
		}, false},
		"another origin": {func(c string) string {
			return string(signedNote(t, strings.Replace(text(c), "docket/0", "docket/1", 1), own))
		}, false},
		"another size": {func(c string) string {
			return string(signedNote(t, strings.Replace(text(c), "\n10\n", "\n11\n", 1), own))
		}, false},
		"a loose root":        {func(c string) string { return string(signedNote(t, loose(text(c)), own)) }, false},
		"the manifest's note": {func(c string) string { return string(signedNote(t, review.PackFormat+"\n"+packOrigin+"\nAA==\n", own)) }, false},
	} {
		p := newPacked(t)
		p.change = func(files map[string][]byte) { files["checkpoint"] = []byte(c.edit(string(files["checkpoint"]))) }
		f := agree(t, py, p.write(t), p.key.Public(), name)
		assert.Equal(t, c.holds, f == nil, "%s: %v", name, f)
	}
	names, files := unzipped(t, newPacked(t).write(t))
	files["checkpoint"] = append(files["checkpoint"], "\u2014 "+strings.Repeat("w", 1<<16)+" AAAAAAAA\n"...)
	f := agree(t, py, rezipped(names, files), "", "very long")
	require.NotNil(t, f)
	assert.Equal(t, "checkpoint", f.File)
	// The manifest has one signature in one form, so that a pack has one form.
	names, files = unzipped(t, newPacked(t).write(t))
	signed := string(files["manifest.note"])
	checkpoint := string(files["checkpoint"])
	for name, by := range map[string]string{
		"a witness": signed + line(signedNote(t, text(signed), witness)), "signed twice": signed + line([]byte(signed)), "loose letters": loose(signed),
		"a checkpoint": checkpoint, "a line end more": signed + "\n", "garbage": signed + "\u2014 w AAAAAAAA\n",
	} {
		files["manifest.note"] = []byte(by)
		f := agree(t, py, rezipped(names, files), "", name)
		if assert.NotNil(t, f, name) {
			assert.Equal(t, "manifest.note", f.File, name)
		}
	}
}

// JSON leaves room that two readers fill in two ways. Each case is signed: whoever has the key must not be
// able to show one thing to one verifier and another to the other.
func TestTheTwoVerifiersReadJSONAlike(t *testing.T) {
	t.Parallel()
	py := newPython(t)
	const entries, page = "entries/R-1042.ndjson", "reviews/R-1042.json"
	var evidence string
	for name := range newPacked(t).files {
		if strings.HasPrefix(name, "evidence/") {
			evidence = name
		}
	}
	for _, c := range []struct {
		file, old, by string
		holds         bool
	}{
		{entries, `{"entry":3`, `{"entry":3.0`, false},
		{entries, `{"entry":3`, `{"entry":3e0`, false},
		{entries, `{"entry":3`, `{"entry":30e-1`, false},
		{entries, `{"entry":3`, `{"entry":"3"`, false},
		{entries, `{"entry":3`, `{"entry":-3`, false},
		{entries, `{"entry":3`, `{"entry":03`, false},
		{entries, `{"entry":3`, `{"entry":18446744073709551619`, false},
		{entries, `{"entry":3`, `{"Entry":3`, false},
		{entries, `{"entry":3`, ` {"entry": 3`, true},
		{entries, `{"entry":3`, "\ufeff{\"entry\":3", false},
		{entries, `{"entry":3`, "\u00a0{\"entry\":3", false},
		{entries, `{"entry":3`, "{\"entry\":\x0b3", false},
		{entries, `\"act\":\"disposed\"`, `\"act\":\"disposed\",\"act\":\"disposed\"`, false},
		{entries, `\"act\":\"disposed\"`, `\"act\":\"\\u0064isposed\"`, false},
		{entries, `\"entry\":3`, `\"entry\":3.0`, false},
		{entries, `\"v\":1`, `\"v\":true`, false},
		{entries, `"value":"`, `"value":null,"x":"`, false},
		{entries, `"value":"`, `"value":"x","value":"`, false},
		{entries, `"value":"`, `"value":"\ud800`, false},
		{entries, `"path":["`, `"path":["A","`, false},
		{entries, `"path":[`, `"path":null,"x":[`, false},
		{entries, `"open":{`, `"open":[],"x":{`, false},
		{page, `{"review"`, "\ufeff{\"review\"", false},
		{page, `{"review"`, "\xff{\"review\"", false},
		{page, `{"review"`, `{"review":"R-1042","review"`, false},
		{page, `"subject":"`, `"subject":"\ud83d`, false},
		{page, `"subject":"`, "\"subject\":\"\x00", false},
		{page, `"subject":"`, `"subject":"\u0000`, true},
		{page, `"subject":"`, `"score":0.5,"subject":"`, true},
		{page, `"subject":"`, `"score":NaN,"subject":"`, false},
		{page, `"subject":"`, `"subject":null,"other":"`, true},
		{page, `[2,3,5,6,8,9]`, `[9,8,6,5,3,2]`, true},
		{page, `[2,3,5,6,8,9]`, `[2,2,3,5,6,8,9]`, false},
		{page, `[2,3,5,6,8,9]`, `[2,2,5,6,8,9]`, false},
		{page, `[2,3,5,6,8,9]`, `[2.0,3,5,6,8,9]`, false},
		{page, `[2,3,5,6,8,9]`, `[2,3,5,6,8,9,null]`, false},
		{page, `[2,3,5,6,8,9]`, `{"2":3}`, false},
		{page, `[2,3,5,6,8,9]`, `null`, false},
		{page, `"policy":1,`, `"policy":true,`, false},
		{page, `"policy":1,`, `"policy":1.0,`, false},
		{page, `"policy":1,`, `"policy":null,`, false},
		{page, `"second":true`, `"second":1`, false},
		{page, `"second":true`, `"second":null`, false},
		{page, `"corrects":0`, `"corrects":null`, true},
		{page, `"corrects":0`, `"corrects":""`, false},
		{page, `"corrects":0`, `"corrects":false`, false},
		{page, `"corrects":0`, `"corrects":2`, false},
		{page, `"answers":[{"entry":6`, `"answers":null,"x":[{"entry":6`, false},
		{page, `{"entry":6,"answer":"approve","by":"bo"}`, `{"entry":6,"answer":"approve","by":"bo"},{"entry":6,"answer":"approve","by":"bo"}`, false},
		{page, `{"entry":6,"answer":"approve","by":"bo"}`, `{"entry":5,"answer":"approve","by":"bo"}`, false},
		{page, `"decisions":[{`, `"decisions":[],"x":[{`, false},
		{page, `"evidence":[{`, `"evidence":null,"x":[{`, true},
		{page, `"evidence":[{`, `"evidence":0,"x":[{`, false},
		{page, `"entries":[3,5,6]`, `"entries":[3,5,6,1]`, false},
		{page, `"entries":[3,5,6]`, `"entries":[true]`, false},
		{page, `"media":"application/pdf"`, `"media":"image/png"`, false},
		{page, `"media":"image/jpeg"`, `"media":"image/jpeg","file":"attachments/x.jpeg"`, false},
		{page, `"media":"image/jpeg"`, `"media":"image/jpeg","file":null`, true},
		{page, `"attachments":[{`, `"attachments":[],"x":[{`, false},
		{evidence, `"resources":[`, `"resources":null,"x":[`, true},
		{evidence, `"resources":[`, `"resources":0,"x":[`, false},
		{evidence, `"layers":[`, `"layers":"","x":[`, false},
		{evidence, `"sha256":"`, `"sha256":null,"x":"`, false},
		{evidence, `"sha256":"`, `"sha256":5,"x":"`, false},
		{evidence, `"sha256":"`, `"sha256":"../states/`, false},
	} {
		p, what, met := newPacked(t), c.file+": "+c.by, false
		p.change = func(files map[string][]byte) {
			met = bytes.Contains(files[c.file], []byte(c.old))
			files[c.file] = bytes.Replace(files[c.file], []byte(c.old), []byte(c.by), 1)
		}
		pack := p.write(t)
		require.True(t, met, what)
		f := agree(t, py, pack, p.key.Public(), what)
		assert.Equal(t, c.holds, f == nil, "%s: %v", what, f)
	}
}

func TestTheTwoVerifiersHoldManifestsToTheSame(t *testing.T) {
	t.Parallel()
	py := newPython(t)
	pack := newPacked(t).write(t)
	require.Equal(t, pack, remade(t, pack, func(names []string, _ map[string][]byte) []string { return names }))
	type files = []any
	for name, c := range map[string]struct {
		edit  func(m map[string]any)
		file  string
		holds bool
	}{
		"as it is":          {func(map[string]any) {}, "", true},
		"another format":    {func(m map[string]any) { m["format"] = "docket evidence pack 2" }, "manifest.json", false},
		"no format":         {func(m map[string]any) { delete(m, "format") }, "manifest.json", false},
		"another size":      {func(m map[string]any) { m["about"].(map[string]any)["checkpoint"] = 9 }, "", false},
		"half an entry":     {func(m map[string]any) { m["about"].(map[string]any)["checkpoint"] = json.Number("10.0") }, "", false},
		"no size":           {func(m map[string]any) { delete(m["about"].(map[string]any), "checkpoint") }, "", false},
		"of another review": {func(m map[string]any) { m["about"].(map[string]any)["review"] = 7 }, "manifest.json", false},
		"a length of 1.0":   {func(m map[string]any) { m["files"].(files)[0].(map[string]any)["size"] = json.Number("17.0") }, "", false},
		"no length":         {func(m map[string]any) { delete(m["files"].(files)[0].(map[string]any), "size") }, "", false},
		"no digest":         {func(m map[string]any) { delete(m["files"].(files)[0].(map[string]any), "sha256") }, "", false},
		"a file twice":      {func(m map[string]any) { f := m["files"].(files); m["files"] = slices.Insert(f, 1, f[0]) }, "", false},
		"a file less":       {func(m map[string]any) { m["files"] = m["files"].(files)[1:] }, "", false},
		"the last one less": {func(m map[string]any) { f := m["files"].(files); m["files"] = f[:len(f)-1] }, "", false},
		"a file more": {func(m map[string]any) {
			m["files"] = append(m["files"].(files), map[string]any{"name": "zzz", "size": 0, "sha256": review.Sum(nil).String()})
		}, "", false},
		"itself": {func(m map[string]any) {
			m["files"] = append(m["files"].(files), map[string]any{"name": "manifest.json", "size": 0, "sha256": review.Sum(nil).String()})
		}, "", false},
		"no files": {func(m map[string]any) { m["files"] = files{} }, "", false},
	} {
		changed := remade(t, pack, func(names []string, files map[string][]byte) []string {
			var m map[string]any
			d := json.NewDecoder(bytes.NewReader(files["manifest.json"]))
			d.UseNumber()
			require.NoError(t, d.Decode(&m))
			c.edit(m)
			raw, err := json.Marshal(m)
			require.NoError(t, err)
			files["manifest.json"] = raw
			return names
		})
		_, err := verifyPack(changed, "")
		said := py.verify(t, changed, "")
		assert.Equal(t, c.holds, err == nil, "%s: %v", name, err)
		assert.Equal(t, c.holds, said.OK, "%s: %s", name, said.Problem)
		if c.file != "" {
			assert.Equal(t, c.file, said.File, name)
			var f *review.PackFailure
			require.ErrorAs(t, err, &f, name)
			assert.Equal(t, c.file, f.File, name)
		}
	}
}

// The files that an entry brought along: each case is signed.
func TestTheTwoVerifiersTieFilesToTheEntriesThatBroughtThem(t *testing.T) {
	t.Parallel()
	py := newPython(t)
	scan := "attachments/" + review.Sum([]byte("%PDF-1.7 a letter")).String() + ".pdf"
	other := []byte("{\"other\":1}\n")
	detail := func(entry int, key, value string) func(*packed) {
		return func(p *packed) { p.records[entry-1].Detail[key] = value }
	}
	for name, c := range map[string]struct {
		edit func(*packed)
		want review.PackFailure
	}{
		"another policy":            {func(p *packed) { p.files["policy/1.json"] = other }, review.PackFailure{File: "policy/1.json", Entry: 1}},
		"another digest of it":      {detail(1, "digest", review.Sum(other).String()), review.PackFailure{File: "policy/1.json", Entry: 1}},
		"no digest of it":           {detail(1, "digest", ""), review.PackFailure{File: "policy/1.json", Entry: 1}},
		"a policy proposed alone":   {detail(1, "what", "proposed"), review.PackFailure{File: "policy/1.json"}},
		"a policy of another entry": {detail(1, "version", "2"), review.PackFailure{File: "policy/1.json"}},
		"a policy too many":         {func(p *packed) { p.files["policy/2.json"] = other }, review.PackFailure{File: "policy/2.json"}},
		"no policy":                 {func(p *packed) { p.files["policy/1.json"] = nil }, review.PackFailure{File: "policy/1.json", Entry: 2}},
		"under another policy":      {func(p *packed) { p.records[4].Policy = 2 }, review.PackFailure{File: "policy/2.json", Entry: 5}},
		"withdrawn, and another document": {func(p *packed) {
			p.records[3] = review.LedgerRecord{V: 1, Entry: 4, At: p.records[3].At, Policy: 1, Act: review.ActPolicy,
				Detail: map[string]string{"version": "1", "what": "withdrawn", "digest": review.Sum(other).String()}}
			p.opened[3] = nil
		}, review.PackFailure{File: "policy/1.json", Entry: 4}},
		"no attachment":            {func(p *packed) { p.files[scan] = nil }, review.PackFailure{File: scan, Entry: 8}},
		"other bytes":              {func(p *packed) { p.files[scan] = []byte("%PDF-1.7 another") }, review.PackFailure{File: scan}},
		"another kind":             {func(p *packed) { p.files[strings.Replace(scan, ".pdf", ".png", 1)], p.files[scan] = p.files[scan], nil }, review.PackFailure{File: scan, Entry: 8}},
		"one that nobody attached": {func(p *packed) { p.files["attachments/"+review.Sum(other).String()+".png"] = other }, review.PackFailure{File: "attachments/" + review.Sum(other).String() + ".png"}},
		"one that was erased": {func(p *packed) {
			p.files["attachments/"+review.Sum([]byte("erased")).String()+".jpeg"] = []byte("erased")
		}, review.PackFailure{File: "attachments/" + review.Sum([]byte("erased")).String() + ".jpeg"}},
		"erased by nobody": {detail(10, "entries", "3"), review.PackFailure{File: "entries/R-1042.ndjson", Line: 6, Entry: 9}},
		"without a name, by nobody": {func(p *packed) {
			p.records[9].Detail["entries"], p.opened[8] = "3", nil
		}, review.PackFailure{File: "attachments/" + review.Sum([]byte("erased")).String() + ".jpeg", Entry: 9}},
		"a name in place of a digest": {detail(8, "sha256", "../../x"), review.PackFailure{File: "attachments/../../x.pdf", Entry: 8}},
		"no digest":                   {detail(8, "sha256", ""), review.PackFailure{File: "attachments/.pdf", Entry: 8}},
		"no page":                     {func(p *packed) { p.files["reviews/R-1042.json"] = nil }, review.PackFailure{File: "reviews/R-1042.json"}},
		"a page alone":                {func(p *packed) { p.files["reviews/R-7.json"] = []byte(`{"review":"R-7"}`) }, review.PackFailure{File: "reviews/R-7.json"}},
		"of another review":           {func(p *packed) { p.about.Review = 7 }, review.PackFailure{File: "manifest.json"}},
	} {
		p := newPacked(t)
		c.edit(p)
		f := agree(t, py, p.write(t), "", name)
		if assert.NotNil(t, f, name) {
			c.want.Problem = f.Problem
			assert.Equal(t, c.want, *f, name)
		}
	}
}
