package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"docket/review"
)

type compareCommand struct {
	Kind   string   `default:"person" enum:"person,business,vessel" help:"What both are: person, business or vessel."`
	Pairs  string   `placeholder:"FILE" help:"A CSV with the columns schema, name1, name2: every pair is compared, and strength and verdict are added."`
	Out    string   `placeholder:"FILE" help:"Where the CSV goes; stdout otherwise."`
	Report bool     `help:"With --pairs, and columns is_match, quality and case_group: say how well docket tells them apart, instead of the CSV."`
	OFAC   bool     `name:"ofac" help:"Say what OFAC's own search tool would answer, as well."`
	Names  []string `arg:"" optional:"" name:"name" help:"Two names: ours, then the list's."`
}

func (c compareCommand) Run(std streams) error {
	switch {
	case c.Pairs == "" && len(c.Names) != 2:
		return misuse("compare: name two, or a file with --pairs")
	case c.Pairs != "" && len(c.Names) > 0:
		return misuse("compare: either two names or --pairs, not both")
	case c.Pairs == "" && (c.Report || c.Out != ""):
		return misuse("compare: --report and --out go with --pairs")
	case c.Pairs == "":
		_, err := io.WriteString(std.out, c.explain())
		return err
	}
	rows, err := readPairs(c.Pairs)
	if err != nil {
		return err
	}
	if c.Report {
		pairs, err := labelledPairs(rows)
		if err != nil {
			return err
		}
		return writeOut(c.Out, std, func(w io.Writer) error {
			_, err := io.WriteString(w, review.ReportPairs(pairs))
			return err
		})
	}
	judgePairs(rows)
	return writeOut(c.Out, std, func(w io.Writer) error { return csv.NewWriter(w).WriteAll(rows) })
}

// explain is one comparison in words: no number but where it says what the words weigh.
func (c compareCommand) explain() string {
	found := review.CompareNames(review.PartyKind(c.Kind), []review.Name{{Value: c.Names[0]}}, []review.Name{{Value: c.Names[1]}})
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n  rule %s, comparator %s\n\n", found.Verdict, found.Words, found.Rule, review.ComparatorVersion)
	wide := 0
	for _, t := range found.Tokens {
		wide = max(wide, len([]rune(t.Subject)))
	}
	for _, t := range found.Tokens {
		gap := strings.Repeat(" ", wide-len([]rune(t.Subject)))
		line := fmt.Sprintf("  %s%s  %-22s  %s", oneLine(t.Subject), gap, t.Kind, oneLine(t.Party))
		if t.Role != "" {
			line += "  (" + t.Role + ")"
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	for _, n := range found.Notes {
		b.WriteString("  " + n + "\n")
	}
	fmt.Fprintf(&b, "\nstrength %.3f, for sorting only:\n", found.Strength)
	for _, x := range found.Contributions {
		fmt.Fprintf(&b, "  %+.3f  %s\n", x.Value, oneLine(x.What))
	}
	if c.OFAC {
		fmt.Fprintf(&b, "\nOFAC's search tool would say %d.\n", review.OFACScore(c.Names[0], c.Names[1]))
	}
	return b.String()
}

// pairRows is a CSV with its header first; each row is as long as the header.
type pairRows [][]string

// column is the place of a column, -1 when there is none.
func (r pairRows) column(name string) int {
	return slices.IndexFunc(r[0], func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
}

func readPairs(path string) (pairRows, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, misuse(fmt.Sprintf("%s: there is no such file", path))
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := csv.NewReader(f)
	rows, err := in.ReadAll()
	if err != nil {
		return nil, misuse(fmt.Sprintf("%s: %v; give a CSV with as many cells in every row", path, err))
	}
	if len(rows) == 0 {
		return nil, misuse(path + " is empty; its first row must name the columns schema, name1, name2")
	}
	rows[0][0] = strings.TrimPrefix(rows[0][0], "\ufeff")
	for _, want := range []string{"schema", "name1", "name2"} {
		if pairRows(rows).column(want) < 0 {
			return nil, misuse(fmt.Sprintf("%s has no column %s", path, want))
		}
	}
	return rows, nil
}

// judgePairs adds strength and verdict to every row; columns of these names are written anew.
func judgePairs(rows pairRows) {
	schema, ours, theirs := rows.column("schema"), rows.column("name1"), rows.column("name2")
	places := make([]int, 2)
	for k, name := range []string{"strength", "verdict"} {
		if places[k] = rows.column(name); places[k] < 0 {
			places[k] = len(rows[0])
			rows[0] = append(rows[0], name)
		}
	}
	for i := range rows[1:] {
		row := rows[i+1]
		found := review.CompareNames(review.SchemaKind(row[schema]), named(row[ours]), named(row[theirs]))
		row = append(row, make([]string, len(rows[0])-len(row))...)
		row[places[0]], row[places[1]] = strconv.FormatFloat(found.Strength, 'f', 6, 64), string(found.Verdict)
		rows[i+1] = row
	}
}

func named(name string) []review.Name {
	if strings.TrimSpace(name) == "" {
		return nil
	}
	return []review.Name{{Value: name}}
}

func labelledPairs(rows pairRows) ([]review.LabelledPair, error) {
	label := rows.column("is_match")
	if label < 0 {
		return nil, misuse("compare --report: the file has no column is_match")
	}
	cell := func(row []string, name string) string {
		if i := rows.column(name); i >= 0 {
			return row[i]
		}
		return ""
	}
	var pairs []review.LabelledPair
	for _, row := range rows[1:] {
		same, err := strconv.ParseBool(row[label])
		if err != nil {
			continue // nobody has said
		}
		pairs = append(pairs, review.LabelledPair{Schema: cell(row, "schema"), Group: cell(row, "case_group"), Quality: strings.ToUpper(cell(row, "quality")),
			Ours: cell(row, "name1"), Theirs: cell(row, "name2"), Same: same})
	}
	return pairs, nil
}
