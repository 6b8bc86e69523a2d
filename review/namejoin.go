package review

import "math"

// joined ties a word to neighbours that together have its letters; nearly, when a slip is
// allowed.
func (l *nameAlignment) joined(nearly bool) {
	slack := joinSlack(l.a, l.b, nearly)
	if l.a.closest <= l.b.longest+slack {
		for one := range l.b.tokens {
			if t := &l.b.tokens[one]; l.usedB&(1<<one) == 0 && int(l.a.closest-slack) <= t.length() {
				if from, to, kind, like := l.joinOf(l.a.tokens, l.usedA, t, nearly); to > from {
					l.link(from, to, one, one, kind, like)
				}
			}
		}
	}
	if l.b.closest <= l.a.longest+slack {
		for one := range l.a.tokens {
			if t := &l.a.tokens[one]; l.usedA&(1<<one) == 0 && int(l.b.closest-slack) <= t.length() {
				if from, to, kind, like := l.joinOf(l.b.tokens, l.usedB, t, nearly); to > from {
					l.link(one, one, from, to, kind, like)
				}
			}
		}
	}
}

// joinSlack is how much longer than a word of one name neighbours of the other may be for joinOf to
// tie them, by the scripts of both.
func joinSlack(a, b *FoldedName, nearly bool) int32 {
	switch all := a.scripts | b.scripts; {
	case a.scripts&b.scripts&(1<<writingHan|1<<writingHangul) != 0:
		return none / 2
	case nearly:
		return 1
	case all&(all-1) == 0:
		return 0
	}
	return slackRead
}

// joinOf finds free neighbours among parts that together are one.
func (l *nameAlignment) joinOf(parts []nameToken, used uint32, one *nameToken, nearly bool) (from, to int, kind PairKind, like float64) {
	if one.letterN < 4 && !one.script.syllabic() {
		return 0, 0, "", 0
	}
	length := one.length()
	for from = range len(parts) - 1 {
		first := &parts[from]
		if used&(3<<from) != 0 {
			continue
		}
		slack, most := 0, maxJoined
		switch {
		case first.script != one.script:
			if slack = slackRead; nearly || one.latin == "" || first.latin == "" {
				continue
			}
		case one.script.syllabic():
			slack, most = math.MaxInt/2, math.MaxInt // by signs, which are few
		case length > maxJoined || !nearly && first.key[0] != one.key[0]:
			continue
		case nearly:
			slack = 1
		}
		letters := 0
		for to = from; to < min(from+5, len(parts)) && used&(1<<to) == 0; to++ {
			if letters += parts[to].length(); letters > length+slack || letters > most {
				break
			}
			if to == from || letters < length-slack {
				continue
			}
			if kind, like = meetJoined(parts[from:to+1], one, nearly); like > 0 {
				return from, to, kind, like
			}
		}
	}
	return 0, 0, "", 0
}

const (
	maxJoined = 96 // letters that words joined may have
	slackRead = 4  // letters that readings of two scripts may differ by
)

// length is how many bytes a part has in Latin letters, or in its own where these are not known.
func (t *nameToken) length() int {
	if t.latin == "" {
		return len(t.key)
	}
	return len(t.latin)
}

func meetJoined(parts []nameToken, one *nameToken, nearly bool) (PairKind, float64) {
	var room [4 * maxJoined]byte
	text := room[:0]
	if parts[0].script == one.script {
		bag, latin := uint32(0), true
		for i := range parts {
			bag, latin = bag|parts[i].letters, latin && parts[i].script == writingLatin
		}
		if latin && apartAtLeast(bag, one.letters) > b2i(nearly) {
			return "", 0
		}
		for i := range parts {
			text = append(text, parts[i].key...)
		}
		switch {
		case string(text) == one.key:
			return PairJoined, likeJoined
		case nearly && one.script == writingLatin && len(text) >= 6 && oneEdit(string(text), one.key):
			return PairJoined, likeJoined - 1/float64(len(text))
		}
		return "", 0
	}
	bag, length := uint32(0), 0
	for i := range parts {
		if parts[i].script != parts[0].script {
			return "", 0
		}
		bag, length = bag|parts[i].letters, length+len(parts[i].latin)
	}
	if !one.mayRead(parts[0].script, bag, length) {
		return "", 0
	}
	for i := range parts {
		text = append(text, parts[i].latin...)
	}
	return meetRead(text, parts[0].script, one)
}

// mayRead says, by letters alone, that a word may be what words of another script, of so many Latin
// letters, read as. What it denies, meetRead finds no likeness in.
func (t *nameToken) mayRead(script writing, bag uint32, length int) bool {
	kept := bag & soundKept
	switch {
	case !letterByLetter(script, t.script), apartAtLeast(bag, t.letters) <= farRead(length, t), t.alt != "",
		kept == t.sounds&soundKept, t.altSound != "" && kept == t.otherTo&soundKept, t.fact != nil:
		return true
	}
	return names().words[t.latin] != nil
}

// soundKept are letters that appendSound neither drops nor puts for others.
var soundKept = letterBag("ablmnr")

// farRead is how many edits a reading may be apart from a word: more are no reading.
func farRead(length int, one *nameToken) int { return max(length, len(one.latin)) / 5 }

// letterByLetter says that letters tell how two scripts read.
func letterByLetter(a, b writing) bool {
	return a.alphabet() && b.alphabet() && a != writingKana && b != writingKana
}

// meetRead sets words of another script, read as one, against a word.
func meetRead(text []byte, script writing, one *nameToken) (PairKind, float64) {
	var room [2 * maxJoined]byte
	sound := appendSound(room[:0], text)
	bag, far := letterBag(text), farRead(len(text), one)
	switch {
	case string(sound) == one.sound, string(sound) == one.altSound:
	case one.fact != nil && one.fact.native != "", names().words[string(text)] != nil:
	case letterByLetter(script, one.script) && apartAtLeast(bag, one.letters) > far && (one.alt == "" || apartAtLeast(bag, one.others) > far):
		return "", 0
	}
	whole := nameToken{latin: string(text), sound: string(sound), tokenSense: tokenSense{script: script}, letterN: int8(len(text)), letters: bag}
	whole.key = whole.latin
	if kind, like := meet(&whole, one); kind == PairScript && like >= likePinyin {
		return PairScript, like
	}
	return "", 0
}
