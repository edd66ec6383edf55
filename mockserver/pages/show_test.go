package pages

import (
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/control"
)

func TestCurl_takesNoURLForSeveral(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"http://a.example/?x[]={b}": "curl -g -X POST 'http://a.example/?x[]={b}'",
		"http://a.example/":         "curl -X POST 'http://a.example/'",
	} {
		d := control.Delivery{}
		d.URL = url
		assert.Assert(t, strings.HasPrefix(curl(d), want+" "), curl(d))
	}
}
