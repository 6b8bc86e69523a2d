// Package sandbox makes Persona's side of things for tests, benchmarks and the demo: payloads
// in Persona's own shapes about people and businesses that do not exist.
//
// The same seed always gives the same bytes, and a transaction does not depend on how many
// others are made. Names are random pairings from lists per culture; every address on the web
// is under example.org or .example, and every file link is an expired-looking link to Persona's
// file host. Nothing here reads a clock, a file or the network.
package sandbox
