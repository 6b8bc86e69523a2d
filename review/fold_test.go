package review_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"docket/review"
)

func TestFoldMakesSpellingsOfOneNameEqual(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"Łukasz  Żółć", "lukasz zolc"},
		{"Þórgunnur Ægisdóttir", "thorgunnur aegisdottir"},
		{"O’Brien-Ｓmith", "obrien smith"},
		{"ЙОЛКІН", "иолкін"},
		{"مُحَمَّد", "محمد"},
		{"欧阳梓睿", "欧 阳 梓 睿"},
		{"남궁하람", "남 궁 하 람"},
		{"ガラス", "ガ ラ ス"},
		{"कुमार", "कुमार"},
		{"a\u202eb\u200bc", "abc"},
		{"  ,;  ", ""},
		{"\x00\x01", ""},
	} {
		assert.Equal(t, c.want, review.Fold(c.in), "%q", c.in)
	}
}

func TestFoldIsBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a\u0301", 100_000)
	assert.LessOrEqual(t, len(review.Fold(long)), review.MaxFold)
	assert.LessOrEqual(t, len(review.Fold(strings.Repeat("ﷺ", 10_000))), 40*review.MaxFold)
}

func TestFoldOfAFoldIsItself(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"Æther Ｌtd.", "Živorad Вељовић", "שרה כהן", "佐藤 健", "ŞİRİN", "ẞ", "ﬁ", "Ǆ"} {
		assert.Equal(t, review.Fold(s), review.Fold(review.Fold(s)), "%q", s)
	}
}

func FuzzFold(f *testing.F) {
	f.Add("Łukasz")
	f.Add("\xff\xfe\u0000\u202e")
	f.Fuzz(func(t *testing.T, s string) {
		if got := review.Fold(s); strings.HasPrefix(got, " ") || strings.HasSuffix(got, " ") || strings.Contains(got, "  ") {
			t.Fatalf("%q folds to %q", s, got)
		}
	})
}

func TestTheQuickFoldSaysWhatTheSlowOneSays(t *testing.T) {
	t.Parallel()
	for r := rune(1); r < 0x20000; r++ {
		s := "a" + string(r) + "b"
		if got, want := review.Fold(s), review.FoldSlowly(s); got != want {
			t.Fatalf("U+%04X: quick %q, slow %q", r, got, want)
		}
	}
}

func TestANameIsTheSameInAnyOrderOfItsParts(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{{"真由美 有栖川内", "有栖川内 真由美"}, {"KASYMBEK, Orlan", "Orlan Kasymbek"}, {"Zoë  Ødegård", "odegard zoe"}} {
		assert.True(t, review.SameName(c[0], c[1]), "%q", c)
	}
	assert.False(t, review.SameName("真由美 有栖川内", "真由美 有栖川"))
	assert.False(t, review.SameName("Orlan Kasymbek", "Orlan Kasymbekov"))
}
