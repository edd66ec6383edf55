#!/usr/bin/env bash
# Tools: github.com/gorilla/schema v1.4.1 and github.com/go-playground/form/v4 v4.2.1, with Go 1.24 or newer.
# Input: a struct whose name is nil, and one whose list of names has an empty text in it, written as a form and read
# again. And forms in which a list of numbers has no value, or only an element with a number in brackets, ids[2]=16.
# Seen: gorilla/schema writes nil as name=null, and reads that as the text "null". In reading it drops elements that are
# empty: two names become one. go-playground/form leaves nil out, but makes a 0 of ids= in a list, where a number alone
# stays what it was, and fills with zeros what comes before ids[2].
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/forms

go 1.24

require (
	github.com/go-playground/form/v4 v4.2.1
	github.com/gorilla/schema v1.4.1
)
TEXT
cat >main.go <<'GO'
package main

import (
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/go-playground/form/v4"
	"github.com/gorilla/schema"
)

type check struct {
	Name  *string  `form:"name" schema:"name" json:"name"`
	Names []string `form:"names" schema:"names" json:"names"`
	IDs   []int    `form:"ids" schema:"ids" json:"ids"`
	Page  int      `form:"page,omitempty" schema:"page,omitempty" json:"page"`
}

type library struct {
	name  string
	write func(check) (url.Values, error)
	read  func(*check, url.Values) error
}

func libraries() []library {
	decoder := schema.NewDecoder()
	decoder.IgnoreUnknownKeys(true)
	return []library{
		{"gorilla/schema", func(c check) (url.Values, error) {
			values := url.Values{}
			return values, schema.NewEncoder().Encode(c, values)
		}, func(c *check, values url.Values) error { return decoder.Decode(c, values) }},
		{"go-playground/form", func(c check) (url.Values, error) { return form.NewEncoder().Encode(c) },
			func(c *check, values url.Values) error { return form.NewDecoder().Decode(c, values) }},
	}
}

func main() {
	for _, l := range libraries() {
		fmt.Println(l.name)
		for _, c := range []check{{}, {Names: []string{"a", ""}}} {
			values, err := l.write(c)
			if err != nil {
				panic(err)
			}
			fmt.Println("  writes", text(c), "as", values.Encode())
			show(l, values.Encode())
		}
		for _, sent := range []string{"page=", "ids=", "ids[2]=16"} {
			show(l, sent)
		}
	}
}

func show(l library, sent string) {
	values, err := url.ParseQuery(sent)
	if err != nil {
		panic(err)
	}
	var c check
	if err := l.read(&c, values); err != nil {
		panic(err)
	}
	fmt.Printf("  reads %q as %s\n", sent, text(c))
}

func text(c check) string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return string(b)
}
GO
export GOFLAGS=-mod=mod
go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
gorilla/schema
  writes {"name":null,"names":null,"ids":null,"page":0} as name=null
  reads "name=null" as {"name":"null","names":null,"ids":null,"page":0}
  writes {"name":null,"names":["a",""],"ids":null,"page":0} as name=null&names=a&names=
  reads "name=null&names=a&names=" as {"name":"null","names":["a"],"ids":null,"page":0}
  reads "page=" as {"name":null,"names":null,"ids":null,"page":0}
  reads "ids=" as {"name":null,"names":null,"ids":[],"page":0}
  reads "ids[2]=16" as {"name":null,"names":null,"ids":null,"page":0}
go-playground/form
  writes {"name":null,"names":null,"ids":null,"page":0} as 
  reads "" as {"name":null,"names":null,"ids":null,"page":0}
  writes {"name":null,"names":["a",""],"ids":null,"page":0} as names=a&names=
  reads "names=a&names=" as {"name":null,"names":["a",""],"ids":null,"page":0}
  reads "page=" as {"name":null,"names":null,"ids":null,"page":0}
  reads "ids=" as {"name":null,"names":null,"ids":[0],"page":0}
  reads "ids[2]=16" as {"name":null,"names":null,"ids":[0,0,16],"page":0}
TEXT
echo
echo "As described."
