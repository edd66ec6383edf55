package strictyaml

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// secretWords are the ends of keys whose values are secrets.
var secretWords = []string{"token", "tokens", "secret", "secrets", "password", "passwords"}

// keyWords are such ends too, behind a letter, as in api_key and privateKey. Alone they say nothing: any name is a key.
var keyWords = []string{"key", "keys"}

// IsSecret reports whether what a key or a parameter holds is a secret, by its name.
func IsSecret(name string) bool {
	return slices.ContainsFunc(secretWords, func(word string) bool {
		_, ends := cutEnd(name, word)
		return ends
	}) || slices.ContainsFunc(keyWords, func(word string) bool {
		before, ends := cutEnd(name, word)
		last, _ := utf8.DecodeLastRuneInString(before)
		return ends && (unicode.IsLetter(last) || unicode.IsDigit(last) || last == '_' || last == '-')
	})
}

// cutEnd cuts a word off the end of a text, in upper or lower case.
func cutEnd(text, word string) (before string, ends bool) {
	at := len(text)
	for range word {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return text[:at], strings.EqualFold(text[at:], word)
}

// secretPair is such a key in a file that could not be read.
var secretPair = lazy.Regexp(`(?i)((token|secret|password)s?|[\pL\d_-]keys?)["']?\s*:`)

// secretParameter is a parameter of a URL that is a secret, also in a path that a query was encoded into.
var secretParameter = lazy.Regexp(`(?i)((?:[?&#]|%3f|%26|%23)` +
	`[^=&#\s"']*?(?:token|secret|password|[\pL\d_-]key)(?:=|%3d))[^&#\s"']*`)

// What may stand before the host of a URL, as it is and percent-encoded.
var (
	userInURL   = lazy.Regexp(`(?i)([a-z][a-z0-9+.-]*:\\?/\\?/)[^/?#\s"'<>\\]+@`)
	userEncoded = lazy.Regexp(`(?i)(%3a%2f%2f)(?:[^%&/\s"'<>]|%[013-9a-f][0-9a-f]|%2[0-9a-e])+%40`)
)

// MaskURLs replaces user names and passwords in the URLs of a text with ***.
func MaskURLs(text string) string {
	if strings.Contains(text, "@") {
		text = userInURL().ReplaceAllString(text, "${1}***@")
	}
	if strings.Contains(text, "%40") {
		text = userEncoded().ReplaceAllString(text, "${1}***%40")
	}
	return text
}
