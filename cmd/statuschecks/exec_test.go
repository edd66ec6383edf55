package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/docstest"
	"github.com/statuschecks/statuschecks/mockserver"
)

// environmentOf is the environment that a command gets.
func environmentOf(t *testing.T, environ ...string) map[string]string {
	t.Helper()
	mock, err := mockserver.New(mockserver.Options{})
	assert.NilError(t, err)
	o := newServeOptions()
	o.listen = "127.0.0.1:0"
	d, err := o.openDoors(t.Context(), system{now: time.Now})
	assert.NilError(t, err)
	defer d.close()
	variables, err := (&runningMock{mock: mock, note: o.announcement(d, mock, nil)}).environment("", environ)
	assert.NilError(t, err)
	found := map[string]string{}
	for _, entry := range variables {
		name, value, _ := strings.Cut(entry, "=")
		_, twice := found[name]
		assert.Check(t, !twice, "%s is there twice", name)
		found[name] = value
	}
	return found
}

// The table of docs/exec.md lists the variables that exec sets, and no others.
func TestExec_documentedVariables(t *testing.T) {
	t.Parallel()
	page := docstest.Page(t, "exec.md")
	var documented []string
	for _, row := range regexp.MustCompile(`(?m)^\| (`+"`[A-Z].*?"+`) \|`).FindAllStringSubmatch(page, -1) {
		for _, name := range strings.Split(row[1], ", ") {
			documented = append(documented, strings.Trim(name, "`"))
		}
	}
	var set []string
	for name := range environmentOf(t) {
		set = append(set, name)
	}
	slices.Sort(documented)
	slices.Sort(set)
	assert.DeepEqual(t, documented, set)
}

// A command of exec gets no way into a real GitLab, and everything else as it was.
func TestExec_keepsRealTokensBack(t *testing.T) {
	t.Parallel()
	const mocks = "glpat-maintainer"
	tests := map[string]struct{ value, want string }{
		"CI_JOB_TOKEN":         {"x", mocks},
		"CI_JOB_JWT_V2":        {"x", mocks},
		"CI_REGISTRY_PASSWORD": {"x", mocks},
		"GITLAB_TOKEN":         {"x", mocks},
		"GITLAB_OAUTH_TOKEN":   {"x", mocks},
		"GL_TOKEN":             {"x", mocks},
		"OAUTH_TOKEN":          {"x", mocks},
		"RENOVATE_TOKEN":       {"glpat-0123456789abcdefghij", mocks},
		"ORIGIN":               {"https://x:glcbt-0123456789abcdefghij@gitlab.example.com/a.git", mocks},
		"CI_JOB_TOKEN_SCOPE":   {"x", "x"},
		"NPM_TOKEN":            {"x", "x"},
		"CI_JOB_STAGE":         {"test", "test"},
		"GITLAB_SECRET":        {"", ""},
	}
	var environ []string
	for name, test := range tests {
		environ = append(environ, name+"="+test.value)
	}
	got := environmentOf(t, environ...)
	for name, test := range tests {
		assert.Check(t, got[name] == test.want, "%s is %q, want %q", name, got[name], test.want)
	}
}

// noticing is told of each text that is written.
type noticing func()

func (n noticing) Write(text []byte) (int, error) {
	n()
	return len(text), nil
}

// Who is told to end while the mock is made begins no command.
func TestExec_toldToEndAtTheStart(t *testing.T) {
	t.Parallel()
	ctx, end := context.WithCancelCause(t.Context())
	folder := t.TempDir()
	made := filepath.Join(folder, "made")
	o := newServeOptions()
	o.listen, o.data = "127.0.0.1:0", filepath.Join(folder, "data")
	sys := system{out: io.Discard, errs: noticing(func() { end(errors.New("terminated")) }), now: time.Now}
	err := o.exec(ctx, sys, "", []string{"touch", made}) // that there are no data yet is said on the way
	assert.ErrorContains(t, err, "the command touch was not begun: terminated")
	assert.Equal(t, exitCode(err), 143)
	_, err = os.Stat(made)
	assert.ErrorIs(t, err, os.ErrNotExist)
}
