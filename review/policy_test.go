package review_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"docket/review"
)

// somePolicy draws a policy that may differ from the default in each of its sections.
func somePolicy(t *rapid.T, name string) review.Policy {
	p := review.DefaultPolicy()
	reasons := func(list []review.ReasonCode, of string) []review.ReasonCode {
		out := rapid.Permutation(list).Draw(t, name+of)[:rapid.IntRange(1, len(list)).Draw(t, name+of+" many")]
		if rapid.Bool().Draw(t, name+of+" reworded") {
			out[0].Text, out[0].Note = "In other words", !out[0].Note
		}
		return out
	}
	p.Findings, p.Decisions = reasons(p.Findings, " findings"), reasons(p.Decisions, " decisions")
	p.Second = rapid.SliceOfDistinct(rapid.SampledFrom(review.SecondRules()), rapid.ID).Draw(t, name+" second")
	for _, code := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 3, rapid.ID).Draw(t, name+" checklist") {
		p.Checklist = append(p.Checklist, review.ChecklistItem{Code: code, Text: "Do " + code, Outcome: rapid.SampledFrom([]review.Outcome{"", review.Decline}).Draw(t, name+" when"),
			Kind: rapid.SampledFrom([]review.ReportKind{"", review.KindPEP}).Draw(t, name+" kind")})
	}
	p.Times.Target = review.Minutes(rapid.IntRange(60, 9000).Draw(t, name+" target"))
	p.Sampling.Known = rapid.IntRange(0, 1000).Draw(t, name+" known")
	p.Retention[1].Days = rapid.SampledFrom([]int{0, 3660, 4000}).Draw(t, name+" keeps")
	return p
}

func section(p *review.Policy, s review.PolicySection, from review.Policy) {
	switch s {
	case review.SectionFindings:
		p.Findings = from.Findings
	case review.SectionDecisions:
		p.Decisions = from.Decisions
	case review.SectionSecond:
		p.Second = from.Second
	case review.SectionChecklist:
		p.Checklist = from.Checklist
	case review.SectionTimes:
		p.Times = from.Times
	case review.SectionSampling:
		p.Sampling = from.Sampling
	case review.SectionRetention:
		p.Retention = from.Retention
	}
}

// Taking over the sections that the diff names, and no others, makes one policy of the other.
func TestADiffNamesWhatDiffersAndNothingElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := somePolicy(t, "a"), somePolicy(t, "b")
		require.Empty(t, review.PolicyDiff(a, a))
		named := map[review.PolicySection]bool{}
		for _, c := range review.PolicyDiff(a, b) {
			require.NotEqual(t, c.Was, c.Is)
			named[c.Section] = true
		}
		made := a
		for _, s := range review.PolicySections() {
			alone := a
			section(&alone, s, b)
			require.Equal(t, alone.Digest() != a.Digest(), named[s], s)
			if named[s] {
				section(&made, s, b)
			}
		}
		require.Equal(t, b.Digest(), made.Digest())
	})
}

func TestADocumentIsReadBackAsTheSamePolicy(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := somePolicy(t, "p")
		read, err := review.ParsePolicy(p.Document())
		require.NoError(t, err)
		require.Equal(t, string(p.Document()), string(read.Document()))
		q := p
		q.Second = rapid.Permutation(p.Second).Draw(t, "order")
		require.Equal(t, p.Digest(), q.Digest(), "the order of rules says nothing")
	})
}

func TestADocumentThatIsNotUnderstoodIsRefused(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{`{"third_person":[]}`, `{"checklist":[],"checklist":[]}`, `{"times":{"target_minutes":"5"}}`, `[`, ``} {
		_, err := review.ParsePolicy([]byte(doc))
		assert.Error(t, err, doc)
	}
	_, err := review.ParsePolicy([]byte(`{"third_person":[]}`))
	assert.ErrorContains(t, err, "third_person")
}

func TestAPolicyIsChecked(t *testing.T) {
	t.Parallel()
	require.NoError(t, review.DefaultPolicy().Check())
	for field, spoil := range map[string]func(*review.Policy){
		"finding_code-1":   func(p *review.Policy) { p.Findings[0].Code = "Birth Date" },
		"finding_code-2":   func(p *review.Policy) { p.Findings[1].Code = p.Findings[0].Code },
		"finding_text-2":   func(p *review.Policy) { p.Findings[1].Text = " birth  DATE" },
		"finding_text-3":   func(p *review.Policy) { p.Findings[2].Text = "Left\u202eright" },
		"finding_text-8":   func(p *review.Policy) { p.Findings[7].Note = false },
		"finding_reasons":  func(p *review.Policy) { p.Findings = p.Findings[:7] },
		"decision_reasons": func(p *review.Policy) { p.Decisions = p.Decisions[1:] },
		"second_person":    func(p *review.Policy) { p.Second = append(p.Second, "everything") },
		"check_kind-1":     func(p *review.Policy) { p.Checklist = []review.ChecklistItem{{Code: "a", Text: "A", Kind: "credit"}} },
		"check_text-1":     func(p *review.Policy) { p.Checklist = []review.ChecklistItem{{Code: "a"}} },
		"warning":          func(p *review.Policy) { p.Times.Warning = p.Times.Target },
		"claim":            func(p *review.Policy) { p.Times.Claim = 4 },
		"target":           func(p *review.Policy) { p.Times.Target = 1 << 62 },
		"one_known_in":     func(p *review.Policy) { p.Sampling.Known = 1001 },
		"retain_cleared":   func(p *review.Policy) { p.Retention[0].Days = 1825 },
		"retain_access":    func(p *review.Policy) { p.Retention = p.Retention[:3] },
		"retention":        func(p *review.Policy) { p.Retention = append(p.Retention, p.Retention[0]) },
	} {
		p := review.DefaultPolicy()
		spoil(&p)
		assert.Equal(t, []string{field}, fields(t, p.Check()), field)
	}
}

func TestAnOldReasonKeepsItsWords(t *testing.T) {
	t.Parallel()
	then, now := review.DefaultPolicy(), review.DefaultPolicy()
	now.Version = 2
	now.Decisions[0].Text, now.Decisions = "All cleared", now.Decisions[:4]
	b := review.NewPolicyBook(2, then, now)
	assert.Equal(t, "Every match is a false positive", b.DecisionReason(1, review.ReasonAllFalsePositive))
	assert.Equal(t, "All cleared", b.DecisionReason(2, review.ReasonAllFalsePositive))
	assert.Equal(t, "A check failed", b.DecisionReason(2, review.ReasonFailedCheck), "the newest that had it")
	assert.Equal(t, "unheard_of", b.DecisionReason(2, "unheard_of"))
	assert.Equal(t, review.PolicyVersion(2), b.Now().Version)
}

func TestAReplayWeighsEachDecision(t *testing.T) {
	t.Parallel()
	before, after := review.DefaultPolicy(), review.DefaultPolicy()
	after.Second, after.Times.Target = []review.SecondRule{review.SecondCorrection}, 60
	var r review.PolicyReplay
	r.Add(before, after, review.PastDecision{Facts: review.DecisionFacts{Outcome: review.Decline, Reason: review.ReasonOther}, Second: true, Waited: 2 * time.Hour, First: true})
	r.Add(before, after, review.PastDecision{Facts: review.DecisionFacts{Outcome: review.Approve, Reason: "gone", Corrects: true}, Waited: 999 * time.Hour})
	assert.Equal(t, review.PolicyReplay{Decisions: 2, More: 1, Fewer: 1, ByRule: map[review.SecondRule]int{review.SecondCorrection: 1}, Gone: 1, Over: 1}, r)
}
