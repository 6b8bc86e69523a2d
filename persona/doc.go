// Package persona owns everything between Persona and our store: it reads the bytes that
// Persona sent into states of resources (Read), reads those states into our nouns (Hydrate,
// Resource), and carries files and streams into the store (Import, Absorb, Recover). Client is
// the only way out to Persona. Live keeps both sides in step: it takes in what webhooks left,
// asks for what a review lacks (Missing), finds what was missed (Sync) and tells what was decided
// (Pushes). What it means to do stands in the store before it does it.
//
// Persona's words and shapes stay in here. Nothing is decoded by version: Persona adds keys,
// types and values without notice, the spelling of keys is a setting, and attributes can be
// missing by configuration. So structure is judged strictly and once, content is taken as it
// comes, and what no rule knows is kept generically. Absent, null and empty never mix.
//
// Sources: https://docs.withpersona.com (api-reference, webhooks, key inflection, fields),
// https://help.withpersona.com (report types, monitoring) and the official OpenAPI file at
// https://github.com/persona-id/persona-openapi.
package persona
