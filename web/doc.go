// Package web is docket's HTTP: the route table, the middleware, sessions, the reading of
// forms, and the builders that turn what the store answers into what a page shows.
//
// A handler reads its input, asks the store, and renders or redirects; what goes wrong is
// returned, and one place turns it into a status and a page. Nothing here decides anything
// about a transaction: the rules are in package review and hold inside the store's writes.
// No SQL, and none of Persona's JSON.
package web
