package review

import (
	"fmt"
	"regexp"
	"time"
)

// Role is what a colleague may do.
type Role string

const (
	RoleReviewer Role = "reviewer" // judges and decides
	RoleLead     Role = "lead"     // also sees intake, takes over claims
	RoleAuditor  Role = "auditor"  // reads everything, writes nothing
	RoleAdmin    Role = "admin"    // also looks after colleagues
)

// Roles lists every value.
func Roles() []Role { return []Role{RoleReviewer, RoleLead, RoleAuditor, RoleAdmin} }

// Acts says that the role may claim, note, judge and decide.
func (r Role) Acts() bool { return r == RoleReviewer || r == RoleLead || r == RoleAdmin }

// Colleague is someone who may sign in.
type Colleague struct {
	ID         ColleagueID
	Name       string // as people call them
	Role       Role
	Disabled   bool
	Keys       bool // single-key shortcuts on
	CreatedAt  time.Time
	SignedInAt time.Time // last time, zero: never
}

var colleagueID = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// ParseColleagueID reads a sign-in name: lower-case letters, digits, dot, dash, underscore.
func ParseColleagueID(s string) (ColleagueID, error) {
	if !colleagueID.MatchString(s) {
		return "", &Invalid{[]Problem{{"username", "Use lower-case letters, digits, dots or dashes, up to 64"}}}
	}
	return ColleagueID(s), nil
}

// ParseRole reads a role by its name.
func ParseRole(s string) (Role, error) {
	for _, r := range Roles() {
		if s == string(r) {
			return r, nil
		}
	}
	return "", fmt.Errorf("role %q: choose reviewer, lead, auditor or admin", s)
}
