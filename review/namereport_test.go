package review_test

import (
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

var update = flag.Bool("update", false, "write the golden files anew")

// authoredPairs are both authored sets as labelled pairs. Look-alikes that birth dates alone tell
// apart are left out: their names are the same.
func authoredPairs(t *testing.T) []review.LabelledPair {
	t.Helper()
	var all []review.LabelledPair
	for _, same := range []bool{true, false} {
		for _, p := range authored(t, map[bool]string{true: "names-same.csv", false: "names-lookalike.csv"}[same]) {
			schema := "Person"
			if p.kind == review.PartyBusiness {
				schema = "Company"
			}
			if !same && p.match.Birthdates != nil && p.subject.Name.Value == p.match.Names[0].Value {
				continue
			}
			quality := "MEDIUM"
			switch p.what {
			case "kunya", "married name", "junk aliases", "common and bare names":
				quality = "WEAK"
			case "accents", "swapped order", "one part replaced", "one sign":
				quality = "STRONG"
			}
			for _, n := range p.match.Names {
				all = append(all, review.LabelledPair{Schema: schema, Group: p.what, Quality: quality, Ours: p.subject.Name.Value, Theirs: n.Value, Same: same})
			}
		}
	}
	return all
}

// The report over the authored sets is kept as a file: whatever changes an answer shows there.
// -update writes it anew.
func TestTheReportOfTheAuthoredSets(t *testing.T) {
	t.Parallel()
	const golden = "testdata/names-report.golden"
	got := review.ReportPairs(authoredPairs(t))
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
	assert.Equal(t, got, review.ReportPairs(authoredPairs(t)), "the same bytes each time")
}

// labelled reads the labelled pairs that DOCKET_PAIRS or a folder "matching" beside the project may
// hold; they are never part of it.
func labelled(t *testing.T, file string) []map[string]string {
	t.Helper()
	found, err := filepath.Glob("../../*/matching/" + file)
	require.NoError(t, err)
	if folder := os.Getenv("DOCKET_PAIRS"); folder != "" {
		found = []string{filepath.Join(folder, file)}
	}
	if len(found) == 0 {
		t.Skip("no labelled pairs beside the project, and DOCKET_PAIRS names none")
	}
	f, err := os.Open(found[0])
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	var all []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, cell := range row {
			m[rows[0][i]] = cell
		}
		all = append(all, m)
	}
	return all
}

func TestLabelledPairsAreToldApart(t *testing.T) {
	t.Parallel()
	var all, curated []review.LabelledPair
	for _, row := range labelled(t, "name-pairs-dev.csv") {
		p := review.LabelledPair{Schema: row["schema"], Group: row["case_group"], Quality: row["quality"], Ours: row["name1"], Theirs: row["name2"], Same: row["is_match"] == "true"}
		all = append(all, p)
		if p.Kind() == review.PartyPerson && !strings.HasPrefix(p.Group, "synth") {
			curated = append(curated, p)
		}
	}
	assert.GreaterOrEqual(t, review.AreaOf(all), 0.90)
	assert.GreaterOrEqual(t, review.AreaOf(curated), 0.94)
	assert.GreaterOrEqual(t, review.RecallAt(curated, 0.95), 0.85)
	means := map[string]map[bool][]float64{}
	for _, p := range all {
		if means[p.Quality] == nil {
			means[p.Quality] = map[bool][]float64{}
		}
		means[p.Quality][p.Same] = append(means[p.Quality][p.Same], compareTwo(p.Kind(), p.Ours, p.Theirs).Strength)
	}
	mean := func(quality string, same bool) float64 {
		sum := 0.0
		for _, s := range means[quality][same] {
			sum += s
		}
		return sum / float64(len(means[quality][same]))
	}
	assert.IsDecreasing(t, []float64{mean("STRONG", true), mean("MEDIUM", true), mean("WEAK", true), mean("WEAK", false), mean("MEDIUM", false), mean("STRONG", false)})
}
