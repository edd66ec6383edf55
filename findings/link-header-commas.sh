#!/usr/bin/env bash
# Tools: github.com/peterhellberg/link v1.2.0 and github.com/tomnomnom/linkheader of 2025-08-11, with Go 1.24 or
# newer; requests 2.34.2 and httpx 0.28.1 (PyPI), on Python 3.11 or newer.
# Input: values of the header Link with one link to the next page. In two of them the URL has a comma or a semicolon,
# which a URL may have as it is; in the third the link has two relations, rel="next last" (RFC 8288, section 3.3).
# Seen: peterhellberg/link takes the comma out of the URL: page=1,2 becomes page=12. linkheader finds no link in a
# value whose URL has a comma or a semicolon. requests and httpx cut the URL at the semicolon. For rel="next last"
# none of the four has a link that is called next.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check requests==2.34.2 httpx==0.28.1
cat >values.txt <<'TEXT'
<https://example.com/things?page=2>; rel="next"
<https://example.com/things?page=1,2>; rel="next"
<https://example.com/things?page=2;size=3>; rel="next"
<https://example.com/things?page=2>; rel="next last"
TEXT
cat >read.py <<'PYTHON'
import httpx
import requests

for value in open("values.txt").read().splitlines():
    print(value)
    response = requests.Response()
    response.headers["Link"] = value
    for name, links in [("requests", response.links), ("httpx", httpx.Response(200, headers={"Link": value}).links)]:
        print(f"  {name}:", links["next"]["url"] if "next" in links else "no next")
PYTHON
cat >go.mod <<'TEXT'
module example.com/links

go 1.24

require (
	github.com/peterhellberg/link v1.2.0
	github.com/tomnomnom/linkheader v0.0.0-20250811210735-e5fe3b51442e
)
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/peterhellberg/link"
	"github.com/tomnomnom/linkheader"
)

func main() {
	text, err := os.ReadFile("values.txt")
	if err != nil {
		panic(err)
	}
	for _, value := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		first, second := "no next", "no next"
		if next := link.Parse(value)["next"]; next != nil {
			first = next.URI
		}
		if next := linkheader.Parse(value).FilterByRel("next"); len(next) > 0 {
			second = next[0].URL
		}
		fmt.Printf("%s\n  peterhellberg/link: %s\n  linkheader: %s\n", value, first, second)
	}
}
GO
export GOFLAGS=-mod=mod
{ go run . && tool/bin/python read.py; } | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
<https://example.com/things?page=2>; rel="next"
  peterhellberg/link: https://example.com/things?page=2
  linkheader: https://example.com/things?page=2
<https://example.com/things?page=1,2>; rel="next"
  peterhellberg/link: https://example.com/things?page=12
  linkheader: no next
<https://example.com/things?page=2;size=3>; rel="next"
  peterhellberg/link: https://example.com/things?page=2;size=3
  linkheader: no next
<https://example.com/things?page=2>; rel="next last"
  peterhellberg/link: no next
  linkheader: no next
<https://example.com/things?page=2>; rel="next"
  requests: https://example.com/things?page=2
  httpx: https://example.com/things?page=2
<https://example.com/things?page=1,2>; rel="next"
  requests: https://example.com/things?page=1,2
  httpx: https://example.com/things?page=1,2
<https://example.com/things?page=2;size=3>; rel="next"
  requests: https://example.com/things?page=2
  httpx: https://example.com/things?page=2
<https://example.com/things?page=2>; rel="next last"
  requests: no next
  httpx: no next
TEXT
echo
echo "As described."
