package scenario

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/reader"
)

// longestHold bounds how late a reply may be: whoever waits for it can do nothing else.
const longestHold = time.Minute

// replies are what the receiver answers, by the keys of its addresses. Each address is one that the target is sent to:
// that of a check, or one that another reply names.
func (d *decoder) replies(n *reader.Node, s *Scenario) []ReplyGiven {
	entries := d.Keyed(n, "replies")
	var replies []ReplyGiven
	for _, entry := range entries {
		replies = append(replies, d.reply(entry))
		isCheck := slices.ContainsFunc(s.Given.Checks, func(c CheckGiven) bool { return c.Key == entry.Key.Text })
		if !isCheck && !mentions(n, "hook."+entry.Key.Text) {
			d.P.At(entry.Key, "nobody is sent to %s: it is no check, and no other reply names ${hook.%s}",
				entry.Key.Text, entry.Key.Text)
		}
	}
	return replies
}

// mentions tells whether a text below a node has a reference.
func mentions(n *reader.Node, name string) bool {
	if text, isText := n.Value.(string); n.IsScalar && isText && slices.Contains(References(text), name) {
		return true
	}
	return slices.ContainsFunc(n.Items, func(item *reader.Node) bool { return mentions(item, name) }) ||
		slices.ContainsFunc(n.Pairs, func(p reader.Pair) bool { return mentions(p.Value, name) })
}

func (d *decoder) reply(entry reader.Pair) ReplyGiven {
	fields := d.fields(entry.Value, "reply")
	r := ReplyGiven{
		Key: entry.Key.Text, Status: http.StatusOK, Headers: d.replyHeaders(fields["headers"]),
		After: d.Duration(fields["after"], "after"), Close: d.Flag(fields["close"], "close"),
	}
	if status := fields["status"]; status != nil {
		number, isNumber := status.Value.(int64)
		if r.Status = int(number); !isNumber || number < 200 || number > 599 {
			d.P.At(status, "a reply's status is a number from 200 to 599")
		}
	}
	if body := fields["body"]; body != nil {
		d.refer(body)
		r.Body, r.HasBody = body.Plain(), true
	}
	if r.After > longestHold {
		d.P.At(fields["after"], "a reply may be %s late at most, as a worker of the target waits for it", longestHold)
	}
	for _, key := range []string{"status", "headers", "body", "after"} {
		if r.Close && fields[key] != nil {
			d.P.At(fields[key], "%s does not go with close, which ends the connection without an answer", key)
		}
	}
	return r
}

// replyHeaders are texts by their names.
func (d *decoder) replyHeaders(n *reader.Node) map[string]string {
	if n == nil {
		return nil
	}
	if !n.IsMapping() {
		d.P.At(n, "headers must be a mapping, not %s", n.Kind())
		return nil
	}
	headers := map[string]string{}
	for _, p := range n.Pairs {
		text := d.Text(p.Value, "the header "+p.Key.Text)
		if strings.ContainsAny(text, "\r\n") {
			d.P.At(p.Value, "a header is one line")
		}
		headers[http.CanonicalHeaderKey(p.Key.Text)] = text
	}
	d.refer(n)
	return headers
}

// replyKeys are the addresses at which a scenario's deliveries may be looked for, beside those of checks.
func replyKeys(replies []ReplyGiven) []string {
	keys := make([]string, len(replies))
	for i, r := range replies {
		keys[i] = r.Key
	}
	return keys
}
