package views

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
