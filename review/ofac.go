package review

import (
	"bytes"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// OFACScore is what OFAC's own search tool (Sanctions List Search) would say of a query and a
// listed name, 0 to 100: the greater of Jaro-Winkler over the whole strings, counted only when
// both begin with the same letter, and the mean over the query's words of the best Jaro-Winkler
// with any word of the listed name (OFAC, FAQ 249). It depends on the order of words; it is no
// measure of likeness, and is shown for comparison only. Measured against 164 published scores it
// is within 5 of 95 of 100. Of a longer name the first 256 characters count.
func OFACScore(query, listed string) int {
	var q ofacQuery
	q.ask(query)
	return q.score(listed)
}

// ofacNote is one sentence for a party on a list of the United States: the best score that OFAC's
// search tool would give our names beside any of its names; "" for other parties, and where no
// name of ours is in Latin letters, to which the tool answers nothing.
func ofacNote(s Subject, m Match) string {
	if !slices.ContainsFunc(m.Listings, listedInUS) {
		return ""
	}
	best := -1
	var q ofacQuery
	for _, ours := range subjectNames(s) {
		if !strings.ContainsFunc(ours.Value, latinLetter) {
			continue
		}
		q.ask(ours.Value)
		for _, n := range m.Names[:min(len(m.Names), maxNames)] {
			if strings.ContainsFunc(n.Value, latinLetter) {
				best = max(best, q.score(n.Value))
			}
		}
	}
	if best < 0 {
		return ""
	}
	return fmt.Sprintf("OFAC’s search tool would say %d.", best)
}

// compareListedNames is compareNames with the note of OFAC's tool.
func compareListedNames(s Subject, m Match) Comparison {
	c := compareNames(s, m, nameRank)
	if note := ofacNote(s, m); note != "" {
		c.Notes = append(c.Notes, note)
	}
	return c
}

func latinLetter(r rune) bool { return writingOf(r) == writingLatin && unicode.IsLetter(r) }

// listedInUS says that a list is kept in the United States: by its flag, or because its name or
// slug names OFAC.
func listedInUS(l Listing) bool {
	if strings.EqualFold(l.Flag, "US") {
		return true
	}
	for _, name := range []string{l.Slug, l.Name} {
		if slices.Contains(strings.Fields(Fold(name)), "ofac") {
			return true
		}
	}
	return false
}

// ofacQuery is a query made ready. Letters are single bytes in it: what is beyond ASCII has a
// number from 128 on in the order of the query, and 0 when the query does not have it.
type ofacQuery struct {
	words   []ofacWord
	whole   []byte
	letters []rune // beyond ASCII
	listed  []byte // room for the listed name, without what parts its words
	theirs  []ofacWord
	used    []bool
}

// ofacWord is one word, with the set of its letters by their last six bits.
type ofacWord struct {
	text []byte
	bag  uint64
}

func (q *ofacQuery) ask(query string) {
	q.letters = q.letters[:0]
	q.whole, q.words = q.read(nil, q.words[:0], query, true)
}

// score is what the tool would say of a listed name.
func (q *ofacQuery) score(listed string) int {
	q.listed, q.theirs = q.read(q.listed[:0], q.theirs[:0], listed, false)
	whole := 0.0
	if len(q.whole) > 0 && len(q.listed) > 0 && samePrefix(q.whole, q.listed) > 0 {
		whole = q.jaroWinkler(q.whole, q.listed)
	}
	sum, n := 0.0, 0
	for i := range q.words {
		x := &q.words[i]
		if len(x.text) <= 2 && len(q.words) > 1 {
			continue
		}
		best := 0.0
		for j := range q.theirs {
			if y := &q.theirs[j]; x.most(y) > best {
				if s := q.jaroWinkler(x.text, y.text); s >= 0.5 {
					best = max(best, s)
				}
			}
		}
		sum, n = sum+best, n+1
	}
	words := 0.0
	if n > 0 {
		words = sum / float64(n)
	}
	return int(100*max(whole, words) + 0.5)
}

// read cuts a name into words of upper case, and gives it with one space between them.
func (q *ofacQuery) read(whole []byte, words []ofacWord, s string, ours bool) ([]byte, []ofacWord) {
	start := 0
	end := func() {
		if w := whole[start:]; len(w) > 0 {
			bag := uint64(0)
			for _, c := range w {
				bag |= 1 << (c & 63)
			}
			words = append(words, ofacWord{bag: bag, text: w})
			whole = append(whole, ' ')
			start = len(whole)
		}
	}
	whole = slices.Grow(whole, maxNameRunes+1) // so that the words stay where they are
	n := 0
	for _, r := range s {
		if n++; n > maxNameRunes {
			break
		}
		switch r = unicode.ToUpper(r); {
		case strings.ContainsRune(" ,.-()", r):
			end()
			continue
		case r >= utf8.RuneSelf:
			at := slices.Index(q.letters, r)
			if at < 0 && ours && len(q.letters) < utf8.RuneSelf {
				at = len(q.letters)
				q.letters = append(q.letters, r)
			}
			if r = 0; at >= 0 {
				r = rune(utf8.RuneSelf + at)
			}
		}
		whole = append(whole, byte(r))
	}
	end()
	return bytes.TrimSuffix(whole, []byte(" ")), words
}

// most is a ceiling of jaroWinkler, by letters alone; 0 where it cannot reach what counts.
func (x *ofacWord) most(y *ofacWord) float64 {
	n, m := float64(len(x.text)), float64(len(y.text))
	same := min(n, m, float64(len(x.text)-bits.OnesCount64(x.bag&^y.bag)))
	if same == 0 {
		return 0
	}
	jaro := (same/n + same/m + 1) / 3
	if jaro += float64(samePrefix(x.text, y.text)) * 0.1 * (1 - jaro); jaro < 0.5 {
		return 0
	}
	return jaro + 1e-9 // the same sum, in another order of rounding
}

func samePrefix(x, y []byte) int {
	n := 0
	for n < min(4, len(x), len(y)) && x[n] == y[n] && x[n] != 0 {
		n++
	}
	return n
}

// jaroWinkler is the Jaro similarity with Winkler's bonus for up to four letters in common at
// the start (scaling 0.1).
func (q *ofacQuery) jaroWinkler(x, y []byte) float64 {
	reach := max(max(len(x), len(y))/2-1, 0)
	q.used = append(q.used[:0], make([]bool, len(x)+len(y))...)
	usedX, usedY := q.used[:len(x)], q.used[len(x):]
	same := 0
	for i, c := range x {
		for j := max(0, i-reach); j < min(len(y), i+reach+1); j++ {
			if c == y[j] && !usedY[j] && c != 0 {
				usedX[i], usedY[j] = true, true
				same++
				break
			}
		}
	}
	if same == 0 {
		return 0
	}
	turned, j := 0, 0
	for i := range x {
		if !usedX[i] {
			continue
		}
		for !usedY[j] {
			j++
		}
		if x[i] != y[j] {
			turned++
		}
		j++
	}
	m := float64(same)
	jaro := (m/float64(len(x)) + m/float64(len(y)) + (m-float64(turned/2))/m) / 3
	return jaro + float64(samePrefix(x, y))*0.1*(1-jaro)
}
