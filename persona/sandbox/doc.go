// Package sandbox makes Persona's side of things for tests, benchmarks and the demo: payloads
// in Persona's own shapes about people and businesses that do not exist, and a stand-in that
// answers Persona's API and sends its webhooks.
//
// Of the generator, the same seed always gives the same bytes, and a transaction does not
// depend on how many others are made. Names are random pairings from lists per culture; every
// address on the web is under example.org or .example, and every file link is an
// expired-looking link to Persona's file host. It reads no clock, no file and no network.
//
// The stand-in keeps everything in memory. It reads the clock that it is given and posts to
// the one address that it is given; Close ends what it started.
package sandbox
