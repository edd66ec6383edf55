// Package lazy makes things when they are first used. A program that is started often, such as the mock in tests, does
// not wait for those that it never needs.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp returns a regular expression that is compiled at the first call, which panics if it is wrong.
// TestRegexps_compile holds that none is.
func Regexp(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
