package scenario

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/reader"
)

// Part is a piece of a literal body: a text and how often to send it.
type Part struct {
	Text  string
	Times int // 0 for a text that stands there once
}

// maxBody bounds a body that repeats texts, in bytes before references are filled.
const maxBody = 32 << 20

// rawBody is a text, or a list of texts and of texts that are repeated.
func (d *decoder) rawBody(n *reader.Node) (string, []Part) {
	if n == nil || !n.IsList {
		return d.Text(n, "body"), nil
	}
	parts, size := []Part{}, 0
	for _, item := range n.Items {
		part := Part{}
		if item.IsScalar {
			part.Text = d.Text(item, "each of body")
		} else {
			part = d.part(item)
		}
		size += len(part.Text) * max(part.Times, 1)
		parts = append(parts, part)
	}
	if size > maxBody {
		d.P.At(n, "the body is longer than %d bytes", maxBody)
	}
	return "", parts
}

func (d *decoder) part(n *reader.Node) Part {
	fields := d.fields(n, "part")
	part := Part{Text: d.Text(fields["repeat"], "repeat")}
	times := fields["times"]
	if times == nil || fields["repeat"] == nil {
		d.P.At(n, "a part says which text to repeat, and how many times, as in {repeat: x, times: 100}")
		return part
	}
	number, isNumber := times.Value.(int64)
	if !isNumber || number < 2 || number > maxBody {
		d.P.At(times, "times is a whole number from 2 to %d", maxBody)
		return part
	}
	part.Times = int(number)
	return part
}

// withBytes reads a part of a step that goes out as it is written.
func (d *decoder) withBytes(read func()) {
	d.bytes = true
	read()
	d.bytes = false
}

// byteNamed is the byte that a reference such as ${byte.c0} stands for, which need be no text.
func byteNamed(name string) (string, bool) {
	digits, is := strings.CutPrefix(name, "byte.")
	if !is || len(digits) != 2 {
		return "", false
	}
	decoded, err := hex.DecodeString(digits)
	return string(decoded), err == nil
}

// Join fills the parts of a body and puts them together.
func (v Variables) Join(parts []Part) (string, error) {
	var body strings.Builder
	for _, part := range parts {
		text, err := v.Text(part.Text)
		if err != nil {
			return "", err
		}
		body.WriteString(strings.Repeat(text, max(part.Times, 1)))
	}
	return body.String(), nil
}

// record is the part as a file has it.
func (p Part) record() any {
	if p.Times == 0 {
		return p.Text
	}
	return record{{Key: "repeat", Value: p.Text}, {Key: "times", Value: int64(p.Times)}}
}

// BodyInShort is the body for people who want to know what will be sent.
func (w *Raw) BodyInShort() string {
	if w.Parts == nil {
		return w.Body
	}
	var texts []string
	for _, part := range w.Parts {
		if part.Times == 0 {
			texts = append(texts, part.Text)
		} else {
			texts = append(texts, fmt.Sprintf("%d times %q", part.Times, part.Text))
		}
	}
	return strings.Join(texts, " ")
}
