package views

func galleryEvidencePack() []Specimen {
	shell := galleryShell("Evidence pack of a period", PlaceDecisions)
	refused := shell
	refused.Problem = true
	return []Specimen{
		{"evidence-ask", PackAskPage{Shell: shell}},
		{"evidence-ask-refused", PackAskPage{Shell: refused, From: "2026-06-18", To: "2026-06-01", Sample: "5000", Seed: "autumn",
			Problems: Problems{Head: "No pack was taken", List: []Problem{{"to", "Choose a last day that is not before the first"},
				{"sample", "Draw from 1 to 1,000 decisions"}, {"seed", "Give the lot a seed, a number of up to 18 digits, so that others can draw the same"}}}}},
	}
}
