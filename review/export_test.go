package review

// FoldSlowly is the way of Fold that asks the Unicode tables for every character.
var FoldSlowly = foldSlowly
