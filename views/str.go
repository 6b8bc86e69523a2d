package views

import (
	"net/url"
	"unicode/utf8"
)

// Str is text from outside docket, fit to be shown. Its builder has cut out what cannot be
// seen (direction overrides, zero-width characters, controls) and says so in Notes.
type Str struct {
	Text  string
	Lang  string   // BCP 47, "" unknown
	Notes []string // what was cut, in words: "hidden characters removed: U+202E"
}

// S is text that needs no note.
func S(text string) Str { return Str{Text: text} }

// Link is an address from outside. It is drawn as a link, with its host, only when it is
// http or https with a host; anything else is text.
type Link struct {
	Words string // what to call it; "" shows the address itself
	URL   string // verbatim
	Notes []string
}

// Go is an address of our own and the words on it.
type Go struct {
	Href  string
	Words string
}

// Tone says what a colour may repeat; the words always say it first.
type Tone string

const (
	ToneNone      Tone = ""          // quiet
	ToneAttention Tone = "attention" // do it soon
	ToneDanger    Tone = "danger"    // over target, failed, refused, declined, true match
	ToneGood      Tone = "good"      // proven, passed, approved
	ToneAccent    Tone = "accent"    // you can act on this
	ToneDiffer    Tone = "differ"    // these two differ
	TonePlain     Tone = "plain"     // words without a surface
)

// Tag is a status: an adjective or a short fact. Zero is not drawn.
type Tag struct {
	Words string
	Tone  Tone
}

// IsZero says that there is nothing to show, not even a note on what was cut.
func (s Str) IsZero() bool { return s.Text == "" && len(s.Notes) == 0 }

// A line shows this many characters, a block this many before it folds.
const (
	lineLimit  = 160
	blockLimit = 400
)

// cut splits text after a number of characters.
func cut(text string, limit int) (lead, rest string) {
	if len(text) <= limit {
		return text, ""
	}
	for i := range text {
		if limit == 0 {
			return text[:i], text[i:]
		}
		limit--
	}
	return text, ""
}

// plain says that the text can stand as it is.
func (s Str) plain() bool {
	return len(s.Notes) == 0 && (len(s.Text) <= lineLimit || utf8.RuneCountInString(s.Text) <= lineLimit)
}

func (s Str) line() (lead, more string) {
	lead, rest := cut(s.Text, lineLimit)
	if rest == "" {
		return lead, ""
	}
	return lead, "… " + Number(utf8.RuneCountInString(rest)) + " more characters"
}

func (s Str) long() bool { _, rest := cut(s.Text, blockLimit); return rest != "" }

// IsZero says that there is no address.
func (l Link) IsZero() bool { return l.URL == "" && l.Words == "" }

// host is the host of an address that may be a link, "" for one that must stay text.
func (l Link) host() string {
	u, err := url.Parse(l.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return ""
	}
	return u.Host
}

func (l Link) words() string {
	if l.Words != "" {
		return l.Words
	}
	return l.URL
}

// hides says that the words alone do not tell the host.
func (l Link) hides(host string) bool { return l.Words != "" && l.Words != host }
