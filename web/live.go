package web

// Live is docket's connection to Persona, as far as pages need it: *persona.Live.
type Live interface {
	// Wake says that something was stored that it should look at. It returns at once.
	Wake()
}
