package sandbox

import "strings"

// business is a company that does not exist.
type business struct {
	name    string // with its legal form
	core    string // without
	form    string
	culture *culture
	home    place
	street  word
	tax     string
	number  string
	founded int // year
	site    string
}

var (
	firmStems = []string{"Halvorsen Bay", "Tamarisk", "Corvina", "Lindenau", "Brightwater", "Kestrel & Vale", "Meridiana",
		"Ostrava Nord", "Silver Heron", "Calderón Hermanos", "Nakagawa Tidal", "Zephyrus", "Ashgrove", "Petra Azul",
		"Oaken Lantern", "Sokołówek", "Marmara Kıyı", "Sørfjord", "Volkhov", "Ambergate", "Quintaluz", "Harrowmere",
		"Blue Caravan", "Aurelian", "Nordkap", "Saffron Gate", "Três Rios", "Château Verlaine", "Kaukasia", "Lotus Ridge",
		"Tern & Tide", "Copper Fern", "Sankt Emmeran", "Black Alder", "Eastern Plover", "Palmyra Road"}
	firmTrades = []string{"Shipping", "Maritime Services", "Trading", "Metals", "Agro Export", "Logistics", "Instruments",
		"Textiles", "Fisheries", "Energy", "Timber", "Freight", "Holdings", "Capital", "Components", "Chemicals", "Brokerage", "Foods"}
	firmForms = map[string][]string{
		"GB": {"Ltd", "LLP", "PLC"}, "IE": {"DAC", "Ltd"}, "US": {"LLC", "Inc."}, "DE": {"GmbH", "AG"}, "AT": {"GmbH"}, "CH": {"AG", "SA"},
		"FR": {"SAS", "SARL"}, "BE": {"SRL"}, "ES": {"S.L.", "S.A."}, "MX": {"S.A. de C.V."}, "PT": {"Lda."}, "BR": {"Ltda."},
		"IT": {"S.r.l.", "S.p.A."}, "PL": {"sp. z o.o."}, "CZ": {"s.r.o."}, "SK": {"s.r.o."}, "HU": {"Kft."}, "SE": {"AB"}, "DK": {"ApS"},
		"NO": {"AS"}, "EE": {"OÜ"}, "FI": {"Oy"}, "LV": {"SIA"}, "LT": {"UAB"}, "TR": {"A.Ş."}, "RO": {"S.R.L."}, "RU": {"OOO"},
		"UA": {"TOV"}, "GR": {"A.E."}, "CY": {"Ltd"}, "AE": {"FZE", "DMCC"}, "IN": {"Pvt. Ltd."}, "SG": {"Pte. Ltd."}, "JP": {"K.K."},
		"KR": {"Co., Ltd."}, "CN": {"Co., Ltd."}, "HK": {"Limited"}, "TH": {"Co., Ltd."}, "VN": {"JSC"}, "NG": {"Ltd"}, "GH": {"Ltd"},
	}
)

// business draws a company at home among a culture's places.
func (d dice) business(c *culture, founded int) business {
	b := business{culture: c, home: pick(d, c.places), street: pick(d, c.streets), founded: founded}
	b.form = "Ltd"
	if f := firmForms[b.home.country]; f != nil {
		b.form = pick(d, f)
	}
	b.core = pick(d, firmStems) + " " + pick(d, firmTrades)
	b.name = b.core + " " + b.form
	b.tax = d.digits(2) + "-" + d.digits(7)
	b.number = d.code(2) + d.digits(7)
	b.site = "https://" + slug(b.core) + ".example"
	return b
}

// variant is the company's name as some list or paper may write it.
func (b business) variant(d dice) string {
	core := plain(b.core)
	switch d.IntN(6) {
	case 0:
		return strings.ToUpper(core)
	case 1:
		return core
	case 2:
		return strings.ReplaceAll(core, " & ", " and ") + " Limited"
	case 3:
		return core + " (" + b.home.city.plain + ") " + b.form
	case 4:
		return strings.ToUpper(core + " " + plain(b.form))
	default:
		return b.core + " Group"
	}
}

// slug makes a lower-case word of a name for an address.
func slug(s string) string {
	var out []byte
	for _, r := range strings.ToLower(plain(s)) {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			out = append(out, byte(r))
		case len(out) > 0 && out[len(out)-1] != '-':
			out = append(out, '-')
		}
	}
	return strings.Trim(string(out), "-")
}
