package review

// Reduced is a payload without the personal parts of what Persona has erased. What else was in
// it stays.
type Reduced struct {
	Bytes  []byte // nil: nothing changed
	Before Reading
	After  Reading // the same resources at the same places in the same order
}

// Everything is the erasure of all states of a resource, whenever they are of.
const Everything int64 = 1<<63 - 1

// ErasedUntil is how far an erasure that Persona tells of at an instant (unix milliseconds)
// reaches: an account can be filled again after it was erased, everything else is gone for good.
// https://docs.withpersona.com/api-reference/accounts/redact-an-account
func (r Ref) ErasedUntil(at int64) int64 {
	if r.Family() == "account" {
		return at
	}
	return Everything
}

// Erases says that what belongs to a resource of one family goes with it when Persona erases it:
// an account, a transaction or an inquiry takes its inquiries, verifications, reports and their
// pictures along, a report its runs. A case or a verification goes alone.
// https://docs.withpersona.com/api-reference/transactions/redact-a-transaction
func Erases(family, child string) bool {
	switch family {
	case "transaction", "account":
		return child == "inquiry" || Erases("inquiry", child)
	case "inquiry":
		switch child {
		case "report", "verification", "document", "selfie", "inquiry-session":
			return true
		}
	case "report":
		return child == "report-run" || child == "report-act"
	}
	return false
}

// Owns says that a resource of one family keeps another alive while it is not erased itself: a
// report that two transactions share stays as long as one of them does.
func Owns(family, child string) bool {
	switch family {
	case "transaction", "inquiry":
		return Erases(family, child)
	}
	return false
}

// AlsoErased are the resources of which earlier states are gone too when this state's is: of a
// property it is not said what it held, so every earlier state of its account may hold it.
func (s Snapshot) AlsoErased() []Ref {
	var also []Ref
	if s.Erased == 0 || s.Ref.Family() != "account-property" {
		return nil
	}
	for _, l := range s.Links {
		if l.To.Family() == "account" {
			also = append(also, l.To)
		}
	}
	return also
}
