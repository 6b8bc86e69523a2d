package review_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
)

// Each pair is one invented name in two scripts, or in two ways to write one. What reads letter
// by letter agrees; what is read by consonants, tones lost or by no standard is close.
func TestNamesAreReadAcrossScripts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ours, theirs string
		want         review.Verdict
	}{
		{"Наталья Ющенкова", "Natalia Yushchenkova", review.Agree},
		{"Сергей Жуковец", "Sergej Žukovec", review.Close},
		{"Фёдор Хрущин", "Fyodor Khrushchin", review.Agree},
		{"Айгүл Қасымова", "Aigul Qasymova", review.Agree},
		{"Ιωάννης Ντάλης", "Ioannis Dalis", review.Agree},
		{"Ιωάννης Ντάλης", "Ioannis Ntalis", review.Agree},
		{"Σταύρος Αγγελής", "Stavros Angelis", review.Agree},
		{"طلال أبو غزالة", "Talal Abu Ghazaleh", review.Close},
		{"جمال الدين الأفغاني", "Jamal al-Din al-Afghani", review.Close},
		{"ذو الفقار حيدر", "Zulfiqar Haidar", review.Close},
		{"پرویز مشرفی", "Pervez Musharrafi", review.Close},
		{"שרה לוין", "Sarah Levin", review.Close},
		{"צבי הירש", "Zvi Hirsch", review.Close},
		{"諸葛志偉", "诸葛志伟", review.Agree},
		{"单田芳", "Shan Tianfang", review.Close},
		{"高橋 一郎", "Takahashi Ichiro", review.Close},
		{"キョウコ ニシムラ", "Kyoko Nishimura", review.Agree},
		{"しんじ わたなべ", "Shinji Watanabe", review.Agree},
		{"マイケル スミスン", "Michael Smithson", review.Close},
		{"임윤아", "Im Yoon-ah", review.Close},
		{"황보관", "Hwangbo Kwan", review.Close},
		{"प्रियंका चोपड़ा", "Priyanka Chopra", review.Agree},
		{"कमला देवी", "Kamala Devi", review.Agree},
		{"ज्ञानेश्वर राव", "Gyaneshwar Rao", review.Agree},
		{"Đặng Văn Lâm", "Dang Van Lam", review.Agree},
		{"İbrahim Çelikoğlu", "Ibrahim Celikoglu", review.Agree},
		{"Björn Ångström", "Bjoern Aangstroem", review.Agree},
	} {
		got := compareTwo(review.PartyPerson, c.ours, c.theirs)
		assert.Equal(t, c.want, got.Verdict, "%s | %s: %s: %s", c.ours, c.theirs, got.Rule, pairsOf(got))
		assert.NotContains(t, got.Rule, "replaced", "%s | %s: %s", c.ours, c.theirs, pairsOf(got))
		back := compareTwo(review.PartyPerson, c.theirs, c.ours)
		assert.Equal(t, c.want, back.Verdict, "%s | %s: %s", c.theirs, c.ours, back.Rule)
	}
}

// A spelling that cannot be compared says nothing, so it may not hide one that can be.
func TestLettersThatNobodyComparesSpeakOnlyWhereNoSpellingIsCompared(t *testing.T) {
	t.Parallel()
	subject := review.Subject{Kind: review.PartyPerson, First: "Orlan", Last: "Kasymbek"}
	reading, script, unread := review.Name{Value: "王小明", Type: "aka"}, review.Name{Value: "ორბელიანი ვახტანგ", Type: "aka"}, review.Name{Value: "???", Type: "aka"}
	other, ours := review.Name{Value: "Tomasz Brunnhof", Type: "primary_name"}, review.Name{Value: "Kasymbek, Orlan", Type: "aka"}
	for _, c := range []struct {
		says    string
		names   []review.Name
		rule    string
		verdict review.Verdict
		before  string // what comparator 2 let speak
	}{
		{"characters of several readings", []review.Name{reading}, "name/other-reading", review.Close, "name/other-reading"},
		{"a script that is not read", []review.Name{script}, "name/other-script", review.Close, "name/other-script"},
		{"no letters", []review.Name{unread}, "name/unread", review.Close, "name/unread"},
		{"several, and another name", []review.Name{reading, script, unread, other}, "name/other", review.Conflict, "name/other-script"},
		{"another name, and a script", []review.Name{other, script}, "name/other", review.Conflict, "name/other-script"},
		{"another name, and no letters", []review.Name{unread, other}, "name/other", review.Conflict, "name/unread"},
		{"several, another name and ours", []review.Name{reading, script, other, unread, ours}, "name/same", review.Agree, "name/same"},
	} {
		m := review.Match{Party: review.PartyPerson, Names: c.names}
		row := review.Compare(subject, m)[0]
		assert.Equal(t, c.rule, row.Rule, c.says)
		assert.Equal(t, c.verdict, row.Verdict, c.says)
		two, err := review.ComparatorOf("2")
		require.NoError(t, err)
		assert.Equal(t, c.before, two.Compare(subject, m)[0].Rule, c.says)
	}
}
