package store

import (
	"strings"

	"docket/review"
)

// The families of resource types that decide what joins a root. Everything else about
// types is package persona's.
const (
	familyTransaction = review.RootTransaction
	familyReport      = "report"
	familyInquiry     = review.RootInquiry
	familyCase        = review.RootCase
	familyRun         = "report-run"
	familyAct         = "report-act"
	familySession     = "inquiry-session"
	familyAccount     = "account"
)

// family is the part of a type before its first slash.
func family(kind string) string {
	f, _, _ := strings.Cut(kind, "/")
	return f
}

// sharedFamily says that resources of this family are named by everyone (a template, a user, a
// queue): following such a link would join strangers.
func sharedFamily(f string) bool {
	switch f {
	case "user", "api-key", "reviewer", "environment", "organization", "list", "tag",
		"transaction-type", "transaction-label", "account-type", "account-status", "case-queue", "case-assignment-policy":
		return true
	}
	return strings.HasPrefix(f, "workflow") || strings.HasSuffix(f, "template") || strings.HasSuffix(f, "template-version")
}

// passes says that a neighbour of this family hands on what it is tied to.
func passes(f string) bool { return f == familyInquiry || f == familyCase }

// passedOn says that a resource of this family joins a transaction through an inquiry or case.
func passedOn(f string) bool {
	switch f {
	case familyReport, "verification", "document", "selfie", familyInquiry, "account", familyRun, familyAct:
		return true
	}
	return false
}

// missed says that a resource of this family is shown as "not captured" when it is only named.
func missed(f string) bool {
	switch f {
	case familyReport, familyInquiry, "account", familyCase, "verification", "document", "selfie", familyTransaction:
		return true
	}
	return false
}

// ranFor says that the family belongs to one report: its runs and what was done to it.
func ranFor(f string) bool { return f == familyRun || f == familyAct }
