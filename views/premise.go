package views

import (
	"strconv"

	"docket/review"
)

// Tick is a box to tick: a reason that sets two apart, or a fact that is missing. No box is
// ticked beforehand: Ticked is what was typed before a 422.
type Tick struct {
	Value  string // of the field
	Words  string // "Birth year differs by 7"
	Hint   string // "1986 here, 1979 on all 3 lists"
	Key    string // "1" to "9", printed on it; "" none is left
	Ticked bool
}

// Retest is an earlier finding whose reasons were tested on what is known now.
type Retest struct {
	Strong   string // "A reason no longer holds"; "" where the reasons follow a line that says it
	Text     string // who found it, when, and for what
	Premises []TestedPremise
	Then     string // after the reasons: what else is to be known
}

// TestedPremise is one reason, and how it fares.
type TestedPremise struct {
	Words    string // "Birth year differs by 15"
	Standing review.Standing
	Spoken   bool   // said in the note: it is never tested
	Values   string // "1986, 1964"; "1986 and 1971 then, 1986 and 1986 now"
}

// tail says how a reason fares, with the values that it rests on.
func (p TestedPremise) tail() string {
	s := StandingWords(p.Standing)
	if p.Spoken {
		s = "is not tested again"
	}
	if p.Values != "" {
		return " " + s + ": " + p.Values
	}
	return " " + s
}

// tone of a reason: violet where it does not hold, quiet where nothing was tested.
func (p TestedPremise) tone() Tone {
	switch {
	case p.Spoken:
		return ToneNone
	case p.Standing == review.Holds:
		return ToneGood
	}
	return ToneDiffer
}

// Again is the one act on a party whose earlier reasons all still hold.
type Again struct {
	Action   string // POST /reviews/{id}/dispositions
	Evidence string
	Matches  []string
	Carry    string // the earlier finding
	Words    string // "Clear again for the same reason"
	Problem  string
}

// Undo takes back a finding of the reader's own.
type Undo struct {
	Action   string // POST /reviews/{id}/undo
	Evidence string
	Entry    string
	Words    string // "Undo", "Take back this finding"
}

// keys 1 to 9 are for boxes, in their order.
const mostKeys = 9

// Keyed gives boxes their keys, in their order.
func Keyed(all []Tick) []Tick {
	for i := range all[:min(len(all), mostKeys)] {
		all[i].Key = strconv.Itoa(i + 1)
	}
	return all
}
