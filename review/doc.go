// Package review is docket's judgement: the nouns that people work with and the rules that
// hold over them. Everything here is a pure function over values: no clock, no I/O, no SQL,
// no HTTP, and none of Persona's JSON. The store calls these rules inside its write
// transaction, so a rule that must hold does hold.
package review
