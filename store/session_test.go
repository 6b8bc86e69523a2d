package store_test

import (
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/store"
	"docket/store/storetest"
)

func TestASessionEndsIdleAndEndsOld(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id, err := db.BeginSession(t.Context(), nil, anna, "no password", "Firefox")
	require.NoError(t, err)
	s, err := db.Session(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, anna, s.Colleague.ID)
	assert.Equal(t, storetest.Start, s.ProvedAt)
	for range 5 {
		clock.Advance(29 * time.Minute)
		require.NoError(t, db.TouchSession(t.Context(), id))
	}
	clock.Advance(30 * time.Minute)
	_, err = db.Session(t.Context(), id)
	require.ErrorIs(t, err, review.ErrNotFound)

	id, err = db.BeginSession(t.Context(), id, anna, "no password", "Firefox")
	require.NoError(t, err)
	for range 47 {
		clock.Advance(15 * time.Minute)
		require.NoError(t, db.TouchSession(t.Context(), id))
	}
	clock.Advance(15 * time.Minute)
	require.ErrorIs(t, db.TouchSession(t.Context(), id), review.ErrNotFound, "12 hours are the end")
}

func TestATouchWritesAtMostOnceAMinute(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id, err := db.BeginSession(t.Context(), nil, anna, "no password", "")
	require.NoError(t, err)
	clock.Advance(59 * time.Second)
	require.NoError(t, db.TouchSession(t.Context(), id))
	s, err := db.Session(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, storetest.Start, s.SeenAt)
	clock.Advance(time.Second)
	require.NoError(t, db.TouchSession(t.Context(), id))
	s, err = db.Session(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, clock.Now(), s.SeenAt)
}

func TestASessionIsDeadAfter(t *testing.T) {
	t.Parallel()
	for what, end := range map[string]func(*store.DB, []byte) error{
		"signing out": func(db *store.DB, id []byte) error { return db.EndSession(t.Context(), id, store.EndedSignedOut) },
		"signing in again": func(db *store.DB, id []byte) error {
			_, err := db.BeginSession(t.Context(), id, "anna", "no password", "")
			return err
		},
		"a new password": func(db *store.DB, _ []byte) error { return db.SetPassword(t.Context(), "anna", "x", "anna") },
		"being disabled": func(db *store.DB, _ []byte) error { return db.SetDisabled(t.Context(), "anna", true, "admin") },
		"ending all":     func(db *store.DB, _ []byte) error { return db.EndSessions(t.Context(), "anna", "admin", nil) },
		"ending all others": func(db *store.DB, _ []byte) error {
			return db.EndSessions(t.Context(), "anna", "anna", []byte("this one"))
		},
	} {
		db := storetest.Open(t)
		storetest.Colleague(t, db, review.RoleReviewer, "anna")
		storetest.Colleague(t, db, review.RoleAdmin)
		id, err := db.BeginSession(t.Context(), nil, "anna", "no password", "")
		require.NoError(t, err)
		require.NoError(t, end(db, id), what)
		_, err = db.Session(t.Context(), id)
		require.ErrorIs(t, err, review.ErrNotFound, what)
		require.ErrorIs(t, db.EndSession(t.Context(), id, store.EndedSignedOut), review.ErrNotFound, what)
	}
}

func TestAPasswordThatIsNoMoreOpensNothing(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	require.NoError(t, db.AddColleague(t.Context(), review.Colleague{ID: "anna", Name: "Anna", Role: review.RoleReviewer}, "first", ""))
	held, err := db.BeginSession(t.Context(), nil, "anna", "first", "")
	require.NoError(t, err)
	require.NoError(t, db.ReplacePassword(t.Context(), "anna", "first", "second"))
	for _, stale := range []string{"first", ""} {
		_, err = db.BeginSession(t.Context(), held, "anna", stale, "")
		require.ErrorIs(t, err, review.ErrConflict, stale)
		require.ErrorIs(t, db.ReplacePassword(t.Context(), "anna", stale, "third"), review.ErrConflict, stale)
	}
	all, err := db.Sessions(t.Context(), "anna")
	require.NoError(t, err)
	assert.Empty(t, all)
	hash, err := db.PasswordHash(t.Context(), "anna")
	require.NoError(t, err)
	assert.Equal(t, "second", hash)
	_, err = db.BeginSession(t.Context(), nil, "anna", "second", "")
	require.NoError(t, err)
	require.NoError(t, db.SetDisabled(t.Context(), "anna", true, ""))
	_, err = db.BeginSession(t.Context(), nil, "anna", "second", "")
	require.ErrorIs(t, err, review.ErrForbidden)
	require.ErrorIs(t, db.ReplacePassword(t.Context(), "anna", "second", "third"), review.ErrForbidden)
	_, err = db.BeginSession(t.Context(), nil, "nobody", "second", "")
	require.ErrorIs(t, err, review.ErrForbidden)
}

func TestARoleCountsFromTheNextRequest(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id, err := db.BeginSession(t.Context(), nil, "anna", "no password", "")
	require.NoError(t, err)
	require.NoError(t, db.SetRole(t.Context(), "anna", review.RoleAuditor, ""))
	s, err := db.Session(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, review.RoleAuditor, s.Colleague.Role)
	all, err := db.Sessions(t.Context(), "anna")
	require.NoError(t, err)
	assert.Equal(t, []store.Session{s}, all)
	require.NoError(t, db.SetDisabled(t.Context(), "anna", true, ""))
	_, err = db.BeginSession(t.Context(), nil, "anna", "no password", "")
	require.ErrorIs(t, err, review.ErrForbidden)
	_, err = db.PasswordHash(t.Context(), "anna")
	require.ErrorIs(t, err, review.ErrForbidden)
	_, err = db.PasswordHash(t.Context(), "nobody")
	require.ErrorIs(t, err, review.ErrNotFound)
}

func TestTheFileHoldsNoSecretThatOpensAnything(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docket.db")
	db, err := store.Open(t.Context(), path, store.Options{Hydrate: storetest.Hydrate})
	require.NoError(t, err)
	token, err := db.SetUpToken(t.Context())
	require.NoError(t, err)
	storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id, err := db.BeginSession(t.Context(), nil, "anna", "no password", "a very long name of a browser")
	require.NoError(t, err)
	_, err = db.SignInAttempt(t.Context(), "mypassword-by-mistake", "203.0.113.9")
	require.NoError(t, err)
	require.NoError(t, db.Close())
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, secret := range []string{string(id), base64.RawURLEncoding.EncodeToString(id), hex.EncodeToString(id), token, "mypassword-by-mistake"} {
		assert.NotContains(t, string(file), secret)
	}
	assert.Contains(t, string(file), "a very long name of a browser", "the search must be able to find")
}

func TestTheSetUpLinkLetsOnePersonInOnce(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	db := storetest.Open(t, storetest.WithClock(clock))
	ada := review.Colleague{ID: "ada", Name: "Ada"}
	old, err := db.SetUpToken(t.Context())
	require.NoError(t, err)
	token, err := db.SetUpToken(t.Context())
	require.NoError(t, err)
	require.ErrorIs(t, db.FirstAdmin(t.Context(), old, ada, "h"), review.ErrNotFound, "a newer one replaces it")
	require.NoError(t, db.CheckSetUpToken(t.Context(), token))
	clock.Advance(30 * time.Minute)
	require.ErrorIs(t, db.CheckSetUpToken(t.Context(), token), review.ErrNotFound)
	require.ErrorIs(t, db.FirstAdmin(t.Context(), token, ada, "h"), review.ErrNotFound, "it is too old")
	token, err = db.SetUpToken(t.Context())
	require.NoError(t, err)
	var invalid *review.Invalid
	require.ErrorAs(t, db.FirstAdmin(t.Context(), token, review.Colleague{ID: "A!", Name: "A"}, "h"), &invalid)
	require.NoError(t, db.FirstAdmin(t.Context(), token, ada, "h"), "a mistake does not use it up")
	c, err := db.Colleague(t.Context(), "ada")
	require.NoError(t, err)
	assert.Equal(t, review.RoleAdmin, c.Role)
	require.ErrorIs(t, db.CheckSetUpToken(t.Context(), token), review.ErrNotFound, "it is used up")
	require.ErrorIs(t, db.FirstAdmin(t.Context(), token, review.Colleague{ID: "ben", Name: "Ben"}, "h"), review.ErrConflict)
	_, err = db.SetUpToken(t.Context())
	require.ErrorIs(t, err, review.ErrConflict, "there is someone now")
}

func TestTheFirstColleagueMayAddThemselvesAndNobodyAfter(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	require.NoError(t, db.AddColleague(t.Context(), review.Colleague{ID: "ada", Name: "Ada", Role: review.RoleAdmin}, "h", "ada"))
	require.ErrorIs(t, db.AddColleague(t.Context(), review.Colleague{ID: "eve", Name: "Eve", Role: review.RoleAdmin}, "h", "eve"), review.ErrForbidden)
	require.NoError(t, db.AddColleague(t.Context(), review.Colleague{ID: "ben", Name: "Ben", Role: review.RoleReviewer}, "h", "ada"))
	require.ErrorIs(t, db.AddColleague(t.Context(), review.Colleague{ID: "eve", Name: "Eve", Role: review.RoleAdmin}, "h", "ben"), review.ErrForbidden)
	var invalid *review.Invalid
	for _, c := range []review.Colleague{{ID: "ben", Name: "Ben", Role: review.RoleLead}, {ID: "Ben", Name: "Ben", Role: review.RoleLead},
		{ID: "cleo", Role: review.RoleLead}, {ID: "cleo", Name: "Cleo", Role: "boss"}} {
		require.ErrorAs(t, db.AddColleague(t.Context(), c, "h", ""), &invalid)
	}
	all, err := db.Colleagues(t.Context())
	require.NoError(t, err)
	assert.Len(t, all, 2)
}

func TestTheLastAdminStays(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	admin := storetest.Colleague(t, db, review.RoleAdmin)
	ben := storetest.Colleague(t, db, review.RoleReviewer, "ben")
	var invalid *review.Invalid
	require.ErrorAs(t, db.SetRole(t.Context(), admin, review.RoleLead, admin), &invalid)
	require.ErrorAs(t, db.SetDisabled(t.Context(), admin, true, ""), &invalid)
	require.ErrorIs(t, db.SetRole(t.Context(), ben, review.RoleAdmin, ben), review.ErrForbidden)
	require.ErrorIs(t, db.SetPassword(t.Context(), admin, "x", ben), review.ErrForbidden)
	require.ErrorIs(t, db.SetKeys(t.Context(), admin, false, ben), review.ErrForbidden)
	require.NoError(t, db.SetKeys(t.Context(), ben, true, ben))
	require.NoError(t, db.SetPassword(t.Context(), ben, "new", ben))
	hash, err := db.PasswordHash(t.Context(), ben)
	require.NoError(t, err)
	assert.Equal(t, "new", hash)
	require.NoError(t, db.SetRole(t.Context(), ben, review.RoleAdmin, admin))
	require.NoError(t, db.SetDisabled(t.Context(), admin, true, ben))
	require.ErrorIs(t, db.SetRole(t.Context(), ben, review.RoleLead, admin), review.ErrForbidden, "who is disabled changes nobody")
	require.ErrorIs(t, db.SetRole(t.Context(), "nobody", review.RoleLead, ben), review.ErrNotFound)
}

func TestDisablingGivesBackWhatIsClaimed(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	anna := storetest.Colleague(t, db, review.RoleReviewer, "anna")
	id := storetest.Review(t, db)
	storetest.Claimed(t, db, id, anna)
	require.NoError(t, db.SetDisabled(t.Context(), anna, true, ""))
	assert.Zero(t, mustFile(t, db, id).Review.Claim)
	_, err := db.Claim(t.Context(), id, anna, false)
	require.ErrorIs(t, err, review.ErrForbidden)
}

func TestManyFailedAttemptsHaveToWait(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	path := filepath.Join(t.TempDir(), "docket.db")
	db := storetest.OpenFile(t, path, storetest.WithClock(clock))
	try := func(account, address string, ok bool) time.Duration {
		wait, err := db.SignInAttempt(t.Context(), account, address)
		require.NoError(t, err)
		if wait == 0 {
			require.NoError(t, db.SignInResult(t.Context(), account, address, ok))
		}
		return wait
	}
	for range 6 {
		assert.Zero(t, try("anna", "203.0.113.1", false))
	}
	assert.Equal(t, time.Second, try("anna", "203.0.113.1", true), "even with the right password")
	assert.Zero(t, try("anna", "203.0.113.2:1234", true), "the colleague is let in from elsewhere")
	clock.Advance(time.Second)
	assert.Zero(t, try("Anna ", "203.0.113.1", false), "the same account, differently typed")
	assert.Equal(t, 2*time.Second, try("anna", "203.0.113.1", false))
	other := storetest.OpenFile(t, path, storetest.WithClock(clock))
	wait, err := other.SignInAttempt(t.Context(), "anna", "203.0.113.1")
	require.NoError(t, err)
	assert.Equal(t, 2*time.Second, wait, "a restart forgets nothing")

	clock.Advance(2 * time.Hour)
	for i := range 300 {
		try(string(rune('a'+i%26))+"x", "2001:db8::1", false)
	}
	assert.Positive(t, try("someone", "2001:db8::ffff", false), "an IPv6 customer has a whole /64")
	assert.Zero(t, try("someone", "2001:db8:0:1::1", true))
	clock.Advance(time.Hour + time.Minute)
	assert.Zero(t, try("someone", "2001:db8::1", false))
	for range 5 {
		assert.Zero(t, try("ben", "203.0.113.7", false))
	}
	assert.Zero(t, try("ben", "203.0.113.7", true))
	for range 6 {
		assert.Zero(t, try("ben", "203.0.113.7", false), "success forgives")
	}
}
