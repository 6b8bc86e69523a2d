package views

import (
	"fmt"
	"strings"
	"time"

	"docket/review"
)

// hourOf spreads specimens over some weeks.
func hourOf(i int) time.Duration { return time.Duration(i*i + 1) }

func galleryPrecedent() *Precedent {
	return &Precedent{Summary: "Judged 11 times before, for other subjects", Found: "False positive in 9 of 11, true match in 1, cannot tell in 1.",
		Reasons: []PrecedentReason{
			{"birth-years-apart", "holds", "Each time because the birth year conflicted. It conflicts here too, so that reason carries over."},
			{"countries-apart", "untestable", "3 times because the countries did not meet. Here the list gives no country, so that reason does not carry over."},
			{"other", "untestable", "Once because of something that a note says. What a note says never carries over."},
		},
		Party: Go{"/parties/p-7c1e0a", "All matches of this party"}}
}

func galleryPartyRow(i int) PartyPageRow {
	who := galleryPeople[i%len(galleryPeople)]
	r := PartyPageRow{Match: fmt.Sprintf("wl-%04x", i), Review: fmt.Sprint(1042 - i), Seen: At(ago(hour*5*hourOf(i)), galleryNow), Subject: Str{Text: who.name, Lang: who.lang},
		Href: fmt.Sprintf("/reviews/%d", 1042-i), Name: fmt.Sprintf("R-%d", 1042-i), About: fmt.Sprintf("cust-%d", 48213+i), Kind: review.KindWatchlist,
		Called: S("SARBASSOV, Ilarion Temirovich"), State: review.ListedOpen}
	switch i % 5 {
	case 0:
		r.Reviewed, r.Finding, r.Main = true, review.FalsePositive, galleryChief(review.ReasonBirthdate)
		r.Reasons = "Birth year differs by 7; Countries do not meet"
		r.State = review.ListedDismissed
	case 1:
		r.Reviewed, r.Finding, r.Main = true, review.CannotTell, galleryChief(review.ReasonOther)
		r.Reasons = "Missing: a full birth date of the listed party"
		r.State, r.Called = review.ListedGone, Str{}
	case 2:
		r.Reviewed, r.Finding, r.Main = true, review.TrueMatch, galleryChief(review.ReasonName)
	case 3:
		r.Seen, r.Subject, r.Kind = Time{}, Str{}, review.KindPEP
	}
	if r.Reviewed {
		r.By, r.At = S("Mireille Okonkwo"), At(ago(hour*4*hourOf(i)), galleryNow)
	}
	return r
}

func galleryPartyPage(rows int) PartyPage {
	p := PartyPage{Shell: galleryShell("SARBASSOV, Ilarion Temirovich", PlaceNone), Name: S("SARBASSOV, Ilarion Temirovich"),
		Others:  []Str{{Text: "Сарбасов Иларион", Lang: "ru"}, S("Ilarion Sarbasov")},
		What:    "Person. Found by: watchlist, politically exposed person. On 3 lists: EU consolidated · UK OFSI · US OFAC SDN.",
		Lead:    "Found on 14 subjects; judged 11 times: false positive 9, true match 1, cannot tell 1.",
		Facts:   []string{"Counted are matches that came under review here."},
		Showing: "All " + Plural(rows, "match", "matches") + ", newest first", Caption: "Matches of this party, newest first",
		Filters: []TabLink{{Href: "/parties/p-7c1e0a", Words: "All matches", Current: true}, {Href: "/parties/p-7c1e0a?finding=false_positive", Words: "False positive"},
			{Href: "/parties/p-7c1e0a?finding=true_match", Words: "True match"}, {Href: "/parties/p-7c1e0a?finding=cannot_tell", Words: "Cannot tell"}}}
	for i := range rows {
		p.Rows = append(p.Rows, galleryPartyRow(i))
	}
	return p
}

func galleryParty() []Specimen {
	merged := galleryPartyPage(9)
	for i := range merged.Rows {
		merged.Rows[i].Own = "key 1"
	}
	merged.Merged = &Merged{
		Text: "3 keys are taken for one party, because matches that have them stood together in one review. If two of them are different people, the matches below are of both.",
		Odds: &Notice{Tone: ToneAttention, Strong: "These may be different people.", Text: "One is born 1979, another 1951. Look at the matches one by one; what was found on one says nothing of the other."},
		Keys: []MergedKey{
			{"Key 1", "p-7c1e0a93c6d20b4418ef", true, S("SARBASSOV, Ilarion Temirovich"), "1979", "Watchlist, US OFAC SDN", "9"},
			{"Key 2", "p-03aa51be7740c9d2f6e1", false, Str{Text: "Сарбасов Иларион", Lang: "ru"}, "", "Watchlist, EU consolidated", "4"},
			{"Key 3", "p-ff20c86d1e3b5a97d044", false, Str{}, "1951", "Watchlist", "1"},
		},
		Why: []MergedWhy{
			{"Keys 1 and 2: same name, nothing sets them apart, on 4 matches", []Go{{"/reviews/1042", "R-1042"}, {"/reviews/987", "R-987"}}, " and more"},
			{"Keys 2 and 3: same name and birth date, on 1 match", []Go{{"/reviews/871", "R-871"}}, ""},
		},
		More: "There are more keys than are shown; their matches are not counted here.",
	}
	many := galleryPartyPage(50)
	many.Showing = "Showing 50 matches, newest first"
	many.Lead = "Found on more than 940 subjects; among the newest 1,000 matches judged 611 times: false positive 610, true match 1."
	many.First, many.Next = Go{"/parties/p-7c1e0a", "Back to the first page"}, Go{"/parties/p-7c1e0a?after=1.b.2", "Next page"}
	none := galleryPartyPage(0)
	none.Filters[0].Current, none.Filters[2].Current = false, true
	none.Empty = &Empty{Head: "No match with this finding", Acts: []Go{{"/parties/p-7c1e0a", "Show all matches"}}}
	list := galleryPartyPage(1)
	list.Name, list.Others, list.Instead = Str{}, nil, "A list, no party named"
	list.What, list.Lead = "A list. Found by: watchlist. On 1 list: EU consolidated.", "Found on 1 subject; never judged."
	long := galleryPartyPage(2)
	long.Name = Str{Text: "إيلاريون " + strings.Repeat("عبدالرحمن", 40) + " سارباسوف", Lang: "ar"}
	long.Rows[0].Subject = S(strings.Repeat("Maximiliana", 60))
	return []Specimen{{"party", galleryPartyPage(9)}, {"party-merged", merged}, {"party-many", many}, {"party-none", none}, {"party-list", list}, {"party-long", long}}
}
