package views_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/review"
	"docket/views"
)

// worded walks every value of an enum: each has words of its own, and a value that nobody
// worded is visibly odd.
func worded[E ~string](t *testing.T, name string, values []E, words func(E) string) {
	t.Helper()
	seen := map[string]E{}
	for _, v := range values {
		w := words(v)
		assert.NotContains(t, w, "⁇", "%s %q", name, v)
		assert.NotEmpty(t, w, "%s %q", name, v)
		if other, ok := seen[w]; ok {
			assert.Failf(t, "two values, one word", "%s %q and %q are both %q", name, v, other, w)
		}
		seen[w] = v
	}
	assert.Contains(t, words("no-such-value"), "⁇", name)
}

func TestEveryValueHasWords(t *testing.T) {
	t.Parallel()
	tag := func(f views.Tag) string { return f.Words }
	worded(t, "finding", append(review.Findings(), ""), func(f review.Finding) string { return tag(views.FindingTag(f)) })
	worded(t, "finding hint", review.Findings(), func(f review.Finding) string { return views.FindingHint(f, true) })
	worded(t, "outcome", review.Outcomes(), func(o review.Outcome) string { return tag(views.OutcomeTag(o)) })
	worded(t, "state", review.States(), func(s review.State) string { return tag(views.StateTag(s, false)) })
	worded(t, "answer", append(review.Answers(), ""), func(a review.Answer) string { return tag(views.AnswerTag(a)) })
	worded(t, "upheld", review.Upholds(), views.UpheldWords)
	worded(t, "second rule", review.SecondRules(), views.SecondRuleWords)
	worded(t, "woken", append(review.Wokens(), ""), views.WokenWords)
	worded(t, "closing", review.Closings(), views.ClosingWords)
	worded(t, "opening", review.Openings(), views.OpeningWords)
	worded(t, "why", review.Whys(), views.WhyWords)
	worded(t, "tab", review.Tabs(), views.TabWords)
	worded(t, "sort", review.Sorts(), views.SortWords)
	worded(t, "capture", review.Captures(), func(c review.Capture) string { return tag(views.CaptureTag(c)) })
	worded(t, "monitoring", []review.MonitoringState{review.MonitoringRunning, review.MonitoringHalted, review.MonitoringPaused}, func(m review.MonitoringState) string { return tag(views.MonitoringTag(m)) })
	worded(t, "role", review.Roles(), views.RoleWords)
	worded(t, "role hint", review.Roles(), views.RoleHint)
	worded(t, "act", review.Acts(), views.ActWords)
	worded(t, "premise", review.PremiseKinds(), func(k review.PremiseKind) string { return views.PremiseWords(review.Premise{Kind: k}) })
	worded(t, "premise of many", review.PremiseKinds(), views.PremiseSubject)
	worded(t, "standing", review.Standings(), views.StandingWords)
	worded(t, "fact", review.Facts(), views.FactWords)
	worded(t, "asked", review.Askeds(), views.AskedWords)
	worded(t, "attribute", review.Attributes(), views.AttributeWords)
	worded(t, "mark", views.Marks(), views.Mark.Words)
	worded(t, "party kind", []review.PartyKind{review.PartyUnknown, review.PartyPerson, review.PartyBusiness, review.PartyVessel, review.PartyWallet, review.PartyList}, views.PartyKindWords)
}

// What a customer is asked for must not tell them that they were compared with anybody.
func TestACustomerIsAskedWithoutBeingWarned(t *testing.T) {
	t.Parallel()
	for _, f := range review.Facts() {
		for _, business := range []bool{false, true} {
			ask := views.FactAsk(f, business)
			assert.Equal(t, f.Ours(), ask != "", "%s", f)
			for _, word := range []string{"list", "match", "sanction", "compare", "screen", "party", "alert", "suspic", "risk"} {
				assert.NotContains(t, strings.ToLower(ask), word, "%s", f)
			}
		}
		if f != review.FactOther {
			assert.NotEmpty(t, views.FactSource(f), "%s", f)
		}
	}
}

func TestEveryVerdictHasItsThread(t *testing.T) {
	t.Parallel()
	for _, v := range review.Verdicts() {
		assert.Equal(t, string(v), string(views.MarkOf(v)), "the hook data-verdict is the verdict itself")
		assert.NotContains(t, views.MarkOf(v).PartWords(), "⁇")
	}
	assert.Contains(t, string(views.MarkOf("no-such-verdict")), "⁇")
}

func TestAbsentNullEmptyAndPresentAreFourWords(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range []review.Presence{review.Absent, review.Null, review.Empty, review.Present} {
		seen[views.PresenceWords(p)] = true
	}
	assert.Len(t, seen, 4)
	assert.Contains(t, views.PresenceWords(99), "⁇")
}

func TestOffAndUnknownMonitoringAreNotSaid(t *testing.T) {
	t.Parallel()
	for _, m := range review.MonitoringStates() {
		assert.NotContains(t, views.MonitoringTag(m).Words, "⁇")
	}
	assert.Zero(t, views.MonitoringTag(review.MonitoringOff))
	assert.Zero(t, views.MonitoringTag(review.MonitoringUnknown))
}

// Violet, never green or red: an agreement is not good news and a conflict is not bad news.
func TestNoToneJudgesASubject(t *testing.T) {
	t.Parallel()
	assert.Equal(t, views.ToneNone, views.FindingTag(review.FalsePositive).Tone)
	assert.Equal(t, views.ToneDanger, views.FindingTag(review.TrueMatch).Tone)
	assert.Equal(t, views.ToneAttention, views.FindingTag(review.CannotTell).Tone)
}

func TestOpenSetsKeepTheirOwnWords(t *testing.T) {
	t.Parallel()
	for _, k := range review.ScreeningKinds() {
		assert.NotEmpty(t, views.KindWords(k))
		assert.LessOrEqual(t, len(views.KindShort(k)), 18, "a cell of the queue is narrow")
	}
	assert.Equal(t, "Phone carrier", views.KindWords("phone-carrier"))
	assert.Equal(t, "needs eyes", views.CheckTag("needs_eyes").Words)
	assert.Equal(t, "Escalated twice", views.RunActWords("escalated-twice"))
	for _, known := range []string{"dismiss", "review", "pause", "resume", ""} {
		assert.NotEqual(t, views.Label(known), views.RunActWords(known))
	}
}

func TestKeysReadAsWords(t *testing.T) {
	t.Parallel()
	for key, label := range map[string]string{
		"name-first": "First name", "name_first": "First name", "birthdate": "Birth date", "address-country-code": "Country",
		"selfie_photo": "Selfie photo", "Customer Tier": "Customer Tier", "report.template/version": "Report template version",
		"": "Unnamed", "---": "Unnamed", "éclair-size": "éclair size",
	} {
		assert.Equal(t, label, views.Label(key), key)
	}
}
