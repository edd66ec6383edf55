package mockserver_test

import (
	"encoding/json"
	"testing"

	"gotest.tools/v3/assert"
)

// In deliveries, images have whole URLs. The rows are those of GitLab's own spec, and what follows from them.
func TestPayload_images(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for text, want := range map[string]string{
		"![an image](foo.png)":                    "![an image](http://example.com/foo.png)",
		"![an image](/downloads/foo.png)":         "![an image](http://example.com/downloads/foo.png)",
		"![an image](/uploads/foo.png)":           "![an image](http://example.com/-/project/6/uploads/foo.png)",
		"![an image](uploads/foo.png)":            "![an image](http://example.com/-/project/6/uploads/foo.png)",
		"![an image](http://example.com/foo.png)": "![an image](http://example.com/foo.png)",
		"![an image](//example.com/foo.png)":      "![an image](//example.com/foo.png)",
		"![foo]\n\n[foo]: foo.png":                "![foo]\n\n[foo]: foo.png",
		"`![an image](foo.png)`":                  "`![an image](http://example.com/foo.png)`",
		"<p>![an image](foo.png)</p>":             "<p>![an image](http://example.com/foo.png)</p>",
		"```\n![an image](foo.png)\n```":          "```\n![an image](foo.png)\n```",
		"<p>\n![an image](foo.png)\n</p>":         "<p>\n![an image](foo.png)\n</p>",
		"![](//x/a) ![b](b) ![d](d)!":             "![](//x/a) ![b](http://example.com/b) ![d](http://example.com/d)!",
	} {
		h.do("developer", "PUT", mergeRequestPath, map[string]any{"description": text}).want(200)
		all := h.server.Deliveries()
		var payload struct {
			Attributes struct {
				Description string `json:"description"`
			} `json:"object_attributes"`
		}
		assert.NilError(t, json.Unmarshal([]byte(all[len(all)-1].Body), &payload))
		got := payload.Attributes.Description
		assert.Check(t, got == want, "%q\n%q\n%q", text, got, want)
	}
}
