package review_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// The figures of the chains: each begins with a finding, and each run changes one field.
const (
	chains       = 600
	runsPerChain = 12
)

// What stood apart at the beginning stays folded or opens again exactly as its meaning says. The
// oracle below knows what a premise means; it knows nothing of rules, verdicts and rows.
func TestPremisesReopenAndStayFoldedOverChainsOfRuns(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2", review.ComparatorVersion} {
		t.Run("version "+version, func(t *testing.T) {
			t.Parallel()
			count := map[string]int{}
			n := chains
			if version == "2" {
				n /= 2 // no premise was ever taken under it: it shows that frozen rules can be tested at all
			}
			for seed := range uint64(n) {
				walkChain(t, version, rand.New(rand.NewPCG(seed, 4)), count)
				if t.Failed() {
					t.Fatalf("chain %d", seed)
				}
			}
			t.Logf("version %s, %d chains of %d runs: %v", version, n, runsPerChain, count)
			for _, k := range review.PremiseKinds() {
				if k == review.PremiseOther || version == "2" && (k == review.PremiseIdentifierApart || k == review.PremiseDiedBefore) {
					continue // version 2 compares neither
				}
				for _, s := range review.Standings() {
					assert.GreaterOrEqual(t, count[string(k)+" "+string(s)], 5, "%s %s", k, s)
				}
			}
			for _, k := range []string{"folded", "opened", "new match", "findings stand", "findings lapse"} {
				if k != "new match" || version != "2" { // there the party is on one list alone
					assert.GreaterOrEqual(t, count[k], 100, k)
				}
			}
		})
	}
}

func walkChain(t *testing.T, version string, rng *rand.Rand, count map[string]int) {
	t.Helper()
	w := newWorld(rng, version == "2")
	earlier := w.judge(t, version, 1)
	for run := range runsPerChain {
		did := w.change()
		d := w.dossier()
		parties := review.Parties(d)
		retests := review.Retests(d, parties, earlier)
		for _, p := range parties {
			r, ok := retests[p.Matches[0].Key]
			o := oracle{version, w.subject, p.Matches}
			require.Equal(t, o.judged(earlier), ok, "run %d, %s: what was found is about %v", run, did, p.Name)
			if !ok {
				continue
			}
			held := len(o.unseen(earlier)) == 0
			for _, tested := range r.Premises {
				want := o.standing(tested.Premise)
				require.Equal(t, want, tested.Standing, "run %d, %s: %s\nwas %v | %v\nnow %v | %v\n%s", run, did, tested.Key(),
					tested.Premise.Subject, tested.Premise.Match, tested.SubjectNow, tested.MatchNow, o)
				count[string(tested.Kind)+" "+string(want)]++
				held = held && want == review.Holds
			}
			assert.ElementsMatch(t, o.unseen(earlier), r.Fresh)
			require.Equal(t, held, r.Held(), "run %d, %s", run, did)
			switch {
			case held:
				count["folded"]++
			case r.Reopened():
				count["opened"]++
			default:
				count["new match"]++
			}
			w.accept(t, d, p, earlier, r)
		}
		w.stand(t, d, parties, earlier, version, count)
		if rng.IntN(8) == 0 {
			if again := w.judge(t, version, review.EntryID(run+2)); len(again) > 0 {
				earlier = again // judged anew, by what sets them apart today
			}
		}
	}
}

// judge records false positives on what is open, by some of what sets the party apart. None when
// nothing does.
func (w *world) judge(t *testing.T, version string, entry review.EntryID) []review.Disposition {
	t.Helper()
	d := w.dossier()
	all, err := review.CompareParties(d, version)
	require.NoError(t, err)
	var made []review.Disposition
	for i, c := range all {
		entry := 10*entry + review.EntryID(i) // of each party for itself
		premises := slices.DeleteFunc(c.Premises(), func(p review.Premise) bool { return w.kinds && p.Kind.Weak() })
		shuffled(w.rng, &premises)
		if len(premises) > 0 {
			premises = premises[:1+w.rng.IntN(len(premises))]
		}
		if len(premises) == 0 {
			return nil
		}
		for _, m := range c.Party.OpenMatches() {
			made = append(made, review.Disposition{Entry: entry, Match: m.Key, Kind: m.Kind, Identity: m.Identity, Whose: review.Whose(c.Subject),
				Finding: review.FalsePositive, Reason: review.ReasonBirthdate, Note: c.Subject.FullName(), Premises: premises, Seen: review.PartyEvidence(c.Subject, c.Party)})
		}
		if len(c.Party.OpenMatches()) == 0 {
			return nil
		}
	}
	return made
}

// accept carries the finding over in this review: the form is taken exactly when it holds.
func (w *world) accept(t *testing.T, d review.Dossier, p review.Party, earlier []review.Disposition, r review.Retest) {
	t.Helper()
	var keys []review.MatchKey
	for _, m := range p.OpenMatches() {
		keys = append(keys, m.Key)
	}
	if len(keys) == 0 {
		return
	}
	grounds, err := review.DispositionForm{Matches: keys, Finding: review.FalsePositive, Carry: []review.EntryID{r.Earlier.Entry}}.Grounds(review.DefaultPolicy(), d, earlier, nil)
	if !r.Held() {
		require.Equal(t, []string{"carry"}, fields(t, err))
		return
	}
	require.NoError(t, err)
	require.Len(t, grounds, 1)
	require.Equal(t, r.Earlier.Premises, grounds[0].Premises)
	require.Equal(t, r.Earlier.Entry, grounds[0].Carries)
	require.Equal(t, review.ReasonBirthdate, grounds[0].Reason)
}

// stand puts the same findings to the world as those of a running review.
func (w *world) stand(t *testing.T, d review.Dossier, parties []review.Party, found []review.Disposition, version string, count map[string]int) {
	t.Helper()
	stands, lapsed := review.StillStanding(d, parties, found)
	require.Len(t, found, len(stands)+len(lapsed))
	for _, p := range parties {
		o := oracle{version, w.subject, p.Matches}
		for _, f := range found { // of one review: only the key tells
			if !slices.ContainsFunc(p.Matches, func(m review.Match) bool { return m.Key == f.Match }) {
				continue
			}
			want := !slices.ContainsFunc(f.Premises, func(p review.Premise) bool { return o.standing(p) != review.Holds })
			got := slices.ContainsFunc(stands, func(s review.Disposition) bool { return s.Match == f.Match })
			require.Equal(t, want, got, "the finding on %s by %v\n%s", f.Match, keysOf(f.Premises), o)
			if want {
				count["findings stand"]++
			} else {
				count["findings lapse"]++
			}
		}
	}
}
