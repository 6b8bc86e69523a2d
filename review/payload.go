package review

import "time"

// Arrival is bytes as received, before anyone has read them.
type Arrival struct {
	Bytes      []byte
	Source     string    // "import", "webhook", "api", "demo"
	About      string    // file name or request path, for people; never trusted
	ReceivedAt time.Time // zero: the store's clock
}

// Payload is what the store knows of kept bytes.
type Payload struct {
	Hash       Hash
	Source     string
	About      string
	ReceivedAt time.Time
	Bytes      int64
	ReadAs     string    // "event transaction.status-updated", "transaction", "list of 3 report/watchlist", …
	Quarantine string    // why it could not be read; "" when it was
	ErasedAt   time.Time // personal data was taken out of it: what is left no longer has its digest; zero: it is as it came
}

// Reading is what one payload said.
type Reading struct {
	Hash      Hash
	ReadAs    string
	Event     string // Persona's event id, "" when it was no event
	Snapshots []Snapshot
	Refused   string // why it could not be read: the payload goes to quarantine
}
