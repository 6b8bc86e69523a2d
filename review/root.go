package review

import "time"

// The families of resources that a review can be about.
const (
	RootTransaction = "transaction"
	RootInquiry     = "inquiry"
	RootCase        = "case"
)

// RootFamilies lists every value.
func RootFamilies() []string { return []string{RootTransaction, RootInquiry, RootCase} }

// IsRootFamily says that a review can be about resources of a family.
func IsRootFamily(family string) bool {
	switch family {
	case RootTransaction, RootInquiry, RootCase:
		return true
	}
	return false
}

// Root is what a review is about, in the words that all kinds of root share.
type Root struct {
	Ref         Ref       `json:"ref"`
	Name        Text      `json:"name"`   // of a case, as people at Persona call it: "MRR-3"
	Status      Text      `json:"status"` // verbatim; compare through NormalStatus
	ReferenceID Text      `json:"reference_id"`
	Tags        []string  `json:"tags,omitempty"`
	CreatedAt   time.Time `json:"created_at,omitzero"`
	UpdatedAt   time.Time `json:"updated_at,omitzero" evidence:"-"`
	Resource    Resource  `json:"resource"` // the whole of it, generically
}

// Transaction is the id of a transaction, "" for every other resource.
func (r Ref) Transaction() TransactionID {
	if r.Type == RootTransaction {
		return TransactionID(r.ID)
	}
	return ""
}

// Ref names the transaction as the resource that it is; zero for "".
func (id TransactionID) Ref() Ref {
	if id == "" {
		return Ref{}
	}
	return Ref{Type: RootTransaction, ID: string(id)}
}

// Examined is one person or business that a case is about, with what is theirs.
type Examined struct {
	Subject Subject `json:"subject"`
	Account Ref     `json:"account,omitzero"` // zero when no account of theirs is known
	Of      []Ref   `json:"of,omitempty"`     // their account, inquiries, verifications, documents, reports: by type and id
}
