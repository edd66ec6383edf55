package mockserver

import (
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// idFrom is the id that a segment of a path is, if it is one. A plus sign is part of a name.
//
// Source: INTEGER_ID_REGEX in lib/api/helpers.rb.
func idFrom(text string) (id int64, is bool) {
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil && !strings.HasPrefix(text, "+")
}

var numericText = lazy.Regexp(`^\s*([+-]?[0-9]+(?:_[0-9]+)*)`)

// castInteger is what Active Record makes of a text where it compares it with a number: the number that the text
// begins with.
func castInteger(text string) (number int64, is bool) {
	if number, err := strconv.ParseInt(text, 10, 64); err == nil { // as nearly always
		return number, true
	}
	found := numericText().FindStringSubmatch(text)
	if found == nil {
		return 0, false
	}
	number, err := strconv.ParseInt(strings.ReplaceAll(found[1], "_", ""), 10, 64)
	return number, err == nil
}
