package review_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// corpusCase is a subject and a match of invented people that a comparator answers on.
type corpusCase struct {
	Case    string         `json:"case"`
	AsOf    time.Time      `json:"as_of"`
	Subject review.Subject `json:"subject"`
	Match   review.Match   `json:"match"`
}

func corpus(t *testing.T) []corpusCase {
	t.Helper()
	raw, err := os.ReadFile("testdata/comparator/corpus.json")
	require.NoError(t, err)
	var all []corpusCase
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	require.NoError(t, dec.Decode(&all))
	for i := range all {
		all[i].Subject.AsOf = all[i].AsOf
	}
	return all
}

// answers writes what a comparator says of the corpus, a line for each attribute, in a form that
// hangs on no other type.
func answers(t *testing.T, by review.Comparator, all []corpusCase) []byte {
	t.Helper()
	type part struct{ Role, Subject, Match, Kind, Mark string }
	type row struct {
		Attribute, Verdict, Rule, Words string
		Subject, Match                  [][2]string
		Notes, Also                     []string `json:",omitempty"`
		Parts                           []part   `json:",omitempty"`
		Spoke, SpokeOurs, Apart         int
	}
	sides := func(all []review.Side) (out [][2]string) {
		for _, s := range all {
			out = append(out, [2]string{s.Value, s.Note})
		}
		return out
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for _, c := range all {
		out.WriteString("# " + c.Case + "\n")
		for _, r := range by.Compare(c.Subject, c.Match) {
			line := row{Attribute: string(r.Attribute), Verdict: string(r.Verdict), Rule: r.Rule, Words: r.Words, Subject: sides(r.Subject),
				Match: sides(r.Match), Notes: r.Notes, Also: r.Also, Spoke: r.Spoke, SpokeOurs: r.SpokeOurs, Apart: r.Apart}
			for _, p := range r.Parts {
				line.Parts = append(line.Parts, part{p.Role, p.Subject, p.Match, string(p.Kind), p.Mark})
			}
			require.NoError(t, enc.Encode(line))
		}
	}
	return out.Bytes()
}

// 14: what a comparator once answered it answers for ever. -update writes the answers of the
// newest version alone: an older one has no more say in what it answers.
func TestEveryComparatorStillAnswersTheSame(t *testing.T) {
	t.Parallel()
	all := corpus(t)
	require.GreaterOrEqual(t, len(all), 150)
	versions := review.ComparatorVersions()
	require.Equal(t, review.ComparatorVersion, versions[len(versions)-1], "the newest is in force")
	files, err := filepath.Glob("testdata/comparator/answers-*.golden")
	require.NoError(t, err)
	for _, f := range files {
		assert.True(t, slices.ContainsFunc(versions, func(v string) bool { return filepath.Base(f) == "answers-"+v+".golden" }), "%s: that version cannot be run any more", f)
	}
	for _, v := range versions {
		by, err := review.ComparatorOf(v)
		require.NoError(t, err)
		file := "testdata/comparator/answers-" + v + ".golden"
		got := answers(t, by, all)
		if *update && v == review.ComparatorVersion {
			require.NoError(t, os.WriteFile(file, got, 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		wants, gots := bytes.Split(want, []byte("\n")), bytes.Split(got, []byte("\n"))
		for i := range min(len(wants), len(gots)) {
			require.Equal(t, string(wants[i]), string(gots[i]), "%s, line %d", file, i+1)
		}
		require.Len(t, gots, len(wants), file)
	}
}

// A rule that no case speaks for is a rule that may change unseen.
func TestEveryRuleSpeaksInTheCorpus(t *testing.T) {
	t.Parallel()
	spoken, verdicts := map[string]bool{}, map[review.Verdict]bool{}
	for _, c := range corpus(t) {
		for _, r := range review.Compare(c.Subject, c.Match) {
			spoken[r.Rule], verdicts[r.Verdict] = true, true
			assert.NotEmpty(t, r.Rule, c.Case)
			assert.NotEmpty(t, r.Words, c.Case)
		}
	}
	for _, rule := range review.Rules {
		assert.True(t, spoken[rule], rule)
	}
	for rule := range spoken {
		assert.Contains(t, review.Rules, rule)
	}
	for _, v := range review.Verdicts() {
		assert.True(t, verdicts[v], v)
	}
}

func TestAComparatorThatNeverWasIsNotFound(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"", "1", "4", "03"} {
		_, err := review.ComparatorOf(v)
		require.ErrorIs(t, err, review.ErrNotFound, v)
	}
}
