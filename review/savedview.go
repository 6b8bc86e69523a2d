package review

import (
	"strings"
	"time"
	"unicode/utf8"
)

// SavedView is a way to look at the decisions that a colleague gave a name.
type SavedView struct {
	ID     int64
	Owner  ColleagueID
	ByName string // the owner's, as it is now
	Name   string
	Query  string // of the address of /decisions, in its one written form; without a text that was searched for
	Shared bool   // everybody sees it
	At     time.Time
}

const (
	// MaxSavedViews is how many views of their own a colleague may keep.
	MaxSavedViews = 50
	maxViewName   = 60
)

// CheckViewName tidies the name of a view, or says what is wrong with it.
func CheckViewName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	invalid := &Invalid{}
	switch {
	case name == "":
		invalid.Add("name", "Give the view a name")
	case utf8.RuneCountInString(name) > maxViewName:
		invalid.Add("name", "Use a shorter name, up to 60 characters")
	}
	return name, invalid.OrNil()
}
