package review

import "time"

// DeliveryID numbers webhook receipts from 1.
type DeliveryID int64

// DeliveryState is how far a delivery came.
type DeliveryState string

const (
	DeliveryKept        DeliveryState = "kept"        // durable, not read yet
	DeliveryAbsorbed    DeliveryState = "absorbed"    // read, and on the pages
	DeliveryQuarantined DeliveryState = "quarantined" // could not be read, or clashes with another
)

// DeliveryStates lists every value.
func DeliveryStates() []DeliveryState {
	return []DeliveryState{DeliveryKept, DeliveryAbsorbed, DeliveryQuarantined}
}

// Receipt is one webhook request whose signature held, before anyone has read its body.
type Receipt struct {
	Bytes   []byte
	Event   string    // Persona's event id as found in the bytes, "" when none was found
	Secret  string    // which secret signed it; see Delivery.Secret
	Attempt int       // Persona's count of tries, 1 for the first; 0 when not said
	FirstAt time.Time // when Persona first tried; zero when not said
}

// Delivery is one webhook receipt. A repeat of an event that is here counts on the first one.
type Delivery struct {
	ID         DeliveryID
	Event      string // Persona's event id, "" when the bytes name none
	ReadAs     string // "event transaction.status-updated", …; "" until read
	Payload    Hash
	Bytes      int64
	ReceivedAt time.Time
	LastAt     time.Time // the newest receipt of it, repeats included
	Secret     string    // a short digest that tells secrets apart without telling them
	Attempt    int       // highest seen
	FirstAt    time.Time
	Repeats    int // later receipts of the same event
	State      DeliveryState
	Problem    string // why it lies in quarantine
}

// Delivered says what became of one receipt.
type Delivered struct {
	ID    DeliveryID // of the first receipt, when it was a repeat
	New   bool       // bytes that no delivery had brought
	Clash bool       // its event id came before with other bytes: they lie in quarantine
}

// DeliveryQuery shapes the list of deliveries. Its zero value is all of them, newest first.
type DeliveryQuery struct {
	State DeliveryState // "" any
	After string        // cursor; "" the first page
	Limit int           // 1 to 200; 0: 50
}

// Intake sums up what arrived and what waits, for the people who look after it.
type Intake struct {
	LastAt      time.Time     // newest delivery, repeats included; zero when none ever came
	Quiet       time.Duration // how long it has been quiet
	Usual       time.Duration // how long it may be quiet on an ordinary day; 0: too few deliveries to say
	Hours       []HourCount   // the last 48 hours, oldest first, empty hours too
	Unread      int           // payloads of any source that are kept, not absorbed
	Quarantined int           // payloads of any source
	Errands     ErrandCounts
	Pushes      PushCounts
	Synced      Synced
	Signers     []Signer // the secrets that ever signed a delivery, the one that came into use last first
}

// IsLate says that nothing has come for longer than usual.
func (i Intake) IsLate() bool { return i.Usual > 0 && i.Quiet > i.Usual }

// HourCount is how many deliveries one hour brought.
type HourCount struct {
	Hour        time.Time
	Deliveries  int
	Repeats     int
	Quarantined int
}

// Synced is what the last reconciliation with Persona found.
type Synced struct {
	At           time.Time // it ended; zero: never
	Since        time.Time // it looked back to here
	Events       int       // listed at Persona
	Missed       int       // of these, never received until then
	Transactions int       // fetched because ours were missing or older
	Problem      string    // why it could not come to its end; "" when it did
}

// Signer is a webhook secret that signed deliveries.
type Signer struct {
	Secret string    // a short digest that tells secrets apart without telling them
	Since  time.Time // it came into use
	LastAt time.Time // its newest delivery, repeats included
}

// rotation is how long two secrets may sign beside each other.
const rotation = 24 * time.Hour

// Signer finds a secret; zero but for its name when it never signed.
func (i Intake) Signer(secret string) Signer {
	for _, s := range i.Signers {
		if s.Secret == secret {
			return s
		}
	}
	return Signer{Secret: secret}
}

// Outlived are those of the configured secrets, newest first, that signed more than a day after a
// newer one came into use: whoever holds them can still deliver, and a rotation has not come to
// its end.
func (i Intake) Outlived(configured []string) []Signer {
	var all []Signer
	var since time.Time // the first of those before came into use
	for _, secret := range configured {
		s := i.Signer(secret)
		if !since.IsZero() && s.LastAt.Sub(since) > rotation {
			all = append(all, s)
		}
		if !s.Since.IsZero() && (since.IsZero() || s.Since.Before(since)) {
			since = s.Since
		}
	}
	return all
}
