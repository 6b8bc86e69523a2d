package review

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// LedgerVersion is "v" of every record. A record of another shape gets a new number; the old ones stay
// as they are.
const LedgerVersion = 1

// SaltSize is the length of a salt in bytes.
const SaltSize = 32

// A ledger is a log of records, one for each entry of the trail: entry N is leaf N-1 of an RFC 6962
// tree. A record is RFC 8785 canonical JSON of everything the entry and its rows say. What is public
// stands in it openly. What is personal, or was typed by a person, or came verbatim from Persona,
// stands under "sealed" only as a commitment (see Seal), one for each field, so that the value and
// its salt can be erased without the record changing.

// LedgerRecord is a record as it was read. Members that would say nothing are left out of the JSON: a
// zero number, an empty text, an empty list. Times are RFC 3339 in UTC with three digits of
// milliseconds, digests are lower-case hex.
type LedgerRecord struct {
	V            int                 `json:"v"`
	Entry        EntryID             `json:"entry"`
	At           string              `json:"at"`
	Act          Act                 `json:"act"`
	Review       ReviewID            `json:"review"`
	By           ColleagueID         `json:"by"`
	ByRole       Role                `json:"by_role"`
	Finding      Finding             `json:"finding"`
	Outcome      Outcome             `json:"outcome"`
	Reason       Reason              `json:"reason"`
	Evidence     string              `json:"evidence"`
	Undoes       EntryID             `json:"undoes"`
	Answers      EntryID             `json:"answers"`
	Detail       map[string]string   `json:"detail"`
	Comparator   string              `json:"comparator"`
	Policy       PolicyVersion       `json:"policy"` // always there
	Decision     *LedgerDecision     `json:"decision"`
	Approval     *LedgerApproval     `json:"approval"`
	Dispositions []LedgerDisposition `json:"dispositions"` // in the order of their match keys' bytes
	Premises     []LedgerPremise     `json:"premises"`     // in the order in which they were given
	Sealed       map[string]Hash     `json:"sealed"`       // field name to commitment
}

// LedgerDecision is the decision of an entry; all its members are always there, but Corrects.
type LedgerDecision struct {
	Review         ReviewID      `json:"review"`
	At             string        `json:"at"`
	By             ColleagueID   `json:"by"`
	Outcome        Outcome       `json:"outcome"`
	Matches        int64         `json:"matches"`
	FalsePositives int64         `json:"false_positives"`
	TrueMatches    int64         `json:"true_matches"`
	CannotTell     int64         `json:"cannot_tell"`
	Comparator     string        `json:"comparator"`
	Policy         PolicyVersion `json:"policy"`
	Second         int64         `json:"second"` // 1: it takes effect only when a second person agrees
	Corrects       EntryID       `json:"corrects"`
}

// LedgerApproval is the answer to a decision; all its members are always there, but By.
type LedgerApproval struct {
	Decision EntryID     `json:"decision"`
	Answer   Answer      `json:"answer"`
	By       ColleagueID `json:"by"`
	At       string      `json:"at"`
}

// LedgerDisposition is the finding on one match; all its members are always there, but Carries. Its
// sealed fields are "dispositions/N/match", "…/identity", "…/whose", "…/party", "…/seen" (texts; seen
// is hex of the digest of subject and party, which whoever guesses both could make again) and
// "…/missing" (a list of texts), N from 0.
type LedgerDisposition struct {
	Review  ReviewID   `json:"review"`
	Finding Finding    `json:"finding"`
	Kind    ReportKind `json:"kind"`
	Carries EntryID    `json:"carries"`
}

// LedgerPremise is one fact that a finding rests on; all its members are always there. Its sealed
// fields are "premises/N/subject" and "premises/N/listed" (lists of texts), N from 0.
type LedgerPremise struct {
	Place      int64       `json:"place"`
	Kind       PremiseKind `json:"kind"`
	Attribute  Attribute   `json:"attribute"`
	Amount     int64       `json:"amount"`
	Of         int64       `json:"out_of"`
	Rule       string      `json:"rule"`
	Comparator string      `json:"comparator"`
}

// The sealed fields of the entry itself: texts, but for matches, a list of texts.
const (
	SealedName    = "by_name"
	SealedNote    = "note"
	SealedStatus  = "status"
	SealedMatches = "matches"
)

// sealPrefix keeps commitments apart from every other digest that docket takes.
const sealPrefix = "docket sealed field 1\x00"

// Seal is the commitment to one value of one field: the SHA-256 of "docket sealed field 1", a zero
// byte, the 32 bytes of the salt, the field's name, a zero byte, and the value as canonical JSON.
// Only a field that holds something is sealed: an empty text or list has no commitment.
func Seal(field string, salt [SaltSize]byte, value []byte) Hash {
	var room [512]byte
	b := append(room[:0], sealPrefix...)
	b = append(b, salt[:]...)
	b = append(b, field...)
	b = append(b, 0)
	return sha256.Sum256(append(b, value...))
}

// LeafHash is the hash of a record as a leaf: SHA-256 of a zero byte and the record (RFC 6962 §2.1).
func LeafHash(record []byte) Hash {
	var room [2048]byte
	return sha256.Sum256(append(append(room[:0], 0), record...))
}

// errRecord is bytes that are no record.
var errRecord = errors.New("this is not a record of a ledger")

// ParseRecord reads a record and refuses bytes that are not one, to the byte: an unknown version, an
// unknown or doubled member, a member out of order, a blank. What it accepts, and only that,
// AppendTo gives back.
func ParseRecord(raw []byte) (LedgerRecord, error) {
	var r LedgerRecord
	if err := json.Unmarshal(raw, &r); err != nil {
		return LedgerRecord{}, errRecord
	}
	if r.V != LedgerVersion {
		return LedgerRecord{}, fmt.Errorf("%w that this docket knows: version %d", errRecord, r.V)
	}
	again, err := r.appendTo(make([]byte, 0, len(raw)))
	if err != nil || string(again) != string(raw) {
		return LedgerRecord{}, errRecord
	}
	return r, nil
}

// Append adds the record's canonical bytes to out; an error when a member cannot be one of a record.
func (r *LedgerRecord) Append(out []byte) ([]byte, error) { return r.appendTo(out) }

// SealedNames gives the names of the sealed fields in their canonical order, which is also that of
// the salts that docket keeps.
func (r *LedgerRecord) SealedNames() []string {
	names := make([]string, 0, len(r.Sealed))
	for n := range r.Sealed {
		names = append(names, n)
	}
	slices.Sort(names) // they are ASCII: the order of bytes is that of RFC 8785
	return names
}

// appendTo goes through LedgerEntry, so that there is one writer of records.
func (r *LedgerRecord) appendTo(out []byte) ([]byte, error) {
	at, err := ledgerMillis(r.At)
	if err != nil {
		return nil, err
	}
	e := LedgerEntry{ID: r.Entry, At: at, Act: string(r.Act), Review: int64(r.Review), By: string(r.By), ByRole: string(r.ByRole),
		Finding: string(r.Finding), Outcome: string(r.Outcome), Reason: string(r.Reason), Undoes: int64(r.Undoes), Answers: int64(r.Answers),
		Comparator: r.Comparator, Policy: int64(r.Policy)}
	if r.Detail != nil {
		d, err := json.Marshal(r.Detail)
		if err != nil || len(r.Detail) == 0 {
			return nil, errRecord
		}
		e.Detail = string(d)
	}
	if e.Evidence, err = ledgerDigest(r.Evidence); err != nil {
		return nil, err
	}
	if d := r.Decision; d != nil {
		at, err := ledgerMillis(d.At)
		if err != nil {
			return nil, err
		}
		e.Decided, e.Decision = true, LedgerDecisionRow{Review: int64(d.Review), At: at, By: string(d.By), Outcome: string(d.Outcome), Matches: d.Matches,
			FalsePositives: d.FalsePositives, TrueMatches: d.TrueMatches, CannotTell: d.CannotTell, Comparator: d.Comparator,
			Policy: int64(d.Policy), Second: d.Second, Corrects: int64(d.Corrects)}
	}
	if p := r.Approval; p != nil {
		at, err := ledgerMillis(p.At)
		if err != nil {
			return nil, err
		}
		e.Answered, e.Approval = true, LedgerApprovalRow{Decision: int64(p.Decision), Answer: string(p.Answer), By: string(p.By), At: at}
	}
	for _, d := range r.Dispositions {
		e.Dispositions = append(e.Dispositions, LedgerDispositionRow{Review: int64(d.Review), Finding: string(d.Finding), Kind: string(d.Kind),
			Carries: int64(d.Carries)})
	}
	for _, p := range r.Premises {
		e.Premises = append(e.Premises, LedgerPremiseRow{Place: p.Place, Kind: string(p.Kind), Attribute: string(p.Attribute), Amount: p.Amount,
			Of: p.Of, Rule: p.Rule, Comparator: p.Comparator})
	}
	names := r.SealedNames()
	fields := make([]LedgerField, len(names))
	for i, n := range names {
		fields[i] = LedgerField{Name: n, Sum: r.Sealed[n]}
	}
	return e.Append(out, fields)
}

// ledgerTime is how a record says an instant.
const ledgerTime = "2006-01-02T15:04:05.000Z"

func ledgerMillis(s string) (int64, error) {
	t, err := time.Parse(ledgerTime, s)
	if err != nil || t.UTC().Format(ledgerTime) != s {
		return 0, errRecord
	}
	return t.UnixMilli(), nil
}

func ledgerDigest(s string) ([]byte, error) {
	if s == "" {
		return nil, nil
	}
	h, err := ParseHash(s)
	return h[:], err
}

// EntrySpans writes numbers of entries as an `erased` entry names them in its detail under
// DetailEntries: ascending, runs joined, "12-15,18".
func EntrySpans(ids []EntryID) string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var out []byte
	for i := 0; i < len(ids); {
		j := i
		for j+1 < len(ids) && ids[j+1] == ids[j]+1 {
			j++
		}
		if len(out) > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendInt(out, int64(ids[i]), 10)
		if j > i {
			out = append(out, '-')
			out = strconv.AppendInt(out, int64(ids[j]), 10)
		}
		i = j + 1
	}
	return string(out)
}

// DetailEntries is the key under which an `erased` entry names the entries whose values and salts it
// erased.
const DetailEntries = "entries"

// EntrySpan is the entries from First to Last, both included.
type EntrySpan struct{ First, Last EntryID }

// ParseEntrySpans reads what EntrySpans wrote; anything else is an error.
func ParseEntrySpans(s string) ([]EntrySpan, error) {
	if s == "" {
		return nil, nil
	}
	var spans []EntrySpan
	before := EntryID(math.MinInt64)
	for part := range strings.SplitSeq(s, ",") {
		from, to, run := strings.Cut(part, "-")
		if !run {
			to = from
		}
		first, err := parseEntry(from)
		if err != nil {
			return nil, err
		}
		last, err := parseEntry(to)
		if err != nil {
			return nil, err
		}
		if first <= before || last < first || run && last == first {
			return nil, fmt.Errorf("entries %q: not in order", s)
		}
		spans, before = append(spans, EntrySpan{first, last}), last
	}
	return spans, nil
}

func parseEntry(s string) (EntryID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != s {
		return 0, fmt.Errorf("entry %q: not a number of an entry", s)
	}
	return EntryID(n), nil
}

// hexPairs is how each byte is written.
var hexPairs = func() (pairs [256][2]byte) {
	for c := range pairs {
		hex.Encode(pairs[c][:], []byte{byte(c)})
	}
	return pairs
}()

// appendHex adds lower-case hex.
func appendHex(out, b []byte) []byte {
	out = slices.Grow(out, hex.EncodedLen(len(b)))
	for _, c := range b {
		out = append(out, hexPairs[c][0], hexPairs[c][1])
	}
	return out
}
