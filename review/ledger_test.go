package review_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"docket/review"
)

// fullEntry says everything that an entry can say.
func fullEntry() review.LedgerEntry {
	seen := sha256.Sum256([]byte("seen"))
	e := review.LedgerEntry{ID: 18209, Review: 1042, At: 1_790_000_000_123, Act: "decided", By: "noor", ByName: "Noor \"N\" Haddad", ByRole: "reviewer",
		Finding: "false_positive", Outcome: "approve", Reason: "birthdate", Note: "said <b>\u2028\n", Matches: `["m_1","m_2"]`, Status: "needs_review",
		Evidence: seen[:], Undoes: 7, Answers: 9, Detail: `{"from":"1","to":"\u003c2\u003e"}`, Comparator: "3", Policy: 2,
		Decided: true, Decision: review.LedgerDecisionRow{Review: 1042, At: 1_790_000_000_123, By: "noor", Outcome: "approve", Matches: 2,
			FalsePositives: 1, TrueMatches: 0, CannotTell: 1, Comparator: "3", Policy: 2, Second: 1, Corrects: 5},
		Answered: true, Approval: review.LedgerApprovalRow{Decision: 3, Answer: "approve", By: "lead", At: 1_790_000_000_123}}
	for i := range 12 {
		e.Dispositions = append(e.Dispositions, review.LedgerDispositionRow{Review: 1042, Match: "m_" + string(rune('a'+i)), Finding: "cannot_tell",
			Kind: "watchlist", Identity: "i", Whose: "w", Party: "p", Seen: seen[:], Carries: int64(i), Missing: `["birthdate","Größe"]`})
		e.Premises = append(e.Premises, review.LedgerPremiseRow{Place: int64(i), Kind: "birth-years-apart", Attribute: "birthdate", Amount: 12, Of: 0,
			Subject: `["1980-01-02"]`, Listed: `["1968"]`, Rule: "years", Comparator: "3"})
	}
	return e
}

func sealAll(t testing.TB, e *review.LedgerEntry) ([]byte, []review.LedgerField) {
	t.Helper()
	fields, _, err := e.Fields(nil, nil)
	require.NoError(t, err)
	for i := range fields {
		fields[i].Sum = review.Seal(fields[i].Name, [32]byte{byte(i), 1}, fields[i].Value)
	}
	record, err := e.Append(nil, fields)
	require.NoError(t, err)
	return record, fields
}

func TestRecordIsCanonicalAndReadsBackWhole(t *testing.T) {
	t.Parallel()
	e := fullEntry()
	record, fields := sealAll(t, &e)

	var loose map[string]any
	require.NoError(t, json.Unmarshal(record, &loose))
	var canonical bytes.Buffer
	enc := json.NewEncoder(&canonical)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(loose)) // sorts members; every text here is plain
	assert.Equal(t, strings.TrimSpace(canonical.String()), string(record))

	r, err := review.ParseRecord(record)
	require.NoError(t, err)
	assert.Equal(t, review.EntryID(18209), r.Entry)
	assert.Equal(t, map[string]string{"from": "1", "to": "<2>"}, r.Detail)
	assert.Len(t, r.Dispositions, 12)
	require.Len(t, r.Sealed, len(fields))
	names := r.SealedNames()
	for i, f := range fields {
		assert.Equal(t, f.Name, names[i], "salts and names go together")
		assert.Equal(t, f.Sum, r.Sealed[f.Name])
	}
	for _, word := range []string{"Haddad", "said", "needs_review", "m_1", "1980", "Gr"} {
		assert.NotContains(t, string(record), word, "nothing personal stands in a record")
	}
}

func TestAnEntryThatSaysLittleHasAShortRecord(t *testing.T) {
	t.Parallel()
	e := review.LedgerEntry{ID: 1, At: 0, Act: "colleague", Matches: "[]", Detail: "{}", Policy: 1}
	record, fields := sealAll(t, &e)
	assert.Empty(t, fields)
	assert.Equal(t, `{"act":"colleague","at":"1970-01-01T00:00:00.000Z","entry":1,"policy":1,"v":1}`, string(record))
	_, err := review.ParseRecord(record)
	assert.NoError(t, err)
}

func TestAnInstantIsWrittenAsGoWouldWriteIt(t *testing.T) {
	t.Parallel()
	ats := []int64{0, -1, 1, 999, 1_000, 951_782_399_999, 951_782_400_000, 1_709_164_800_000, 1_790_000_000_123, -62_135_596_800_000, -62_167_219_200_000,
		-62_167_219_200_001, 253_402_300_799_999, 253_402_300_800_000, math.MaxInt64 / 1_000_000, math.MinInt64 / 1_000_000}
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // nothing secret
	for range 2_000 {
		ats = append(ats, r.Int64N(600_000_000_000_000)-200_000_000_000_000)
	}
	for _, at := range ats {
		e := review.LedgerEntry{ID: 1, At: at, Act: "colleague", Policy: 1}
		record, err := e.Append(nil, nil)
		require.NoError(t, err)
		assert.Contains(t, string(record), `"at":"`+time.UnixMilli(at).UTC().Format("2006-01-02T15:04:05.000Z")+`"`, at)
	}
}

func TestARecordIsReadToTheByte(t *testing.T) {
	t.Parallel()
	e := fullEntry()
	e.Dispositions, e.Premises = e.Dispositions[1:3], e.Premises[:1]
	record, _ := sealAll(t, &e)
	for i := range record {
		for _, other := range []byte{record[i] ^ 1, record[i] ^ 0x20, ' '} {
			harmed := bytes.Clone(record)
			harmed[i] = other
			if bytes.Equal(harmed, record) {
				continue
			}
			assert.NotEqual(t, review.LeafHash(record), review.LeafHash(harmed))
			r, err := review.ParseRecord(harmed)
			if err != nil {
				continue
			}
			again, err := r.Append(nil)
			require.NoError(t, err)
			assert.Equal(t, string(harmed), string(again), "what is accepted is what was read")
		}
	}
	for _, bad := range []string{"", "{}", `{"v":2}`, `null`, string(record) + " ", " " + string(record), strings.Replace(string(record), `"v":1`, `"v":1,"x":1`, 1),
		strings.Replace(string(record), `"policy":2`, `"policy":2,"policy":2`, 1), strings.Replace(string(record), `"v":1`, `"v":1.0`, 1)} {
		_, err := review.ParseRecord([]byte(bad))
		assert.Error(t, err, bad)
	}
}

func TestASealSaysNothingOfItsValueAndNobodyElseHasIt(t *testing.T) {
	t.Parallel()
	salt := [32]byte{1, 2, 3}
	sum := review.Seal("note", salt, []byte(`"x"`))
	plain := sha256.Sum256([]byte("docket sealed field 1\x00" + string(salt[:]) + "note\x00" + `"x"`))
	assert.Equal(t, review.Hash(plain), sum, "the format that other verifiers compute")
	for _, other := range []review.Hash{
		review.Seal("note", [32]byte{1, 2, 4}, []byte(`"x"`)), review.Seal("status", salt, []byte(`"x"`)),
		review.Seal("note", salt, []byte(`"y"`)), review.Seal("not", salt, []byte(`e"x"`)),
	} {
		assert.NotEqual(t, sum, other)
	}
}

func TestTextsAreCanonical(t *testing.T) {
	t.Parallel()
	// The texts of RFC 8785 §3.2.2.2 and what breaks writers.
	for in, want := range map[string]string{
		"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/": `"€$\u000f\nA'B\"\\\\\"/"`,
		"\b\t\n\f\r\x00\x1f\x7f":                       `"\b\t\n\f\r\u0000\u001f` + "\x7f" + `"`,
		"<>&\u2028\u2029":                              `"<>&` + "\u2028\u2029" + `"`,
		"a\xffb":                                       `"a` + "\ufffd" + `b"`,
		"😂דּ":                                          `"😂דּ"`,
	} {
		e := review.LedgerEntry{ID: 1, Note: in}
		fields, _, err := e.Fields(nil, nil)
		require.NoError(t, err)
		require.Len(t, fields, 1)
		assert.Equal(t, want, string(fields[0].Value))
	}
}

func TestMembersAreInTheOrderOfUTF16(t *testing.T) {
	t.Parallel()
	// RFC 8785 §3.2.3.
	keys := []string{"\r", "1", "\u0080", "\u00f6", "\u20ac", "😂", "\ufb33"}
	detail := map[string]string{}
	for _, k := range keys {
		detail[k] = "x"
	}
	text, err := json.Marshal(detail)
	require.NoError(t, err)
	e := review.LedgerEntry{ID: 1, Detail: string(text)}
	record, err := e.Append(nil, nil)
	require.NoError(t, err)
	last := -1
	for _, k := range []string{`"\r"`, `"1"`, "\"\u0080\"", "\"\u00f6\"", "\"\u20ac\"", "\"😂\"", "\"\ufb33\""} {
		at := strings.Index(string(record), k)
		require.Greater(t, at, last, k)
		last = at
	}
}

func TestAColumnThatIsNotAsDocketWritesItIsNoJSON(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"[", "x", `["a"] `, `[ "a"]`, `["a",]`, `[1]`, `["a"]]`, `null`, `["a" ,"b"]`, `["\u0061"]`, `{"a":"b"}`} {
		_, _, err := (&review.LedgerEntry{Matches: bad}).Fields(nil, nil)
		assert.Error(t, err, bad)
	}
	for _, bad := range []string{"{", "x", `{"a":"b"} `, `{"b":"1","a":"2"}`, `{"a":"1","a":"2"}`, `{"a":1}`, `["a"]`, `{"a" :"b"}`, `{"a":"b"}}`, `{"a":"b","a":"c"}`} {
		_, err := (&review.LedgerEntry{Detail: bad}).Append(nil, nil)
		assert.Error(t, err, bad)
	}
}

func TestEntrySpansReadBack(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "12-15,18", review.EntrySpans([]review.EntryID{18, 12, 13, 15, 14, 12}))
	assert.Empty(t, review.EntrySpans(nil))
	spans, err := review.ParseEntrySpans("12-15,18")
	require.NoError(t, err)
	assert.Equal(t, []review.EntrySpan{{First: 12, Last: 15}, {First: 18, Last: 18}}, spans)
	for _, bad := range []string{"x", "1-", "-1", "2-1", "1-1", "3,2", "0", "1,,2", "01", "1-3,3"} {
		_, err := review.ParseEntrySpans(bad)
		assert.Error(t, err, bad)
	}
}

// tree is a log of records in memory.
type tree []tlog.Hash

func (t *tree) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, n := range at {
		out[i] = (*t)[n]
	}
	return out, nil
}

func (t *tree) add(tb testing.TB, n int64, record []byte) {
	tb.Helper()
	hashes, err := tlog.StoredHashes(n, record, t)
	require.NoError(tb, err)
	*t = append(*t, hashes...)
}

func (t *tree) checkpoint(tb testing.TB, n int64) review.Checkpoint {
	tb.Helper()
	root, err := tlog.TreeHash(n, t)
	require.NoError(tb, err)
	return review.Checkpoint{Origin: "docket/1", Size: n, Root: review.Hash(root)}
}

func path(h []tlog.Hash) []review.Hash {
	out := make([]review.Hash, len(h))
	for i := range h {
		out[i] = review.Hash(h[i])
	}
	return out
}

func record(n int64) []byte { return []byte{byte(n), byte(n >> 8), 7} }

func TestProofsHoldForEveryLeafAndEveryPairOfSizes(t *testing.T) {
	t.Parallel()
	const most = 300
	var log tree
	for n := range int64(most) {
		log.add(t, n, record(n))
	}
	points := make([]review.Checkpoint, most+1)
	for n := range points {
		points[n] = log.checkpoint(t, int64(n))
	}
	for size := int64(1); size <= most; size++ {
		edge := size <= 3 || size&(size-1) == 0 || size&(size+1) == 0 || (size-1)&(size-2) == 0
		for n := range size {
			if !edge && n%17 != 0 && n != size-1 {
				continue
			}
			proof, err := tlog.ProveRecord(size, n, &log)
			require.NoError(t, err)
			p := path(proof)
			require.NoError(t, review.CheckInclusion(points[size], review.EntryID(n+1), record(n), p))
			require.Error(t, review.CheckInclusion(points[size], review.EntryID(n+1), record(n+1), p))
			require.Error(t, review.CheckInclusion(points[size], review.EntryID(n+2), record(n), p))
			if n > 0 {
				require.Error(t, review.CheckInclusion(points[size-1], review.EntryID(n+1), record(n), p))
			}
		}
		for old := int64(1); old <= size; old++ {
			proof, err := tlog.ProveTree(size, old, &log)
			require.NoError(t, err)
			p := path(proof)
			require.NoError(t, review.CheckConsistency(points[old], points[size], p))
			if old < size {
				harmed := points[old]
				harmed.Root[0] ^= 1
				require.Error(t, review.CheckConsistency(harmed, points[size], p))
				require.Error(t, review.CheckConsistency(points[size], points[old], p))
			}
			for i := range p {
				if (old+int64(i))%11 != 0 {
					continue
				}
				harmed := append([]review.Hash(nil), p...)
				harmed[i][31] ^= 0x80
				require.Error(t, review.CheckConsistency(points[old], points[size], harmed))
			}
		}
		require.NoError(t, review.CheckConsistency(points[0], points[size], nil))
	}
	harmed := points[0]
	harmed.Root[3] ^= 1
	require.Error(t, review.CheckConsistency(harmed, points[5], nil))
}

func TestNoProofJoinsTwoHistoriesWithACommonStart(t *testing.T) {
	t.Parallel()
	var one, other tree
	for n := range int64(40) {
		one.add(t, n, record(n))
		if n == 25 {
			other.add(t, n, record(99))
		} else {
			other.add(t, n, record(n))
		}
	}
	for size := int64(26); size <= 40; size++ {
		for _, of := range []*tree{&one, &other} {
			proof, err := tlog.ProveTree(40, size, of)
			require.NoError(t, err)
			assert.Error(t, review.CheckConsistency(one.checkpoint(t, size), other.checkpoint(t, 40), path(proof)))
		}
	}
	proof, err := tlog.ProveTree(40, 25, &other)
	require.NoError(t, err)
	assert.NoError(t, review.CheckConsistency(one.checkpoint(t, 25), other.checkpoint(t, 40), path(proof)), "up to there they are one")
}

func TestEveryActHasARecord(t *testing.T) {
	t.Parallel()
	for i, act := range review.Acts() {
		e := fullEntry()
		e.ID, e.Act = review.EntryID(i+1), string(act)
		record, _ := sealAll(t, &e)
		r, err := review.ParseRecord(record)
		require.NoError(t, err, act)
		assert.Equal(t, act, r.Act)
	}
}
