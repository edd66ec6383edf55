package reader

import (
	"regexp"
	"strings"
)

var (
	userInURL   = regexp.MustCompile(`(?i)([a-z][a-z0-9+.-]*:\\?/\\?/)[^/?#\s"'<>\\]+@`)
	userEncoded = regexp.MustCompile(`(?i)(%3a%2f%2f)(?:[^%&/\s"'<>]|%[013-9a-f][0-9a-f]|%2[0-9a-e])+%40`)
)

// MaskURLs replaces user and password in the URLs of a text by ***.
func MaskURLs(text string) string {
	if strings.Contains(text, "@") {
		text = userInURL.ReplaceAllString(text, "${1}***@")
	}
	if strings.Contains(text, "%40") {
		text = userEncoded.ReplaceAllString(text, "${1}***%40")
	}
	return text
}

// secretValue is a value that stands behind the key of a token, a secret or a password in a line of YAML or JSON.
var secretValue = regexp.MustCompile(
	`(?i)((?:^|[\s{,?-])["']?[a-z_]*(?:token|secret|password)["']?\s*:\s+)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,` +
		`{}\[\]"'][^,}#]*)`)

// MaskLine keeps out of an excerpt what is a secret by its key, and who a URL names.
func MaskLine(line string) string {
	return MaskURLs(secretValue.ReplaceAllString(line, "${1}…"))
}
