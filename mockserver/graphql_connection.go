package mockserver

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"

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

// forwardPage returns the first page of the rest of a list that can only be read forwards. It has an end cursor if
// there are more items.
func forwardPage[T any](left []T, first any, cursor func(T) string) connection {
	size := mostItems
	if n, given := first.(int64); given {
		size = max(0, min(int(n), mostItems))
	}
	c := connection{info: pageInfo{onward: size > 0 && len(left) > size}}
	for _, item := range left[:min(size, len(left))] {
		c.edges = append(c.edges, edge{cursor(item), item})
	}
	if c.info.onward {
		c.info.end = c.edges[size-1].cursor
	}
	return c
}

// keysetPage returns a page of a list whose items have numbers. Cursors contain these numbers.
//
// Source: lib/gitlab/graphql/pagination/keyset/connection.rb.
func keysetPage[T any](list []T, args map[string]any, number func(T) int64) (any, error) {
	c := connection{}
	for _, item := range list {
		c.edges = append(c.edges, edge{numberCursor(number(item)), item})
	}
	whole := len(c.edges)
	before, after, err := keysetBounds(c.edges, args)
	if err != nil {
		return nil, err
	}
	c.edges = c.edges[after:before]
	first, hasFirst := args["first"].(int64)
	last, hasLast := args["last"].(int64)
	if hasFirst && hasLast {
		return nil, &graphql.Error{Message: "Can only provide either `first` or `last`, not both"}
	}
	size := mostItems
	switch {
	case hasLast:
		size = max(0, min(int(last), mostItems))
		after += max(0, len(c.edges)-size)
		c.edges = c.edges[max(0, len(c.edges)-size):]
	default:
		if hasFirst {
			size = max(0, min(int(first), mostItems))
		}
		c.edges = c.edges[:min(size, len(c.edges))]
	}
	c.info.previous, c.info.onward = after > 0, after+len(c.edges) < whole
	if len(c.edges) > 0 {
		c.info.start, c.info.end = c.edges[0].cursor, c.edges[len(c.edges)-1].cursor
	}
	return c, nil
}

func numberCursor(n int64) string {
	return base64.StdEncoding.EncodeToString([]byte(`{"id":"` + strconv.FormatInt(n, 10) + `"}`))
}

// keysetBounds returns the indexes of the items between two cursors.
func keysetBounds(edges []edge, args map[string]any) (before, after int, err error) {
	before = len(edges)
	for _, name := range []string{"after", "before"} {
		cursor, _ := args[name].(string)
		if cursor == "" {
			continue
		}
		text, err := base64.StdEncoding.DecodeString(cursor)
		if err != nil || !json.Valid(text) {
			return 0, 0, &graphql.Error{Message: "Please provide a valid cursor"}
		}
		at := slices.IndexFunc(edges, func(e edge) bool { return e.cursor == cursor })
		switch {
		case name == "after":
			after = at + 1
		case at >= 0:
			before = at
		}
	}
	return max(before, after), after, nil
}
