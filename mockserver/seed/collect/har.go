package collect

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
)

// archive is what is read of a HAR.
type archive struct {
	Log struct {
		Entries []struct {
			Request struct {
				Method string `json:"method"`
				URL    string `json:"url"`
			} `json:"request"`
			Response struct {
				Status  int `json:"status"`
				Content struct {
					Text     string `json:"text"`
					Encoding string `json:"encoding"`
				} `json:"content"`
			} `json:"response"`
		} `json:"entries"`
	} `json:"log"`
}

// HAR takes what a recording has, and says of how many responses it was anything. It reads nothing of requests but
// method and path. It fails if the text is no HAR, or if nothing in it can be used.
func (c *Collector) HAR(text []byte) (int, error) {
	var har archive
	if err := json.Unmarshal(text, &har); err != nil {
		return 0, fmt.Errorf("this is no HAR: %w", err)
	}
	used := 0
	for i := range har.Log.Entries {
		e := &har.Log.Entries[i]
		u, err := url.Parse(e.Request.URL)
		if err != nil || !isDone(e.Response.Status) || e.Response.Content.Text == "" {
			continue
		}
		op, values := Locate(e.Request.Method, u.EscapedPath())
		if op == nil {
			continue
		}
		body := []byte(e.Response.Content.Text)
		if e.Response.Content.Encoding == "base64" {
			if body, err = base64.StdEncoding.DecodeString(e.Response.Content.Text); err != nil {
				return used, fmt.Errorf("entry %d: its content is no base64", i+1)
			}
		}
		if err := c.Add(Answer{op.ID, values, body}); err != nil {
			return used, fmt.Errorf("entry %d: %w", i+1, err)
		}
		used++
	}
	if used == 0 {
		return 0, errors.New("no entry of the HAR is a successful call to GitLab's API with the body of its response")
	}
	return used, nil
}
