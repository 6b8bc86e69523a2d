package review

// FoldSlowly is the way of Fold that asks the Unicode tables for every character.
var FoldSlowly = foldSlowly

// The distances of two tokens, for tests and benchmarks.
var (
	EditDistance   = editDistance
	LetterDistance = letterDistance
)
