package review

import (
	"cmp"
	"slices"
	"time"
)

// Precedent is what colleagues found on one listed party for other subjects, the newest finding
// first: of each subject the newest one, however many matches and reviews it was about.
type Precedent struct {
	Judged []Judged // at most MaxPrecedent
	More   bool     // there are older ones beyond
}

// MaxPrecedent is how many findings on one party are looked at.
const MaxPrecedent = 200

// Judged is one finding on a listed party.
type Judged struct {
	Entry    EntryID
	Subject  int64 // tells subjects apart, and says nothing else of them: see SubjectSign
	Finding  Finding
	Premises []Premise // of a false positive; without the values
}

// Count says how many subjects got a finding.
func (p Precedent) Count(f Finding) int {
	n := 0
	for i := range p.Judged {
		if p.Judged[i].Finding == f {
			n++
		}
	}
	return n
}

// PrecedentPremise is how often false positives on a party rested on one kind of premise, and
// whether the same stands between it and the subject at hand.
type PrecedentPremise struct {
	Kind      PremiseKind
	Attribute Attribute // "" for what was said in a note
	Times     int       // subjects
	// Here: it Holds when this comparison gives a premise of the same kind; it is Untestable
	// when this comparison lacks a value, and always for what was said in a note; else Broken.
	Here  Standing
	Lacks Verdict // which side lacks the value, MissingSubject or MissingMatch; "" none, or both
}

// Against sets the premises of the false positives beside the comparison of the subject at hand
// with the party: the most frequent kind first.
func (p Precedent) Against(c ComparedParty) []PrecedentPremise {
	var all []PrecedentPremise
	for i := range p.Judged {
		j := &p.Judged[i]
		if j.Finding != FalsePositive {
			continue
		}
		var met []PremiseKind
		for _, q := range j.Premises {
			if slices.Contains(met, q.Kind) {
				continue
			}
			met = append(met, q.Kind)
			at := slices.IndexFunc(all, func(a PrecedentPremise) bool { return a.Kind == q.Kind })
			if at < 0 {
				at = len(all)
				all = append(all, PrecedentPremise{Kind: q.Kind, Attribute: q.Attribute})
			}
			all[at].Times++
		}
	}
	if len(all) == 0 {
		return nil
	}
	here := c.Premises()
	for i := range all {
		all[i].stand(here, c.Rows)
	}
	slices.SortStableFunc(all, func(a, b PrecedentPremise) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.Kind, b.Kind))
	})
	return all
}

func (p *PrecedentPremise) stand(here []Premise, rows []Comparison) {
	p.Here = Untestable
	if p.Kind == PremiseOther {
		return
	}
	if slices.ContainsFunc(here, func(q Premise) bool { return q.Kind == p.Kind }) {
		p.Here = Holds
		return
	}
	for _, row := range rows {
		switch {
		case row.Attribute != p.Attribute:
		case row.Verdict == MissingSubject, row.Verdict == MissingMatch:
			p.Lacks = row.Verdict
		default:
			p.Here = Broken
		}
	}
}

// SubjectSign tells dossiers of one subject from those of others, across transactions: by the one
// account that they are tied to, else by the reference id, else each root is a subject of its own.
// It is a digest: nobody can read it back.
func SubjectSign(d Dossier) int64 {
	root := d.Root()
	var account string
	accounts := 0
	for i := range d.Records {
		if r := d.Records[i].Ref; r.Family() == "account" {
			if accounts++; accounts == 1 {
				account = r.ID
			}
		}
	}
	switch {
	case accounts == 1:
		return AccountSign(account)
	case root.ReferenceID.Value != "":
		return subjectSign("reference", root.ReferenceID.Value)
	}
	return RootSign(root.Ref)
}

// AccountSign is the SubjectSign of whoever has an account.
func AccountSign(id string) int64 { return subjectSign("account", id) }

// RootSign is the SubjectSign of a root that neither an account nor a reference ties to others.
func RootSign(ref Ref) int64 { return subjectSign("root", ref.String()) }

func subjectSign(by, who string) int64 {
	sum := Sum([]byte(by + "\x00" + who))
	n := int64(0)
	for _, b := range sum[:8] {
		n = n<<8 | int64(b)
	}
	return n
}

// Listed is one match as the page of its party tells of it.
type Listed struct {
	Match     MatchKey
	Own       PartyKey // by itself
	Party     PartyKey // as gathered with others
	GroupedBy string   // why, "" when it stands alone
	Name      string
	Born      []Birthdate
	What      PartyKind
	Kind      ReportKind
	Lists     []string // names
	State     ListedState
	FirstSeen time.Time // zero: no run tells
}

// ListedState is what has become of a match.
type ListedState string

const (
	ListedOpen      ListedState = "open"
	ListedDismissed ListedState = "dismissed" // at Persona
	ListedGone      ListedState = "gone"      // the report does not give it any more; a finding on it stays
)

// ListedStates lists every value.
func ListedStates() []ListedState { return []ListedState{ListedOpen, ListedDismissed, ListedGone} }

// ListedIn gives the matches of a dossier, each with the party that it belongs to.
func ListedIn(d Dossier) []Listed {
	var all []Listed
	for _, p := range Parties(d) {
		for i := range p.Matches {
			m := &p.Matches[i]
			own := p.Key // of a single match the two are one
			if len(p.Matches) > 1 {
				own = m.PartyKey()
			}
			l := Listed{Match: m.Key, Own: own, Party: p.Key, GroupedBy: p.GroupedBy, Name: m.PrimaryName(), Born: m.Birthdates, What: m.Party,
				Kind: m.Kind, State: ListedOpen, FirstSeen: m.FirstSeen}
			if !m.Open() {
				l.State = ListedDismissed
			}
			for _, on := range m.Listings {
				l.Lists = append(l.Lists, cmp.Or(on.Name, on.Slug))
			}
			all = append(all, l)
		}
	}
	return all
}
