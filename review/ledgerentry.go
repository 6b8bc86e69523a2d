package review

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
)

// LedgerEntry is an entry with every row that hangs on it, in the plainest types there are: a whole
// ledger is read into it, one entry after the other. Texts that are JSON are as the database holds
// them. A second use keeps the slices' room.
type LedgerEntry struct {
	ID         EntryID
	Review     int64 // 0 none
	At         int64 // milliseconds since 1970
	Act        string
	By         string // "" docket itself
	ByName     string
	ByRole     string
	Finding    string
	Outcome    string
	Reason     string
	Note       string
	Matches    string // JSON list of texts, "" or [] none
	Status     string
	Evidence   []byte // nil none
	Undoes     int64  // 0 none
	Answers    int64  // 0 none
	Detail     string // JSON object of texts, "" or {} none
	Comparator string
	Policy     int64

	Decided      bool
	Decision     LedgerDecisionRow
	Answered     bool
	Approval     LedgerApprovalRow
	Dispositions []LedgerDispositionRow // by match key
	Premises     []LedgerPremiseRow     // by place
}

// LedgerDecisionRow is a row of decision.
type LedgerDecisionRow struct {
	Review, At                                       int64
	By, Outcome                                      string
	Matches, FalsePositives, TrueMatches, CannotTell int64
	Comparator                                       string
	Policy, Second                                   int64
	Corrects                                         int64 // 0 none
}

// LedgerApprovalRow is a row of approval.
type LedgerApprovalRow struct {
	Decision   int64
	Answer, By string // By "" none
	At         int64
}

// LedgerDispositionRow is a row of disposition.
type LedgerDispositionRow struct {
	Review                                       int64
	Match, Finding, Kind, Identity, Whose, Party string
	Seen                                         []byte // nil or zeros: none
	Carries                                      int64  // 0 none
	Missing                                      string // JSON list of texts
}

// LedgerPremiseRow is a row of premise.
type LedgerPremiseRow struct {
	Place           int64
	Kind, Attribute string
	Amount, Of      int64
	Subject, Listed string // JSON lists of texts
	Rule            string
	Comparator      string
}

// LedgerField is one sealed field.
type LedgerField struct {
	Name  string
	Value []byte // canonical JSON; nil where only the commitment is known
	Sum   Hash   // the commitment
}

// noHash is no digest.
var noHash Hash

// errJSON is a column whose text is not the JSON that docket writes there.
var errJSON = errors.New("a column does not hold the JSON that it should")

// Fields adds the fields of the entry that hold something to out, in the canonical order of their
// names, without commitments. Their values lie in room, which is given back longer.
func (e *LedgerEntry) Fields(out []LedgerField, room []byte) ([]LedgerField, []byte, error) {
	text := func(name, s string) {
		if s != "" {
			from := len(room)
			room = appendString(room, s)
			out = append(out, LedgerField{Name: name, Value: room[from:len(room):len(room)]})
		}
	}
	var err error
	list := func(name, s string) {
		if s == "" || s == "[]" || err != nil {
			return
		}
		from := len(room)
		if room, err = appendList(room, s); err == nil {
			out = append(out, LedgerField{Name: name, Value: room[from:len(room):len(room)]})
		}
	}
	text(SealedName, e.ByName)
	for i := range e.Dispositions {
		d := &e.Dispositions[i]
		n := dispositionNames(i)
		text(n[0], d.Identity)
		if !MatchKey(d.Match).Erased() { // what stands for an erased one is no value
			text(n[1], d.Match)
		}
		list(n[2], d.Missing)
		text(n[3], d.Party)
		if len(d.Seen) > 0 && !bytes.Equal(d.Seen, noHash[:]) { // zeros stand for an erased one
			text(n[4], hex.EncodeToString(d.Seen))
		}
		text(n[5], d.Whose)
	}
	list(SealedMatches, e.Matches)
	text(SealedNote, e.Note)
	for i := range e.Premises {
		p := &e.Premises[i]
		n := premiseNames(i)
		list(n[0], p.Listed)
		list(n[1], p.Subject)
	}
	text(SealedStatus, e.Status)
	if len(e.Dispositions) > 10 || len(e.Premises) > 10 { // …/10/… comes before …/2/…
		slices.SortFunc(out, func(x, y LedgerField) int {
			if x.Name < y.Name {
				return -1
			}
			return 1
		})
	}
	return out, room, err
}

const namesReady = 64 // of so many dispositions and premises the names are made beforehand

var (
	readyDispositions = ready(func(i int) [6]string {
		p := "dispositions/" + strconv.Itoa(i) + "/"
		return [6]string{p + "identity", p + "match", p + "missing", p + "party", p + "seen", p + "whose"}
	})
	readyPremises = ready(func(i int) [2]string {
		p := "premises/" + strconv.Itoa(i) + "/"
		return [2]string{p + "listed", p + "subject"}
	})
)

// namesOf gives the names of sealed fields by place.
type namesOf[T any] struct {
	make  func(int) T
	ready [namesReady]T
}

func ready[T any](name func(int) T) *namesOf[T] {
	n := &namesOf[T]{make: name}
	for i := range n.ready {
		n.ready[i] = name(i)
	}
	return n
}

func (n *namesOf[T]) at(i int) T {
	if i < len(n.ready) {
		return n.ready[i]
	}
	return n.make(i)
}

func dispositionNames(i int) [6]string { return readyDispositions.at(i) }
func premiseNames(i int) [2]string     { return readyPremises.at(i) }

// Append adds the entry's record to out. Fields are those that are sealed, in canonical order; only
// their names and commitments count.
func (e *LedgerEntry) Append(out []byte, fields []LedgerField) ([]byte, error) {
	var err error
	out = append(out, `{"act":`...)
	out = appendString(out, e.Act)
	out = appendNumber(out, `,"answers":`, e.Answers)
	if e.Answered {
		p := &e.Approval
		out = append(out, `,"approval":{"answer":`...)
		out = appendString(out, p.Answer)
		out = append(out, `,"at":`...)
		out = appendInstant(out, p.At)
		out = appendMember(out, `,"by":`, p.By)
		out = append(out, `,"decision":`...)
		out = strconv.AppendInt(out, p.Decision, 10)
		out = append(out, '}')
	}
	out = append(out, `,"at":`...)
	out = appendInstant(out, e.At)
	out = appendMember(out, `,"by":`, e.By)
	out = appendMember(out, `,"by_role":`, e.ByRole)
	out = appendMember(out, `,"comparator":`, e.Comparator)
	if e.Decided {
		out = e.Decision.append(out)
	}
	if e.Detail != "" && e.Detail != "{}" {
		out = append(out, `,"detail":`...)
		if out, err = appendObject(out, e.Detail); err != nil {
			return nil, err
		}
	}
	for i := range e.Dispositions {
		d := &e.Dispositions[i]
		out = append(out, listHead(i, `,"dispositions":[{`, `,{`)...)
		if d.Carries != 0 {
			out = append(out, `"carries":`...)
			out = strconv.AppendInt(out, d.Carries, 10)
			out = append(out, ',')
		}
		out = append(out, `"finding":`...)
		out = appendString(out, d.Finding)
		out = append(out, `,"kind":`...)
		out = appendString(out, d.Kind)
		out = append(out, `,"review":`...)
		out = strconv.AppendInt(out, d.Review, 10)
		out = append(out, '}')
	}
	if len(e.Dispositions) > 0 {
		out = append(out, ']')
	}
	out = append(out, `,"entry":`...)
	out = strconv.AppendInt(out, int64(e.ID), 10)
	if len(e.Evidence) > 0 {
		out = append(out, `,"evidence":"`...)
		out = append(appendHex(out, e.Evidence), '"')
	}
	out = appendMember(out, `,"finding":`, e.Finding)
	out = appendMember(out, `,"outcome":`, e.Outcome)
	out = append(out, `,"policy":`...)
	out = strconv.AppendInt(out, e.Policy, 10)
	for i := range e.Premises {
		p := &e.Premises[i]
		out = append(out, listHead(i, `,"premises":[{"amount":`, `,{"amount":`)...)
		out = strconv.AppendInt(out, p.Amount, 10)
		out = append(out, `,"attribute":`...)
		out = appendString(out, p.Attribute)
		out = append(out, `,"comparator":`...)
		out = appendString(out, p.Comparator)
		out = append(out, `,"kind":`...)
		out = appendString(out, p.Kind)
		out = append(out, `,"out_of":`...)
		out = strconv.AppendInt(out, p.Of, 10)
		out = append(out, `,"place":`...)
		out = strconv.AppendInt(out, p.Place, 10)
		out = append(out, `,"rule":`...)
		out = append(appendString(out, p.Rule), '}')
	}
	if len(e.Premises) > 0 {
		out = append(out, ']')
	}
	out = appendMember(out, `,"reason":`, e.Reason)
	out = appendNumber(out, `,"review":`, e.Review)
	for i := range fields {
		out = append(out, listHead(i, `,"sealed":{`, `,`)...)
		out = append(appendString(out, fields[i].Name), `:"`...)
		out = append(appendHex(out, fields[i].Sum[:]), '"')
	}
	if len(fields) > 0 {
		out = append(out, '}')
	}
	out = appendNumber(out, `,"undoes":`, e.Undoes)
	out = append(out, `,"v":`...)
	out = strconv.AppendInt(out, LedgerVersion, 10)
	return append(out, '}'), nil
}

func (d *LedgerDecisionRow) append(out []byte) []byte {
	out = append(out, `,"decision":{"at":`...)
	out = appendInstant(out, d.At)
	out = append(out, `,"by":`...)
	out = appendString(out, d.By)
	out = append(out, `,"cannot_tell":`...)
	out = strconv.AppendInt(out, d.CannotTell, 10)
	out = append(out, `,"comparator":`...)
	out = appendString(out, d.Comparator)
	out = appendNumber(out, `,"corrects":`, d.Corrects)
	out = append(out, `,"false_positives":`...)
	out = strconv.AppendInt(out, d.FalsePositives, 10)
	out = append(out, `,"matches":`...)
	out = strconv.AppendInt(out, d.Matches, 10)
	out = append(out, `,"outcome":`...)
	out = appendString(out, d.Outcome)
	out = append(out, `,"policy":`...)
	out = strconv.AppendInt(out, d.Policy, 10)
	out = append(out, `,"review":`...)
	out = strconv.AppendInt(out, d.Review, 10)
	out = append(out, `,"second":`...)
	out = strconv.AppendInt(out, d.Second, 10)
	out = append(out, `,"true_matches":`...)
	out = strconv.AppendInt(out, d.TrueMatches, 10)
	return append(out, '}')
}
