package mockserver

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
)

// connection is a page of a list.
type connection struct {
	edges []edge
	info  pageInfo
}

// edge is one item of a connection, with its cursor.
type edge struct {
	cursor string
	node   any
}

// pageInfo says where a page begins and ends, and whether there are pages before and after it. An empty cursor is null.
type pageInfo struct {
	start, end       string
	previous, onward bool
}

// mostItems is the largest number of items on a page, and the default.
const mostItems = 100

func connectionResolvers(node string) map[string]graphql.Resolver {
	return map[string]graphql.Resolver{
		node + "Connection.edges": of(func(_ *asked, c connection) any { return anyOf(c.edges) }),
		node + "Connection.nodes": of(func(_ *asked, c connection) any {
			return presentAll(c.edges, func(e edge) any { return e.node })
		}),
		node + "Connection.pageInfo": of(func(_ *asked, c connection) any { return c.info }),
		node + "Edge.cursor":         of(func(_ *asked, e edge) any { return e.cursor }),
		node + "Edge.node":           of(func(_ *asked, e edge) any { return e.node }),

		"PageInfo.startCursor":     of(func(_ *asked, p pageInfo) any { return nullableText(p.start) }),
		"PageInfo.endCursor":       of(func(_ *asked, p pageInfo) any { return nullableText(p.end) }),
		"PageInfo.hasNextPage":     of(func(_ *asked, p pageInfo) any { return p.onward }),
		"PageInfo.hasPreviousPage": of(func(_ *asked, p pageInfo) any { return p.previous }),
	}
}

// keysetPage returns a page of a list whose items have numbers, the highest first. Cursors contain these numbers, so
// that a page goes on where the one before ended, also if its last item is gone.
//
// Source: lib/gitlab/graphql/pagination/keyset/connection.rb.
func keysetPage[T any](list []T, args map[string]any, number func(T) int64) (any, error) {
	after, hasAfter, err := numberAt(args["after"])
	if err != nil {
		return nil, err
	}
	before, hasBefore, err := numberAt(args["before"])
	if err != nil {
		return nil, err
	}
	first, hasFirst := args["first"].(int64)
	last, hasLast := args["last"].(int64)
	if hasFirst && hasLast {
		return nil, &graphql.Error{Message: "Can only provide either `first` or `last`, not both"}
	}
	c := connection{}
	for _, item := range list {
		if n := number(item); (!hasAfter || n < after) && (!hasBefore || n > before) {
			c.edges = append(c.edges, edge{numberCursor(n), item})
		}
	}
	size := mostItems
	if hasFirst || hasLast {
		size = max(0, int(min(first+last, mostItems)))
	}
	more := len(c.edges) > size
	switch {
	case more && hasLast:
		c.edges = c.edges[len(c.edges)-size:]
	case more:
		c.edges = c.edges[:size]
	}
	c.info.previous, c.info.onward = hasAfter || hasLast && more, hasBefore || !hasLast && more
	if len(c.edges) > 0 {
		c.info.start, c.info.end = c.edges[0].cursor, c.edges[len(c.edges)-1].cursor
	}
	return c, nil
}

func numberCursor(n int64) string { return encodeCursor(`{"id":"` + strconv.FormatInt(n, 10) + `"}`) }

// encodeCursor makes a cursor as graphql-ruby does.
func encodeCursor(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// numberAt reads the number in a cursor.
func numberAt(arg any) (number int64, given bool, err error) {
	cursor, _ := arg.(string)
	if cursor == "" {
		return 0, false, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(urlSafe.Replace(strings.TrimRight(cursor, "=")))
	if err != nil {
		return 0, false, &graphql.Error{Message: "Invalid input: " + strconv.Quote(cursor)}
	}
	var of struct {
		ID json.Number `json:"id"`
	}
	if json.Unmarshal(text, &of) != nil {
		return 0, false, &graphql.Error{Message: "Please provide a valid cursor"}
	}
	number, err = of.ID.Int64()
	if err != nil {
		return 0, false, &graphql.Error{Message: "Please provide a valid cursor"}
	}
	return number, true, nil
}

var urlSafe = strings.NewReplacer("+", "-", "/", "_")
