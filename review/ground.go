package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Ground is what a disposition form rests on for one party: the form as checked against the
// dossier. Each party of an act is recorded for itself.
type Ground struct {
	Party    Party
	Subject  Subject    // whom the matches are about
	Matches  []MatchKey // of the form, on this party, in the order of the dossier
	Finding  Finding
	Reason   Reason    // the form's, else that of the finding carried
	Premises []Premise // of a false positive: at least one
	Missing  []Fact    // of what cannot be told: at least one
	Carries  EntryID   // the earlier finding whose premises are taken over; 0 none
	Seen     Hash      // see PartyEvidence
}

// maxPosted caps how many values of one field a form may hold: more than a page can show.
const maxPosted = 5_000

// Grounds checks a disposition form against the dossier, the earlier findings that may be carried
// (see Retests) and the findings of this review that stand, and gives one ground per party in the
// order of the dossier. *Invalid says what a person can put right, in the fields match, finding,
// premise, missing, carry, reason and note.
//
// Premises sent with another finding than a false positive are no part of it, nor are missing
// facts with another than one that cannot be told: a form may still hold the ticks of its hidden
// parts.
func (f DispositionForm) Grounds(d Dossier, earlier, found []Disposition) ([]Ground, error) {
	var inv Invalid
	posted := f.posted(d, &inv)
	if f.Finding == "" {
		inv.Add("finding", "Choose a finding: false positive, true match or cannot tell")
	} else if !slices.Contains(Findings(), f.Finding) {
		inv.Add("finding", "Choose one of the three findings")
	}
	carries := f.Finding == FalsePositive && len(f.Carry) > 0
	if !carries || f.Reason != "" {
		checkReason(&inv, f.Reason, FindingReasons(), "Choose the main reason for this finding")
	}
	other := f.Finding == FalsePositive && slices.Contains(f.Premises, string(PremiseOther)) ||
		f.Finding == CannotTell && slices.Contains(f.Missing, FactOther)
	checkNote(&inv, f.Note, other || f.Reason == ReasonOther)

	var retests map[PartyKey]Retest
	if carries {
		retests = Retests(d, partiesOf(posted), earlier)
	}
	grounds := make([]Ground, 0, len(posted))
	for _, p := range posted {
		all, err := compareEach(d, []Party{p.party}, ComparatorVersion)
		if err != nil {
			return nil, err
		}
		c := all[0]
		g := Ground{Party: p.party, Subject: c.Subject, Matches: p.matches, Finding: f.Finding, Reason: f.Reason,
			Seen: PartyEvidence(c.Subject, p.party)}
		switch f.Finding {
		case FalsePositive:
			f.ground(&g, c, retests, &inv)
		case CannotTell:
			g.Missing = f.Missing
			if len(f.Missing) == 0 {
				addOnce(&inv, "missing", "Say what is missing")
			}
		}
		grounds = append(grounds, g)
	}
	_ = found
	if err := inv.OrNil(); err != nil {
		return nil, err
	}
	return grounds, nil
}

// postedParty is a party with those of its matches that a form names.
type postedParty struct {
	party   Party
	matches []MatchKey
}

func partiesOf(posted []postedParty) []Party {
	var parties []Party
	for _, p := range posted {
		parties = append(parties, p.party)
	}
	return parties
}

func (f DispositionForm) posted(d Dossier, inv *Invalid) []postedParty {
	wanted := make(map[MatchKey]bool, len(f.Matches))
	for _, k := range f.Matches {
		wanted[k] = true
	}
	var posted []postedParty
	n := 0
	for _, p := range Parties(d) {
		var keys []MatchKey
		for _, m := range p.OpenMatches() {
			if wanted[m.Key] {
				keys = append(keys, m.Key)
			}
		}
		if n += len(keys); len(keys) > 0 {
			posted = append(posted, postedParty{p, keys})
		}
	}
	switch {
	case len(f.Matches) == 0:
		inv.Add("match", "Choose the matches that this finding is for")
	case n < len(wanted):
		inv.Add("match", "Open the review again: one of these matches is not open on it")
	}
	return posted
}

// ground gathers what a false positive rests on.
func (f DispositionForm) ground(g *Ground, c ComparedParty, retests map[PartyKey]Retest, inv *Invalid) {
	if r, ok := retests[g.Party.Key]; ok && slices.Contains(f.Carry, r.Earlier.Entry) && r.Held() {
		g.Carries, g.Reason = r.Earlier.Entry, cmp.Or(f.Reason, r.Earlier.Reason)
		for _, p := range r.Premises {
			if p.Testable() {
				g.Premises = append(g.Premises, p.Premise)
			}
		}
	} else if len(f.Carry) > 0 {
		addOnce(inv, "carry", "Judge "+g.Party.called()+" anew: not every earlier reason still holds")
	}
	for _, key := range f.Premises {
		kind, amount, counted := strings.Cut(key, ":")
		if kind == string(PremiseOther) {
			g.Premises = append(g.Premises, Premise{Kind: PremiseOther, Comparator: ComparatorVersion})
			continue
		}
		i := slices.IndexFunc(c.Premises(), func(p Premise) bool { return string(p.Kind) == kind && (!counted || p.Key() == kind+":"+amount) })
		if i < 0 {
			addOnce(inv, "premise", "Choose another reason for "+g.Party.called())
			continue
		}
		g.Premises = append(g.Premises, c.Premises()[i])
	}
	if len(g.Premises) == 0 && len(f.Carry) == 0 {
		addOnce(inv, "premise", "Tick at least one reason that sets them apart, or say it in the note and tick “Something else”")
	}
}

func addOnce(inv *Invalid, field, text string) {
	if !slices.ContainsFunc(inv.Problems, func(p Problem) bool { return p.Field == field }) {
		inv.Add(field, text)
	}
}

// maxCalled is how much of a listed name a sentence holds.
const maxCalled = 60

// called is the party's name for a sentence.
func (p Party) called() string {
	name := strings.TrimSpace(p.Name)
	switch {
	case name == "":
		return "the party without a name"
	case utf8.RuneCountInString(name) > maxCalled:
		name = string([]rune(name)[:maxCalled]) + "…"
	}
	return fmt.Sprintf("“%s”", name)
}
