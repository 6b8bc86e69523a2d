package review

import (
	"crypto/sha256"
	"reflect"
)

// EvidenceByReflection is Evidence of whatever fields the nouns have.
func EvidenceByReflection(d Dossier) Hash {
	return sha256.Sum256(digestible([]byte(EvidenceVersion), reflect.ValueOf(&d).Elem()))
}
