package conformance

import (
	"net/http"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// curlLine is a command for a POSIX shell, word by word, each in the pieces that are to be quoted apart.
type curlLine [][]piece

// String is the command. The shell must have the variables $TOKEN and the like. All text from the server is in single
// quotes, so the shell does not interpret it.
func (c curlLine) String() string {
	words := make([]string, len(c))
	for i, word := range c {
		words[i] = shellWord(word)
	}
	return strings.Join(words, " ")
}

// command is the command that sends the request of the exchange again. A body that is too long to be shown, or no text,
// is a file that is still to be written.
func (e *Exchange) command(body string) curlLine {
	words := []string{"curl"}
	if e.Method == http.MethodHead {
		words = append(words, "-I")
	} else {
		words = append(words, "-i")
		if e.Method != http.MethodGet || e.Body != "" {
			words = append(words, "-X", e.Method)
		}
	}
	if strings.ContainsAny(e.URL, "[]{}") {
		words = append(words, "-g") // which curl would take for several URLs
	}
	for _, line := range e.Header {
		if !strings.HasPrefix(line, "User-Agent: ") {
			words = append(words, "-H", line)
		}
	}
	switch {
	case e.Body != body:
		words = append(words, "--data-binary", "@body")
	case e.Body != "":
		words = append(words, "--data-raw", e.Body) // unlike --data-binary it reads no file whose name a body gives
	}
	line := make(curlLine, 0, len(words)+1)
	for _, word := range append(words, e.URL) {
		line = append(line, []piece{{text: word}})
	}
	return line
}

// redacted is the command with secrets replaced by their names.
func (c curlLine) redacted(s *secrets) curlLine {
	shown := make(curlLine, len(c))
	for i, word := range c {
		for _, p := range word {
			if p.isSecret {
				shown[i] = append(shown[i], p)
			} else {
				shown[i] = append(shown[i], s.split(p.text)...)
			}
		}
	}
	return shown
}

var (
	bareWord     = lazy.Regexp(`^(?:curl|-[A-Za-z]|--data-raw|--data-binary|[A-Z]+)$`)
	variableName = lazy.Regexp(`^\$[A-Z_][A-Z0-9_]*$`)
)

// shellWord quotes a word; only the names of secrets are left for the shell to fill in.
func shellWord(pieces []piece) string {
	if len(pieces) == 1 && !pieces[0].isSecret && bareWord().MatchString(pieces[0].text) {
		return pieces[0].text
	}
	var word strings.Builder
	for _, p := range pieces {
		if p.isSecret && variableName().MatchString(p.text) {
			word.WriteString(`"` + p.text + `"`)
		} else {
			word.WriteString("'" + strings.ReplaceAll(p.text, "'", `'\''`) + "'")
		}
	}
	return word.String()
}
