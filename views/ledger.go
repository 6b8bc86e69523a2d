package views

// LedgerPage says how far the trail is proven, where its checkpoints are, and how anyone checks that.
type LedgerPage struct {
	Shell
	Lead        string
	Notices     []Notice
	Line        LedgerLine
	Sign        bool   // there is a button that signs a checkpoint now
	Public      string // the public key, "" none
	Origin      string
	Commands    string // how to check it, line by line
	Newest      Go     // the newest checkpoint as text
	Proof       Go     // the proof of one entry, as an example
	Checkpoints []CheckpointRow
	Empty       *Empty // instead of checkpoints
}

// LedgerLine says in one line whether the ledger is whole.
type LedgerLine struct {
	Tone Tone // good; danger: it does not prove; none: nobody has looked yet
	Head string
	Text string
	To   Go // where more is said, zero on the page of the ledger itself
}

func (l LedgerLine) label() string {
	if l.Tone == ToneDanger {
		return "Ledger, broken"
	}
	return "Ledger"
}

// CheckpointRow is one signed checkpoint.
type CheckpointRow struct {
	ID      string // hook
	At      Time
	Entries string // "18,209"
	Root    string // first digits
	Why     string
	Kept    []KeptLine
}

// KeptLine is a keeper of a checkpoint.
type KeptLine struct {
	Keeper  Str
	Problem string // why it is not there; "" it is
	Tried   Time   // the last time, where there is a problem
}
