package web_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"docket/review"
	"docket/web"
)

func TestPasswordIsVerifiedExactly(t *testing.T) {
	t.Parallel()
	for _, p := range []string{"a lantern in the north", " leading and trailing ", "Ünïcödé ☂ mots de passe", strings.Repeat("x y", 60)} {
		hash := web.Hash(p)
		assert.True(t, strings.HasPrefix(hash, "$argon2id$v=19$m=47104,t=1,p=1$"), hash)
		fits, outdated, err := web.VerifyPassword(p, hash)
		require.NoError(t, err)
		assert.True(t, fits)
		assert.False(t, outdated)
		for _, wrong := range []string{p + " ", strings.ToUpper(p), p[:len(p)-1], strings.TrimSpace(p) + "\x00", ""} {
			fits, _, err := web.VerifyPassword(wrong, hash)
			require.NoError(t, err)
			assert.False(t, fits, "%q", wrong)
		}
	}
	assert.NotEqual(t, web.Hash("same"), web.Hash("same"), "each hash has its own salt")
}

func TestPasswordHashOfAnotherCostStillFits(t *testing.T) {
	t.Parallel()
	// argon2id of "password" with m=64, t=2, p=1 and the salt "somesaltsomesalt".
	older := "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
	key := web.KeyOf("password", "somesaltsomesalt", 2, 64)
	fits, outdated, err := web.VerifyPassword("password", older+key)
	require.NoError(t, err)
	assert.True(t, fits)
	assert.True(t, outdated, "it is made again at the next sign-in")
}

func TestPasswordHashThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	good := web.Hash("x")
	for _, hash := range []string{"", "-", "plain", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAA", strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=47104", "m=4294967295", 1), strings.Replace(good, "t=1", "t=0", 1), good[:len(good)-30], good + "$x"} {
		fits, _, err := web.VerifyPassword("x", hash)
		require.Error(t, err, "%q", hash)
		assert.False(t, fits)
		assert.NotContains(t, err.Error(), good[40:60], "an error carries no part of a hash")
	}
}

func TestGuessablePasswordsAreRefused(t *testing.T) {
	t.Parallel()
	who := review.Colleague{ID: "n.haddad", Name: "Noor Haddad"}
	for _, p := range []string{"", "short", "1234567", "password", "PASSWORD", "12345678", "qwertyuiop", "docket12", "Docket2026", "persona!!",
		"haddad1986", "n.haddad", "n.haddad12", "aaaaaaaaaaaa", "ßßßßßßßßß", "noor haddad", strings.Repeat("x1", 600)} {
		err := web.CheckPassword(p, who)
		var invalid *review.Invalid
		require.ErrorAs(t, err, &invalid, "%q", p)
		assert.Equal(t, "password", invalid.Problems[0].Field)
		assert.NotContains(t, invalid.Problems[0].Text, "nvalid")
	}
	for _, p := range []string{"a lantern in the north", "пароль длинный и хороший", "8chars.!", "☂☃☄★☆☇☈☉", "correct horse battery", strings.Repeat("z y ", 32),
		"docket is where I keep lanterns"} {
		assert.NoError(t, web.CheckPassword(p, who), "%q", p)
	}
}

func TestNewPasswordIsHashedOnlyWhenItMayBeUsed(t *testing.T) {
	t.Parallel()
	_, err := web.HashPassword("noor", "password")
	var invalid *review.Invalid
	require.ErrorAs(t, err, &invalid)
	hash, err := web.HashPassword("noor", "a lantern in the north")
	require.NoError(t, err)
	fits, _, err := web.VerifyPassword("a lantern in the north", hash)
	require.NoError(t, err)
	assert.True(t, fits)
}
