package persona

// Canonical is how a JSON value is written in a snapshot; false: a key is there twice.
func Canonical(src string) (string, bool) {
	n, _ := parse(src)
	if !respell(&n, spellKebab) {
		return "", false
	}
	return string(appendCanonical(nil, &n)), true
}

// Raw is Canonical without respelling keys.
func Raw(src string) string {
	n, _ := parse(src)
	respell(&n, spellRaw)
	return string(appendCanonical(nil, &n))
}

// Plain says that a source is read without a second judge.
func Plain(src string) bool {
	_, p := parseStrictly(src)
	defer p.done()
	return p.fault == faultNone && !p.doubt
}

var (
	PlainTo     = plainTo
	AfterString = afterString
	Kebab       = kebab
	CutSecret   = cutSecret
	Moment      = moment
	IsPast      = isPast
	Split       = split
)

// Birthdates reads a JSON value as dates of birth.
func Birthdates(src string) []string {
	n, _ := parse(src)
	var out []string
	for _, b := range birthdates(n) {
		s := b.String()
		if b.Circa {
			s += " circa"
		}
		if b.Raw != "" {
			s += " raw"
		}
		out = append(out, s)
	}
	return out
}
