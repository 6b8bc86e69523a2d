package review_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"docket/review"
)

// Two words are set aside unread where letters differ that reducing them to a sound, or to one
// spelling of Korean, would keep. It must keep them in every word.
func TestReducingAWordKeepsTheLettersItIsSetAsideBy(t *testing.T) {
	t.Parallel()
	letters := rapid.StringOfN(rapid.RuneFrom([]rune("aabcdefghhijklmnoopqrstuvwxyyz'")), 0, 20, -1)
	rapid.Check(t, func(t *rapid.T) {
		word := letters.Draw(t, "word")
		if before, after := review.SoundKept(word); before != after {
			t.Fatalf("the sound of %q: %026b, not %026b", word, after, before)
		}
		if before, after := review.KoreanKept(word); before != after {
			t.Fatalf("the Korean spelling of %q: %026b, not %026b", word, after, before)
		}
	})
}

func TestEveryListedWordIsFound(t *testing.T) {
	t.Parallel()
	words := review.ListedWords()
	assert.Greater(t, len(words), 2000)
	for word, found := range words {
		assert.True(t, found, word)
	}
}
