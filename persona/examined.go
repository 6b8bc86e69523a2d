package persona

import (
	"cmp"
	"slices"
	"strings"

	"docket/review"
)

// examined tells apart the people and businesses that a case is about, from the one bundle of
// the case. What names an account is its holder's, over an inquiry too; an inquiry without an
// account stands for its own subject; a report says by its query whom it screened, and where that
// cannot be the holder of the account (a director screened under the company's account), the
// query is right. Then whoever a transaction or the case itself names. Reports that came without
// their query learn whom they are about.
func examined(root *state, reports []review.Report, records []*state, absent []review.Resource, ls []review.Link) []review.Examined {
	g := grouping{reports: reports, states: map[string]*state{}, refs: map[string]review.Ref{}, near: map[string][]string{}, of: map[string]*group{}}
	g.collect(records, absent, ls)
	g.seed("account")
	g.seed("inquiry")
	for _, one := range g.groups {
		one.subject = g.subjectOf(one)
	}
	g.place()
	g.name(root)
	for _, s := range records {
		if s.ref.Type == review.RootTransaction {
			g.name(s)
		}
	}
	g.rest()
	return g.finish()
}

// group is one person or business as far as it is told apart.
type group struct {
	account review.Ref
	of      []string // keys of things
	subject review.Subject
}

// grouping sorts the things of a case to whom they are about. Things are known by family and id:
// some links name no more than that.
type grouping struct {
	reports []review.Report
	states  map[string]*state // received ones but for reports
	refs    map[string]review.Ref
	near    map[string][]string
	order   []string // of all things, sorted
	of      map[string]*group
	groups  []*group
}

func thing(ref review.Ref) string { return ref.Family() + "/" + ref.ID }

// personal says that resources of this family are about one person or business.
func personal(family string) bool {
	switch family {
	case "account", "inquiry", "inquiry-session", "verification", "document", "selfie", "report":
		return true
	}
	return false
}

func (g *grouping) collect(records []*state, absent []review.Resource, ls []review.Link) {
	add := func(ref review.Ref) {
		if personal(ref.Family()) {
			g.refs[thing(ref)] = ref
		}
	}
	for _, r := range absent {
		add(r.Ref)
	}
	for i := range g.reports {
		add(g.reports[i].Ref)
	}
	for _, s := range records {
		add(s.ref)
		g.states[thing(s.ref)] = s
	}
	for _, l := range ls {
		from, to := thing(l.From), thing(l.To)
		if _, ok := g.refs[from]; !ok {
			continue
		}
		if _, ok := g.refs[to]; ok && from != to {
			g.near[from], g.near[to] = append(g.near[from], to), append(g.near[to], from)
		}
	}
	for k := range g.refs {
		g.order = append(g.order, k)
	}
	slices.Sort(g.order)
}

// seed makes a group of every thing of a family that has none yet, and gives it what names it,
// directly or over an inquiry. What two name belongs to the nearer, of equally near ones to the
// first.
func (g *grouping) seed(family string) {
	for _, k := range g.order {
		if g.refs[k].Family() == family && g.of[k] == nil {
			one := &group{}
			if family == "account" {
				one.account = g.refs[k]
			}
			g.groups = append(g.groups, one)
			g.give(k, one)
		}
	}
	for again := true; again; {
		again = false
		next := map[string]*group{}
		for _, k := range g.order {
			if g.of[k] != nil {
				continue
			}
			for _, one := range g.groups { // in order
				if slices.ContainsFunc(g.near[k], func(n string) bool { return g.of[n] == one && g.handsOn(n) }) {
					next[k] = one
					break
				}
			}
		}
		for _, k := range g.order {
			if one := next[k]; one != nil {
				g.give(k, one)
				again = true
			}
		}
	}
}

// handsOn says that what names a thing belongs to whom the thing belongs to.
func (g *grouping) handsOn(k string) bool {
	family := g.refs[k].Family()
	return family == "account" || family == "inquiry"
}

func (g *grouping) give(k string, one *group) {
	g.of[k] = one
	one.of = append(one.of, k)
}

func (g *grouping) take(k string) {
	one := g.of[k]
	delete(g.of, k)
	one.of = slices.DeleteFunc(one.of, func(have string) bool { return have == k })
}

// subjectOf reads who a group is.
func (g *grouping) subjectOf(one *group) review.Subject {
	var records []*state
	account := &state{}
	for _, k := range one.of {
		if s := g.states[k]; s != nil {
			records = append(records, s)
			if s.ref == one.account {
				account = s
			}
		}
	}
	reports := g.reportsOf(one)
	kind := text(account.get("account-type-name")).Value
	business := strings.Contains(strings.ToLower(kind), "business")
	var named review.Subject
	for _, c := range slices.Concat(fieldSubjects(records), querySubjects(reports)) {
		if c.Kind == review.PartyBusiness {
			business = true
			if named.FullName() == "" {
				named = c
			} else if identityName(c.FullName()) == identityName(named.FullName()) {
				if len(named.Countries) == 0 {
					named.Countries = c.Countries
				}
				named.Identifiers = union(named.Identifiers, c.Identifiers)
			}
		}
	}
	if !business {
		business = slices.ContainsFunc(reports, func(r review.Report) bool { return strings.HasPrefix(string(r.Kind), "business-") })
	}
	if !business {
		return subject(account, reports, records)
	}
	if named.FullName() == "" {
		named = review.Subject{Kind: review.PartyBusiness}
	}
	return named
}

func (g *grouping) reportsOf(one *group) []review.Report {
	var out []review.Report
	for _, r := range g.reports {
		if g.of[thing(r.Ref)] == one {
			out = append(out, r)
		}
	}
	return out
}

func fieldSubjects(records []*state) []review.Subject {
	var out []review.Subject
	for _, s := range records {
		if f := s.ref.Family(); f == "account" || f == "inquiry" {
			out = append(out, fieldSubject(s))
		}
	}
	return out
}

func querySubjects(reports []review.Report) []review.Subject {
	var out []review.Subject
	for _, r := range reports {
		out = append(out, r.Subject)
	}
	return out
}

// couldBe says that nothing known of two subjects sets them apart but, perhaps, their names.
func couldBe(a, b review.Subject) bool {
	if a.Kind != b.Kind && (a.Kind == review.PartyBusiness || b.Kind == review.PartyBusiness) {
		return false
	}
	return a.Birthdate.From.IsZero() || b.Birthdate.From.IsZero() || a.Birthdate.Meets(b.Birthdate)
}

// place gives each report that nothing else gave to anyone to whom its query names, and takes
// those away from a group that cannot be about it.
func (g *grouping) place() {
	for _, r := range g.reports {
		k := thing(r.Ref)
		if one := g.of[k]; one != nil && r.Subject.FullName() != "" && !couldBe(r.Subject, one.subject) {
			g.take(k)
		}
	}
	for i := range g.reports {
		r := &g.reports[i]
		if k := thing(r.Ref); g.of[k] == nil && r.Subject.FullName() != "" {
			one := g.called(r.Subject)
			if one == nil {
				one = &group{subject: r.Subject}
				g.groups = append(g.groups, one)
			}
			g.give(k, one)
		}
	}
}

// called finds who has a subject's name and could be that subject.
func (g *grouping) called(s review.Subject) *group {
	for _, one := range g.groups {
		if identityName(one.subject.FullName()) == identityName(s.FullName()) && couldBe(one.subject, s) {
			return one
		}
	}
	return nil
}

// name adds whom a transaction or the case itself names in its fields. The one business without a
// name of its own is the one that they name.
func (g *grouping) name(of *state) {
	s := fieldSubject(&state{ref: of.ref, fields: of.fields})
	if s.FullName() == "" {
		return
	}
	one := g.called(s)
	if one == nil && s.Kind == review.PartyBusiness {
		one = g.only(func(s review.Subject) bool { return s.Kind == review.PartyBusiness && s.FullName() == "" })
		if one != nil {
			one.subject = s
		}
	}
	if one == nil {
		one = &group{subject: s}
		g.groups = append(g.groups, one)
	}
	if len(one.subject.Countries) == 0 {
		one.subject.Countries = s.Countries
	}
	one.subject.Identifiers = union(one.subject.Identifiers, s.Identifiers)
	if of.ref.Type == review.RootTransaction {
		g.refs[thing(of.ref)] = of.ref
		g.give(thing(of.ref), one)
	}
}

// only is the one group of which something is true; nil when it is true of none or several.
func (g *grouping) only(is func(review.Subject) bool) *group {
	var found *group
	for _, one := range g.groups {
		if is(one.subject) {
			if found != nil {
				return nil
			}
			found = one
		}
	}
	return found
}

// rest settles the reports that came without their query: whose they are by their account or
// inquiry, or, of a business report, the one business that there is.
func (g *grouping) rest() {
	for i := range g.reports {
		r := &g.reports[i]
		if r.Subject.FullName() != "" {
			continue
		}
		k := thing(r.Ref)
		if g.of[k] == nil && strings.HasPrefix(string(r.Kind), "business-") {
			if one := g.only(func(s review.Subject) bool { return s.Kind == review.PartyBusiness }); one != nil {
				g.give(k, one)
			}
		}
		if one := g.of[k]; one != nil && r.Kind.Fits(one.subject.Kind) {
			r.Subject = one.subject
		}
	}
}

// finish puts businesses first, then people by their names.
func (g *grouping) finish() []review.Examined {
	var out []review.Examined
	for _, one := range g.groups {
		if len(one.of) == 0 && one.subject.FullName() == "" {
			continue
		}
		e := review.Examined{Subject: one.subject, Account: one.account}
		for _, k := range one.of {
			e.Of = append(e.Of, g.refs[k])
		}
		slices.SortFunc(e.Of, compareRefs)
		out = append(out, e)
	}
	rank := func(e review.Examined) int {
		switch {
		case e.Subject.Kind == review.PartyBusiness:
			return 0
		case e.Subject.FullName() != "":
			return 1
		}
		return 2
	}
	slices.SortFunc(out, func(a, b review.Examined) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(identityName(a.Subject.FullName()), identityName(b.Subject.FullName())),
			compareRefs(a.Account, b.Account), slices.CompareFunc(a.Of, b.Of, compareRefs))
	})
	return out
}
