package mockserver

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// GitLab lets two JSON parsers read a body, one after the other. The first is a stream of Oj, which accepts comments
// and several documents in a row. The second is Ruby's, which accepts some escapes that JSON does not have. GitLab's
// error depends on which of them refuses. So the mock scans a body once for both, before it decodes any value.

// jsonFlaw is a flaw of a JSON body. The constants are in the order of severity, and the most severe flaw counts. After
// one of the first three flaws the scan continues.
type jsonFlaw int

const (
	jsonSound           jsonFlaw = iota
	jsonTrailingComment          // accepted by both parsers, refused by Grape's own
	jsonForStreamOnly            // accepted by the stream alone
	jsonBadText                  // a text has a NUL or is not UTF-8
	jsonBareScalar               // only a number, or a padded true, false or null
	jsonBadEscape                // accepted by Ruby's parser alone
	jsonBroken                   // accepted by neither
	jsonTooDeep
	jsonArrayTooLarge
	jsonObjectTooLarge
	jsonTooManyElements
)

// jsonLimits limit the size of a JSON body. They are checked during the scan, so that a body above them costs nothing
// more.
type jsonLimits struct {
	depth    int // levels of arrays and objects
	array    int // elements of one array
	object   int // members of one object
	elements int // all elements together; a member of an object counts twice
}

// limitedJSON are GitLab's own limits. unlimitedJSON apply in releases that have none: they are those of GitLab's
// parser and of this server.
var (
	limitedJSON   = jsonLimits{depth: 32, array: 50_000, object: 50_000, elements: 99_999}
	unlimitedJSON = jsonLimits{depth: 100, array: 500_000, object: 500_000, elements: 1_000_000}
)

// jsonVerdict is the result of scanning a body.
type jsonVerdict struct {
	flaw   jsonFlaw
	reason string
	plain  []byte // the body with blanks instead of comments
}

// jsonScan is the state of a scan. When the scan was stopped, it is at the end of the body.
type jsonScan struct {
	body     []byte
	at       int
	limits   jsonLimits
	elements int
	stopped  bool
	worst    jsonFlaw // so far
	reason   string
	plain    []byte // a copy of the body, if it has a comment
}

// scanJSON scans a body.
func scanJSON(body []byte, limits jsonLimits) jsonVerdict {
	s := &jsonScan{body: body, limits: limits}
	s.document()
	if s.plain == nil {
		s.plain = body
	}
	return jsonVerdict{s.worst, s.reason, s.plain}
}

// note records a flaw after which the scan continues.
func (s *jsonScan) note(flaw jsonFlaw, what string) {
	if flaw > s.worst && !s.stopped {
		s.worst, s.reason = flaw, fmt.Sprintf("at byte %d of the body: %s", s.at, what)
	}
}

// stop records a flaw that ends the scan.
func (s *jsonScan) stop(flaw jsonFlaw, what string) {
	s.note(flaw, what)
	s.at, s.stopped = len(s.body), true
}

// document reads one value, with blanks and comments around it.
func (s *jsonScan) document() {
	s.blanks()
	if s.ended() {
		s.stop(jsonBroken, "the body contains no value")
		return
	}
	first := s.body[s.at]
	s.value(0)
	switch {
	case s.stopped:
		return
	case first == '{' || first == '[':
		s.behind()
		return
	case first != '"' && (len(s.body) != s.at || !isWord(string(s.body))):
		s.note(jsonBareScalar, "a number, or a word with something around it, cannot be the whole body")
	}
	if s.plainBlanks(); !s.ended() {
		s.stop(jsonBroken, "there is something after the value")
	}
}

// behind reads what follows an array or object.
func (s *jsonScan) behind() {
	for {
		s.plainBlanks()
		switch {
		case s.ended():
			return
		case s.body[s.at] == 0:
			s.note(jsonForStreamOnly, "there is a NUL byte after the value")
			return
		case s.body[s.at] == '/':
			s.note(jsonTrailingComment, "there is a comment after the value")
			if !s.comment() {
				s.note(jsonForStreamOnly, "the comment after the value has no end")
				return
			}
		default:
			s.note(jsonForStreamOnly, "there is a second value after the first")
			s.value(0)
		}
	}
}

func (s *jsonScan) ended() bool { return s.at >= len(s.body) }

// is reports whether a character comes next.
func (s *jsonScan) is(c byte) bool { return !s.ended() && s.body[s.at] == c }

// plainBlanks skips white space.
func (s *jsonScan) plainBlanks() {
	for !s.ended() && isBlank(s.body[s.at]) {
		s.at++
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// blanks skips white space and comments.
func (s *jsonScan) blanks() {
	for s.plainBlanks(); s.is('/'); s.plainBlanks() {
		if !s.comment() {
			s.stop(jsonBroken, "a comment has no end")
		}
	}
}

// comment skips a comment, and replaces it by blanks in the plain copy. It reports whether the comment had an end.
func (s *jsonScan) comment() bool {
	rest := s.body[s.at:]
	length := 0
	switch {
	case bytes.HasPrefix(rest, []byte("//")):
		length = len(rest)
		if end := bytes.IndexByte(rest, '\n'); end >= 0 {
			length = end
		}
	case bytes.HasPrefix(rest, []byte("/*")):
		end := bytes.Index(rest[2:], []byte("*/"))
		if end < 0 {
			return false
		}
		length = end + 4
	default:
		s.stop(jsonBroken, "a / does not start a comment")
		return true
	}
	if s.plain == nil {
		s.plain = bytes.Clone(s.body)
	}
	for end := s.at + length; s.at < end; s.at++ {
		s.plain[s.at] = ' '
	}
	return true
}

// value reads one value, including nested ones.
func (s *jsonScan) value(depth int) {
	s.blanks()
	if s.ended() {
		s.stop(jsonBroken, "a value is missing")
		return
	}
	switch c := s.body[s.at]; {
	case c == '{':
		s.members(depth + 1)
	case c == '[':
		s.items(depth + 1)
	case c == '"':
		s.text()
	case c == '-' || c == '+' || c >= '0' && c <= '9':
		s.number()
	default:
		s.word()
	}
}

func (s *jsonScan) items(depth int) {
	s.enter(depth)
	for n := 1; !s.closes(']'); n++ {
		s.count(1)
		if n > s.limits.array {
			s.stop(jsonArrayTooLarge, fmt.Sprintf("an array has more than %d elements", s.limits.array))
		}
		s.value(depth)
		s.separator(']')
	}
}

func (s *jsonScan) members(depth int) {
	s.enter(depth)
	for n := 1; !s.closes('}'); n++ {
		s.count(2)
		if n > s.limits.object {
			s.stop(jsonObjectTooLarge, fmt.Sprintf("an object has more than %d members", s.limits.object))
		}
		if !s.is('"') {
			s.stop(jsonBroken, "a name in double quotes is missing")
		}
		s.text()
		if s.blanks(); !s.is(':') {
			s.stop(jsonBroken, "a colon is missing")
		}
		s.at++
		s.value(depth)
		s.separator('}')
	}
}

func (s *jsonScan) enter(depth int) {
	if depth > s.limits.depth {
		s.stop(jsonTooDeep, fmt.Sprintf("the body is more than %d levels deep", s.limits.depth))
	}
	s.at++
}

func (s *jsonScan) count(n int) {
	if s.elements += n; s.elements > s.limits.elements {
		s.stop(jsonTooManyElements, fmt.Sprintf("the body has more than %d elements", s.limits.elements))
	}
}

// closes reports whether an array or object ends here, and moves past its end.
func (s *jsonScan) closes(end byte) bool {
	if s.blanks(); s.ended() {
		s.stop(jsonBroken, fmt.Sprintf("%q is missing at the end", end))
		return true
	}
	if !s.is(end) {
		return false
	}
	s.at++
	return true
}

// separator reads the comma between two elements. There must be none before the end.
func (s *jsonScan) separator(end byte) {
	if s.blanks(); s.is(end) || s.ended() {
		return
	}
	if !s.is(',') {
		s.stop(jsonBroken, "a comma is missing")
	}
	s.at++
	if s.blanks(); s.is(end) {
		s.stop(jsonBroken, "there is a comma before the end")
	}
}

func (s *jsonScan) text() {
	for s.at++; ; {
		if s.ended() {
			s.stop(jsonBroken, "a text has no end")
			return
		}
		switch c := s.body[s.at]; {
		case c == '"':
			s.at++
			return
		case c == '\\':
			s.escape()
		case c == 0:
			s.stop(jsonBroken, "a text contains a NUL byte")
		case c < ' ':
			s.note(jsonForStreamOnly, "a text contains a control character, such as a line break")
			s.at++
		case c < utf8.RuneSelf:
			s.at++
		default:
			r, size := utf8.DecodeRune(s.body[s.at:])
			if r == utf8.RuneError && size == 1 {
				s.note(jsonBadText, "a text is not UTF-8")
			}
			s.at += size
		}
	}
}

// isUnicodeEscape reports whether a text begins with an escape of four digits.
func isUnicodeEscape(text []byte) bool {
	if len(text) < len(`\u0000`) || text[0] != '\\' || text[1] != 'u' {
		return false
	}
	for _, c := range text[2:6] {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}

func (s *jsonScan) escape() {
	rest := s.body[s.at:]
	switch {
	case len(rest) > 1 && bytes.IndexByte([]byte(`"\/bfnrt`), rest[1]) >= 0:
		s.at += 2
	case isUnicodeEscape(rest):
		s.unicode(rest)
	case len(rest) > 1 && rest[1] != 'u' && rest[1] >= ' ' && rest[1] < utf8.RuneSelf:
		s.note(jsonBadEscape, "an escape is not one of JSON")
		s.at += 2
	default:
		s.stop(jsonBroken, "an escape is cut short")
	}
}

// unicode reads an escape with four digits, or the two escapes of a surrogate pair.
func (s *jsonScan) unicode(rest []byte) {
	length := len(`\u0000`)
	if high := rest[2] | 0x20; high == 'd' && rest[3] >= '8' {
		length *= 2
		low := rest[min(length/2, len(rest)):]
		lowHalf := isUnicodeEscape(low) && low[2]|0x20 == 'd' && bytes.IndexByte([]byte("cdefCDEF"), low[3]) >= 0
		if bytes.IndexByte([]byte("89abAB"), rest[3]) < 0 || !lowHalf {
			s.stop(jsonBroken, "half of a surrogate pair is missing")
			return
		}
	} else if bytes.HasPrefix(rest, []byte(`\u0000`)) {
		s.note(jsonBadText, "a text contains a NUL byte")
	}
	s.at += length
}

func (s *jsonScan) number() {
	end := s.at
	for end < len(s.body) && isOfNumber(s.body[end]) {
		end++
	}
	sound, loose := readNumber(s.body[s.at:end])
	switch {
	case !loose:
		s.stop(jsonBroken, "a number is not written as in JSON")
		return
	case !sound:
		s.note(jsonForStreamOnly, "a number is not written as in JSON")
	}
	s.at = end
}

// readNumber reports whether a text is a JSON number (sound), and whether the stream accepts it (loose). The stream
// also accepts a plus sign, leading zeros and a dot at the end.
func readNumber(text []byte) (sound, loose bool) {
	unsigned := bytes.TrimPrefix(bytes.TrimPrefix(text, []byte("-")), []byte("+"))
	if len(text)-len(unsigned) > 1 {
		return false, false
	}
	whole, rest := digits(unsigned)
	sound = len(whole) > 0 && text[0] != '+' && (whole[0] != '0' || len(whole) == 1)
	if len(whole) == 0 {
		return false, false
	}
	if dot := bytes.TrimPrefix(rest, []byte(".")); len(dot) < len(rest) {
		var fraction []byte
		fraction, rest = digits(dot)
		sound = sound && len(fraction) > 0
	}
	if len(rest) == 0 {
		return sound, true
	}
	if rest[0]|0x20 != 'e' {
		return false, false
	}
	exponent := rest[1:]
	if len(exponent) > 0 && (exponent[0] == '+' || exponent[0] == '-') {
		exponent = exponent[1:]
	}
	power, rest := digits(exponent)
	isNumber := len(power) > 0 && len(rest) == 0
	return sound && isNumber, isNumber
}

// digits splits a text after its leading digits.
func digits(text []byte) (digits, rest []byte) {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return text[:n], text[n:]
}

func isWord(text string) bool { return text == "true" || text == "false" || text == "null" }

func (s *jsonScan) word() {
	end := s.at
	for end < len(s.body) && (s.body[end]|0x20 >= 'a' && s.body[end]|0x20 <= 'z') {
		end++
	}
	switch word := string(s.body[s.at:end]); {
	case isWord(word):
	case word == "NaN" && s.elements > 0:
		s.note(jsonForStreamOnly, "NaN is not a value of JSON")
	default:
		s.stop(jsonBroken, "a value is not valid in JSON")
		return
	}
	s.at = end
}
