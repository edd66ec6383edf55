#!/usr/bin/env bash
# Tools: PyYAML 6.0.3 and ruamel.yaml 0.19.1 (PyPI), on Python 3.11 or newer; go.yaml.in/yaml/v4 v4.0.0 and
# github.com/goccy/go-yaml v1.19.2, with Go 1.25 or newer.
# Input: JSON, which is said to be YAML, too: a character beyond U+FFFF as the two escapes that Python's json.dumps
# writes, U+007F as it is, as JSON.stringify writes it, and a tab behind a colon.
# Seen: for the escapes PyYAML and ruamel.yaml give two surrogates, a text that cannot be written as UTF-8, and yaml/v4
# refuses them. PyYAML and ruamel.yaml refuse U+007F, and PyYAML the tab. goccy reads all three as JSON is read.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 - <<'PY'
import json

texts = [json.dumps({"name": "\U0001d11e"}), json.dumps({"name": "a\x7fb"}, ensure_ascii=False), '{"name":\t"ab"}']
for number, text in enumerate(texts):
    json.loads(text)
    open(f"{number}.json", "w").write(text)
PY
python3 -m venv venv
venv/bin/pip install --quiet PyYAML==6.0.3 ruamel.yaml==0.19.1
cat >read.py <<'PY'
import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

for name, read in (("PyYAML", yaml.safe_load), ("ruamel.yaml", YAML(typ="safe", pure=True).load)):
    for number in range(3):
        text = open(f"{number}.json").read()
        try:
            print(f"{name}: {ascii(text)}: {ascii(read(text)['name'])}")
        except (yaml.YAMLError, YAMLError):
            print(f"{name}: {ascii(text)}: refused")
PY
venv/bin/python read.py | tee seen.txt
export GOFLAGS=-mod=mod GOWORK=off
go mod init try >/dev/null 2>&1
go get go.yaml.in/yaml/v4@v4.0.0 github.com/goccy/go-yaml@v1.19.2 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/goccy/go-yaml"
	v4 "go.yaml.in/yaml/v4"
)

func main() {
	for _, reader := range []struct {
		name string
		read func([]byte, any) error
	}{
		{"yaml/v4", func(text []byte, into any) error { return v4.Unmarshal(text, into) }},
		{"goccy", func(text []byte, into any) error { return yaml.Unmarshal(text, into) }},
	} {
		for number := range 3 {
			text, _ := os.ReadFile(fmt.Sprintf("%d.json", number))
			var value struct{ Name string }
			if err := reader.read(text, &value); err != nil {
				fmt.Printf("%s: %+q: refused\n", reader.name, text)
				continue
			}
			fmt.Printf("%s: %+q: %+q\n", reader.name, text, value.Name)
		}
	}
}
GO
go mod tidy >/dev/null 2>&1
go run . | tee -a seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
PyYAML: '{"name": "\\ud834\\udd1e"}': '\ud834\udd1e'
PyYAML: '{"name": "a\x7fb"}': refused
PyYAML: '{"name":\t"ab"}': refused
ruamel.yaml: '{"name": "\\ud834\\udd1e"}': '\ud834\udd1e'
ruamel.yaml: '{"name": "a\x7fb"}': refused
ruamel.yaml: '{"name":\t"ab"}': 'ab'
yaml/v4: "{\"name\": \"\\ud834\\udd1e\"}": refused
yaml/v4: "{\"name\": \"a\x7fb\"}": "a\x7fb"
yaml/v4: "{\"name\":\t\"ab\"}": "ab"
goccy: "{\"name\": \"\\ud834\\udd1e\"}": "\U0001d11e"
goccy: "{\"name\": \"a\x7fb\"}": "a\x7fb"
goccy: "{\"name\":\t\"ab\"}": "ab"
TEXT
echo
echo "As described."
