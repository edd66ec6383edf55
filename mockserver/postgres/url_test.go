package postgres

import (
	"net/url"
	"testing"

	"gotest.tools/v3/assert"
)

// Every connection has a time limit, and TLS where the database offers it. What the URL or the environment says of TLS
// stays.
func TestComplete(t *testing.T) {
	for _, c := range []struct{ url, environment, mode, place string }{
		{"postgres://u:p%40ss@db.example.com/d", "", "prefer", "db.example.com:5432/d"},
		{"postgres://u@db.example.com:6432/d?sslmode=verify-full", "", "verify-full", "db.example.com:6432/d"},
		{"postgresql://u@[::1]/d?sslmode=disable", "require", "disable", "[::1]:5432/d"},
		{"postgres://u@db.example.com/d", "require", "", "db.example.com:5432/d"},
		{"postgresql:///d?host=/run", "", "", "/run d"},
	} {
		t.Run(c.url+c.environment, func(t *testing.T) {
			if c.environment != "" {
				t.Setenv("PGSSLMODE", c.environment)
			}
			full, config, err := complete(c.url)
			assert.NilError(t, err)
			assert.Equal(t, place(config), c.place)
			u, err := url.Parse(full)
			assert.NilError(t, err)
			assert.Equal(t, u.Query().Get("sslmode"), c.mode)
			assert.Equal(t, u.Query().Get("connect_timeout"), "5")
			given, err := url.Parse(c.url)
			assert.NilError(t, err)
			assert.Equal(t, u.User.String(), given.User.String())
		})
	}
}

// A URL that is none is refused without a part of its password.
func TestCheckURL_showsNoPassword(t *testing.T) {
	for _, text := range []string{"postgres://u:hu/sh@h/d", "postgres://u:hush@h:99999999/d", "http://u:hush@h/d"} {
		assert.Equal(t, CheckURL(text), errURL)
	}
}
