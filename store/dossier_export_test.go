package store

// The bounds of kept dossiers.
const (
	MaxDossiers     = maxDossiers
	MaxDossierBytes = maxDossierBytes
)

// KeptDossiers says how many dossiers are kept, and of how many bytes.
func (db *DB) KeptDossiers() (n, bytes int) {
	db.dossiers.mu.Lock()
	defer db.dossiers.mu.Unlock()
	return len(db.dossiers.held), db.dossiers.bytes
}
