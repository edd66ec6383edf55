#!/usr/bin/env bash
# Tools: github.com/go-chi/chi/v5 v5.5.0, github.com/labstack/echo/v4 v4.16.5, github.com/uptrace/bunrouter v1.0.23 and
# github.com/bmizerany/pat of 2017-08-15, with Go 1.26 or newer; net/http's ServeMux to compare.
# Input: requests for /projects/{id}, with an id that is percent-encoded in the path.
# Seen: ServeMux decodes each id. chi, echo and bunrouter decode an id only if no slash is in it: "a b" comes as "a b",
# and "g/a b" as "g%2Fa%20b". A handler cannot make that good by decoding, because "g/p" and "g%2Fp", two different
# ids, both come as "g%2Fp". pat decodes them, but a plus sign, which means itself in a path, comes as a space.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/routers

go 1.26

require (
	github.com/bmizerany/pat v0.0.0-20170815010413-6226ea591a40
	github.com/go-chi/chi/v5 v5.5.0
	github.com/labstack/echo/v4 v4.16.5
	github.com/uptrace/bunrouter v1.0.23
)
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/bmizerany/pat"
	"github.com/go-chi/chi/v5"
	"github.com/labstack/echo/v4"
	"github.com/uptrace/bunrouter"
)

var got string

func main() {
	standard := http.NewServeMux()
	standard.HandleFunc("/projects/{id}", func(_ http.ResponseWriter, r *http.Request) { got = r.PathValue("id") })
	withChi := chi.NewRouter()
	withChi.Get("/projects/{id}", func(_ http.ResponseWriter, r *http.Request) { got = chi.URLParam(r, "id") })
	withEcho := echo.New()
	withEcho.GET("/projects/:id", func(c echo.Context) error {
		got = c.Param("id")
		return nil
	})
	withBun := bunrouter.New()
	withBun.GET("/projects/:id", func(_ http.ResponseWriter, r bunrouter.Request) error {
		got = r.Param("id")
		return nil
	})
	withPat := pat.New()
	withPat.Get("/projects/:id", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r.URL.Query().Get(":id")
	}))
	for _, id := range []string{"a%20b", "g%2Fa%20b", "g%2Fp", "g%252Fp", "a+b"} {
		fmt.Printf("%s:", id)
		for _, router := range []http.Handler{standard, withChi, withEcho, withBun, withPat} {
			got = "not found"
			router.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/projects/"+id, nil))
			fmt.Printf(" %q", got)
		}
		fmt.Println()
	}
}
GO
export GOFLAGS=-mod=mod
echo "id: ServeMux, chi, echo, bunrouter, pat" | tee seen.txt
go run . | tee -a seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
id: ServeMux, chi, echo, bunrouter, pat
a%20b: "a b" "a b" "a b" "a b" "a b"
g%2Fa%20b: "g/a b" "g%2Fa%20b" "g%2Fa%20b" "g%2Fa%20b" "g/a b"
g%2Fp: "g/p" "g%2Fp" "g%2Fp" "g%2Fp" "g/p"
g%252Fp: "g%2Fp" "g%2Fp" "g%2Fp" "g%2Fp" "g%2Fp"
a+b: "a+b" "a+b" "a+b" "a+b" "a b"
TEXT
echo
echo "As described."
