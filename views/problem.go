package views

// ProblemPage says what happened, what is safe and what to do. For statuses 400 to 503.
type ProblemPage struct {
	Shell
	Status    int    // said small; the words say it first
	Head      string // "" is the usual one for the status
	Text      string // "" is the usual one
	Reference string // the request id, "" none
	Acts      []Go   // ways on; none: the queue
}

func (p ProblemPage) head() string {
	if p.Head != "" {
		return p.Head
	}
	head, _ := problemWords(p.Status)
	return head
}

func (p ProblemPage) text() string {
	if p.Text != "" {
		return p.Text
	}
	_, text := problemWords(p.Status)
	return text
}

// problemWords are what a status says when nobody knows better.
func problemWords(status int) (head, text string) {
	switch status {
	case 400:
		return "This form did not come from docket", "Nothing was changed. Go back, reload the page, and try once more."
	case 403:
		return "This needs another role", "Nothing was changed. An admin can say who may do it."
	case 404:
		return "There is no such page", "It may never have existed, or not be yours to see."
	case 405:
		return "This address does not take that", "Nothing was changed. Start again from the queue."
	case 409:
		return "Someone else was first", "Nothing was changed. Open the review again to see how it stands now."
	case 410:
		return "This was erased", "It held personal data that Persona has erased, and nothing else could be told apart in it. When it came and its digest are kept."
	case 413:
		return "This is too large", "Nothing was stored. Send less and try once more."
	case 422:
		return "Something needs another look", "Nothing was recorded. Go back and check what you typed."
	case 429:
		return "Too many tries", "Nothing was changed. Wait a little and try once more."
	case 500:
		return "Something broke on our side", "Nothing was recorded. Try once more; if it happens again, give an admin the reference."
	case 503:
		return "docket is not ready", "Nothing was lost. Try once more in a minute."
	}
	return odd("a problem"), "Nothing was recorded."
}
