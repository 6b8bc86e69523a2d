package review

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Sample is one finding or one decision that is looked at a second time, by somebody who does not
// know what was said the first time: drawn by lot, or one whose answer is known.
type Sample struct {
	ID       SampleID
	Kind     SampleKind
	Of       EntryID // the finding or the decision
	Decision EntryID // with which it took effect
	Review   ReviewID
	Known    Finding // the answer of one whose answer is known; "" drawn by lot
}

// SampleID numbers samples from 1.
type SampleID int64

// SampleKind is what a second look is at.
type SampleKind string

const (
	SampleFinding  SampleKind = "finding"  // on one listed party
	SampleDecision SampleKind = "decision" // on a whole review
)

// SampleKinds lists every value.
func SampleKinds() []SampleKind { return []SampleKind{SampleFinding, SampleDecision} }

// Seed is the secret of the draws under one version of the policy. Whoever has it can say of every
// entry whether it was drawn; who has not can neither foretell a draw nor steer one.
type Seed [32]byte

// String keeps a seed out of logs.
func (Seed) String() string { return "[redacted]" }

// Commitment is what the ledger holds of a seed from the first draw on: another seed would not give it.
func (s Seed) Commitment() Hash { return sha256.Sum256(append([]byte("docket seed 1 "), s[:]...)) }

// Draw is the lot of one thing: the first eight bytes of HMAC-SHA-256(seed, "docket draw 1 WHAT NUMBER"),
// the most significant first. One in n is drawn: those whose lot n divides; 0 draws none.
func (s Seed) Draw(what string, number int64) Lot {
	mac := hmac.New(sha256.New, s[:])
	mac.Write([]byte("docket draw 1 " + what + " " + strconv.FormatInt(number, 10)))
	return Lot(binary.BigEndian.Uint64(mac.Sum(nil)))
}

// Lot is what was drawn for one thing.
type Lot uint64

// OneIn says that the lot is one of one in n.
func (l Lot) OneIn(n int) bool { return n > 0 && uint64(l)%uint64(n) == 0 }

// Turn is where a sample stands in the order in which samples are handed out. It follows from the lot,
// so that it tells nothing of when or about whom the first one judged.
func (l Lot) Turn() int64 {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(l)))
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 1)
}

// DrawIn gives which findings on a decision are drawn, and whether the decision itself is. Findings
// are numbered by their entries; each is on one listed party.
func (s Sampling) DrawIn(seed Seed, cleared []EntryID, decision EntryID) (findings []EntryID, decided bool) {
	for _, e := range cleared {
		if seed.Draw(string(SampleFinding), int64(e)).OneIn(s.Findings) {
			findings = append(findings, e)
		}
	}
	return findings, seed.Draw(string(SampleDecision), int64(decision)).OneIn(s.Decisions)
}

// LookHolds is how long a second look waits for its answer; then the sample goes to another colleague.
const LookHolds = 24 * time.Hour

// LookToken names a second look in addresses: random, so that it tells nothing.
type LookToken string

// SecondLook is what the second person gets to see. Nothing in it says who judged the first time, when,
// why, or what: neither review, entry nor time of it.
type SecondLook struct {
	Token      LookToken
	Kind       SampleKind
	Until      time.Time
	Dossier    Dossier    // as it stood for the first
	Comparator string     // by which the first compared
	Matches    []MatchKey // that the finding is asked on; of a decision those that were open
}

// Compared is each party that the look is at, beside its subject. ErrNotFound when docket has the rules
// no longer, or a party is gone.
func (l SecondLook) Compared() ([]ComparedParty, error) {
	all, err := CompareParties(l.Dossier, l.Comparator)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(c ComparedParty) bool {
		return !c.Party.any(func(m *Match) bool { return slices.Contains(l.Matches, m.Key) })
	})
	if l.Kind == SampleFinding && len(all) == 0 {
		return nil, ErrNotFound
	}
	return all, nil
}

// ExamineForm is the answer of a second look: a finding, or an outcome.
type ExamineForm struct {
	Finding  Finding
	Outcome  Outcome
	Reason   Reason
	Note     string
	Premises []string // keys of premises, see Premise.Key
	Missing  []Fact
}

// Opinion is the answer of a second look as it was checked.
type Opinion struct {
	Finding  Finding
	Outcome  Outcome
	Reason   Reason
	Note     string
	Premises []PremiseKind // of a false positive: at least one
	Missing  []Fact        // of what cannot be told: at least one
}

// Check checks an answer under a policy as that of a first finding is, see DispositionForm.Grounds, but by the rules of
// comparison that the page showed. *Invalid says what a person can put right.
func (f ExamineForm) Check(p Policy, l SecondLook) (Opinion, error) {
	if l.Kind == SampleDecision {
		return f.checkOutcome(p)
	}
	compared, err := l.Compared()
	if err != nil {
		return Opinion{}, err
	}
	var inv Invalid
	form := DispositionForm{Finding: f.Finding, Reason: f.Reason, Note: f.Note, Premises: f.Premises, Missing: f.Missing}
	made := Opinion{Finding: f.Finding, Reason: f.Reason, Note: f.Note}
	other := false
	switch {
	case f.Finding == "":
		inv.Add("finding", "Choose a finding: false positive, true match or cannot tell")
	case !slices.Contains(Findings(), f.Finding):
		inv.Add("finding", "Choose one of the three findings")
	case f.Finding == FalsePositive && form.checkPremises(&inv):
		other = slices.Contains(f.Premises, string(PremiseOther))
		made.Premises = f.premises(compared, &inv)
	case f.Finding == CannotTell && form.checkMissing(&inv):
		other = slices.Contains(f.Missing, FactOther)
		made.Missing = f.missing(compared, &inv)
	}
	checkReason(&inv, f.Reason, p.Findings, "Choose the main reason for this finding")
	checkNote(&inv, f.Note, other || needsNote(p.Findings, f.Reason))
	return made, inv.OrNil()
}

func (f ExamineForm) checkOutcome(p Policy) (Opinion, error) {
	var inv Invalid
	if !slices.Contains(Outcomes(), f.Outcome) {
		inv.Add("outcome", "Choose to approve or to decline")
	}
	checkReason(&inv, f.Reason, p.Decisions, "Choose a reason for this decision")
	checkNote(&inv, f.Note, needsNote(p.Decisions, f.Reason))
	return Opinion{Outcome: f.Outcome, Reason: f.Reason, Note: f.Note}, inv.OrNil()
}

// premises are the kinds that were ticked, each once, in the order of the form.
func (f ExamineForm) premises(compared []ComparedParty, inv *Invalid) []PremiseKind {
	var kinds []PremiseKind
	for _, key := range f.Premises {
		name, _, _ := strings.Cut(key, ":")
		kind := PremiseKind(name)
		found := kind == PremiseOther || slices.ContainsFunc(compared, func(c ComparedParty) bool {
			return slices.ContainsFunc(c.Premises(), func(p Premise) bool { return p.Kind == kind })
		})
		if !found {
			inv.Add("premise", "Choose another reason: "+kind.apart())
			return nil
		}
		if !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// missing are the facts that were ticked, each once. What is known is not missing.
func (f ExamineForm) missing(compared []ComparedParty, inv *Invalid) []Fact {
	var facts []Fact
	for _, m := range f.Missing {
		if slices.ContainsFunc(compared, func(c ComparedParty) bool { return c.knows(m) }) {
			inv.Add("missing", "Tick what else would settle it: "+m.known())
			return nil
		}
		if !slices.Contains(facts, m) {
			facts = append(facts, m)
		}
	}
	return facts
}

// CanExamine says whether a colleague may take second looks: reviewers, leads and admins who are not
// disabled. ErrForbidden otherwise.
func CanExamine(c Colleague) error {
	if c.Disabled || !c.Role.Acts() {
		return ErrForbidden
	}
	return nil
}

// Upheld is whose answer a lead found right.
type Upheld string

const (
	UpheldFirst  Upheld = "first"
	UpheldSecond Upheld = "second"
	UpheldThird  Upheld = "third" // neither's: another one
)

// Upholds lists every value.
func Upholds() []Upheld { return []Upheld{UpheldFirst, UpheldSecond, UpheldThird} }

// Argument is what one of two said of a sample.
type Argument struct {
	Entry    EntryID
	By       ColleagueID
	ByName   string
	At       time.Time
	Finding  Finding
	Outcome  Outcome
	Reason   Reason
	Policy   PolicyVersion // that worded the reason
	Note     string
	Premises []PremiseKind
	Missing  []Fact
}

// Same says that two come to the same: the finding, or the outcome. Reasons may differ.
func (a Argument) Same(b Argument) bool { return a.Finding == b.Finding && a.Outcome == b.Outcome }

// DisagreementID numbers second looks that came to something else than the first.
type DisagreementID int64

// Disagreement is a sample of which two say different things.
type Disagreement struct {
	ID            DisagreementID
	Sample        Sample
	First, Second Argument
	Subject       string // as the page of the review names them, as it stands now
	Resolution    Resolution
}

// Resolution is how a lead settled a disagreement; zero while nobody has.
type Resolution struct {
	Entry   EntryID
	Upheld  Upheld
	Finding Finding // of a finding
	Outcome Outcome // of a decision
	Note    string
	By      ColleagueID
	ByName  string
	At      time.Time
}

// CanResolve says whether a colleague may settle a disagreement: a lead or an admin who is neither of
// the two. ErrForbidden otherwise.
func (d Disagreement) CanResolve(c Colleague) error {
	if c.Disabled || c.Role != RoleLead && c.Role != RoleAdmin || c.ID == d.First.By || c.ID == d.Second.By {
		return ErrForbidden
	}
	return nil
}

// ResolveForm is what a lead sends to settle a disagreement.
type ResolveForm struct {
	Upheld  Upheld
	Finding Finding // of a third finding
	Note    string
}

// Check gives the resolution; *Invalid says what a person can put right.
func (f ResolveForm) Check(d Disagreement) (Resolution, error) {
	var inv Invalid
	r := Resolution{Upheld: f.Upheld, Note: f.Note}
	switch f.Upheld {
	case UpheldFirst:
		r.Finding, r.Outcome = d.First.Finding, d.First.Outcome
	case UpheldSecond:
		r.Finding, r.Outcome = d.Second.Finding, d.Second.Outcome
	case UpheldThird:
		switch {
		case d.Sample.Kind == SampleDecision:
			inv.Add("upheld", "Choose one of the two: a review is approved or declined")
		case !slices.Contains(Findings(), f.Finding):
			inv.Add("finding", "Choose which finding it is instead")
		case f.Finding == d.First.Finding || f.Finding == d.Second.Finding:
			inv.Add("finding", "Choose a finding that neither of them gave, or choose whose it is")
		}
		r.Finding = f.Finding
	default:
		inv.Add("upheld", "Choose who is right, or give a third finding")
	}
	checkNote(&inv, f.Note, true)
	return r, inv.OrNil()
}
