package gitlab

import (
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

var (
	pathForm = lazy.Regexp(`^[A-Za-z0-9_.][A-Za-z0-9_.-]*$`)
	nameForm = lazy.Regexp(`^[\p{L}\p{N}_\x{2600}-\x{27BF}\x{1F000}-\x{1FAFF}][\p{L}\p{M}\p{N}_. ` +
		`+\-\x{2600}-\x{27BF}\x{1F000}-\x{1FAFF}]*$`)
	noSlug = lazy.Regexp(`[^a-z0-9_-]+`)
	dashes = lazy.Regexp(`-{2,}`)
)

// pathRule is GitLab's wording of the rule for a path.
const pathRule = "can contain only letters, digits, '_', '-' and '.'. Cannot start with '-' or end in '.', '.git' " +
	"or '.atom'."

// validPath reports whether a text can be the path of a user, group or project.
func validPath(path string) bool {
	lower := strings.ToLower(path)
	return len(path) <= 255 && pathForm().MatchString(path) && !strings.HasSuffix(lower, ".git") &&
		!strings.HasSuffix(lower, ".atom") && !strings.HasSuffix(path, ".")
}

// validName reports whether a text can be the name of a project.
func validName(name string) bool { return len(name) <= 255 && nameForm().MatchString(name) }

// slug makes a path from a name: it turns letters to lower case, and replaces characters that a path cannot have by
// dashes.
func slug(name string) string {
	return strings.Trim(dashes().ReplaceAllString(noSlug().ReplaceAllString(strings.ToLower(name), "-"), "-"), "-")
}
