package review

import "fmt"

// PartialDate is a date at the precision that it is held: 0 means not given. Month is 0 when
// only the year is known, Day is 0 when only year and month are.
type PartialDate struct {
	Year  int `json:"y,omitempty"`
	Month int `json:"m,omitempty"`
	Day   int `json:"d,omitempty"`
}

// IsZero says that nothing is known.
func (d PartialDate) IsZero() bool { return d == PartialDate{} }

// String is YYYY, YYYY-MM or YYYY-MM-DD.
func (d PartialDate) String() string {
	switch {
	case d.Year == 0:
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// first and last give the days that the date may mean, as YYYYMMDD numbers.
func (d PartialDate) first() int { return d.Year*10000 + max(d.Month, 1)*100 + max(d.Day, 1) }
func (d PartialDate) last() int {
	m, day := d.Month, d.Day
	if m == 0 {
		m = 12
	}
	if day == 0 {
		day = 31
	}
	return d.Year*10000 + m*100 + day
}

// Birthdate is one date of birth as some source gives it: a day, a month, a year, or a range.
type Birthdate struct {
	From  PartialDate `json:"from"`
	To    PartialDate `json:"to,omitzero"` // zero: From alone
	Circa bool        `json:"circa,omitempty"`
	Raw   string      `json:"raw,omitempty"` // as sent, when it could not be read; From is zero then
}

// String is the date or the range in ISO form, or the raw text.
func (b Birthdate) String() string {
	s := b.From.String()
	if !b.To.IsZero() && b.To != b.From {
		s += " to " + b.To.String()
	}
	if s == "" {
		return b.Raw
	}
	return s
}

// Meets says that both dates can be of one day: they overlap at the coarser precision.
func (b Birthdate) Meets(c Birthdate) bool {
	if b.From.IsZero() || c.From.IsZero() {
		return false
	}
	bl, cl := b.last(), c.last()
	return b.From.first() <= cl && c.From.first() <= bl
}

func (b Birthdate) last() int {
	if b.To.IsZero() {
		return b.From.last()
	}
	return b.To.last()
}
