package views

import (
	"github.com/a-h/templ"

	"docket/review"
)

// Page is anything that Layout can draw. Every page struct is one, by embedding Shell.
type Page interface {
	// Frame is what stands around the page.
	Frame() Shell
	// Body is <main> with everything in it.
	Body() templ.Component
}

// Place is one of the places in the bar on top.
type Place string

const (
	PlaceNone       Place = ""
	PlaceQueue      Place = "queue"
	PlaceDecisions  Place = "decisions"
	PlaceInsights   Place = "insights"
	PlaceScreen     Place = "screen"
	PlaceIntake     Place = "intake"
	PlaceRecord     Place = "record"
	PlaceRetention  Place = "retention"
	PlaceQuality    Place = "quality"
	PlaceLedger     Place = "ledger"
	PlaceTelling    Place = "telling"
	PlacePolicy     Place = "policy"
	PlaceColleagues Place = "colleagues"
)

// Shell is what stands around every page: title, places, find, who you are, the foot.
type Shell struct {
	Title       string   // "R-1042 Orlan Temur Kasymbek"; " – docket" is added
	Problem     bool     // the page says that something typed must be put right: the title begins with "Error:"
	Place       Place    // where the reader is
	Who         *Who     // nil: nobody is signed in; no places, no find, no menus
	Find        string   // what was typed into the find field
	Environment string   // at which of Persona's environments: "Sandbox", "Production", "Not connected"; "" no badge
	EnvTone     Tone     // danger where real people are screened, attention where nobody knows
	EnvIs       string   // the same in a sentence, for the foot; "" repeats the badge
	Banners     []Notice // what everybody at work must know: Persona cannot be reached, nothing arrives
	Refresh     string   // seconds after which a browser without scripts looks again; "" it does not
	Version     string   // "1.0", for the foot; "" leaves it out

	Ledger       string // "Ledger whole at entry 18,209", for the foot; "" nobody has looked yet
	LedgerBroken bool   // it does not prove
}

// Who is the signed-in colleague.
type Who struct {
	Name  Str
	Role  review.Role
	Since Time   // signed in since
	Keys  bool   // single-key shortcuts are on
	Here  string // path and query of this page, to come back to after the keys form; "" the queue
}

// Frame makes every struct that embeds Shell a page.
func (s Shell) Frame() Shell { return s }

func (s Shell) title() string {
	t := "docket"
	if s.Title != "" {
		t = s.Title + " – docket"
	}
	if s.Problem {
		t = "Error: " + t
	}
	return t
}

// more says that the reader is in a place of the menu of further ones.
func (s Shell) more() bool {
	switch s.Place {
	case PlaceRecord, PlaceRetention, PlacePolicy, PlaceTelling, PlaceColleagues:
		return true
	}
	return false
}

// keys is what the script reads to know whether single keys work.
func (s Shell) keys() string {
	if s.Who != nil && s.Who.Keys {
		return "on"
	}
	return "off"
}

func (w *Who) admin() bool { return w.Role == review.RoleAdmin }

// oversees says that the role looks after what arrives: leads, admins and auditors.
func (w *Who) oversees() bool { return w.Role != review.RoleReviewer }

// screens says that the role may ask for a screening.
func (w *Who) screens() bool { return w.Role.Acts() }

func (s Shell) envIs() string {
	if s.EnvIs != "" {
		return s.EnvIs
	}
	return s.Environment
}
