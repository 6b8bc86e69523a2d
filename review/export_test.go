package review

// FoldSlowly is the way of Fold that asks the Unicode tables for every character.
var FoldSlowly = foldSlowly

// The distances of two tokens, for tests and benchmarks.
var (
	EditDistance   = editDistance[string]
	LetterDistance = letterDistance
)

// What the comparison of names looks at before it compares: letters that no reduction takes away.
func KoreanKept(word string) (before, after uint32) {
	return koreanKept(letterBag(word)), koreanKept(letterBag(koreanSpellings.Replace(word)))
}

func SoundKept(word string) (before, after uint32) {
	return letterBag(word) & soundKept, letterBag(appendSound(nil, word)) & soundKept
}

// ListedWords are the words of the lists behind the comparison, each with whether it is found.
func ListedWords() map[string]bool {
	found := map[string]bool{}
	for word := range names().words {
		found[word] = names().find([]byte(word)) != nil
	}
	return found
}

// AreaOf and RecallAt are figures of the report, for thresholds.
func AreaOf(pairs []LabelledPair) float64 { return areaUnderCurve(judge(pairs)) }

func RecallAt(pairs []LabelledPair, precision float64) float64 {
	_, recall, _, _ := recallAt(judge(pairs), precision)
	return recall
}

// OFACNote is what the comparison adds for a party on a list of the United States.
var OFACNote = ofacNote

// ComparatorVersions are all versions that can be run, the newest last.
func ComparatorVersions() []string {
	var all []string
	for _, c := range comparators {
		all = append(all, c.Version)
	}
	return all
}

// Rules are all that may speak in the newest version.
var Rules = append([]string{
	ruleNameSame, ruleNameScript, ruleNameOrder, ruleNameVariant, ruleNameSound, ruleNameNickname, ruleNameInitial, ruleNameJoined,
	ruleNameExtraThere, ruleNameExtraHere, ruleNameForm, ruleNameSingle, ruleNameReplaced, ruleNameFamily, ruleNameOnly, ruleNameOther,
	ruleNameSons, ruleNameKunya, ruleNameRoles, ruleNameReversed, ruleNameOtherScript, ruleNameOtherReading, ruleNameUnread, ruleMissing,
	ruleBirthdateDiedBefore, ruleBirthdateDoubtful, ruleBirthdateUnread,
	ruleCountryMeets, ruleCountryRelated, ruleCountryApart, ruleCountryUnread, ruleCountryApartUntold, ruleCountryOtherRole,
	ruleSexSame, ruleSexSeveral, ruleSexUnread, ruleSexDiffers, ruleKindDiffers,
	ruleIdentifierSame, ruleIdentifierNear, ruleIdentifierUntold, ruleIdentifierApart, ruleIdentifierOther, ruleWalletSame, ruleWalletOther,
}, birthdateRules...)

// CountryCode reads a country given by code or in words.
var CountryCode = countryCode
