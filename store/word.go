package store

import (
	"errors"
	"sync"

	"docket/review"
)

// wordCache remembers words in both directions. Words are never changed or taken away, so what
// a committed transaction saw stays true.
type wordCache struct {
	mu    sync.RWMutex
	ids   map[string]int64
	texts map[int64]string
}

// maxWords bounds the cache against payloads that invent types.
const maxWords = 20_000

func newWordCache() *wordCache {
	return &wordCache{ids: map[string]int64{}, texts: map[int64]string{}}
}

func (c *wordCache) id(text string) (int64, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	id, ok := c.ids[text]
	return id, ok
}

func (c *wordCache) text(id int64) (string, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	text, ok := c.texts[id]
	return text, ok
}

func (c *wordCache) add(words map[string]int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.ids)+len(words) > maxWords {
		clear(c.ids)
		clear(c.texts)
	}
	for text, id := range words {
		c.ids[text], c.texts[id] = id, text
	}
}

// word gives the number of a word, adding it when it is new.
func (a *act) word(text string) (int64, error) {
	if id, ok := a.db.words.id(text); ok {
		return id, nil
	}
	if id, ok := a.words[text]; ok {
		return id, nil
	}
	id, err := a.knownWord(text)
	if errors.Is(err, review.ErrNotFound) {
		id, err = a.insert(`INSERT INTO word (text) VALUES (?)`, text)
	}
	if err != nil {
		return 0, err
	}
	a.learn(text, id)
	return id, nil
}

// knownWord gives the number of a word that exists, review.ErrNotFound when it does not.
func (a *act) knownWord(text string) (int64, error) {
	if id, ok := a.db.words.id(text); ok {
		return id, nil
	}
	var id int64
	err := a.one(`SELECT id FROM word WHERE text = ?`, []any{text}, &id)
	return id, err
}

// text gives the word behind a number.
func (a *act) text(id int64) (string, error) {
	if text, ok := a.db.words.text(id); ok {
		return text, nil
	}
	for text, known := range a.words {
		if known == id {
			return text, nil
		}
	}
	var text string
	if err := a.one(`SELECT text FROM word WHERE id = ?`, []any{id}, &text); err != nil {
		return "", err
	}
	a.learn(text, id)
	return text, nil
}

// learn keeps a word for this act; the cache of all takes it over when the act has committed.
func (a *act) learn(text string, id int64) {
	if a.words == nil {
		a.words = map[string]int64{}
	}
	a.words[text] = id
}
