package review

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
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

// Grounds checks a disposition form under a policy against the dossier, the findings of earlier reviews that may
// be carried (see Retests) and those of this review that stand (see StillStanding), and gives one
// ground per party in the order of the dossier. *Invalid says what a person can put right, in the
// fields match, finding, premise, missing, carry, reason and note.
//
// Premises and findings to carry that are sent with another finding than a false positive are no
// part of it, nor are missing facts with another than one that cannot be told: a form may still
// hold the ticks of its hidden parts.
func (f DispositionForm) Grounds(p Policy, d Dossier, earlier, found []Disposition) ([]Ground, error) {
	var inv Invalid
	posted := f.posted(d, &inv)
	if f.Finding == "" {
		inv.Add("finding", "Choose a finding: false positive, true match or cannot tell")
	} else if !slices.Contains(Findings(), f.Finding) {
		inv.Add("finding", "Choose one of the three findings")
	}
	var refused refusals
	grounds := make([]Ground, 0, len(posted))
	for _, on := range posted {
		grounds = append(grounds, Ground{Party: on.party, Subject: d.SubjectOfParty(on.party), Matches: on.matches, Finding: f.Finding, Reason: f.Reason})
	}
	other, carries := false, false
	switch f.Finding {
	case FalsePositive:
		other, carries = slices.Contains(f.Premises, string(PremiseOther)), len(f.Carry) > 0
		known := f.checkPremises(&inv)
		f.carry(d, grounds, earlier, found, &refused)
		for i := 0; known && i < len(grounds); i++ {
			f.rest(&grounds[i], &refused)
		}
	case CannotTell:
		other = slices.Contains(f.Missing, FactOther)
		known := f.checkMissing(&inv)
		for i := 0; known && i < len(grounds); i++ {
			f.lack(&grounds[i], &refused)
		}
	}
	refused.addTo(&inv)
	if !carries || f.Reason != "" {
		checkReason(&inv, f.Reason, p.Findings, "Choose the main reason for this finding")
	}
	checkNote(&inv, f.Note, other || needsNote(p.Findings, f.Reason))
	if err := inv.OrNil(); err != nil {
		return nil, err
	}
	for i := range grounds {
		grounds[i].Seen = PartyEvidence(grounds[i].Subject, grounds[i].Party)
	}
	return grounds, nil
}

// posted is a party with those of its open matches that a form names.
type posted struct {
	party   Party
	matches []MatchKey
}

// maxPosted caps how many matches, and how many findings to carry, one form may name: more than a
// page can show. Of premises and facts there are few.
const (
	maxPosted = 5_000
	maxTicked = 100
)

// posted gathers the form's matches by party. A match that is named twice counts once.
func (f DispositionForm) posted(d Dossier, inv *Invalid) []posted {
	switch {
	case len(f.Matches) == 0:
		inv.Add("match", "Choose the matches that this finding is for")
		return nil
	case len(f.Matches) > maxPosted:
		inv.Add("match", "Choose at most "+strconv.Itoa(maxPosted)+" matches at once")
		return nil
	}
	wanted := make(map[MatchKey]bool, len(f.Matches))
	for _, k := range f.Matches {
		wanted[k] = true
	}
	var all []posted
	for _, p := range Parties(d) {
		var keys []MatchKey
		for i := range p.Matches {
			if m := &p.Matches[i]; m.Open() && wanted[m.Key] {
				keys = append(keys, m.Key)
				delete(wanted, m.Key)
			}
		}
		if len(keys) > 0 {
			all = append(all, posted{p, keys})
		}
	}
	if len(wanted) > 0 {
		inv.Add("match", "Open the review again: one of these matches is not open on it")
	}
	return all
}

// checkPremises says whether the premises are such as a page shows.
func (f DispositionForm) checkPremises(inv *Invalid) bool {
	unknown := slices.ContainsFunc(f.Premises, func(key string) bool {
		kind, _, _ := strings.Cut(key, ":")
		return !slices.Contains(PremiseKinds(), PremiseKind(kind))
	})
	switch {
	case len(f.Premises) > maxTicked || unknown:
		inv.Add("premise", "Open the review again: the page sent a reason that it never showed")
		return false
	case len(f.Premises) == 0 && len(f.Carry) == 0:
		inv.Add("premise", "Tick at least one reason that sets them apart, or say it in the note and tick “Something else”")
	}
	return true
}

// carry takes the premises of earlier findings over. Each party must have one among those sent,
// and it must still hold.
func (f DispositionForm) carry(d Dossier, grounds []Ground, earlier, found []Disposition, refused *refusals) {
	if len(f.Carry) == 0 || len(grounds) == 0 {
		return
	}
	if len(f.Carry) > maxPosted {
		refused.add("carry", "Accept fewer earlier findings at once", Party{})
		return
	}
	parties := make([]Party, 0, len(grounds))
	for i := range grounds {
		parties = append(parties, grounds[i].Party)
	}
	retests := Retests(d, parties, earlier)
	used := map[EntryID]bool{}
	for i := range grounds {
		g := &grounds[i]
		r, ok := retests[g.Matches[0]]
		used[r.Earlier.Entry] = true
		judged := slices.ContainsFunc(found, func(f Disposition) bool {
			return f.Finding != FalsePositive && g.Party.any(func(m *Match) bool { return m.Key == f.Match })
		})
		switch {
		case !ok || !slices.Contains(f.Carry, r.Earlier.Entry):
			refused.add("carry", "Judge %s without an earlier finding: none of those sent is the last one on it", g.Party)
		case judged:
			refused.add("carry", "Judge %s by itself: this review has found something else of it", g.Party)
		case r.Reopened():
			refused.add("carry", "Judge %s anew: not every reason that cleared it earlier still holds", g.Party)
		case len(r.Fresh) > 0:
			refused.add("carry", "Judge %s anew: it has a match that the earlier finding never saw", g.Party)
		case !r.Held():
			refused.add("carry", "Judge %s anew: nothing that cleared it earlier can be tested again", g.Party)
		}
		g.Carries, g.Reason = r.Earlier.Entry, cmp.Or(f.Reason, r.Earlier.Reason)
		for _, p := range r.Premises {
			if p.Testable() {
				g.Premises = append(g.Premises, p.Premise)
			}
		}
	}
	if slices.ContainsFunc(f.Carry, func(e EntryID) bool { return !used[e] }) {
		refused.add("carry", "Open the review again: an earlier finding that was sent is about none of these matches", Party{})
	}
}

// rest adds the premises that were ticked, as the comparison with the party gives them.
func (f DispositionForm) rest(g *Ground, refused *refusals) {
	if len(f.Premises) == 0 {
		return
	}
	found := comparedNow(g.Party, g.Subject).Premises()
	for _, key := range f.Premises {
		name, _, counted := strings.Cut(key, ":")
		kind := PremiseKind(name)
		if kind == PremiseOther {
			g.add(Premise{Kind: PremiseOther, Comparator: ComparatorVersion})
			continue
		}
		switch i := slices.IndexFunc(found, func(p Premise) bool { return p.Kind == kind }); {
		case i < 0:
			refused.add("premise", "Choose another reason for %s, or judge it by itself: "+kind.apart(), g.Party)
		case counted && found[i].Key() != key:
			refused.add("premise", "Open the review again: what sets %s apart is not counted as the page says", g.Party)
		default:
			g.add(found[i])
		}
	}
}

// add adds a premise, unless one of its kind is there: what was carried stays as it was.
func (g *Ground) add(p Premise) {
	if !slices.ContainsFunc(g.Premises, func(have Premise) bool { return have.Kind == p.Kind }) {
		g.Premises = append(g.Premises, p)
	}
}

// apart says of a kind of premise that a party lacks it.
func (k PremiseKind) apart() string {
	switch k {
	case PremiseYearsApart:
		return "the years of birth do not set it apart"
	case PremiseDaysApart:
		return "the days of birth do not set it apart"
	case PremiseCountriesApart:
		return "the countries do not set it apart"
	case PremiseSexApart:
		return "the sex does not set it apart"
	case PremiseKindApart:
		return "it is of the kind that our subject is"
	case PremiseFamilyNameApart:
		return "the family name does not set it apart"
	case PremiseNameApart:
		return "the parts of the name do not set it apart"
	case PremiseIdentifierApart:
		return "the numbers do not set it apart"
	case PremiseDiedBefore:
		return "no date of death sets it apart"
	}
	return "nothing that can be tested sets it apart"
}

// checkMissing says whether the facts are such as a page shows.
func (f DispositionForm) checkMissing(inv *Invalid) bool {
	unknown := slices.ContainsFunc(f.Missing, func(m Fact) bool { return !slices.Contains(Facts(), m) })
	switch {
	case len(f.Missing) > maxTicked || unknown:
		inv.Add("missing", "Open the review again: the page sent a fact that it never showed")
		return false
	case len(f.Missing) == 0:
		inv.Add("missing", "Tick what would settle it, or name it in the note and tick “Something else”")
	}
	return true
}

// lack adds the facts that were ticked, each once. What is known is not missing.
func (f DispositionForm) lack(g *Ground, refused *refusals) {
	c := comparedNow(g.Party, g.Subject)
	for _, m := range f.Missing {
		if c.knows(m) {
			refused.add("missing", "Tick what else would settle %s: "+m.known(), g.Party)
		}
		if !slices.Contains(g.Missing, m) {
			g.Missing = append(g.Missing, m)
		}
	}
}

// known says of a fact that it is.
func (f Fact) known() string {
	switch f {
	case FactBirthdateSubject:
		return "our subject’s birth date is known"
	case FactBirthdateMatch:
		return "the list gives a birth date"
	case FactBirthdaySubject:
		return "our subject’s day of birth is known"
	case FactBirthdayMatch:
		return "the list gives the day of birth"
	case FactCountrySubject:
		return "our subject’s country is known"
	case FactCountryMatch:
		return "the list gives a country"
	case FactSexSubject:
		return "our subject’s sex is known"
	case FactSexMatch:
		return "the list gives the sex"
	case FactNameSubject:
		return "our subject’s name is known in full"
	case FactIdentifierSubject:
		return "we have a number of our subject’s"
	case FactIdentifierMatch:
		return "the list gives a number"
	}
	return "the report told of it"
}
