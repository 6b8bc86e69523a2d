package review

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// LabelledPair is two names of which somebody has said whether they are of one party.
type LabelledPair struct {
	Schema  string // Person, Company, …
	Group   string // what the pair was made to test; those proposed by a language model begin with "synth"
	Quality string // how clear the label is: STRONG, MEDIUM, WEAK
	Ours    string
	Theirs  string
	Same    bool
}

// Kind is what docket compares parties of a schema as.
func (p LabelledPair) Kind() PartyKind { return SchemaKind(p.Schema) }

// SchemaKind reads the word that pair files use for a kind of party.
func SchemaKind(schema string) PartyKind {
	switch strings.ToLower(schema) {
	case "person":
		return PartyPerson
	case "vessel":
		return PartyVessel
	case "":
		return PartyUnknown
	}
	return PartyBusiness
}

type judgedPair struct {
	LabelledPair
	found NameComparison
	made  bool // the label was proposed by a language model
	tier  string
	pair  string // scripts
}

// bootstraps is how often the report draws the pairs anew for an interval: enough for two digits.
const bootstraps = 500

// ReportPairs compares labelled pairs and says how well: for all, by schema, group, script and
// tier, with the worst errors. The same pairs give the same bytes. Pairs that people labelled and
// pairs that a language model proposed stand apart: their labels follow different policies.
func ReportPairs(pairs []LabelledPair) string {
	all := judge(pairs)
	var b strings.Builder
	fmt.Fprintf(&b, "Comparator %s, %d pairs.\n", ComparatorVersion, len(all))
	section := func(title string, key func(judgedPair) string) {
		fmt.Fprintf(&b, "\n%-30s %5s %5s %6s %-15s %-22s %-22s\n", title, "same", "other", "AUC", "95 %", "agree: precision, recall", "not conflict: precision, recall")
		groups := map[string][]judgedPair{}
		var order []string
		for _, p := range all {
			k := key(p)
			if groups[k] == nil {
				order = append(order, k)
			}
			groups[k] = append(groups[k], p)
		}
		slices.Sort(order)
		for _, k := range order {
			b.WriteString(reportLine(k, groups[k]))
		}
	}
	section("all", func(judgedPair) string { return "all" })
	section("by label", func(p judgedPair) string { return labelled(p) })
	section("by schema", func(p judgedPair) string { return p.Schema + ", " + labelled(p) })
	section("by group", func(p judgedPair) string { return cmp.Or(p.Group, "none") })
	section("by script", func(p judgedPair) string { return p.pair })
	section("by tier", func(p judgedPair) string { return p.tier })
	persons := slices.DeleteFunc(slices.Clone(all), func(p judgedPair) bool { return p.made || p.Kind() != PartyPerson })
	if len(persons) > 0 {
		cut, recall, kept, same := recallAt(persons, 0.95)
		fmt.Fprintf(&b, "\nPersons labelled by people: recall %.3f (%d of %d) at precision ≥ 0.95, %d pairs at or above %.3f.\n",
			recall, int(recall*float64(same)+0.5), same, kept, cut)
	}
	b.WriteString("\nmean strength by tier\n")
	b.WriteString(meansByTier(all, ""))
	b.WriteString("\nbands that are shown\n")
	for _, label := range labels {
		b.WriteString(bandLines(label, labelledBy(label, all)))
	}
	if people := len(labelledBy(labels[0], all)); people > 0 && people < len(all) {
		section("by script and label", func(p judgedPair) string { return p.pair + ", " + labelled(p) })
		section("by tier and label", func(p judgedPair) string { return p.tier + ", " + labelled(p) })
		b.WriteString("\nmean strength by tier and label\n")
		for _, label := range labels {
			b.WriteString(meansByTier(labelledBy(label, all), ", "+label))
		}
	}
	b.WriteString(worst(all, 20))
	return b.String()
}

// meansByTier is the mean strength of each tier, from the clearest pairs of one party to the clearest
// of two: where strength says what the labels say, it falls all the way.
func meansByTier(pairs []judgedPair, apart string) string {
	var b strings.Builder
	for _, tier := range []string{"STRONG", "MEDIUM", "WEAK"} {
		for _, same := range []bool{true, false} {
			sum, n := 0.0, 0
			for _, p := range pairs {
				if p.tier == tier && p.Same == same {
					sum, n = sum+p.found.Strength, n+1
				}
			}
			if n > 0 {
				fmt.Fprintf(&b, "%-7s %-5s %.3f (n %d)%s\n", tier, map[bool]string{true: "same", false: "other"}[same], sum/float64(n), n, apart)
			}
		}
	}
	return b.String()
}

// labelledBy are the pairs that one of labels holds for.
func labelledBy(label string, all []judgedPair) []judgedPair {
	return slices.DeleteFunc(slices.Clone(all), func(p judgedPair) bool { return labelled(p) != label })
}

// bandLines says of each verdict how many of the pairs that get it are of one party, and how many
// of all those of one party get it.
func bandLines(label string, pairs []judgedPair) string {
	var b strings.Builder
	for _, v := range []Verdict{Agree, Close, Conflict} {
		in, right, same := 0, 0, 0
		for _, p := range pairs {
			if p.Same {
				same++
			}
			if p.found.Verdict == v {
				if in++; p.Same {
					right++
				}
			}
		}
		if in > 0 && same > 0 {
			fmt.Fprintf(&b, "%-22s %-8s %4d pairs, %.3f of them same; %.3f of all same (%d of %d)\n", label, v, in, float64(right)/float64(in), float64(right)/float64(same), right, same)
		}
	}
	return b.String()
}

func judge(pairs []LabelledPair) []judgedPair {
	all := make([]judgedPair, 0, len(pairs))
	for _, p := range pairs {
		c := CompareNames(p.Kind(), []Name{{Value: p.Ours}}, []Name{{Value: p.Theirs}})
		all = append(all, judgedPair{p, c, strings.HasPrefix(p.Group, "synth"), cmp.Or(p.Quality, "none"), scriptPair(p)})
	}
	return all
}

// labels are who may have labelled a pair.
var labels = []string{"labelled by people", "proposed by a model"}

func labelled(p judgedPair) string {
	if p.made {
		return labels[1]
	}
	return labels[0]
}

func scriptPair(p LabelledPair) string {
	a, b := FoldName(p.Kind(), Name{Value: p.Ours}).script, FoldName(p.Kind(), Name{Value: p.Theirs}).script
	if b < a {
		a, b = b, a
	}
	return cmp.Or(a.String(), "no letters") + " / " + cmp.Or(b.String(), "no letters")
}

// reportLine gives n, AUC with its interval, and precision and recall of the two bands that are
// shown: agree alone, and whatever is no conflict.
func reportLine(name string, pairs []judgedPair) string {
	same, other := 0, 0
	var agree, open [2]int // those that are the same, and those that are not
	for _, p := range pairs {
		k := 1
		if p.Same {
			k = 0
			same++
		} else {
			other++
		}
		if p.found.Verdict == Agree {
			agree[k]++
		}
		if p.found.Verdict != Conflict {
			open[k]++
		}
	}
	band := func(n [2]int) string {
		if n[0]+n[1] == 0 || same == 0 {
			return "-"
		}
		return fmt.Sprintf("%.3f of %d, %.3f", float64(n[0])/float64(n[0]+n[1]), n[0]+n[1], float64(n[0])/float64(same))
	}
	area, interval := "-", "-"
	if same > 0 && other > 0 {
		area = fmt.Sprintf("%.3f", areaUnderCurve(pairs))
		low, high := bootstrap(pairs)
		interval = fmt.Sprintf("%.3f to %.3f", low, high)
	}
	return fmt.Sprintf("%-30s %5d %5d %6s %-15s %-24s %-22s\n", name, same, other, area, interval, band(agree), band(open))
}

// areaUnderCurve is the chance that a pair of one party is stronger than one of two; equal
// strengths count half.
func areaUnderCurve(pairs []judgedPair) float64 {
	sorted := slices.Clone(pairs)
	slices.SortFunc(sorted, func(a, b judgedPair) int { return cmp.Compare(a.found.Strength, b.found.Strength) })
	below, sum, same, other := 0.0, 0.0, 0.0, 0.0
	for i := 0; i < len(sorted); {
		j, s, o := i, 0.0, 0.0
		for ; j < len(sorted) && sorted[j].found.Strength == sorted[i].found.Strength; j++ {
			if sorted[j].Same {
				s++
			} else {
				o++
			}
		}
		sum += s * (below + o/2)
		below, same, other, i = below+o, same+s, other+o, j
	}
	if same == 0 || other == 0 {
		return 0.5
	}
	return sum / same / other
}

// bootstrap is the 95 % interval of the area over pairs drawn anew, from a fixed seed.
func bootstrap(pairs []judgedPair) (low, high float64) {
	random := rand.New(rand.NewPCG(1, 2))
	areas := make([]float64, bootstraps)
	drawn := make([]judgedPair, len(pairs))
	for i := range areas {
		for k := range drawn {
			drawn[k] = pairs[random.IntN(len(pairs))]
		}
		areas[i] = areaUnderCurve(drawn)
	}
	slices.Sort(areas)
	return areas[bootstraps/40], areas[bootstraps-1-bootstraps/40]
}

// recallAt is the greatest recall at a precision, with the strength that it is cut at and how
// many pairs are at or above it.
func recallAt(pairs []judgedPair, precision float64) (cut, recall float64, kept, same int) {
	sorted := slices.Clone(pairs)
	slices.SortFunc(sorted, func(a, b judgedPair) int { return cmp.Compare(b.found.Strength, a.found.Strength) })
	for _, p := range sorted {
		if p.Same {
			same++
		}
	}
	hits := 0
	for i, p := range sorted {
		if p.Same {
			hits++
		}
		last := i == len(sorted)-1 || sorted[i+1].found.Strength < p.found.Strength
		if last && same > 0 && float64(hits)/float64(i+1) >= precision && float64(hits)/float64(same) > recall {
			cut, recall, kept = p.found.Strength, float64(hits)/float64(same), i+1
		}
	}
	return cut, recall, kept, same
}

// worst lists the pairs whose strength is furthest from their label, with what was found.
func worst(all []judgedPair, most int) string {
	miss := func(p judgedPair) float64 {
		if p.Same {
			return 1 - p.found.Strength
		}
		return p.found.Strength
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b judgedPair) int { return cmp.Compare(miss(b), miss(a)) })
	var b strings.Builder
	fmt.Fprintf(&b, "\nworst %d\n", min(most, len(sorted)))
	for _, p := range sorted[:min(most, len(sorted))] {
		label := "other"
		if p.Same {
			label = "same"
		}
		fmt.Fprintf(&b, "%.3f %-5s %-8s %s | %s (%s, %s)\n      %s", p.found.Strength, label, p.found.Verdict, p.Ours, p.Theirs, cmp.Or(p.Group, "none"), p.tier, p.found.Words)
		for _, t := range p.found.Tokens {
			fmt.Fprintf(&b, " [%s: %s · %s]", t.Kind, t.Subject, t.Party)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
