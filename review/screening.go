package review

import "time"

// ScreeningForm is what a colleague sends to have somebody screened.
type ScreeningForm struct {
	ReferenceID string
	NameFirst   string
	NameMiddle  string
	NameLast    string
	Birthdate   string      // YYYY-MM-DD
	Country     string      // ISO 3166-1, two letters
	Fields      []PushField // further fields as the transaction type has them
	Key         string      // made when the form was drawn, so that sending it twice screens once
}

// Check says what is missing or wrong before Persona is asked, given today's date.
func (f ScreeningForm) Check(today time.Time) error {
	var inv Invalid
	if f.NameFirst == "" && f.NameLast == "" {
		inv.Add("name_last", "Enter a name: a first name, a last name or both")
	}
	if f.Birthdate != "" {
		born, err := time.Parse(time.DateOnly, f.Birthdate)
		switch {
		case err != nil:
			inv.Add("birthdate", "Write the birth date as year-month-day, such as 1980-05-31")
		case born.After(today):
			inv.Add("birthdate", "Enter a birth date that is not in the future")
		case born.Year() < 1850:
			inv.Add("birthdate", "Enter a birth date after 1850")
		}
	}
	if f.Country != "" && !isCountryCode(f.Country) {
		inv.Add("address_country_code", "Write the country as two letters, such as DE")
	}
	seen := map[string]bool{}
	for _, p := range f.Fields {
		switch {
		case p.Key == "":
			inv.Add("fields", "Give each further field a name, as NAME=VALUE")
		case seen[p.Key]:
			inv.Add("fields", "Name each further field once")
		}
		seen[p.Key] = true
	}
	return inv.OrNil()
}

func isCountryCode(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}
