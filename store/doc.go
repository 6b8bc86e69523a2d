// Package store holds the truth: every payload byte for byte, what was read from it, and what
// colleagues did. It is one SQLite file.
//
// Three promises:
//
//   - Each exported method is one whole act in one SQL transaction. When it returns nil the act
//     is on disk; when it returns an error nothing was recorded (a failed COMMIT means
//     "unknown": the store then refuses every further write, see DB.Broken).
//   - Projections are a function of the set of payloads, never of the order in which they came.
//     Rebuild makes them again from the payloads alone. Reviews keep their numbers.
//   - Findings, decisions and entries are added, never changed. The rules of package review are
//     called inside the transaction that writes, with the role as it stands in the database.
//
// It knows none of Persona's JSON: package persona reads payloads into review.Snapshot and
// snapshots into review.Dossier, and hands both in as functions and values.
package store
