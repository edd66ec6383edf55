package mockserver

import (
	"testing"

	"gotest.tools/v3/assert"
	is "gotest.tools/v3/assert/cmp"
)

func TestDescriptionHTML(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                   "",
		" \n":                "",
		`It's "new" & a < b`: `<p data-sourcepos="1:1-1:18" dir="auto">It's "new" &amp; a &lt; b</p>`,
		"größer":             `<p data-sourcepos="1:1-1:8" dir="auto">größer</p>`,
		"one\r\ntwo lines":   "<p data-sourcepos=\"1:1-2:9\" dir=\"auto\">one\ntwo lines</p>",
		"\nfirst\n\n\nsecond\n": "<p data-sourcepos=\"2:1-2:5\" dir=\"auto\">first</p>\n" +
			"<p data-sourcepos=\"5:1-5:6\" dir=\"auto\">second</p>",
	} {
		assert.Check(t, is.Equal(descriptionHTML(text), want), "%q", text)
	}
}

func TestTitleHTML(t *testing.T) {
	t.Parallel()
	assert.Equal(t, titleHTML(`Don't use <b> & "x"`), `Don't use &lt;b&gt; &amp; "x"`)
}
