package conformance

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// longestHold bounds how late a reply may be: whoever waits for it can do nothing else.
const longestHold = time.Minute

// replies are what the receiver answers, by the keys of its addresses. Each address is one that the target is sent to:
// that of a check, or one that another reply names.
func (d *decoder) replies(n *node, s *Scenario) []ReplyGiven {
	entries := d.keyed(n, "replies")
	for _, entry := range entries {
		d.known = append(d.known, "hook."+entry.key.text)
	}
	var replies []ReplyGiven
	for _, entry := range entries {
		replies = append(replies, d.reply(entry))
		isCheck := slices.ContainsFunc(s.Given.Checks, func(c CheckGiven) bool { return c.Key == entry.key.text })
		if !isCheck && !mentions(n, "hook."+entry.key.text) {
			d.p.at(entry.key, "nobody is sent to %s: it is no check, and no other reply names ${hook.%s}",
				entry.key.text, entry.key.text)
		}
	}
	return replies
}

// mentions tells whether a text below a node has a reference.
func mentions(n *node, name string) bool {
	if text, isText := n.value.(string); n.scalar && isText && slices.Contains(references(text), name) {
		return true
	}
	return slices.ContainsFunc(n.items, func(item *node) bool { return mentions(item, name) }) ||
		slices.ContainsFunc(n.pairs, func(p pair) bool { return mentions(p.value, name) })
}

func (d *decoder) reply(entry pair) ReplyGiven {
	fields := d.fields(entry.value, "reply")
	r := ReplyGiven{
		Key: entry.key.text, Status: http.StatusOK, Headers: d.replyHeaders(fields["headers"]),
		After: d.duration(fields["after"], "after"), Close: d.flag(fields["close"], "close"),
	}
	if status := fields["status"]; status != nil {
		number, isNumber := status.value.(int64)
		if r.Status = int(number); !isNumber || number < 200 || number > 599 {
			d.p.at(status, "a reply's status is a number from 200 to 599")
		}
	}
	if body := fields["body"]; body != nil {
		d.refer(body)
		r.Body, r.HasBody = body.plainValue(), true
	}
	if r.After > longestHold {
		d.p.at(fields["after"], "a reply may be %s late at most, as a worker of the target waits for it", longestHold)
	}
	for _, key := range []string{"status", "headers", "body", "after"} {
		if r.Close && fields[key] != nil {
			d.p.at(fields[key], "%s does not go with close, which ends the connection without an answer", key)
		}
	}
	return r
}

// replyHeaders are texts by their names.
func (d *decoder) replyHeaders(n *node) map[string]string {
	if n == nil {
		return nil
	}
	if !n.mapping() {
		d.p.at(n, "headers must be a mapping, not %s", n.kind())
		return nil
	}
	headers := map[string]string{}
	for _, p := range n.pairs {
		text := d.text(p.value, "the header "+p.key.text)
		if strings.ContainsAny(text, "\r\n") {
			d.p.at(p.value, "a header is one line")
		}
		headers[http.CanonicalHeaderKey(p.key.text)] = text
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
