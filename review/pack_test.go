package review_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"docket/review"
)

// packKey is a key that is the same in every run.
func packKey(t testing.TB, seed byte, origin string) *review.LedgerKey {
	t.Helper()
	private, err := review.NewLedgerKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 64)), origin)
	require.NoError(t, err)
	key, err := review.ParseLedgerKey(private)
	require.NoError(t, err)
	return key
}

const packOrigin = "docket/00112233445566778899aabbccddeeff"

// packed is the content of a pack before it is one: tests change it, and sign it all the same.
type packed struct {
	key     *review.LedgerKey
	signer  *review.LedgerKey // of the manifest; nil key
	about   review.PackAbout
	records []review.LedgerRecord
	opened  []map[string]string // by record: sealed field to its value
	erased  []map[string]bool
	files   map[string][]byte
	lines   func(file string, lines []string) []string // last change of a file of entries
	size    int                                        // that the checkpoint covers, 0 all
	change  func(files map[string][]byte)              // last change of all files
}

// newPacked is a ledger of a few entries: a review with a finding, a decision, an approval, and an
// erasure that took the note of the finding.
func newPacked(t testing.TB) *packed {
	t.Helper()
	p := &packed{key: packKey(t, 7, packOrigin), about: review.PackAbout{Review: 1042}, files: map[string][]byte{}}
	state := []byte(`{"id":"acc_1","name":"Orlan Kasymbek"}`)
	payload := []byte(`{"data":{"type":"transaction","id":"txn_1"}}`)
	digest := review.Sum([]byte("evidence")).String()
	add := func(r review.LedgerRecord, open map[string]string) {
		r.V, r.Entry, r.Policy, r.At = 1, review.EntryID(len(p.records)+1), 1, fmt.Sprintf("2026-06-18T09:41:%02d.000Z", len(p.records))
		p.records, p.opened, p.erased = append(p.records, r), append(p.opened, open), append(p.erased, map[string]bool{})
	}
	policy, scan, gone := []byte("{}\n"), []byte("%PDF-1.7 a letter"), review.Sum([]byte("erased"))
	add(review.LedgerRecord{Act: review.ActPolicy, Detail: map[string]string{"what": "in_force", "version": "1", "digest": review.Sum(policy).String()}}, nil)
	add(review.LedgerRecord{Act: review.ActReviewOpened, Review: 1042, Evidence: digest}, map[string]string{"status": `"needs_review"`})
	add(review.LedgerRecord{Act: review.ActDisposed, Review: 1042, By: "ada", ByRole: review.RoleReviewer, Finding: review.FalsePositive,
		Reason: review.ReasonBirthdate, Evidence: digest}, map[string]string{"by_name": `"Ada Lovelock"`, "matches": `["m_1"]`, "note": `"Born years apart <&>   \u0001"`})
	add(review.LedgerRecord{Act: review.ActNoted, Review: 7, By: "ada", ByRole: review.RoleReviewer}, map[string]string{"note": `"of another review"`})
	add(review.LedgerRecord{Act: review.ActDecided, Review: 1042, By: "ada", ByRole: review.RoleReviewer, Outcome: review.Decline, Reason: review.ReasonTrueMatch, Evidence: digest,
		Decision: &review.LedgerDecision{Review: 1042, At: "2026-06-18T09:41:04.000Z", By: "ada", Outcome: review.Decline, Matches: 1, TrueMatches: 1, Comparator: "3", Policy: 1, Second: 1}},
		map[string]string{"by_name": `"Ada Lovelock"`})
	add(review.LedgerRecord{Act: review.ActApproved, Review: 1042, By: "bo", ByRole: review.RoleLead, Evidence: digest, Answers: 5,
		Approval: &review.LedgerApproval{Decision: 5, Answer: review.AnswerApprove, By: "bo", At: "2026-06-18T09:41:05.000Z"}}, map[string]string{"by_name": `"Bo Quill"`})
	add(review.LedgerRecord{Act: review.ActErased, By: "bo", ByRole: review.RoleLead, Detail: map[string]string{"entries": "3-4", "ground": "request of the subject"}}, nil)
	attach := func(sum, media string) {
		add(review.LedgerRecord{Act: review.ActAttached, Review: 1042, By: "ada", ByRole: review.RoleReviewer, Evidence: digest,
			Detail: map[string]string{"sha256": sum, "media": media, "size": "17"}}, map[string]string{"note": `"a letter.pdf"`})
	}
	attach(review.Sum(scan).String(), "application/pdf")
	attach(gone.String(), "image/jpeg")
	add(review.LedgerRecord{Act: review.ActErased, By: "bo", ByRole: review.RoleLead, Detail: map[string]string{"entries": "9"}}, nil)
	p.erased[2]["note"], p.erased[3]["note"], p.erased[8]["note"] = true, true, true
	p.files["attachments/"+review.Sum(scan).String()+".pdf"] = scan
	p.files["payloads/"+review.Sum(payload).String()] = payload
	p.files["states/"+review.Sum(state).String()] = state
	p.files["states/"+review.Sum([]byte("gone")).String()+".erased"] = []byte(`{}`)
	p.files["evidence/"+digest+".json"] = fmt.Appendf(nil, `{"root":{"type":"transaction","id":"txn_1"},"resources":[{"layers":[{"at":1,"sha256":%q}],"history":[{"at":0,"sha256":%q}]}]}`,
		review.Sum(state).String(), review.Sum([]byte("gone")).String())
	p.files["reviews/R-1042.json"] = fmt.Appendf(nil, `{"review":"R-1042","entries":[2,3,5,6,8,9],"subject":"Orlan Kasymbek",`+
		`"decisions":[{"entry":5,"outcome":"decline","by":"ada","policy":1,"second":true,"corrects":0,"answers":[{"entry":6,"answer":"approve","by":"bo"}]}],`+
		`"attachments":[{"entry":8,"sha256":%q,"media":"application/pdf","file":"attachments/%[1]s.pdf"},{"entry":9,"sha256":%[2]q,"media":"image/jpeg"}],`+
		`"evidence":[{"digest":%[3]q,"entries":[3,5,6]}]}`, review.Sum(scan).String(), gone.String(), digest)
	p.files["reviews/R-1042.html"] = []byte("<!DOCTYPE html><title>R-1042</title>\n")
	p.files["index.html"] = []byte("<!DOCTYPE html><title>Evidence</title>\n")
	p.files["style.css"] = []byte("body { margin: 0 }\n")
	p.files["policy/1.json"] = policy
	return p
}

func salted(entry review.EntryID, field string) (salt [review.SaltSize]byte) {
	return sha256.Sum256(fmt.Appendf(nil, "salt %d %s", entry, field))
}

// write makes the pack.
func (p *packed) write(t testing.TB) []byte {
	t.Helper()
	var log tree
	raw := make([][]byte, len(p.records))
	for i := range p.records {
		r := &p.records[i]
		r.Sealed = nil
		for field, value := range p.opened[i] {
			if r.Sealed == nil {
				r.Sealed = map[string]review.Hash{}
			}
			r.Sealed[field] = review.Seal(field, salted(r.Entry, field), []byte(value))
		}
		var err error
		raw[i], err = r.Append(nil)
		require.NoError(t, err)
		log.add(t, int64(i), raw[i])
	}
	size := int64(len(raw))
	if p.size > 0 {
		size = int64(p.size)
	}
	root, err := tlog.TreeHash(size, &log)
	require.NoError(t, err)
	signed, err := p.key.Sign(review.Checkpoint{Origin: packOrigin, Size: size, Root: review.Hash(root)})
	require.NoError(t, err)

	lines := map[string][]string{}
	for i, r := range p.records {
		file := "entries/other.ndjson"
		switch {
		case r.Review == 1042:
			file = "entries/R-1042.ndjson"
		case r.Review != 0:
			continue
		}
		proof, err := tlog.ProveRecord(max(size, int64(i)+1), int64(i), &log)
		require.NoError(t, err)
		e := review.PackEntry{Entry: r.Entry, Record: string(raw[i]), Open: map[string]review.PackSeal{}}
		for field, value := range p.opened[i] {
			if !p.erased[i][field] {
				e.Open[field] = review.PackSeal{Salt: salted(r.Entry, field), Value: value}
			}
		}
		for _, h := range proof {
			e.Path = append(e.Path, review.Hash(h))
		}
		line, err := e.AppendLine(nil)
		require.NoError(t, err)
		lines[file] = append(lines[file], string(line))
	}
	files := map[string][]byte{"checkpoint": []byte(signed), "key.pub": []byte(p.key.Public() + "\n")}
	for file, all := range lines {
		if p.lines != nil {
			all = p.lines(file, all)
		}
		for _, line := range all {
			files[file] = append(files[file], line...)
		}
	}
	for name, body := range p.files {
		if files[name] = body; body == nil {
			delete(files, name)
		}
	}
	if p.change != nil {
		p.change(files)
	}
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	p.about.Checkpoint = size
	var out bytes.Buffer
	w := review.NewPackWriter(&out, p.about)
	for _, name := range names {
		require.NoError(t, w.Add(name, files[name]))
	}
	signer := p.key
	if p.signer != nil {
		signer = p.signer
	}
	require.NoError(t, w.Close(signer))
	return out.Bytes()
}

func verifyPack(pack []byte, key review.LedgerPublic) (review.PackReport, error) {
	return review.VerifyPack(bytes.NewReader(pack), int64(len(pack)), key)
}

// failure is what is wrong with a pack; the test fails when nothing is.
func failure(t testing.TB, pack []byte, key review.LedgerPublic) *review.PackFailure {
	t.Helper()
	_, err := verifyPack(pack, key)
	var f *review.PackFailure
	require.ErrorAs(t, err, &f)
	return f
}

func TestAPackSaysWhatItProves(t *testing.T) {
	t.Parallel()
	p := newPacked(t)
	pack := p.write(t)
	for _, key := range []review.LedgerPublic{"", p.key.Public()} {
		r, err := verifyPack(pack, key)
		require.NoError(t, err)
		assert.Equal(t, packOrigin, r.Origin)
		assert.Equal(t, p.key.Public(), r.Key)
		assert.EqualValues(t, 10, r.Size)
		assert.Equal(t, 1, r.Attachments)
		assert.Equal(t, 9, r.Entries, "the entry of another review is not in it")
		assert.Equal(t, 1, r.Reviews)
		assert.Equal(t, 1, r.Payloads)
		assert.Equal(t, review.ReviewID(1042), r.About.Review)
		assert.EqualValues(t, len(pack), r.Bytes)
		assert.Equal(t, []review.PackErasure{{Entry: 3, Fields: []string{"note"}, By: 7, Who: "bo", Ground: "request of the subject"},
			{Entry: 9, Fields: []string{"note"}, By: 10, Who: "bo"}}, r.Erased)
	}
	assert.Equal(t, pack, newPacked(t).write(t), "the same content is the same bytes")
}

// What every program that opens zips must agree on.
func TestAPackIsAnOrdinaryZip(t *testing.T) {
	t.Parallel()
	pack := newPacked(t).write(t)
	z, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	require.NoError(t, err)
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		assert.Equal(t, zip.Store, f.Method)
		assert.Equal(t, 1980, f.Modified.Year())
		r, err := f.Open()
		require.NoError(t, err)
		body, err := io.ReadAll(r) // checks the CRC
		require.NoError(t, err)
		again, err := review.ReadPack(bytes.NewReader(pack), int64(len(pack)), f.Name)
		require.NoError(t, err)
		assert.Equal(t, len(body), len(again))
	}
	assert.True(t, slices.IsSorted(names[:len(names)-2]))
	assert.Equal(t, []string{"manifest.json", "manifest.note"}, names[len(names)-2:])
	_, err = review.ReadPack(bytes.NewReader(pack), int64(len(pack)), "nothing")
	assert.ErrorIs(t, err, review.ErrNotFound)
}

func TestEveryByteOfAPackCounts(t *testing.T) {
	t.Parallel()
	p := newPacked(t)
	pack := p.write(t)
	named := 0
	for i := range pack {
		bit := byte(1) << (i % 8)
		pack[i] ^= bit
		f := failure(t, pack, p.key.Public())
		pack[i] ^= bit
		if f.File != "" || f.Entry > 0 {
			named++
		}
		require.NotEmpty(t, f.Problem)
	}
	_, err := verifyPack(pack, p.key.Public())
	require.NoError(t, err)
	assert.Greater(t, named, len(pack)*95/100, "all but the end of the zip belongs to something with a name")
	for n := range pack {
		failure(t, pack[:n], "")
	}
	failure(t, append(slices.Clone(pack), 0), "")
	failure(t, append([]byte{0}, pack...), "")
	failure(t, nil, "")
}

// A record that was changed is named, not only the file that it is in.
func TestAFlipInARecordNamesItsEntry(t *testing.T) {
	t.Parallel()
	p := newPacked(t)
	pack := p.write(t)
	at := bytes.Index(pack, []byte(`Ada Lovelock`))
	pack[at] ^= 0x20
	assert.Equal(t, &review.PackFailure{File: "entries/R-1042.ndjson", Line: 2, Entry: 3, Problem: "its by_name is not the one that was sealed"}, failure(t, pack, ""))
	pack[at] ^= 0x20
	at = bytes.Index(pack, []byte(`false_positive`))
	pack[at] ^= 0x01
	assert.Equal(t, review.EntryID(3), failure(t, pack, "").Entry)
}
