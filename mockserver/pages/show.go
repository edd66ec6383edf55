package pages

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/internal/orderedjson"
	"github.com/statuschecks/statuschecks/mockserver/control"
)

// at shows a time on a page.
func at(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000") }

// took shows how long something took, to a tenth of a millisecond.
func took(d time.Duration) string { return d.Round(100 * time.Microsecond).String() }

// answer is a command by which a service sets the status of a check, to be pasted into a shell.
func answer(url string, check int64, sha string) string {
	return fmt.Sprintf(`curl -H "PRIVATE-TOKEN: $TOKEN" -d external_status_check_id=%d -d sha=%s -d status=passed %s`,
		check, quoted(sha), quoted(url))
}

// join shows the names of branches.
func join(list []Branch) string {
	names := make([]string, len(list))
	for i, b := range list {
		names[i] = b.Name
	}
	return strings.Join(names, ", ")
}

// object is a JSON object of pairs of names and values.
func object(pairs ...any) string {
	o := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		o[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	text, _ := json.Marshal(o) // of texts, numbers and bools
	return string(text)
}

// given is a number that was given; empty if none was.
func given(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// counted is how many of something there are.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// who is whoever made a call: a user, or an address.
func who(user, address string) string {
	if user != "" {
		return "@" + user + address
	}
	return address
}

// statusOr is a status, or a word where there is none.
func statusOr(status int, none string) string {
	if status == 0 {
		return none
	}
	return strconv.Itoa(status)
}

// indented is a value as JSON for people.
func indented(v any) (string, error) {
	text, err := json.MarshalIndent(v, "", "  ")
	return string(text), err
}

// tone says how an answer is coloured.
func tone(state control.DeliveryState, status int) string {
	switch {
	case status >= http.StatusBadRequest, state == control.GaveUp:
		return "bad"
	case status > 0:
		return "good"
	}
	return "warn"
}

// node is a value of a payload, with what is in it.
type node struct {
	Name, Kind, Text string
	Children         []node
}

// nodeOf makes a tree of a value, as orderedjson reads it.
func nodeOf(name string, value any) node {
	n := node{Name: name}
	switch v := value.(type) {
	case *orderedjson.Object:
		for _, key := range v.Keys {
			n.Children = append(n.Children, nodeOf(key, v.Members[key]))
		}
		n.Kind, n.Text = fmt.Sprintf("{%d}", len(n.Children)), "{}"
	case []any:
		for i, item := range v {
			n.Children = append(n.Children, nodeOf(strconv.Itoa(i), item))
		}
		n.Kind, n.Text = fmt.Sprintf("[%d]", len(n.Children)), "[]"
	default:
		text, _ := json.Marshal(v)
		n.Text = string(text)
	}
	return n
}

// sentHeaders are those of a delivery that its bytes do not tell. Others are those of the connection.
var sentHeaders = []string{"Content-Type", "User-Agent", "X-Gitlab-Event", "X-Gitlab-Signature"}

// curl is a command that sends the bytes of a delivery, to be pasted into a shell.
func curl(d control.Delivery) string {
	header := http.Header{}
	if n := len(d.Attempts); n > 0 {
		header = d.Attempts[n-1].RequestHeaders
	} else if d.Signature != "" {
		header.Set("X-Gitlab-Signature", d.Signature)
	}
	command := []string{"curl -X POST " + quoted(d.URL)}
	if strings.ContainsAny(d.URL, "[]{}") {
		command[0] = "curl -g -X POST " + quoted(d.URL) // else curl takes it for several URLs
	}
	for _, name := range sentHeaders {
		for key, values := range header {
			if strings.EqualFold(key, name) && len(values) > 0 {
				command = append(command, "-H "+quoted(name+": "+values[0]))
			}
		}
	}
	if !slices.ContainsFunc(command, func(part string) bool { return strings.HasPrefix(part, "-H 'Content-Type") }) {
		command = append(command, "-H 'Content-Type: application/json'")
	}
	return strings.Join(append(command, "--data-binary "+quoted(d.Body)), " \\\n  ")
}

// quoted is a text as one word of a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
