package web

// HeaviestReadings bounds what a server keeps of the reviews that were looked at.
const HeaviestReadings = heaviestReadings

// KeptReadings says how many readings a server keeps, and what they weigh.
func (s *Server) KeptReadings() (n, weight int) {
	s.readings.mu.Lock()
	defer s.readings.mu.Unlock()
	for _, r := range s.readings.held {
		weight += r.weight
	}
	return len(s.readings.held), weight
}
